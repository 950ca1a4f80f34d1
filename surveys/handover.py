"""The mixed answers of an ended wave go to its organization, once.

They are read where they were collected, the public counts where they were counted, and
all of it is written in one transaction of the main database, in which the wave's own
state is the guard: answers are there exactly if the wave is closed. Pseudonyms that the
groups of several waves would give away are left out (surveys/linkage.py). Only then may
issuer and collector forget (surveys/mixing.py).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from surveys import parts
from surveys.linkage import without_telling

# Random order by keys of a cryptographic generator, as the flush does; ids likewise.
ANSWERS = """
SELECT w.organization_id, w.id, w.form_id, m.cell_id, gen_random_uuid(), w.item_count,
       m.answers, m.language, m.pseudonym
FROM collector.mixed m JOIN collector.wave w ON w.id = m.wave_id
WHERE w.id = %s ORDER BY gen_random_uuid()
"""
TEXTS = """
SELECT w.organization_id, w.id, gen_random_uuid(), m.question, m.text
FROM collector.mixed_text m JOIN collector.wave w ON w.id = m.wave_id
WHERE w.id = %s ORDER BY gen_random_uuid()
"""
ANSWERED = """
SELECT cell_id::text, count(*) FROM collector.spent WHERE wave_id = %s GROUP BY cell_id
"""
ISSUED = """
SELECT k.cell_id::text, count(i.code), coalesce(sum(i.issues - 1), 0)
FROM issuer.key k LEFT JOIN issuer.invitation i
    ON i.wave_id = k.wave_id AND i.cell_id = k.cell_id AND i.issues > 0
WHERE k.wave_id = %s GROUP BY k.cell_id
"""
INSERT_ANSWERS = """
INSERT INTO surveys_response (organization_id, wave_id, form_id, cell_id, id, item_count,
                              answers, language, pseudonym)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
INSERT_TEXTS = """
INSERT INTO surveys_comment (organization_id, wave_id, id, question, text)
VALUES (%s, %s, %s, %s, %s)
"""
# Typed codes were all handed out; of the others the issuer counts.
PUBLISH_COUNTS = """
UPDATE surveys_cell SET
    answered = coalesce((%(answered)s::jsonb ->> id::text)::int, 0),
    issued = coalesce((%(issued)s::jsonb ->> id::text)::int, invited),
    reissued = coalesce((%(reissued)s::jsonb ->> id::text)::int, 0)
WHERE wave_id = %(wave)s
"""
CLOSE = """
UPDATE surveys_wave SET state = 'closed' WHERE id = %s AND state = 'grace'
"""
# The counts are written in the transaction that writes the answers, and nowhere else.
IS_HANDED_OVER = """
SELECT EXISTS (SELECT FROM surveys_wave WHERE id = %(wave)s AND state = 'closed')
   AND NOT EXISTS (SELECT FROM surveys_cell
                   WHERE wave_id = %(wave)s AND answered IS NULL)
"""


class NotHandedOver(Exception):
    """The wave cannot take its answers, so that issuer and collector must keep them."""

    def __init__(self, wave_id: UUID) -> None:
        super().__init__(
            f"The answers of wave {wave_id} stay with the collector, because the main"
            " database has no such wave in its grace: see whether it was restored from"
            " an older backup, and mix again once both tell of the same time."
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """All that an ended wave leaves.

    Attributes
    ----------
    answers, texts : rows of surveys_response and surveys_comment, in random order
    answered, issued, reissued : numbers by cell; cells of typed codes are not issued
    """

    answers: Sequence[tuple[Any, ...]]
    texts: Sequence[tuple[Any, ...]]
    answered: Mapping[str, int]
    issued: Mapping[str, int]
    reissued: Mapping[str, int]


def hand_over(wave_id: UUID) -> bool:
    """Write answers, comments and counts and close the wave; False if done before.

    Raises
    ------
    NotHandedOver
        Neither now nor before.
    """
    with connections[parts.MAIN].cursor() as cursor:
        if _is_handed_over(cursor, wave_id):
            return False
    ended = _gather(wave_id)
    with (
        transaction.atomic(using=parts.MAIN, durable=True),
        connections[parts.MAIN].cursor() as cursor,
    ):
        cursor.execute(CLOSE, [wave_id])
        if cursor.rowcount == 1:
            _write(cursor, wave_id, ended)
            return True
        # another worker was quicker, or the two databases do not belong together
        if not _is_handed_over(cursor, wave_id):
            raise NotHandedOver(wave_id)
    return False


def _is_handed_over(cursor: CursorWrapper, wave_id: UUID) -> bool:
    cursor.execute(IS_HANDED_OVER, {"wave": wave_id})
    return bool(cursor.fetchone()[0])


def _gather(wave_id: UUID) -> Ended:
    with connections[parts.owner_of("collector")].cursor() as cursor:
        answers = _rows(cursor, ANSWERS, wave_id)
        texts = _rows(cursor, TEXTS, wave_id)
        answered = dict(_rows(cursor, ANSWERED, wave_id))
    with connections[parts.owner_of("issuer")].cursor() as cursor:
        issued = _rows(cursor, ISSUED, wave_id)
    return Ended(
        answers,
        texts,
        answered,
        {cell: number for cell, number, _ in issued},
        {cell: int(again) for cell, _, again in issued},
    )


def _rows(cursor: CursorWrapper, query: str, wave_id: UUID) -> list[tuple[Any, ...]]:
    cursor.execute(query, [wave_id])
    return list(cursor.fetchall())


def _write(cursor: CursorWrapper, wave_id: UUID, ended: Ended) -> None:
    answers = without_telling(cursor, wave_id, ended.answers, ended.answered)
    cursor.executemany(INSERT_ANSWERS, answers)
    cursor.executemany(INSERT_TEXTS, ended.texts)
    counts = {
        "answered": json.dumps(ended.answered),
        "issued": json.dumps(ended.issued),
        "reissued": json.dumps(ended.reissued),
    }
    cursor.execute(PUBLISH_COUNTS, {"wave": wave_id, **counts})
