import torch
from torch.nn.functional import local_response_norm

from dlbasic.history.alexnet import local_response_normalization

generator = torch.Generator().manual_seed(0)
a = 100 * torch.rand(2, 96, 5, 5, generator=generator, dtype=torch.float64)
a.requires_grad_()
ours = local_response_normalization(a)
torchs = {alpha: local_response_norm(a, 5, alpha, 0.75, 2.0) for alpha in (1e-4, 5e-4)}
gradient, same = (torch.autograd.grad(b.square().sum(), a)[0] for b in (ours, torchs[5e-4]))

print("the paper's alpha is 0.0001, and n is 5")
for alpha, theirs in torchs.items():
    difference = ((ours - theirs).abs().max() / ours.abs().max()).item()
    print(f"torch with alpha={alpha}: {'the same' if difference < 1e-12 else 'another function'}")
    assert (difference < 1e-12) == (alpha == 5e-4)
torch.testing.assert_close(gradient, same, rtol=1e-12, atol=1e-12)
