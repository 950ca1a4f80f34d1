"""A model and its data as functions of the free parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.kernel import (
    COVARIANCE,
    MEAN,
    PATH,
    Implied,
    Index,
    Matrices,
    Places,
    Slopes,
    discrepancy,
    gradient,
    hessian,
    implied,
    information,
    own_information,
    slopes,
)
from analytics.psychometrics.sem.model import Model, Row
from analytics.psychometrics.sem.syntax import Definition

_KINDS = {"=~": PATH, "~": PATH, "~~": COVARIANCE, "~1": MEAN}


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What is known of one group: S with the divisor of the likelihood, and its log|S|.

    Attributes
    ----------
    name : str
    n : int
    weight : float
        Share of the group in the sum of the discrepancies.
    S : (p, p), mean : (p,)
    log_det : float
    unseen : (p, p) bool or None
        Covariances that the data do not tell, because nobody answered both items.
    """

    name: str
    n: int
    weight: float
    S: Matrix
    mean: Matrix
    log_det: float
    unseen: NDArray[np.bool_] | None = None

    @property
    def lower(self) -> tuple[Index, Index]:
        """Rows and columns of the covariances that the data tell."""
        i, j = np.tril_indices(len(self.S))
        if self.unseen is None:
            return i, j
        seen = ~self.unseen[i, j]
        return i[seen], j[seen]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Places of one group's free elements and the parameter that fills each.

    `shared` is True where a parameter fills several of them.
    """

    fixed: Matrices
    places: Places
    parameter: Index
    shared: bool

    def collect(self, total: Matrix, H: Matrix) -> None:
        """Add an (e, e) matrix of the elements to the (t, t) one of the parameters."""
        if np.array_equal(self.parameter, np.arange(len(total))):
            total += H
            return
        both = np.ix_(self.parameter, self.parameter)
        if self.shared:
            np.add.at(total, both, H)
        else:
            total[both] += H


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A model with its data, as functions of the free parameters.

    The discrepancy is that of maximum likelihood; `LeastSquares` has another.

    Attributes
    ----------
    model : Model
    groups : tuple of Group
    layouts : tuple of Layout
    origin : (t,)
        A point that satisfies the linear constraints.
    basis : (t, k)
        The parameters move along its columns: theta = origin + basis x.
    """

    model: Model
    groups: tuple[Group, ...]
    layouts: tuple[Layout, ...]
    origin: Matrix
    basis: Matrix

    @property
    def p(self) -> int:
        """Number of observed variables."""
        return len(self.model.observed)

    def along(self, H: Matrix) -> Matrix:
        """Z'HZ: second derivatives along the basis Z, (k, k) of (t, t)."""
        if not self.model.constraints:
            return H
        reduced: Matrix = self.basis.T @ H @ self.basis
        return reduced

    def spread(self, V: Matrix) -> Matrix:
        """ZVZ': covariances of the parameters, (t, t) of those along the basis."""
        if not self.model.constraints:
            return V
        whole: Matrix = self.basis @ V @ self.basis.T
        return whole

    @property
    def n_moments(self) -> int:
        """Number of variances, covariances and, with means, means of all groups."""
        p = self.p
        means = p if self.model.settings.means else 0
        return len(self.groups) * (p * (p + 1) // 2 + means)

    def implied(self, theta: Matrix) -> list[Implied] | None:
        """Return each group's implied moments; None outside the admissible region."""
        found = []
        for layout in self.layouts:
            m = layout.fixed.filled(layout.places, theta[layout.parameter])
            at = implied(m, self.p)
            if at is None:
                return None
            found.append(at)
        return found

    def matrices(self, g: int, theta: Matrix) -> Matrices:
        """Return the filled matrices of one group."""
        layout = self.layouts[g]
        return layout.fixed.filled(layout.places, theta[layout.parameter])

    def moment_products(self, theta: Matrix) -> Matrix | None:
        """J'J of moments other than covariances and means; None where there are none."""
        return None

    def distance(self, group: Group, at: Implied) -> Matrix:
        """Mean minus implied mean; zero without a mean structure."""
        if self.model.settings.means:
            return group.mean - at.mu
        return np.zeros(self.p)

    @property
    def unit(self) -> float:
        """Size of a root of the discrepancy, in which gradients are judged."""
        return 1.0

    def discrepancy_of(self, g: int, at: Implied) -> float:
        """Discrepancy of one group."""
        group = self.groups[g]
        return discrepancy(at, group.S, self.distance(group, at), group.log_det)

    def gradient_of(self, g: int, at: Implied, by: Slopes) -> Matrix:
        """First derivatives of one group's discrepancy by e elements, (e,)."""
        group = self.groups[g]
        return gradient(at, by, group.S, self.distance(group, at))

    def information_of(
        self, g: int, at: Implied, left: Slopes, right: Slopes
    ) -> Matrix:
        """Return expected second derivatives of one group's discrepancy, (e, f)."""
        return information(at.W, left, right)

    def own_information_of(self, g: int, at: Implied, by: Slopes) -> Matrix:
        """Diagonal of `information_of`, (e,)."""
        return own_information(at.W, by)

    def hessian_of(self, g: int, at: Implied, places: Places, by: Slopes) -> Matrix:
        """Exact second derivatives of one group's discrepancy, (e, e)."""
        group = self.groups[g]
        return hessian(at, places, by, group.S, self.distance(group, at))

    def baseline(self) -> float:
        """Weighted sum of the groups' discrepancies for uncorrelated variables."""
        return sum(
            g.weight * (float(np.log(np.diag(g.S)).sum()) - g.log_det)
            for g in self.groups
        )

    def gfi(self, ats: Sequence[Implied]) -> float:
        """Share of the weighted squares of the moments that the model reproduces."""
        lost = whole = 0.0
        for group, at in zip(self.groups, ats, strict=True):
            left = at.W @ (group.S - at.sigma)
            full = at.W @ group.S
            d = self.distance(group, at)
            squares = float((left * left.T).sum()) / 2 + float(d @ at.W @ d)
            lost += group.weight * squares
            whole += group.weight * float((full * full.T).sum()) / 2
            if self.model.settings.means:
                whole += group.weight * float(group.mean @ at.W @ group.mean)
        return 1 - lost / whole

    def value(self, ats: Sequence[Implied]) -> float:
        """Weighted sum of the groups' discrepancies."""
        return sum(
            self.groups[g].weight * self.discrepancy_of(g, at)
            for g, at in enumerate(ats)
        )

    def slopes(self, ats: Sequence[Implied]) -> list[Slopes]:
        """Return the derivatives of each group's moments by its free elements."""
        return [
            slopes(at, layout.places)
            for at, layout in zip(ats, self.layouts, strict=True)
        ]

    def gradient(
        self, ats: Sequence[Implied], bys: Sequence[Slopes] | None = None
    ) -> Matrix:
        """First derivatives by the free parameters, (t,)."""
        total = np.zeros(self.model.n_free)
        groups = zip(self.layouts, ats, bys or self.slopes(ats), strict=True)
        for g, (layout, at, by) in enumerate(groups):
            part = self.groups[g].weight * self.gradient_of(g, at, by)
            np.add.at(total, layout.parameter, part)
        return total

    def information(
        self, ats: Sequence[Implied], bys: Sequence[Slopes] | None = None
    ) -> Matrix:
        """Return expected second derivatives by the free parameters, (t, t)."""
        total = np.zeros((self.model.n_free,) * 2)
        groups = zip(self.layouts, ats, bys or self.slopes(ats), strict=True)
        for g, (layout, at, by) in enumerate(groups):
            part = self.groups[g].weight * self.information_of(g, at, by, by)
            layout.collect(total, part)
        return total

    def hessian(
        self, ats: Sequence[Implied], bys: Sequence[Slopes] | None = None
    ) -> Matrix:
        """Return exact second derivatives by the free parameters, (t, t)."""
        total = np.zeros((self.model.n_free,) * 2)
        groups = zip(self.layouts, ats, bys or self.slopes(ats), strict=True)
        for g, (layout, at, by) in enumerate(groups):
            H = self.hessian_of(g, at, layout.places, by)
            layout.collect(total, self.groups[g].weight * H)
        return total


def make_problem(model: Model, groups: tuple[Group, ...]) -> Problem:
    """Lay the parameters out in matrices and solve the linear constraints.

    Raises
    ------
    NotDefined
        A constraint is not linear, or contradicts the others.
    """
    layouts = tuple(_layout(model, g) for g in range(len(groups)))
    origin, basis = _constrained(model)
    return Problem(model, groups, layouts, origin, basis)


def place_of(row: Row, names: Mapping[str, int]) -> tuple[int, int, int]:
    """Return matrix, row and column of a parameter; `names` has the order."""
    left = names[row.left]
    kind = _KINDS[row.operator]
    if kind == MEAN:
        return kind, left, 0
    right = names[row.right]
    if row.operator == "=~":
        return kind, right, left
    return kind, left, right


def _layout(model: Model, group: int) -> Layout:
    names = {name: i for i, name in enumerate(model.names)}
    q = len(names)
    rows = [r for r in model.rows if r.group == group and r.operator in _KINDS]
    fixed = [row for row in rows if row.free < 0]
    free = [row for row in rows if row.free >= 0]
    empty = Matrices(np.zeros((q, q)), np.zeros((q, q)), np.zeros(q))
    values = np.array([row.value for row in fixed], dtype=np.float64)
    numbers = [row.free for row in free]
    return Layout(
        fixed=empty.filled(Places.of([place_of(r, names) for r in fixed]), values),
        places=Places.of([place_of(r, names) for r in free]),
        parameter=np.array(numbers, dtype=np.intp),
        shared=len(set(numbers)) < len(numbers),
    )


def _constrained(model: Model) -> tuple[Matrix, Matrix]:
    """Return a point that satisfies the constraints and the directions that do."""
    t = model.n_free
    if not model.constraints:
        return np.zeros(t), np.eye(t)
    lines = [_line(model, constraint) for constraint in model.constraints]
    R = np.array([slope for slope, _ in lines])
    r = np.array([side for _, side in lines])
    origin = np.linalg.lstsq(R, r, rcond=None)[0]
    if not np.allclose(R @ origin, r):
        last = model.constraints[-1]
        raise NotDefined(
            "model-contradiction", line=last.line, column=last.column, item=last.text
        )
    _, sizes, vectors = np.linalg.svd(R)
    rank = int((sizes > 1e-10 * sizes[0]).sum())
    basis: Matrix = vectors[rank:].T
    return origin, basis


def _line(model: Model, constraint: Definition) -> tuple[Matrix, float]:
    """Return slope and right side of a linear constraint."""
    t = model.n_free
    point = np.linspace(0.3, 1.7, t)
    at_zero, slope = _evaluated(model, constraint, np.zeros(t))
    elsewhere, other = _evaluated(model, constraint, point)
    if not (
        np.isclose(at_zero + point @ slope, elsewhere) and np.allclose(slope, other)
    ):
        raise NotDefined(
            "model-not-linear",
            line=constraint.line,
            column=constraint.column,
            item=constraint.text,
        )
    return slope, -at_zero


def _evaluated(
    model: Model, constraint: Definition, theta: Matrix
) -> tuple[float, Matrix]:
    """Evaluate a constraint; NaN where it is not defined."""
    t = len(theta)
    unit = np.eye(t)
    known = {}
    for row in model.rows:
        if row.label and row.free >= 0:
            known[row.label] = (float(theta[row.free]), unit[row.free])
        elif row.label:
            known[row.label] = (float(row.value or 0), np.zeros(t))
    try:
        return constraint.formula.value(known)
    except (ArithmeticError, ValueError, KeyError):
        return float("nan"), np.full(t, np.nan)
