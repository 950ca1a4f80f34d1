"""What lies on the disk: bytes of every file of the server, and the tuples in its pages.

The embedded server comes without pageinspect, so pages are read here: PostgreSQL 18,
"Database Page Layout" in its manual. Deleted tuples stay in a page until it is rewritten.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PAGE = 8192
HEADER, POINTER, TUPLE_HEADER = 24, 4, 23
LINE_POINTER_NORMAL = 1


@dataclass(frozen=True, slots=True)
class HeapTuple:
    """A row version as it lies in a page, living or dead."""

    place: int  # block and line pointer, in reading order
    header: Mapping[str, int]
    content: bytes


@dataclass(frozen=True)
class Needles:
    """Byte strings to look for, each with what it means.

    `marked` strings begin with one of `markers`, which are searched quickly; the others
    (digests) are found by their first two bytes.
    """

    meaning: Mapping[bytes, tuple[str, int]]
    markers: tuple[bytes, ...]

    def find(self, content: bytes) -> Iterator[tuple[int, str, int]]:
        """Yield position, kind and person of every occurrence."""
        for marker in self.markers:
            position = content.find(marker)
            while position >= 0:
                yield from self._at(content, position, self._marked)
                position = content.find(marker, position + 1)
        for position in self._candidates(content):
            yield from self._at(content, int(position), self._others)

    def _at(
        self, content: bytes, position: int, known: Mapping[bytes, tuple[str, int]]
    ) -> Iterator[tuple[int, str, int]]:
        for length in self._lengths:
            found = known.get(content[position : position + length])
            if found:
                yield position, *found

    @cached_property
    def _marked(self) -> dict[bytes, tuple[str, int]]:
        return {n: m for n, m in self.meaning.items() if n.startswith(self.markers)}

    @cached_property
    def _others(self) -> dict[bytes, tuple[str, int]]:
        return {n: m for n, m in self.meaning.items() if not n.startswith(self.markers)}

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(needle) for needle in self.meaning})

    @cached_property
    def _beginnings(self) -> NDArray[np.bool_]:
        wanted = np.zeros(65536, bool)
        for needle in self._others:
            wanted[needle[0] << 8 | needle[1]] = True
        return wanted

    def _candidates(self, content: bytes) -> NDArray[np.intp]:
        raw = np.frombuffer(content, np.uint8)
        if len(raw) < 2:
            return np.empty(0, np.intp)
        pairs = raw[:-1].astype(np.uint16) << 8 | raw[1:]
        return np.flatnonzero(self._beginnings[pairs])


def files_under(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file that can be read now; others come and go while the server runs."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                try:
                    yield path, path.read_bytes()
                except FileNotFoundError:
                    continue


def heap_tuples(content: bytes) -> Iterator[HeapTuple]:
    """Row versions of a heap file that line pointers still point at."""
    for start in range(0, len(content) - PAGE + 1, PAGE):
        page = content[start : start + PAGE]
        (lower,) = struct.unpack_from("<H", page, 12)
        for number in range(max(0, lower - HEADER) // POINTER):
            (item,) = struct.unpack_from("<I", page, HEADER + number * POINTER)
            offset, flags, length = item & 0x7FFF, item >> 15 & 3, item >> 17
            if flags == LINE_POINTER_NORMAL and length >= TUPLE_HEADER:
                yield HeapTuple(
                    start // PAGE * 1000 + number,
                    _header(page, offset),
                    page[offset : offset + length],
                )


def _header(page: bytes, offset: int) -> dict[str, int]:
    """Fields of HeapTupleHeaderData."""
    xmin, xmax, command = struct.unpack_from("<III", page, offset)
    high, low, position, attributes, flags = struct.unpack_from(
        "<HHHHH", page, offset + 12
    )
    return {
        "xmin": xmin,
        "xmax": xmax,
        "cid": command,
        "t_ctid": (high << 16 | low) * 1000 + position,
        "infomask2": attributes,
        "infomask": flags,
        "offset in page": offset,
    }
