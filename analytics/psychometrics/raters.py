"""Reliability of several ratings of the same targets, as of a test and its retest."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import f_quantile, f_sf
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

RaterModel = Literal["one-way", "agreement", "consistency"]

_NAMES: dict[RaterModel, str] = {
    "one-way": "ICC(1), raters differ from target to target",
    "agreement": "ICC(2), random raters, absolute agreement",
    "consistency": "ICC(3), fixed raters, consistency",
}


@dataclass(frozen=True, slots=True)
class RaterIcc:
    """Reliability of one rating and of the mean of k.

    Attributes
    ----------
    single, average : Estimate
        Their `n` is the number of targets.
    f, p : float
        Test of no differences between targets, and its upper tail.
    df, df_error : int
    n_raters : int
    model : "one-way", "agreement" or "consistency"
    """

    single: Estimate
    average: Estimate
    f: float
    p: float
    df: int
    df_error: int
    n_raters: int
    model: RaterModel


@dataclass(frozen=True, slots=True)
class _MeanSquares:
    """Of n targets by k raters: targets, within targets, raters, error."""

    n: int
    k: int
    targets: float
    within: float
    raters: float
    error: float


def rater_icc(
    ratings: Matrix, *, model: RaterModel, confidence: float = 0.95
) -> RaterIcc:
    r"""Intraclass correlation of (n, k) ratings, rows without a gap.

    With mean squares of targets T, within targets W, raters J and error E:

    .. math:: \frac{T - W}{T + (k - 1) W}, \quad
       \frac{T - E}{T + (k - 1) E + k (J - E)/n}, \quad \frac{T - E}{T + (k - 1) E}

    for "one-way", "agreement" and "consistency"; the mean of k ratings has
    :math:`k r / (1 + (k - 1) r)`. For a retest, "agreement" counts a shift of the mean
    against the reliability and "consistency" does not.

    Raises
    ------
    TooFewData
        Fewer than two targets or two raters.
    NotDefined
        Ratings of every target that agree completely, at most shifted by a constant;
        or targets with the same mean.

    References
    ----------
    Shrout & Fleiss (1979), Psychological Bulletin 86, doi:10.1037/0033-2909.86.2.420.
    McGraw & Wong (1996), Psychological Methods 1, doi:10.1037/1082-989X.1.1.30: the
    degrees of freedom of the interval of agreement.
    """
    check_confidence(confidence)
    ms = _mean_squares(np.asarray(ratings, dtype=np.float64))
    error = ms.within if model == "one-way" else ms.error
    if error <= 0:
        raise NotDefined("same-ratings", statistic="icc")
    if ms.targets <= 0:
        raise NotDefined("equal-means", statistic="icc")
    df = ms.n - 1
    df_error = ms.n * (ms.k - 1) if model == "one-way" else df * (ms.k - 1)
    f = ms.targets / error
    upper = (1 + confidence) / 2
    if model == "agreement":
        r = (ms.targets - error) / _agreement_total(ms)
        low, high = _agreement_interval(ms, r, upper)
    else:
        least = f / f_quantile(upper, df, df_error)
        most = f * f_quantile(upper, df_error, df)
        r, low, high = ((x - 1) / (x + ms.k - 1) for x in (f, least, most))
    words = f"{_NAMES[model]}, listwise, {100 * confidence:g} % F interval"
    single = Estimate(r, low, high, ms.n, words, confidence)
    mean, mean_low, mean_high = (
        ms.k * x / (1 + (ms.k - 1) * x) for x in (r, low, high)
    )
    average = Estimate(mean, mean_low, mean_high, ms.n, words, confidence)
    p = f_sf(f, df, df_error)
    return RaterIcc(single, average, f, p, df, df_error, ms.k, model)


def _mean_squares(ratings: Matrix) -> _MeanSquares:
    if ratings.ndim != 2:
        raise ValueError(f"(n, k) ratings are needed, not {ratings.shape}.")
    x = ratings[~np.isnan(ratings).any(axis=1)]
    n, k = x.shape
    if n < 2:
        raise TooFewData("needs-answers", statistic="icc", needs=2, has=n)
    if k < 2:
        raise TooFewData("needs-items", statistic="icc", needs=2, has=k)
    if np.ptp(x) == 0:
        raise NotDefined("no-variance", statistic="icc")
    x = x - x.mean()
    targets, raters = x.mean(axis=1), x.mean(axis=0)
    within = np.square(x - targets[:, None]).sum()
    error = np.square(x - targets[:, None] - raters).sum()
    noise = np.square(
        16 * np.finfo(float).eps * np.abs(ratings[~np.isnan(ratings)]).max()
    )
    return _MeanSquares(
        n=n,
        k=k,
        targets=float(k * np.square(targets).sum() / (n - 1)),
        within=float(within / (n * (k - 1))) if within > noise else 0.0,
        raters=float(n * np.square(raters).sum() / (k - 1)),
        error=float(error / ((n - 1) * (k - 1))) if error > noise else 0.0,
    )


def _agreement_total(ms: _MeanSquares) -> float:
    return ms.targets + (ms.k - 1) * ms.error + ms.k * (ms.raters - ms.error) / ms.n


def _agreement_interval(
    ms: _MeanSquares, r: float, upper: float
) -> tuple[float, float]:
    """Satterthwaite's interval of Shrout & Fleiss (1979), p. 424."""
    n, k = ms.n, ms.k
    ratio = ms.raters / ms.error
    a = k * r * ratio
    b = n * (1 + (k - 1) * r) - k * r
    df = (n - 1) * (k - 1) * (a + b) ** 2 / ((n - 1) * a**2 + b**2)
    others = k * ms.raters + (k * n - k - n) * ms.error
    least, most = f_quantile(upper, n - 1, df), f_quantile(upper, df, n - 1)
    low = n * (ms.targets - least * ms.error) / (least * others + n * ms.targets)
    high = n * (most * ms.targets - ms.error) / (others + n * most * ms.targets)
    return low, high
