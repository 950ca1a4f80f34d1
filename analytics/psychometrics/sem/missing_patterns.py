"""Answers with gaps, sorted by which items were answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import (
    Matrix,
    ResponseMatrix,
    positions,
    require_unique,
)
from analytics.psychometrics.errors import NotDefined, TooFewData

Flags = NDArray[np.bool_]
_BLOCK = 2**21  # numbers of one stack of (p, p) matrices that are worked on at once


@dataclass(frozen=True, slots=True, eq=False)
class MissingPatterns:
    """Answers of n people, grouped by the k different patterns of gaps.

    Attributes
    ----------
    items : tuple of p str
    answered : (k, p) bool
        Which items a pattern has.
    counts : (k,) float64
        People a pattern.
    means : (k, p), covariances : (k, p, p)
        Of the answers of a pattern, divisor its count; zero where there are none.
    values : (n, p) float64
        The answers, pattern after pattern, zero where there are none.
    empty : int
        People who answered none of the items: they are in no pattern.
    """

    items: tuple[str, ...]
    answered: Flags
    counts: Matrix
    means: Matrix
    covariances: Matrix
    values: Matrix
    empty: int

    @property
    def n(self) -> int:
        """Number of people who answered at least one item."""
        return len(self.values)

    @property
    def p(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def together(self) -> Matrix:
        """Number of people who answered both items of a pair, (p, p)."""
        flags = self.answered.astype(np.float64)
        found: Matrix = flags.T @ (self.counts[:, None] * flags)
        return found

    def select(self, codes: Sequence[str]) -> "MissingPatterns":
        """Return the named items alone, in that order; more rows may become empty."""
        if tuple(codes) == self.items:
            return self
        at = positions(self.items, codes)
        flags = np.repeat(self.answered[:, at], self.counts.astype(int), axis=0)
        return _grouped(self.values[:, at], flags, codes, self.empty)

    def rows(self) -> Iterator[tuple[int, slice]]:
        """Yield every pattern with the place of its people in `values`."""
        ends = np.cumsum(self.counts).astype(int).tolist()
        for pattern, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
            yield pattern, slice(start, end)

    def blocks(self) -> Iterator[slice]:
        """Yield runs of patterns whose (p, p) matrices fit into the memory at once."""
        step = max(1, _BLOCK // max(self.p, 1) ** 2)
        for start in range(0, len(self.counts), step):
            yield slice(start, start + step)

    def require_variety(self) -> None:
        """Raise unless every item has two different answers and people exceed items.

        Raises
        ------
        TooFewData
            No more people than items.
        NotDefined
            An item that nobody answered, or everybody alike.
        """
        if self.n <= self.p:
            needs = self.p + 1
            raise TooFewData("needs-answers", statistic="sem", needs=needs, has=self.n)
        people = self.counts @ self.answered
        means, variances = means_of(self), variances_of(self)
        for j, item in enumerate(self.items):
            if not people[j]:
                raise NotDefined("unanswered-item", item=item)
            if variances[j] <= (1e-12 * means[j]) ** 2:
                raise NotDefined("constant-item", item=item)


def missing_patterns(
    data: ResponseMatrix | Matrix, items: Sequence[str] | None = None
) -> MissingPatterns:
    """Group answers by their gaps, for full-information maximum likelihood.

    Memory: n * p numbers, and p * p for each pattern.

    Parameters
    ----------
    data : ResponseMatrix, or (n, p) float64 with NaN = missing
        A plain array needs the names of its columns in `items`.

    Raises
    ------
    InvalidData
        A name appears twice.
    """
    if isinstance(data, ResponseMatrix):
        values, names = data.values(), data.item_codes
    elif items is None:
        raise ValueError("A plain array needs the names of its columns.")
    else:
        values, names = np.asarray(data, dtype=np.float64), tuple(items)
    require_unique(names)
    if values.ndim != 2 or values.shape[1] != len(names):
        raise ValueError(f"data must be (n, {len(names)}), not {values.shape}.")
    flags = ~np.isnan(values)
    if np.isinf(values).any():
        raise ValueError("Answers must be finite numbers, or NaN where missing.")
    return _grouped(np.where(flags, values, 0.0), flags, names, 0)


def means_of(patterns: MissingPatterns) -> Matrix:
    """Mean of whoever answered an item, (p,); NaN where nobody did."""
    n = patterns.counts @ patterns.answered
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Matrix = (patterns.counts @ patterns.means) / n
    return found


def variances_of(patterns: MissingPatterns) -> Matrix:
    """Variance of whoever answered an item, divisor their number, (p,)."""
    n = patterns.counts @ patterns.answered
    off = np.where(patterns.answered, patterns.means - means_of(patterns), 0.0)
    own = np.diagonal(patterns.covariances, axis1=1, axis2=2) + off**2
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Matrix = (patterns.counts @ own) / n
    return found


def _grouped(
    values: Matrix, flags: Flags, items: Sequence[str], empty: int
) -> MissingPatterns:
    some = flags.any(axis=1)
    values, flags = values[some], flags[some]
    first, pattern = _distinct(flags)
    order = np.argsort(pattern, kind="stable")
    values = values[order]
    counts = np.bincount(pattern, minlength=len(first))
    k, p = len(first), len(items)
    means, covariances = np.zeros((k, p)), np.zeros((k, p, p))
    end = 0
    for place, count in enumerate(counts.tolist()):
        rows = values[end : end + count]
        end += count
        means[place] = rows.mean(axis=0)
        if count > 1:
            off = rows - means[place]
            covariances[place] = off.T @ off / count
    values.setflags(write=False)
    return MissingPatterns(
        items=tuple(items),
        answered=flags[first],
        counts=counts.astype(np.float64),
        means=means,
        covariances=covariances,
        values=values,
        empty=empty + int((~some).sum()),
    )


def _distinct(flags: Flags) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return a row of every pattern, and the pattern of every row."""
    packed = np.packbits(flags, axis=1)
    width = -(-packed.shape[1] // 8) * 8
    padded = np.zeros((len(packed), max(width, 8)), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    words = padded.view(np.uint64)
    # numbers sort faster than rows, and few items fit into one
    keys = words[:, 0] if words.shape[1] == 1 else padded.view(f"V{padded.shape[1]}")
    _, first, pattern = np.unique(keys.ravel(), return_index=True, return_inverse=True)
    return first, pattern
