"""Parity with transformers' ResNet and torch's SGD, the paper's counts, and what is refused."""

import math
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional
from transformers import ResNetConfig, ResNetForImageClassification

from dlbasic.data.digits import load_digits
from dlbasic.history.resnet import (
    Block,
    ResNet,
    ZeroPadding,
    cifar_resnet,
    deal,
    error_rates,
    imagenet_resnet,
    losses,
    train,
)
from dlbasic.losses.cross_entropy import cross_entropy


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def count(model):
    return sum(theta.numel() for theta in model.parameters())


def reference(depth):
    config = ResNetConfig(
        hidden_sizes=[64, 128, 256, 512] if depth < 50 else [256, 512, 1024, 2048],
        depths=[2, 2, 2, 2] if depth == 18 else [3, 4, 6, 3],
        layer_type="basic" if depth < 50 else "bottleneck",
        downsample_in_bottleneck=True,  # as in the paper: the stride is that of the first layer
    )
    config.num_labels = 1000
    return ResNetForImageClassification(config).double()


def layers(model):
    """Every layer that learns: stem, then of each block the shortcut and F, then the classifier."""
    found = [module for module in model.stem if isinstance(module, nn.Conv2d | nn.BatchNorm2d)]
    for block in model.blocks:
        for part in (block.shortcut, block.residual):
            found += [m for m in part.modules() if isinstance(m, nn.Conv2d | nn.BatchNorm2d)]
    return [*found, model.classifier]


def with_weights_of(library, depth, seed=0):
    """Our network with the library's weights, after all of them have got values of their own."""
    generator = torch.Generator().manual_seed(seed)
    kinds = nn.Conv2d | nn.BatchNorm2d | nn.Linear
    theirs = [module for module in library.modules() if isinstance(module, kinds)]
    ours = layers(model := imagenet_resnet(depth).double())
    for module, copy in zip(theirs, ours, strict=True):
        if isinstance(module, nn.BatchNorm2d):
            running_var = module.get_buffer("running_var")
            for values in (module.weight.data, module.bias.data, running_var):
                values.copy_(0.5 + torch.rand(values.shape, generator=generator))
        copy.load_state_dict(
            {
                key: value.view_as(copy.state_dict()[key])
                for key, value in module.state_dict().items()
            }
        )
    return model, list(zip(theirs, ours, strict=True))


@pytest.mark.parametrize("depth", [18, 34, 50])
@pytest.mark.parametrize("training", [False, True])
def test_equals_transformers_in_output_and_gradient(depth, training):
    library = reference(depth).train(training)
    model, pairs = with_weights_of(library, depth)
    model.train(training)
    images = randn(2, 3, 64, 64, seed=1)
    ours, theirs = images.clone().requires_grad_(), images.clone().requires_grad_()
    logits, expected = model(ours), library(theirs).logits
    torch.testing.assert_close(logits, expected, rtol=1e-10, atol=1e-10)
    assert logits.std() > 0.01
    direction = randn(2, 1000, seed=2)
    (logits * direction).sum().backward()
    (expected * direction).sum().backward()
    for left, right in [(ours, theirs), *((our.weight, their.weight) for their, our in pairs)]:
        scale = right.grad.abs().max()
        assert scale > 0
        difference = (left.grad.reshape(right.grad.shape) - right.grad).abs().max()
        assert difference <= 1e-10 * scale


@pytest.mark.parametrize(
    ("depth", "expected"), [(18, 11_689_512), (34, 21_797_672), (50, 25_557_032)]
)
def test_imagenet_networks_have_exactly_their_parameters(depth, expected):
    assert count(imagenet_resnet(depth)) == expected
    assert count(reference(depth)) == expected


@pytest.mark.parametrize(("n", "millions"), [(3, 0.27), (5, 0.46), (7, 0.66), (9, 0.85)])
def test_cifar_networks_have_the_papers_parameters_and_layers(n, millions):
    model = cifar_resnet(n)
    assert round(count(model) / 1e6, 2) == millions
    weighted = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    assert len(weighted) == 6 * n + 2
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert count(cifar_resnet(n, shortcut="none")) == count(model)
    first = 16 * 32 + 2 * 32  # the projection: its weights, and the norm after it
    assert count(cifar_resnet(n, shortcut="B")) - count(model) == first + 32 * 64 + 2 * 64
    assert count(cifar_resnet(n, shortcut="C")) > count(cifar_resnet(n, shortcut="B"))


