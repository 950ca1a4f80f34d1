"""An XLSForm as one CSV: a line names a sheet, the lines below are its rows."""

import csv
import io

from surveys.interchange.findings import ImportRefused
from surveys.interchange.workbook import Row, Sheets

_SHEETS = frozenset({"survey", "choices", "settings"})


def is_form_table(text: str) -> bool:
    """Whether the first cell names a sheet of an XLSForm and the line holds no more."""
    first, *others = text.split("\n", 1)[0].replace('"', "").lower().split(",")
    return first.strip() in _SHEETS and not any(cell.strip() for cell in others)


def form_sheets(text: str) -> Sheets:
    """Sheets in the table `text`, which `is_form_table`; rows count from its top."""
    sheets: dict[str, list[Row]] = {}
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    try:
        for first, *cells in filter(None, reader):
            if first.strip():
                rows = sheets.setdefault(first.strip().lower(), [])
            elif any(cell.strip() for cell in cells):
                texts = tuple(cell.strip() for cell in cells)
                rows.append(Row(reader.line_num, texts))
    except csv.Error:
        raise ImportRefused("bad_table") from None
    return Sheets(sheets, 0)
