"""Intervals of model-based reliability: the derivative, the spread, the edges."""

import numpy as np
import pytest

from analytics.psychometrics import Matrix
from analytics.psychometrics.sem import (
    SemFit,
    factor_reliability,
    fit_model,
    fourth_moments,
)
from analytics.psychometrics.sem.reliability_error import (
    _derivatives,
    _inverse_information,
    _through_estimates,
    sampling_errors,
)
from tests.psychometrics.cases import correlated

from .cases import HS_MODEL, hs, schools

TWO = "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3"
ITEMS = ("x1", "x2", "x3", "x4", "y1", "y2", "y3")
LOADINGS = np.zeros((7, 2))
LOADINGS[:4, 0] = [0.8, 0.7, 0.6, 0.5]
LOADINGS[4:, 1] = [0.7, 0.6, 0.8]
PHI = np.array([[1, 0.4], [0.4, 1]])


def population() -> Matrix:
    R: Matrix = LOADINGS @ PHI @ LOADINGS.T
    np.fill_diagonal(R, 1)
    return R


def fitted(S: Matrix, n: int = 400) -> SemFit:
    return fit_model(TWO, correlated(S, n=n, items=ITEMS), estimator="ML")


def coefficients(fit: SemFit) -> Matrix:
    """Omega and AVE of both factors, (2, 2)."""
    return np.array([[one.omega, one.ave] for one in factor_reliability(fit)])


def test_the_derivative_is_what_another_sample_would_change(
    rng: np.random.Generator,
) -> None:
    """Estimated anew from covariances a little to either side."""
    R = population()
    D = rng.standard_normal((7, 7))
    D = (D + D.T) / 2
    fit = fitted(R)
    h = 1e-4
    rise = (coefficients(fitted(R + h * D)) - coefficients(fitted(R - h * D))) / (2 * h)
    at, bread = fit.implied()[0], _inverse_information(fit)
    assert bread is not None
    for k in (0, 1):
        for j, (by_theta, by_covariance) in enumerate(_derivatives(fit, at, k)):
            M = by_covariance + _through_estimates(fit, at, bread @ by_theta)
            # the divisor n changes S and its image alike
            assert float((M * D).sum()) == pytest.approx(rise[k, j], rel=5e-3)


def drawn(rng: np.random.Generator, n: int) -> Matrix:
    draws: Matrix = rng.multivariate_normal(np.zeros(7), population(), n)
    return draws


def test_the_errors_are_the_spread_of_many_samples() -> None:
    rng = np.random.default_rng(20260115)
    samples = [
        fit_model(TWO, fourth_moments(drawn(rng, 400), ITEMS).moments, estimator="ML")
        for _ in range(300)
    ]
    spread = np.std([coefficients(fit) for fit in samples], axis=0)
    expected = np.array(
        [sampling_errors(fitted(population()), k, None) for k in (0, 1)]
    )
    # the spread of 300 samples is itself known to 4 %
    np.testing.assert_allclose(expected, spread, rtol=0.12)


def test_the_intervals_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    truth = coefficients(fitted(population()))[0]
    inside = np.zeros(2)
    for _ in range(200):
        data = fourth_moments(drawn(rng, 200), ITEMS)
        one = factor_reliability(fit_model(TWO, data.moments, estimator="ML"))[0]
        for j, ends in enumerate((one.omega_interval, one.ave_interval)):
            assert ends is not None
            inside[j] += ends[0] < truth[j] < ends[1]
    assert (inside / 200 > 0.90).all()


def test_fourth_moments_of_normal_answers_change_little() -> None:
    data = fourth_moments(drawn(np.random.default_rng(4), 5_000), ITEMS)
    fit = fit_model(TWO, data, estimator="MLR")
    robust, normal = sampling_errors(fit, 0, data), sampling_errors(fit, 0, None)
    assert robust is not None
    assert normal is not None
    np.testing.assert_allclose(robust, normal, rtol=0.06)


def test_the_interval_holds_the_estimate_and_stays_between_zero_and_one() -> None:
    fit = fit_model(HS_MODEL, hs().moments, estimator="ML")
    for one in factor_reliability(fit):
        for value, ends in (
            (one.omega, one.omega_interval),
            (one.ave, one.ave_interval),
        ):
            assert ends is not None
            assert 0 < ends[0] < value < ends[1] < 1


def test_the_units_of_the_items_do_not_matter() -> None:
    fit = fitted(population())
    scaled = fitted(9 * population())
    for one, other in zip(
        factor_reliability(fit), factor_reliability(scaled), strict=True
    ):
        assert one.ave_interval == pytest.approx(other.ave_interval, rel=1e-6)


def test_several_groups_have_no_interval() -> None:
    fit = fit_model(HS_MODEL, schools(), estimator="ML", means=True)
    assert factor_reliability(fit, "Pasteur")[0].omega_interval is None
