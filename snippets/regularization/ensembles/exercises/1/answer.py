import torch
from jaxtyping import Float, Int
from torch import Tensor


def vote(probabilities: Float[Tensor, "member example class"]) -> Int[Tensor, " example"]:
    """The class that most members answer with; of equally many, the one with the larger mean."""
    classes = torch.arange(probabilities.shape[2])
    votes = (probabilities.argmax(dim=2)[..., None] == classes).sum(dim=0)
    return (votes + 0.5 * probabilities.mean(dim=0)).argmax(dim=1)  # a mean is at most one


members = torch.tensor([[0.51, 0.49, 0.0], [0.51, 0.49, 0.0], [0.0, 1.0, 0.0]])[:, None]
print("vote:", vote(members).item(), "  mean:", members.mean(dim=0).argmax(dim=1).item())
assert vote(members).item() == 0
assert vote(members[1:]).item() == 1
