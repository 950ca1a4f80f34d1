"""One blind signature an invitation, as the issuer role.

The issuer sees that an invitation was opened and nothing of the answers; what it signs
is a number that means nothing to it. The same number is signed again at any time (the
reply may have been lost); another number for the same invitation (another device, a
lost draft) is signed at most twice more, and these are counted in public.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from surveys.credentials import SigningKey, code_digest, unseal

ISSUER = "issuer"
MOST_ISSUES = 3
INVITATION = "SELECT cell_id, blinded, issues FROM issuer.invitation WHERE code = %s"


class NotInvited(Exception):
    """The code is not one of the wave, or there is no such wave."""


class NoLongerIssued(Exception):
    """The wave is closed; answers that hold their credential still arrive."""


class Paused(Exception):
    """Nobody gets a credential until the wave goes on; then everybody may ask again."""


class IssuedTooOften(Exception):
    """The invitation has had all the credentials it may have."""


def cell_of(wave_id: UUID, code: str) -> UUID:
    """Return the cell an invitation belongs to, so that the browser knows its key."""
    with _asking(wave_id) as cursor:
        return _invitation(cursor, code, lock=False)[0]


def was_opened(wave_id: UUID, code: str) -> bool:
    """Whether the invitation has had a credential, on another device perhaps."""
    with _asking(wave_id) as cursor:
        return _invitation(cursor, code, lock=False)[2] > 0


def issue(wave_id: UUID, code: str, blinded: bytes) -> bytes:
    """Sign `blinded` for the invitation of `code`.

    Raises
    ------
    NotInvited, NoLongerIssued, Paused, IssuedTooOften
    surveys.credentials.BlindingRefused
        It is no blinded message.
    """
    with _asking(wave_id) as cursor:
        cell_id, before, issues = _invitation(cursor, code, lock=True)
        key = _signing_key(cursor, wave_id, cell_id)
        digest = code_digest(blinded.hex())
        again = before is not None and bytes(before) == digest
        if not again and issues >= MOST_ISSUES:
            raise IssuedTooOften
        signature = key.sign(blinded)
        if not again:
            cursor.execute(
                "UPDATE issuer.invitation SET blinded = %s, issues = issues + 1"
                " WHERE code = %s",
                [digest, code_digest(code)],
            )
    return signature


@contextmanager
def _asking(wave_id: UUID) -> Iterator[CursorWrapper]:
    """Open a transaction that sees one wave; mixing has to wait for it."""
    with (
        transaction.atomic(using=ISSUER, durable=True),
        connections[ISSUER].cursor() as cursor,
    ):
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true),"
            " pg_advisory_xact_lock_shared(hashtextextended(%s, 1))",
            [str(wave_id), str(wave_id)],
        )
        cursor.execute("SELECT is_open, paused FROM issuer.wave")
        row = cursor.fetchone()
        if row is None:
            raise NotInvited
        is_open, paused = row
        if not is_open:
            raise NoLongerIssued
        if paused:
            raise Paused
        yield cursor


def _invitation(
    cursor: CursorWrapper, code: str, *, lock: bool
) -> tuple[UUID, bytes | None, int]:
    cursor.execute(
        INVITATION + (" FOR UPDATE" if lock else ""),
        [code_digest(code)],
    )
    row: tuple[UUID, bytes | None, int] | None = cursor.fetchone()
    if row is None:
        raise NotInvited
    return row


def _signing_key(cursor: CursorWrapper, wave_id: UUID, cell_id: UUID) -> SigningKey:
    cursor.execute("SELECT sealed FROM issuer.key WHERE cell_id = %s", [cell_id])
    (sealed,) = cursor.fetchone()
    if sealed is None:
        raise NoLongerIssued
    return _unsealed(wave_id.bytes + cell_id.bytes, bytes(sealed))


@lru_cache(maxsize=64)
def _unsealed(place: bytes, sealed: bytes) -> SigningKey:
    """Open a key once a process; what is sealed under it is not kept anywhere else."""
    return SigningKey.from_der(unseal(sealed, secret=settings.SECRET_KEY, place=place))