class TestBlock:
    def block(self, shortcut, inputs=2, outputs=4, stride=2, networks=1):
        block = Block(
            inputs, outputs, stride=stride, shortcut=shortcut, sizes=(3, 3), networks=networks
        )
        return block.double()

    @pytest.mark.parametrize("shortcut", ["none", "A", "B", "C"])
    def test_adds_its_shortcut_before_the_activation(self, shortcut):
        block, x = self.block(shortcut), randn(5, 2, 6, 6)
        _, norm1, _, _, norm2 = block.residual
        first, second = (block.residual.get_parameter(f"{k}.weight") for k in (0, 3))
        residual = functional.conv2d(x, first, stride=2, padding=1)
        residual = functional.conv2d(norm1(residual).relu(), second, padding=1)
        way_round = 0 if shortcut == "none" else block.shortcut(x)
        torch.testing.assert_close(block(x), (norm2(residual) + way_round).relu())
        assert (block(x) == 0).any()

    def test_zero_padding_is_a_convolution_that_copies(self):
        x = randn(3, 4, 5, 5)  # two networks of two channels each, to three each
        copies = torch.eye(3, 2, dtype=torch.float64)[:, :, None, None].repeat(2, 1, 1, 1)
        expected = functional.conv2d(x, copies, stride=2, groups=2)
        torch.testing.assert_close(ZeroPadding(1, 2, 2)(x), expected)

    def test_a_residual_block_that_has_learned_nothing_is_the_identity(self):
        block, x = self.block("A", 4, 4, 1), randn(2, 4, 3, 3).relu()
        nn.init.zeros_(block.residual.get_parameter("4.weight"))
        torch.testing.assert_close(block(x), x)
        plain = self.block("none", 4, 4, 1)
        nn.init.zeros_(plain.residual.get_parameter("4.weight"))
        assert (plain(x) == 0).all()

    def test_projects_only_where_it_should(self):
        assert isinstance(self.block("B", 4, 4, 1).shortcut, ZeroPadding)
        assert not isinstance(self.block("B", 4, 4, 2).shortcut, ZeroPadding)
        assert not isinstance(self.block("C", 4, 4, 1).shortcut, ZeroPadding)

    def test_refuses_an_unknown_shortcut(self, refuses):
        with refuses("shortcut must be one of ('none', 'A', 'B', 'C'), got 'D'"):
            self.block("D")


class TestNetwork:
    @pytest.mark.parametrize("shortcut", ["none", "A", "B"])
    def test_side_by_side_each_network_is_itself_alone(self, shortcut):
        several = cifar_resnet(1, shortcut=shortcut, filters=2, networks=3).double()
        images = randn(4, 9, 8, 8)
        logits = several(images)
        for k in range(3):
            alone = cifar_resnet(1, shortcut=shortcut, filters=2).double()
            for theta, group in zip(alone.parameters(), several.parameters(), strict=True):
                theta.data = group.data.unflatten(0, (3, -1))[k].clone()
            expected = alone(images[:, 3 * k : 3 * k + 3])
            torch.testing.assert_close(logits[:, 10 * k : 10 * k + 10], expected)

    def test_starts_as_kaiming_he_proposed(self):
        model = cifar_resnet(2, seed=3)
        for module in model.modules():
            if isinstance(module, nn.Conv2d) and module.weight.numel() > 2000:
                variance = module.weight.var().item()
                assert variance == pytest.approx(2 / module.weight[0].numel(), rel=0.1)
        assert (model.classifier.bias == 0).all()
        again, other = (cifar_resnet(2, seed=seed).classifier.weight for seed in (3, 4))
        assert torch.equal(model.classifier.weight, again)
        assert not torch.equal(model.classifier.weight, other)

    @pytest.mark.parametrize("shortcut", ["none", "A", "B"])
    def test_without_a_block_only_its_shortcut_is_left(self, shortcut):
        model = cifar_resnet(2, shortcut=shortcut, filters=2).double().eval()
        images = randn(3, 3, 8, 8)
        for k in (0, 2, 5):
            features = model.stem(images)
            for j, block in enumerate(model.blocks):
                shortcut_of_it = block.get_submodule("shortcut")
                features = shortcut_of_it(features).relu() if j == k else block(features)
            expected = model.classifier(features.mean((2, 3), keepdim=True)).flatten(1)
            torch.testing.assert_close(model.without(k)(images), expected)
            assert not torch.allclose(model(images), expected, rtol=1e-3)
        assert len(model.without(0).blocks) == len(model.blocks) == 6

    @pytest.mark.parametrize("k", [-1, 3])
    def test_refuses_to_remove_what_is_not_there(self, k, refuses):
        with refuses(f"k must be from 0 to 2, got {k}"):
            cifar_resnet(1).without(k)

    @pytest.mark.parametrize("name", ["n", "filters", "networks"])
    def test_refuses_sizes_of_zero(self, name, refuses):
        sizes: dict[str, Any] = {"n": 1, name: 0}
        with refuses("n, filters and networks must be positive, got "):
            cifar_resnet(**sizes)

    def test_refuses_what_the_paper_has_not(self, refuses):
        with refuses("depth must be one of [18, 34, 50, 101, 152], got 20"):
            imagenet_resnet(20)
        with refuses("shortcut must be one of "):
            cifar_resnet(1, shortcut="plain")

    def test_refuses_images_that_are_not(self, refuses):
        with refuses("images must have the axes (batch, channel, height, width), got"):
            cifar_resnet(1)(torch.zeros(3, 8, 8))
        with refuses("images must be finite, got 1 NaN"):
            images = torch.zeros(2, 3, 8, 8)
            images[1, 0, 2, 2] = math.nan
            cifar_resnet(1)(images)


