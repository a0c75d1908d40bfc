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
watched = [play(networks, episodes=10)]
for step in train(networks, environment, memory=memory):
    if step.step % 275 == 274:
        watched.append(play(networks, episodes=10))

games = gymnasium.make_vec("CartPole-v1", num_envs=len(networks) * EPISODES)
seen, _ = games.reset(seed=1000)
q, theta = side_by_side(networks[0]), stack(networks)
returns, alive = torch.zeros(games.num_envs), torch.ones(games.num_envs)
for _ in range(500):
    action = q(theta, torch.tensor(seen).view(len(networks), EPISODES, 4)).argmax(-1)
    seen, reward, terminated, truncated, _ = games.step(action.flatten().numpy())
    returns += alive * torch.tensor(reward)
    alive *= torch.tensor(~(terminated | truncated))
returns = returns.view(len(MEMORY), SEEDS, EPISODES).mean(2)
solved = (returns >= 475).sum(1)
print("mean return of 20 games in gymnasium, by seed")
for name, row, count in zip(MEMORY, returns, solved, strict=True):
    print(f"{name:22}", *(f"{value:4.0f}" for value in row), f"  {count} of {SEEDS} solve it")

curves = torch.stack([(~states[..., 0].isnan()).sum(0).float().mean(1) for states in watched])
_, panel = plt.subplots(figsize=(7, 3.2), layout="constrained")
panel.plot(range(0, 2201, 275), curves[:, :SEEDS], color="C0", linewidth=0.8)
panel.plot(range(0, 2201, 275), curves[:, :SEEDS].mean(1), color="C1", linewidth=3)
panel.set(xlabel="updates", ylabel="steps until the fall")
_, rows = plt.subplots(2, 6, figsize=(8, 2.6), sharex=True, sharey=True, layout="constrained")
for row, states in zip(rows, (watched[0], watched[-1]), strict=True):
    for panel, moment in zip(row, (0, 4, 8, 12, 100, 499), strict=True):
        position, _, angle, _ = states[moment, int(returns[0].argmax()), 0]
        panel.plot([position - 0.3, position + 0.3], [0, 0], linewidth=6, color="C0")
        panel.plot([position, position + angle.sin()], [0, angle.cos()], linewidth=3, color="C1")
        panel.set(xlim=(-1.5, 1.5), ylim=(-0.3, 1.2), xticks=[], yticks=[], title=f"step {moment}")
plt.show()
assert solved[0] >= 9
assert curves[0].mean() < 200
