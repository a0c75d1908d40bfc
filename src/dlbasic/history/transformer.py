"""The Transformer: translation by attention alone, without recurrence (2017).

Source: Vaswani et al., "Attention Is All You Need", NIPS 2017, arXiv:1706.03762.

Departs: lists of dates, English to Korean, for English to German and French; no dropout, since no
list is seen twice; a bias in every projection of the attention, as in torch.nn.MultiheadAttention;
embeddings of the source apart from those of the target unless `shared`; several models are trained
side by side.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state

from dlbasic.checks import require, require_indices, require_tensor
from dlbasic.data.phrases import END, PADDING, START, Pairs
from dlbasic.data.phrases import mask as real_words
from dlbasic.losses.cross_entropy import log_softmax

Source = Int[Tensor, "batch source"]
Tokens = Int[Tensor, "batch time"]
Vectors = Float[Tensor, "batch time d_model"]
Memory = Float[Tensor, "batch source d_model"]


# --8<-- [start:data] Data: words, and where they stand (sec. 3.5)
def positions(length: int, d_model: int) -> Float[Tensor, "time d_model"]:
    """Return a vector for each place: sines and cosines of wavelengths from 2 pi to 10,000 * 2 pi.

    Raises:
        ValueError: If `length` is not positive, or `d_model` not positive and even.
    """
    require(length >= 1, "length", "positive", length)
    require(d_model >= 2 and d_model % 2 == 0, "d_model", "positive and even", d_model)
    place = torch.arange(length, dtype=torch.float64)[:, None]
    angles = place / 10_000 ** (torch.arange(0, d_model, 2, dtype=torch.float64) / d_model)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


def causal_mask(length: int) -> Bool[Tensor, "time time"]:
    """Return for each place, a row, where it may look: at itself and at what is before it.

    Raises:
        ValueError: If `length` is not positive.
    """
    require(length >= 1, "length", "positive", length)
    return torch.ones(length, length, dtype=torch.bool).tril()


# --8<-- [end:data]
# --8<-- [start:model] Model: attention (eq. 1)
def attention_weights(
    query: Float[Tensor, "*batch time d_k"],
    key: Float[Tensor, "*batch source d_k"],
    mask: Bool[Tensor, "..."] | None = None,
) -> Float[Tensor, "*batch time source"]:
    """Return how much each query looks at each key: positive, and a query's weights sum to 1.

    Args:
        query: What is looked for.
        key: What there is.
        mask: True where a query may look; it must be so for one key at least. Its shape is
            (time, source), or one that broadcasts to that of the weights.

    Raises:
        ValueError: If the shapes do not fit, or `mask` is not Boolean.
    """
    _require_vectors("query", query, "time")
    _require_vectors("key", key, "source")
    d_k = query.shape[-1]
    require(key.shape[-1] == d_k, "key", f"of {d_k} dimensions, as the query is", key.shape[-1])
    scores = query @ key.mT / math.sqrt(d_k)
    if mask is not None:
        _require_mask(mask, scores)
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1)


def attention(
    query: Float[Tensor, "*batch time d_k"],
    key: Float[Tensor, "*batch source d_k"],
    value: Float[Tensor, "*batch source d_v"],
    mask: Bool[Tensor, "..."] | None = None,
) -> Float[Tensor, "*batch time d_v"]:
    """Return for each query the average value, by the weights of the keys.

    Raises:
        ValueError: If there is not a value for each key, or as `attention_weights`.
    """
    pairs = key.shape[:-1]
    require(value.shape[:-1] == pairs, "value", f"one for each key, {tuple(pairs)}", value.shape)
    return attention_weights(query, key, mask) @ value


# --8<-- [end:model]
# --8<-- [start:heads]
class MultiHeadAttention(nn.Module):
    """Attention several times at once, each in a smaller space of its own (sec. 3.2.2).

    Raises:
        ValueError: If the heads do not share out `d_model` evenly.
    """

    def __init__(self, d_model: int, num_heads: int) -> None:
        super().__init__()
        fits = num_heads >= 1 and d_model >= 1 and d_model % num_heads == 0
        require(fits, "d_model", f"a multiple of num_heads = {num_heads}", d_model)
        self.num_heads = num_heads
        self.query, self.key, self.value, self.output = (
            nn.Linear(d_model, d_model) for _ in range(4)
        )

    def split(self, x: Float[Tensor, "*batch time d_model"]) -> Float[Tensor, "*batch head time d"]:
        """Return each head's own part of every vector."""
        return x.unflatten(-1, (self.num_heads, -1)).transpose(-3, -2)

    def weights(
        self, query: Tensor, key: Tensor, mask: Tensor | None = None
    ) -> Float[Tensor, "*batch head time source"]:
        """Return where each head looks. Its arguments are as those of `forward`."""
        mask = mask if mask is None else mask.unsqueeze(-3)  # the same for every head
        return attention_weights(self.split(self.query(query)), self.split(self.key(key)), mask)

    def forward(
        self,
        query: Float[Tensor, "*batch time d_model"],
        key: Float[Tensor, "*batch source d_model"],
        value: Float[Tensor, "*batch source d_model"],
        mask: Bool[Tensor, "..."] | None = None,
    ) -> Float[Tensor, "*batch time d_model"]:
        """Return the heads' averages side by side, projected. `mask` as in `attention_weights`."""
        mask = mask if mask is None else mask.unsqueeze(-3)
        q, k, v = (self.split(x) for x in (self.query(query), self.key(key), self.value(value)))
        heads = attention(q, k, v, mask)
        return self.output(heads.transpose(-3, -2).flatten(-2))


# --8<-- [end:heads]
# --8<-- [start:layers]
class FeedForward(nn.Sequential):
    """Two layers with a ReLU between them, at every place alone (eq. 2)."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__(nn.Linear(d_model, d_ff), nn.ReLU(), nn.Linear(d_ff, d_model))


class EncoderLayer(nn.Module):
    """Every word looks at every word of the source, then thinks by itself (sec. 3.1)."""

    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(d_model, num_heads)
        self.feed_forward = FeedForward(d_model, d_ff)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)

    def forward(self, x: Vectors, mask: Tensor) -> Vectors:
        """Return the vectors of the words after both parts; `mask` hides the padding."""
        x = self.norm1(x + self.attention(x, x, x, mask))
        return self.norm2(x + self.feed_forward(x))


class DecoderLayer(nn.Module):
    """A word looks at those written before it, then at the source, then thinks (sec. 3.1)."""

    def __init__(self, d_model: int, num_heads: int, d_ff: int) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(d_model, num_heads)
        self.source_attention = MultiHeadAttention(d_model, num_heads)
        self.feed_forward = FeedForward(d_model, d_ff)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(d_model) for _ in range(3))

    def forward(self, x: Vectors, memory: Memory, causal: Tensor, mask: Tensor) -> Vectors:
        """Return the vectors of the words after all three parts."""
        x = self.norm1(x + self.self_attention(x, x, x, causal))
        x = self.norm2(x + self.source_attention(x, memory, memory, mask))
        return self.norm3(x + self.feed_forward(x))


# --8<-- [end:layers]
# --8<-- [start:transformer]
class Transformer(nn.Module):
    """A stack of layers reads the source, another writes the target. The base model's sizes.

    Args:
        source_vocab: How many words the source has.
        target_vocab: How many the target has. Their embeddings are also the output's weights.
        shared: Both languages have one vocabulary and one table of embeddings (sec. 3.4).
        layers: In each stack.
        d_model: Numbers in the vector of a word.
        num_heads: Of every attention.
        d_ff: Numbers in the middle of a feed-forward part.

    Raises:
        ValueError: If a size is not positive, or the sizes do not fit each other.
    """

    def __init__(
        self,
        source_vocab: int,
        target_vocab: int,
        *,
        shared: bool = False,
        layers: int = 6,
        d_model: int = 512,
        num_heads: int = 8,
        d_ff: int = 2048,
    ) -> None:
        super().__init__()
        sizes = (source_vocab, target_vocab, layers, d_model, d_ff)
        require(min(sizes) >= 1, "vocabularies, layers, d_model and d_ff", "positive", sizes)
        same = source_vocab == target_vocab or not shared
        require(same, "target_vocab", f"the shared {source_vocab}", target_vocab)
        require(d_model % 2 == 0, "d_model", "even, for sines and cosines", d_model)
        size = (d_model, num_heads, d_ff)
        self.encoder = nn.ModuleList(EncoderLayer(*size) for _ in range(layers))
        self.decoder = nn.ModuleList(DecoderLayer(*size) for _ in range(layers))
        for weight in self.parameters():
            if weight.ndim == 2:
                nn.init.xavier_uniform_(weight)
        self.source_embedding = nn.Embedding(source_vocab, d_model)
        self.target_embedding = nn.Embedding(target_vocab, d_model)
        if shared:
            self.source_embedding.weight = self.target_embedding.weight
        for table in (self.source_embedding, self.target_embedding):
            nn.init.normal_(table.weight, std=d_model**-0.5)

    def embed(self, table: nn.Embedding, words: Tokens) -> Vectors:
        """Return the vectors of the words, as long as those of their places, plus the latter."""
        x = table(words) * math.sqrt(table.embedding_dim)
        return x + positions(words.shape[1], table.embedding_dim).to(x)

    def encode(self, source: Source) -> Memory:
        """Return the vectors of the source's words, each among the others."""
        x = self.embed(self.source_embedding, source)
        for layer in self.encoder:
            x = layer(x, real_words(source)[:, None])
        return x

    def decode(
        self, memory: Memory, source: Source, written: Tokens
    ) -> Float[Tensor, "batch time vocab"]:
        """Return the logits of what follows each of the words that are written, START first."""
        x = self.embed(self.target_embedding, written)
        causal = causal_mask(written.shape[1]).to(written.device)
        for layer in self.decoder:
            x = layer(x, memory, causal, real_words(source)[:, None])
        return x @ self.target_embedding.weight.mT

    def forward(self, source: Source, written: Tokens) -> Float[Tensor, "batch time vocab"]:
        """Return the logits of what follows each of the words that are written, all at once."""
        return self.decode(self.encode(source), source, written)


