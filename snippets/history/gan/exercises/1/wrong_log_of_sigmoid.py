"""The sigmoid was taken first and its logarithm after it. A sigmoid of a large logit is 1 to the
last digit, and the logarithm of 1 - 1 is infinite. Which function takes both steps at once?
"""

import torch


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -real.log().mean() - (1 - fake).log().mean()


def generator_loss(fake_logits):
    return -torch.log(fake_logits.sigmoid()).mean()
