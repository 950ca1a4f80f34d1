"""Exploratory factor analysis."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotConverged, TooFewData
from analytics.psychometrics.minres import LOWEST_UNIQUENESS, minres
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.rotation import Rotated, Rotation, rotate


@dataclass(frozen=True, slots=True, eq=False)
class Efa:
    """Factors of the correlations of p items.

    Attributes
    ----------
    items : tuple of p str
        In the order of the rows.
    n_factors, n : int
        Number of factors m, and respondents.
    method, rotation : str
        "minres" and the rotation asked for.
    loadings : (p, m) float64
        Pattern; factors by variance accounted for, columns with positive sums.
    phi : (m, m) float64
        Correlations of the factors.
    communalities, uniquenesses : (p,) float64
        Diagonal of (loadings phi loadings'), and one minus that.
    variance_accounted : (m,) float64
        Diagonal of (phi loadings' loadings); its sum is that of the communalities.
    objective : float
        Sum of the squared residual correlations, each pair once.
    rmsr : float
        Root mean square of these residuals.
    df : int
        Degrees of freedom, ((p - m)**2 - p - m) / 2.
    converged : bool
    iterations : int
    gradient_norm : float
    heywood : tuple of str
        Items that the factors explain completely: the solution is improper.
    """

    items: tuple[str, ...]
    n_factors: int
    n: int
    method: str
    rotation: Rotation
    loadings: Matrix
    phi: Matrix
    communalities: Matrix
    uniquenesses: Matrix
    variance_accounted: Matrix
    objective: float
    rmsr: float
    df: int
    converged: bool
    iterations: int
    gradient_norm: float
    heywood: tuple[str, ...]


def efa(moments: Moments, n_factors: int, *, rotation: Rotation) -> Efa:
    """Minimum-residual factors of the Pearson correlations.

    Extraction by `minres`, tight to a gradient of 1e-9; rotation by `rotate`.

    Raises
    ------
    TooFewData
        Fewer than three items or two respondents; more factors than can be identified.
    NotDefined
        A constant item.
    NotConverged
        Extraction or rotation did not reach a stationary point.

    References
    ----------
    Harman & Jones (1966), Psychometrika 31, doi:10.1007/BF02289468.
    """
    if n_factors < 1:
        raise ValueError(f"n_factors must be 1 or more, not {n_factors}.")
    moments.require("efa", items=3, answers=3)
    p = moments.p
    df = ((p - n_factors) ** 2 - p - n_factors) // 2
    if df < 0 or n_factors >= p:
        raise TooFewData("too-many-factors", factors=n_factors, has=p)
    solution = minres(moments.correlation, n_factors)
    if not solution.converged:
        raise NotConverged("not-converged", statistic="efa")
    rotated = ordered(rotate(solution.loadings, rotation))
    L, phi = rotated.loadings, rotated.phi
    communalities = ((L @ phi) * L).sum(axis=1)
    improper = (solution.psi <= LOWEST_UNIQUENESS) | (communalities >= 1)
    return Efa(
        items=moments.items,
        n_factors=n_factors,
        n=moments.n,
        method="minres",
        rotation=rotation,
        loadings=L,
        phi=phi,
        communalities=communalities,
        uniquenesses=1 - communalities,
        variance_accounted=_variance_accounted(rotated),
        objective=solution.objective,
        rmsr=float(np.sqrt(solution.objective / (p * (p - 1) / 2))),
        df=df,
        converged=solution.converged,
        iterations=solution.iterations,
        gradient_norm=solution.gradient_norm,
        heywood=tuple(moments.items[j] for j in np.flatnonzero(improper)),
    )


def ordered(rotated: Rotated) -> Rotated:
    """Sort the factors by variance accounted for; turn columns to positive sums."""
    order = np.argsort(-_variance_accounted(rotated), kind="stable")
    signs = np.where(rotated.loadings[:, order].sum(axis=0) < 0, -1.0, 1.0)
    phi = rotated.phi[np.ix_(order, order)] * np.outer(signs, signs)
    return Rotated(rotated.loadings[:, order] * signs, phi)


def align(loadings: Matrix, target: Matrix) -> tuple[Matrix, NDArray[np.intp], Matrix]:
    """Bring the factors of (p, m) loadings into the order and signs of a target.

    Every column goes to the target column with the most similar direction (largest
    sum of absolute cosines over all assignments).

    Returns
    -------
    aligned : (p, m) float64
    order : (m,) int
    signs : (m,) float64
        aligned = loadings[:, order] * signs; phi follows alike.
    """
    from scipy.optimize import linear_sum_assignment  # slow to import

    lengths = np.outer(np.linalg.norm(target, axis=0), np.linalg.norm(loadings, axis=0))
    cosines = target.T @ loadings / lengths
    order = linear_sum_assignment(-np.abs(cosines))[1]
    signs = np.where(cosines[np.arange(len(order)), order] < 0, -1.0, 1.0)
    return loadings[:, order] * signs, order, signs


def _variance_accounted(rotated: Rotated) -> Matrix:
    L, phi = rotated.loadings, rotated.phi
    variance: Matrix = np.diag(phi @ L.T @ L).copy()
    return variance
