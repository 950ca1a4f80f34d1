"""Intervals hold the population's value as often as they say, or it is published."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from analytics.psychometrics.sem import Estimator
from tests.simulation import coverage, published
from tests.simulation.coverage import NOMINAL, Row
from tests.simulation.populations import (
    ONE,
    ONE_FIVE,
    ONE_MORE,
    ONE_MOST,
    ONE_SEVEN,
    ONE_STRONG,
    TAU,
    THREE,
    THREE_FIVE,
    THREE_HEAVY,
    THREE_MORE,
    THREE_SEVEN,
    Named,
)

REPLICATIONS = 5_000
PEOPLE = (200, 1_000)
Run = Callable[[Named, int, int], list[Row]]


def loadings(estimator: Estimator) -> Run:
    def run(named: Named, n: int, replications: int) -> list[Row]:
        return coverage.loadings(named, n, replications, estimator=estimator)

    return run


def model_reliability(estimator: Estimator) -> Run:
    def run(named: Named, n: int, replications: int) -> list[Row]:
        return coverage.model_reliability(named, n, replications, estimator=estimator)

    return run


RUNS: list[tuple[Run, Named]] = [
    *((coverage.reliability, one) for one in (ONE, TAU, ONE_FIVE, ONE_SEVEN)),
    *((coverage.reliability, one) for one in (ONE_MORE, ONE_STRONG, ONE_MOST)),
    *((coverage.correlations, one) for one in (THREE, THREE_FIVE, THREE_SEVEN)),
    *((loadings("ML"), one) for one in (THREE, THREE_FIVE, THREE_SEVEN, THREE_MORE)),
    *((loadings("MLMV"), one) for one in (THREE_HEAVY, THREE_FIVE, THREE_SEVEN)),
    *((loadings("MLR"), one) for one in (THREE_HEAVY, THREE_FIVE, THREE_SEVEN)),
    (loadings("WLSMV"), THREE_FIVE),
    (model_reliability("ML"), THREE_MORE),
    *((model_reliability("MLR"), one) for one in (THREE_HEAVY, THREE_MORE)),
]


def _wrong(rows: list[Row]) -> Iterator[str]:
    """Name the rows that are not what they should be, or not what is published.

    Of several loadings the farthest counts; what is published is their mean.
    """
    for row in rows:
        expected = published.COVERAGE.get(row.key)
        found = row.farthest if expected is None else row.achieved
        if abs(found - (expected or NOMINAL)) > published.POINTS:
            yield f"{row.key}: {found:.4f}, not {expected or NOMINAL:.4f}"


def shown(row: Row) -> str:
    """Return one line of the printed table."""
    is_published = row.key in published.COVERAGE
    return (
        f"{row.coefficient:<20} {row.population:<36} {row.n:>5} {NOMINAL:.3f}"
        f" {row.achieved:.4f} {row.farthest:.4f} {row.error:.4f} {row.used:>5}"
        f"  {'published' if is_published else 'within 1.5 points'}"
    )


@pytest.mark.long
@pytest.mark.parametrize("n", PEOPLE)
@pytest.mark.parametrize(("run", "named"), RUNS)
def test_coverage_is_nominal_or_published(run: Run, named: Named, n: int) -> None:
    """Columns: nominal, achieved, the farthest of several, Monte-Carlo error, used."""
    rows = run(named, n, REPLICATIONS)
    print(*(shown(row) for row in rows), sep="\n")
    assert list(_wrong(rows)) == []


@pytest.mark.parametrize(
    ("run", "named", "replications"),
    [
        (coverage.reliability, ONE_FIVE, 150),
        (coverage.correlations, THREE, 400),
        (coverage.correlations, THREE_FIVE, 25),
        (loadings("ML"), ONE, 40),
        (loadings("MLMV"), ONE_SEVEN, 40),
        (loadings("MLR"), ONE_SEVEN, 40),
        (model_reliability("MLR"), ONE_SEVEN, 40),
    ],
)
def test_coverage_in_few_samples(run: Run, named: Named, replications: int) -> None:
    """Within four binomial errors: what would be badly wrong shows here."""
    for row in run(named, 200, replications):
        assert row.used == replications
        assert abs(row.achieved - NOMINAL) < 4 * row.error


def test_an_interval_that_is_too_narrow_is_found() -> None:
    """Half of the width: a coverage of 67 %, far from what is allowed above."""
    rng = np.random.default_rng(1)
    value, error = rng.standard_normal(150), 1.96 / 2
    row = Row("x", "y", 200, 150, 150, (float((np.abs(value) < error).mean()),))
    assert abs(row.achieved - NOMINAL) > 4 * row.error
    assert list(_wrong([row])) != []


def test_samples_do_not_depend_on_how_a_run_is_cut() -> None:
    for run in (coverage.reliability, coverage.correlations):
        named = ONE if run is coverage.reliability else THREE
        whole = run(named, 60, 12)
        parts = [
            a + b for a, b in zip(run(named, 60, 5), run(named, 60, 7, 5), strict=True)
        ]
        for one, other in zip(whole, parts, strict=True):
            assert one.shares == pytest.approx(other.shares)


def test_every_exception_is_published() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods.md").read_text("utf-8")
    lines = page.split("## What the intervals achieve")[1].splitlines()
    for (name, population, n), value in {
        **published.COVERAGE,
        **published.REJECTIONS,
    }.items():
        begin = f"| {name} | {population} | {n:,} | {100 * value:.1f} % |"
        assert any(line.startswith(begin) for line in lines), begin
