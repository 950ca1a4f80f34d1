"""Columns as Arrow arrays, which the writers of CSV, JSON lines and Parquet share."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa

from analytics.export.dataset import Column, DataSet, Variable
from analytics.sentences import Sentence, say

TELL_EVERY: Final = 50_000  # rows between two reports of progress, at most
_NOT_TEXT: Final = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")


class Batches:
    """The columns of a data set block by block, as Arrow arrays.

    Attributes
    ----------
    replaced : int
        Texts in which half a character, or a NUL, was replaced so far.
    """

    def __init__(self, data: DataSet, tell: Callable[[int], None]) -> None:
        self._data = data
        self._tell = tell
        self.replaced = 0

    def __iter__(self) -> Iterator[list[pa.Array]]:
        done = told = 0
        for block in self._data.blocks():
            yield [
                self._array(variable, column)
                for variable, column in zip(self._data.variables, block, strict=True)
            ]
            size = len(block[0])
            done += size
            # also where the next block would go beyond
            if done - told > TELL_EVERY - size or done == self._data.rows:
                self._tell(done)
                told = done

    def _array(self, variable: Variable, column: Column) -> pa.Array:
        """Return a column with nulls where there is no number or no text."""
        if variable.kind == "number":
            return pa.array(column, pa.float64(), from_pandas=True)
        if variable.kind == "whole":
            return pa.array(column)
        texts = [None if one is None else one.translate(_NOT_TEXT) for one in column]
        self.replaced += sum(a != b for a, b in zip(texts, column, strict=True))
        return pa.array(texts, pa.string())

    def report(self) -> tuple[Sentence, ...]:
        """Say what was changed."""
        if not self.replaced:
            return ()
        return (say("export_text_replaced", cells=self.replaced),)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that stands under `path` only once it is whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
