"""Scores of scales, their means, and how two of them go together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.distributions import correlation_p, t_quantile
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import (
    Estimate,
    check_confidence,
    fisher_interval,
)


@dataclass(frozen=True, slots=True)
class Correlation:
    """Correlation of two variables over the people who have both.

    Attributes
    ----------
    r : float
        Pearson.
    low, high : float
        Fisher interval of r at `confidence`.
    p : float
        Two-sided, of r = 0, by Student's t with n - 2 degrees of freedom.
    spearman : float
        Correlation of the ranks, ties at their mean rank.
    n : int
    confidence : float
    method : str
    """

    r: float
    low: float
    high: float
    p: float
    spearman: float
    n: int
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Disattenuated:
    """A correlation corrected for the unreliability of both variables.

    Attributes
    ----------
    estimate : float
        May exceed one: then `above_one` is True and the number is no correlation.
    above_one : bool
        Whether its absolute value exceeds one.
    """

    estimate: float
    above_one: bool


def kendall(x: Matrix, y: Matrix) -> float:
    """Kendall's tau-b of two (n,) variables over the people who have both.

    Pairs of people in the same order less those in the opposite one, over the root of
    the pairs untied on x times those untied on y. Takes time with the number of
    different values of x and y, not with n.

    Raises
    ------
    TooFewData
        Fewer than two people.
    NotDefined
        All values of a variable are the same.

    References
    ----------
    Kendall (1938), Biometrika 30, 81-93; (1945), 33, 239-251: with ties.
    """
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(both.sum())
    if n < 2:
        raise TooFewData("needs-answers", statistic="correlation", needs=2, has=n)
    rows, a = np.unique(x[both], return_inverse=True)
    columns, b = np.unique(y[both], return_inverse=True)
    if len(rows) < 2 or len(columns) < 2:
        raise NotDefined("no-variance", statistic="correlation")
    table = np.zeros((len(rows), len(columns)))
    np.add.at(table, (a, b), 1)
    # people below and to the left of each cell, and below and to the right
    before = np.pad(table.cumsum(axis=0), ((1, 0), (0, 0)))[:-1]
    left = np.pad(before.cumsum(axis=1), ((0, 0), (1, 0)))[:, :-1]
    right = before.sum(axis=1, keepdims=True) - before.cumsum(axis=1)
    order = float((table * (left - right)).sum())
    pairs = n * (n - 1) / 2
    tied = [(sums * (sums - 1)).sum() / 2 for sums in (table.sum(1), table.sum(0))]
    return float(order / np.sqrt((pairs - tied[0]) * (pairs - tied[1])))


def scale_scores(
    data: ResponseMatrix, items: Sequence[str], *, min_share: float = 0.5
) -> Matrix:
    """Mean of each person's answers to the items of a scale, (n,), after keying.

    NaN for a person who answered fewer than `min_share` of the items, or none.
    """
    if not 0 <= min_share <= 1:
        raise ValueError(f"min_share must lie between 0 and 1, not {min_share}.")
    part = data.select(items)
    if not part.p:
        raise TooFewData("needs-items", statistic="mean", needs=1, has=0)
    values = part.values()
    answered = (~np.isnan(values)).sum(axis=1)
    total = np.nansum(values, axis=1)
    enough = answered >= max(min_share * part.p, 1)
    scores: Matrix = np.where(enough, total / np.maximum(answered, 1), np.nan)
    return scores


def mean_interval(values: Matrix, confidence: float = 0.95) -> Estimate:
    r"""Mean of (n,) values without the NaN: :math:`\bar x \pm t_{n-1}\, s/\sqrt n`.

    Raises
    ------
    TooFewData
        Fewer than two values.

    References
    ----------
    Student (1908), Biometrika 6, doi:10.1093/biomet/6.1.1.
    """
    check_confidence(confidence)
    values = np.asarray(values, dtype=np.float64)
    present = values[~np.isnan(values)]
    n = len(present)
    if n < 2:
        raise TooFewData("needs-answers", statistic="mean", needs=2, has=n)
    mean = float(present.mean())
    t = t_quantile((1 + confidence) / 2, n - 1)
    half = float(t * present.std(ddof=1) / np.sqrt(n))
    method = f"mean, {100 * confidence:g} % t interval"
    return Estimate(mean, mean - half, mean + half, n, method, confidence)


def correlate(x: Matrix, y: Matrix, *, confidence: float = 0.95) -> Correlation:
    """Correlate two (n,) variables over the rows in which neither is NaN.

    Raises
    ------
    TooFewData
        Fewer than four such rows.
    NotDefined
        One of the variables does not vary.

    References
    ----------
    Fisher (1921), Metron 1, 3-32: the interval.
    Spearman (1904), American Journal of Psychology 15, doi:10.2307/1412159.
    """
    check_confidence(confidence)
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"Two (n,) arrays are needed, not {x.shape} and {y.shape}.")
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    n = len(x)
    if n < 4:
        raise TooFewData("needs-answers", statistic="correlation", needs=4, has=n)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise NotDefined("no-variance", statistic="correlation")
    r = _pearson(x, y)
    low, high = fisher_interval(r, n, confidence)
    return Correlation(
        r=r,
        low=low,
        high=high,
        p=correlation_p(r, n),
        spearman=_pearson(_mean_ranks(x), _mean_ranks(y)),
        n=n,
        confidence=confidence,
        method=f"Pearson, {100 * confidence:g} % Fisher interval; Spearman, mean ranks",
    )


def disattenuate(r: float, reliability_x: float, reliability_y: float) -> Disattenuated:
    r"""Correct a correlation for unreliability, :math:`r/\sqrt{r_{xx} r_{yy}}`.

    Raises
    ------
    NotDefined
        A reliability is zero or below.

    References
    ----------
    Spearman (1904), American Journal of Psychology 15, doi:10.2307/1412159.
    """
    if reliability_x <= 0 or reliability_y <= 0:
        raise NotDefined("no-reliability")
    estimate = float(r / np.sqrt(reliability_x * reliability_y))
    return Disattenuated(estimate, above_one=abs(estimate) > 1)


def _pearson(x: Matrix, y: Matrix) -> float:
    x, y = x - x.mean(), y - y.mean()
    r = float(x @ y / np.sqrt((x @ x) * (y @ y)))
    return min(max(r, -1.0), 1.0)


def _mean_ranks(x: Matrix) -> Matrix:
    """Ranks 1..n of (n,) values, equal values sharing the mean of their ranks."""
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Matrix = (last - (counts - 1) / 2)[inverse]
    return ranks
