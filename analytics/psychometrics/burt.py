"""The Burt table: all pairwise contingency tables, the summary of ordinal answers.

Frequencies, means, covariances, Pearson and polychoric correlations and everything
built on them follow from it alone. It adds up over rows: chunks, waves and machines.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from types import ModuleType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.compiled import (
    Engine,
    in_threads,
    kernels,
    n_threads,
    slices,
)
from analytics.psychometrics.data import (
    Codes,
    Item,
    Matrix,
    ResponseMatrix,
    positions,
)
from analytics.psychometrics.errors import InvalidData
from analytics.psychometrics.moments import Counts, MissingRule, Moments, Sums

VERSION = 1
_MAGIC = b"BURT"
_PREFIX = struct.Struct("<4sHI")  # magic, version, length of the header
_MERGED_STATES = 144  # of two items in one; their joint table fits the caches
_WORTH_MERGING = 4_000  # rows; below, taking the tables apart costs more than it saves
_ROWS_AT_ONCE = 32_768
_ROWS_A_THREAD = 20_000  # below that, starting a thread costs more than it saves


@dataclass(frozen=True, slots=True, eq=False)
class BurtTable:
    """All pairwise tables of p items, missing being a category of its own.

    Attributes
    ----------
    items : tuple of p Item
        Code, scale and keying.
    counts : (m, m) int64, symmetric, read-only
        Item j has k_j + 1 rows and columns: missing, then its categories, lowest
        first; m is the sum of the k_j + 1.
    n : int
        Respondents counted.
    rule : "pairwise" or "listwise"
        A listwise table counts complete rows only.
    """

    items: tuple[Item, ...]
    counts: Counts
    n: int
    rule: MissingRule

    def __post_init__(self) -> None:
        self.counts.setflags(write=False)

    @classmethod
    def of(
        cls,
        data: ResponseMatrix,
        *,
        missing: MissingRule,
        engine: Engine = "auto",
        threads: int | None = None,
    ) -> Self:
        """Count one chunk of answers.

        Items of many rows are merged in pairs into super-items, so that one count of
        two super-items fills four tables. Every engine and number of threads gives the
        same whole numbers.
        """
        if missing == "listwise":
            data = data.complete_rows()
        merged = _Merged.of(data.items, in_pairs=data.n >= _WORTH_MERGING)
        compiled = kernels(engine)
        if compiled is None:
            counts = _unmerged(_count_pairs(data.codes, merged), merged, data.items)
        else:
            counts = _counted(compiled, data, merged, n_threads(threads))
        return cls(data.items, counts, data.n, missing)

    @classmethod
    def over(
        cls,
        chunks: Iterable[ResponseMatrix],
        *,
        missing: MissingRule,
        engine: Engine = "auto",
        threads: int | None = None,
    ) -> Self:
        """Count chunks of rows one after another, in the memory of one chunk."""
        count = partial(cls.of, missing=missing, engine=engine, threads=threads)
        rest = iter(chunks)
        first = next(rest, None)
        if first is None:
            raise ValueError("A Burt table needs at least one chunk of answers.")
        table = count(first)
        for chunk in rest:
            table = table + count(chunk)
        return table

    def __add__(self, other: Self) -> Self:
        if self.items != other.items or self.rule != other.rule:
            raise ValueError(
                "Only Burt tables of the same items and rule can be added."
            )
        counts = self.counts + other.counts
        return type(self)(self.items, counts, self.n + other.n, self.rule)

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of the items, in the order of the blocks."""
        return tuple(item.code for item in self.items)

    @property
    def p(self) -> int:
        """Number of items."""
        return len(self.items)

    def table(self, row: str, column: str) -> Counts:
        """Return the (k_row + 1, k_column + 1) table of two items, missing first."""
        (i,), (j,) = (positions(self.item_codes, [code]) for code in (row, column))
        blocks = _blocks(self.items)
        return self.counts[blocks[i], blocks[j]]

    def select(self, codes: Sequence[str]) -> Self:
        """Return the table of the named items, in that order, over the same rows."""
        at = positions(self.item_codes, codes)
        blocks = _blocks(self.items)
        states = [s for j in at for s in range(blocks[j].start, blocks[j].stop)]
        items = tuple(self.items[j] for j in at)
        return type(self)(items, self.counts[np.ix_(states, states)], self.n, self.rule)

    def frequencies(self) -> Mapping[str, tuple[int, ...]]:
        """Answers in each category, lowest first, of every item."""
        seen = np.diag(self.counts)
        return {
            item.code: tuple(int(count) for count in seen[block][1:])
            for item, block in zip(self.items, _blocks(self.items), strict=True)
        }

    def missing(self) -> Mapping[str, int]:
        """Respondents without an answer to each item."""
        return {
            item.code: int(self.counts[block.start, block.start])
            for item, block in zip(self.items, _blocks(self.items), strict=True)
        }

    def moments(self) -> Moments:
        """Means, covariances and Pearson correlations: exactly those of `moments`."""
        answered, value = _weights(self.items)
        counts = self.counts.astype(np.float64)  # products of them stay below 2**53
        by_answered, by_value = counts @ answered, counts @ value
        return Sums(
            items=self.item_codes,
            origin=np.array([item.low for item in self.items], dtype=np.float64),
            pair_n=_whole(answered.T @ by_answered),
            total=_whole(value.T @ by_answered),
            square=_whole((value**2).T @ by_answered),
            product=_whole(value.T @ by_value),
            rule=self.rule,
        ).moments()

    def to_bytes(self) -> bytes:
        """Write format version, header (JSON), upper triangle and checksum."""
        header = json.dumps(
            {
                "items": [[i.code, i.low, i.high, i.reverse] for i in self.items],
                "n": self.n,
                "rule": self.rule,
            },
            ensure_ascii=False,
        ).encode()
        upper = self.counts[np.triu_indices(len(self.counts))].astype("<i8").tobytes()
        body = _PREFIX.pack(_MAGIC, VERSION, len(header)) + header + upper
        return body + struct.pack("<I", zlib.crc32(body))

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises
        ------
        InvalidData
            The bytes are damaged, of another version, or no Burt table.
        """
        try:
            return cls._parsed(stored)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise InvalidData("no-burt-table", value=VERSION) from error

    @classmethod
    def _parsed(cls, stored: bytes) -> Self:
        magic, version, length = _PREFIX.unpack_from(stored)
        body, checksum = stored[:-4], struct.unpack("<I", stored[-4:])[0]
        if magic != _MAGIC or version != VERSION or zlib.crc32(body) != checksum:
            raise ValueError("Not this format, or damaged.")
        header = json.loads(body[_PREFIX.size : _PREFIX.size + length])
        items = tuple(Item(*item) for item in header["items"])
        upper = np.frombuffer(body, dtype="<i8", offset=_PREFIX.size + length)
        m = sum(item.n_categories + 1 for item in items)
        counts = np.zeros((m, m), dtype=np.int64)
        counts[np.triu_indices(m)] = upper
        counts = np.triu(counts) + np.triu(counts, 1).T
        if counts.min(initial=0) < 0 or header["rule"] not in ("pairwise", "listwise"):
            raise ValueError("A negative count or an unknown rule.")
        starts = [block.start for block in _blocks(items)]
        totals = np.add.reduceat(np.add.reduceat(counts, starts), starts, axis=1)
        if (totals != header["n"]).any():
            raise ValueError("The tables do not count the same respondents.")
        return cls(items, counts, header["n"], header["rule"])


@dataclass(frozen=True, slots=True, eq=False)
class _Merged:
    """Items in pairs: q super-items.

    Attributes
    ----------
    left, right : (q,) int32
        Columns of the two items; right is -1 for an item alone.
    size : (2, q) int32
        States of the super-item, and of its right item (1 for none).
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    size: NDArray[np.int32]

    @classmethod
    def of(cls, items: Sequence[Item], *, in_pairs: bool) -> Self:
        states = [item.n_categories + 1 for item in items]
        pairs: list[tuple[int, int]] = []
        j = 0
        while j < len(items):
            together = (
                in_pairs
                and j + 1 < len(items)
                and states[j] * states[j + 1] <= _MERGED_STATES
            )
            pairs.append((j, j + 1 if together else -1))
            j += 2 if together else 1
        inner = [states[b] if b >= 0 else 1 for _, b in pairs]
        size = [
            [states[a] * k for (a, _), k in zip(pairs, inner, strict=True)],
            inner,
        ]
        left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T.copy()
        return cls(left, right, np.array(size, dtype=np.int32))


