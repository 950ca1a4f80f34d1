"""Where the words beside points stand so that none covers another.

Worked out for one width; on a wider picture points only move apart sideways, and
words keep their side of their point, so what is clear here stays clear there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["left", "right", "center"]

SIZE: Final = 13  # of the letters, pixels
HEIGHT: Final = 16
DOT: Final = 7  # half of a point's width, with air around it
_AWAY: Final = (12, 22, 36)
_WIDE_LETTER, _LETTER = 1.0, 0.58  # widths in parts of the size


@dataclass(frozen=True, slots=True)
class Spot:
    """A label beside its point: pixels from the point, right and down."""

    words: str
    align: Side
    dx: int
    dy: int


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    anchor: float  # x of the point that it belongs to

    def clear_of(self, other: "Box") -> bool:
        """Whether the two stay apart however far their points move apart sideways."""
        if self.bottom <= other.top or other.bottom <= self.top:
            return True
        if self.anchor == other.anchor:
            return self.right <= other.left or other.right <= self.left
        first, second = sorted((self, other), key=lambda one: one.anchor)
        return first.right <= second.left


def width_of(words: str) -> float:
    """Return how wide words are drawn, rather too wide than too narrow."""
    parts = (_WIDE_LETTER if ord(letter) > 0x2E80 else _LETTER for letter in words)
    return SIZE * sum(parts)


def spots(
    points: Sequence[tuple[float, float]],
    words: Sequence[Sequence[str]],
    *,
    width: float,
    height: float,
) -> tuple[Spot, ...] | None:
    """Find a place for the words of every point, or return None.

    Parameters
    ----------
    points : sequence of (x, y)
        Pixels from the left and from the top.
    words : sequence of sequences of str
        For each point what may stand there, the best first.
    """
    taken = [Box(x - DOT, y - DOT, x + DOT, y + DOT, x) for x, y in points]
    found: dict[int, Spot] = {}
    # the most crowded first: they have the fewest places to go
    for at in sorted(range(len(points)), key=lambda k: _room(points, k)):
        tried = (one for text in words[at] for one in _candidates(points[at], text))
        for spot, box in tried:
            inside = box.left >= 0 and box.right <= width
            inside = inside and box.top >= 0 and box.bottom <= height
            others = (one for k, one in enumerate(taken) if k != at)
            if inside and all(box.clear_of(one) for one in others):
                found[at] = spot
                taken.append(box)
                break
        else:
            return None
    return tuple(found[k] for k in range(len(points)))


def _room(points: Sequence[tuple[float, float]], at: int) -> float:
    x, y = points[at]
    gaps = [abs(x - a) + abs(y - b) for k, (a, b) in enumerate(points) if k != at]
    return min(gaps, default=0.0)


def _candidates(point: tuple[float, float], words: str) -> Iterator[tuple[Spot, Box]]:
    """Yield places from the nearest to the farthest: askew, beside, above, below.

    Askew first, where the arms of a cross do not run through the words.
    """
    (x, y), wide = point, width_of(words)
    for away in _AWAY:
        sides: tuple[tuple[Side, int, int], ...] = (
            ("left", away - 2, 2 - away),
            ("right", 2 - away, 2 - away),
            ("left", away - 2, away),
            ("right", 2 - away, away),
            ("left", away, 0),
            ("right", -away, 0),
            ("center", 0, -away - 4),
            ("center", 0, away + 4),
        )
        for align, dx, dy in sides:
            start = {"left": 0.0, "right": -wide, "center": -wide / 2}[align]
            left, middle = x + dx + start, y + dy
            half = HEIGHT / 2
            yield (
                Spot(words, align, dx, dy),
                Box(left, middle - half, left + wide, middle + half, x),
            )
