import torch
from jaxtyping import Int
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


def read_and_write(
    sentences: list[list[int]], *, padding: int = 0, start: int = 1, end: int = 2
) -> tuple[Int[Tensor, "sentence time"], Int[Tensor, "sentence time"]]:
    """Return what the decoder reads and what it should write, for each step of its training."""
    reads = [torch.tensor([start, *words]) for words in sentences]
    writes = [torch.tensor([*words, end]) for words in sentences]
    return (
        pad_sequence(reads, batch_first=True, padding_value=padding),
        pad_sequence(writes, batch_first=True, padding_value=padding),
    )


words = ["", "START", "END", "2020년", "5월", "4일"]
reads, writes = read_and_write([[3, 4, 5], [4, 5]])
for row in range(2):
    print("reads ", *(f"{words[n]:8}" for n in reads[row]))
    print("writes", *(f"{words[n]:8}" for n in writes[row]))
assert (reads[0, 1:] == writes[0, :-1]).all()  # what it has written is what it reads next
assert (writes[:, -1] == torch.tensor([2, 0])).all()
