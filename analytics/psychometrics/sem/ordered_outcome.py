"""Turn a solution of ordered items into parameters, raw and standardized."""

from collections.abc import Sequence

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import Reason
from analytics.psychometrics.sem.estimation import place_of
from analytics.psychometrics.sem.kernel import COVARIANCE, Implied, Places, slopes
from analytics.psychometrics.sem.model import Row
from analytics.psychometrics.sem.ordered_problem import (
    OrderedImplied,
    OrderedProblem,
    ordered,
)
from analytics.psychometrics.sem.outcome import Listed
from analytics.psychometrics.sem.result import Parameter
from analytics.psychometrics.sem.standardize import Spread, rescaled, same_elements


def ordered_parameters(
    problem: OrderedProblem,
    ats: Sequence[Implied],
    theta: Matrix,
    vcov: Matrix | None,
    confidence: float,
) -> tuple[tuple[Parameter, ...], tuple[Reason, ...]]:
    """List every parameter and derived quantity, as `outcome.parameters` does.

    Residual variances (delta) and scales (theta) follow from the others: they have
    values, and standardized a standard error, but are not free.
    """
    model = problem.model
    listed = Listed(model, vcov, confidence)
    for g, at in enumerate(ats):
        rows = [row for row in model.rows if row.group == g]
        values = _row_values(problem, g, ordered(at), rows, theta)
        std, jacobian = _standard(problem, g, ordered(at), rows, values, theta)
        listed.add(g, rows, values, std, jacobian)
    return listed.whole()


def _row_values(
    problem: OrderedProblem,
    g: int,
    at: OrderedImplied,
    rows: Sequence[Row],
    theta: Matrix,
) -> Matrix:
    residual = np.diag(problem.matrices(g, theta).S)
    place = {item: i for i, item in enumerate(problem.model.observed)}
    values = []
    for row in rows:
        if row.free >= 0:
            values.append(float(theta[row.free]))
        elif row.operator == "~*~":
            values.append(float(at.scale[place[row.left]]))
        elif row.operator == "~~" and row.left == row.right and row.left in place:
            values.append(float(residual[place[row.left]]))
        else:
            values.append(float(row.value or 0.0))
    return np.array(values)


def _standard(
    problem: OrderedProblem,
    g: int,
    at: OrderedImplied,
    rows: Sequence[Row],
    values: Matrix,
    theta: Matrix,
) -> tuple[Matrix, Matrix]:
    """Values at unit variance and their derivatives by the parameters, (rows, t)."""
    layout, cuts = problem.layouts[g], problem.cuts[g]
    spread = _spread(problem, g, at, theta)
    e, width = len(layout.places), len(problem.elements(g))
    std, jacobian = np.ones(len(rows)), np.zeros((len(rows), width))
    names = {name: i for i, name in enumerate(problem.model.names)}
    cut = np.array([row.operator == "|" for row in rows])
    plain = ~cut & np.array([row.operator != "~*~" for row in rows])
    places = Places.of(
        [place_of(r, names) for r, one in zip(rows, plain, strict=True) if one]
    )
    direct = np.zeros((len(places), width))
    direct[:, :e] = same_elements(places, layout.places)
    if problem.parameterization == "delta":
        left = (places.kind == COVARIANCE) & (places.row == places.column)
        left &= places.row < problem.p
        direct[left] = spread.left_slopes[places.row[left]]
    std[plain], jacobian[plain] = rescaled(places, values[plain], direct, spread)
    variance = spread.total[cuts.item]
    std[cut] = at.raw / np.sqrt(variance)
    own = np.zeros((len(cuts.item), width))
    own[np.arange(len(cuts.item)), e + np.arange(len(cuts.item))] = 1
    half = -0.5 * (at.raw / variance)[:, None] * spread.total_slopes[cuts.item]
    jacobian[cut] = (own + half) / np.sqrt(variance)[:, None]
    return std, problem.jacobian(g, jacobian)


def _spread(
    problem: OrderedProblem, g: int, at: OrderedImplied, theta: Matrix
) -> Spread:
    """Total and residual variances, with slopes by the elements of the group."""
    layout, cuts, p = problem.layouts[g], problem.cuts[g], problem.p
    q, e = len(at.P), len(layout.places)
    by = slopes(at, layout.places, q)
    total = np.zeros((q, len(problem.elements(g))))
    left = np.zeros_like(total)
    total[:, :e] = 2 * by.U * by.V
    free = layout.places
    diagonal = (free.kind == COVARIANCE) & (free.row == free.column)
    left[free.row[diagonal], np.flatnonzero(diagonal)] = 1
    if problem.parameterization == "delta":
        left[:p] = -total[:p]
        total[:p] = 0
        items = np.flatnonzero(cuts.scale >= 0)
        columns = e + len(cuts.item) + np.arange(len(items))
        total[items, columns] = left[items, columns] = -2 / at.scale[items] ** 3
    S = problem.matrices(g, theta).S
    return Spread(np.diag(at.P).copy(), total, np.diag(S).copy(), left)
