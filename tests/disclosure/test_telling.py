"""Bands, rates and bounds at their boundaries."""

import numpy as np
import pytest

from analytics.disclosure import Bound, band, bound_of, rate_of
from analytics.release_parts import Count


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (4, Count(0, 4)),
        (5, Count(5, 9)),
        (9, Count(5, 9)),
        (10, Count(10, 14)),
        (19, Count(15, 19)),
        (20, Count(20, 20)),
        (21, Count(21, 21)),
    ],
)
def test_fewer_than_twenty_people_are_a_band(n: int, told: Count) -> None:
    assert band(n) == told
    assert band(n).is_exact is (n >= 20)


def test_a_rate_is_told_from_eight_invited() -> None:
    assert rate_of(6, 7) is None
    assert rate_of(6, 8) == 0.75
    assert rate_of(6, None) is None


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (5.0, Bound(4.0, None)),
        (4.0, Bound(4.0, None)),
        (3.5, Bound(3.0, None)),
        (3.0, Bound(3.0, None)),
        (2.75, Bound(None, 3.0)),
        (2.0, Bound(None, 2.0)),
        (1.0, Bound(None, 2.0)),
    ],
)
def test_a_bound_is_a_quarter_of_the_scale(value: float, bound: Bound) -> None:
    assert bound_of(np.full(8, value), 1.0, 5.0) == bound


def test_from_twenty_people_on_an_inner_value_may_stand() -> None:
    assert bound_of(np.full(19, 4.0), 1.0, 5.0) is not None
    assert bound_of(np.full(20, 4.0), 1.0, 5.0) is None
    assert bound_of(np.full(20, 5.0), 1.0, 5.0) is not None


@pytest.mark.parametrize(("lack", "is_bound"), [(0.79, True), (0.8, False)])
def test_a_fifth_of_the_scale_short_of_its_end_is_enough(
    lack: float, is_bound: bool
) -> None:
    values = np.full(10, 5.0)
    values[0] -= lack
    assert (bound_of(values, 1.0, 5.0) is not None) is is_bound
    assert (bound_of(6.0 - values, 1.0, 5.0) is not None) is is_bound
