import matplotlib.pyplot as plt
import torch

from dlbasic.data.digits import load_digits

turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]])  # a quarter turn
lean = torch.tensor([[1.0, 0.5], [0.0, 1.0]])  # the second axis leans towards the first
maps = {
    "as it was": torch.eye(2),
    "lean": lean,
    "turn, then lean": lean @ turn,
    "lean, then turn": turn @ lean,
}

images, _ = load_digits()
lines = torch.arange(9) - 4.0
corners = torch.stack(torch.meshgrid(lines, lines.flip(0), indexing="xy"))  # 8×8 pixels have 9×9

figure, panels = plt.subplots(1, 4, figsize=(8, 2.5), layout="constrained", sharey=True)
for panel, (name, matrix) in zip(panels, maps.items(), strict=True):
    x, y = torch.einsum("ij,jrc->irc", matrix, corners)  # matrix @ corner, for each corner
    panel.pcolormesh(x, y, images[4], cmap="Blues", edgecolors="grey", linewidth=0.3)
    panel.set(title=name, aspect="equal", xlim=(-6.5, 6.5), ylim=(-6.5, 6.5))
    panel.set_xlabel("x₁ in pixels")
    print(f"{name:16} (1, 0) → {matrix[:, 0].tolist()}   (0, 1) → {matrix[:, 1].tolist()}")
panels[0].set_ylabel("x₂ in pixels")

point = torch.tensor([3.0, 1.0])
assert torch.equal((lean @ turn) @ point, lean @ (turn @ point))  # one matrix does the work of two
assert not torch.equal(lean @ turn, turn @ lean)
plt.show()
