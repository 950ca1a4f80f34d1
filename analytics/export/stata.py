"""Stata .dta (format 118, Stata 14 and later) by pyreadstat, which holds the frame.

Codes of missing answers become Stata's extended missing values: -1 is .a, -2 is .b and
-3 is .c. The library takes those only beside Python's own numbers, so that a column in
which one occurs holds eight bytes a code instead of two: a million answers to sixty
questions are 120 to 480 MB besides the program (docs/exports.md).
"""

import errno
import os
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
        if used := _missing_in(columns[place], variable):
            columns[place] = _with_letters(columns[place], letters)
            missing[name] = [letters[code] for code in used]
        if own:
            labels[name] = {
                letters.get(code, code): text
                for code, text in own.items()
                if code not in letters or code in used
            }
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


def _missing_in(column: Column, variable: Variable) -> list[int]:
    """Return the missing codes that occur, the highest first."""
    codes = np.array([one.value for one in variable.missing], dtype=np.int64)
    if column.dtype == np.float64 or not len(codes):
        return []
    found = np.intersect1d(np.unique(column), codes)
    return [int(code) for code in found[::-1]]


def _with_letters(column: Column, letters: dict[int, str]) -> Column:
    """Return Python's numbers and letters; equal ones are one object, eight bytes."""
    values, places = np.unique(column, return_inverse=True)
    table = np.array(
        [letters.get(int(value), int(value)) for value in values], dtype=object
    )
    return table[places]
