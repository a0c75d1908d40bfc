import torch

from dlbasic.history.adam import Adam, LogisticRegression, sparse_problem, train

words, areas = sparse_problem()
models = [LogisticRegression(words.shape[1], areas.shape[1]) for _ in range(3)]
optimizers = [
    torch.optim.SGD(models[0].parameters(), lr=3.0),
    torch.optim.Adagrad(models[1].parameters(), lr=1.0),
    Adam(models[2].parameters(), learning_rate=0.1),
]
list(train(models, optimizers, words, areas))
distance = torch.stack([model.weight.detach().norm(dim=1) for model in models])
present = (words > 0).float().mean(0)  # the columns are sorted: the most frequent word first

print("words by rank   in paragraphs    moved by SGD   by AdaGrad   by Adam")
for first, last in [(0, 10), (10, 100), (100, 300), (300, 1000)]:
    sgd, adagrad, adam = distance[:, first:last].mean(1)
    share = present[first:last].mean()
    print(f"{first + 1:4} to {last:4} {share:14.1%} {sgd:15.2f} {adagrad:12.2f} {adam:9.2f}")

rare_over_frequent = distance[:, 300:].mean(1) / distance[:, :10].mean(1)
assert rare_over_frequent[0] < 1
assert rare_over_frequent[1:].min() > 2
