"""How exact the mean of a scale will be with so many answers. Pure.

Half-width of the 95 % interval of a mean under simple random sampling without
replacement: z S / sqrt(n) * sqrt(1 - n / N), with z = 1.96, S the standard deviation,
n answers of N invited (Cochran 1977, Sampling Techniques, 3rd ed., sections 2.6 to 2.8).
It covers chance only: that other people answer than those who do not is not in it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Protocol

from surveys.definition import Form

CONFIDENCE = 0.95
SHARES = (50, 70, 90)  # percent of the invited, where more is hoped for
SPREAD = 4  # standard deviations in the range of a scale: 1 to 5 has S = 1


class Known(Protocol):
    """What `surveys.fieldwork.participation.Figure` says."""

    @property
    def invited(self) -> int | None: ...
    @property
    def answered(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Outlook:
    """Precision with `answers`; `percent` of the invited, None: what is there now.

    Attributes
    ----------
    as_before : bool
        Whether that many answered in the wave before: what is to be expected.
    """

    answers: int
    percent: int | None
    half_width: float
    as_before: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """Precision now and later, on the points of the most common scale of the form.

    Attributes
    ----------
    deviation : float
        Standard deviation that is assumed: a quarter of the range.
    """

    low: int
    high: int
    deviation: float
    outlooks: Sequence[Outlook]


def half_width(*, answers: int, invited: int | None, deviation: float) -> float:
    """Half of the 95 % interval of a mean; `invited` None: of a very large population.

    Raises
    ------
    ValueError
        Without an answer, or with more answers than people.
    """
    if answers < 1 or (invited is not None and answers > invited):
        raise ValueError(f"{answers} answers of {invited} people have no precision.")
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    rest = 1.0 if invited is None else 1 - answers / invited
    return z * deviation / sqrt(answers) * sqrt(rest)


def forecasts(form: Form, known: Known, *, last: int | None = None) -> Forecast | None:
    """What to expect; None where nothing is rated, or nothing is known yet.

    Parameters
    ----------
    last
        Percent of the invited who answered in the wave before.
    """
    ranges = Counter((i.low, i.high) for i in form.items if i.kind == "rating")
    if not ranges:
        return None
    ((low, high), _), *_ = ranges.most_common(1)
    deviation = (high - low) / SPREAD
    answered, invited = known.answered or 0, known.invited
    wanted: list[tuple[int, int | None]] = [(answered, None)] if answered else []
    if invited:
        wanted += [
            (-(-share * invited // 100), share)
            for share in sorted({*SHARES, *([last] if last else [])})
            if share * invited > 100 * answered
        ]
    found = [
        Outlook(
            answers,
            share,
            half_width(answers=answers, invited=invited, deviation=deviation),
            as_before=share is not None and share == last,
        )
        for answers, share in wanted
        if invited is None or answers <= invited
    ]
    return Forecast(low, high, deviation, found) if found else None
