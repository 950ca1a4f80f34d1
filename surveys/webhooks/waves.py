"""Waves that were opened or have ended are told by a sweep, not where it happens.

A wave opens and closes in many places (a click, a schedule, a job, the hand-over by the
owning role); its state is the truth, and the unique event makes the sweep safe to
repeat. A promised wave counts as ended when its answers are complete, after the grace.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from surveys import parts
from surveys.mixing import GRACE
from surveys.models import EventKind, Wave
from surveys.tenancy import organization_scope
from surveys.webhooks.emitting import about, emit

# Only what happened since somebody asked to hear of it; imported waves never opened.
UNTOLD = """
SELECT w.organization_id, w.id FROM surveys_wave w
JOIN surveys_survey s ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
WHERE s.origin = 'collected' AND w.state = ANY(%(states)s)
AND EXISTS (SELECT FROM surveys_webhookendpoint e
            WHERE e.organization_id = w.organization_id
            AND e.state <> 'off' AND %(kind)s = ANY(e.kinds)
            AND e.created_at <= CASE WHEN %(kind)s = 'wave.opened' THEN w.opened_at
                WHEN s.mode IN ('anonymous', 'confidential') THEN w.closed_at + %(grace)s
                ELSE w.closed_at END)
AND NOT EXISTS (SELECT FROM surveys_webhookevent v
                WHERE (v.organization_id, v.kind, v.subject)
                    = (w.organization_id, %(kind)s, w.id))
ORDER BY w.opened_at, w.id
"""
STATES = {
    EventKind.WAVE_OPENED: [Wave.State.OPEN, Wave.State.GRACE, Wave.State.CLOSED],
    EventKind.WAVE_CLOSED: [Wave.State.CLOSED],
}


def emit_of_waves(now: datetime, *, grace: timedelta = GRACE) -> int:
    """Tell of every wave that opened or ended since; return of how many."""
    number = 0
    for kind, states in STATES.items():
        for organization_id, wave_id in _untold(kind, states, grace):
            with organization_scope(organization_id):
                wave = Wave.objects.select_related("survey").get(pk=wave_id)
                found = emit(organization_id, kind, wave.pk, about(wave), at=now)
                number += found is not None
    return number


def _untold(
    kind: EventKind, states: list[Wave.State], grace: timedelta
) -> list[tuple[UUID, UUID]]:
    """Ask over all organizations, as the owning role."""
    values: dict[str, Any] = {
        "kind": kind.value,
        "states": [one.value for one in states],
        "grace": grace,
    }
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(UNTOLD, values)
        return list(cursor.fetchall())
