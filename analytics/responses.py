"""From rows to arrays: the only module that knows both the tables and NumPy."""

import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connections
from numpy.typing import NDArray
from psycopg import Connection, Cursor

from analytics.form_plan import plan_of
from analytics.known_people import units_of_rows
from analytics.members import Rows, members_of
from analytics.psychometrics import InvalidData, Item, ResponseMatrix
from analytics.release_parts import WaveAnswers
from surveys import definition
from surveys.models import Cell, Survey, Wave

COPY_HEADER = b"PGCOPY\n\xff\r\n\x00"
COPY_TRAILER = b"\xff\xff"
BLOCK_BYTES = 1 << 21  # decoded and keyed at a time
FORBIDDEN_BELOW = -3  # codes below "not shown" mean nothing

# In binary COPY a row of one smallint[] without NULLs has a fixed length: fields,
# bytes, dimensions, has-null flag, element type, length, first index; then each
# element with its own length.
ROW_HEAD = [
    (name, ">i2" if name == "fields" else ">i4")
    for name in ("fields", "bytes", "ndim", "nulls", "oid", "length", "first")
]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something noted of a row beside its answers: an SQL number and its values."""

    sql: str
    values: tuple[Any, ...] = ()


# Numbers that a smallint holds; -1 where nothing is known. A wave has few cells.
LANGUAGE = Mark("array_position(%s, language::text) - 1", (list(definition.LANGUAGES),))
CELL = "coalesce(array_position(%s::uuid[], cell_id) - 1, -1)"
DURATION = Mark("coalesce(duration, -1)")
DEVICE = Mark("coalesce(device, -1)")
PSEUDONYMS = "SELECT pseudonym FROM surveys_response WHERE wave_id = %s ORDER BY id"

# Beginnings of blocks: every so many rows, in the order of the keys. Each step walks the
# index and nothing else, which takes half the time of numbering all rows.
FIRST_KEYS = """
WITH RECURSIVE firsts (id) AS (
    (SELECT id FROM surveys_response WHERE wave_id = %s ORDER BY id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT r.id FROM surveys_response r WHERE r.wave_id = %s AND r.id > firsts.id
        ORDER BY r.id LIMIT 1 OFFSET %s
    ) FROM firsts WHERE firsts.id IS NOT NULL
)
SELECT id FROM firsts WHERE id IS NOT NULL ORDER BY id
"""
ROWS_FROM = "SELECT count(*) FROM surveys_response WHERE wave_id = %s AND id >= %s"
IN_BLOCK = "wave_id = %s AND id >= %s AND (%s::uuid IS NULL OR id < %s)"
PEOPLE_OF_ROWS = """
SELECT p.id, p.key, p.unit_id, p.attributes FROM surveys_response r
LEFT JOIN surveys_invitation i
    ON (i.organization_id, i.wave_id, i.id) = (r.organization_id, r.wave_id, r.id)
LEFT JOIN surveys_participant p
    ON (p.organization_id, p.id) = (i.organization_id, i.participant_id)
WHERE r.wave_id = %s AND r.id >= %s AND (%s::uuid IS NULL OR r.id < %s) ORDER BY r.id
"""
LINKS_OF_ROWS = f"SELECT pseudonym FROM surveys_response WHERE {IN_BLOCK} ORDER BY id"  # noqa: S608


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Rows of a wave from the key `first` up to, and without, the key `end`."""

    wave_id: UUID
    first: UUID
    end: UUID | None
    rows: int

    @property
    def bounds(self) -> tuple[UUID, UUID, UUID | None, UUID | None]:
        return self.wave_id, self.first, self.end, self.end


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """Rows of a wave: keyed (n, p) codes, raw (n, q) codes of the rest, (n, m) marks."""

    data: ResponseMatrix
    asked: NDArray[np.int16]
    marks: NDArray[np.int16]
    sha256: str


