"""Equal to torch's attention and Transformer, blind to padding and to the future, and learning."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from dlbasic.data.phrases import (
    END,
    PADDING,
    SPECIAL,
    START,
    Pairs,
    date_batches,
    date_lists,
    date_vocabularies,
)
from dlbasic.history.transformer import (
    DecoderLayer,
    EncoderLayer,
    MultiHeadAttention,
    Transformer,
    attention,
    causal_mask,
    greedy,
    learning_rate,
    positions,
    share_vocabulary,
    surprise,
    train,
)
from tests.history.test_seq2seq import framed, padded, sentences

ENGLISH, KOREAN = date_vocabularies()
VOCAB = len(ENGLISH) + len(KOREAN) - len(SPECIAL)
SIZE: dict[str, Any] = {"layers": 2, "d_model": 8, "num_heads": 2, "d_ff": 12}


def randn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def assert_equal(ours, theirs):
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


def some_mask(*shape, seed=0):
    """A mask that hides about half of the keys, but never the first."""
    mask = torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < 0.5
    mask[..., 0] = True
    return mask


def make(vocab=8, *, seed=0, **size):
    torch.manual_seed(seed)
    return Transformer(vocab, **(SIZE | size)).double()


def changed(tokens, place):
    other = tokens.clone()
    other[:, place] = 4 + (other[:, place] - 3) % 4
    return other


def assert_same_gradients(ours, theirs, inputs, upstream):
    """Compare the gradients of two outputs that were made of the same inputs."""
    mine, other = (
        torch.autograd.grad((each * upstream).sum(), inputs, retain_graph=True)
        for each in (ours, theirs)
    )
    for one, two in zip(mine, other, strict=True):
        assert one.abs().max() > 0
        assert_equal(one, two)


def copy_attention(ours, library):
    """Give torch's attention the weights of ours, scrambled first so that no bias is zero."""
    for weight in ours.parameters():
        weight.data += 0.3 * torch.randn_like(weight)
    parts = (ours.query, ours.key, ours.value)
    library.in_proj_weight.data = torch.cat([part.weight.data for part in parts])
    library.in_proj_bias.data = torch.cat([part.bias.data for part in parts])
    library.out_proj.load_state_dict(ours.output.state_dict())


def copy_rest(ours, library):
    """Give a layer of torch the norms and the feed-forward part of ours."""
    for name, norm in ours.named_children():
        if name.startswith("norm"):
            norm.weight.data += 0.3 * torch.randn_like(norm.weight)
            norm.bias.data += 0.3 * torch.randn_like(norm.bias)
            getattr(library, name).load_state_dict(norm.state_dict())
    library.linear1.load_state_dict(ours.feed_forward[0].state_dict())
    library.linear2.load_state_dict(ours.feed_forward[2].state_dict())


def copy_layers(ours, library):
    for mine, other in zip(ours.encoder, library.encoder.layers, strict=True):
        copy_attention(mine.attention, other.self_attn)
        copy_rest(mine, other)
    for mine, other in zip(ours.decoder, library.decoder.layers, strict=True):
        copy_attention(mine.attention, other.self_attn)
        copy_attention(mine.source_attention, other.multihead_attn)
        copy_rest(mine, other)


def torch_transformer(*, layers, d_model, num_heads, d_ff):
    """torch.nn.Transformer without the two norms that the paper's figure 1 does not have."""
    size = {"dropout": 0.0, "batch_first": True, "dtype": torch.float64}
    encoder = nn.TransformerEncoderLayer(d_model, num_heads, d_ff, **size)
    decoder = nn.TransformerDecoderLayer(d_model, num_heads, d_ff, **size)
    return nn.Transformer(
        d_model,
        num_heads,
        custom_encoder=nn.TransformerEncoder(encoder, layers, enable_nested_tensor=False),
        custom_decoder=nn.TransformerDecoder(decoder, layers),
        batch_first=True,
    )


