"""Stata .dta (format 118, Stata 14 and later) by pyreadstat, which holds the frame.

Codes of missing answers become Stata's extended missing values: -1 is .a, -2 is .b and
-3 is .c. The library writes the codes, which are replaced in the finished file
(`stata_file`).

Memory: two bytes a code, eight a number, a text its own length, all rows at once
(docs/exports.md).
"""

import errno
import os
from pathlib import Path
from typing import Any, Final

import numpy as np

from analytics.export.dataset import Column, DataSet
from analytics.export.frames import Tell, columns_of, frame_of, texts_of
from analytics.export.names import STATA, named, title_for
from analytics.export.stata_file import tag
from analytics.sentences import Sentence, say

TEXT_SIZE: Final = 1_000_000  # bytes; longer than 2,045 a text is kept apart (strL)
_VERSION: Final = 14
_END: Final = b"</stata_dta>"


def write_dta(
    data: DataSet, path: Path, *, language: str, tell: Tell
) -> tuple[Sentence, ...]:
    """Write a data set with its labels in one language; say what had to be changed."""
    import pyreadstat  # brings pandas: only where a file is written

    words = named(data.variables, STATA, language)
    title, remarks = title_for(data.title.in_language(language), STATA)
    columns = columns_of(data, tell)
    labels: dict[str, Any] = {}
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
        codes = tuple(one.value for one in variable.missing)
        if _has_any(columns[place], codes):
            tagged[place] = codes
        else:
            own = {code: text for code, text in own.items() if code not in codes}
        if own:
            labels[name] = own
    pyreadstat.write_dta(
        frame_of(words.names, columns),
        path,
        file_label=title,
        column_labels=list(words.labels),
        version=_VERSION,
        variable_value_labels=labels,
        variable_format=formats,
    )
    _require_end(path)
    if tagged:
        tag(path, data.rows, tagged)
    if data.notes:
        remarks += (say("file_without_notes", format="Stata"),)
    return (*words.remarks, *remarks)


def _require_end(path: Path) -> None:
    """Raise OSError where the file is cut: the library is silent about a full disk."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - len(_END)))
        if file.read() != _END:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _has_any(column: Column, codes: tuple[int, ...]) -> bool:
    return column.dtype != np.float64 and bool(np.isin(column, codes).any())
