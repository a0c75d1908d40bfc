"""An answer follows from the objects, and words become numbers and back."""

import pytest
import torch

from dlbasic.data.questions import (
    ANSWERS,
    LENGTH,
    SIDE_MARGIN,
    TYPES,
    WORDS,
    Questions,
    ask,
    decode,
    encode,
)
from dlbasic.data.scenes import ACTIVITIES, COLOURS, KINDS, PERSON, Scenes, draw


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return draw(1500, seed=3)


@pytest.fixture(scope="module")
def questions(scenes) -> Questions:
    return ask(scenes, seed=1)


def literal_answer(scenes: Scenes, n: int, question: str) -> str:
    """Answer a question about scene n by going through its objects one by one."""
    words = question.split()
    slots = zip(scenes.kinds[n], scenes.colours[n], scenes.boxes[n].tolist(), strict=True)
    objects = [(KINDS[kind - 1], COLOURS[colour], box) for kind, colour, box in slots if kind]
    middles = {kind: (box[0] + box[2]) / 2 for kind, _, box in objects}
    if question == "what is the person doing":
        return ACTIVITIES[scenes.activities[n]]
    if words[0] == "how":
        return str(sum(kind == words[2][:-1] for kind, _, _ in objects))
    if words[:3] == ["is", "there", "a"]:
        return "yes" if any([words[3], words[4]] == [c, k] for k, c, _ in objects) else "no"
    kind = words[-1] if words[0] == "what" else words[2]
    (only,) = [item for item in objects if item[0] == kind]  # asked only if it is the only one
    if words[0] == "what":
        return only[1]
    assert abs(middles[kind] - middles["person"]) >= SIDE_MARGIN
    return "yes" if middles[kind] < middles["person"] else "no"


def test_every_answer_follows_from_the_objects(scenes, questions):
    for n, (words, answer, kind) in enumerate(zip(*questions, strict=True)):
        question = decode(words)
        assert literal_answer(scenes, n, question) == ANSWERS[answer]
        first = {"is there": 0, "how many": 1, "what colour": 2, "is the": 3, "what is": 4}
        assert first[" ".join(question.split()[:2])] == kind


def test_each_type_is_asked_and_yes_is_about_as_frequent_as_no(questions):
    for kind in range(len(TYPES)):
        assert (questions.types == kind).float().mean() > 0.1
    for kind in (TYPES.index("exists"), TYPES.index("side")):
        answers = questions.answers[questions.types == kind]
        assert 0.4 < (answers == ANSWERS.index("yes")).float().mean() < 0.62


def test_the_same_scenes_are_asked_the_same_by_the_same_seed(scenes, questions):
    assert torch.equal(ask(scenes, seed=1).words, questions.words)
    assert not torch.equal(ask(scenes, seed=2).words, questions.words)


def test_scenes_without_shapes_can_be_asked_too():
    scenes = draw(600, seed=5)
    bare = (scenes.kinds[:, :PERSON] == 0).all(dim=1)
    assert bare.any()
    questions = ask(Scenes(*(truth[bare] for truth in scenes)))
    assert set(questions.types.tolist()) <= {0, 1, 4}
    assert set(questions.answers[questions.types == 0].tolist()) <= {ANSWERS.index("no")}


def test_words_become_numbers_and_back():
    for question in ("is there a red circle", "what is the person doing"):
        assert decode(encode(question)) == question
    assert torch.equal(encode("How many circles are there?"), encode("how many circles are there"))
    assert encode("what").tolist() == [1 + WORDS.index("what")] + [0] * (LENGTH - 1)


def test_what_is_no_question_is_refused(refuses):
    with refuses("question must use the words a, are, blue, circle"):
        encode("is there a purple circle")
    with refuses("got 'purple'"):
        encode("is there a purple circle")
    with refuses("question must have 1 to 7 words, got 0"):
        encode("?")
    with refuses("question must have 1 to 7 words, got 8"):
        encode("is there a a a a red circle")
    with refuses(f"words must be numbers from 0 to {len(WORDS)}, got {len(WORDS) + 1}"):
        decode([1, len(WORDS) + 1])
