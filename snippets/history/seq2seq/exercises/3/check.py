import numpy as np
import torch

CASES = [
    [[0.5]],
    [[0.25, 0.25, 0.25]],
    [[0.5, 0.1, 0.2, 0.9], [0.01]],
    [[0.9], [0.3, 0.2], [0.05, 0.6, 0.7]],
]


def check(perplexity):
    for sentences in CASES:
        time = max(map(len, sentences))
        words, logs = np.zeros((2, len(sentences), time))
        for row, probabilities in enumerate(sentences):
            words[row, : len(probabilities)] = 4 + row
            logs[row] = np.log(0.7)  # what was given to the padding
            logs[row, : len(probabilities)] = np.log(probabilities)
        flat = [p for probabilities in sentences for p in probabilities]
        got = perplexity(torch.tensor(logs), torch.tensor(words).long())
        yield f"perplexity of {sentences}", got, 1 / np.prod(flat) ** (1 / len(flat))
