"""The Transformer: translation by attention alone, without recurrence (2017).

Source: Vaswani et al., "Attention Is All You Need", NIPS 2017, arXiv:1706.03762.

Departs: lists of dates, English to Korean, for English to German and French; no dropout, since no
list is seen twice; a bias in every projection, as torch.nn.MultiheadAttention has; greedy search
for a beam; several models are trained side by side.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from dlbasic.checks import require, require_indices, require_tensor
from dlbasic.data.phrases import END, PADDING, SPECIAL, START, Pairs
from dlbasic.history.seq2seq import Step
from dlbasic.losses.cross_entropy import log_softmax

Source = Int[Tensor, "batch source"]
Tokens = Int[Tensor, "batch time"]
Memory = Float[Tensor, "batch source d_model"]
Vectors = Float[Tensor, "batch time d_model"]
Logits = Float[Tensor, "batch time vocab"]
Queries = Float[Tensor, "*batch query dim"]
Keys = Float[Tensor, "*batch key dim"]
Values = Float[Tensor, "*batch key d_v"]
Averages = Float[Tensor, "*batch query d_v"]
Mask = Bool[Tensor, "..."]


# --8<-- [start:data] Data: one vocabulary for both languages, and the places of words
def share_vocabulary(pairs: Pairs, *, source_vocab: int) -> Pairs:
    """Number the target's words behind the source's, which are `source_vocab` (sec. 5.1)."""
    shifted = pairs.target + source_vocab - len(SPECIAL)
    return Pairs(pairs.source, pairs.target.where(pairs.target < len(SPECIAL), shifted))


def positions(length: int, d_model: int) -> Float[Tensor, "time d_model"]:
    """Return a vector for each place: sines and cosines of ever longer waves (sec. 3.5).

    Raises:
        ValueError: If `length` is not positive, or `d_model` not positive and even.
    """
    require(length >= 1, "length", "positive", length)
    require(d_model >= 2 and d_model % 2 == 0, "d_model", "positive and even", d_model)
    i = torch.arange(d_model // 2, dtype=torch.float64)
    angles = torch.arange(length)[:, None] / 10_000 ** (2 * i / d_model)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


# --8<-- [end:data]
# --8<-- [start:model] Model: attention (eq. 1)
def attention(query: Queries, key: Keys, value: Values, mask: Mask | None = None) -> Averages:
    """Return for each query the average value, by how well its key answers the query.

    With the identity as values, it returns the weights of the average.

    Args:
        query: What is looked for.
        key: What there is.
        value: What each key stands for.
        mask: True where a query may look, which must be somewhere. It has the shape (query, key),
            or one that broadcasts to (..., query, key).

    Raises:
        ValueError: If the shapes do not fit, or `mask` is not Boolean.
    """
    q, k, v = (tuple(each.shape) for each in (query, key, value))
    fits = len(q) == len(k) >= 2 and (q[-1], k[:-1]) == (k[-1], v[:-1])
    what = "(..., query, d_k), (..., key, d_k) and (..., key, d_v)"
    require(fits, "query, key and value", what, f"{q}, {k} and {v}")
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if mask is not None:
        require(mask.dtype == torch.bool, "mask", "Boolean, True to look", mask.dtype)
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ value


def causal_mask(length: int) -> Bool[Tensor, "time time"]:
    """Return for each place, a row, where it may look: at itself and at what is before it.

    Raises:
        ValueError: If `length` is not positive.
    """
    require(length >= 1, "length", "positive", length)
    return torch.ones(length, length, dtype=torch.bool).tril()


# --8<-- [end:model]
# --8<-- [start:heads]
class MultiHeadAttention(nn.Module):
    """Attention several times at once, each in a smaller space of its own (sec. 3.2.2).

    Raises:
        ValueError: If the heads cannot share out `d_model` evenly.
    """

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        fits = num_heads >= 1 and d_model >= 1 and d_model % num_heads == 0
        require(fits, "d_model", f"a multiple of num_heads = {num_heads}", d_model)
        self.num_heads = num_heads
        projections = [nn.Linear(d_model, d_model) for _ in range(4)]
        self.query, self.key, self.value, self.output = projections

    def split(self, x: Float[Tensor, "*batch time dim"]) -> Float[Tensor, "*batch head time d"]:
        """Return each head's own part of every vector."""
        return x.unflatten(-1, (self.num_heads, -1)).transpose(-3, -2)

    def forward(self, query: Queries, key: Keys, value: Keys, mask: Mask | None = None) -> Queries:
        """Return the averages of all heads side by side, projected. All heads share the mask."""
        q, k, v = (self.split(x) for x in (self.query(query), self.key(key), self.value(value)))
        heads = attention(q, k, v, mask if mask is None else mask.unsqueeze(-3))
        return self.output(heads.transpose(-3, -2).flatten(-2))


