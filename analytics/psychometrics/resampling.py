"""Bootstrap of everything that is computed from covariances or correlations.

Instead of copying rows, a resample counts how often each row was drawn; its sums are
one matrix product of the counts with the products of the columns. The cost of a draw
is therefore that of the sums alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.moments import MissingRule

Floats = NDArray[np.floating[Any]]
Precision = type[np.float32] | type[np.float64]
WeightedSums = tuple[Matrix, Matrix, Matrix, Matrix]

_BLOCK_ELEMENTS = 4_000_000  # 32 MB of counts, and again of products, at a time
_EXACT_FLOAT32 = 2**24
_MOST_UNDEFINED = 0.05  # share of the resamples that may lack a value


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Moments of resampled rows, by the same conventions as `Moments`.

    Attributes
    ----------
    covariance, correlation : (draws, p, p) float64
        NaN where a resample does not define them.
    n : int
        Rows that each draw resampled: all, or the complete ones (listwise).
    """

    covariance: Matrix
    correlation: Matrix
    n: int

    def select(self, at: list[int]) -> "Draws":
        """Return the draws of the variables at these places."""
        square = np.ix_(range(len(self.covariance)), at, at)
        return Draws(self.covariance[square], self.correlation[square], self.n)


def resample(
    data: ResponseMatrix | Matrix,
    rng: np.random.Generator,
    n_draws: int,
    *,
    missing: MissingRule,
) -> Draws:
    """Moments of `n_draws` samples of n rows drawn with replacement.

    Parameters
    ----------
    data : ResponseMatrix, or (n, p) float64 with NaN = missing
    rng : numpy Generator
    missing : "pairwise" or "listwise"
        Listwise draws from the complete rows; pairwise from all rows, and each pair
        of variables uses the drawn rows that have both.

    References
    ----------
    Efron (1979), Annals of Statistics 7, doi:10.1214/aos/1176344552.
    """
    if n_draws < 1:
        raise ValueError(f"A bootstrap needs draws, not {n_draws}.")
    x = data.values() if isinstance(data, ResponseMatrix) else np.array(data, float)
    if missing == "listwise":
        x = x[~np.isnan(x).any(axis=1)]
    n, p = x.shape
    present = ~np.isnan(x)
    filled = np.where(present, x, 0)
    origin = filled.sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    whole = bool((filled == np.rint(filled)).all())
    if whole:
        # whole numbers keep every sum exact, whatever the order of the additions
        origin = np.rint(origin)
    x = np.where(present, x - origin, 0)
    exact = exact_precision(x) if whole else np.float64
    covariance = np.empty((n_draws, p, p))
    correlation = np.empty((n_draws, p, p))
    step = max(1, _BLOCK_ELEMENTS // max(n, 1))
    for start in range(0, n_draws, step):
        block = slice(start, min(start + step, n_draws))
        counts = _row_counts(rng, n, block.stop - start)
        sums = weighted_sums(counts, x, present, exact=exact)
        covariance[block], correlation[block] = _from_sums(*sums)
    return Draws(covariance, correlation, n)


def interval(
    draws: Matrix, confidence: float, statistic: str
) -> tuple[Matrix, Matrix, int]:
    """Percentile interval of each column of (draws, k), and the draws behind it.

    A draw with a NaN is left out whole; the number of the others is returned.

    Raises
    ------
    NotDefined
        More than one draw in twenty has a NaN: an interval from the rest would
        describe other samples than the one at hand.
    """
    kept, used = defined_draws(draws, statistic)
    tail = (1 - confidence) / 2
    low, high = np.quantile(kept, [tail, 1 - tail], axis=0)
    return low, high, used


def defined_draws(draws: Matrix, statistic: str) -> tuple[Matrix, int]:
    """Rows of (draws, k) without a NaN, and their number; raises as `interval`."""
    defined = ~np.isnan(draws).any(axis=1)
    lost = int((~defined).sum())
    if lost > _MOST_UNDEFINED * len(draws):
        raise NotDefined("few-draws", statistic=statistic, has=lost, needs=len(draws))
    return draws[defined], len(draws) - lost


def exact_precision(x: Matrix) -> Precision:
    """Return the least precision in which sums of squares of whole numbers are exact.

    `x` is (n, p); each of n rows may be drawn n times in all.
    """
    largest = float(np.abs(x).max(initial=1))
    return np.float32 if len(x) * largest**2 < _EXACT_FLOAT32 else np.float64


def _row_counts(rng: np.random.Generator, n: int, draws: int) -> Matrix:
    """How often each of n rows is drawn, (draws, n)."""
    counts = np.empty((draws, n))
    for row in counts:
        row[:] = np.bincount(rng.integers(n, size=n), minlength=n)
    return counts


def weighted_sums(
    counts: Floats, x: Matrix, present: NDArray[np.bool_], *, exact: Precision
) -> WeightedSums:
    """Add up rows, each taken `counts` times, for every pair of variables.

    Parameters
    ----------
    counts : (draws, n) float
    x : (n, p) float64
        0 where `present` says that there is no value.
    exact : np.float32 or np.float64
        Precision of the products; whole numbers up to 2**24 are exact in the first,
        at twice the speed.

    Returns
    -------
    n, total, square, product : (draws, p, p) float64
        As in `Sums`; of values without a gap n is (draws, 1, 1), total and square
        are (draws, p, 1).
    """
    rows: Floats = x.astype(exact)
    weights: Floats = counts.astype(exact, copy=False)
    if present.all():
        return _complete_sums(weights, rows)
    return _sums_with_gaps(weights, rows, present.astype(exact))


def _complete_sums(counts: Floats, x: Floats) -> WeightedSums:
    """Add up (n, p) values without a gap."""
    p = x.shape[1]
    i, j = np.triu_indices(p)
    sums = _weighted(counts, x, lambda rows: np.hstack([rows, rows[:, i] * rows[:, j]]))
    product = _symmetric(sums[:, p:], p)
    square = product[:, range(p), range(p)]
    size = counts.sum(axis=1, dtype=np.float64)[:, None, None]
    return size, sums[:, :p, None], square[:, :, None], product


def _sums_with_gaps(counts: Floats, x: Floats, present: Floats) -> WeightedSums:
    """Do the same for each pair of variables over the rows that have both."""
    p = x.shape[1]
    i, j = np.triu_indices(p)
    left, right = np.divmod(np.arange(p * p), p)

    def products(rows: Floats) -> Floats:
        value, mask = rows[:, :p], rows[:, p:]
        over_both = mask[:, right]
        return np.hstack(
            [
                mask[:, i] * mask[:, j],
                value[:, i] * value[:, j],
                value[:, left] * over_both,
                value[:, left] ** 2 * over_both,
            ]
        )

    sums = _weighted(counts, np.hstack([x, present]), products)
    half, square = len(i), p * p
    n, product, total, squares = np.split(
        sums, [half, 2 * half, 2 * half + square], axis=1
    )
    shape = (-1, p, p)
    return (
        _symmetric(n, p),
        total.reshape(shape),
        squares.reshape(shape),
        _symmetric(product, p),
    )


def _weighted(
    counts: Floats, rows: Floats, products: Callable[[Floats], Floats]
) -> Matrix:
    """Sum of the products of all rows, weighted by the counts, (draws, q)."""
    width = products(rows[:1]).shape[1]
    step = max(256, _BLOCK_ELEMENTS // width)
    sums = np.zeros((len(counts), width))
    for start in range(0, len(rows), step):
        block = slice(start, start + step)
        sums += counts[:, block] @ products(rows[block])
    return sums


def _symmetric(upper: Matrix, p: int) -> Matrix:
    """(draws, p, p) of which the upper triangles are given, (draws, p (p + 1) / 2)."""
    full = np.empty((len(upper), p, p))
    i, j = np.triu_indices(p)
    full[:, i, j] = upper
    full[:, j, i] = upper
    return full


def _from_sums(
    n: Matrix, total: Matrix, square: Matrix, product: Matrix
) -> tuple[Matrix, Matrix]:
    """Covariances and correlations of every draw, as `Sums.moments` has them."""
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = total / n
        spread = square - total * centre
        spread = np.where(spread <= 16 * np.finfo(float).eps * square, 0, spread)
        cross = product - total * centre.transpose(0, 2, 1)
        covariance = np.where(n > 1, cross / (n - 1), np.nan)
        correlation = cross / np.sqrt(spread * spread.transpose(0, 2, 1))
    undefined = (spread == 0) | (spread.transpose(0, 2, 1) == 0) | (n < 2)
    correlation = np.where(undefined, np.nan, np.clip(correlation, -1, 1))
    at = np.arange(correlation.shape[1])
    own = correlation[:, at, at]
    correlation[:, at, at] = np.where(np.isnan(own), np.nan, 1.0)
    return covariance, correlation
