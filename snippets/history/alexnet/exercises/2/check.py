import numpy as np
import torch

CASES = {
    "one step": (0.1,),
    "three steps": (0.1, 0.1, 0.1),
    "a rate that falls": (0.5, 0.05, 0.005),
}


def check(step):
    for name, rates in CASES.items():
        random = np.random.default_rng(len(rates))
        start, gradients = random.normal(size=4), random.normal(size=(len(rates), 4))
        w, v = torch.tensor(1000 * start), torch.zeros(4, dtype=torch.float64)
        moved = 1000 * start
        pushes = []
        for rate, g in zip(rates, gradients, strict=True):
            w, v = step(w, v, torch.tensor(g), learning_rate=rate)
            pushes.append(-rate * (g + 0.0005 * moved))
            moved = moved + sum(0.9**age * push for age, push in enumerate(reversed(pushes)))
        yield f"w after {name}", w, moved
