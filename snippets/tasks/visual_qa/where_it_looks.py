import matplotlib.pyplot as plt
import torch

from dlbasic.data.questions import ANSWERS, SHAPES, decode, encode
from dlbasic.data.scenes import draw
from dlbasic.tasks.visual_qa import GRID, grids_of, interview, predict, trained

model = trained(num_scenes=4096)  # two thirds of the training
scenes = draw(2048, seed=1)
counts = torch.stack([(scenes.kinds == 1 + k).sum(dim=1) for k in range(3)], dim=1)
words = torch.stack([encode(f"what colour is the {shape}") for shape in SHAPES])
chance, said = predict(model, scenes.images, words.expand(len(counts), -1, -1)).max(dim=2)
print("what colour is it?     asked   names a colour   mean probability")
for name, case in {"there is one": counts == 1, "there is none": counts == 0}.items():
    named = ((said[case] >= 7) & (said[case] <= 10)).double().mean()  # the colours of ANSWERS
    print(f"{name:21} {case.sum():6} {named:16.2f} {chance[case].mean():18.2f}")
    assert named > 0.95
assert chance[counts == 0].mean() > 0.4  # one of four colours by chance: 0.25

asked = interview(scenes, num_questions=1, seed=1)
probabilities = predict(model, scenes.images, asked.words)[:, 0]
wrong = (probabilities.argmax(dim=1) != asked.answers[:, 0]).nonzero()[:3, 0].tolist()
texts = ["what is the person doing", "what colour is the circle", "how many squares are there"]
one = int((counts == 1).all(dim=1).nonzero()[0, 0])  # a picture with one shape of each kind
shown = [(one, encode(text)) for text in texts] + [(n, asked.words[n, 0]) for n in wrong]
figure, panels = plt.subplots(2, 3, figsize=(8, 6.2), layout="constrained")
for panel, (n, question) in zip(panels.flat, shown, strict=True):
    image = scenes.images[n : n + 1]
    with torch.no_grad():
        looks = model.look(grids_of(model, image), question[None, None])[0, 0].mean(dim=0)
    light = (looks / looks.max()).view(GRID, GRID).repeat_interleave(4, 0).repeat_interleave(4, 1)
    panel.imshow(image[0].permute(1, 2, 0) * (0.4 + 0.6 * light[..., None]))
    chances = predict(model, image, question[None, None])[0, 0]
    best = chances.topk(2)
    answers = [f"{ANSWERS[k]} {p:.2f}" for p, k in zip(*best, strict=True)]
    said = ", ".join(answers) + f"\ntrue: {ANSWERS[asked.answers[n, 0]]}" * (n != one)
    panel.set(title=f"{decode(question)}?", xlabel=said, xticks=[], yticks=[])
panels[0, 0].set_ylabel("one picture")
panels[1, 0].set_ylabel("wrong answers")
plt.show()
