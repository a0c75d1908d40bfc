"""The merges and the tokens are those of the tokenizers library, and every text comes back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from dlbasic.data.byte_pairs import BYTES, BytePairs, learn, pieces
from dlbasic.data.standard_library import load_documents

TEXTS = {
    "documentation": "\n\n".join(load_documents()[::20]),
    "other scripts": "Ein Mädchen, 소녀가 웃는다. 漢字 naïve café: 12,345.67 €! " * 3 + "소녀 소년",
    "signs": "__init__(self, *args) -> None:  # don't!\n\n\tx_1 = [1, 22, 333]   \n  end ",
    "equal counts": "ab cd ef gh ab cd ef gh ",
}


def library(text, merges):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=256 + merges, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


@pytest.mark.parametrize(
    ("name", "merges"), [(name, 20 if name == "equal counts" else 300) for name in TEXTS]
)
def test_the_merges_and_the_tokens_are_those_of_the_library(name, merges):
    tokenizer = library(TEXTS[name], merges)
    model = json.loads(tokenizer.to_str())["model"]
    expected = [tuple(model["vocab"][part] for part in pair) for pair in model["merges"]]
    learned = learn(TEXTS[name], merges=len(expected))
    assert learned == expected
    assert len(learned) > 5
    for text in TEXTS.values():
        assert BytePairs(learned).encode(text) == tokenizer.encode(text).ids


def test_the_bytes_come_in_the_order_of_gpt_2():
    assert sorted(BYTES) == list(range(256))
    tokenizer = library("a b", 0)
    assert [tokenizer.id_to_token(k) for k in (0, 64, 93)] == ["!", "a", "~"]
    assert [chr(BYTES[k]) for k in (0, 64, 93)] == ["!", "a", "~"]


@given(st.text(max_size=60))
def test_every_text_comes_back(text):
    pairs = BytePairs(learn(TEXTS["signs"], merges=15))
    assert "".join(pieces(text)) == text
    assert pairs.decode(pairs.encode(text)) == text


@given(st.text(alphabet="abc '1_\n", max_size=40))
def test_pieces_are_those_of_the_library(text):
    cut = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str(text)
    assert pieces(text) == [text[slice(*span)] for _, span in cut]


def test_a_pair_that_overlaps_itself():
    pairs = BytePairs(learn("aaaa aaaa", merges=2))
    a = pairs.encode("a")[0]
    assert list(pairs.merges) == [(a, a), (256, 256)]
    assert pairs.encode("aaaaa") == [257, a]


def test_merges_shorten_a_text():
    text = TEXTS["documentation"]
    lengths = [len(BytePairs(learn(text, merges=count)).encode(text)) for count in (0, 50, 200)]
    assert lengths[0] == len(text.encode())
    assert lengths[2] < lengths[1] < 0.8 * lengths[0]


def test_a_broken_character_is_shown_as_one():
    pairs = BytePairs([])
    assert pairs.decode(pairs.encode("é")[:1]) == "�"
    assert len(pairs) == 256


class TestRefuses:
    def test_merges(self, refuses):
        with refuses("merges must be 0 or more, got -1"):
            learn("abc", merges=-1)
        with refuses("merges must be at most 1, all that the text has, got 5"):
            learn("ab", merges=5)

    def test_pairs(self, refuses):
        with refuses("a pair must be of tokens below 256, got (1, 256)"):
            BytePairs([(1, 256)])
        with refuses("merges must be all different"):
            BytePairs([(1, 2), (1, 2)])

    def test_tokens(self, refuses):
        for tokens in ([256], [-1]):
            with refuses("tokens must be from 0 to 255, got ["):
                BytePairs([]).decode(tokens)
