"""Tests reject what is true as often as they say, or it is published."""

from collections.abc import Callable

import pytest

from analytics.psychometrics.sem import Estimator
from tests.simulation import published, type_one
from tests.simulation.populations import (
    ONE,
    ONE_FIVE,
    ONE_HEAVY,
    THREE,
    THREE_FIVE,
    THREE_HEAVY,
    THREE_SEVEN,
    Named,
)
from tests.simulation.type_one import ALPHA, Rejections

REPLICATIONS = 5_000
PEOPLE = 500
Run = Callable[[Named, int, int], list[Rejections]]


def model(estimator: Estimator) -> Run:
    def run(named: Named, n: int, replications: int) -> list[Rejections]:
        return type_one.model_test(named, n, replications, estimator=estimator)

    return run


def difference(estimator: Estimator) -> Run:
    def run(named: Named, n: int, replications: int) -> list[Rejections]:
        return type_one.difference_tests(named, n, replications, estimator=estimator)

    return run


@pytest.mark.long
@pytest.mark.parametrize(
    ("run", "named"),
    [
        (model("ML"), THREE),
        *((model("MLMV"), one) for one in (THREE_HEAVY, THREE_FIVE, THREE_SEVEN)),
        *((model("MLR"), one) for one in (THREE_HEAVY, THREE_FIVE, THREE_SEVEN)),
        (model("MLM"), THREE_HEAVY),
        (model("WLSMV"), THREE_FIVE),
        (difference("MLR"), ONE_HEAVY),
        (difference("MLR"), ONE_FIVE),
        (type_one.ordered_difference_tests, ONE_FIVE),
    ],
)
def test_type_one_error_is_nominal_or_published(run: Run, named: Named) -> None:
    rows = run(named, PEOPLE, REPLICATIONS)
    for row in rows:
        print(
            f"{row.test:<22} {row.population:<36} {row.n:>5} {ALPHA:.3f}"
            f" {row.rejected:.4f} {row.error:.4f} {row.used:>5}"
        )
    for row in rows:
        expected = published.REJECTIONS.get(row.key, ALPHA)
        assert abs(row.rejected - expected) <= published.POINTS, row.key


@pytest.mark.parametrize(
    ("run", "named"),
    [
        (model("MLM"), ONE_HEAVY),
        (model("MLMV"), ONE_FIVE),
        (difference("MLR"), ONE),
        (type_one.ordered_difference_tests, ONE_FIVE),
    ],
)
def test_type_one_error_in_few_samples(run: Run, named: Named) -> None:
    for row in run(named, 300, 20):
        assert row.used == 20
        assert abs(row.rejected - ALPHA) < 4 * row.error
