"""What is due is done once and in order, whatever dies in between."""

import os
import signal
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.db import connections

from surveys import actions, launching
from surveys.definition import Text
from surveys.fieldwork import due
from surveys.fieldwork.calendar import Occasion
from surveys.models import (
    Cell,
    Due,
    Invitation,
    Message,
    Participant,
    Reminder,
    Schedule,
    Survey,
    Wave,
)
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.factories import make_form, make_survey
from tests.surveys.asked import make_people
from tests.surveys.scheduled import (
    Killed,
    at,
    due_of,
    killed_at,
    make_schedule,
    sweep_at,
    waves_of,
)

pytestmark = pytest.mark.usefixtures("database")

MONDAY = at("2026-01-05T08:00")  # nine in Berlin
SATURDAY = at("2026-01-10T08:00")
WEEK = timedelta(weeks=1)


def launched(schedule: Schedule, occasion: Occasion, now: datetime) -> Wave:
    """Prepare an anonymous wave of one team of eight."""
    return launching.prepare_wave(
        survey=schedule.survey,
        cells=[launching.NewCell(Text("Team", "团队"), 8)],
        thresholds=Thresholds(),
        at=now,
    )


def anonymous(**changed: Any) -> Schedule:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return make_schedule(survey, **changed)


def told(schedule: Schedule) -> list[tuple[str, int, bool, bool, str]]:
    return [
        (row.kind, row.number, row.done_at is not None, row.missed, row.problem)
        for row in due_of(schedule)
    ]


def test_nothing_is_opened_before_its_time() -> None:
    schedule = make_schedule()
    assert due.sweep(MONDAY - timedelta(seconds=1)) == 0
    assert waves_of(schedule) == []


def test_a_wave_opens_closes_and_the_next_is_planned() -> None:
    schedule = make_schedule()
    sweep_at([MONDAY, SATURDAY - timedelta(seconds=1)])
    (wave,) = waves_of(schedule)
    assert (wave.state, wave.opened_at, wave.closes_at) == ("open", MONDAY, SATURDAY)
    due.sweep(SATURDAY)
    (wave,) = waves_of(schedule)
    assert (wave.state, wave.closed_at) == ("closed", SATURDAY)
    assert told(schedule) == [
        ("open", 1, True, False, ""),
        ("close", 1, True, False, ""),
        ("open", 2, False, False, ""),
    ]
    assert due_of(schedule, number=2)[0].due_at == MONDAY + WEEK


def test_a_second_sweep_does_nothing() -> None:
    schedule = make_schedule()
    assert due.sweep(MONDAY) == 1
    assert due.sweep(MONDAY) == 0
    assert len(waves_of(schedule)) == 1


def test_a_late_worker_opens_now_and_closes_as_planned() -> None:
    schedule = make_schedule()
    late = MONDAY + timedelta(days=2)
    due.sweep(late)
    (wave,) = waves_of(schedule)
    assert (wave.opened_at, wave.closes_at) == (late, SATURDAY)


def test_what_passed_altogether_is_missed_and_said() -> None:
    """Three weeks without a worker: two waves are missed, the third is asked."""
    schedule = make_schedule()
    now = MONDAY + 2 * WEEK + timedelta(hours=3)
    due.sweep(now)
    assert [wave.opened_at for wave in waves_of(schedule)] == [now]
    assert told(schedule)[:3] == [
        ("open", 1, True, True, "too_late"),
        ("open", 2, True, True, "too_late"),
        ("open", 3, True, False, ""),
    ]


def test_an_outage_over_a_close_ends_the_wave_before_the_next_opens() -> None:
    schedule = make_schedule()
    due.sweep(MONDAY)
    now = MONDAY + WEEK + timedelta(days=1)
    due.sweep(now)
    first, second = waves_of(schedule)
    assert (first.closed_at, second.opened_at) == (now, now)
    assert first.state == "closed"


def test_a_wave_opened_by_hand_holds_the_schedule_up_until_it_closes() -> None:
    schedule = make_schedule()
    with organization_scope(schedule.organization_id):
        by_hand = actions.open_wave(survey=schedule.survey, at=MONDAY)
    due.sweep(MONDAY)
    assert told(schedule) == [("open", 1, False, False, "wave_open")]
    with organization_scope(schedule.organization_id):
        actions.close_wave(wave_id=by_hand.pk, at=MONDAY + timedelta(minutes=1))
    due.sweep(MONDAY + timedelta(minutes=2))
    assert [wave.state for wave in waves_of(schedule)] == ["closed", "open"]


