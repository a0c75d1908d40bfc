import matplotlib.pyplot as plt
import torch

from dlbasic.data.cartpole import CartPole, Transition
from dlbasic.history.dqn import cartpole_network, play, side_by_side, stack, targets, train

generator = torch.Generator().manual_seed(0)
print("every action is worth 0; the estimates have noise of 1")
print("actions     one network     double")
for actions in (2, 4, 18):
    first, second = torch.randn(2, 1, 100_000, actions, generator=generator)
    nothing = first[..., 0] * 0
    step = Transition(first, nothing.long(), nothing, first, nothing > 0, nothing > 0)
    y = targets(step, first, discount=1.0)
    y_double = targets(step, first, discount=1.0, chooser=second)
    print(f"{actions:7} {y.mean():15.2f} {y_double.mean():z10.2f}")
    assert y.mean() > 0.5
    assert abs(y_double.mean()) < 0.02

SEEDS, STEPS = 10, 400
_, panel = plt.subplots(figsize=(7, 3.2), layout="constrained")
print("\nCartPole, value of the start     estimated            true            bias")
bias = []
for double in (False, True):
    networks = [cartpole_network(seed) for seed in range(SEEDS)]
    q, start = side_by_side(networks[0]), play(networks, episodes=20, steps=1)[0].float()
    environment = CartPole(SEEDS, 8, seed=0, sutton_barto_reward=True)
    settings = {"steps": STEPS, "memory": 10_000, "sync_every": 10, "double": double}
    curve = []
    for step in train(networks, environment, discount=0.99, **settings):
        if step.step % 20 == 19:
            with torch.no_grad():
                curve.append(q(stack(networks), start).amax(-1).mean(1))
    lived = (~play(networks, episodes=20)[..., 0].isnan()).sum(0)
    true = torch.where(lived < 500, -(0.99 ** (lived - 1)), 0.0).mean(1)  # 0.99^500 is 0.007
    bias.append(curve[-1] - true)
    name = "double DQN" if double else "DQN"
    columns = [(v.mean(), 2.26 * v.std() / SEEDS**0.5) for v in (curve[-1], true, bias[-1])]
    print(f"{name:27}", "   ".join(f"{mean:5.2f} ± {half:.2f}" for mean, half in columns))
    panel.plot(range(20, STEPS + 1, 20), torch.stack(curve).mean(1), label=name)
panel.axhline(0, color="grey", linestyle="--")
panel.set(xlabel="updates", ylabel="estimated value of the start")
panel.legend()
plt.show()
assert bias[0].mean() > 0.4
assert bias[1].mean() < 0.8 * bias[0].mean()
