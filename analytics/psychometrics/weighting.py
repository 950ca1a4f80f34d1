"""Weights that let the people who answered stand for those who were invited.

They mend only what goes with the groups they are made from, and they widen intervals:
so the effective number of answers always stands beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix, require_unique
from analytics.psychometrics.distributions import t_quantile
from analytics.psychometrics.errors import NotConverged, NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import MissingRule, Moments

Groups = NDArray[np.int64]

_TOLERANCE = 1e-10
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """One weight a person.

    Attributes
    ----------
    values : (n,) float64, read-only
        Mean 1.
    trimmed : int
        People whose weight was cut at the bound.
    bound : float or None
        Largest weight that was allowed, in multiples of the mean.
    rounds : int
        Passes over the margins; 1 for cells.
    """

    values: Matrix
    trimmed: int
    bound: float | None
    rounds: int

    def __post_init__(self) -> None:
        self.values.setflags(write=False)


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """What unequal weights cost.

    Attributes
    ----------
    n : int
        Answers.
    effective_n : float
        Equally weighted answers that would tell as much.
    design_effect : float
        n / effective_n = 1 + squared coefficient of variation of the weights.
    """

    n: int
    effective_n: float
    design_effect: float


def poststratification_weights(
    groups: Groups, population: Sequence[float], *, bound: float | None = None
) -> Weights:
    r"""Weights by the cells of one division, :math:`w_g = (N_g/N) / (n_g/n)`.

    Parameters
    ----------
    groups : (n,) whole numbers
        The group of each person, a place in `population`.
    population : sequence of g numbers
        How many people each group has, or its share.
    bound : float, optional
        Weights above this multiple of the mean are cut to it, and what is cut off goes
        to the others in proportion, until none exceeds it.

    Raises
    ------
    NotDefined
        A group of the population has no answers.

    References
    ----------
    Holt & Smith (1979), Journal of the Royal Statistical Society A 142,
    doi:10.2307/2344652. Potter & Zheng (2015), Proceedings of the Survey Research
    Methods Section: trimming.
    """
    return rake([groups], [population], bound=bound)


def rake(
    margins: Sequence[Groups],
    populations: Sequence[Sequence[float]],
    *,
    bound: float | None = None,
) -> Weights:
    """Weights whose totals meet each of several margins, by proportional fitting.

    Each margin in turn is brought to its population until none is off by more than
    1e-10 of the total; with one margin that is post-stratification.

    Parameters
    ----------
    margins : sequence of (n,) whole numbers
        The group of each person by each margin.
    populations : sequence of sequences
        The size, or share, of every group, for each margin.
    bound : float, optional
        As in `poststratification_weights`; the margins are then met only nearly.

    Raises
    ------
    NotDefined
        A group of a population has no answers.
    NotConverged
        The margins contradict one another.

    References
    ----------
    Deming & Stephan (1940), Annals of Mathematical Statistics 11,
    doi:10.1214/aoms/1177731829.
    """
    if len(margins) != len(populations) or not margins:
        raise ValueError("Every margin needs its population, and there must be one.")
    shares = [_shares(g, p) for g, p in zip(margins, populations, strict=True)]
    n = len(margins[0])
    weights, rounds = np.ones(n), 0
    while _off(margins, shares, weights) >= _TOLERANCE or not rounds:
        if (rounds := rounds + 1) > _MOST_ROUNDS:
            raise NotConverged("margins-disagree")
        for groups, share in zip(margins, shares, strict=True):
            total = np.bincount(groups, weights=weights, minlength=len(share))
            factor = np.divide(
                n * share, total, out=np.zeros(len(share)), where=total > 0
            )
            weights = weights * factor[groups]
    values, trimmed = (weights, 0) if bound is None else _trimmed(weights, bound)
    return Weights(values, trimmed, bound, rounds)


def design_effect(weights: Matrix) -> DesignEffect:
    r"""Kish's effective size, :math:`(\sum w)^2 / \sum w^2`, and n over it.

    References
    ----------
    Kish (1965), Survey Sampling, section 11.7; (1992), Journal of Official Statistics
    8, 183-200.
    """
    n = len(weights)
    if n < 1:
        raise TooFewData("needs-answers", statistic="weighting", needs=1, has=n)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    return DesignEffect(n, effective, n / effective)


def weighted_mean(
    values: Matrix, weights: Matrix, strata: Groups, *, confidence: float = 0.95
) -> Estimate:
    r"""Weighted mean with its linearised standard error within strata.

    With :math:`z_i = w_i (y_i - \bar y_w) / \sum w` and z-bar the mean of a stratum's z

    .. math:: \operatorname{var} = \sum_h \frac{n_h}{n_h - 1} \sum_{i \in h}
       (z_i - \bar z_h)^2

    and a t interval with n - H degrees of freedom: Taylor's linearisation, which R's
    survey computes for a stratified design without finite population correction. With
    post-stratification weights and their groups as strata it is
    :math:`\sum_h (N_h/N)^2 s_h^2 / n_h`. The weights are taken as known.

    Parameters
    ----------
    values : (n,) float, NaN where missing; weights : (n,); strata : (n,) whole numbers

    Raises
    ------
    TooFewData
        Fewer than two values, or a stratum with a single one.

    References
    ----------
    Binder (1983), International Statistical Review 51, doi:10.2307/1402588.
    """
    check_confidence(confidence)
    there = ~np.isnan(values)
    y, w, h = values[there], weights[there], strata[there]
    n = len(y)
    if n < 2:
        raise TooFewData("needs-answers", statistic="mean", needs=2, has=n)
    names, place, sizes = np.unique(h, return_inverse=True, return_counts=True)
    if (sizes < 2).any():
        lone = int(names[(sizes < 2).argmax()])
        raise TooFewData("lone-stratum", item=str(lone))
    mean = float(w @ y / w.sum())
    z = w * (y - mean) / w.sum()
    centred = z - (np.bincount(place, weights=z) / sizes)[place]
    within = np.bincount(place, weights=centred**2)
    error = float(np.sqrt((sizes / (sizes - 1) * within).sum()))
    half = t_quantile((1 + confidence) / 2, n - len(sizes)) * error
    method = (
        f"weighted mean, {100 * confidence:g} % t interval, linearised within strata"
    )
    return Estimate(mean, mean - half, mean + half, n, method, confidence)


def weighted_moments(
    values: Matrix, items: Sequence[str], weights: Matrix, *, missing: MissingRule
) -> Moments:
    r"""Weighted means, covariances and correlations.

    :math:`\bar x = \sum w x / \sum w` and :math:`c_{jk} = \frac{n}{n - 1} \sum w (x_j -
    \bar x_j)(x_k - \bar x_k) / \sum w` over the n rows that answered both, as R's
    survey; equal weights give `moments`. `n` and `pair_n` are Kish's effective numbers
    :math:`(\sum w)^2 / \sum w^2`, rounded down, so that every interval made from them
    allows for the weights.

    Parameters
    ----------
    values : (n, p) float64, NaN = missing
    weights : (n,) positive numbers

    References
    ----------
    Kish (1965), Survey Sampling, section 11.7.
    """
    require_unique(items)
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(items):
        raise ValueError(f"values must be (n, {len(items)}), not {x.shape}.")
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (len(x),) or not (w > 0).all():
        raise ValueError("Everybody needs one weight above zero.")
    if missing == "listwise":
        complete = ~np.isnan(x).any(axis=1)
        x, w = x[complete], w[complete]
    there = (~np.isnan(x)).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        origin = (w @ np.where(there > 0, x, 0.0)) / (w @ there)
        y = np.where(there > 0, x - origin, 0.0)
        weighted = w[:, None] * y
        total, counts = there.T @ (w[:, None] * there), there.T @ there
        effective = total**2 / (there.T @ (w[:, None] ** 2 * there))
        centre = weighted.T @ there / total
        square = (weighted * y).T @ there / total
        spread = square - centre**2
        spread[spread <= 64 * np.finfo(np.float64).eps * square] = 0.0
        cross = weighted.T @ y / total - centre * centre.T
        covariance = cross * counts / (counts - 1)
        correlation = cross / np.sqrt(spread * spread.T)
    at = np.arange(len(items))
    covariance[at, at] = np.diag(spread * counts / np.maximum(counts - 1, 1))
    covariance[counts < 2] = np.nan
    flat = spread == 0
    correlation[flat | flat.T | (counts < 2)] = np.nan
    correlation[at, at] = np.where(np.isnan(np.diag(correlation)), np.nan, 1.0)
    pair_n = np.floor(np.nan_to_num(effective) + 1e-9).astype(np.int64)
    return Moments(
        items=tuple(items),
        mean=origin,
        covariance=covariance,
        correlation=np.clip(correlation, -1, 1),
        pair_n=pair_n,
        n=int(pair_n.min()) if pair_n.size else 0,
        rule=missing,
    )


def _shares(groups: Groups, population: Sequence[float]) -> Matrix:
    """Shares of the population, each with answers behind it."""
    sizes = np.asarray(population, dtype=np.float64)
    if (sizes < 0).any() or sizes.sum() <= 0:
        raise ValueError("A population has people, and no group has less than none.")
    if len(groups) and (groups.min() < 0 or groups.max() >= len(sizes)):
        raise ValueError("Every person's group must be a place in the population.")
    answered = np.bincount(groups, minlength=len(sizes))
    empty = (answered == 0) & (sizes > 0)
    if empty.any():
        raise NotDefined("empty-stratum", item=str(int(empty.argmax())))
    if ((answered > 0) & (sizes == 0)).any():
        raise ValueError("Somebody answered from a group without people.")
    shares: Matrix = sizes / sizes.sum()
    return shares


def _off(margins: Sequence[Groups], shares: Sequence[Matrix], weights: Matrix) -> float:
    """Largest distance of a weighted margin from its population, as a share."""
    n = len(weights)
    return max(
        float(
            np.abs(
                np.bincount(groups, weights=weights, minlength=len(share)) / n - share
            ).max()
        )
        for groups, share in zip(margins, shares, strict=True)
    )


def _trimmed(weights: Matrix, bound: float) -> tuple[Matrix, int]:
    """Cut weights at `bound` times their mean of 1; the sum stays."""
    if bound <= 1:
        raise ValueError(f"A bound must lie above the mean weight of 1, not {bound}.")
    kept, cut = weights.copy(), np.zeros(len(weights), dtype=bool)
    while (over := (kept > bound * (1 + 1e-12)) & ~cut).any():
        cut |= over
        rest = len(kept) - bound * cut.sum()
        kept[cut] = bound
        kept[~cut] *= rest / kept[~cut].sum()
    return kept, int(cut.sum())
