"""How each rule of schedules and of what is due is broken; test_constraints.py runs it."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import Desk
from tests.surveys.promise_rules import twice


def schedule(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "repeat": "weeks",
        "first": date(2026, 2, 2),
        "opens": time(9),
        "zone": "Europe/Berlin",
        "days": 5,
        "every": 1,
        "nth": None,
        "weekday": 0,
        "after": 1,
        "until": None,
        "waves": None,
        "reminders": [2],
        "free_dates": [],
        "country": "",
        "free_rule": "ask",
        "people": Jsonb({}),
    }
    desk.insert("surveys_schedule", **(row | changed))


def event(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": None,
        "date": date(2026, 2, 2),
        "kind": "training",
        "title_en": "Training",
        "title_zh_hans": "培训",
    }
    desk.insert("surveys_event", **(row | changed))


def due(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "wave_id": None,
        "kind": "open",
        "number": 1,
        "due_at": NOW,
        "done_at": None,
        "missed": False,
        "attempts": 0,
        "problem": "",
        "next_try_at": NOW,
    }
    desk.insert("surveys_due", **(row | changed))


def do_again(desk: Desk) -> None:
    due(desk, done_at=NOW)
    desk.run("UPDATE surveys_due SET done_at = NULL")


def of_wave(desk: Desk, **changed: Any) -> None:
    columns = ", ".join(f"{name} = %s" for name in changed)
    desk.run(f"UPDATE surveys_wave SET {columns}", *changed.values())


SCHEDULE_RULES: dict[str, Callable[[Any], object]] = {
    "schedule_one_per_survey": lambda d: twice(schedule, d),
    "schedule_repeat_known": lambda d: schedule(d, repeat="daily"),
    "schedule_wave_has_a_length": lambda d: schedule(d, days=0),
    "schedule_distance_is_sensible": lambda d: schedule(d, every=0),
    "schedule_nth_known": lambda d: schedule(d, nth=5),
    "schedule_weekday_known": lambda d: schedule(d, weekday=7),
    "schedule_ends_after_it_begins": lambda d: schedule(d, until=date(2026, 2, 1)),
    "schedule_has_a_wave": lambda d: schedule(d, waves=0),
    "schedule_free_rule_known": lambda d: schedule(d, free_rule="strike"),
    "schedule_people_are_an_object": lambda d: schedule(d, people=Jsonb([])),
    "schedule_survey_of_organization": lambda d: schedule(d, survey_id=uuid4()),
    "event_key_of_organization": lambda d: twice(event, d, id=uuid4()),
    "event_kind_known": lambda d: event(d, kind="party"),
    "event_has_both_titles": lambda d: event(d, title_zh_hans=""),
    "event_survey_of_organization": lambda d: event(d, survey_id=uuid4()),
    "due_once": lambda d: twice(due, d),
    "due_kind_known": lambda d: due(d, kind="dream", wave_id=d.wave.pk),
    "due_number_from_one": lambda d: due(d, number=0),
    "due_is_of_a_wave": lambda d: due(d, kind="close"),
    "due_missed_opened_nothing": lambda d: due(d, missed=True),
    "due_is_not_done_early": lambda d: due(d, done_at=NOW - timedelta(seconds=1)),
    "due_survey_of_organization": lambda d: due(d, survey_id=uuid4()),
    "due_wave_of_organization": lambda d: due(d, wave_id=uuid4()),
    "due_done_is_done": do_again,
    "wave_plans_to_close_after_it_opens": lambda d: of_wave(d, closes_at=NOW),
    "wave_pauses_after_it_opens": lambda d: of_wave(
        d, paused_at=NOW - timedelta(seconds=1)
    ),
}

SCHEDULE_PRIMARY_KEYS = {
    "event_key_of_organization": "surveys_event_pkey",
    "schedule_one_per_survey": "surveys_schedule_survey_id_key",
}
