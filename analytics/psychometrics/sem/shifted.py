r"""Chi-square adjusted for mean and variance: scaled and shifted (MLMV).

.. math:: T' = a T + b, \quad a = \sqrt{df / tr(U\Gamma U\Gamma)}, \quad
   b = df - a\,tr(U\Gamma), \quad U = V - V\Delta(\Delta'V\Delta)^{-1}\Delta'V

so that mean and variance are those of a chi-square with df degrees of freedom. V, the
weights, and Gamma are any that belong together.

References
----------
Asparouhov & Muthen (2010), Simple second order chi-square correction (Mplus).
Satorra & Bentler (1994): U Gamma.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.kernel import Implied
from analytics.psychometrics.sem.weights import (
    free_spread,
    normal_weights,
    stacked_gamma,
    stacked_slopes,
)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How a chi-square is moved: divided by `factor`, then `shift` added."""

    factor: float
    shift: float = 0.0

    def of(self, chi2: float) -> float:
        """Return the adjusted chi-square."""
        return chi2 / self.factor + self.shift


def adjustments(
    problem: Problem, ats: Sequence[Implied], gammas: Sequence[Matrix]
) -> tuple[Adjustment | None, Adjustment | None]:
    """Return those of the model, by expected information, and of the baseline.

    None where there are no degrees of freedom, or V leaves parameters undetermined.
    """
    means, p = problem.model.settings.means, problem.p
    slopes = [np.zeros((0, problem.model.n_free)) for _ in problem.groups]
    for g, (layout, by) in enumerate(
        zip(problem.layouts, problem.slopes(ats), strict=True)
    ):
        D = stacked_slopes(by, means=means)
        slopes[g] = np.zeros((len(D), problem.model.n_free))
        np.add.at(slopes[g].T, layout.parameter, D.T)
    own = [stacked_gamma(gamma, p, means=means) for gamma in gammas]
    shares = [group.weight for group in problem.groups]
    weights = [normal_weights(at.W, means=means) for at in ats]
    model = _adjustment(np.vstack(slopes) @ problem.basis, weights, own, shares)
    flat = [
        normal_weights(np.diag(1 / np.diag(group.S)), means=means)
        for group in problem.groups
    ]
    spread: Matrix = np.kron(np.eye(len(flat)), free_spread(p, means=means)).astype(
        np.float64
    )
    return model, _adjustment(spread, flat, own, shares)


def _adjustment(
    D: Matrix,
    weights: Sequence[Matrix],
    gammas: Sequence[Matrix],
    shares: Sequence[float],
) -> Adjustment | None:
    """Compute from (G m, t) slopes and one V and Gamma a group."""
    sizes = np.cumsum([0, *(len(V) for V in weights)])
    df = int(sizes[-1]) - D.shape[1]
    if df == 0:
        return None
    VD = np.vstack(
        [
            share * V @ D[a:b]
            for share, V, a, b in zip(
                shares, weights, sizes[:-1], sizes[1:], strict=True
            )
        ]
    )
    try:
        inner = np.linalg.inv(D.T @ VD)
    except np.linalg.LinAlgError:
        return None
    UG = -VD @ inner @ VD.T
    for share, V, gamma, a, b in zip(
        shares, weights, gammas, sizes[:-1], sizes[1:], strict=True
    ):
        UG[a:b, a:b] += share * V
        UG[:, a:b] = UG[:, a:b] @ gamma / share
    square = float((UG * UG.T).sum())
    if not square > 0:
        return None
    a = float(np.sqrt(df / square))
    return Adjustment(1 / a, df - a * float(np.trace(UG)))