def lists(count, *, dates, seed):
    pairs = date_lists(count, dates=dates, generator=torch.Generator().manual_seed(seed))
    return share_vocabulary(pairs, source_vocab=len(ENGLISH))


def batches_of(models, *, dates, steps, seed=0):
    batches = date_batches(models, dates=dates, steps=steps, seed=seed)
    return [share_vocabulary(batch, source_vocab=len(ENGLISH)) for batch in batches]


def small_models(count, **size):
    made = []
    for seed in range(count):
        torch.manual_seed(seed)
        small: dict[str, Any] = {"layers": 1, "d_model": 16, "num_heads": 2, "d_ff": 24}
        made.append(Transformer(VOCAB, **(small | size)))
    return made


class TestShareVocabulary:
    def test_gives_the_target_numbers_of_its_own_and_leaves_the_special_ones(self):
        pairs = date_lists(50, dates=2, generator=torch.Generator().manual_seed(0))
        source, target = share_vocabulary(pairs, source_vocab=len(ENGLISH))
        assert torch.equal(source, pairs.source)
        special = pairs.target < len(SPECIAL)
        assert torch.equal(target[special], pairs.target[special])
        assert target[~special].min() >= len(ENGLISH)
        assert target.max() < VOCAB
        assert torch.equal(target[~special].unique(), pairs.target[~special].unique() + VOCAB - 59)


class TestPositions:
    def test_are_the_paper_s_sines_and_cosines(self):
        table = positions(50, 6)
        for place in range(50):
            for i in range(3):
                angle = place / 10000 ** (2 * i / 6)
                assert table[place, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-12)
                assert table[place, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-12)

    @given(st.integers(1, 40), st.integers(1, 6))
    def test_a_shift_is_the_same_rotation_everywhere(self, shift, pairs):
        table = positions(100, 2 * pairs).unflatten(1, (pairs, 2))
        rates = 10000 ** (-torch.arange(pairs, dtype=torch.float64) / pairs)
        sin, cos = (shift * rates).sin(), (shift * rates).cos()
        s, c = table[:-shift].unbind(2)
        expected = torch.stack([s * cos + c * sin, c * cos - s * sin], dim=2)
        assert_equal(table[shift:], expected)

    def test_refuses(self, refuses):
        with refuses("length must be positive, got 0"):
            positions(0, 4)
        for d_model in (0, 5):
            with refuses(f"d_model must be positive and even, got {d_model}"):
                positions(3, d_model)


