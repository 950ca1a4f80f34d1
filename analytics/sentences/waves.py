"""How a wave is called: past ones that were brought from elsewhere by their last day.

As `surveys.brought.days` counts them; a test holds both together. Pure.
"""

from datetime import date
from typing import Final

_LATEST: Final = date(2070, 1, 1)
# Gaps of sentences that name a wave.
OF_WAVES: Final = frozenset({"wave", "since"})


def past_wave(number: int) -> str:
    """Return the day on which the past wave of a number below 0 ended."""
    return date.fromordinal(_LATEST.toordinal() + number).isoformat()


def wave_name(number: int) -> str:
    """Return what stands behind the word "wave"."""
    return past_wave(number) if number < 0 else str(number)
