import torch

from dlbasic.data.questions import TYPES
from dlbasic.data.scenes import draw
from dlbasic.tasks.visual_qa import VisualQA, accuracy_by_type, interview, predict, train, trained

scenes, held_out = draw(6144, seed=1000), draw(2048, seed=1)
taught = interview(scenes, num_questions=8, seed=1000)
asked = interview(held_out, num_questions=4, seed=1)
model = trained(seed=0)
blank, nothing = torch.tensor(0.4), torch.tensor(1)  # a grey picture, and one word for all


def accuracies(predicted):
    parts = accuracy_by_type(predicted, asked.answers, asked.types).tolist()
    return [(predicted == asked.answers).double().mean().item(), *parts]


def half_of(images, words):
    """The same eyes and a new head, which is taught from one half of what there is to know."""
    other = VisualQA()
    other.eyes.load_state_dict(model.eyes.state_dict())
    for _ in train(other, images(scenes), taught._replace(words=words(taught)), epochs=1):
        pass
    return predict(other, images(held_out), words(asked)).argmax(dim=2)


torch.manual_seed(0)
majority = torch.stack([taught.answers[taught.types == k].mode().values for k in range(5)])
guesses = {
    "one answer to everything": taught.answers.flatten().mode().values.expand_as(asked.answers),
    "one answer to each type": majority[asked.types],
    "picture without question": half_of(lambda s: s.images, lambda q: nothing.expand_as(q.words)),
    "question without picture": half_of(lambda s: blank.expand_as(s.images), lambda q: q.words),
    "both": predict(model, held_out.images, asked.words).argmax(dim=2),
}
print(f"{'':26}" + "".join(f"{name:>10}" for name in ("all", *TYPES)))
table = {name: accuracies(predicted) for name, predicted in guesses.items()}
for name, row in table.items():
    print(f"{name:26}" + "".join(f"{part:10.2f}" for part in row))
one, each, unasked, unseen, both = (row[0] for row in table.values())
assert max(one, each, unasked, unseen) < both - 0.3
assert abs(unseen - each) < 0.05  # nothing more than this is in the words
assert unasked < each
