"""Dates are as Babel writes them, phrases do not leak, tokens become numbers and back."""

import datetime

import pytest
import torch
from babel.dates import format_date
from babel.lists import format_list

from dlbasic.data.phrases import (
    END,
    PADDING,
    SPECIAL,
    START,
    UNKNOWN,
    Vocabulary,
    date_batches,
    date_lists,
    date_vocabularies,
    load_phrases,
    mask,
    mirrored,
    split_phrases,
    words,
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("dates", [1, 2, 3, 5])
def test_every_list_is_what_babel_writes_of_the_same_days(dates):
    english, korean = date_vocabularies()
    pairs = date_lists(50, dates=dates, generator=generator(dates))
    for source, target in zip(*pairs, strict=True):
        left, right = english.decode(source), korean.decode(target)
        parts = [word for word in left if word not in (",", "and")]
        texts = [" ".join(parts[k : k + 3]) for k in range(0, 3 * dates, 3)]
        days = [datetime.datetime.strptime(text, "%d %B %Y").date() for text in texts]
        for locale, tokens in (("en_GB", left), ("ko_KR", right)):
            text = format_list([format_date(d, "long", locale) for d in days], locale=locale)
            assert words(text) == tokens


def test_a_target_is_framed_and_nothing_is_padded_or_unknown():
    pairs = date_lists(200, dates=3, generator=generator())
    assert (pairs.target[:, 0] == START).all()
    assert (pairs.target[:, -1] == END).all()
    assert mask(pairs.source).all()
    assert mask(pairs.target).all()
    assert UNKNOWN not in pairs.source
    assert UNKNOWN not in pairs.target


def test_every_day_month_and_year_occurs():
    english, _ = date_vocabularies()
    assert len(english) == len(SPECIAL) + 31 + 12 + 10 + 2
    seen = date_lists(3000, dates=3, generator=generator()).source.unique()
    assert len(seen) == len(english) - len(SPECIAL)


def test_the_generator_decides():
    one, same, other = (date_lists(9, dates=2, generator=generator(s)).source for s in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_batches_have_one_length_each_and_all_lengths_occur():
    batches = list(date_batches(2, dates=3, steps=40, batch_size=5, seed=1))
    assert len(batches) == 40
    assert {tuple(batch.source.shape) for batch in batches} == {(2, 5, 3), (2, 5, 7), (2, 5, 11)}
    again = list(date_batches(2, dates=3, steps=40, batch_size=5, seed=1))
    assert all(torch.equal(a.target, b.target) for a, b in zip(batches, again, strict=True))


def test_tokens_become_numbers_and_back():
    vocabulary = Vocabulary([["b", "a"], ["a", "c"]], min_count=2)
    assert vocabulary.tokens == (*SPECIAL, "a")
    rows = vocabulary.encode([["a", "b"], ["a"]], framed=True)
    assert rows.tolist() == [[START, 4, UNKNOWN, END], [START, 4, END, PADDING]]
    assert vocabulary.decode(rows[0]) == ["a", "<unknown>"]
    assert vocabulary.decode(torch.tensor([4, END, 4])) == ["a"]
    assert mask(rows).sum(1).tolist() == [4, 3]


def test_words_are_split_from_punctuation():
    assert words("4 May 2020, and 1월") == ["4", "May", "2020", ",", "and", "1월"]


def test_mirrored_places():
    tokens = torch.tensor([[START, 5, 6, 7, END, PADDING], [5, 6, PADDING, 0, 0, 0]])
    assert mirrored(tokens).tolist() == [[0, 3, 2, 1, 4, 5], [1, 0, 2, 3, 4, 5]]


class TestPhrases:
    phrases = load_phrases()

    def test_there_are_more_than_a_thousand_and_each_is_short_and_korean(self):
        assert 1000 < len(self.phrases) < 3000  # 1,423 in version 4.5
        for english, korean in self.phrases:
            assert english == english.lower()
            assert len(words(english)) <= 5
            assert len(korean) <= 20
            assert any("가" <= syllable <= "힣" for syllable in korean)
            assert not set("%{}<>&\n\x04") & set(english + korean)

    def test_each_stands_there_once_and_some_are_known_by_heart(self):
        assert len({english for english, _ in self.phrases}) == len(self.phrases)
        assert dict(self.phrases)["settings"] == "설정"

    def test_looser_limits_let_more_in(self):
        assert len(load_phrases(max_words=1)) < len(self.phrases)
        assert len(load_phrases(max_characters=8)) < len(self.phrases)
        assert len(load_phrases(max_words=50, max_characters=200)) > len(self.phrases)

    @pytest.mark.parametrize("seed", [0, 1])
    def test_neither_language_has_a_phrase_in_both_parts(self, seed):
        train, test = split_phrases(self.phrases, test=150, seed=seed)
        assert sorted(train + test) == self.phrases
        assert 150 <= len(test) < 170
        assert not {english for english, _ in train} & {english for english, _ in test}
        assert not {korean for _, korean in train} & {korean for _, korean in test}

    def test_the_seed_decides_the_split(self):
        one, same, other = (split_phrases(self.phrases, test=99, seed=s)[1] for s in (1, 1, 2))
        assert one == same
        assert one != other


class TestRefuses:
    def test_numbers_that_are_not_positive(self, refuses):
        with refuses("count and dates must be positive, got 0 and 2"):
            date_lists(0, dates=2, generator=generator())
        with refuses("models, dates, steps, batch_size must be positive, got (1, 0, 1, 16)"):
            next(date_batches(1, dates=0, steps=1))
        with refuses("max_words and max_characters must be positive, got 0 and 20"):
            load_phrases(max_words=0)
        with refuses("min_count must be at least 1, got 0"):
            Vocabulary([["a"]], min_count=0)

    @pytest.mark.parametrize("test", [0, -1, 2])
    def test_splits_that_leave_nothing(self, test, refuses):
        with refuses(f"test must be from 1 to less than 2, got {test}"):
            split_phrases([("a", "가"), ("b", "나")], test=test)

    @pytest.mark.parametrize("sentences", [[], "ab"])
    def test_no_sentences(self, sentences, refuses):
        with refuses("sentences must be one or more lists of tokens, got "):
            Vocabulary([["a"]]).encode(sentences)

    @pytest.mark.parametrize("sentence", [[], "ab"])
    def test_an_empty_sentence_or_a_text(self, sentence, refuses):
        with refuses("a sentence must be one or more tokens, got "):
            Vocabulary([["a"]]).encode([sentence])

    def test_numbers_of_no_token(self, refuses):
        with refuses("numbers must be from 0 to 4, got 9"):
            Vocabulary([["a"]]).decode(torch.tensor([4, 9]))
