"""Staged answers become answers of nobody, as the role that owns each part.

A flush rewrites every answer of a cell, old and new, in one transaction and in random
order, so that neither the number of a transaction nor the place on disk says which came
when; spent credentials and opened invitations are rewritten likewise. What the old rows
left behind is removed by rewriting the files (VACUUM FULL) and the log is cut off
(pg_switch_wal, CHECKPOINT). Only batches of at least `least_batch` new answers are mixed; a last batch
below that joins the cell above (TRUST.md, section 1.2).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import sleep
from uuid import UUID

from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import Diagnostic, LockNotAvailable

from surveys import parts
from surveys.handover import hand_over
from surveys.models import Wave
from surveys.tenancy import organization_scope

REWRITTEN = (
    "collector.spent",
    "collector.staged",
    "collector.staged_text",
    "collector.mixed",
    "collector.mixed_text",
    "issuer.invitation",
)
WRITTEN_ONCE = ("collector.printed", "issuer.key")

# Random order by keys of a cryptographic generator; random() could be predicted.
MIX = """
CREATE TEMP TABLE remixed ON COMMIT DROP AS
    SELECT {columns} FROM collector.mixed{suffix}
        WHERE wave_id = %(wave)s AND cell_id = %(cell)s
    UNION ALL SELECT {columns} FROM collector.staged{suffix}
        WHERE wave_id = %(wave)s AND cell_id = %(cell)s;
DELETE FROM collector.mixed{suffix} WHERE wave_id = %(wave)s AND cell_id = %(cell)s;
DELETE FROM collector.staged{suffix} WHERE wave_id = %(wave)s AND cell_id = %(cell)s;
INSERT INTO collector.mixed{suffix} (wave_id, cell_id, {columns})
    SELECT %(wave)s, %(cell)s, {columns} FROM remixed ORDER BY gen_random_uuid();
DROP TABLE remixed;
"""
REWRITE_SPENT = """
CREATE TEMP TABLE rewritten ON COMMIT DROP AS
    SELECT wave_id, cell_id, token, body FROM collector.spent WHERE wave_id = %(wave)s;
DELETE FROM collector.spent WHERE wave_id = %(wave)s;
INSERT INTO collector.spent (wave_id, cell_id, token, body)
    SELECT wave_id, cell_id, token, body FROM rewritten ORDER BY gen_random_uuid();
DROP TABLE rewritten;
"""
REWRITE_INVITATIONS = """
CREATE TEMP TABLE rewritten ON COMMIT DROP AS
    SELECT wave_id, cell_id, code, blinded, issues FROM issuer.invitation
    WHERE wave_id = %(wave)s;
DELETE FROM issuer.invitation WHERE wave_id = %(wave)s;
INSERT INTO issuer.invitation (wave_id, cell_id, code, blinded, issues)
    SELECT wave_id, cell_id, code, blinded, issues FROM rewritten
    ORDER BY gen_random_uuid();
DROP TABLE rewritten;
"""
# Leaves first, so that what joins a cell is there when its turn comes.
BY_DEPTH = """
WITH RECURSIVE tree AS (
    SELECT id, parent_id, 0 AS depth FROM collector.cell
        WHERE wave_id = %(wave)s AND parent_id IS NULL
    UNION ALL
    SELECT c.id, c.parent_id, t.depth + 1 FROM collector.cell c
        JOIN tree t ON c.parent_id = t.id WHERE c.wave_id = %(wave)s)
SELECT id, parent_id FROM tree ORDER BY depth DESC
"""
MOVE_UP = (
    "UPDATE collector.staged{} SET cell_id = %s WHERE wave_id = %s AND cell_id = %s"
)
FORGET = "DELETE FROM {} WHERE wave_id = %s"
END = """
UPDATE collector.wave SET state = 'ending', unclean = true
    WHERE id = %(wave)s AND state = 'grace'
"""
CLOSE = "UPDATE collector.wave SET state = 'closed', unclean = true WHERE id = %s"
MAY_CUT_LOG = """
SELECT has_function_privilege(current_user, 'pg_switch_wal()', 'execute'),
       pg_has_role(current_user, 'pg_checkpoint', 'usage')
"""
# In random order, so that a wave that fails does not starve the same others for ever.
UNDER_WAY = """
SELECT id, state FROM collector.wave
    WHERE state <> 'closed' OR unclean ORDER BY gen_random_uuid()
