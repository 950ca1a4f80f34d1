"""Files of SPSS and Stata as CSV with what their columns mean, in a process of its own.

The bounds are those of `surveys.interchange.child`: 450 MB of memory, seconds of
processor time, no file is written. pyreadstat and its NumPy live in that process alone.
Larger files come as CSV.
"""

import csv
import io
import json
import math
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final, TextIO

from surveys.brought.findings import BroughtError
from surveys.interchange.child import OUT_OF_MEMORY, limit

SECONDS: Final = 9
LARGEST: Final = 20_000_000  # bytes
LARGEST_TABLE: Final = 100_000_000  # characters of CSV
MOST_COLUMNS: Final = 2_000
MOST_LABELS: Final = 200  # of one column
BLOCK: Final = 20_000  # rows
REFUSED, TOO_WIDE = 4, 5
NAMES: Final = {"sav": "SPSS", "dta": "Stata"}
_ROOT = str(Path(__file__).resolve().parents[2])
_CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from surveys.brought.statistics import main; main()"
)


@dataclass(frozen=True, slots=True)
class Converted:
    """The table as CSV in UTF-8, its first line the names; `columns` explain it."""

    data: bytes
    columns: list[dict[str, Any]]


def kind_of(start: bytes) -> str | None:
    """Return ``sav`` or ``dta`` where the first bytes say so."""
    if start.startswith((b"$FL2", b"$FL3")):
        return "sav"
    # <stata_dta> since 117; before, a version from 104 to 115, the byte order, and 1
    old = len(start) > 3 and 104 <= start[0] <= 115 and start[1] in (1, 2)
    return (
        "dta" if start.startswith(b"<stata_dta>") or (old and start[2] == 1) else None
    )


def convert(data: bytes, kind: str) -> Converted:
    """Read a file of a stranger.

    Raises
    ------
    BroughtError
        ``statistics``, ``statistics_large`` or ``too_many_columns``.
    """
    named = {"kind": NAMES[kind]}
    if len(data) > LARGEST:
        raise BroughtError("statistics_large", params=named)
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _CODE, _ROOT, kind]
    try:
        done = subprocess.run(  # noqa: S603, our own program
            command,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            # one thread: each would reserve memory of its own
            env={"OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise BroughtError("statistics_large", params=named) from None
    if done.returncode == TOO_WIDE:
        found = {"number": done.stderr.decode().strip(), "most": f"{MOST_COLUMNS:,}"}
        raise BroughtError("too_many_columns", params=found)
    if done.returncode == OUT_OF_MEMORY or len(done.stdout) > LARGEST_TABLE:
        raise BroughtError("statistics_large", params=named)
    if done.returncode:
        raise BroughtError("statistics", params=named)
    columns, _, table = done.stdout.partition(b"\n")
    return Converted(table, json.loads(columns))


def main() -> None:
    """File from standard input; its columns as JSON, then CSV to standard output."""
    limit()
    try:
        _write(sys.stdin.buffer.read(), sys.argv[1], sys.stdout)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    sys.stdout.flush()


def _write(data: bytes, kind: str, out: TextIO) -> None:
    import pyreadstat

    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    try:
        _, meta = read(
            io.BytesIO(data),
            metadataonly=True,
            user_missing=True,
            output_format="dict",
        )
        columns = list(_columns(meta))
        if len(columns) > MOST_COLUMNS:
            sys.stderr.write(str(len(columns)))
            sys.exit(TOO_WIDE)
        out.write(json.dumps(columns, ensure_ascii=True) + "\n")
        for line in _lines(read, data, [one["name"] for one in columns]):
            out.write(line)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
        sys.stderr.write(str(error)[:200])
        sys.exit(OUT_OF_MEMORY if "allocate" in str(error) else REFUSED)


def _columns(meta: Any) -> Iterator[dict[str, Any]]:
    for name, text in zip(meta.column_names, meta.column_labels, strict=True):
        labels = meta.variable_value_labels.get(name, {})
        missing = [
            [_plain(one["lo"]), _plain(one["hi"])]
            for one in meta.missing_ranges.get(name, [])
        ]
        # Stata's .a to .z: a text of one letter in a column of numbers
        stata = meta.file_format == "dta"
        text_only = meta.readstat_variable_types.get(name) == "string"
        letters = ascii_lowercase if stata and not text_only else ""
        yield {
            "name": _clean(name),
            "text": _clean(text or ""),
            "labels": {
                _plain(value): _clean(str(label))
                for value, label in list(labels.items())[:MOST_LABELS]
            },
            "missing": [*missing, *([one, one] for one in letters)],
        }


def _lines(read: Any, data: bytes, names: list[str]) -> Iterator[str]:
    yield _line(names)
    start = 0
    while True:
        found, _ = read(
            io.BytesIO(data),
            user_missing=True,
            output_format="dict",
            row_offset=start,
            row_limit=BLOCK,
        )
        columns = list(found.values())
        rows = len(columns[0]) if columns else 0
        for row in zip(*columns, strict=True):
            yield _line(_plain(value) for value in row)
        if rows < BLOCK:
            return
        start += rows


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def _plain(value: Any) -> str:
    """A value as it would be typed: 4 for 4.0, nothing where there is none."""
    if value is None:
        return ""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return _clean(str(value))


def _clean(text: str) -> str:
    """Text in one line that can be written in UTF-8 (no lone surrogates)."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(whole.replace("\0", "").split())
