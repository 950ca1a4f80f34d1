"""A table of items, one line an item: ``item,scale,keyed,source,text_en,text_zh``."""

import csv
import io
from collections.abc import Iterable, Sequence

from surveys.definition.parse_scales import MOST_ITEMS
from surveys.interchange.findings import ImportRefused
from surveys.interchange.languages import language_of
from surveys.interchange.markup import from_cell
from surveys.interchange.raw import Question, Raw, Section

_DELIMITERS = (",", "\t", ";")
_COLUMNS = {
    "code": ("item", "code", "name", "id", "variable", "题目", "编号", "代码"),
    "scale": ("scale", "dimension", "factor", "subscale", "量表", "维度"),
    "key": ("keyed", "key", "keying", "reverse", "reversed", "反向", "计分"),
    "text": ("text", "wording", "question", "label", "statement", "题干", "文字"),
    "facet": ("facet",),
}
_PLAIN = frozenset({"1", "+1", "+", "0", "false", "no", "n", "否", "正向", ""})
_REVERSED = frozenset({"-1", "-", "true", "yes", "y", "r", "是", "反向"})
Lines = Iterable[tuple[int, Sequence[str]]]


def read_items(table: str | Lines) -> Raw:
    """Sections, one a scale in the order of first mention; without answer formats.

    Parameters
    ----------
    table : str or lines
        Text with commas, semicolons or tabs between cells, or numbered rows.
    """
    lines = iter(_lines(table) if isinstance(table, str) else table)
    first = next(lines, None)
    if first is None:
        raise ImportRefused("bad_table")
    raw = Raw(name="", names={})
    columns, texts = _header(raw, first[1])
    sections: dict[str, Section] = {}
    number = 0
    for line, cells in lines:
        values = {key: _cell(cells, place) for key, place in columns.items()}
        wordings = {
            language: _cell(cells, place)
            for language, place in texts.items()
            if _cell(cells, place)
        }
        where = f":{line}"
        if not wordings:
            if any(values.values()):
                raw.note("no_text", where)
            continue
        number += 1
        if number > MOST_ITEMS:
            raise ImportRefused("too_many", {"number": number, "most": MOST_ITEMS})
        name = values.get("scale", "")
        # a heading has no language of its own: it is taken for every language there is
        names = dict.fromkeys(texts, name) if name else {}
        section = sections.setdefault(name, Section(name, where, names))
        code = values.get("code") or f"Q{number}"
        question = Question(code, where, wordings)
        if _reversed(raw, where, columns, values):
            question.extra["reverse"] = True
        if values.get("facet"):
            question.extra["facet"] = dict.fromkeys(texts, values["facet"])
        section.questions.append(question)
    raw.sections = list(sections.values())
    return raw


def _lines(text: str) -> Lines:
    """Rows with the number of the line they end on."""
    heading = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:
        raise ImportRefused("bad_table") from None


def _header(raw: Raw, cells: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Places of the known columns, and of the texts by language."""
    columns: dict[str, int] = {}
    texts: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = " ".join(cell.split()).lower()
        base, separator, label = (
            name.replace("::", "_").replace(" ", "_").partition("_")
        )
        if base in _COLUMNS["text"]:
            language = language_of(label.strip("()")) if separator else ""
            if language is None:
                raw.note("language_left_out", ":1", language=label)
            elif language in texts:
                column = cell.strip()
                raw.note(
                    "second_language_column", ":1", column=column, language=language
                )
            else:
                texts[language] = place
            continue
        key = next((k for k, names in _COLUMNS.items() if name in names), None)
        if key is not None and key not in columns:
            columns[key] = place
        elif name:
            raw.note("column_left_out", ":1", column=cell.strip())
    if not texts:
        raise ImportRefused("bad_table")
    return columns, texts


def _cell(cells: Sequence[str], place: int) -> str:
    return from_cell(cells[place].strip()) if place < len(cells) else ""


def _reversed(
    raw: Raw, where: str, columns: dict[str, int], values: dict[str, str]
) -> bool:
    if "key" not in columns:
        return False
    value = values["key"].lower().removesuffix(".0")
    if value not in _PLAIN | _REVERSED:
        raw.note("bad_keying", where, value=value)
    return value in _REVERSED
