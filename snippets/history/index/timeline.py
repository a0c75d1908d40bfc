import ast
from pathlib import Path

import matplotlib.pyplot as plt

import dlbasic
from dlbasic.foundations.reading_papers import parse

root = Path(dlbasic.__file__).parents[2]
pages = [page for page in (root / "docs/en/history").glob("*.md") if page.stem != "index"]
papers = {page.stem: parse(page.read_text(encoding="utf-8")) for page in pages}
order = sorted(papers, key=lambda name: (papers[name]["year"], name))
years = {name: papers[name]["year"] for name in order}

built_on = {}
for name in order:
    module = ast.parse((root / f"src/dlbasic/history/{name}.py").read_text(encoding="utf-8"))
    found = [node.module or "" for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    paths = [path.split(".") for path in found if path.count(".") == 2]
    built_on[name] = {end for top, part, end in paths if top == "dlbasic" and part != "data"}
    print(years[name], f"{papers[name]['title']:32}", ", ".join(sorted(built_on[name])))
    assert all(years[older] <= years[name] for older in built_on[name] & papers.keys())

figure, axes = plt.subplots(figsize=(8, 0.6 + 0.45 * len(order)), layout="constrained")
for row, name in enumerate(order):
    axes.plot(years[name], row, "o", color="C0")
    axes.text(years[name] + 0.15, row, papers[name]["title"], va="center")
    for older in built_on[name] & papers.keys():
        start, end = (years[older], order.index(older)), (years[name], row)
        arrow = {"arrowstyle": "->", "color": "C1", "shrinkA": 5, "shrinkB": 5}
        axes.annotate("", end, start, arrowprops=arrow | {"connectionstyle": "arc3,rad=0.25"})
axes.set(xlim=(2011.7, 2022), ylim=(len(order) - 0.5, -0.5), yticks=[])
axes.set_xticks(range(2012, 2021))
axes.spines["left"].set_visible(False)
plt.show()
