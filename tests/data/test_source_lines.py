"""Lines are code without comments, pairs differ in one bracket, and no bracket alone tells."""

from collections import Counter

import pytest

from dlbasic.data.source_lines import (
    CLOSES,
    bracket_pairs,
    deal,
    load_lines,
    longest_bracket,
    tokens_of,
)


@pytest.fixture(scope="module")
def lines():
    return load_lines(shortest=4, longest=8)


def balanced(line):
    opened = []
    for token in line:
        if token in CLOSES:
            opened.append(CLOSES[token])
        elif token in CLOSES.values() and (not opened or opened.pop() != token):
            return False
    return not opened


class TestLines:
    def test_tokens(self):
        assert tokens_of("  x[0] = f('a b', y)  # so") == (*"x[0]=f(", '""', *",y)")
        assert tokens_of("# only a comment") == ()

    def test_there_are_many_and_none_twice(self, lines):
        assert len(lines) > 20_000
        assert len(set(lines)) == len(lines)
        assert {len(line) for line in lines} == {4, 5, 6, 7, 8}
        assert all("#" not in line and all(line) for line in lines)

    def test_the_order_is_shuffled_and_always_the_same(self, lines):
        assert lines == load_lines(shortest=4, longest=8)
        assert lines[:100] != sorted(lines[:100])

    def test_refusals(self, refuses):
        with refuses("lengths must be 1 <= shortest <= longest, got 3 and 2"):
            load_lines(shortest=3, longest=2)
        with refuses("lengths must be 1 <= shortest <= longest, got 0 and 2"):
            load_lines(shortest=0, longest=2)


class TestBrackets:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("f ( a , b )", (1, 5)),
            ("f ( a )", None),
            ("x [ f ( a ) ]", (1, 6)),
            ("f ( a , [ b )", None),
            ("f ( a , b", None),
            ("a , b )", None),
            ("{ a , b }", None),
        ],
    )
    def test_the_longest(self, line, expected):
        assert longest_bracket(tuple(line.split())) == expected

    def test_the_right_line_is_balanced_and_the_wrong_one_is_not(self, lines):
        pairs = bracket_pairs(lines)
        assert len(pairs) > 1000
        for right, wrong in pairs:
            assert balanced(right)
            assert not balanced(wrong)
            (changed,) = [k for k in range(len(right)) if right[k] != wrong[k]]
            assert {right[changed], wrong[changed]} == {")", "]"}

    def test_half_of_them_are_round(self, lines):
        pairs = bracket_pairs(lines)
        kinds = [right[(longest_bracket(right) or (0, 0))[1]] for right, _ in pairs]
        assert Counter(kinds)[")"] == Counter(kinds)["]"]


class TestDeal:
    def test_one_line_of_each_pair_with_its_label(self, lines):
        pairs = bracket_pairs(lines)
        dealt, labels = deal(pairs, seed=0)
        assert [balanced(line) for line in dealt] == [label == 0 for label in labels]
        assert 0.45 < sum(labels) / len(labels) < 0.55
        assert all(line in pair for line, pair in zip(dealt, pairs, strict=True))

    def test_some_of_them_without_repetition(self, lines):
        pairs = bracket_pairs(lines)[:30]
        dealt, labels = deal(pairs, count=30, seed=0)
        chosen = [k for line in dealt for k, pair in enumerate(pairs) if line in pair]
        assert sorted(chosen) == list(range(30)) != chosen
        assert deal(pairs, count=5, seed=0) == deal(pairs, count=5, seed=0)
        assert deal(pairs, count=5, seed=0) != deal(pairs, count=5, seed=1)
        assert len(labels) == 30

    @pytest.mark.parametrize("count", [0, 10])
    def test_refusals(self, lines, count, refuses):
        with refuses(f"count must be from 1 to 9, got {count}"):
            deal(bracket_pairs(lines)[:9], count=count, seed=0)
