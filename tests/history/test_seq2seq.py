"""Equal to torch's LSTM, blind to padding, awake to the source, and searching as it should."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from dlbasic.data.phrases import END, PADDING, START, Pairs, date_batches, date_lists
from dlbasic.history.seq2seq import (
    LSTM,
    AdditiveAttention,
    EncoderDecoder,
    RNNSearch,
    beam_search,
    greedy,
    log_likelihood,
    reverse,
    train,
)

BOTH = pytest.mark.parametrize("kind", [EncoderDecoder, RNNSearch])
SIZE = {"dim": 5, "hidden": 6}


def randn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def make(kind, *, source=9, target=8, seed=0, sharp=1.0, **size):
    torch.manual_seed(seed)
    model = kind(source, target, **(SIZE | size)).double()
    model.readout.weight.data *= sharp
    return model


def sentences(*shape, vocab=8, seed=0):
    return torch.randint(4, vocab, shape, generator=torch.Generator().manual_seed(seed))


def framed(words):
    frame = torch.full((len(words), 1), START)
    return torch.cat([frame, words, torch.full_like(frame, END)], dim=1)


def padded(tokens, count=5):
    return functional.pad(tokens, (0, count))


class TestLSTM:
    def pair(self, dim, hidden):
        torch.manual_seed(0)
        ours, library = LSTM(dim, hidden), torch.nn.LSTM(dim, hidden, batch_first=True)
        ours, library = ours.double(), library.double()
        weight_input, weight_hidden, bias, bias_too = library.parameters()
        ours.W.data = self.reordered(weight_input.detach())
        ours.U.data = self.reordered(weight_hidden.detach())
        ours.b.data = self.reordered((bias + bias_too).detach())
        return ours, library

    def reordered(self, weight):
        i, f, g, o = weight.chunk(4)
        return torch.cat([i, f, o, g])

    @given(st.integers(1, 4), st.integers(1, 12), st.integers(1, 5), st.integers(1, 6))
    def test_equals_torch_in_value_and_gradient(self, batch, time, dim, hidden):
        ours, library = self.pair(dim, hidden)
        inputs = randn(batch, time, dim).requires_grad_()
        (h, c), (expected, (_, last)) = ours(inputs), library(inputs)
        torch.testing.assert_close(h, expected, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(c[:, -1], last[0], rtol=1e-12, atol=1e-12)
        upstream = randn(batch, time, hidden, seed=1)
        mine = torch.autograd.grad((h * upstream).sum(), [inputs, ours.W, ours.U, ours.b])
        weights = list(library.parameters())[:3]
        theirs = torch.autograd.grad((expected * upstream).sum(), [inputs, *weights])
        torch.testing.assert_close(mine[0], theirs[0], rtol=1e-12, atol=1e-12)
        for ours_, their in zip(mine[1:], theirs[1:], strict=True):
            torch.testing.assert_close(ours_, self.reordered(their), rtol=1e-12, atol=1e-12)

    def test_gradcheck_of_a_step(self):
        lstm = LSTM(2, 3).double()
        arguments = [randn(2, size, seed=size).requires_grad_() for size in (2, 3, 3)]
        assert torch.autograd.gradcheck(lstm.step, arguments)


class TestReverse:
    def test_words_only(self):
        tokens = torch.tensor([[START, 5, 6, 7, END, PADDING]])
        assert reverse(tokens).tolist() == [[START, 7, 6, 5, END, PADDING]]

    @given(st.integers(1, 6), st.integers(0, 4), st.booleans())
    def test_twice_is_once_nothing(self, length, padding, framing):
        words = sentences(3, length)
        tokens = padded(framed(words) if framing else words, padding)
        assert torch.equal(reverse(reverse(tokens)), tokens)
        start = int(framing)
        assert torch.equal(reverse(tokens)[:, start : start + length], words.flip(1))


class TestAttention:
    def test_is_the_equation_of_the_appendix(self):
        torch.manual_seed(0)
        attention = AdditiveAttention(4).double()
        s, h, real = randn(2, 4), randn(2, 5, 8, seed=1), torch.ones(2, 5, dtype=torch.bool)
        real[1, 3:] = False
        alpha = attention(s, attention.U(h), real)
        w, u, v = attention.W.weight, attention.U.weight, attention.v.weight[0]
        for n, length in ((0, 5), (1, 3)):
            energies = [(v @ torch.tanh(w @ s[n] + u @ h[n, j])).exp() for j in range(length)]
            expected = torch.stack(energies) / sum(energies)
            torch.testing.assert_close(alpha[n, :length], expected, rtol=1e-12, atol=1e-12)
        assert (alpha[1, 3:] == 0).all()

    @pytest.mark.parametrize("part", ["s", "h"])
    def test_depends_on_the_state_and_on_the_annotations(self, part):
        attention = AdditiveAttention(4).double()
        values = {"s": randn(2, 4), "h": randn(2, 5, 8, seed=1)}
        values[part].requires_grad_()
        real = torch.ones(2, 5, dtype=torch.bool)
        alpha = attention(values["s"], attention.U(values["h"]), real)
        (gradient,) = torch.autograd.grad(alpha[:, 0].sum(), values[part])
        assert (gradient.abs() > 0).all()

    def test_the_context_is_the_average_annotation_by_the_weights(self):
        model = make(RNNSearch)
        source, word = sentences(2, 4), torch.full((2,), START)
        state, logits = model.step(model.encode(source), word)
        s, _, alpha, h, _, _ = state
        context = torch.einsum("bt,bth->bh", alpha, h)
        y = model.target_embedding(word)
        pairs = model.maxout(torch.cat([s, context, y], dim=1))
        expected = model.readout(torch.maximum(pairs[:, 0::2], pairs[:, 1::2]))
        torch.testing.assert_close(logits, expected, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(alpha.sum(1), torch.ones(2, dtype=torch.float64))

    def test_an_annotation_knows_the_words_on_both_sides(self):
        model = make(RNNSearch)
        source = sentences(1, 5)
        for changed in (0, 4):
            other = source.clone()
            other[0, changed] = 4 + (other[0, changed] - 3) % 4
            difference = model.encode(source)[3] - model.encode(other)[3]
            assert (difference.abs().sum(-1) > 0).all()

    def test_equals_the_bidirectional_lstm_of_torch(self):
        model = make(RNNSearch)
        library = torch.nn.LSTM(5, 6, batch_first=True, bidirectional=True).double()
        for ours, suffix in ((model.encoder, ""), (model.backward_encoder, "_reverse")):
            for name, weight in (("weight_ih", ours.W), ("weight_hh", ours.U), ("bias_ih", ours.b)):
                i, f, o, g = weight.detach().chunk(4)
                getattr(library, f"{name}_l0{suffix}").data = torch.cat([i, f, g, o])
            getattr(library, f"bias_hh_l0{suffix}").data.zero_()
        source = sentences(3, 7)
        expected, _ = library(model.source_embedding(source))
        torch.testing.assert_close(model.encode(source)[3], expected, rtol=1e-12, atol=1e-12)


class TestBothModels:
    @BOTH
    def test_padding_changes_nothing(self, kind):
        model, source, target = make(kind), sentences(3, 4), framed(sentences(3, 5, seed=1))
        logits = model(source, target)
        both = model(padded(source), padded(target))[:, : target.shape[1]]
        torch.testing.assert_close(both, logits, rtol=1e-12, atol=1e-12)

    @BOTH
    def test_padding_changes_no_gradient(self, kind):
        model, source, target = make(kind), sentences(3, 4), framed(sentences(3, 5, seed=1))
        gradients = []
        for x, y in ((source, target), (padded(source), padded(target))):
            loss = -log_likelihood(model(x, y[:, :-1]), y[:, 1:]).mean()
            gradients.append(torch.autograd.grad(loss, list(model.parameters())))
        for one, other in zip(*gradients, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)

    @BOTH
    def test_short_and_long_sentences_share_a_batch(self, kind):
        model = make(kind)
        long, short = sentences(1, 6), sentences(1, 2, seed=1)
        target = framed(sentences(1, 3))
        together = model(torch.cat([long, padded(short, 4)]), target.expand(2, -1))
        torch.testing.assert_close(together[:1], model(long, target), rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(together[1:], model(short, target), rtol=1e-12, atol=1e-12)

    @BOTH
    def test_every_word_of_the_source_matters_and_no_later_word_of_the_target(self, kind):
        model, source, target = make(kind), sentences(1, 4), framed(sentences(1, 5, seed=1))
        logits = model(source, target)
        for place in range(4):
            other = source.clone()
            other[0, place] = 4 + (other[0, place] - 3) % 4
            assert ((model(other, target) - logits).abs().sum(-1) > 0).all()
        changed = target.clone()
        changed[0, 3] = 4 + (changed[0, 3] - 3) % 4
        difference = (model(source, changed) - logits).abs().sum(-1)[0]
        assert (difference[:3] == 0).all()
        assert (difference[3:] > 0).all()

    def test_only_the_last_state_reaches_the_decoder_of_the_plain_model(self):
        model, source = make(EncoderDecoder), sentences(2, 4)
        h, c = model.encode(source)
        hs, cs = model.encoder(model.source_embedding(source))
        assert torch.equal(h, hs[:, -1])
        assert torch.equal(c, cs[:, -1])

    @BOTH
    def test_all_weights_get_a_gradient(self, kind):
        model = make(kind)
        model(sentences(4, 5), framed(sentences(4, 3))).square().sum().backward()
        for name, weight in model.named_parameters():
            assert weight.grad is not None, name
            assert weight.grad.abs().sum() > 0, name


class TestLoss:
    @given(st.integers(1, 4), st.integers(1, 5), st.integers(5, 9))
    def test_equals_torch_that_ignores_the_padding(self, batch, time, vocab):
        logits = randn(batch, time, vocab).requires_grad_()
        words = sentences(batch, time, vocab=vocab)
        words[-1, time // 2 :] = PADDING
        total = log_likelihood(logits, words).sum()
        expected = -functional.cross_entropy(
            logits.flatten(0, 1), words.flatten(), ignore_index=PADDING, reduction="sum"
        )
        torch.testing.assert_close(total, expected, rtol=1e-12, atol=1e-12)
        (gradient,) = torch.autograd.grad(total, logits)
        (other,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(gradient, other, rtol=1e-12, atol=1e-12)
        assert (gradient[-1, time // 2 :] == 0).all()

    def test_an_even_guess_costs_the_logarithm_of_the_vocabulary(self):
        likelihood = log_likelihood(torch.zeros(1, 3, 8), torch.tensor([[4, 5, 2]]))
        assert likelihood.item() == pytest.approx(-3 * math.log(8))

    def test_refuses(self, refuses):
        with refuses("words must be (1, 3), got (1, 2)"):
            log_likelihood(torch.zeros(1, 3, 8), torch.tensor([[4, 5]]))
        with refuses("words must be from 0 to 7, got 4 to 8"):
            log_likelihood(torch.zeros(1, 2, 8), torch.tensor([[4, 8]]))
        with refuses("logits must be finite, got 1 NaN"):
            log_likelihood(torch.full((1, 1, 1), math.nan), torch.tensor([[0]]))


class TestSearch:
    def score(self, model, source, words):
        target = torch.tensor([[START, *words]])
        return log_likelihood(model(source, target[:, :-1]), target[:, 1:]).item()

    def everything(self, model, source, length):
        """Score of every sentence that ends within so many words, or is cut off there."""
        others = [word for word in range(model.readout.out_features) if word != END]
        found = {}
        for size in range(length):
            for words in itertools.product(others, repeat=size):
                found[(*words, END)] = self.sure(model, source, (*words, END))
        for words in itertools.product(others, repeat=length):
            found[words] = self.sure(model, source, words)
        return found

    def sure(self, model, source, words):
        logits = model(source, torch.tensor([[START, *words[:-1]]]))
        return logits.log_softmax(-1)[0, range(len(words)), words].sum().item()

    @BOTH
    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_a_wide_beam_finds_the_best_of_all_and_no_beam_exceeds_it(self, kind, seed):
        model, source = make(kind, target=4, seed=seed, sharp=6.0), sentences(1, 3, seed=seed)
        found = self.everything(model, source, 4)
        assert sum(map(math.exp, found.values())) == pytest.approx(1)  # nothing is left out
        best = max(found, key=found.__getitem__)
        score, words = beam_search(model, source, width=300, length=4)[0]
        assert tuple(words) == best
        assert score == pytest.approx(found[best])
        for width in (1, 2, 3, 5):
            for score, words in beam_search(model, source, width=width, length=4):
                assert score <= found[best] + 1e-9
                assert score == pytest.approx(found[tuple(words)])

    @BOTH
    def test_a_beam_of_one_is_greedy(self, kind):
        for seed in range(10):
            model, source = make(kind, seed=seed, sharp=6.0), sentences(1, 3, seed=seed)
            (one,) = beam_search(model, source, width=1, length=6)
            row = greedy(model, source, length=6)[0].tolist()
            assert one[1] == row[: len(one[1])]
            assert set(row[len(one[1]) :]) <= {PADDING}

    def test_a_beam_finds_what_greed_misses(self):
        gains = []
        for seed in range(20):
            model, source = make(RNNSearch, seed=seed, sharp=6.0), sentences(1, 3, seed=seed)
            (one,) = beam_search(model, source, width=1, length=6)
            gains.append(beam_search(model, source, width=6, length=6)[0][0] - one[0])
        assert max(gains) > 0.01

    @BOTH
    def test_the_best_come_first_and_differ(self, kind):
        found = beam_search(make(kind, sharp=3.0), sentences(1, 3), width=5, length=4)
        scores = [score for score, _ in found]
        assert len(found) == 5
        assert scores == sorted(scores, reverse=True)
        assert len({tuple(words) for _, words in found}) == 5

    @BOTH
    def test_greedy_takes_the_likeliest_and_stops_at_the_end(self, kind):
        model, source = make(kind, sharp=6.0), sentences(20, 3)
        rows = greedy(model, source, length=8)
        logits = model(source, torch.cat([torch.full((20, 1), START), rows[:, :-1]], dim=1))
        ended = (rows == END).cumsum(1) - (rows == END).int() > 0
        assert torch.equal(rows, torch.where(ended, PADDING, logits.argmax(-1)))

    @pytest.mark.parametrize("search", [greedy, beam_search])
    def test_refuses_a_source_without_words(self, search, refuses):
        setting = {"length": 3} | ({"width": 2} if search is beam_search else {})
        for tokens in ([[0, 0]], [[0, 5]], [[5, 0, 5]]):
            with refuses("source must have a word in every sentence, and padding only behind it"):
                search(make(EncoderDecoder), torch.tensor(tokens), **setting)
        with refuses("source must be from 0 to 8, got 9 to 9"):
            search(make(EncoderDecoder), torch.tensor([[9]]), **setting)
        with refuses("length must be positive, got 0"):
            search(make(EncoderDecoder), torch.tensor([[5]]), **(setting | {"length": 0}))

    def test_refuses_a_beam_of_nothing_or_for_two(self, refuses):
        for count, width in ((1, 0), (2, 3)):
            with refuses(f"source must be 1 sentence, width positive, got {count} and {width}"):
                beam_search(make(EncoderDecoder), sentences(count, 2), width=width, length=3)


class TestTrain:
    def models(self, kind, count, **size):
        made = []
        for seed in range(count):
            torch.manual_seed(seed)
            made.append(kind(59, 59, **(SIZE | size)))
        return made

    @BOTH
    def test_learns_single_dates(self, kind):
        models = self.models(kind, 2, dim=16, hidden=24)
        batches = date_batches(2, dates=1, steps=150)
        steps = list(train(models, batches, steps=150, rate=0.03))
        assert [step.step for step in steps] == list(range(150))
        assert (steps[0].losses > 14).all()  # four words of 59
        assert (steps[-1].losses < 6).all()
        source, target = date_lists(100, dates=1, generator=torch.Generator().manual_seed(9))
        right = (greedy(models[1], source, length=4) == target[:, 1:]).float().mean()
        assert right > 0.6

    @BOTH
    def test_a_model_learns_the_same_alone_and_in_company(self, kind):
        batches = list(date_batches(3, dates=2, steps=5))
        company = [model.double() for model in self.models(kind, 3)]
        list(train(company, batches, steps=5))
        alone = self.models(kind, 3)[1].double()
        list(train([alone], [Pairs(*(b[1:2] for b in batch)) for batch in batches], steps=5))
        for ours, other in zip(company[1].parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(ours, other, rtol=1e-6, atol=1e-8)
        assert not torch.allclose(company[0].readout.weight, company[1].readout.weight)

    @pytest.mark.parametrize("sharp", [1.0, 100.0])
    def test_is_adam_on_gradients_of_limited_length(self, sharp):
        (model,), (twin,) = (self.models(EncoderDecoder, 1) for _ in range(2))
        for each in (model, twin):
            each.double()
            each.readout.weight.data *= sharp
        batches = list(date_batches(1, dates=2, steps=20, seed=3))
        list(train([model], batches, steps=20, rate=0.01))
        optimizer, lengths = torch.optim.Adam(twin.parameters()), []
        for step, (source, target) in enumerate(batches):
            optimizer.param_groups[0]["lr"] = 0.01 * min((step + 1) / 20, 1 - step / 20)
            optimizer.zero_grad()
            (
                -log_likelihood(twin(source[0], target[0, :, :-1]), target[0, :, 1:]).mean()
            ).backward()
            lengths.append(torch.nn.utils.clip_grad_norm_(twin.parameters(), 5.0).item())
            optimizer.step()
        assert (min(lengths) > 5) == (sharp == 100)  # all are shortened, or not all
        for ours, other in zip(model.parameters(), twin.parameters(), strict=True):
            torch.testing.assert_close(ours, other, rtol=1e-5, atol=1e-6)

    def test_may_be_left_early_with_the_model_changed(self):
        models = self.models(EncoderDecoder, 1)
        before = models[0].readout.weight.detach().clone()
        next(train(models, date_batches(1, dates=1, steps=9), steps=9))
        assert not torch.equal(models[0].readout.weight, before)

    def test_refuses(self, refuses):
        batches = date_batches(1, dates=1, steps=1)
        with refuses("models must be of one size and steps positive, got "):
            next(train([], batches, steps=1))
        with refuses("models must be of one size and steps positive, got "):
            next(train(self.models(EncoderDecoder, 1), batches, steps=0))
        mixed = [*self.models(EncoderDecoder, 1), *self.models(RNNSearch, 1)]
        with refuses("models must be of one size and steps positive, got "):
            next(train(mixed, batches, steps=1))
        bad = Pairs(torch.zeros(1, 2, 3, dtype=torch.int64), torch.ones(1, 2, 3, dtype=torch.int64))
        with refuses("source must have a word in every sentence"):
            next(train(self.models(EncoderDecoder, 1), [bad], steps=1))
