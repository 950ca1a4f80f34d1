"""Least squares of one variable on several, and how far these repeat one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import f_sf, t_quantile, t_two_sided
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import Moments

_COLLINEAR = 1e-10  # smallest eigenvalue of correlations taken as independent
_STATISTIC = "regression"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One predictor of a regression.

    Attributes
    ----------
    item : str
    slope : Estimate
        Points of the outcome that go with one point of the predictor, the others being
        equal; its interval is Student's t.
    standardized : Estimate
        The same in standard deviations of both, these taken as known.
    t, p : float
        Of no slope; two-sided, n - p - 1 degrees of freedom.
    vif : float
        Variance inflation: how many times larger the squared standard error is than
        with predictors that do not correlate.
    """

    item: str
    slope: Estimate
    standardized: Estimate
    t: float
    p: float
    vif: float


@dataclass(frozen=True, slots=True)
class Regression:
    """A regression by ordinary least squares.

    Attributes
    ----------
    outcome : str
    coefficients : tuple of Coefficient
        In the order in which the predictors were named.
    r_squared, adjusted : float
        Share of the variance; the same, corrected for the number of predictors.
    f, df, df_error, p : float, int, int, float
        Test of no slope at all.
    n : int
    """

    outcome: str
    coefficients: tuple[Coefficient, ...]
    r_squared: float
    adjusted: float
    f: float
    df: int
    df_error: int
    p: float
    n: int


def linear_regression(
    moments: Moments,
    predictors: Sequence[str],
    outcome: str,
    *,
    confidence: float = 0.95,
) -> Regression:
    r"""Regress `outcome` on all predictors at once, from complete answers.

    With R the correlations of the p predictors and r theirs with the outcome,

    .. math:: \beta = R^{-1} r, \quad R^2 = r'\beta, \quad
       se(\beta_j) = \sqrt{\frac{1 - R^2}{n - p - 1} (R^{-1})_{jj}}, \quad
       VIF_j = (R^{-1})_{jj}

    and slopes in points by the standard deviations. Predictors that go together share
    what they go with, so a slope says what one adds to the others, never how much
    weight it has: for that see `importance`.

    Raises
    ------
    TooFewData
        Fewer than p + 2 people.
    NotDefined
        Moments that are not listwise; a constant variable; a predictor that the others
        determine; an outcome that the predictors determine.

    References
    ----------
    Cohen, Cohen, West & Aiken (2003), Applied Multiple Regression, chapter 3.
    """
    check_confidence(confidence)
    if moments.rule != "listwise":
        raise NotDefined("not-listwise", statistic=_STATISTIC)
    p = len(predictors)
    part = moments.select([*predictors, outcome])
    part.require(_STATISTIC, items=2, answers=p + 2)
    inverse = _inverse(part.correlation[:p, :p], predictors)
    beta = inverse @ part.correlation[:p, p]
    r_squared = float(part.correlation[:p, p] @ beta)
    if 1 - r_squared <= _COLLINEAR:
        raise NotDefined("determined", item=outcome)
    df = part.n - p - 1
    vif = np.diag(inverse)
    error = np.sqrt((1 - r_squared) / df * vif)
    spread = np.sqrt(np.diag(part.covariance))
    unit = spread[p] / spread[:p]
    f = r_squared / p / ((1 - r_squared) / df)
    return Regression(
        outcome=outcome,
        coefficients=tuple(
            _coefficient(item, b, se, step, inflation, part.n, df, confidence)
            for item, b, se, step, inflation in zip(
                predictors,
                beta.tolist(),
                error.tolist(),
                unit.tolist(),
                vif.tolist(),
                strict=True,
            )
        ),
        r_squared=r_squared,
        adjusted=1 - (1 - r_squared) * (part.n - 1) / df,
        f=f,
        df=p,
        df_error=df,
        p=f_sf(f, p, df),
        n=part.n,
    )


def _inverse(R: Matrix, predictors: Sequence[str]) -> Matrix:
    """Inverse of (p, p) correlations; raises where a predictor is a sum of others."""
    values, vectors = np.linalg.eigh(R)
    if values[0] <= _COLLINEAR:
        item = predictors[int(np.abs(vectors[:, 0]).argmax())]
        raise NotDefined("collinear", item=item, statistic=_STATISTIC)
    inverse: Matrix = (vectors / values) @ vectors.T
    return inverse


def _coefficient(
    item: str,
    beta: float,
    error: float,
    unit: float,
    vif: float,
    n: int,
    df: int,
    confidence: float,
) -> Coefficient:
    half = t_quantile((1 + confidence) / 2, df) * error
    words = f"least squares, listwise, {100 * confidence:g} % t interval"

    def estimate(scale: float, name: str) -> Estimate:
        ends = (scale * (beta - half), scale * (beta + half))
        return Estimate(scale * beta, *ends, n, f"{name}, {words}", confidence)

    t = beta / error
    return Coefficient(
        item=item,
        slope=estimate(unit, "slope"),
        standardized=estimate(1.0, "slope in standard deviations"),
        t=t,
        p=t_two_sided(t, df),
        vif=vif,
    )
