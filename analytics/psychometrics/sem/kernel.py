r"""Implied moments and their exact derivatives. Kernels: they check nothing.

Every variable, observed or not, stands in one vector :math:`v = \alpha + A v + u` with
:math:`Cov(u) = S` (the reticular action model). With :math:`B = (I-A)^{-1}`, G = the
observed rows of B and :math:`P = B S B'`,

.. math:: \Sigma = G S G', \quad \mu = G \alpha.

The derivative by any single element has rank two, :math:`u v' + v u'`: for A_ij
u = G_i, v = (observed rows of P)_j; for S_ij u = G_i, v = G_j. So gradient and
information need only products with p rows, however many parameters there are.

References
----------
McArdle & McDonald (1984), Br. J. Math. Stat. Psychol. 37, 234-251: the matrices.
Joreskog (1969), Psychometrika 34, doi:10.1007/BF02289343: the discrepancy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix

Index = NDArray[np.intp]
PATH, COVARIANCE, MEAN = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where e elements stand: matrix (PATH, COVARIANCE, MEAN), row and column."""

    kind: Index
    row: Index
    column: Index

    @classmethod
    def of(cls, triples: list[tuple[int, int, int]]) -> "Places":
        """Make from (kind, row, column) triples."""
        table = np.array(triples, dtype=np.intp).reshape(-1, 3)
        return cls(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    """A (q, q), S (q, q) and alpha (q,) of one group."""

    A: Matrix
    S: Matrix
    alpha: Matrix

    def filled(self, places: Places, values: Matrix) -> "Matrices":
        """Return a copy with the values at the places; S stays symmetric."""
        A, S, alpha = self.A.copy(), self.S.copy(), self.alpha.copy()
        row, column = places.row, places.column
        at = places.kind == PATH
        A[row[at], column[at]] = values[at]
        at = places.kind == COVARIANCE
        i, j, covariances = row[at], column[at], values[at]
        S[i, j] = covariances
        S[j, i] = covariances
        at = places.kind == MEAN
        alpha[row[at]] = values[at]
        return Matrices(A, S, alpha)


@dataclass(frozen=True, slots=True, eq=False)
class Implied:
    """Implied moments of p observed among q variables, and what derivatives need.

    Attributes
    ----------
    B : (q, q), P : (q, q)
        Total effects, and covariances of all variables.
    centre : (q,)
        Means of all variables.
    sigma, W : (p, p)
        Covariances of the observed ones and the inverse.
    log_det : float
    """

    B: Matrix
    P: Matrix
    centre: Matrix
    sigma: Matrix
    W: Matrix
    log_det: float

    @property
    def G(self) -> Matrix:
        """Effects on the observed variables, (p, q)."""
        return self.B[: len(self.sigma)]

    @property
    def mu(self) -> Matrix:
        """Means of the observed variables, (p,)."""
        return self.centre[: len(self.sigma)]


def inverse(M: Matrix) -> Matrix:
    """Invert a square matrix; LinAlgError where it is singular."""
    return np.asarray(np.linalg.inv(M), dtype=np.float64)


def positive_inverse(M: Matrix) -> tuple[Matrix, float] | None:
    """Invert a symmetric matrix, with its log|M|; None where it is not positive definite.

    From the Cholesky factor: a third of the work of an inverse that knows nothing.
    """
    from scipy.linalg import lapack

    # the other triangle is kept zero, so that both halves can be added
    lower, failed = lapack.dpotrf(M, lower=1, clean=1)
    if failed or not np.isfinite(lower[-1]).all():
        return None
    log_det = 2 * float(np.log(np.diag(lower)).sum())
    half, failed = lapack.dpotri(lower, lower=1, overwrite_c=1)
    whole: Matrix = half + half.T
    whole.flat[:: len(whole) + 1] /= 2
    return None if failed or not np.isfinite(whole).all() else (whole, log_det)


def positive_factor(M: Matrix) -> Matrix | None:
    """Lower Cholesky factor of a symmetric matrix; None where it has none.

    What stands above its diagonal is not part of it.
    """
    from scipy.linalg import lapack

    if not len(M):
        return M
    lower, failed = lapack.dpotrf(M, lower=1, clean=0)
    usable = not failed and np.isfinite(lower[-1]).all()
    return np.asarray(lower, dtype=np.float64) if usable else None


def factor_solution(lower: Matrix, side: Matrix) -> Matrix:
    """Solve L L'x = side with a Cholesky factor."""
    from scipy.linalg import lapack

    if not len(lower):
        return side
    return np.asarray(lapack.dpotrs(lower, side, lower=1)[0], dtype=np.float64)


def total_effects(A: Matrix) -> Matrix:
    """(I - A)^-1; LinAlgError where it is singular.

    Where no variable both predicts and is predicted A A = 0, and it is I + A.
    """
    unit = np.eye(len(A))
    nonzero = A != 0
    if (nonzero.any(axis=0) & nonzero.any(axis=1)).any():
        return inverse(unit - A)
    return unit + A


def implied(m: Matrices, p: int) -> Implied | None:
    """Return the implied moments; None where Sigma is not positive definite."""
    try:
        B = total_effects(m.A)
    except np.linalg.LinAlgError:
        return None
    P: Matrix = B @ m.S @ B.T
    sigma = P[:p, :p]
    inverted = positive_inverse(sigma)
    if inverted is None:
        return None
    W, log_det = inverted
    return Implied(B, P, B @ m.alpha, sigma, W, log_det)


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Derivatives of e elements: d Sigma = U V' + V U', d mu = M; each (p, e)."""

    U: Matrix
    V: Matrix
    M: Matrix


def slopes(at: Implied, places: Places, rows: int | None = None) -> Slopes:
    """Return the derivatives of the first `rows` variables (the observed ones)."""
    rows = len(at.sigma) if rows is None else rows
    B, P = at.B[:rows], at.P[:rows]
    U = B[:, places.row]
    path = places.kind == PATH
    covariance = places.kind == COVARIANCE
    weight = np.where(places.row == places.column, 0.5, 1.0) * covariance
    V = P[:, places.column] * path + B[:, places.column] * weight
    M = U * np.where(path, at.centre[places.column], places.kind == MEAN)
    return Slopes(U, V, M)


def discrepancy(at: Implied, S: Matrix, d: Matrix, log_det: float) -> float:
    r""":math:`\log|\Sigma| - \log|S| + tr(S W) - p + d'Wd`, d = mean - mu."""
    fit = float((S * at.W).sum()) + float(d @ at.W @ d)
    return at.log_det - log_det + fit - len(S)


def gradient(at: Implied, by: Slopes, S: Matrix, d: Matrix) -> Matrix:
    r"""First derivatives of the discrepancy, (e,)."""
    E = at.W @ (S + np.outer(d, d) - at.sigma) @ at.W
    g: Matrix = -2 * (by.U * (E @ by.V)).sum(axis=0) - 2 * by.M.T @ (at.W @ d)
    return g


def information(W: Matrix, left: Slopes, right: Slopes) -> Matrix:
    r"""Give expected second derivatives, (e, f): tr(W dS_a W dS_b) + 2 dmu_a' W dmu_b."""
    WU, WV = W @ right.U, W @ right.V
    UU, VV, UV = left.U.T @ WU, left.V.T @ WV, left.U.T @ WV
    VU = UV.T if left is right else left.V.T @ WU
    H: Matrix = 2 * (UU * VV + UV * VU)
    if left.M.any() and right.M.any():
        H += 2 * left.M.T @ (W @ right.M)
    return H


def own_information(W: Matrix, by: Slopes) -> Matrix:
    """Give the diagonal of `information`, (e,)."""
    WU, WV = W @ by.U, W @ by.V
    squares = (by.U * WU).sum(axis=0) * (by.V * WV).sum(axis=0)
    mixed = (by.U * WV).sum(axis=0) ** 2
    own: Matrix = 2 * (squares + mixed + (by.M * (W @ by.M)).sum(axis=0))
    return own


def hessian(at: Implied, places: Places, by: Slopes, S: Matrix, d: Matrix) -> Matrix:
    r"""Exact second derivatives of the discrepancy, (e, e).

    With M = S + dd' and E = W (M - Sigma) W these are
    :math:`-tr(E\,d^2\Sigma) - 2 d'W d^2\mu + tr(W dS_a (2WMW - W) dS_b)
    + 2 d\mu_a'W d\mu_b + 2 d\mu_a'W dS_b W d + 2 d\mu_b'W dS_a W d`.
    """
    W = at.W
    T = 2 * W @ (S + np.outer(d, d)) @ W - W
    w = W @ d
    E = W @ (S + np.outer(d, d) - at.sigma) @ W
    full: Matrix = _traces(W, T, by) + curvature(at, places, E, w)
    if by.M.any():
        # dS_b w = U_b (V_b'w) + V_b (U_b'w)
        turned = by.U * (by.V.T @ w) + by.V * (by.U.T @ w)
        cross = 2 * by.M.T @ (W @ turned)
        full += 2 * by.M.T @ (W @ by.M) + cross + cross.T
    return full


def _traces(W: Matrix, T: Matrix, by: Slopes) -> Matrix:
    """tr(W dS_a T dS_b), made symmetric in a and b."""
    U, V = by.U, by.V
    WU, WV, TU, TV = W @ U, W @ V, T @ U, T @ V
    straight = (U.T @ WU) * (V.T @ TV) + (V.T @ WV) * (U.T @ TU)
    crossed = (U.T @ WV) * (V.T @ TU)
    pairs = straight / 2 + crossed
    found: Matrix = pairs + pairs.T
    return found


def curvature(at: Implied, places: Places, E: Matrix, w: Matrix) -> Matrix:
    r""":math:`-tr(E\,d^2\Sigma) - 2 w'd^2\mu` for every pair of elements."""
    G, B, P = at.G, at.B, at.P
    Q = G.T @ E @ G
    T = G.T @ E @ P[: len(at.sigma)]
    Gw = G.T @ w
    total = np.zeros((len(places.row),) * 2)
    # every term has a path in it, and most elements are none
    path, covariance, mean = (
        np.flatnonzero(places.kind == kind) for kind in (PATH, COVARIANCE, MEAN)
    )
    i, j = places.row[path], places.column[path]
    # A_ij with A_kl: dG_i/dA_kl = G_k B_li, dP_j/dA_kl = B_k P_lj + P_l B_jk
    tilted = B[j][:, i] * (T[i][:, j] + np.outer(Gw[i], at.centre[j]))
    curved = -2 * (tilted + tilted.T + P[j][:, j] * Q[i][:, i])
    total[np.ix_(path, path)] = curved
    # A_ij with S_kl: dG_k/dA_ij = G_i B_jk
    k, m = places.row[covariance], places.column[covariance]
    half = np.where(k == m, 0.5, 1.0)
    Bj, Qi = B[j], Q[i]
    mixed = -2 * half * (Bj[:, k] * Qi[:, m] + Bj[:, m] * Qi[:, k])
    total[np.ix_(path, covariance)] = mixed
    total[np.ix_(covariance, path)] = mixed.T
    # A_ij with alpha_k
    if len(mean):
        bent = -2 * Gw[i][:, None] * Bj[:, places.row[mean]]
        total[np.ix_(path, mean)] = bent
        total[np.ix_(mean, path)] = bent.T
    return total
