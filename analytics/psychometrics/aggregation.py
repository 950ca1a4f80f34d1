"""How much of the variance of answers lies between groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from analytics.psychometrics.agreement import group_index
from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import f_quantile, f_sf
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

IccMethod = Literal["anova", "anova-unbiased", "reml"]

_GRID = 200
_METHODS: dict[IccMethod, str] = {
    "anova": "ANOVA with the mean group size",
    "anova-unbiased": "ANOVA with Searle's group size",
    "reml": "REML, random intercepts",
}


@dataclass(frozen=True, slots=True)
class Icc:
    """Intraclass correlations of a one-way layout with random groups.

    Attributes
    ----------
    icc1 : Estimate
        Share of the variance that lies between groups; also the correlation of two
        members of one group.
    icc2 : Estimate
        Reliability of the mean of a group of `mean_size` members.
    f, p : float
        Test of no variance between groups, and its upper tail.
    df_between, df_within : int
    ms_between, ms_within : float
        Mean squares of the one-way analysis of variance.
    group_size : float
        Group size that the estimate of the variance between groups used.
    mean_size : float
    n, n_groups : int
    n_single : int
        Groups with one member: they tell about the groups' means, not about the
        variance within.
    at_boundary : bool
        Whether REML put the variance between groups at zero.
    method : str
    """

    icc1: Estimate
    icc2: Estimate
    f: float
    p: float
    df_between: int
    df_within: int
    ms_between: float
    ms_within: float
    group_size: float
    mean_size: float
    n: int
    n_groups: int
    n_single: int
    at_boundary: bool
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """Sizes, means and sums of squares of g groups: all that the estimates need."""

    size: Matrix
    mean: Matrix
    within: float
    between: float

    @property
    def n(self) -> int:
        return int(self.size.sum())

    @property
    def df_between(self) -> int:
        return len(self.size) - 1

    @property
    def df_within(self) -> int:
        return self.n - len(self.size)

    @property
    def ms_between(self) -> float:
        return self.between / self.df_between

    @property
    def ms_within(self) -> float:
        return self.within / self.df_within


def icc(
    values: Matrix,
    groups: Sequence[str] | Sequence[int],
    *,
    method: IccMethod,
    confidence: float = 0.95,
) -> Icc:
    r"""ICC(1) and ICC(2) of (n,) values in groups, with their intervals.

    .. math:: ICC(1) = \frac{MSB - MSW}{MSB + (k - 1) MSW}, \qquad
       ICC(2) = \frac{\bar k\, ICC(1)}{1 + (\bar k - 1)\, ICC(1)}

    with k the mean group size :math:`\bar k = n/g` ("anova", the convention of
    multilevel::ICC1; ICC(2) is then (MSB - MSW)/MSB) or Searle's :math:`k = (n -
    \sum n_i^2 / n)/(g - 1)` ("anova-unbiased", whose variance components are
    unbiased). "reml" maximises the restricted likelihood and cannot be negative; the
    other two can: members of one group are then less alike than people at large. For
    groups of one size the three agree, unless they are negative.

    The interval is Wald's, exact for normal data and any group sizes, and the same for
    the three methods; its ends may be negative.

    Parameters
    ----------
    values : (n,) float64, NaN = missing
    groups : sequence of n str or int
        The group of each value.
    method : "anova", "anova-unbiased" or "reml"

    Raises
    ------
    TooFewData
        Fewer than two groups, or only groups of one.
    NotDefined
        No variance within the groups; or none at all between their means, for which
        ICC(2) would be minus infinity.

    References
    ----------
    Bartko (1976), Psychological Bulletin 83, doi:10.1037/0033-2909.83.5.762; Bliese
    (2000), in Klein & Kozlowski (eds), Multilevel theory, research, and methods in
    organizations, 349-381.
    Wald (1940), Annals of Mathematical Statistics 11, doi:10.1214/aoms/1177731825.
    Searle, Casella & McCulloch (1992), Variance Components, sections 3.6 and 3.8.
    """
    check_confidence(confidence)
    layout = _layout(np.asarray(values, dtype=np.float64), groups)
    ratio, size = _variance_ratio(layout, method)
    mean_size = layout.n / len(layout.size)
    low, high = _wald_interval(layout, confidence)
    words = f"{_METHODS[method]}, {100 * confidence:g} % Wald interval"

    def estimate(share: Callable[[float], float]) -> Estimate:
        ends = (share(low), share(high))
        return Estimate(share(ratio), *ends, layout.n, words, confidence)

    f = layout.ms_between / layout.ms_within
    return Icc(
        icc1=estimate(lambda x: x / (1 + x)),
        icc2=estimate(lambda x: mean_size * x / (1 + mean_size * x)),
        f=f,
        p=f_sf(f, layout.df_between, layout.df_within),
        df_between=layout.df_between,
        df_within=layout.df_within,
        ms_between=layout.ms_between,
        ms_within=layout.ms_within,
        group_size=size,
        mean_size=mean_size,
        n=layout.n,
        n_groups=len(layout.size),
        n_single=int((layout.size == 1).sum()),
        at_boundary=method == "reml" and ratio == 0,
        method=words,
    )


def _layout(values: Matrix, groups: Sequence[str] | Sequence[int]) -> _Layout:
    """Sum up the groups that have a value, or say why they cannot be compared."""
    if values.ndim != 1:
        raise ValueError(f"(n,) values are needed, not {values.shape}.")
    _, at = group_index(groups, len(values))
    present = ~np.isnan(values)
    x, at = values[present], np.unique(at[present], return_inverse=True)[1]
    size = np.bincount(at).astype(np.float64)
    if len(size) < 2:
        raise TooFewData("needs-groups", statistic="icc", needs=2, has=len(size))
    if (size == 1).all():
        raise TooFewData("groups-of-one", statistic="icc")
    if np.ptp(x) == 0:
        raise NotDefined("no-variance", statistic="icc")
    x = x - x.mean()
    mean = np.bincount(at, x) / size
    within = float(np.square(x - mean[at]).sum())
    if within <= np.square(16 * np.finfo(float).eps * np.abs(values[present]).max()):
        raise NotDefined("no-within-variance", statistic="icc")
    if np.ptp(mean) <= 16 * np.finfo(float).eps * np.abs(values[present]).max():
        raise NotDefined("equal-means", statistic="icc")
    return _Layout(size, mean, within, between=float((size * mean**2).sum()))


def _variance_ratio(layout: _Layout, method: IccMethod) -> tuple[float, float]:
    """Variance between over variance within groups, and the group size behind it."""
    n, g = layout.n, len(layout.size)
    if method == "reml":
        return _reml_ratio(layout), n / g
    size = n / g
    if method == "anova-unbiased":
        size = float((n - (layout.size**2).sum() / n) / (g - 1))
    return (layout.ms_between / layout.ms_within - 1) / size, size


def _weighted(layout: _Layout, ratio: float) -> tuple[Matrix, float, float]:
    """Weights of the group means, their weighted squares, their weighted mean.

    A weight is the reciprocal of a mean's variance, ratio + 1/n_i in units of the
    variance within; the squares are about the weighted mean.
    """
    w = layout.size / (1 + ratio * layout.size)
    centre = (w * layout.mean).sum() / w.sum()
    return w, float((w * np.square(layout.mean - centre)).sum()), float(centre)


def _deviance(layout: _Layout, ratio: float) -> float:
    """-2 log restricted likelihood, up to a constant, profiled over the variance."""
    w, spread, _ = _weighted(layout, ratio)
    log_det = np.log1p(ratio * layout.size).sum() + np.log(w.sum())
    return float((layout.n - 1) * np.log(layout.within + spread) + log_det)


def _deviance_slope(layout: _Layout, ratio: float) -> float:
    """Differentiate `_deviance` by the ratio; the centre adds nothing to it."""
    w, spread, centre = _weighted(layout, ratio)
    fall = (w**2 * np.square(layout.mean - centre)).sum()
    return float(
        -(layout.n - 1) * fall / (layout.within + spread)
        + w.sum()
        - (w**2).sum() / w.sum()
    )


def _reml_ratio(layout: _Layout) -> float:
    """Ratio of the variances at the maximum of the restricted likelihood.

    The deviance is searched over a grid of ICC(1) first, because it can have more
    than one minimum when the groups differ much in size.
    """
    from scipy import optimize

    slope = partial(_deviance_slope, layout)
    shares = np.linspace(0, 1, _GRID, endpoint=False)
    ratios = shares / (1 - shares)
    best = int(np.argmin([_deviance(layout, ratio) for ratio in ratios]))
    before = max(best - 1, 0)
    while before and slope(ratios[before]) >= 0:
        before -= 1
    if slope(ratios[before]) >= 0:
        return 0.0
    high = float(ratios[best]) + 1 / _GRID
    while slope(high) < 0:
        high *= 2
    found = optimize.brentq(slope, ratios[before], high, xtol=1e-15, rtol=1e-14)
    return float(found)


def _wald_interval(layout: _Layout, confidence: float) -> tuple[float, float]:
    """Ratios at which the weighted means vary as their F quantiles say.

    Wald (1940): the spread about the weighted mean, over (g - 1) MSW, follows F with
    the degrees of freedom of the analysis of variance at the true ratio, and falls in
    the ratio.
    """
    tails = ((1 + confidence) / 2, (1 - confidence) / 2)
    low, high = (
        _ratio_of_f(layout, f_quantile(tail, layout.df_between, layout.df_within))
        for tail in tails
    )
    return low, high


def _ratio_of_f(layout: _Layout, quantile: float) -> float:
    from scipy import optimize

    def excess(ratio: float) -> float:
        spread = _weighted(layout, ratio)[1]
        return spread / (layout.df_between * layout.ms_within) - quantile

    # below this end the variance of the largest group's mean would be negative
    end = -1 / float(layout.size.max())
    low = end * (1 - 1e-12)
    if excess(low) <= 0:
        return low
    high = 1.0
    while excess(high) > 0:
        high *= 10
    return float(optimize.brentq(excess, low, high, xtol=1e-15, rtol=1e-14))
