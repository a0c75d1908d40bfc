"""English and Korean that mean the same: lists of dates, as many as wanted, and real phrases.

The dates are written as Babel writes them, by the rules of Unicode's Common Locale Data Repository.
The phrases are those of JupyterLab's menus and messages, translated by its volunteers.
"""

import datetime
import gettext
import importlib.util
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from babel.dates import format_date
from babel.lists import format_list
from jaxtyping import Bool, Int
from torch import Tensor

SPECIAL = ("<padding>", "<start>", "<end>", "<unknown>")
PADDING, START, END, UNKNOWN = range(len(SPECIAL))
FIRST_YEAR, LAST_YEAR = 2020, 2029


class Pairs(NamedTuple):
    """Sentences and their translations as numbers of tokens; shorter ones are filled up with 0."""

    source: Int[Tensor, "*model pair source_time"]
    target: Int[Tensor, "*model pair target_time"]  # each from START to END


# --8<-- [start:vocabulary]
class Vocabulary:
    """Tokens and their numbers: the four of `SPECIAL` first, then the others in sorted order.

    Args:
        sentences: Where the tokens occur.
        min_count: A token that occurs less often is unknown.

    Raises:
        ValueError: If `min_count` is not positive.
    """

    def __init__(self, sentences: Iterable[Sequence[str]], *, min_count: int = 1) -> None:
        if not min_count >= 1:
            raise ValueError(f"min_count must be at least 1, got {min_count}")
        counts = Counter(token for sentence in sentences for token in sentence)
        known = sorted(token for token, count in counts.items() if count >= min_count)
        self.tokens = (*SPECIAL, *known)
        self.numbers = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(
        self, sentences: Sequence[Sequence[str]], *, framed: bool = False
    ) -> Int[Tensor, "sentence time"]:
        """Return the numbers of the tokens, a row for each sentence, filled up with 0.

        Args:
            sentences: Each a list of tokens.
            framed: Put START before each sentence and END behind it.

        Raises:
            ValueError: If there is no sentence, or an empty one, or one text where tokens belong.
        """
        if len(sentences) == 0 or isinstance(sentences, str):
            raise ValueError(f"sentences must be one or more lists of tokens, got {sentences!r}")
        for sentence in sentences:
            if len(sentence) == 0 or isinstance(sentence, str):
                raise ValueError(f"a sentence must be one or more tokens, got {sentence!r}")
        rows = [[self.numbers.get(token, UNKNOWN) for token in each] for each in sentences]
        if framed:
            rows = [[START, *row, END] for row in rows]
        longest = max(map(len, rows))
        return torch.tensor([row + [PADDING] * (longest - len(row)) for row in rows])

    def decode(self, numbers: Int[Tensor, " time"]) -> list[str]:
        """Return the tokens of one sentence, up to its END, without START and padding.

        Raises:
            ValueError: If a number stands for no token.
        """
        row = numbers.tolist()
        if wrong := [number for number in row if not 0 <= number < len(self)]:
            raise ValueError(f"numbers must be from 0 to {len(self) - 1}, got {wrong[0]}")
        row = row[: row.index(END)] if END in row else row
        return [self.tokens[number] for number in row if number not in (PADDING, START)]


# --8<-- [end:vocabulary]


def words(text: str) -> list[str]:
    """Return the words of a text, and each punctuation mark by itself."""
    return re.findall(r"\w+|[^\w\s]", text)


def mask(tokens: Int[Tensor, "*batch time"]) -> Bool[Tensor, "*batch time"]:
    """Return which tokens are real: all but the padding."""
    return tokens != PADDING


def mirrored(tokens: Int[Tensor, "*batch time"]) -> Int[Tensor, "*batch time"]:
    """Return for each place the place that its word has when the words are reversed.

    START, END and padding stay where they are.
    """
    is_word = mask(tokens) & (tokens != START) & (tokens != END)
    first = is_word.int().argmax(dim=-1, keepdim=True)
    last = first + is_word.sum(dim=-1, keepdim=True) - 1
    place = torch.arange(tokens.shape[-1])
    return torch.where(is_word, first + last - place, place)


# --8<-- [start:dates]
def date_lists(count: int, *, dates: int, generator: torch.Generator) -> Pairs:
    """Return lists of as many `dates` each, such as "4 May 2020 and 17 June 2024", and in Korean.

    A day is drawn from ten years, each as likely. No list is shorter than another, so none is
    padded. `date_vocabularies` says what the numbers mean.

    Raises:
        ValueError: If `count` or `dates` is not positive.
    """
    if count < 1 or dates < 1:
        raise ValueError(f"count and dates must be positive, got {count} and {dates}")
    days = torch.randint(len(_days()), (count, dates), generator=generator)
    vocabularies, tables = date_vocabularies(), _date_tables()
    source, target = (
        _fill(vocabulary.encode([template])[0], table[days])
        for vocabulary, table, template in zip(vocabularies, tables, _templates(dates), strict=True)
    )
    start, end = torch.full((count, 1), START), torch.full((count, 1), END)
    return Pairs(source, torch.cat([start, target, end], dim=1))


