"""The problem has no leak, runs are paired and repeatable, and what is measured is what it says."""

import math

import pytest
import torch
from torch import nn

from dlbasic.data.digits import load_digits
from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.regularization.bench import (
    Examples,
    Measures,
    Network,
    Outcome,
    Problem,
    adam,
    fit,
    learn,
    load_problem,
    measure,
    predict,
    train,
    trial,
)

PROBLEM = load_problem(seed=0)


def weights(network: nn.Module) -> torch.Tensor:
    return torch.cat([theta.detach().flatten() for theta in network.parameters()])


class Spy(nn.Module):
    """Remembers what passes through it, and the mode in which it did."""

    def __init__(self):
        super().__init__()
        self.seen, self.modes = [], []

    def forward(self, inputs):
        self.seen.append(inputs)
        self.modes.append(self.training)
        return inputs


class TestProblem:
    def test_every_digit_is_in_one_set_only(self):
        images, digits = load_digits()
        sizes = [len(part.inputs) for part in PROBLEM]
        assert sizes == [200, 200, 1397]
        rows = torch.cat([part.inputs for part in PROBLEM])
        everything = images.flatten(1)
        assert torch.equal(rows[_order(rows)], everything[_order(everything)])
        assert sum(int(part.truth.argmax(1).sum()) for part in PROBLEM) == int(digits.sum())

    @pytest.mark.parametrize("name", ["train", "validation", "test"])
    def test_in_every_set_three_labels_in_ten_are_wrong(self, name):
        examples = [getattr(load_problem(seed=seed), name) for seed in range(10)]
        wrong = torch.cat([(x.targets != x.truth).any(1) for x in examples]).double().mean()
        assert wrong.item() == pytest.approx(0.3, abs=0.03)

    def test_the_truth_is_what_the_images_show(self):
        images, digits = load_digits()
        for part in PROBLEM:
            nearest = torch.cdist(part.inputs, images.flatten(1)).argmin(1)
            assert torch.equal(part.truth.argmax(1), digits[nearest])

    def test_targets_are_one_hot(self):
        for examples in PROBLEM:
            for rows in (examples.targets, examples.truth):
                assert set(rows.unique().tolist()) == {0.0, 1.0}
                assert (rows.sum(1) == 1).all()

    def test_without_wrong_labels_the_labels_are_the_truth(self):
        clean = load_problem(seed=3, wrong=0.0, train=50, validation=20)
        assert [len(part.inputs) for part in clean] == [50, 20, 1727]
        assert all(torch.equal(part.targets, part.truth) for part in clean)

    def test_the_seed_decides(self):
        again, other = load_problem(seed=0), load_problem(seed=1)
        assert torch.equal(again.train.inputs, PROBLEM.train.inputs)
        assert torch.equal(again.test.targets, PROBLEM.test.targets)
        assert not torch.equal(other.train.inputs, PROBLEM.train.inputs)

    def test_refuses_what_does_not_fit(self, refuses):
        with refuses("rate must be in [0, 1], got 1.5"):
            load_problem(seed=0, wrong=1.5)
        with refuses("train, validation and the rest must hold an example each"):
            load_problem(seed=0, train=1700)

    def test_the_seed_decides_which_labels_are_wrong(self):
        wrong = []
        for seed in (0, 1):
            parts = load_problem(seed=seed)
            flags = torch.cat([(part.targets != part.truth).any(dim=1) for part in parts])
            wrong.append(flags[_order(torch.cat([part.inputs for part in parts]))])
        assert 0.3 < (wrong[0] != wrong[1]).double().mean() < 0.55  # 0.42 if they are independent


def _order(rows: torch.Tensor) -> list[int]:
    return sorted(range(len(rows)), key=lambda k: rows[k].tolist())


