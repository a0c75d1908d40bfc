from jaxtyping import Int
from torch import Tensor
from torch.nn import functional

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import CLASSES


def shrink(labels: Int[Tensor, "height width"], factor: int) -> Int[Tensor, "rows columns"]:
    """The class that most pixels have in each block; of equals the smallest."""
    blocks = labels.unflatten(0, (-1, factor)).unflatten(2, (-1, factor))
    return functional.one_hot(blocks.long()).sum(dim=(1, 3)).argmax(dim=-1)


labels = next(
    rows for rows in draw(64, seed=1).labels.long() if set(rows.unique().tolist()) == {0, 3, 4}
)
average = functional.avg_pool2d(labels[None].float(), 4)[0].round().long()
shown = {"the truth": labels, "most pixels": shrink(labels, 4), "average number": average}
for name, rows in shown.items():
    there = [CLASSES[k] for k in rows.unique()]
    print(f"{name:15} {', '.join(there)}")
assert set(shown["most pixels"].unique().tolist()) <= {0, 3, 4}
assert not set(average.unique().tolist()) <= {0, 3, 4}
