"""Equal to torch in value and gradient, the paper's own counts, and what is refused."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from dlbasic.data.photographs import digits_on_textures
from dlbasic.history.alexnet import (
    SGD,
    AlexNet,
    dropout,
    local_response_normalization,
    predict,
    random_views,
    top_error,
    train,
)

SMALL = {"size": 24, "channels": 1, "first": (7, 2), "kernels": (4, 6, 8, 6, 4), "hidden": 10}
TRAINED = {**SMALL, "num_classes": 10, "gain": 1.4, "kernels": (8, 8, 8, 8, 8), "hidden": 16}


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def small(**setting):
    return AlexNet(**{**SMALL, "num_classes": 3, "gain": 1.4, **setting}).double()


class TestViews:
    @given(
        size=st.integers(1, 6),
        height=st.integers(6, 9),
        width=st.integers(6, 9),
        mirror=st.booleans(),
        seed=st.integers(0, 99),
    )
    def test_a_view_is_a_square_of_its_image(self, size, height, width, mirror, seed):
        images = torch.arange(2.0 * 3 * height * width).view(2, 3, height, width)
        generator = torch.Generator().manual_seed(seed)
        views = random_views(images, size=size, mirror=mirror, generator=generator)
        assert views.shape == (2, 3, size, size)
        for image, view in zip(images, views, strict=True):
            squares = image.unfold(1, size, 1).unfold(2, size, 1).flatten(1, 2).movedim(1, 0)
            allowed = [*squares, *squares.flip(3)] if mirror else squares
            assert any(torch.equal(view, square) for square in allowed)

    def test_every_place_and_both_directions_occur(self):
        images = torch.arange(36.0).view(1, 1, 6, 6).expand(2000, 1, 6, 6)
        generator = torch.Generator().manual_seed(0)
        views = random_views(images, size=4, mirror=True, generator=generator)
        counts = {}
        for view in views:
            key = tuple(view.flatten().tolist())
            counts[key] = counts.get(key, 0) + 1
        assert len(counts) == 18
        assert min(counts.values()) > 60

    def test_the_colour_channels_stay_together(self):
        images = randn(4, 1, 8, 8).expand(4, 3, 8, 8)
        generator = torch.Generator().manual_seed(0)
        views = random_views(images, size=5, mirror=True, generator=generator)
        assert torch.equal(views[:, 0], views[:, 2])


class TestLocalResponseNormalization:
    @given(
        shape=st.tuples(st.integers(1, 3), st.integers(1, 12), st.integers(1, 4), st.just(3)),
        k=st.floats(0.1, 4),
        n=st.sampled_from([1, 3, 5, 7]),
        alpha=st.sampled_from([0.0, 1e-4, 1e-2, 1.0]),
        beta=st.floats(0, 2),
        scale=st.sampled_from([1e-2, 1.0, 1e2]),
        seed=st.integers(0, 99),
    )
    def test_equals_torch_whose_alpha_is_n_times_ours(self, shape, k, n, alpha, beta, scale, seed):
        a = (scale * randn(*shape, seed=seed)).requires_grad_()
        ours = local_response_normalization(a, k=k, n=n, alpha=alpha, beta=beta)
        library = functional.local_response_norm(a, n, n * alpha, beta, k)
        torch.testing.assert_close(ours, library, rtol=1e-12, atol=1e-12)
        upstream = randn(*shape, seed=seed + 1)
        gradients = [torch.autograd.grad(b, a, upstream)[0] for b in (ours, library)]
        torch.testing.assert_close(*gradients, rtol=1e-11, atol=1e-12)

    def test_the_equation_of_the_paper_term_by_term(self):
        a = 30 * randn(1, 7, 1, 1)
        b = local_response_normalization(a)
        for i in range(7):
            window = range(max(0, i - 2), min(6, i + 2) + 1)
            squares = sum(a[0, j, 0, 0].item() ** 2 for j in window)
            expected = a[0, i, 0, 0].item() / (2 + 1e-4 * squares) ** 0.75
            assert b[0, i, 0, 0].item() == pytest.approx(expected, rel=1e-12)

    def test_gradcheck(self):
        a = (10 * randn(1, 6, 2, 2)).requires_grad_()
        assert torch.autograd.gradcheck(local_response_normalization, (a,))

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ({"n": 4}, "n must be odd and positive, got 4"),
            ({"n": -1}, "n must be odd and positive, got -1"),
            ({"k": 0.0}, "k must be positive, finite, got 0.0"),
            ({"k": math.nan}, "k must be positive, finite, got nan"),
            ({"alpha": -1.0}, "alpha must be 0 or more, finite, got -1.0"),
            ({"alpha": math.nan}, "alpha must be 0 or more, finite, got nan"),
            ({"beta": -1.0}, "beta must be 0 or more, finite, got -1.0"),
        ],
    )
    def test_refuses(self, setting, words, refuses):
        with refuses(words):
            local_response_normalization(torch.ones(1, 2, 1, 1), **setting)

    def test_refuses_what_is_no_batch_of_images(self, refuses):
        with refuses("a must have the axes (image, channel, height, width), got the shape (2, 3)"):
            local_response_normalization(torch.ones(2, 3))
        with refuses("a must be finite, got 1 NaN or infinite values"):
            local_response_normalization(torch.tensor([[[[math.nan]]]]))


class TestDropout:
    units = torch.ones(200, 300, dtype=torch.float64)

    @pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 0.9])
    def test_zeroes_the_part_and_leaves_the_rest(self, rate):
        dropped = dropout(self.units, rate=rate, generator=torch.Generator().manual_seed(0))
        assert set(dropped.unique().tolist()) <= {0.0, 1.0}
        assert dropped.mean().item() == pytest.approx(1 - rate, abs=0.01)
        assert dropped.mean(0).std() < 0.05  # no unit is favoured

    @pytest.mark.parametrize("rate", [0.0, 0.5])
    def test_without_a_generator_scales(self, rate):
        kept = dropout(self.units, rate=rate, generator=None)
        torch.testing.assert_close(kept, (1 - rate) * self.units, rtol=0, atol=0)

    @pytest.mark.parametrize("rate", [-0.1, 1.0, math.nan])
    def test_refuses(self, rate, refuses):
        with refuses(f"rate must be in [0, 1), got {rate}"):
            dropout(self.units, rate=rate, generator=None)


class TestTheNetworkOfThePaper:
    with torch.device("meta"):
        model = AlexNet()

    def outputs(self):
        """Shape of what each layer puts out for one image of 224×224 pixels."""
        shapes = []
        hooks = [
            layer.register_forward_hook(lambda _, __, out: shapes.append(tuple(out.shape)))
            for layer in self.model.layers
        ]
        self.model(torch.zeros(1, 3, 224, 224, device="meta"))
        for hook in hooks:
            hook.remove()
        return shapes

    def test_has_exactly_60_965_224_parameters(self):
        assert sum(theta.numel() for theta in self.model.parameters()) == 60_965_224

    def test_the_kernels_have_the_sizes_of_section_3_5(self):
        assert [tuple(layer.get_parameter("weight").shape) for layer in self.model.layers] == [
            (96, 3, 11, 11),
            (256, 48, 5, 5),
            (384, 256, 3, 3),
            (384, 192, 3, 3),
            (256, 192, 3, 3),
            (4096, 9216),
            (4096, 4096),
            (1000, 4096),
        ]

    def test_the_neurons_are_659_272_with_55_by_55_places_in_the_first_layer(self):
        counts = [math.prod(shape) for shape in self.outputs()]
        assert counts[1:] == [186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]  # as in fig. 2
        assert counts[0] == 55 * 55 * 96 == 290_400
        assert sum(counts) == 659_272
        assert sum(counts) - 290_400 + 253_440 == 622_312  # with the number of fig. 2
        assert 55 * 48 * 96 == 253_440

    @pytest.mark.parametrize("size", [23, 24, 25, 26, 27, 31])
    def test_the_last_place_of_a_kernel_may_reach_beyond_the_image(self, size):
        model = small(size=size)
        padded = functional.pad(randn(1, 1, size, size), (0, 1, 0, 1)) if size % 2 == 0 else None
        images = randn(1, 1, size, size)
        expected = model(images)
        if padded is not None:
            assert model.missing == 1
            larger = small(size=size + 1)
            torch.testing.assert_close(larger(padded), expected)
        else:
            assert model.missing == 0


class TestModel:
    def reference(self, model):
        """The same network of torch's own layers, in evaluation mode."""
        layers = list(model.layers)
        norm, pool = nn.LocalResponseNorm(5, 5e-4, 0.75, 2.0), nn.MaxPool2d(3, 2, ceil_mode=True)
        half = nn.Hardtanh(-1e9, 1e9)  # the identity
        tail = [layers[5], nn.ReLU(), half, layers[6], nn.ReLU(), half, layers[7]]
        first = [nn.ZeroPad2d((0, model.missing, 0, model.missing)), layers[0], nn.ReLU(), norm]
        middle = [pool, layers[1], nn.ReLU(), norm, pool, layers[2], nn.ReLU(), layers[3]]
        return nn.Sequential(
            *first, *middle, nn.ReLU(), layers[4], nn.ReLU(), pool, nn.Flatten(), *tail
        )

    def test_equals_torch_layers_in_value_and_gradient(self):
        model, images = small(rate=0.0), 5 * randn(4, 1, 24, 24)
        weights = list(model.parameters())
        losses = [net(images).square().sum() for net in (model, self.reference(model))]
        torch.testing.assert_close(*losses, rtol=1e-12, atol=0)
        gradients = [torch.autograd.grad(loss, weights) for loss in losses]
        for ours, library in zip(*gradients, strict=True):
            torch.testing.assert_close(ours, library, rtol=1e-10, atol=1e-12)

    def test_kernels_see_their_own_half_in_layers_2_4_and_5_only(self):
        model = small(kernels=(4, 4, 4, 4, 4))
        for number, layer in enumerate(list(model.layers)[:5], start=1):
            channels = 1 if number == 1 else 4
            maps = randn(1, channels, 9, 9).requires_grad_()
            (gradient,) = torch.autograd.grad(layer(maps)[:, 0].sum(), maps)
            seen = gradient.abs().sum((0, 2, 3)) > 0
            own_half = [True, True, False, False]
            assert seen.tolist() == (own_half if number in (2, 4, 5) else [True] * channels)

    def test_half_of_the_hidden_units_count_without_a_generator(self):
        model, images = small(rate=0.5), randn(2, 1, 24, 24)
        full = small(rate=0.0)
        with torch.no_grad():
            for layer in full.layers[6:]:
                layer.get_parameter("weight").mul_(0.5)
        torch.testing.assert_close(model(images), full(images))

    def test_a_generator_drops_units_and_decides_which(self):
        model, images = small(), randn(2, 1, 24, 24)
        runs = [model(images, generator=torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]
        assert torch.equal(runs[0], runs[1])
        assert not torch.allclose(runs[0], runs[2])
        assert not torch.allclose(runs[0], model(images))

    def test_starts_as_section_5_says(self):
        model = small(gain=None, hidden=200, kernels=(32, 64, 64, 64, 64))
        biases = [layer.get_parameter("bias").unique().tolist() for layer in model.layers]
        assert biases == [[0.0], [1.0], [0.0], [1.0], [1.0], [1.0], [1.0], [0.0]]
        for layer in model.layers:
            assert layer.get_parameter("weight").std().item() == pytest.approx(0.01, rel=0.2)

    def test_a_gain_scales_weights_by_the_inputs_of_a_unit(self):
        model = small(gain=1.4, hidden=200, kernels=(32, 64, 64, 64, 64))
        for layer in model.layers:
            weight = layer.get_parameter("weight")
            expected = 1.4 / weight[0].numel() ** 0.5
            assert weight.std().item() == pytest.approx(expected, rel=0.1)
            assert (layer.get_parameter("bias") == 0).all()

    def test_the_seed_decides_the_weights_and_nothing_else_changes(self):
        state = torch.random.get_rng_state()
        first, again, other = (
            small(seed=seed).layers.get_parameter("0.weight") for seed in (0, 0, 1)
        )
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert torch.equal(torch.random.get_rng_state(), state)

    def test_the_activation_is_used(self):
        images = randn(2, 1, 24, 24)
        assert not torch.allclose(small()(images), small(activation=torch.tanh)(images))

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ({"kernels": (4, 6, 8, 6)}, "kernels must be five even numbers, got (4, 6, 8, 6)"),
            ({"kernels": (4, 6, 8, 6, 3)}, "kernels must be five even numbers, got "),
            ({"kernels": (0, 6, 8, 6, 4)}, "kernels must be five even numbers, got "),
            ({"hidden": 0}, "channels, first, hidden and num_classes must be positive, got 0"),
            ({"first": (7, 0)}, "channels, first, hidden and num_classes must be positive, got 0"),
            ({"size": 6}, "size must be enough for three poolings, got 6"),
            ({"size": 9}, "size must be enough for three poolings, got 9"),
            ({"rate": 1.0}, "rate must be in [0, 1), got 1.0"),
            ({"gain": 0.0}, "gain must be None or positive, finite, got 0.0"),
            ({"gain": math.nan}, "gain must be None or positive, finite, got nan"),
        ],
    )
    def test_refuses(self, setting, words, refuses):
        with refuses(words):
            small(**setting)


