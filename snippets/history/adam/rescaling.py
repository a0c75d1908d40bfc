import torch

from dlbasic.history.adam import Adam

OPTIMIZERS = {
    "SGD": lambda theta: torch.optim.SGD(theta, lr=0.01),
    "Adam": lambda theta: Adam(theta, learning_rate=0.01, epsilon=1e-30),
}


def walk(name, gradients):
    theta = torch.zeros_like(gradients[0], requires_grad=True)
    optimizer = OPTIMIZERS[name]([theta])
    path = [theta.detach().clone()]
    for gradient in gradients:
        theta.grad = gradient
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path)


noise = torch.randn(300, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
scales = torch.tensor([1e-4, 1e-2, 1, 1e2, 1e4], dtype=torch.float64)
print("300 noisy gradients, times  " + "".join(f"{scale:10.4g}" for scale in scales))
for name in OPTIMIZERS:
    end = walk(name, (noise + 0.5) * scales)[-1]
    print(f"  {name:4} ends at              " + "".join(f"{theta:10.3g}" for theta in end))
    assert (end.max() - end.min() < 1e-12) == (name == "Adam")

silence = torch.zeros(6000, dtype=torch.float64)
growth = (0.999 / 0.9) ** torch.arange(100, dtype=torch.float64)
gradients = {
    "noise": noise[:, 0],
    "always the same": torch.ones_like(silence),
    "6000 zeros, then a one": torch.cat([silence, growth[:1]]),
    "6000 zeros, then growing by 11%": torch.cat([silence, growth]),
}
print("\nlongest step of Adam, in learning rates")
longest = {}
for kind, sequence in gradients.items():
    longest[kind] = walk("Adam", sequence[:, None]).diff(dim=0).abs().max() / 0.01
    print(f"  {kind:32} {longest[kind]:5.2f}")

assert longest["noise"] < 1.5
assert abs(longest["always the same"] - 1) < 1e-9
assert abs(longest["6000 zeros, then a one"] - 0.1 / 0.001**0.5) < 0.01
assert abs(longest["6000 zeros, then growing by 11%"] - 7.27) < 0.02
