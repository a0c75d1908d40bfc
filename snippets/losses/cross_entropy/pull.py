import matplotlib.pyplot as plt
import torch

from dlbasic.losses.cross_entropy import cross_entropy, softmax
from dlbasic.losses.mse import mse

gap = torch.linspace(-8, 8, 161, dtype=torch.float64)  # the target's logit minus the other one
target = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
losses = {"cross-entropy": cross_entropy, "MSE of the softmax": lambda z, y: mse(softmax(z), y)}

figure, (values, pulls) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
at_worst = {}
for name, loss in losses.items():
    leaf = gap.clone().requires_grad_()
    each = torch.stack([loss(torch.stack([x, 0 * x])[None], target) for x in leaf])
    (slope,) = torch.autograd.grad(each.sum(), leaf)
    values.plot(gap, each.detach(), label=name)
    pulls.plot(gap, -slope, label=name)
    at_worst[name] = -slope[0].item()
    print(f"{name:19} pull when the target is 8 behind: {at_worst[name]:.4f}")

values.set(title="loss of one example", xlabel="lead of the target's logit", ylabel="loss")
pulls.set(
    title="its pull on that logit", xlabel="lead of the target's logit", ylabel="minus the slope"
)
values.legend()
assert at_worst["cross-entropy"] > 0.99
assert at_worst["MSE of the softmax"] < 0.01  # the worst mistake is hardly corrected
plt.show()
