"""Equal to the BERT of the transformers library, masked as the paper says, and seeing both ways."""

import copy
import math
from collections import Counter
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification, BertModel

from dlbasic.history.bert import (
    CLS,
    IGNORED,
    MASK,
    PADDING,
    SEP,
    SPECIAL,
    UNKNOWN,
    Bert,
    Classifier,
    Examples,
    MaskedLanguageModel,
    encode,
    is_special,
    mask_tokens,
    side_by_side,
    surprise,
    train,
    vocabulary,
)

SIZE: dict[str, Any] = {"layers": 2, "dim": 12, "heads": 3, "positions": 10}
CLOSE: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-10}


def drawn(seed=0):
    return torch.Generator().manual_seed(seed)


def randn(*shape, seed=0):
    return torch.randn(shape, generator=drawn(seed), dtype=torch.float64)


def sentences(*shape, vocab=30, seed=0):
    words = torch.randint(len(SPECIAL), vocab, shape, generator=drawn(seed))
    ends = torch.full_like(words[:, :1], CLS), torch.full_like(words[:, :1], SEP)
    return torch.cat([ends[0], words, ends[1]], dim=1)


def make(kind: Any = Bert, *, vocab=30, seed=0, **size) -> Any:
    torch.manual_seed(seed)
    bert = Bert(vocab, **(SIZE | size))
    model = {Bert: lambda b: b, MaskedLanguageModel: MaskedLanguageModel}.get(
        kind, lambda b: Classifier(b, classes=3)
    )(bert)
    for weight in model.parameters():  # no weight stays at zero or one: all must matter
        weight.data += 0.1 * torch.randn(weight.shape)
    return model.double()


def library(kind, bert, **setting):
    vocab, dim = bert.words.weight.shape
    sizes: dict[str, Any] = {"attn_implementation": "eager", **setting}
    config = BertConfig(
        vocab_size=vocab,
        hidden_size=dim,
        num_hidden_layers=len(bert.layers),
        num_attention_heads=bert.heads,
        intermediate_size=4 * dim,
        max_position_embeddings=bert.positions.num_embeddings,
        **sizes,
    )
    return kind(config).double().eval()


def partners(ours, theirs):
    """The weights of our Bert, each beside that of the library's."""
    modules = [
        (ours.words, theirs.embeddings.word_embeddings),
        (ours.positions, theirs.embeddings.position_embeddings),
        (ours.segments, theirs.embeddings.token_type_embeddings),
        (ours.norm, theirs.embeddings.LayerNorm),
        *((ours.pooler, each.dense) for each in [theirs.pooler] if each is not None),
    ]
    for mine, other in zip(ours.layers, theirs.encoder.layer, strict=True):
        attention = other.attention
        modules += [
            (mine.attention.query, attention.self.query),
            (mine.attention.key, attention.self.key),
            (mine.attention.value, attention.self.value),
            (mine.attention.output, attention.output.dense),
            (mine.norm1, attention.output.LayerNorm),
            (mine.feed_forward[0], other.intermediate.dense),
            (mine.feed_forward[2], other.output.dense),
            (mine.norm2, other.output.LayerNorm),
        ]
    return flat(modules)


def flat(modules):
    pairs = []
    for mine, other in modules:
        pairs.append((mine.weight, other.weight))
        if getattr(mine, "bias", None) is not None:
            pairs.append((mine.bias, other.bias))
    return pairs


def copied(pairs):
    for mine, other in pairs:
        other.data.copy_(mine.data)
    return pairs


def assert_same_gradients(pairs, ours, theirs, seed=5):
    upstream = randn(*ours.shape, seed=seed)
    gradients = [
        torch.autograd.grad((out * upstream).sum(), [pair[k] for pair in pairs])
        for k, out in enumerate((ours, theirs))
    ]
    for mine, other in zip(*gradients, strict=True):
        torch.testing.assert_close(mine, other, **CLOSE)
        assert mine.abs().sum() > 0


