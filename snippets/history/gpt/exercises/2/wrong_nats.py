"""The answer is in nats: a nat is the surprise at something of probability 1/e, a bit that of
probability 1/2. Divide by log 2.
"""


def bits_per_byte(nats, texts):
    return nats.sum().item() / len("".join(texts).encode())
