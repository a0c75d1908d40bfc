"""That is the distance from the whole line, which goes on beyond both ends: every stroke would
reach across the page. Where must the nearest point stop?
"""


def distance(points, start, end):
    way = end - start
    share = (points - start) @ way / (way @ way)
    return (points - start - share[:, None] * way).norm(dim=1)
