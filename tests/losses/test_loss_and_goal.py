"""Goals equal scikit-learn and their literal definitions; the temperature is the best one."""

import math

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import t as student
from sklearn import metrics
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss

from dlbasic.losses.loss_and_goal import (
    accuracy,
    expected_calibration_error,
    fit_temperature,
    flip_labels,
    mean_over_seeds,
    precision,
    recall,
    train,
)

seeds = st.integers(0, 99)
sizes = st.integers(1, 60)
classes = st.integers(2, 6)


def outcomes(seed, size, num_classes):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, num_classes, (2, size), generator=generator)


def scores(seed, size, num_classes, scale=3.0):
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(size, num_classes, generator=generator, dtype=torch.float64)
    return logits, torch.randint(0, num_classes, (size,), generator=generator)


class TestGoals:
    @given(seed=seeds, size=sizes, num_classes=classes)
    def test_equal_scikit_learn(self, seed, size, num_classes):
        predictions, labels = outcomes(seed, size, num_classes)
        settings = {
            "average": None,
            "labels": range(int(torch.stack([predictions, labels]).max()) + 1),
            "zero_division": math.nan,
        }
        assert accuracy(predictions, labels) == metrics.accuracy_score(labels, predictions)
        for ours, theirs in {
            recall: metrics.recall_score,
            precision: metrics.precision_score,
        }.items():
            expected = torch.as_tensor(theirs(labels.numpy(), predictions.numpy(), **settings))
            assert ours(predictions, labels) == pytest.approx(expected.tolist(), nan_ok=True)

    def test_a_class_without_examples_has_no_recall(self):
        found = recall(torch.tensor([0, 1, 2]), torch.tensor([0, 0, 2]))
        assert found[0] == 0.5
        assert math.isnan(found[1])
        assert found[2] == 1


class TestCalibration:
    @given(seed=seeds, size=sizes, num_classes=classes, num_bins=st.integers(1, 20))
    def test_equals_the_literal_definition(self, seed, size, num_classes, num_bins):
        logits, labels = scores(seed, size, num_classes)
        probabilities = logits.softmax(dim=1)
        expected = 0.0
        for b in range(num_bins):
            confidences, hits = [], []
            for row, label in zip(probabilities.tolist(), labels.tolist(), strict=True):
                if b / num_bins < max(row) <= (b + 1) / num_bins:
                    confidences.append(max(row))
                    hits.append(row.index(max(row)) == label)
            if hits:
                gap = abs(sum(hits) / len(hits) - sum(confidences) / len(confidences))
                expected += len(hits) / size * gap
        ours = expected_calibration_error(probabilities, labels, num_bins=num_bins)
        assert ours == pytest.approx(expected, abs=1e-12)

    def test_sure_and_wrong_is_one_and_sure_and_right_is_nil(self):
        sure = torch.eye(3)
        assert expected_calibration_error(sure, torch.tensor([0, 1, 2])) == 0
        assert expected_calibration_error(sure, torch.tensor([1, 2, 0])) == 1

    def test_a_bin_holds_its_upper_edge(self):
        rows = torch.tensor([[0.5, 0.5], [0.75, 0.25]], dtype=torch.float64)
        labels = torch.tensor([1, 0])  # excess -0.5 and +0.25: apart with two bins, one with one
        assert expected_calibration_error(rows, labels, num_bins=2) == 0.375
        assert expected_calibration_error(rows, labels, num_bins=1) == 0.125

    def test_honest_probabilities_are_calibrated(self):
        generator = torch.Generator().manual_seed(0)
        probabilities = torch.randn(20_000, 4, generator=generator).softmax(dim=1)
        labels = torch.multinomial(probabilities, 1, generator=generator).squeeze(1)
        assert expected_calibration_error(probabilities, labels) < 0.02
        sharper = probabilities.square() / probabilities.square().sum(dim=1, keepdim=True)
        assert expected_calibration_error(sharper, labels) > 0.1


