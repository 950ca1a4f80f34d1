"""Where the estimation of ordered items begins."""

from dataclasses import replace

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.kernel import positive_inverse
from analytics.psychometrics.sem.ordered_problem import OrderedProblem
from analytics.psychometrics.sem.start import start_values

_UNIQUE = (0.2, 0.9)  # residual shares at the start


def ordered_start(problem: OrderedProblem) -> Matrix:
    """Return the start of the correlations' model, thresholds as observed, (t,)."""
    scaled = problem
    if problem.parameterization == "theta":
        groups = tuple(
            replace(group, S=_unit_residuals(group.S)) for group in problem.groups
        )
        scaled = replace(problem, groups=groups)
    theta = start_values(scaled)
    for g in reversed(range(len(problem.groups))):
        group, cuts = scaled.groups[g], problem.cuts[g]
        sd = np.sqrt(np.diag(group.S))
        theta[cuts.parameter] = cuts.observed * sd[cuts.item]
        theta[cuts.scale[cuts.scale >= 0]] = 1.0
    own = {item: i for i, item in enumerate(problem.model.observed)}
    for row in problem.model.rows:
        variance = row.operator == "~~" and row.left == row.right
        if variance and row.free >= 0 and row.left in own:
            theta[row.free] = 1.0
    return problem.origin + problem.basis @ (problem.basis.T @ (theta - problem.origin))


def _unit_residuals(R: Matrix) -> Matrix:
    """Rescale correlations so that what no other item explains has variance 1."""
    inverted = positive_inverse(R)
    if inverted is None:
        unique = np.full(len(R), 0.5)
    else:
        unique = np.clip(1 / np.diag(inverted[0]), *_UNIQUE)
    scale = 1 / np.sqrt(unique)
    S: Matrix = R * np.outer(scale, scale)
    return S