class TestLoss:
    def test_is_the_cross_entropy_of_each_network(self):
        logits, digits = randn(6, 30).requires_grad_(), torch.arange(18).view(6, 3) % 10
        rows = torch.eye(10, dtype=torch.float64)[digits]
        expected = torch.stack(
            [cross_entropy(logits[:, 10 * k : 10 * k + 10], rows[:, k]) for k in range(3)]
        )
        torch.testing.assert_close(losses(logits, digits), expected, rtol=1e-12, atol=0)
        (gradient,) = torch.autograd.grad(losses(logits, digits)[1], logits)
        assert (gradient[:, :10] == 0).all()
        torch.testing.assert_close(
            gradient[:, 10:20], (logits[:, 10:20].softmax(1) - rows[:, 1]) / 6
        )

    def test_refuses_what_does_not_fit(self, refuses):
        with refuses("logits must be of shape (6, 20), got (6, 30)"):
            losses(torch.zeros(6, 30), torch.zeros(6, 2, dtype=torch.int64))
        with refuses("digits must be from 0 to 9, got 10 to 10"):
            losses(torch.zeros(1, 10), torch.tensor([[10]]))


class TestDeal:
    def test_each_seed_deals_out_every_digit_once(self):
        images, digits, new_images, new_digits = deal([0, 7], train=1000)
        assert images.shape == (2, 1000, 3, 8, 8)
        assert new_images.shape == (2, 797, 3, 8, 8)
        _, all_digits = load_digits()
        for k in range(2):
            counts = torch.bincount(torch.cat([digits[k], new_digits[k]]), minlength=10)
            assert torch.equal(counts, torch.bincount(all_digits))
        assert not torch.equal(digits[0], digits[1])
        assert torch.equal(deal([7], train=1000)[1][0], digits[1])

    def test_subtracts_the_mean_of_the_training_images_from_both(self):
        images, _, new_images, _ = deal([3])
        assert images.mean(dim=1).abs().max() < 1e-6
        assert new_images.mean(dim=1).abs().max() > 1e-3
        raw, _ = load_digits()
        order = torch.randperm(len(raw), generator=torch.Generator().manual_seed(3))
        expected = raw[order[1200]] - raw[order[:1152]].mean(0)
        torch.testing.assert_close(new_images[0, 48, 1], expected)

    def test_refuses_empty_sets(self, refuses):
        with refuses("seeds must be one or more, got []"):
            deal([])
        for size in (0, 1797):
            with refuses(f"train must be from 1 to 1796, got {size}"):
                deal([0], train=size)


