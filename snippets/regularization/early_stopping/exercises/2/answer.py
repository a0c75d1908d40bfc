import torch
from torch import Tensor, nn


def snapshot(model: nn.Module) -> dict[str, Tensor]:
    """Return all that `model.load_state_dict` needs to make the model again what it is now."""
    return {name: value.clone() for name, value in model.state_dict().items()}


model = nn.Linear(1, 1, bias=False)
nn.init.ones_(model.weight)
referred, copied = model.state_dict(), snapshot(model)
with torch.no_grad():
    model.weight -= 0.9  # the training goes on
print(f"kept by reference {referred['weight'].item():.1f}")
print(f"kept as a copy    {copied['weight'].item():.1f}")
assert copied["weight"] == 1
assert referred["weight"] != 1
