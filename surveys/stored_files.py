"""Files that lie in the database in parts of a mebibyte, read as if they were files.

The worker may run on another machine, and nothing of an upload is left behind where
row-level security does not reach.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

PART = 1 << 20  # bytes


class StoredFile(io.RawIOBase):
    """Rows with `number` and `data` as one file of `size` bytes."""

    def __init__(self, parts: QuerySet[Any], size: int) -> None:
        self._parts = parts
        self._size = size
        self._at = 0
        self._part: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}
        self._at = start[whence] + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number, offset = divmod(self._at, PART)
        if self._at >= self._size:
            return 0
        if self._part[0] != number:
            found = self._parts.filter(number=number)
            self._part = (number, bytes(found.values_list("data", flat=True).get()))
        piece = self._part[1][offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def opened(parts: QuerySet[Any], size: int) -> BinaryIO:
    return io.BufferedReader(StoredFile(parts, size), buffer_size=1 << 16)


def keep(
    first: bytes, pieces: Iterator[bytes], store: Callable[[int, bytes], object]
) -> Iterator[int]:
    """Hand a file to `store` in parts of one size; yield how many bytes it has so far."""
    waiting, number, size = bytearray(first), 0, 0
    ended = False
    while not ended:
        while len(waiting) < PART:
            piece = next(pieces, None)
            if piece is None:
                ended = True
                break
            waiting += piece
        while len(waiting) >= PART or (ended and waiting):
            data = bytes(waiting[:PART])
            del waiting[:PART]
            store(number, data)
            number, size = number + 1, size + len(data)
            yield size
