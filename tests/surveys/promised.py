"""Anonymous and confidential waves for tests, and people who answer them honestly."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import gmpy2

from surveys import launching
from surveys.collect.intake import Receipt
from surveys.collect.sealed import (
    CollectedWave,
    Sheet,
    find_collected,
    receive_signed,
    receive_typed,
)
from surveys.credentials import SALT_BYTES, VerifyingKey
from surveys.definition import Text
from surveys.issue.issuer import cell_of, issue
from surveys.models import Cell, Survey, Wave
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_survey

NO_HASH = SALT_BYTES  # both are 48 bytes


def cell(
    invited: int, parent: int | None = None, *, printed: bool = False
) -> launching.NewCell:
    name = Text(f"Team {uuid4().hex[:6]}", f"团队{uuid4().hex[:6]}")
    return launching.NewCell(name, invited, parent, printed)


def launch(
    cells: Sequence[launching.NewCell],
    *,
    mode: str = Survey.Mode.ANONYMOUS,
    survey: Survey | None = None,
) -> Wave:
    """Prepare and open the next wave of a survey in `mode`."""
    if survey is None:
        survey = make_survey(mode=mode)
        make_form(survey)
    with organization_scope(survey.organization_id):
        wave = launching.prepare_wave(
            survey=survey, cells=cells, thresholds=Thresholds(), at=NOW
        )
    launching.open_prepared(survey.organization_id, wave.pk)
    with organization_scope(survey.organization_id):
        return Wave.objects.select_related("survey", "form").get(pk=wave.pk)


def cells_of(wave: Wave) -> list[Cell]:
    """Cells of a wave in the order in which they were given."""
    with organization_scope(wave.organization_id):
        found = list(Cell.objects.filter(wave=wave))
    return sorted(found, key=lambda c: (c.parent_id is not None, c.name_en))


def codes(wave: Wave, of: Cell) -> list[str]:
    return list(launching.codes_of(of, wave.survey.mode))


def collected(wave: Wave) -> CollectedWave:
    found = find_collected(wave.pk)
    assert found is not None
    return found


@dataclass(frozen=True)
class Credential:
    """What a browser holds after its invitation was signed."""

    cell_id: UUID
    prepared: bytes
    signature: bytes


def obtain(wave: Wave, code: str, public_key: VerifyingKey) -> Credential:
    """Blind, have signed and unblind, as the browser does (RFC 9474, section 4)."""
    return Draft(wave, code, public_key).finish()


class Draft:
    """A browser between blinding and unblinding; it can ask again for the same."""

    def __init__(self, wave: Wave, code: str, public_key: VerifyingKey) -> None:
        self.wave, self.code, self.public_key = wave, code, public_key
        numbers = public_key.public.public_numbers()
        self.n, e = gmpy2.mpz(numbers.n), gmpy2.mpz(numbers.e)
        self.prepared = secrets.token_bytes(64)
        encoded = encode_pss(self.prepared, int(self.n).bit_length() - 1)
        self.factor = secrets.randbelow(int(self.n) - 2) + 2
        blinded = encoded * gmpy2.powmod(self.factor, e, self.n) % self.n
        self.length = (int(self.n).bit_length() + 7) // 8
        self.blinded = int(blinded).to_bytes(self.length, "big")

    def finish(self) -> Credential:
        cell_id = cell_of(self.wave.pk, self.code)
        signed = int.from_bytes(issue(self.wave.pk, self.code, self.blinded), "big")
        signature = signed * gmpy2.invert(self.factor, self.n) % self.n
        return Credential(
            cell_id, self.prepared, int(signature).to_bytes(self.length, "big")
        )


def encode_pss(message: bytes, bits: int) -> int:
    """EMSA-PSS-ENCODE with SHA-384 and a salt of 48 bytes (RFC 8017, section 9.1.1)."""
    import hashlib

    length = (bits + 7) // 8
    salt = secrets.token_bytes(SALT_BYTES)
    hashed = hashlib.sha384(message).digest()
    core = hashlib.sha384(bytes(8) + hashed + salt).digest()
    block = bytes(length - 2 * SALT_BYTES - 2) + b"\1" + salt
    mask = b"".join(
        hashlib.sha384(core + counter.to_bytes(4, "big")).digest()
        for counter in range(len(block) // SALT_BYTES + 1)
    )[: len(block)]
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return int.from_bytes(bytes(masked) + core + b"\xbc", "big")


def sheet(wave: CollectedWave, point: int = 3, *, comment: str = "") -> Sheet:
    """Everything answered with one point; the body differs every time, as padding does."""
    answers = tuple(min(i.high, max(i.low, point)) for i in wave.form.items)
    texts = {"": comment} if comment else {}
    return Sheet(secrets.token_bytes(32), answers, "en", texts)


def submit(wave: CollectedWave, held: Credential, filled: Sheet) -> Receipt:
    return receive_signed(
        wave,
        cell_id=held.cell_id,
        prepared=held.prepared,
        signature=held.signature,
        sheet=filled,
    )


def answer_all(wave: Wave, of: Cell, number: int, *, point: int = 3) -> None:
    """Let the first `number` invitees of a cell answer."""
    asked = collected(wave)
    key = public_key_of(asked, of)
    for code in codes(wave, of)[:number]:
        held = obtain(wave, code, key)
        assert submit(asked, held, sheet(asked, point)) is Receipt.STORED


def answer_typed(wave: Wave, of: Cell, number: int) -> Iterator[Receipt]:
    asked = collected(wave)
    for code in codes(wave, of)[:number]:
        yield receive_typed(asked, typed=code, sheet=sheet(asked))


def public_key_of(wave: CollectedWave, of: Cell) -> VerifyingKey:
    """Take the key from the manifest, as the browser does."""
    import base64
    import json

    entries = {e["id"]: e for e in json.loads(wave.manifest)["cells"]}
    return VerifyingKey.from_der(base64.b64decode(entries[str(of.pk)]["key"]))
