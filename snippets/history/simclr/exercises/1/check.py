import numpy as np
import torch


def check(nt_xent):
    random = np.random.default_rng(0)
    for count, dim, temperature in [(2, 3, 1.0), (3, 2, 0.2), (5, 4, 0.5)]:
        z = random.normal(size=(2 * count, dim)) * random.uniform(0.5, 2, size=(2 * count, 1))
        unit = z / np.linalg.norm(z, axis=1, keepdims=True)
        losses = []
        for i in range(2 * count):
            partner = i + 1 if i % 2 == 0 else i - 1
            among = [np.exp(unit[i] @ unit[k] / temperature) for k in range(2 * count) if k != i]
            losses.append(np.log(sum(among)) - unit[i] @ unit[partner] / temperature)
        got = nt_xent(torch.tensor(z), temperature=temperature)
        yield f"loss of {count} pairs at temperature {temperature}", got, np.mean(losses)
