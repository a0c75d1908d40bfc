import numpy as np
import torch

CASES = [
    (["a"], [0.5]),
    (["a", "b", "c"], [0.25, 0.5, 0.125]),
    (["the", " cat", " sat"], [0.1, 0.01, 0.2]),
    (["소", "녀"], [0.001, 0.01]),
    (["na", "ïve", " café"], [0.3, 0.02, 0.4]),
]


def check(bits_per_byte):
    for texts, p in CASES:
        nats = -torch.tensor(p, dtype=torch.float64).log()
        size = sum(len(text.encode("utf-8")) for text in texts)
        expected = -np.log2(np.prod(p)) / size
        yield f"tokens {texts} with the probabilities {p}", bits_per_byte(nats, texts), expected
