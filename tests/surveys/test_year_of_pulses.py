"""A year of weekly pulses in simulated time, with switches of the clocks and outages."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from surveys.fieldwork.calendar import Rule, occasions
from surveys.models import Schedule
from tests.surveys.scheduled import (
    Killed,
    due_of,
    killed_at,
    make_schedule,
    sweep_at,
    waves_of,
)

ZONES = ("Europe/Berlin", "Pacific/Auckland")
FIRST = date(2026, 1, 5)
NIGHT = time(2, 30)  # left out on one night of the year, and passed twice on another
# Sundays: both switches fall on an opening
SUNDAY = date(2026, 1, 4)


def weekly(zone: str, first: date, opens: time) -> Rule:
    return Rule("weeks", first, opens, zone, days=6, waves=52, reminders=(2, 4))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("first", "opens"), [(FIRST, time(9)), (SUNDAY, NIGHT)])
def test_a_year_has_52_waves_at_their_hour(zone: str, first: date, opens: time) -> None:
    found = list(occasions(weekly(zone, first, opens)))
    place = ZoneInfo(zone)
    local = [one.opens_at.astimezone(place) for one in found]
    assert [one.date() for one in local] == [
        first + timedelta(weeks=week) for week in range(52)
    ]
    elsewhere = {one.date(): one.time() for one in local if one.time() != opens}
    # the last Sunday of March in Berlin, the last of September in Auckland
    moved = date(2026, 3, 29) if zone == "Europe/Berlin" else date(2026, 9, 27)
    assert elsewhere == ({moved: time(3)} if opens == NIGHT else {})
    assert all(one.closes_at <= later.opens_at for one, later in pairwise(found))
    # both switches: one week is an hour shorter, one an hour longer
    weeks = {later.opens_at - one.opens_at for one, later in pairwise(found)}
    lengths = {int(week.total_seconds()) // 1800 - 336 for week in weeks}
    assert {-2, 0, 2} <= lengths | ({2, -2} if opens == NIGHT else set())


def ticks(begin: datetime, end: datetime, random: Random) -> Iterator[datetime]:
    """A worker that looks every hour or so, and sleeps for up to two days at times."""
    now = begin
    while now < end:
        yield now
        hours = (
            random.uniform(24, 48) if random.random() < 0.02 else random.uniform(1, 5)
        )
        now += timedelta(hours=hours)
    yield end


def year_of(zone: str) -> Schedule:
    return make_schedule(zone=zone, days=6, waves=52)


def assert_every_wave_once(schedule: Schedule) -> None:
    planned = list(occasions(schedule.rule()))
    waves = waves_of(schedule)
    assert [wave.number for wave in waves] == list(range(1, 53))
    assert {wave.state for wave in waves} == {"closed"}
    for wave, one in zip(waves, planned, strict=True):
        assert wave.closed_at is not None
        assert one.opens_at <= wave.opened_at < one.closes_at
        assert wave.closes_at == one.closes_at <= wave.closed_at
        assert wave.opened_at - one.opens_at <= timedelta(hours=48)
    rows = due_of(schedule)
    assert [row.done_at is not None for row in rows] == [True] * 104
    assert not any(row.missed for row in rows)


@pytest.mark.parametrize(
    "zone", [ZONES[0], *(pytest.param(z, marks=pytest.mark.long) for z in ZONES[1:])]
)
@pytest.mark.usefixtures("database")
def test_every_wave_is_opened_and_closed_once(zone: str) -> None:
    """Through the real database, with outages of up to two days."""
    schedule = year_of(zone)
    begin = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    end = begin + timedelta(days=372)
    sweep_at(ticks(begin, end, Random(zone)))
    assert_every_wave_once(schedule)


@pytest.mark.usefixtures("database")
@pytest.mark.long
def test_a_worker_that_keeps_dying_forgets_no_wave() -> None:
    """Every tick dies before a statement drawn at random, if it comes so far."""
    schedule = year_of("Europe/Berlin")
    random = Random(20260105)
    begin = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    deaths = 0
    for now in ticks(begin, begin + timedelta(days=372), random):
        try:
            with killed_at(random.randint(2, 40)):
                sweep_at([now])
        except Killed:
            deaths += 1
    sweep_at([begin + timedelta(days=373)])
    assert deaths > 40
    assert_every_wave_once(schedule)


@pytest.mark.usefixtures("database")
@pytest.mark.long
def test_months_without_a_worker_are_missed_not_made_up_for() -> None:
    """From March to May nothing runs; the waves of then are never asked later."""
    schedule = year_of("Europe/Berlin")
    place = ZoneInfo("Europe/Berlin")
    begin = datetime(2026, 1, 1, tzinfo=place)
    out, back = datetime(2026, 3, 1, tzinfo=place), datetime(2026, 6, 1, tzinfo=place)
    random = Random(7)
    sweep_at(ticks(begin, out, random))
    sweep_at(ticks(back, begin + timedelta(days=372), random))
    planned = list(occasions(schedule.rule()))
    missed = [one for one in planned if out <= one.opens_at and one.closes_at <= back]
    rows = due_of(schedule, kind="open")
    assert [row.due_at for row in rows if row.missed] == [o.opens_at for o in missed]
    assert {row.problem for row in rows if row.missed} == {"too_late"}
    waves = waves_of(schedule)
    assert len(waves) == 52 - len(missed)
    assert not [wave for wave in waves if out < wave.opened_at < back]