class TestTemperature:
    @given(seed=seeds, num_classes=classes)
    def test_equals_a_search_by_scipy(self, seed, num_classes):
        logits, _ = scores(seed, 200, num_classes)
        generator = torch.Generator().manual_seed(seed)
        labels = torch.multinomial((logits / 2).softmax(dim=1), 1, generator=generator).squeeze(1)

        def loss(log_temperature):
            return cross_entropy(logits / math.exp(log_temperature), labels).item()

        searched = minimize_scalar(loss, bounds=(-3, 4), method="bounded", options={"xatol": 1e-9})
        # a search by values sees only half of the digits: near its minimum the loss is flat
        assert fit_temperature(logits, labels) == pytest.approx(math.exp(searched.x), rel=1e-6)

    @given(seed=seeds, scale=st.sampled_from([1e-6, 0.1, 7.0, 1e6]), shift=st.floats(-9, 9))
    def test_scales_with_the_logits_and_ignores_a_shift(self, seed, scale, shift):
        logits, labels = scores(seed, 50, 3)
        assume(logits.mean() + 0.05 < logits.gather(1, labels[:, None]).mean())
        once = fit_temperature(logits, labels)
        assert fit_temperature(scale * logits, labels) == pytest.approx(scale * once, rel=1e-9)
        assert fit_temperature(logits + shift, labels) == pytest.approx(once, rel=1e-9)

    def test_the_slope_of_the_loss_is_nil_there(self):
        logits, _ = scores(1, 300, 5)
        generator = torch.Generator().manual_seed(1)
        labels = torch.multinomial((logits / 3).softmax(dim=1), 1, generator=generator).squeeze(1)
        temperature = torch.tensor(fit_temperature(logits, labels), dtype=torch.float64)
        temperature.requires_grad_()
        (slope,) = torch.autograd.grad(cross_entropy(logits / temperature, labels), temperature)
        assert abs(slope.item()) < 1e-12

    @pytest.mark.parametrize("labels", [[0, 1], [1, 0]])
    def test_refuses_when_none_is_best(self, labels, refuses):
        with refuses("labels must have a mean logit between the mean, 1, and the mean largest, 2,"):
            fit_temperature(torch.tensor([[2.0, 0.0], [0.0, 2.0]]), torch.tensor(labels))


class TestNoise:
    @pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
    def test_every_other_class_is_as_likely(self, rate):
        labels = torch.full([30_000], 2)
        noisy = flip_labels(
            labels, rate=rate, num_classes=4, generator=torch.Generator().manual_seed(0)
        )
        shares = noisy.bincount(minlength=4) / len(labels)
        expected = [rate / 3, rate / 3, 1 - rate, rate / 3]
        assert shares.tolist() == pytest.approx(expected, abs=0.02)

    def test_the_generator_decides_and_the_labels_stay(self):
        labels = torch.arange(10).repeat(10)
        before = labels.clone()
        first, again, other = (
            flip_labels(
                labels, rate=0.5, num_classes=10, generator=torch.Generator().manual_seed(seed)
            )
            for seed in (1, 1, 2)
        )
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert torch.equal(labels, before)


class TestSeeds:
    @given(values=st.lists(st.floats(-100, 100), min_size=2, max_size=30))
    def test_the_interval_is_student_s(self, values):
        sample = torch.tensor(values, dtype=torch.float64)
        mean, half_width = mean_over_seeds(values)
        error = sample.std().item() / math.sqrt(len(values))
        assert mean == pytest.approx(sample.mean().item())
        assert half_width == pytest.approx(student.ppf(0.975, len(values) - 1) * error)
        assert mean_over_seeds(sample) == (mean, half_width)

    def test_it_covers_the_truth_in_95_of_100(self):
        samples = torch.randn(2000, 5, generator=torch.Generator().manual_seed(0))
        covered = [abs(mean) < half for mean, half in map(mean_over_seeds, samples)]
        assert sum(covered) / 2000 == pytest.approx(0.95, abs=0.02)

    def test_it_prints_both_numbers(self):
        assert f"{mean_over_seeds([1.0, 1.0]):.2f}" == "1.00 ± 0.00"

    def test_refuses_one_seed_and_nan(self, refuses):
        with refuses("values must be at least 2, got 1"):
            mean_over_seeds([1.0])
        with refuses("values must be finite"):
            mean_over_seeds([1.0, math.nan])


class TestTrain:
    def test_equals_a_plain_loop_and_tells_of_the_model_as_it_is(self):
        inputs, targets = torch.randn(2, 20, 3, generator=torch.Generator().manual_seed(0))
        ours, reference = nn.Linear(3, 3), nn.Linear(3, 3)
        reference.load_state_dict(ours.state_dict())
        optimizer = torch.optim.Adam(reference.parameters(), lr=0.1)
        seen = []
        for step, loss in train(ours, inputs, targets, loss=mse_loss, steps=5, learning_rate=0.1):
            value = mse_loss(reference(inputs), targets)
            assert loss == value.item() == mse_loss(ours(inputs), targets).item()
            seen.append(step)
            if step < 5:
                optimizer.zero_grad()
                value.backward()
                optimizer.step()
        assert seen == [0, 1, 2, 3, 4, 5]
        assert torch.equal(ours.weight, reference.weight)

    @pytest.mark.parametrize(("steps", "learning_rate"), [(0, 0.1), (5, 0.0), (5, math.nan)])
    def test_refuses_settings_at_the_call(self, steps, learning_rate, refuses):
        with refuses(f"steps and learning_rate must be positive, got {steps}, {learning_rate}"):
            train(
                nn.Linear(1, 1),
                torch.zeros(2, 1),
                torch.zeros(2, 1),
                loss=mse_loss,
                steps=steps,
                learning_rate=learning_rate,
            )

    def test_refuses_targets_of_another_number(self, refuses):
        with refuses("targets must be as many as inputs, 2, got 3"):
            train(nn.Linear(1, 1), torch.zeros(2, 1), torch.zeros(3, 1), loss=mse_loss)


