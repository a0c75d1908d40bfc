"""The end stands in the last column, behind the padding. A short sentence then says that padding
comes after its last word, and the end some time later. The end belongs right behind the last word.
"""

import torch
from torch.nn.utils.rnn import pad_sequence


def read_and_write(sentences, *, padding=0, start=1, end=2):
    rows = [torch.tensor(words) for words in sentences]
    words = pad_sequence(rows, batch_first=True, padding_value=padding)
    first = torch.full((len(rows), 1), start)
    last = torch.full((len(rows), 1), end)
    return torch.cat([first, words], dim=1), torch.cat([words, last], dim=1)
