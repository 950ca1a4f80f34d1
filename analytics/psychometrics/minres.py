"""Unweighted least squares factors: the kernel of the factor analyses.

Works on correlations only and checks nothing; `efa` and `omega_total` do.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix

LOWEST_UNIQUENESS = 0.005  # as in psych::fa and stats::factanal
GRADIENT_TOLERANCE = 1e-9
_MAX_NEWTON_STEPS = 200
_TREMBLE = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class MinresSolution:
    """Minimum of the residual sum of squares.

    Attributes
    ----------
    loadings : (p, m) float64
        Principal axes, largest first; columns have positive sums.
    psi : (p,) float64
        Unique variances, between 0.005 and 1.
    objective : float
        Sum of the squared residual correlations, each pair once.
    gradient_norm : float
        Largest element of the gradient that could still lower the objective.
    converged : bool
        Whether it lies below 1e-9.
    iterations : int
        Newton steps.
    """

    loadings: Matrix
    psi: Matrix
    objective: float
    gradient_norm: float
    converged: bool
    iterations: int


def minres(R: Matrix, m: int) -> MinresSolution:
    r"""Fit m factors to a (p, p) correlation matrix by unweighted least squares.

    Minimises :math:`f(\psi) = \tfrac12 \sum_{k > m} \theta_k^2` over the unique
    variances, theta_k being the eigenvalues of :math:`R - \Psi`, largest first. At an
    inner minimum this is the sum of the squared residual correlations. Newton's method
    with the exact Hessian, made positive where it is not, starts from the squared
    multiple correlations.

    References
    ----------
    Harman & Jones (1966), Psychometrika 31, doi:10.1007/BF02289468: the criterion.
    Joreskog (1977), chapter 7 in Enslein, Ralston & Wilf (eds), Statistical methods
    for digital computers, volume 3: value and gradient.
    """
    reduced = _Reduced(R, m)
    psi, iterations = newton(
        starting_psi(R), reduced.value_and_gradient, reduced.hessian
    )
    norm = slope_of(psi, reduced.value_and_gradient(psi)[1])
    loadings = _axes(*reduced.spectrum(psi), m)
    residual = R - loadings @ loadings.T
    return MinresSolution(
        loadings=loadings,
        psi=psi,
        objective=float((np.tril(residual, -1) ** 2).sum()),
        gradient_norm=norm,
        converged=norm < GRADIENT_TOLERANCE,
        iterations=iterations,
    )


def squared_multiple_correlations(R: Matrix) -> Matrix | None:
    """Squared multiple correlations of a (p, p) R, (p,); None when R is singular."""
    values, vectors = np.linalg.eigh(R)
    if values[0] <= len(R) * np.finfo(np.float64).eps * values[-1]:
        return None
    smc: Matrix = 1 - 1 / (vectors**2 / values).sum(axis=1)
    return smc


def starting_psi(R: Matrix) -> Matrix:
    """Return unique variances to start from: one minus the squared multiple correlations."""
    smc = squared_multiple_correlations(R)
    if smc is None:
        return np.full(len(R), 0.5)
    return np.clip(1 - smc, LOWEST_UNIQUENESS, 1)


class _Reduced:
    """The criterion of m factors; its spectrum is computed once where it is asked."""

    def __init__(self, R: Matrix, m: int) -> None:
        self.R, self.m = R, m
        self._at: Matrix | None = None
        self._spectrum: tuple[Matrix, Matrix]

    def spectrum(self, psi: Matrix) -> tuple[Matrix, Matrix]:
        """Eigenvalues and vectors of R - diag(psi); `psi` is not changed in place."""
        if self._at is not psi:
            values, vectors = np.linalg.eigh(self.R - np.diag(psi))
            self._at, self._spectrum = psi, (values, vectors)
        return self._spectrum

    def value_and_gradient(self, psi: Matrix) -> tuple[float, Matrix]:
        r""":math:`f = \tfrac12\sum_{k>m}\theta_k^2`, :math:`-\sum_{k>m}\theta_k v_{ik}^2`."""
        values, vectors = self.spectrum(psi)
        rest, axes = values[: -self.m], vectors[:, : -self.m]
        return 0.5 * float(rest @ rest), -(axes**2) @ rest

    def hessian(self, psi: Matrix) -> Matrix:
        r"""Second derivatives of f, exact.

        :math:`(V_2V_2')_{ij}^2 + 2\sum_{k>m}\sum_{l\le m}
        \frac{\theta_k}{\theta_k-\theta_l} v_{ik}v_{jk}v_{il}v_{jl}`, by perturbation
        of the eigenvalues.
        """
        (values, vectors), m = self.spectrum(psi), self.m
        rest, axes = values[:-m], vectors[:, :-m]
        kept, kept_axes = values[-m:], vectors[:, -m:]
        ratio = rest[:, None] / np.minimum(rest[:, None] - kept[None, :], -1e-12)
        pairs = (axes[:, :, None] * kept_axes[:, None, :]).reshape(len(self.R), -1)
        hessian: Matrix = (axes @ axes.T) ** 2 + 2 * (pairs * ratio.ravel()) @ pairs.T
        return hessian


def newton(
    psi: Matrix,
    function: Callable[[Matrix], tuple[float, Matrix]],
    hessian: Callable[[Matrix], Matrix],
) -> tuple[Matrix, int]:
    """Newton steps on the variances that are free to move, halved until f falls."""
    value, gradient = function(psi)
    for step in range(_MAX_NEWTON_STEPS):
        slope = slope_of(psi, gradient)
        if slope < GRADIENT_TOLERANCE / 100:
            return psi, step
        free = _free(psi, gradient)
        direction = np.zeros_like(psi)
        direction[free] = _descent(hessian(psi)[np.ix_(free, free)], gradient[free])
        for halving in range(40):
            trial = np.clip(psi + 0.5**halving * direction, LOWEST_UNIQUENESS, 1)
            new_value, new_gradient = function(trial)
            # at the end f only trembles, while its slope still falls
            still = new_value <= value + _TREMBLE * (1 + value)
            if new_value < value or (
                still and slope_of(trial, new_gradient) < slope / 2
            ):
                break
        else:
            return psi, step  # no smaller value in reach of the arithmetic
        psi, value, gradient = trial, new_value, new_gradient
    return psi, _MAX_NEWTON_STEPS


def _descent(hessian: Matrix, gradient: Matrix) -> Matrix:
    """Newton direction with the curvature made positive, so that it leads down."""
    with suppress(np.linalg.LinAlgError):
        lower = np.linalg.cholesky(hessian)
        scale = np.diag(lower)
        if scale.min() > 1e-4 * scale.max():  # far from flat in any direction
            return np.asarray(np.linalg.solve(hessian, -gradient), dtype=np.float64)
    values, vectors = np.linalg.eigh(hessian)
    curvature = np.maximum(np.abs(values), 1e-8 * np.abs(values).max())
    direction: Matrix = -vectors @ ((vectors.T @ gradient) / curvature)
    return direction


def _free(psi: Matrix, gradient: Matrix) -> NDArray[np.bool_]:
    """Variances that are not held at a bound by the gradient."""
    held_low = (psi <= LOWEST_UNIQUENESS) & (gradient > 0)
    held_high = (psi >= 1) & (gradient < 0)
    return ~(held_low | held_high)


def slope_of(psi: Matrix, gradient: Matrix) -> float:
    """Largest element of the gradient on the variances that are free to move."""
    return float(np.abs(np.where(_free(psi, gradient), gradient, 0)).max())


def principal_axes(psi: Matrix, R: Matrix, m: int) -> Matrix:
    """Return the m largest principal axes of R - diag(psi), with positive sums."""
    return _axes(*np.linalg.eigh(R - np.diag(psi)), m)


def _axes(values: Matrix, vectors: Matrix, m: int) -> Matrix:
    loadings = vectors[:, : -m - 1 : -1] * np.sqrt(np.maximum(values[: -m - 1 : -1], 0))
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    signed: Matrix = loadings * signs
    return signed
