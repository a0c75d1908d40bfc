"""Looking equals torch's attention, a picture and a question both change the answer."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score
from torch.nn import functional

from dlbasic.data.questions import ANSWERS, TYPES, WORDS, ask, encode
from dlbasic.data.scenes import ACTIVITIES, COLOURS, JOINTS, PERSON, draw
from dlbasic.tasks.visual_qa import (
    GRID,
    HEADS,
    THINGS,
    VisualQA,
    accuracy_by_type,
    answer_loss,
    grids_of,
    interview,
    map_loss,
    predict,
    train,
    train_eyes,
    what_is_where,
)

SCENES = draw(48, seed=7)
ASKED = interview(SCENES, num_questions=4, seed=7)


@pytest.fixture
def model() -> VisualQA:
    torch.manual_seed(0)
    return VisualQA()


def test_an_interview_is_made_of_rounds_of_questions():
    for k, question in enumerate(zip(*(part.unbind(1) for part in ASKED), strict=True)):
        for ours, theirs in zip(question, ask(SCENES, seed=7000 + k), strict=True):
            assert torch.equal(ours, theirs)


def test_the_maps_say_what_covers_each_cell_pixel_by_pixel():
    maps = what_is_where(SCENES).unflatten(1, (GRID, GRID))
    things, colours = len(THINGS), len(COLOURS)
    assert maps.shape == (48, GRID, GRID, 2 * things + colours + len(JOINTS))
    for n in (47,):
        expected = torch.zeros_like(maps[n])
        objects, colour = SCENES.objects[n].tolist(), SCENES.colours[n].tolist()
        for y in range(48):
            for x in range(48):
                seen = objects[y][x] - 1
                if seen < 0:
                    continue
                thing = int(SCENES.kinds[n, seen]) - 1
                thing += int(SCENES.activities[n]) if seen == PERSON else 0
                expected[y // 4, x // 4, thing] += 1 / 16
                if seen != PERSON:
                    expected[y // 4, x // 4, things + colour[seen]] += 1 / 16
        for k, box in enumerate(SCENES.boxes[n]):
            if SCENES.kinds[n, k]:
                thing = int(SCENES.kinds[n, k]) - 1 + (k == PERSON) * int(SCENES.activities[n])
                column, row = int((box[0] + box[2]) / 8), int((box[1] + box[3]) / 8)
                expected[row, column, things + colours + thing] = 1
        for k, (x, y) in enumerate(SCENES.joints[n]):
            expected[int(y / 4), int(x / 4), 2 * things + colours + k] = 1
        torch.testing.assert_close(maps[n], expected)


def test_each_head_looks_as_the_attention_of_torch_does(model):
    grids = grids_of(model, SCENES.images[:3])
    with torch.no_grad():
        queries = model.queries(model.read(ASKED.words[:3])).unflatten(2, (HEADS, -1))
        looks = model.look(grids, ASKED.words[:3])
    one_grid = grids[:, None].expand(-1, HEADS, -1, -1)
    expected = functional.scaled_dot_product_attention(queries.transpose(1, 2), one_grid, one_grid)
    found = torch.einsum("sqhc,scd->shqd", looks, grids)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)  # float32
    torch.testing.assert_close(looks.sum(dim=3), torch.ones(3, 4, HEADS))


def test_the_last_two_channels_are_the_column_and_the_row(model):
    places = grids_of(model, SCENES.images[:1])[0, :, -2:].unflatten(0, (GRID, GRID))
    torch.testing.assert_close(places[3, :, 0], torch.linspace(-1, 1, GRID))
    torch.testing.assert_close(places[:, 3, 1], torch.linspace(-1, 1, GRID))


def test_the_answers_depend_on_the_picture_and_on_the_question(model):
    words = ASKED.words[:2]
    answers = predict(model, SCENES.images[:2], words)
    assert answers.shape == (2, 4, len(ANSWERS))
    torch.testing.assert_close(answers.sum(dim=2), torch.ones(2, 4))
    assert not torch.equal(answers, predict(model, SCENES.images[:2].flip(0), words))
    assert not torch.equal(answers, predict(model, SCENES.images[:2], words.flip(0)))
    turned = predict(model, SCENES.images[:2].flip(0), words.flip(0)).flip(0)
    torch.testing.assert_close(answers, turned)  # and on those of no other scene


def test_the_order_of_the_words_is_lost_and_padding_says_nothing(model):
    words = encode("is there a red circle")
    shuffled = words[torch.tensor([3, 1, 6, 0, 4, 2, 5])]
    with torch.no_grad():
        vectors = model.read(torch.stack([words, shuffled, encode("is there a blue circle")])[None])
    torch.testing.assert_close(vectors[0, 0], vectors[0, 1])
    assert not torch.allclose(vectors[0, 0], vectors[0, 2])


def test_the_gradient_reaches_every_weight(model):
    grids = model.see(SCENES.images)
    loss = answer_loss(model(grids, ASKED.words), ASKED.answers)
    (loss + map_loss(model.maps(grids), what_is_where(SCENES))).backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name
    assert sum(weight.numel() for weight in model.parameters()) < 300_000


@settings(max_examples=30)
@given(scenes=st.integers(1, 4), questions=st.integers(1, 5), scale=st.sampled_from([0.1, 1, 100]))
def test_the_loss_of_the_answers_equals_torch(scenes, questions, scale):
    generator = torch.Generator().manual_seed(scenes * 10 + questions)
    logits = scale * torch.randn(scenes, questions, 16, generator=generator, dtype=torch.float64)
    answers = torch.randint(16, (scenes, questions), generator=generator)
    logits.requires_grad_()
    loss = answer_loss(logits, answers)
    expected = functional.cross_entropy(logits.flatten(0, 1), answers.flatten())
    torch.testing.assert_close(loss, expected, rtol=1e-12, atol=1e-14)
    gradients = (torch.autograd.grad(value, logits)[0] for value in (loss, expected))
    torch.testing.assert_close(*gradients, rtol=1e-10, atol=1e-14)


def test_the_loss_of_the_maps_equals_torch():
    generator = torch.Generator().manual_seed(0)
    logits = 5 * torch.randn(3, 7, 9, generator=generator, dtype=torch.float64)
    maps = torch.rand(3, 7, 9, generator=generator, dtype=torch.float64)
    weights = torch.tensor([4.0] * 3 + [1.0] * 6)
    logits.requires_grad_()
    expected = functional.binary_cross_entropy_with_logits(logits, maps, weights, reduction="sum")
    loss, expected = map_loss(logits, maps), expected / 21
    torch.testing.assert_close(loss, expected, rtol=1e-12, atol=0)
    gradients = (torch.autograd.grad(value, logits)[0] for value in (loss, expected))
    torch.testing.assert_close(*gradients, rtol=1e-10, atol=1e-14)
    assert torch.autograd.gradcheck(map_loss, (logits[:1, :2], maps[:1, :2]))


@settings(max_examples=20)
@given(questions=st.integers(1, 30), seed=st.integers(0, 9))
def test_the_accuracy_equals_that_of_a_library_for_each_type(questions, seed):
    generator = torch.Generator().manual_seed(seed)
    shape = (3, questions)
    predicted = torch.randint(3, shape, generator=generator)
    answers = torch.randint(3, shape, generator=generator)
    types = torch.randint(len(TYPES), shape, generator=generator)
    for k, part in enumerate(accuracy_by_type(predicted, answers, types)):
        asked = types == k
        if asked.any():
            assert part == pytest.approx(accuracy_score(answers[asked], predicted[asked]))
        else:
            assert part.isnan()


def test_the_losses_fall_and_a_seed_gives_one_result():
    results = [losses_of_both_stages() for _ in range(2)]
    eyes, answers = results[0]
    assert results[0] == results[1]
    assert len(eyes) == 15
    assert sum(eyes[-3:]) < 0.6 * sum(eyes[:3])
    assert sum(answers[-3:]) < 0.75 * sum(answers[:3])


def losses_of_both_stages() -> tuple[list[float], list[float]]:
    torch.manual_seed(0)
    model = VisualQA()
    eyes = [step.loss for step in train_eyes(model, SCENES, epochs=5)]
    before = [weight.clone() for weight in model.eyes.parameters()]
    steps = train(model, SCENES.images, ASKED, epochs=4, batch_size=8, seed=1)
    answers = [step.loss for step in steps]
    assert all(map(torch.equal, before, model.eyes.parameters()))  # the eyes stay as they are
    return eyes, answers


class TestRefuses:
    def test_a_word_that_nobody_knows(self, refuses):
        with refuses("question must use the words"):
            encode("is there a purple circle")

    def test_numbers_that_are_no_words(self, model, refuses):
        with refuses(f"words must be from 0 to {len(WORDS)}, got 0 to 99"):
            predict(model, SCENES.images[:1], torch.tensor([[[0, 99]]]))

    @pytest.mark.parametrize("words", [torch.ones(1, 7).long(), torch.ones(1, 0, 7).long()])
    def test_words_without_the_axes(self, model, refuses, words):
        with refuses("words must be (scene, question, word) and not empty"):
            predict(model, SCENES.images[:1], words)

    def test_words_as_numbers_with_a_point(self, model, refuses):
        with refuses("words must be a tensor of int64, got torch.float32"):
            predict(model, SCENES.images[:1], torch.ones(1, 1, 7))

    def test_questions_about_other_pictures(self, model, refuses):
        with refuses("words must be of 2 pictures, got 1"):
            predict(model, SCENES.images[:2], ASKED.words[:1])

    def test_a_picture_of_another_size(self, model, refuses):
        with refuses("images must be (3, 48, 48), got (3, 32, 48)"):
            predict(model, torch.zeros(1, 3, 32, 48), ASKED.words[:1])

    def test_no_picture(self, model, refuses):
        with refuses("images must not be empty"):
            predict(model, torch.zeros(0, 3, 48, 48), ASKED.words[:1])

    def test_a_picture_that_is_not_finite(self, model, refuses):
        with refuses("images must be finite"):
            predict(model, torch.full((1, 3, 48, 48), torch.nan), ASKED.words[:1])

    @pytest.mark.parametrize("count", [0, 2.0])
    def test_no_questions(self, refuses, count):
        with refuses(f"num_questions must be a positive integer, got {count}"):
            interview(SCENES, num_questions=count)

    def test_answers_that_do_not_pair_up(self, refuses):
        with refuses("answers must have the shape of the questions, (2, 3), got (2, 1)"):
            answer_loss(torch.zeros(2, 3, 16), torch.zeros(2, 1).long())

    def test_an_answer_that_is_none(self, refuses):
        with refuses("answers must be from 0 to 15, got 16 to 16"):
            answer_loss(torch.zeros(1, 1, 16), torch.tensor([[16]]))

    def test_maps_of_another_shape(self, refuses):
        with refuses("maps must have the shape of logits"):
            map_loss(torch.zeros(1, 4, 5), torch.zeros(1, 1, 5))

    def test_more_epochs_than_questions(self, model, refuses):
        with refuses("one an epoch or more"):
            next(train(model, SCENES.images, ASKED, epochs=5))

    def test_questions_about_fewer_pictures_than_there_are(self, model, refuses):
        with refuses("words must be of all images"):
            next(train(model, SCENES.images[:40], ASKED))

    @pytest.mark.parametrize(
        "setting", [{"batch_size": 0}, {"batch_size": 49}, {"epochs": 0}, {"learning_rate": 0.0}]
    )
    def test_settings_that_are_not_positive(self, model, refuses, setting):
        with refuses("rate and sizes must be positive"):
            next(train(model, SCENES.images, ASKED, **setting))

    def test_types_that_do_not_pair_up(self, refuses):
        pair = torch.zeros(1, 2).long()
        with refuses("types must have the shape of answers, (1, 2), got (1, 1)"):
            accuracy_by_type(pair, pair, torch.zeros(1, 1).long())

    def test_a_type_that_is_none(self, refuses):
        one = torch.zeros(1, 1).long()
        with refuses("types must be from 0 to 4, got 5 to 5"):
            accuracy_by_type(one, one, torch.tensor([[5]]))


def test_a_person_counts_as_what_is_done():
    assert THINGS[3:] == ACTIVITIES
