"""Means and covariances of answers with gaps."""

import numpy as np
import pytest

from analytics.psychometrics import Matrix, NotConverged, NotDefined, TooFewData
from analytics.psychometrics.sem import missing_patterns, saturated_moments
from analytics.psychometrics.sem import saturated as module
from analytics.psychometrics.sem.pattern_likelihood import (
    at_moments,
    residual_rows,
    score_products,
    second_derivatives,
)
from analytics.psychometrics.sem.saturated import Errors, saturate
from tests.psychometrics.cases import HS_ITEMS

from .cases import hs_values
from .missing_cases import gaps_reference, hs_gap_values, hs_gaps

LOWER = np.tril_indices(9)
NAN = float("nan")


def point() -> Matrix:
    """Moments beside the maximum, means and then covariances."""
    found = saturate(hs_gaps())
    wave = 1 + 0.05 * np.cos(np.arange(9))
    covariance = found.covariance * np.outer(wave, wave) + 0.1 * np.eye(9)
    return np.concatenate([found.mean + 0.1 * wave, covariance[LOWER]])


def parts(vector: Matrix) -> tuple[Matrix, Matrix]:
    covariance = np.zeros((9, 9))
    covariance[LOWER] = vector[9:]
    covariance.T[LOWER] = vector[9:]
    return vector[:9], covariance


def naive_discrepancy(vector: Matrix) -> float:
    """Minus two log-likelihoods a person, person after person."""
    mean, covariance = parts(vector)
    total = 0.0
    for row in hs_gap_values():
        at = np.flatnonzero(~np.isnan(row))
        part, off = covariance[np.ix_(at, at)], row[at] - mean[at]
        total += np.linalg.slogdet(part)[1] + off @ np.linalg.solve(part, off)
    return total / len(hs_gap_values())


def slope(vector: Matrix) -> Matrix:
    fit = at_moments(hs_gaps(), *parts(vector))
    assert fit is not None
    return fit.gradient


def test_the_discrepancy_is_that_of_person_after_person() -> None:
    fit = at_moments(hs_gaps(), *parts(point()))
    assert fit is not None
    assert fit.value == pytest.approx(naive_discrepancy(point()), abs=1e-12)


def test_first_and_second_derivatives_are_those_of_differences() -> None:
    centre, step = point(), 1e-5
    units = step * np.eye(len(centre))
    values = [
        (naive_discrepancy(centre + e) - naive_discrepancy(centre - e)) / (2 * step)
        for e in units[::4]
    ]
    np.testing.assert_allclose(slope(centre)[::4], values, atol=1e-8)
    H = second_derivatives(hs_gaps(), *parts(centre), expected=False)
    rows = [(slope(centre + e) - slope(centre - e)) / (2 * step) for e in units]
    np.testing.assert_allclose(H, rows, atol=1e-7)


def test_the_expected_second_derivatives_are_those_of_the_moments_own_data() -> None:
    mean, covariance = parts(point())
    patterns = hs_gaps()
    ideal = [
        np.where(np.outer(flags, flags), covariance, 0.0) for flags in patterns.answered
    ]
    at_their_own = type(patterns)(
        patterns.items,
        patterns.answered,
        patterns.counts,
        np.where(patterns.answered, mean, 0.0),
        np.array(ideal),
        patterns.values,
        patterns.empty,
    )
    expected = second_derivatives(patterns, mean, covariance, expected=True)
    observed = second_derivatives(at_their_own, mean, covariance, expected=False)
    np.testing.assert_allclose(expected, observed, atol=1e-12)


def test_scores_are_minus_half_the_slopes_of_single_people() -> None:
    mean, covariance = parts(point())
    patterns = hs_gaps()
    total = np.zeros((54, 54))
    for row in hs_gap_values():
        fit = at_moments(missing_patterns(row[None], HS_ITEMS), mean, covariance)
        assert fit is not None
        total += np.outer(fit.gradient, fit.gradient) / 4
    found = score_products(patterns, mean, covariance)
    np.testing.assert_allclose(found, total / patterns.n, atol=1e-12)
    z, _ = residual_rows(patterns, mean, covariance)
    assert z.shape == (patterns.n, 9)


@pytest.mark.parametrize(("errors", "name"), [("observed", "ML"), ("robust", "MLR")])
def test_moments_and_their_errors_are_those_of_lavaan(
    errors: Errors, name: str
) -> None:
    found = saturated_moments(hs_gaps(), errors=errors)
    place = {item: i for i, item in enumerate(HS_ITEMS)}
    rows = gaps_reference()["saturated"][name]
    assert len(rows) == 54
    for row in rows:
        i = place[row["lhs"]]
        if row["op"] == "~1":
            assert found.mean[i] == pytest.approx(row["est"], abs=1e-5)
            assert found.mean_se[i] == pytest.approx(row["se"], abs=1e-5)
        else:
            j = place[row["rhs"]]
            assert found.covariance[i, j] == pytest.approx(row["est"], abs=1e-5)
            assert found.covariance_se[j, i] == pytest.approx(row["se"], abs=1e-5)
    assert found.n == 301
    assert found.loglik == pytest.approx(-3158.25189847, abs=1e-4)
    assert found.warnings == ()


