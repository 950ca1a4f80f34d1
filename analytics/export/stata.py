"""Stata .dta (format 118, Stata 14 and later) by pyreadstat, which holds the frame.

Codes of missing answers become Stata's extended missing values: -1 is .a, -2 is .b and
-3 is .c. The library takes those only as letters beside Python's own numbers, five times
as slow and four times as large as numbers alone. So it writes the codes, with letters
in the labels, and the codes are replaced in the finished file.

Memory: two bytes a code, eight a number, a text its own length, all rows at once
(docs/exports.md).
"""

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from analytics.export.dataset import Column, DataSet, Variable
from analytics.export.frames import Tell, columns_of, frame_of, texts_of
from analytics.export.names import STATA, named, title_for
from analytics.sentences import Sentence, say

TEXT_SIZE: Final = 1_000_000  # bytes; longer than 2,045 a text is kept apart (strL)
_VERSION: Final = 14
_END: Final = b"</stata_dta>"
# bytes of a value by its type; a text of n bytes has type n
_WIDTHS: Final = {32_768: 8, 65_526: 8, 65_527: 4, 65_528: 4, 65_529: 2, 65_530: 1}
_LONG: Final = 65_528
_MISSING: Final = 2_147_483_621  # "."; one more is ".a"
_HEAD: Final = 4_096  # bytes that hold the map
_ROWS: Final = 65_536
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def write_dta(
    data: DataSet, path: Path, *, language: str, tell: Tell
) -> tuple[Sentence, ...]:
    """Write a data set with its labels in one language; say what had to be changed."""
    import pyreadstat  # brings pandas: only where a file is written

    words = named(data.variables, STATA, language)
    title, remarks = title_for(data.title.in_language(language), STATA)
    columns = columns_of(data, tell)
    # pyreadstat takes letters among the labelled codes, its types do not say so
    labels: dict[str, Any] = {}
    missing: dict[str, list[str]] = {}
    tagged: dict[int, tuple[int, ...]] = {}
    formats: dict[str, str] = {}
    for place, variable in enumerate(data.variables):
        name = words.names[place]
        if variable.kind == "text":
            columns[place], more = texts_of(columns[place], name, "Stata", TEXT_SIZE)
            remarks += more
            continue
        formats[name] = "%8.0g" if variable.kind == "whole" else "%9.0g"
        own = words.values[place]
        letters = {one.value: letter_of(one.value) for one in variable.missing}
        if _has_missing(columns[place], variable):
            tagged[place] = tuple(letters)
            missing[name] = list(letters.values())
        else:
            own = {code: text for code, text in own.items() if code not in letters}
        if own:
            labels[name] = {letters.get(code, code): text for code, text in own.items()}
    pyreadstat.write_dta(
        frame_of(words.names, columns),
        path,
        file_label=title,
        column_labels=list(words.labels),
        version=_VERSION,
        variable_value_labels=labels,
        missing_user_values=missing or None,
        variable_format=formats,
    )
    _require_end(path)
    if tagged:
        _tag(path, data.rows, tagged, len(columns))
    if data.notes:
        remarks += (say("file_without_notes", format="Stata"),)
    return (*words.remarks, *remarks)


def _require_end(path: Path) -> None:
    """Raise OSError where the file is cut: the library is silent about a full disk."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - len(_END)))
        if file.read() != _END:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def letter_of(code: int) -> str:
    """Return the extended missing value of a code: -1 is a, -2 is b, to -26."""
    return _LETTERS[-code - 1]


def _has_missing(column: Column, variable: Variable) -> bool:
    codes = [one.value for one in variable.missing]
    return column.dtype != np.float64 and bool(np.isin(column, codes).any())


def _tag(path: Path, rows: int, tagged: Mapping[int, tuple[int, ...]], k: int) -> None:
    """Replace codes in columns of a finished file of `k` columns.

    The layout: Stata's help on dta 118, sections map, variable types and data.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        offsets = np.frombuffer(head, "<u8", 14, head.index(b"<map>") + len(b"<map>"))
        file.seek(int(offsets[2]) + len(b"<variable_types>"))
        types = np.frombuffer(file.read(2 * k), "<u2").tolist()
    ends = np.cumsum([0, *(_WIDTHS.get(code, code) for code in types)]).tolist()
    if any(types[place] != _LONG for place in tagged):
        raise ValueError("A column of codes was not written as Stata's long.")
    table = np.memmap(
        path,
        mode="r+",
        offset=int(offsets[9]) + len(b"<data>"),
        shape=(rows,),
        dtype=np.dtype(
            {
                "names": [str(place) for place in tagged],
                "formats": ["<i4"] * len(tagged),
                "offsets": [ends[place] for place in tagged],
                "itemsize": ends[-1],
            }
        ),
    )
    for start in range(0, rows, _ROWS):
        part = table[start : start + _ROWS]
        for place, codes in tagged.items():
            column = part[str(place)]
            for code in codes:
                column[column == code] = _MISSING - code
    table.flush()
