"""What is due is done, once and in order, however often the sweeper dies.

A tick takes one due row after the other (FOR UPDATE SKIP LOCKED) and holds it for a
while by `next_try_at`; whoever is killed in between leaves a row that another tick
takes again. Each kind either does its work and marks its row in one transaction, or
takes steps that may be repeated and marks the row last. Nothing is ever opened in the
past: an occasion whose whole period has gone by is recorded as missed.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import connections
from django.db.models import Max

from surveys import actions, launching, mixing, parts
from surveys.fieldwork.calendar import (
    Occasion,
    next_occasion,
    occasion_at,
)
from surveys.fieldwork.inviting import invite, plan_reminders
from surveys.fieldwork.sampling import Whom, draw
from surveys.models import Due, Schedule, Survey, Wave
from surveys.tenancy import organization_scope

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 60  # minutes
# Closing and finishing come first: the next wave opens only when the earlier is done.
CLAIM = """
UPDATE surveys_due SET attempts = attempts + 1,
    next_try_at = %(now)s
        + interval '1 minute' * least(%(longest)s, power(2, least(attempts, 10)))
WHERE id = (SELECT id FROM surveys_due WHERE done_at IS NULL AND next_try_at <= %(now)s
            ORDER BY kind = 'open', due_at, number, id
            LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, organization_id, survey_id, kind
"""

Prepare = Callable[[Schedule, Occasion, datetime], Wave]


@dataclass(frozen=True, slots=True)
class Taken:
    """A due row that this sweeper holds for now."""

    id: UUID
    organization_id: UUID
    survey_id: UUID
    kind: str


class Postponed(Exception):
    """It cannot be done yet; `code` names the sentence, `until` the next try."""

    def __init__(self, code: str, until: datetime | None = None) -> None:
        self.code = code
        self.until = until
        super().__init__(code)


def sweep(now: datetime, *, prepare: Prepare | None = None) -> int:
    """Do everything that is due at `now`; return how many rows were taken.

    Parameters
    ----------
    prepare : callable, optional
        How a wave of a schedule is begun, inside the organization's transaction; by
        default as its mode asks for.
    """
    number = 0
    while (taken := _take(now)) is not None:
        number += 1
        try:
            if taken.kind == Due.Kind.OPEN:
                _open(taken, now, prepare or prepare_wave)
            else:
                ENDINGS[taken.kind](taken, now)
        except Postponed as reason:
            _put_off(taken, reason.code, reason.until, now)
        except Exception as problem:
            # whatever it is, it must not keep the others from their turn
            logger.exception("%s of survey %s failed", taken.kind, taken.survey_id)
            _put_off(taken, type(problem).__name__, None, now)
    return number


def start(schedule: Schedule, now: datetime) -> Due | None:
    """Plan the first occasion from `now` on in place of what was planned before.

    Inside the organization's transaction. None where the rules leave nothing to ask.
    """
    Survey.objects.select_for_update().get(pk=schedule.survey_id)
    forget_plans(schedule.survey_id)
    return _plan(schedule, after=now)


def forget_plans(survey_id: UUID) -> None:
    """Drop the opening that is planned; a wave that has begun stays in the field."""
    Due.objects.waiting().filter(
        survey_id=survey_id, kind=Due.Kind.OPEN, wave=None
    ).delete()


def plan_close(wave: Wave, closes_at: datetime) -> None:
    """Let a wave close at a time, in place of the time that was planned before."""
    Due.objects.update_or_create(
        organization_id=wave.organization_id,
        survey_id=wave.survey_id,
        kind=Due.Kind.CLOSE,
        number=wave.number,
        defaults={"wave": wave, "due_at": closes_at, "next_try_at": closes_at},
    )
    Wave.objects.filter(pk=wave.pk).update(closes_at=closes_at)


def prepare_wave(schedule: Schedule, occasion: Occasion, at: datetime) -> Wave:
    """Begin the next wave of a survey: an open link, or people who are drawn now."""
    survey = schedule.survey
    if survey.mode == Survey.Mode.OPEN:
        return actions.open_wave(survey=survey, at=at)
    whom = Whom.from_data(schedule.people)
    wave = invite(
        survey=survey,
        people=draw(whom, at=at).people,
        at=at,
        attribute=whom.split,
        on_paper=whom.on_paper and survey.mode in actions.WITH_CREDENTIALS,
    )
    plan_reminders(wave, [day for day in occasion.reminders if day > at])
    return wave


def _plan(schedule: Schedule, *, after: datetime) -> Due | None:
    occasion = next_occasion(schedule.rule(), after=after)
    if occasion is None:
        return None
    opened = Due.objects.filter(survey=schedule.survey_id, kind=Due.Kind.OPEN)
    last = opened.aggregate(last=Max("number"))["last"] or 0
    return Due.objects.create(
        organization_id=schedule.organization_id,
        survey_id=schedule.survey_id,
        kind=Due.Kind.OPEN,
        number=last + 1,
        due_at=occasion.opens_at,
        next_try_at=occasion.opens_at,
    )


def _take(now: datetime) -> Taken | None:
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "longest": LONGEST_PAUSE})
        row = cursor.fetchone()
    return None if row is None else Taken(*row)


def _put_off(taken: Taken, code: str, until: datetime | None, now: datetime) -> None:
    """Keep why it was not done; without an `until` to come the pause stays."""
    with organization_scope(taken.organization_id):
        waiting = Due.objects.waiting().filter(pk=taken.id)
        waiting.update(problem=code[:200])
        if until is not None and until > now:
            waiting.update(next_try_at=until)


def _locked(taken: Taken, now: datetime) -> Due | None:
    """Lock survey and row; None where it is done, gone or was put off meanwhile."""
    Survey.objects.select_for_update().get(pk=taken.survey_id)
    waiting = Due.objects.waiting().select_for_update(of=("self",))
    return waiting.filter(pk=taken.id, due_at__lte=now).first()


def _mark(due: Due, now: datetime) -> None:
    Due.objects.filter(pk=due.pk).update(done_at=now, problem="")


def _open(taken: Taken, now: datetime, prepare: Prepare) -> None:
    """Open the wave of an occasion and plan the next; the last step may be repeated."""
    with organization_scope(taken.organization_id):
        due = _locked(taken, now)
        if due is None:
            return
        if due.wave_id is None:
            _begin(due, now, prepare)
            if due.wave_id is None:
                return
        wave = Wave.objects.get(pk=due.wave_id)
        if wave.state != Wave.State.PREPARING:
            _mark(due, now)
            return
    launching.open_prepared(taken.organization_id, wave.pk)
    with organization_scope(taken.organization_id):
        _mark(due, now)


def _begin(due: Due, now: datetime, prepare: Prepare) -> None:
    """Make the wave and plan what follows, in the transaction that holds the row."""
    schedule = Schedule.objects.select_related("survey").get(survey=due.survey_id)
    occasion = occasion_at(schedule.rule(), due.due_at)
    if occasion is None:
        _miss(due, now, "left_out")
        _plan(schedule, after=due.due_at)
        return
    after = max(due.due_at, occasion.opens_at)
    if occasion.closes_at <= now:
        _miss(due, now, due.problem or "too_late")
        _plan(schedule, after=after)
        return
    _refuse_second_wave(due.survey_id)
    wave = prepare(schedule, occasion, now)
    plan_close(wave, occasion.closes_at)
    Due.objects.filter(pk=due.pk).update(wave=wave)
    due.wave_id = wave.pk
    _plan(schedule, after=after)


def _miss(due: Due, now: datetime, problem: str) -> None:
    Due.objects.filter(pk=due.pk).update(done_at=now, missed=True, problem=problem)


def _refuse_second_wave(survey_id: UUID) -> None:
    under_way = Wave.objects.filter(survey=survey_id).exclude(state=Wave.State.CLOSED)
    wave = under_way.first()
    if wave is None:
        return
    if wave.state == Wave.State.GRACE and wave.closed_at is not None:
        raise Postponed("late_answers", wave.closed_at + mixing.GRACE)
    raise Postponed("wave_open")


def _close(taken: Taken, now: datetime) -> None:
    """Close a wave; where answers come sealed, their grace begins."""
    with organization_scope(taken.organization_id):
        due = _locked(taken, now)
        if due is None or due.wave_id is None:
            return
        wave = Wave.objects.select_related("survey").get(pk=due.wave_id)
        if wave.state == Wave.State.PREPARING:
            raise Postponed("preparing")
        with_grace = wave.survey.mode in actions.WITH_CREDENTIALS
        if not with_grace:
            actions.close_wave(wave_id=wave.pk, at=now)
            _mark(due, now)
            return
    mixing.close_issuing(taken.organization_id, wave.pk, at=now)
    with organization_scope(taken.organization_id):
        wave.refresh_from_db()
        closed_at = wave.closed_at or now
        Due.objects.get_or_create(
            organization_id=wave.organization_id,
            survey_id=wave.survey_id,
            kind=Due.Kind.FINISH,
            number=wave.number,
            defaults={
                "wave": wave,
                "due_at": closed_at + mixing.GRACE,
                "next_try_at": closed_at + mixing.GRACE,
            },
        )
        _mark(due, now)


def _finish(taken: Taken, now: datetime) -> None:
    """End the grace of a wave, which may have been done by the mixing before."""
    with organization_scope(taken.organization_id):
        due = _locked(taken, now)
    if due is None or due.wave_id is None:
        return
    mixing.finish(due.wave_id)
    with organization_scope(taken.organization_id):
        _mark(due, now)


ENDINGS: Mapping[str, Callable[[Taken, datetime], None]] = MappingProxyType(
    {Due.Kind.CLOSE: _close, Due.Kind.FINISH: _finish}
)
