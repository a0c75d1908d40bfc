from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor


def score(
    logits_of: Callable[[Int[Tensor, "batch time"]], Float[Tensor, "batch time vocab"]],
    tokens: Int[Tensor, " time"],
    *,
    mask: int,
) -> Float[Tensor, ""]:
    """Return the sum of the log-probabilities of each token when it alone is hidden."""
    places = torch.arange(1, len(tokens) - 1)
    rows = torch.arange(len(places))
    hidden = tokens.repeat(len(places), 1)
    hidden[rows, places] = mask
    logits = logits_of(hidden)[rows, places]
    return logits.log_softmax(dim=1)[rows, tokens[places]].sum()


def next_number(tokens):  # a model that expects each number to be one more than that before it
    expected = (tokens.roll(1, dims=1) + 1) % 12
    return 5.0 * torch.nn.functional.one_hot(expected, 12)


counting = score(next_number, torch.tensor([5, 6, 7, 8, 3]), mask=4)
jumping = score(next_number, torch.tensor([5, 6, 8, 7, 3]), mask=4)
print(f"6 7 8 scores {counting:.2f} nats, 6 8 7 scores {jumping:.2f}")
assert counting > jumping + 5
