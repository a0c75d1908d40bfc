"""The paragraphs are real, different and labelled, and the counts count them."""

import pytest
import torch

from dlbasic.data.docstrings import AREAS, load_bag_of_words, load_paragraphs, words_of


@pytest.fixture(scope="module")
def paragraphs_and_labels():
    return load_paragraphs()


@pytest.fixture(scope="module")
def counts_and_targets():
    return load_bag_of_words()


def test_every_area_has_hundreds_of_different_paragraphs(paragraphs_and_labels):
    paragraphs, labels = paragraphs_and_labels
    texts = [tuple(words_of(paragraph)) for paragraph in paragraphs]
    assert len(texts) == len(set(texts)) == len(labels)
    assert min(map(len, texts)) >= 8
    counts = torch.bincount(torch.tensor(labels), minlength=len(AREAS))
    assert counts.min() > 300  # 574 in scikit-learn 1.9
    assert 3000 < counts.sum() < 8000


def test_longer_paragraphs_are_fewer(paragraphs_and_labels):
    assert len(load_paragraphs(min_words=50)[0]) < len(paragraphs_and_labels[0]) / 2


def test_the_counts_are_those_of_the_words(paragraphs_and_labels, counts_and_targets):
    paragraphs, labels = paragraphs_and_labels
    counts, targets = counts_and_targets
    assert targets.argmax(1).tolist() == labels
    assert (targets.sum(1) == 1).all()
    most_frequent = "the"
    expected = [words_of(paragraph).count(most_frequent) for paragraph in paragraphs]
    assert counts[:, 0].tolist() == expected


def test_the_words_are_sorted_from_frequent_to_rare_and_mostly_absent(counts_and_targets):
    counts, _ = counts_and_targets
    present = (counts > 0).sum(0)
    assert (present.diff() <= 0).all()
    assert present[-1] >= 2
    assert (counts > 0).double().mean() < 0.05


def test_fewer_words_are_the_first_columns_of_more(counts_and_targets):
    counts, targets = counts_and_targets
    fewer, same_targets = load_bag_of_words(num_words=3)
    assert torch.equal(fewer, counts[:, :3])
    assert torch.equal(same_targets, targets)


def test_words_are_lower_case_runs_of_letters():
    assert words_of("The `n_samples` x 2D-array, é") == ["the", "samples", "array"]


@pytest.mark.parametrize("min_words", [0, -1])
def test_refuses_paragraphs_without_words(min_words, refuses):
    with refuses(f"min_words must be at least 1, got {min_words}"):
        load_paragraphs(min_words=min_words)


@pytest.mark.parametrize("num_words", [0, -1])
def test_refuses_no_words(num_words, refuses):
    with refuses(f"num_words must be at least 1, got {num_words}"):
        load_bag_of_words(num_words=num_words)


def test_refuses_more_words_than_there_are(refuses):
    with refuses("num_words must be at most "):
        load_bag_of_words(num_words=10**6)