class TestTopError:
    scores = torch.tensor([[0.1, 0.5, 0.4], [0.6, 0.3, 0.1]])

    @pytest.mark.parametrize(("k", "error"), [(1, 1.0), (2, 0.5), (3, 0.0)])
    def test_counts_the_images_whose_class_is_not_found(self, k, error):
        assert top_error(self.scores, torch.tensor([2, 2]), k=k) == pytest.approx(error)

    @given(seed=st.integers(0, 50), k=st.integers(1, 7))
    def test_equals_a_sort(self, seed, k):
        scores = randn(9, 7, seed=seed)
        classes = torch.randint(7, (9,), generator=torch.Generator().manual_seed(seed))
        better = (scores > scores.gather(1, classes[:, None])).sum(1)
        assert top_error(scores, classes, k=k) == pytest.approx((better >= k).double().mean())

    def test_refuses(self, refuses):
        with refuses("k must be from 1 to 3, got 4"):
            top_error(self.scores, torch.tensor([0, 1]), k=4)
        with refuses("classes must be 2, one an image, got 3"):
            top_error(self.scores, torch.tensor([0, 1, 2]))
        with refuses("classes must be from 0 to 2, got 0 to 3"):
            top_error(self.scores, torch.tensor([0, 3]))


class TestSGD:
    def test_is_the_rule_of_section_5_also_when_the_rate_changes(self):
        w = torch.tensor([2.0, -3.0], dtype=torch.float64)
        optimizer = SGD([w])
        v, expected = torch.zeros_like(w), w.clone()
        for rate, g in zip((0.01, 0.01, 0.001, 0.001), randn(4, 2), strict=True):
            optimizer.learning_rate = rate
            optimizer.step([g])
            v = 0.9 * v - 0.0005 * rate * expected - rate * g
            expected = expected + v
            torch.testing.assert_close(w, expected, rtol=1e-14, atol=0)

    @given(
        rate=st.floats(1e-4, 1),
        momentum=st.floats(0, 0.99),
        decay=st.sampled_from([0.0, 5e-4, 0.1]),
        seed=st.integers(0, 99),
    )
    def test_equals_torch_while_the_rate_stays(self, rate, momentum, decay, seed):
        ours = randn(3, 2, seed=seed)
        library = ours.clone().requires_grad_()
        setting = {"momentum": momentum, "weight_decay": decay}
        first = SGD([ours], learning_rate=rate, **setting)
        second = torch.optim.SGD([library], lr=rate, **setting)
        for gradient in randn(20, 3, 2, seed=seed + 1):
            first.step([gradient])
            library.grad = gradient
            second.step()
        torch.testing.assert_close(ours, library.detach(), rtol=1e-10, atol=1e-12)

    def test_after_the_rate_has_fallen_torch_is_another_rule(self):
        ours, library = randn(2), randn(2).requires_grad_()
        first, second = SGD([ours]), torch.optim.SGD([library], lr=0.01, momentum=0.9)
        for rate in (0.01, 0.001):
            first.learning_rate = second.param_groups[0]["lr"] = rate
            first.step([torch.ones(2)])
            library.grad = torch.ones(2, dtype=torch.float64)
            second.step()
        assert (ours - library.detach()).abs().min() > 1e-3

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("learning_rate", value) for value in (0.0, -1.0, math.nan, math.inf)),
            *(("momentum", value) for value in (1.0, -0.1, math.nan)),
            *(("weight_decay", value) for value in (-1.0, math.nan, math.inf)),
        ],
    )
    def test_refuses(self, name, value, refuses):
        with refuses(f"{name} must be "):
            SGD([torch.zeros(2)], **{name: value})


