"""Least squares of covariances, and the scaled and shifted chi-square."""

from dataclasses import replace
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest

from analytics.psychometrics import NotDefined, TooFewData
from analytics.psychometrics.sem import (
    SemFit,
    Weighting,
    compare,
    equality_tests,
    factor_reliability,
    fit_model,
    fourth_moments,
    invariance,
    modification_indices,
)
from analytics.psychometrics.sem.bootstrap import _resampled
from analytics.psychometrics.sem.model import Equal
from analytics.psychometrics.sem.scoring import minimise
from analytics.psychometrics.sem.shifted import Adjustment
from tests.psychometrics.cases import HS_ITEMS, reference
from tests.psychometrics.sem.cases import (
    HS_MODEL,
    close,
    compare_parameters,
    compare_standardized,
    hs,
    hs_values,
    schools,
)

WEIGHTINGS = get_args(Weighting)


@cache
def fitted(estimator: Weighting, *, means: bool = False) -> SemFit:
    return fit_model(HS_MODEL, hs(), estimator=estimator, means=means)


@pytest.mark.parametrize("estimator", WEIGHTINGS)
def test_nine_tests_agree_with_lavaan(estimator: Weighting) -> None:
    stored = reference(f"cfa_hs_{estimator}")
    # lavaan's DWLS stops at a slope of 2e-6, ours is 7e-16
    estimate = 2e-5 if estimator == "DWLS" else 2e-6
    fit = fitted(estimator)
    rows = stored["parameters"], stored["standardized"]
    assert compare_parameters(fit, rows[0], estimate=estimate, error=6e-5) == 24
    compare_standardized(fit, rows[1], estimate=estimate, error=6e-5)
    assert fit.measures is not None
    close(fit.measures.chi2, stored["fit"]["chisq"], 1e-7)
    close(fit.measures.baseline_chi2, stored["fit"]["baseline.chisq"], 1e-7)


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("estimator", WEIGHTINGS)
def test_derivatives_agree_with_finite_differences(
    estimator: Weighting, means: bool
) -> None:
    problem = fitted(estimator, means=means).problem
    theta = fitted(estimator, means=means).theta + 0.05  # residuals must not vanish
    ats = problem.implied(theta)
    assert ats is not None
    step, gradient = 1e-5, problem.gradient(ats)
    slopes, bends = [], []
    for unit in np.eye(len(theta)):
        ahead, behind = (problem.implied(theta + s * step * unit) for s in (1, -1))
        assert ahead is not None
        assert behind is not None
        slopes.append((problem.value(ahead) - problem.value(behind)) / (2 * step))
        difference = problem.gradient(ahead) - problem.gradient(behind)
        bends.append(difference / (2 * step))
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(problem.hessian(ats), bends, rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("estimator", WEIGHTINGS)
def test_two_halves_of_one_sample_fit_as_the_whole(estimator: Weighting) -> None:
    same = {"one": hs(), "two": hs()}
    equal: tuple[Equal, ...] = (
        "loadings",
        "residuals",
        "factor variances",
        "factor covariances",
    )
    both = fit_model(HS_MODEL, same, estimator=estimator, equal=equal)
    np.testing.assert_allclose(both.theta, fitted(estimator).theta, atol=1e-7)


@pytest.mark.parametrize("estimator", ["GLS", "WLS", "DWLS"])
def test_the_unit_of_an_item_changes_no_fit(estimator: Weighting) -> None:
    units = np.array([1000.0, *[1.0] * 7, 0.01])
    scaled = fourth_moments(hs_values() * units, HS_ITEMS)
    ours, theirs = fitted(estimator), fit_model(HS_MODEL, scaled, estimator=estimator)
    assert theirs.converged
    assert ours.measures is not None
    assert theirs.measures is not None
    close(theirs.measures.chi2, ours.measures.chi2, 1e-6)


def test_unweighted_least_squares_converge_in_any_common_unit() -> None:
    for unit in (1e-3, 1e3):
        scaled = fourth_moments(hs_values() * unit, HS_ITEMS)
        fit = fit_model(HS_MODEL, scaled, estimator="ULS")
        assert fit.converged
        loading = fit.parameter("visual=~x2").value.estimate
        close(loading, fitted("ULS").parameter("visual=~x2").value.estimate, 1e-6)


def test_without_weights_there_is_no_likelihood_and_no_p() -> None:
    unweighted, diagonal = fitted("ULS"), fitted("DWLS")
    assert unweighted.measures is not None
    assert unweighted.measures.p is None
    assert unweighted.measures.baseline_p is None
    assert unweighted.measures.loglik is None
    assert unweighted.measures.bic is None
    for fit in (unweighted, diagonal):
        assert "sem-not-chi-square" in [reason.code for reason in fit.warnings]
    assert not fitted("GLS").warnings


def test_generalized_least_squares_test_parameters_nearly_as_likelihood_does() -> None:
    largest = modification_indices(fitted("GLS"))[0]
    text = f"{HS_MODEL}\n{largest.name.replace('=~', ' =~ ')}"
    freed = fit_model(text, hs(), estimator="GLS")
    assert freed.measures is not None
    before = fitted("GLS").measures
    assert before is not None
    # the quadratic approximation of a score test
    assert largest.index == pytest.approx(before.chi2 - freed.measures.chi2, rel=0.1)
    assert compare(freed, fitted("GLS")).df == 1


def test_groups_are_compared_by_least_squares_too() -> None:
    levels = invariance(
        HS_MODEL, schools(), estimator="GLS", levels=("configural", "metric", "scalar")
    )
    assert [one.fit.converged for one in levels] == [True] * 3
    difference = levels[2].difference
    assert difference is not None
    assert difference.p is not None
    assert difference.rmsea_of_difference is not None
    assert equality_tests(levels[2].fit)


@pytest.mark.parametrize("estimator", ["ULS", "DWLS"])
def test_a_difference_without_a_distribution_has_a_sentence(estimator: Any) -> None:
    strict = fit_model(f"{HS_MODEL}\nvisual~~0*speed", hs(), estimator=estimator)
    free = fit_model(HS_MODEL, hs(), estimator=estimator)
    found = compare(free, strict)
    assert found.chi2 is None
    assert found.reason is not None
    assert "no known distribution" in str(found.reason)


@pytest.mark.parametrize("estimator", WEIGHTINGS)
def test_a_resample_is_weighed_by_its_own_moments(estimator: Weighting) -> None:
    fit, seeds = fitted(estimator), (np.random.default_rng(1) for _ in range(2))
    problem = _resampled(fit, hs_values(), next(seeds))
    assert problem is not None
    drawn = hs_values()[next(seeds).integers(fit.n, size=fit.n)]
    again = fit_model(HS_MODEL, fourth_moments(drawn, HS_ITEMS), estimator=estimator)
    found = minimise(problem, fit.theta).theta
    np.testing.assert_allclose(found, again.theta, atol=1e-7)


def test_composite_reliability_comes_without_an_interval() -> None:
    first = factor_reliability(fitted("ULS"))[0]
    assert 0 < first.omega < 1
    assert first.omega_interval is None


def test_weights_need_the_answers_themselves() -> None:
    for estimator in ("WLS", "DWLS", "MLMV"):
        with pytest.raises(TooFewData, match="the answers themselves"):
            fit_model(HS_MODEL, hs().moments, estimator=estimator)


def test_too_few_answers_for_full_weights_are_refused() -> None:
    few = fourth_moments(hs_values()[:40], HS_ITEMS)
    with pytest.raises(NotDefined, match="products are singular"):
        fit_model(HS_MODEL, few, estimator="WLS")
    fit_model(HS_MODEL, few, estimator="DWLS")


def test_the_shift_vanishes_for_normal_answers() -> None:
    fit = fit_model(HS_MODEL, hs(), estimator="ML")
    sigma = fit.implied()[0].sigma
    p = len(sigma)
    i, j = np.tril_indices(p)
    products = sigma[np.ix_(i, i)] * sigma[np.ix_(j, j)]
    gamma = np.zeros_like(hs().gamma)
    gamma[:p, :p] = sigma
    gamma[p:, p:] = products + sigma[np.ix_(i, j)] * sigma[np.ix_(j, i)]
    normal = replace(hs(), gamma=gamma)
    scaled = fit_model(HS_MODEL, normal, estimator="MLMV").measures
    assert scaled is not None
    assert scaled.scaled is not None
    assert scaled.scaled.factor == pytest.approx(1)
    assert scaled.scaled.shift == pytest.approx(0, abs=1e-8)
    assert Adjustment(2.0, 1.0).of(6.0) == 4.0
