import torch

from dlbasic.history.seq2seq import LSTM

torch.manual_seed(0)
ours, library = LSTM(5, 7).double(), torch.nn.LSTM(5, 7, batch_first=True).double()
i, f, g, o = library.weight_ih_l0.detach().chunk(4)  # torch has the gates in another order
ours.W.data = torch.cat([i, f, o, g])
i, f, g, o = library.weight_hh_l0.detach().chunk(4)
ours.U.data = torch.cat([i, f, o, g])
i, f, g, o = (library.bias_ih_l0 + library.bias_hh_l0).detach().chunk(4)
ours.b.data = torch.cat([i, f, o, g])

inputs = torch.randn(4, 20, 5, dtype=torch.float64, requires_grad=True)
h, c = ours(inputs)
expected, (_, last) = library(inputs)
gradients = [torch.autograd.grad(each.square().sum(), inputs)[0] for each in (h, expected)]
print("20 steps, compared with torch.nn.LSTM      largest difference")
for name, one, other in [
    ("h after every step", h, expected),
    ("c after the last", c[:, -1], last[0]),
    ("gradient of the inputs", *gradients),
]:
    assert (one - other).abs().max() < 1e-12
    print(f"{name:45} below 1e-12")