class TestAttention:
    @given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 7), st.integers(1, 5))
    def test_equals_torch_in_value_and_gradient(self, batch, time, source, d_k):
        q, k, v = randn(batch, 2, time, d_k), randn(batch, 2, source, d_k), randn(2, source, 3)
        v = v.expand(batch, 2, source, 3).clone()
        inputs = [each.requires_grad_() for each in (q, k, v)]
        for mask in (None, some_mask(time, source), some_mask(batch, 1, 1, source)):
            ours = attention(q, k, v, mask)
            library = functional.scaled_dot_product_attention(*inputs, attn_mask=mask)
            assert_equal(ours, library)
            mine, other = (
                torch.autograd.grad(each.sin().sum(), inputs) for each in (ours, library)
            )
            for one, two in zip(mine, other, strict=True):
                assert_equal(one, two)

    def test_with_a_causal_mask_equals_torch_s_own(self):
        q, k, v = (randn(3, 5, 4, seed=seed) for seed in range(3))
        library = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        assert_equal(attention(q, k, v, causal_mask(5)), library)

    def test_is_equation_1_by_hand(self):
        q, k, v = randn(3, 4), randn(5, 4, seed=1), randn(5, 2, seed=2)
        for i in range(3):
            scores = torch.stack([(q[i] * k[j]).sum() / 2 for j in range(5)]).exp()
            expected = sum(scores[j] * v[j] for j in range(5)) / scores.sum()
            assert_equal(attention(q, k, v)[i], expected)

    @pytest.mark.parametrize("part", range(3))
    def test_depends_on_all_three(self, part):
        inputs = [randn(4, 3, seed=seed).requires_grad_() for seed in range(3)]
        (gradient,) = torch.autograd.grad(attention(*inputs)[0].square().sum(), inputs[part])
        seen = gradient[0] if part == 0 else gradient  # a query changes its own output only
        assert (seen.abs() > 0).all()
        assert part != 0 or (gradient[1:] == 0).all()

    def test_gradcheck(self):
        inputs = [randn(2, 3, 2, seed=seed).requires_grad_() for seed in range(3)]
        assert torch.autograd.gradcheck(lambda q, k, v: attention(q, k, v, causal_mask(3)), inputs)

    @given(st.integers(1, 5), st.integers(1, 7))
    def test_weights_are_probabilities_and_zero_where_hidden(self, time, source):
        mask, identity = some_mask(time, source), torch.eye(source).double().expand(2, -1, -1)
        weights = attention(randn(2, time, 4), randn(2, source, 4), identity, mask)
        assert_equal(weights.sum(-1), torch.ones(2, time, dtype=torch.float64))
        assert torch.equal(weights > 0, mask.expand(2, -1, -1))

    def test_large_scores_do_not_overflow(self):
        q, k = (1e4 * randn(3, 4, seed=seed).float() for seed in range(2))
        weights = attention(q, k, torch.eye(3))
        torch.testing.assert_close(weights.sum(-1), torch.ones(3))

    def test_refuses(self, refuses):
        q, k, v = randn(2, 4), randn(3, 4), randn(3, 5)
        start = (
            "query, key and value must be (..., query, d_k), (..., key, d_k) and (..., key, d_v)"
        )
        with refuses(f"{start}, got (2, 4), (3, 3) and (3, 5)"):
            attention(q, k[:, :3], v)
        with refuses(f"{start}, got (2, 4), (3, 4) and (2, 5)"):
            attention(q, k, v[:2])
        with refuses(f"{start}, got (4,), (4,) and (5,)"):
            attention(q[0], k[0], v[0])
        with refuses(f"{start}, got (1, 2, 4), (3, 4) and (3, 5)"):
            attention(q[None], k, v)
        with refuses("mask must be Boolean, True to look, got torch.float64"):
            attention(q, k, v, torch.zeros(2, 3, dtype=torch.float64))


class TestCausalMask:
    def test_hides_the_future_only(self):
        assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True] * 3]

    def test_refuses(self, refuses):
        with refuses("length must be positive, got 0"):
            causal_mask(0)


