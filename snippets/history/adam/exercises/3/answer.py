import torch
from jaxtyping import Bool, Float
from torch import Tensor

from dlbasic.history.adam import Adam

Rows = Float[Tensor, "word dim"]


def lazy_adam_step(
    state: tuple[Rows, Rows, Rows], gradient: Rows, present: Bool[Tensor, " word"], t: int
) -> tuple[Rows, Rows, Rows]:
    """Return theta, m and v after step t of Adam, in which absent words are left as they were."""
    theta, m, v = state
    new_m = 0.9 * m + 0.1 * gradient
    new_v = 0.999 * v + 0.001 * gradient.square()
    step = new_m / (1 - 0.9**t) / ((new_v / (1 - 0.999**t)).sqrt() + 1e-8)
    news = theta - 0.1 * step, new_m, new_v
    seen = present[:, None]
    return tuple(torch.where(seen, new, old) for new, old in zip(news, state, strict=True))


zero = torch.zeros(1, 1)
lazy = zero, zero, zero
theta = torch.zeros(1, 1, requires_grad=True)
optimizer = Adam([theta], learning_rate=0.1)
print("step   the word is   moved by Adam   by lazy Adam   (in learning rates)")
for t in range(1, 101):
    gradient = torch.ones(1, 1) if t == 1 else zero
    lazy = lazy_adam_step(lazy, gradient, torch.tensor([t == 1]), t)
    theta.grad = gradient
    optimizer.step()
    if t in (1, 2, 10, 100):
        name = "present" if t == 1 else "absent"
        print(f"{t:4}   {name:11} {-theta.item() / 0.1:15.2f} {-lazy[0].item() / 0.1:14.2f}")
assert abs(lazy[0] + 0.1) < 1e-6
assert theta < 3 * lazy[0]  # one appearance, and many steps
