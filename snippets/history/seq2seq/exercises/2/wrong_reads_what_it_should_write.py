"""At each step the decoder reads the very word that it should write. It learns to copy its input,
its loss falls to nothing, and when it must write by itself it has nothing to copy. Shift one of
the two by a step.
"""

import torch
from torch.nn.utils.rnn import pad_sequence


def read_and_write(sentences, *, padding=0, start=1, end=2):
    rows = [torch.tensor([*words, end]) for words in sentences]
    both = pad_sequence(rows, batch_first=True, padding_value=padding)
    return both, both
