"""Translation by one network: an encoder and a decoder, and the attention between them (2014).

Source: Sutskever, Vinyals and Le, "Sequence to Sequence Learning with Neural Networks", NIPS 2014,
arXiv:1409.3215; Bahdanau, Cho and Bengio, "Neural Machine Translation by Jointly Learning to Align
and Translate", ICLR 2015, arXiv:1409.0473, for `AdditiveAttention` and `RNNSearch`.

Departs: lists of dates and short phrases, English to Korean, for English to French; one layer of
48 cells for four of 1000; LSTM cells without peepholes, and in `RNNSearch` too, for gated hidden
units; its output sees s_i, as in eq. 4, where the appendix has the state before; Adam with a rate
that falls to zero, for plain descent and for Adadelta; several models are trained side by side.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state

from dlbasic.checks import require_indices, require_tensor
from dlbasic.data.phrases import END, PADDING, START, Pairs, mask, mirrored
from dlbasic.losses.cross_entropy import log_softmax

Source = Int[Tensor, "batch source"]
Real = Bool[Tensor, "batch source"]
Tokens = Int[Tensor, "batch time"]
Logits = Float[Tensor, "batch vocab"]
Vectors = Float[Tensor, "batch hidden"]
State = tuple[Tensor, ...]  # what a decoder knows between two words: the first axis is the batch


# --8<-- [start:data] Data: a source may be read from its end (sec. 3.3)
def reverse(tokens: Int[Tensor, "*batch time"]) -> Int[Tensor, "*batch time"]:
    """Reverse the words of each sentence. START, END and padding stay where they are."""
    return tokens.gather(-1, mirrored(tokens))


# --8<-- [end:data]
# --8<-- [start:model] Model: cells that remember, and two networks made of them
class LSTM(nn.Module):
    """Cells with a memory c; their gates say what to keep, to write and to show as h."""

    def __init__(self, input_dim: int, hidden: int) -> None:
        super().__init__()
        shapes = (4 * hidden, input_dim), (4 * hidden, hidden), (4 * hidden,)
        weights = [torch.empty(shape).uniform_(-(hidden**-0.5), hidden**-0.5) for shape in shapes]
        self.W, self.U, self.b = (nn.Parameter(weight) for weight in weights)

    def step(self, x: Tensor, h: Vectors, c: Vectors) -> tuple[Vectors, Vectors]:
        """Return the h and c that follow when x is read."""
        i, f, o, g = (x @ self.W.mT + h @ self.U.mT + self.b).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    def forward(self, inputs: Float[Tensor, "batch time dim"]) -> tuple[Tensor, Tensor]:
        """Return h and c after each input, (batch, time, hidden). Before it both are zero."""
        states = [(inputs.new_zeros(len(inputs), self.U.shape[1]),) * 2]
        for x in inputs.unbind(dim=1):
            states.append(self.step(x, *states[-1]))
        hs, cs = zip(*states[1:], strict=True)
        return torch.stack(hs, dim=1), torch.stack(cs, dim=1)


# --8<-- [end:model]
# --8<-- [start:encoder_decoder]
class EncoderDecoder(nn.Module):
    """One LSTM reads the source; another begins with its last h and c, and writes the target."""

    def __init__(self, source_vocab: int, target_vocab: int, *, dim: int = 24, hidden: int = 48):
        super().__init__()
        self.source_embedding = nn.Embedding(source_vocab, dim)
        self.target_embedding = nn.Embedding(target_vocab, dim)
        self.encoder, self.decoder = LSTM(dim, hidden), LSTM(dim, hidden)
        self.readout = nn.Linear(hidden, target_vocab)

    def encode(self, source: Source) -> State:
        """Return h and c after the last real word: all that the decoder learns of the source."""
        last = mask(source).sum(dim=1)[:, None, None] - 1
        states = self.encoder(self.source_embedding(source))
        return tuple(each.take_along_dim(last, dim=1)[:, 0] for each in states)

    def step(self, state: State, words: Int[Tensor, " batch"]) -> tuple[State, Logits]:
        """Read the words that were written last; return the logits of the next."""
        h, c = self.decoder.step(self.target_embedding(words), *state)
        return (h, c), self.readout(h)

    def forward(self, source: Source, written: Tokens) -> Float[Tensor, "batch time vocab"]:
        """Return the logits of what follows each of the words that are written, START first."""
        state, logits = self.encode(source), []
        for words in written.unbind(dim=1):
            state, following = self.step(state, words)
            logits.append(following)
        return torch.stack(logits, dim=1)


# --8<-- [end:encoder_decoder]
# --8<-- [start:rnn_search]
class AdditiveAttention(nn.Module):
    """A small network that says how well each annotation h_j matches the state s (A.1.2)."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.W = nn.Linear(hidden, hidden, bias=False)
        self.U = nn.Linear(2 * hidden, hidden, bias=False)
        self.v = nn.Linear(hidden, 1, bias=False)

    def forward(self, s: Vectors, uh: Float[Tensor, "batch source hidden"], real: Real) -> Tensor:
        """Return the weights alpha (batch, time); only real words get any. U h waits ready-made."""
        e = self.v(torch.tanh(self.W(s)[:, None] + uh))[..., 0]
        return e.masked_fill(~real, -torch.inf).softmax(dim=1)


