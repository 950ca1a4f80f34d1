r"""The normal likelihood of answers with gaps, by means and covariances. Kernels.

With :math:`W_k` the inverse of the covariances of the items that pattern k has, set among
zeros elsewhere, :math:`d_k = \bar y_k - \mu`, :math:`M_k = S_k + d_k d_k'` and
:math:`f_k = n_k / n` the discrepancy is

.. math:: F = \sum_k f_k (\log|\Sigma_k| + tr(W_k M_k)),

minus two log-likelihoods a person but for a constant. Its derivatives by the moments
(means, then covariances in the order of `numpy.tril_indices`) are those of complete data,
pattern by pattern: see `kernel`.

References
----------
Little & Rubin (2002), Statistical analysis with missing data, ch. 8 and 11.
Jamshidian & Bentler (1999), J. Educ. Behav. Stat. 24, 21-41: both derivatives.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.missing_patterns import MissingPatterns

_ROWS = 8_192  # whose scores are held at once


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    r"""Discrepancy at given moments, and its first derivatives.

    Attributes
    ----------
    value : float
    w : (p,)
        :math:`\sum f_k W_k d_k`; the derivative by the means is -2 w.
    E : (p, p)
        :math:`\sum f_k (W_k M_k W_k - W_k)`; the change by dSigma is -tr(E dSigma).
    """

    value: float
    w: Matrix
    E: Matrix

    @property
    def gradient(self) -> Matrix:
        """Derivatives by means and covariances, (q,)."""
        i, j = np.tril_indices(len(self.w))
        return np.concatenate([-2 * self.w, -np.where(i == j, 1, 2) * self.E[i, j]])


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Stacked matrices of some patterns: shares, W_k, W_k M_k, W_k d_k, log-determinants."""

    shares: Matrix
    W: Matrix
    WM: Matrix
    w: Matrix
    log_dets: Matrix


def _blocks(
    patterns: MissingPatterns, mean: Matrix, covariance: Matrix
) -> Iterator[_Block]:
    """Yield the patterns in runs; LinAlgError where a Sigma_k is not positive definite."""
    for run in patterns.blocks():
        answered = patterns.answered[run]
        W, log_dets = inverses(patterns, run, covariance)
        d = np.where(answered, patterns.means[run] - mean, 0.0)
        M = patterns.covariances[run] + d[:, :, None] * d[:, None, :]
        w = (W @ d[:, :, None])[:, :, 0]
        yield _Block(patterns.counts[run] / patterns.n, W, W @ M, w, log_dets)


def inverses(
    patterns: MissingPatterns, run: slice, covariance: Matrix
) -> tuple[Matrix, Matrix]:
    """Return the W_k of some patterns, (m, p, p), and the log|Sigma_k|.

    Items without answers stand in the matrix with variance 1 and no covariance, so that
    all matrices are of one size; they leave the determinant as it is.
    """
    answered = patterns.answered[run]
    both = answered[:, :, None] & answered[:, None, :]
    padded = np.where(both, covariance, 0.0)
    place = np.arange(patterns.p)
    padded[:, place, place] += ~answered
    lower = np.linalg.cholesky(padded)
    log_dets = 2 * np.log(lower[:, place, place]).sum(axis=1)
    W = np.linalg.inv(padded)
    W[:, place, place] -= ~answered
    return W, log_dets


def at_moments(
    patterns: MissingPatterns, mean: Matrix, covariance: Matrix
) -> Fit | None:
    """Evaluate discrepancy and slopes; None where Sigma is not positive definite."""
    p = patterns.p
    value, w, E = 0.0, np.zeros(p), np.zeros((p, p))
    try:
        for block in _blocks(patterns, mean, covariance):
            traces = np.trace(block.WM, axis1=1, axis2=2)
            value += float(block.shares @ (block.log_dets + traces))
            w += block.shares @ block.w
            change = block.WM @ block.W - block.W
            E += np.tensordot(block.shares, change, axes=1)
    except np.linalg.LinAlgError:
        return None
    return Fit(value, w, (E + E.T) / 2) if np.isfinite(value) else None


def second_derivatives(
    patterns: MissingPatterns, mean: Matrix, covariance: Matrix, *, expected: bool
) -> Matrix:
    """Second derivatives of the discrepancy by the moments, (q, q).

    Parameters
    ----------
    expected : bool
        Their expectation where gaps come by chance alone (W_k in the place of
        2 W_k M_k W_k - W_k, no products of means with covariances), which is positive
        definite everywhere.
    """
    p = patterns.p
    i, j = np.tril_indices(p)
    once = np.where(i == j, 0.5, 1.0)
    H = np.zeros((p + len(i),) * 2)
    for block in _blocks(patterns, mean, covariance):
        W = block.W
        H[:p, :p] += 2 * np.tensordot(block.shares, W, axes=1)
        T = W if expected else 2 * block.WM @ W - W
        _add_covariances(H[p:, p:], W, T, block.shares)
        if not expected:
            shared = (block.shares[:, None] * block.w).T
            # [l, i, k]: sum of w_l W_ik
            bent = (shared @ W.reshape(len(W), -1)).reshape(p, p, p)
            H[:p, p:] += 2 * once * (bent[j, :, i] + bent[i, :, j]).T
    H[p:, p:] *= np.outer(once, once)
    H[p:, :p] = H[:p, p:].T
    return (H + H.T) / 2


def _add_covariances(H: Matrix, W: Matrix, T: Matrix, shares: Matrix) -> None:
    """Add the sum of tr(W dS_a T dS_b), diagonal elements counted as two halves."""
    p = W.shape[1]
    k, m = np.tril_indices(p)
    start = 0
    for i in range(p):
        size = i + 1  # rows of the pairs (i, 0..i)
        found = (shares[:, None] * W[:, i]).T @ T[:, :size].reshape(len(T), -1)
        if T is W:
            found *= 2
        else:
            found += (shares[:, None] * T[:, i]).T @ W[:, :size].reshape(len(T), -1)
        cube = found.reshape(p, size, p)
        H[start : start + size] += (cube[k, :, m] + cube[m, :, k]).T
        start += size


def residual_rows(
    patterns: MissingPatterns, mean: Matrix, covariance: Matrix
) -> tuple[Matrix, Matrix]:
    """Return W_k (y - mean) of everybody, (n, p), and the W_k of every pattern."""
    W = np.concatenate(
        [inverses(patterns, run, covariance)[0] for run in patterns.blocks()]
    )
    z = np.empty_like(patterns.values)
    for pattern, rows in patterns.rows():
        # where there is no answer the rows of W are zero
        np.matmul(patterns.values[rows] - mean, W[pattern], out=z[rows])
    return z, W


def score_products(
    patterns: MissingPatterns, mean: Matrix, covariance: Matrix
) -> Matrix:
    """Mean outer product of everybody's scores by the moments, (q, q)."""
    p = patterns.p
    i, j = np.tril_indices(p)
    once = np.where(i == j, 0.5, 1.0)
    z, W = residual_rows(patterns, mean, covariance)
    expected = W[:, i, j]
    pattern = np.repeat(np.arange(len(W)), patterns.counts.astype(int))
    total = np.zeros((p + len(i),) * 2)
    for start in range(0, patterns.n, _ROWS):
        rows = slice(start, start + _ROWS)
        products = once * (z[rows][:, i] * z[rows][:, j] - expected[pattern[rows]])
        scores = np.hstack([z[rows], products])
        total += scores.T @ scores
    return total / patterns.n
