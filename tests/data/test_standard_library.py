"""There is text, it counts once, and counting is a model whose probabilities sum to one."""

import math

import pytest

from dlbasic.data.standard_library import bits_by_counting, load_documents


def test_there_is_about_a_megabyte_of_prose():
    documents = load_documents()
    text = "\n\n".join(documents)
    assert 100 < len(documents) < 300
    assert 500_000 < len(text) < 2_000_000
    assert sum(character.isalpha() or character == " " for character in text) > 0.7 * len(text)
    assert "The class used to create random numbers" not in "".join(documents[:3])
    assert documents == load_documents()


def test_a_paragraph_counts_once():
    paragraphs = [part for document in load_documents() for part in document.split("\n\n")]
    assert len(set(paragraphs)) == len(paragraphs)
    assert all(part.strip() for part in paragraphs)


class TestCounting:
    def test_by_hand(self):
        none, one = bits_by_counting(b"aab", b"ab", order=2)
        rest = 2 * 0.75 / 3 / 256  # of the two kinds of byte that were counted
        a, b = (2 - 0.75) / 3 + rest, (1 - 0.75) / 3 + rest
        assert none == pytest.approx(-math.log2(a) - math.log2(b), abs=1e-12)
        after_a = (1 - 0.75) / 2 + 2 * 0.75 / 2 * b  # a, then a or b, once each
        assert one == pytest.approx(-math.log2(a) - math.log2(after_a), abs=1e-12)

    @pytest.mark.parametrize("order", [1, 2, 3])
    def test_the_probabilities_of_all_bytes_sum_to_one(self, order):
        text, before = b"abracadabra abracadabra", b"abr"
        sunk = bits_by_counting(text, before, order=order)[-1]
        bits = [
            bits_by_counting(text, before + bytes([byte]), order=order)[-1] - sunk
            for byte in range(256)
        ]
        assert sum(2**-bit for bit in bits) == pytest.approx(1, abs=1e-9)

    def test_a_longer_memory_helps_where_the_text_repeats(self):
        bits = bits_by_counting(b"the cat sat on the mat. " * 20, b"on the mat. the cat", order=4)
        assert bits == sorted(bits, reverse=True)
        assert bits[3] < 0.5 * bits[0]

    def test_a_byte_never_seen_costs_much_and_not_everything(self):
        assert 8 < bits_by_counting(b"aaaa", b"b", order=3)[-1] < 12

    def test_refuses(self, refuses):
        with refuses("texts must be not empty, got (0, 1)"):
            bits_by_counting(b"", b"a", order=1)
        with refuses("texts must be not empty, got (1, 0)"):
            bits_by_counting(b"a", b"", order=1)
        with refuses("order must be positive, got 0"):
            bits_by_counting(b"a", b"a", order=0)
