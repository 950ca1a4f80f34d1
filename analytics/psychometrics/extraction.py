"""Factors by other criteria than minres: the kernels of `efa`, which checks for them.

Every criterion is minimised over the unique variances alone, the loadings being those
that are best for them (`ml`, `gls`) or the principal axes of what they leave (`wls`).
"""

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.minres import (
    GRADIENT_TOLERANCE,
    MinresSolution,
    minres,
    newton,
    principal_axes,
    slope_of,
    starting_psi,
)

Extraction = Literal["minres", "ml", "pa", "gls", "wls"]
Solution = MinresSolution
_Function = Callable[[Matrix], tuple[float, Matrix]]

_MAX_ROUNDS = 20_000
_STEP = 1e-5  # of the finite differences of a gradient
_FIXED = 1e-10  # change of a communality at which principal axes have settled


def extract(R: Matrix, m: int, method: Extraction) -> Solution:
    """Unrotated factors of (p, p) correlations; all but `pa` need R non-singular."""
    if method == "minres":
        return minres(R, m)
    if method == "pa":
        return principal_axis(R, m)
    function: _Function = {
        "ml": partial(maximum_likelihood_at, R=R, m=m),
        "gls": partial(
            generalized_at, inverse=np.linalg.inv(R).astype(np.float64), m=m
        ),
        "wls": partial(weighted_at, R=R, m=m),
    }[method]
    psi, iterations = newton(starting_psi(R), function, partial(_hessian, function))
    value, gradient = function(psi)
    slope = slope_of(psi, gradient)
    loadings = (principal_axes if method == "wls" else scaled_axes)(psi, R, m)
    return Solution(
        loadings=loadings,
        psi=psi,
        objective=value,
        gradient_norm=slope,
        converged=slope < GRADIENT_TOLERANCE,
        iterations=iterations,
    )


def maximum_likelihood_at(psi: Matrix, *, R: Matrix, m: int) -> tuple[float, Matrix]:
    r"""Discrepancy of maximum likelihood and its gradient by psi.

    :math:`f = \sum_{k>m}(\theta_k - \log\theta_k - 1)` and :math:`\psi_i^{-1}
    \sum_{k>m}(1 - \theta_k) v_{ik}^2` with theta the eigenvalues of
    :math:`\Psi^{-1/2} R \Psi^{-1/2}`, largest first: Joreskog (1967), Psychometrika
    32, doi:10.1007/BF02289658.
    """
    root = np.sqrt(psi)
    values, vectors = np.linalg.eigh(R / np.outer(root, root))
    rest, axes = np.maximum(values[:-m], 1e-300), vectors[:, :-m]
    value = float((rest - np.log(rest) - 1).sum())
    return value, (axes**2) @ (1 - rest) / psi


def generalized_at(psi: Matrix, *, inverse: Matrix, m: int) -> tuple[float, Matrix]:
    r"""Half the generalized least squares, :math:`\tfrac12 tr(I - R^{-1}\Sigma)^2`.

    :math:`f = \tfrac12\sum_{k>m}(1 - \gamma_k)^2` and :math:`\psi_i^{-1}
    \sum_{k>m}(\gamma_k - 1)\gamma_k v_{ik}^2` with gamma the eigenvalues of
    :math:`\Psi^{1/2} R^{-1} \Psi^{1/2}`, smallest first: Joreskog & Goldberger (1972),
    Psychometrika 37, doi:10.1007/BF02306782.
    """
    root = np.sqrt(psi)
    values, vectors = np.linalg.eigh(inverse * np.outer(root, root))
    rest, axes = values[m:], vectors[:, m:]
    value = float(((1 - rest) ** 2).sum()) / 2
    return value, (axes**2) @ ((rest - 1) * rest) / psi


def scaled_axes(psi: Matrix, R: Matrix, m: int) -> Matrix:
    """Return the best loadings for psi by maximum likelihood and generalized squares."""
    root = np.sqrt(psi)
    values, vectors = np.linalg.eigh(R / np.outer(root, root))
    kept = np.sqrt(np.maximum(values[: -m - 1 : -1] - 1, 0))
    loadings = root[:, None] * vectors[:, : -m - 1 : -1] * kept
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    signed: Matrix = loadings * signs
    return signed


def weighted_at(psi: Matrix, *, R: Matrix, m: int) -> tuple[float, Matrix]:
    r"""Weighted squares :math:`\sum_{ij} u_i u_j E_{ij}^2` and their gradient by psi.

    u are the reciprocals of the diagonal of the inverse of R and E is what the m
    principal axes of R - Psi leave of it, the diagonal included: the criterion of
    psych::fa(fm = "wls"). In the eigenbasis V of R - Psi, E changes by the divided
    differences :math:`\Gamma_{kl}` of the function that keeps the eigenvalues beyond
    the m largest (1 for two of these, 0 for two of the m, :math:`\theta_k/(\theta_k -
    \theta_l)` across). With G the derivative by E the gradient is minus the diagonal
    of :math:`V(\Gamma \circ V'GV)V'`.
    """
    unique = 1 / np.diag(np.linalg.inv(R))
    values, vectors = np.linalg.eigh(R - np.diag(psi))
    rest, axes = values[:-m], vectors[:, :-m]
    residual = (axes * rest) @ axes.T
    weighted = np.outer(unique, unique) * residual
    gamma = np.zeros_like(R)
    gamma[:-m, :-m] = 1
    across = rest[:, None] / np.minimum(rest[:, None] - values[-m:], -1e-12)
    gamma[:-m, -m:], gamma[-m:, :-m] = across, across.T
    inner = gamma * (vectors.T @ (2 * weighted) @ vectors)
    value = float((weighted * residual).sum())
    return value, -((vectors @ inner) * vectors).sum(axis=1)


def _hessian(function: _Function, psi: Matrix) -> Matrix:
    """Central differences of the gradient; they steer Newton's method, no more."""
    rows = []
    for i in range(len(psi)):
        step = np.zeros_like(psi)
        step[i] = min(_STEP, psi[i] / 2)
        rise = function(psi + step)[1] - function(psi - step)[1]
        rows.append(rise / (2 * step[i]))
    hessian = np.array(rows)
    symmetric: Matrix = (hessian + hessian.T) / 2
    return symmetric


def principal_axis(R: Matrix, m: int) -> Solution:
    """Iterate principal axes until the communalities reproduce themselves.

    From the squared multiple correlations, without a bound, to a change of 1e-10 of a
    communality. Rounds are counted as iterations; `gradient_norm` is the last change.
    The fixed point, where it exists, is that of `minres`.
    """
    psi, change, rounds = starting_psi(R), np.inf, 0
    while rounds < _MAX_ROUNDS and change > _FIXED:
        loadings = principal_axes(psi, R, m)
        moved = 1 - (loadings**2).sum(axis=1)
        change = float(np.abs(moved - psi).max())
        psi = moved
        rounds += 1
    loadings = principal_axes(psi, R, m)
    residual = np.tril(R - loadings @ loadings.T, -1)
    return Solution(
        loadings=loadings,
        psi=psi,
        objective=float((residual**2).sum()),
        gradient_norm=change,
        converged=change <= _FIXED,
        iterations=rounds,
    )