@dataclass(frozen=True, slots=True)
class WaveResponses:
    """Answers of one wave, and the fingerprint of exactly what was read.

    Attributes
    ----------
    data : ResponseMatrix
        Keyed answers; column = rating of a scored scale, in form order.
    sha256 : str
        Of the form's digest and of the answers and their languages as stored, in the
        order of their keys.
    languages : (n,) int8
        In which each respondent answered: places in `definition.LANGUAGES`.
    """

    data: ResponseMatrix
    sha256: str
    languages: NDArray[np.int8]


def load_responses(wave: Wave, form: definition.Form) -> WaveResponses:
    """Read the answers of a wave through binary COPY, keyed by its form.

    Questions of checklists (choices, numbers, instructed items) are checked against
    their range and left out.

    Raises
    ------
    InvalidData
        A stored code lies outside its item's scale; the sentence names it.
    """
    stored = _read(wave, form, [LANGUAGE])
    return WaveResponses(stored.data, stored.sha256, stored.marks[:, 0].astype(np.int8))


def load_wave_answers(wave: Wave, form: definition.Form, *, seed: int) -> WaveAnswers:
    """Read everything that a release of a wave is computed from.

    Raises
    ------
    InvalidData
        As `load_responses`.
    BadInput
        The form asks no scale of trust.
    """
    plan = plan_of(form, simulated=wave.survey.simulated, seed=seed)
    cells = tuple(Cell.objects.filter(wave=wave))
    stored = _read(wave, form, _marks_of_release(cells))
    language, cell, duration, device = stored.marks.T
    questions = tuple(i for i in form.items if i not in set(form.scored_items))
    rows = Rows(language, cell, stored.asked, _units_of_rows(wave, cells))
    return WaveAnswers(
        wave=wave.number,
        date=(wave.closed_at or wave.opened_at).date().isoformat(),
        data=stored.data,
        plan=plan,
        languages=language.astype(np.int8),
        asked_codes=tuple(item.code for item in questions),
        asked=stored.asked,
        expected={i.code: i.expect for i in questions if i.expect is not None},
        durations=duration.astype(np.int8) if wave.paradata else None,
        pseudonyms=_pseudonyms(wave) if wave.links_waves else None,
        segments=members_of(wave, questions, cells, rows),
        devices=device.astype(np.int8) if wave.paradata else None,
        sha256=stored.sha256,
        opened=wave.opened_at.date().isoformat(),
    )


def row_blocks(wave: Wave, *, rows: int) -> tuple[RowBlock, ...]:
    """Cut the answers of a wave into blocks of `rows`, in the order of their keys."""
    with connections["default"].cursor() as cursor:
        cursor.execute(FIRST_KEYS, [wave.pk, wave.pk, rows - 1])
        firsts = [first for (first,) in cursor.fetchall()]
        if not firsts:
            return ()
        cursor.execute(ROWS_FROM, [wave.pk, firsts[-1]])
        (last,) = cursor.fetchone()
    sizes = [rows] * (len(firsts) - 1) + [last]
    ends = [*firsts[1:], None]
    return tuple(
        RowBlock(wave.pk, first, end, size)
        for first, end, size in zip(firsts, ends, sizes, strict=True)
    )


def block_codes(
    connection: Connection[Any],
    block: RowBlock,
    form: definition.Form,
    marks: Sequence[Mark],
) -> NDArray[np.int16]:
    """Read (items + marks, m) stored codes of a block, columns in the order of the keys.

    All rows come as one value: a COPY hands over each by itself, which takes longer than
    reading them. `connection` may be that of another thread.

    Raises
    ------
    InvalidData
        As `load_responses`; the row is counted within the block.
    """
    noted = "".join(f", string_agg(int2send(mark{i}), '')" for i in range(len(marks)))
    named = "".join(f", ({m.sql})::int2 AS mark{i}" for i, m in enumerate(marks))
    query = (
        f"SELECT count(*), string_agg(array_send(answers), ''){noted} FROM ("  # noqa: S608
        f"SELECT answers{named} FROM surveys_response WHERE {IN_BLOCK} ORDER BY id"
        ") AS ordered"
    )
    values = [value for mark in marks for value in mark.values]
    ((n, answers, *rest),) = _fetched(connection, query, [*values, *block.bounds])
    items = np.frombuffer(
        answers or b"", dtype=_row_type(form.item_count, ROW_HEAD[2:])
    )
    if len(items) != n or (items["length"] != form.item_count).any():
        raise ValueError(f"Not every row holds {form.item_count} answers.")
    codes = np.empty((form.item_count + len(marks), n), np.int16)
    raw = codes[: form.item_count]
    raw[:] = items["items"]["code"].T
    for place, mark in enumerate(rest, start=form.item_count):
        codes[place] = np.frombuffer(mark or b"", dtype=">i2")
    missing = (raw < 0) & (raw >= FORBIDDEN_BELOW)
    _require_offered(raw.T, missing.T, form, first_row=1)
    return codes


