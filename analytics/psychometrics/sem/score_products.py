"""Sums of the products of scores, over people or over teams of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.compiled import Engine, in_threads, kernels, slices
from analytics.psychometrics.data import Codes, Matrix, ResponseMatrix
from analytics.psychometrics.errors import TooFewData
from analytics.psychometrics.moments import Counts
from analytics.psychometrics.sem.influence import Influence

_ROWS_AT_ONCE = 2_048  # of 940 scores: 15 MB
_STRIPES = 4  # each holds a sum of its own
_LARGEST_KEY = 2**62

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What was drawn independently: rows that differ, with their number, or teams.

    Attributes
    ----------
    codes : (m, p) int8
    counts : (m,) int64 or None
        How many people gave each row; None: one each.
    first : (G,) or None
        The first row of each team, the rows being sorted by team; None without teams.
    """

    codes: Codes
    counts: Counts | None = None
    first: Numbers | None = None

    @property
    def stripes(self) -> list[slice]:
        """Some slices of rows that depend on these rows alone and cut no team."""
        if self.first is None:
            return slices(len(self.codes), _STRIPES, smallest=_ROWS_AT_ONCE)
        ends = np.append(self.first, len(self.codes))
        parts = slices(len(self.first), _STRIPES, smallest=1)
        return [slice(int(ends[of.start]), int(ends[of.stop])) for of in parts]


def people(data: ResponseMatrix) -> Drawn:
    """Collapse equal rows; leave all as they are where none are equal."""
    key = np.zeros(data.n, dtype=np.int64)
    values = 1
    for item, answers in zip(data.items, data.codes.T, strict=True):
        states = item.n_categories + 1
        if values > _LARGEST_KEY // states:
            key, values = _ranks(key)
            if values == data.n:
                return Drawn(data.codes)
        key = key * states + (answers + 1)
        values *= states
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    if len(first) == data.n:
        return Drawn(data.codes)
    return Drawn(data.codes[first], counts=counts)


def teams(data: ResponseMatrix, clusters: Sequence[Any] | NDArray[Any]) -> Drawn:
    """Sort the rows by the names of their teams.

    Raises
    ------
    TooFewData
        All rows are of one team.
    """
    number = np.unique(np.asarray(clusters), return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    first = np.flatnonzero(np.diff(number[order], prepend=-1))
    if len(first) < 2:
        raise TooFewData("needs-groups", statistic="sem", needs=2, has=len(first))
    return Drawn(data.codes[order], first=first)


def products(
    influence: Influence, drawn: Drawn, *, engine: Engine, threads: int
) -> Matrix:
    """Sum the products of every two scores, (t + q, t + q).

    Chunk by chunk of rows within stripes: memory does not grow with their number, and
    the threads change no bit.
    """
    compiled = kernels(engine)

    def of_stripe(stripe: slice) -> Matrix:
        total = np.zeros((influence.size, influence.size))
        carried = np.zeros((influence.size, 1))
        for start in range(stripe.start, stripe.stop, _ROWS_AT_ONCE):
            rows = slice(start, min(start + _ROWS_AT_ONCE, stripe.stop))
            moved = influence.scores(drawn.codes[rows], compiled)
            if drawn.counts is not None:
                moved *= np.sqrt(drawn.counts[rows])
            if drawn.first is not None:
                totals = _team_totals(moved, drawn.first, rows, carried)
                moved, carried = totals[:, :-1], totals[:, -1:]
            total += moved @ moved.T  # NumPy calls the symmetric update of BLAS
        return total + carried @ carried.T

    first, *rest = in_threads(of_stripe, drawn.stripes, threads)
    return sum(rest, start=first)


def _team_totals(moved: Matrix, first: Numbers, rows: slice, carried: Matrix) -> Matrix:
    """Totals of the teams of these rows; the last one may not be complete.

    What was carried (q, 1) from the rows before goes on here, or is a team of its own.
    """
    at, next_team, end = np.searchsorted(first, [rows.start, rows.start + 1, rows.stop])
    inside = first[next_team:end] - rows.start
    totals = np.add.reduceat(moved, np.concatenate([[0], inside]), axis=1)
    if at < next_team:  # a team begins with the first of these rows
        return np.hstack([carried, totals])
    totals[:, :1] += carried
    return totals


def _ranks(key: Counts) -> tuple[Counts, int]:
    """Rank the keys, equal ones alike, and count the different ones."""
    different, rank = np.unique(key, return_inverse=True)
    return rank, len(different)
