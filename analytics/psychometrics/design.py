r"""Means, differences and correlations of people in teams, or weighted.

Every statistic here is a smooth function of weighted means and covariances. Its
linearisation gives each person a value :math:`u_i` (mean 0), and with sums of weights
W, people n and teams G

.. math:: \operatorname{var} = \frac{G}{G - 1} \sum_g
   \Bigl(\sum_{i \in g} \frac{w_i u_i}{W}\Bigr)^2, \quad
   \operatorname{deff} = \frac{\operatorname{var}}{\sum w_i u_i^2 / (W (n - 1))}

the sandwich known as CR1 with the factor G/(G - 1), and the design effect: how many
times the variance of as many independent people. Without teams everybody is a team of
one. Intervals take t with G - 1 degrees of freedom. Weights are taken as known.

References
----------
Binder (1983), International Statistical Review 51, doi:10.2307/1402588; Kish (1965),
Survey Sampling, section 8.2; Liang & Zeger (1986), Biometrika 73,
doi:10.1093/biomet/73.1.13; Cameron & Miller (2015), Journal of Human Resources 50,
doi:10.3368/jhr.50.2.317 (few teams).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import t_quantile
from analytics.psychometrics.errors import NotDefined, Reason, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

FEWEST_CLUSTERS: Final = 20
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """How n people came into the sample.

    Attributes
    ----------
    clusters : (n,) names of teams, or None
        None: everybody alone.
    weights : (n,) positive numbers, or None
        In any unit.
    """

    clusters: Sequence[Any] | NDArray[Any] | None = None
    weights: Matrix | None = None

    def people(self, n: int) -> tuple[NDArray[np.intp], Matrix]:
        """Return the numbers of everybody's team, and the weights.

        Raises
        ------
        ValueError
            Not one team and one positive weight for each of n people.
        """
        teams: NDArray[np.intp] = np.arange(n)
        if self.clusters is not None:
            names = np.asarray(self.clusters)
            if names.shape != (n,):
                raise ValueError("Everybody needs the name of one team.")
            teams = np.unique(names, return_inverse=True)[1]
        if self.weights is None:
            return teams, np.ones(n)
        w = np.asarray(self.weights, dtype=np.float64)
        if w.shape != (n,) or not (w > 0).all():
            raise ValueError("Everybody needs one weight above zero.")
        return teams, w


@dataclass(frozen=True, slots=True)
class DesignEstimate:
    """An estimate whose interval allows for teams and weights.

    Attributes
    ----------
    estimate : Estimate
        Its `n` counts people.
    error : float
        Standard error of the estimate itself.
    df : int
        Teams less one.
    clusters : int
        Teams; people, where nobody has a team.
    design_effect : float
        Variance over that of as many independent, equally weighted people.
    effective_n : float
        n over the design effect.
    warnings : tuple of Reason
        Teams that are too few.
    """

    estimate: Estimate
    error: float
    df: int
    clusters: int
    design_effect: float
    effective_n: float
    warnings: tuple[Reason, ...]


def design_mean(
    values: Matrix, design: Design, *, confidence: float = 0.95
) -> DesignEstimate:
    r"""Weighted mean; :math:`u_i = y_i - \bar y`, interval with t(G - 1).

    Parameters
    ----------
    values : (n,) float64, NaN = missing

    Raises
    ------
    TooFewData
        Fewer than two people or two teams.
    NotDefined
        All values are the same.
    """
    y, teams, w = _rows(np.asarray(values, dtype=np.float64)[:, None], design, "mean")
    mean = float(w @ y[:, 0] / w.sum())
    u = y[:, 0] - mean
    return design_estimate(mean, u, teams, w, Straight(), "mean", confidence)


def design_difference(
    values: Matrix,
    second: NDArray[np.bool_],
    design: Design,
    *,
    confidence: float = 0.95,
) -> DesignEstimate:
    r"""Mean of the second group of rows less that of the first.

    Two segments, or two waves whose people are not linked. A team with people on both
    sides counts once, so what it keeps from one wave to the next cancels:
    :math:`u_i = \pm (y_i - \bar y_s) W / W_s`.

    Parameters
    ----------
    values : (n,) float64, NaN = missing
    second : (n,) bool
        Rows of the second group.

    Raises
    ------
    TooFewData
        Fewer than two people on a side, or fewer than two teams.
    NotDefined
        All values of each side are the same.
    """
    every = np.asarray(values, dtype=np.float64)
    columns = np.column_stack([every, np.asarray(second, dtype=np.float64)])
    rows, teams, w = _rows(columns, design, "mean-change")
    y, later = rows[:, 0], rows[:, 1] > 0
    fewest = int(min(later.sum(), (~later).sum()))
    if fewest < 2:
        raise TooFewData("needs-answers", statistic="mean-change", needs=2, has=fewest)
    sums = np.where(later, w[later].sum(), w[~later].sum())
    means = [float(w[side] @ y[side] / w[side].sum()) for side in (~later, later)]
    own = np.where(later, y - means[1], means[0] - y)
    u = own * (w.sum() / sums)
    simple = sum(
        float(w[side] @ own[side] ** 2 / w[side].sum() / (side.sum() - 1))
        for side in (~later, later)
    )
    return design_estimate(
        means[1] - means[0],
        u,
        teams,
        w,
        Straight(),
        "mean-change",
        confidence,
        simple=simple,
    )


def design_correlation(
    x: Matrix, y: Matrix, design: Design, *, confidence: float = 0.95
) -> DesignEstimate:
    r"""Weighted Pearson correlation over the rows that have both.

    :math:`u_i = z_x z_y - \tfrac r2 (z_x^2 + z_y^2)`; the interval is symmetric in
    Fisher's z, whose error is that of r over :math:`1 - r^2`.

    Parameters
    ----------
    x, y : (n,) float64, NaN = missing

    Raises
    ------
    TooFewData
        Fewer than four people or two teams.
    NotDefined
        A variable is constant, or one determines the other.
    """
    both = np.column_stack([x, y]).astype(np.float64)
    rows, teams, w = _rows(both, design, "correlation", fewest=4)
    z = _standardized(rows, w, "correlation")
    r = float(w @ (z[:, 0] * z[:, 1]) / w.sum())
    if abs(r) >= 1 - _ROUNDING:
        raise NotDefined("singular", statistic="correlation")
    u = z[:, 0] * z[:, 1] - r / 2 * (z[:, 0] ** 2 + z[:, 1] ** 2)
    return design_estimate(r, u, teams, w, Fisher(), "correlation", confidence)


class Straight:
    """The scale of the statistic itself."""

    name = "t interval"

    def ends(self, value: float, half: float) -> tuple[float, float]:
        return value - half, value + half


class Fisher:
    """The scale of artanh r."""

    name = "Fisher's z with t"

    def ends(self, value: float, half: float) -> tuple[float, float]:
        z, moved = np.arctanh(value), half / (1 - value**2)
        return float(np.tanh(z - moved)), float(np.tanh(z + moved))


class Complement:
    """The scale of log(1 - reliability)."""

    name = "log(1 - x) with t"

    def ends(self, value: float, half: float) -> tuple[float, float]:
        left = 1 - value
        return (
            float(1 - left * np.exp(half / left)),
            float(1 - left * np.exp(-half / left)),
        )


Scale = Straight | Fisher | Complement


def _rows(
    values: Matrix, design: Design, statistic: str, *, fewest: int = 2
) -> tuple[Matrix, NDArray[np.intp], Matrix]:
    """Rows without a gap, their teams and weights."""
    teams, w = design.people(len(values))
    there = ~np.isnan(values).any(axis=1)
    n = int(there.sum())
    if n < fewest:
        raise TooFewData("needs-answers", statistic=statistic, needs=fewest, has=n)
    return values[there], teams[there], w[there]


def _standardized(x: Matrix, w: Matrix, statistic: str) -> Matrix:
    """Columns of weighted mean 0 and variance 1 (divisor: sum of weights)."""
    centred = x - w @ x / w.sum()
    sd = np.sqrt(w @ centred**2 / w.sum())
    if (sd <= _ROUNDING * np.maximum(1.0, np.abs(x).max(axis=0))).any():
        raise NotDefined("no-variance", statistic=statistic)
    scaled: Matrix = centred / sd
    return scaled


def design_estimate(
    value: float,
    u: Matrix,
    teams: NDArray[np.intp],
    w: Matrix,
    scale: Scale,
    statistic: str,
    confidence: float,
    *,
    simple: float | None = None,
) -> DesignEstimate:
    """Sum the linearised values by team; `simple` is the variance without design."""
    check_confidence(confidence)
    value = float(value)
    n, W = len(u), float(w.sum())
    totals = np.bincount(teams, weights=w * u / W)
    count = len(np.unique(teams))
    if count < 2:
        raise TooFewData("needs-groups", statistic=statistic, needs=2, has=count)
    variance = count / (count - 1) * float(totals @ totals)
    alone = float(w @ u**2 / W / (n - 1)) if simple is None else simple
    if alone <= _ROUNDING**2 * max(1.0, value**2):
        raise NotDefined("no-variance", statistic=statistic)
    error = float(np.sqrt(variance))
    low, high = scale.ends(value, t_quantile((1 + confidence) / 2, count - 1) * error)
    grouped = count < n
    rule = f"CR1 sandwich over {count} teams" if grouped else "linearised"
    return DesignEstimate(
        estimate=Estimate(
            value,
            low,
            high,
            n,
            f"{rule}, {100 * confidence:g} % {scale.name}",
            confidence,
        ),
        error=error,
        df=count - 1,
        clusters=count,
        design_effect=variance / alone,
        effective_n=n * alone / variance if variance > 0 else float(n),
        warnings=few_clusters(count) if grouped else (),
    )


def few_clusters(count: int) -> tuple[Reason, ...]:
    """Warn below `FEWEST_CLUSTERS` teams, where robust errors come out too small."""
    if count >= FEWEST_CLUSTERS:
        return ()
    return (Reason("few-clusters", {"has": count, "needs": FEWEST_CLUSTERS}),)
