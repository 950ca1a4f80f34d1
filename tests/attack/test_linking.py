"""The judge is judged: chance looks like chance, and an order that tells is seen."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.attack.linking import (
    ALPHA,
    Finding,
    Trace,
    above_chance,
    findings,
    guesses,
    holm,
    unadjusted,
)

N = 60


def pooled(waves: Sequence[tuple[Trace, Trace]], seed: int = 1) -> list[Finding]:
    rng = np.random.default_rng(seed)
    return findings(("it", guesses(pair, rng)(0, 1)) for pair in waves)


def order(seed: int) -> list[float]:
    return list(np.random.default_rng(seed).permutation(N).astype(float))


def late(trace: Trace, by: int, seed: int) -> list[float]:
    """An order disturbed as by `by` others on their way."""
    rng = np.random.default_rng(seed)
    return [value + rng.uniform(0, by) for value in trace]


def test_the_same_order_links_everybody() -> None:
    first = pooled([(order(1), order(1))])[0]
    assert first.share == 1
    assert first.p < 1e-50


@pytest.mark.parametrize("by", [3, 10, 30])
def test_a_disturbed_order_is_still_seen(by: int) -> None:
    assert above_chance(pooled([(order(1), late(order(1), by, 2))]))


def test_a_backward_order_is_seen() -> None:
    backward = [-value for value in order(1)]
    assert above_chance(pooled([(order(1), backward)]))


def test_who_was_there_by_noon_is_seen() -> None:
    """Half of the people marked on both sides, as by two samples of one moment."""
    half = [float(value < N / 2) for value in order(1)]
    assert above_chance(pooled([(half, half)]))


def test_a_faint_trace_is_seen_over_many_waves() -> None:
    waves = [(order(w), late(order(w), 10 * N, 500 + w)) for w in range(50)]
    assert not above_chance(pooled(waves[:1]))
    assert above_chance(pooled(waves))


def test_chance_is_found_as_often_as_it_should() -> None:
    """Unrelated orders: about one pair in a hundred below .01, by either test."""
    rng = np.random.default_rng(1)
    compare = guesses([order(seed) for seed in range(600)], rng)
    found = [
        one
        for pair in range(0, 600, 2)
        for one in unadjusted("it", [compare(pair, pair + 1)])
    ]
    for statistic in ("linked pairs", "rank correlation"):
        below = sum(one.p < ALPHA for one in found if one.statistic == statistic)
        assert below <= 12  # of 300; more has a probability of 2e-5


def test_few_who_stand_out_are_not_correlated_but_still_counted() -> None:
    one_stands_out = [float(value == 0) for value in order(1)]
    found = pooled([(one_stands_out, one_stands_out)])
    assert [one.statistic for one in found] == ["linked pairs"]


def test_holm_multiplies_by_the_tests_that_are_left() -> None:
    raw = [Finding("", 0, 0, p, "") for p in (0.02, 0.001, 0.03)]
    assert [one.p for one in holm(raw)] == pytest.approx([0.003, 0.04, 0.04])