class RNNSearch(EncoderDecoder):
    """The source is read in both directions, and looked through again for each word (sec. 3)."""

    def __init__(self, source_vocab: int, target_vocab: int, *, dim: int = 24, hidden: int = 48):
        super().__init__(source_vocab, target_vocab, dim=dim, hidden=hidden)
        self.backward_encoder = LSTM(dim, hidden)
        self.decoder = LSTM(dim + 2 * hidden, hidden)
        self.first = nn.Linear(hidden, hidden, bias=False)
        self.attention = AdditiveAttention(hidden)
        self.maxout = nn.Linear(hidden + 2 * hidden + dim, 2 * hidden)

    def encode(self, source: Source) -> State:
        """Return the first s and cell, no weights yet, all h_j and U h_j, which words are real."""
        ahead, _ = self.encoder(self.source_embedding(source))
        back, _ = self.backward_encoder(self.source_embedding(reverse(source)))
        back = back.take_along_dim(mirrored(source)[..., None], dim=1)
        s = self.first(back[:, 0]).tanh()
        h = torch.cat([ahead, back], dim=2)
        nothing = torch.zeros_like(h[..., 0])
        return s, torch.zeros_like(s), nothing, h, self.attention.U(h), mask(source)

    def step(self, state: State, words: Int[Tensor, " batch"]) -> tuple[State, Logits]:
        """Read the words that were written last; return the logits of the next."""
        s, cell, _, h, uh, real = state
        alpha = self.attention(s, uh, real)
        context = (alpha[:, None] @ h)[:, 0]
        y = self.target_embedding(words)
        s, cell = self.decoder.step(torch.cat([y, context], dim=1), s, cell)
        pairs = self.maxout(torch.cat([s, context, y], dim=1)).unflatten(1, (-1, 2))
        return (s, cell, alpha, h, uh, real), self.readout(pairs.amax(dim=2))


# --8<-- [end:rnn_search]
# --8<-- [start:loss] Loss: the surprise at a whole sentence, without its padding (sec. 3.2)
def log_likelihood(
    logits: Float[Tensor, "batch time vocab"], words: Tokens
) -> Float[Tensor, " batch"]:
    """Return log p(target | source) of each sentence, in nats: the sum over its real words.

    Raises:
        ValueError: If the shapes do not fit, or a tensor is not what it should be.
    """
    require_tensor("logits", logits, "batch time vocab")
    require_indices("words", words, logits.shape[2], "batch time")
    if words.shape != logits.shape[:2]:
        raise ValueError(f"words must be {tuple(logits.shape[:2])}, got {tuple(words.shape)}")
    log_probabilities = log_softmax(logits.flatten(0, 1)).view_as(logits)
    chosen = log_probabilities.take_along_dim(words[..., None], dim=2)[..., 0]
    return torch.where(mask(words), chosen, 0.0).sum(dim=1)


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: descent with gradients of limited length (sec. 3.4)
class Step(NamedTuple):
    """One update: its number, and the loss of each model on its batch before it, in nats."""

    step: int
    losses: Float[Tensor, " model"]


