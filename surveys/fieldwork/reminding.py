"""Remind those who have not opened, on the days that were set.

Who has opened is read here, as the owning role, and leaves this module in one form only:
messages are queued for the others. No page, list or count tells who they are; what the
rows of reminders tell whoever reads the database is said in docs/anonymity.md.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.models import Q

from surveys import parts
from surveys.credentials import code_digest, printed_digest
from surveys.fieldwork.inviting import queue
from surveys.launching import codes_of, is_typed
from surveys.models import Cell, Invitation, Message, Reminder, Response, Survey, Wave
from surveys.tenancy import organization_scope

OPENED = "SELECT code FROM issuer.invitation WHERE wave_id = %s AND issues > 0"
# Promised waves have cells; the owning role does not see the surveys and their modes.
OVER = """
SELECT DISTINCT m.organization_id, m.wave_id FROM surveys_message m
JOIN surveys_wave w ON (w.organization_id, w.id) = (m.organization_id, m.wave_id)
WHERE m.kind <> 'invitation' AND w.state = 'closed' AND EXISTS (
    SELECT FROM surveys_cell c
    WHERE (c.organization_id, c.wave_id) = (m.organization_id, m.wave_id))
"""
SPENT = "SELECT token FROM collector.spent WHERE wave_id = %s"


def remind_due(now: datetime) -> int:
    """Queue the reminders whose day has come; each day once, whoever comes first."""
    due = (
        Reminder.objects.using(parts.MAIN)
        .filter(done_at=None, due_at__lte=now, wave__state=Wave.State.OPEN)
        .filter(wave__paused_at=None)
        .order_by("due_at", "pk")
        .values_list("organization_id", "pk")
    )
    return sum(remind(*found, now=now) for found in list(due))


def remind(organization_id: UUID, reminder_id: UUID, *, now: datetime) -> int:
    """Queue the messages of one day and mark it done, in one transaction."""
    with organization_scope(organization_id):
        reminder = (
            Reminder.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("wave__survey")
            .filter(pk=reminder_id, done_at=None)
            .first()
        )
        if reminder is None:
            return 0
        asked = list(_asked(reminder.wave))
        left = _not_opened(reminder.wave, asked)
        secrets.SystemRandom().shuffle(left)
        queued = queue(left, kind=reminder.kind, round=reminder.round, at=now)
        Reminder.objects.filter(pk=reminder.pk).update(done_at=now)
    return queued


def forget_reminders() -> int:
    """Delete the reminders of promised waves that are over; return how many."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(OVER)
        waves = cursor.fetchall()
    forgotten = 0
    for organization_id, wave_id in waves:
        with organization_scope(organization_id):
            forgotten += Message.objects.filter(wave=wave_id).telling().delete()[0]
    return forgotten


def _asked(wave: Wave) -> Iterable[Invitation]:
    """Whom a first message has reached and who still wants to be asked."""
    return (
        Invitation.objects.filter(
            Q(participant__isnull=False),
            wave=wave,
            state=Invitation.State.ASKED,
            messages__kind=Message.Kind.INVITATION,
            messages__state=Message.State.SENT,
        )
        .select_related("cell")
        .order_by("pk")
    )


def _not_opened(wave: Wave, asked: list[Invitation]) -> list[Invitation]:
    match wave.survey.mode:
        case Survey.Mode.IDENTIFIED:
            answered = set(
                Response.objects.filter(wave=wave).values_list("id", flat=True)
            )
            return [one for one in asked if one.pk not in answered]
        case Survey.Mode.ANONYMOUS | Survey.Mode.CONFIDENTIAL:
            return _without_use(wave, asked)
        case _:
            return []


def _without_use(wave: Wave, asked: list[Invitation]) -> list[Invitation]:
    """Those whose code was neither opened by a browser nor typed."""
    typed = wave.survey.mode == Survey.Mode.CONFIDENTIAL
    used = _digests(*(("collector", SPENT) if typed else ("issuer", OPENED)), wave)
    codes: dict[UUID, list[str]] = {}
    left = []
    for one in asked:
        if one.cell is None or one.number is None:
            continue
        if one.cell.pk not in codes:
            codes[one.cell.pk] = list(codes_of(one.cell, wave.survey.mode))
        if _digest(one.cell, codes[one.cell.pk][one.number], wave) not in used:
            left.append(one)
    return left


def _digest(cell: Cell, code: str, wave: Wave) -> bytes:
    typed = is_typed(cell, wave.survey.mode)
    return printed_digest(code) if typed else code_digest(code)


def _digests(part: str, query: str, wave: Wave) -> set[bytes]:
    with connections[parts.owner_of(part)].cursor() as cursor:
        cursor.execute(query, [wave.pk])
        return {bytes(digest) for (digest,) in cursor.fetchall()}