"""
CLOSED_AT = "SELECT id, closed_at FROM surveys_wave WHERE id = ANY(%s)"
GRACE = timedelta(hours=24)  # sealed answers may still arrive so long after the close
PAUSES = (0.0, 0.1, 0.4)  # seconds before each try to rewrite a file
FIRST_NUMBER = re.compile(r"\d+")
KINDS = {"": "answers, language, pseudonym", "_text": "question, text"}


def mix_due(now: datetime) -> None:
    """Mix every wave in the field, end those whose grace is over, clean up after both."""
    with _asking("collector") as cursor:
        cursor.execute(UNDER_WAY)
        states = dict(cursor.fetchall())
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(CLOSED_AT, [list(states)])
        closed = dict(cursor.fetchall())
    in_the_way = False
    for wave_id, state in states.items():
        if state == "closed":
            # files and log are those of all waves: what is in the way is so for each
            in_the_way = in_the_way or not clean_up(wave_id)
            continue
        closed_at = closed.get(wave_id)
        over = closed_at is not None and closed_at + GRACE <= now
        if state == "ending" or (state == "grace" and over):
            finish(wave_id)
        else:
            flush(wave_id)


def flush(wave_id: UUID) -> bool:
    """Mix the cells of a wave that have enough staged answers; False when none had."""
    with _exclusively(wave_id) as cursor:
        ready = _ready(cursor, wave_id)
        for cell_id in ready:
            _mix(cursor, wave_id, cell_id)
        if ready:
            cursor.execute(REWRITE_SPENT, {"wave": wave_id})
            _mark_unclean(cursor, wave_id)
    # also after a crash between the two: the mark stays until the files are rewritten
    clean_up(wave_id)
    return bool(ready)


def clean_up(wave_id: UUID) -> bool:
    """Rewrite what mixing left behind in files and log; True once nothing is left.

    Rows that an old snapshot still sees (a backup under way, say) cannot be removed, and
    an owner may lack a right: then the mark stays, and the next flush tries again.
    """
    with _asking("collector") as cursor:
        cursor.execute("SELECT unclean FROM collector.wave WHERE id = %s", [wave_id])
        if cursor.fetchone() != (True,):
            return True
    with _issuing_stopped(wave_id) as cursor:
        cursor.execute(REWRITE_INVITATIONS, {"wave": wave_id})
    if not all(_is_rewritten(table) for table in (*REWRITTEN, *WRITTEN_ONCE)):
        return False
    cut = [_log_is_cut(part) for part in parts.PARTS]
    if not all(cut):
        return False
    with _asking("collector") as cursor:
        cursor.execute(
            "UPDATE collector.wave SET unclean = false WHERE id = %s", [wave_id]
        )
    return True


def close_issuing(organization_id: UUID, wave_id: UUID, *, at: datetime) -> bool:
    """Stop issuing credentials; sealed answers may still arrive. False if done before."""
    with _asking("collector") as cursor:
        cursor.execute(
            "UPDATE collector.wave SET state = 'grace'"
            " WHERE id = %s AND state = 'open'",
            [wave_id],
        )
    # after the collector: a wave that still issues is found again (fieldwork/launch.py)
    _stop_issuing(wave_id)
    with organization_scope(organization_id):
        closed = Wave.objects.filter(pk=wave_id, state=Wave.State.OPEN).update(
            state=Wave.State.GRACE, closed_at=at
        )
    return bool(closed)


def finish(wave_id: UUID) -> bool:
    """End the grace: last mix, answers to the organization, keys and codes destroyed.

    Three databases may be asked, so each step is a transaction of its own that may be
    repeated. Whoever is killed in between leaves the wave `ending`, and the next run
    goes on: what is not handed over yet is still there, and what was handed over is
    not again (surveys/handover.py). False where the wave is not in its grace, or where
    an earlier run handed the answers over.
    """
    with _exclusively(wave_id) as cursor:
        cursor.execute(END, {"wave": wave_id})
        if cursor.rowcount == 1:
            _mix_the_rest(cursor, wave_id)
        cursor.execute("SELECT state FROM collector.wave WHERE id = %s", [wave_id])
        ending = cursor.fetchone() == ("ending",)
    handed = False
    if ending:
        _stop_issuing(wave_id)
        handed = hand_over(wave_id)
        _forget(wave_id)
    clean_up(wave_id)
    return handed


def _stop_issuing(wave_id: UUID) -> None:
    with _issuing_stopped(wave_id) as cursor:
        cursor.execute(
            "UPDATE issuer.wave SET is_open = false WHERE id = %s", [wave_id]
        )


def _forget(wave_id: UUID) -> None:
    """Destroy keys, codes and mixed answers of a wave that was handed over."""
    with _issuing_stopped(wave_id) as cursor:
        for table in ("issuer.invitation", "issuer.key"):
            cursor.execute(FORGET.format(table), [wave_id])
    with _exclusively(wave_id) as cursor:
        for table in ("collector.printed", *REWRITTEN):
            if table.startswith("collector."):
                cursor.execute(FORGET.format(table), [wave_id])
        cursor.execute(CLOSE, [wave_id])


def _ready(cursor: CursorWrapper, wave_id: UUID) -> list[UUID]:
    """Cells with at least a batch of staged answers."""
    cursor.execute(
        "SELECT s.cell_id FROM collector.staged s"
        " JOIN collector.wave w ON w.id = s.wave_id WHERE w.id = %s"
        " GROUP BY s.cell_id, w.least_batch HAVING count(*) >= w.least_batch",
        [wave_id],
    )
    return [cell_id for (cell_id,) in cursor.fetchall()]


def _mix(cursor: CursorWrapper, wave_id: UUID, cell_id: UUID) -> None:
    for suffix, columns in KINDS.items():
        statements = MIX.format(suffix=suffix, columns=columns)
        cursor.execute(statements, {"wave": wave_id, "cell": cell_id})


def _mix_the_rest(cursor: CursorWrapper, wave_id: UUID) -> None:
    """Mix every cell; a batch that is too small joins the cell above it first."""
    cursor.execute(BY_DEPTH, {"wave": wave_id})
    for cell_id, parent_id in cursor.fetchall():
        cursor.execute(
            "SELECT count(*) < (SELECT least_batch FROM collector.wave WHERE id = %s)"
            " FROM collector.staged WHERE wave_id = %s AND cell_id = %s",
            [wave_id, wave_id, cell_id],
        )
        (too_few,) = cursor.fetchone()
        if too_few and parent_id is not None:
            for suffix in KINDS:
                cursor.execute(MOVE_UP.format(suffix), [parent_id, wave_id, cell_id])
        else:
            _mix(cursor, wave_id, cell_id)


def _mark_unclean(cursor: CursorWrapper, wave_id: UUID) -> None:
    cursor.execute("UPDATE collector.wave SET unclean = true WHERE id = %s", [wave_id])


@contextmanager
def _exclusively(wave_id: UUID) -> Iterator[CursorWrapper]:
    """Open a transaction of the collector during which no answer of the wave comes in."""
    yield from _locked("collector", 2, wave_id)


@contextmanager
def _issuing_stopped(wave_id: UUID) -> Iterator[CursorWrapper]:
    """Open one of the issuer during which no credential of the wave is issued."""
    yield from _locked("issuer", 1, wave_id)


def _locked(part: str, key: int, wave_id: UUID) -> Iterator[CursorWrapper]:
    with (
        transaction.atomic(using=parts.owner_of(part), durable=True),
        _asking(part) as cursor,
    ):
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            [str(wave_id), key],
        )
        yield cursor


def _asking(part: str) -> CursorWrapper:
    """Open a cursor of the role that owns a part."""
    return connections[parts.owner_of(part)].cursor()


def _is_rewritten(table: str) -> bool:
    """Try a few times: the server's own short look at a table keeps dead rows too."""
    part, _ = table.split(".")
    with _asking(part) as cursor:
        for pause in PAUSES:
            sleep(pause)
            if _rewrite_file(cursor, table):
                return True
    return False


