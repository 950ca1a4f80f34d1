r"""Simplimax: the k smallest loadings are to be as small as possible.

Kiers (1994), Psychometrika 59, doi:10.1007/BF02294392. The criterion is the smallest of
many sums of squares, one for every choice of k loadings, so it has kinks and very many
minima: with k = p, the default of GPArotation and psych, m(m - 1) zeros alone can
nearly always be reached exactly. Take it as a search for a simple pattern, not as the
one solution.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix

_MOST_STEPS = 500
_MOST_HALVINGS = 40


@dataclass(frozen=True, slots=True, eq=False)
class Simplest:
    """Where a search ended: loadings = A (T')^{-1}, phi = T'T.

    `value` is the sum of the k smallest squares, `slope` the length of its gradient
    along the columns of unit length.
    """

    loadings: Matrix
    T: Matrix
    value: float
    slope: float


def smallest(L: Matrix, k: int) -> tuple[float, NDArray[np.bool_]]:
    """Return the sum of the k smallest squared loadings, and which they are."""
    square = L**2
    near = square <= np.partition(square, k - 1, axis=None)[k - 1]
    return float(square[near].sum()), near


def simplimax(A: Matrix, T: Matrix, *, k: int, tolerance: float) -> Simplest:
    """Step down from T by Levenberg and Marquardt's method, oblique factors.

    Between two kinks the criterion is a sum of squares of few loadings; the choice of
    the k smallest is made anew at every step, and each step lowers the criterion.
    """
    m, damping = len(T), 1e-3
    L = _loadings(A, T)
    value, near = smallest(L, k)
    slope = np.inf
    for _ in range(_MOST_STEPS):
        normals = _normals(T)
        J = _jacobian(L, T, normals, near)
        gradient = J.T @ L[near]
        slope = 2 * float(np.linalg.norm(gradient))
        if slope < tolerance:
            break
        H = J.T @ J
        weight = np.diag(np.diag(H) + 1e-12)
        for _halving in range(_MOST_HALVINGS):
            step = -np.linalg.solve(H + damping * weight, gradient).reshape(m, -1)
            moved = T + np.einsum("abc,ac->ba", normals, step)
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            new_L = _loadings(A, moved)
            new_value, new_near = smallest(new_L, k)
            if new_value < value:
                break
            damping *= 4
        else:
            break  # no lower value in reach of the arithmetic
        damping = max(damping / 9, 1e-12)
        T, L, value, near = moved, new_L, new_value, new_near
    return Simplest(L, T, value, slope)


def _loadings(A: Matrix, T: Matrix) -> Matrix:
    return np.linalg.solve(T, A.T).T.astype(np.float64)


def _normals(T: Matrix) -> Matrix:
    """Directions in which each column can turn, (m, m, m - 1), columns first."""
    return np.array(
        [np.linalg.svd(column[:, None], full_matrices=True)[0][:, 1:] for column in T.T]
    )


def _jacobian(L: Matrix, T: Matrix, normals: Matrix, near: NDArray[np.bool_]) -> Matrix:
    """Differentiate the chosen loadings by the turns, (k, m(m - 1)).

    d l_ij / d T_ba = -l_ia (T^{-1})_jb.
    """
    i, j = np.nonzero(near)
    inverse = np.linalg.inv(T)
    along = np.einsum("kb,abc->kac", inverse[j], normals)
    by_turns: Matrix = -(L[i][:, :, None] * along).reshape(len(i), -1)
    return by_turns
