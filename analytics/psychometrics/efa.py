"""Exploratory factor analysis."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import chi2_sf, noncentrality
from analytics.psychometrics.errors import NotConverged, NotDefined, Reason, TooFewData
from analytics.psychometrics.extraction import Extraction, extract
from analytics.psychometrics.minres import LOWEST_UNIQUENESS
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.rotation import (
    GuidedRotation,
    Rotated,
    Rotation,
    rotate,
)

RMSEA_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class EfaFit:
    """How well m factors reproduce the correlations, by the likelihood discrepancy.

    Attributes
    ----------
    discrepancy : float
        tr(M^{-1}R) - log det(M^{-1}R) - p, M being the correlations that the factors
        imply; for every method of extraction.
    chi2 : float
        discrepancy times n - 1 - (2p + 5)/6 - 2m/3 (Bartlett 1951); distributed as
        chi-square for "ml", an approximation for the others.
    df : int
    p, tli, rmsea, rmsea_low, rmsea_high : float or None
        Tail of chi2; Tucker-Lewis index; root mean square error of approximation
        with its 90 % interval. None for df = 0; no tli where no item correlates.
    bic : float
        chi2 - df log n.
    """

    discrepancy: float
    chi2: float
    df: int
    p: float | None
    tli: float | None
    rmsea: float | None
    rmsea_low: float | None
    rmsea_high: float | None
    bic: float


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
        The extraction and the rotation asked for.
    loadings : (p, m) float64
        Pattern; factors by variance accounted for, columns with positive sums.
    phi : (m, m) float64
        Correlations of the factors.
    communalities, uniquenesses : (p,) float64
        Diagonal of (loadings phi loadings'), and one minus that.
    variance_accounted : (m,) float64
        Diagonal of (phi loadings' loadings); its sum is that of the communalities.
    objective : float
        Value of the criterion of extraction; for minres and principal axes the sum
        of the squared residual correlations, each pair once.
    rmsr : float
        Root mean square of the residual correlations.
    df : int
        Degrees of freedom, ((p - m)**2 - p - m) / 2.
    converged : bool
    iterations : int
    gradient_norm : float
        Of the criterion; for principal axes the last change of a communality.
    heywood : tuple of str
        Items that the factors explain completely: the solution is improper.
    fit : EfaFit or None
    fit_reason : Reason or None
        Why there is no fit.
    rotation_starts, rotation_agreeing : int
        Starting points of the rotation, and how many of them led to this one.
    """

    items: tuple[str, ...]
    n_factors: int
    n: int
    method: Extraction
    rotation: Rotation | GuidedRotation
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
    fit: EfaFit | None
    fit_reason: Reason | None
    rotation_starts: int
    rotation_agreeing: int


