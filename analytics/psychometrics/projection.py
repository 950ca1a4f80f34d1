"""Rotation of loadings by gradient projection, and the criteria it minimises."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix

# loadings (p, m) -> value of the criterion, its gradient by the loadings (p, m)
Criterion = Callable[[Matrix], tuple[float, Matrix]]

GEOMIN_DELTA = 0.01
_TREMBLE = 1e-14
_PATIENCE = 1_000  # steps within which the slope has to become half as small,
_STEEP = 3e-4  # unless it is below this already


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """Where gradient projection ended.

    Attributes
    ----------
    loadings : (p, m) float64
    T : (m, m) float64
        Oblique: loadings = A (T')^{-1} and phi = T'T; orthogonal: loadings = A T.
    value : float
        Of the criterion.
    slope : float
        Length of the projected gradient.
    """

    loadings: Matrix
    T: Matrix
    value: float
    slope: float


def quartimin(L: Matrix) -> tuple[float, Matrix]:
    r""":math:`\tfrac14\sum_i\sum_{j \ne k} l_{ij}^2 l_{ik}^2`.

    Jennrich & Sampson (1966), doi:10.1007/BF02289465: direct oblimin with gamma = 0.
    """
    square = L**2
    others = square.sum(axis=1, keepdims=True) - square
    return float((square * others).sum()) / 4, L * others


def quartimax(L: Matrix) -> tuple[float, Matrix]:
    r""":math:`-\tfrac14\sum l_{ij}^4`: Neuhaus & Wrigley (1954)."""
    return -float((L**4).sum()) / 4, -(L**3)


def geomin(L: Matrix) -> tuple[float, Matrix]:
    r""":math:`\sum_i \prod_j (l_{ij}^2 + .01)^{1/m}`: Yates (1987)."""
    square: Matrix = L**2 + GEOMIN_DELTA
    means = np.exp(np.log(square).mean(axis=1, keepdims=True))
    gradient: Matrix = np.multiply(2 / L.shape[1] * means, L / square)
    return float(means.sum()), gradient


def bentler(L: Matrix) -> tuple[float, Matrix]:
    r""":math:`-\tfrac14(\log|M| - \log|diag M|)`, :math:`M = (L \circ L)'(L \circ L)`.

    Bentler (1977), Educational and Psychological Measurement 37: a criterion that the
    scale of the factors does not change.
    """
    square = L**2
    M = square.T @ square
    alone = np.diag(M)
    value = -(float(np.linalg.slogdet(M)[1]) - float(np.log(alone).sum())) / 4
    gradient: Matrix = -L * (square @ (np.linalg.inv(M) - np.diag(1 / alone)))
    return value, gradient


def towards(target: Matrix) -> Criterion:
    r""":math:`\tfrac12\sum (l_{ij} - b_{ij})^2` over the b that are not NaN.

    Browne (1972), British Journal of Mathematical and Statistical Psychology 25,
    doi:10.1111/j.2044-8317.1972.tb00482.x.
    """
    wanted = ~np.isnan(target)

    def criterion(L: Matrix) -> tuple[float, Matrix]:
        away = np.where(wanted, L - target, 0)
        return float((away**2).sum()) / 2, away

    return criterion


def oblique_at(
    A: Matrix, T: Matrix, criterion: Criterion
) -> tuple[Matrix, float, Matrix]:
    """Return loadings, criterion and its gradient by T, (m, m)."""
    L = np.linalg.solve(T, A.T).T.astype(np.float64)
    value, by_loadings = criterion(L)
    gradient = -np.linalg.solve(T.T, by_loadings.T @ L).astype(np.float64)
    return L, value, gradient


def orthogonal_at(
    A: Matrix, T: Matrix, criterion: Criterion
) -> tuple[Matrix, float, Matrix]:
    """Do the same for an orthogonal T."""
    L: Matrix = A @ T
    value, by_loadings = criterion(L)
    return L, value, A.T @ by_loadings


def oblique(
    A: Matrix, criterion: Criterion, T: Matrix, *, tolerance: float, most: int
) -> Projected:
    """Minimise over T with columns of unit length.

    References
    ----------
    Jennrich (2002), Psychometrika 67, doi:10.1007/BF02294706: the algorithm.
    Bernaards & Jennrich (2005), Educational and Psychological Measurement 65,
    doi:10.1177/0013164404272507: its step rule.
    """
    return _descend(
        lambda T: oblique_at(A, T, criterion),
        project=lambda T, gradient: gradient - T * (T * gradient).sum(axis=0),
        retract=lambda X: X / np.sqrt((X**2).sum(axis=0)),
        T=T,
        tolerance=tolerance,
        most=most,
    )


def orthogonal(
    A: Matrix, criterion: Criterion, T: Matrix, *, tolerance: float, most: int
) -> Projected:
    """Minimise over orthogonal T: Jennrich (2001), doi:10.1007/BF02294840."""

    def project(T: Matrix, gradient: Matrix) -> Matrix:
        inner = T.T @ gradient
        projected: Matrix = gradient - T @ (inner + inner.T) / 2
        return projected

    def retract(X: Matrix) -> Matrix:
        left, _, right = np.linalg.svd(X)
        nearest: Matrix = np.asarray(left @ right, dtype=np.float64)
        return nearest

    return _descend(
        lambda T: orthogonal_at(A, T, criterion),
        project=project,
        retract=retract,
        T=T,
        tolerance=tolerance,
        most=most,
    )


def _descend(
    at: Callable[[Matrix], tuple[Matrix, float, Matrix]],
    *,
    project: Callable[[Matrix, Matrix], Matrix],
    retract: Callable[[Matrix], Matrix],
    T: Matrix,
    tolerance: float,
    most: int,
) -> Projected:
    """Step along the projected gradient, halved until the criterion falls enough.

    Where that fall is smaller than the rounding of the criterion, the slope has to
    fall instead. A descent that is still steep after a thousand steps, and not half as
    steep as in the thousand before, is given up: two factors are becoming one, and the
    criterion falls without end (loadings of too low a rank, as from correlations that
    are not positive definite).
    """
    L, value, gradient = at(T)
    projected = project(T, gradient)
    slope = float((projected**2).sum())
    step = 1.0
    before = lowest = float("inf")  # squared slopes
    for done in range(most):
        lowest = min(lowest, slope)
        if np.sqrt(slope) < tolerance:
            break
        if done and done % _PATIENCE == 0:
            if lowest > max(before / 4, _STEEP**2):
                break
            before, lowest = min(before, lowest), float("inf")
        step *= 2
        for _halving in range(60):
            moved = retract(T - step * projected)
            new_L, new_value, new_gradient = at(moved)
            new_projected = project(moved, new_gradient)
            new_slope = float((new_projected**2).sum())
            fall = 0.5 * slope * step
            if new_value < value - fall:
                break
            if fall < _TREMBLE * (1 + abs(value)) and new_slope < slope:
                break
            step /= 2
        else:
            break
        T, L, value, projected, slope = (
            moved,
            new_L,
            new_value,
            new_projected,
            new_slope,
        )
    return Projected(L, T, value, float(np.sqrt(slope)))