class TestParity:
    def test_the_base_model_has_its_size(self):
        with torch.device("meta"):
            bert = Bert()
            whole, theirs = MaskedLanguageModel(bert), BertModel(BertConfig())
            with_head = BertForMaskedLM(BertConfig())
        assert size(bert) == size(theirs) == 109_482_240
        assert size(whole) - size(bert.pooler) == size(with_head) == 109_514_298

    def test_the_large_model_has_its_size(self):
        with torch.device("meta"):
            bert = Bert(layers=24, dim=1024, heads=16)
            theirs = BertModel(
                BertConfig(
                    hidden_size=1024,
                    num_hidden_layers=24,
                    num_attention_heads=16,
                    intermediate_size=4096,
                )
            )
        assert size(bert) == size(theirs) == 335_141_888

    @pytest.mark.parametrize("padding", [0, 3])
    def test_the_encoder_equals_the_library_in_value_and_gradient(self, padding):
        ours = make()
        theirs = library(BertModel, ours)
        pairs = copied(partners(ours, theirs))
        assert len(pairs) == len(list(ours.parameters()))
        tokens = sentences(4, 5)
        tokens[0, 5:] = PADDING
        tokens = functional.pad(tokens, (0, padding))
        segments = (torch.arange(tokens.shape[1]) > 3).long().expand(4, -1)
        hidden = ours(tokens, segments)
        expected = theirs(tokens, (tokens != PADDING).long(), segments)
        torch.testing.assert_close(hidden, expected.last_hidden_state, **CLOSE)
        torch.testing.assert_close(ours.pool(hidden), expected.pooler_output, **CLOSE)
        real = (tokens != PADDING)[..., None]  # the library stops the gradient of padding's row
        both = [
            torch.cat([(h * real).flatten(1), p], dim=1)
            for h, p in (
                (hidden, ours.pool(hidden)),
                (expected.last_hidden_state, expected.pooler_output),
            )
        ]
        assert_same_gradients(pairs, both[0], both[1])

    def test_the_masked_model_equals_the_library_in_value_and_gradient(self):
        ours = make(MaskedLanguageModel)
        theirs = library(BertForMaskedLM, ours.bert)
        head = theirs.cls.predictions
        pairs = partners(ours.bert, theirs.bert)
        pairs += flat([(ours.dense, head.transform.dense), (ours.norm, head.transform.LayerNorm)])
        pairs = copied([*pairs, (ours.bias, head.decoder.bias)])
        tokens = sentences(4, 5)
        tokens[:, 2] = MASK
        segments = (torch.arange(7) > 3).long().expand(4, -1)
        logits = ours(tokens, segments)
        expected = theirs(tokens, (tokens != PADDING).long(), segments).logits
        torch.testing.assert_close(logits, expected, **CLOSE)
        assert_same_gradients(pairs, logits, expected)

    def test_the_masked_loss_equals_the_library(self):
        ours = make(MaskedLanguageModel)
        theirs = library(BertForMaskedLM, ours.bert)
        head = theirs.cls.predictions
        pairs = partners(ours.bert, theirs.bert)
        pairs += flat([(ours.dense, head.transform.dense), (ours.norm, head.transform.LayerNorm)])
        copied([*pairs, (ours.bias, head.decoder.bias)])
        inputs, targets = mask_tokens(sentences(6, 7), vocab=30, generator=drawn(), part=0.4)
        labels = targets.where(targets != IGNORED, -100)
        expected = theirs(inputs, labels=labels).loss
        loss = surprise(ours(inputs)[None], targets[None])
        torch.testing.assert_close(loss[0], expected, **CLOSE)

    def test_the_classifier_equals_the_library_in_value_and_gradient(self):
        ours = make(Classifier)
        theirs = library(BertForSequenceClassification, ours.bert, num_labels=3)
        pairs = partners(ours.bert, theirs.bert) + flat([(ours.readout, theirs.classifier)])
        pairs = [pair for pair in copied(pairs) if pair[0] is not ours.bert.segments.weight]
        tokens = functional.pad(sentences(4, 5), (0, 2))
        expected = theirs(tokens, (tokens != PADDING).long()).logits
        torch.testing.assert_close(ours(tokens), expected, **CLOSE)
        assert_same_gradients(pairs, ours(tokens), expected)

    def test_weights_begin_as_in_the_library_of_the_authors(self):
        torch.manual_seed(0)
        bert: Any = Bert(400, layers=1, dim=192, heads=3)
        for weight in (bert.words.weight, bert.layers[0].feed_forward[0].weight):
            # 0.88 is the deviation of a normal that is cut off at two deviations
            assert weight.std().item() == pytest.approx(0.88 * 0.02 * 2, rel=0.03)
            assert 0.079 < weight.abs().max() <= 0.08
        assert (bert.pooler.bias == 0).all()


