"""Answers in a table from elsewhere: read row by row, checked against a form.

Nothing is stored here. A table of any length is read in the memory of one row, and what
cannot be used is named by line, column and value.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from surveys.definition import (
    NOT_APPLICABLE,
    NOT_SHOWN,
    SKIPPED,
    DefinitionError,
    Form,
    FormItem,
    Text,
    all_met,
)
from surveys.wording import item_code, separator

MOST_BYTES = 100 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 2_000
LONGEST_ROW = 200_000  # characters
LONGEST_CELL = 100_000  # characters
SHOWN_PROBLEMS = 50
_CHUNK = 1 << 16
_REMEMBERED = 10_000  # values of one column
_SHOWN_VALUE = 40
_WHOLE = re.compile(r"-?[0-9]{1,5}(\.0+)?", re.ASCII)
# Our own exports carry these codes; they are never points of a scale.
_OURS = frozenset({SKIPPED, NOT_APPLICABLE, NOT_SHOWN})

_SENTENCES: Mapping[str, Text] = {
    "too_large_file": Text(
        "The file is larger than {most} MB; split it.",
        "文件大于 {most} MB；请拆分。",
    ),
    "not_text": Text(
        "The file is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8.",
        "文件既不是 UTF-8 也不是 GB18030 文本；请另存为 UTF-8 编码的 CSV。",
    ),
    "not_a_table": Text(
        "Line {line} cannot be read ({problem}); save the table as CSV again.",
        "第 {line} 行无法读取（{problem}）；请重新另存为 CSV。",
    ),
    "too_long_row": Text(
        "Line {line} is longer than {most} characters; this is no table of answers.",
        "第 {line} 行超过 {most} 个字符；这不是答卷表格。",
    ),
    "too_many_columns": Text(
        "The table has {number} columns; the limit is {most}.",
        "表格有 {number} 列；上限为 {most} 列。",
    ),
    "too_many_rows": Text(
        "The table has more than {most} rows; split it.",
        "表格超过 {most} 行；请拆分。",
    ),
    "no_header": Text(
        "The file is empty; its first row has to name the columns.",
        "文件为空；第一行须为列名。",
    ),
    "no_item": Text(
        "No column is named after an item of this questionnaire; the codes are {codes}.",
        "没有任何一列以本问卷的题目编号命名；题目编号为：{codes}。",
    ),
    "same_item": Text(
        "The columns '{first}' and '{second}' both mean the item {code}; remove one.",
        "“{first}”和“{second}”两列都表示题目 {code}；请删除其一。",
    ),
    "missing_is_answer": Text(
        "'{value}' cannot stand for a missing answer: it is an answer to {code}.",
        "“{value}”不能表示缺失：它是题目 {code} 的有效答案。",
    ),
}


class AnswersError(DefinitionError):
    """A table of answers cannot be used; one sentence in either language."""

    sentences: ClassVar[Mapping[str, Text]] = _SENTENCES


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table mean.

    Attributes
    ----------
    names : tuple of str
        As the first row has them.
    positions : tuple of int or None
        Column of every item of the form, in its order; None: the table has none.
    ignored : tuple of str
        Names of the columns that are no item.
    missing : tuple of FormItem
        Items that the table does not have.
    """

    names: tuple[str, ...]
    positions: tuple[int | None, ...]
    ignored: tuple[str, ...]
    missing: tuple[FormItem, ...]

    @property
    def matched(self) -> tuple[str, ...]:
        """Names of the columns that are items, in the order of the form."""
        return tuple(self.names[at] for at in self.positions if at is not None)

    @property
    def missing_codes(self) -> tuple[str, ...]:
        return tuple(_short(item.code) for item in self.missing)


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that its item does not offer; `column` is blank for a row too long."""

    line: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its codes in form order, or the problems that it has."""

    codes: tuple[int, ...]
    problems: tuple[Problem, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered."""
        return not self.problems and all(code < 0 for code in self.codes)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a whole table found.

    Attributes
    ----------
    answered, blank, wrong : int
        Rows with an answer, without any, and with a value that no item offers.
    problems : tuple of Problem
        The first of them.
    """

    columns: Columns
    answered: int
    blank: int
    wrong: int
    problems: tuple[Problem, ...]


class Table:
    """A file of answers that can be gone through more than once.

    Raises
    ------
    AnswersError
        The file is too large, no text, or names no item of `form`.
    """

    def __init__(self, file: BinaryIO, form: Form, *, missing: Collection[str]) -> None:
        self._file = file
        self._form = form
        self._missing = frozenset(value.strip() for value in missing)
        self._encoding = _encoding(file)
        _refuse_answers(self._missing, form)
        header = next(self._cells(), None)
        if header is None:
            raise AnswersError("no_header")
        self.columns = _columns(header[1], form)

    def look(self) -> Looked:
        """Go through every row and count."""
        counts = {"answered": 0, "blank": 0, "wrong": 0}
        problems: list[Problem] = []
        for row in self.rows():
            kind = "wrong" if row.problems else "blank" if row.is_blank else "answered"
            counts[kind] += 1
            problems += row.problems[: SHOWN_PROBLEMS - len(problems)]
        return Looked(self.columns, problems=tuple(problems), **counts)

    def rows(self) -> Iterator[Row]:
        """Every row below the first, in the order of the table."""
        columns, form = self.columns, self._form
        readers = [
            (at, _Codes(item, self._missing))
            for at, item in zip(columns.positions, form.items, strict=True)
        ]
        conditional = any(item.show_if for item in form.items)
        cells_of_rows = self._cells()
        next(cells_of_rows)
        for number, (line, cells) in enumerate(cells_of_rows, start=1):
            if number > MOST_ROWS:
                raise AnswersError("too_many_rows", params={"most": MOST_ROWS})
            if len(cells) != len(columns.names):
                problem = Problem(line, "", str(len(cells)))
                yield Row((), (problem,))
                continue
            found = [NOT_SHOWN if at is None else r[cells[at]] for at, r in readers]
            if None in found:
                yield Row((), _problems(line, cells, columns, found))
                continue
            codes = [code for code in found if code is not None]
            yield Row(_shown(form, codes) if conditional else tuple(codes), ())

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        """Rows that hold anything, each with its line; from the beginning."""
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding=self._encoding, newline="")
        try:
            yield from _parsed(text)
        finally:
            text.detach()  # the file is not ours to close


