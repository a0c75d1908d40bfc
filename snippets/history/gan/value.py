import math

import torch
from torch.distributions import Normal

from dlbasic.history.gan import expected_value

WIDTH = 0.001
x = torch.arange(-20_000, 20_001, dtype=torch.float64) * WIDTH


def jensen_shannon(log_p, log_q):
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    divergences = log_p.exp() * (log_p - log_m) + log_q.exp() * (log_q - log_m)
    return divergences.sum().item() * WIDTH / 2


def naive(p, q):
    best = p / (p + q)
    return (p * best.log() + q * (1 - best).log()).sum().item() * WIDTH


print("distance of the means      V at D*   -log 4 + 2 JSD   V at D*, naive")
for distance in (0, 0.5, 1, 2, 4, 8):
    log_p, log_q = (Normal(mean, 1).log_prob(x) for mean in (-distance / 2, distance / 2))
    logits = log_p - log_q  # of the best D
    best = expected_value(log_p, log_q, logits, width=WIDTH)
    theorem = -math.log(4) + 2 * jensen_shannon(log_p, log_q)
    careless = naive(log_p.exp(), log_q.exp())
    print(f"{distance:21} {best:12.6f} {theorem:16.6f} {careless:16.6f}")
    assert abs(best - theorem) < 1e-12
    assert (distance == 0) == (abs(best + math.log(4)) < 1e-12)
    assert -math.log(4) - 1e-12 < best < 0
    assert (careless == -math.inf) == (distance >= 2)
    for other in (logits + 0.1, 0.9 * logits + 0.01, torch.zeros_like(x)):
        assert expected_value(log_p, log_q, other, width=WIDTH) <= best  # no D is better
