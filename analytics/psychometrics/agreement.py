"""Whether the members of a group agree, so that one number may stand for the group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined, Reason, TooFewData
from analytics.psychometrics.moments import MissingRule

Null = Literal["uniform", "slightly-skewed", "triangular"]

# Variances of the null distributions by number of points, LeBreton & Senter (2008),
# table 2, to the two decimals of the source. Taken over at second hand: those for five
# points follow from published proportions (a test), the others are not recomputed.
_PUBLISHED: dict[Null, dict[int, float]] = {
    "slightly-skewed": {
        5: 1.34, 6: 1.85, 7: 2.90, 8: 3.47, 9: 5.66, 10: 6.30, 11: 7.31,
    },
    "triangular": {
        5: 1.32, 6: 1.45, 7: 2.10, 8: 2.81, 9: 3.00, 10: 2.89, 11: 3.32,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """Agreement within one group; None with a reason where it does not exist.

    Attributes
    ----------
    group : str
    n : int
        Members with an answer (pairwise) or with all answers (listwise).
    rwg : float or None
        rwg of one item, rwg(j) of several; between 0 and 1.
    r_star : float or None
        Lindell's r*wg(j): linear in the variance, negative above the null variance.
    ad_mean, ad_median : float or None
        Average deviation from the mean and from the median, in points of the scale.
    above_null : bool
        Whether the answers vary more than the null distribution: rwg is then set to 0.
    reason : Reason or None
    """

    group: str
    n: int
    rwg: float | None
    r_star: float | None
    ad_mean: float | None
    ad_median: float | None
    above_null: bool
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement within many groups.

    Attributes
    ----------
    groups : tuple of GroupAgreement
        In ascending order of the labels as they were given.
    rwg_mean, rwg_median, r_star_mean, ad_mean, ad_median : float
        Over the groups that have a value, each group counting once. `ad_median` is
        the mean over groups of the deviation from the median.
    n_groups : int
        Groups that have a value.
    n_above_null : int
        Those of them in which rwg was set to 0.
    n_items, points : int
    null : "uniform", "slightly-skewed" or "triangular"
    null_variance : float
    method : str
    """

    groups: tuple[GroupAgreement, ...]
    rwg_mean: float
    rwg_median: float
    r_star_mean: float
    ad_mean: float
    ad_median: float
    n_groups: int
    n_above_null: int
    n_items: int
    points: int
    null: Null
    null_variance: float
    method: str


def null_variance(points: int, null: Null) -> float:
    r"""Variance of answers that say nothing, on a scale of so many points.

    Uniform: :math:`(A^2 - 1)/12`. The others are the published values, which exist
    for 5 to 11 points and are rounded to two decimals.

    Raises
    ------
    NotDefined
        No value is published for this number of points.

    References
    ----------
    James, Demaree & Wolf (1984), Journal of Applied Psychology 69,
    doi:10.1037/0021-9010.69.1.85.
    LeBreton & Senter (2008), Organizational Research Methods 11,
    doi:10.1177/1094428106296642, table 2.
    """
    if points < 2:
        raise ValueError(f"A scale has at least 2 points, not {points}.")
    if null == "uniform":
        return (points**2 - 1) / 12
    published = _PUBLISHED[null]
    if points not in published:
        low, high = min(published), max(published)
        raise NotDefined(
            "no-null", statistic="agreement", low=low, high=high, value=points
        )
    return published[points]


def agreement(
    data: ResponseMatrix | Matrix,
    groups: Sequence[str] | Sequence[int],
    *,
    null: Null,
    missing: MissingRule,
    points: int | None = None,
) -> Agreement:
    r"""Agreement within each group on J items: rwg(j), r*wg(j), average deviation.

    .. math:: r_{wg(J)} = \frac{J (1 - v)}{J (1 - v) + v}, \qquad
       r^*_{wg(J)} = 1 - v, \qquad v = \bar{s}^2 / \sigma_E^2

    with the mean of the items' variances in the group (divisor n - 1) and the null
    variance. For one item both are rwg. Above the null variance rwg is 0, the
    convention of James et al.; r* is left negative. The average deviation is the mean
    of :math:`|x - \bar x|` (or from the median) over members, then over items.

    Parameters
    ----------
    data : ResponseMatrix, or (n,) or (n, J) float64 with NaN = missing
    groups : sequence of n str or int
        The group of each row.
    null : "uniform", "slightly-skewed" or "triangular"
    missing : "pairwise" or "listwise"
        Each item over the members who answered it; or only members with all answers.
    points : int
        Number of points of the items; taken from a ResponseMatrix.

    Raises
    ------
    TooFewData, NotDefined
        No group with two members; items with different numbers of points; no null
        variance for this scale.

    References
    ----------
    James, Demaree & Wolf (1984), doi:10.1037/0021-9010.69.1.85, eqs 1 and 3.
    Lindell, Brandt & Whitney (1999), Applied Psychological Measurement 23,
    doi:10.1177/01466219922031257.
    Burke, Finkelstein & Dusig (1999), Organizational Research Methods 2,
    doi:10.1177/109442819921004: average deviation.
    """
    values, points = _values_and_points(data, points)
    variance = null_variance(points, null)
    if missing == "listwise":
        values = np.where(np.isnan(values).any(axis=1, keepdims=True), np.nan, values)
    names, at = group_index(groups, len(values))
    by_group = np.split(
        values[np.argsort(at, kind="stable")], np.cumsum(np.bincount(at))[:-1]
    )
    found = tuple(
        _one_group(name, part, variance)
        for name, part in zip(names, by_group, strict=True)
    )
    return _summary(found, values.shape[1], points, null, variance, missing)


