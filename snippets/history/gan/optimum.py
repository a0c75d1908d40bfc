import matplotlib.pyplot as plt
import torch
from torch.distributions import Categorical, MixtureSameFamily, Normal

from dlbasic.history.gan import Discriminator, expected_value, roll, value
from dlbasic.losses.loss_and_goal import mean_over_seeds

real = MixtureSameFamily(
    Categorical(torch.tensor([0.5, 0.5])),
    Normal(torch.tensor([-1.5, 1.5]), torch.tensor([0.5, 0.5])),
)
fake = Normal(torch.tensor(0.0), torch.tensor(1.2))
discriminator = Discriminator(1, units=16, pieces=4, keep=(1.0, 1.0), dice=roll(range(10)))
optimizer = torch.optim.Adam(discriminator.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=800)
torch.manual_seed(0)
for _ in range(800):
    signs = torch.randint(2, (10, 400, 1)) * 2 - 1
    reals, fakes = 1.5 * signs + 0.5 * torch.randn(10, 400, 1), 1.2 * torch.randn(10, 400, 1)
    loss = -value(discriminator(reals), discriminator(fakes))
    optimizer.zero_grad()
    loss.sum().backward()
    optimizer.step()
    schedule.step()

x = torch.linspace(-3, 3, 601)
log_p, log_q = real.log_prob(x), fake.log_prob(x)
with torch.no_grad():
    logits = discriminator(x.expand(10, -1)[:, :, None])
errors = (logits.sigmoid() - (log_p - log_q).sigmoid()).abs() @ (log_p.exp() + log_q.exp()) * 0.005

best = expected_value(log_p, log_q, log_p - log_q, width=0.01)
losses = [best - expected_value(log_p, log_q, row, width=0.01) for row in logits]
print("10 trained discriminators, mean ± 95%")
print(f"mean distance of D to p / (p + q)   {mean_over_seeds(errors):.4f}")
print(f"below the best value by             {mean_over_seeds(losses):.4f} of {best:.4f} nats")
shifted = discriminator(x.expand(10, -1)[:, :, None] + 1).detach() - logits
assert errors.max() < 0.04
assert max(losses) < 0.01
assert shifted.abs().mean() > 0.5  # D depends on its input

figure, (top, bottom) = plt.subplots(2, 1, figsize=(7, 4.6), sharex=True, layout="constrained")
top.plot(x, log_p.exp(), label="real p")
top.plot(x, log_q.exp(), label="fake q")
top.set(ylabel="density")
top.legend()
bottom.plot(x, logits.sigmoid().T, color="C2", alpha=0.3)
bottom.plot(x, (log_p - log_q).sigmoid(), "--", color="C3", label="p / (p + q)")
bottom.plot([], [], color="C2", label="10 trained D")
bottom.set(ylabel="D(x)", xlabel="x", ylim=(0, 1))
bottom.legend()
plt.show()
