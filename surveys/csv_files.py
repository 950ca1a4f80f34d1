"""Answers, comments and the codebook as lines of CSV, in UTF-8 with a byte order mark.

The mark makes spreadsheets read Chinese. Rows carry no key and no time.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import connections
from psycopg import sql

from surveys.definition import NOT_APPLICABLE, NOT_SHOWN, SKIPPED, Form, FormItem, Text
from surveys.models import Comment
from surveys.tenancy import organization_scope

BYTE_ORDER_MARK = "\ufeff"
BLOCK = 64 * 1024  # characters
# A spreadsheet takes a cell that starts so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

CODEBOOK_COLUMNS = (
    "item",
    "scale",
    "scale_en",
    "scale_zh_hans",
    "role",
    "wording_en",
    "wording_zh_hans",
    "low",
    "high",
    "labels_en",
    "labels_zh_hans",
    "reverse",
    "skipped",
    "not_applicable",
    "not_shown",
    "instrument",
    "version",
    "evidence_level",
)


def answer_lines(organization_id: UUID, wave_id: UUID, form: Form) -> Iterator[str]:
    """CSV of the answers as stored: one column an item, then language and versions.

    Runs in a transaction of its own, because a response streams after the request's.
    PostgreSQL writes the lines, in the order of the random keys.
    """
    header = [item.code for item in form.items]
    header += ["language", *(f"{i.code}.version" for i in form.instruments)]
    yield BYTE_ORDER_MARK + _line(header)
    columns = [
        *(
            sql.SQL("answers[{}]").format(sql.Literal(n + 1))
            for n in range(form.item_count)
        ),
        sql.SQL("language"),
        *(sql.Literal(instrument.version) for instrument in form.instruments),
    ]
    query = sql.SQL(
        "COPY (SELECT {} FROM surveys_response WHERE wave_id = {} ORDER BY id)"
        " TO STDOUT (FORMAT csv)"
    ).format(sql.SQL(", ").join(columns), sql.Literal(wave_id))
    with organization_scope(organization_id):
        connection = connections["default"].connection
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            for row in copy:
                yield bytes(row).decode()


def comment_lines(organization_id: UUID, wave_id: UUID) -> Iterator[str]:
    """CSV of the comments, in the order of their own random keys."""
    yield BYTE_ORDER_MARK + _line(["comment"])
    with organization_scope(organization_id):
        texts = Comment.objects.filter(wave=wave_id).order_by("id")
        for text in texts.values_list("text", flat=True).iterator(chunk_size=1000):
            yield _line([text])


def item_lines(form: Form) -> Iterator[str]:
    """CSV that says what every column of the answers means."""
    yield BYTE_ORDER_MARK + _line(CODEBOOK_COLUMNS)
    names = {scale.code: scale.name for scale in form.scales}
    for item in form.items:
        yield _line(_codebook_row(form, item, names[item.scale]))


def in_blocks(lines: Iterable[str]) -> Iterator[str]:
    """Join lines to blocks of about 64 KiB: a line alone is too little to send."""
    block, size = [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= BLOCK:
            yield "".join(block)
            block, size = [], 0
    yield "".join(block)


def _codebook_row(form: Form, item: FormItem, scale: Text) -> list[object]:
    instrument = next(i for i in form.instruments if item.code.startswith(f"{i.code}."))
    return [
        item.code,
        item.scale,
        scale.en,
        scale.zh_hans,
        item.role,
        item.text.en,
        item.text.zh_hans,
        item.low,
        item.high,
        _labels(item, "en"),
        _labels(item, "zh-hans"),
        int(item.reverse),
        SKIPPED,
        NOT_APPLICABLE if item.not_applicable else "",
        NOT_SHOWN,
        instrument.code,
        instrument.version,
        instrument.evidence_level,
    ]


def _labels(item: FormItem, language: str) -> str:
    """Points with their labels; only both ends have one where the range is long."""
    ends = len(item.labels) == 2
    points = (item.low, item.high) if ends else range(item.low, item.high + 1)
    pairs = zip(points, item.labels, strict=True)
    return "; ".join(f"{point} = {label.in_(language)}" for point, label in pairs)


def _line(cells: Iterable[object]) -> str:
    """One line of CSV; texts that a spreadsheet would calculate are made plain."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(_plain(cell) for cell in cells)
    return line.getvalue()


def _plain(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