class TestMultiHeadAttention:
    @given(st.integers(1, 3), st.integers(1, 5), st.integers(1, 6), st.sampled_from([1, 2, 4]))
    def test_equals_torch_in_value_weights_and_gradient(self, batch, time, source, num_heads):
        torch.manual_seed(0)
        ours = MultiHeadAttention(8, num_heads).double()
        library = nn.MultiheadAttention(8, num_heads, batch_first=True, dtype=torch.float64)
        copy_attention(ours, library)
        q, k, v = randn(batch, time, 8), randn(batch, source, 8), randn(batch, source, 8, seed=1)
        inputs = [each.requires_grad_() for each in (q, k, v)]
        for mask in (None, some_mask(time, source)):
            hidden = None if mask is None else ~mask  # torch's mask says where not to look
            value, weights = library(*inputs, attn_mask=hidden, average_attn_weights=False)
            got = ours(*inputs, mask)
            assert_equal(got, value)
            heads = [ours.split(part(x)) for part, x in ((ours.query, q), (ours.key, k))]
            identity = torch.eye(source).double().expand(batch, num_heads, -1, -1)
            assert_equal(attention(heads[0], heads[1], identity, mask), weights)
            pairs = [(got, list(ours.parameters())), (value, list(library.parameters()))]
            grads = [torch.autograd.grad(y.sin().sum(), [*inputs, *w]) for y, w in pairs]
            mine, other = grads
            for one, two in zip(mine[:3], other[:3], strict=True):
                assert_equal(one, two)
            names = [name.partition(".")[2] for name, _ in ours.named_parameters()]
            for kind, position in (("weight", 3), ("bias", 4)):
                grouped = [g for name, g in zip(names, mine[3:], strict=True) if name == kind]
                assert_equal(torch.cat(grouped[:3]), other[position])
                assert_equal(grouped[3], other[position + 2])

    def test_a_mask_for_each_sentence_hides_its_padding(self):
        ours, x = MultiHeadAttention(8, 2).double(), randn(2, 5, 8)
        mask = torch.ones(2, 1, 5, dtype=torch.bool)
        mask[1, 0, 3:] = False
        got = ours(x, x, x, mask)
        assert_equal(got[0], ours(x[:1], x[:1], x[:1])[0])
        assert_equal(got[1], ours(x[1:], x[1:, :3], x[1:, :3])[0])

    def test_heads_look_at_different_places(self):
        ours, x = MultiHeadAttention(8, 2).double(), randn(1, 5, 8)
        q, k = ours.split(ours.query(x)), ours.split(ours.key(x))
        weights = attention(q, k, torch.eye(5).double().expand(1, 2, 5, 5))
        assert (weights[:, 0] - weights[:, 1]).abs().max() > 1e-3

    def test_a_head_knows_its_own_part_of_the_vectors(self):
        ours, x = MultiHeadAttention(8, 2).double(), randn(1, 5, 8)
        parts = [part(x).chunk(2, dim=-1) for part in (ours.query, ours.key, ours.value)]
        heads = [attention(q, k, v) for q, k, v in zip(*parts, strict=True)]
        assert_equal(ours(x, x, x), ours.output(torch.cat(heads, dim=-1)))

    @given(st.permutations(range(6)))
    def test_without_places_a_permutation_of_words_only_permutes_the_output(self, order):
        ours, x = MultiHeadAttention(8, 2).double(), randn(1, 6, 8)
        permuted = ours(x[:, order], x[:, order], x[:, order])
        assert_equal(permuted, ours(x, x, x)[:, order])

    def test_refuses(self, refuses):
        for d_model, num_heads in ((8, 3), (8, 0), (0, 1)):
            with refuses(f"d_model must be a multiple of num_heads = {num_heads}, got {d_model}"):
                MultiHeadAttention(d_model, num_heads)


class TestLayers:
    def test_encoder_layer_equals_torch(self):
        torch.manual_seed(0)
        ours = EncoderLayer(8, 2, 12).double()
        library = torch_transformer(
            layers=1, **{k: SIZE[k] for k in ("d_model", "num_heads", "d_ff")}
        )
        other = library.encoder.layers[0]
        copy_attention(ours.attention, other.self_attn)
        copy_rest(ours, other)
        x, mask = randn(3, 5, 8).requires_grad_(), some_mask(5, 5)
        one, two = ours(x, mask), other(x, src_mask=~mask)
        assert_equal(one, two)
        assert_same_gradients(one, two, [x], randn(3, 5, 8, seed=1))

    def test_decoder_layer_equals_torch(self):
        torch.manual_seed(0)
        ours = DecoderLayer(8, 2, 12).double()
        library = torch_transformer(
            layers=1, **{k: SIZE[k] for k in ("d_model", "num_heads", "d_ff")}
        )
        other = library.decoder.layers[0]
        copy_attention(ours.attention, other.self_attn)
        copy_attention(ours.source_attention, other.multihead_attn)
        copy_rest(ours, other)
        x, memory = randn(3, 5, 8).requires_grad_(), randn(3, 4, 8, seed=1).requires_grad_()
        mask = some_mask(5, 4)
        one = ours(x, causal_mask(5), memory, mask)
        two = other(x, memory, tgt_mask=~causal_mask(5), memory_mask=~mask)
        assert_equal(one, two)
        assert_same_gradients(one, two, [x, memory], randn(3, 5, 8, seed=2))


