r"""Moments of people in teams, or of weighted answers, for robust estimation.

A sandwich needs the spread of the totals that were drawn independently: of teams, not
of people, and of weighted answers. So the products of deviations are weighted and added
up by team before their covariances are taken; everything after that is MLR as always.

References
----------
Binder (1983), International Statistical Review 51, doi:10.2307/1402588; Asparouhov
(2005), Structural Equation Modeling 12, doi:10.1207/s15328007sem1203_4 (weights and
teams in one sandwich); Muthen & Satorra (1995), Sociological Methodology 25,
doi:10.2307/271070.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix, ResponseMatrix, require_unique
from analytics.psychometrics.design import FEWEST_CLUSTERS, few_clusters
from analytics.psychometrics.errors import NotDefined, Reason, TooFewData
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.sem.fourth import FourthMoments
from analytics.psychometrics.sem.ordinal_moments import OrdinalMoments
from analytics.psychometrics.weighting import design_effect

_CHUNK: Final = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class SurveyMoments(FourthMoments):
    """Moments up to the fourth of people in teams, weighted or not.

    `moments` and `gamma` mean what they do in `FourthMoments`, with weighted sums, and
    with the covariance of team totals in `gamma`; `moments.n` counts people.

    Attributes
    ----------
    drift : (p + p(p+1)/2,)
        Mean product of a team's total with its sum of weights.
    size : float
        Mean square of a team's sum of weights, over people; 1 without teams and
        weights. Both matter only where groups share parameters.
    clusters : int or None
        Teams; None where people are independent.
    effective_n : float
        Kish's effective number of answers; n without weights.
    """

    drift: Matrix
    size: float
    clusters: int | None
    effective_n: float

    def select(self, codes: Sequence[str]) -> Self:
        """Return the moments of the named items, in that order."""
        kept = self.places(codes)
        return type(self)(
            self.moments.select(codes),
            self.gamma[np.ix_(kept, kept)],
            self.drift[kept],
            self.size,
            self.clusters,
            self.effective_n,
        )


def survey_moments(
    data: ResponseMatrix | Matrix,
    items: Sequence[str] | None = None,
    *,
    clusters: Sequence[Any] | NDArray[Any] | None,
    weights: Matrix | None,
) -> SurveyMoments:
    r"""Accumulate moments of complete rows by team and weight.

    With weights :math:`w_i` brought to mean 1 over the complete rows, means
    :math:`\bar x = \sum w_i x_i / n`, covariances :math:`\sum w_i (x_i - \bar x)(x_i -
    \bar x)' / (n - 1)` (as R's survey), z the values and products less their weighted
    means, and G teams:

    .. math:: \Gamma = \frac{G}{G - 1} \frac{1}{n} \sum_g
       \Bigl(\sum_{i \in g} w_i z_i\Bigr) \Bigl(\sum_{i \in g} w_i z_i\Bigr)'

    The factor G/(G - 1), known as CR1, is left out where people are independent: then
    it is lavaan's sampling weights with MLR, and without weights `fourth_moments`.

    Parameters
    ----------
    data : ResponseMatrix, or (n, p) float64 with NaN = missing
        A plain array needs the names of its columns in `items`.
    clusters : (n,) names of teams, or None
        People without a team get a name of their own from the caller.
    weights : (n,) positive numbers, or None
        In any unit: they are divided by their mean in each sample.

    Raises
    ------
    TooFewData
        No row is complete, or all are of one team.
    """
    x, names, low = _values(data, items)
    complete = np.asarray(~np.isnan(x).any(axis=1))
    x = x[complete]
    n = len(x)
    if not n:
        raise TooFewData("needs-answers", statistic="sem", needs=len(names) + 1, has=0)
    w = _mean_one(weights, complete)
    teams, starts = np.arange(n), np.arange(n)
    if clusters is not None:
        teams = _numbered(clusters, complete)
        order = np.argsort(teams, kind="stable")
        x, w, teams = x[order], w[order], teams[order]
        starts = np.flatnonzero(np.diff(teams, prepend=-1))
        if len(starts) < 2:
            raise TooFewData("needs-groups", statistic="sem", needs=2, has=len(starts))
    mean = w @ x / n
    x = x - mean
    S = x.T @ (w[:, None] * x) / n
    gram = _gram(x, w, S, starts)
    count = len(starts)
    gram *= (count / (count - 1) if clusters is not None else 1.0) / n
    return SurveyMoments(
        _moments(names, mean + low, S, n),
        gram[:-1, :-1],
        gram[:-1, -1],
        float(gram[-1, -1]),
        count if clusters is not None else None,
        design_effect(w).effective_n,
    )


def require_robust(samples: Mapping[str, object], estimator: str) -> None:
    """Raise NotDefined where an estimator would take teams or weights as nothing."""
    if estimator != "MLR" and any(
        isinstance(one, SurveyMoments) for one in samples.values()
    ):
        raise NotDefined("sem-survey-needs-mlr", item=estimator)


def survey_warnings(samples: Sequence[object]) -> tuple[Reason, ...]:
    """Say that teams are few, once for all samples."""
    counts = [
        one.clusters
        for one in samples
        if isinstance(one, SurveyMoments | OrdinalMoments) and one.clusters is not None
    ]
    fewest = min(counts, default=FEWEST_CLUSTERS)
    return few_clusters(fewest)


def _values(
    data: ResponseMatrix | Matrix, items: Sequence[str] | None
) -> tuple[Matrix, tuple[str, ...], Matrix]:
    """Values about a point that makes them small, their names, and that point."""
    if isinstance(data, ResponseMatrix):
        low = np.array([item.low for item in data.items], dtype=np.float64)
        return data.values() - low, data.item_codes, low
    if items is None:
        raise ValueError("A plain array needs the names of its columns.")
    x = np.asarray(data, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(items):
        raise ValueError(f"values must be (n, {len(items)}), not {x.shape}.")
    require_unique(items)
    return x, tuple(items), np.zeros(len(items))


def _mean_one(weights: Matrix | None, complete: NDArray[np.bool_]) -> Matrix:
    n = int(complete.sum())
    if weights is None:
        return np.ones(n)
    every = np.asarray(weights, dtype=np.float64)
    if every.shape != complete.shape or not (every > 0).all():
        raise ValueError("Every row needs one weight above zero.")
    w = every[complete]
    scaled: Matrix = w * (n / w.sum())
    return scaled


def _numbered(
    clusters: Sequence[Any] | NDArray[Any], complete: NDArray[np.bool_]
) -> NDArray[np.intp]:
    names = np.asarray(clusters)
    if names.shape != complete.shape:
        raise ValueError("Every row needs the name of its team.")
    numbers: NDArray[np.intp] = np.unique(names[complete], return_inverse=True)[1]
    return numbers


def _gram(x: Matrix, w: Matrix, S: Matrix, starts: NDArray[np.intp]) -> Matrix:
    """Sum the outer products of the teams' totals of (z, 1), (q + 1, q + 1).

    Rows are sorted by team. A team that goes beyond a chunk is carried on.
    """
    n, p = x.shape
    i, j = np.tril_indices(p)
    size = p + len(i) + 1
    gram, carried = np.zeros((size, size)), np.zeros(size)
    for start in range(0, n, _CHUNK):
        part = x[start : start + _CHUNK]
        z = np.column_stack(
            [part, part[:, i] * part[:, j] - S[i, j], np.ones(len(part))]
        )
        z *= w[start : start + _CHUNK, None]
        inside = starts[(starts > start) & (starts < start + len(part))] - start
        totals = np.add.reduceat(z, np.concatenate([[0], inside]), axis=0)
        if start in starts:
            gram += np.outer(carried, carried)
            carried = np.zeros(size)
        totals[0] += carried
        carried = totals[-1]
        gram += totals[:-1].T @ totals[:-1]
    gram += np.outer(carried, carried)
    return gram


def _moments(names: tuple[str, ...], mean: Matrix, S: Matrix, n: int) -> Moments:
    """Finish moments; `S` has divisor n."""
    covariance = S * (n / (n - 1)) if n > 1 else np.full_like(S, np.nan)
    sd = np.sqrt(np.diag(S))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = S / np.outer(sd, sd)
    varies = sd > 0
    np.fill_diagonal(correlation, np.where(varies, 1.0, np.nan))
    return Moments(
        items=names,
        mean=mean,
        covariance=covariance,
        correlation=np.clip(correlation, -1, 1),
        pair_n=np.full(S.shape, n, dtype=np.int64),
        n=n,
        rule="listwise",
    )
