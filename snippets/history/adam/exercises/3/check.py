import torch

WORDS, DIMS = 3, 2
BATCHES = {
    "every word present": [[0, 1, 2]],
    "word 1 absent": [[0, 2]],
    "word 1 absent in step 2 of 2": [[0, 1, 2], [0, 2]],
    "word 1 back in step 4 of 4": [[0, 1], [0], [0, 2], [1, 2]],
}


def check(lazy_adam_step):
    for name, batches in BATCHES.items():
        generator = torch.Generator().manual_seed(len(batches))
        start = torch.randn(WORDS, DIMS, generator=generator, dtype=torch.float64)
        theta = start.clone().requires_grad_()
        state = start.clone(), torch.zeros_like(start), torch.zeros_like(start)
        optimizer = torch.optim.SparseAdam([theta], lr=0.1)
        for t, words in enumerate(batches, start=1):
            rows = torch.randn(len(words), DIMS, generator=generator, dtype=torch.float64)
            theta.grad = torch.sparse_coo_tensor([words], rows, start.shape, check_invariants=True)
            optimizer.step()
            present = torch.zeros(WORDS, dtype=torch.bool)
            present[words] = True
            state = lazy_adam_step(state, theta.grad.to_dense(), present, t)
        inside = optimizer.state[theta]
        expected = theta.detach(), inside["exp_avg"], inside["exp_avg_sq"]
        for symbol, got, right in zip(("theta", "m", "v"), state, expected, strict=True):
            yield f"{symbol}, {name}", got, right
