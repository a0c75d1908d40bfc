import torch

CASES = [  # boxes on whole pixels, so that areas can be counted
    ("the same box", [2, 2, 6, 8], [2, 2, 6, 8]),
    ("one inside the other", [0, 0, 10, 10], [2, 3, 6, 8]),
    ("a corner shared", [0, 0, 6, 6], [4, 3, 12, 9]),
    ("apart along one axis", [0, 0, 4, 4], [9, 0, 12, 5]),
    ("apart along both axes", [0, 0, 4, 4], [9, 7, 12, 12]),
]


def check(generalised_iou):
    for name, box, other in CASES:
        pixels = [torch.zeros(16, 16, dtype=torch.bool) for _ in range(3)]
        hull = [min(box[0], other[0]), min(box[1], other[1])]
        hull += [max(box[2], other[2]), max(box[3], other[3])]
        for mask, (left, top, right, bottom) in zip(pixels, (box, other, hull), strict=True):
            mask[top:bottom, left:right] = True
        union = pixels[0] | pixels[1]
        empty = (pixels[2] & ~union).sum() / pixels[2].sum()
        expected = (pixels[0] & pixels[1]).sum() / union.sum() - empty
        got = generalised_iou(torch.tensor([box]).float(), torch.tensor([other]).float())
        yield f"{name}: {box} and {other}", got, expected[None]
