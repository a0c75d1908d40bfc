from collections import Counter

import torch
from jaxtyping import Float
from torch import Tensor


def perplexity(probabilities: Float[Tensor, " token"]) -> Float[Tensor, ""]:
    """Number of equally likely tokens that would surprise as much as the text did, on average."""
    return (-probabilities.log().mean()).exp()


text = "abracadabra"
counts = Counter(text)
models = {
    "any letter": [1 / 26 for _ in text],
    "any of these five": [1 / len(counts) for _ in text],
    "by their frequency": [counts[letter] / len(text) for letter in text],
    "sure, wrong once": [0.99] * 10 + [1e-9],
}
print("model                perplexity")
found = {name: perplexity(torch.tensor(row)).item() for name, row in models.items()}
for name, number in found.items():
    print(f"{name:20} {number:10.2f}")
assert abs(found["any of these five"] - 5) < 1e-4
assert found["by their frequency"] < 5 < found["sure, wrong once"]
