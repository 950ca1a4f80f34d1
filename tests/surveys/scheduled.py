"""Surveys with a schedule for tests, and clocks that jump."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connections

from surveys.fieldwork import due
from surveys.models import Due, Schedule, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import make_form, make_survey


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LONG_BEFORE = at("2026-01-01")


def make_schedule(
    survey: Survey | None = None, *, now: datetime = LONG_BEFORE, **changed: Any
) -> Schedule:
    """Ask a survey every Monday at nine in Berlin, for five days."""
    if survey is None:
        survey = make_survey()
        make_form(survey)
    rules: dict[str, Any] = {
        "repeat": "weeks",
        "first": date(2026, 1, 5),
        "opens": time(9),
        "zone": "Europe/Berlin",
        "days": 5,
    }
    with organization_scope(survey.organization_id):
        schedule = Schedule.objects.create(
            organization_id=survey.organization_id, survey=survey, **(rules | changed)
        )
        due.start(schedule, now)
    return schedule


def due_of(schedule: Schedule, **which: Any) -> list[Due]:
    with organization_scope(schedule.organization_id):
        found = Due.objects.filter(survey=schedule.survey_id, **which)
        return list(found.order_by("due_at", "number", "kind"))


def waves_of(schedule: Schedule) -> list[Wave]:
    with organization_scope(schedule.organization_id):
        return list(Wave.objects.filter(survey=schedule.survey_id).order_by("number"))


class Killed(BaseException):
    """As by kill -9: nothing after it runs, and the server rolls back."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Die right before the statement of this number, on whichever connection."""
    said = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal said
        said += 1
        if said == number:
            raise Killed
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in ("default", "owner"):
            stack.enter_context(connections[alias].execute_wrapper(count))
        yield


def sweep_at(moments: Iterable[datetime], **options: Any) -> None:
    for moment in moments:
        due.sweep(moment, **options)
