import matplotlib.pyplot as plt
import torch

from dlbasic.losses.cross_entropy import log_softmax, softmax

FORMULAS = {
    "log_softmax": log_softmax,
    "log of softmax": lambda z: softmax(z).log(),
    "log of exp / sum of exp": lambda z: (z.exp() / z.exp().sum(dim=1, keepdim=True)).log(),
}
wrong = torch.arange(0.0, 131.0)  # float32: the logit of a class that is not the target
logits = torch.stack([torch.zeros_like(wrong), wrong], dim=1)

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
finite = {}
print("formula                   finite up to, of 130   loss at 1e38")
for width, (name, log_probabilities) in zip((1.5, 5, 10), FORMULAS.items(), strict=True):
    loss = -log_probabilities(logits)[:, 0]
    finite[name] = wrong[loss.isfinite()].max().item()
    enormous = -log_probabilities(torch.tensor([[0.0, 1e38]]))[0, 0].item()
    print(f"{name:25} {finite[name]:20.0f} {enormous:14.0e}")
    axes.plot(wrong, loss, linewidth=width, label=name, zorder=10 - width, solid_capstyle="butt")

assert finite["log of exp / sum of exp"] == 88  # exp(89) is more than float32 can hold
assert finite["log of softmax"] < 105  # exp(-105) is less
assert finite["log_softmax"] == 130
assert -log_softmax(torch.tensor([[0.0, 1e38]]))[0, 0] == 1e38
axes.set(xlabel="logit of the wrong class (that of the target is 0)", ylabel="loss (nats)")
axes.legend()
plt.show()
