"""Whether words fit: lines and sizes by the metrics of our own faces.

The reader's program will take a font of its own. Arial, Microsoft YaHei and what stands
in for them where they are missing are at most `LATIN` wider than ours in Latin letters
and digits, and `HAN` in Chinese; that is allowed for.
"""

import re
from collections.abc import Sequence
from typing import Final

from analytics.files import fonts

LATIN: Final = 1.17
HAN: Final = 1.04
WIDE: Final = re.compile(r"[\u2e80-\uffef\u2018-\u201d]+")
LINE: Final = 1.32  # height of a line in ems, that of Microsoft YaHei
ELLIPSIS: Final = "…"
# A Latin word with what follows it, or one character of East Asia with its comma.
PIECE: Final = re.compile(
    r"[\u2e80-\uffef][，。；：、！？）】》”]*|[^\u2e80-\uffef\s]+\s*|\s+"
)


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line may become in another program, in points."""
    chinese = "".join(WIDE.findall(text))
    latin = WIDE.sub("", text)
    return LATIN * fonts.width(latin, size, bold=bold) + HAN * fonts.width(
        chinese, size, bold=bold
    )


def lines_of(text: str, points: float, size: float, *, bold: bool = False) -> int:
    """Return on how many lines a paragraph stands in a box so many points wide."""
    count, used = 1, 0.0
    for piece in PIECE.findall(text):
        full = wide(piece, size, bold=bold)
        bare = wide(piece.rstrip(), size, bold=bold)
        if used and used + bare > points:
            count, used = count + 1, 0.0
        if bare > points:  # a word longer than the box is broken anywhere
            more = int(bare // points)
            count, used = count + more, bare - more * points
            continue
        used += full
    return count


def fitted(
    text: str,
    points: float,
    sizes: Sequence[float],
    most: int,
    *,
    bold: bool = False,
) -> float | None:
    """Return the largest of `sizes` at which a text needs at most `most` lines."""
    for size in sizes:
        if lines_of(text, points, size, bold=bold) <= most:
            return size
    return None


def cut(
    text: str,
    points: float,
    size: float,
    most: int,
    *,
    bold: bool = False,
) -> str:
    """Return as much of a text as fits, with an ellipsis where something is missing."""
    if lines_of(text, points, size, bold=bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        shorter = text[:middle].rstrip() + ELLIPSIS
        if lines_of(shorter, points, size, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS
