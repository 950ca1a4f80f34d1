"""The one shape of data that every statistic takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.errors import InvalidData

Matrix = NDArray[np.float64]
Codes = NDArray[np.int8]
MISSING = -1
MAX_CATEGORIES = 127

_BLOCK = 8_192  # rows keyed at a time, so that the intermediate arrays stay small


@dataclass(frozen=True, slots=True)
class Item:
    """A question with an ordered answer scale.

    Attributes
    ----------
    code : str
        Short name, unique among the items of a data set.
    low, high : int
        First and last point of the scale, as shown to the respondent.
    reverse : bool
        Whether agreement stands for the low end of the trait.
    """

    code: str
    low: int
    high: int
    reverse: bool = False

    def __post_init__(self) -> None:
        if not 2 <= self.n_categories <= MAX_CATEGORIES:
            raise ValueError(
                f"Item {self.code}: a scale has 2 to {MAX_CATEGORIES} points, "
                f"not {self.low} to {self.high}."
            )

    @property
    def n_categories(self) -> int:
        """Number of points of the scale."""
        return self.high - self.low + 1


@dataclass(frozen=True, slots=True, eq=False)
class ResponseMatrix:
    """Answers of n respondents to p items.

    Attributes
    ----------
    codes : (n, p) int8, read-only
        Row = respondent, column = item; category 0..k_j - 1 after keying
        (0 = low end of the trait), -1 = missing.
    items : tuple of p Item
        Code, scale and keying, in the order of the columns.

    Raises
    ------
    InvalidData
        An item appears twice, or a code lies outside its item's categories.
    """

    codes: Codes
    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        given = np.asarray(self.codes)
        if given.ndim != 2 or given.shape[1] != len(self.items):
            raise ValueError(
                f"codes must be (n, {len(self.items)}), not {given.shape}."
            )
        if not np.issubdtype(given.dtype, np.integer):
            raise TypeError(f"codes must be whole numbers, not {given.dtype}.")
        require_unique([item.code for item in self.items])
        _require_range(given, self.items)
        codes = given.astype(np.int8, order="C")
        codes.setflags(write=False)
        object.__setattr__(self, "codes", codes)

    @classmethod
    def from_raw(
        cls,
        raw: NDArray[np.integer[Any]],
        items: Sequence[Item],
        *,
        missing: NDArray[np.bool_] | None = None,
        first_row: int = 1,
    ) -> Self:
        """Key the answers as they were shown and stored.

        Parameters
        ----------
        raw : (n, p) whole numbers
            Points low..high of each item, before reverse keying.
        items : sequence of p Item
            In the order of the columns.
        missing : (n, p) bool, optional
            Where there is no answer. Without it, every number below zero is none.
        first_row : int
            Number of the first row in the sentence of an error.

        Raises
        ------
        InvalidData
            An answer is not on its scale; the sentence names row, item and value.
        """
        raw = np.asarray(raw)
        if raw.ndim != 2 or raw.shape[1] != len(items):
            raise ValueError(f"raw must be (n, {len(items)}), not {raw.shape}.")
        if not np.issubdtype(raw.dtype, np.integer):
            raise TypeError(f"raw must be whole numbers, not {raw.dtype}.")
        low = np.array([item.low for item in items])
        high = np.array([item.high for item in items])
        turned = np.array([item.reverse for item in items], dtype=bool)
        codes = np.empty(raw.shape, dtype=np.int8)
        for start in range(0, len(raw), _BLOCK):
            rows = slice(start, start + _BLOCK)
            shown = raw[rows].astype(np.int64)
            absent = shown < 0 if missing is None else missing[rows]
            off_scale = ((shown < low) | (shown > high)) & ~absent
            if off_scale.any():
                i, j = (int(at) for at in np.argwhere(off_scale)[0])
                raise _out_of_range(first_row + start + i, items[j], int(shown[i, j]))
            keyed = np.where(turned, high - shown, shown - low)
            codes[rows] = np.where(absent, MISSING, keyed)
        return cls(codes, tuple(items))

    @classmethod
    def stack(cls, chunks: Sequence[Self]) -> Self:
        """Put the rows of several matrices of the same items under one another."""
        items = chunks[0].items
        if any(chunk.items != items for chunk in chunks):
            raise ValueError("Only matrices of the same items can be stacked.")
        return cls(np.concatenate([chunk.codes for chunk in chunks]), items)

    @property
    def n(self) -> int:
        """Number of respondents."""
        return len(self.codes)

    @property
    def p(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of the items, in the order of the columns."""
        return tuple(item.code for item in self.items)

    def select(self, codes: Sequence[str]) -> Self:
        """Return the columns of the named items, in that order."""
        columns = positions(self.item_codes, codes)
        return type(self)(self.codes[:, columns], tuple(self.items[j] for j in columns))

    def complete_rows(self) -> Self:
        """Return a copy without the respondents who left out an item."""
        complete = (self.codes != MISSING).all(axis=1)
        return type(self)(self.codes[complete], self.items)

    def values(self) -> Matrix:
        """Return (n, p) points of the scales after keying, NaN where missing."""
        low = np.array([item.low for item in self.items], dtype=np.float64)
        return np.where(self.codes == MISSING, np.nan, self.codes + low)


def positions(items: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return where the `wanted` codes stand in `items`.

    Raises
    ------
    InvalidData
        A wanted code is not there, or is wanted twice.
    """
    require_unique(wanted)
    place = {code: j for j, code in enumerate(items)}
    for code in wanted:
        if code not in place:
            raise InvalidData("unknown-item", item=code)
    return [place[code] for code in wanted]


def require_unique(codes: Sequence[str]) -> None:
    """Raise InvalidData when an item's code appears twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidData("duplicate-item", item=code)
        seen.add(code)


def _require_range(codes: NDArray[np.integer[Any]], items: Sequence[Item]) -> None:
    """Raise InvalidData for the first code outside -1..k_j - 1."""
    if not codes.size:
        return
    last = np.array([item.n_categories - 1 for item in items])
    if codes.min() >= MISSING and (codes.max(axis=0) <= last).all():
        return
    i, j = (int(at) for at in np.argwhere((codes < MISSING) | (codes > last))[0])
    raise InvalidData(
        "out-of-range",
        row=i + 1,
        item=items[j].code,
        value=int(codes[i, j]),
        low=MISSING,
        high=int(last[j]),
    )


def _out_of_range(row: int, item: Item, value: int) -> InvalidData:
    return InvalidData(
        "out-of-range",
        row=row,
        item=item.code,
        value=value,
        low=item.low,
        high=item.high,
    )
