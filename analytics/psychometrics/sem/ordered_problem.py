r"""A model of ordered items with its moments, as functions of the free parameters.

With :math:`\Sigma^*` the covariances of the variables behind the items, mu their means
and :math:`\delta_i` their inverse standard deviations, the moments are

.. math:: \kappa_{it} = \delta_i (\tau_{it} - \mu_i), \quad
   \rho_{ij} = \delta_i \delta_j \Sigma^*_{ij}\ (i > j)

and the discrepancy is :math:`F = \sum_g w_g (s_g - \sigma_g)' V_g (s_g - \sigma_g)`. With
delta the residual variances are :math:`1/\delta_i^2` less what is explained; with theta
:math:`\delta_i = \Sigma^{*-1/2}_{ii}`.

References
----------
Muthen (1984), Psychometrika 49, 115-132, doi:10.1007/BF02294210.
Muthen, du Toit & Spisic (1997): the diagonal weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Group, Layout, Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Index,
    Matrices,
    Places,
    Slopes,
    curvature,
    slopes,
    total_effects,
)
from analytics.psychometrics.sem.ordered_model import Parameterization


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Thresholds of one group: observed values and where their parameters are.

    Attributes
    ----------
    observed : (c,)
        Item by item.
    item : (c,)
        Whose they are, the place in `model.observed`.
    parameter : (c,)
        Free parameter of each.
    scale : (p,)
        Free parameter of each item's scale, -1 where it is 1 or follows.
    """

    observed: Matrix
    item: Index
    parameter: Index
    scale: Index


