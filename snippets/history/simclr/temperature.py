import math

import matplotlib.pyplot as plt
import torch

from dlbasic.history.simclr import nt_xent

pairs = 64
alike = torch.ones(pairs, 8)
loss = nt_xent(alike, alike, temperature=0.2)
print(f"64 pairs, every view alike: {loss:.3f} nats, the log of 127: {math.log(127):.3f}")
assert abs(loss - math.log(2 * pairs - 1)) < 1e-5

cosines = torch.linspace(-1, 1, 126, dtype=torch.float64)  # of a view and those of other pictures
print("\ntemperature   share of the push on the nearest tenth")
plt.figure(figsize=(6.4, 3.4), layout="constrained")
shares = []
for temperature in (0.05, 0.2, 1.0):
    s = (cosines / temperature).requires_grad_()
    (push,) = torch.autograd.grad(s.logsumexp(dim=0), s)
    shares.append(push[-13:].sum().item())
    print(f"{temperature:11} {shares[-1]:20.2f}")
    plt.plot(cosines, push, label=f"temperature {temperature}")
plt.xlabel("cosine of a view and one of another picture")
plt.ylabel("share of the push")
plt.legend()
plt.show()
assert shares[0] > 0.9
assert 0.1 < shares[2] < 0.3
