"""Whether a model can be told from the others, before anything is estimated."""

from collections.abc import Iterator

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.estimation import Group, Layout, Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Slopes,
    information,
    own_information,
    positive_inverse,
    slopes,
    total_effects,
)

_SINGULAR = 1e-11  # squared singular values of the Jacobian, relative to the largest


def require_identified(problem: Problem, start: Matrix) -> None:
    """Raise unless the moments determine every parameter near a generic point.

    The Jacobian of the moments must have full column rank; it is looked at beside the
    start, where no factor is by chance uncorrelated.

    Raises
    ------
    NotDefined
        More parameters than moments, or a parameter that the moments do not determine.

    References
    ----------
    Wegge (1965); Bekker, Merckens & Wansbeek (1994), Identification, equivalent models
    and computer algebra: the rank condition.
    """
    Z = problem.basis
    if Z.shape[1] > problem.n_moments:
        raise NotDefined(
            "model-too-large", has=int(Z.shape[1]), needs=problem.n_moments
        )
    curvature = _curvature(problem, start)
    unit = 1 / np.sqrt(np.where(curvature > 0, curvature, 1))
    wave = np.cos(2.1 * np.arange(len(start)) + 0.5)
    point = problem.origin + Z @ (Z.T @ (start + 0.2 * wave * unit - problem.origin))
    H = problem.along(_jacobian_product(problem, point))
    scale = np.sqrt(np.diag(H))
    scale = np.where(scale > 0, scale, 1)
    R = H / np.outer(scale, scale)
    if inverse_if_conditioned(R, 1 / _SINGULAR) is not None:
        return
    values, vectors = np.linalg.eigh(R)
    if len(values) and values[0] <= _SINGULAR * values[-1]:
        loose = np.abs(Z @ (vectors[:, 0] / scale * scale.mean()))
        worst = int((loose / unit).argmax())
        row = next(row for row in problem.model.rows if row.free == worst)
        raise NotDefined("model-not-identified", item=row.name)


def inverse_if_conditioned(R: Matrix, limit: float) -> Matrix | None:
    """Invert a symmetric R that is surely positive definite and well conditioned.

    Far faster than its eigenvalues, which are asked where this is None: the product of
    the norms of R and its inverse is at least the condition.
    """
    inverted = positive_inverse(R) if len(R) else None
    if inverted is None:
        return None
    condition = np.linalg.norm(R) * np.linalg.norm(inverted[0])
    return inverted[0] if condition < limit else None


def _curvature(problem: Problem, theta: Matrix) -> Matrix:
    """Diagonal of J'J, (t,); a parameter's elements are counted one by one."""
    own = problem.moment_products(theta)
    if own is not None:
        return np.diag(own)
    total = np.zeros(problem.model.n_free)
    for group, layout, W, by in _standing(problem, theta):
        part = group.weight * own_information(W, by)
        np.add.at(total, layout.parameter, part)
    return total


def _jacobian_product(problem: Problem, theta: Matrix) -> Matrix:
    """J'J of the moments in units of the items, (t, t)."""
    own = problem.moment_products(theta)
    if own is not None:
        return own
    t = problem.model.n_free
    total = np.zeros((t, t))
    for group, layout, W, by in _standing(problem, theta):
        layout.collect(total, group.weight * information(W, by, by))
    return total


def _standing(
    problem: Problem, theta: Matrix
) -> Iterator[tuple[Group, Layout, Matrix, Slopes]]:
    """Yield each group with its units and slopes, wherever (I - A) can be inverted."""
    for group, layout in zip(problem.groups, problem.layouts, strict=True):
        m = layout.fixed.filled(layout.places, theta[layout.parameter])
        try:
            B = total_effects(m.A)
        except np.linalg.LinAlgError:
            continue
        P: Matrix = B @ m.S @ B.T
        W = np.diag(1 / np.diag(group.S))
        at = Implied(B, P, B @ m.alpha, P[: problem.p, : problem.p], W, 0.0)
        yield group, layout, W, slopes(at, layout.places)