def train(
    models: Sequence[EncoderDecoder], batches: Iterable[Pairs], *, steps: int, rate: float = 0.02
) -> Iterator[Step]:
    """Update models that differ in their weights alone, each with its own part of every batch.

    Args:
        models: One or more of one class and size.
        batches: Sources and targets with the axes (model, batch, time).
        steps: How many batches to train on.
        rate: The largest learning rate. It rises for 20 steps, then falls to zero.

    Raises:
        ValueError: If the models differ in their sizes, or a batch does not fit them.
    """
    if len({str(model) for model in models}) != 1 or steps < 1:
        raise ValueError(f"models must be of one size and steps positive, got {models}, {steps}")
    weights, _ = stack_module_state(list(models))
    for k, model in enumerate(models):
        for name, parameter in model.named_parameters():
            parameter.data = weights[name].data[k]  # a view, so that the model learns too

    logits_of = torch.vmap(partial(functional_call, models[0]))  # each model's own, all at once
    optimizer = torch.optim.Adam(weights.values(), lr=rate)
    for step, (source, target) in zip(range(steps), batches, strict=False):
        _require_source(models[0], source.flatten(0, 1), steps)
        optimizer.param_groups[0]["lr"] = rate * min((step + 1) / 20, 1 - step / steps)
        logits = logits_of(weights, (source, target[..., :-1]))
        likelihoods = log_likelihood(logits.flatten(0, 1), target[..., 1:].flatten(0, 1))
        losses = -likelihoods.view(len(models), -1).mean(dim=1)
        optimizer.zero_grad()
        losses.sum().backward()  # a model's weights are in its own loss only
        gradients = [weight.grad.flatten(1) for weight in weights.values()]
        lengths = torch.cat(gradients, dim=1).norm(dim=1, keepdim=True)
        for gradient in gradients:
            gradient *= (5 / lengths).clamp(max=1)  # no longer than 5
        optimizer.step()
        yield Step(step, losses.detach())


# --8<-- [end:algorithm]
# --8<-- [start:search]
@torch.no_grad()
def greedy(model: EncoderDecoder, source: Source, *, length: int) -> Tokens:
    """Write the likeliest word, up to `length` times or until END; padding stands behind it.

    Raises:
        ValueError: If `source` is no batch of sentences, or `length` is not positive.
    """
    _require_source(model, source, length)
    state, words = model.encode(source), torch.full((len(source), 1), START)
    for _ in range(length):
        state, logits = model.step(state, words[:, -1])
        ended = (words == END).any(dim=1)
        following = torch.where(ended, PADDING, logits.argmax(dim=1))
        words = torch.cat([words, following[:, None]], dim=1)
    return words[:, 1:]


@torch.no_grad()
def beam_search(
    model: EncoderDecoder, source: Source, *, width: int, length: int
) -> list[tuple[float, list[int]]]:
    """Return translations of one sentence with their log-probabilities, the likeliest first.

    A hypothesis with an END is complete and leaves the beam, which is narrower from then on.

    Raises:
        ValueError: If `source` is not one sentence, or `width` or `length` is not positive.
    """
    _require_source(model, source, length)
    if len(source) != 1 or width < 1:
        raise ValueError(
            f"source must be 1 sentence, width positive, got {len(source)} and {width}"
        )
    state, scores, words = model.encode(source), torch.zeros(1), torch.tensor([[START]])
    complete = []
    while len(words) > 0 and words.shape[1] <= length:
        state, logits = model.step(state, words[:, -1])
        extended = (scores[:, None] + log_softmax(logits)).flatten()
        scores, best = extended.topk(min(width - len(complete), len(extended)))
        parents, following = best // logits.shape[1], best % logits.shape[1]
        words = torch.cat([words[parents], following[:, None]], dim=1)
        ended = following == END
        complete += zip(scores[ended].tolist(), words[ended, 1:].tolist(), strict=True)
        scores, words = scores[~ended], words[~ended]
        state = tuple(each[parents[~ended]] for each in state)
    unfinished = zip(scores.tolist(), words[:, 1:].tolist(), strict=True)
    return sorted([*complete, *unfinished], reverse=True)


# --8<-- [end:search]


def _require_source(model: EncoderDecoder, source: Tensor, length: int) -> None:
    if length < 1:
        raise ValueError(f"length must be positive, got {length}")
    require_indices("source", source, model.source_embedding.num_embeddings, "batch time")
    if not mask(source)[:, 0].all() or (mask(source).int().diff(dim=1) > 0).any():
        raise ValueError("source must have a word in every sentence, and padding only behind it")