def test_gaps_in_one_item_leave_a_regression(rng: np.random.Generator) -> None:
    """Anderson (1957): the likelihood falls into that of x and that of y given x."""
    x = rng.standard_normal(80)
    y = 2 + 0.5 * x + rng.standard_normal(80)
    known = x < 0.4
    slope, intercept = np.polyfit(x[known], y[known], 1)
    left_over = np.mean((y[known] - intercept - slope * x[known]) ** 2)
    data = np.column_stack([x, np.where(known, y, NAN)])
    found = saturated_moments(missing_patterns(data, "xy"), errors="observed")
    assert found.mean[1] == pytest.approx(intercept + slope * x.mean(), abs=1e-9)
    assert found.covariance[0, 1] == pytest.approx(slope * x.var(), abs=1e-9)
    variance = left_over + slope**2 * x.var()
    assert found.covariance[1, 1] == pytest.approx(variance, abs=1e-9)


def test_complete_answers_have_their_plain_moments() -> None:
    found = saturated_moments(missing_patterns(hs_values(), HS_ITEMS), errors="robust")
    np.testing.assert_allclose(found.mean, hs_values().mean(axis=0), atol=1e-12)
    plain = np.cov(hs_values(), rowvar=False, bias=True)
    np.testing.assert_allclose(found.covariance, plain, atol=1e-12)
    np.testing.assert_allclose(found.mean_se**2 * 301, np.diag(plain), atol=1e-10)
    R = np.corrcoef(hs_values(), rowvar=False)
    np.testing.assert_allclose(found.correlation, R, atol=1e-12)


def test_units_and_order_of_the_items_are_followed(rng: np.random.Generator) -> None:
    order = rng.permutation(9)
    unit, zero = rng.uniform(0.1, 50, 9), rng.uniform(-100, 100, 9)
    values = (hs_gap_values() * unit + zero)[:, order]
    moved = missing_patterns(values, [HS_ITEMS[i] for i in order])
    first = saturated_moments(hs_gaps(), errors="robust")
    second = saturated_moments(moved, errors="robust")
    mean, sd = (first.mean * unit + zero)[order], unit[order]
    np.testing.assert_allclose(second.mean, mean, rtol=1e-9)
    both = np.ix_(order, order)
    for name in ("covariance", "covariance_se"):
        expected = getattr(first, name)[both] * np.outer(sd, sd)
        np.testing.assert_allclose(getattr(second, name), expected, rtol=1e-6)


def test_a_pair_nobody_answered_together_is_left_out_and_named() -> None:
    values = hs_values().copy()
    values[:150, 0] = NAN
    values[150:, 4] = NAN
    values[0] = NAN
    found = saturated_moments(missing_patterns(values, HS_ITEMS), errors="observed")
    assert np.isnan(found.covariance[0, 4])
    assert np.isnan(found.covariance_se[4, 0])
    assert np.isnan(found.covariance).sum() == 2
    assert found.vcov.shape == (53, 53)
    assert [one.code for one in found.warnings] == ["empty-rows", "pairs-apart"]
    assert "1 people answered none" in str(found.warnings[0])
    assert "1 pairs of items, x1 with x5" in str(found.warnings[1])
    assert found.empty == 1


def test_repeated_items_and_few_people_are_refused() -> None:
    twice = np.column_stack([hs_gap_values()[:, :2], hs_gap_values()[:, 0]])
    with pytest.raises(NotDefined, match="not positive definite"):
        saturated_moments(missing_patterns(twice, "abc"), errors="observed")
    few = missing_patterns(hs_gap_values()[:9], HS_ITEMS)
    with pytest.raises(TooFewData, match="at least 10 people; there are 9"):
        saturated_moments(few, errors="observed")


def test_a_maximum_that_is_not_reached_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ROUNDS", 1)
    monkeypatch.setattr(module, "_FIRST_STEPS", 0)
    monkeypatch.setattr(module, "_shortened", lambda *_: None)
    with pytest.raises(NotConverged, match="so many gaps"):
        saturated_moments(hs_gaps(), errors="observed")


@pytest.mark.parametrize("seed", range(4))
def test_a_likelihood_without_a_maximum_is_said(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((14, 6))
    values[rng.random(values.shape) < 0.5] = NAN
    with pytest.raises(NotDefined, match="too few answers"):
        saturated_moments(missing_patterns(values, "abcdef"), errors="observed")


@pytest.mark.parametrize("seed", range(4))
def test_a_fifth_of_gaps_among_forty_people_is_no_obstacle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((40, 6))
    values[rng.random(values.shape) < 0.2] = NAN
    found = saturated_moments(missing_patterns(values, "abcdef"), errors="observed")
    assert np.linalg.eigvalsh(found.covariance)[0] > 0
    assert (found.covariance_se > 0).all()
    assert found.iterations < 100
