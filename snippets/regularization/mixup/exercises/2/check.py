import torch
from torch.nn.functional import cross_entropy


def check(mixup_loss):
    generator = torch.Generator().manual_seed(0)
    for count, classes in ((1, 2), (5, 3), (7, 4)):
        logits = torch.randn(count, classes, generator=generator, dtype=torch.float64)
        first, second = torch.randint(classes, (2, count), generator=generator)
        weights = torch.rand(count, generator=generator, dtype=torch.float64)
        eye = torch.eye(classes, dtype=torch.float64)
        mixed = weights[:, None] * eye[first] + (1 - weights[:, None]) * eye[second]
        got = mixup_loss(logits, first, second, weights)
        yield f"loss of {count} examples, {classes} classes", got, cross_entropy(logits, mixed)
