import math

import torch
from jaxtyping import Int
from torch import Tensor

from dlbasic.losses.loss_and_goal import accuracy, recall


def balanced_accuracy(
    predictions: Int[Tensor, " example"],
    labels: Int[Tensor, " example"],
) -> float:
    """Recall averaged over the classes that occur among the labels, each counting alike."""
    found = [part for part in recall(predictions, labels) if not math.isnan(part)]
    return sum(found) / len(found)


ill = torch.tensor([0] * 94 + [1] * 6)
rules = {
    "nobody is ill": torch.zeros(100, dtype=torch.int64),
    "everybody is ill": torch.ones(100, dtype=torch.int64),
    "5 of 6, and 19 alarms too many": torch.tensor([0] * 75 + [1] * 19 + [0] + [1] * 5),
}
print("rule                             accuracy   balanced")
for name, said in rules.items():
    print(f"{name:32} {accuracy(said, ill):8.2f} {balanced_accuracy(said, ill):10.2f}")
nobody, everybody, some = rules.values()
assert balanced_accuracy(nobody, ill) == balanced_accuracy(everybody, ill) == 0.5
assert accuracy(some, ill) < accuracy(nobody, ill)
assert balanced_accuracy(some, ill) > 0.8
