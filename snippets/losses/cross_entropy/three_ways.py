from math import log

import torch

from dlbasic.losses.cross_entropy import cross_entropy, cross_entropy_from_probabilities, softmax

logits = torch.tensor([[4.0, 1.0, 0.0], [0.5, 3.0, 1.0]])  # 2 examples, 3 classes
targets = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
probabilities = softmax(logits)

total = 0.0
for y, y_hat in zip(targets, probabilities, strict=True):  # over the examples
    for d in range(3):  # over the classes
        total -= y[d].item() * log(y_hat[d])

losses = {
    "the equation, as two loops": total / len(targets),
    "from probabilities": cross_entropy_from_probabilities(probabilities, targets),
    "from logits": cross_entropy(logits, targets),
    "torch.nn.CrossEntropyLoss": torch.nn.CrossEntropyLoss()(logits, targets),
    "probabilities, taken for logits": cross_entropy(probabilities, targets),
    "perfect ones, taken for logits": cross_entropy(targets, targets),
}
for name, loss in losses.items():
    print(f"{name:33} {loss:.4f} nats")

equal = list(losses.values())[:4]
assert max(equal) - min(equal) < 1e-6
assert losses["perfect ones, taken for logits"] > 0.5  # zero is out of reach
