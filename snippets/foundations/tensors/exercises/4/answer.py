import torch
from torch import Tensor

from dlbasic.data.digits import load_digits


def split_heads(x: Tensor, num_heads: int) -> Tensor:
    batch, time, dim = x.shape
    return x.reshape(batch, time, num_heads, dim // num_heads).transpose(1, 2)


def merge_heads(x: Tensor) -> Tensor:
    batch, num_heads, time, dim = x.shape
    return x.transpose(1, 2).reshape(batch, time, num_heads * dim)


images, _ = load_digits()  # a sequence of 8 lines, 8 pixels each
heads = split_heads(images, 2)
scrambled = images.reshape(heads.shape)
print(f"heads {tuple(heads.shape)}")
print(f"head 0 holds the left halves     {torch.equal(heads[:, 0], images[:, :, :4])}")
print(f"and after one reshape            {torch.equal(scrambled[:, 0], images[:, :, :4])}")
print(f"which a round trip does not show {torch.equal(scrambled.reshape(images.shape), images)}")
assert torch.equal(heads[:, 0], images[:, :, :4])
assert torch.equal(merge_heads(heads), images)
assert not torch.equal(scrambled[:, 0], images[:, :, :4])
