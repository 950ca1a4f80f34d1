r"""What equalities of ordered items cost: difference tests and score tests.

A score test of parameter c, with its column C of derivatives, the residuals r and
:math:`a = C - J E^{-1} J'VC`:

.. math:: X = n (a'Vr)^2 / (a'V\Gamma Va), \quad EPC = a'Vr / (a'VC)

It holds whatever the weights V, while the usual one needs those of full WLS.

References
----------
Satorra (1989), Psychometrika 54, 131-151, doi:10.1007/BF02294453: score tests with other
weights. Satorra (2000): the difference, see `ordered_tests`.
"""

from collections.abc import Sequence

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import place_of
from analytics.psychometrics.sem.kernel import Places, slopes
from analytics.psychometrics.sem.measures import tail
from analytics.psychometrics.sem.model import Row
from analytics.psychometrics.sem.modification import Modification
from analytics.psychometrics.sem.ordered_problem import (
    OrderedImplied,
    OrderedProblem,
    ordered,
    weighted,
)
from analytics.psychometrics.sem.ordered_tests import Sandwich, difference, sandwich
from analytics.psychometrics.sem.result import SemFit

_NOTHING_NEW = 1e-8  # share of C'VC that freeing must leave


def shifted_difference(laxer: SemFit, stricter: SemFit) -> float | None:
    """Return the scaled and shifted difference of two nested chi-squares.

    None where it cannot be scaled.
    """
    found = [_sandwich(fit) for fit in (laxer, stricter)]
    first, second = laxer.measures, stricter.measures
    if found[0] is None or found[1] is None or first is None or second is None:
        return None
    move = difference(found[0], found[1])
    return None if move is None else move.of(second.chi2 - first.chi2)


def _sandwich(fit: SemFit) -> Sandwich | None:
    problem = fit.problem
    if not isinstance(problem, OrderedProblem):
        raise TypeError("The fit is not one of ordered items.")
    return sandwich(problem, fit.implied())


def ordered_equality_tests(fit: SemFit) -> tuple[Modification, ...]:
    """Test every equality over groups of a model of ordered items, largest first.

    Thresholds and loadings that are tied to the first group's, and intercepts and
    residual variances that are held at its values. `change` is the expected change of
    that parameter alone; the standardized changes are None.

    Raises
    ------
    NotConverged
        The fit did not converge.
    """
    problem, ats = fit.problem, fit.implied()
    found = _sandwich(fit)
    if found is None or not isinstance(problem, OrderedProblem):
        return ()
    tests: list[Modification] = []
    for g in range(1, len(problem.groups)):
        rows = _held(problem, g)
        if rows:
            columns = _columns(problem, g, ordered(ats[g]), rows)
            tests += _tested(found, [ordered(at) for at in ats], g, rows, columns)
    return tuple(sorted(tests, key=lambda one: -one.index))


def _held(problem: OrderedProblem, g: int) -> list[Row]:
    """Return parameters of a later group that equality with the first one binds."""
    model = problem.model
    equal, apart = model.settings.equal, model.settings.apart
    before = {row.free for row in model.rows if row.group < g and row.free >= 0}
    rows = []
    for row in model.rows:
        item = row.left in model.observed
        fixed = row.free < 0 and item and row.name not in apart
        own = row.operator == "~~" and row.left == row.right
        held = (
            row.free in before
            or (fixed and row.operator == "~1" and "intercepts" in equal)
            or (fixed and own and "residuals" in equal)
        )
        if row.group == g and held:
            rows.append(row)
    return rows


def _columns(
    problem: OrderedProblem, g: int, at: OrderedImplied, rows: Sequence[Row]
) -> Matrix:
    """Differentiate the group's moments by the rows' own elements, (m, rows)."""
    model = problem.model
    names = {name: i for i, name in enumerate(model.names)}
    cut = np.array([row.operator == "|" for row in rows])
    plain = [row for row in rows if row.operator != "|"]
    columns = np.zeros((len(problem.gammas[g]), len(rows)))
    if plain:
        places = Places.of([place_of(row, names) for row in plain])
        columns[:, ~cut] = problem.by_elements(g, at, slopes(at, places))
    order = [row.name for row in model.rows if row.group == g and row.operator == "|"]
    for column, row in enumerate(rows):
        if row.operator == "|":
            columns[order.index(row.name), column] = at.scale[names[row.left]]
    return columns


def _tested(
    found: Sandwich,
    ats: Sequence[OrderedImplied],
    g: int,
    rows: Sequence[Row],
    C: Matrix,
) -> list[Modification]:
    problem = found.problem
    share, V, J = problem.shares[g], problem.weights[g], found.slopes[g]
    VC = weighted(V, C)
    b = share * J.T @ VC
    toward = found.bread @ b
    slope = np.zeros(len(found.bread))
    for h, at in enumerate(ats):
        y = weighted(problem.weights[h], problem.residual(h, at))
        slope += problem.shares[h] * found.slopes[h].T @ y
    score = share * VC.T @ problem.residual(g, ats[g]) - toward.T @ slope
    GVC = problem.gammas[g] @ VC
    own = share * (VC * GVC).sum(axis=0)
    mixed = share * ((weighted(V, J).T @ GVC) * toward).sum(axis=0)
    variance = own - 2 * mixed + (toward * (found.meat @ toward)).sum(axis=0)
    plain = share * (C * VC).sum(axis=0)
    left = plain - (b * toward).sum(axis=0)
    n = sum(group.n - 1 for group in problem.groups)
    tests = []
    for i, row in enumerate(rows):
        if not left[i] > _NOTHING_NEW * plain[i] or not variance[i] > 0:
            continue
        index = float(n * score[i] ** 2 / variance[i])
        tests.append(
            Modification(
                left=row.left,
                operator=row.operator,
                right=row.right,
                group=problem.groups[g].name,
                index=index,
                p=float(tail(index, 1)[0] or 0.0),
                change=float(score[i] / left[i]),
                standardized_change=None,
                latent_change=None,
            )
        )
    return tests
