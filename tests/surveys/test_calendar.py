"""From the rules of a schedule to its occasions, held against dateutil and almanacs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule  # type: ignore[import-untyped]
from dateutil import tz as dateutil_zones
from hypothesis import given
from hypothesis import strategies as st

from surveys.fieldwork.calendar import (
    DaysOff,
    Occasion,
    Rule,
    ScheduleError,
    check,
    is_free,
    moment,
    next_occasion,
    next_working_day,
    occasion_at,
    occasions,
)

ZONES = (
    "Europe/Berlin",
    "Asia/Shanghai",
    "America/Santiago",  # switches at midnight
    "Australia/Lord_Howe",  # switches by half an hour
    "Pacific/Auckland",
    "America/Los_Angeles",
)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def rule(**changed: Any) -> Rule:
    values: dict[str, Any] = {
        "repeat": "weeks",
        "first": date(2026, 1, 5),
        "opens": time(9),
        "zone": "Europe/Berlin",
        "days": 5,
    }
    return Rule(**(values | changed))


def local_days(asked: Rule, number: int = 60) -> list[date]:
    """Local dates of the first openings."""
    place = ZoneInfo(asked.zone)
    first = islice(occasions(asked), number)
    return [one.opens_at.astimezone(place).date() for one in first]


def first(found: Iterator[datetime], number: int = 60) -> list[date]:
    return [one.date() for one in islice(found, number)]


@given(DAYS, st.integers(1, 9), st.integers(1, 60))
def test_weeks_are_those_of_dateutil(start: date, every: int, waves: int) -> None:
    asked = rule(first=start, every=every, waves=waves)
    begin = datetime.combine(start, time())
    expected = rrule.rrule(rrule.WEEKLY, begin, interval=every, count=waves)
    assert local_days(asked) == first(iter(expected))


@given(DAYS, st.integers(1, 12), st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6))
def test_nth_weekdays_are_those_of_dateutil(
    start: date, every: int, nth: int, weekday: int
) -> None:
    asked = rule(repeat="months", first=start, every=every, nth=nth, weekday=weekday)
    expected = rrule.rrule(
        rrule.MONTHLY,
        datetime.combine(start, time()),
        interval=every,
        byweekday=rrule.weekday(weekday, nth),
    )
    assert local_days(asked, 20) == first(iter(expected), 20)


@given(DAYS, st.sampled_from([1, 2, 3, 6]))
def test_a_short_month_takes_its_last_day(start: date, every: int) -> None:
    """As rrule with every day up to the one asked for, of which the last counts."""
    asked = rule(repeat="months", first=start, every=every)
    expected = rrule.rrule(
        rrule.MONTHLY,
        datetime.combine(start, time()),
        interval=every,
        bymonthday=range(min(start.day, 28), start.day + 1),
        bysetpos=-1,
    )
    assert local_days(asked, 30) == first(iter(expected), 30)


@given(DAYS, st.integers(0, 400))
def test_until_is_the_last_day_that_may_open(start: date, length: int) -> None:
    until = start + timedelta(days=length)
    asked = rule(first=start, until=until)
    begin = datetime.combine(start, time())
    end = datetime.combine(until, time())
    assert local_days(asked, 99) == first(
        iter(rrule.rrule(rrule.WEEKLY, begin, until=end)), 99
    )


@given(DAYS, CLOCKS, st.sampled_from(ZONES))
def test_the_clock_shows_the_hour_that_was_asked_for(
    day: date, clock: time, zone: str
) -> None:
    """Or, where it is left out, the first that comes after; by another zone library."""
    place = dateutil_zones.gettz(zone)
    assert place is not None
    local = datetime.combine(day, clock)
    found = moment(day, clock, zone)
    shown = found.astimezone(place).replace(tzinfo=None)
    if dateutil_zones.datetime_exists(local, place):
        assert shown == local
        early = dateutil_zones.enfold(local.replace(tzinfo=place), fold=0)
        assert found == early.astimezone(UTC)
    else:
        assert shown > local
        minutes = int((shown - local).total_seconds() // 60)
        assert not any(
            dateutil_zones.datetime_exists(local + timedelta(minutes=m), place)
            for m in range(minutes)
        )


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        # clocks went from 02:00 to 03:00 (Directive 2000/84/EC: last Sunday of March)
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", "2026-03-29T01:00"),
        # ... and from 03:00 back to 02:00: the first 02:30 is summer time
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", "2026-10-25T00:30"),
        (date(2026, 3, 30), time(9), "Europe/Berlin", "2026-03-30T07:00"),
        (date(2026, 10, 26), time(9), "Europe/Berlin", "2026-10-26T08:00"),
        # the south: summer ends on the first Sunday of April
        (date(2026, 4, 5), time(2, 30), "Pacific/Auckland", "2026-04-04T13:30"),
        (date(2026, 9, 27), time(2, 30), "Pacific/Auckland", "2026-09-26T14:00"),
        # midnight itself is left out
        (date(2026, 9, 6), time(0), "America/Santiago", "2026-09-06T04:00"),
        # a whole day was left out
        (date(2011, 12, 30), time(9), "Pacific/Apia", "2011-12-30T10:00"),
        (date(2026, 7, 1), time(9), "Asia/Shanghai", "2026-07-01T01:00"),
    ],
)
def test_switches_of_the_clocks(
    day: date, clock: time, zone: str, expected: str
) -> None:
    assert moment(day, clock, zone) == datetime.fromisoformat(expected + "+00:00")


@given(
    st.builds(
        rule,
        repeat=st.sampled_from(["weeks", "months"]),
        first=DAYS,
        opens=CLOCKS,
        zone=st.sampled_from(ZONES),
        days=st.integers(1, 7),
        every=st.integers(1, 4),
        reminders=st.lists(st.integers(1, 6), max_size=3).map(tuple),
        waves=st.integers(1, 60),
    )
)
def test_occasions_stand_in_order_and_never_overlap(asked: Rule) -> None:
    found = list(occasions(asked))
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    for one in found:
        moments = [one.opens_at, *one.reminders, one.closes_at]
        assert moments == sorted(set(moments))
        assert all(at.tzinfo is UTC for at in moments)
    assert all(one.closes_at <= later.opens_at for one, later in pairwise(found))


def test_a_wave_keeps_its_hours_over_a_switch() -> None:
    """From 9 to 9, though one of the weeks is an hour shorter."""
    week = next(occasions(rule(first=date(2026, 3, 23), days=7, reminders=(2, 7))))
    assert week == Occasion(
        1,
        datetime(2026, 3, 23, 8, tzinfo=UTC),
        datetime(2026, 3, 30, 7, tzinfo=UTC),
        (datetime(2026, 3, 25, 8, tzinfo=UTC),),
    )


def test_a_schedule_goes_on_after_a_moment() -> None:
    asked = rule(waves=3)
    every = list(occasions(asked))
    for one, following in pairwise(every):
        assert next_occasion(asked, after=one.opens_at) == following
    assert next_occasion(asked, after=every[-1].opens_at) is None
    assert occasion_at(asked, every[1].opens_at) == every[1]
    # as after a law that moves the clocks
    for hours in (-2, 1):
        moved = every[1].opens_at + timedelta(hours=hours)
        assert occasion_at(asked, moved) == every[1]
    assert occasion_at(asked, every[1].opens_at + timedelta(hours=7)) is None
    assert occasion_at(asked, every[2].closes_at) is None


GOLDEN_WEEK = DaysOff(country="CN", rule="move")


def test_china_makes_up_for_its_golden_week() -> None:
    """State Council notice of November 2025 on the holidays of 2026.

    1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
    """
    free = {
        d
        for d in range(1, 12)
        if is_free(date(2026, 10, d), GOLDEN_WEEK, weekends=True)
    }
    assert free == {1, 2, 3, 4, 5, 6, 7, 11}
    assert not is_free(date(2026, 9, 20), GOLDEN_WEEK, weekends=True)
    assert next_working_day(date(2026, 10, 1), GOLDEN_WEEK) == date(2026, 10, 8)


def test_a_day_off_moves_the_opening_or_drops_it() -> None:
    monthly: dict[str, Any] = {
        "repeat": "months",
        "first": date(2026, 9, 1),
        "waves": 3,
    }
    moved = rule(**monthly, free=GOLDEN_WEEK)
    # 1 November 2026 is a Sunday
    assert local_days(moved) == [date(2026, 9, 1), date(2026, 10, 8), date(2026, 11, 2)]
    skipped = rule(**monthly, free=DaysOff(country="CN", rule="skip"))
    assert local_days(skipped)[:2] == [date(2026, 9, 1), date(2026, 12, 1)]
    assert [one.number for one in islice(occasions(skipped), 2)] == [1, 4]
    kept = rule(**monthly, free=DaysOff(country="CN"))
    assert local_days(kept)[1] == date(2026, 10, 1)


def test_days_of_ones_own_count_and_a_chosen_weekend_stays() -> None:
    own = DaysOff(dates=frozenset({date(2026, 1, 12)}), rule="move")
    assert local_days(rule(free=own), 3) == [
        date(2026, 1, 5),
        date(2026, 1, 13),
        date(2026, 1, 19),
    ]
    saturdays = rule(first=date(2026, 1, 10), free=own, waves=2)
    assert local_days(saturdays) == [date(2026, 1, 10), date(2026, 1, 17)]


@given(
    DAYS,
    st.sets(st.integers(0, 400), max_size=40),
    st.sampled_from(["move", "skip"]),
    st.sampled_from(["", "DE", "CN"]),
)
def test_no_wave_opens_on_a_day_off(
    start: date, free: set[int], chosen: Any, country: str
) -> None:
    dates = frozenset(start + timedelta(days=n) for n in free)
    asked = rule(
        repeat="months", first=start, waves=12, free=DaysOff(dates, country, chosen)
    )
    for day in local_days(asked):
        assert not is_free(day, asked.free, weekends=True)


def test_before_and_after_an_event() -> None:
    asked = rule(repeat="around", first=date(2026, 3, 29), days=7, after=14)
    before, after = occasions(asked)
    event = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))
    assert before.opens_at == datetime(2026, 3, 22, 8, tzinfo=UTC)
    assert before.closes_at == event
    assert after.opens_at == datetime(2026, 4, 12, 7, tzinfo=UTC)
    assert after.closes_at == datetime(2026, 4, 19, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"free": DaysOff(country="XX")}, "country"),
        ({"days": 0}, "days"),
        ({"days": 93}, "days"),
        ({"every": 0}, "every"),
        ({"waves": 0}, "waves"),
        ({"repeat": "around", "after": 0}, "after"),
        ({"reminders": (5,)}, "reminders"),
        ({"reminders": (0,)}, "reminders"),
        ({"until": date(2026, 1, 4)}, "never"),
        ({"days": 8}, "overlap"),
    ],
)
def test_rules_that_cannot_be_kept_are_refused(
    changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(ScheduleError) as refused:
        check(rule(**changed))
    assert refused.value.code == code


def test_late_answers_need_a_day_between_two_waves() -> None:
    check(rule(days=7))
    check(rule(days=6), rest=1)
    with pytest.raises(ScheduleError, match="overlap"):
        check(rule(days=7), rest=1)


def test_a_holiday_can_push_one_wave_into_the_next() -> None:
    """Thursdays: 1 October 2026 moves to the 8th, where the next one opens already."""
    with pytest.raises(ScheduleError, match="overlap"):
        check(rule(first=date(2026, 9, 3), days=2, free=GOLDEN_WEEK))
    check(rule(first=date(2026, 9, 3), days=2, free=DaysOff(country="CN", rule="skip")))


def test_a_pattern_that_only_ever_skips_ends() -> None:
    new_year = DaysOff(country="DE", rule="skip")
    with pytest.raises(ScheduleError, match="never"):
        check(rule(repeat="months", first=date(2026, 1, 1), every=12, free=new_year))
