"""The number of a wave that was brought from elsewhere is its last day. Pure.

Collected waves are numbered 1, 2, 3 ...; past waves come in any order and stand before
them. So that numbers stay in the order of time and never change, a past wave has the
days from `_LATEST` back to its last day: below 0, and one wave a day.
"""

from datetime import date

_LATEST = date(2070, 1, 1)
EARLIEST = date(1980, 6, 1)  # a smallint reaches as far


def number_of(day: date) -> int:
    """Return the number of the wave that ended on `day`, below 0."""
    return day.toordinal() - _LATEST.toordinal()


def label_of(number: int) -> str:
    """Return how a wave is called: its number, or the day on which a past one ended."""
    if number > 0:
        return str(number)
    return date.fromordinal(_LATEST.toordinal() + number).isoformat()
