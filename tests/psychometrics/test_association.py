"""Scores and correlations against R, SciPy and their definitions."""

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import (
    Item,
    Matrix,
    NotDefined,
    ResponseMatrix,
    TooFewData,
    correlate,
    cronbach_alpha,
    disattenuate,
    kendall,
    mean_interval,
    moments,
    scale_scores,
)

from .cases import SCALES, bfi, likert, matrix, reference


def test_scores_are_means_of_the_answered_items_from_half_on() -> None:
    items = [Item("a", 1, 5), Item("b", 1, 5, reverse=True), Item("c", 1, 5)]
    raw = np.array([[1, 1, 2], [4, 4, -1], [-1, 3, -1], [-1, -1, -1]])
    data = ResponseMatrix.from_raw(raw, items)
    half = scale_scores(data, ["a", "b", "c"])
    np.testing.assert_allclose(half, [8 / 3, 3, np.nan, np.nan])
    every = scale_scores(data, ["a", "b", "c"], min_share=1)
    np.testing.assert_allclose(every, [8 / 3, np.nan, np.nan, np.nan])
    some = scale_scores(data, ["a", "b", "c"], min_share=0)
    np.testing.assert_allclose(some, [8 / 3, 3, 3, np.nan])


def test_a_score_needs_items_and_a_share(rng: np.random.Generator) -> None:
    data = likert(rng, 5, 2)
    with pytest.raises(ValueError, match="min_share"):
        scale_scores(data, ["t1"], min_share=2)
    with pytest.raises(TooFewData, match="there are 0"):
        scale_scores(data, [])


def bfi_scores() -> dict[str, Matrix]:
    complete = bfi().complete_rows()
    return {scale: scale_scores(complete, items) for scale, items in SCALES.items()}


def test_correlations_of_scores_equal_psych_raw_and_disattenuated() -> None:
    stored = reference("disattenuated_bfi")
    raw, corrected = matrix(stored["cor_raw"]), matrix(stored["corrected"])
    scores = bfi_scores()
    m = moments(bfi(), missing="listwise")
    alpha = {
        scale: cronbach_alpha(m.select(items)).raw.estimate
        for scale, items in SCALES.items()
    }
    names = list(SCALES)
    for i, a in enumerate(names):
        for j, b in enumerate(names[i + 1 :], start=i + 1):
            r = correlate(scores[a], scores[b]).r
            assert r == pytest.approx(raw[i, j], rel=0, abs=1e-12)
            found = disattenuate(r, alpha[a], alpha[b]).estimate
            # psych writes the corrected ones above the diagonal
            assert found == pytest.approx(corrected[i, j], rel=0, abs=1e-12)


def test_spearman_equals_r() -> None:
    stored = matrix(reference("kendall_alpha_misc")["spearman"])
    x = bfi().complete_rows().select(SCALES["A"]).values()
    for i in range(5):
        for j in range(5):
            found = correlate(x[:, i], x[:, j]).spearman
            assert found == pytest.approx(stored[i, j], rel=0, abs=1e-12)


@pytest.mark.parametrize("n", [4, 10, 500])
def test_r_p_and_interval_equal_scipy(rng: np.random.Generator, n: int) -> None:
    x, y = rng.standard_normal((2, n))
    y += 0.4 * x
    found = correlate(x, y, confidence=0.9)
    theirs = stats.pearsonr(x, y)
    assert found.r == pytest.approx(theirs.statistic, rel=1e-12)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9)
    interval = theirs.confidence_interval(0.9)
    assert found.low == pytest.approx(interval.low, rel=1e-9)
    assert found.high == pytest.approx(interval.high, rel=1e-9)
    assert found.spearman == pytest.approx(stats.spearmanr(x, y).statistic, rel=1e-12)


