import torch
from jaxtyping import Float, Int
from torch import Tensor

from dlbasic.data.scenes import draw
from dlbasic.tasks.classification import predict, trained


def accuracy_of_the_surest(
    probabilities: Float[Tensor, "scene class"],
    activities: Int[Tensor, " scene"],
    *,
    answered: float,
) -> float:
    """Accuracy on the part `answered` of the scenes of which the model is surest."""
    confidences, answers = probabilities.max(dim=1)
    surest = confidences.topk(round(answered * len(answers))).indices
    return (answers[surest] == activities[surest]).double().mean().item()


scenes = draw(2048, seed=1)
probabilities = predict(trained(num_scenes=1536), scenes.images)
shares = [1.0, 0.9, 0.75, 0.5]
reached = [accuracy_of_the_surest(probabilities, scenes.activities, answered=a) for a in shares]
print("a network that has seen only 1,536 scenes\nanswered   accuracy")
for share, value in zip(shares, reached, strict=True):
    print(f"{share:8.0%} {value:10.2f}")
assert (torch.tensor(reached).diff() > 0.005).all()
