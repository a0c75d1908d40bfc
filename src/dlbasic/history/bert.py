"""BERT: an encoder learns from hidden words, then from a few labels (2018).

Source: Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for
Language Understanding", NAACL 2019, arXiv:1810.04805.

Departs: lines of Python for books and Wikipedia; whole tokens for WordPiece; one sentence at a time
and no prediction of the next; no dropout; weight decay for every weight; several models may be
trained side by side. The sizes are those of the base model unless others are asked for.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state

from dlbasic.checks import require, require_indices
from dlbasic.history.transformer import EncoderLayer as TransformerLayer
from dlbasic.history.transformer import causal_mask
from dlbasic.losses.cross_entropy import log_softmax

Tokens = Int[Tensor, "batch time"]
Hidden = Float[Tensor, "batch time dim"]
Logits = Float[Tensor, "batch time vocab"]

# --8<-- [start:data] Data: sentences of tokens, some of them hidden (sec. 3.1)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PADDING, UNKNOWN, CLS, SEP, MASK = range(5)
IGNORED = -1  # the target where nothing is asked


def vocabulary(sentences: Iterable[Sequence[str]], *, size: int) -> tuple[str, ...]:
    """Return the special tokens, then the most frequent others, `size` in all.

    Raises:
        ValueError: If `size` does not exceed the special tokens, or the sentences have fewer.
    """
    counts = Counter(token for sentence in sentences for token in sentence)
    fits = len(SPECIAL) < size <= len(SPECIAL) + len(counts)
    require(fits, "size", f"from {len(SPECIAL) + 1} to {len(SPECIAL) + len(counts)}", size)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    return SPECIAL + tuple(ranked[: size - len(SPECIAL)])


def encode(sentences: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> Tokens:
    """Return a row for each sentence: CLS, its tokens by their numbers, SEP, then padding.

    Raises:
        ValueError: If there is no sentence, or one of them is empty or a text without tokens.
    """
    fits = len(sentences) > 0 and all(each and not isinstance(each, str) for each in sentences)
    require(fits, "sentences", "one or more, each a list of tokens", sentences)
    numbers = {token: number for number, token in enumerate(vocabulary)}
    longest = max(map(len, sentences))
    rows = [[CLS, *(numbers.get(token, UNKNOWN) for token in each), SEP] for each in sentences]
    return torch.tensor([row + [PADDING] * (longest + 2 - len(row)) for row in rows])


class Examples(NamedTuple):
    """What a model reads, and what it is asked."""

    inputs: Int[Tensor, "*model batch time"]
    targets: Int[Tensor, "..."]


def mask_tokens(
    tokens: Tokens,
    *,
    vocab: int,
    generator: torch.Generator,
    part: float = 0.15,
    shares: tuple[float, float, float] = (0.8, 0.1, 0.1),
) -> Examples:
    """Choose tokens to be predicted, and hide most of them. CLS, SEP and padding are never chosen.

    Args:
        tokens: Rows of `encode`.
        vocab: How many tokens there are.
        generator: What draws.
        part: The probability that a token is chosen.
        shares: Of the chosen: the parts that become MASK, become a random token, and stay.

    Raises:
        ValueError: If `tokens` is no batch of tokens, `part` not in (0, 1], or `shares` not three
            parts of one.
    """
    require(vocab > len(SPECIAL), "vocab", f"more than the {len(SPECIAL)} special tokens", vocab)
    require_indices("tokens", tokens, vocab, "batch time")
    require(0 < part <= 1, "part", "in (0, 1]", part)
    whole = len(shares) == 3 and min(shares) >= 0 and abs(sum(shares) - 1) < 1e-9
    require(whole, "shares", "three parts that sum to 1", shares)
    chosen, share = torch.rand(2, *tokens.shape, generator=generator)
    chosen = (chosen < part) & ~is_special(tokens)
    masked = chosen & (share < shares[0])
    replaced = chosen & ~masked & (share < shares[0] + shares[1])
    random = torch.randint(len(SPECIAL), vocab, tokens.shape, generator=generator)
    inputs = tokens.masked_fill(masked, MASK).where(~replaced, random)
    return Examples(inputs, tokens.where(chosen, IGNORED))


def is_special(tokens: Tokens) -> Bool[Tensor, "batch time"]:
    """Return where CLS, SEP or padding stands: what belongs to no sentence."""
    return (tokens == CLS) | (tokens == SEP) | (tokens == PADDING)


# --8<-- [end:data]
# --8<-- [start:model] Model: the Transformer's encoder, which looks both ways (sec. 3)
class EncoderLayer(TransformerLayer):
    """The Transformer's, with GELU for ReLU and a smaller epsilon."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__(dim, heads, 4 * dim)
        self.feed_forward[1] = nn.GELU()
        self.norm1.eps = self.norm2.eps = 1e-12


