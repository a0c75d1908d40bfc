from collections.abc import Sequence


def stopping_point(losses: Sequence[float], *, patience: int) -> tuple[int, int]:
    """Return the index of the loss at which the training stops, and of the best one."""
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best]:
            best = index
        elif index - best > patience:
            return index, best
    return len(losses) - 1, best


losses = [2.3, 1.9, 1.8, 1.85, 1.7, 1.75, 1.75, 1.9, 2.4]
for patience in (0, 1, 3):
    stop, best = stopping_point(losses, patience=patience)
    print(f"patience {patience}: stops at {stop}, back to {best} with loss {losses[best]}")
assert stopping_point(losses, patience=0) == (3, 2)  # too hasty: 1.7 was still to come
assert stopping_point(losses, patience=1) == (6, 4)
