"""From a decoded answer to one committed row, as the collector role.

One transaction; the caller may say "received" only after it returned. The address'
random key is the row's key, so sending twice stores once.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from surveys.definition import Form, Text
from surveys.parts import intake

NO_TEXTS: Mapping[str, str] = MappingProxyType({})
FIND = """
SELECT w.organization_id, w.form_id, w.state = 'open', w.paused_at IS NOT NULL,
       s.simulated,
       p.text_en, p.text_zh_hans, current_wave_is_full(),
       CASE WHEN w.links_waves THEN w.survey_id END, w.notice::text, w.paradata,
       s.panel::text,
       ARRAY(SELECT ARRAY[f.question, f.value]
             FROM current_wave_full_quotas(NULL, NULL) f ORDER BY f.question, f.value)
FROM surveys_wave w JOIN surveys_survey s
    ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
LEFT JOIN surveys_promise p
    ON (p.organization_id, p.wave_id) = (w.organization_id, w.id)
WHERE s.mode = %s
"""
# What a wave does not say it takes is left out, whatever was sent.
STORE = """
INSERT INTO surveys_response (organization_id, wave_id, form_id, id, item_count, answers,
                              language, pseudonym, duration, device)
SELECT organization_id, id, form_id, %s, %s, %s, %s,
       CASE WHEN links_waves THEN %s::bytea END,
       CASE WHEN paradata THEN %s::smallint END, CASE WHEN paradata THEN %s::smallint END
FROM surveys_wave WHERE state = 'open' AND paused_at IS NULL AND NOT current_wave_is_full()
    AND NOT EXISTS (SELECT FROM current_wave_full_quotas(%s::smallint[], %s))
