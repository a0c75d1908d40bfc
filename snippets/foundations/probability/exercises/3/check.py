import torch


def check(gumbel_max):
    points = torch.rand(200, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for logits in ([0.0, 0.0, 0.0], [2.0, 1.0, -1.0], [-3.0, 0.5, 4.0], [102.0, 101.0, 99.0]):
        arrivals = points.log().neg() / torch.tensor(logits).double().softmax(dim=0)
        got = gumbel_max(torch.tensor(logits, dtype=torch.float64), points)
        first = arrivals.argmin(dim=1)  # who arrives first, if class k arrives at the rate p(k)
        yield (
            f"how often each class, logits {logits}",
            got.bincount(minlength=3),
            first.bincount(minlength=3),
        )
        yield f"the first ten draws, logits {logits}", got[:10], first[:10]
