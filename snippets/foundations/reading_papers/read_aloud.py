import torch

from dlbasic.history.adam import Adam, LogisticRegression, dense_problem, train
from dlbasic.losses.cross_entropy import cross_entropy

# Data: 8×8 pixels of a handwritten digit in, which of the ten it is out
pixels, digits = dense_problem()
# Model: multinomial logistic regression, a weight for each pixel and digit
model = LogisticRegression(num_features=64, num_classes=10)
# Loss: the negative log-likelihood, which is cross-entropy
first_loss = cross_entropy(model(pixels), digits)
# Algorithm: Adam, one learning rate for all weights, and for each weight a step of its own
optimizer = Adam(model.parameters(), learning_rate=0.03)
list(train([model], [optimizer], pixels[:1000], digits[:1000], steps=150))

logits = model(pixels[1000:])
last_loss = cross_entropy(logits, digits[1000:])
accuracy = (logits.argmax(dim=1) == digits[1000:].argmax(dim=1)).float().mean()
print(f"data       {len(pixels)} images of {pixels.shape[1]} pixels, {digits.shape[1]} classes")
print(f"model      {model.weight.numel()} numbers to learn")
print(f"loss       {first_loss:.2f} nats before training, {last_loss:.2f} after, on unseen images")
print(f"algorithm  150 steps; {accuracy:.0%} of the unseen digits are right")
assert torch.isclose(first_loss, torch.tensor(10.0).log())
assert accuracy > 0.85