def _rewrite_file(cursor: CursorWrapper, table: str) -> bool:
    """Write a table into a new file; False where dead rows are still there.

    A backup under way locks the table, or sees rows that are gone. Nobody waits long
    for it: answers would queue up behind us.
    """
    details: list[str] = []

    def listen(message: Diagnostic) -> None:
        details.append(message.message_detail or "")

    connection = cursor.connection
    connection.add_notice_handler(listen)
    cursor.execute("SET lock_timeout = '1s'")
    try:
        cursor.execute(f"VACUUM (FULL, VERBOSE) {table}")
    except OperationalError as problem:
        if isinstance(problem.__cause__, LockNotAvailable):
            return False
        raise
    finally:
        cursor.execute("RESET lock_timeout")
        connection.remove_notice_handler(listen)
    # the number comes first in every language: "3 dead row versions cannot be ..."
    return all(int(n[0]) == 0 for text in details if (n := FIRST_NUMBER.match(text)))


def _log_is_cut(part: str) -> bool:
    with _asking(part) as cursor:
        return _cut_log(cursor)


def _cut_log(cursor: CursorWrapper) -> bool:
    """Begin a new file of the write-ahead log and let the server drop the earlier ones.

    A checkpoint alone keeps the file in use, in which up to 16 MB of arrivals stand in
    their order. Both are rights that roles.py gives; a deploy check asks for them. False
    where one is missing.
    """
    cursor.execute(MAY_CUT_LOG)
    may_switch, may_checkpoint = cursor.fetchone()
    if may_switch:
        cursor.execute("SELECT pg_switch_wal()")
    if may_checkpoint:
        cursor.execute("CHECKPOINT")
    return bool(may_switch and may_checkpoint)
