"""Fourth moments of the answers, for corrections that do not assume normality."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix, positions
from analytics.psychometrics.moments import Moments, moments

_CHUNK = 2_048


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
        at = np.array(positions(self.moments.items, codes), dtype=np.intp)
        p = self.moments.p
        place = np.zeros((p, p), dtype=np.intp)
        i, j = np.tril_indices(p)
        place[i, j] = place[j, i] = p + np.arange(len(i))
        i, j = np.tril_indices(len(at))
        kept = np.concatenate([at, place[at[i], at[j]]])
        gamma = self.gamma[np.ix_(kept, kept)]
        return type(self)(self.moments.select(codes), gamma)


def fourth_moments(
    data: ResponseMatrix | Matrix, items: Sequence[str] | None = None
) -> FourthMoments:
    """Accumulate the fourth moments of the rows without a gap.

    Rank-k updates over chunks of rows: memory grows with p**4, never with n.

    Parameters
    ----------
    data : ResponseMatrix, or (n, p) float64 with NaN = missing
        A plain array needs the names of its columns in `items`.
    """
    if isinstance(data, ResponseMatrix):
        items = data.item_codes
        data = data.complete_rows().values()
    if items is None:
        raise ValueError("A plain array needs the names of its columns.")
    complete = data[~np.isnan(data).any(axis=1)]
    m = moments(complete, items, missing="listwise")
    p = m.p
    i, j = np.tril_indices(p)
    size = p + len(i)
    total, gram = np.zeros(size), np.zeros((size, size))
    for start in range(0, len(complete), _CHUNK):
        x = complete[start : start + _CHUNK] - m.mean
        z = np.empty((len(x), size))
        z[:, :p] = x
        np.multiply(x[:, i], x[:, j], out=z[:, p:])
        total += z.sum(axis=0)
        gram += z.T @ z  # NumPy calls the symmetric rank-k update of BLAS
    n = max(len(complete), 1)
    gamma = gram / n - np.outer(total / n, total / n)
    return FourthMoments(m, gamma)
