r"""Sandwich errors and scaled chi-squares of ordered items, by low-rank algebra.

With J the derivatives of the moments, V the weights and Gamma the moments' sampling
covariances, :math:`U = V - VJ(J'VJ)^{-1}J'V`. Its traces need no matrix of the moments'
size but V and Gamma themselves:

.. math:: tr(U\Gamma) = tr(V\Gamma) - tr(E^{-1}M), \quad
   tr(U\Gamma U\Gamma) = tr(V\Gamma V\Gamma) - 2\,tr(E^{-1}N) + tr(E^{-1}ME^{-1}M)

with :math:`E = J'VJ, M = J'V\Gamma VJ, N = J'V\Gamma V\Gamma VJ`.

References
----------
Muthen (1984); Satorra & Bentler (1994): the mean-adjusted statistic. Asparouhov &
Muthen (2010), Simple second order chi-square correction: the shift.
Satorra (2000), in Heijmans et al., Innovations in multivariate statistical analysis,
233-247: the scaled difference of nested models.
Savalei (2021), Multivariate Behav. Res. 56, 390-407, doi:10.1080/00273171.2020.1717922:
CFI and RMSEA of the normal discrepancy at estimates of DWLS or ULS.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.identification import inverse_if_conditioned
from analytics.psychometrics.sem.kernel import Implied, Slopes, positive_inverse
from analytics.psychometrics.sem.ordered_problem import (
    OrderedProblem,
    pairs,
    weighted,
    with_jacobian,
)
from analytics.psychometrics.sem.shifted import Adjustment

_CONDITION = 1e13


@dataclass(frozen=True, slots=True, eq=False)
class Normal:
    """The normal-theory discrepancy at the estimates, with its scaling factors.

    Attributes
    ----------
    chi2, baseline_chi2 : float
        Likelihood ratios of the polychoric correlations.
    factor, baseline_factor : float
    """

    chi2: float
    factor: float
    baseline_chi2: float
    baseline_factor: float


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """What errors and tests are made of, along the basis of the parameters.

    Attributes
    ----------
    slopes : one (m, k) matrix a group
        J along the basis.
    bread : (k, k)
        Inverse of E.
    meat, second : (k, k)
        M and N.
    traces : (float, float)
        tr(V Gamma) and tr(V Gamma V Gamma).
    """

    problem: OrderedProblem
    slopes: tuple[Matrix, ...]
    bread: Matrix
    meat: Matrix
    second: Matrix
    traces: tuple[float, float]

    @property
    def vcov(self) -> Matrix:
        """Sandwich covariance of the free parameters, for the degrees of freedom."""
        return self.problem.spread(self.bread @ self.meat @ self.bread) / self._n

    @property
    def naive_vcov(self) -> Matrix:
        """Covariance as if the weights were the inverse of Gamma."""
        return self.problem.spread(self.bread) / self._n

    @property
    def _n(self) -> int:
        return sum(group.n - 1 for group in self.problem.groups)

    @property
    def degrees(self) -> int:
        """Moments less free parameters."""
        return self.problem.n_moments - len(self.bread)

    def adjustment(self, *, shifted: bool) -> Adjustment | None:
        """How the chi-square is moved; None where nothing can be tested."""
        EM = self.bread @ self.meat
        first = self.traces[0] - float(np.trace(EM))
        second = (
            self.traces[1]
            - 2 * float((self.bread * self.second).sum())
            + float((EM * EM.T).sum())
        )
        return moved(first, second, self.degrees, shifted=shifted)


def moved(first: float, second: float, df: int, *, shifted: bool) -> Adjustment | None:
    """Make mean, or mean and variance, those of df degrees of freedom."""
    if not df or not first > 0 or not second > 0:
        return None
    if not shifted:
        return Adjustment(first / df)
    a = float(np.sqrt(df / second))
    return Adjustment(1 / a, df - a * first)


def sandwich(problem: OrderedProblem, ats: Sequence[Implied]) -> Sandwich | None:
    """Collect the products; None where E is singular."""
    k = problem.basis.shape[1]
    E, M, N = np.zeros((k, k)), np.zeros((k, k)), np.zeros((k, k))
    slopes, traces = [], np.zeros(2)
    for g, (share, by) in enumerate(
        zip(problem.shares, problem.slopes(ats), strict=True)
    ):
        V, gamma, J = problem.weights[g], problem.gammas[g], _along(problem, g, by)
        VJ = weighted(V, J)
        GVJ = gamma @ VJ
        E += share * J.T @ VJ
        M += share * VJ.T @ GVJ
        N += share * GVJ.T @ weighted(V, GVJ)
        traces += _own_traces(V, gamma)
        slopes.append(J)
    bread = _inverse(E)
    if bread is None:
        return None
    first, second = traces.tolist()
    return Sandwich(problem, tuple(slopes), bread, M, N, (first, second))


def _along(problem: OrderedProblem, g: int, by: Slopes) -> Matrix:
    J = problem.jacobian(g, with_jacobian(by).J)
    return J @ problem.basis if problem.model.constraints else J


def _inverse(E: Matrix) -> Matrix | None:
    root = np.sqrt(np.diag(E))
    if not (root > 0).all():
        return None
    inverted = inverse_if_conditioned(E / np.outer(root, root), _CONDITION)
    return None if inverted is None else inverted / np.outer(root, root)


def _own_traces(V: Matrix, gamma: Matrix) -> tuple[float, float]:
    """tr(V Gamma), tr(V Gamma V Gamma)."""
    if V.ndim == 1:
        first = float(V @ np.diag(gamma))
        return first, float(V @ (gamma * gamma) @ V)
    VG = V @ gamma
    return float(np.trace(VG)), float((VG * VG.T).sum())


def baseline_adjustment(problem: OrderedProblem, *, shifted: bool) -> Adjustment | None:
    """How the chi-square of uncorrelated items with free thresholds is moved.

    For diagonal weights, where the thresholds take no part in it.
    """
    traces, df = np.zeros(2), 0
    for cuts, V, gamma in zip(
        problem.cuts, problem.weights, problem.gammas, strict=True
    ):
        c = len(cuts.item)
        traces += _own_traces(V[c:], gamma[c:, c:])
        df += len(V) - c
    first, second = traces.tolist()
    return moved(first, second, df, shifted=shifted)


def normal_theory(found: Sandwich, ats: Sequence[Implied]) -> Normal | None:
    """Judge the correlations by the normal discrepancy, where thresholds are free.

    None where the polychoric or the implied correlations are not positive definite, or
    where there are no degrees of freedom.
    """
    problem = found.problem
    k = len(found.bread)
    if "thresholds" in problem.model.settings.equal or not found.degrees:
        return None
    chi2 = base = free = base_free = 0.0
    A, B, C = np.zeros((k, k)), np.zeros((k, k)), np.zeros((k, k))
    for g, at in enumerate(ats):
        group, c, share = problem.groups[g], len(problem.cuts[g].item), 0.0
        share = problem.shares[g]
        observed, model = positive_inverse(group.S), positive_inverse(at.sigma)
        if observed is None or model is None:
            return None
        W, log_det = model
        fit = log_det - observed[1] + float((W * group.S).sum()) - problem.p
        chi2 += group.n * fit
        base -= group.n * observed[1]
        gamma = problem.gammas[g][c:, c:]
        V = correlation_weights(W)
        J = found.slopes[g][c:]
        WJ = weighted(problem.weights[g][c:], J)
        GWJ, VJ = gamma @ WJ, V @ J
        free += float((V * gamma).sum())
        base_free += float(np.trace(gamma))
        A += share * VJ.T @ GWJ
        B += share * J.T @ VJ
        C += share * WJ.T @ GWJ
    EB = found.bread @ B
    free -= 2 * float((found.bread * A).sum())
    free += float(((EB @ found.bread) * C).sum())
    pairs_all = len(problem.groups) * problem.p * (problem.p - 1) // 2
    return Normal(chi2, free / found.degrees, base, base_free / pairs_all)


def correlation_weights(W: Matrix) -> Matrix:
    """Give normal-theory weights of the correlations for inverse correlations W."""
    i, j = pairs(len(W))
    V: Matrix = W[np.ix_(i, i)] * W[np.ix_(j, j)] + W[np.ix_(i, j)] * W[np.ix_(j, i)]
    return V


def difference(laxer: Sandwich, stricter: Sandwich) -> Adjustment | None:
    """How the difference of two nested chi-squares is moved, by Satorra (2000).

    At the estimates of the laxer model; its equalities that make the stricter one are
    found from the two spans, so that the models may be parameterized differently.
    """
    m = stricter.degrees - laxer.degrees
    if m <= 0:
        return None
    inner, outer = np.vstack(stricter.slopes), np.vstack(laxer.slopes)
    H = np.linalg.lstsq(outer, inner, rcond=None)[0]
    A = np.linalg.svd(H)[0][:, H.shape[1] :]  # orthogonal to H
    PA = laxer.bread @ A
    values = np.linalg.eigvalsh(A.T @ PA)
    if not values[0] > 0:
        return None
    X = laxer.bread @ A @ np.linalg.inv(np.linalg.cholesky(A.T @ PA)).T
    core = X.T @ laxer.meat @ X
    first, second = float(np.trace(core)), float((core * core.T).sum())
    return moved(first, second, m, shifted=True)