def _parsed(text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(text)
    first = text.readline(LONGEST_ROW)
    lines.put_back(first)
    reader = csv.reader(lines, delimiter=separator(first))
    line = 1
    try:
        for cells in reader:
            lines.read = 0
            _refuse_endless(cells)
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        params: dict[str, object] = {"line": line, "problem": problem}
        raise AnswersError("not_a_table", params=params) from problem


def _refuse_endless(cells: list[str]) -> None:
    """Refuse a cell that never ends, whatever limit the module csv has just now."""
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise csv.Error(f"field larger than field limit ({LONGEST_CELL})")


class _Lines:
    """Lines of a text, refused where one row would fill the memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._waiting = ""
        self._number = 0
        self.read = 0  # characters of the row under way

    def put_back(self, line: str) -> None:
        self._waiting = line

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._waiting or self._text.readline(LONGEST_ROW)
        self._waiting = ""
        if not line:
            raise StopIteration
        self._number += 1
        self.read += len(line)
        if self.read >= LONGEST_ROW:
            params: dict[str, object] = {"line": self._number, "most": LONGEST_ROW}
            raise AnswersError("too_long_row", params=params)
        return line


class _Codes(dict[str, int | None]):
    """Code of a cell of one item; None: no answer that the item offers."""

    def __init__(self, item: FormItem, missing: frozenset[str]) -> None:
        super().__init__()
        self._item = item
        self._missing = missing

    def __missing__(self, cell: str) -> int | None:
        code = _code(cell, self._item, self._missing)
        # values of a hostile column may all differ
        if len(self) < _REMEMBERED:
            self[cell] = code
        return code


def _code(cell: str, item: FormItem, missing: frozenset[str]) -> int | None:
    written = unicodedata.normalize("NFKC", cell).strip()
    if not written or written in missing:
        return SKIPPED
    if not _WHOLE.fullmatch(written):
        return None
    # statistics programs write 4.0 where a column has gaps
    code = int(written.partition(".")[0])
    return code if item.low <= code <= item.high or code in _OURS else None


def _shown(form: Form, codes: Sequence[int]) -> tuple[int, ...]:
    """As the intake does: what was not shown has no answer, whatever the table says."""
    given: dict[str, int] = {}
    for item, code in zip(form.items, codes, strict=True):
        given[item.code] = code if all_met(item.show_if, given) else NOT_SHOWN
    return tuple(given.values())


def _problems(
    line: int, cells: Sequence[str], columns: Columns, found: Sequence[int | None]
) -> tuple[Problem, ...]:
    return tuple(
        Problem(line, columns.names[at], cells[at][:_SHOWN_VALUE])
        for at, code in zip(columns.positions, found, strict=True)
        if code is None and at is not None
    )


def _columns(header: Sequence[str], form: Form) -> Columns:
    if len(header) > MOST_COLUMNS:
        params = {"number": len(header), "most": MOST_COLUMNS}
        raise AnswersError("too_many_columns", params=params)
    names = tuple(name.strip() for name in header)
    items = {_short(item.code): item for item in form.items}
    found: dict[str, int] = {}
    for at, name in enumerate(names):
        code = _named(name, items)
        if code is None:
            continue
        if code in found:
            first = names[found[code]][:_SHOWN_VALUE]
            twice = {"first": first, "second": name[:_SHOWN_VALUE], "code": code}
            raise AnswersError("same_item", params=twice)
        found[code] = at
    if not found:
        raise AnswersError("no_item", params={"codes": ", ".join(items)})
    return Columns(
        names=names,
        positions=tuple(found.get(code) for code in items),
        ignored=tuple(n for at, n in enumerate(names) if at not in found.values()),
        missing=tuple(item for code, item in items.items() if code not in found),
    )


def _short(code: str) -> str:
    return code.partition(".")[2]


def _named(name: str, items: Mapping[str, FormItem]) -> str | None:
    """Code of the item that a column is named after: q_1855, Q-1855, SPI.Q-1855."""
    for code, item in items.items():
        if name.casefold() == item.code.casefold():
            return code
    code = item_code(name) if name else ""
    return code if code in items else None


def _refuse_answers(missing: Collection[str], form: Form) -> None:
    for value in missing:
        for item in form.items:
            code = _code(value, item, frozenset())
            if code is not None and item.low <= code <= item.high:
                params = {"value": value, "code": _short(item.code)}
                raise AnswersError("missing_is_answer", params=params)


def _encoding(file: BinaryIO) -> str:
    """Encoding in which the whole file can be read; looked at in pieces."""
    size = file.seek(0, io.SEEK_END)
    if size > MOST_BYTES:
        raise AnswersError("too_large_file", params={"most": MOST_BYTES >> 20})
    file.seek(0)
    start = file.read(2)
    if start in (b"\xff\xfe", b"\xfe\xff"):
        offered: tuple[str, ...] = ("utf-16",)
    else:
        offered = ("utf-8-sig", "gb18030")
    for encoding in offered:
        file.seek(0)
        if readable(file, codecs.getincrementaldecoder(encoding)):
            return encoding
    raise AnswersError("not_text")


def readable(
    file: BinaryIO, decoder: Callable[[str], codecs.IncrementalDecoder]
) -> bool:
    reading = decoder("strict")
    try:
        while piece := file.read(_CHUNK):
            if "\0" in reading.decode(piece):
                return False
        reading.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True
