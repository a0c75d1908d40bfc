"""GPT: a network that continues texts, and learns from the examples in them (2018 to 2020).

Source: Radford et al., "Improving Language Understanding by Generative Pre-Training", 2018;
Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, for the architecture;
Brown et al., "Language Models are Few-Shot Learners", NeurIPS 2020, arXiv:2005.14165, for the
training (app. B) and the claim.

Departs: a megabyte of Python's own documentation for web pages; up to two layers of 96 for 96 of
12,288; at the start the weights are as long at every width as at that of the smallest GPT-2; no
dropout, for no text is read twice; `shifted_keys`, which none of the three has; several models are
trained side by side.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dlbasic.checks import require, require_indices, require_tensor
from dlbasic.data.byte_pairs import BytePairs
from dlbasic.history.transformer import attention

Tokens = Int[Tensor, "batch time"]
Vectors = Float[Tensor, "batch time d_model"]
Logits = Float[Tensor, "batch time vocab"]
Cache = dict[nn.Module, tuple[Tensor, Tensor]]  # the keys and values that each attention has made


# --8<-- [start:data] Data: texts cut into windows, and lists of examples
def windows(tokens: Sequence[int], *, length: int) -> Tokens:
    """Cut a text into rows of `length` tokens. Each begins with the last token of the one before.

    So every token but the first is foretold once. What does not fill a row at the end is left out.

    Raises:
        ValueError: If `length` is below 2, or the text does not fill a row.
    """
    require(length >= 2, "length", "2 or more", length)
    require(len(tokens) >= length, "tokens", f"{length} or more", len(tokens))
    return torch.tensor(tokens).unfold(0, length, length - 1)


def recall_lists(
    count: int, *, examples: int, generator: torch.Generator, keys: int = 4, values: int = 10
) -> Tokens:
    """Return lists of key, value, key, value ... Each follows a dictionary of its own.

    Keys are the tokens from 0, drawn with replacement; values are the tokens behind them.

    Raises:
        ValueError: If a number is not positive.
    """
    least = min(count, examples, keys, values)
    require(least >= 1, "count, examples, keys and values", "positive", least)
    dictionary = keys + torch.randint(values, (count, keys), generator=generator)
    asked = torch.randint(keys, (count, examples), generator=generator)
    return torch.stack([asked, dictionary.gather(1, asked)], dim=2).flatten(1)


# --8<-- [end:data]
# --8<-- [start:model] Model: the decoder of a Transformer, alone (GPT-2, sec. 2.3)
class CausalAttention(nn.Module):
    """Every token looks at itself and at what is before it, in several heads."""

    def __init__(self, d_model: int, num_heads: int, *, shifted_keys: bool) -> None:
        super().__init__()
        self.num_heads, self.shifted_keys = num_heads, shifted_keys
        self.qkv, self.output = nn.Linear(d_model, 3 * d_model), nn.Linear(d_model, d_model)

    def forward(self, x: Vectors, cache: Cache | None = None) -> Vectors:
        """Mix the tokens; with a cache, `x` are the new ones, and the old ones are in the cache."""
        q, k, v = self.qkv(x).unflatten(2, (3, self.num_heads, -1)).movedim(1, 3).unbind(1)
        if cache is not None:
            before = cache.get(self, (k[:, :, :0], v[:, :, :0]))
            k, v = (torch.cat(pair, dim=2) for pair in zip(before, (k, v), strict=True))
            cache[self] = k, v
        if self.shifted_keys:  # found by the token before it, which the first one lacks
            k = torch.cat([k[:, :, :1], k[:, :, :-1]], dim=2)
        seen = torch.ones(q.shape[2], k.shape[2]).tril(k.shape[2] - q.shape[2]).bool()
        return self.output(attention(q, k, v, seen).movedim(1, 2).flatten(2))


class Block(nn.Module):
    """Attention, and then a network of two layers; each is normed before and added after."""

    def __init__(self, d_model: int, num_heads: int, *, shifted_keys: bool) -> None:
        super().__init__()
        self.attention_norm, self.network_norm = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.attention = CausalAttention(d_model, num_heads, shifted_keys=shifted_keys)
        self.widen, self.narrow = nn.Linear(d_model, 4 * d_model), nn.Linear(4 * d_model, d_model)

    def forward(self, x: Vectors, cache: Cache | None = None) -> Vectors:
        """Add to each token what it finds in the others, and then what follows from that."""
        x = x + self.attention(self.attention_norm(x), cache)
        return x + self.narrow(nn.GELU("tanh")(self.widen(self.network_norm(x))))


class GPT(nn.Module):
    """The logits of what follows each token. As it comes, the smallest of the four GPT-2.

    Raises:
        ValueError: If a size is not positive, or the heads do not share out `d_model` evenly.
    """

    def __init__(
        self,
        *,
        vocab: int = 50_257,
        context: int = 1024,
        d_model: int = 768,
        num_heads: int = 12,
        num_layers: int = 12,
        shifted_keys: bool = False,
    ) -> None:
        sizes = vocab, context, d_model, num_heads, num_layers
        require(min(sizes) >= 1, "sizes", "positive", sizes)
        require(d_model % num_heads == 0, "d_model", f"a multiple of {num_heads} heads", d_model)
        super().__init__()
        self.embedding, self.place = nn.Embedding(vocab, d_model), nn.Embedding(context, d_model)
        self.blocks = nn.ModuleList(
            Block(d_model, num_heads, shifted_keys=shifted_keys) for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(d_model)
        for name, weight in self.named_parameters():
            if "norm" not in name:
                residual = name.endswith(("output.weight", "narrow.weight"))
                std = 0.02 * (768 / d_model) ** 0.5 / (2 * num_layers) ** (residual / 2)
                nn.init.normal_(weight, std=0.0 if name.endswith("bias") else std)

    def forward(self, tokens: Tokens, cache: Cache | None = None) -> Logits:
        """Return the logits; an empty dictionary, handed in each time, becomes the cache.

        Raises:
            ValueError: If the tokens, with those in the cache, do not fit into the context.
        """
        past = next(iter(cache.values()))[0].shape[2] if cache else 0
        end, context = past + tokens.shape[1], self.place.num_embeddings
        require(end <= context, "tokens", f"at most {context}, the context", end)
        x = self.embedding(tokens) + self.place.weight[past:end]
        for block in self.blocks:
            x = block(x, cache)
        return self.norm(x) @ self.embedding.weight.mT


# --8<-- [end:model]
# --8<-- [start:loss] Loss: the surprise at each next token (GPT, eq. 1)
def surprise(logits: Logits, following: Tokens) -> Float[Tensor, "batch time"]:
    """Return -log p of the token that follows at each place, in nats.

    Raises:
        ValueError: If the shapes do not fit, or the logits are not finite.
    """
    require(logits.ndim == 3, "logits", "of (batch, time, vocab)", tuple(logits.shape))
    require_indices("following", following, logits.shape[2], "batch time")
    fits = following.shape == logits.shape[:2]
    require(fits, "following", f"{tuple(logits.shape[:2])}", tuple(following.shape))
    nats = logits.logsumexp(dim=2) - logits.gather(2, following[..., None])[..., 0]
    require_tensor("the surprise at the logits", nats, "batch time")
    return nats


@torch.no_grad()
def bits_per_character(model: GPT, pairs: BytePairs, text: str) -> float:
    """Return how many bits the model needs for a character of a text, window by window.

    Raises:
        ValueError: If the text does not fill the model's context.
    """
    rows = windows(pairs.encode(text), length=model.place.num_embeddings + 1)
    parts = [surprise(model(some[:, :-1]), some[:, 1:]) for some in rows.split(32)]
    characters = len(pairs.decode(rows[:, 1:].flatten().tolist()))
    return torch.cat(parts).sum().item() / math.log(2) / characters


def power_law(x: Sequence[float], loss: Sequence[float]) -> tuple[float, float, float]:
    """Fit loss = (scale / x) ** alpha, a line on logarithmic axes.

    Returns:
        Alpha, the scale, and which share of the variance of log loss the line explains.

    Raises:
        ValueError: If there are not two points or more, or one is not positive.
    """
    points = torch.tensor([list(x), list(loss)], dtype=torch.float64)
    require(points.shape[1] >= 2, "x", "two or more", points.shape[1])
    require(bool((points > 0).all()), "x and loss", "positive", points.min().item())
    log_x, log_loss = points.log()
    covariance = torch.stack([log_x, log_loss]).cov()
    alpha = (-covariance[0, 1] / covariance[0, 0]).item()
    scale = (log_loss.mean() / alpha + log_x.mean()).exp().item()
    return alpha, scale, (covariance[0, 1] ** 2 / covariance.diag().prod()).item()


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm: Adam with a cosine schedule (GPT-3, app. B)
class Step(NamedTuple):
    """One update: its number, and the loss of each model on its batch before it, in nats."""

    step: int
    losses: Float[Tensor, " model"]


def train(
    models: Sequence[GPT],
    batches: Iterable[Int[Tensor, "model batch time"]],
    *,
    steps: int,
    rate: float = 4e-3,
) -> Iterator[Step]:
    """Update models that differ in their weights alone, each with its own part of every batch.

    Args:
        models: One or more of one size.
        batches: What each model is to read.
        steps: How many batches to train on.
        rate: The largest learning rate. It rises for a tenth of the steps, then falls to a tenth.

    Raises:
        ValueError: If the models differ in size, `steps` is not positive, or a batch does not fit.
    """
    require(len({str(model) for model in models}) == 1, "models", "of one size", models)
    require(steps >= 1, "steps", "positive", steps)
    weights, _ = torch.func.stack_module_state(list(models))
    for k, model in enumerate(models):
        for name, parameter in model.named_parameters():
            parameter.data = weights[name].data[k]  # a view, so that the model learns too
    logits_of = torch.vmap(lambda own, x: torch.func.functional_call(models[0], own, x))
    matrices, vectors = ([w for w in weights.values() if (w.ndim > 2) == wide] for wide in (1, 0))
    groups = [{"params": matrices}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.95), weight_decay=0.1)
    for step, tokens in zip(range(steps), batches, strict=False):
        require_indices("tokens", tokens, models[0].embedding.num_embeddings, "model batch time")
        require(len(tokens) == len(models), "tokens", f"for {len(models)} models", len(tokens))
        cosine = 0.55 + 0.45 * math.cos(math.pi * step / steps)
        for group in optimizer.param_groups:
            group["lr"] = rate * min((step + 1) / (0.1 * steps), cosine)
        logits = logits_of(weights, tokens[..., :-1])
        nats = surprise(logits.flatten(0, 1), tokens[..., 1:].flatten(0, 1))
        losses = nats.view(len(models), -1).mean(dim=1)
        optimizer.zero_grad()
        losses.sum().backward()  # a model's weights are in its own loss only
        gradients = [weight.grad.flatten(1) for weight in weights.values()]
        lengths = torch.cat(gradients, dim=1).norm(dim=1, keepdim=True)
        for gradient in gradients:
            gradient *= (1 / lengths).clamp(max=1)  # no longer than 1
        optimizer.step()
        yield Step(step, losses.detach())


# --8<-- [end:algorithm]
# --8<-- [start:sampling]
def probabilities(
    logits: Float[Tensor, "batch vocab"],
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> Float[Tensor, "batch vocab"]:
    """Return p of the next token: of the `top_k` likeliest, the fewest that reach `top_p`.

    Raises:
        ValueError: If a setting is out of its range, or the logits are not finite.
    """
    require_tensor("logits", logits, "batch vocab")
    require(0 < temperature < math.inf, "temperature", "positive and finite", temperature)
    require(0 < top_p <= 1, "top_p", "in (0, 1]", top_p)
    vocab = logits.shape[1]
    count = vocab if top_k is None else top_k
    require(1 <= count <= vocab, "top_k", f"from 1 to {vocab}", top_k)
    likeliest, order = (logits / temperature).softmax(dim=1).sort(descending=True, stable=True)
    likeliest[:, count:] = 0
    likeliest /= likeliest.sum(dim=1, keepdim=True)
    before = likeliest.cumsum(dim=1) - likeliest
    kept = torch.zeros_like(logits).scatter(1, order, likeliest * (before < top_p))
    return kept / kept.sum(dim=1, keepdim=True)


@torch.no_grad()
def write(
    model: GPT, tokens: Tokens, *, length: int, generator: torch.Generator, **settings: Any
) -> Int[Tensor, "batch length"]:
    """Draw `length` tokens, one by one, from what `probabilities` returns with its settings.

    Raises:
        ValueError: As `probabilities`, and if the tokens do not fit.
    """
    require_indices("tokens", tokens, model.embedding.num_embeddings, "batch time")
    require(length >= 1, "length", "positive", length)
    cache, new, written = {}, tokens, []
    for _ in range(length):
        p = probabilities(model(new, cache)[:, -1], **settings)
        new = torch.multinomial(p, 1, generator=generator)
        written.append(new)
    return torch.cat(written, dim=1)


# --8<-- [end:sampling]
