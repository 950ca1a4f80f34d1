"""The first sheet of an .xlsx file as CSV, read in a process of its own.

The bounds are those of `surveys.interchange`: 450 MB of memory, seconds of processor
time, sixty megabytes unpacked, half a million cells; no file is written. Larger lists
come as CSV.
"""

import csv
import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from surveys.interchange.child import OUT_OF_MEMORY, limit
from surveys.interchange.findings import ImportRefused
from surveys.interchange.workbook import Row, read_workbook
from surveys.people.findings import ListError

SECONDS = 9
LARGEST = 20_000_000  # bytes
REFUSED = 4
_ROOT = str(Path(__file__).resolve().parents[2])
_CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from surveys.people.workbook import main; main()"
)


@dataclass(frozen=True, slots=True)
class Converted:
    """The sheet as CSV in UTF-8, a line a row; `formulas` counts cells with one."""

    data: bytes
    formulas: int


def is_workbook(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


def convert(data: bytes) -> Converted:
    """Read a workbook of a stranger.

    Raises
    ------
    ListError
        ``workbook`` or ``workbook_large``.
    """
    if len(data) > LARGEST:
        raise ListError("workbook_large")
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _CODE, _ROOT]
    try:
        done = subprocess.run(  # noqa: S603, our own program
            command,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise ListError("workbook_large") from None
    if done.returncode < 0 or done.returncode == OUT_OF_MEMORY:
        raise ListError("workbook_large")
    if done.returncode:
        code = done.stderr.decode(errors="replace").strip()
        too_large = code in ("unpacks_too_large", "MemoryError")
        raise ListError("workbook_large" if too_large else "workbook")
    formulas, _, text = done.stdout.partition(b"\n")
    return Converted(text, int(formulas))


def main() -> None:
    """Workbook from standard input; number of formulas and CSV to standard output."""
    limit()
    try:
        sheets = read_workbook(sys.stdin.buffer.read())
    except ImportRefused as refused:
        sys.stderr.write(refused.code)
        sys.exit(REFUSED)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    filled = [rows for rows in sheets.rows.values() if rows]
    sys.stdout.write(f"{sheets.formulas}\n")
    for line in as_csv(filled[0] if filled else []):
        sys.stdout.write(line)


def as_csv(rows: list[Row]) -> list[str]:
    """Lines in which row and line have the same number: blank rows stay."""
    width = max((len(row.cells) for row in rows), default=0)
    lines, number = [], 1
    for row in rows:
        lines += ["\n"] * (row.number - number)
        written = io.StringIO()
        cells = [" ".join(cell.split()) for cell in row.cells]
        cells += [""] * (width - len(cells))
        csv.writer(written, lineterminator="\n").writerow(cells)
        lines.append(written.getvalue())
        number = row.number + 1
    return lines
