import torch
from jaxtyping import Float, Int
from torch import Tensor


def perplexity(
    log_probabilities: Float[Tensor, "sentence time"], words: Int[Tensor, "sentence time"]
) -> Float[Tensor, ""]:
    """Return exp of the average surprise at a word, in which every real word counts the same."""
    return (-log_probabilities[words != 0].mean()).exp()


words = torch.tensor([[5, 6, 7, 8], [5, 0, 0, 0]])
guesses = torch.full((2, 4), 1 / 20)  # as likely as any of 20 words
print(f"perplexity of one guess in 20: {perplexity(guesses.log(), words):.2f}")
guesses[words == 0] = 0.999  # padding is easy to foresee, and it must not count
print(f"and with padding foreseen:     {perplexity(guesses.log(), words):.2f}")
assert abs(perplexity(guesses.log(), words) - 20) < 1e-4
