import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal

from dlbasic.history.gan import Discriminator, expected_value, roll, value
from dlbasic.losses.loss_and_goal import mean_over_seeds

two = Normal(torch.tensor([-1.5, 1.5]), torch.tensor([0.5, 0.5]))
real = MixtureSameFamily(Categorical(torch.tensor([0.5, 0.5])), two)
wide = Normal(torch.tensor(0.0), torch.tensor(1.2))
x = torch.linspace(-3, 3, 601)
inputs = x.expand(10, -1)[:, :, None]


def fit(fake):
    d = Discriminator(1, units=16, pieces=3, keep=(1.0, 1.0), dice=roll(range(10)))
    optimizer = torch.optim.Adam(d.parameters(), lr=0.02)
    torch.manual_seed(0)
    for step in range(250):
        optimizer.param_groups[0]["lr"] = 0.02 * (1 - step / 250)
        reals, fakes = (density.sample((10, 200, 1)) for density in (real, fake))
        optimizer.zero_grad()
        (-value(d(reals), d(fakes))).sum().backward()
        optimizer.step()
    return d


figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
print("10 trained D   from p / (p + q)   V of the best   below it, in nats")
for panel, (name, fake) in zip(panels, {"q is wide": wide, "q = p": real}.items(), strict=True):
    d = fit(fake)
    log_p, log_q, logits = real.log_prob(x), fake.log_prob(x), d(inputs).detach()
    gaps = (logits.sigmoid() - (log_p - log_q).sigmoid()).abs()
    errors = gaps @ (log_p.exp() + log_q.exp()) * 0.005  # the mean over both densities
    best = expected_value(log_p, log_q, log_p - log_q, width=0.01)
    lost = [best - expected_value(log_p, log_q, row, width=0.01) for row in logits]
    print(f"{name:11} {mean_over_seeds(errors):.4f} {best:20.4f}       {mean_over_seeds(lost):.4f}")
    assert errors.max() < 0.06
    assert 0 < min(lost) < max(lost) < 0.03
    assert (name == "q = p") == (abs(best + math.log(4)) < 0.01)
    panel.plot(x, log_p.exp(), ":", label="p")
    panel.plot(x, log_q.exp(), ":", label="q")
    panel.plot(x, logits.sigmoid().T, color="C2", alpha=0.4)
    panel.plot([], [], color="C2", label="10 trained D")
    panel.plot(x, (log_p - log_q).sigmoid(), "--", color="C3", label="p / (p + q)")
    panel.set(title=name, xlabel="x", ylim=(0, 1))
panels[1].legend()
plt.show()
