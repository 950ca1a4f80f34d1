"""Reliability of people in teams, or weighted: alpha and omega with robust errors.

Reliabilities are functions of the covariances, so the linearisation of `design` holds
for them; neither interval assumes normal answers. Held against lavaan, where alpha is
written as a derived quantity of the saturated model.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.design import (
    Complement,
    Design,
    DesignEstimate,
    design_estimate,
)
from analytics.psychometrics.errors import TooFewData
from analytics.psychometrics.minres import minres
from analytics.psychometrics.moments import MissingRule
from analytics.psychometrics.reliability import (
    cronbach_alpha,
    omega_gradient,
    omega_total,
)
from analytics.psychometrics.weighting import weighted_moments


def design_alpha(
    values: Matrix,
    items: Sequence[str],
    design: Design,
    *,
    missing: MissingRule,
    confidence: float = 0.95,
) -> DesignEstimate:
    r"""Raw coefficient alpha from weighted covariances S.

    With :math:`V = 1'S1` and :math:`\partial\alpha / \partial s_{jk} = \frac{p}{p - 1}
    (\operatorname{tr} S / V^2 - [j = k] / V)`; the interval is symmetric in
    :math:`\log(1 - \alpha)`. It does not assume normal answers, unlike Feldt's.

    Parameters
    ----------
    values : (n, p) float64, NaN = missing; after keying

    Raises
    ------
    TooFewData, NotDefined
        As `cronbach_alpha`; or fewer than two teams.
    """
    x, teams, w = _kept(values, items, design, missing, "alpha")
    m = weighted_moments(x, items, w, missing=missing)
    alpha = cronbach_alpha(m).raw.estimate
    S, p = m.covariance, m.p
    V = float(S.sum())
    A = p / (p - 1) * (np.trace(S) / V**2 - np.eye(p) / V)
    u = _pulls_of_covariances(x, w, A)
    return design_estimate(alpha, u, teams, w, Complement(), "alpha", confidence)


def design_omega(
    values: Matrix,
    items: Sequence[str],
    design: Design,
    *,
    missing: MissingRule,
    confidence: float = 0.95,
) -> DesignEstimate:
    r"""Omega total of one minres factor from weighted correlations.

    The factor solution is differentiated implicitly, as in `omega_total`; the interval
    is symmetric in :math:`\log(1 - \omega)` and does not assume normal answers.

    Raises
    ------
    TooFewData, NotDefined, NotConverged
        As `omega_total`; or fewer than two teams.
    """
    x, teams, w = _kept(values, items, design, missing, "omega-total")
    m = weighted_moments(x, items, w, missing=missing)
    omega = omega_total(m).estimate
    gradient = omega_gradient(m.correlation, minres(m.correlation, 1).loadings[:, 0])
    u = _pulls_of_correlations(x, w, gradient)
    return design_estimate(omega, u, teams, w, Complement(), "omega-total", confidence)


def _pulls_of_covariances(x: Matrix, w: Matrix, A: Matrix) -> Matrix:
    """Everybody's linearised value of a statistic that changes by tr(A dS), (n,)."""
    if not np.isnan(x).any():
        n = len(x)
        y = x - w @ x / w.sum()
        quadratic = ((y @ A) * y).sum(axis=1) * (n / (n - 1))
        pulls: Matrix = quadratic - w @ quadratic / w.sum()
        return pulls
    u = np.zeros(len(x))
    for j, k, (first, second), share in _pairs(x, w):
        count = int((share > 0).sum())
        product = first * second * (count / (count - 1))
        times = 1.0 if j == k else 2.0
        u += times * A[j, k] * share * (product - w @ product / (w @ (share > 0)))
    return u


def _pulls_of_correlations(x: Matrix, w: Matrix, gradient: Matrix) -> Matrix:
    """Everybody's linearised value of a statistic that changes by tr(gradient dR)."""
    if not np.isnan(x).any():
        y = x - w @ x / w.sum()
        z = y / np.sqrt(w @ y**2 / w.sum())
        R = z.T @ (w[:, None] * z) / w.sum()
        pulls: Matrix = ((z @ gradient) * z).sum(axis=1) - z**2 @ (gradient * R).sum(
            axis=1
        )
        return pulls
    u = np.zeros(len(x))
    for j, k, (first, second), share in _pairs(x, w):
        if j == k:
            continue
        total = w @ (share > 0)
        a = first / np.sqrt(w @ first**2 / total)
        b = second / np.sqrt(w @ second**2 / total)
        r = w @ (a * b) / total
        u += 2 * gradient[j, k] * share * (a * b - r / 2 * (a**2 + b**2))
    return u


def _kept(
    values: Matrix,
    items: Sequence[str],
    design: Design,
    missing: MissingRule,
    statistic: str,
) -> tuple[Matrix, NDArray[np.intp], Matrix]:
    """Rows that the rule for gaps uses, their teams and weights."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(items):
        raise ValueError(f"values must be (n, {len(items)}), not {x.shape}.")
    teams, w = design.people(len(x))
    gap = np.isnan(x)
    used = ~(gap.all(axis=1) if missing == "pairwise" else gap.any(axis=1))
    n = int(used.sum())
    if n < 2:
        raise TooFewData("needs-answers", statistic=statistic, needs=2, has=n)
    return x[used], teams[used], w[used]


def _pairs(
    x: Matrix, w: Matrix
) -> Iterator[tuple[int, int, tuple[Matrix, Matrix], Matrix]]:
    """For each j >= k: deviations of both over the rows that have both, else 0.

    And W over the pair's sum of weights, 0 in rows without both.
    """
    there = ~np.isnan(x)
    for j in range(x.shape[1]):
        for k in range(j + 1):
            both = there[:, j] & there[:, k]
            total = w[both].sum()
            sides = tuple(
                np.where(both, x[:, c] - w[both] @ x[both, c] / total, 0.0)
                for c in (j, k)
            )
            yield j, k, (sides[0], sides[1]), both * (w.sum() / total)
