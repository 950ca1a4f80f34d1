"""Probabilities of graded answers and their derivatives. Checks nothing.

Letters: a slope, d intercepts (falling), x values of the trait, F the logistic
function. An answer lies at or above category k with probability F(a x + d_k); category
k has F(u) - F(v) with u = a x + d_k and v = a x + d_{k+1}, where d_0 is infinite and
d_{m+1} minus infinite. All C = sum of the categories parameters of all items stand in
one vector, (a, d_1 .. d_m) item after item, so that an item with K categories has K
parameters and the same place serves its categories and its parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analytics.psychometrics.data import Matrix


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each item's categories stand, and its parameters in the same places.

    Attributes
    ----------
    sizes : tuple of p int
        Categories of each item.
    """

    sizes: tuple[int, ...]

    @property
    def total(self) -> int:
        """C, the number of categories and of parameters."""
        return sum(self.sizes)

    @property
    def starts(self) -> tuple[int, ...]:
        """First place of each item, and C."""
        return tuple(np.concatenate([[0], np.cumsum(self.sizes)]).tolist())

    @property
    def parts(self) -> tuple[slice, ...]:
        """The places of each item."""
        return tuple(slice(a, b) for a, b in pairwise(self.starts))


@dataclass(frozen=True, slots=True)
class Slopes:
    """First derivatives of the log-probabilities of one item with K categories.

    Attributes
    ----------
    first : (K, K, q) float64
        Category, parameter, value of the trait.
    upper, lower : (K, q) float64
        By u and (sign turned) by v; 0 at the infinite edges.
    above, below : (K, q) float64
        F(u) and F(v).
    """

    first: Matrix
    upper: Matrix
    lower: Matrix
    above: Matrix
    below: Matrix


def ordered(at: Matrix, layout: Layout) -> bool:
    """Whether the intercepts of every item fall."""
    return all((np.diff(at[part][1:]) < 0).all() for part in layout.parts)


def _edges(own: Matrix, x: Matrix) -> tuple[Matrix, Matrix]:
    """Return u and v, (K, q) each, of the parameters (K,) of one item."""
    u = own[1:, None] + own[0] * x
    ends = np.full((1, len(x)), np.inf)
    return np.concatenate([ends, u]), np.concatenate([u, -ends])


def _gaps(own: Matrix) -> Matrix:
    """exp(v - u), (K, 1), the same at every value of the trait."""
    inner = np.exp(np.diff(own[1:]))
    return np.concatenate([[0.0], inner, [0.0]])[:, None]


def log_probabilities(at: Matrix, layout: Layout, x: Matrix) -> Matrix:
    """Log-probability of each category, (C, q); the intercepts must fall.

    F(u) - F(v) = F(u) (1 - F(v)) (1 - e^(v - u)), free of cancellation.
    """
    found = np.empty((layout.total, len(x)))
    for part in layout.parts:
        u, v = _edges(at[part], x)
        outer = np.logaddexp(0, -u) + np.logaddexp(0, v)
        found[part] = np.log1p(-_gaps(at[part])) - outer
    return found


def slopes(own: Matrix, x: Matrix) -> Slopes:
    """Differentiate the log-probabilities of an item with parameters (K,)."""
    u, v = _edges(own, x)
    with np.errstate(over="ignore"):
        above, below = 1 / (1 + np.exp(-u)), 1 / (1 + np.exp(-v))
    rest = 1 - _gaps(own)
    # densities over the probability between them, by exponents that cannot overflow
    upper = np.exp(np.logaddexp(0, v) - np.logaddexp(0, u)) / rest
    lower = np.exp(np.logaddexp(0, -u) - np.logaddexp(0, -v)) / rest
    upper[0], lower[-1] = 0.0, 0.0
    k = np.arange(len(own))
    first = np.zeros((len(own), len(own), len(x)))
    first[:, 0] = (1 - above - below) * x
    first[k[1:], k[1:]] = upper[1:]
    first[k[:-1], k[1:]] = -lower[:-1]
    return Slopes(first, upper, lower, above, below)


def complete_information(at: Slopes, counts: Matrix, x: Matrix) -> Matrix:
    """Minus the second derivatives of sum of counts * log-probability, (K, K).

    `counts` (K, q): people of each category at each value of the trait, as if their
    traits were known. Positive definite, for the logarithm is concave.
    """
    f, g = at.above * (1 - at.above), at.below * (1 - at.below)
    by_u = (counts * (at.upper**2 - at.upper * (1 - 2 * at.above))).sum(axis=1)
    by_v = (counts * (at.lower**2 + at.lower * (1 - 2 * at.below))).sum(axis=1)
    cross = -(counts * at.upper * at.lower).sum(axis=1)
    mixed_u = (counts * f) @ x
    mixed_v = (counts * g) @ x
    found = np.zeros((len(counts), len(counts)))
    found[0, 0] = float(((counts * (f + g)) @ x**2).sum())
    k = np.arange(1, len(counts))
    found[k, k] = by_u[1:] + by_v[:-1]
    found[0, 1:] = found[1:, 0] = mixed_u[1:] + mixed_v[:-1]
    inner = k[:-1]
    found[inner, inner + 1] = found[inner + 1, inner] = cross[1:-1]
    return found


def gradient(at: Sequence[Slopes], layout: Layout, counts: Matrix) -> Matrix:
    """Sum of counts (C, q) times the first derivatives, (C,)."""
    found = [
        np.einsum("kq,kpq->p", counts[part], own.first)
        for part, own in zip(layout.parts, at, strict=True)
    ]
    return np.concatenate(found)