class TestTransformer:
    def logits_of_torch(self, ours, library, source, written):
        """The logits of torch's stacks between our embeddings."""
        hidden = source == PADDING
        x = ours.embedding(source) * 8**0.5 + positions(source.shape[1], 8)
        y = ours.embedding(written) * 8**0.5 + positions(written.shape[1], 8)
        out = library(
            x,
            y,
            tgt_mask=~causal_mask(written.shape[1]),
            src_key_padding_mask=hidden,
            memory_key_padding_mask=hidden,
        )
        return out @ ours.embedding.weight.T

    @pytest.mark.parametrize("layers", [1, 3])
    def test_equals_torch_in_value_and_gradient_of_every_weight(self, layers):
        ours = make(layers=layers)
        library = torch_transformer(**(SIZE | {"layers": layers}))
        copy_layers(ours, library)
        source = torch.cat([sentences(2, 6), padded(sentences(2, 4, seed=1), 2)])
        written = framed(sentences(4, 5, seed=2))
        one, two = ours(source, written), self.logits_of_torch(ours, library, source, written)
        assert_equal(one, two)
        upstream = randn(*one.shape, seed=3)
        assert_same_gradients(one, two, [ours.embedding.weight], upstream)
        assert_same_gradients_of_layers(ours, library, one, two, upstream)

    def test_with_torch_s_two_extra_norms_it_equals_the_transformer_as_it_comes(self):
        ours = make()
        library = nn.Transformer(8, 2, 2, 2, 12, 0.0, batch_first=True, dtype=torch.float64)
        copy_layers(ours, library)
        norms = [nn.LayerNorm(8, dtype=torch.float64) for _ in range(2)]
        for kind, norm in zip(("encoder", "decoder"), norms, strict=True):
            norm.weight.data += randn(8)
            norm.bias.data += randn(8, seed=1)
            library.get_submodule(f"{kind}.norm").load_state_dict(norm.state_dict())
        source, written = sentences(3, 4), framed(sentences(3, 5, seed=1))
        memory = norms[0](ours.encode(source))
        expected = self.logits_of_torch(ours, library, source, written)
        ours.decoder.append(ExtraNorm(norms[1]))
        assert_equal(ours.decode(memory, source, written), expected)

    def test_the_base_model_has_the_size_of_the_paper_s_with_its_vocabulary(self):
        with torch.device("meta"):
            model = Transformer(37_000)
            library = nn.Transformer(batch_first=True)
        count = sum(weight.numel() for weight in model.parameters())
        sizes = {name: weight.numel() for name, weight in library.named_parameters()}
        extra = sum(sizes[name] for name in sizes if "coder.norm" in name)
        assert (count, count + extra) == (63_082_496, 63_084_544)
        assert count + extra == sum(sizes.values()) + 37_000 * 512

    def test_padding_changes_nothing(self):
        model, source, target = make(), sentences(3, 4), framed(sentences(3, 5, seed=1))
        logits = model(source, target)
        both = model(padded(source), padded(target))[:, : target.shape[1]]
        assert_equal(both, logits)

    def test_padding_changes_no_gradient(self):
        model, source, target = make(), sentences(3, 4), framed(sentences(3, 5, seed=1))
        gradients = []
        for x, y in ((source, target), (padded(source), padded(target))):
            loss = surprise(model(x, y[:, :-1]), y[:, 1:], smoothing=0.1).mean()
            gradients.append(torch.autograd.grad(loss, list(model.parameters())))
        for one, other in zip(*gradients, strict=True):
            assert_equal(one, other)

    def test_short_and_long_sentences_share_a_batch(self):
        model = make()
        long, short = sentences(1, 6), sentences(1, 2, seed=1)
        target = framed(sentences(1, 3))
        together = model(torch.cat([long, padded(short, 4)]), target.expand(2, -1))
        assert_equal(together[:1], model(long, target))
        assert_equal(together[1:], model(short, target))

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    @pytest.mark.parametrize("place", range(7))
    def test_the_future_leaks_not_a_bit_and_the_present_matters(self, dtype, place):
        model, source, target = make().to(dtype), sentences(2, 4), framed(sentences(2, 5, seed=1))
        logits, other = (model(source, each) for each in (target, changed(target, place)))
        assert torch.equal(other[:, :place], logits[:, :place])
        assert ((other - logits)[:, place:].abs().amax(2) > 0).all()

    def test_every_word_of_the_source_matters(self):
        model, source, target = make(), sentences(2, 4), framed(sentences(2, 5, seed=1))
        logits = model(source, target)
        for place in range(4):
            difference = model(changed(source, place), target) - logits
            assert (difference.abs().amax(2) > 0).all()

    def test_the_encoder_without_places_permutes_and_with_them_does_not(self, monkeypatch):
        model, source, order = make(), sentences(2, 6), [3, 1, 5, 0, 2, 4]
        assert (model.encode(source[:, order]) - model.encode(source)[:, order]).abs().max() > 0.01
        monkeypatch.setattr(
            "dlbasic.history.transformer.positions", lambda *size: torch.zeros(size)
        )
        assert_equal(model.encode(source[:, order]), model.encode(source)[:, order])

    def test_embeddings_are_about_as_long_as_places_and_are_the_weights_of_the_output(self):
        model = make(500, d_model=64)
        x = model.embed(torch.arange(500)[None]) - positions(500, 64)
        assert_equal(x[0], 8 * model.embedding.weight)
        assert x.std().item() == pytest.approx(1, abs=0.02)
        assert positions(500, 64).square().mean().item() == pytest.approx(0.5, abs=1e-9)
        logits = model(sentences(1, 3), torch.tensor([[START]]))[0, 0]
        before = logits.clone()
        model.embedding.weight.data[400] *= 3  # a word that is neither read nor written
        after = model(sentences(1, 3), torch.tensor([[START]]))[0, 0]
        before[400] *= 3
        assert_equal(after, before)

    def test_all_weights_get_a_gradient(self):
        model = make()
        model(sentences(4, 5), framed(sentences(4, 3))).square().sum().backward()
        for name, weight in model.named_parameters():
            assert weight.grad is not None, name
            assert weight.grad.abs().sum() > 0 or name.endswith("key.bias"), name

    def test_refuses(self, refuses):
        with refuses("sizes must be positive, d_model even, got (0, 2, 8, 12)"):
            make(0)
        with refuses("sizes must be positive, d_model even, got (8, 2, 3, 12)"):
            make(d_model=3, num_heads=1)
        with refuses("d_model must be a multiple of num_heads = 3, got 8"):
            make(num_heads=3)


