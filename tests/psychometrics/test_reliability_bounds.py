"""Guttman's bounds and split halves against psych and by brute force."""

from itertools import combinations

import numpy as np
import pytest

from analytics.psychometrics import (
    BurtTable,
    Estimate,
    NotDefined,
    TooFewData,
    cronbach_alpha,
    moments,
    ordinal_alpha,
    polychoric,
    reliability_bounds,
    split_halves,
    standard_error_of_measurement,
)

from .cases import SCALES, bfi, correlated, hs_moments, likert, reference


@pytest.mark.parametrize("scale", SCALES)
def test_bounds_equal_psych(scale: str) -> None:
    stored = reference("guttman_bfi_complete")[scale]
    found = reliability_bounds(
        moments(bfi(), missing="listwise").select(SCALES[scale]), standardized=True
    )
    for key in ("lambda1", "lambda2", "lambda3", "lambda5", "lambda6"):
        assert getattr(found, key) == pytest.approx(stored[key], abs=1e-10)
    assert found.lambda5_plus == pytest.approx(stored["lambda5p"], abs=1e-10)
    np.testing.assert_allclose(
        found.tenberge, list(stored["tenberge"].values()), rtol=0, atol=1e-10
    )


@pytest.mark.parametrize("scale", SCALES)
def test_split_halves_equal_psych(scale: str) -> None:
    """Of an odd number of items psych tries the first half of the splits only.

    Every value it gives is therefore among ours, and its best may be below ours.
    """
    stored = reference("guttman_bfi_complete")[scale]
    found = split_halves(
        moments(bfi(), missing="listwise").select(SCALES[scale]), standardized=True
    )
    assert len(found.values) == 10
    for value in stored["splithalf"]["raw_all_splits"]:
        assert np.abs(found.values - value).min() < 1e-10
    assert np.abs(found.values - stored["splithalf"]["min"]).min() < 1e-10
    assert np.abs(found.values - stored["lambda4"]).min() < 1e-10
    assert found.highest >= stored["lambda4"] - 1e-10


@pytest.mark.parametrize("p", [2, 3, 4, 7, 8])
def test_every_split_is_tried_once(rng: np.random.Generator, p: int) -> None:
    data = likert(rng, 100, p)
    found = split_halves(moments(data, missing="listwise"), standardized=False)
    values = data.values()
    naive = set()
    for chosen in combinations(range(p), p // 2):
        side = np.isin(np.arange(p), chosen)
        a, b = values[:, side].sum(axis=1), values[:, ~side].sum(axis=1)
        naive.add(round(4 * np.cov(a, b)[0, 1] / (a + b).var(ddof=1), 10))
    assert {round(float(value), 10) for value in found.values} == naive
    assert found.complete
    assert len(found.best) == p // 2
    half = values[:, [data.item_codes.index(code) for code in found.best]].sum(axis=1)
    other = values.sum(axis=1) - half
    best = 4 * np.cov(half, other)[0, 1] / values.sum(axis=1).var(ddof=1)
    assert found.highest == pytest.approx(best)


def test_a_sample_of_splits_says_that_it_is_one(rng: np.random.Generator) -> None:
    m = moments(likert(rng, 200, 20), missing="listwise")
    found = split_halves(m, standardized=True, rng=rng, max_splits=500)
    assert not found.complete
    assert len(found.values) == 500
    assert found.method.startswith("a sample of 500")
    with pytest.raises(ValueError, match="give rng"):
        split_halves(m, standardized=True, max_splits=500)
    # the mean over all splits into equal halves is alpha
    alpha = cronbach_alpha(m).standardized.estimate
    assert found.mean == pytest.approx(alpha, abs=0.01)


@pytest.mark.parametrize("standardized", [True, False])
def test_the_bounds_stand_in_their_order(standardized: bool) -> None:
    m = moments(bfi(), missing="listwise").select(SCALES["N"])
    found = reliability_bounds(m, standardized=standardized)
    alpha = cronbach_alpha(m)
    expected = alpha.standardized if standardized else alpha.raw
    assert found.lambda3 == pytest.approx(expected.estimate, abs=1e-12)
    assert found.lambda1 < found.lambda3 <= found.lambda2 <= found.tenberge[2]
    assert (np.diff(found.tenberge) >= 0).all()
    assert found.n == m.n


def test_equal_items_make_all_corrected_bounds_equal() -> None:
    R = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    found = reliability_bounds(correlated(R), standardized=True)
    for value in (found.lambda2, found.lambda3, found.lambda4, *found.tenberge):
        assert value == pytest.approx(0.8)


def test_ordinal_alpha_is_alpha_of_polychoric_correlations() -> None:
    found = ordinal_alpha(
        polychoric(BurtTable.of(bfi(), missing="listwise").select(SCALES["A"]))
    )
    rho = polychoric(BurtTable.of(bfi(), missing="listwise").select(SCALES["A"])).rho
    assert found.estimate == pytest.approx(5 / 4 * (1 - 5 / rho.sum()), abs=1e-12)
    assert (found.low, found.high, found.n) == (None, None, 2436)
    assert "ordinal alpha" in found.method


def test_the_standard_error_of_measurement_follows_the_reliability() -> None:
    found = standard_error_of_measurement(
        10, Estimate(0.84, 0.75, 0.91, 100, "alpha", 0.95)
    )
    assert (found.estimate, found.low, found.high) == pytest.approx((4, 3, 5))
    assert found.n == 100
    without = standard_error_of_measurement(
        10, Estimate(0.84, None, None, 100, "alpha", 0.95)
    )
    assert (without.low, without.high) == (None, None)
    with pytest.raises(ValueError, match="at most 1"):
        standard_error_of_measurement(-1, found)


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    with pytest.raises(TooFewData, match="at least 2 items"):
        reliability_bounds(hs_moments().select(["x1"]), standardized=True)
    with pytest.raises(NotDefined, match="not positive definite"):
        reliability_bounds(
            moments(likert(rng, 6, 8), missing="listwise"), standardized=True
        )
    against = np.array([[1, -0.5, -0.5], [-0.5, 1, -0.5], [-0.5, -0.5, 1]])
    for statistic in (reliability_bounds, split_halves):
        with pytest.raises(NotDefined, match="do not vary together"):
            statistic(correlated(against), standardized=True)
