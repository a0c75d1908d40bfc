import torch


def check(split_heads, merge_heads):
    x = torch.arange(2 * 3 * 8.0).reshape(2, 3, 8)
    four = torch.stack(x.chunk(4, dim=2), dim=1)
    yield "split_heads of (2, 3, 8) into 4", split_heads(x, 4), four
    two = torch.stack(x.chunk(2, dim=2), dim=1)
    yield "head 1 of split_heads of (2, 3, 8) into 2", split_heads(x, 2)[:, 1], two[:, 1]
    yield "split_heads of (2, 3, 8) into 1", split_heads(x, 1), x[:, None]
    y = torch.arange(2 * 4 * 3 * 2.0).reshape(2, 4, 3, 2)
    yield "merge_heads of (2, 4, 3, 2)", merge_heads(y), torch.cat(y.unbind(dim=1), dim=2)
    yield "merge_heads(split_heads(x, 4))", merge_heads(split_heads(x, 4)), x
