"""Whether words fit: lines and sizes by the metrics of our own faces.

The reader's program will take its own font. The faces of slides (Arial, Microsoft
YaHei) are at most `RESERVE` wider than ours, which is allowed for.
"""

import re
from collections.abc import Sequence
from typing import Final

from analytics.files import fonts

RESERVE: Final = {"en": 1.16, "zh-hans": 1.06}
LINE: Final = 1.32  # height of a line in ems, that of Microsoft YaHei
ELLIPSIS: Final = "…"
# A Latin word with what follows it, or one character of East Asia with its comma.
PIECE: Final = re.compile(
    r"[\u2e80-\uffef][，。；：、！？）】》”]*|[^\u2e80-\uffef\s]+\s*|\s+"
)


def lines_of(
    text: str, points: float, size: float, language: str, *, bold: bool = False
) -> int:
    """Return on how many lines a paragraph stands in a box so many points wide."""
    count, used = 1, 0.0
    for piece in PIECE.findall(text):
        wide = fonts.width(piece, size, bold=bold) * RESERVE[language]
        bare = fonts.width(piece.rstrip(), size, bold=bold) * RESERVE[language]
        if used and used + bare > points:
            count, used = count + 1, 0.0
        if bare > points:  # a word longer than the box is broken anywhere
            more = int(bare // points)
            count, used = count + more, bare - more * points
            continue
        used += wide
    return count


def fitted(
    text: str,
    points: float,
    sizes: Sequence[float],
    most: int,
    language: str,
    *,
    bold: bool = False,
) -> float | None:
    """Return the largest of `sizes` at which a text needs at most `most` lines."""
    for size in sizes:
        if lines_of(text, points, size, language, bold=bold) <= most:
            return size
    return None


def cut(
    text: str,
    points: float,
    size: float,
    most: int,
    language: str,
    *,
    bold: bool = False,
) -> str:
    """Return as much of a text as fits, with an ellipsis where something is missing."""
    if lines_of(text, points, size, language, bold=bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        shorter = text[:middle].rstrip() + ELLIPSIS
        if lines_of(shorter, points, size, language, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS
