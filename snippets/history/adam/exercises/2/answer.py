import torch
from jaxtyping import Float
from torch import Tensor

State = tuple[Float[Tensor, "..."], Float[Tensor, "..."], Float[Tensor, "..."]]


def adamw_step(
    state: State, gradient: Float[Tensor, "..."], t: int, *, learning_rate: float, decay: float
) -> State:
    """Return theta, m and v after step t of AdamW, counted from 1."""
    theta, m, v = state
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient.square()
    step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
    return theta - learning_rate * (step + decay * theta), m, v


scales = torch.tensor([0.01, 1.0, 100.0], dtype=torch.float64)
signs = torch.tensor([1.0, -1.0] * 100, dtype=torch.float64)
start = torch.ones(3, dtype=torch.float64)
state = start, torch.zeros_like(start), torch.zeros_like(start)
penalised = start.clone().requires_grad_()
optimizer = torch.optim.Adam([penalised], lr=0.01, weight_decay=0.1)
for t, sign in enumerate(signs, start=1):
    state = adamw_step(state, sign * scales, t, learning_rate=0.01, decay=0.1)
    penalised.grad = sign * scales
    optimizer.step()

print("weights of 1 after 200 gradients that cancel out")
print("gradients of size  " + "".join(f"{scale:8g}" for scale in scales))
print("AdamW              " + "".join(f"{theta:8.3f}" for theta in state[0]))
print("Adam, decay 0.1    " + "".join(f"{theta:8.3f}" for theta in penalised))
assert state[0].max() - state[0].min() < 1e-5  # the decay is the same for all
assert penalised[0] < penalised[2] - 0.3  # divided by the root of v, it is not
