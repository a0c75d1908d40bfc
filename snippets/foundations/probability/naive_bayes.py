import matplotlib.pyplot as plt
import torch
from sklearn.naive_bayes import BernoulliNB

from dlbasic.data.digits import load_digits, split
from dlbasic.foundations.probability import fit_naive_bayes, log_likelihoods, posterior
from dlbasic.losses.cross_entropy import softmax

images, digits = load_digits()
pixels = images.flatten(1) > 0.5  # is there ink?
accuracy, confidence = torch.zeros(2, 10, dtype=torch.float64)

for seed in range(10):
    sets = split(pixels, digits, train=1000, validation=1, seed=seed)
    model = fit_naive_bayes(*sets.train)
    logs = log_likelihoods(model, sets.test[0])
    by_bayes = posterior(model.prior, logs.exp())

    library = BernoulliNB().fit(*sets.train).predict_proba(sets.test[0])
    by_softmax = softmax(model.prior.log() + logs)
    torch.testing.assert_close(by_bayes, torch.tensor(library), rtol=0, atol=1e-12)
    torch.testing.assert_close(by_bayes, by_softmax, rtol=0, atol=1e-12)

    highest, answers = by_bayes.max(dim=1)
    accuracy[seed] = (answers == sets.test[1]).double().mean()
    confidence[seed] = highest.mean()

print("mean of 10 splits")
print(f"right               {accuracy.mean():.2f}   (chance 0.10)")
print(f"claimed probability {confidence.mean():.2f}")
print(f"median likelihood of 64 pixels {logs.amax(dim=1).median().exp():.0e}")
assert accuracy.min() > 0.8
assert (confidence > accuracy + 0.02).all()  # too sure, in every split

figure, axes = plt.subplots(2, 5, figsize=(6, 2.9), layout="constrained")
for digit, panel in enumerate(axes.flat):
    shown = panel.imshow(model.ink[digit].view(8, 8), cmap="viridis", vmin=0, vmax=1)
    panel.set(title=f"{digit}", xticks=[], yticks=[])
figure.colorbar(shown, ax=axes, label="probability of ink")
plt.show()
