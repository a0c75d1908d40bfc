import gymnasium
import matplotlib.pyplot as plt
import torch

from dlbasic.data.cartpole import CartPole
from dlbasic.history.dqn import cartpole_network, play, side_by_side, stack, train

SEEDS, EPISODES = 10, 20
MEMORY = {"a memory of 100 steps": 3200, "a memory of one step": 32}  # in 32 environments
networks = [cartpole_network(seed) for _ in MEMORY for seed in range(SEEDS)]
memory = [size for size in MEMORY.values() for _ in range(SEEDS)]
environment = CartPole(len(networks), 32, seed=0, sutton_barto_reward=True)
films, curve, best = [play(networks)], [], stack(networks)
for step in train(networks, environment, memory=memory):
    if step.step % 250 == 249:
        films.append(play(networks, episodes=EPISODES))
        curve.append((~films[-1][..., 0].isnan()).sum(0).float().mean(1))
        record = torch.stack(curve).argmax(0) == len(curve) - 1
        best[record] = stack(networks)[record]
games = gymnasium.make_vec("CartPole-v1", num_envs=len(networks) * EPISODES)
seen, _ = games.reset(seed=1000)
q, returns, alive = side_by_side(networks[0]), torch.zeros(games.num_envs), torch.tensor(1.0)
for _ in range(500):
    action = q(best, torch.tensor(seen).view(len(networks), EPISODES, 4)).argmax(-1)
    seen, reward, terminated, truncated, _ = games.step(action.flatten().numpy())
    returns += alive * torch.tensor(reward)
    alive = alive * torch.tensor(~(terminated | truncated))
returns = returns.view(len(MEMORY), SEEDS, EPISODES).mean(2)
solved = (returns >= 475).sum(1)
at_the_end = (curve[-1].view(len(MEMORY), SEEDS) >= 475).sum(1)
print(f"{'solved by':22}  the best   the last weights")
for name, count, last in zip(MEMORY, solved, at_the_end, strict=True):
    print(f"{name:22} {count:3} of {SEEDS} {last:10} of {SEEDS}")
print("return in gymnasium, by seed:", *(f"{value:.0f}" for value in returns[0]))

_, panel = plt.subplots(figsize=(7, 3.2), layout="constrained")
panel.plot(range(250, 2001, 250), torch.stack(curve)[:, :SEEDS], color="C0", linewidth=0.8)
panel.plot(range(250, 2001, 250), torch.stack(curve)[:, :SEEDS].mean(1), color="C1", linewidth=3)
panel.set(xlabel="updates", ylabel="steps until the fall")
before = (~films[0][:, :SEEDS, 0, 0].isnan()).sum(0)
shown = before.where(curve[-1][:SEEDS] >= 475, 500).argmin()  # who fell first, of those who learnt
_, rows = plt.subplots(2, 6, figsize=(8, 2.6), sharex=True, sharey=True, layout="constrained")
for row, film in zip(rows, (films[0], films[-1]), strict=True):
    for panel, moment in zip(row, (0, 4, 7, 12, 100, 499), strict=True):
        position, _, angle, _ = film[moment, shown, 0]
        panel.plot([position - 0.3, position + 0.3], [0, 0], linewidth=6, color="C0")
        panel.plot([position, position + angle.sin()], [0, angle.cos()], linewidth=3, color="C1")
        panel.set(xlim=(-2.4, 2.4), ylim=(-0.3, 1.2), xticks=[], yticks=[], title=f"step {moment}")
plt.show()
assert solved.min() >= 9