class TestTrain:
    images, digits = digits_on_textures(contrast=0.0)

    def weights(self, *, model_setting=None, **setting):
        model = AlexNet(**{**TRAINED, **(model_setting or {})})
        list(train(model, self.images[:60], self.digits[:60], steps=3, **setting))
        return torch.cat([theta.detach().flatten() for theta in model.parameters()])

    def test_yields_every_step_and_the_loss_falls(self):
        model = AlexNet(**TRAINED, rate=0.0)
        steps = list(train(model, self.images[:20], self.digits[:20], steps=120))
        assert [step.step for step in steps] == list(range(120))
        assert steps[0].loss == pytest.approx(math.log(10), rel=0.3)
        assert steps[-1].loss < 0.6 * steps[0].loss

    def test_the_first_step_is_the_rule_on_the_first_batch(self):
        model = AlexNet(**TRAINED, rate=0.0)
        before = [theta.detach().clone() for theta in model.parameters()]
        picked = torch.randint(60, (32,), generator=torch.Generator().manual_seed(0))
        views = self.images[picked][:, :, 2:26, 2:26]
        loss = functional.cross_entropy(model(views), self.digits[picked])
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        step = next(train(model, self.images[:60], self.digits[:60], steps=9))
        assert step.loss == pytest.approx(loss.item(), rel=1e-5)
        rate = 0.03 / 20
        for theta, old, g in zip(model.parameters(), before, gradients, strict=True):
            torch.testing.assert_close(theta, old - rate * (g + 0.0005 * old), rtol=1e-4, atol=1e-7)

    def test_seed_crops_dropout_batch_size_and_rate_are_used(self):
        base = self.weights()
        assert torch.equal(base, self.weights())
        others: list[dict] = [
            {"seed": 1},
            {"crops": True},
            {"batch_size": 8},
            {"learning_rate": 0.01},
            {"model_setting": {"rate": 0.0}},
        ]
        for other in others:
            assert not torch.equal(base, self.weights(**other)), other

    def test_crops_read_the_border_and_the_middle_does_not(self):
        inside = self.images[:60].clone()
        inside[:, :, :2] = 9.0
        for crops in (False, True):
            runs = []
            for images in (self.images[:60], inside):
                model = AlexNet(**TRAINED)
                steps = train(model, images, self.digits[:60], steps=2, crops=crops)
                runs.append([step.loss for step in steps])
            assert (runs[0] == runs[1]) == (not crops)

    def test_predict_reads_the_middle(self):
        model = AlexNet(**TRAINED)
        logits = predict(model, self.images[:3])
        assert torch.equal(logits, model(self.images[:3, :, 2:26, 2:26]))
        assert not logits.requires_grad

    def test_refuses(self, refuses):
        model = AlexNet(**TRAINED)
        images, digits = self.images[:4], self.digits[:4]
        with refuses("steps and batch_size must be positive, got (0, 32)"):
            next(train(model, images, digits, steps=0))
        with refuses("learning_rate must be positive, finite, got -1.0"):
            next(train(model, images, digits, steps=1, learning_rate=-1.0))
        with refuses("classes must be 4, one an image, got 3"):
            next(train(model, images, digits[:3], steps=1))
        with refuses("the smaller side of images must be 24 or more, got 20"):
            next(train(model, images[:, :, :20], digits, steps=1))
        with refuses("images must be finite, got 1 NaN"):
            bad = images.clone()
            bad[0, 0, 0, 0] = math.nan
            next(train(model, bad, digits, steps=1))
        with refuses("the smaller side of images must be 24 or more, got 23"):
            predict(model, images[:, :, :, :23])
        with refuses("the smaller side of images must be 9 or more, got 8"):
            random_views(torch.ones(1, 1, 8, 9), size=9, mirror=False, generator=torch.Generator())
        with refuses("size must be positive, got 0"):
            random_views(torch.ones(1, 1, 8, 9), size=0, mirror=False, generator=torch.Generator())
