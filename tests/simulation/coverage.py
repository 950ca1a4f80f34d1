"""How often the intervals that a report shows hold the value of the population."""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from analytics.psychometrics import (
    Matrix,
    Moments,
    PsychometricsError,
    ResponseMatrix,
    composites,
    correlate,
    cronbach_alpha,
    disattenuate,
    disattenuate_scales,
    moments,
    omega_total,
)
from analytics.psychometrics.sem import (
    Estimator,
    factor_reliability,
    fit_model,
    fourth_moments,
    freed,
    monte_carlo,
)
from tests.simulation.populations import Named

SEED = 20261122
NOMINAL = 0.95
Ends = tuple[float | None, float | None]
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Row:
    """Coverage of one coefficient, or of several alike, in samples of one population.

    Attributes
    ----------
    shares : for each coefficient, the share of the intervals that hold its value
    replications, used : samples, and those that gave an interval
    """

    coefficient: str
    population: str
    n: int
    replications: int
    used: int
    shares: tuple[float, ...]

    @property
    def key(self) -> Key:
        return self.coefficient, self.population, self.n

    @property
    def achieved(self) -> float:
        """Coverage, the mean of several."""
        return float(np.mean(self.shares))

    @property
    def farthest(self) -> float:
        """Coverage of the coefficient that is farthest from what it should be."""
        return max(self.shares, key=lambda share: abs(share - NOMINAL))

    @property
    def error(self) -> float:
        """Monte-Carlo standard error of one coverage, were it nominal."""
        return float(np.sqrt(NOMINAL * (1 - NOMINAL) / self.used))

    def __add__(self, other: "Row") -> "Row":
        """Put the samples of two runs together."""
        used = self.used + other.used
        pairs = zip(self.shares, other.shares, strict=True)
        return replace(
            self,
            replications=self.replications + other.replications,
            used=used,
            shares=tuple((a * self.used + b * other.used) / used for a, b in pairs),
        )


class _Counter:
    """Counts intervals that hold a value."""

    def __init__(self, named: Named, n: int) -> None:
        self.named, self.n = named, n
        self.held: dict[str, list[bool]] = defaultdict(list)

    def add(self, coefficient: str, ends: Ends, value: float) -> None:
        low, high = ends
        if low is not None and high is not None:
            self.held[coefficient].append(low <= value <= high)

    def rows(self, replications: int) -> list[Row]:
        where = self.named.name, self.n, replications
        return [
            Row(coefficient, *where, len(held), (float(np.mean(held)),))
            for coefficient, held in self.held.items()
        ]


def generator(named: Named, n: int, first: int) -> np.random.Generator:
    """Return what spawns a generator for each sample from number `first` on.

    A sample is the same whatever else is run, and in however many parts.
    """
    seeds = np.random.SeedSequence(
        [SEED, n, *named.name.encode()], n_children_spawned=first
    )
    return np.random.default_rng(seeds)


def reliability(named: Named, n: int, replications: int, first: int = 0) -> list[Row]:
    """Raw and standardized alpha (Feldt) and omega (delta method) of one scale."""
    counter = _Counter(named, n)
    truth = _reliabilities(named.exact)
    for rng in generator(named, n, first).spawn(replications):
        drawn = named.draw(n, rng)
        found = _reliabilities(_moments(drawn, named))
        for name, (_, ends) in found.items():
            counter.add(name, ends, truth[name][0])
    return counter.rows(replications)


def correlations(named: Named, n: int, replications: int, first: int = 0) -> list[Row]:
    """Correlate two scales of four items by Fisher; over points also disattenuated."""
    counter = _Counter(named, n)
    one, two = named.items[:4], named.items[4:8]
    r, corrected = _exact_correlations(named, one, two)
    for rng in generator(named, n, first).spawn(replications):
        drawn = named.draw(n, rng)
        values = drawn.values() if isinstance(drawn, ResponseMatrix) else drawn
        found = correlate(values[:, :4].mean(axis=1), values[:, 4:8].mean(axis=1))
        counter.add("r", (found.low, found.high), r)
        if isinstance(drawn, ResponseMatrix):
            both = disattenuate_scales(drawn, one, two, rng=rng)
            ends = both.estimate.low, both.estimate.high
            counter.add("disattenuated r", ends, corrected)
    return counter.rows(replications)


def loadings(
    named: Named, n: int, replications: int, first: int = 0, *, estimator: Estimator
) -> list[Row]:
    """Loadings of the population's own model, by Wald intervals."""
    found = monte_carlo(
        named.population,
        n=n,
        replications=replications,
        rng=generator(named, n, first),
        estimator=estimator,
        shares=named.shares,
        shape=named.shape,
    )
    covered = tuple(
        one.coverage
        for one in found.parameters
        if "=~" in one.name and one.coverage is not None
    )
    where = named.name, n, replications
    return [Row(f"loadings, {estimator}", *where, found.converged, covered)]


def model_reliability(
    named: Named, n: int, replications: int, first: int = 0, *, estimator: Estimator
) -> list[Row]:
    """Composite reliability and AVE of every factor of the population's own model."""
    text = freed(named.population.text)
    exact = fit_model(text, named.exact, estimator="ML", likelihood="wishart")
    truth = factor_reliability(exact)
    counter = _Counter(named, n)
    for rng in generator(named, n, first).spawn(replications):
        drawn = named.draw(n, rng)
        columns = None if isinstance(drawn, ResponseMatrix) else named.items
        fourth = None if estimator == "ML" else fourth_moments(drawn, columns)
        fit = fit_model(text, fourth or _moments(drawn, named), estimator=estimator)
        if not fit.converged:
            continue
        for one, true in zip(
            factor_reliability(fit, fourth=fourth), truth, strict=True
        ):
            for name, ends, value in (
                ("composite reliability", one.omega_interval, true.omega),
                ("AVE", one.ave_interval, true.ave),
            ):
                counter.add(f"{name}, {estimator}", ends or (None, None), value)
    return counter.rows(replications)


def _moments(drawn: ResponseMatrix | Matrix, named: Named) -> Moments:
    if isinstance(drawn, ResponseMatrix):
        return moments(drawn, missing="listwise")
    return moments(drawn, named.items, missing="listwise")


def _reliabilities(m: Moments) -> dict[str, tuple[float, Ends]]:
    alpha = cronbach_alpha(m)
    found = {
        "alpha": (alpha.raw.estimate, (alpha.raw.low, alpha.raw.high)),
        "standardized alpha": (
            alpha.standardized.estimate,
            (alpha.standardized.low, alpha.standardized.high),
        ),
    }
    try:
        omega = omega_total(m)
    except PsychometricsError:
        return found  # a report then has no interval either
    return {**found, "omega": (omega.estimate, (omega.low, omega.high))}


def _exact_correlations(
    named: Named, first: tuple[str, ...], second: tuple[str, ...]
) -> tuple[float, float]:
    """Return the population's correlation of the two sums, and the corrected one."""
    m = named.exact
    both = composites(m, {"first": first, "second": second})
    r = float(both.correlation[0, 1])
    alphas = [cronbach_alpha(m.select(part)).raw.estimate for part in (first, second)]
    return r, disattenuate(r, *alphas).estimate
