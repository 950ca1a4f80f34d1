"""XLSForm (the sheets survey, choices, settings) to sections of questions."""

import json
import re
from collections.abc import Iterator
from typing import Any

from surveys.interchange.conditions import from_xpath, limits_of, longest_of
from surveys.interchange.languages import language_of
from surveys.interchange.raw import Option, Question, Raw, Section, Wordings
from surveys.interchange.workbook import Sheets

# The sheet and the columns in which this product keeps what XLSForm has no place for.
OWN_SHEET = "trustsurvey"
OWN_PREFIX = "trust_"
NOT_APPLICABLE = "na"
_ASIDE = frozenset({"na", "n/a", "-2", "not_applicable"})
_SILENT = frozenset(
    {
        *("note", "calculate", "hidden", "start", "end", "today", "deviceid"),
        *("subscriberid", "simserial", "phonenumber", "username", "email", "audit"),
        *("start-geopoint", "background-audio", "xml-external", "csv-external"),
        *("acknowledge", "trigger", "background-geopoint"),
    }
)
_SELECT = re.compile(
    r"(?:select[ _]one|select1|rating)(?:[ _]from)?\s+(\S+)(\s+or[ _]other)?",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(begin|end)[ _](group|repeat)", re.IGNORECASE)
_NUMBERS = {"integer": False, "int": False, "decimal": True}
_TEXTS = frozenset({"text", "string"})
_ALIASES = {
    "caption": "label",
    "text": "label",
    "relevance": "relevant",
    "list name": "list_name",
}


class XlsForm:
    """Reads one workbook; `raw` is what it found."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = {
            name.strip().lower(): rows for name, rows in sheets.rows.items()
        }
        settings = self._settings()
        name = settings.get("form_id") or settings.get("form_title") or ""
        self.raw = Raw(name=name, names={})
        self.default = language_of(settings.get("default_language", "")) or ""
        title = settings.get("form_title", "")
        if title:
            self.raw.names = {self.default: title}
        if sheets.formulas:
            self.raw.note("formula_cells", "", number=sheets.formulas)
        self._own()
        self._lists = self._choices()
        self._survey()

    def _settings(self) -> dict[str, str]:
        return next((cells for _, cells in self._rows("settings")), {})

    def _rows(self, sheet: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows under the heading, by column; blank cells are left out."""
        rows = self._sheets.get(sheet, [])
        header: list[str] = []
        for row in rows:
            if not header:
                header = [_column(cell) for cell in row.cells]
                continue
            cells: dict[str, str] = {}
            for column, cell in zip(header, row.cells, strict=False):
                if column and cell.strip():
                    cells.setdefault(column, cell.strip())
            if cells:
                yield row.number, cells

    def _own(self) -> None:
        """Keys of a questionnaire that this product wrote into its own sheet."""
        for row in self._sheets.get(OWN_SHEET, [])[1:]:
            key, value = row.cells[0], "".join(row.cells[1:])
            try:
                self.raw.extra[key] = json.loads(value)
            except (ValueError, RecursionError):
                where = f"{OWN_SHEET}:{row.number}"
                self.raw.note("extra_unreadable", where, name=key)
        self.raw.literal = self.raw.extra.pop("literal", False) is True
        self.raw.names = _said(self.raw.extra.get("name")) or self.raw.names
        self.raw.descriptions = _said(self.raw.extra.get("description"))

    def _choices(self) -> dict[str, list[Option]]:
        sheet = "choices" if "choices" in self._sheets else "choices and columns"
        columns = self._languages(sheet, "label")
        found: dict[str, list[Option]] = {}
        for _, cells in self._rows(sheet):
            name = cells.get("name") or cells.get("value") or ""
            list_name = cells.get("list_name") or cells.get("list name") or ""
            if name and list_name:
                labels = _wordings(cells, columns)
                found.setdefault(list_name, []).append(Option(name, labels))
        return found

    def _languages(self, sheet: str, column: str) -> dict[str, str]:
        """Columns of `column` with their language, in the order of the sheet."""
        rows = self._sheets.get(sheet, [])
        found: dict[str, str] = {}
        for cell in rows[0].cells if rows else ():
            plain = _column(cell)
            base, separator, label = plain.partition("::")
            if base != column:
                continue
            language = language_of(label) if separator else self.default
            if language is None:
                self.raw.note("language_left_out", f"{sheet}:1", language=label)
            elif language in found.values():
                self.raw.note(
                    "second_language_column",
                    f"{sheet}:1",
                    column=cell.strip(),
                    language=language or label,
                )
                found[plain] = language
            else:
                found[plain] = language
        return found

    def _survey(self) -> None:
        labels = self._languages("survey", "label")
        hints = self._languages("survey", "hint")
        open_groups: list[tuple[str, Section]] = []
        root = Section("", "", {})
        self.raw.sections.append(root)
        for number, cells in self._rows("survey"):
            where = f"survey:{number}"
            kind = " ".join(cells.get("type", "").split())
            group = _GROUP.fullmatch(kind)
            name = cells.get("name", "")
            if group is not None and group[1].lower() == "begin":
                parent = open_groups[-1][1] if open_groups else root
                section = self._group(where, cells, _wordings(cells, labels), parent)
                if group[2].lower() == "repeat":
                    self.raw.note("repeat_flattened", where, name=name)
                open_groups.append((name, section))
            elif group is not None:
                if open_groups:
                    open_groups.pop()
                # what follows a group stands in a section of its own
                self._reopen(open_groups, root)
            elif kind:
                section = open_groups[-1][1] if open_groups else self.raw.sections[-1]
                question = self._question(where, kind, cells)
                if question is not None:
                    question.texts = _wordings(cells, labels)
                    if question.kind == "number":
                        question.unit = _wordings(cells, hints)
                    section.questions.append(question)

    def _reopen(self, open_groups: list[tuple[str, Section]], root: Section) -> None:
        if open_groups:
            name, outer = open_groups[-1]
            section = Section(
                outer.name,
                outer.where,
                outer.names,
                condition=outer.condition,
                condition_text=outer.condition_text,
            )
            open_groups[-1] = (name, section)
        else:
            section = Section("", root.where, {})
        self.raw.sections.append(section)

    def _group(
        self, where: str, cells: dict[str, str], names: Wordings, parent: Section
    ) -> Section:
        section = Section(cells.get("name", "").removeprefix("scale_"), where, names)
        written = cells.get("relevant", "")
        section.condition_text = written or parent.condition_text
        section.condition = from_xpath(written) if written else parent.condition
        if written and parent.condition_text:
            # two conditions at once cannot be kept
            section.condition = None
            section.condition_text = f"{parent.condition_text} and {written}"
        section.extra = self._extra(where, cells)
        self.raw.sections.append(section)
        return section

    def _question(
        self, where: str, kind: str, cells: dict[str, str]
    ) -> Question | None:
        name = cells.get("name", "")
        question = Question(name, where, {}, extra=self._extra(where, cells))
        question.condition_text = cells.get("relevant", "")
        question.condition = from_xpath(question.condition_text)
        select = _SELECT.fullmatch(kind)
        lowered = kind.lower()
        constraint = cells.get("constraint", "")
        if select is not None and select[1] in self._lists:
            self._select(question, select)
        elif lowered in _NUMBERS:
            question.kind = "number"
            question.low, question.high = limits_of(constraint)
            if _NUMBERS[lowered]:
                self.raw.note("decimals_as_whole", where, name=name)
        elif lowered in _TEXTS:
            question.kind = "text"
            question.longest = longest_of(constraint)
        else:
            silent = lowered in _SILENT
            code = "not_a_question" if silent else "unsupported_type"
            self.raw.note(code, where, name=name, type=kind)
            return None
        return question

    def _select(self, question: Question, select: re.Match[str]) -> None:
        options = self._lists[select[1]]
        question.options_name = select[1]
        question.options = [
            Option(o.name, dict(o.labels))
            for o in options
            if o.name.lower() not in _ASIDE
        ]
        question.not_applicable = len(question.options) < len(options)
        hints = self.raw.extra.get("formats")
        hint = (
            hints.get(_list_code(hints, select[1])) if isinstance(hints, dict) else None
        )
        if isinstance(hint, dict):
            question.kind = "choice" if hint.get("kind") == "choice" else "rating"
        if select[2]:
            where, name = question.where, question.name
            self.raw.note("option_left_out", where, name=name, option="or_other")

    def _extra(self, where: str, cells: dict[str, str]) -> dict[str, Any]:
        """What this product wrote into its own columns of the row."""
        found: dict[str, Any] = {}
        more = cells.get(f"{OWN_PREFIX}more", "")
        if more:
            try:
                read = json.loads(more)
            except (ValueError, RecursionError):
                read = None
            if isinstance(read, dict):
                found |= read
            else:
                self.raw.note("extra_unreadable", where, name=cells.get("name", ""))
        for flag in ("reverse", "short"):
            if cells.get(OWN_PREFIX + flag, "").lower() in ("yes", "true", "1"):
                found[flag] = True
        for key in ("model", "format"):
            if cells.get(OWN_PREFIX + key):
                found[key] = cells[OWN_PREFIX + key]
        facet = {
            language: cells[column]
            for language, column in FACETS.items()
            if cells.get(column)
        }
        return found | ({"facet": facet} if facet else {})


FACETS = {"en": f"{OWN_PREFIX}facet_en", "zh-hans": f"{OWN_PREFIX}facet_zh"}


def read_xlsform(sheets: Sheets) -> Raw:
    """Sections of the workbook `sheets`, which has a sheet named survey."""
    return XlsForm(sheets).raw


def _list_code(hints: dict[str, Any], list_name: str) -> str:
    """Code of the format that this product wrote as the list `list_name`."""
    for code, hint in hints.items():
        if isinstance(hint, dict) and hint.get("list") == list_name:
            return str(code)
    return list_name


def _said(value: object) -> Wordings:
    if not isinstance(value, dict):
        return {}
    return {str(language): str(text) for language, text in value.items()}


def _column(cell: str) -> str:
    """Heading in small letters, its language kept: ``label::English (en)``."""
    base, separator, label = cell.partition("::")
    if not separator:
        base, separator, label = cell.partition(":")
    base = " ".join(base.split()).lower()
    base = _ALIASES.get(base, base)
    if base == "bind":
        return label.strip().lower()
    return f"{base}::{label.strip()}" if separator else base


def _wordings(cells: dict[str, str], columns: dict[str, str]) -> Wordings:
    found: Wordings = {}
    for column, language in columns.items():
        if cells.get(column):
            found.setdefault(language, cells[column])
    return found
