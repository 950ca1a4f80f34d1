"""From a wish to a file: written by a job, outside of any transaction, kept in one.

Every attempt has a number of its own (`run`), which is also the name of its file. A
worker that lost its row to another, or to somebody who removed it, finds that out with
its next sign of life and stops. What a dead worker left behind is taken up again.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.db import connections

from analytics.announcing import announce_export
from analytics.answers import reason_of
from analytics.export import storage
from analytics.export.actions import defer, new_run
from analytics.export.formats import FORMATS
from analytics.export.log import note
from analytics.export.microdata import WITH_ROWS, first_told
from analytics.export.models import Export, ExportEntry
from analytics.export.naming import name_of
from analytics.export.refusals import ExportRefused
from analytics.export.telling import telling
from analytics.export.writing import Written, write
from analytics.psychometrics import PsychometricsError
from analytics.sentences import BadInput, Sentence, say
from surveys import parts
from surveys.models import Wave
from surveys.tenancy import organization_scope

State = Export.State
What = ExportEntry.What
Clock = Callable[[], datetime]

# An export that shows no sign of life after this long was left behind.
PATIENCE: Final = timedelta(minutes=15)
MOST_ATTEMPTS: Final = 3

DUE: Final = """
SELECT organization_id, id, state = 'ready' FROM analytics_export
WHERE state = 'ready' AND expires_at <= %s
   OR state IN ('queued', 'running') AND worked_at < %s
ORDER BY asked_at, id
"""
LIVING: Final = """
SELECT run FROM analytics_export
WHERE state IN ('queued', 'running', 'ready') AND run IS NOT NULL
"""
CLAIM: Final = """
UPDATE analytics_export SET state = 'running', run = %s, attempts = attempts + 1,
    rows_done = 0, rows = NULL, worked_at = %s
WHERE id = (SELECT id FROM analytics_export
            WHERE id = %s AND state IN ('queued', 'running')
            FOR UPDATE SKIP LOCKED)
"""


class Superseded(Exception):
    """Another worker took the export over, or somebody removed it."""


def write_export(*, organization_id: UUID, export_id: UUID, clock: Clock) -> None:
    """Write the file of an export, or keep why there is none.

    Safe to repeat: what is ready, failed or removed stays as it is.
    """
    export = _claimed(organization_id, export_id, clock())
    if export is None:
        return
    try:
        _write(export, clock)
    except Superseded:
        return
    except storage.NoRoom:
        _failed(export, say("export_full_disk"), clock())
    except (ExportRefused, BadInput) as refused:
        _failed(export, refused.sentence, clock())
    except PsychometricsError as error:
        _failed(export, reason_of(error), clock())
    except Exception:
        _failed(export, say("export_stopped"), clock())
        raise


def _claimed(organization_id: UUID, export_id: UUID, at: datetime) -> Export | None:
    """Begin an attempt; None where there is nothing to do (any more)."""
    with organization_scope(organization_id):
        with connections["default"].cursor() as cursor:
            cursor.execute(CLAIM, [new_run(), at, export_id])
            if not cursor.rowcount:
                return None
        export = Export.objects.select_related("survey").get(pk=export_id)
    if export.attempts > MOST_ATTEMPTS:
        _failed(export, say("export_left_behind", times=MOST_ATTEMPTS), at)
        return None
    return export


def _write(export: Export, clock: Clock) -> None:
    run = cast(UUID, export.run)
    form = FORMATS[export.format]
    with (
        storage.workplace(run) as place,
        telling(export.organization_id, export.pk, run) as teller,
    ):
        path = place / f"export.{form.ending}"

        def tell(done: int, rows: int | None = None) -> None:
            storage.require_room()
            if not teller.tell(done, rows, clock()):
                raise Superseded

        written = write(export, path, tell)
        size, sha256 = storage.keep(path, run)
    try:
        _ready(export, written, size, sha256, clock())
    except BaseException:
        storage.forget(run)
        raise


def _mine(export: Export) -> Any:
    return Export.objects.filter(pk=export.pk, run=export.run, state=State.RUNNING)


def _ready(
    export: Export, written: Written, size: int, sha256: str, at: datetime
) -> None:
    with organization_scope(export.organization_id):
        _require_nothing_new(export)
        changed = _mine(export).update(
            state=State.READY,
            rows_done=written.rows,
            rows=written.rows,
            size=size,
            sha256=sha256,
            filename=name_of(export),
            remarks=[remark.to_plain() for remark in written.remarks],
            ready_at=at,
            worked_at=at,
            expires_at=at + timedelta(days=settings.EXPORTS_DAYS),
        )
        if not changed:
            raise Superseded
        note(export, What.READY, at=at)
        announce_export(export, at=at)


def _require_nothing_new(export: Export) -> None:
    """Refuse rows where a release has told more while they were written.

    The lock is that of `publishing`: one of the two sees the other.
    """
    if not export.survey.only_releases or export.kind not in WITH_ROWS:
        return
    waves = Wave.objects.filter(survey=export.survey_id, number__in=export.waves)
    for wave in waves.select_for_update(no_key=True):
        first_told(wave)


def _failed(export: Export, reason: Sentence, at: datetime) -> None:
    text = json.dumps(reason.to_plain(), ensure_ascii=False)
    with organization_scope(export.organization_id):
        if _mine(export).update(state=State.FAILED, reason=text, worked_at=at):
            note(export, What.FAILED, at=at)


def sweep(now: datetime) -> int:
    """Expire old files, take up what was left behind, remove what belongs to no row.

    Returns how many exports were changed.
    """
    number = 0
    for organization_id, export_id, ready in _asked(DUE, [now, now - PATIENCE]):
        step = _expire if ready else _take_up
        number += step(organization_id, export_id, now)
    # rows first: a file that is younger than its row is never an orphan
    living = [run for (run,) in _asked(LIVING, [])]
    storage.remove_orphans(living, now)
    return number


def _expire(organization_id: UUID, export_id: UUID, now: datetime) -> int:
    with organization_scope(organization_id):
        old = Export.objects.filter(
            pk=export_id, state=State.READY, expires_at__lte=now
        )
        if not old.update(state=State.EXPIRED):
            return 0
        export = Export.objects.get(pk=export_id)
        note(export, What.EXPIRED, at=now)
    storage.forget(cast(UUID, export.run))
    return 1


def _take_up(organization_id: UUID, export_id: UUID, now: datetime) -> int:
    with organization_scope(organization_id):
        stuck = Export.objects.under_way().filter(
            pk=export_id, worked_at__lt=now - PATIENCE
        )
        if not stuck.update(worked_at=now):
            return 0
        defer(organization_id, export_id)
    return 1


def _asked(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Ask over all organizations, as the owning role."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(query, values)
        return cast(list[tuple[Any, ...]], cursor.fetchall())
