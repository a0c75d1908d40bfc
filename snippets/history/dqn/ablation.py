import matplotlib.pyplot as plt
import torch

from dlbasic.data.cartpole import CartPole
from dlbasic.history.dqn import cartpole_network, play, train

SEEDS, STEPS, RATES = 20, 1400, (5e-4, 3e-3)
ARMS = {  # transitions in memory, updates between two copies
    "both": (10_000, 25),
    "replay only": (10_000, 1),
    "target only": (1, 25),
    "neither": (1, 1),
}
memory, sync_every = zip(*(arm for arm in ARMS.values() for _ in range(SEEDS)), strict=True)
settings = {"memory": memory, "sync_every": sync_every, "batch_size": 32, "discount": 0.99}
figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
ends = []
for panel, rate in zip(panels, RATES, strict=True):
    networks = [cartpole_network(seed) for _ in ARMS for seed in range(SEEDS)]
    environment = CartPole(len(networks), 1, seed=0, sutton_barto_reward=True)
    curve = []
    for step in train(networks, environment, steps=STEPS, learning_rate=rate, **settings):
        if step.step % 350 == 349:
            lived = (~play(networks, episodes=10)[..., 0].isnan()).sum(0).float().mean(1)
            curve.append(lived.view(len(ARMS), SEEDS))
    ends.append(torch.stack(curve[-3:]).mean(0))
    for name, line in zip(ARMS, torch.stack(curve).mean(2).T, strict=True):
        panel.plot(range(350, STEPS + 1, 350), line, marker="o", label=name)
    panel.set(title=f"learning rate {rate:g}", xlabel="updates")
panels[0].set(ylabel="steps until the fall")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
plt.show()


def interval(values):
    return f"{values.mean():.0f} ± {2.09 * values.std() / SEEDS**0.5:.0f}"  # 95%: Student's t


both, replay, target, neither = torch.stack([*ends, (ends[0] + ends[1]) / 2]).unbind(1)
arms = dict(zip(ARMS, (both, replay, target, neither), strict=True))
replay_adds = (both + replay - target - neither) / 2
target_adds = (both + target - replay - neither) / 2
print("steps until the fall    " + "".join(f"rate {rate:<10g}" for rate in RATES) + "mean of both")
for name, row in (arms | {"replay adds": replay_adds, "target adds": target_adds}).items():
    print(f"{name:18}" + "".join(f"{interval(values):>15}" for values in row))
assert min((both - other)[2].mean() for other in (replay, target, neither)) > 40
assert replay_adds[0].mean() > 50 > 20 > replay[1].mean()
assert target_adds[1].mean() > 70 > target_adds[0].mean()
said = ", ".join(f"{interval(row[2])} with {name}" for name, row in arms.items())
print(f"\nmeasured: steps until the fall {said} (two learning rates, {SEEDS} seeds)")
