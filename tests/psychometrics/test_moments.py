"""Moments against R, against naive loops, and against themselves in pieces."""

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from analytics.psychometrics import (
    Item,
    MissingRule,
    NotDefined,
    ResponseMatrix,
    Sums,
    TooFewData,
    moments,
)

from .cases import SCALES, bfi, hs_moments, likert, matrix, reference

RULES = get_args(MissingRule)


@pytest.mark.parametrize(
    ("rule", "block"), [("pairwise", "bfi_pairwise"), ("listwise", "bfi_complete")]
)
def test_correlations_equal_those_of_r(rule: MissingRule, block: str) -> None:
    ours = moments(bfi(), missing=rule).correlation
    # both are double precision sums of 2,800 products
    theirs = matrix(reference("factorability")[block]["R"])
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)


def test_correlations_of_real_numbers_equal_those_of_r() -> None:
    theirs = matrix(reference("factorability")["hs9"]["R"])
    np.testing.assert_allclose(hs_moments().correlation, theirs, rtol=0, atol=1e-13)


def test_pairwise_moments_equal_a_naive_loop(rng: np.random.Generator) -> None:
    data = likert(rng, 300, 4, holes=0.2)
    m = moments(data, missing="pairwise")
    x = data.values()
    np.testing.assert_allclose(m.mean, np.nanmean(x, axis=0), rtol=1e-14)
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
            pair = np.cov(x[both, i], x[both, j])
            assert m.covariance[i, j] == pytest.approx(pair[0, 1], rel=1e-12)
            r = pair[0, 1] / np.sqrt(pair[0, 0] * pair[1, 1])
            assert m.correlation[i, j] == pytest.approx(r, rel=1e-12)
            assert m.pair_n[i, j] == both.sum()
    assert m.n == m.pair_n.min()


def test_listwise_uses_the_complete_rows_only(rng: np.random.Generator) -> None:
    data = likert(rng, 300, 4, holes=0.2)
    complete = data.complete_rows()
    m = moments(data, missing="listwise")
    assert m.n == complete.n < 300
    expected = np.cov(complete.values(), rowvar=False)
    np.testing.assert_allclose(m.covariance, expected, rtol=1e-12)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("holes", [0.0, 0.2])
def test_chunks_add_up_to_the_last_bit(
    rng: np.random.Generator, rule: MissingRule, holes: float
) -> None:
    data = likert(rng, 1000, 5, holes=holes)
    cuts = [0, 1, 333, 334, 1000]
    parts = [
        Sums.of(ResponseMatrix(data.codes[a:b], data.items), missing=rule)
        for a, b in pairwise(cuts)
    ]
    together = parts[0] + parts[1] + parts[2] + parts[3]
    whole = moments(data, missing=rule)
    np.testing.assert_array_equal(together.moments().covariance, whole.covariance)
    np.testing.assert_array_equal(together.moments().correlation, whole.correlation)
    np.testing.assert_array_equal(together.moments().mean, whole.mean)


def test_long_scales_are_summed_exactly(rng: np.random.Generator) -> None:
    items = tuple(Item(f"q{j}", 0, 126) for j in range(3))
    codes = rng.integers(-1, 127, size=(20_000, 3)).astype(np.int8)
    sums = Sums.of(ResponseMatrix(codes, items), missing="pairwise")
    x = np.where(codes < 0, 0, codes).astype(np.int64)
    present = (codes >= 0).astype(np.int64)
    np.testing.assert_array_equal(sums.product, x.T @ x)
    np.testing.assert_array_equal(sums.square, (x**2).T @ present)
    np.testing.assert_array_equal(sums.total, x.T @ present)


@pytest.mark.parametrize("rule", RULES)
def test_people_and_items_may_come_in_any_order(
    rng: np.random.Generator, rule: MissingRule
) -> None:
    data = likert(rng, 200, 5, holes=0.1)
    order = ["t3", "t1", "t5", "t2", "t4"]
    shuffled = ResponseMatrix(rng.permutation(data.codes), data.items).select(order)
    expected = moments(data, missing=rule).select(order)
    found = moments(shuffled, missing=rule)
    np.testing.assert_array_equal(found.covariance, expected.covariance)
    np.testing.assert_array_equal(found.correlation, expected.correlation)
    assert found.n == expected.n


def test_a_constant_added_moves_only_the_mean(rng: np.random.Generator) -> None:
    x = rng.standard_normal((50, 3))
    names = ["a", "b", "c"]
    plain = moments(x, names, missing="listwise")
    moved = moments(x + 1e6, names, missing="listwise")
    np.testing.assert_allclose(moved.mean, plain.mean + 1e6, rtol=1e-15)
    np.testing.assert_allclose(moved.covariance, plain.covariance, atol=1e-8)


