"""Schedules are set and stopped; waves are extended, paused and resumed.

Inside the organization's transaction, as `surveys.actions`. A closed wave never opens
again. Pausing an open link is a matter of its row; where answers come with a credential
the issuer is told (`follow_pauses`): nobody new gets one, and whoever has one may send.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

from surveys import parts
from surveys.actions import WITH_CREDENTIALS
from surveys.fieldwork import calendar, due
from surveys.fieldwork.sampling import Whom
from surveys.models import Due, Reminder, Schedule, Survey, Wave

PAUSED = "SELECT id, paused_at IS NOT NULL FROM surveys_wave WHERE state = 'open'"
# Also opened: before migration 0025 a pause was stored as an end.
STOP = """
UPDATE issuer.wave SET paused = true, is_open = true WHERE NOT paused AND id = ANY (%s)
"""
GO_ON = "UPDATE issuer.wave SET paused = false WHERE paused AND id = ANY (%s)"


class PeriodError(Exception):
    """The period of a wave cannot be changed so; `code` names the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def rest_of(survey: Survey) -> int:
    """Days between two waves of a survey: a day of grace where answers come sealed."""
    return 1 if survey.mode in WITH_CREDENTIALS else 0


@transaction.atomic
def set_schedule(
    *, survey: Survey, rule: calendar.Rule, whom: Whom, at: datetime
) -> Schedule:
    """Let a survey ask by these rules from now on, in place of earlier ones.

    Raises
    ------
    calendar.ScheduleError
        As `calendar.check`; ``imported`` for answers from elsewhere, and ``past`` where
        no opening is left.
    """
    if survey.origin == Survey.Origin.IMPORTED:
        raise calendar.ScheduleError("imported")
    calendar.check(rule, rest=rest_of(survey))
    schedule, _ = Schedule.objects.update_or_create(
        organization_id=survey.organization_id,
        survey=survey,
        defaults=_fields(rule) | {"people": whom.to_data()},
    )
    if due.start(schedule, at) is None:
        raise calendar.ScheduleError("past")
    return schedule


def _fields(rule: calendar.Rule) -> dict[str, Any]:
    fields = asdict(rule)
    free = fields.pop("free")
    fields["reminders"] = sorted(rule.reminders)
    return fields | {
        "free_dates": sorted(free["dates"]),
        "country": free["country"],
        "free_rule": free["rule"],
    }


@transaction.atomic
def stop_schedule(survey: Survey) -> bool:
    """Plan no more waves; the open one stays until its end. False if there was none."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    due.forget_plans(survey.pk)
    stopped, _ = Schedule.objects.filter(survey=survey).delete()
    return bool(stopped)


@transaction.atomic
def move_close(*, wave: Wave, closes_at: datetime, at: datetime) -> None:
    """Let an open wave close later or earlier; reminders keep their distance to it.

    Raises
    ------
    PeriodError
        ``closed``, ``past``, or ``next_opens`` (another wave opens before).
    """
    Survey.objects.select_for_update().get(pk=wave.survey_id)
    wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    if not wave.is_open:
        raise PeriodError("closed")
    if closes_at <= at:
        raise PeriodError("past")
    planned = Due.objects.waiting().filter(survey=wave.survey_id, kind=Due.Kind.OPEN)
    following = planned.filter(due_at__lt=closes_at, wave=None).first()
    if following is not None:
        raise PeriodError("next_opens", opens=following.due_at)
    if wave.closes_at is not None:
        _move_reminders(wave, closes_at - wave.closes_at, at)
    due.plan_close(wave, closes_at)


def _move_reminders(wave: Wave, by: timedelta, at: datetime) -> None:
    """Move the reminders to come; what would lie in the past is dropped."""
    for reminder in Reminder.objects.filter(wave=wave, done_at=None):
        moved = reminder.due_at + by
        if moved <= at:
            reminder.delete()
        else:
            Reminder.objects.filter(pk=reminder.pk).update(due_at=moved)


def pause(wave: Wave, *, at: datetime) -> bool:
    """Take nobody new for a while; False if the wave is closed or paused already."""
    paused = Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN, paused_at=None)
    return bool(paused.update(paused_at=at))


def resume(wave: Wave) -> bool:
    """Go on with a paused wave; False if it was not paused or is closed."""
    paused = Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN)
    return bool(paused.exclude(paused_at=None).update(paused_at=None))


def follow_pauses() -> None:
    """Let the issuer do as the waves say, as the owning role; repeatable."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(PAUSED)
        waves = cursor.fetchall()
    paused = [wave_id for wave_id, is_paused in waves if is_paused]
    others = [wave_id for wave_id, is_paused in waves if not is_paused]
    with connections[parts.owner_of("issuer")].cursor() as cursor:
        cursor.execute(STOP, [paused])
        cursor.execute(GO_ON, [others])