def size(model):
    return sum(weight.numel() for weight in model.parameters())


class TestWhatSeesWhat:
    def changed(self, tokens, place):
        other = tokens.clone()
        other[:, place] = 5 + (other[:, place] - 4) % 25
        return other

    def test_every_token_sees_every_other_on_both_sides(self):
        bert, tokens = make(), sentences(2, 6)
        for place in range(1, 7):
            difference = bert(self.changed(tokens, place)) - bert(tokens)
            assert (difference.abs().amax(-1) > 1e-9).all()

    def test_left_to_right_nothing_that_follows_is_seen(self):
        bert, tokens = make(left_to_right=True), sentences(2, 6)
        for place in range(1, 7):
            before, after = bert(tokens), bert(self.changed(tokens, place))
            assert torch.equal(before[:, :place], after[:, :place])
            assert ((after - before)[:, place:].abs().amax(-1) > 1e-9).all()

    def test_padding_changes_nothing(self):
        bert, tokens = make(), sentences(3, 5)
        padded = bert(functional.pad(tokens, (0, 3)))[:, :7]
        torch.testing.assert_close(padded, bert(tokens), rtol=1e-12, atol=1e-12)

    def test_places_and_segments_matter(self):
        bert, tokens = make(), sentences(1, 5)
        turned = torch.cat([tokens[:, :1], tokens[:, 1:-1].flip(1), tokens[:, -1:]], dim=1)
        assert (bert(turned)[:, 0] - bert(tokens)[:, 0]).abs().max() > 1e-3
        second = bert(tokens, torch.ones_like(tokens))
        assert ((second - bert(tokens)).abs().amax(-1) > 1e-3).all()

    def test_the_sentence_is_read_at_cls(self):
        bert, hidden = make(), randn(2, 5, 12).requires_grad_()
        (gradient,) = torch.autograd.grad(bert.pool(hidden).sum(), hidden)
        assert (gradient[:, 0].abs() > 0).all()
        assert (gradient[:, 1:] == 0).all()

    def test_embeddings_and_output_share_one_table(self):
        model = make(MaskedLanguageModel)
        assert size(model) == size(model.bert) + 12 * 12 + 3 * 12 + 30


