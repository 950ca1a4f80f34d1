"""How often tests reject what is true."""

from dataclasses import dataclass, replace

import numpy as np

from analytics.psychometrics import PsychometricsError, ResponseMatrix
from analytics.psychometrics.sem import (
    Estimator,
    FourthMoments,
    Level,
    OrdinalMoments,
    compare,
    fit_model,
    fourth_moments,
    freed,
    invariance,
    monte_carlo,
    ordinal_moments,
)
from analytics.psychometrics.sem.model import Equal
from tests.simulation.coverage import Key, generator
from tests.simulation.populations import Named

ALPHA = 0.05
ORDERED_LEVELS: tuple[Level, ...] = ("configural", "thresholds", "metric", "scalar")
LEVELS: tuple[tuple[Equal, ...], ...] = ((), ("loadings",), ("loadings", "intercepts"))


@dataclass(frozen=True)
class Rejections:
    """Share of the samples in which a test of a true hypothesis has a p below .05."""

    test: str
    population: str
    n: int
    replications: int
    used: int
    rejected: float

    @property
    def key(self) -> Key:
        return self.test, self.population, self.n

    @property
    def error(self) -> float:
        """Monte-Carlo standard error, were the share what it should be."""
        return float(np.sqrt(ALPHA * (1 - ALPHA) / self.used))

    def __add__(self, other: "Rejections") -> "Rejections":
        """Put the samples of two runs together."""
        used = self.used + other.used
        total = self.rejected * self.used + other.rejected * other.used
        return replace(
            self,
            replications=self.replications + other.replications,
            used=used,
            rejected=total / used,
        )


def model_test(
    named: Named, n: int, replications: int, first: int = 0, *, estimator: Estimator
) -> list[Rejections]:
    """Test the population's own model; the scaled test with robust estimators."""
    found = monte_carlo(
        named.population,
        n=n,
        replications=replications,
        rng=generator(named, n, first),
        estimator=estimator,
        shares=named.shares,
        shape=named.shape,
    )
    assert found.rejected is not None
    return [
        Rejections(
            f"model, {estimator}",
            named.name,
            n,
            replications,
            found.tested,
            found.rejected,
        )
    ]


def difference_tests(
    named: Named, n: int, replications: int, first: int = 0, *, estimator: Estimator
) -> list[Rejections]:
    """Test equal loadings, then equal intercepts, of two groups of n that are alike."""
    text = freed(named.text)
    levels: dict[str, list[float]] = {"equal loadings": [], "equal intercepts": []}
    for rng in generator(named, n, first).spawn(replications):
        samples = {name: _sample(named, n, rng) for name in ("one", "two")}
        try:
            p_values = _differences(text, samples, estimator)
        except PsychometricsError:
            continue
        for found, p in zip(levels.values(), p_values, strict=True):
            if p is not None:
                found.append(p)
    return [
        Rejections(
            f"{level}, {estimator}",
            named.name,
            n,
            replications,
            len(found),
            float((np.array(found) < ALPHA).mean()),
        )
        for level, found in levels.items()
    ]


def ordered_difference_tests(
    named: Named, n: int, replications: int, first: int = 0
) -> list[Rejections]:
    """Test equal thresholds, loadings, then intercepts of ordered items, by WLSMV.

    Two groups of n that are alike; a sample in which a category stays empty is left out.
    """
    text = freed(named.text)
    levels: dict[str, list[float]] = {
        "equal thresholds": [],
        "equal loadings": [],
        "equal intercepts": [],
    }
    for rng in generator(named, n, first).spawn(replications):
        try:
            samples = {name: _ordered(named, n, rng) for name in ("one", "two")}
            found = invariance(text, samples, estimator="WLSMV", levels=ORDERED_LEVELS)
        except PsychometricsError:
            continue
        for p_values, level in zip(levels.values(), found[1:], strict=False):
            if level.difference is not None and level.difference.p is not None:
                p_values.append(level.difference.p)
    return [
        Rejections(
            f"{level}, WLSMV",
            named.name,
            n,
            replications,
            len(found),
            float((np.array(found) < ALPHA).mean()),
        )
        for level, found in levels.items()
    ]


def _ordered(named: Named, n: int, rng: np.random.Generator) -> OrdinalMoments:
    drawn = named.draw(n, rng)
    assert isinstance(drawn, ResponseMatrix)
    return ordinal_moments(drawn, missing="listwise")


def _differences(
    text: str, samples: dict[str, FourthMoments], estimator: Estimator
) -> list[float | None]:
    fits = [
        fit_model(text, samples, estimator=estimator, means=True, equal=equal)
        for equal in LEVELS
    ]
    if not all(fit.converged for fit in fits):
        return [None, None]
    return [compare(fits[0], fits[1]).p, compare(fits[1], fits[2]).p]


def _sample(named: Named, n: int, rng: np.random.Generator) -> FourthMoments:
    drawn = named.draw(n, rng)
    if isinstance(drawn, ResponseMatrix):
        return fourth_moments(drawn)
    return fourth_moments(drawn, named.items)