# --8<-- [end:heads]
# --8<-- [start:layers]
class EncoderLayer(nn.Module):
    """Every word looks at every word of its sentence, then passes two layers alone (sec. 3.1)."""

    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(d_model, num_heads)
        alone = nn.Linear(d_model, d_ff), nn.ReLU(), nn.Linear(d_ff, d_model)
        self.feed_forward = nn.Sequential(*alone)  # eq. 2
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)

    def forward(self, x: Vectors, mask: Mask) -> Vectors:
        """Return the vectors of the words after both parts. `mask` says where they may look."""
        x = self.norm1(x + self.attention(x, x, x, mask))
        return self.norm2(x + self.feed_forward(x))


class DecoderLayer(EncoderLayer):
    """As the encoder's layer, and between its two parts every word looks at the source."""

    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__(d_model, num_heads, d_ff)
        self.source_attention = MultiHeadAttention(d_model, num_heads)
        self.norm3 = nn.LayerNorm(d_model)

    def forward(self, x: Vectors, mask: Mask, *source: Tensor) -> Vectors:
        """Return the vectors after all three parts. `source` is its vectors and which are real."""
        memory, real = source
        x = self.norm1(x + self.attention(x, x, x, mask))
        x = self.norm2(x + self.source_attention(x, memory, memory, real))
        return self.norm3(x + self.feed_forward(x))


# --8<-- [end:layers]
# --8<-- [start:transformer]
class Transformer(nn.Module):
    """A stack of layers reads the source, another writes the target. The base model's sizes.

    Args:
        vocab: How many words both languages have. One table is their embeddings and the weights
            of the output (sec. 3.4).
        layers: In each stack.
        d_model: Numbers in the vector of a word.
        num_heads: Of every attention.
        d_ff: Numbers in the middle of a feed-forward part.

    Raises:
        ValueError: If a size is not positive, or the sizes do not fit each other.
    """

    def __init__(
        self,
        vocab: int,
        *,
        layers: int = 6,
        d_model: int = 512,
        num_heads: int = 8,
        d_ff: int = 2048,
    ) -> None:
        sizes = (vocab, layers, d_model, d_ff)
        require(min(sizes) >= 1 and d_model % 2 == 0, "sizes", "positive, d_model even", sizes)
        super().__init__()
        self.encoder = nn.ModuleList(EncoderLayer(d_model, num_heads, d_ff) for _ in range(layers))
        self.decoder = nn.ModuleList(DecoderLayer(d_model, num_heads, d_ff) for _ in range(layers))
        for weight in (each for each in self.parameters() if each.ndim == 2):
            nn.init.xavier_uniform_(weight)
        self.embedding = nn.Embedding(vocab, d_model)
        nn.init.normal_(self.embedding.weight, std=d_model**-0.5)

    def embed(self, words: Tokens) -> Vectors:
        """Return the vectors of the words, lengthened by the root of d_model, plus their places."""
        x = self.embedding(words)
        return math.sqrt(x.shape[2]) * x + positions(*x.shape[1:]).to(x)

    def encode(self, source: Tokens) -> Vectors:
        """Return the vectors of the source's words, each made with a look at all others."""
        x, real = self.embed(source), (source != PADDING)[:, None]
        for layer in self.encoder:
            x = layer(x, real)
        return x

    def decode(self, memory: Memory, source: Source, written: Tokens) -> Logits:
        """Return the logits of what follows each of the words that are written, START first."""
        x, real = self.embed(written), (source != PADDING)[:, None]
        for layer in self.decoder:
            x = layer(x, causal_mask(written.shape[1]), memory, real)
        return x @ self.embedding.weight.mT

    def forward(self, source: Source, written: Tokens) -> Logits:
        """Return the logits of what follows each of the words that are written, all at once."""
        return self.decode(self.encode(source), source, written)


