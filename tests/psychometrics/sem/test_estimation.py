"""Derivatives against finite differences, and the way of the estimation."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.psychometrics import Matrix
from analytics.psychometrics.sem import fit_model
from analytics.psychometrics.sem.estimation import Problem

from .cases import (
    DEMOCRACY,
    DEMOCRACY_ITEMS,
    HS_MODEL,
    democracy,
    democracy_values,
    hs,
    schools,
)

PATHS = """
f =~ x1 + a*x2 + x3
g =~ y1 + a*y2 + y3 + y4
g ~ f
y5 ~ g + x1
y6 ~ y5 + f
y5 ~~ 0.1*y6
y1 ~~ y2
"""


def problems() -> dict[str, tuple[Problem, Matrix]]:
    """Different kinds of model, each at a point beside its solution."""
    fits = {
        "factors": fit_model(HS_MODEL, hs().moments, estimator="ML"),
        "democracy": fit_model(DEMOCRACY, democracy().moments, estimator="ML"),
        "paths": fit_model(PATHS, democracy().moments, estimator="ML", means=True),
        "groups": fit_model(
            HS_MODEL,
            schools(),
            estimator="ML",
            means=True,
            equal=("loadings", "intercepts"),
        ),
    }
    found = {}
    for name, fit in fits.items():
        wave = 1 + 0.05 * np.cos(np.arange(len(fit.theta)))
        found[name] = (fit.problem, fit.theta * wave + 0.01)
    return found


PROBLEMS = problems()


def value(problem: Problem, theta: Matrix) -> float:
    ats = problem.implied(theta)
    assert ats is not None
    return problem.value(ats)


def slope(problem: Problem, theta: Matrix) -> Matrix:
    ats = problem.implied(theta)
    assert ats is not None
    return problem.gradient(ats)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_gradient_is_that_of_the_discrepancy(name: str) -> None:
    problem, theta = PROBLEMS[name]
    step = 1e-5
    numeric = [
        (value(problem, theta + step * e) - value(problem, theta - step * e))
        / (2 * step)
        for e in np.eye(len(theta))
    ]
    np.testing.assert_allclose(slope(problem, theta), numeric, atol=2e-7, rtol=1e-6)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_hessian_is_that_of_the_discrepancy(name: str) -> None:
    problem, theta = PROBLEMS[name]
    step = 1e-5
    numeric = np.array(
        [
            (slope(problem, theta + step * e) - slope(problem, theta - step * e))
            / (2 * step)
            for e in np.eye(len(theta))
        ]
    )
    ats = problem.implied(theta)
    assert ats is not None
    exact = problem.hessian(ats)
    np.testing.assert_allclose(exact, numeric, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_information_is_the_hessian_of_data_that_fit(name: str) -> None:
    problem, theta = PROBLEMS[name]
    ats = problem.implied(theta)
    assert ats is not None
    fitting = replace(
        problem,
        groups=tuple(
            replace(group, S=at.sigma, mean=at.mu, log_det=at.log_det)
            for group, at in zip(problem.groups, ats, strict=True)
        ),
    )
    expected = problem.information(ats)
    np.testing.assert_allclose(fitting.hessian(ats), expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(fitting.gradient(ats), 0, atol=1e-10)
    assert fitting.value(ats) == pytest.approx(0, abs=1e-10)


def test_data_that_fit_give_back_the_parameters() -> None:
    true = fit_model(HS_MODEL, hs().moments, estimator="ML")
    sigma = true.groups[0].implied_covariance
    fitting = replace(hs().moments, covariance=sigma * 301 / 300)
    again = fit_model(HS_MODEL, fitting, estimator="ML")
    np.testing.assert_allclose(again.theta, true.theta, atol=1e-9)
    assert again.measures is not None
    assert again.measures.chi2 == pytest.approx(0, abs=1e-9)
    assert again.measures.cfi == 1
    assert again.measures.rmsea is not None
    assert again.measures.rmsea.estimate == 0


def test_the_order_of_the_items_does_not_change_the_fit() -> None:
    turned = [f"x{i}" for i in (9, 3, 5, 1, 7, 2, 8, 6, 4)]
    one = fit_model(HS_MODEL, hs(), estimator="MLR")
    other = fit_model(HS_MODEL, hs().select(turned), estimator="MLR")
    assert one.measures is not None
    assert other.measures is not None
    assert one.measures.scaled is not None
    assert other.measures.scaled is not None
    assert other.measures.chi2 == pytest.approx(one.measures.chi2, abs=1e-9)
    assert other.measures.scaled.chi2 == pytest.approx(
        one.measures.scaled.chi2, abs=1e-8
    )


def test_the_unit_of_an_item_changes_nothing_but_its_own_parameters() -> None:
    m = hs().moments
    unit = np.array([1, 1000, 1, 1, 1, 1, 0.001, 1, 1.0])
    scaled = replace(m, covariance=m.covariance * np.outer(unit, unit))
    one = fit_model(HS_MODEL, m, estimator="ML")
    other = fit_model(HS_MODEL, scaled, estimator="ML")
    assert other.converged
    assert one.measures is not None
    assert other.measures is not None
    assert other.measures.chi2 == pytest.approx(one.measures.chi2, abs=1e-8)
    ours = other.parameter("visual=~x2")
    theirs = one.parameter("visual=~x2")
    assert ours.value.estimate == pytest.approx(1000 * theirs.value.estimate, rel=1e-8)
    assert ours.standardized is not None
    assert theirs.standardized is not None
    assert ours.standardized.se == pytest.approx(theirs.standardized.se, rel=1e-7)


def test_means_of_a_saturated_mean_structure_change_no_fit() -> None:
    without = fit_model(HS_MODEL, hs(), estimator="MLR")
    within = fit_model(HS_MODEL, hs(), estimator="MLR", means=True)
    assert without.measures is not None
    assert within.measures is not None
    assert within.measures.chi2 == pytest.approx(without.measures.chi2, abs=1e-9)
    assert within.measures.df == 24
    assert within.n_free == 30
    intercept = within.parameter("x1~1").value
    assert intercept.estimate == pytest.approx(hs().moments.mean[0], abs=1e-10)


def test_a_regression_is_that_of_least_squares() -> None:
    values = democracy_values()
    at = [DEMOCRACY_ITEMS.index(name) for name in ("y1", "x1", "x2")]
    y, x = values[:, at[0]], np.column_stack([np.ones(75), values[:, at[1:]]])
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ slopes
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * (rest @ rest) / 75)
    fit = fit_model("y1 ~ x1 + x2", democracy().moments, estimator="ML", means=True)
    for k, name in enumerate(("y1~1", "y1~x1", "y1~x2")):
        found = fit.parameter(name).value
        assert found.estimate == pytest.approx(slopes[k], abs=1e-9)
        assert found.se == pytest.approx(errors[k], rel=1e-8)
    assert fit.groups[0].r2["y1"] == pytest.approx(1 - (rest @ rest) / 75 / y.var())


def test_a_single_item_is_its_factor() -> None:
    for std_lv in (False, True):
        fit = fit_model(
            "one =~ x1\ntwo =~ x2", hs().moments, estimator="ML", std_lv=std_lv
        )
        correlation = fit.parameter("one~~two").standardized
        assert correlation is not None
        expected = hs().moments.correlation[0, 1]
        assert correlation.estimate == pytest.approx(expected, abs=1e-9)
        assert fit.parameter("x1~~x1").value.estimate == 0
        assert fit.measures is not None
        assert fit.measures.df == 0
