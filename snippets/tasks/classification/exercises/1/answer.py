import torch
from jaxtyping import Int
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import cross_val_predict
from torch import Tensor


def worst_confusion(counts: Int[Tensor, "truth answer"]) -> tuple[int, int]:
    """The truth and the wrong answer that most often come together."""
    mistakes = counts - counts.diag().diag()
    truth, answer = divmod(mistakes.argmax().item(), counts.shape[1])
    return truth, answer


pixels, digits = load_digits(return_X_y=True)
answers = cross_val_predict(LogisticRegression(max_iter=500), pixels / 16, digits)
counts = torch.from_numpy(confusion_matrix(digits, answers))
truth, answer = worst_confusion(counts)
print(f"of {len(digits)} real digits, {counts.sum() - counts.trace()} are misread")
print(f"most often {truth} as {answer}: {counts[truth, answer]} times")
assert truth != answer
assert counts[truth, answer] == max(counts[i, j] for i in range(10) for j in range(10) if i != j)
