"""Parity with `torch.optim.Adam`, what the paper proves of a step, and what is refused."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlbasic.history.adam import (
    Adam,
    LogisticRegression,
    dense_problem,
    negative_log_likelihood,
    race,
    side_by_side,
    sparse_problem,
    train,
)
from dlbasic.losses.cross_entropy import cross_entropy

SETTINGS = {
    "defaults": ({}, {}),
    "learning rate": ({"learning_rate": 0.3}, {"lr": 0.3}),
    "betas": ({"beta1": 0.5, "beta2": 0.9}, {"betas": (0.5, 0.9)}),
    "no momentum": ({"beta1": 0.0}, {"betas": (0.0, 0.999)}),
    "sign": ({"beta1": 0.0, "beta2": 0.0}, {"betas": (0.0, 0.0)}),
    "epsilon": ({"epsilon": 0.1}, {"eps": 0.1}),
    "weight decay": ({"weight_decay": 0.1}, {"weight_decay": 0.1}),
    "amsgrad": ({"amsgrad": True}, {"amsgrad": True}),
    "all": (
        {"learning_rate": 0.03, "beta2": 0.9, "weight_decay": 0.1, "amsgrad": True},
        {"lr": 0.03, "betas": (0.9, 0.9), "weight_decay": 0.1, "amsgrad": True},
    ),
}


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def walk(make, gradients, start=None):
    """Every place that the optimizer visits when it is fed these gradients."""
    theta = torch.zeros_like(gradients[0]) if start is None else start.clone()
    theta.requires_grad_()
    optimizer = make([theta])
    path = [theta.detach().clone()]
    for gradient in gradients:
        theta.grad = gradient.clone()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path)


def adam(**setting):
    return lambda parameters: Adam(parameters, **setting)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("shape", [(), (2, 3, 4)])
def test_equals_torch_for_400_steps(name, shape):
    ours, library = SETTINGS[name]
    # A gradient that drops by 1e6 for a while lets v decay, so that AMSGrad differs from Adam.
    gradients = randn(400, *shape)
    gradients[100:300] *= 1e-6
    start = randn(*shape, seed=1)
    path = walk(adam(**ours), gradients, start)
    expected = walk(lambda theta: torch.optim.Adam(theta, **library), gradients, start)
    torch.testing.assert_close(path, expected, rtol=1e-12, atol=1e-12)


@given(
    learning_rate=st.floats(1e-5, 10),
    beta1=st.floats(0, 0.999),
    beta2=st.floats(0, 0.9999),
    weight_decay=st.sampled_from([0.0, 1e-3, 1.0]),
    amsgrad=st.booleans(),
    scale=st.sampled_from([1e-6, 1.0, 1e6]),
    seed=st.integers(0, 99),
)
def test_equals_torch_for_any_setting(
    learning_rate, beta1, beta2, weight_decay, amsgrad, scale, seed
):
    gradients = scale * randn(20, 3, seed=seed)
    both = {"weight_decay": weight_decay, "amsgrad": amsgrad}
    path = walk(adam(learning_rate=learning_rate, beta1=beta1, beta2=beta2, **both), gradients)
    expected = walk(
        lambda theta: torch.optim.Adam(theta, lr=learning_rate, betas=(beta1, beta2), **both),
        gradients,
    )
    # Torch rounds m + (1 - beta1) (g - m) where Algorithm 1 has beta1 m + (1 - beta1) g. Where m
    # is the small rest of large terms, that shows: hence a tolerance in learning rates.
    torch.testing.assert_close(path, expected, rtol=1e-10, atol=1e-10 * learning_rate)


def test_equals_torch_in_a_training_whose_gradients_depend_on_the_steps():
    features, targets = (part.double() for part in dense_problem())
    models = [LogisticRegression(64, 10).double() for _ in range(2)]
    optimizers = [
        Adam(models[0].parameters(), learning_rate=0.01),
        torch.optim.Adam(models[1].parameters(), lr=0.01),
    ]
    steps = list(train(models, optimizers, features, targets, steps=300))
    assert steps[-1].losses[0] < 0.5
    # Rounding differs, and each step feeds it into the next gradient: not 1e-12.
    torch.testing.assert_close(models[0].weight, models[1].weight, rtol=0, atol=1e-9)


@pytest.mark.parametrize("amsgrad", [False, True])
def test_without_correction_it_is_the_recursion_of_reddi(amsgrad):
    gradients = randn(50, 4)
    gradients[25:] *= 0.01
    theta, m, v, v_hat = (torch.zeros(4, dtype=torch.float64) for _ in range(4))
    for g in gradients:
        m = 0.8 * m + 0.2 * g
        v = 0.7 * v + 0.3 * g**2
        v_hat = torch.maximum(v_hat, v) if amsgrad else v
        theta = theta - 0.1 * m / (v_hat.sqrt() + 1e-8)
    setting = {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.7, "amsgrad": amsgrad}
    path = walk(adam(**setting, bias_correction=False), gradients)
    torch.testing.assert_close(path[-1], theta, rtol=1e-12, atol=1e-12)


@given(shape=st.tuples(st.integers(1, 4), st.integers(1, 4)), seed=st.integers(0, 99))
def test_rescaling_the_gradient_of_each_weight_changes_nothing(shape, seed):
    gradients = randn(50, *shape, seed=seed)
    scales = 10 ** (4 * randn(*shape, seed=seed + 1)).clamp(-8, 8)
    plain = walk(adam(epsilon=1e-200), gradients)
    scaled = walk(adam(epsilon=1e-200), scales * gradients)
    torch.testing.assert_close(scaled, plain, rtol=1e-12, atol=1e-15)


def test_epsilon_slows_the_weights_whose_gradients_are_smaller_than_it():
    tiny = 1e-10 * randn(50, 3).abs()
    assert walk(adam(epsilon=1e-8), tiny)[-1].abs().max() < 0.02 * 50e-3
    assert walk(adam(epsilon=1e-14), tiny)[-1].abs().min() > 0.7 * 50e-3


@given(
    gradient=st.floats(1e-3, 1e6),
    sign=st.sampled_from([-1, 1]),
    learning_rate=st.sampled_from([1e-4, 0.1, 7.0]),
    beta1=st.floats(0, 0.99),
    beta2=st.floats(0, 0.9999),
)
def test_the_first_step_is_the_learning_rate(gradient, sign, learning_rate, beta1, beta2):
    setting = {"learning_rate": learning_rate, "beta1": beta1, "beta2": beta2}
    first = torch.tensor([[sign * gradient]], dtype=torch.float64)
    step = walk(adam(**setting, epsilon=1e-20), first)[-1].item()
    assert step == pytest.approx(-sign * learning_rate, rel=1e-9)


def longest_possible(t, beta1, beta2):
    """Largest |m_hat| / sqrt(v_hat) of any t gradients, by the Cauchy-Schwarz inequality."""
    weights_m = [(1 - beta1) * beta1 ** (t - i) / (1 - beta1**t) for i in range(1, t + 1)]
    weights_v = [(1 - beta2) * beta2 ** (t - i) / (1 - beta2**t) for i in range(1, t + 1)]
    return math.sqrt(sum(a**2 / b for a, b in zip(weights_m, weights_v, strict=True)))


@given(
    gradients=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40),
    betas=st.sampled_from([(0.9, 0.999), (0.9, 0.99), (0.0, 0.9), (0.5, 0.3)]),
)
def test_no_gradients_make_a_step_longer_than_its_bound(gradients, betas):
    setting = {"beta1": betas[0], "beta2": betas[1], "epsilon": 1e-20, "learning_rate": 1.0}
    steps = walk(adam(**setting), torch.tensor(gradients, dtype=torch.float64)[:, None]).diff(dim=0)
    for t, step in enumerate(steps, start=1):
        assert step.abs() <= longest_possible(t, *betas) * (1 + 1e-9)


def test_gradients_that_grow_reach_the_bound_which_exceeds_the_papers():
    growing = (0.999 / 0.9) ** torch.arange(60, dtype=torch.float64)
    gradients = torch.cat([torch.zeros(2000, dtype=torch.float64), growing])[:, None]
    last = walk(adam(learning_rate=1.0, epsilon=1e-20), gradients).diff(dim=0)[-1].abs().item()
    assert last == pytest.approx(longest_possible(2060, 0.9, 0.999), rel=1e-3)
    papers = (1 - 0.9) / math.sqrt(1 - 0.999)
    assert last > 2 * papers


def test_a_gradient_after_a_long_silence_makes_the_step_of_section_2_1():
    gradients = torch.zeros(6000, 1, dtype=torch.float64)
    gradients[-1] = 5.0
    last = walk(adam(learning_rate=1.0), gradients)[-1].abs().item()
    assert last == pytest.approx((1 - 0.9) / math.sqrt(1 - 0.999), rel=2e-3)


@pytest.mark.parametrize("scale", [1e-150, 1e-30, 1e30, 1e150])
def test_stays_finite_at_extreme_gradients(scale):
    path = walk(adam(epsilon=1e-200), scale * randn(20, 3))
    assert torch.isfinite(path).all()
    torch.testing.assert_close(path, walk(adam(epsilon=1e-200), randn(20, 3)))


def test_a_weight_without_gradient_does_not_move():
    gradients = torch.zeros(10, 2)
    gradients[:, 0] = 1.0
    end = walk(adam(learning_rate=0.1), gradients)[-1]
    assert end[0] == pytest.approx(-1.0, rel=1e-5)
    assert end[1] == 0


def test_the_learning_rate_may_change_between_steps():
    theta = torch.zeros(1, requires_grad=True)
    optimizer = Adam([theta], learning_rate=0.1)
    for learning_rate, place in [(0.1, -0.1), (0.5, -0.6)]:
        optimizer.learning_rate = learning_rate
        theta.grad = torch.ones(1)
        optimizer.step()
        assert theta.item() == pytest.approx(place, rel=1e-6)


def test_zero_grad_forgets():
    theta = torch.ones(2, requires_grad=True)
    theta.sum().backward()
    Adam([theta]).zero_grad()
    assert theta.grad is None


class TestModelAndLoss:
    def models(self, count=3):
        models = [LogisticRegression(4, 3).double() for _ in range(count)]
        for seed, model in enumerate(models):
            model.weight.data = randn(4, 3, seed=seed)
        return models

    def test_side_by_side_is_each_model_by_itself(self):
        models, features = self.models(), randn(5, 4)
        logits = side_by_side(models, features)
        for model, row in zip(models, logits, strict=True):
            torch.testing.assert_close(row, model(features), rtol=1e-12, atol=1e-12)
            torch.testing.assert_close(row, features @ model.weight, rtol=1e-12, atol=1e-12)

    @given(shape=st.tuples(*[st.integers(2, 5)] * 3), scale=st.sampled_from([1e-3, 1.0, 1e3]))
    def test_the_loss_is_the_cross_entropy_of_each(self, shape, scale):
        logits = (scale * randn(*shape)).requires_grad_()
        targets = randn(*shape[1:], seed=1).softmax(1)
        losses = negative_log_likelihood(logits, targets)
        expected = torch.stack([cross_entropy(row, targets) for row in logits])
        torch.testing.assert_close(losses, expected, rtol=1e-12, atol=0)
        (gradient,) = torch.autograd.grad(losses.sum(), logits)
        (expected_gradient,) = torch.autograd.grad(expected.sum(), logits)
        torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=1e-15)

    def test_gradcheck(self):
        targets = torch.eye(3, dtype=torch.float64)[[0, 2, 1, 0]]
        logits = randn(2, 4, 3).requires_grad_()
        assert torch.autograd.gradcheck(negative_log_likelihood, (logits, targets))

    def test_an_untrained_model_finds_every_class_as_likely(self):
        features, targets = dense_problem()
        losses = negative_log_likelihood(
            side_by_side([LogisticRegression(64, 10)], features), targets
        )
        assert losses.item() == pytest.approx(math.log(10), rel=1e-6)


@pytest.mark.parametrize(
    ("load", "shares"), [(sparse_problem, (0.0, 0.05)), (dense_problem, (0.3, 1.0))]
)
def test_the_problems_are_as_sparse_as_they_say(load, shares):
    features, targets = load()
    assert len(features) == len(targets) > 1000
    assert set(targets.unique().tolist()) == {0.0, 1.0}
    assert (targets.sum(1) == 1).all()
    assert shares[0] < (features > 0).double().mean() < shares[1]


class TestTrain:
    features = randn(40, 4)
    targets = torch.eye(3, dtype=torch.float64)[torch.arange(40) % 3]

    def trained(self, count=1, **setting):
        models = [LogisticRegression(4, 3).double() for _ in range(count)]
        rates = (0.1, 0.01, 0.5)
        optimizers = [
            Adam(model.parameters(), learning_rate=rate)
            for model, rate in zip(models, rates, strict=False)
        ]
        steps = list(train(models, optimizers, self.features, self.targets, **setting))
        return models, steps

    def test_yields_every_step_and_the_loss_of_every_model(self):
        _, steps = self.trained(2, steps=7)
        assert [step.step for step in steps] == list(range(7))
        assert steps[0].losses.tolist() == pytest.approx([math.log(3)] * 2)
        assert steps[-1].losses[0] < steps[0].losses[0]

    def test_may_be_left_early(self):
        models = [LogisticRegression(4, 3).double()]
        run = train(models, [Adam(models[0].parameters())], self.features, self.targets)
        next(run)
        assert models[0].weight.abs().max().item() == pytest.approx(1e-3, rel=1e-4)

    @pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam])
    def test_a_model_learns_the_same_alone_and_in_company(self, make):
        def weights(*rates):
            models = [LogisticRegression(4, 3).double() for _ in rates]
            optimizers = [
                make(model.parameters(), lr=rate) for model, rate in zip(models, rates, strict=True)
            ]
            list(train(models, optimizers, self.features, self.targets, steps=30))
            return [model.weight.detach() for model in models]

        (alone,) = weights(0.1)
        first, second, _ = weights(0.1, 0.01, 0.5)
        torch.testing.assert_close(alone, first, rtol=1e-9, atol=1e-12)
        assert not torch.allclose(first, second, rtol=0.1)

    def test_the_seed_decides_the_batches(self):
        (first,), _ = self.trained(seed=1, steps=20)
        (again,), _ = self.trained(seed=1, steps=20)
        (other,), _ = self.trained(seed=2, steps=20)
        assert torch.equal(first.weight, again.weight)
        assert not torch.allclose(first.weight, other.weight)

    def test_the_batch_size_is_used(self):
        (small,), _ = self.trained(batch_size=1, steps=5)
        (large,), _ = self.trained(batch_size=200, steps=5)
        assert not torch.allclose(small.weight, large.weight)

    @pytest.mark.parametrize("setting", [{"steps": 0}, {"batch_size": 0}])
    def test_refuses_no_steps_and_empty_batches(self, setting, refuses):
        with refuses("steps and batch_size must be positive, got "):
            self.trained(**setting)

    def test_refuses_more_models_than_optimizers(self, refuses):
        models = [LogisticRegression(4, 3).double() for _ in range(2)]
        with refuses("optimizers must be 2, one a model, got 1"):
            next(train(models, [Adam(models[0].parameters())], self.features, self.targets))

    def test_refuses_more_features_than_targets(self, refuses):
        model = LogisticRegression(4, 3).double()
        with refuses("targets must be 40, one an example, got 39"):
            next(train([model], [Adam(model.parameters())], self.features, self.targets[1:]))

    def test_refuses_no_examples(self, refuses):
        model = LogisticRegression(4, 3).double()
        with refuses("features must not be empty"):
            next(train([model], [Adam(model.parameters())], self.features[:0], self.targets[:0]))

    def test_refuses_features_that_are_not_finite(self, refuses):
        model = LogisticRegression(4, 3).double()
        features = self.features.clone()
        features[3, 1] = math.nan
        with refuses("features must be finite, got 1 NaN"):
            next(train([model], [Adam(model.parameters())], features, self.targets))


class TestRace:
    features = randn(50, 4).float()
    targets = torch.eye(3)[features[:, :3].argmax(1)]  # a linear model can be right

    def run(self, *rates, **setting):
        makers = [lambda theta, rate=rate: Adam(theta, learning_rate=rate) for rate in rates]
        return race(makers, self.features, self.targets, **setting)

    def test_the_better_rate_wins(self):
        losses, accuracies = self.run(1e-9, 0.1)
        assert losses[0].item() == pytest.approx(math.log(3), rel=1e-5)
        assert losses[1] < 0.5 * losses[0]
        assert accuracies[1] >= 0.7
        assert ((accuracies * 10 - (accuracies * 10).round()).abs() < 1e-5).all()  # of 10 held out

    def test_what_is_held_out_is_not_trained_on(self):
        order = torch.randperm(50, generator=torch.Generator().manual_seed(0))
        wrong = self.targets.clone()
        wrong[order[:10]] = wrong[order[:10]].roll(1, dims=1)
        plain, poisoned = (
            race([Adam], self.features, targets) for targets in (self.targets, wrong)
        )
        assert torch.equal(plain.losses, poisoned.losses)
        assert poisoned.accuracies[0] < plain.accuracies[0]

    def test_seed_and_steps_are_used(self):
        assert torch.equal(self.run(0.1, seed=1).losses, self.run(0.1, seed=1).losses)
        assert not torch.equal(self.run(0.1, seed=1).losses, self.run(0.1, seed=2).losses)
        assert self.run(0.1, steps=50).losses < self.run(0.1, steps=5).losses

    def test_refuses_too_few_examples(self, refuses):
        with refuses("the examples must be 5 or more, got 4"):
            race([Adam], self.features[:4], self.targets[:4])

    def test_refuses_no_optimizers(self, refuses):
        with refuses("models must be one or more with weights of one shape, got []"):
            race([], self.features, self.targets)


class TestRefuses:
    @pytest.mark.parametrize("name", ["learning_rate", "epsilon"])
    @pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan])
    def test_what_must_be_positive(self, name, value, refuses):
        with refuses(f"{name} must be positive and finite, got {value}"):
            Adam([torch.zeros(1, requires_grad=True)], **{name: value})

    @pytest.mark.parametrize("name", ["beta1", "beta2"])
    @pytest.mark.parametrize("value", [-0.1, 1.0, 2.0, math.nan])
    def test_what_must_be_below_one(self, name, value, refuses):
        with refuses(f"{name} must be in [0, 1), got {value}"):
            Adam([torch.zeros(1, requires_grad=True)], **{name: value})

    @pytest.mark.parametrize("value", [-1.0, math.inf, math.nan])
    def test_weight_decay(self, value, refuses):
        with refuses(f"weight_decay must be 0 or more, finite, got {value}"):
            Adam([torch.zeros(1, requires_grad=True)], weight_decay=value)

    def test_no_parameters(self, refuses):
        with refuses("parameters must be different tensors, 1 or more, got 0"):
            Adam([])

    def test_a_bare_tensor(self, refuses):
        with refuses("parameter 0 must be a leaf tensor that requires gradients"):
            Adam(torch.zeros(3, requires_grad=True))

    def test_the_same_parameter_twice(self, refuses):
        theta = torch.zeros(1, requires_grad=True)
        with refuses("parameters must be different tensors, 1 or more, got 2"):
            Adam([theta, theta])

    def test_what_is_no_tensor(self, refuses):
        with refuses("parameter 0 must be a leaf tensor that requires gradients"):
            Adam([1.0])  # pyright: ignore[reportArgumentType]

    def test_what_has_no_gradient(self, refuses):
        with refuses("parameter 0 must be a leaf tensor that requires gradients"):
            Adam([torch.zeros(1)])

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_parameters_that_are_not_finite(self, bad, refuses):
        with refuses("parameter 1 must be finite, got 1 NaN or infinite values"):
            good = torch.zeros(1, requires_grad=True)
            Adam([good, torch.tensor([0.0, bad], requires_grad=True)])

    def test_a_step_before_backward(self, refuses):
        with refuses("parameter 0 must have a gradient: call backward() before step()"):
            Adam([torch.zeros(1, requires_grad=True)]).step()

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_gradients_that_are_not_finite_before_anything_moves(self, bad, refuses):
        good, worse = (torch.zeros(2, requires_grad=True) for _ in range(2))
        optimizer = Adam([good, worse])
        good.grad, worse.grad = torch.ones(2), torch.tensor([1.0, bad])
        with refuses("the gradient of parameter 1 must be finite, got 1 NaN or infinite values"):
            optimizer.step()
        assert (good == 0).all()
        assert optimizer.t == 0

    def test_a_model_without_features_or_with_one_class(self, refuses):
        for sizes in [(0, 3), (3, 1)]:
            with refuses("sizes must be 1 and 2 or more, got "):
                LogisticRegression(*sizes)

    def test_models_side_by_side_that_differ(self, refuses):
        with refuses("models must be one or more with weights of one shape, got "):
            side_by_side([LogisticRegression(4, 3), LogisticRegression(4, 2)], torch.zeros(1, 4))
        with refuses("models must be one or more with weights of one shape, got []"):
            side_by_side([], torch.zeros(1, 4))

    def test_targets_of_another_shape_than_the_logits(self, refuses):
        with refuses("targets must have the shape of the logits of a model, (4, 3), got (4, 1)"):
            negative_log_likelihood(torch.zeros(2, 4, 3), torch.zeros(4, 1))