ON CONFLICT DO NOTHING
"""
# A wave with a limit or quotas takes one answer at a time, so that the last place is given
# once.
TAKE_TURNS = """
SELECT pg_advisory_xact_lock(hashtextextended(id::text, 3)) FROM surveys_wave
WHERE "limit" IS NOT NULL OR quotas <> '{}'
"""
WHY_NOT = """
SELECT paused_at IS NOT NULL, current_wave_is_full() FROM surveys_wave
WHERE state = 'open'
"""


class Receipt(Enum):
    """What became of an answer."""

    STORED = "stored"
    SAME = "same"  # these very answers were stored before under this key
    OTHER = "other"  # other answers were stored before under this key
    CLOSED = "closed"
    PAUSED = "paused"  # the wave takes none for a while
    FULL = "full"  # the wave has as many answers as it takes
    ENOUGH = "enough"  # it has enough of people who answer like this one


@dataclass(frozen=True, slots=True)
class OpenedWave:
    """What the intake knows of a wave.

    Attributes
    ----------
    organization_id, wave_id, form_id : UUID
    is_open : bool
        Whether answers are taken, now or after a pause.
    is_paused : bool
        Whether it takes none for a while.
    simulated : bool
        Mark of the survey, shown to whoever answers.
    form : Form
        The frozen form; answers are decoded against it.
    promise : Text or None
        What was promised at launch; None for waves from before promises were frozen.
    is_full : bool
        Whether it has as many answers as it takes.
    study : UUID or None
        Salt of pseudonyms, where the waves of the survey are linked.
    notice : mapping
        What is told about data, by language and slot.
    paradata : bool
        Whether duration and device are told and stored.
    panel : mapping
        Addresses of a panel by how an answer ended.
    enough : set of (str, str)
        Answers of which it has enough, as code of the question, or "language", and value.
    """

    organization_id: UUID
    wave_id: UUID
    form_id: UUID
    is_open: bool
    is_paused: bool
    simulated: bool
    form: Form
    promise: Text | None
    is_full: bool
    study: UUID | None
    notice: Mapping[str, Mapping[str, str]]
    paradata: bool
    panel: Mapping[str, str]
    enough: frozenset[tuple[str, str]]

    @property
    def takes_answers(self) -> bool:
        return self.is_open and not self.is_full and not self.is_paused


@dataclass(frozen=True, slots=True)
class Beside:
    """What may come beside the answers; see `surveys.collect.beside`."""

    pseudonym: bytes | None = None
    duration: int | None = None
    device: int | None = None


NOTHING_BESIDE = Beside()


@contextmanager
def _asking(
    wave_id: UUID, key: UUID | None = None, *, lock: bool = False
) -> Iterator[CursorWrapper]:
    """Open a transaction that sees one wave and, with `key`, one response.

    With `lock` it holds the shared lock that closing the wave has to wait for.
    """
    with (
        transaction.atomic(using=intake(), durable=True),
        connections[intake()].cursor() as cursor,
    ):
        asked = "SELECT set_config('trustsurvey.wave', %s, true),"
        asked += " set_config('trustsurvey.response', %s, true)"
        values = [str(wave_id), str(key or "")]
        if lock:
            asked += ", pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"
            values.append(str(wave_id))
        cursor.execute(asked, values)
        yield cursor


def find_wave(wave_id: UUID, mode: str = "open") -> OpenedWave | None:
    """Return the wave of an open link, or None when there is none of this id.

    With `mode` "identified" the wave of people who are known. Waves that ask for a credential are answered elsewhere (collect/sealed.py).
    """
    with _asking(wave_id) as cursor:
        cursor.execute(FIND, [mode])
        row = cursor.fetchone()
        if row is None:
            return None
        organization_id, form_id, is_open, is_paused, simulated, *told = row
        english, chinese, is_full, study, notice, paradata, panel, enough = told
        form = _form(wave_id, form_id)
    return OpenedWave(
        organization_id,
        wave_id,
        form_id,
        is_open,
        is_paused,
        simulated,
        form,
        promise=Text(english, chinese) if english else None,
        is_full=is_full,
        study=study,
        notice=json.loads(notice),
        paradata=paradata,
        panel=json.loads(panel),
        enough=frozenset((question, value) for question, value in enough),
    )


def is_invited(wave_id: UUID, key: UUID) -> bool:
    """Whether an identified wave has an invitation of this id."""
    with _asking(wave_id, key) as cursor:
        cursor.execute("SELECT EXISTS (SELECT id FROM surveys_invitation)")
        (found,) = cursor.fetchone()
    return bool(found)


@lru_cache(maxsize=256)
def _form(wave_id: UUID, form_id: UUID) -> Form:
    """Parse a form once a process: forms never change. Runs inside `_asking`."""
    with connections[intake()].cursor() as cursor:
        cursor.execute(
            "SELECT definition::text FROM surveys_form WHERE id = %s", [form_id]
        )
        return Form.from_json(cursor.fetchone()[0])


def receive(
    wave: OpenedWave,
    *,
    key: UUID,
    answers: tuple[int, ...],
    language: str,
    texts: Mapping[str, str] = NO_TEXTS,
    beside: Beside = NOTHING_BESIDE,
) -> Receipt:
    """Store the answers under `key`, once, in one transaction.

    `texts` are free texts by question, the final comment under "": each becomes a row
    under an id of its own, which no response knows.

    The shared lock makes closing wait for answers under way, so that a closed wave
    gains none.
    """
    with _asking(wave.wave_id, key, lock=True) as cursor:
        cursor.execute(TAKE_TURNS)
        more = [beside.pseudonym, beside.duration, beside.device]
        row = [key, len(answers), list(answers), language, *more]
        cursor.execute(STORE, [*row, list(answers), language])
        if cursor.rowcount == 0:
            return _stored_before(cursor, answers) or _why_not(cursor)
        cursor.executemany(
            "INSERT INTO surveys_comment (organization_id, wave_id, id, question, text)"
            " VALUES (%s, %s, %s, %s, %s)",
            [
                (wave.organization_id, wave.wave_id, uuid4(), question, text)
                for question, text in texts.items()
            ],
        )
    return Receipt.STORED


def _stored_before(cursor: CursorWrapper, answers: tuple[int, ...]) -> Receipt | None:
    """Compare with the row under the key that the request holds, if there is one."""
    cursor.execute("SELECT answers FROM surveys_response")
    row = cursor.fetchone()
    if row is None:
        return None
    return Receipt.SAME if tuple(row[0]) == answers else Receipt.OTHER


def _why_not(cursor: CursorWrapper) -> Receipt:
    cursor.execute(WHY_NOT)
    row = cursor.fetchone()
    if row is None:
        return Receipt.CLOSED
    is_paused, is_full = row
    if is_paused:
        return Receipt.PAUSED
    return Receipt.FULL if is_full else Receipt.ENOUGH
