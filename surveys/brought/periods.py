"""Days and periods as files write them, and the waves that they make. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s].*)?", re.DOTALL)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})月?")
_QUARTER = re.compile(r"(\d{4})\s*[-/ 年]?\s*(?:[Qq第])\s*([1-4])(?:季度)?")
_YEAR = re.compile(r"(\d{4})年?")
# Qualtrics and spreadsheets of the United States; day first where the first is over 12
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?", re.DOTALL)
_MONTHS = {"year": 12, "half": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of what a cell says."""

    first: date
    last: date


@lru_cache(maxsize=50_000)
def period_of(text: str) -> Span | None:
    """The day, month, quarter or year that a cell says; None for anything else."""
    text = text.strip()
    try:
        if found := _DAY.fullmatch(text):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            return Span(day, day)
        if found := _SLASHED.fullmatch(text):
            month, number = int(found[1]), int(found[2])
            if month > 12:
                month, number = number, month
            day = date(int(found[3]), month, number)
            return Span(day, day)
        if found := _QUARTER.fullmatch(text):
            return _months(int(found[1]), 3 * int(found[2]) - 2, 3)
        if found := _MONTH.fullmatch(text):
            return _months(int(found[1]), int(found[2]), 1)
        if found := _YEAR.fullmatch(text):
            return _months(int(found[1]), 1, 12)
    except ValueError:
        return None
    return None


def _months(year: int, month: int, length: int) -> Span | None:
    if not 1980 <= year < 2070:
        return None
    last = month + length - 1
    return Span(date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def wave_of(span: Span, period: str) -> str:
    """Name of the wave that a row of this day belongs to; sorts by time."""
    if period == "one":
        return ""
    if period == "day":
        return span.first.isoformat()
    length = _MONTHS[period]
    return f"{span.first.year}-{(span.first.month - 1) // length * length + 1:02}"
