"""XLSX by XlsxWriter, row by row in constant memory: data, variables, values, notes."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlsxwriter

from analytics.export.dataset import Column, DataSet, Label, Variable
from analytics.export.frames import Tell
from analytics.export.names import shortened, writable
from analytics.export.refusals import TooLarge
from analytics.sentences import Sentence, label, say

MOST_ROWS: Final = 1_048_576  # of a sheet, the heading among them
MOST_COLUMNS: Final = 16_384
MOST_CHARACTERS: Final = 32_767  # of a cell, counted as UTF-16 does
# No text is a formula, a number or a link, whatever it looks like.
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_TELL_EACH: Final = 10_000
_WIDTHS: Final = {"whole": 10, "number": 12, "text": 28}


def in_utf16(text: str) -> int:
    """Return how many characters Excel counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def write_xlsx(
    data: DataSet, path: Path, *, language: str, tell: Tell
) -> tuple[Sentence, ...]:
    """Write a workbook with its labels in one language; say what had to be changed.

    Raises
    ------
    TooLarge
        More rows or columns than a sheet holds; nothing is written.
    """
    _require_room(data)
    # its rows wait in a file beside it, which goes with the folder of a failed attempt
    options = {**_OPTIONS, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheets = _Sheets(book, language)
        sheets.rows(data, tell)
        sheets.variables(data.variables)
        sheets.values(data.variables)
        sheets.notes(data)
    return tuple(sheets.remarks())


def _require_room(data: DataSet) -> None:
    if data.rows > MOST_ROWS - 1:
        raise TooLarge(say("xlsx_rows", has=data.rows, most=MOST_ROWS - 1))
    if len(data.variables) > MOST_COLUMNS:
        raise TooLarge(say("xlsx_columns", has=len(data.variables), most=MOST_COLUMNS))


class _Sheets:
    """Writes the sheets of one book, and counts the texts that had to be changed."""

    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language = book, language
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.plain = book.add_format({})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.long: dict[str, int] = {}
        self.wrong: dict[str, int] = {}

    def remarks(self) -> Iterable[Sentence]:
        for name, n in self.wrong.items():
            yield say("file_texts_unwritable", variable=name, n=n)
        for name, n in self.long.items():
            yield say("xlsx_texts_shortened", variable=name, n=n, most=MOST_CHARACTERS)

    def text(self, text: str, name: str) -> str:
        """Return a text that a cell of variable `name` can hold."""
        clean = writable(text)
        if clean != text:
            self.wrong[name] = self.wrong.get(name, 0) + 1
        if len(clean) * 2 <= MOST_CHARACTERS:
            return clean
        short = shortened(clean, MOST_CHARACTERS, in_utf16)
        if short != clean:
            self.long[name] = self.long.get(name, 0) + 1
        return short

    def sheet(self, code: str, headings: Sequence[str], widths: Sequence[int]) -> Any:
        made = self.book.add_worksheet(label(code, self.language))
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        for column, heading in enumerate(headings):
            made.write_string(0, column, heading, self.heading)
        made.freeze_panes(1, 0)
        return made

    def rows(self, data: DataSet, tell: Tell) -> None:
        names = [one.name for one in data.variables]
        widths = [
            max(_WIDTHS[v.kind], min(len(v.name), 30) + 1) for v in data.variables
        ]
        sheet = self.sheet("xlsx_data", names, widths)
        done = 0
        for block in data.blocks():
            values = [
                self._cells(*pair) for pair in zip(data.variables, block, strict=True)
            ]
            for cells in zip(*values, strict=True):
                done += 1
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(done, column, cell)
                    elif cell is not None:
                        sheet.write_number(done, column, cell)
                if done % _TELL_EACH == 0:
                    tell(done)
        tell(done)

    def _cells(self, variable: Variable, part: Column) -> list[Any]:
        """Return one column of a block; None where the cell stays empty."""
        if variable.kind == "text":
            return [None if t is None else self.text(t, variable.name) for t in part]
        if variable.kind == "number":
            finite = np.isfinite(part)
            return [
                value if has else None
                for value, has in zip(part.tolist(), finite.tolist(), strict=True)
            ]
        return list(part.tolist())

    def variables(self, variables: Sequence[Variable]) -> None:
        codes = ("name", "label", "measure", "role", "low", "high", "item", "scale")
        headings = [label(f"xlsx_{code}", self.language) for code in codes]
        headings.append(label("xlsx_note", self.language))
        sheet = self.sheet(
            "xlsx_variables", headings, (24, 60, 10, 12, 8, 8, 16, 16, 60)
        )
        for row, one in enumerate(variables, start=1):
            self._line(
                sheet,
                row,
                (
                    one.name,
                    one.label.in_language(self.language),
                    label(f"xlsx_measure_{one.measure}", self.language),
                    label(f"xlsx_role_{one.role}", self.language),
                    one.low,
                    one.high,
                    one.item,
                    one.scale,
                    one.note and one.note.in_language(self.language),
                ),
                one.name,
            )

    def values(self, variables: Sequence[Variable]) -> None:
        codes = ("name", "value", "meaning", "missing")
        headings = [label(f"xlsx_{code}", self.language) for code in codes]
        sheet = self.sheet("xlsx_values", headings, (24, 8, 60, 12))
        row = 0
        for one in variables:
            for code, is_missing in _codes(one):
                row += 1
                yes = label("xlsx_yes", self.language) if is_missing else None
                meaning = code.text.in_language(self.language)
                self._line(sheet, row, (one.name, code.value, meaning, yes), one.name)

    def notes(self, data: DataSet) -> None:
        sheet = self.sheet(
            "xlsx_notes", (label("xlsx_note", self.language), ""), (100, 70)
        )
        self._line(sheet, 1, (data.title.in_language(self.language),), "")
        row = 1
        for note in data.notes:
            row += 1
            sheet.write_string(
                row, 0, self.text(note.text(self.language), ""), self.wrapped
            )
        for key, fact in data.facts.items():
            row += 1
            self._line(sheet, row, (key, fact), "")

    def _line(self, sheet: Any, row: int, cells: Sequence[Any], name: str) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, self.text(cell, name))
            elif cell is not None:
                sheet.write_number(row, column, cell)


def _codes(variable: Variable) -> Iterable[tuple[Label, bool]]:
    yield from ((one, False) for one in variable.values)
    yield from ((one, True) for one in variable.missing)
