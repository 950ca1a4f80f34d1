"""The frame that the library for SPSS and Stata takes: every column whole, no copy."""

from collections.abc import Callable
from typing import Any

import numpy as np

from analytics.export.dataset import Column, DataSet
from analytics.export.names import shortened, writable
from analytics.sentences import Sentence, say

Tell = Callable[[int], None]
PADDED = "SPSS"  # fills its texts up with spaces
_DTYPES: dict[str, Any] = {"number": np.float64, "text": object}


def columns_of(data: DataSet, tell: Tell) -> list[Column]:
    """Return all columns whole; whole numbers in the narrowest of their own types.

    Blocks are copied into arrays of the final length as they come, so that little more
    than the frame itself is held.
    """
    columns: list[Column] | None = None
    done = 0
    for block in data.blocks():
        if columns is None:
            columns = [
                np.empty(data.rows, _DTYPES.get(variable.kind, part.dtype))
                for variable, part in zip(data.variables, block, strict=True)
            ]
        for place, part in enumerate(block):
            if part.dtype.itemsize > columns[place].dtype.itemsize:
                columns[place] = columns[place].astype(part.dtype)
            if part.dtype == np.float64:
                part = np.where(np.isfinite(part), part, np.nan)
            columns[place][done : done + len(part)] = part
        done += len(block[0])
        tell(done)
    if done != data.rows:
        raise ValueError(f"{data.rows} rows were announced and {done} came.")
    if columns is None:
        return [np.empty(0, _DTYPES.get(v.kind, np.int16)) for v in data.variables]
    return columns


def texts_of(
    column: Column, name: str, format_name: str, size: int
) -> tuple[Column, tuple[Sentence, ...]]:
    """Return texts as they can be written, in place, and how many were changed.

    `size` is in bytes of UTF-8. What is not there becomes an empty text: neither format
    knows anything else.
    """
    long, wrong, ended = 0, 0, 0
    for place, text in enumerate(column):
        clean = "" if text is None else writable(text)
        ended += clean.endswith(" ")
        wrong += text is not None and clean != text
        if len(clean) * 4 > size:
            short = shortened(clean, size, lambda part: len(part.encode()))
            long += short != clean
            clean = short
        column[place] = clean
    remarks = []
    if ended and format_name == PADDED:
        remarks.append(say("file_texts_padded", variable=name, n=ended))
    if wrong:
        remarks.append(say("file_texts_unwritable", variable=name, n=wrong))
    if long:
        remarks.append(
            say(
                "file_texts_shortened",
                format=format_name,
                variable=name,
                n=long,
                size=size,
            )
        )
    return column, tuple(remarks)


def frame_of(names: tuple[str, ...], columns: list[Column]) -> Any:
    """Return the columns as a pandas frame, without copying them."""
    import pandas as pd  # a second and many megabytes: only where a file is written

    ready = {
        name: pd.Series(column, dtype="string" if not len(column) else object)
        if column.dtype == object
        else pd.Series(column, copy=False)
        for name, column in zip(names, columns, strict=True)
    }
    return pd.DataFrame(ready, copy=False)
