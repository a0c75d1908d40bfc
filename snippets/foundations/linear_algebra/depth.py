import matplotlib.pyplot as plt
import torch

from dlbasic.data.digits import load_digits
from dlbasic.foundations.linear_algebra import (
    forward_products,
    layer_jacobians,
    pull_back,
    tanh_network,
)

digit = load_digits()[0][0].flatten().double().requires_grad_()  # a real image of 64 pixels
kinds = {
    "random × 0.5": lambda random: 0.5 * random,
    "random × 1": lambda random: random,
    "random × 2": lambda random: 2 * random,
    "turns": lambda random: torch.linalg.qr(random).Q,  # matrices that keep every length
}
figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
print("after 50 layers   largest   16th of 64   (medians of ten networks)")
ends = {}
for name, make in kinds.items():
    spectra = []
    for seed in range(10):
        torch.manual_seed(seed)
        weights = make(torch.randn(50, 64, 64, dtype=torch.float64) / 64**0.5)
        jacobians = layer_jacobians(weights, digit.detach())
        products = torch.stack(list(forward_products(jacobians)))
        spectra.append(torch.linalg.svdvals(products[4::5]))  # after 5, 10, … layers
    largest, sixteenth = torch.stack(spectra).median(dim=0).values[:, [0, 15]].T
    (line,) = axes.semilogy(range(5, 51, 5), largest, label=name)
    axes.semilogy(range(5, 51, 5), sixteenth, "--", color=line.get_color())
    print(f"{name:15} {largest[-1]:9.0e} {sixteenth[-1]:12.0e}")
    ends[name] = largest[-1], largest[-1] / sixteenth[-1]

(vanished, _), (_, spread), (exploded, _), (_, spread_of_turns) = ends.values()
assert vanished < 1e-12 < 1e2 < exploded
assert spread > 100 > 2 > spread_of_turns

torch.testing.assert_close(products[-1], torch.func.jacrev(tanh_network, 1)(weights, digit))
outputs = tanh_network(weights, digit)
outputs.backward(torch.ones(64))
torch.testing.assert_close(pull_back(torch.ones_like(outputs), jacobians), digit.grad)
axes.set(title="solid: the largest, dashed: the 16th of 64", xlabel="layers")
axes.set(ylabel="singular value of the product")
axes.legend()
plt.show()
