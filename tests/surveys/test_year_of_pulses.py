"""A year of weekly pulses in simulated time, with switches of the clocks and outages."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from surveys.fieldwork import due, outbox
from surveys.fieldwork.calendar import Rule, occasions
from surveys.fieldwork.mail import Envelope, Postman
from surveys.fieldwork.reminding import forget_reminders, remind_due
from surveys.models import Due, Message, Reminder, Response, Schedule, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import make_form, make_survey
from tests.surveys.asked import invitations, make_people, make_unit
from tests.surveys.promised import answer_all
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


class Bag(Postman):
    """Takes every mail and keeps which message it was."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, envelope: Envelope) -> None:
        self.taken.append(envelope.reference)

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Mailed:
    """What each tick of a worker has sent: (wave, person, kind, round)."""

    schedule: Schedule
    sent: list[tuple[UUID, UUID | None, str, int]] = field(default_factory=list)
    planned: dict[UUID, int] = field(default_factory=dict)

    def tick(self, now: datetime) -> None:
        """As the worker's jobs do, each in its turn."""
        due.sweep(now)
        remind_due(now)
        forget_reminders()
        bag = Bag()
        while outbox.run(clock=lambda: now, postman=bag).more:
            pass
        self._note(bag.taken)

    def _note(self, taken: list[str]) -> None:
        if not taken:
            return
        with organization_scope(self.schedule.organization_id):
            found = list(
                Message.objects.filter(pk__in=taken).values_list(
                    "wave_id", "invitation__participant_id", "kind", "round"
                )
            )
            new = list(
                Wave.objects.filter(pk__in={one[0] for one in found})
                .exclude(pk__in=self.planned)
                .select_related("survey")
            )
            for wave in new:
                self.planned[wave.pk] = Reminder.objects.filter(wave=wave).count()
        for wave in new:
            answer(wave)
        assert len(found) == len(taken)
        # nobody gets two at once
        assert max(Counter(person for _, person, *_ in found).values()) == 1
        self.sent += found


ANSWERING = 4


def answer(wave: Wave) -> None:
    """Let those who hold the first codes of the wave answer at once."""
    (cell,) = {one.cell for one in invitations(wave) if one.cell}
    answer_all(wave, cell, ANSWERING)


def expected(mailed: Mailed, wave: Wave) -> Counter[tuple[UUID | None, str, int]]:
    """An invitation each, and every reminder to those who have not opened."""
    rounds = range(1, mailed.planned[wave.pk] + 1)
    invited = invitations(wave)
    assert len(invited) == 16
    return Counter(
        (one.participant_id, kind, number)
        for one in invited
        for kind, number in [
            ("invitation", 0),
            *(("reminder", n) for n in rounds if (one.number or 0) >= ANSWERING),
        ]
    )


@pytest.mark.parametrize("weeks", [2, pytest.param(52, marks=pytest.mark.long)])
@pytest.mark.usefixtures("database")
def test_people_of_every_wave_are_invited_once_and_reminded_once_a_round(
    weeks: int,
) -> None:
    """Anonymous, 16 people, reminders after two and four days, outages on the way."""
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    unit = make_unit(survey.organization, "team")
    make_people(survey.organization, 16, unit=unit)
    schedule = make_schedule(survey, days=6, waves=weeks, reminders=[2, 4])
    mailed = Mailed(schedule)
    begin = datetime(2026, 1, 5, tzinfo=ZoneInfo("Europe/Berlin"))
    end = begin + timedelta(weeks=weeks, days=2)
    for now in ticks(begin, end, Random(16)):
        mailed.tick(now)
    waves = waves_of(schedule)
    assert [wave.number for wave in waves] == list(range(1, weeks + 1))
    assert {wave.state for wave in waves} == {"closed"}
    rows = due_of(schedule)
    assert Counter(row.kind for row in rows) == dict.fromkeys(Due.Kind.values, weeks)
    assert all(row.done_at and not row.missed for row in rows)
    for wave in waves:
        sent = Counter(one[1:] for one in mailed.sent if one[0] == wave.pk)
        assert sent == expected(mailed, wave)
        with organization_scope(wave.organization_id):
            assert Response.objects.filter(wave=wave).count() == ANSWERING
            # who was reminded is forgotten
            kinds = Message.objects.filter(wave=wave).values_list("kind", flat=True)
            assert set(kinds) == {"invitation"}
    assert sum(mailed.planned.values()) > 1.5 * weeks
