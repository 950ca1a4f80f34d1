"""Thresholds and polychoric correlations with their joint sampling covariance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.burt import BurtTable
from analytics.psychometrics.compiled import (
    Engine,
    n_threads,
)
from analytics.psychometrics.data import MISSING, Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.moments import MissingRule
from analytics.psychometrics.polychoric import Pairs, polychoric
from analytics.psychometrics.sem.influence import Influence
from analytics.psychometrics.sem.score_products import people, products, teams


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalMoments:
    """First and second moments of the normal variables behind p ordered items.

    Attributes
    ----------
    names : tuple of p str
        Item codes.
    n : int
        People counted: complete rows (listwise), or rows with any answer (pairwise).
    thresholds : tuple of p float64 arrays
        One fewer than the item's categories, increasing.
    correlations : (p, p) float64
        Two-step polychoric correlations; ones on the diagonal.
    gamma : (q, q) float64
        Asymptotic covariance of sqrt(n) times the estimates: the thresholds item by
        item, then the correlations of the strict lower triangle column by column,
        (1, 0), (2, 0), .., (p - 1, 0), (2, 1), ..
    missing : "listwise" or "pairwise"
    clusters : int or None
        Teams whose people were taken as dependent.
    """

    names: tuple[str, ...]
    n: int
    thresholds: tuple[Matrix, ...]
    correlations: Matrix
    gamma: Matrix
    missing: MissingRule
    clusters: int | None = None

    def __post_init__(self) -> None:
        for array in (*self.thresholds, self.correlations, self.gamma):
            array.setflags(write=False)

    @property
    def p(self) -> int:
        """Number of items."""
        return len(self.names)


def ordinal_moments(
    data: ResponseMatrix,
    *,
    missing: MissingRule,
    clusters: Sequence[Any] | NDArray[Any] | None = None,
    engine: Engine = "auto",
    threads: int | None = None,
) -> OrdinalMoments:
    r"""Estimate thresholds, polychoric correlations and their covariance.

    The estimates are those of `polychoric`. With :math:`g_i` what person i moves in
    them (`Influence`), :math:`\Gamma = n\sum_i g_i g_i'`: the covariance
    :math:`A^{-1} B A^{-T}` of stacked estimating equations, A from the sums of
    products of scores as in lavaan, not from expected values. Equal rows count once
    with their number; the scores are summed over chunks, so that memory grows with
    the square of their number, never with n.

    Parameters
    ----------
    data : ResponseMatrix
    missing : "listwise" or "pairwise"
        "pairwise": each threshold from everybody who answered the item, each
        correlation from everybody who answered both.
    clusters : (n,) names of teams, or None
        With G teams, the scores are summed by team before their products are taken,
        and these are multiplied by G/(G - 1). People without a team get a name of
        their own from the caller.

    Raises
    ------
    TooFewData
        Fewer than two items, people or teams, or two items that nobody answered both.
    NotDefined
        A constant item, a category that nobody chose, or two items that determine
        each other.
    NotConverged
        A correlation still moved after 100 steps.

    References
    ----------
    Muthen (1984), Psychometrika 49, doi:10.1007/BF02294210: three stages.
    Joreskog (1994), Psychometrika 59, doi:10.1007/BF02296131: the covariance.
    """
    kept = _counted(data, missing)
    if not kept.all():
        data = ResponseMatrix(data.codes[kept], data.items)
    table = BurtTable.of(data, missing=missing, engine=engine, threads=threads)
    _require_every_category(table)
    fitted = polychoric(table, engine=engine, threads=threads)
    pairs = Pairs.of(table)
    r = fitted.rho[pairs.i, pairs.j]
    sizes = tuple(item.n_categories for item in table.items)
    influence = Influence.of(pairs, sizes, r, n_threads(threads))
    drawn = people(data) if clusters is None else teams(data, _kept(clusters, kept))
    sums = products(influence, drawn, engine=engine, threads=n_threads(threads))
    count = None if drawn.first is None else len(drawn.first)
    return OrdinalMoments(
        names=table.item_codes,
        n=data.n,
        thresholds=fitted.thresholds,
        correlations=fitted.rho,
        gamma=sums * (data.n if count is None else data.n * count / (count - 1)),
        missing=missing,
        clusters=count,
    )


def _counted(data: ResponseMatrix, missing: MissingRule) -> NDArray[np.bool_]:
    """Who counts anywhere, (n,)."""
    answered = data.codes != MISSING
    counted: NDArray[np.bool_] = (
        answered.all(axis=1) if missing == "listwise" else answered.any(axis=1)
    )
    return counted


def _kept(
    clusters: Sequence[Any] | NDArray[Any], kept: NDArray[np.bool_]
) -> NDArray[Any]:
    names = np.asarray(clusters)
    if names.shape != kept.shape:
        raise ValueError("Every row needs the name of its team.")
    return names[kept]


def _require_every_category(table: BurtTable) -> None:
    table.moments().require("polychoric", items=2)
    for item, counts in zip(table.items, table.frequencies().values(), strict=True):
        for category in np.flatnonzero(np.array(counts) == 0).tolist():
            shown = item.high - category if item.reverse else item.low + category
            raise NotDefined("empty-category", item=item.code, value=shown)
