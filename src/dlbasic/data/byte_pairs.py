"""Text as numbers: byte-pair encoding, as GPT-2 has it.

Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units",
ACL 2016, algorithm 1; Radford et al., "Language Models are Unsupervised Multitask Learners", 2019,
sec. 2.2, for bytes in place of characters, and for pieces that no merge may cross.

Departs: a digit or letter is what Python's re counts as one, which differs for signs such as ½.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from dlbasic.checks import require

# --8<-- [start:pieces]
PIECE = re.compile(r"'(?:[stmd]|re|ve|ll)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")
PRINTED = {*range(33, 127), *range(161, 173), *range(174, 256)}
BYTES = sorted(range(256), key=lambda byte: byte not in PRINTED)  # GPT-2 counts these first
TOKEN = {byte: token for token, byte in enumerate(BYTES)}


def pieces(text: str) -> list[str]:
    """Cut a text into words, numbers, signs and spaces; a space goes with the word behind it."""
    return PIECE.findall(text)


# --8<-- [end:pieces]
# --8<-- [start:learn]
def learn(text: str, *, merges: int) -> list[tuple[int, int]]:
    """Join the most frequent pair of neighbours into a token, again and again (algorithm 1).

    The first 256 tokens are bytes, the next are the pairs in the order in which they were found.
    Of two pairs that are as frequent, the one with the lower tokens comes first.

    Raises:
        ValueError: If `merges` is negative, or the text has no pair left to join.
    """
    require(merges >= 0, "merges", "0 or more", merges)
    frequency = Counter(pieces(text))
    words, times = [_bytes(piece) for piece in frequency], list(frequency.values())
    counts: Counter[tuple[int, int]] = Counter()
    places = defaultdict(set)  # the words that have a pair, or had it

    def count(k: int, times: int) -> None:
        for pair in pairwise(words[k]):
            counts[pair] += times
            places[pair].add(k)

    for k in range(len(words)):
        count(k, times[k])
    learned: list[tuple[int, int]] = []
    while len(learned) < merges:
        most = max(counts.values(), default=0)
        require(most > 0, "merges", f"at most {len(learned)}, all that the text has", merges)
        best = min(pair for pair, number in counts.items() if number == most)
        for k in places.pop(best):
            count(k, -times[k])
            words[k] = _joined(words[k], best, 256 + len(learned))
            count(k, times[k])
        learned.append(best)
    return learned


# --8<-- [end:learn]
# --8<-- [start:encode]
class BytePairs:
    """Tokens for texts, and texts for tokens.

    Raises:
        ValueError: If a pair joins a token that is not there yet, or one pair comes twice.
    """

    def __init__(self, merges: Sequence[tuple[int, int]]) -> None:
        self.vocabulary = [bytes([byte]) for byte in BYTES]
        for left, right in merges:
            known = 0 <= left < len(self) and 0 <= right < len(self)
            require(known, "a pair", f"of tokens below {len(self)}", (left, right))
            self.vocabulary.append(self.vocabulary[left] + self.vocabulary[right])
        self.merges = {pair: 256 + k for k, pair in enumerate(merges)}
        require(len(self.merges) == len(merges), "merges", "all different", list(merges))
        self._tokens: dict[str, list[int]] = {}  # of the pieces that were met before

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """Start each piece as bytes, and join its pairs, the one that was learned first first."""
        tokens = []
        for piece in pieces(text):
            if piece not in self._tokens:
                word = _bytes(piece)
                while pairs := self.merges.keys() & set(pairwise(word)):
                    first = min(pairs, key=self.merges.__getitem__)
                    word = _joined(word, first, self.merges[first])
                self._tokens[piece] = word
            tokens += self._tokens[piece]
        return tokens

    def decode(self, tokens: Iterable[int]) -> str:
        """Return the text; bytes that make no whole character are shown as a replacement sign.

        Raises:
            ValueError: If a token is not in the vocabulary.
        """
        wanted = list(tokens)
        fits = all(0 <= token < len(self) for token in wanted)
        require(fits, "tokens", f"from 0 to {len(self) - 1}", wanted)
        return b"".join(self.vocabulary[token] for token in wanted).decode(errors="replace")


# --8<-- [end:encode]


def _bytes(piece: str) -> list[int]:
    return [TOKEN[byte] for byte in piece.encode()]


def _joined(word: list[int], pair: tuple[int, int], token: int) -> list[int]:
    joined, k = [], 0
    while k < len(word):
        here = tuple(word[k : k + 2]) == pair
        joined.append(token if here else word[k])
        k += 2 if here else 1
    return joined
