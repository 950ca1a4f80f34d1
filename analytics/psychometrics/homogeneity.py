"""How alike the items of a scale are: what alpha alone does not say."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.minres import squared_multiple_correlations
from analytics.psychometrics.moments import Moments


@dataclass(frozen=True, slots=True, eq=False)
class Homogeneity:
    """Correlations between the p items of a scale.

    Attributes
    ----------
    items : tuple of p str
    mean_r, median_r : float
        Of the p (p - 1) / 2 correlations.
    variance_of_r : float or None
        With their number less 1 as the divisor; None for one correlation.
    signal_to_noise : float
        p r / (1 - r) of the mean r: reliable over unreliable variance of the sum.
    corrected_r : (p,) float64
        Correlation of each item with the sum, its own variance in it replaced by what
        it shares with the others.
    alpha_se : float
        Standard error of raw alpha for normal answers, without equal covariances.
    """

    items: tuple[str, ...]
    mean_r: float
    median_r: float
    variance_of_r: float | None
    signal_to_noise: float
    corrected_r: Matrix
    alpha_se: float


def homogeneity(moments: Moments) -> Homogeneity:
    """Describe the correlations between the items of one scale.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two items or answers; a constant item; correlations that are
        singular, or sum to nothing.

    References
    ----------
    Cronbach & Gleser (1964), Educ. Psychol. Meas. 24, 467-480: signal to noise.
    Cureton (1966), Psychometrika 31, 93-96: the corrected r.
    van Zyl, Neudecker & Nel (2000), Psychometrika 65, 271-280: the standard error.
    """
    moments.require("alpha", items=2, answers=2)
    R, p = moments.correlation, moments.p
    between = R[np.tril_indices(p, -1)]
    mean = float(between.mean())
    shared = squared_multiple_correlations(R)
    if shared is None:
        raise NotDefined("singular", statistic="alpha")
    common = R.copy()
    np.fill_diagonal(common, shared)
    total = float(common.sum())
    if not total > 0 or not mean < 1:
        raise NotDefined("not-positive", statistic="alpha")
    return Homogeneity(
        items=moments.items,
        mean_r=mean,
        median_r=float(np.median(between)),
        variance_of_r=float(between.var(ddof=1)) if p > 2 else None,
        signal_to_noise=p * mean / (1 - mean),
        corrected_r=common.sum(axis=1) / np.sqrt(total),
        alpha_se=_alpha_error(moments.covariance, moments.n),
    )


def _alpha_error(C: Matrix, n: int) -> float:
    """Return the standard error of alpha for a (p, p) covariance of n people."""
    p, whole, trace = len(C), C.sum(), np.trace(C)
    square = C @ C
    spread = whole * (np.trace(square) + trace**2) - 2 * trace * square.sum()
    return float(np.sqrt(2 * p**2 / ((p - 1) ** 2 * whole**3) * spread / n))
