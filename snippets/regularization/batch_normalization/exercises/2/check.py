import torch
from torch.nn.functional import layer_norm as library


def check(layer_norm):
    generator = torch.Generator().manual_seed(0)
    for batch, features in ((3, 3), (1, 5), (4, 2)):
        x = 3 * torch.randn(batch, features, generator=generator, dtype=torch.float64) + 2
        gamma, beta = torch.randn(2, features, generator=generator, dtype=torch.float64)
        expected = library(x, (features,), gamma, beta, eps=0.1)
        got = layer_norm(x, gamma, beta, epsilon=0.1)
        yield f"{batch} examples of {features} features", got, expected