def _counted(
    compiled: ModuleType, data: ResponseMatrix, merged: _Merged, threads: int
) -> Counts:
    """Count with the compiled kernels, (m, m); each thread takes a slice of rows."""
    starts = [block.start for block in _blocks(data.items)]
    count = partial(
        compiled.count_pairs,
        left=merged.left,
        right=merged.right,
        size=merged.size,
        starts=np.array([*starts, _states(data.items)], dtype=np.int32),
    )
    parts = slices(data.n, threads, smallest=_ROWS_A_THREAD)
    first, *rest = in_threads(count, [data.codes[part] for part in parts], len(parts))
    counts: Counts = sum(rest, start=first)
    return counts


def _count_pairs(codes: Codes, merged: _Merged) -> Counts:
    """Joint states of every two super-items, with NumPy: tables one after another."""
    size = merged.size[0]
    pairs = [(a, b) for a in range(len(size)) for b in range(a, len(size))]
    lengths = [int(size[a]) * int(size[b]) for a, b in pairs]
    ends = np.cumsum([0, *lengths])
    counts = np.zeros(ends[-1], dtype=np.int64)
    alone = merged.right < 0
    for start in range(0, len(codes), _ROWS_AT_ONCE):
        rows = codes[start : start + _ROWS_AT_ONCE].T.astype(np.int64) + 1
        inner = np.where(alone[:, None], 0, rows[merged.right])
        state = rows[merged.left] * merged.size[1][:, None] + inner
        for k, (a, b) in enumerate(pairs):
            joint = state[a] * size[b] + state[b]
            counts[ends[k] : ends[k + 1]] += np.bincount(joint, minlength=lengths[k])
    return counts


