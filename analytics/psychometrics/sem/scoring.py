"""The least discrepancy: Fisher scoring with step control, Newton's method at the end."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Slopes,
    factor_solution,
    positive_factor,
)

TARGET = 1e-10  # gradient that the steps aim at
TOLERANCE = 1e-8  # gradient above which a solution is not accepted
_MAX_STEPS = 200
_NEWTON_BELOW = 1e-2
_STEEP = 1e-8  # least curvature of a direction, beside the steepest


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Where the estimation stopped.

    Attributes
    ----------
    theta : (t,)
    value : float
        Discrepancy.
    gradient_norm : float
        Largest derivative by a parameter in units of its own curvature.
    converged : bool
    iterations : int
    """

    theta: Matrix
    value: float
    gradient_norm: float
    converged: bool
    iterations: int


def minimise(problem: Problem, start: Matrix) -> Solution:
    """Step down from `start` until the gradient vanishes.

    Fisher scoring with halved steps; where the gradient is small and the exact Hessian
    positive, Newton's method. The gradient is judged in units of the curvature, so
    that the scale of an item does not matter.
    """
    Z = problem.basis
    x = Z.T @ (start - problem.origin)
    ats = problem.implied(problem.origin + Z @ x)
    if ats is None:
        return Solution(start, float("inf"), float("inf"), False, 0)
    value = problem.value(ats)
    scale, unit = np.ones(len(x)), problem.unit
    norm = float("inf")
    for step in range(_MAX_STEPS + 1):
        bys = problem.slopes(ats)
        g = Z.T @ problem.gradient(ats, bys)
        newton = step > 0 and np.abs(g / scale).max(initial=0) < _NEWTON_BELOW * unit
        H = None
        if not newton:
            H = problem.along(problem.information(ats, bys))
            scale = np.sqrt(np.maximum(np.diag(H), 1e-300))
        norm = float(np.abs(g / scale).max(initial=0)) / unit
        if norm < TARGET or step == _MAX_STEPS:
            break
        direction = _newton(problem, ats, bys, g) if newton else None
        if direction is None:
            if H is None:
                H = problem.along(problem.information(ats, bys))
            direction = _scoring(H, g, scale)
        moved = _walk(problem, x, value, g, direction)
        if moved is None:
            break  # no smaller value in reach of the arithmetic
        x, ats, value = moved
    theta = problem.origin + Z @ x
    return Solution(theta, value, norm, norm < TOLERANCE, step)


def _newton(
    problem: Problem, ats: list[Implied], bys: list[Slopes], g: Matrix
) -> Matrix | None:
    """Newton's step; None where the exact Hessian is not positive definite."""
    factor = positive_factor(problem.along(problem.hessian(ats, bys)))
    return None if factor is None else factor_solution(factor, -g)


def _scoring(H: Matrix, g: Matrix, scale: Matrix) -> Matrix:
    """Fisher's step, with flat directions made a little steeper."""
    R = H / np.outer(scale, scale)
    if positive_factor(R - _STEEP * np.eye(len(R))) is not None:
        factor = positive_factor(R)
        if factor is not None:
            return factor_solution(factor, -g / scale) / scale
    values, vectors = np.linalg.eigh(R)
    curvature = np.maximum(values, _STEEP * values[-1])
    scored: Matrix = -(vectors @ ((vectors.T @ (g / scale)) / curvature)) / scale
    return scored


def _walk(
    problem: Problem, x: Matrix, value: float, g: Matrix, direction: Matrix
) -> tuple[Matrix, list[Implied], float] | None:
    """Halve the step until the discrepancy falls, or trembles with a smaller slope."""
    Z = problem.basis
    for halving in range(40):
        trial = x + 0.5**halving * direction
        ats = problem.implied(problem.origin + Z @ trial)
        if ats is None:
            continue
        new = problem.value(ats)
        if new < value:
            return trial, ats, new
        if new <= value + 1e-13 * (1 + abs(value)):
            slope = Z.T @ problem.gradient(ats)
            if np.linalg.norm(slope) < 0.5 * np.linalg.norm(g):
                return trial, ats, new
    return None