def people_of_block(
    connection: Connection[Any], block: RowBlock
) -> list[tuple[Any, ...]]:
    """Return who gave each answer: id, number, unit, attributes; None for the erased.

    Only answers of identified surveys belong to somebody.
    """
    return _fetched(connection, PEOPLE_OF_ROWS, block.bounds)


def links_of_block(connection: Connection[Any], block: RowBlock) -> list[bytes | None]:
    """Return what links each answer of a block to other waves."""
    return [one for (one,) in _fetched(connection, LINKS_OF_ROWS, block.bounds)]


def fingerprint(form: definition.Form, blocks: Iterable[NDArray[np.int16]]) -> str:
    """Return the sha256 that a release of these answers has (`load_wave_answers`).

    `blocks` are `block_codes` with `release_marks`, in the order of the keys.
    """
    digest = hashlib.sha256(form.digest.encode())
    for codes in blocks:
        digest.update(codes.T.tobytes())
    return digest.hexdigest()


def release_marks(wave: Wave) -> list[Mark]:
    """Return what a release notes of each row: language, cell, duration, device."""
    return _marks_of_release(Cell.objects.filter(wave=wave))


def scope_connection() -> Connection[Any]:
    """Return the connection on which the caller's organization is set."""
    connections["default"].ensure_connection()
    found: Connection[Any] = connections["default"].connection
    return found


