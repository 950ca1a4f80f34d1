"""Thresholds and polychoric correlations with their joint sampling covariance."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.burt import BurtTable
from analytics.psychometrics.compiled import (
    Engine,
    in_threads,
    kernels,
    n_threads,
    slices,
)
from analytics.psychometrics.data import MISSING, Codes, Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.moments import Counts, MissingRule
from analytics.psychometrics.polychoric import Pairs, polychoric
from analytics.psychometrics.sem.influence import Influence

_ROWS_AT_ONCE = 2_048  # of q = 940 scores: 15 MB
_STRIPES = 8
_LARGEST_KEY = 2**62


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
    """

    names: tuple[str, ...]
    n: int
    thresholds: tuple[Matrix, ...]
    correlations: Matrix
    gamma: Matrix
    missing: MissingRule

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

    Raises
    ------
    TooFewData
        Fewer than two items or people, or two items that nobody answered both.
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
    data = _people(data, missing)
    table = BurtTable.of(data, missing=missing, engine=engine, threads=threads)
    _require_every_category(table)
    fitted = polychoric(table, engine=engine, threads=threads)
    pairs = Pairs.of(table)
    r = fitted.rho[pairs.i, pairs.j]
    sizes = tuple(item.n_categories for item in table.items)
    influence = Influence.of(pairs, sizes, r, n_threads(threads))
    rows, counts = distinct_rows(data)
    return OrdinalMoments(
        names=table.item_codes,
        n=data.n,
        thresholds=fitted.thresholds,
        correlations=fitted.rho,
        gamma=data.n * _products(influence, rows, counts, engine, n_threads(threads)),
        missing=missing,
    )


def _people(data: ResponseMatrix, missing: MissingRule) -> ResponseMatrix:
    """Leave out those who count nowhere."""
    if missing == "listwise":
        return data.complete_rows()
    answered = (data.codes != MISSING).any(axis=1)
    return data if answered.all() else ResponseMatrix(data.codes[answered], data.items)


def _require_every_category(table: BurtTable) -> None:
    table.moments().require("polychoric", items=2)
    for item, counts in zip(table.items, table.frequencies().values(), strict=True):
        for category in np.flatnonzero(np.array(counts) == 0).tolist():
            shown = item.high - category if item.reverse else item.low + category
            raise NotDefined("empty-category", item=item.code, value=shown)


def distinct_rows(data: ResponseMatrix) -> tuple[Codes, Counts | None]:
    """Collapse equal rows: each once, and how many there are of it.

    The codes as they are and None where all rows differ.
    """
    key = np.zeros(data.n, dtype=np.int64)
    values = 1
    for item, answers in zip(data.items, data.codes.T, strict=True):
        states = item.n_categories + 1
        if values > _LARGEST_KEY // states:
            key, values = _ranks(key)
            if values == data.n:
                return data.codes, None
        key = key * states + (answers + 1)
        values *= states
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    return (data.codes, None) if len(first) == data.n else (data.codes[first], counts)


def _ranks(key: Counts) -> tuple[Counts, int]:
    """Rank the keys, equal ones alike, and count the different ones."""
    different, rank = np.unique(key, return_inverse=True)
    return rank, len(different)


def _products(
    influence: Influence,
    codes: Codes,
    counts: Counts | None,
    engine: Engine,
    threads: int,
) -> Matrix:
    """Sum the products of every two scores over the people.

    In stripes that depend on the number of rows alone: threads change no bit.
    """
    compiled = kernels(engine)

    def of_stripe(stripe: slice) -> Matrix:
        total = np.zeros((influence.size, influence.size))
        for start in range(stripe.start, stripe.stop, _ROWS_AT_ONCE):
            rows = slice(start, min(start + _ROWS_AT_ONCE, stripe.stop))
            moved = influence.scores(codes[rows], compiled)
            if counts is not None:
                moved *= np.sqrt(counts[rows])
            total += moved @ moved.T  # NumPy calls the symmetric update of BLAS
        return total

    stripes = slices(len(codes), _STRIPES, smallest=_ROWS_AT_ONCE)
    first, *rest = in_threads(of_stripe, stripes, threads)
    return sum(rest, start=first)