class TestMasking:
    def test_the_shares_are_those_of_the_paper(self):
        tokens = sentences(2000, 30, vocab=1000)
        inputs, targets = mask_tokens(tokens, vocab=1000, generator=drawn())
        chosen = targets != IGNORED
        words = ~is_special(tokens)
        count = int(chosen.sum())
        assert count / int(words.sum()) == pytest.approx(0.15, abs=0.006)  # 4 deviations
        masked = int((inputs[chosen] == MASK).sum())
        kept = int((inputs[chosen] == tokens[chosen]).sum())
        assert masked / count == pytest.approx(0.8, abs=0.017)
        assert kept / count == pytest.approx(0.1, abs=0.013)
        assert (count - masked - kept) / count == pytest.approx(0.1, abs=0.013)

    def test_only_what_is_chosen_changes_and_the_target_is_what_stood_there(self):
        tokens = functional.pad(sentences(200, 8), (0, 3))
        inputs, targets = mask_tokens(tokens, vocab=30, generator=drawn())
        chosen = targets != IGNORED
        assert torch.equal(inputs[~chosen], tokens[~chosen])
        assert torch.equal(targets[chosen], tokens[chosen])
        assert not (chosen & is_special(tokens)).any()

    def test_random_tokens_are_all_words_and_equally_likely(self):
        tokens = sentences(3000, 10)
        inputs, _ = mask_tokens(
            tokens, vocab=30, generator=drawn(), part=1.0, shares=(0.0, 1.0, 0.0)
        )
        words = inputs[~is_special(tokens)]
        counts = torch.bincount(words, minlength=30)
        assert (counts[: len(SPECIAL)] == 0).all()
        expected = len(words) / 25
        assert ((counts[len(SPECIAL) :] - expected).abs() < 5 * expected**0.5).all()
        hit = (words == tokens[~is_special(tokens)]).float().mean()
        assert hit.item() == pytest.approx(1 / 25, abs=0.005)  # independent of what stood there

    def test_each_place_is_as_likely_as_another_and_chosen_by_itself(self):
        tokens = sentences(8000, 6)
        _, targets = mask_tokens(tokens, vocab=30, generator=drawn(), part=0.3)
        chosen = (targets != IGNORED)[:, 1:-1].float()
        assert (chosen.mean(0) - 0.3).abs().max() < 0.022
        assert (chosen.T.corrcoef() - torch.eye(6)).abs().max() < 0.05

    @given(
        st.floats(0.05, 1),
        st.sampled_from([(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.5, 0.0)]),
        st.integers(0, 9),
    )
    def test_other_shares(self, part, shares, seed):
        tokens = sentences(20, 8)
        inputs, targets = mask_tokens(
            tokens, vocab=30, generator=drawn(seed), part=part, shares=shares
        )
        chosen = targets != IGNORED
        if shares[0] == 1:
            assert (inputs[chosen] == MASK).all()
        if shares[2] == 1:
            assert torch.equal(inputs, tokens)
        assert shares[0] > 0 or not (inputs == MASK).any()

    def test_the_seed_alone_decides(self):
        tokens = sentences(50, 8)
        one, two = (mask_tokens(tokens, vocab=30, generator=drawn(3)) for _ in range(2))
        other = mask_tokens(tokens, vocab=30, generator=drawn(4))
        assert torch.equal(one.inputs, two.inputs)
        assert not torch.equal(one.inputs, other.inputs)


class TestEncode:
    LINES = (("a", "b", "a"), ("c", "a"), ("b", "zz"))

    def test_the_vocabulary_is_sorted_by_frequency(self):
        assert vocabulary(self.LINES, size=8) == (*SPECIAL, "a", "b", "c")
        assert vocabulary(self.LINES, size=6) == (*SPECIAL, "a")
        assert [SPECIAL[k] for k in (PADDING, UNKNOWN, CLS, SEP, MASK)] == list(SPECIAL)

    def test_rows_are_framed_and_padded(self):
        known = vocabulary(self.LINES, size=8)
        assert encode(self.LINES, known).tolist() == [
            [CLS, 5, 6, 5, SEP],
            [CLS, 7, 5, SEP, PADDING],
            [CLS, 6, UNKNOWN, SEP, PADDING],
        ]

    def test_special(self):
        row = torch.tensor([[CLS, 5, UNKNOWN, MASK, SEP, PADDING]])
        assert is_special(row).tolist() == [[True, False, False, False, True, True]]


class TestLoss:
    @given(
        st.integers(1, 3),
        st.integers(1, 4),
        st.integers(1, 5),
        st.integers(2, 7),
        st.integers(0, 99),
    )
    def test_equals_torch_in_value_and_gradient(self, models, batch, time, classes, seed):
        logits = randn(models, batch, time, classes, seed=seed).requires_grad_()
        targets = torch.randint(-1, classes, (models, batch, time), generator=drawn(seed))
        targets[:, 0, 0] = 1
        ours = surprise(logits, targets)
        expected = torch.stack(
            [
                functional.cross_entropy(z.flatten(0, 1), y.flatten(), ignore_index=IGNORED)
                for z, y in zip(logits, targets, strict=True)
            ]
        )
        torch.testing.assert_close(ours, expected, rtol=1e-12, atol=1e-12)
        upstream = randn(models, seed=seed)
        mine, theirs = (
            torch.autograd.grad((loss * upstream).sum(), logits)[0] for loss in (ours, expected)
        )
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-12)
        assert (mine[targets == IGNORED] == 0).all()

    def test_gradcheck(self):
        targets = torch.tensor([[0, IGNORED], [2, 1]])
        logits = randn(2, 2, 3).requires_grad_()
        assert torch.autograd.gradcheck(lambda z: surprise(z, targets), logits)

    def test_a_guess_among_n_is_log_n(self):
        loss = surprise(torch.zeros(1, 3, 7), torch.tensor([[1, 6, 0]]))
        assert loss.item() == pytest.approx(math.log(7))


