"""Equal to the transformers library's GPT-2 and to torch's AdamW; blind to the future; refusing."""

import math
from typing import Any

import pytest
import torch
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.generation import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from dlbasic.data.byte_pairs import BytePairs
from dlbasic.history.gpt import (
    GPT,
    bits_per_character,
    power_law,
    probabilities,
    recall_lists,
    surprise,
    train,
    windows,
    write,
)

SIZE: dict[str, Any] = {"vocab": 11, "context": 9, "d_model": 12, "num_heads": 3, "num_layers": 2}


def make(seed=0, **settings):
    torch.manual_seed(seed)
    return GPT(**(SIZE | settings)).double()


def draw(*shape, seed=1, vocab=11):
    return torch.randint(vocab, shape, generator=torch.Generator().manual_seed(seed))


def library_with_the_weights_of(ours):
    make_config: Any = GPT2Config
    config = make_config(
        vocab_size=11,
        n_positions=9,
        n_embd=12,
        n_head=3,
        n_layer=2,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=0,
        attn_implementation="eager",
    )
    library = GPT2LMHeadModel(config).double()
    body = library.transformer
    turned = set()
    pairs = [
        (body.wte.weight, ours.embedding.weight),
        (body.wpe.weight, ours.place.weight),
        (body.ln_f.weight, ours.norm.weight),
        (body.ln_f.bias, ours.norm.bias),
    ]
    blocks: list[Any] = list(zip(body.h, ours.blocks, strict=True))
    for theirs, mine in blocks:
        for norm, ours_norm in (
            (theirs.ln_1, mine.attention_norm),
            (theirs.ln_2, mine.network_norm),
        ):
            pairs += [(norm.weight, ours_norm.weight), (norm.bias, ours_norm.bias)]
        for layer, linear in (
            (theirs.attn.c_attn, mine.attention.qkv),
            (theirs.attn.c_proj, mine.attention.output),
            (theirs.mlp.c_fc, mine.widen),
            (theirs.mlp.c_proj, mine.narrow),
        ):
            pairs += [(layer.weight, linear.weight), (layer.bias, linear.bias)]
            turned.add(layer.weight)  # the library multiplies by what torch's layers transpose
    for theirs, mine in pairs:
        theirs.data = (mine.mT if theirs in turned else mine).detach().clone()
    return library, pairs, turned


class TestModel:
    def test_value_and_gradients_are_those_of_the_library(self):
        ours = make()
        for weight in ours.parameters():
            weight.data += 0.1 * torch.randn_like(weight)  # biases and norms that matter
        library, pairs, turned = library_with_the_weights_of(ours)
        tokens = draw(3, 9)
        logits, theirs = ours(tokens), library(tokens).logits
        torch.testing.assert_close(logits, theirs, rtol=0, atol=1e-12)
        surprise(logits[:, :-1], tokens[:, 1:]).mean().backward()
        functional.cross_entropy(theirs[:, :-1].flatten(0, 1), tokens[:, 1:].flatten()).backward()
        assert len(pairs) == len(list(ours.parameters()))
        for other, mine in pairs:
            gradient = other.grad.mT if other in turned else other.grad
            torch.testing.assert_close(gradient, mine.grad, rtol=0, atol=1e-12)

    def test_the_smallest_has_the_parameters_of_gpt_2(self):
        with torch.device("meta"):
            ours, library = GPT(), GPT2LMHeadModel(GPT2Config())
        counts = [sum(w.numel() for w in model.parameters()) for model in (ours, library)]
        assert counts == [124_439_808, 124_439_808]

    @pytest.mark.parametrize("shifted", [False, True])
    def test_no_place_sees_the_future_and_every_place_sees_its_past(self, shifted):
        model = make(shifted_keys=shifted)
        tokens = draw(1, 9)
        x = model.embedding(tokens).detach() + model.place.weight[:9].detach()
        x.requires_grad_()
        y = x
        for block in model.blocks:
            y = block(y)
        for t in range(9):
            gradient = torch.autograd.grad(y[0, t].sum(), x, retain_graph=True)[0][0].abs().sum(1)
            assert (gradient[: t + 1] > 0).all()
            assert (gradient[t + 1 :] == 0).all()

    @pytest.mark.parametrize("shifted", [False, True])
    @pytest.mark.parametrize("parts", [[9], [1] * 9, [4, 3, 2]])
    def test_the_cache_changes_nothing(self, shifted, parts):
        model, tokens, cache = make(shifted_keys=shifted), draw(2, 9), {}
        logits = torch.cat([model(part, cache) for part in tokens.split(parts, dim=1)], dim=1)
        torch.testing.assert_close(logits, model(tokens), rtol=0, atol=1e-12)

    def test_a_shifted_key_is_found_by_the_token_before_it(self):
        shifted, plain = make(shifted_keys=True), make()
        assert (shifted(draw(1, 9)) - plain(draw(1, 9))).abs().max() > 1e-4
        torch.testing.assert_close(shifted(draw(1, 1)), plain(draw(1, 1)))

    def test_the_residual_layers_start_smaller(self):
        model = GPT(vocab=50, context=20, d_model=192, num_heads=2, num_layers=4)
        first: Any = model.blocks[0]
        assert first.widen.weight.std().item() == pytest.approx(0.04, rel=0.05)
        assert first.narrow.weight.std().item() == pytest.approx(0.04 / 8**0.5, rel=0.05)
        assert first.widen.bias.abs().max() == 0

    def test_refusals(self, refuses):
        with refuses("d_model must be a multiple of 5 heads, got 12"):
            make(num_heads=5)
        with refuses("sizes must be positive"):
            make(num_layers=0)
        with refuses("tokens must be at most 9, the context, got 10"):
            make()(draw(1, 10))


