"""Who wrote a file of answers, and what its columns are called. Pure.

LimeSurvey heads its exports with codes, full texts or both; Qualtrics with three rows;
Google Forms and its like with the questions alone; SPSS and Stata say what values mean.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, get_args

from surveys.definition import LANGUAGES
from surveys.people.mapping import plain

Tool = Literal["limesurvey", "qualtrics", "spss", "stata", "other"]
TOOLS: tuple[Tool, ...] = get_args(Tool)
TOOL_NAMES: Final[Mapping[str, str]] = {
    "limesurvey": "LimeSurvey",
    "qualtrics": "Qualtrics",
    "spss": "SPSS",
    "stata": "Stata",
}
LONGEST: Final = 500  # characters of a heading that are kept
SHOWN_NAME: Final = 80
# What begins every row of our own exports, the language as a number.
OURS: Final = ("row", "wave", "form", "language")
# Columns that only LimeSurvey writes, by code and by heading in both languages.
_LIMESURVEY = frozenset(
    plain(one)
    for one in (
        *("submitdate", "lastpage", "startlanguage", "startdate", "datestamp"),
        *("Date submitted", "Last page", "Start language", "Date started"),
        *("提交日期", "最后一页", "起始语言", "开始语言", "提交时间", "最后页"),
    )
)
_IMPORT_ID = re.compile(r'\s*\{\s*"ImportId"\s*:')
# What a LimeSurvey heading with code and text looks like: "T1. I trust them"; the text
# of a question in an array stands in brackets behind the question above it.
_CODE_AND_TEXT = re.compile(
    r"([A-Za-z][A-Za-z0-9_]{0,40}(?:\[[^\]]{0,60}\])?)[.:]\s+(.+)"
)
_BRACKETS = re.compile(r"(.*?)\s*\[(.+)\]\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column of the file.

    Attributes
    ----------
    name : str
        Its code or, where there is none, its heading.
    text : str
        The question as the file has it.
    inner : str
        What stands in brackets behind the name: code or text of a question of an array.
    labels : mapping of value -> text
        Of SPSS and Stata.
    missing : tuple of (lowest, highest)
        Values that the file itself calls missing.
    """

    name: str
    text: str = ""
    inner: str = ""
    ident: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        return self.name[:SHOWN_NAME]

    def is_missing(self, value: str) -> bool:
        """Whether the file itself says that a value is no answer."""
        return any(value in ends or _between(value, *ends) for ends in self.missing)


@dataclass(frozen=True, slots=True)
class Source:
    """A whole file: who wrote it, how many rows head it, its columns."""

    tool: Tool
    head: int
    columns: tuple[SourceColumn, ...]

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Source":
        columns = tuple(
            SourceColumn(**{**one, "missing": tuple((a, b) for a, b in one["missing"])})
            for one in data["columns"]
        )
        return cls(data["tool"], data["head"], columns)


def source_of(
    first: Sequence[Sequence[str]],
    explained: Sequence[Mapping[str, Any]] = (),
    *,
    kind: str = "csv",
) -> Source:
    """Understand the rows that head a file.

    Parameters
    ----------
    first : sequence of rows
        The first three rows of the file, or fewer.
    explained : sequence of mappings
        What a file of SPSS or Stata says of its columns.
    """
    if explained:
        tool: Tool = "spss" if kind == "sav" else "stata"
        columns = tuple(_explained(one) for one in explained)
        return Source(tool, 1, columns)
    header = [_clean(cell) for cell in first[0]]
    if len(first) > 2 and any(_IMPORT_ID.match(cell) for cell in first[2]):
        return Source("qualtrics", 3, _qualtrics(header, first[1], first[2]))
    columns = tuple(_column(title, at) for at, title in enumerate(header, start=1))
    if header[: len(OURS)] == list(OURS):
        columns = tuple(
            _spoken(one) if one.name == OURS[-1] else one for one in columns
        )
    titles = {plain(one) for one in header} | {plain(one.name) for one in columns}
    if titles & _LIMESURVEY:
        return Source("limesurvey", 1, columns)
    return Source("other", 1, columns)


def _spoken(column: SourceColumn) -> SourceColumn:
    """Give the numbers of the column of languages in our own exports their meaning."""
    labels = {str(at): code for at, code in enumerate(LANGUAGES, start=1)}
    return replace(column, labels=labels)


def _explained(one: Mapping[str, Any]) -> SourceColumn:
    missing = tuple((str(low), str(high)) for low, high in one["missing"])
    inner = _BRACKETS.fullmatch(one["text"])
    return SourceColumn(
        one["name"],
        one["text"][:LONGEST],
        inner[2] if inner else "",
        "",
        one["labels"],
        missing,
    )


def _qualtrics(
    names: Sequence[str], texts: Sequence[str], idents: Sequence[str]
) -> tuple[SourceColumn, ...]:
    found = []
    for at, name in enumerate(names):
        text = _clean(texts[at]) if at < len(texts) else ""
        # the question of a matrix stands behind its row: "Question - Row"
        inner = text.rpartition(" - ")[2] if " - " in text else ""
        ident = _import_id(idents[at]) if at < len(idents) else ""
        found.append(SourceColumn(name or f"#{at + 1}", text, inner, ident))
    return tuple(found)


def _import_id(cell: str) -> str:
    try:
        said = json.loads(cell)
    except (ValueError, RecursionError):
        return ""
    ident = said.get("ImportId", "") if isinstance(said, dict) else ""
    return str(ident)[:100]


def _column(title: str, at: int) -> SourceColumn:
    """Take a heading apart: a code, a text, a code and a text; brackets behind either."""
    name, text = title or f"#{at}", ""
    if both := _CODE_AND_TEXT.fullmatch(title):
        name, text = both[1], both[2]
    elif " " in title or not title.isascii():
        text = title
    inner = _BRACKETS.fullmatch(text or name)
    return SourceColumn(name, text, inner[2] if inner else "")


def _clean(cell: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in cell)
    return " ".join(shown.split())[:LONGEST]


def _between(value: str, low: str, high: str) -> bool:
    numbers = [_number(one) for one in (low, value, high)]
    lowest, found, highest = numbers
    if lowest is None or found is None or highest is None:
        return False
    return lowest <= found <= highest


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