class ExtraNorm(nn.Module):
    """A norm in the place of a decoder layer."""

    def __init__(self, norm):
        super().__init__()
        self.norm = norm

    def forward(self, x, *_):
        return self.norm(x)


def assert_same_gradients_of_layers(ours, library, one, two, upstream):
    """Compare the gradients of all weights, those of torch's three joint projections in parts."""
    pairs = []
    for mine, other in zip(ours.encoder, library.encoder.layers, strict=True):
        pairs += [(mine.attention, other.self_attn), (mine, other)]
    for mine, other in zip(ours.decoder, library.decoder.layers, strict=True):
        pairs += [(mine.attention, other.self_attn), (mine, other)]
        pairs += [(mine.source_attention, other.multihead_attn)]
    (one * upstream).sum().backward(retain_graph=True)
    (two * upstream).sum().backward(inputs=list(library.parameters()))
    for mine, other in pairs:
        if isinstance(mine, MultiHeadAttention):
            parts = (mine.query, mine.key, mine.value)
            for kind in ("weight", "bias"):
                joint = torch.cat([getattr(part, kind).grad for part in parts])
                assert_equal(joint, getattr(other, f"in_proj_{kind}").grad)
            twins = [(mine.output, other.out_proj)]
        else:
            names = [name for name, _ in mine.named_children() if name.startswith("norm")]
            twins = [(getattr(mine, name), getattr(other, name)) for name in names]
            twins += [(mine.feed_forward[0], other.linear1), (mine.feed_forward[2], other.linear2)]
        for ours_, theirs in twins:
            for one_, two_ in zip(ours_.parameters(), theirs.parameters(), strict=True):
                assert one_.grad is not None
                assert one_.grad.abs().max() > 0
                assert_equal(one_.grad, two_.grad)


