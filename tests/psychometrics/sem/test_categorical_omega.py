"""Categorical omega: outside value by brute force, invariants, edges."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import NotDefined
from analytics.psychometrics.sem import categorical_reliability, fit_model
from tests.psychometrics.sem.cases import hs
from tests.psychometrics.sem.ordered_cases import NEUROTICISM, bfi_ordered, genders
from tests.psychometrics.sem.test_ordered import made


def test_omega_is_the_correlation_of_two_parallel_sums() -> None:
    """Green & Yang (2009): simulated sums of answers that share the factor alone."""
    R = np.outer([0.8, 0.7, 0.6, 0.5], [0.8, 0.7, 0.6, 0.5])
    np.fill_diagonal(R, 1)
    fit = fit_model("f=~t1+t2+t3+t4", made(R), estimator="WLSMV")
    (found,) = categorical_reliability(fit)
    rng = np.random.default_rng(8)
    size = np.array([0.8, 0.7, 0.6, 0.5])
    trait = rng.standard_normal((400_000, 1)) * size
    sums = []
    for _ in range(2):
        y = trait + rng.standard_normal(trait.shape) * np.sqrt(1 - size**2)
        sums.append(np.searchsorted([-0.5, 0.6], y).sum(axis=1))
    # a standard error of .001
    assert found.omega == pytest.approx(np.corrcoef(*sums)[0, 1], abs=0.004)
    assert found.omega_latent > found.omega


def test_the_sums_are_those_of_the_bivariate_normal_distribution() -> None:
    R = np.array([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    fit = fit_model("f=~t1+t2+t3", made(R), estimator="WLSMV", std_lv=True)
    (found,) = categorical_reliability(fit)
    cuts = (-0.5, 0.6)
    below = stats.norm.cdf(cuts)
    loadings = [fit.parameter(f"f=~t{i}").value.estimate for i in (1, 2, 3)]
    explained = total = 0.0
    for i in range(3):
        for j in range(3):
            explained += covariance(cuts, loadings[i] * loadings[j])
            if i == j:
                both = np.minimum.outer(below, below)
                total += float((both - np.outer(below, below)).sum())
            else:
                total += covariance(cuts, R[i, j])
    assert found.omega == pytest.approx(explained / total, abs=1e-6)


def covariance(cuts: Any, r: float) -> float:
    normal = stats.multivariate_normal(cov=[[1, r], [r, 1]])
    return float(
        sum(
            normal.cdf([h, g]) - stats.norm.cdf(h) * stats.norm.cdf(g)
            for h in cuts
            for g in cuts
        )
    )


def test_parameterization_and_unit_change_nothing() -> None:
    plain = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSMV")
    other = fit_model(
        NEUROTICISM,
        bfi_ordered(),
        estimator="WLSMV",
        std_lv=True,
        parameterization="theta",
    )
    (one,), (two,) = categorical_reliability(plain), categorical_reliability(other)
    assert two.omega == pytest.approx(one.omega, abs=1e-8)
    assert two.omega_implied == pytest.approx(one.omega_implied, abs=1e-8)
    assert two.ave == pytest.approx(one.ave, abs=1e-8)


def test_free_scales_of_a_group_do_not_change_what_is_explained() -> None:
    free, tied = (
        fit_model(NEUROTICISM, genders(), estimator="WLSMV", std_lv=True, equal=equal)
        for equal in ((), ("thresholds",))
    )
    (one,), (two,) = (categorical_reliability(fit, "2") for fit in (free, tied))
    assert two.ave == pytest.approx(one.ave, abs=1e-6)
    assert two.omega == pytest.approx(one.omega, abs=0.002)
    assert two.n == 1631


def test_a_heywood_case_has_no_omega() -> None:
    R = np.array(
        [[1, 0.9, 0.9, 0.3], [0.9, 1, 0.6, 0.2], [0.9, 0.6, 1, 0.2], [0.3, 0.2, 0.2, 1]]
    )
    fit = fit_model("f=~t2+t1+t3+t4", made(R), estimator="WLSMV")
    with pytest.raises(NotDefined) as caught:
        categorical_reliability(fit)
    assert caught.value.reason.code == "sem-negative-variance"


def test_covariances_have_no_categorical_omega() -> None:
    fit = fit_model("visual=~x1+x2+x3", hs(), estimator="ML")
    with pytest.raises(TypeError, match="ordered"):
        categorical_reliability(fit)
