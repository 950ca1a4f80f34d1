"""Factor scores, and how reliable composites of the items are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.outcome import matrices_of
from analytics.psychometrics.sem.result import SemFit

ScoreMethod = Literal["regression", "bartlett"]


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
    """

    factor: str
    items: tuple[str, ...]
    omega: float
    omega_implied: float
    ave: float
    n: int


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
        Bartlett scores of factors without items of their own.
    """
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


def factor_reliability(fit: SemFit, group: str = "") -> tuple[FactorReliability, ...]:
    r"""Model-based reliability of the sum of each factor's items.

    :math:`\omega = (\sum_i \lambda_i)^2 \psi / \sum_{ij} s_{ij}`, with the total effects
    lambda and the factor's variance psi; :math:`AVE = \sum_i \lambda_i^2 \psi / \sum_i
    s_{ii}`.

    References
    ----------
    Bollen (1980), McDonald (1999), as `compRelSEM(obs.var = TRUE)` of semTools; Fornell
    & Larcker (1981), J. Mark. Res. 18, 39-50.

    Raises
    ------
    NotConverged
        The fit did not converge.
    NotDefined
        A factor with a negative variance.
    """
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
        found.append(
            FactorReliability(
                factor=factor,
                items=tuple(fit.observed[i] for i in reached),
                omega=explained / float(result.covariance[square].sum()),
                omega_implied=explained / float(at.sigma[square].sum()),
                ave=own / float(np.trace(result.covariance[square])),
                n=result.n,
            )
        )
    return tuple(found)