# --8<-- [end:transformer]
# --8<-- [start:loss] Loss: the surprise at a whole sentence, with smoothed targets (sec. 5.4)
def surprise(logits: Logits, words: Tokens, *, smoothing: float = 0.1) -> Float[Tensor, " batch"]:
    """Return the cross-entropy of each sentence, in nats: the sum over its real words.

    Args:
        logits: What the model thinks of each word.
        words: What is right. Padding does not count.
        smoothing: The part of each target that is spread evenly over the vocabulary.

    Raises:
        ValueError: If the shapes do not fit, a tensor is not what it should be, or `smoothing` is
            not in [0, 1).
    """
    require_tensor("logits", logits, "batch time vocab")
    require_indices("words", words, logits.shape[2], "batch time")
    require(words.shape == logits.shape[:2], "words", str(tuple(logits.shape[:2])), words.shape)
    require(0 <= smoothing < 1, "smoothing", "in [0, 1)", smoothing)
    costs = -log_softmax(logits.flatten(0, 1)).view_as(logits)
    right = costs.take_along_dim(words[..., None], dim=2)[..., 0]
    loss = (1 - smoothing) * right + smoothing * costs.mean(dim=2)
    return loss.where(words != PADDING, 0.0).sum(dim=1)


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: Adam, with a rate that rises and falls (eq. 3)
def learning_rate(step: int, *, d_model: int, warmup: int) -> float:
    """Return the rate of a step, counted from 1: it rises until `warmup`, then falls as a root.

    Raises:
        ValueError: If a number is not positive.
    """
    numbers = (step, d_model, warmup)
    require(min(numbers) >= 1, "step, d_model and warmup", "positive", numbers)
    return d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)


def train(
    models: Sequence[Transformer], batches: Iterable[Pairs], *, steps: int, warmup: int = 600
) -> Iterator[Step]:
    """Update models that differ in their weights alone, each with its own part of every batch.

    At the end the weights become their average over the last fifth of the steps (sec. 6.1).

    Args:
        models: One or more of one size.
        batches: Sources and targets with the axes (model, batch, time).
        steps: How many batches to train on.
        warmup: As in `learning_rate`.

    Raises:
        ValueError: If the models differ in their sizes, or a batch does not fit them.
    """
    fits = len({str(model) for model in models}) == 1 and steps >= 1
    require(fits, "models and steps", "of one size and positive", (models, steps))
    weights, _ = torch.func.stack_module_state(list(models))
    for k, model in enumerate(models):
        for name, parameter in model.named_parameters():
            parameter.data = weights[name].data[k]  # a view, so that the model learns too
    logits_of = torch.vmap(lambda own, words: torch.func.functional_call(models[0], own, words))
    optimizer = torch.optim.Adam(weights.values(), betas=(0.9, 0.98), eps=1e-9)
    first, averages = 4 * steps // 5, [weight.detach().clone() for weight in weights.values()]
    for step, (source, target) in zip(range(steps), batches, strict=False):
        _require_source(models[0], source.flatten(0, 1))
        rate = learning_rate(step + 1, d_model=models[0].embedding.embedding_dim, warmup=warmup)
        optimizer.param_groups[0]["lr"] = rate
        logits = logits_of(weights, (source, target[..., :-1])).flatten(0, 1)
        losses = surprise(logits, target[..., 1:].flatten(0, 1)).view(len(models), -1).mean(dim=1)
        optimizer.zero_grad()
        losses.sum().backward()  # a model's weights are in its own loss only
        optimizer.step()
        for average, weight in zip(averages, weights.values(), strict=True):
            average.lerp_(weight.detach(), 1 / max(1, step - first + 1))
        yield Step(step, losses.detach())
    for average, weight in zip(averages, weights.values(), strict=True):
        weight.data.copy_(average)


@torch.no_grad()
def greedy(model: Transformer, source: Tokens, *, length: int) -> Int[Tensor, "batch written"]:
    """Write the likeliest word, up to `length` times or until END; padding stands behind it.

    Raises:
        ValueError: If `source` is no batch of sentences, or `length` is not positive.
    """
    _require_source(model, source)
    require(length >= 1, "length", "positive", length)
    memory, words = model.encode(source), torch.full((len(source), 1), START)
    for _ in range(length):
        following = model.decode(memory, source, words)[:, -1].argmax(dim=1)
        following = following.where(~(words == END).any(dim=1), PADDING)
        words = torch.cat([words, following[:, None]], dim=1)
    return words[:, 1:]


# --8<-- [end:algorithm]


def _require_source(model: Transformer, source: Tensor) -> None:
    require_indices("source", source, model.embedding.num_embeddings, "batch time")
    empty = (source == PADDING).all(dim=1).sum().item()
    require(empty == 0, "source", "one or more words in every sentence", f"{empty} without any")
