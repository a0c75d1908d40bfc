# %% [markdown]
# # A claim you doubt
#
# **How does one find out in an afternoon whether a claim is true where one works?**
# Write down what would count as *holds*, *null* and *reverses* before the first run, run it in pairs, and then ask how
# many runs the answer really needed.
#
# This notebook does so with a technique that no chapter of this course measures. Download it, put in a claim of your
# own, and run it again: everything that belongs to this one claim stands in the next two cells.
# %% [markdown]
# ## Before the first run
#
# *Label smoothing* takes a little probability off the right class and gives it to all classes alike. With $C$ classes
# and a one-hot target $y$, the network is trained towards
#
# $$\tilde y = (1 - \varepsilon)\, y + \frac{\varepsilon}{C}$$
#
# The paper behind it reports a better top-1 error on ImageNet with $\varepsilon = 0.1$ [1]. A doubt is easy to have:
# that was a large network with right labels. Here is a small one, three of whose ten labels are wrong.
# %%
import matplotlib.pyplot as plt
import torch
from scipy.stats import t

from dlbasic.regularization.bench import fit, load_problem, measure, predict


def smooth(inputs, targets, generator, *, epsilon=0.1):
    """What is doubted: the same pictures, and targets that are a little less sure."""
    return inputs, (1 - epsilon) * targets + epsilon / targets.shape[1]


def accuracy(seed, wrong=0.3, mix=None):
    """The measure, decided on before: how many new digits are named as what they show."""
    problem = load_problem(seed=seed, wrong=wrong)
    network = fit(problem.train, seed=seed, mix=mix)
    return measure(predict(network, problem.test.inputs), problem.test.truth).accuracy


# %%
READING = {
    "claim": "label smoothing raises the accuracy on new examples",
    "seeds": 20,
    "matters": 0.02,  # less than two digits in a hundred changes nothing for us
}


def verdict(differences):
    """Holds or reverses if the 95% interval says so; null if it lies within what matters."""
    mean = differences.mean().item()
    count = len(differences)
    half = t.ppf(0.975, count - 1) * differences.std().item() / count**0.5
    if mean - half > 0:
        word = "holds"
    elif mean + half < 0:
        word = "reverses"
    else:
        word = "null" if abs(mean) + half < READING["matters"] else "too few runs to say"
    return word, mean, half


# %% [markdown]
# ## Run it in pairs
#
# Both runs of a pair share the split, the wrong labels, the first weights and the batches. What differs is the claim
# alone, so most of the luck cancels when one result is taken from the other.
# %%
seeds = range(READING["seeds"])
plain = torch.tensor([accuracy(seed) for seed in seeds])
smoothed = torch.tensor([accuracy(seed, mix=smooth) for seed in seeds])
differences = smoothed - plain
word, mean, half = verdict(differences)
print(f"without  {plain.mean():.3f}, from run to run ± {plain.std():.3f}")
print(f"with     {smoothed.mean():.3f}, from run to run ± {smoothed.std():.3f}")
print(f"in pairs {mean:+.3f} ± {half:.3f}, from pair to pair ± {differences.std():.3f}")
print(f"verdict  {READING['claim']}: {word}")
# %% [markdown]
# ## How many runs did that take?
#
# Take fewer of the pairs, many times over, and ask for the verdict each time. This says how often somebody with less
# patience would have said the same, and how often the opposite.
# %%
generator = torch.Generator().manual_seed(0)
shares = {}
for count in (3, 5, 10):
    words = []
    for _ in range(500):
        some = torch.randperm(len(differences), generator=generator)[:count]
        words.append(verdict(differences[some])[0])
    shares[count] = {w: words.count(w) / len(words) for w in sorted(set(words))}
    print(count, "runs:", ", ".join(f"{w} {share:.0%}" for w, share in shares[count].items()))
assert all(abs(sum(share.values()) - 1) < 1e-9 for share in shares.values())
# %% [markdown]
# ## Where does it turn?
#
# One verdict belongs to one setting. The doubt was about wrong labels, so let their share go from none to nearly half,
# with ten pairs each.
# %% alt="Label smoothing gains about one digit in a hundred where no labels are wrong or few. With three in ten wrong or more, the interval of the gain reaches below zero."
rates = (0.0, 0.15, 0.3, 0.45)
gains = []
for rate in rates:
    pairs = [accuracy(seed, rate, smooth) - accuracy(seed, rate) for seed in range(100, 110)]
    gains.append(verdict(torch.tensor(pairs)))
    print(f"{rate:.0%} wrong: {gains[-1][1]:+.3f} ± {gains[-1][2]:.3f}, {gains[-1][0]}")

figure, panel = plt.subplots(figsize=(6, 3), layout="constrained")
_, means, halves = zip(*gains, strict=True)
panel.errorbar([100 * rate for rate in rates], means, yerr=halves, fmt="o-", capsize=3)
panel.axhline(0, color="grey", linewidth=1)
panel.set(xlabel="wrong labels (%)", ylabel="gain in accuracy")
plt.show()

assert gains[0][1] > 0
assert gains[0][1] > gains[-1][1]
# %% [markdown]
# Where the labels are right the claim holds, though the gain is small. With more wrong labels the pairs scatter more,
# and the same number of them says less: the honest words there are *null* or *too few runs*, not *it does not help*.
# The interval stands for these ten splits of one small set of digits, and for nothing else.
#
# ## Your own claim
#
# Replace `smooth` by what you doubt, and `accuracy` by the measure that it is about. Good candidates are in the
# [table of all claims](../history/index.md) and in every paper that shows one run. Decide on `READING` first: whoever
# chooses what matters after seeing the numbers can have any verdict.
#
# ## Source
#
# 1. C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, ["Rethinking the Inception Architecture for Computer Vision"](https://arxiv.org/abs/1512.00567), 2015, section 7.
