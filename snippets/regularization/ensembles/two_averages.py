import torch

from dlbasic.regularization.ensembles import (
    average_logits,
    average_probabilities,
    decompose_log_loss,
    decompose_squared_error,
)

p = torch.tensor([[0.6, 0.39, 0.01], [0.6, 0.01, 0.39], [0.001, 0.4995, 0.4995]])[:, None]
print("class                  0      1      2")
for name, rows in {
    "member 1": p[0],
    "member 2": p[1],
    "member 3": p[2],
    "of probabilities": average_probabilities(p.log()),
    "of logits": average_logits(p.log()),
}.items():
    print(f"{name:18}", *(f"{value:6.2f}" for value in rows[0]))

generator = torch.Generator().manual_seed(0)
logits = torch.randn(5, 40, 3, generator=generator, dtype=torch.float64)
targets = torch.eye(3, dtype=torch.float64)[torch.arange(40) % 3]
print("\n                 members   average    spread")
for name, parts in {
    "squared error": decompose_squared_error(logits.softmax(dim=2), targets),
    "log loss": decompose_log_loss(logits, targets),
}.items():
    print(f"{name:14}", *(f"{part:9.4f}" for part in parts))
    assert abs(parts.members - parts.average - parts.spread) < 1e-12
    assert parts.spread > 0
assert average_probabilities(p.log()).argmax() == 0
assert average_logits(p.log()).argmax() != 0  # member 3 vetoes it
