import torch
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.neural_network import BernoulliRBM, MLPClassifier

from dlbasic.data.digits import split
from dlbasic.history import gan
from dlbasic.losses.loss_and_goal import mean_over_seeds

sets = split(*gan.small_digits(), train=3500, validation=500)
(x, labels), (validation, _), (test, test_labels) = sets
judge = MLPClassifier(64, tol=1e-3, random_state=0).fit(x, labels)
print(f"the judge reads {judge.score(test, test_labels):.1%} of unseen digits\n")
eigenvalues, axes = torch.linalg.eigh(x.T.cov())


def features(images):
    hidden = images.numpy() @ judge.coefs_[0] + judge.intercepts_[0]
    return torch.tensor(hidden).relu().double()


def rivals(seed):
    torch.manual_seed(seed)
    yield "real ones (training)", x[torch.randperm(len(x))[:1000]]
    means = KMeans(1000, init="random", n_init=1, max_iter=5, random_state=seed).fit(x)
    yield "k-means centroids", torch.tensor(means.cluster_centers_, dtype=torch.float32)
    codes = (x - x.mean(0)) @ axes[:, -30:]
    mixture = GaussianMixture(20, reg_covar=1e-3, tol=0.01, random_state=seed).fit(codes)
    drawn = torch.tensor(mixture.sample(1000)[0], dtype=torch.float32)
    yield "mixture of Gaussians", (x.mean(0) + drawn @ axes[:, -30:].T).clamp(0, 1)
    machine = BernoulliRBM(128, learning_rate=0.05, batch_size=50, random_state=seed).fit(x)
    chain = torch.bernoulli(x.mean(0).expand(1000, -1)).numpy()
    for _ in range(50):
        chain = machine.gibbs(chain)
    logits = machine.transform(chain) @ machine.components_ + machine.intercept_visible_
    yield "Boltzmann machine", torch.tensor(logits, dtype=torch.float32).sigmoid()
    drawn = torch.randn(1000, 144) * eigenvalues.clamp(min=0).sqrt()
    yield "one Gaussian", (x.mean(0) + drawn @ axes.T).clamp(0, 1)
