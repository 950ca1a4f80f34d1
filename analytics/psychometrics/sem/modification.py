r"""Score tests: what freeing a parameter, or an equality, would change.

.. math:: MI = s^2 / V, \quad EPC = s / V, \quad
   V = I_{cc} - I_{c\theta} I_{\theta\theta}^{-1} I_{\theta c}

with the score s and the expected information I of all respondents.

References
----------
Sorbom (1989), Psychometrika 54, 371-384, doi:10.1007/BF02294623.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import place_of
from analytics.psychometrics.sem.kernel import (
    COVARIANCE,
    PATH,
    Places,
    slopes,
)
from analytics.psychometrics.sem.measures import tail
from analytics.psychometrics.sem.model import Row
from analytics.psychometrics.sem.outcome import matrices_of
from analytics.psychometrics.sem.result import SemFit, refuse_ordered

_NOTHING_NEW = 1e-8  # share of I_cc that freeing must leave


@dataclass(frozen=True, slots=True)
class Modification:
    """A parameter that is not free, or not free to differ.

    Attributes
    ----------
    left, operator, right, group : str
    index : float
        Expected fall of the chi-square, 1 degree of freedom.
    p : float
    change : float
        Expected change of the parameter.
    standardized_change : float or None
        The same with every variable at variance 1; None in improper solutions.
    latent_change : float or None
        The same with the factors alone at variance 1.
    """

    left: str
    operator: str
    right: str
    group: str
    index: float
    p: float
    change: float
    standardized_change: float | None
    latent_change: float | None

    @property
    def name(self) -> str:
        """The parameter as written, e.g. "visual=~x9"."""
        return f"{self.left}{self.operator}{self.right}"


def modification_indices(fit: SemFit) -> tuple[Modification, ...]:
    """Test every loading and covariance that is fixed or absent, largest first.

    Parameters that could not be identified are left out.

    Raises
    ------
    NotConverged
        The fit did not converge.
    NotDefined
        The items are ordered.
    """
    refuse_ordered(fit)
    found: list[Modification] = []
    for g in range(len(fit.problem.groups)):
        found += _tested(fit, g, list(_absent(fit, g)))
    return tuple(sorted(found, key=lambda one: -one.index))


def equality_tests(fit: SemFit) -> tuple[Modification, ...]:
    """Test every parameter that is held equal to an earlier one, largest first.

    For invariance: a parameter of a later group that is equal to the first group's.
    `change` is the expected change of that parameter alone. For ordered items see
    `ordered_equality_tests`.

    Raises
    ------
    NotConverged
        The fit did not converge.
    NotDefined
        The items are ordered.
    """
    refuse_ordered(fit)
    seen: set[int] = set()
    held: list[Row] = []
    for row in fit.problem.model.rows:
        if row.free in seen:
            held.append(row)
        elif row.free >= 0:
            seen.add(row.free)
    found: list[Modification] = []
    for g in range(len(fit.problem.groups)):
        found += _tested(fit, g, [row for row in held if row.group == g])
    return tuple(sorted(found, key=lambda one: -one.index))


def _absent(fit: SemFit, g: int) -> Iterator[Row]:
    """Yield loadings, residual and factor covariances that are not free."""
    model = fit.problem.model
    named = [row for row in model.rows if row.group == g and row.free >= 0]
    free = {(row.left, row.operator, row.right) for row in named}
    free |= {(row.right, "~~", row.left) for row in named if row.operator == "~~"}
    for left, right in product(model.factors, model.observed):
        if (left, "=~", right) not in free:
            yield Row(left, "=~", right, g, 0.0)
    for names in (model.observed, model.factors):
        for left, right in combinations(names, 2):
            if (left, "~~", right) not in free:
                yield Row(left, "~~", right, g, 0.0)


def _tested(fit: SemFit, g: int, rows: list[Row]) -> list[Modification]:
    if not rows:
        return []
    problem, ats = fit.problem, fit.implied()
    at, group = ats[g], problem.groups[g]
    names = {name: i for i, name in enumerate(problem.model.names)}
    places = Places.of([place_of(row, names) for row in rows])
    by = slopes(at, places)
    unit = fit.scale * group.weight / 2
    score = -unit * problem.gradient_of(g, at, by)
    own = unit * problem.own_information_of(g, at, by)
    layout = problem.layouts[g]
    cross = np.zeros((len(rows), problem.model.n_free))
    part = unit * problem.information_of(g, at, by, slopes(at, layout.places))
    np.add.at(cross.T, layout.parameter, part.T)
    Z = problem.basis
    full = Z.T @ problem.information(ats) @ Z * fit.scale / 2
    joint = cross @ Z
    explained = (joint @ np.linalg.pinv(full, hermitian=True) * joint).sum(axis=1)
    variance = own - explained
    S = matrices_of(problem, g, fit.theta).S
    P, own_S = (_observed_at_one(one, problem.p) for one in (at.P, S))
    found = []
    for i, row in enumerate(rows):
        if variance[i] > _NOTHING_NEW * own[i]:
            change = float(score[i] / variance[i])
            index = float(score[i] ** 2 / variance[i])
            found.append(
                Modification(
                    left=row.left,
                    operator=row.operator,
                    right=row.right,
                    group=group.name,
                    index=index,
                    p=float(tail(index, 1)[0] or 0.0),
                    change=change,
                    standardized_change=_unit_change(change, places, i, at.P, S),
                    latent_change=_unit_change(change, places, i, P, own_S),
                )
            )
    return found


def _observed_at_one(covariance: Matrix, p: int) -> Matrix:
    """Give the observed variables variance 1, so that they stay in their units."""
    changed = covariance.copy()
    np.fill_diagonal(changed[:p, :p], 1.0)
    return changed


def _unit_change(
    change: float, places: Places, i: int, P: Matrix, S: Matrix
) -> float | None:
    """Express a change in standard deviations, P of the variables, S of the residuals."""
    row, column = int(places.row[i]), int(places.column[i])
    variance = np.diag(P)
    if places.kind[i] == PATH:
        ratio = variance[column] / variance[row]
        return float(change * np.sqrt(ratio)) if ratio > 0 else None
    if places.kind[i] == COVARIANCE:
        scale = S[row, row] * S[column, column]
        usable = S[row, row] > 0 and S[column, column] > 0
        return float(change / np.sqrt(scale)) if usable else None
    return float(change / np.sqrt(variance[row])) if variance[row] > 0 else None
