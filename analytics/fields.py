"""What stands in one field of a file: an answer, the name of a group, a weight.

Each spelling is parsed once, so that a column of a million fields costs as much as it has
different ones.
"""

import math
import re
from typing import Final

from analytics.plan import PlanItem
from analytics.psychometrics.data import MISSING
from analytics.sentences import BadInput

MISSING_WORDS: Final = ("", "NA")
# beyond, squares and their sums leave the numbers of the machine
SMALLEST_WEIGHT: Final = 1e-12
LARGEST_WEIGHT: Final = 1e12
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}(?:\.0*)?")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Points(dict[str, int]):
    """Field as written -> category after keying; unknown spellings are parsed once."""

    def __init__(self, item: PlanItem) -> None:
        super().__init__(dict.fromkeys(MISSING_WORDS, MISSING))
        self.item = item

    def __missing__(self, field: str) -> int:
        word, item = field.strip(), self.item
        if word in MISSING_WORDS:
            category = MISSING
        else:
            if not _WHOLE.fullmatch(word):
                raise ValueError(field)
            point = int(word.partition(".")[0])
            if not item.low <= point <= item.high:
                raise ValueError(field)
            category = item.high - point if item.reverse else point - item.low
        self[field] = category
        return category

    def refusal(self, field: str, line: int) -> BadInput:
        """Say why the field is no answer to the item."""
        item, value = self.item, field.strip()[:60]
        if not _NUMBER.fullmatch(value):
            return BadInput(
                "value_not_number", line=line, column=item.code, value=value
            )
        whole = float(value).is_integer()
        return BadInput(
            "value_range" if whole else "value_decimal",
            line=line,
            column=item.code,
            value=value,
            low=item.low,
            high=item.high,
        )


class GroupNumbers(dict[str, int]):
    """Field as written -> number of the group, in the order of appearance."""

    def __init__(self) -> None:
        super().__init__()
        self.known = dict.fromkeys(MISSING_WORDS, MISSING)
        self.next = 0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(word for word, k in self.known.items() if k != MISSING)

    def __missing__(self, field: str) -> int:
        word = field.strip()
        if word not in self.known:
            self.known[word] = self.next
            self.next += 1
        self[field] = self.known[word]
        return self[field]


class WeightValues(dict[str, float]):
    """Field as written -> weight; NaN where none is given."""

    def __init__(self, column: str) -> None:
        super().__init__(dict.fromkeys(MISSING_WORDS, math.nan))
        self.column = column

    def __missing__(self, field: str) -> float:
        word = field.strip()
        if word in MISSING_WORDS:
            weight = math.nan
        else:
            if not _NUMBER.fullmatch(word):
                raise ValueError(field)
            weight = float(word)
            if not SMALLEST_WEIGHT <= weight <= LARGEST_WEIGHT:
                raise ValueError(field)
        self[field] = weight
        return weight

    def refusal(self, field: str, line: int) -> BadInput:
        """Say why the field is no weight."""
        value = field.strip()[:60]
        number = _NUMBER.fullmatch(value)
        return BadInput(
            "weight_not_positive" if number else "weight_not_number",
            line=line,
            column=self.column,
            value=value,
        )
