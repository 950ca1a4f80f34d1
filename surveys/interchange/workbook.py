"""Sheets of an .xlsx file as rows of text, counted while it is unpacked."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from surveys.interchange.findings import ImportRefused

MOST_MEMBERS = 500
MOST_UNPACKED = 60_000_000  # bytes
MOST_CELLS = 500_000  # of a sheet, empty ones included
_BLOCK = 1 << 20
_FORMULA = re.compile(rb"<(?:[A-Za-z0-9]+:)?f[ >/]")
# Two characters that XML cannot hold, as a workbook spells them.
_UNHELD = re.compile("_x(FFF[EF])_")
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number as the spreadsheet shows it, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheets:
    """Rows by sheet, in the order of the file; `formulas` counts cells with one."""

    rows: dict[str, list[Row]]
    formulas: int


def read_workbook(data: bytes) -> Sheets:
    """Every sheet of an .xlsx file; formulas are not computed.

    Raises
    ------
    ImportRefused
        The archive is damaged, protected, too large unpacked, or holds a DTD.
    """
    formulas = _check_archive(data)
    try:
        with io.BytesIO(data) as stream:
            book = CalamineWorkbook.from_filelike(stream)
            rows = {name: _rows(book, name) for name in book.sheet_names}
    except ImportRefused:
        raise
    except (CalamineError, OSError, ValueError):
        raise ImportRefused("bad_archive") from None
    return Sheets(rows, formulas)


def _check_archive(data: bytes) -> int:
    """Number of formulas; unpacks every part once, in blocks, and counts the bytes."""
    limits = {"limit": f"{MOST_UNPACKED:,}", "members": MOST_MEMBERS}
    unpacked = formulas = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MOST_MEMBERS:
                raise ImportRefused("unpacks_too_large", limits)
            if "xl/workbook.xml" not in names:
                raise ImportRefused("unknown_kind")
            for member in archive.infolist():
                sheet = member.filename.startswith("xl/worksheets/")
                with archive.open(member) as part:
                    tail = b""
                    while block := part.read(_BLOCK):
                        unpacked += len(block)
                        if unpacked > MOST_UNPACKED:
                            raise ImportRefused("unpacks_too_large", limits)
                        if _DOCTYPE.search(tail + block):
                            raise ImportRefused("dtd")
                        if sheet:
                            formulas += len(_FORMULA.findall(block))
                        tail = block[-16:]
    except ImportRefused:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError):
        raise ImportRefused("bad_archive") from None
    except (NotImplementedError, OSError, ValueError, zlib.error):
        raise ImportRefused("bad_archive") from None
    return formulas


def _rows(book: CalamineWorkbook, name: str) -> list[Row]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        limits = {"limit": f"{MOST_UNPACKED:,}", "members": MOST_MEMBERS}
        raise ImportRefused("unpacks_too_large", limits)
    found = []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        texts = tuple(_text(cell) for cell in cells)
        if any(texts):
            found.append(Row(number, texts))
    return found


def _text(
    cell: int | float | str | bool | time | date | datetime | timedelta,
) -> str:
    """A cell as it would be typed: 1 rather than 1.0, a date as in ISO 8601."""
    if isinstance(cell, str):
        return _UNHELD.sub(lambda found: chr(int(found[1], 16)), cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, time | date | datetime):
        return cell.isoformat()
    return str(cell)