@dataclass(frozen=True, slots=True, eq=False)
class OrderedImplied(Implied):
    """Implied moments of ordered items; `sigma` are the implied correlations.

    Attributes
    ----------
    scale : (p,)
        Inverse standard deviations of the variables behind the items.
    raw, cuts : (c,)
        Thresholds as parameters, and in standard deviations from the mean.
    """

    scale: Matrix
    raw: Matrix
    cuts: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class OrderedSlopes(Slopes):
    """Adds the derivatives of the moments, (m, e + c + f), f free scales."""

    J: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class OrderedProblem(Problem):
    """Least squares of thresholds and polychoric correlations.

    Attributes
    ----------
    parameterization : "delta" or "theta"
    cuts : one a group
    gammas : one (m, m) matrix a group
        Sampling covariances of the moments: thresholds item by item, then correlations
        of the strict lower triangle column by column.
    weights : one (m,) or (m, m) array a group
        V, or its diagonal.
    """

    parameterization: Parameterization
    cuts: tuple[Cuts, ...]
    gammas: tuple[Matrix, ...]
    weights: tuple[Matrix, ...]

    @property
    def n_moments(self) -> int:
        """Number of thresholds and correlations of all groups."""
        return sum(len(gamma) for gamma in self.gammas)

    @property
    def shares(self) -> list[float]:
        """Share of each group in the information: people, not degrees of freedom."""
        n = sum(group.n for group in self.groups)
        return [group.n / n for group in self.groups]

    def distance(self, group: Group, at: Implied) -> Matrix:
        """Minus the means behind the items: nothing of them is observed."""
        return -at.mu

    def matrices(self, g: int, theta: Matrix) -> Matrices:
        """Return the filled matrices of one group, with the residual variances."""
        m = super(OrderedProblem, self).matrices(g, theta)
        if self.parameterization == "theta":
            return m
        p = self.p
        B = total_effects(m.A)[:p]
        explained = ((B @ m.S) * B).sum(axis=1)
        scale = self._scales(self.cuts[g], theta)
        np.fill_diagonal(m.S[:p, :p], 1 / scale**2 - explained)
        return m

    def _scales(self, cuts: Cuts, theta: Matrix) -> Matrix:
        scale: Matrix = np.where(cuts.scale >= 0, theta[cuts.scale], 1.0)
        return scale

    def implied(self, theta: Matrix) -> list[Implied] | None:
        """Return each group's implied moments; None where a scale is not defined."""
        found: list[Implied] = []
        p = self.p
        for g, cuts in enumerate(self.cuts):
            m = super(OrderedProblem, self).matrices(g, theta)
            try:
                B = total_effects(m.A)
            except np.linalg.LinAlgError:
                return None
            P: Matrix = B @ m.S @ B.T
            if self.parameterization == "delta":
                scale = self._scales(cuts, theta)
                if not (scale > 0).all():
                    return None
                np.fill_diagonal(P[:p, :p], 1 / scale**2)
            else:
                variance = np.diag(P)[:p]
                if not (variance > 0).all():
                    return None
                scale = 1 / np.sqrt(variance)
            centre, raw = B @ m.alpha, theta[cuts.parameter]
            kappa = scale[cuts.item] * (raw - centre[:p][cuts.item])
            sigma = P[:p, :p] * scale[:, None] * scale
            nothing = np.zeros((0, 0))  # least squares asks for no inverse
            found.append(
                OrderedImplied(B, P, centre, sigma, nothing, np.nan, scale, raw, kappa)
            )
        return found

    def residual(self, g: int, at: OrderedImplied) -> Matrix:
        """Observed less implied moments, (m,)."""
        i, j = pairs(self.p)
        R = self.groups[g].S
        return np.concatenate(
            (self.cuts[g].observed - at.cuts, R[i, j] - at.sigma[i, j])
        )

    @property
    def unit(self) -> float:
        """Root of the discrepancy of moments that are all zero, over the items."""
        total = 0.0
        for g, group in enumerate(self.groups):
            s = self.moments(g)
            total += group.weight * float(s @ weighted(self.weights[g], s))
        return float(np.sqrt(2 * total / self.p))

    def moments(self, g: int) -> Matrix:
        """Observed thresholds and correlations, (m,)."""
        i, j = pairs(self.p)
        return np.concatenate((self.cuts[g].observed, self.groups[g].S[i, j]))

    def discrepancy_of(self, g: int, at: Implied) -> float:
        """Weighted sum of one group's squared residuals."""
        r = self.residual(g, ordered(at))
        return float(r @ weighted(self.weights[g], r))

    def baseline(self) -> float:
        """Discrepancy of uncorrelated variables with free thresholds."""
        total = 0.0
        for g, group in enumerate(self.groups):
            V, cut = self.weights[g], len(self.cuts[g].observed)
            r = self.moments(g)[cut:]
            if V.ndim == 1:
                total += group.weight * float(r @ (V[cut:] * r))
                continue
            cross = V[:cut, cut:] @ r
            own = float(cross @ np.linalg.solve(V[:cut, :cut], cross))
            total += group.weight * (float(r @ V[cut:, cut:] @ r) - own)
        return total

    def gfi(self, ats: Sequence[Implied]) -> float:
        """Reproduced share of the weighted squares of the moments, mean of the groups."""
        found = 0.0
        for g, (share, at) in enumerate(zip(self.shares, ats, strict=True)):
            s = self.moments(g)
            whole = float(s @ weighted(self.weights[g], s))
            found += share * (1 - self.discrepancy_of(g, at) / whole)
        return found

    def elements(self, g: int) -> Index:
        """Parameter of each column of the group's `OrderedSlopes.J`."""
        cuts = self.cuts[g]
        free = cuts.scale[cuts.scale >= 0]
        return np.concatenate((self.layouts[g].parameter, cuts.parameter, free))

    def slopes(self, ats: Sequence[Implied]) -> list[Slopes]:
        """Return the derivatives of each group's moments by its free elements."""
        found: list[Slopes] = []
        for g, at in enumerate(ats):
            by = slopes(at, self.layouts[g].places)
            J = self._jacobian(g, ordered(at), by)
            found.append(OrderedSlopes(by.U, by.V, by.M, J))
        return found

    def _jacobian(self, g: int, at: OrderedImplied, by: Slopes) -> Matrix:
        """Differentiate the moments by elements, thresholds and free scales."""
        cuts, e, c = self.cuts[g], by.U.shape[1], len(self.cuts[g].item)
        free = np.flatnonzero(cuts.scale >= 0)
        J = np.zeros((len(self.gammas[g]), e + c + len(free)))
        J[:, :e] = self.by_elements(g, at, by)
        J[np.arange(c), e + np.arange(c)] = at.scale[cuts.item]
        if len(free):
            J[:, e + c :] = self.by_scale(g, at)[:, free]
        return J

    def by_elements(self, g: int, at: OrderedImplied, by: Slopes) -> Matrix:
        """Differentiate the moments by elements of the model's matrices, (m, e)."""
        item, (i, j) = self.cuts[g].item, pairs(self.p)
        weight = (at.scale[i] * at.scale[j])[:, None]
        J: Matrix = np.vstack(
            (
                -(at.scale[:, None] * by.M)[item],
                weight * (by.U[i] * by.V[j] + by.V[i] * by.U[j]),
            )
        )
        if self.parameterization == "theta":
            J += self.by_scale(g, at) @ scale_slopes(at, by)
        return J

    def by_scale(self, g: int, at: OrderedImplied) -> Matrix:
        """Differentiate the moments by the p scales, (m, p)."""
        cuts, (i, j) = self.cuts[g], pairs(self.p)
        c, each = len(cuts.item), np.arange(len(i))
        T = np.zeros((c + len(i), self.p))
        T[np.arange(c), cuts.item] = at.cuts / at.scale[cuts.item]
        rho = at.sigma[i, j]
        T[c + each, i] = rho / at.scale[i]
        T[c + each, j] = rho / at.scale[j]
        return T

    def jacobian(self, g: int, J: Matrix) -> Matrix:
        """Differentiate one group's moments by all parameters, (m, t)."""
        whole = np.zeros((len(J), self.model.n_free))
        where = self.elements(g)
        if self.layouts[g].shared:
            np.add.at(whole.T, where, J.T)
        else:
            whole[:, where] = J
        return whole

    def moment_products(self, theta: Matrix) -> Matrix | None:
        """J'J of thresholds and correlations, (t, t); None outside the region."""
        ats = self.implied(theta)
        if ats is None:
            return None
        total = np.zeros((self.model.n_free,) * 2)
        for g, by in enumerate(self.slopes(ats)):
            J = with_jacobian(by).J
            self._collect(total, g, self.groups[g].weight * (J.T @ J))
        return total

    def gradient(
        self, ats: Sequence[Implied], bys: Sequence[Slopes] | None = None
    ) -> Matrix:
        """First derivatives by the free parameters, (t,)."""
        total = np.zeros(self.model.n_free)
        for g, (at, by) in enumerate(zip(ats, bys or self.slopes(ats), strict=True)):
            y = weighted(self.weights[g], self.residual(g, ordered(at)))
            part = -2 * self.groups[g].weight * (with_jacobian(by).J.T @ y)
            np.add.at(total, self.elements(g), part)
        return total

    def information(
        self, ats: Sequence[Implied], bys: Sequence[Slopes] | None = None
    ) -> Matrix:
        """Second derivatives without the residuals' part, (t, t)."""
        total = np.zeros((self.model.n_free,) * 2)
        for g, by in enumerate(bys or self.slopes(ats)):
            J = with_jacobian(by).J
            H = J.T @ weighted(self.weights[g], J)
            self._collect(total, g, 2 * self.groups[g].weight * H)
        return total

    def _collect(self, total: Matrix, g: int, H: Matrix) -> None:
        """Add the second derivatives of one group's elements to the parameters'."""
        base = self.layouts[g]
        Layout(base.fixed, base.places, self.elements(g), base.shared).collect(total, H)

    def hessian(
        self, ats: Sequence[Implied], bys: Sequence[Slopes] | None = None
    ) -> Matrix:
        """Return exact second derivatives by the free parameters, (t, t)."""
        bys = bys or self.slopes(ats)
        total = self.information(ats, bys)
        for g, (at, by) in enumerate(zip(ats, bys, strict=True)):
            y = weighted(self.weights[g], self.residual(g, ordered(at)))
            H = self._curved(g, ordered(at), self.layouts[g].places, by, y)
            self._collect(total, g, self.groups[g].weight * H)
        return total

    def _curved(
        self, g: int, at: OrderedImplied, places: Places, by: Slopes, y: Matrix
    ) -> Matrix:
        r""":math:`-2 \sum_k y_k\,d^2\sigma_k` for all pairs of elements."""
        cuts, (i, j) = self.cuts[g], pairs(self.p)
        c, e, p = len(cuts.item), len(places), self.p
        free = np.flatnonzero(cuts.scale >= 0)
        Y = np.zeros((p, p))
        Y[i, j] = Y[j, i] = y[c:]
        pull = np.bincount(cuts.item, weights=y[:c], minlength=p)
        # second derivatives by scale and element, scale and threshold, two scales
        E = Y * at.scale[:, None] * at.scale
        YP = Y * at.scale
        mixed = by.U * (YP @ by.V) + by.V * (YP @ by.U) - pull[:, None] * by.M
        twice = Y * at.P[:p, :p]
        threshold = np.zeros((p, c))
        threshold[cuts.item, np.arange(c)] = y[:c]
        H = np.zeros((e + c + len(free),) * 2)
        if self.parameterization == "delta":
            scales = slice(e + c, None)
            H[:e, scales] = -2 * mixed[free].T
            H[e : e + c, scales] = -2 * threshold[free].T
            H[scales, scales] = -2 * twice[np.ix_(free, free)]
            H[scales, : e + c] = H[: e + c, scales].T
        else:
            D = scale_slopes(at, by)
            slope = self.by_scale(g, at).T @ y
            own = 2 * by.U * by.V  # of the variances
            bent = own.T @ ((slope * at.scale**5 * 0.75)[:, None] * own)
            H[:e, :e] = -2 * (D.T @ mixed + mixed.T @ D + D.T @ twice @ D + bent)
            H[:e, e : e + c] = -2 * D.T @ threshold
            H[e : e + c, :e] = H[:e, e : e + c].T
            np.fill_diagonal(E, -slope * at.scale**3)
        H[:e, :e] += curvature(at, places, E, -at.scale * pull)
        return H


def ordered(at: Implied) -> OrderedImplied:
    """Say what the moments of an ordered problem are."""
    assert isinstance(at, OrderedImplied)  # noqa: S101
    return at


def with_jacobian(by: Slopes) -> OrderedSlopes:
    """Say what the derivatives of an ordered problem are."""
    assert isinstance(by, OrderedSlopes)  # noqa: S101
    return by


@cache
def pairs(p: int) -> tuple[Index, Index]:
    """Rows and columns of the strict lower triangle, column by column."""
    j, i = np.triu_indices(p, 1)
    for one in (i, j):
        one.setflags(write=False)
    return i, j


def weighted(V: Matrix, M: Matrix) -> Matrix:
    """V M for a matrix V, or the diagonal of one."""
    if V.ndim == 2:
        return V @ M
    product: Matrix = (V * M.T).T
    return product


def scale_slopes(at: OrderedImplied, by: Slopes) -> Matrix:
    """Differentiate the scales by the elements under theta, (p, e)."""
    slope: Matrix = -(at.scale**3)[:, None] * (by.U * by.V)
    return slope