def efa(
    moments: Moments,
    n_factors: int,
    *,
    rotation: Rotation | GuidedRotation,
    method: Extraction = "minres",
    rng: np.random.Generator | None = None,
    target: Matrix | None = None,
) -> Efa:
    """Factors of the correlations.

    Parameters
    ----------
    moments : Moments
        Pearson, or those of polychoric correlations.
    n_factors : int
    rotation : str
        See `rotate`; geomin needs `rng`, target a `target`.
    method : str
        minres, unweighted least squares; ml, maximum likelihood; pa, principal axes
        iterated to their fixed point; gls, generalized least squares; wls, least
        squares weighted by psych's convention (`extraction.weighted_at`). Each is
        followed to a gradient of 1e-9.

    Raises
    ------
    TooFewData
        Fewer than three items or two respondents; more factors than can be identified.
    NotDefined
        A constant item; correlations that are singular where the method inverts them.
    NotConverged
        Extraction or rotation did not reach a stationary point.

    References
    ----------
    Harman & Jones (1966), Psychometrika 31, doi:10.1007/BF02289468: minres.
    """
    if n_factors < 1:
        raise ValueError(f"n_factors must be 1 or more, not {n_factors}.")
    moments.require("efa", items=3, answers=3)
    p, R = moments.p, moments.correlation
    df = ((p - n_factors) ** 2 - p - n_factors) // 2
    if df < 0 or n_factors >= p:
        raise TooFewData("too-many-factors", factors=n_factors, has=p)
    if method in ("ml", "gls", "wls") and _singular(R):
        raise NotDefined("singular", statistic="efa")
    solution = extract(R, n_factors, method)
    if not solution.converged:
        raise NotConverged("not-converged", statistic="efa")
    rotated = ordered(rotate(solution.loadings, rotation, rng=rng, target=target))
    L, phi = rotated.loadings, rotated.phi
    communalities = ((L @ phi) * L).sum(axis=1)
    improper = (solution.psi <= LOWEST_UNIQUENESS) | (communalities >= 1)
    fit = _fit(solution.loadings, moments, df)
    residual = np.tril(R - solution.loadings @ solution.loadings.T, -1)
    return Efa(
        items=moments.items,
        n_factors=n_factors,
        n=moments.n,
        method=method,
        rotation=rotation,
        loadings=L,
        phi=phi,
        communalities=communalities,
        uniquenesses=1 - communalities,
        variance_accounted=_variance_accounted(rotated),
        objective=solution.objective,
        rmsr=float(np.sqrt((residual**2).sum() / (p * (p - 1) / 2))),
        df=df,
        converged=solution.converged,
        iterations=solution.iterations,
        gradient_norm=solution.gradient_norm,
        heywood=tuple(moments.items[j] for j in np.flatnonzero(improper)),
        fit=fit if isinstance(fit, EfaFit) else None,
        fit_reason=fit if isinstance(fit, Reason) else None,
        rotation_starts=rotated.starts,
        rotation_agreeing=rotated.agreeing,
    )


def _fit(loadings: Matrix, moments: Moments, df: int) -> EfaFit | Reason:
    """Fit by the conventions of psych::fa, whose RMSEA takes n, its interval n - 1.

    References
    ----------
    Bartlett (1951), Biometrika 38, doi:10.1093/biomet/38.3-4.337: the multiplier.
    Tucker & Lewis (1973), Psychometrika 38, doi:10.1007/BF02291170.
    Browne & Cudeck (1992), Sociological Methods & Research 21,
    doi:10.1177/0049124192021002005: RMSEA and its interval.
    """
    R, n, (p, m) = moments.correlation, moments.n, loadings.shape
    implied = loadings @ loadings.T
    np.fill_diagonal(implied, 1)
    scale = n - 1 - (2 * p + 5) / 6 - 2 * m / 3
    if _singular(R) or _singular(implied) or scale <= 0:
        return Reason("singular", {"statistic": "efa-fit"})
    ratio = np.linalg.solve(implied, R)
    discrepancy = float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - p)
    chi2 = discrepancy * scale
    bic = chi2 - df * float(np.log(n))
    if df == 0:
        return EfaFit(discrepancy, chi2, df, None, None, None, None, None, bic)
    alone = -float(np.linalg.slogdet(R)[1]) * scale / (p * (p - 1) / 2)
    tail = (1 - RMSEA_CONFIDENCE) / 2
    low, high = (
        float(np.sqrt(noncentrality(chi2, df, q) / (df * (n - 1))))
        for q in (1 - tail, tail)
    )
    return EfaFit(
        discrepancy=discrepancy,
        chi2=chi2,
        df=df,
        p=chi2_sf(chi2, df),
        tli=(alone - chi2 / df) / (alone - 1) if alone > 1 else None,
        rmsea=float(np.sqrt(max(chi2 / (df * n) - 1 / (n - 1), 0))),
        rmsea_low=low,
        rmsea_high=high,
        bic=bic,
    )


def _singular(R: Matrix) -> bool:
    values = np.linalg.eigvalsh(R)
    return bool(values[0] <= len(R) * np.finfo(np.float64).eps * values[-1])


def ordered(rotated: Rotated) -> Rotated:
    """Sort the factors by variance accounted for; turn columns to positive sums."""
    order = np.argsort(-_variance_accounted(rotated), kind="stable")
    signs = np.where(rotated.loadings[:, order].sum(axis=0) < 0, -1.0, 1.0)
    phi = rotated.phi[np.ix_(order, order)] * np.outer(signs, signs)
    return replace(rotated, loadings=rotated.loadings[:, order] * signs, phi=phi)


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
