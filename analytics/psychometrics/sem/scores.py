"""Factor scores, and how reliable composites of the items are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import normal_quantile
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.fourth import FourthMoments
from analytics.psychometrics.sem.outcome import matrices_of
from analytics.psychometrics.sem.reliability_error import sampling_errors
from analytics.psychometrics.sem.result import SemFit, refuse_ordered

ScoreMethod = Literal["regression", "bartlett"]
Ends = tuple[float, float]  # of an interval with the confidence of the fit


@dataclass(frozen=True, slots=True)
class FactorReliability:
    """How much of a composite of items one factor explains.

    Attributes
    ----------
    factor : str
    items : tuple of str
        Observed variables that the factor reaches, directly or through others.
    omega : float
        Variance of the sum that the factor explains, over its observed variance
        (composite reliability; for a general factor omega hierarchical).
    omega_implied : float
        The same over the variance that the model implies.
    ave : float
        Average variance extracted: explained over observed variance of the items,
        summed.
    n : int
    omega_interval, ave_interval : Ends or None
        See `factor_reliability`; None for values outside 0 to 1 and where there are no
        standard errors.
    """

    factor: str
    items: tuple[str, ...]
    omega: float
    omega_implied: float
    ave: float
    n: int
    omega_interval: Ends | None
    ave_interval: Ends | None


def factor_scores(
    fit: SemFit, values: Matrix, *, method: ScoreMethod, group: str = ""
) -> Matrix:
    r"""Score (n, p) complete answers in the order of `fit.observed`; (n, m).

    Regression: :math:`Cov(\eta, y) \Sigma^{-1} (y - \mu)` plus the factors' means.
    Bartlett: :math:`(\Lambda'\Sigma^{-1}\Lambda)^{-1}\Lambda'\Sigma^{-1}(y - \mu)`,
    which equals the form with :math:`\Theta^{-1}` and needs no inverse of it. Without a
    mean structure mu is the sample's mean.

    References
    ----------
    Thurstone (1935); Bartlett (1937), Br. J. Psychol. 28, 97-104.

    Raises
    ------
    NotConverged
        The fit did not converge.
    NotDefined
        Bartlett scores of factors without items of their own; ordered items.
    """
    refuse_ordered(fit)
    values = np.asarray(values, dtype=np.float64)
    p = len(fit.observed)
    if values.ndim != 2 or values.shape[1] != p or np.isnan(values).any():
        raise ValueError(f"values must be (n, {p}) without gaps.")
    names = [one.name for one in fit.problem.groups]
    g = names.index(group)
    at = fit.implied()[g]
    result = fit.groups[g]
    centred = values - result.implied_mean
    if method == "regression":
        weights = at.P[p:, :p] @ at.W
    else:
        loadings = matrices_of(fit.problem, g, fit.theta).A[:p, p:]
        inner = loadings.T @ at.W @ loadings
        if np.linalg.matrix_rank(inner) < len(inner):
            raise NotDefined("singular", statistic="sem")
        weights = np.asarray(np.linalg.solve(inner, loadings.T @ at.W), np.float64)
    scores: Matrix = centred @ weights.T + result.factor_mean
    return scores


def factor_reliability(
    fit: SemFit, group: str = "", *, fourth: FourthMoments | None = None
) -> tuple[FactorReliability, ...]:
    r"""Model-based reliability of the sum of each factor's items.

    :math:`\omega = (\sum_i \lambda_i)^2 \psi / \sum_{ij} s_{ij}`, with the total effects
    lambda and the factor's variance psi; :math:`AVE = \sum_i \lambda_i^2 \psi / \sum_i
    s_{ii}`.

    Intervals by the delta method on the logit scale, for one group. Both are functions
    of the covariances S alone, directly and through the estimates, so that with the
    derivative M by S the variance is :math:`2\,tr(M\Sigma M\Sigma)/n` for normal
    answers; with `fourth` moments it is that of the mean of the products weighted by
    M, whatever the distribution. The derivative of the estimates is that at a model
    that fits.

    References
    ----------
    Bollen (1980), McDonald (1999), as `compRelSEM(obs.var = TRUE)` of semTools; Fornell
    & Larcker (1981), J. Mark. Res. 18, 39-50. Raykov & Marcoulides (2011), Introduction
    to psychometric theory: the logit scale.

    Raises
    ------
    NotConverged
        The fit did not converge.
    NotDefined
        A factor with a negative variance; ordered items (`categorical_reliability`).
    """
    refuse_ordered(fit)
    g = [one.name for one in fit.problem.groups].index(group)
    at, result = fit.implied()[g], fit.groups[g]
    p = len(fit.observed)
    found = []
    for k, factor in enumerate(fit.factors):
        effects = at.G[:, p + k]
        reached = np.flatnonzero(effects)
        variance = float(at.P[p + k, p + k])
        if variance <= 0:
            raise NotDefined("sem-negative-factor-variance", item=factor)
        square = np.ix_(reached, reached)
        explained = float(effects.sum()) ** 2 * variance
        own = float((effects**2).sum()) * variance
        omega = explained / float(result.covariance[square].sum())
        ave = own / float(np.trace(result.covariance[square]))
        errors = sampling_errors(fit, k, fourth)
        found.append(
            FactorReliability(
                factor=factor,
                items=tuple(fit.observed[i] for i in reached),
                omega=omega,
                omega_implied=explained / float(at.sigma[square].sum()),
                ave=ave,
                n=result.n,
                omega_interval=_logit_ends(omega, errors[0], fit) if errors else None,
                ave_interval=_logit_ends(ave, errors[1], fit) if errors else None,
            )
        )
    return tuple(found)


def _logit_ends(value: float, error: float, fit: SemFit) -> Ends | None:
    if not 0 < value < 1:
        return None
    half = normal_quantile((1 + fit.confidence) / 2) * error / (value * (1 - value))
    middle = np.log(value / (1 - value))
    low, high = (
        float(1 / (1 + np.exp(-end))) for end in (middle - half, middle + half)
    )
    return low, high
