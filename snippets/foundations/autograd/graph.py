import matplotlib.pyplot as plt

from dlbasic.foundations.autograd import Variable, results_first

w, b = Variable(2.0), Variable(1.0)
x, y = Variable(3.0, requires_grad=False), Variable(5.0, requires_grad=False)
product = w * x
prediction = product + b
residual = prediction - y
loss = residual**2 + w**2
for result in results_first(loss):
    result.retain_grad()  # for the figure
loss.backward()

square, penalty = loss.parents
place = {w: (0, 0.5), product: (1, 0), prediction: (2, 0), residual: (3, 0), square: (4, 0)}
place |= {penalty: (4, 1), loss: (5, 0.5), x: (0, -0.7), b: (1, -1), y: (2, -1)}
leaves = {w: "w", x: "x", b: "b", y: "y"}
figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
for node, (column, row) in place.items():
    gradient = "constant" if node.grad is None else f"grad {node.grad:g}"
    text = f"{leaves.get(node, node.operation)}\n{node.value:g}\n{gradient}"
    box = {"boxstyle": "round", "facecolor": "none", "edgecolor": "C1" if node.parents else "C0"}
    axes.text(column, row, text, ha="center", va="center", bbox=box)
    for parent in node.parents:
        arrow = {"arrowstyle": "->", "color": "grey", "shrinkA": 28, "shrinkB": 28}
        axes.annotate("", (column, row), place[parent], arrowprops=arrow)
axes.set(xlim=(-0.5, 5.5), ylim=(-1.4, 1.4))
axes.axis("off")
plt.show()

ways = product.grad * x.value, penalty.grad * 2 * w.value
print(f"w receives {ways[0]:g} through the product and {ways[1]:g} through the square: {w.grad:g}")
assert w.grad == sum(ways) == 2 * (2 * 3 + 1 - 5) * 3 + 2 * 2
