"""The same people asked twice: about two referents, or at two times."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.association import mean_interval
from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import noncentral_t, t_two_sided
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How far two scores of the same people lie apart.

    Attributes
    ----------
    difference : Estimate
        Mean of the differences, first less second, in points of the scale.
    standardized : Estimate
        The same in standard deviations: the root of the mean of both variances, so
        that it compares with a difference between two groups.
    t, df, p : float, int, float
        Student's test of no difference, two-sided.
    """

    difference: Estimate
    standardized: Estimate
    t: float
    df: int
    p: float


def paired_difference(
    x: Matrix, y: Matrix, *, confidence: float = 0.95
) -> PairedDifference:
    r"""Compare two (n,) scores of the same people over the rows without NaN.

    :math:`d = \bar{x - y} / \sqrt{(s_x^2 + s_y^2) / 2}`; its interval turns the ends of
    the noncentrality of t into d.

    Raises
    ------
    TooFewData
        Fewer than two people have both scores.
    NotDefined
        All differences are equal.

    References
    ----------
    Cumming (2012), Understanding the New Statistics, chapter 11; Algina & Keselman
    (2003), Educational and Psychological Measurement 63, doi:10.1177/0013164403256358.
    """
    check_confidence(confidence)
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    n = len(x)
    if n < 2:
        raise TooFewData("needs-answers", statistic="paired-difference", needs=2, has=n)
    apart = x - y
    spread = float(apart.var(ddof=1))
    if spread <= 1e-24 * max(1.0, float(np.abs(x).max()), float(np.abs(y).max())) ** 2:
        raise NotDefined("no-variance", statistic="paired-difference")
    mean = float(apart.mean())
    t = mean / np.sqrt(spread / n)
    # from t to d
    factor = np.sqrt(2 * spread / (n * (x.var(ddof=1) + y.var(ddof=1))))
    low, high = noncentral_t(t, n - 1, confidence)
    method = f"mean difference over the mean SD, {100 * confidence:g} % noncentral t"
    found = mean_interval(apart, confidence)
    return PairedDifference(
        difference=Estimate(
            found.estimate,
            found.low,
            found.high,
            n,
            f"mean difference of pairs, {100 * confidence:g} % t interval",
            confidence,
        ),
        standardized=Estimate(
            float(t * factor),
            float(low * factor),
            float(high * factor),
            n,
            method,
            confidence,
        ),
        t=float(t),
        df=n - 1,
        p=t_two_sided(float(t), n - 1),
    )