class TestData:
    def test_windows_foretell_every_token_once(self):
        rows = windows(range(10), length=4)
        assert rows.tolist() == [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9]]
        assert windows(range(12), length=4).tolist() == rows.tolist()

    def test_a_list_follows_one_dictionary(self):
        rows = recall_lists(300, examples=12, generator=torch.Generator().manual_seed(0))
        assert rows.shape == (300, 24)
        for row in rows.tolist():
            pairs = set(zip(row[::2], row[1::2], strict=True))
            assert len(pairs) == len({key for key, _ in pairs})
        assert sorted(set(rows[:, ::2].flatten().tolist())) == list(range(4))
        assert sorted(set(rows[:, 1::2].flatten().tolist())) == list(range(4, 14))
        assert len({tuple(row) for row in rows.tolist()}) == 300

    def test_refusals(self, refuses):
        with refuses("length must be 2 or more, got 1"):
            windows([1, 2], length=1)
        with refuses("tokens must be 3 or more, got 2"):
            windows([1, 2], length=3)
        with refuses("count, examples, keys and values must be positive, got 0"):
            recall_lists(1, examples=0, generator=torch.Generator())


class TestLoss:
    def test_value_and_gradient_are_those_of_torch(self):
        logits = torch.randn(2, 5, 7, dtype=torch.float64, requires_grad=True)
        following = draw(2, 5, vocab=7)
        ours = surprise(logits, following)
        theirs = functional.cross_entropy(logits.mT, following, reduction="none")
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
        (mine,) = torch.autograd.grad(ours.square().sum(), logits)
        (other,) = torch.autograd.grad(theirs.square().sum(), logits)
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-12)

    def test_a_model_that_knows_nothing_needs_eight_bits_for_a_byte(self):
        model = make(vocab=256)
        for weight in model.parameters():
            weight.data.zero_()
        assert bits_per_character(model, BytePairs([]), "ab cd ef " * 9) == pytest.approx(8)

    def test_bits_are_the_surprise_of_the_text_over_its_characters(self):
        pairs, text = BytePairs([]), "the text"
        model = make(vocab=256, context=7)
        row = windows(pairs.encode(text), length=8)
        nats = functional.cross_entropy(model(row[:, :-1])[0], row[0, 1:], reduction="sum")
        bits = bits_per_character(model, pairs, text)
        assert bits == pytest.approx(nats.item() / math.log(2) / 7, abs=1e-12)

    def test_a_power_law_is_found(self):
        x = [1.0, 10.0, 300.0, 4e4]
        alpha, scale, explained = power_law(x, [(5e6 / each) ** 0.07 for each in x])
        assert (alpha, scale, explained) == pytest.approx((0.07, 5e6, 1), rel=1e-6)
        assert power_law([1.0, 2.0, 4.0], [3.0, 1.0, 2.0])[2] < 0.5

    def test_refusals(self, refuses):
        logits = torch.zeros(1, 2, 3)
        with refuses("logits must be of (batch, time, vocab), got (2, 3)"):
            surprise(logits[0], draw(1, 2, vocab=3))
        with refuses("following must be (1, 2), got (1, 1)"):
            surprise(logits, draw(1, 1, vocab=3))
        with refuses("must be finite"):
            surprise(logits * math.nan, draw(1, 2, vocab=3))
        with refuses("x must be two or more, got 1"):
            power_law([1.0], [1.0])
        with refuses("x and loss must be positive, got 0.0"):
            power_law([1.0, 0.0], [1.0, 1.0])


