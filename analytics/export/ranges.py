"""Which bytes of a file are asked for (RFC 9110, section 14)."""

import re
from dataclasses import dataclass
from typing import Final

# One range of bytes; whoever asks for several gets the whole file, as the RFC allows.
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """No byte of the file lies within the range."""


@dataclass(frozen=True, slots=True)
class Span:
    """`length` bytes from `first` on; `partial` where a range was asked for."""

    first: int
    length: int
    partial: bool

    @property
    def last(self) -> int:
        return self.first + self.length - 1


def span_of(asked: str | None, if_range: str | None, *, size: int, etag: str) -> Span:
    """Return what to send for the headers Range and If-Range.

    Raises
    ------
    Unsatisfiable
    """
    whole = Span(0, size, partial=False)
    found = _RANGE.fullmatch((asked or "").strip().replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return whole
    if if_range is not None and if_range.strip() != etag:
        # what was begun then is not what lies here now
        return whole
    begin, end = found.groups()
    if not begin:
        length = min(int(end), size)
        if not length:
            raise Unsatisfiable
        return Span(size - length, length, partial=True)
    first = int(begin)
    if end and int(end) < first:
        return whole
    if first >= size:
        raise Unsatisfiable
    last = min(int(end), size - 1) if end else size - 1
    return Span(first, last - first + 1, partial=True)
