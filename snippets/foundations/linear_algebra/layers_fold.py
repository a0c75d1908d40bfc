import torch
from torch import nn

from dlbasic.data.digits import load_digits

torch.manual_seed(0)
first, second, third = nn.Linear(64, 256), nn.Linear(256, 256), nn.Linear(256, 10)
linear = nn.Sequential(first, second, third).double()
bent = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third)
digits = load_digits()[0].flatten(1).double()

product = third.weight @ second.weight @ first.weight  # the last layer stands on the left
bias = linear(torch.zeros(64, dtype=torch.float64))
torch.testing.assert_close(linear(digits), digits @ product.T + bias)

with_bias = torch.cat([digits, torch.ones(len(digits), 1)], dim=1)
for name, network in {"three linear layers": linear, "ReLU between them": bent}.items():
    outputs = network(digits).detach()
    best_matrix = torch.linalg.lstsq(with_bias, outputs, driver="gelsd").solution
    error = (with_bias @ best_matrix - outputs).norm() / (outputs - outputs.mean(dim=0)).norm()
    print(f"{name:19}  the best single matrix misses {error:6.2%}")
    assert error < 1e-10 if network is linear else error > 0.1

stored = sum(parameter.numel() for parameter in linear.parameters())
print(f"numbers stored       {stored:,} in the layers, {product.numel() + bias.numel()} in the one")
