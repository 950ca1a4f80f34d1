"""How often each point of an item occurs, as a tiny picture and in numbers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from surveys.definition import FormItem

WIDTH: Final = 8  # of a bar, in units of the picture
HEIGHT: Final = 24
MOST_BARS: Final = 12  # longer scales are put together


@dataclass(frozen=True, slots=True)
class Bar:
    """One point or several: where it stands in the picture, and how many chose it."""

    name: str
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counts of one item: valid, missing, not shown, refused; `bars` from the left."""

    code: str
    valid: int
    missing: int
    not_shown: int
    refused: int
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        return WIDTH * len(self.bars)


def distribution_of(item: FormItem, counts: Mapping[str, int]) -> Distribution:
    """Return the picture of what `Looked.items` counts of an item."""
    points = range(item.low, item.high + 1)
    size = -(-len(points) // MOST_BARS)
    groups = [points[at : at + size] for at in range(0, len(points), size)]
    numbers = [sum(counts.get(str(one), 0) for one in group) for group in groups]
    highest = max(numbers, default=0) or 1
    bars = tuple(
        Bar(
            str(group[0]) if size == 1 else f"{group[0]}–{group[-1]}",
            number,
            WIDTH * at,
            HEIGHT - round(HEIGHT * number / highest),
            round(HEIGHT * number / highest),
        )
        for at, (group, number) in enumerate(zip(groups, numbers, strict=True))
    )
    return Distribution(
        item.code,
        sum(numbers),
        counts.get("-1", 0) + counts.get("-2", 0),
        counts.get("-3", 0),
        counts.get("refused", 0),
        bars,
    )
