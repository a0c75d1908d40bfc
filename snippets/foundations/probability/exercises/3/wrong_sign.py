"""A sign is lost: from exp(-g) = -log u follows g = -log(-log u). With the other sign the noise
has its long tail on the wrong side.
"""


def gumbel_max(logits, points):
    return (logits + (-points.log()).log()).argmax(dim=1)
