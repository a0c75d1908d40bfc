import torch
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.neural_network import BernoulliRBM, MLPClassifier

from dlbasic.data.digits import split
from dlbasic.history import gan
from dlbasic.losses.loss_and_goal import mean_over_seeds

(x, y), (validation, _), (test, _) = split(*gan.small_digits(), train=3500, validation=500)
mean, axes = x.mean(0), torch.linalg.eigh(x.T.cov())[1][:, -30:]
judge = MLPClassifier(64, tol=1e-3, random_state=0).fit(x, y)
weight, bias = (torch.tensor(part[0]).float() for part in (judge.coefs_, judge.intercepts_))
dice = gan.roll(range(10))
g = gan.Generator([16, 96, 96, 144], average=mean, dice=dice)
d = gan.Discriminator(144, units=64, pieces=2, keep=(0.6, 0.8), dice=dice)
list(gan.train(g, d, x, steps=1200, dice=dice))
made = g(gan.noise(dice, 1000, 16)).detach()


def measure(images):
    rows = torch.as_tensor(images).float().clamp(0, 1)
    sigma = max(SIGMAS, key=lambda s: gan.parzen(validation, rows, sigma=s).mean())
    one, other = ((part @ weight + bias).relu().double() for part in (rows, test))
    rarest = torch.tensor(judge.predict(rows)).bincount(minlength=10).min()
    nats = gan.parzen(test, rows, sigma=sigma).mean()
    return nats, gan.frechet_distance(one, other), rarest, torch.cdist(rows, x).amin(1).mean()


SIGMAS = (0.14, 0.16, 0.18, 0.2, 0.22, 0.25)
found = torch.zeros(6, 10, 4)
for seed in range(10):
    torch.manual_seed(seed)
    means = KMeans(1000, init="random", max_iter=5, random_state=seed).fit(x).cluster_centers_
    mixture = GaussianMixture(20, tol=0.01, reg_covar=1e-3, random_state=seed).fit(x @ axes)
    drawn = (torch.tensor(mixture.sample(1000)[0]).float() - mean @ axes) @ axes.T + mean
    rbm = BernoulliRBM(128, learning_rate=0.05, batch_size=20, random_state=seed).fit(x)
    chain = torch.bernoulli(mean.expand(1000, -1)).numpy()
    for _ in range(25):
        chain = rbm.gibbs(chain)
    ink = torch.tensor(rbm.transform(chain) @ rbm.components_ + rbm.intercept_visible_).sigmoid()
    kinds = means, x[torch.randperm(len(x))[:1000]], drawn, ink, made[seed], torch.rand(1000, 144)
    found[:, seed] = torch.tensor([measure(images) for images in kinds])

names = "k-means", "real digits", "Gaussian mixture", "Boltzmann machine", "adversarial", "noise"
print(
    "1,000 samples       Parzen, nats   Fréchet distance   rarest digit   nearest of the training"
)
for name, rows in zip(names, found, strict=True):
    nats, far, rarest, near = (mean_over_seeds(column) for column in rows.T)
    print(f"{name:18} {nats:6.1f} {far:11.2f} {rarest:13.0f} {near:14.2f}")