def test_what_was_held_up_too_long_is_missed_for_that_reason() -> None:
    schedule = make_schedule(waves=1)
    with organization_scope(schedule.organization_id):
        actions.open_wave(survey=schedule.survey, at=MONDAY)
    sweep_at(MONDAY + timedelta(hours=2 * hour) for hour in range(63))
    assert told(schedule) == [("open", 1, True, True, "wave_open")]


def test_a_failing_row_rests_longer_each_time_and_blocks_nobody() -> None:
    broken, sound = make_schedule(), make_schedule()

    def prepare(schedule: Schedule, occasion: Occasion, now: datetime) -> Wave:
        if schedule.pk == broken.pk:
            raise ZeroDivisionError
        return due.prepare_wave(schedule, occasion, now)

    pauses = []
    now = MONDAY
    for _ in range(9):
        due.sweep(now, prepare=prepare)
        (row,) = due_of(broken)
        assert row.problem == "ZeroDivisionError"
        pauses.append((row.next_try_at - now).total_seconds() / 60)
        now = row.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(waves_of(sound)) == 1
    due.sweep(now)
    assert (len(waves_of(broken)), due_of(broken)[0].problem) == (1, "")


def test_two_sweepers_at_once_open_one_wave() -> None:
    schedules = [make_schedule() for _ in range(6)]
    ready = Barrier(4)

    def work() -> None:
        ready.wait()
        due.sweep(MONDAY)
        connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [len(waves_of(schedule)) for schedule in schedules] == [1] * 6
    assert all(len(due_of(schedule)) == 3 for schedule in schedules)


def test_killed_before_any_statement_nothing_is_twice_or_forgotten() -> None:
    """Before each statement of opening, closing and the next opening, one after another."""
    schedule = make_schedule(waves=2)
    moments = [MONDAY, SATURDAY, MONDAY + WEEK, SATURDAY + WEEK]
    deaths = 0
    for moment in moments:
        now, number = moment, 0
        while True:
            number += 1
            try:
                with killed_at(number):
                    # a row is held for some minutes by whoever died with it
                    due.sweep(now)
            except Killed:
                deaths += 1
                now += timedelta(hours=1)
                continue
            break
    assert deaths > 40
    first, second = waves_of(schedule)
    assert (first.state, second.state) == ("closed", "closed")
    assert [row.done_at is not None for row in due_of(schedule)] == [True] * 4


