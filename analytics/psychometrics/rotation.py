"""Rotation of factor loadings: the only door to `factor_analyzer`.

Varimax and promax come from `factor_analyzer.Rotator`, imported when first used (it
brings scikit-learn and pandas). Oblimin is our own gradient projection, because the
library's gives neither its gradient nor whether it converged, and needs seconds to
come near the minimum.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotConverged

Rotation = Literal["none", "varimax", "promax", "oblimin"]

GRADIENT_TOLERANCE = 1e-7
_VARIMAX_TOLERANCE = 1e-5
_MAX_ITERATIONS = 10_000
_PROMAX_POWER = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rotated:
    """Loadings (p, m) and correlations of the factors (m, m)."""

    loadings: Matrix
    phi: Matrix


def rotate(loadings: Matrix, rotation: Rotation) -> Rotated:
    """Rotate (p, m) unrotated loadings; one factor stays as it is.

    varimax
        With Kaiser normalization (Kaiser 1958, doi:10.1007/BF02289233).
    promax
        Power 4, from the Kaiser-normalized varimax solution (Hendrickson & White
        1964, doi:10.1111/j.2044-8317.1964.tb00244.x): psych's "promax".
    oblimin
        Direct quartimin, gamma = 0, not normalized (Jennrich & Sampson 1966,
        doi:10.1007/BF02289465): the default of GPArotation and psych.

    Raises
    ------
    NotConverged
        The result is not a stationary point of its criterion.
    """
    m = loadings.shape[1]
    if rotation == "none" or m == 1:
        return Rotated(loadings.copy(), np.eye(m))
    if rotation == "oblimin":
        return _oblimin(loadings)
    varimax = _library(loadings, "varimax")
    if _varimax_gradient(varimax.loadings) > _VARIMAX_TOLERANCE:
        raise NotConverged("not-converged", statistic="rotation")
    return varimax if rotation == "varimax" else _library(loadings, "promax")


def _library(loadings: Matrix, method: Literal["varimax", "promax"]) -> Rotated:
    from factor_analyzer import Rotator  # 1.5 s: only when such a rotation is wanted

    rotator = Rotator(
        method=method,
        normalize=True,
        power=_PROMAX_POWER,
        max_iter=_MAX_ITERATIONS,
        tol=1e-14,
    )
    rotated = np.asarray(rotator.fit_transform(loadings.copy()), dtype=np.float64)
    phi = np.eye(loadings.shape[1])
    if method == "promax":
        phi = np.asarray(rotator.phi_, dtype=np.float64)
    return Rotated(rotated, phi)


def _varimax_gradient(loadings: Matrix) -> float:
    """Largest slope of the normalized varimax criterion by a plane rotation.

    With X the rows at unit length, X'(X**3 - X diag(mean X**2)) is symmetric at a
    stationary point.
    """
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    X = loadings / lengths
    slope = X.T @ (X**3 - X * (X**2).mean(axis=0)) / len(X)
    return float(np.abs(slope - slope.T).max())


def _oblimin(loadings: Matrix, tolerance: float = GRADIENT_TOLERANCE) -> Rotated:
    r"""Minimise :math:`\tfrac14\sum_i\sum_{j \ne k} l_{ij}^2 l_{ik}^2` obliquely.

    Loadings L = A (T')^{-1}, factor correlations T'T; T moves along the gradient
    projected on matrices with columns of unit length.

    References
    ----------
    Jennrich (2002), Psychometrika 67, doi:10.1007/BF02294706: the algorithm.
    Bernaards & Jennrich (2005), Educational and Psychological Measurement 65,
    doi:10.1177/0013164404272507: its step rule.
    """
    T = np.eye(loadings.shape[1])
    L, value, gradient = _oblimin_at(loadings, T)
    step = 1.0
    for _ in range(_MAX_ITERATIONS):
        projected = gradient - T * (T * gradient).sum(axis=0)
        slope = float((projected**2).sum())
        if np.sqrt(slope) < tolerance:
            return Rotated(L, T.T @ T)
        step *= 2
        for _halving in range(60):
            moved = T - step * projected
            moved /= np.sqrt((moved**2).sum(axis=0))
            new_L, new_value, new_gradient = _oblimin_at(loadings, moved)
            if new_value < value - 0.5 * slope * step:
                break
            step /= 2
        T, L, value, gradient = moved, new_L, new_value, new_gradient
    raise NotConverged("not-converged", statistic="rotation")


def _oblimin_at(A: Matrix, T: Matrix) -> tuple[Matrix, float, Matrix]:
    """Return loadings, criterion and its gradient by T, (m, m)."""
    L = np.linalg.solve(T, A.T).T.astype(np.float64)
    square = L**2
    others = square.sum(axis=1, keepdims=True) - square
    value = float((square * others).sum()) / 4
    gradient: Matrix = -np.linalg.solve(T.T, (L * others).T @ L)
    return L, value, gradient