class TestTraining:
    def test_models_side_by_side_learn_as_one_with_the_optimizer_of_torch(self):
        batches = draw(6, 2, 4, 10)
        models = [make(seed) for seed in range(2)]
        losses = [step.losses for step in train(models, batches, steps=6)]
        for k in range(2):
            alone = make(k)
            groups = [
                {"params": [w for w in alone.parameters() if w.ndim > 1]},
                {"params": [w for w in alone.parameters() if w.ndim == 1], "weight_decay": 0.0},
            ]
            clipped = 0
            optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.95), weight_decay=0.1)
            for step, batch in enumerate(batches[:, k]):
                cosine = 0.55 + 0.45 * math.cos(math.pi * step / 6)
                for group in optimizer.param_groups:
                    group["lr"] = 4e-3 * min((step + 1) / 0.6, cosine)
                logits = alone(batch[:, :-1])
                loss = functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
                assert loss.item() == pytest.approx(losses[step][k].item(), abs=1e-12)
                optimizer.zero_grad()
                loss.backward()
                gradients = [w.grad for w in alone.parameters() if w.grad is not None]
                length = torch.cat([gradient.flatten() for gradient in gradients]).norm().item()
                clipped += length > 1
                for gradient in gradients:
                    gradient /= max(length, 1.0)
                optimizer.step()
            for mine, other in zip(models[k].parameters(), alone.parameters(), strict=True):
                assert (mine - other).abs().max() < 1e-10
            assert clipped > 0

    def test_refusals(self, refuses):
        with refuses("models must be of one size"):
            next(train([make(), make(num_layers=1)], draw(1, 2, 2, 5), steps=1))
        with refuses("steps must be positive, got 0"):
            next(train([make()], draw(1, 1, 2, 5), steps=0))
        with refuses("tokens must be for 1 models, got 2"):
            next(train([make()], draw(1, 2, 2, 5), steps=1))


class TestSampling:
    @pytest.mark.parametrize("top_k", [None, 1, 5, 20])
    @pytest.mark.parametrize("top_p", [1.0, 0.9, 0.3, 1e-9])
    @pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
    def test_the_probabilities_are_those_of_the_library(self, temperature, top_k, top_p):
        logits = 3 * torch.randn(6, 20, dtype=torch.float64)
        ids: Any = torch.zeros(6, 1, dtype=torch.long)
        theirs = TemperatureLogitsWarper(temperature)(ids, logits)
        if top_k is not None:
            theirs = TopKLogitsWarper(top_k)(ids, theirs)
        theirs = TopPLogitsWarper(top_p)(ids, theirs) if top_p < 1 else theirs
        ours = probabilities(logits, temperature=temperature, top_k=top_k, top_p=top_p)
        torch.testing.assert_close(ours, theirs.softmax(dim=1), rtol=0, atol=1e-12)

    def test_what_is_written_is_the_likeliest_if_nothing_else_may_be(self):
        model, prompt = make(), draw(2, 3)
        written = write(model, prompt, length=6, generator=torch.Generator(), top_k=1)
        text = torch.cat([prompt, written], dim=1)
        assert torch.equal(written, model(text[:, :-1])[:, 2:].argmax(dim=2))

    def test_refusals(self, refuses):
        logits = torch.zeros(1, 4)
        with refuses("temperature must be positive and finite, got 0"):
            probabilities(logits, temperature=0)
        with refuses("top_k must be from 1 to 4, got 5"):
            probabilities(logits, top_k=5)
        with refuses("top_p must be in (0, 1], got 0"):
            probabilities(logits, top_p=0)
        with refuses("length must be positive, got 0"):
            write(make(), draw(1, 2), length=0, generator=torch.Generator())
