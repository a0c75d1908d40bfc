import torch
from sklearn.datasets import load_diabetes
from torch import Tensor, nn


def fold(first: nn.Linear, second: nn.Linear) -> tuple[Tensor, Tensor]:
    return second.weight @ first.weight, second.weight @ first.bias + second.bias


patients = torch.tensor(load_diabetes(scaled=False).data)
standardise = nn.Linear(10, 10, dtype=torch.float64)
standardise.weight.data = torch.diag(1 / patients.std(dim=0))
standardise.bias.data = -patients.mean(dim=0) / patients.std(dim=0)

torch.manual_seed(0)
model = nn.Linear(10, 1, dtype=torch.float64)  # one that expects standardised patients
weight, bias = fold(standardise, model)

in_two, in_one = model(standardise(patients)), patients @ weight.T + bias
print("patient   standardised, then the model   folded, as measured")
for number in range(3):
    print(f"{number:7} {in_two[number].item():30.4f} {in_one[number].item():21.4f}")
torch.testing.assert_close(in_one, in_two)