def test_train_refuses_to_go_on_without_a_finite_loss(refuses):
    inputs = torch.tensor([[math.inf]])
    steps = train(nn.Linear(1, 1), inputs, torch.zeros(1, 1), loss=mse_loss)
    with refuses("loss must stay finite, got"):
        next(steps)


def flip(labels):
    return flip_labels(labels, rate=0.1, num_classes=3, generator=torch.Generator())


OF_LABELS = {
    "accuracy": lambda labels: accuracy(torch.zeros(3).long(), labels),
    "recall": lambda labels: recall(torch.zeros(3).long(), labels),
    "precision": lambda labels: precision(torch.zeros(3).long(), labels),
    "calibration": lambda labels: expected_calibration_error(torch.eye(3), labels),
    "temperature": lambda labels: fit_temperature(torch.eye(3), labels),
    "flip": flip,
}


@pytest.mark.parametrize("name", OF_LABELS)
class TestRefusesLabels:
    @pytest.mark.parametrize("bad", [torch.zeros(3), torch.zeros(3, 1).long()])
    def test_of_another_type_or_shape(self, name, refuses, bad):
        with refuses("must be class numbers, torch.int64 of shape (example), got torch."):
            OF_LABELS[name](bad)

    def test_that_are_a_list(self, name, refuses):
        with refuses("must be a tensor (example), got list"):
            OF_LABELS[name]([0, 1, 2])

    def test_that_are_none(self, name, refuses):
        with refuses("must not be empty"):
            OF_LABELS[name](torch.zeros(0).long())

    def test_that_are_negative(self, name, refuses):
        with refuses("must be classes from 0"):
            OF_LABELS[name](torch.tensor([0, -1, 1]))


@pytest.mark.parametrize("name", [name for name in OF_LABELS if name != "flip"])
def test_refuses_too_few_labels(name, refuses):
    with refuses("labels must hold 3 classes, one per example, got 2"):
        OF_LABELS[name](torch.tensor([0, 1]))


@pytest.mark.parametrize("name", ["calibration", "temperature", "flip"])
def test_refuses_a_label_beyond_the_last_class(name, refuses):
    with refuses("labels must be classes from 0 to 2, got 3"):
        OF_LABELS[name](torch.tensor([0, 1, 3]))


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan])
def test_flip_labels_refuses_a_rate_that_is_no_probability(bad, refuses):
    with refuses(f"rate must be in [0, 1], got {bad}"):
        flip_labels(torch.tensor([0, 1]), rate=bad, num_classes=2, generator=torch.Generator())


def test_flip_labels_refuses_a_single_class(refuses):
    with refuses("num_classes must be at least 2, got 1"):
        flip_labels(torch.zeros(2).long(), rate=0.5, num_classes=1, generator=torch.Generator())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[0.5, 0.6]], "probabilities must sum to 1 in every row, got 1.1 in row 0"),
        ([[0.2, 0.2]], "probabilities must sum to 1 in every row, got 0.4 in row 0"),
        ([[1.5, -0.5]], "probabilities must not be negative, got -0.5"),
    ],
    ids=["above 1", "below 1", "negative"],
)
def test_calibration_refuses_rows_that_are_no_probabilities(rows, words, refuses):
    with refuses(words):
        expected_calibration_error(torch.tensor(rows), torch.tensor([0]))


def test_calibration_refuses_no_bins(refuses):
    with refuses("num_bins must be positive, got 0"):
        expected_calibration_error(torch.eye(2), torch.tensor([0, 1]), num_bins=0)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_temperature_refuses_logits_that_are_not_finite(bad, refuses):
    with refuses("logits must be finite, got 1 NaN or infinite values"):
        fit_temperature(torch.tensor([[0.0, bad]]), torch.tensor([0]))
