"""Rows of a CSV of any length, whatever its encoding, and whatever is broken in it.

A row that cannot be read is reported and the next line is read as if nothing had
happened: one lost quotation mark must not swallow the rest of a list.
"""

import codecs
import csv
import io
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import BinaryIO

from surveys.answer_files import readable
from surveys.people.findings import ListError
from surveys.wording import separator

MOST_BYTES = 100 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
LONGEST_LINE = 100_000  # characters
MOST_LINES = 20  # of one row: cells may hold line breaks
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252")
_CHUNK = 1 << 16
_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the number of its first line; `problem` where it could not be read."""

    number: int
    cells: list[str]
    problem: str = ""


def encoding_of(file: BinaryIO) -> str:
    """Encoding that reads the file best: UTF-8 and UTF-16 by their marks and rules.

    A UTF-8 file with a few broken bytes stays one: its rows are reported one by one.
    """
    file.seek(0)
    start = file.read(400)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) > 3:
        if start[1::2].count(0) > len(start) // 4:
            return "utf-16-le"
        if start[::2].count(0) > len(start) // 4:
            return "utf-16-be"
    lost, beyond = _lost_in_utf8(file)
    if not lost or beyond > 4 * lost:
        return "utf-8-sig"
    file.seek(0)
    gb18030 = readable(file, codecs.getincrementaldecoder("gb18030"))
    return "gb18030" if gb18030 else "utf-8-sig"


def _lost_in_utf8(file: BinaryIO) -> tuple[int, int]:
    """How many characters are broken, and how many beyond ASCII are whole."""
    reading = codecs.getincrementaldecoder("utf-8")("replace")
    lost = beyond = 0
    file.seek(0)
    while piece := file.read(_CHUNK):
        text = reading.decode(piece)
        if not text.isascii():
            broken = text.count(_LOST)
            lost += broken
            beyond += len(text) - len(text.encode("ascii", "ignore")) - broken
    return lost, beyond


def separator_of(file: BinaryIO, encoding: str) -> str:
    file.seek(0)
    start = file.read(_CHUNK).decode(encoding, "replace")
    return separator(start.partition("\n")[0])


class Lines:
    """The lines of a file, one at a time; the rest of an endless one is passed over."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        self._text = io.TextIOWrapper(
            file, encoding=encoding, errors="replace", newline=None
        )
        self._waiting: deque[str] = deque()

    def next(self) -> str:
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            while rest := self._text.readline(LONGEST_LINE):
                if rest.endswith("\n"):
                    break
            return line + "\n"
        return line

    def put_back(self, lines: list[str]) -> None:
        self._waiting.extendleft(reversed(lines))

    def close(self) -> None:
        self._text.detach()  # the file is not ours to close


def read_lines(
    file: BinaryIO,
    encoding: str,
    separator: str,
    *,
    most_columns: int = MOST_COLUMNS,
) -> Generator[Line, None, None]:
    """Every row that is not blank, the first one included.

    Raises
    ------
    ListError
        ``empty``, ``too_many_columns`` or ``too_many_rows``.
    """
    lines = Lines(file, encoding)
    try:
        header: list[str] = []
        number, rows = 1, 0
        while text := lines.next():
            cells, used = _row(text, lines, separator, len(header))
            if cells is None:
                yield Line(number, [], "quote")
            elif any(cell.strip() for cell in cells):
                if not header:
                    header = _header(cells, most_columns)
                wrong = header and len(cells) != len(header)
                yield Line(number, cells, "cells" if wrong else "")
            number += used
            rows += 1
            if rows > MOST_ROWS:
                raise ListError("too_many_rows", params={"most": f"{MOST_ROWS:,}"})
        if not header:
            raise ListError("empty")
    finally:
        lines.close()


def _header(cells: list[str], most: int) -> list[str]:
    if len(cells) > most:
        found = {"number": len(cells), "most": most}
        raise ListError("too_many_columns", params=found)
    return cells


def _row(
    first: str, lines: Lines, separator: str, width: int
) -> tuple[list[str] | None, int]:
    """Cells of the row that begins with `first`, and how many lines it takes."""
    if '"' not in first:
        return first.rstrip("\n").split(separator), 1
    if first.count('"') % 2 == 0:
        return _parsed(first, separator), 1
    taken, quotes = [first], first.count('"')
    while quotes % 2 and len(taken) < MOST_LINES:
        following = lines.next()
        if not following:
            break
        taken.append(following)
        quotes += following.count('"')
    cells = None if quotes % 2 else _parsed("".join(taken), separator)
    if cells is None or (width and len(cells) != width):
        lines.put_back(taken[1:])
        return None, 1
    return cells, len(taken)


def _parsed(text: str, separator: str) -> list[str] | None:
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