class Bert(nn.Module):
    """A vector for each token that depends on all others, on its place and on its segment.

    Args:
        vocab: How many tokens there are.
        layers: The paper's L.
        dim: The paper's H, numbers in the vector of a token.
        heads: The paper's A, of every attention.
        positions: The longest input.
        left_to_right: A token sees itself and what is before it, as in a language model.

    Raises:
        ValueError: If a size is not positive, or the heads do not share out `dim` evenly. Also
            where the model reads something longer than `positions`.
    """

    def __init__(
        self,
        vocab: int = 30_522,
        *,
        layers: int = 12,
        dim: int = 768,
        heads: int = 12,
        positions: int = 512,
        left_to_right: bool = False,
    ) -> None:
        super().__init__()
        sizes = (vocab, layers, dim, positions)
        require(min(sizes) >= 1, "vocab, layers, dim and positions", "positive", sizes)
        self.heads, self.left_to_right = heads, left_to_right
        self.words, self.positions = nn.Embedding(vocab, dim), nn.Embedding(positions, dim)
        self.segments, self.norm = nn.Embedding(2, dim), nn.LayerNorm(dim, eps=1e-12)
        self.layers = nn.ModuleList(EncoderLayer(dim, heads) for _ in range(layers))
        self.pooler = nn.Linear(dim, dim)
        self.apply(partial(_initialize, dim=dim))

    def forward(self, tokens: Tokens, segments: Tokens | None = None) -> Hidden:
        """Return the vectors of the last layer. Without `segments`, all tokens are of the first."""
        longest = self.positions.num_embeddings
        fits = tokens.ndim == 2 and 1 <= tokens.shape[1] <= longest
        require(fits, "tokens", f"(batch, time), time up to {longest}", tuple(tokens.shape))
        places = self.positions.weight[: tokens.shape[1]]
        segments = torch.zeros_like(tokens) if segments is None else segments
        x = self.norm(self.words(tokens) + places + self.segments(segments))
        visible = (tokens != PADDING)[:, None]
        if self.left_to_right:
            visible = visible & causal_mask(tokens.shape[1]).to(tokens.device)
        for layer in self.layers:
            x = layer(x, visible)
        return x

    def pool(self, hidden: Hidden) -> Float[Tensor, "batch dim"]:
        """Return a vector for the whole sentence, made from that of CLS."""
        return self.pooler(hidden[:, 0]).tanh()


# --8<-- [end:model]
# --8<-- [start:heads]
class MaskedLanguageModel(nn.Module):
    """A guess at each token; the table of embeddings serves as the output's weights, too."""

    def __init__(self, bert: Bert) -> None:
        super().__init__()
        vocab, dim = bert.words.weight.shape
        self.bert, self.bias = bert, nn.Parameter(torch.zeros(vocab))
        self.dense, self.norm = nn.Linear(dim, dim), nn.LayerNorm(dim, eps=1e-12)
        _initialize(self.dense, dim)

    def forward(self, tokens: Tokens, segments: Tokens | None = None) -> Logits:
        """Return the logits of what stood in each place before some tokens were hidden."""
        hidden = nn.functional.gelu(self.dense(self.bert(tokens, segments)))
        return self.norm(hidden) @ self.bert.words.weight.mT + self.bias


