"""Remind those who have not opened, on the days that were set.

Who has opened is read here, as the owning role, and leaves this module in one form only:
messages are queued for the others. No page, list or count tells who they are; what the
rows of reminders tell whoever reads the database is said in docs/anonymity.md.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.models import Q

from surveys import parts
from surveys.credentials import code_digest, printed_digest
from surveys.fieldwork.composing import Codes
from surveys.fieldwork.inviting import queue
from surveys.launching import is_typed
from surveys.models import Cell, Invitation, Message, Reminder, Response, Survey, Wave
from surveys.tenancy import organization_scope

OPENED = """
SELECT code FROM issuer.invitation
WHERE wave_id = %s AND issues > 0 AND code = ANY (%s)
"""
# Promised waves have cells; the owning role does not see the surveys and their modes.
OVER = """
SELECT DISTINCT m.organization_id, m.wave_id FROM surveys_message m
JOIN surveys_wave w ON (w.organization_id, w.id) = (m.organization_id, m.wave_id)
WHERE m.kind <> 'invitation' AND w.state = 'closed' AND EXISTS (
    SELECT FROM surveys_cell c
    WHERE (c.organization_id, c.wave_id) = (m.organization_id, m.wave_id))
"""
SPENT = "SELECT token FROM collector.spent WHERE wave_id = %s AND token = ANY (%s)"


def remind_due(now: datetime) -> int:
    """Queue the reminders whose day has come; each day once, whoever comes first."""
    due = (
        Reminder.objects.using(parts.MAIN)
        .filter(done_at=None, due_at__lte=now, wave__state=Wave.State.OPEN)
        .filter(wave__paused_at=None)
        .order_by("wave_id")
        .values_list("organization_id", "wave_id")
        .distinct()
    )
    return sum(remind(*found, now=now) for found in list(due))


def remind(organization_id: UUID, wave_id: UUID, *, now: datetime) -> int:
    """Queue the messages of the newest day of a wave that has come; mark it done.

    Older days that nothing was sent on, and what still waits of them, are over too: a
    pause, a worker or a mail server that was away must not let two reminders arrive at
    once.
    """
    with organization_scope(organization_id):
        due = list(
            Reminder.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("wave__survey")
            .filter(wave=wave_id, done_at=None, due_at__lte=now)
            .order_by("due_at", "-kind", "round")  # of one moment, the last call
        )
        if not due:
            return 0
        newest = due[-1]
        asked = list(_asked(newest.wave))
        opened = _opened(newest.wave, asked, Codes())
        left = [one for one in asked if one.pk not in opened]
        secrets.SystemRandom().shuffle(left)
        Message.objects.filter(wave=wave_id, state=Message.State.WAITING).exclude(
            kind=Message.Kind.INVITATION
        ).update(state=Message.State.SKIPPED)
        _lock_all(wave_id)
        queued = queue(left, kind=newest.kind, round=newest.round, at=now)
        Reminder.objects.filter(pk__in=[one.pk for one in due]).update(done_at=now)
    return queued


def _lock_all(wave_id: UUID) -> None:
    """Leave the same mark on every invitation of a wave, reminded or not.

    A message locks the invitation it refers to, and the lock's transaction stays in the
    row when the reminders have long been deleted: it would tell who had not opened.
    """
    everybody = Invitation.objects.filter(wave=wave_id).order_by("pk")
    list(everybody.select_for_update(of=("self",)).values_list("pk"))


def no_longer_needed(messages: Iterable[Message], codes: Codes) -> set[UUID]:
    """Reminders to those who have opened since they were queued.

    Inside the organization's transaction. They are to be deleted: marked, they would
    tell who opened between two moments.
    """
    waves: dict[UUID, list[Message]] = {}
    for one in messages:
        if one.kind != Message.Kind.INVITATION:
            waves.setdefault(one.wave_id, []).append(one)
    found: set[UUID] = set()
    for reminders in waves.values():
        asked = [one.invitation for one in reminders]
        opened = _opened(reminders[0].wave, asked, codes)
        found |= {one.pk for one in reminders if one.invitation_id in opened}
    return found


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


def _opened(wave: Wave, asked: Sequence[Invitation], codes: Codes) -> set[UUID]:
    """Which of these invitations need no reminder, by what their mode can know."""
    match wave.survey.mode:
        case Survey.Mode.IDENTIFIED:
            ids = [one.pk for one in asked]
            answered = Response.objects.filter(wave=wave, id__in=ids)
            return set(answered.values_list("id", flat=True))
        case Survey.Mode.ANONYMOUS | Survey.Mode.CONFIDENTIAL:
            return _with_use(wave, asked, codes)
        case _:
            return {one.pk for one in asked}


def _with_use(wave: Wave, asked: Sequence[Invitation], codes: Codes) -> set[UUID]:
    """Those whose code a browser has opened or somebody has typed, or who have none."""
    mode = wave.survey.mode
    digests = {
        one.pk: _digest(one.cell, codes.of(one, mode), mode)
        for one in asked
        if one.cell is not None and one.number is not None
    }
    typed = mode == Survey.Mode.CONFIDENTIAL
    part, query = ("collector", SPENT) if typed else ("issuer", OPENED)
    with connections[parts.owner_of(part)].cursor() as cursor:
        cursor.execute(query, [wave.pk, list(digests.values())])
        used = {bytes(digest) for (digest,) in cursor.fetchall()}
    return {one.pk for one in asked if one.pk not in digests or digests[one.pk] in used}


def _digest(cell: Cell, code: str, mode: str) -> bytes:
    return printed_digest(code) if is_typed(cell, mode) else code_digest(code)
