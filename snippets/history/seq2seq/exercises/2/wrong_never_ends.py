"""The end is never to be written, so the model never learns to stop: each translation goes on until
it is cut off. After the last word the decoder should write the end.
"""

import torch
from torch.nn.utils.rnn import pad_sequence


def read_and_write(sentences, *, padding=0, start=1, end=2):
    reads = [torch.tensor([start, *words[:-1]]) for words in sentences]
    writes = [torch.tensor(words) for words in sentences]
    return (
        pad_sequence(reads, batch_first=True, padding_value=padding),
        pad_sequence(writes, batch_first=True, padding_value=padding),
    )
