import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_sample_image

from dlbasic.foundations.linear_algebra import low_rank

photograph = torch.tensor(load_sample_image("china.jpg")).double().mean(dim=2) / 255  # grey
singular_values = torch.linalg.svdvals(photograph)
size = photograph.norm()
torch.manual_seed(0)

figure, panels = plt.subplots(2, 2, figsize=(6, 4.3), layout="constrained")
print("rank   numbers stored   error   by what was dropped   best of 10 random mixtures")
for rank, panel in zip([1, 5, 20, 80], panels.flat, strict=True):
    left, right = low_rank(photograph, rank=rank)
    error = (photograph - left @ right).norm() / size
    dropped = singular_values[rank:].square().sum().sqrt() / size

    random = []
    for _ in range(10):
        mixtures = photograph @ torch.randn(640, rank, dtype=torch.float64)
        basis = torch.linalg.qr(mixtures).Q
        random.append((photograph - basis @ (basis.T @ photograph)).norm() / size)

    stored = (left.numel() + right.numel()) / photograph.numel()
    print(f"{rank:4} {stored:16.1%} {error:7.2%} {dropped:21.2%} {min(random):28.2%}")
    torch.testing.assert_close(error, dropped, rtol=1e-10, atol=0)
    assert error < min(random)
    panel.imshow(left @ right, cmap="gray", vmin=0, vmax=1)
    panel.set(title=f"rank {rank}", xticks=[], yticks=[])
plt.show()
