"""When a survey asks: from the rules of a schedule to its occasions. PURE.

Rules speak of local dates and clock times in an IANA time zone; occasions are aware
moments in UTC. A clock time that a daylight-saving switch leaves out moves to the next
minute that exists; one that exists twice is taken at its first pass.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, islice, pairwise
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from holidays import HolidayBase

Repeat = Literal["once", "weeks", "months", "around"]
FreeDays = Literal["ask", "move", "skip"]

LONGEST = 92  # days that a wave may stay open
LOOKED_AHEAD = (
    160  # occasions of an endless schedule that are checked: three years weekly
)
SAME_OCCASION = timedelta(hours=6)  # occasions are days apart
YEARS = 20  # after which every pattern ends, also one that only ever skips
FARTHEST = 30  # days in a row off work until we stop looking for a working day


class ScheduleError(ValueError):
    """The rules make no schedule; `code` names the sentence, `params` fill it in."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days on which nobody should be asked first.

    Attributes
    ----------
    dates : frozenset of date
        Days of the organization's own.
    country : str
        ISO 3166 code whose public holidays count too; empty: none. China's make-up
        working days are working days, as far as they are published.
    rule : str
        ``ask`` all the same, ``move`` to the next working day, or ``skip``.
    """

    dates: frozenset[date] = frozenset()
    country: str = ""
    rule: FreeDays = "ask"


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything that decides when a survey asks.

    Attributes
    ----------
    repeat : str
        ``once``, every so many ``weeks`` or ``months``, or ``around`` an event: a wave
        before and a wave after.
    first : date
        Local date from which it counts; of ``around`` the date of the event.
    opens : time
        Local, to the minute.
    zone : str
        IANA name.
    days : int
        How long a wave stays open, in local days.
    every : int
        Number of weeks or months between two occasions; 3 months: quarterly.
    nth : int or None
        Of ``months``: the 1st to 4th or last (-1) `weekday` of the month; None: the day
        of the month of `first`, or the last day of a shorter month.
    weekday : int
        0 Monday to 6 Sunday; read with `nth` only.
    after : int
        Of ``around``: days from the event until the second wave opens.
    until : date or None
        Last local date on which a wave may open.
    waves : int or None
        Number of waves after which it ends.
    reminders : tuple of int
        Days after the opening, rising.
    """

    repeat: Repeat
    first: date
    opens: time
    zone: str
    days: int
    every: int = 1
    nth: int | None = None
    weekday: int = 0
    after: int = 1
    until: date | None = None
    waves: int | None = None
    reminders: tuple[int, ...] = ()
    free: DaysOff = field(default_factory=DaysOff)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One wave to be.

    Attributes
    ----------
    number : int
        Place in the pattern, from 1; skipped occasions leave their number unused.
    opens_at, closes_at : datetime
        In UTC.
    reminders : tuple of datetime
        In UTC, rising, within the wave.
    """

    number: int
    opens_at: datetime
    closes_at: datetime
    reminders: tuple[datetime, ...]


def occasions(rule: Rule) -> Iterator[Occasion]:
    """Occasions in their order; without `until` and `waves` they never end."""
    found = _around(rule) if rule.repeat == "around" else _repeated(rule)
    yield from islice(found, rule.waves)


def next_occasion(rule: Rule, *, after: datetime) -> Occasion | None:
    """Return the first occasion that opens after a moment."""
    return next((one for one in occasions(rule) if one.opens_at > after), None)


def occasion_at(rule: Rule, planned: datetime) -> Occasion | None:
    """Return the occasion that was planned for a moment, if the rules still have it.

    A country may change its clocks between planning and opening, so that the same
    occasion comes some hours earlier or later.
    """
    earliest, latest = planned - SAME_OCCASION, planned + SAME_OCCASION
    found = next((one for one in occasions(rule) if one.opens_at >= earliest), None)
    return found if found is not None and found.opens_at <= latest else None


def moment(day: date, clock: time, zone: str) -> datetime:
    """Moment in UTC at which a clock in `zone` shows `clock` on `day`.

    A time that does not exist becomes the next that does; of two passes the first.
    """
    place = ZoneInfo(zone)
    local = datetime.combine(day, clock)
    while True:
        found = local.replace(tzinfo=place).astimezone(UTC)
        if found.astimezone(place).replace(tzinfo=None) == local:
            return found
        local += timedelta(minutes=1)


def check(rule: Rule, *, rest: int = 0) -> None:
    """Refuse rules that cannot be kept.

    Parameters
    ----------
    rest : int
        Whole local days between the close of a wave and the opening of the next.

    Raises
    ------
    ScheduleError
        ``zone``, ``country``, ``days``, ``every``, ``waves``, ``reminders``, ``after``,
        ``never`` or ``overlap``; the last names both waves.
    """
    if rule.zone not in known_zones():
        raise ScheduleError("zone", zone=rule.zone)
    if rule.free.country and rule.free.country not in known_countries():
        raise ScheduleError("country", country=rule.free.country)
    for name in ("days", "every", "after"):
        if not 1 <= getattr(rule, name) <= LONGEST:
            raise ScheduleError(name, longest=LONGEST)
    if rule.waves is not None and rule.waves < 1:
        raise ScheduleError("waves")
    if any(not 0 < day < rule.days for day in rule.reminders):
        raise ScheduleError("reminders", days=rule.days)
    checked = list(islice(occasions(rule), LOOKED_AHEAD))
    if not checked:
        raise ScheduleError("never")
    _refuse_overlap(rule, checked, rest)


def _refuse_overlap(rule: Rule, checked: list[Occasion], rest: int) -> None:
    """Compare local dates: an hour lost to a switch of the clocks is no overlap."""
    place = ZoneInfo(rule.zone)
    for one, following in pairwise(checked):
        closes = one.closes_at.astimezone(place).date() + timedelta(days=rest)
        opens = following.opens_at.astimezone(place).date()
        if opens < closes:
            raise ScheduleError("overlap", closes=closes, opens=opens, rest=rest)


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Names of time zones that this machine knows."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def known_countries() -> dict[str, str]:
    """Countries whose public holidays are known: ISO 3166 code to English name."""
    from holidays.registry import COUNTRIES  # takes most of a second, few need it

    return {
        code: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
        for name, code, *_ in COUNTRIES.values()
    }


def is_free(day: date, free: DaysOff, *, weekends: bool) -> bool:
    """Whether `day` is a day off; weekends are only where asked for."""
    if day in free.dates:
        return True
    if not free.country:
        return weekends and day.weekday() >= 5
    days = _country(free.country)
    if day in days.weekend_workdays:
        return False
    return day in days or (weekends and day.weekday() in days.weekend)


def next_working_day(day: date, free: DaysOff) -> date:
    """Return `day` itself, or the first working day after it."""
    for distance in range(FARTHEST):
        candidate = day + timedelta(days=distance)
        if not is_free(candidate, free, weekends=True):
            return candidate
    return day


@lru_cache(maxsize=32)
def _country(code: str) -> "HolidayBase":
    import holidays

    return holidays.country_holidays(code)


def _repeated(rule: Rule) -> Iterator[Occasion]:
    # whoever names a weekday means it; a day of the month may fall on a weekend
    weekends = rule.repeat == "months" and rule.nth is None
    for number, day in enumerate(_days(rule), start=1):
        if rule.until is not None and day > rule.until:
            return
        if rule.free.rule != "ask" and is_free(day, rule.free, weekends=weekends):
            if rule.free.rule == "skip":
                continue
            day = next_working_day(day, rule.free)
            if rule.until is not None and day > rule.until:
                return
        yield _occasion(rule, number, day, day + timedelta(days=rule.days), rule.opens)


def _around(rule: Rule) -> Iterator[Occasion]:
    """One wave that ends as the day of the event begins, one some days after."""
    event, length = rule.first, timedelta(days=rule.days)
    yield _occasion(rule, 1, event - length, event, time(0))
    opens = event + timedelta(days=rule.after)
    yield _occasion(rule, 2, opens, opens + length, rule.opens)


def _occasion(
    rule: Rule, number: int, opens: date, closes: date, until: time
) -> Occasion:
    closes_at = moment(closes, until, rule.zone)
    reminders = (
        moment(opens + timedelta(days=day), rule.opens, rule.zone)
        for day in sorted(set(rule.reminders))
    )
    return Occasion(
        number,
        moment(opens, rule.opens, rule.zone),
        closes_at,
        tuple(at for at in reminders if at < closes_at),
    )


def _days(rule: Rule) -> Iterator[date]:
    """Local dates of the pattern, before holidays; as rrule says it (RFC 5545)."""
    if rule.repeat == "once":
        yield rule.first
        return
    end = date(rule.first.year + YEARS, 12, 31)
    for step in count():
        if rule.repeat == "weeks":
            day = rule.first + timedelta(weeks=rule.every * step)
        else:
            day = _in_month(rule, step * rule.every)
        if day > end:
            return
        if day >= rule.first:
            yield day


def _in_month(rule: Rule, months: int) -> date:
    """Day of the pattern in the month that lies `months` after that of `first`."""
    year, month = divmod(rule.first.year * 12 + rule.first.month - 1 + months, 12)
    begin = date(year, month + 1, 1)
    last = begin.replace(day=monthrange(year, month + 1)[1])
    if rule.nth is None:
        return begin.replace(day=min(rule.first.day, last.day))
    if rule.nth == -1:
        return last - timedelta(days=(last.weekday() - rule.weekday) % 7)
    ahead = (rule.weekday - begin.weekday()) % 7
    return begin + timedelta(days=ahead + 7 * (rule.nth - 1))
