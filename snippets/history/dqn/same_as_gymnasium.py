import gymnasium
import numpy as np
import torch

from dlbasic.data.cartpole import CartPole

generator = torch.Generator().manual_seed(0)
PLAYERS = {
    "pushes to the left": lambda state: 0,
    "pushes at random": lambda state: int(torch.randint(2, (), generator=generator)),
    "follows the pole": lambda state: int(state[2] > 0),
    "balances": lambda state: int(state @ torch.tensor([0.05, 0.1, 1, 0.5]).double() > 0),
}

print("a player who          steps   ends      difference from gymnasium")
lasted = {}
for name, choose in PLAYERS.items():
    theirs, ours = gymnasium.make("CartPole-v1"), CartPole(1, seed=0)
    theirs.reset(seed=0)
    ours.state = torch.tensor(np.array([theirs.unwrapped.state]))  # from the same start
    ended, worst, lasted[name] = False, 0.0, 0
    while not ended:
        action = choose(ours.state[0])
        step = ours.step(torch.tensor([action]))
        _, reward, terminated, truncated, _ = theirs.step(action)
        worst = max(worst, float(abs(step.next_state[0].numpy() - theirs.unwrapped.state).max()))
        assert step.reward.item() == reward
        assert (step.terminated.item(), step.truncated.item()) == (terminated, truncated)
        ended, lasted[name] = terminated or truncated, lasted[name] + 1
    near = "below 1e-12" if worst < 1e-12 else f"{worst:.0e}"
    print(f"{name:20} {lasted[name]:6}   {'clock' if truncated else 'fall':8}  {near}")
    assert worst < 1e-12

assert lasted["balances"] == 500
assert lasted["pushes to the left"] < 20
