"""G lowers the mean of log(1 - D(G(z))), the loss of the game itself. It has the same goal, but
next to no slope as long as D is right. The other loss asks D to say yes, instead of asking it not
to say no.
"""

from torch.nn.functional import logsigmoid


def discriminator_loss(real_logits, fake_logits):
    return -logsigmoid(real_logits).mean() - logsigmoid(-fake_logits).mean()


def generator_loss(fake_logits):
    return logsigmoid(-fake_logits).mean()
