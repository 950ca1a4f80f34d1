r"""Corrections for answers that are not normal: sandwich errors and scaled chi-squares.

With Gamma, the covariance matrix of means and products, everything is a trace or a
small product: the meat of the sandwich is :math:`Q' \Gamma Q`, where column a of Q holds
the weights of the moments in the score of parameter a.

References
----------
Satorra & Bentler (1994): the mean-adjusted statistic (MLM), with expected information.
Yuan & Bentler (2000), Sociol. Methodol. 30, 165-200; Asparouhov & Muthen (2005): the
statistic of MLR, with observed information and the unrestricted moments.
Huber (1967); White (1982), Econometrica 50, 1-25: the sandwich.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Slopes,
    gradient,
    inverse,
    slopes,
)
from analytics.psychometrics.sem.shifted import Adjustment, adjustments

Drift = tuple[Matrix, float]


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """What the fourth moments change.

    Attributes
    ----------
    vcov : (t, t)
        Sandwich covariance of the free parameters.
    factor, baseline_factor : float or None
        Scaling factors; None where df = 0.
    model_factor, unrestricted_factor : float
        Of the log-likelihoods of the model and of the unrestricted one, for comparing
        nested models (Satorra & Bentler 2001).
    adjusted, baseline_adjusted : Adjustment or None
        How MLMV moves the chi-squares.
    """

    vcov: Matrix
    factor: float | None
    baseline_factor: float | None
    model_factor: float
    unrestricted_factor: float
    adjusted: Adjustment | None = None
    baseline_adjusted: Adjustment | None = None

    @property
    def usable(self) -> bool:
        """Whether the factors, where there are any, can scale a chi-square."""
        factors = (self.factor, self.baseline_factor)
        return all(factor is None or factor > 0 for factor in factors)


def correct(
    problem: Problem,
    ats: Sequence[Implied],
    gammas: Sequence[Matrix],
    n: float,
    *,
    observed: bool,
    shifted: bool = False,
    drifts: Sequence[Drift | None] | None = None,
) -> Correction | None:
    """Compute sandwich and scaling factors; None where the information is singular.

    Parameters
    ----------
    gammas : one matrix a group, as in `FourthMoments`
    n : float
        Multiplier of the discrepancy.
    observed : bool
        MLR: exact Hessian and sample moments in the trace of the unrestricted model.
        MLM: expected information and implied moments.
    shifted : bool
        MLMV: adjust for the variance of the chi-square, too.
    drifts : (drift, size) a group, as in `SurveyMoments`; None = independent people
    """
    Z = problem.basis
    curvature = problem.hessian(ats) if observed else problem.information(ats)
    bread = Z.T @ curvature @ Z / 2
    meat = Z.T @ _meat(problem, ats, gammas, drifts, scores=observed) @ Z
    try:
        bread_inverse = inverse(bread)
    except np.linalg.LinAlgError:
        return None
    vcov = Z @ (bread_inverse @ meat @ bread_inverse) @ Z.T / n
    means = problem.model.settings.means
    unrestricted = baseline = baseline_own = 0.0
    for group, at, gamma in zip(problem.groups, ats, gammas, strict=True):
        W = inverse(group.S) if observed else at.W
        variance = np.diag(group.S)
        V = W if observed else np.diag(1 / variance)
        unrestricted += _trace(W, gamma, means=means)
        baseline += _trace(V, gamma, means=means)
        baseline_own += _own_trace(variance, gamma, means=means)
    p = problem.p
    df = problem.n_moments - Z.shape[1]
    baseline_df = len(problem.groups) * p * (p - 1) // 2
    used = float((bread_inverse * meat.T).sum())
    moved = adjustments(problem, ats, gammas) if shifted else (None, None)
    return Correction(
        vcov=vcov,
        factor=(unrestricted - used) / df if df else None,
        baseline_factor=(
            (baseline - baseline_own) / baseline_df if baseline_df else None
        ),
        model_factor=used / max(Z.shape[1], 1),
        unrestricted_factor=unrestricted / problem.n_moments,
        adjusted=moved[0],
        baseline_adjusted=moved[1],
    )


def _meat(
    problem: Problem,
    ats: Sequence[Implied],
    gammas: Sequence[Matrix],
    drifts: Sequence[Drift | None] | None = None,
    *,
    scores: bool,
) -> Matrix:
    """Mean outer product of the scores of the respondents, (t, t).

    Without `scores` (MLM) that of the moments, weighted as where the model holds: in a
    group that shares parameters with others neither mean score nor residual is 0.
    """
    total = np.zeros((problem.model.n_free,) * 2)
    drifts = drifts or [None] * len(gammas)
    groups = zip(problem.groups, problem.layouts, ats, gammas, drifts, strict=True)
    for group, layout, at, gamma, drift in groups:
        d = problem.distance(group, at)
        by = slopes(at, layout.places)
        Q = score_weights(at, by, d if scores else 0 * d)
        if not problem.model.settings.means:
            Q[: problem.p] = 0
        mean = -gradient(at, by, group.S, d) / 2
        toward, size = (0.0 * Q[:, 0], 1.0) if drift is None else drift
        cross = np.outer(Q.T @ toward, mean)
        part = Q.T @ gamma @ Q
        if scores:
            part += cross + cross.T + size * np.outer(mean, mean)
        layout.collect(total, group.weight * part)
    return total


def score_weights(at: Implied, by: Slopes, d: Matrix) -> Matrix:
    """Weights of values and products in the scores, (p + p(p+1)/2, e)."""
    W = at.W
    i, j = np.tril_indices(len(W))
    WU, WV = W @ by.U, W @ by.V
    w = W @ d
    first = W @ (by.M + by.U * (by.V.T @ w) + by.V * (by.U.T @ w))
    once = np.where(i == j, 0.5, 1.0)[:, None]
    return np.vstack([first, once * (WU[i] * WV[j] + WV[i] * WU[j])])


def _trace(W: Matrix, gamma: Matrix, *, means: bool) -> float:
    """tr(V Gamma) for the normal-theory weights V of inverse covariances W."""
    p = len(W)
    i, j = np.tril_indices(p)
    times = np.where(i == j, 1.0, 2.0)
    total = 0.0
    for column in range(len(i)):
        k, m = i[column], j[column]
        products = W[i, k] * W[j, m] + W[i, m] * W[j, k]
        total += times[column] * float(times * products @ gamma[p:, p + column]) / 4
    return total + (float((W * gamma[:p, :p]).sum()) if means else 0.0)


def _own_trace(variance: Matrix, gamma: Matrix, *, means: bool) -> float:
    """Return the same trace for free variances (and means) alone."""
    p = len(variance)
    i, j = np.tril_indices(p)
    at = p + np.flatnonzero(i == j)
    total = float((gamma[at, at] / variance**2).sum()) / 2
    first = float((np.diag(gamma)[:p] / variance).sum()) if means else 0.0
    return total + first