def _fill(
    template: Int[Tensor, " token"], dates: Int[Tensor, "pair date part"]
) -> Int[Tensor, "pair time"]:
    """Put the parts of one date after another where the template has a gap, an unknown token."""
    rows = iter(dates.unbind(dim=1))
    parts = [
        next(rows) if token == UNKNOWN else token.expand(len(dates), 1)
        for token in template.unbind()
    ]
    return torch.cat(parts, dim=1)


def date_batches(
    models: int, *, dates: int, steps: int, batch_size: int = 16, seed: int = 0
) -> Iterator[Pairs]:
    """Yield for each step a batch for each of several models, with the axes (model, pair, time).

    All lists of a step are of one length, of 1 to `dates` dates, so that no batch is padded.

    Raises:
        ValueError: If a number is not positive.
    """
    if min(models, dates, steps, batch_size) < 1:
        numbers = (models, dates, steps, batch_size)
        raise ValueError(f"models, dates, steps, batch_size must be positive, got {numbers}")
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        length = int(torch.randint(1, dates + 1, (), generator=generator))
        pairs = date_lists(models * batch_size, dates=length, generator=generator)
        yield Pairs(*(tokens.view(models, batch_size, -1) for tokens in pairs))


# --8<-- [end:dates]


@cache
def date_vocabularies() -> tuple[Vocabulary, Vocabulary]:
    """Return the words of `date_lists`, English and Korean: days, months, years and what joins."""
    english, korean = _dates_as_words()
    with_two_joints = _templates(3)
    joints = [[token for token in words if token != GAP] for words in with_two_joints]
    return Vocabulary([*english, joints[0]]), Vocabulary([*korean, joints[1]])


LOCALES = ("en_GB", "ko_KR")
GAP = "-"  # where a date belongs in a template


@cache
def _days() -> list[datetime.date]:
    first = datetime.date(FIRST_YEAR, 1, 1).toordinal()
    last = datetime.date(LAST_YEAR, 12, 31).toordinal()
    return [datetime.date.fromordinal(day) for day in range(first, last + 1)]


@cache
def _dates_as_words() -> list[list[list[str]]]:
    return [[words(format_date(day, "long", locale)) for day in _days()] for locale in LOCALES]


@cache
def _templates(dates: int) -> list[list[str]]:
    return [words(format_list([GAP] * dates, locale=locale)) for locale in LOCALES]


@cache
def _date_tables() -> list[Int[Tensor, "day part"]]:
    pairs = zip(date_vocabularies(), _dates_as_words(), strict=True)
    return [vocabulary.encode(dates) for vocabulary, dates in pairs]


# --8<-- [start:phrases]
def load_phrases(*, max_words: int = 5, max_characters: int = 20) -> list[tuple[str, str]]:
    """Return English phrases in lower case and their Korean translations, sorted, each once.

    Left out are phrases with placeholders, digits or code, those whose translation holds no
    Korean, and those longer than the limits. Dots at the end are no part of a phrase.

    Args:
        max_words: Of the English phrase.
        max_characters: Of the Korean one, spaces included.

    Raises:
        ValueError: If a limit is not positive.
    """
    if max_words < 1 or max_characters < 1:
        limits = f"{max_words} and {max_characters}"
        raise ValueError(f"max_words and max_characters must be positive, got {limits}")
    found: dict[str, str] = {}
    for message, translation in _messages():
        english, korean = (text.strip(" .…:") for text in (message, translation))
        plain = re.fullmatch(r"[A-Za-z ,'?!-]+", english)
        hangul = re.fullmatch(r"[A-Za-z가-힣 ,'?!-]*[가-힣][A-Za-z가-힣 ,'?!-]*", korean)
        short = len(words(english)) <= max_words and len(korean) <= max_characters
        if plain and hangul and short:
            found.setdefault(english.lower(), korean)
    return sorted(found.items())


def split_phrases(
    phrases: Sequence[tuple[str, str]], *, test: int, seed: int = 0
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Deal the phrases out to training and test, so that neither language has one in both.

    Phrases with the same translation stay together.

    Args:
        phrases: English and Korean; the English ones differ.
        test: At least how many to hold out.
        seed: Of the shuffle.

    Raises:
        ValueError: If `test` is not positive, or leaves nothing to train on.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for english, korean in phrases:
        groups.setdefault(korean.replace(" ", "").lower(), []).append((english, korean))
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    held_out: list[tuple[str, str]] = []
    while order and len(held_out) < test:
        held_out += order.pop()
    if test < 1 or not order:
        raise ValueError(f"test must be from 1 to less than {len(phrases)}, got {test}")
    return [pair for group in order for pair in group], held_out


# --8<-- [end:phrases]


@cache
def _messages() -> list[tuple[str, str]]:
    """Return every message of the installed package and its translation, in a fixed order."""
    spec = importlib.util.find_spec("jupyterlab_language_pack_ko_KR")
    (folder,) = (spec and spec.submodule_search_locations) or [""]
    messages = []
    for path in sorted((Path(folder) / "locale" / "ko_KR" / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            catalog = vars(gettext.GNUTranslations(file))["_catalog"]
        texts = [(key, text) for key, text in catalog.items() if isinstance(key, str)]
        messages += [(key.rpartition("\x04")[2], text) for key, text in sorted(texts)]
    return messages  # what stands before \x04 says where a message is used
