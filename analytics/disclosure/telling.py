"""How small numbers of people, and groups that agree, are written."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.values import LEAST, Bound
from analytics.release_parts import Count

EXACT_FROM: Final = 20  # people; fewer are told as a band, unanimity as a bound
RATE_FROM: Final = 8  # invited; a rate among fewer tells about single people
DETAILS_FROM: Final = 10  # answers, for distributions and figures of single items
BAND: Final = 5  # people in a band
STEPS: Final = 4  # parts of a scale that a bound is rounded to


def band(n: int) -> Count:
    """Return a number of people as it is told: 0-4, 5-9, 10-14, 15-19, then exact."""
    if n >= EXACT_FROM:
        return Count(n, n)
    low = n // BAND * BAND
    return Count(low, low + BAND - 1)


def rate_of(answered: int, invited: int | None) -> float | None:
    """Return the share of the invited who answered; None below eight invited."""
    if invited is None or invited < RATE_FROM:
        return None
    return answered / invited


def bound_of(
    values: NDArray[np.float64], low: float, high: float, *, least: int = LEAST
) -> Bound | None:
    """Return the bound to tell instead of a mean, or None where the mean may stand.

    A bound stands where fewer than 20 people gave all the same answer, and where all
    of them together lack less than 1/`least` of the scale's range to one of its ends,
    so that everybody's answer is known. It is rounded away from the middle's side to a
    quarter of the scale, so that the rule itself does not tell the value: at least the
    quarter below, from the middle up; at most the quarter above, below the middle.
    `values` is (n,) without NaN; `low` and `high` are the ends of the scale.
    """
    if not is_alike(values, low, high, least=least):
        return None
    place = (float(values.mean()) - low) / (high - low) * STEPS
    step = (high - low) / STEPS
    if place >= STEPS / 2:
        return Bound(low + step * min(math.floor(place + 1e-9), STEPS - 1), None)
    return Bound(None, low + step * max(math.ceil(place - 1e-9), 1))


def is_alike(
    values: NDArray[np.float64], low: float, high: float, *, least: int
) -> bool:
    """Return whether the mean of a group would tell what everybody in it answered."""
    if len(values) < EXACT_FROM and np.ptp(values) < 1e-9:
        return True
    near = (high - low) / least - 1e-9
    to_high = len(values) * high - float(values.sum())
    to_low = float(values.sum()) - len(values) * low
    return min(to_high, to_low) < near
