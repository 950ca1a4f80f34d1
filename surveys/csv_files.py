"""The codebook of a form as lines of CSV, in UTF-8 with a byte order mark.

The mark makes spreadsheets read Chinese. Every CSV file of ours is written with `line`.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from surveys.definition import (
    NOT_APPLICABLE,
    NOT_SHOWN,
    SKIPPED,
    Condition,
    Form,
    FormItem,
    FormText,
    Text,
)

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
    "kind",
    "model",
    "unit_en",
    "unit_zh_hans",
    "expected",
    "show_if",
    "earlier_code",
    "referent",
    "shuffled",
)


def item_lines(form: Form) -> Iterator[str]:
    """CSV that says what every column of the answers means, and every free text."""
    yield BYTE_ORDER_MARK + line(CODEBOOK_COLUMNS)
    for asked in form.questions:
        yield line(item_cells(form, asked))


def item_cells(form: Form, asked: FormItem | FormText) -> list[object]:
    """What `CODEBOOK_COLUMNS` name, of one question of `form`."""
    scale = next(scale for scale in form.scales if scale.code == asked.scale)
    return [
        asked.code,
        asked.scale,
        scale.name.en,
        scale.name.zh_hans,
        scale.role,
        asked.text.en,
        asked.text.zh_hans,
        *_answer_cells(asked),
        *_instrument_cells(form, asked.code),
        asked.kind if isinstance(asked, FormItem) else "text",
        scale.model,
        *_later_cells(asked),
        int(scale.shuffled),
    ]


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


def _instrument_cells(form: Form, code: str) -> list[object]:
    instrument = form.instrument_of(code)
    return [instrument.code, instrument.version, instrument.evidence_level]


def _answer_cells(asked: FormItem | FormText) -> list[object]:
    """From the lowest code to what stands for a missing answer.

    A text is no column of the answers: it has a longest length and no codes.
    """
    if isinstance(asked, FormText):
        return ["", asked.longest, "", "", 0, "", "", ""]
    return [
        asked.low,
        asked.high,
        _labels(asked, "en"),
        _labels(asked, "zh-hans"),
        int(asked.reverse),
        SKIPPED,
        NOT_APPLICABLE if asked.not_applicable else "",
        NOT_SHOWN,
    ]


def _later_cells(asked: FormItem | FormText) -> list[object]:
    """Unit, expected point, condition, earlier code and the scale's own referent."""
    item = asked if isinstance(asked, FormItem) else None
    unit = item.unit if item is not None and item.unit is not None else Text("", "")
    return [
        unit.en,
        unit.zh_hans,
        item.expect if item is not None and item.expect is not None else "",
        " and ".join(_condition(one) for one in asked.show_if),
        asked.lineage or "",
        item.referent or "" if item is not None else "",
    ]


def _condition(condition: Condition) -> str:
    return f"{condition.item} in ({', '.join(map(str, condition.codes))})"


def _labels(item: FormItem, language: str) -> str:
    """Points with their labels; only both ends have one where the range is long."""
    if not item.labels:
        return ""
    ends = len(item.labels) == 2
    points = (item.low, item.high) if ends else range(item.low, item.high + 1)
    pairs = zip(points, item.labels, strict=True)
    return "; ".join(f"{point} = {label.in_(language)}" for point, label in pairs)


def line(cells: Iterable[object]) -> str:
    """One line of CSV; texts that a spreadsheet would calculate are made plain."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(_plain(cell) for cell in cells)
    return written.getvalue()


def _plain(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
