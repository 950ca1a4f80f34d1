"""Gives a finished Stata file its extended missing values.

pyreadstat takes them only as letters beside Python's own numbers, five times as slow and
four times as large as numbers alone. So codes are written, and replaced here: in the
rows and in the value labels. The layout: Stata's help on dta 118.
"""

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

# bytes of a value by its type; a text of n bytes has type n
_WIDTHS: Final = {32_768: 8, 65_526: 8, 65_527: 4, 65_528: 4, 65_529: 2, 65_530: 1}
_LONG: Final = 65_528
_SYSTEM_MISSING: Final = 2_147_483_621  # "."; one more is ".a"
_ROWS: Final = 4_096  # replaced at a time: few enough for the processor's own memory
_NAME: Final = 129  # bytes of the name of a set of labels
_HEAD_OF_LABELS: Final = len(b"<lbl>") + 4 + _NAME + 3
_MAP: Final = 14  # places in it, in the order of the file
_TYPES, _LABEL_NAMES, _DATA, _LABELS, _END = 2, 6, 9, 11, 12

Codes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: bytes from the beginning, types and labels of each column."""

    places: tuple[int, ...]
    types: tuple[int, ...]
    labels: tuple[bytes, ...]

    @property
    def ends(self) -> list[int]:
        """Return where each column ends in a row; the first number is 0."""
        widths = [_WIDTHS.get(code, code) for code in self.types]
        return [0, *np.cumsum(widths).tolist()]


def tag(path: Path, rows: int, tagged: Mapping[int, Codes]) -> None:
    """Replace codes by .a to .z: -1 by .a, -2 by .b, to -26.

    `tagged` are the places of columns, in their order, and the codes replaced there.

    Raises
    ------
    ValueError
        A column does not hold Stata's long.
    """
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as held:
        layout = _layout(held)
        if any(layout.types[place] != _LONG for place in tagged):
            raise ValueError("A column of codes was not written as Stata's long.")
        _tag_labels(held, layout, tagged)
        held.flush()
        # mapped rows would count as memory of the program
        _tag_rows(file, layout, rows, tagged)


def missing_value(code: int) -> int:
    """Return what a long holds for the extended missing value of a code."""
    return _SYSTEM_MISSING - code


def _layout(held: mmap.mmap) -> _Layout:
    start = held.find(b"<map>") + len(b"<map>")
    places = np.frombuffer(held[start : start + 8 * _MAP], "<u8").tolist()
    start, end = places[_TYPES] + len(b"<variable_types>"), places[_TYPES + 1]
    types = np.frombuffer(held[start : end - len(b"</variable_types>")], "<u2").tolist()
    start = places[_LABEL_NAMES] + len(b"<value_label_names>")
    names = held[start : start + _NAME * len(types)]
    labels = [
        names[at : at + _NAME].split(b"\0", 1)[0] for at in range(0, len(names), _NAME)
    ]
    return _Layout(tuple(places), tuple(types), tuple(labels))


def _tag_rows(
    file: BinaryIO, layout: _Layout, rows: int, tagged: Mapping[int, Codes]
) -> None:
    ends = layout.ends
    width = ends[-1]
    for first in range(0, rows, _ROWS):
        start = layout.places[_DATA] + len(b"<data>") + first * width
        file.seek(start)
        held = bytearray(file.read(min(_ROWS, rows - first) * width))
        part = np.frombuffer(held, np.uint8).reshape(-1, width)
        for columns, codes in _neighbours(tagged):
            here = slice(ends[columns[0]], ends[columns[-1] + 1])
            cells = part[:, here].copy().view("<i4")
            _replace(cells, codes)
            part[:, here] = cells.view(np.uint8)
        file.seek(start)
        file.write(held)


def _neighbours(tagged: Mapping[int, Codes]) -> Iterator[tuple[list[int], Codes]]:
    """Yield columns that stand side by side and have the same codes."""

    def run(at: tuple[int, int]) -> tuple[int, Codes]:
        return at[1] - at[0], tagged[at[1]]

    for (_, codes), found in groupby(enumerate(sorted(tagged)), run):
        yield [place for _, place in found], codes


def _replace(numbers: NDArray[np.int32], codes: Codes) -> None:
    for code in codes:
        np.putmask(numbers, numbers == code, missing_value(code))


def _tag_labels(held: mmap.mmap, layout: _Layout, tagged: Mapping[int, Codes]) -> None:
    codes = {layout.labels[place]: tagged[place] for place in tagged}
    at = layout.places[_LABELS] + len(b"<value_labels>")
    end = layout.places[_END] - len(b"</value_labels>")
    while at < end:
        name = held[at + 9 : at + 9 + _NAME].split(b"\0", 1)[0]
        size = int.from_bytes(held[at + 5 : at + 9], "little")
        table = at + _HEAD_OF_LABELS
        if name in codes:
            _tag_set(held, table, codes[name])
        at = table + size + len(b"</lbl>")


def _tag_set(held: mmap.mmap, table: int, codes: Codes) -> None:
    """Replace codes of one set of labels, which stand in the order of their values."""
    n = int.from_bytes(held[table : table + 4], "little")
    both = (
        np.frombuffer(held[table + 8 : table + 8 + 8 * n], "<i4").reshape(2, n).copy()
    )
    _replace(both[1], codes)
    ordered = both[:, np.argsort(both[1], kind="stable")]
    held[table + 8 : table + 8 + 8 * n] = ordered.tobytes()
