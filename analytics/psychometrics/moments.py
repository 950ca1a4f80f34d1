"""Means, covariances and correlations from sums that add up over chunks of rows.

The sums of answers are whole numbers, so the order and the size of the chunks cannot
change a single bit of the result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import (
    MISSING,
    Codes,
    Matrix,
    ResponseMatrix,
    positions,
    require_unique,
)
from analytics.psychometrics.errors import NotDefined, TooFewData

Counts = NDArray[np.int64]
MissingRule = Literal["pairwise", "listwise"]

# Products of this many float32 sums of codes stay below 2**24 and hence exact.
_EXACT_FLOAT32 = 2**24
_MAX_CHUNK = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """First and second moments of p items, divisor n - 1.

    Attributes
    ----------
    items : tuple of p str
        Item codes, in the order of rows and columns.
    mean : (p,) float64
        Over everybody who answered the item (pairwise) or all items (listwise).
    covariance : (p, p) float64
        Element ij from the rows that answered i and j; NaN below two such rows.
    correlation : (p, p) float64
        Like R's `cor(use = "pairwise")`: element ij takes the variances, too, from
        the rows that answered i and j. NaN in the rows of a constant item.
    pair_n : (p, p) int64
        Rows that answered i and j.
    n : int
        Rows behind every element at least: the complete rows (listwise) or the
        smallest `pair_n` (pairwise). It is the n of every interval.
    rule : "pairwise" or "listwise"
        What was done about missing answers.
    """

    items: tuple[str, ...]
    mean: Matrix
    covariance: Matrix
    correlation: Matrix
    pair_n: Counts
    n: int
    rule: MissingRule

    def __post_init__(self) -> None:
        for array in (self.mean, self.covariance, self.correlation, self.pair_n):
            array.setflags(write=False)

    @property
    def p(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def constant(self) -> tuple[str, ...]:
        """Items to which everybody gave the same answer."""
        flat = np.diag(self.covariance) == 0
        return tuple(c for c, is_flat in zip(self.items, flat, strict=True) if is_flat)

    def select(self, codes: Sequence[str]) -> Self:
        """Return the moments of the named items, in that order."""
        at = positions(self.items, codes)
        square = np.ix_(at, at)
        return type(self)(
            items=tuple(codes),
            mean=self.mean[at],
            covariance=self.covariance[square],
            correlation=self.correlation[square],
            pair_n=self.pair_n[square],
            n=self.n if self.rule == "listwise" else _smallest(self.pair_n[square]),
            rule=self.rule,
        )

    def require(self, statistic: str, *, items: int, answers: int = 2) -> None:
        """Raise unless every correlation exists and there are enough data.

        Raises
        ------
        TooFewData
            Fewer than `items` items or `answers` rows, or two items without overlap.
        NotDefined
            An item is constant.
        """
        if self.p < items:
            raise TooFewData(
                "needs-items", statistic=statistic, needs=items, has=self.p
            )
        if self.rule == "pairwise" and self.n < 2 <= int(self.pair_n.max()):
            i, j = np.unravel_index(int(self.pair_n.argmin()), self.pair_n.shape)
            if i != j:
                raise TooFewData(
                    "no-overlap", first=self.items[int(i)], second=self.items[int(j)]
                )
        if self.n < answers:
            raise TooFewData(
                "needs-answers", statistic=statistic, needs=answers, has=self.n
            )
        for code in self.constant:
            raise NotDefined("constant-item", item=code)
        undefined = np.isnan(self.correlation)
        if undefined.any():
            # varies over all rows, but not over those it shares with another item
            partly = int(undefined.any(axis=1).argmax())
            raise NotDefined("constant-item", item=self.items[partly])


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over rows: sufficient for `Moments`, and additive.

    Attributes
    ----------
    items : tuple of p str
        Item codes.
    origin : (p,) float64
        Subtracted from the values before summing.
    pair_n : (p, p) int64
        Rows that answered i and j.
    total : (p, p) int64 or float64
        Sum of i over the rows that answered i and j.
    square : (p, p) int64 or float64
        Sum of the squares of i over the rows that answered i and j.
    product : (p, p) int64 or float64
        Sum of i times j.
    rule : "pairwise" or "listwise"
        Listwise sums contain complete rows only.
    """

    items: tuple[str, ...]
    origin: Matrix
    pair_n: Counts
    total: Counts | Matrix
    square: Counts | Matrix
    product: Counts | Matrix
    rule: MissingRule

    @classmethod
    def of(cls, data: ResponseMatrix, *, missing: MissingRule) -> Self:
        """Sum one chunk of answers exactly, in whole numbers."""
        largest = max((item.n_categories - 1 for item in data.items), default=1)
        step = min(_MAX_CHUNK, _EXACT_FLOAT32 // largest**2)
        p = data.p
        sums = np.zeros((3 * p, 3 * p), dtype=np.int64)
        for start in range(0, data.n, step):
            sums += _cross_products(data.codes[start : start + step], missing)
        low = np.array([item.low for item in data.items], dtype=np.float64)
        return cls._from_blocks(data.item_codes, low, sums, missing)

    @classmethod
    def of_values(
        cls, values: Matrix, items: Sequence[str], *, missing: MissingRule
    ) -> Self:
        """Sum (n, p) real values, NaN = missing, after moving them to their means."""
        values = np.asarray(values, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != len(items):
            raise ValueError(f"values must be (n, {len(items)}), not {values.shape}.")
        require_unique(items)
        if missing == "listwise":
            values = values[~np.isnan(values).any(axis=1)]
        present = ~np.isnan(values)
        n = np.maximum(present.sum(axis=0), 1)
        origin = np.where(present, values, 0).sum(axis=0) / n
        x = np.where(present, values - origin, 0)
        blocks = np.hstack([present.astype(np.float64), x, x**2])
        return cls._from_blocks(tuple(items), origin, blocks.T @ blocks, missing)

    @classmethod
    def _from_blocks(
        cls,
        items: tuple[str, ...],
        origin: Matrix,
        sums: Counts | Matrix,
        rule: MissingRule,
    ) -> Self:
        """Cut the (3p, 3p) cross products of [answered, x, x**2] into their parts."""
        p = len(items)
        mask, x, x2 = slice(p), slice(p, 2 * p), slice(2 * p, 3 * p)
        return cls(
            items=items,
            origin=origin,
            pair_n=np.rint(sums[mask, mask]).astype(np.int64),
            total=sums[x, mask],
            square=sums[x2, mask],
            product=sums[x, x],
            rule=rule,
        )

    def __add__(self, other: Self) -> Self:
        if self.items != other.items or self.rule != other.rule:
            raise ValueError("Only sums of the same items and rule can be added.")
        if not np.array_equal(self.origin, other.origin):
            raise ValueError("Only sums about the same origin can be added.")
        return type(self)(
            items=self.items,
            origin=self.origin,
            pair_n=self.pair_n + other.pair_n,
            total=self.total + other.total,
            square=self.square + other.square,
            product=self.product + other.product,
            rule=self.rule,
        )

    def moments(self) -> Moments:
        """Turn the sums into means, covariances and correlations."""
        n = self.pair_n.astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            centre = self.total / n
            spread = _cleared(self.square - self.total * centre, self.square)
            cross = self.product - self.total * centre.T
            covariance = np.where(n > 1, cross / (n - 1), np.nan)
            correlation = cross / np.sqrt(spread * spread.T)
        at = np.arange(len(self.items))
        flat = spread == 0
        correlation[flat | flat.T | (n < 2)] = np.nan
        correlation[at, at] = np.where(np.isnan(correlation[at, at]), np.nan, 1.0)
        variance = np.diag(spread) / np.maximum(np.diag(n) - 1, 1)
        covariance[at, at] = np.where(np.diag(n) > 1, variance, np.nan)
        return Moments(
            items=self.items,
            mean=self.origin + np.diag(centre),
            covariance=covariance,
            correlation=np.clip(correlation, -1, 1),
            pair_n=self.pair_n,
            n=_smallest(self.pair_n),
            rule=self.rule,
        )


def moments(
    data: ResponseMatrix | Matrix,
    items: Sequence[str] | None = None,
    *,
    missing: MissingRule,
) -> Moments:
    """Mean, covariance and correlation of every item, divisor n - 1.

    Parameters
    ----------
    data : ResponseMatrix, or (n, p) float64 with NaN = missing
        A plain array needs the names of its columns in `items`.
    missing : "pairwise" or "listwise"
        Use, for each pair of items, the rows that answered both; or only the rows
        that answered every item.

    A constant item is allowed (`Moments.constant`); the statistics that need its
    correlations say so.
    """
    if isinstance(data, ResponseMatrix):
        return Sums.of(data, missing=missing).moments()
    if items is None:
        raise ValueError(
            "A plain array needs the names of its columns: moments(x, [..])."
        )
    return Sums.of_values(data, items, missing=missing).moments()


def composites(moments: Moments, scales: Mapping[str, Sequence[str]]) -> Moments:
    """Moments of the mean of each scale's items, from the moments of the items.

    Exact for complete rows. With pairwise deletion the covariances of the items are
    averaged, each over its own rows.

    Parameters
    ----------
    scales : mapping of a scale's name to its items
        An item may stand in several scales.

    Raises
    ------
    InvalidData
        An item is not there, or twice in one scale.
    """
    weights = np.zeros((moments.p, len(scales)))
    for k, codes in enumerate(scales.values()):
        weights[positions(moments.items, codes), k] = 1 / len(codes)
    covariance: Matrix = weights.T @ moments.covariance @ weights
    variance = np.diag(covariance)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = covariance / np.sqrt(np.outer(variance, variance))
    correlation[~(np.outer(variance, variance) > 0)] = np.nan
    used = [np.flatnonzero(weights[:, k]) for k in range(len(scales))]
    pair_n = np.array(
        [[moments.pair_n[np.ix_(a, b)].min() for b in used] for a in used],
        dtype=np.int64,
    )
    return Moments(
        items=tuple(scales),
        mean=weights.T @ moments.mean,
        covariance=covariance,
        correlation=np.clip(correlation, -1, 1),
        pair_n=pair_n,
        n=moments.n if moments.rule == "listwise" else _smallest(pair_n),
        rule=moments.rule,
    )


def _cross_products(codes: Codes, missing: MissingRule) -> Counts:
    """Cross products of [answered, x, x**2] for (m, p) codes, (3p, 3p), exact."""
    present = codes != MISSING
    if missing == "listwise":
        complete = present.all(axis=1)
        codes, present = codes[complete], present[complete]
    m, p = codes.shape
    if present.all():
        return _complete_cross_products(codes)
    blocks = np.empty((m, 3 * p), dtype=np.float32)
    blocks[:, :p] = present
    np.multiply(codes, present, out=blocks[:, p : 2 * p], casting="unsafe")
    np.square(blocks[:, p : 2 * p], out=blocks[:, 2 * p :])
    return _exact_gram(blocks, squares=2 * p)


def _complete_cross_products(codes: Codes) -> Counts:
    """Do the same for codes without a gap: counts and totals need no product."""
    m, p = codes.shape
    x = codes.astype(np.float32)
    product = (x.T @ x).astype(np.int64)
    sums = np.zeros((3 * p, 3 * p), dtype=np.int64)
    sums[:p, :p] = m
    sums[p : 2 * p, :p] = codes.sum(axis=0, dtype=np.int64)[:, None]
    sums[2 * p :, :p] = np.diag(product)[:, None]
    sums[p : 2 * p, p : 2 * p] = product
    return sums


def _exact_gram(blocks: NDArray[np.float32], *, squares: int) -> Counts:
    """Gram matrix, without the (unused, inexact) products of squares by x."""
    p = blocks.shape[1] - squares
    gram = np.zeros((blocks.shape[1],) * 2, dtype=np.int64)
    gram[:squares, :squares] = blocks[:, :squares].T @ blocks[:, :squares]
    gram[squares:, :p] = blocks[:, squares:].T @ blocks[:, :p]
    return gram


def _cleared(spread: Matrix, square: Counts | Matrix) -> Matrix:
    """Set the rounding noise in the sums of squares of constants to 0."""
    noise = 16 * np.finfo(np.float64).eps * np.abs(square)
    return np.where(spread <= noise, 0, spread)


def _smallest(pair_n: Counts) -> int:
    return int(pair_n.min()) if pair_n.size else 0
