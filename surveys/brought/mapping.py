"""What the columns of a file mean for a form: guessed, then confirmed. Pure."""

from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from surveys.brought.coding import Coding
from surveys.definition import Text

Sure = Literal["certain", "likely", "perhaps", "none"]
SURE: Final[Mapped[str, Text]] = {
    "certain": Text("certain", "确定"),
    "likely": Text("likely", "很可能"),
    "perhaps": Text("perhaps", "或许"),
    "none": Text("no guess", "无法推断"),
}
# Why a column was taken for an item.
WHY: Final[Mapped[str, Text]] = {
    "code": Text("named after the item", "列名即题目编号"),
    "text": Text("the same question, word for word", "题目文字完全相同"),
    "alike": Text("a question in like words", "题目文字相近"),
    "order": Text(
        "as many columns are left as items, in this order",
        "剩余列数与题目数相同，按顺序对应",
    ),
    "nothing": Text("no column is like it", "没有相近的列"),
}
# Why a coding was taken.
WHY_CODING: Final[Mapped[str, Text]] = {
    "labels": Text("by the texts of the answers", "依据选项文字"),
    "range": Text("all values lie on the scale", "所有取值都在量表范围内"),
    "zero": Text("0 occurs and the highest point does not", "出现 0 而未出现最高点"),
    "over": Text(
        "the point above the highest occurs and the lowest does not",
        "出现最高点加一而未出现最低点",
    ),
    "labels_turned": Text(
        "the file labels its values the other way round", "文件中取值与标签的方向相反"
    ),
    "mixed": Text("some values lie outside of the scale", "部分取值超出量表范围"),
    "empty": Text("the column has no value", "该列没有取值"),
}
PERIODS: Final[Mapped[str, Text]] = {
    "one": Text("all rows are one wave", "所有行属于同一轮"),
    "year": Text("a wave for each year", "每年一轮"),
    "half": Text("a wave for each half-year", "每半年一轮"),
    "quarter": Text("a wave for each quarter", "每季度一轮"),
    "month": Text("a wave for each month", "每月一轮"),
    "day": Text("a wave for each day", "每天一轮"),
}


@dataclass(frozen=True, slots=True)
class ItemColumn:
    """The column of one item (-1: none), its coding, and how sure both guesses are."""

    column: int
    coding: Coding = "same"
    sure: Sure = "none"
    why: str = "nothing"
    coding_sure: Sure = "none"
    coding_why: str = "empty"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A form's items in their order, segments, and what texts mean.

    Attributes
    ----------
    language, unit, day : int
        Columns, -1 for none.
    period : str
        How days make waves: a key of PERIODS.
    missing : tuple of str
        What stands for a missing answer, everywhere.
    texts : mapping
        ``low-high`` of a scale -> plain text -> code.
    """

    items: tuple[ItemColumn, ...]
    language: int = -1
    unit: int = -1
    day: int = -1
    period: str = "one"
    missing: tuple[str, ...] = ()
    texts: Mapped[str, Mapped[str, int]] = field(default_factory=dict)

    @property
    def used(self) -> frozenset[int]:
        """Columns that mean something."""
        columns = [one.column for one in self.items]
        return frozenset({*columns, self.language, self.unit, self.day} - {-1})

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapped[str, Any]) -> "Mapping":
        items = tuple(ItemColumn(**one) for one in data["items"])
        return cls(**{**data, "items": items, "missing": tuple(data["missing"])})


def twice(columns: Sequence[int]) -> frozenset[int]:
    """Columns that are named more than once."""
    named = [one for one in columns if one >= 0]
    return frozenset(one for one in named if named.count(one) > 1)
