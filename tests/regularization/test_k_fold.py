"""Splits equal to scikit-learn's to the index, and folds that share nothing."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold

from dlbasic.regularization.k_fold import Fold, cross_validate, k_fold, stratified_k_fold


def assert_equal(ours, theirs):
    pairs = list(zip(ours, theirs, strict=True))
    assert pairs
    for fold, (train, held_out) in pairs:
        assert fold.train.tolist() == train.tolist()
        assert fold.held_out.tolist() == held_out.tolist()


@given(count=st.integers(2, 60), data=st.data(), seed=st.integers(0, 99))
def test_equals_scikit_learn(count, data, seed):
    folds = data.draw(st.integers(2, count))
    nothing = np.zeros(count)
    assert_equal(k_fold(torch.arange(count), folds=folds), KFold(folds).split(nothing))
    order = np.random.RandomState(seed).permutation(count)  # how scikit-learn shuffles
    theirs = KFold(folds, shuffle=True, random_state=seed).split(nothing)
    assert_equal(k_fold(torch.tensor(order), folds=folds), theirs)


def sklearns_order(labels, seed):
    """The order that scikit-learn's shuffle amounts to: it shuffles each class by itself."""
    random, order = np.random.RandomState(seed), []
    for label in dict.fromkeys(labels.tolist()):
        members = np.flatnonzero(labels == label)
        places = random.permutation(len(members))  # member i takes the place places[i]
        order.extend(members[np.argsort(places)])
    return torch.tensor(np.array(order))


@given(
    names=st.lists(st.integers(0, 5), min_size=1, max_size=5, unique=True),
    folds=st.integers(2, 6),
    data=st.data(),
    seed=st.integers(0, 99),
)
def test_stratified_equals_scikit_learn(names, folds, data, seed):
    counts = [data.draw(st.integers(folds, folds + 9)) for _ in names]
    labels = np.random.RandomState(seed).permutation(np.repeat(names, counts))
    nothing = np.zeros(len(labels))
    theirs = StratifiedKFold(folds).split(nothing, labels)
    ours = stratified_k_fold(torch.tensor(labels), torch.arange(len(labels)), folds=folds)
    assert_equal(ours, theirs)
    theirs = StratifiedKFold(folds, shuffle=True, random_state=seed).split(nothing, labels)
    ours = stratified_k_fold(torch.tensor(labels), sklearns_order(labels, seed), folds=folds)
    assert_equal(ours, theirs)


@given(count=st.integers(4, 40), folds=st.integers(2, 4), seed=st.integers(0, 99))
def test_each_example_is_held_out_once_and_trained_on_by_all_others(count, folds, seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(count, generator=generator)
    parts = k_fold(order, folds=folds)
    assert torch.cat([fold.held_out for fold in parts]).sort().values.tolist() == [*range(count)]
    sizes = [len(fold.held_out) for fold in parts]
    assert max(sizes) - min(sizes) <= 1
    for fold in parts:
        assert sorted(fold.train.tolist() + fold.held_out.tolist()) == [*range(count)]


def test_the_order_decides_and_stratified_parts_hold_every_class():
    order = torch.randperm(40, generator=torch.Generator().manual_seed(0))
    assert k_fold(order, folds=4)[0].held_out.tolist() == sorted(order[:10].tolist())
    labels = torch.tensor([7] * 30 + [3] * 10)
    for fold in stratified_k_fold(labels, order, folds=5):
        assert (labels[fold.held_out] == 3).sum() == 2
        assert len(fold.held_out) == 8
    plain = stratified_k_fold(labels, torch.arange(40), folds=5)
    shuffled = stratified_k_fold(labels, order, folds=5)
    assert plain[0].held_out.tolist() != shuffled[0].held_out.tolist()


def test_cross_validate_hands_out_each_fold():
    inputs = torch.arange(6.0)[:, None]
    targets = 10 * torch.arange(6)
    seen = []

    def measure(*data):
        seen.append([part.flatten().tolist() for part in data])
        return data[2].sum().item()

    results = cross_validate(measure, inputs, targets, k_fold(torch.arange(6), folds=3))
    assert results.dtype == torch.float64
    assert results.tolist() == [1, 5, 9]
    assert seen[0] == [[2, 3, 4, 5], [20, 30, 40, 50], [0, 1], [0, 10]]


def test_what_is_wrong_is_refused(refuses):
    order = torch.arange(6)
    labels = torch.tensor([0, 0, 0, 1, 1, 1])
    wrong_folds: list[Any] = [1, 0, -1, 7, 2.0, None]
    for folds in wrong_folds:
        with refuses("folds must be an integer from 2 to the number of examples, 6, got"):
            k_fold(order, folds=folds)
    for folds in (1, 4):
        with refuses("folds must be an integer from 2 to the size of the rarest class, 3"):
            stratified_k_fold(labels, order, folds=folds)
    orders: list[tuple[Any, str]] = [
        (torch.tensor([0, 1, 1]), "order must hold each index once, got 1 of them missing"),
        (torch.tensor([0, 3, 1]), "order must be from 0 to 2"),
        (torch.tensor([0.0, 1.0]), "order must be a tensor of int64"),
        (torch.arange(6).view(2, 3), "order must be (example)"),
        (torch.arange(0), "order must be (example) and not empty"),
        ([0, 1, 2], "order must be a tensor of int64, got list"),
    ]
    for wrong, words in orders:
        with refuses(words):
            k_fold(wrong, folds=2)
        with refuses(words):
            stratified_k_fold(labels, wrong, folds=2)
    with refuses("labels must be as many as order, 6, got 5"):
        stratified_k_fold(labels[:5], order, folds=2)
    with refuses("labels must be a tensor of int64"):
        stratified_k_fold(labels.double(), order, folds=2)
    with refuses("labels must be from 0"):
        stratified_k_fold(labels - 1, order, folds=2)


def test_a_fold_that_leaks_is_refused(refuses):
    inputs = torch.zeros(6, 2)
    index = torch.arange
    for fold, words in (
        (Fold(index(4), index(3, 6)), "train and held_out must share no example, got 1"),
        (Fold(index(4), index(4, 7)), "held_out must be from 0 to 5"),
        (Fold(index(7), index(1)), "train must be from 0 to 5"),
        (Fold(index(0), index(1)), "train must be (example) and not empty"),
    ):
        with refuses(words):
            cross_validate(lambda *_: 0.0, inputs, inputs, [fold])
    with refuses("targets must be as many as inputs, 6, got 5"):
        cross_validate(lambda *_: 0.0, inputs, inputs[:5], k_fold(index(6), folds=2))
    with refuses("folds must be one or more"):
        cross_validate(lambda *_: 0.0, inputs, inputs, [])


@pytest.mark.parametrize("folds", [2, 3])
def test_the_number_of_folds_is_the_number_asked_for(folds):
    assert len(k_fold(torch.arange(7), folds=folds)) == folds
