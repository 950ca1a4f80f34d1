"""Graded response models: ours beside the mirt of PyPI, on the same answers.

20 items of five points, one trait, no gaps. Both get the answers as they are and give
parameters with standard errors. mirt runs twice: as it comes (21 points of the trait,
stopping at 1e-4) and as accurately as ours (61 points, stopping at 1e-7). Its
log-likelihood is given, and ours at its parameters, so that neither can hide behind the
other's quadrature. mirt is of the development group: without it ours is alone.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from statistics import median
from typing import Any

from benchmarks import median_seconds, print_row, seconds_text, surroundings, wanted

# isort: split
import numpy as np

from analytics.psychometrics import Item, Matrix, ResponseMatrix
from analytics.psychometrics.irt import graded_response
from analytics.psychometrics.irt.estimation import Grid
from analytics.psychometrics.irt.kernel import Layout, log_probabilities
from analytics.psychometrics.irt.patterns import Patterns, log_likelihood
from benchmarks import write

PEOPLE = (2_000, 10_000, 100_000)
ITEMS, POINTS = 20, 5
FEWEST = 500
SEED = 20261122
WIDTHS = (26, 9, 9, 12, 18, 18)
PEERS: dict[str, dict[str, Any]] = {
    "mirt, as it comes": {},
    "mirt, 61 points to 1e-7": {"n_quadpts": 61, "tol": 1e-7, "max_iter": 5_000},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One fit: seconds of clock and of processors, what it says of the likelihood, and what ours says of it."""

    name: str
    n: int
    seconds: float
    processor: float
    log_likelihood: float
    by_ours: float


def simulated(n: int, rng: np.random.Generator) -> ResponseMatrix:
    """Draw answers: slopes from .9 to 2.4, thresholds over most people."""
    slopes = rng.uniform(0.9, 2.4, ITEMS)
    moved = rng.uniform(-0.5, 0.5, (ITEMS, 1)) + rng.uniform(-0.12, 0.12, (ITEMS, 4))
    thresholds = np.linspace(-1.6, 1.6, POINTS - 1) + moved
    trait = rng.standard_normal((n, 1))
    codes = np.empty((n, ITEMS), dtype=np.int8)
    for j in range(ITEMS):
        above = 1 / (1 + np.exp(-slopes[j] * (trait - thresholds[j])))
        codes[:, j] = (rng.random((n, 1)) < above).sum(axis=1)
    return ResponseMatrix(codes, tuple(Item(f"i{j}", 1, POINTS) for j in range(ITEMS)))


def evaluated(data: ResponseMatrix, at: Matrix) -> float:
    """Compute our log-likelihood at any parameters."""
    layout, grid = Layout((POINTS,) * ITEMS), Grid.even(121, 7.0)
    log_p = log_probabilities(at, layout, grid.x)
    return log_likelihood(Patterns.of(data.codes, layout), log_p, grid.log_weights, 2)


def ours(data: ResponseMatrix) -> tuple[float, Matrix]:
    """Fit by our own program."""
    found = graded_response(data)
    return found.log_likelihood, found.parameters


def theirs(data: ResponseMatrix, settings: dict[str, Any]) -> tuple[float, Matrix]:
    """Fit by mirt; the parameters in the order of ours."""
    import mirt

    found = mirt.fit_mirt(data.codes.astype(np.int64), model="GRM", **settings)
    known = found.model.parameters
    a, b = known["discrimination"], known["thresholds"]
    at = np.column_stack([a, -a[:, None] * b]).ravel()
    return float(found.log_likelihood), at


def measured(
    name: str, data: ResponseMatrix, fit: Callable[[], tuple[float, Matrix]]
) -> Row:
    """Time a fit and look at where it came to."""
    results: list[tuple[float, Matrix]] = []
    budget = 20.0 if data.n <= 10_000 else 0.0
    worked: list[float] = []

    def once() -> None:
        before = time.process_time()
        results.append(fit())
        worked.append(time.process_time() - before)

    seconds = median_seconds(once, budget=budget)
    value, at = results[-1]
    return Row(name, data.n, seconds, median(worked), value, evaluated(data, at))


def main() -> None:
    """Measure every size, print the table, write the file."""
    asked = wanted("grm", __doc__)
    where, rows = surroundings(), []
    print_row(("fit", "n", "clock", "processors", "log-likelihood", "by ours"), WIDTHS)
    for full in PEOPLE:
        n = max(full // 10, FEWEST) if asked.quick else full
        data = simulated(n, np.random.default_rng(SEED))
        fits: dict[str, Callable[[], tuple[float, Matrix]]] = {
            "ours": partial(ours, data)
        }
        for name, settings in PEERS.items() if find_spec("mirt") else ():
            fits[name] = partial(theirs, data, settings)
        for name, fit in fits.items():
            row = measured(name, data, fit)
            rows.append(asdict(row))
            value, by_ours = f"{row.log_likelihood:,.4f}", f"{row.by_ours:,.4f}"
            times = (seconds_text(row.seconds), seconds_text(row.processor))
            cells = (name, f"{n:,}", *times, value, by_ours)
            print_row(cells, WIDTHS)
    write(asked.path, {**where, "items": ITEMS, "rows": rows})


if __name__ == "__main__":
    main()