class TestTrain:
    def examples(self, models=1, batch=8, vocab=12, seed=0):
        tokens = sentences(models * batch, 4, vocab=vocab, seed=seed)
        targets = tokens[:, 2] % 2
        return Examples(tokens.view(models, batch, -1), targets.view(models, batch))

    def test_each_model_learns_as_it_would_alone(self):
        models = [make(Classifier, vocab=12, seed=seed) for seed in range(3)]
        alone = copy.deepcopy(models)
        batches = [self.examples(models=3, seed=seed) for seed in range(6)]
        losses = [step.losses for step in train(models, batches, steps=6, rate=0.01)]
        for k, model in enumerate(alone):
            own = [Examples(x[k : k + 1], y[k : k + 1]) for x, y in batches]
            steps = list(train([model], own, steps=6, rate=0.01))
            torch.testing.assert_close(
                torch.stack([step.losses[0] for step in steps]),
                torch.stack(losses)[:, k],
                rtol=1e-9,
                atol=1e-9,
            )
            x = batches[0].inputs[k]
            torch.testing.assert_close(models[k](x), model(x), rtol=1e-6, atol=1e-6)

    def test_equals_a_loop_written_out(self):
        ours = make(MaskedLanguageModel, vocab=12)
        theirs = copy.deepcopy(ours)
        tokens = sentences(20, 6, vocab=12)
        generator = drawn()
        masked = [mask_tokens(tokens, vocab=12, generator=generator) for _ in range(20)]
        batches = [Examples(inputs[None], targets[None]) for inputs, targets in masked]
        list(train([ours], batches, steps=20, rate=0.02))
        optimizer = torch.optim.AdamW(theirs.parameters(), lr=1, weight_decay=0.01)
        for step, (inputs, targets) in enumerate(batches):
            optimizer.param_groups[0]["lr"] = 0.02 * min((step + 1) / 2, 1 - step / 20)
            optimizer.zero_grad()
            functional.cross_entropy(
                theirs(inputs[0]).flatten(0, 1), targets[0].flatten(), ignore_index=-1
            ).backward()
            optimizer.step()
        for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-7, atol=1e-7)

    def test_fine_tuning_moves_all_weights(self):
        model = make(Classifier, vocab=12)
        before = copy.deepcopy(model)
        list(train([model], [self.examples()] * 3, steps=3, rate=0.01))
        for (name, new), old in zip(model.named_parameters(), before.parameters(), strict=True):
            assert (new != old).any(), name

    def test_it_learns_what_can_be_learned(self):
        torch.manual_seed(0)
        model = Classifier(Bert(12, **SIZE), classes=2)
        batches = (self.examples(batch=32, seed=seed) for seed in range(60))
        steps = list(train([model], batches, steps=60, rate=0.01))
        assert steps[0].losses[0] > 0.6
        assert steps[-1].losses[0] < 0.1

    def test_no_more_steps_than_batches_or_asked_for(self):
        model = make(Classifier, vocab=12)
        batches = [self.examples()] * 5
        assert [step.step for step in train([model], batches, steps=3, rate=0.1)] == [0, 1, 2]
        assert len(list(train([model], batches, steps=9, rate=0.1))) == 5

    def test_side_by_side_gives_what_each_gives(self):
        models = [make(vocab=12, seed=seed) for seed in range(2)]
        tokens = sentences(2, 5, vocab=12).repeat(2, 1).view(2, 2, -1)
        expected = torch.stack([m(x) for m, x in zip(models, tokens, strict=True)])
        weights, outputs_of = side_by_side(models)
        torch.testing.assert_close(outputs_of(weights, (tokens,)), expected)
        assert Counter(len(weight) for weight in weights.values()).keys() == {2}


