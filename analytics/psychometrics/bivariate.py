"""Probabilities of the cells of a bivariate normal distribution cut by thresholds."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix

STEEP = 0.8  # correlation from which the integrand needs many nodes
FLOOR = 1e-16  # of a cell's probability: below lies rounding
_FEW, _MANY = 20, 64


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
        steep = np.abs(r) >= STEEP
        for these, count in ((~steep, _FEW), (steep, _MANY)):
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
    nodes, weights = np.polynomial.legendre.leggauss(count)
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


def both_rules() -> Matrix:
    """Nodes and weights of the two Gauss-Legendre rules for the compiled kernel."""
    rules = np.zeros((4, _MANY))
    rules[0, :_FEW], rules[1, :_FEW] = np.polynomial.legendre.leggauss(_FEW)
    rules[2], rules[3] = np.polynomial.legendre.leggauss(_MANY)
    return rules