class Classifier(nn.Module):
    """One new layer on the vector of the sentence (sec. 3.2). All weights are to be trained."""

    def __init__(self, bert: Bert, *, classes: int) -> None:
        super().__init__()
        require(classes >= 2, "classes", "2 or more", classes)
        dim = bert.pooler.out_features
        self.bert, self.readout = bert, nn.Linear(dim, classes)
        _initialize(self.readout, dim)

    def forward(self, tokens: Tokens) -> Float[Tensor, "batch class"]:
        """Return the logits of the classes."""
        return self.readout(self.bert.pool(self.bert(tokens)))


def _initialize(module: nn.Module, dim: int) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        std = 0.02 * (768 / dim) ** 0.5
        nn.init.trunc_normal_(module.weight, std=std, a=-2 * std, b=2 * std)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)


# --8<-- [end:heads]
# --8<-- [start:loss] Loss: the surprise at what is asked, and at nothing else
def surprise(
    logits: Float[Tensor, "model *batch class"], targets: Int[Tensor, " model *batch"]
) -> Float[Tensor, " model"]:
    """Return each model's cross-entropy in nats, averaged over its targets that are not `IGNORED`.

    Raises:
        ValueError: If the shapes do not fit, a model is asked nothing, or a tensor is not what it
            should be.
    """
    require(logits.ndim >= 3, "logits", "(model, ..., class)", tuple(logits.shape))
    fits = targets.shape == logits.shape[:-1]
    require(fits, "targets", f"of the shape {tuple(logits.shape[:-1])}", tuple(targets.shape))
    asked = targets != IGNORED
    counts = asked.flatten(1).sum(dim=1).tolist()
    require(min(counts) > 0, "targets", "asked of every model somewhere", f"{counts} asked")
    require_indices("targets", targets[asked], logits.shape[-1], "asked")
    surprises = -log_softmax(logits[asked]).take_along_dim(targets[asked][:, None], dim=1)
    return torch.stack([each.mean() for each in surprises.split(counts)])


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: Adam, whose rate rises and falls linearly (A.2)
class Step(NamedTuple):
    """One update: its number, and the loss of each model on its examples before it, in nats."""

    step: int
    losses: Float[Tensor, " model"]


def train(
    models: Sequence[MaskedLanguageModel | Classifier],
    batches: Iterable[Examples],
    *,
    steps: int,
    rate: float,
) -> Iterator[Step]:
    """Update models that differ in their weights alone, each with its own part of every batch.

    The same loop trains a masked model and fine-tunes a classifier.

    Args:
        models: One or more of one size.
        batches: Inputs (model, batch, time), and targets as the models' outputs ask for them.
        steps: How many batches to train on.
        rate: The largest learning rate. It rises for a tenth of the steps, then falls to zero.

    Raises:
        ValueError: If the models differ in their sizes, or a batch does not fit them.
    """
    sizes = [(str(model), model.bert.heads, model.bert.left_to_right) for model in models]
    require(len(set(sizes)) == 1, "models", "one or more of one size", sizes)
    require(steps >= 1, "steps", "positive", steps)
    require(0 < rate < math.inf, "rate", "positive and finite", rate)
    weights, outputs_of = side_by_side(models)
    optimizer = torch.optim.AdamW(weights.values(), lr=rate, weight_decay=0.01, foreach=True)
    for step, (inputs, targets) in zip(range(steps), batches, strict=False):
        require_indices("inputs", inputs, models[0].bert.words.num_embeddings, "model batch time")
        require(len(inputs) == len(models), "inputs", f"of {len(models)} models", len(inputs))
        optimizer.param_groups[0]["lr"] = rate * min(10 * (step + 1) / steps, 1 - step / steps)
        losses = surprise(outputs_of(weights, (inputs,)), targets)
        optimizer.zero_grad()
        losses.sum().backward()  # a model's weights are in its own loss only
        optimizer.step()
        yield Step(step, losses.detach())


def side_by_side(models: Sequence[nn.Module]) -> tuple[dict[str, Tensor], Callable[..., Tensor]]:
    """Return the weights of models of one size in a stack, and what runs them all at once."""
    weights, _ = stack_module_state(list(models))
    for k, model in enumerate(models):
        for name, parameter in model.named_parameters():
            parameter.data = weights[name].data[k]  # a view, so that the model learns too
    return weights, torch.vmap(partial(functional_call, models[0]))


# --8<-- [end:algorithm]
