from dlbasic.data.digits import load_digits, split
from dlbasic.foundations.linear_algebra import cosine_similarity

images, digits = load_digits()
right, used = {"dot product": [], "cosine": []}, {"dot product": [], "cosine": []}
for seed in range(10):
    known, _, new = split(images.flatten(1), digits, train=1000, validation=1, seed=seed)
    similarities = {
        "dot product": new[0] @ known[0].T,  # (new, known): every pair by one multiplication
        "cosine": cosine_similarity(new[0], known[0]),
    }
    for name, similarity in similarities.items():
        nearest = similarity.argmax(dim=1)
        right[name].append((known[1][nearest] == new[1]).double().mean())
        used[name].append(len(nearest.unique()))

print("nearest by     right (ten splits)   known digits that are ever nearest")
for name in right:
    accuracy = f"{min(right[name]):.1%}–{max(right[name]):.1%}"
    print(f"{name:14} {accuracy:20} {min(used[name])}–{max(used[name])} of 1000")
assert min(right["cosine"]) > 0.95 > 0.9 > max(right["dot product"])