class TestRefusals:
    def test_of_sizes(self, refuses):
        for wrong in ({"layers": 0}, {"dim": 0}, {"positions": 0}):
            with refuses("vocab, layers, dim and positions must be positive"):
                Bert(30, **{**SIZE, **wrong})
        with refuses("must be a multiple of num_heads = 5"):
            Bert(30, **{**SIZE, "heads": 5})
        with refuses("classes must be 2 or more, got 1"):
            Classifier(make(), classes=1)

    def test_of_inputs(self, refuses):
        with refuses("tokens must be (batch, time), time up to 10, got (2, 11)"):
            make()(sentences(2, 9))
        with refuses("tokens must be (batch, time), time up to 10, got (7,)"):
            make()(sentences(2, 5)[0])

    @pytest.mark.parametrize("part", [0, -0.1, 1.1, math.nan])
    def test_of_a_part_to_be_chosen(self, part, refuses):
        with refuses("part must be in (0, 1], got"):
            mask_tokens(sentences(2, 5), vocab=30, generator=drawn(), part=part)

    @pytest.mark.parametrize("shares", [(0.8, 0.1), (0.8, 0.1, 0.2), (1.2, -0.1, -0.1)])
    def test_of_shares(self, shares, refuses):
        with refuses("shares must be three parts that sum to 1, got"):
            mask_tokens(sentences(2, 5), vocab=30, generator=drawn(), shares=shares)

    def test_of_tokens(self, refuses):
        with refuses("tokens must be from 0 to 9, got"):
            mask_tokens(sentences(2, 5), vocab=10, generator=drawn())
        with refuses("tokens must be a tensor of int64, got torch.float32"):
            mask_tokens(torch.ones(2, 3), vocab=10, generator=drawn())
        with refuses("vocab must be more than the 5 special tokens, got 5"):
            mask_tokens(torch.full((2, 3), 1), vocab=5, generator=drawn())

    def test_of_sentences(self, refuses):
        with refuses("sentences must be one or more, each a list of tokens, got"):
            encode([], SPECIAL)
        with refuses("sentences must be one or more, each a list of tokens, got"):
            encode([("a",), ()], SPECIAL)
        with refuses("sentences must be one or more, each a list of tokens, got"):
            encode(["text"], SPECIAL)
        for wrong in (5, 9):
            with refuses(f"size must be from 6 to 8, got {wrong}"):
                vocabulary([("a", "b", "c")], size=wrong)

    def test_of_targets(self, refuses):
        logits = torch.zeros(1, 2, 4)
        with refuses("targets must be of the shape (1, 2), got (1, 3)"):
            surprise(logits, torch.zeros(1, 3, dtype=torch.long))
        with refuses("logits must be (model, ..., class), got (2, 4)"):
            surprise(logits[0], torch.zeros(2, dtype=torch.long))
        with refuses("targets must be asked of every model somewhere, got [2, 0] asked"):
            surprise(torch.zeros(2, 2, 4), torch.tensor([[0, 1], [IGNORED, IGNORED]]))
        with refuses("targets must be from 0 to 3, got 4 to 4"):
            surprise(logits, torch.full((1, 2), 4))
        with refuses("logits must be finite"):
            surprise(logits * math.nan, torch.zeros(1, 2, dtype=torch.long))

    def test_of_models_and_batches(self, refuses):
        batch = TestTrain().examples()
        both = [make(Classifier, vocab=12), make(Classifier, vocab=12, left_to_right=True)]
        other = [make(Classifier, vocab=12), make(Classifier, vocab=12, heads=2)]
        for models in ([], both, other):
            with refuses("models must be one or more of one size"):
                next(train(models, [batch], steps=1, rate=0.1))
        model = make(Classifier, vocab=12)
        with refuses("steps must be positive, got 0"):
            next(train([model], [batch], steps=0, rate=0.1))
        with refuses("rate must be positive and finite, got nan"):
            next(train([model], [batch], steps=1, rate=math.nan))
        with refuses("inputs must be from 0 to 11, got"):
            next(train([model], [TestTrain().examples(vocab=30)], steps=1, rate=0.1))
        with refuses("inputs must be of 1 models, got 2"):
            next(train([model], [TestTrain().examples(models=2)], steps=1, rate=0.1))
