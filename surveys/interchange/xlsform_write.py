"""A questionnaire as XLSForm, for ODK, KoboToolbox and whoever works in a spreadsheet.

The sheets survey, choices and settings are plain XLSForm; what it has no place for
stands in columns that begin with ``trust_`` and in a sheet of its own. ``{referent}``
stays as it is: the name of whom the trust is in is put in by hand or by this product.
"""

import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from surveys.definition.conditions import Condition
from surveys.definition.questionnaire import Item, Questionnaire, ResponseFormat, Scale
from surveys.definition.text import Text
from surveys.interchange.conditions import to_xpath
from surveys.interchange.markup import plain
from surveys.interchange.own import (
    formats_of,
    item_part,
    languages_used,
    options_of,
    questionnaire_part,
    scale_part,
)
from surveys.interchange.xlsform_read import FACETS, OWN_PREFIX, OWN_SHEET

NAMES = {"en": "English (en)", "zh-hans": "Chinese (zh)"}
_LIST_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# XLSX holds 32,767 characters a cell.
_CELL = 30_000
# The file says no more of when it was made than the questionnaire does.
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_FLAGS = ("reverse", "short")
Cells = Mapping[str, str]


def to_xlsform(questionnaire: Questionnaire) -> bytes:
    """XLSX file of `questionnaire`; every cell is a typed text, none a formula."""
    languages = languages_used(questionnaire)
    lists = _lists(questionnaire)
    labels = [f"label::{NAMES[one]}" for one in languages]
    hints = [f"hint::{NAMES[one]}" for one in languages]
    own = [f"{OWN_PREFIX}{key}" for key in (*_FLAGS, "model", "format")]
    columns = ["type", "name", *labels, *hints, "relevant", "constraint", *own]
    columns += [*FACETS.values(), f"{OWN_PREFIX}more"]
    survey = [
        row
        for scale in questionnaire.scales
        for row in _scale_rows(questionnaire, scale, lists)
    ]
    return _workbook(
        {
            "survey": _table(columns, survey),
            "choices": _table(
                ["list_name", "name", *labels], _choices(questionnaire, lists)
            ),
            "settings": _table(
                ["form_title", "form_id", "version", "default_language"],
                [_settings(questionnaire)],
            ),
            OWN_SHEET: _own_rows(questionnaire, lists),
        }
    )


def _lists(questionnaire: Questionnaire) -> dict[str, str]:
    """Name of the list of options by code of the format."""
    found: dict[str, str] = {}
    for number, code in enumerate(formats_of(questionnaire), start=1):
        found[code] = code if _LIST_NAME.fullmatch(code) else f"list_{number}"
    return found


def _settings(questionnaire: Questionnaire) -> Cells:
    language = questionnaire.languages[0]
    return {
        "form_title": questionnaire.name.in_(language),
        "form_id": questionnaire.code,
        "version": str(questionnaire.version),
        "default_language": NAMES[language],
    }


def _choices(questionnaire: Questionnaire, lists: Cells) -> list[Cells]:
    return [
        {"list_name": lists[code], "name": name, **_texts("label", label)}
        for code, format in formats_of(questionnaire).items()
        if format.closed
        for name, label in options_of(format)
    ]


def _scale_rows(
    questionnaire: Questionnaire, scale: Scale, lists: Cells
) -> Iterable[Cells]:
    part = scale_part(scale)
    items = {item.code for item in questionnaire.items}
    # a group that is called like a question would make ${...} ambiguous
    name = f"scale_{scale.code}" if scale.code in items else scale.code
    yield {
        "type": "begin_group",
        "name": name,
        **_texts("label", scale.name),
        "relevant": _relevant(scale.show_if),
        **{f"{OWN_PREFIX}{key}": part.pop(key) for key in ("model", "format")},
        f"{OWN_PREFIX}more": _json(part),
    }
    for item in scale.items:
        yield _item_row(item, scale.format_of(item), lists)
    yield {"type": "end_group", "name": name}


def _item_row(item: Item, format: ResponseFormat, lists: Cells) -> Cells:
    part = item_part(item)
    facet = part.pop("facet")
    own = {f"{OWN_PREFIX}{key}": "yes" for key in _FLAGS if part.pop(key, False)}
    own |= {column: facet.get(language, "") for language, column in FACETS.items()}
    if "format" in part:
        own[f"{OWN_PREFIX}format"] = part.pop("format")
    del part["code"]
    if part:
        own[f"{OWN_PREFIX}more"] = _json(part)
    return {
        "name": item.code,
        **_answer(format, lists),
        **_texts("label", item.text),
        "relevant": _relevant(item.show_if),
        **own,
    }


def _answer(format: ResponseFormat, lists: Cells) -> dict[str, str]:
    match format.kind:
        case "number":
            unit = {} if format.unit is None else _texts("hint", format.unit)
            limits = f". >= {format.low} and . <= {format.high}"
            return {"type": "integer", "constraint": limits, **unit}
        case "text":
            limits = f"string-length(.) <= {format.longest}"
            return {"type": "text", "constraint": limits}
        case _:
            return {"type": f"select_one {lists[format.code]}"}


def _own_rows(questionnaire: Questionnaire, lists: Cells) -> list[list[str]]:
    part = questionnaire_part(questionnaire)
    for code, format in part["formats"].items():
        if lists[code] != code:
            format["list"] = lists[code]
    if _looks_like_html(questionnaire):
        part["literal"] = True
    rows = [["key", "value"]]
    for key, value in part.items():
        text = _json(value)
        rows.append([key, *(text[n : n + _CELL] for n in range(0, len(text), _CELL))])
    return rows


def _looks_like_html(questionnaire: Questionnaire) -> bool:
    """Whether a reader would take anything in the texts for HTML."""
    texts: list[Text] = [questionnaire.name]
    for scale in questionnaire.scales:
        texts += [scale.name, *(item.text for item in scale.items)]
    for format in formats_of(questionnaire).values():
        texts += [*format.labels, *([format.unit] if format.unit else [])]
    return any(
        plain(wording, is_html=False)[0] != wording
        for text in texts
        for wording in text.wordings.values()
    )


def _relevant(condition: Condition | None) -> str:
    return "" if condition is None else to_xpath(condition.item, condition.codes)


def _texts(column: str, text: Text) -> dict[str, str]:
    return {f"{column}::{NAMES[one]}": said for one, said in text.wordings.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(columns: list[str], rows: Iterable[Cells]) -> list[list[str]]:
    return [columns, *([row.get(column, "") for column in columns] for row in rows)]


def _workbook(sheets: Mapping[str, list[list[str]]]) -> bytes:
    stream = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _MADE})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        # never `write`: it would make a formula of "=1"
                        sheet.write_string(number, column, text)
    return stream.getvalue()