class TestLoss:
    @given(
        st.integers(1, 4), st.integers(1, 5), st.integers(5, 9), st.sampled_from([0.0, 0.1, 0.5])
    )
    def test_equals_torch_that_smooths_and_ignores_the_padding(self, batch, time, vocab, smoothing):
        logits = randn(batch, time, vocab).requires_grad_()
        words = sentences(batch, time, vocab=vocab)
        words[-1, time // 2 :] = PADDING
        total = surprise(logits, words, smoothing=smoothing)
        expected = functional.cross_entropy(
            logits.mT, words, ignore_index=PADDING, reduction="none", label_smoothing=smoothing
        ).sum(1)
        assert_equal(total, expected)
        (gradient,) = torch.autograd.grad(total.sum(), logits)
        (other,) = torch.autograd.grad(expected.sum(), logits)
        assert_equal(gradient, other)
        assert (gradient[-1, time // 2 :] == 0).all()

    def test_refuses(self, refuses):
        with refuses("words must be (1, 3), got torch.Size([1, 2])"):
            surprise(torch.zeros(1, 3, 8), torch.tensor([[4, 5]]), smoothing=0.1)
        with refuses("words must be from 0 to 7, got 4 to 8"):
            surprise(torch.zeros(1, 2, 8), torch.tensor([[4, 8]]), smoothing=0.1)
        with refuses("logits must be finite, got 1 NaN"):
            surprise(torch.full((1, 1, 1), math.nan), torch.tensor([[0]]), smoothing=0.1)
        for smoothing in (-0.1, 1.0, math.nan):
            with refuses(f"smoothing must be in [0, 1), got {smoothing}"):
                surprise(torch.zeros(1, 1, 8), torch.tensor([[4]]), smoothing=smoothing)


class TestLearningRate:
    def test_rises_to_the_end_of_the_warm_up_and_falls_as_a_root(self):
        rates = [learning_rate(step, d_model=512, warmup=4000) for step in range(1, 20_001)]
        assert max(rates) == rates[3999] == pytest.approx(1 / (512 * 4000) ** 0.5)
        assert rates[999] == pytest.approx(rates[3999] / 4)
        assert rates[15_999] == pytest.approx(rates[3999] / 2)

    def test_refuses(self, refuses):
        for numbers in ((0, 8, 4), (1, 0, 4), (1, 8, 0)):
            with refuses(f"step, d_model and warmup must be positive, got {numbers}"):
                learning_rate(numbers[0], d_model=numbers[1], warmup=numbers[2])


class TestGreedy:
    def sharp(self, seed):
        model = make(seed=seed)
        model.embedding.weight.data *= 4
        return model

    def test_takes_the_likeliest_and_stops_at_the_end(self):
        ends = 0
        for seed in range(6):
            model, source = self.sharp(seed), sentences(20, 3)
            rows = greedy(model, source, length=8)
            logits = model(source, torch.cat([torch.full((20, 1), START), rows[:, :-1]], dim=1))
            ended = (rows == END).cumsum(1) - (rows == END).int() > 0
            assert torch.equal(rows, torch.where(ended, PADDING, logits.argmax(-1)))
            ends += int((rows == END).sum())
        assert ends > 0

    def test_a_list_is_written_right_if_each_word_is_the_likeliest_after_the_right_ones(self):
        (model,) = small_models(1)
        list(train([model], batches_of(1, dates=1, steps=80), steps=80, warmup=40))
        source, target = lists(300, dates=1, seed=5)
        written = greedy(model, source, length=target.shape[1] - 1)
        whole = (written == target[:, 1:]).all(1)
        forced = (model(source, target[:, :-1]).argmax(-1) == target[:, 1:]).all(1)
        assert torch.equal(whole, forced)
        assert 0 < whole.sum() < 300

    def test_refuses(self, refuses):
        with refuses("source must be one or more words in every sentence, got 1 without any"):
            greedy(make(), torch.tensor([[0, 0], [5, 0]]), length=3)
        with refuses("source must be from 0 to 7, got 9 to 9"):
            greedy(make(), torch.tensor([[9]]), length=3)
        with refuses("length must be positive, got 0"):
            greedy(make(), torch.tensor([[5]]), length=0)


class TestTrain:
    def test_learns_single_dates(self):
        models = small_models(2, d_model=32)
        batches = batches_of(2, dates=1, steps=100)
        steps = list(train(models, batches, steps=100, warmup=50))
        assert [step.step for step in steps] == list(range(100))
        assert (steps[0].losses > 14).all()  # five words of 114
        assert (steps[-1].losses < 8).all()
        source, target = lists(100, dates=1, seed=9)
        for model in models:
            right = (greedy(model, source, length=4) == target[:, 1:]).float().mean()
            assert right > 0.8

    def test_a_model_learns_the_same_alone_and_in_company(self):
        batches = batches_of(3, dates=2, steps=5)
        company = [model.double() for model in small_models(3)]
        list(train(company, batches, steps=5))
        alone = small_models(3)[1].double()
        list(train([alone], [Pairs(*(b[1:2] for b in batch)) for batch in batches], steps=5))
        for ours, other in zip(company[1].parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(ours, other, rtol=1e-6, atol=1e-8)
        tables = [model.embedding.weight for model in company]
        assert not torch.allclose(tables[0], tables[1])

    @pytest.mark.parametrize("steps", [1, 4, 12])
    def test_is_adam_with_the_rate_of_equation_3_and_ends_at_an_average(self, steps):
        (model,), (twin,) = small_models(1), small_models(1)
        model, twin = model.double(), twin.double()
        batches = batches_of(1, dates=2, steps=steps, seed=3)
        list(train([model], batches, steps=steps, warmup=6))
        optimizer, passed = torch.optim.Adam(twin.parameters(), betas=(0.9, 0.98), eps=1e-9), []
        for step, (source, target) in enumerate(batches, start=1):
            rate = 16**-0.5 * min(step**-0.5, step * 6**-1.5)
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad()
            logits, words = twin(source[0], target[0, :, :-1]), target[0, :, 1:]
            surprise(logits, words, smoothing=0.1).mean().backward()
            optimizer.step()
            passed.append([weight.detach().clone() for weight in twin.parameters()])
        last = {1: 1, 4: 1, 12: 3}[steps]
        for (name, ours), *other in zip(model.named_parameters(), *passed[-last:], strict=True):
            if not name.endswith("key.bias"):  # its gradient is zero but for rounding
                average = torch.stack(other).mean(0)
                torch.testing.assert_close(ours.detach(), average, rtol=1e-6, atol=1e-7)

    def test_may_be_left_early_with_the_model_changed(self):
        models = small_models(1)
        before = models[0].embedding.weight.detach().clone()
        next(train(models, batches_of(1, dates=1, steps=9), steps=9))
        assert not torch.equal(models[0].embedding.weight, before)

    def test_refuses(self, refuses):
        batches = batches_of(1, dates=1, steps=1)
        for models, steps in (
            ([], 1),
            ([*small_models(1), *small_models(1, d_ff=9)], 1),
            (small_models(1), 0),
        ):
            with refuses("models and steps must be of one size and positive, got "):
                next(train(models, batches, steps=steps))
        bad = Pairs(torch.zeros(1, 2, 3, dtype=torch.int64), torch.ones(1, 2, 3, dtype=torch.int64))
        with refuses("source must be one or more words in every sentence, got 2 without any"):
            next(train(small_models(1), [bad], steps=1))