class TestNetwork:
    def test_is_the_multilayer_perceptron_that_it_says(self):
        network = Network(seed=0)
        w1, b1, w2, b2, w3, b3 = network.parameters()
        assert [tuple(w.shape) for w in (w1, w2, w3)] == [(128, 64), (128, 128), (10, 128)]
        x = PROBLEM.test.inputs
        expected = ((x @ w1.T + b1).relu() @ w2.T + b2).relu() @ w3.T + b3
        torch.testing.assert_close(network(x), expected)

    def test_the_initial_weights_keep_the_variance(self):
        network = Network(seed=0, hidden=(500, 500))
        for linear in (network.layers[0], network.layers[2]):
            assert isinstance(linear, nn.Linear)
            assert (linear.bias == 0).all()
            assert linear.weight.var().item() == pytest.approx(2 / linear.in_features, rel=0.05)

    def test_the_seed_decides_and_what_is_inserted_changes_no_weight(self):
        plain, again = weights(Network(seed=1)), weights(Network(seed=1))
        noisy = weights(Network(seed=1, insert=lambda width: nn.Dropout(0.5)))
        assert torch.equal(plain, again)
        assert torch.equal(plain, noisy)
        assert not torch.equal(plain, weights(Network(seed=2)))

    def test_torchs_global_generator_is_left_alone(self):
        before = torch.get_rng_state()
        fit(PROBLEM.train, seed=0, steps=2)
        assert torch.equal(torch.get_rng_state(), before)

    def test_what_is_inserted_stands_before_each_rectifier(self):
        spies, widths = [], []

        def insert(width):
            widths.append(width)
            spies.append(Spy())
            return spies[-1]

        network = Network(seed=0, hidden=(7, 5), insert=insert)
        network(PROBLEM.test.inputs)
        assert widths == [7, 5]
        assert [spy.seen[0].shape[1] for spy in spies] == [7, 5]
        assert min(spy.seen[0].min() for spy in spies) < 0

    def test_refuses_an_empty_layer(self, refuses):
        with refuses("the hidden widths must be positive, got (8, 0)"):
            Network(seed=0, hidden=(8, 0))


