r"""Least squares of the moments: a discrepancy given by a weight matrix.

.. math:: F = (s - \sigma)' V (s - \sigma)

with s the moments of `weights.stacked`. What V is makes the estimator; nothing else of
the model differs from maximum likelihood. The multiplier of F is n - 1 and S has the
divisor n - 1, as in lavaan.

References
----------
Browne (1974), S. Afr. Stat. J. 8: generalized least squares.
Browne (1984), Br. J. Math. Stat. Psychol. 37, 62-83: the asymptotically distribution-free
weights (WLS).
Muthen, du Toit & Spisic (1997): diagonal weights (DWLS).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.estimation import Group, Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Places,
    Slopes,
    curvature,
    inverse,
)
from analytics.psychometrics.sem.weights import (
    free_spread,
    normal_weights,
    stacked,
    stacked_gamma,
    stacked_slopes,
)

Weighting = Literal["ULS", "GLS", "WLS", "DWLS"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
_SINGULAR = 1e-12  # of the correlations behind the weights of WLS


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares(Problem):
    """A problem whose discrepancy is a weighted sum of squared residuals.

    Attributes
    ----------
    weighting : Weighting
        How the weights follow from the moments.
    weights : one (m, m) matrix a group
        V, for the moments in the order of `weights.stacked`.
    """

    weighting: Weighting
    weights: tuple[Matrix, ...]

    @property
    def _means(self) -> bool:
        return self.model.settings.means

    def _observed(self, group: Group) -> Matrix:
        return stacked(group.S, group.mean, means=self._means)

    def _residual(self, g: int, at: Implied) -> Matrix:
        group = self.groups[g]
        d = self.distance(group, at)
        return stacked(group.S - at.sigma, d, means=self._means)

    @property
    def unit(self) -> float:
        """Root of the discrepancy of moments that are all zero, over the items."""
        total = sum(
            group.weight * float(s @ V @ s)
            for group, V in zip(self.groups, self.weights, strict=True)
            for s in [self._observed(group)]
        )
        return float(np.sqrt(2 * total / self.p))

    def discrepancy_of(self, g: int, at: Implied) -> float:
        """Weighted sum of one group's squared residuals."""
        r = self._residual(g, at)
        return float(r @ self.weights[g] @ r)

    def gradient_of(self, g: int, at: Implied, by: Slopes) -> Matrix:
        """First derivatives of one group's discrepancy by e elements, (e,)."""
        D = stacked_slopes(by, means=self._means)
        slope: Matrix = -2 * D.T @ (self.weights[g] @ self._residual(g, at))
        return slope

    def information_of(
        self, g: int, at: Implied, left: Slopes, right: Slopes
    ) -> Matrix:
        """Second derivatives without the residuals' part, (e, f)."""
        D = stacked_slopes(left, means=self._means)
        E = D if right is left else stacked_slopes(right, means=self._means)
        H: Matrix = 2 * D.T @ (self.weights[g] @ E)
        return H

    def own_information_of(self, g: int, at: Implied, by: Slopes) -> Matrix:
        """Diagonal of `information_of`, (e,)."""
        D = stacked_slopes(by, means=self._means)
        own: Matrix = 2 * (D * (self.weights[g] @ D)).sum(axis=0)
        return own

    def hessian_of(self, g: int, at: Implied, places: Places, by: Slopes) -> Matrix:
        """Exact second derivatives of one group's discrepancy, (e, e)."""
        y = self.weights[g] @ self._residual(g, at)
        p = self.p
        w, pulls = (y[:p], y[p:]) if self._means else (np.zeros(p), y)
        E = np.zeros((p, p))
        i, j = np.tril_indices(p)
        E[i, j] += pulls
        E[j, i] += pulls
        return self.information_of(g, at, by, by) + curvature(at, places, E, w)

    def baseline(self) -> float:
        """Discrepancy of uncorrelated variables, in closed form."""
        total, B = 0.0, free_spread(self.p, means=self._means)
        for group, V in zip(self.groups, self.weights, strict=True):
            s = self._observed(group)
            VB = V @ B
            left = s @ VB
            explained = float(left @ np.linalg.solve(B.T @ VB, left))
            total += group.weight * (float(s @ V @ s) - explained)
        return total

    def gfi(self, ats: Sequence[Implied]) -> float:
        """Share of the weighted squares of the moments that the model reproduces."""
        whole = 0.0
        for group, V in zip(self.groups, self.weights, strict=True):
            s = self._observed(group)
            whole += group.weight * float(s @ V @ s)
        return 1 - self.value(ats) / whole


def weight_matrix(
    estimator: Weighting, S: Matrix, gamma: Matrix | None, *, means: bool
) -> Matrix:
    """Return V for covariances S and their (and the means') sampling covariances gamma.

    ULS: the identity. GLS: normal theory at S. WLS: inverse of gamma. DWLS: inverse of
    its diagonal.

    Raises
    ------
    NotDefined
        gamma is singular: too few answers, or items of two categories.
    """
    p = len(S)
    if estimator == "ULS":
        return np.eye(p * (p + 1) // 2 + (p if means else 0))
    if estimator == "GLS":
        return normal_weights(inverse(S), means=means)
    if gamma is None:
        raise ValueError("WLS and DWLS need the fourth moments.")
    own = stacked_gamma(gamma, p, means=means)
    spread = np.sqrt(np.maximum(np.diag(own), 0))
    if not (spread > 0).all():
        raise NotDefined("singular-weights")
    if estimator == "DWLS":
        diagonal: Matrix = np.diag(1 / spread**2)
        return diagonal
    R = own / np.outer(spread, spread)
    values = np.linalg.eigvalsh(R)
    if values[0] <= _SINGULAR * values[-1]:
        raise NotDefined("singular-weights")
    V: Matrix = inverse(R) / np.outer(spread, spread)
    return V