def sweep_and_be_killed(now: datetime, after: float) -> None:
    """A sweeper in a process of its own, ended by SIGKILL."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            due.sweep(now)
        finally:
            os._exit(0)
    sleep(after)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_kill_9_at_random_moments_opens_every_wave_once() -> None:
    """Ten openings due at once; twenty workers die within the third of a second."""
    schedules = [make_schedule(waves=1) for _ in range(10)]
    random = Random(9)
    now = MONDAY
    for _ in range(20):
        sweep_and_be_killed(now, random.uniform(0.005, 0.3))
        now += timedelta(minutes=5)
    due.sweep(now + timedelta(hours=1))
    for schedule in schedules:
        assert [wave.state for wave in waves_of(schedule)] == ["open"]
        assert told(schedule) == [
            ("open", 1, True, False, ""),
            ("close", 1, False, False, ""),
        ]


def test_an_anonymous_wave_is_asked_closed_and_finished() -> None:
    schedule = anonymous(waves=1)
    moments = [MONDAY, SATURDAY, SATURDAY + timedelta(hours=24)]
    states = []
    for moment in moments:
        due.sweep(moment, prepare=launched)
        states.append(waves_of(schedule)[0].state)
    assert states == ["open", "grace", "closed"]
    assert told(schedule) == [
        ("open", 1, True, False, ""),
        ("close", 1, True, False, ""),
        ("finish", 1, True, False, ""),
    ]


def test_late_answers_of_one_wave_put_the_next_off() -> None:
    """A late close: 24 hours of grace reach into the next Monday."""
    schedule = anonymous(waves=2)
    late = MONDAY + WEEK - timedelta(hours=1)
    sweep_at([MONDAY, late, MONDAY + WEEK], prepare=launched)
    rows = due_of(schedule, kind="open", done_at=None)
    assert [(row.problem, row.next_try_at) for row in rows] == [
        ("late_answers", late + timedelta(hours=24))
    ]
    due.sweep(late + timedelta(hours=24), prepare=launched)
    assert [wave.state for wave in waves_of(schedule)] == ["closed", "open"]


def test_an_anonymous_launch_killed_anywhere_opens_one_wave() -> None:
    schedule = anonymous(waves=1)
    now, number, deaths = MONDAY, 0, 0
    while True:
        number += 1
        try:
            with killed_at(number):
                due.sweep(now, prepare=launched)
            break
        except Killed:
            deaths += 1
            now += timedelta(hours=1)
    assert deaths > 20
    (wave,) = waves_of(schedule)
    assert wave.state == "open"
    assert told(schedule)[0] == ("open", 1, True, False, "")


def test_new_rules_replace_what_was_planned_and_leave_what_is_asked() -> None:
    schedule = make_schedule()
    due.sweep(MONDAY)
    with organization_scope(schedule.organization_id):
        schedule.first = date(2026, 1, 8)
        schedule.save(update_fields=["first"])
        due.start(schedule, MONDAY + timedelta(hours=1))
    opening = due_of(schedule, kind="open", done_at=None)
    assert [(row.number, row.due_at) for row in opening] == [
        (2, at("2026-01-08T08:00"))
    ]
    assert waves_of(schedule)[0].state == "open"
    assert len(due_of(schedule, kind="close")) == 1


@pytest.mark.parametrize("hours", [-1, 1])
def test_clocks_that_change_by_law_open_no_wave_twice(hours: int) -> None:
    """The row was planned under the old rules of the zone, an hour off the new ones."""
    schedule = make_schedule(waves=2)
    planned = MONDAY + timedelta(hours=hours)
    with organization_scope(schedule.organization_id):
        Due.objects.update(due_at=planned, next_try_at=planned)
    due.sweep(planned)
    (wave,) = waves_of(schedule)
    assert (wave.opened_at, wave.closes_at) == (planned, SATURDAY)
    (following,) = due_of(schedule, kind="open", done_at=None)
    assert following.due_at == MONDAY + WEEK


def test_a_day_that_became_a_day_off_is_left_out_and_said() -> None:
    schedule = make_schedule()
    with organization_scope(schedule.organization_id):
        Schedule.objects.update(free_dates=[MONDAY.date()], free_rule="skip")
    due.sweep(MONDAY)
    assert waves_of(schedule) == []
    assert told(schedule) == [
        ("open", 1, True, True, "left_out"),
        ("open", 2, False, False, ""),
    ]


def test_rows_of_others_stay_out_of_sight() -> None:
    ours, theirs = make_schedule(), make_schedule()
    with organization_scope(ours.organization_id):
        assert {row.survey_id for row in Due.objects.all()} == {ours.survey_id}
        assert not Due.objects.filter(survey=theirs.survey_id).update(attempts=9)


def test_people_of_a_schedule_are_drawn_invited_and_reminded() -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    people = make_people(survey.organization, 40)
    schedule = make_schedule(
        survey, reminders=[2, 3], people={"size": 12, "rest_days": 8}
    )
    sweep_at([MONDAY, SATURDAY, SATURDAY + timedelta(hours=24), MONDAY + WEEK])
    first, second = waves_of(schedule)
    with organization_scope(schedule.organization_id):
        asked = [
            set(Invitation.objects.filter(wave=w).values_list("participant", flat=True))
            for w in (first, second)
        ]
        reminders = Reminder.objects.filter(wave=first).order_by("due_at")
        days = [one.due_at - MONDAY for one in reminders]
    assert [len(one) for one in asked] == [12, 12]
    # seven days later the first twelve still rest
    assert not asked[0] & asked[1]
    assert asked[0] | asked[1] <= {one.pk for one in people}
    assert days == [timedelta(days=2), timedelta(days=3)]
    assert (first.state, second.state) == ("closed", "open")


def test_a_planned_wave_on_paper_mails_nobody_and_needs_no_address() -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    people = make_people(survey.organization, 9)
    with organization_scope(survey.organization_id):
        Participant.objects.filter(pk=people[0].pk).update(email="", key="7")
    schedule = make_schedule(survey, reminders=[2], people={"on_paper": True})
    sweep_at([MONDAY, SATURDAY])
    (wave,) = waves_of(schedule)
    with organization_scope(schedule.organization_id):
        asked = Invitation.objects.filter(wave=wave)
        assert {one.channel for one in asked} == {Invitation.Channel.PAPER}
        assert {one.participant_id for one in asked} == {one.pk for one in people}
        assert {
            cell.printed for cell in Cell.objects.filter(wave=wave, invited__gt=0)
        } == {True}
        assert not Message.objects.filter(wave=wave).exists()


def test_nobody_left_to_ask_is_said_and_tried_again() -> None:
    survey = make_survey(mode=Survey.Mode.IDENTIFIED)
    make_form(survey)
    schedule = make_schedule(survey)
    due.sweep(MONDAY)
    assert told(schedule) == [("open", 1, False, False, "NobodyToAsk")]
    make_people(survey.organization, 3)
    due.sweep(MONDAY + timedelta(minutes=1))
    assert waves_of(schedule)[0].state == "open"