class TestTrain:
    def test_one_step_is_one_step_of_adam_on_that_batch(self):
        network, copy = Network(seed=0).double(), Network(seed=0).double()
        examples = Examples(*(part.double() for part in PROBLEM.train))
        (step,) = train(network, examples, seed=7, steps=1, batch_size=20)
        batch = torch.randint(200, (20,), generator=torch.Generator().manual_seed(7))
        optimizer = torch.optim.Adam(copy.parameters(), lr=5e-3)
        loss = cross_entropy(copy(examples.inputs[batch]), examples.targets[batch])
        loss.backward()
        optimizer.step()
        assert step.step == 1
        assert step.loss == pytest.approx(loss.item(), rel=1e-12)
        torch.testing.assert_close(weights(network), weights(copy), rtol=0, atol=1e-10)

    def test_yields_every_step_and_may_be_left_early(self):
        network = Network(seed=0)
        before = weights(network)
        run = train(network, PROBLEM.train, seed=0, steps=6)
        assert next(run).loss == pytest.approx(math.log(10), abs=1.0)
        after_one = weights(network)
        assert not torch.equal(before, after_one)
        assert [step.step for step in run] == [2, 3, 4, 5, 6]

    def test_seed_and_settings_are_used(self):
        def trained(seed=0, steps=5, **setting):
            return weights(fit(PROBLEM.train, seed=seed, steps=steps, **setting))

        base = trained()
        assert torch.equal(base, trained())
        slow = trained(optimizer=lambda theta: torch.optim.SGD(theta, lr=1e-9))
        torch.testing.assert_close(slow, weights(Network(seed=0)), rtol=0, atol=1e-6)
        others = [
            trained(seed=1),
            trained(steps=6),
            trained(optimizer=lambda theta: torch.optim.SGD(theta, lr=0.1)),
            trained(insert=lambda width: nn.BatchNorm1d(width, affine=False)),
            trained(mix=lambda x, y, generator: (x, y.roll(1, dims=0))),
        ]
        assert not any(torch.equal(base, other) for other in others)

    def test_the_batches_are_the_same_whatever_mix_draws(self):
        def batches(draws):
            seen = []

            def mix(inputs, targets, generator):
                torch.rand(draws, generator=generator)
                seen.append(inputs)
                return inputs, targets

            fit(PROBLEM.train, seed=3, steps=4, mix=mix)
            return torch.stack(seen)

        assert torch.equal(batches(1), batches(1000))
        assert not torch.equal(batches(1)[0], batches(1)[1])

    def test_trains_in_training_mode_and_predicts_in_evaluation_mode(self):
        spy = Spy()
        network = Network(seed=0, hidden=(4,), insert=lambda width: spy)
        for _ in train(network, PROBLEM.train, seed=0, steps=2):
            predict(network, PROBLEM.test.inputs)
        assert spy.modes == [True, False, True, False]
        assert network.training
        network.eval()
        predict(network, PROBLEM.test.inputs)
        assert not network.training

    def test_a_step_is_taken_in_training_mode_whatever_the_caller_did_before(self):
        spy = Spy()
        network = Network(seed=0, hidden=(8,), insert=lambda _: spy)
        steps = train(network, PROBLEM.train, seed=0, steps=2)
        next(steps)
        network.eval()
        next(steps)
        assert spy.modes == [True, True]

    def test_the_plain_network_overfits_plainly(self):
        results = [trial(_plain, load_problem(seed=seed), seed=seed) for seed in (100, 101, 102)]
        assert min(result.train.accuracy for result in results) > 0.95
        assert max(result.digits for result in results) < 0.85
        assert min(result.gap for result in results) > 1.5

    @pytest.mark.parametrize("setting", [{"steps": 0}, {"batch_size": 0}])
    def test_refuses_no_steps_and_empty_batches(self, setting, refuses):
        with refuses("steps and batch_size must be positive, got "):
            next(train(Network(seed=0), PROBLEM.train, seed=0, **setting))

    def test_refuses_examples_that_do_not_fit(self, refuses):
        x, y, _ = PROBLEM.train
        for inputs, targets, words in [
            (x[:-1], y, "inputs and targets must be as many, got 199 and 200"),
            (x[:0], y[:0], "inputs must not be empty"),
            (x * math.nan, y, "inputs must be finite"),
            (x, 2 * y, "targets must sum to 1"),
        ]:
            with refuses(words):
                next(train(Network(seed=0), Examples(inputs, targets, targets), seed=0))


def _plain(problem, seed):
    network = fit(problem.train, seed=seed)
    return lambda inputs: predict(network, inputs)


class TestMeasure:
    logits = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0], [0.5, 0.0]], dtype=torch.float64)
    targets = torch.eye(2, dtype=torch.float64)[[0, 1, 1, 0]]

    def test_equals_torch_and_arithmetic(self):
        result = measure(self.logits, self.targets)
        loss = nn.functional.cross_entropy(self.logits, self.targets)
        assert result.loss == pytest.approx(loss.item(), rel=1e-12)
        assert result.accuracy == 0.75
        confidence = self.logits.softmax(1).amax(1)
        assert len(set((confidence * 15).ceil().tolist())) == 4  # each in a bin of its own
        expected = (confidence - torch.tensor([1, 1, 0, 1])).abs().mean().item()
        assert result.calibration == pytest.approx(expected, rel=1e-12)

    def test_a_trial_measures_what_the_technique_returned(self):
        seen = []

        def technique(problem, seed):
            seen.append((problem, seed))
            return lambda inputs: inputs[:, :10]

        result = trial(technique, PROBLEM, seed=5)
        assert seen == [(PROBLEM, 5)]
        x, y, truth = PROBLEM.test
        assert result.train == measure(PROBLEM.train.inputs[:, :10], PROBLEM.train.targets)
        assert result.test == measure(x[:, :10], y)
        assert result.digits == measure(x[:, :10], truth).accuracy
        assert result.gap == result.test.loss - result.train.loss
        assert 0 <= result.seconds < 1

    def test_the_truth_as_logits_predicts_digits_and_seven_labels_in_ten(self):
        oracle = Problem(PROBLEM.train, PROBLEM.validation, PROBLEM.test)
        by_pixels = {tuple(x.tolist()): t for part in oracle for x, _, t in zip(*part, strict=True)}

        def technique(problem, seed):
            return lambda inputs: 3 * torch.stack([by_pixels[tuple(x.tolist())] for x in inputs])

        result = trial(technique, PROBLEM, seed=0)
        assert isinstance(result, Outcome)
        assert isinstance(result.test, Measures)
        assert result.digits == 1
        assert result.test.accuracy == pytest.approx(0.7, abs=0.04)

    def test_refuses_what_does_not_fit(self, refuses):
        with refuses("targets must have the shape of logits, (3, 2), got (4, 2)"):
            measure(self.logits[:3], self.targets)
        with refuses("logits must be finite"):
            measure(self.logits / 0.0, self.targets)
        with refuses("targets must sum to 1"):
            measure(self.logits, self.targets * 0.5)


