import torch

from dlbasic.data.scenes import SIZE, draw
from dlbasic.tasks.detection import assign

scenes = draw(2048, seed=1)
there = scenes.kinds > 0
lost = {}
for grid in (6, 8, 12, 24):
    side = SIZE / grid
    cells = side * (0.5 + torch.cartesian_prod(torch.arange(grid), torch.arange(grid)).flip(1))
    for reach in (side / 2, side):
        boxes, kinds = assign(scenes.boxes, scenes.kinds, cells=cells, reach=reach)
        same_box = (boxes[:, :, None] == scenes.boxes[:, None]).all(dim=3)
        owns_a_cell = (same_box & (kinds > 0)[:, :, None]).any(dim=1)
        lost[grid, reach / side] = 1 - (owns_a_cell & there).sum() / there.sum()

print("            objects that own no cell, if an object asks for")
print("grid        the cell of its middle   all cells within one side of it")
for grid in (6, 8, 12, 24):
    print(f"{grid:2} × {grid:2} {lost[grid, 0.5]:16.1%} {lost[grid, 1.0]:25.2%}")

assert lost[6, 0.5] > 3 * lost[12, 0.5] > 0
assert all(lost[grid, 1.0] < lost[grid, 0.5] / 5 for grid in (6, 8, 12))
