"""Answers that come with a credential, as the collector role: verify, spend, stage.

One transaction; the caller may say "received" only after it returned. The hash of the
credential is the key of its row: it is spent once, and sending again is no second answer.
Staged answers wait to be mixed (surveys/mixing.py).
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from surveys.collect.intake import Receipt
from surveys.credentials import VerifyingKey, printed_digest, printed_secret
from surveys.definition import Form, Text

COLLECTOR = "collector"
STATES_THAT_TAKE = frozenset({"open", "grace"})


class NoCredential(Exception):
    """The signature does not verify, or the code is not one of the wave."""


@dataclass(frozen=True, slots=True)
class CollectedWave:
    """What the collector knows of a wave; all of it is public.

    Attributes
    ----------
    state : str
        ``open``, ``grace`` (answers under way still arrive) or ``closed``.
    manifest : str
        Cells and their public keys; browsers take the key from here.
    promise : Text
        The words of the promise, as they were frozen at launch.
    notice : mapping
        What is told about data, by language and slot.
    study : UUID or None
        Salt of pseudonyms, where the waves of the survey are linked.
    """

    wave_id: UUID
    mode: str
    state: str
    simulated: bool
    form: Form
    manifest: str
    promise: Text
    notice: Mapping[str, Mapping[str, str]]
    study: UUID | None

    @property
    def takes_answers(self) -> bool:
        return self.state in STATES_THAT_TAKE

    @property
    def publishes_counts(self) -> bool:
        """Whether the numbers of its groups are promised to everybody."""
        return self.mode == "anonymous"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody answered, decoded against the form.

    Attributes
    ----------
    body : bytes
        As it was sent, padding included: its hash tells a repetition from a change.
    texts : mapping
        Free texts by question, the final comment under "".
    pseudonym : bytes or None
        Of the respondent's device; stored only where waves are linked.
    """

    body: bytes
    answers: tuple[int, ...]
    language: str
    texts: Mapping[str, str]
    pseudonym: bytes | None = None


def find_collected(wave_id: UUID) -> CollectedWave | None:
    """Return an anonymous or confidential wave, None when there is none of this id."""
    with _asking(wave_id, lock=False) as cursor:
        cursor.execute(
            "SELECT mode, state, simulated, manifest, promise_en, promise_zh_hans,"
            " form_id, notice, study FROM collector.wave"
        )
        row = cursor.fetchone()
        if row is None:
            return None
        *known, english, chinese, form_id, notice, study = row
        mode, state, simulated, manifest = known
        form = _form(wave_id, form_id)
    return CollectedWave(
        wave_id,
        mode,
        state,
        simulated,
        form,
        manifest,
        promise=Text(english, chinese),
        notice=json.loads(notice),
        study=study,
    )


def receive_signed(
    wave: CollectedWave,
    *,
    cell_id: UUID,
    prepared: bytes,
    signature: bytes,
    sheet: Sheet,
) -> Receipt:
    """Take an answer whose right is a blind signature over `prepared`.

    Raises
    ------
    NoCredential
        The signature is none of this cell's key.
    """
    with _asking(wave.wave_id, lock=True) as cursor:
        cursor.execute("SELECT public_key FROM collector.cell WHERE id = %s", [cell_id])
        row = cursor.fetchone()
        if row is None or row[0] is None:
            raise NoCredential
        if not _verifying(bytes(row[0])).verifies(prepared, signature):
            raise NoCredential
        token = hashlib.sha256(prepared).digest()
        return _spend(cursor, wave, cell_id, token, digest_of(sheet, prepared), sheet)


def receive_typed(wave: CollectedWave, *, typed: str, sheet: Sheet) -> Receipt:
    """Take an answer whose right is a code on paper, or in a mail (confidential).

    Raises
    ------
    NoCredential
        The code is none of this wave's.
    """
    token = printed_digest(typed)
    with _asking(wave.wave_id, lock=True) as cursor:
        cursor.execute(
            "SELECT cell_id FROM collector.printed WHERE token = %s", [token]
        )
        row = cursor.fetchone()
        if row is None:
            raise NoCredential
        body = digest_of(sheet, printed_secret(typed))
        return _spend(cursor, wave, row[0], token, body, sheet)


@contextmanager
def _asking(wave_id: UUID, *, lock: bool) -> Iterator[CursorWrapper]:
    """Open a transaction that sees one wave; with `lock` mixing has to wait for it."""
    with (
        transaction.atomic(using=COLLECTOR, durable=True),
        connections[COLLECTOR].cursor() as cursor,
    ):
        asked = "SELECT set_config('trustsurvey.wave', %s, true)"
        values = [str(wave_id)]
        if lock:
            asked += ", pg_advisory_xact_lock_shared(hashtextextended(%s, 2))"
            values.append(str(wave_id))
        cursor.execute(asked, values)
        yield cursor


def _spend(
    cursor: CursorWrapper,
    wave: CollectedWave,
    cell_id: UUID,
    token: bytes,
    body: bytes,
    sheet: Sheet,
) -> Receipt:
    # asked under the lock: closing waits, so a wave that takes answers here takes this
    cursor.execute("SELECT state FROM collector.wave")
    (state,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO collector.spent (wave_id, cell_id, token, body)"
        " SELECT %s, %s, %s, %s WHERE %s ON CONFLICT DO NOTHING",
        [wave.wave_id, cell_id, token, body, state in STATES_THAT_TAKE],
    )
    if cursor.rowcount == 0:
        cursor.execute("SELECT body FROM collector.spent WHERE token = %s", [token])
        row = cursor.fetchone()
        if row is None:
            return Receipt.CLOSED
        return Receipt.SAME if bytes(row[0]) == body else Receipt.OTHER
    pseudonym = None if wave.study is None else sheet.pseudonym
    cursor.execute(
        "INSERT INTO collector.staged (wave_id, cell_id, answers, language, pseudonym)"
        " VALUES (%s, %s, %s, %s, %s)",
        [wave.wave_id, cell_id, list(sheet.answers), sheet.language, pseudonym],
    )
    cursor.executemany(
        "INSERT INTO collector.staged_text (wave_id, cell_id, question, text)"
        " VALUES (%s, %s, %s, %s)",
        [(wave.wave_id, cell_id, q, text) for q, text in sheet.texts.items()],
    )
    return Receipt.STORED


def digest_of(sheet: Sheet, secret: bytes) -> bytes:
    """Tell a repetition from a change, to whoever holds the credential and nobody else.

    A plain hash could be recognised: whoever has the answers of a cell and its comments
    writes down every pair as a browser would send it, and compares.
    """
    return hmac.new(secret, sheet.body, hashlib.sha256).digest()


@lru_cache(maxsize=256)
def _verifying(der: bytes) -> VerifyingKey:
    return VerifyingKey.from_der(der)


@lru_cache(maxsize=256)
def _form(wave_id: UUID, form_id: UUID) -> Form:
    """Parse a form once a process: forms never change. Runs inside `_asking`."""
    with connections[COLLECTOR].cursor() as cursor:
        cursor.execute("SELECT form FROM collector.wave")
        return Form.from_json(cursor.fetchone()[0])
