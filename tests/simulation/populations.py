"""The named populations. Their numbers are ours; no study is behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.psychometrics import Matrix, Moments, ResponseMatrix
from analytics.psychometrics.sem import (
    Distribution,
    Normal,
    Population,
    ValeMaurelli,
    answer_moments,
    draw_answers,
    draw_values,
    read_population,
)

# five points: few at the bottom, a third at the top (skew -.74); seven: symmetric, cut
# at equal steps from -2.5 to 2.5 standard deviations
SKEWED_FIVE = (0.05, 0.10, 0.20, 0.30, 0.35)
# more and more at the top; skew -1.17, -1.49 and -1.95
MORE_SKEWED_FIVE = (0.04, 0.06, 0.14, 0.30, 0.46)
STRONGLY_SKEWED_FIVE = (0.02, 0.05, 0.10, 0.26, 0.57)
MOST_SKEWED_FIVE = (0.02, 0.04, 0.07, 0.19, 0.68)
SEVEN = (0.037, 0.105, 0.217, 0.282, 0.217, 0.105, 0.037)
# as skewed and peaked as an exponential half way to normal
HEAVY = ValeMaurelli(skew=1.5, kurtosis=4.0)


@dataclass(frozen=True)
class Named:
    """A population, with how its values become data: points, or real values."""

    name: str
    text: str
    shares: tuple[float, ...] | None = None
    shape: Distribution | None = None

    @cached_property
    def population(self) -> Population:
        return read_population(self.text)

    @property
    def items(self) -> tuple[str, ...]:
        return self.population.items

    @cached_property
    def exact(self) -> Moments:
        """Moments of the data themselves: of the points where there are points."""
        if self.shares is None:
            return self.population.moments()
        return answer_moments(self.population, shares=self.shares)

    def draw(self, n: int, rng: np.random.Generator) -> ResponseMatrix | Matrix:
        if self.shares is not None:
            return draw_answers(self.population, n, rng, shares=self.shares)
        return draw_values(self.population, n, rng, shape=self.shape or Normal())


def _factor(name: str, loadings: Sequence[float], prefix: str) -> str:
    terms = [f"{value}*{prefix}{j}" for j, value in enumerate(loadings, start=1)]
    return f"{name} =~ {' + '.join(terms)}"


_SIX = _factor("f", (0.5, 0.6, 0.7, 0.7, 0.8, 0.6), "x")
_THREE = "\n".join(
    [
        *(_factor(name, (0.8, 0.7, 0.6, 0.75), name) for name in "abc"),
        "a ~~ 0.5*b + 0.3*c",
        "b ~~ 0.6*c",
    ]
)

ONE = Named("one factor", _SIX)
TAU = Named("tau-equivalent", _factor("f", (0.7,) * 6, "x"))
ONE_FIVE = Named("one factor, skewed five points", _SIX, SKEWED_FIVE)
ONE_MORE = Named("one factor, five points of skew 1.2", _SIX, MORE_SKEWED_FIVE)
ONE_STRONG = Named("one factor, five points of skew 1.5", _SIX, STRONGLY_SKEWED_FIVE)
ONE_MOST = Named("one factor, five points of skew 2", _SIX, MOST_SKEWED_FIVE)
ONE_SEVEN = Named("one factor, seven points", _SIX, SEVEN)
THREE = Named("three factors", _THREE)
THREE_HEAVY = Named("three factors, skewed values", _THREE, shape=HEAVY)
THREE_FIVE = Named("three factors, skewed five points", _THREE, SKEWED_FIVE)
THREE_MORE = Named("three factors, five points of skew 1.2", _THREE, MORE_SKEWED_FIVE)
THREE_STRONG = Named(
    "three factors, five points of skew 1.5", _THREE, STRONGLY_SKEWED_FIVE
)
THREE_MOST = Named("three factors, five points of skew 2", _THREE, MOST_SKEWED_FIVE)
THREE_SEVEN = Named("three factors, seven points", _THREE, SEVEN)
ONE_HEAVY = Named("one factor, skewed values", _SIX, shape=HEAVY)


def drifting(*, loading: float = 0.0, intercept: float = 0.0) -> Population:
    """Return the one-factor population in which its third item drifts.

    In standard deviations of the item: `loading` is taken from it, `intercept` is added.
    The item's residual variance stays what it was.
    """
    text = _factor("f", (0.5, 0.6, 0.7 - loading, 0.7, 0.8, 0.6), "x")
    return read_population(f"{text}\nx3 ~~ 0.51*x3\nx3 ~ {intercept}*1")
