"""Answers of all waves of a survey as one file, and the codebook that explains it."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connections
from psycopg import sql

from surveys.csv_files import BYTE_ORDER_MARK, CODEBOOK_COLUMNS, item_cells, line
from surveys.definition import NOT_ASKED, Form
from surveys.definition.merging import MergedColumn, MergedForm
from surveys.models import Wave
from surveys.tenancy import organization_scope

MERGED_COLUMNS = (
    "not_asked",
    "reworded",
    "not_merged_en",
    "not_merged_zh_hans",
)


def merged_answer_lines(
    organization_id: UUID, waves: Sequence[Wave], merged: MergedForm
) -> Iterator[str]:
    """CSV of the answers as stored: wave, versions, language, one column an item.

    What a wave's version did not ask is -4. Runs in one transaction of its own, so that
    all waves are read as they stand at one moment; PostgreSQL writes the lines, wave by
    wave in the order of the random keys.

    Parameters
    ----------
    waves : sequence of Wave
        In the order of `merged.forms`.
    """
    instruments = _instruments(merged)
    header = ["wave", *(f"{code}.version" for code in instruments), "language"]
    header += [column.code for column in merged.columns]
    yield BYTE_ORDER_MARK + line(header)
    with organization_scope(organization_id):
        connection = connections["default"].connection
        for index, wave in enumerate(waves):
            query = _query(wave, merged, index, instruments)
            with connection.cursor() as cursor, cursor.copy(query) as copy:
                for row in copy:
                    yield bytes(row).decode()


def merged_item_lines(waves: Sequence[Wave], merged: MergedForm) -> Iterator[str]:
    """CSV that says what every column means, and what each wave asked in it."""
    asked_in = [f"wave_{wave.number}" for wave in waves]
    yield BYTE_ORDER_MARK + line([*CODEBOOK_COLUMNS, *MERGED_COLUMNS, *asked_in])
    for column in merged.columns:
        note = column.note
        yield line(
            [
                column.code,
                *item_cells(_newest(column, merged), column.item)[1:],
                NOT_ASKED,
                int(column.reworded),
                note.en if note is not None else "",
                note.zh_hans if note is not None else "",
                *(_asked(column, merged, index) for index in range(len(waves))),
            ]
        )


def _instruments(merged: MergedForm) -> list[str]:
    """Codes of every instrument asked, those of the newest form first."""
    newest_first = reversed(merged.forms)
    return list(dict.fromkeys(i.code for f in newest_first for i in f.instruments))


def _newest(column: MergedColumn, merged: MergedForm) -> Form:
    asking = (
        form
        for form, place in zip(merged.forms, column.places, strict=True)
        if place != NOT_ASKED
    )
    *_, newest = asking
    return newest


def _asked(column: MergedColumn, merged: MergedForm, index: int) -> object:
    """Version and code asked in a wave, such as ``OUT-C 1: OUT-C.SAT1``, or -4."""
    item, key = merged.asked(column, index), merged.key_of(column, index)
    if item is None or key is None:
        return NOT_ASKED
    return f"{key[0]} {key[1]}: {item.code}"


def _query(
    wave: Wave, merged: MergedForm, index: int, instruments: Sequence[str]
) -> sql.Composed:
    versions = {i.code: i.version for i in merged.forms[index].instruments}
    places = [column.places[index] for column in merged.columns]
    columns = [
        sql.Literal(wave.number),
        *(sql.Literal(versions.get(code)) for code in instruments),
        sql.SQL("language"),
        *(_cell(place) for place in places),
    ]
    return sql.SQL(
        "COPY (SELECT {} FROM surveys_response WHERE wave_id = {} ORDER BY id)"
        " TO STDOUT (FORMAT csv)"
    ).format(sql.SQL(", ").join(columns), sql.Literal(wave.pk))


def _cell(place: int) -> sql.Composable:
    if place == NOT_ASKED:
        return sql.Literal(NOT_ASKED)
    return sql.SQL("answers[{}]").format(sql.Literal(place + 1))