def _values_and_points(
    data: ResponseMatrix | Matrix, points: int | None
) -> tuple[Matrix, int]:
    if not isinstance(data, ResponseMatrix):
        if points is None:
            raise ValueError("A plain array needs the number of points of its items.")
        values = np.asarray(data, dtype=np.float64)
        return (values[:, None] if values.ndim == 1 else values), points
    if not data.p:
        raise TooFewData("needs-items", statistic="agreement", needs=1, has=0)
    first = data.items[0]
    for item in data.items:
        if item.n_categories != first.n_categories:
            raise NotDefined(
                "unequal-scales",
                statistic="agreement",
                first=first.code,
                second=item.code,
            )
    if points not in (None, first.n_categories):
        raise ValueError(f"The items have {first.n_categories} points, not {points}.")
    return data.values(), first.n_categories


def group_index(
    groups: Sequence[str] | Sequence[int], n: int
) -> tuple[list[str], NDArray[np.intp]]:
    """Names of the groups in ascending order, and the place of each row's group."""
    labels = np.asarray(groups)
    if labels.shape != (n,):
        raise ValueError(f"{n} rows need as many groups, not {labels.shape}.")
    names, at = np.unique(labels, return_inverse=True)
    return [str(name) for name in names], at


def _one_group(name: str, values: Matrix, variance: float) -> GroupAgreement:
    """Agreement of the (n, J) values of one group; NaN = missing."""
    answered = (~np.isnan(values)).sum(axis=0)
    n = int((~np.isnan(values)).any(axis=1).sum())
    if not (answered >= 2).all():
        has = int(answered.min(initial=n))
        reason = Reason(
            "needs-answers", {"statistic": "agreement", "needs": 2, "has": has}
        )
        return GroupAgreement(name, n, None, None, None, None, False, reason)
    v = float(np.nanvar(values, axis=0, ddof=1).mean()) / variance
    return GroupAgreement(
        group=name,
        n=n,
        rwg=_rwg(v, values.shape[1]),
        r_star=1 - v,
        ad_mean=_average_deviation(values, np.nanmean(values, axis=0)),
        ad_median=_average_deviation(values, np.nanmedian(values, axis=0)),
        above_null=v > 1,
        reason=None,
    )


def _rwg(v: float, J: int) -> float:
    """James, Demaree & Wolf (1984), eq. 3, for v = observed over null variance."""
    return J * (1 - v) / (J * (1 - v) + v) if v <= 1 else 0.0


def _average_deviation(values: Matrix, centre: Matrix) -> float:
    return float(np.nanmean(np.abs(values - centre), axis=0).mean())


def _summary(
    found: tuple[GroupAgreement, ...],
    n_items: int,
    points: int,
    null: Null,
    variance: float,
    missing: MissingRule,
) -> Agreement:
    table = np.array(
        [
            (one.rwg, one.r_star, one.ad_mean, one.ad_median)
            for one in found
            if one.reason is None
        ],
        dtype=np.float64,
    )
    if not len(table):
        raise TooFewData("groups-of-one", statistic="agreement")
    rwg, r_star, ad_mean, ad_median = (float(mean) for mean in table.mean(axis=0))
    name = "rwg" if n_items == 1 else "rwg(j)"
    return Agreement(
        groups=found,
        rwg_mean=rwg,
        rwg_median=float(np.median(table[:, 0])),
        r_star_mean=r_star,
        ad_mean=ad_mean,
        ad_median=ad_median,
        n_groups=len(table),
        n_above_null=sum(one.above_null for one in found),
        n_items=n_items,
        points=points,
        null=null,
        null_variance=variance,
        method=f"{name}, {null} null distribution, variance {variance:g}, {missing}",
    )