class TestTrain:
    def data(self, networks=2):
        images, digits, *_ = deal(range(networks))
        return images.double()[:, :90], digits[:, :90]

    def model(self, networks=2, shortcut="A"):
        return cifar_resnet(1, shortcut=shortcut, filters=2, networks=networks).double()

    def test_equals_torch_sgd_with_a_schedule(self):
        images, digits = self.data(1)
        ours, library = self.model(1), self.model(1)
        list(train(ours, images, digits, steps=8, batch_size=16, learning_rate=0.1, seed=5))
        optimizer = torch.optim.SGD(library.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
        schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [4, 6])
        generator = torch.Generator().manual_seed(5)
        for _ in range(8):
            batch = torch.randint(90, (1, 16), generator=generator)[0]
            optimizer.zero_grad()
            functional.cross_entropy(library(images[0, batch]), digits[0, batch]).backward()
            optimizer.step()
            schedule.step()
        for theta, expected in zip(ours.parameters(), library.parameters(), strict=True):
            torch.testing.assert_close(theta, expected, rtol=1e-10, atol=1e-10)

    def test_each_network_has_its_own_rate_and_no_other_touches_it(self):
        images, digits = self.data(2)
        setting = {"steps": 3, "batch_size": 16}
        results = []
        for second in (0.5, 0.01):
            model = self.model(2)
            list(train(model, images, digits, learning_rate=[0.1, second], **setting))
            results.append([theta.detach().unflatten(0, (2, -1)) for theta in model.parameters()])
        for fast, slow in zip(*results, strict=True):
            torch.testing.assert_close(fast[0], slow[0], rtol=1e-10, atol=1e-12)
            assert not torch.allclose(fast[1], slow[1], rtol=1e-3)

    def test_yields_losses_and_errors_of_the_batch_before_the_update(self):
        images, digits = self.data(2)
        steps = list(train(self.model(2), images, digits, steps=40, learning_rate=0.1))
        assert [step.step for step in steps] == list(range(40))
        assert steps[-1].losses.mean() < 0.7 * steps[0].losses.mean()
        assert (steps[0].errors > 0.6).all()

    def test_the_seed_decides_the_batches(self):
        images, digits = self.data(1)
        ends = []
        for seed in (1, 1, 2):
            model = self.model(1)
            list(train(model, images, digits, steps=2, seed=seed))
            ends.append(model.classifier.weight.detach())
        assert torch.equal(ends[0], ends[1])
        assert not torch.equal(ends[0], ends[2])

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ({"steps": 0}, "steps and batch_size must be positive, got (0, 64)"),
            ({"batch_size": 0}, "steps and batch_size must be positive, got (90, 0)"),
            ({"learning_rate": 0.0}, "learning_rate must be positive, finite, got 0.0"),
            ({"learning_rate": math.nan}, "learning_rate must be positive, finite, got nan"),
            ({"learning_rate": [0.1, math.inf]}, "learning_rate must be positive, finite, got ["),
        ],
    )
    def test_refuses_settings_out_of_range(self, setting, words, refuses):
        with refuses(words):
            next(train(self.model(2), *self.data(2), **setting))

    def test_refuses_digits_that_do_not_fit(self, refuses):
        images, digits = self.data(2)
        with refuses("digits must be of shape (2, 90), got (2, 89)"):
            next(train(self.model(2), images, digits[:, 1:]))
        with refuses("digits must be of shape (2, 90), got (1, 90)"):
            error_rates(self.model(2), images, digits[:1])


class TestErrorRates:
    class Fixed(ResNet):
        """Says the same class for every image: network k says k."""

        def __init__(self):
            super().__init__(nn.Identity(), [], nn.Conv2d(1, 1, 1))

        def forward(self, images):
            logits = torch.zeros(len(images), 20)
            logits[:, 0], logits[:, 11] = 1, 1
            return logits

    def test_counts_what_is_wrong(self):
        digits = torch.tensor([[0, 0, 0, 5], [1, 2, 2, 2]])
        rates = error_rates(self.Fixed(), torch.zeros(2, 4, 3, 8, 8), digits)
        assert rates.tolist() == [0.25, 0.75]

    def test_uses_the_running_averages(self):
        model = cifar_resnet(1, filters=2)
        images, digits, *_ = deal([0])
        for few in (1, 100):  # alone or in company, an image is judged alike
            error_rates(model, images[:, :few], digits[:, :few])
            assert not model.training
        before = model.stem.get_buffer("1.running_mean").clone()
        error_rates(model, images, digits)
        assert torch.equal(before, model.stem.get_buffer("1.running_mean"))


def test_the_deeper_plain_network_trains_worse_and_the_shortcut_cures_it():
    images, digits, *_ = deal(range(4))
    errors = {}
    for shortcut in ("none", "A"):
        model = cifar_resnet(5, shortcut=shortcut, filters=4, networks=4)
        list(train(model, images, digits, steps=50))
        errors[shortcut] = error_rates(model, images, digits)
    assert (errors["none"] - errors["A"]).min() > 0.2
