"""Moments, their derivatives and weight matrices in one vector. Kernels: no checks.

The vector of a group is its means, if they are modelled, then the covariances with
i >= j in the order of `numpy.tril_indices`, as in `FourthMoments.gamma`.
"""

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.kernel import Slopes


def stacked(S: Matrix, mean: Matrix, *, means: bool) -> Matrix:
    """Return the moments as a vector, (m,)."""
    covariances: Matrix = S[np.tril_indices(len(S))]
    return np.concatenate([mean, covariances]) if means else covariances


def stacked_slopes(by: Slopes, *, means: bool) -> Matrix:
    """Return the derivatives of the vector by e elements, (m, e)."""
    i, j = np.tril_indices(len(by.U))
    covariances: Matrix = by.U[i] * by.V[j] + by.V[i] * by.U[j]
    return np.vstack([by.M, covariances]) if means else covariances


def stacked_gamma(gamma: Matrix, p: int, *, means: bool) -> Matrix:
    """Return the part of `FourthMoments.gamma` that belongs to the vector, (m, m)."""
    return gamma if means else gamma[p:, p:]


def free_spread(p: int, *, means: bool) -> Matrix:
    """Give the derivatives of the vector by p variances (and p means)."""
    i, j = np.tril_indices(p)
    on = (i == j)[:, None] & (i[:, None] == np.arange(p))
    covariances: Matrix = on.astype(np.float64)
    if not means:
        return covariances
    return _blocks(np.eye(p, dtype=np.float64), covariances)


def normal_weights(W: Matrix, *, means: bool) -> Matrix:
    r"""Give the weights V of normal theory for inverse covariances W, (m, m).

    :math:`r'Vr = \frac12 tr(RWRW)` for a matrix R of residual covariances.
    """
    i, j = np.tril_indices(len(W))
    times = np.where(i == j, 1.0, 2.0)
    products = W[np.ix_(i, i)] * W[np.ix_(j, j)] + W[np.ix_(i, j)] * W[np.ix_(j, i)]
    V: Matrix = np.outer(times, times) * products / 4
    return _blocks(W, V) if means else V


def _blocks(first: Matrix, second: Matrix) -> Matrix:
    shape = tuple(a + b for a, b in zip(first.shape, second.shape, strict=True))
    whole = np.zeros(shape)
    whole[: first.shape[0], : first.shape[1]] = first
    whole[first.shape[0] :, first.shape[1] :] = second
    return whole
