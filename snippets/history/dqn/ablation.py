import matplotlib.pyplot as plt
import torch

from dlbasic.data.cartpole import CartPole
from dlbasic.history.dqn import cartpole_network, play, train

SEEDS, STEPS, RATES = 10, 1400, (5e-4, 3e-3)
ARMS = {  # transitions in memory, updates between two copies
    "both": (10_000, 25),
    "replay only": (10_000, 1),
    "target only": (1, 25),
    "neither": (1, 1),
}
memory, sync_every = zip(*(arm for arm in ARMS.values() for _ in range(SEEDS)), strict=True)

_, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
ends = {}
for panel, rate in zip(panels, RATES, strict=True):
    networks = [cartpole_network(seed) for _ in ARMS for seed in range(SEEDS)]
    environment = CartPole(len(networks), 1, seed=0, sutton_barto_reward=True)
    settings = {"memory": memory, "sync_every": sync_every, "batch_size": 32, "discount": 0.99}
    curve = []
    for step in train(networks, environment, steps=STEPS, learning_rate=rate, **settings):
        if step.step % 350 == 349:
            lived = (~play(networks, episodes=10)[..., 0].isnan()).sum(0).float().mean(1)
            curve.append(lived.view(len(ARMS), SEEDS))
    ends[rate] = torch.stack(curve[-3:]).mean(0)
    for name, line in zip(ARMS, torch.stack(curve).mean(2).T, strict=True):
        panel.plot(range(350, STEPS + 1, 350), line, marker="o", label=name)
    panel.set(title=f"learning rate {rate:g}", xlabel="updates")
panels[0].set(ylabel="steps until the fall")
panels[0].legend()
plt.show()


def interval(values):
    return f"{values.mean():.0f} ± {2.26 * values.std() / SEEDS**0.5:.0f}"  # 95%: Student's t


print("steps until the fall   " + "".join(f"rate {rate:<12g}" for rate in RATES) + "mean")
mean = torch.stack(list(ends.values())).mean(0)
for k, name in enumerate(ARMS):
    print(f"{name:20}" + "".join(f"{interval(arm[k]):>15}" for arm in (*ends.values(), mean)))
small, large = ends.values()
assert (small[0] - small[1]).mean().abs() < 120  # the target network: no difference to speak of
assert (large[0] - large[1]).mean() > 100  # and a large one
assert (mean[0] - mean[1:]).mean(1).min() > 40
assert mean[3].mean() < mean[1:3].mean() - 10
said = [f"{interval(arm)} with {name}" for name, arm in zip(ARMS, mean, strict=True)]
print("\nmeasured: steps until the fall", ", ".join(said), "(two learning rates, 10 seeds)")
