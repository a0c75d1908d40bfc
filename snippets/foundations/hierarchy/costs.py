import torch
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from dlbasic.foundations.hierarchy import deal, look, network, signs

(x, y), _, _ = deal(seed=0)
pixels = x.flatten(1)
num_pixels = pixels.shape[1]
linear = LogisticRegression(tol=1e-3, max_iter=500).fit(pixels, y)
support = SVC(C=10, gamma=0.1).fit(pixels, y)
vectors, pairs = len(support.support_vectors_), support.intercept_.size

net, picture, products = network(), x[:1, None], 0
for layer in net:
    picture = layer(picture)
    if isinstance(layer, torch.nn.Conv2d):  # every weight is used at every place of the output
        products += layer.weight.numel() * picture[0, 0].numel()
limits = sum(len(found) for found in signs(look(x[:1])).values())

print("reads pixels               numbers kept   products per image")
costs = {
    "rules": (limits, 0),
    "logistic regression": (linear.coef_.size + linear.intercept_.size, linear.coef_.size),
    "SVM": (vectors * (num_pixels + 9) + pairs, vectors * (num_pixels + 9)),
    "nearest neighbour": (pixels.numel(), pixels.numel()),
    "network": (sum(weights.numel() for weights in net.parameters()), products),
}
for way, (kept, multiplied) in costs.items():
    print(f"  {way:22} {kept:14,} {multiplied:17,}")
assert costs["rules"][0] < costs["logistic regression"][0] < costs["network"][0]
assert costs["network"][0] < costs["SVM"][0] < costs["nearest neighbour"][0]