def test_only_people_with_both_values_count(rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((2, 30))
    holed_x, holed_y = x.copy(), y.copy()
    holed_x[:5] = np.nan
    holed_y[3:10] = np.nan
    assert correlate(holed_x, holed_y) == correlate(x[10:], y[10:])
    assert correlate(holed_x, holed_y).n == 20


def test_a_constant_added_or_a_scale_stretched_does_not_matter(
    rng: np.random.Generator,
) -> None:
    x, y = rng.standard_normal((2, 30))
    plain, moved = correlate(x, y), correlate(100 + 3 * x, y[::1] - 7)
    assert moved.r == pytest.approx(plain.r, rel=1e-10)
    assert moved.spearman == pytest.approx(plain.spearman, rel=1e-12)
    order = rng.permutation(30)
    assert correlate(x[order], y[order]).r == pytest.approx(plain.r, rel=1e-12)


def test_a_perfect_correlation_has_no_width() -> None:
    x = np.arange(10.0)
    found = correlate(x, -2 * x)
    assert (found.r, found.low, found.high) == (-1, -1, -1)
    assert found.p == 0


def test_correlation_edges_are_sentences(rng: np.random.Generator) -> None:
    x = rng.standard_normal(10)
    with pytest.raises(TooFewData, match="at least 4 people; there are 3"):
        correlate(x[:3], x[:3])
    with pytest.raises(TooFewData, match="there are 0"):
        correlate(x, np.full(10, np.nan))
    with pytest.raises(NotDefined, match="all values of a variable are the same"):
        correlate(x, np.full(10, 0.1))
    with pytest.raises(ValueError, match=r"\(10,\) and \(9,\)"):
        correlate(x, x[:9])


def test_a_correction_above_one_is_flagged() -> None:
    assert disattenuate(0.8, 0.7, 0.6).above_one
    assert disattenuate(-0.8, 0.7, 0.6).above_one
    assert not disattenuate(0.4, 0.7, 0.6).above_one
    assert disattenuate(0.4, 1, 1).estimate == pytest.approx(0.4)
    with pytest.raises(NotDefined, match="above zero"):
        disattenuate(0.4, -0.1, 0.6)


@pytest.mark.parametrize("n", [2, 7, 1000])
def test_the_mean_and_its_interval_equal_scipy(
    rng: np.random.Generator, n: int
) -> None:
    x = rng.standard_normal(n)
    found = mean_interval(np.append(x, np.nan), 0.9)
    low, high = stats.t.interval(0.9, n - 1, x.mean(), stats.sem(x))
    assert found.estimate == pytest.approx(x.mean())
    assert found.low == pytest.approx(low, rel=1e-9)
    assert found.high == pytest.approx(high, rel=1e-9)
    assert found.n == n


def test_one_respondent_has_no_mean_with_an_interval() -> None:
    with pytest.raises(TooFewData, match="there are 1"):
        mean_interval(np.array([3.0, np.nan]))


def test_kendall_agrees_with_r_and_scipy(rng: np.random.Generator) -> None:
    x = bfi().complete_rows().select(SCALES["A"]).values()[:500]
    stored = matrix(reference("kendall_alpha_misc")["kendall"])
    for i in range(5):
        for j in range(5):
            assert kendall(x[:, i], x[:, j]) == pytest.approx(stored[i, j], rel=1e-12)
    a, b = rng.standard_normal(200), rng.integers(0, 3, 200).astype(np.float64)
    assert kendall(a, b) == pytest.approx(stats.kendalltau(a, b).statistic, rel=1e-12)


def test_kendall_leaves_out_those_who_miss_one() -> None:
    x = np.array([1, 2, 3, np.nan, 5.0])
    y = np.array([2, 1, np.nan, 4, 3.0])
    assert kendall(x, y) == pytest.approx(1 / 3)
    with pytest.raises(NotDefined, match="all values"):
        kendall(np.ones(4), np.arange(4.0))
    with pytest.raises(TooFewData, match="at least 2"):
        kendall(x[3:4], y[3:4])