def _fetched(
    connection: Connection[Any], query: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Fetch in binary, past Django, whose connections belong to one thread."""
    with Cursor(connection) as cursor:
        cursor.execute(query.encode(), values, binary=True)
        return cursor.fetchall()


def _marks_of_release(cells: Iterable[Cell]) -> list[Mark]:
    keys = [cell.pk for cell in cells]
    return [LANGUAGE, Mark(CELL, (keys,)), DURATION, DEVICE]


def _units_of_rows(wave: Wave, cells: Sequence[Cell]) -> tuple[UUID | None, ...] | None:
    """Return the unit of everybody who answered by name; None in every other mode."""
    if cells or wave.survey.mode != Survey.Mode.IDENTIFIED:
        return None
    return units_of_rows(wave)


def _pseudonyms(wave: Wave) -> tuple[bytes | None, ...]:
    """Return what links the rows of a wave to other waves, in the order of their keys."""
    with connections["default"].cursor() as cursor:
        cursor.execute(PSEUDONYMS, [wave.pk])
        return tuple(None if one is None else bytes(one) for (one,) in cursor)


def _read(wave: Wave, form: definition.Form, marks: Sequence[Mark]) -> _Stored:
    """Key blocks of rows as they arrive, so that little more than the codes is held."""
    items = [Item(i.code, i.low, i.high, i.reverse) for i in form.scored_items]
    scored = np.isin([i.code for i in form.items], [item.code for item in items])
    digest = hashlib.sha256(form.digest.encode())
    blocks: list[ResponseMatrix] = []
    asked: list[NDArray[np.int16]] = []
    noted: list[NDArray[np.int16]] = []
    row = 1
    # closed before an error leaves: the transaction cannot end while a COPY runs
    with closing(_stored_codes(wave.pk, form.item_count, marks)) as stored:
        for block in stored:
            digest.update(block.tobytes())
            raw, noted_here = block[:, : form.item_count], block[:, form.item_count :]
            missing = (raw < 0) & (raw >= FORBIDDEN_BELOW)
            _require_offered(raw, missing, form, first_row=row)
            blocks.append(
                ResponseMatrix.from_raw(
                    raw[:, scored], items, missing=missing[:, scored], first_row=row
                )
            )
            asked.append(raw[:, ~scored].copy())
            noted.append(noted_here.copy())
            row += len(raw)
    return _Stored(
        ResponseMatrix.stack(blocks),
        np.concatenate(asked),
        np.concatenate(noted),
        digest.hexdigest(),
    )


def _require_offered(
    raw: NDArray[np.int16],
    missing: NDArray[np.bool_],
    form: definition.Form,
    *,
    first_row: int,
) -> None:
    """Refuse the first of (m, items) stored codes that its question does not offer."""
    low = np.array([item.low for item in form.items])
    high = np.array([item.high for item in form.items])
    wrong = ((raw < low) | (raw > high)) & ~missing
    if not wrong.any():
        return
    i, j = (int(at) for at in np.argwhere(wrong)[0])
    raise InvalidData(
        "out-of-range",
        row=first_row + i,
        item=form.items[j].code,
        value=int(raw[i, j]),
        low=int(low[j]),
        high=int(high[j]),
    )


def _stored_codes(
    wave_id: UUID,
    item_count: int,
    marks: Sequence[Mark],
) -> Generator[NDArray[np.int16], None, None]:
    """Yield the stored codes of a wave in pieces, rows in the order of their keys.

    After the last item stand the marks, in their order.
    """
    noted = ", ".join(mark.sql for mark in marks)
    query = (
        f"COPY (SELECT answers || ARRAY[{noted}]::smallint[]"  # noqa: S608
        " FROM surveys_response WHERE wave_id = %s ORDER BY id)"
        " TO STDOUT (FORMAT binary)"
    )
    values = [value for mark in marks for value in mark.values]
    connections["default"].ensure_connection()
    wrapped = connections["default"].connection
    with (
        wrapped.cursor() as cursor,
        cursor.copy(query, [*values, wave_id]) as copy,
    ):
        yield from decode_copy(copy, item_count + len(marks))


def decode_copy(
    stream: Iterable[bytes | bytearray | memoryview], item_count: int
) -> Iterator[NDArray[np.int16]]:
    """Read the binary COPY of one `smallint[]` column without going through Python.

    Yields (m, item_count) codes as they arrive, the last time perhaps none.

    Raises
    ------
    ValueError
        The stream is not such a column of arrays of `item_count` elements.
    """
    row = _row_type(item_count, ROW_HEAD)
    waiting = bytearray()
    headed = False
    for piece in stream:
        waiting += piece
        if len(waiting) >= BLOCK_BYTES:
            headed = headed or _drop_header(waiting)
            yield _whole_rows(waiting, row)
    headed = headed or _drop_header(waiting)
    last = _whole_rows(waiting, row)
    if not waiting.endswith(COPY_TRAILER):
        raise ValueError("This is not a whole binary COPY stream.")
    if waiting != COPY_TRAILER:
        raise ValueError(f"Not every row holds {item_count} answers.")
    yield last


def _row_type(item_count: int, head: Sequence[tuple[str, str]]) -> np.dtype[np.void]:
    return np.dtype([*head, ("items", [("bytes", ">i4"), ("code", ">i2")], item_count)])


def _drop_header(waiting: bytearray) -> bool:
    if not waiting.startswith(COPY_HEADER):
        raise ValueError("This is not a whole binary COPY stream.")
    extension = int.from_bytes(waiting[15:19], "big")
    del waiting[: 19 + extension]
    return True


def _whole_rows(waiting: bytearray, row: np.dtype[np.void]) -> NDArray[np.int16]:
    """Take the whole rows from the front of what is waiting, (m, item_count) codes."""
    ready = len(waiting) // row.itemsize * row.itemsize
    rows = np.frombuffer(bytes(waiting[:ready]), dtype=row)
    del waiting[:ready]
    item_count = row["items"].shape[0]
    if not ((rows["length"] == item_count) & (rows["nulls"] == 0)).all():
        raise ValueError(f"Not every row holds {item_count} answers.")
    return rows["items"]["code"].astype(np.int16)