def test_the_optimizer_of_the_bench_is_adam():
    theta = nn.Parameter(torch.zeros(1))
    optimizer = adam([theta])
    theta.grad = torch.ones(1)
    optimizer.step()
    assert theta.item() == pytest.approx(-5e-3, rel=1e-5)
    optimizer.zero_grad()
    assert theta.grad is None


class TestLearn:
    def test_without_a_technique_it_is_the_plain_network(self):
        logs = learn(PROBLEM, 3)(PROBLEM.test.inputs)
        expected = _plain(PROBLEM, 3)(PROBLEM.test.inputs).log_softmax(1)
        torch.testing.assert_close(logs, expected, rtol=1e-4, atol=1e-4)

    def test_members_average_their_probabilities(self):
        inputs = PROBLEM.test.inputs
        both = learn(PROBLEM, 0, members=2)(inputs).exp()
        own = [predict(fit(PROBLEM.train, seed=seed), inputs).softmax(1) for seed in (0, 1000)]
        torch.testing.assert_close(both, torch.stack(own).mean(0), rtol=1e-5, atol=1e-6)

    def test_stops_when_told_and_restores(self):
        asked = []

        class Rule:
            def __init__(self, network):
                self.network = network

            def should_stop(self, validation_loss):
                expected = measure(
                    predict(self.network, PROBLEM.validation.inputs), PROBLEM.validation.targets
                )
                assert validation_loss == expected.loss
                asked.append(weights(self.network))
                return len(asked) == 3

            def restore(self):
                nn.utils.vector_to_parameters(asked[1], self.network.parameters())

        logs = learn(PROBLEM, 0, stopping=Rule)(PROBLEM.test.inputs)
        assert len(asked) == 3
        network = Network(seed=0)
        for step, _ in train(network, PROBLEM.train, seed=0):
            if step == 10:
                break
        expected = predict(network, PROBLEM.test.inputs).log_softmax(1)
        torch.testing.assert_close(logs, expected, rtol=1e-4, atol=1e-4)

    def test_every_member_and_layer_draws_from_the_members_own_generator(self):
        draws = []

        def insert(width, generator):
            draws.append((width, generator))
            return nn.Identity()

        learn(PROBLEM, 5, insert=insert, members=2)
        assert [width for width, _ in draws] == [128] * 4
        assert [generator.initial_seed() for _, generator in draws] == [5, 5, 1005, 1005]
        assert draws[0][1] is draws[1][1]

    def test_optimizer_and_mix_are_used(self):
        base = learn(PROBLEM, 0)(PROBLEM.test.inputs)
        others = (
            learn(PROBLEM, 0, optimizer=lambda theta: torch.optim.SGD(theta, lr=0.1)),
            learn(PROBLEM, 0, mix=lambda x, y, generator: (x, y.roll(1, dims=0))),
        )
        for other in others:
            assert not torch.allclose(other(PROBLEM.test.inputs), base)

    def test_refuses_no_members(self, refuses):
        with refuses("members must be positive, got 0"):
            learn(PROBLEM, 0, members=0)
