"""Probabilities of the cells of a bivariate normal distribution cut by thresholds."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from analytics.psychometrics.data import Matrix

FLOOR = 1e-16  # of a cell's probability: below lies rounding
# correlation up to which so many Gauss-Legendre nodes are exact to 1e-13
RULES = ((0.3, 6), (0.75, 12), (0.8, 20), (2.0, 64))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Probabilities of the (q, k, k) cells and their derivatives by the correlation."""

    probability: Matrix
    slope: Matrix

    @classmethod
    def of(
        cls, h: Matrix, g: Matrix, below_h: Matrix, below_g: Matrix, r: Matrix
    ) -> "Cells":
        """Thresholds h, g and shares below them (q, k - 1) each; r (q,)."""
        q, inner = h.shape
        area = np.zeros((q, inner + 2, inner + 2))
        area[:, 1:-1, -1], area[:, -1, 1:-1], area[:, -1, -1] = below_h, below_g, 1
        area[:, 1:-1, 1:-1] = below_h[:, :, None] * below_g[:, None, :]
        kind = np.searchsorted([limit for limit, _ in RULES], np.abs(r), side="right")
        for wanted, (_, count) in enumerate(RULES):
            these = kind == wanted
            if these.any():
                area[these, 1:-1, 1:-1] += beyond(h[these], g[these], r[these], count)
        density = np.zeros_like(area)
        density[:, 1:-1, 1:-1] = _density(h, g, r)
        return cls(np.maximum(differences(area), FLOOR), differences(density))

    @property
    def score(self) -> Matrix:
        """Derivative of the log-probability."""
        return self.slope / self.probability


def beyond(h: Matrix, g: Matrix, r: Matrix, count: int) -> Matrix:
    r"""Bivariate normal probability below (h, g) minus that for r = 0.

    Plackett's :math:`\frac{1}{2\pi}\int_0^{\arcsin r}
    \exp\frac{hg\sin t - (h^2+g^2)/2}{\cos^2 t}\,dt`.
    """
    half = np.arcsin(r) / 2
    product = h[:, :, None] * g[:, None, :]
    squares = (h[:, :, None] ** 2 + g[:, None, :] ** 2) / 2
    nodes, weights = _gauss_legendre(count)
    sine = np.sin(half[:, None] * (nodes + 1))
    power = sine[:, :, None, None] * product[:, None] - squares[:, None]
    power /= (1 - sine**2)[:, :, None, None]
    total = np.tensordot(np.exp(power), weights, axes=(1, 0))
    beyond: Matrix = total * half[:, None, None] / (2 * np.pi)
    return beyond


def _density(h: Matrix, g: Matrix, r: Matrix) -> Matrix:
    rest = (1 - r**2)[:, None, None]
    power = r[:, None, None] * h[:, :, None] * g[:, None, :]
    power -= (h[:, :, None] ** 2 + g[:, None, :] ** 2) / 2
    density: Matrix = np.exp(power / rest) / (2 * np.pi * np.sqrt(rest))
    return density


def differences(corners: Matrix) -> Matrix:
    """Mass of the cells between (q, k + 1, k + 1) corners."""
    return np.diff(np.diff(corners, axis=1), axis=2)


def density_slope(h: Matrix, g: Matrix, r: Matrix) -> Matrix:
    """Differentiate the bivariate normal density by r, (q, k - 1, k - 1)."""
    r_, rest = r[:, None, None], (1 - r**2)[:, None, None]
    product = h[:, :, None] * g[:, None, :]
    squares = h[:, :, None] ** 2 + g[:, None, :] ** 2
    growth = (product * rest - r_ * (squares - 2 * r_ * product)) / rest**2 + r_ / rest
    slope: Matrix = _density(h, g, r) * growth
    return slope


def packed_rules() -> Matrix:
    """Return all rules for the compiled kernel, (rules, 3, 64).

    Nodes, weights, and a row that begins with the limit and the number of nodes.
    """
    rules = np.zeros((len(RULES), 3, RULES[-1][1]))
    for rule, (limit, count) in zip(rules, RULES, strict=True):
        rule[:2, :count] = _gauss_legendre(count)
        rule[2, :2] = limit, count
    return rules


@cache
def _gauss_legendre(count: int) -> tuple[Matrix, Matrix]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights
