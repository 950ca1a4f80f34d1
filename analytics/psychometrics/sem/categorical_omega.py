r"""How reliable the sum of ordered answers is, by a factor model of what lies behind.

The sum is of the answers as given, in whole points; omega is the share of its variance
that the factor explains. With the cuts :math:`\kappa_{ic}` and the bivariate normal
distribution :math:`\Phi_2`, two items' points have the covariance

.. math:: c_{ij}(r) = \sum_c \sum_d \Phi_2(\kappa_{ic}, \kappa_{jd}; r)
   - \Phi(\kappa_{ic})\,\Phi(\kappa_{jd})

and :math:`\omega = \sum_{ij} c_{ij}(\lambda_i \lambda_j \psi) / \sum_{ij}
c_{ij}(\rho_{ij})`, with the items' variances on the diagonal below.

References
----------
Green & Yang (2009), Psychometrika 74, 155-167, doi:10.1007/s11336-008-9099-3, eq. 21.
`compRelSEM` of semTools, which takes the polychoric correlations below.
"""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.bivariate import beyond
from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.kernel import Index
from analytics.psychometrics.sem.ordered_problem import (
    OrderedImplied,
    OrderedProblem,
    ordered,
)
from analytics.psychometrics.sem.result import SemFit

_NODES = 64
_FAR = 40.0  # a cut that nobody reaches


@dataclass(frozen=True, slots=True)
class CategoricalReliability:
    """How much of a sum of ordered answers one factor explains.

    Attributes
    ----------
    factor : str
    items : tuple of str
        Items that the factor reaches, directly or through others.
    omega : float
        Of the sum of the answers, over its variance by the polychoric correlations.
    omega_implied : float
        The same over the variance by the implied correlations.
    omega_latent : float
        Of the sum of the variables behind the answers, which nobody sees.
    ave : float
        Mean share of those variables' variances that the factor explains.
    n : int
    """

    factor: str
    items: tuple[str, ...]
    omega: float
    omega_implied: float
    omega_latent: float
    ave: float
    n: int


def categorical_reliability(
    fit: SemFit, group: str = ""
) -> tuple[CategoricalReliability, ...]:
    """Give categorical omega and AVE of every factor of a model of ordered items.

    Raises
    ------
    NotConverged
        The fit did not converge.
    NotDefined
        A factor with a negative variance, or an item that it explains completely.
    TypeError
        The items are not ordered.
    """
    problem = fit.problem
    if not isinstance(problem, OrderedProblem):
        raise TypeError("Categorical omega needs a model of ordered items.")
    g = [one.name for one in problem.groups].index(group)
    at, p = ordered(fit.implied()[g]), problem.p
    found = []
    for k, factor in enumerate(fit.factors):
        variance = float(at.P[p + k, p + k])
        if variance <= 0:
            raise NotDefined("sem-negative-factor-variance", item=factor)
        loadings = at.scale * at.G[:, p + k] * np.sqrt(variance)
        reached = np.flatnonzero(loadings)
        for i in reached:
            if not abs(loadings[i]) < 1:
                raise NotDefined("sem-negative-variance", item=fit.observed[i])
        found.append(_of_factor(fit, problem, g, at, factor, loadings, reached))
    return tuple(found)


def _of_factor(
    fit: SemFit,
    problem: OrderedProblem,
    g: int,
    at: OrderedImplied,
    factor: str,
    loadings: Matrix,
    reached: Index,
) -> CategoricalReliability:
    square = np.ix_(reached, reached)
    true = np.outer(loadings, loadings)[square]
    observed, implied = problem.groups[g].S[square], at.sigma[square]
    cuts = _padded(problem, g, at, reached)
    explained = float(_covariances(cuts, true).sum())
    return CategoricalReliability(
        factor=factor,
        items=tuple(fit.observed[i] for i in reached),
        omega=explained / _variance_of_sum(cuts, observed),
        omega_implied=explained / _variance_of_sum(cuts, implied),
        omega_latent=float(true.sum() / observed.sum()),
        ave=float(np.diag(true).mean()),
        n=problem.groups[g].n,
    )


def _padded(
    problem: OrderedProblem, g: int, at: OrderedImplied, reached: Index
) -> Matrix:
    """Give the cuts of some items, (items, most); the missing ones lie far away."""
    item = problem.cuts[g].item
    rows = [at.cuts[item == i] for i in reached]
    most = max(len(row) for row in rows)
    return np.array([np.append(row, np.full(most - len(row), _FAR)) for row in rows])


def _covariances(cuts: Matrix, r: Matrix) -> Matrix:
    """c(r) of every pair of items, (items, items)."""
    i, j = np.indices(r.shape).reshape(2, -1)
    areas = beyond(cuts[i], cuts[j], r[i, j], _NODES)
    return np.asarray(areas.sum(axis=(1, 2)).reshape(r.shape), dtype=np.float64)


def _variance_of_sum(cuts: Matrix, r: Matrix) -> float:
    from scipy import special

    between = r * (1 - np.eye(len(r)))
    below = special.ndtr(cuts)
    # P(both below) = the smaller share
    both = np.minimum(below[:, :, None], below[:, None, :])
    own = both - below[:, :, None] * below[:, None, :]
    return float(_covariances(cuts, between).sum() + own.sum())