def _unmerged(joint: Counts, merged: _Merged, items: Sequence[Item]) -> Counts:
    """Turn joint tables of super-items into the tables of their items, (m, m)."""
    blocks = _blocks(items)
    m = _states(items)
    counts = np.zeros((m, m))
    parts = []
    for left, right, inner in zip(
        merged.left, merged.right, merged.size[1], strict=True
    ):
        last = right if right >= 0 else left
        part = _margins(items[left].n_categories + 1, int(inner), right >= 0)
        parts.append((part, slice(blocks[left].start, blocks[last].stop)))
    first = 0
    for a, (of_a, rows) in enumerate(parts):
        for of_b, columns in parts[a:]:
            last = first + len(of_a) * len(of_b)
            table = joint[first:last].reshape(len(of_a), len(of_b)).astype(np.float64)
            counts[rows, columns] = of_a.T @ table @ of_b
            counts[columns, rows] = counts[rows, columns].T
            first = last
    return _whole(counts)


@cache
def _margins(outer: int, inner: int, paired: bool) -> Matrix:
    """Which states of a super-item are which state of its one or two items."""
    margins: Matrix = np.repeat(np.eye(outer), inner, axis=0)
    if paired:
        margins = np.hstack([margins, np.tile(np.eye(inner), (outer, 1))])
    margins.setflags(write=False)
    return margins


def _blocks(items: Sequence[Item]) -> list[slice]:
    """Rows of each item in the table."""
    ends = np.cumsum([0, *(item.n_categories + 1 for item in items)]).tolist()
    return [slice(a, b) for a, b in pairwise(ends)]


def _states(items: Sequence[Item]) -> int:
    """Rows of the table."""
    return sum(item.n_categories + 1 for item in items)


def _weights(items: Sequence[Item]) -> tuple[Matrix, Matrix]:
    """Whether a row of the table is an answer to each item, and which, (m, p)."""
    blocks = _blocks(items)
    m = _states(items)
    answered, value = np.zeros((m, len(items))), np.zeros((m, len(items)))
    for j, block in enumerate(blocks):
        answered[block.start + 1 : block.stop, j] = 1
        value[block.start + 1 : block.stop, j] = np.arange(items[j].n_categories)
    return answered, value


def _whole(sums: Matrix) -> Counts:
    return np.rint(sums).astype(np.int64)