def test_pairwise_n_of_a_selection_is_its_own(rng: np.random.Generator) -> None:
    x = rng.standard_normal((40, 3))
    x[:10, 0] = np.nan
    m = moments(x, ["a", "b", "c"], missing="pairwise")
    assert (m.n, m.select(["b", "c"]).n) == (30, 40)
    assert moments(x, ["a", "b", "c"], missing="listwise").select(["b", "c"]).n == 30


def test_a_constant_item_is_listed_and_named_when_needed(
    rng: np.random.Generator,
) -> None:
    x = rng.standard_normal((40, 3))
    x[:, 1] = 0.1  # not a binary fraction: its variance is rounding noise
    m = moments(x, ["a", "b", "c"], missing="pairwise")
    assert m.constant == ("b",)
    with pytest.raises(NotDefined, match="answered b gave the same answer"):
        m.require("alpha", items=2)
    assert m.select(["a", "c"]).constant == ()


def test_two_items_that_nobody_answered_together_are_named(
    rng: np.random.Generator,
) -> None:
    x = rng.standard_normal((40, 3))
    x[:20, 0] = np.nan
    x[20:, 2] = np.nan
    m = moments(x, ["a", "b", "c"], missing="pairwise")
    assert np.isnan(m.covariance[0, 2])
    with pytest.raises(TooFewData, match="both a and c"):
        m.require("alpha", items=2)


def test_an_item_that_is_constant_where_it_meets_another_is_named(
    rng: np.random.Generator,
) -> None:
    x = rng.standard_normal((40, 3))
    x[:20, 0] = np.nan
    x[20:, 2] = 1.0
    m = moments(x, ["a", "b", "c"], missing="pairwise")
    assert m.constant == ()
    with pytest.raises(NotDefined):
        m.require("alpha", items=2)


@pytest.mark.parametrize("rule", RULES)
def test_one_respondent_has_a_mean_and_no_variance(rule: MissingRule) -> None:
    data = likert(np.random.default_rng(1), 1, 3)
    m = moments(data, missing=rule)
    np.testing.assert_array_equal(m.mean, data.values()[0])
    assert np.isnan(m.covariance).all()
    with pytest.raises(TooFewData, match="there are 1"):
        m.require("alpha", items=2)


@pytest.mark.parametrize("rule", RULES)
def test_nobody_answering_is_a_sentence_not_a_warning(rule: MissingRule) -> None:
    items = (Item("a", 1, 5), Item("b", 1, 5))
    m = moments(ResponseMatrix(np.full((9, 2), -1), items), missing=rule)
    assert m.n == 0
    assert np.isnan(m.mean).all()
    with pytest.raises(TooFewData):
        m.require("alpha", items=2)


def test_a_category_that_nobody_chose_changes_nothing(rng: np.random.Generator) -> None:
    data = likert(rng, 100, 3)
    wider = ResponseMatrix(data.codes, tuple(Item(i.code, 1, 9) for i in data.items))
    np.testing.assert_array_equal(
        moments(wider, missing="listwise").covariance,
        moments(data, missing="listwise").covariance,
    )


def test_plain_numbers_and_coded_answers_agree() -> None:
    coded = moments(bfi(), missing="pairwise")
    plain = moments(bfi().values(), bfi().item_codes, missing="pairwise")
    np.testing.assert_allclose(plain.covariance, coded.covariance, atol=1e-12)
    np.testing.assert_allclose(plain.mean, coded.mean, rtol=1e-14)


def test_sums_of_different_things_cannot_be_added(rng: np.random.Generator) -> None:
    data = likert(rng, 20, 3)
    sums = Sums.of(data, missing="pairwise")
    with pytest.raises(ValueError, match="same items and rule"):
        sums + Sums.of(data, missing="listwise")
    with pytest.raises(ValueError, match="same items and rule"):
        sums + Sums.of(data.select(["t1", "t2"]), missing="pairwise")
    moved = ResponseMatrix(data.codes, tuple(Item(i.code, 0, 4) for i in data.items))
    with pytest.raises(ValueError, match="same origin"):
        sums + Sums.of(moved, missing="pairwise")


def test_a_plain_array_needs_names(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="names"):
        moments(rng.standard_normal((5, 2)), missing="listwise")
    with pytest.raises(ValueError, match="must be"):
        moments(rng.standard_normal((5, 2)), ["a"], missing="listwise")


def test_moments_are_read_only() -> None:
    m = moments(bfi(), missing="pairwise").select(SCALES["A"])
    with pytest.raises(ValueError, match="read-only"):
        m.covariance[0, 0] = 1