# --8<-- [end:transformer]
# --8<-- [start:loss] Loss: the surprise at a whole sentence, with smoothed targets (sec. 5.4)
def smoothed_loss(
    logits: Float[Tensor, "batch time vocab"], words: Tokens, *, smoothing: float
) -> Float[Tensor, " batch"]:
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
    surprise = -log_softmax(logits.flatten(0, 1)).view_as(logits)
    right = surprise.take_along_dim(words[..., None], dim=2)[..., 0]
    loss = (1 - smoothing) * right + smoothing * surprise.mean(dim=2)
    return torch.where(real_words(words), loss, 0.0).sum(dim=1)


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: Adam, whose rate rises and falls (eq. 3)
def learning_rate(step: int, *, d_model: int, warmup: int) -> float:
    """Return the rate of a step, counted from 1: it rises until `warmup`, then falls as 1/sqrt.

    Raises:
        ValueError: If a number is not positive.
    """
    for name, number in {"step": step, "d_model": d_model, "warmup": warmup}.items():
        require(number >= 1, name, "positive", number)
    return d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)


class Step(NamedTuple):
    """One update: its number, and the loss of each model on its batch before it, in nats."""

    step: int
    losses: Float[Tensor, " model"]


def train(
    models: Sequence[Transformer],
    batches: Iterable[Pairs],
    *,
    steps: int,
    warmup: int = 100,
    smoothing: float = 0.1,
) -> Iterator[Step]:
    """Update models that differ in their weights alone, each with its own part of every batch.

    Args:
        models: One or more of one size.
        batches: Sources and targets with the axes (model, batch, time).
        steps: How many batches to train on.
        warmup: As in `learning_rate`.
        smoothing: As in `smoothed_loss`.

    Raises:
        ValueError: If the models differ in their sizes, or a batch does not fit them.
    """
    alike = len({str(model) for model in models}) == 1
    require(alike, "models", "one or more of one size", [str(model) for model in models])
    require(steps >= 1, "steps", "positive", steps)
    weights, _ = stack_module_state(list(models))
    for k, model in enumerate(models):
        for name, parameter in model.named_parameters():
            parameter.data = weights[name].data[k]  # a view, so that the model learns too

    logits_of = torch.vmap(partial(functional_call, models[0]))  # each model's own, all at once
    d_model = models[0].target_embedding.embedding_dim
    optimizer = torch.optim.Adam(weights.values(), betas=(0.9, 0.98), eps=1e-9)
    for step, (source, target) in zip(range(steps), batches, strict=False):
        _require_source(models[0], source.flatten(0, 1))
        rate = learning_rate(step + 1, d_model=d_model, warmup=warmup)
        optimizer.param_groups[0]["lr"] = rate
        logits = logits_of(weights, (source, target[..., :-1])).flatten(0, 1)
        losses = smoothed_loss(logits, target[..., 1:].flatten(0, 1), smoothing=smoothing)
        losses = losses.view(len(models), -1).mean(dim=1)
        optimizer.zero_grad()
        losses.sum().backward()  # a model's weights are in its own loss only
        optimizer.step()
        yield Step(step, losses.detach())


# --8<-- [end:algorithm]
# --8<-- [start:greedy]
@torch.no_grad()
def greedy(model: Transformer, source: Source, *, length: int) -> Tokens:
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


# --8<-- [end:greedy]


def _require_vectors(name: str, vectors: Tensor, axis: str) -> None:
    fits = vectors.is_floating_point() and vectors.ndim >= 2
    got = f"{vectors.dtype} {tuple(vectors.shape)}"
    require(fits, name, f"floating point with the axes (..., {axis}, d_k)", got)


def _require_mask(mask: Tensor, scores: Tensor) -> None:
    require(mask.dtype == torch.bool, "mask", "Boolean, True where a query may look", mask.dtype)
    shapes = tuple(mask.shape), tuple(scores.shape)
    sizes = zip(reversed(shapes[0]), reversed(shapes[1]), strict=False)
    fits = mask.ndim <= scores.ndim and all(one in (1, other) for one, other in sizes)
    require(fits, "mask", f"such that it broadcasts to {shapes[1]}", shapes[0])


def _require_source(model: Transformer, source: Tensor) -> None:
    require_indices("source", source, model.source_embedding.num_embeddings, "batch time")
    empty = (~real_words(source).any(dim=1)).sum().item()
    require(empty == 0, "source", "one or more words in every sentence", f"{empty} without any")
