"""Each token was divided by its own bytes, and then the mean was taken: a short token counts as
much as a long one. Sum the surprise of the whole text, and divide once.
"""

import math


def bits_per_byte(nats, texts):
    each = [n.item() / len(text.encode()) for n, text in zip(nats, texts, strict=True)]
    return sum(each) / len(each) / math.log(2)
