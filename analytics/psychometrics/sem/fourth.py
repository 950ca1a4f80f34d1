"""Fourth moments of the answers, for corrections that do not assume normality."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Codes, Matrix, ResponseMatrix, positions
from analytics.psychometrics.errors import TooFewData
from analytics.psychometrics.moments import Moments, moments

_CHUNK = 8_192
_WORTH_WHILE = 512  # rows a chunk, below which float32 gains nothing
_EXACT_FLOAT32 = 2**24


@dataclass(frozen=True, slots=True, eq=False)
class FourthMoments:
    """Moments of complete rows up to the fourth.

    Attributes
    ----------
    moments : Moments
        Means and covariances, listwise, divisor n - 1.
    gamma : (p + p(p+1)/2,) * 2 float64
        Covariance matrix, divisor n, of the values and of the products
        (x_i - mean_i)(x_j - mean_j), i >= j in the order of `numpy.tril_indices`.
    """

    moments: Moments
    gamma: Matrix

    def select(self, codes: Sequence[str]) -> Self:
        """Return the moments of the named items, in that order."""
        kept = self.places(codes)
        gamma = self.gamma[np.ix_(kept, kept)]
        return type(self)(self.moments.select(codes), gamma)

    def places(self, codes: Sequence[str]) -> NDArray[np.intp]:
        """Rows of `gamma` of the named items' values and products."""
        at = np.array(positions(self.moments.items, codes), dtype=np.intp)
        p = self.moments.p
        place = np.zeros((p, p), dtype=np.intp)
        i, j = np.tril_indices(p)
        place[i, j] = place[j, i] = p + np.arange(len(i))
        i, j = np.tril_indices(len(at))
        kept = np.concatenate([at, place[at[i], at[j]]])
        return kept


def fourth_moments(
    data: ResponseMatrix | Matrix, items: Sequence[str] | None = None
) -> FourthMoments:
    """Accumulate the fourth moments of the rows without a gap.

    Rank-k updates over chunks of rows: memory grows with p**4, never with n.

    Parameters
    ----------
    data : ResponseMatrix, or (n, p) float64 with NaN = missing
        A plain array needs the names of its columns in `items`.

    Raises
    ------
    TooFewData
        No row is complete.
    """
    if isinstance(data, ResponseMatrix):
        complete_rows = data.complete_rows()
        return _accumulated(
            moments(complete_rows, missing="listwise"),
            complete_rows.codes,
            np.array([item.low for item in data.items], dtype=np.float64),
        )
    if items is None:
        raise ValueError("A plain array needs the names of its columns.")
    complete = data[~np.isnan(data).any(axis=1)]
    m = moments(complete, items, missing="listwise")
    return _accumulated(m, complete, np.zeros(m.p))


def _accumulated(m: Moments, x: Codes | Matrix, low: Matrix) -> FourthMoments:
    """Sum over chunks; `low` is what was subtracted from the values to give `x`."""
    if not len(x):
        raise TooFewData("needs-answers", statistic="sem", needs=m.p + 1, has=0)
    whole = np.issubdtype(x.dtype, np.integer)
    mean = m.mean - low
    origin = np.rint(mean) if whole else mean
    largest = float(np.abs(np.stack([x.min(axis=0), x.max(axis=0)]) - origin).max())
    # products of so many whole numbers add up exactly even in float32
    rows = int(min(_CHUNK, _EXACT_FLOAT32 // max(largest, 1.0) ** 4))
    exact = whole and rows >= _WORTH_WHILE
    size = m.p + m.p * (m.p + 1) // 2
    total, gram = np.zeros(size), np.zeros((size, size))
    step = rows if exact else _CHUNK
    for start in range(0, len(x), step):
        chunk = (x[start : start + step] - origin).T
        z = _products(chunk.astype(np.float32 if exact else np.float64))
        total += z.sum(axis=1, dtype=np.float64)
        gram += z @ z.T  # NumPy calls the symmetric rank-k update of BLAS
    gamma = gram / len(x) - np.outer(total, total) / len(x) ** 2
    return FourthMoments(m, _moved(gamma, mean - origin))


def _moved(gamma: Matrix, shift: Matrix) -> Matrix:
    """Move the origin of the products: xy becomes xy - b x - a y (+ a b)."""
    p = len(shift)
    i, j = np.tril_indices(p)
    half = gamma.copy()
    half[p:] -= shift[j, None] * gamma[i] + shift[i, None] * gamma[j]
    moved = half.copy()
    moved[:, p:] -= shift[j] * half[:, i] + shift[i] * half[:, j]
    return moved


def _products(x: NDArray[Any]) -> NDArray[Any]:
    """Rows of a (p, m) matrix, then the products of row i with rows 0..i."""
    p = len(x)
    z = np.empty((p + p * (p + 1) // 2, x.shape[1]), dtype=x.dtype)
    z[:p] = x
    at = p
    for i in range(p):
        np.multiply(x[: i + 1], x[i], out=z[at : at + i + 1])
        at += i + 1
    return z
