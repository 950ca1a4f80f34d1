"""Standard errors of composite reliability and average variance extracted."""

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.fourth import FourthMoments
from analytics.psychometrics.sem.kernel import PATH, Implied, slopes
from analytics.psychometrics.sem.least_squares import LeastSquares
from analytics.psychometrics.sem.result import SemFit


def sampling_errors(
    fit: SemFit, k: int, fourth: FourthMoments | None
) -> tuple[float, float] | None:
    """Return the errors of omega and AVE of factor k; None where there are none.

    See `factor_reliability`. Models of several groups, least squares and answers with
    gaps have none.
    """
    # what follows counts on normal theory and on everybody having answered everything
    other = isinstance(fit.problem, LeastSquares) or fit.missing == "fiml"
    if fit.vcov is None or other or len(fit.problem.groups) > 1:
        return None
    at = fit.implied()[0]
    bread = _inverse_information(fit)
    if bread is None:
        return None
    found = []
    for by_theta, by_covariance in _derivatives(fit, at, k):
        M = by_covariance + _through_estimates(fit, at, bread @ by_theta)
        found.append(float(np.sqrt(_variance(M, at.sigma, fourth, fit) / fit.scale)))
    return found[0], found[1]


def _inverse_information(fit: SemFit) -> Matrix | None:
    """Inverse of the expected information of one respondent, (t, t)."""
    Z = fit.problem.basis
    H = Z.T @ fit.problem.information(fit.implied()) @ Z / 2
    try:
        inner = np.linalg.inv(H)
    except np.linalg.LinAlgError:
        return None
    inverse: Matrix = Z @ inner @ Z.T
    return inverse


def _derivatives(
    fit: SemFit, at: Implied, k: int
) -> tuple[tuple[Matrix, Matrix], tuple[Matrix, Matrix]]:
    """Differentiate omega and AVE by the parameters (t,) and directly by S (p, p)."""
    layout, p = fit.problem.layouts[0], len(fit.observed)
    places, j = layout.places, p + k
    S = fit.groups[0].covariance
    effects, variance = at.G[:, j], float(at.P[j, j])
    path = places.kind == PATH
    by_effects = at.G[:, places.row] * (at.B[places.column, j] * path)
    by = slopes(at, places, rows=len(at.B))
    by_variance = 2 * by.U[j] * by.V[j]
    total = np.outer(effects != 0, effects != 0)
    own = np.diag((effects != 0).astype(np.float64))
    whole, trace = float(S[total].sum()), float((S * own).sum())
    one = effects.sum()
    omega = float(one**2 * variance / whole)
    ave = float((effects**2).sum() * variance / trace)
    slope_omega = (2 * one * variance * by_effects.sum(axis=0)) + one**2 * by_variance
    slope_ave = 2 * variance * (effects @ by_effects)
    slope_ave = slope_ave + (effects**2).sum() * by_variance
    gradients = np.zeros((2, len(fit.theta)))
    np.add.at(gradients[0], layout.parameter, slope_omega / whole)
    np.add.at(gradients[1], layout.parameter, slope_ave / trace)
    return (
        (gradients[0], -omega / whole * total),
        (gradients[1], -ave / trace * own),
    )


def _through_estimates(fit: SemFit, at: Implied, weights: Matrix) -> Matrix:
    r"""Differentiate the estimates by S, summed with (t,) weights, (p, p).

    Of parameter a it is the row of the inverse information times the scores' weights
    :math:`\tfrac12 W\,d\Sigma_a W`.
    """
    layout = fit.problem.layouts[0]
    by = slopes(at, layout.places)
    scaled = by.U * weights[layout.parameter]
    d_sigma = scaled @ by.V.T
    M: Matrix = at.W @ (d_sigma + d_sigma.T) @ at.W / 2
    return M


def _variance(
    M: Matrix, sigma: Matrix, fourth: FourthMoments | None, fit: SemFit
) -> float:
    """Variance of tr(M S), times the number of respondents."""
    if fourth is None:
        product = M @ sigma
        return 2 * float((product * product.T).sum())
    p = len(sigma)
    i, j = np.tril_indices(p)
    weights = np.where(i == j, 1.0, 2.0) * M[i, j]
    gamma = fourth.select(fit.observed).gamma[p:, p:]
    return float(weights @ gamma @ weights)
