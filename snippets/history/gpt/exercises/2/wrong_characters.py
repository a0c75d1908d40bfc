"""Characters were counted, not bytes. A Korean syllable is one
character and three bytes in UTF-8."""

import math


def bits_per_byte(nats, texts):
    return nats.sum().item() / math.log(2) / sum(len(text) for text in texts)
