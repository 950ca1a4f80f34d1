"""A CSV file becomes a `ResponseMatrix`, in chunks, or a sentence naming the line.

The file is read twice: once to find its encoding and its digest, once for the answers.
Between the two only a chunk of text and the (n, p) int8 answers are held.
"""

import codecs
import csv
import difflib
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from analytics.fields import GroupNumbers, Points, WeightValues
from analytics.invariance import GroupColumn
from analytics.plan import AnalysisPlan
from analytics.psychometrics import Item, ResponseMatrix
from analytics.sampling import Sampling, known_rows
from analytics.sentences import BadInput

Progress = Callable[[float], None]

ENCODINGS: Final = ("utf-8-sig", "utf-8", "gb18030")
DELIMITERS: Final = (",", ";", "\t")
SHOWN_COLUMNS: Final = 40
CHUNK_ROWS: Final = 20_000
CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class DataFile:
    """The answers of a file.

    Attributes
    ----------
    responses : ResponseMatrix
        The rows that the plan's filter keeps, the plan's items as columns.
    n_read : int
        Rows in the file, before the filter.
    encoding, delimiter, sha256 : str
        How it was read, and the digest of its bytes.
    teams : mapping of str to (n,) int32
        For each column of teams the team of every row, numbered as they appear;
        -1 where the field is empty or NA. Their names are not kept.
    groups : mapping of str to GroupColumn
        The same for the other columns of groups, with their names.
    sampling : Sampling or None
        Teams that answer alike and weights, where the plan names their columns; rows
        without are left out of everything here.
    """

    responses: ResponseMatrix
    n_read: int
    encoding: str
    delimiter: str
    sha256: str
    teams: Mapping[str, NDArray[np.int32]] = field(default_factory=dict)
    groups: Mapping[str, GroupColumn] = field(default_factory=dict)
    sampling: Sampling | None = None


def read_answers(
    path: Path, plan: AnalysisPlan, *, progress: Progress | None = None
) -> DataFile:
    """Read the answers of the plan's items.

    Parameters
    ----------
    path : Path
        CSV with a header row; comma, semicolon or tabulator; UTF-8, UTF-16 with its
        mark, or GB18030. An empty field or NA is a missing answer.
    plan : AnalysisPlan
        Items with their ranges, filter and groups.
    progress : callable, optional
        Called with the share of the file that has been read, 0 to 1.

    Raises
    ------
    BadInput
        One sentence with line and column.
    """
    encoding, digest = _inspect(path)
    size = path.stat().st_size
    try:
        with (
            path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding=encoding, newline="") as file,
        ):
            delimiter = _delimiter(file)
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            table = _Table.of(path, next(reader, []), plan)
            for rows, lines in _chunks(reader):
                table.take(rows, lines)
                if progress:
                    progress(min(1.0, raw.tell() / size))
    except csv.Error as error:
        raise BadInput(
            "file_quotes", path=str(path), line=reader.line_num, detail=str(error)
        ) from error
    answers = DataFile(
        responses=table.responses(),
        n_read=table.n_read,
        encoding=encoding,
        delimiter=delimiter,
        sha256=digest,
        teams=table.teams(),
        groups=table.groups(),
    )
    return _sampled(answers, table, plan) if plan.is_sampled else answers


def _sampled(file: DataFile, table: "_Table", plan: AnalysisPlan) -> DataFile:
    """Leave out the rows without a team or a weight.

    Raises
    ------
    BadInput
        No row is left, or all of them are of one team.
    """
    kept, sampling = known_rows(table.clusters(), table.weights())
    if not kept.any():
        columns = tuple(one for one in (plan.clusters, plan.weights) if one)
        raise BadInput("sampling_nobody", columns=columns, n=len(kept))
    if sampling.n_clusters == 1:
        raise BadInput("sampling_one_cluster", column=plan.clusters)
    whole = file.responses
    return replace(
        file,
        responses=ResponseMatrix(whole.codes[kept], whole.items),
        teams={column: one[kept] for column, one in file.teams.items()},
        groups={
            column: GroupColumn(one.names, one.numbers[kept])
            for column, one in file.groups.items()
        },
        sampling=sampling,
    )


def _inspect(path: Path) -> tuple[str, str]:
    """Find the encoding of the file and the SHA-256 of its bytes."""
    if not path.exists():
        raise BadInput("file_missing", path=str(path))
    if path.is_dir():
        raise BadInput("file_is_folder", path=str(path))
    try:
        with path.open("rb") as file:
            start = file.read(len(codecs.BOM_UTF16_LE))
            if not start:
                raise BadInput("file_empty", path=str(path))
            marked = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            digest = hashlib.sha256(start)
            while block := file.read(CHUNK_BYTES):
                if not marked and b"\0" in block:
                    raise BadInput("file_binary", path=str(path))
                digest.update(block)
    except OSError as error:
        detail = error.strerror or str(error)
        raise BadInput("file_unreadable", path=str(path), detail=detail) from error
    tried = ("utf-16",) if marked else ENCODINGS
    for encoding in tried:
        if _decodes(path, encoding):
            return encoding, digest.hexdigest()
    names = tuple(name.upper() for name in tried)
    raise BadInput("file_encoding", path=str(path), tried=names)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(CHUNK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _delimiter(file: TextIO) -> str:
    """Most frequent separator outside quotes in the first line."""
    line = re.sub(r'"[^"]*"', "", file.readline())
    file.seek(0)
    return max(DELIMITERS, key=line.count)


def _chunks(
    reader: Any,
) -> Iterator[tuple[list[list[str]], list[int]]]:
    """Yield rows with the line on which each ends; blank lines are left out."""
    while True:
        rows: list[list[str]] = []
        lines: list[int] = []
        for row in islice(reader, CHUNK_ROWS):
            if row:
                rows.append(row)
                lines.append(reader.line_num)
        if not rows:
            return
        yield rows, lines


class _Table:
    """Columns of the header that are needed, and the answers read so far."""

    def __init__(self, path: Path, header: Sequence[str], plan: AnalysisPlan) -> None:
        self.path, self.plan, self.width = path, plan, len(header)
        self.items = tuple(plan.items())
        self.points = [Points(item) for item in self.items]
        at = {name: j for j, name in enumerate(header)}
        self.columns = [at[item.code] for item in self.items]
        self.where = [(at[name], set(kept)) for name, kept in plan.where.items()]
        self.seen_where: Counter[str] = Counter()
        self.blocks: list[NDArray[np.int8]] = []
        self.group_numbers = [
            (at[group.column], GroupNumbers()) for group in plan.groups
        ]
        self.group_blocks: list[NDArray[np.int32]] = []
        self.cluster_numbers = GroupNumbers()
        self.weight_values = WeightValues(plan.weights)
        self.cluster_at = at.get(plan.clusters) if plan.clusters else None
        self.weight_at = at.get(plan.weights) if plan.weights else None
        self.cluster_blocks: list[list[int]] = []
        self.weight_blocks: list[list[float]] = []
        self.n_read = 0

    @classmethod
    def of(cls, path: Path, fields: Sequence[str], plan: AnalysisPlan) -> "_Table":
        header = [field.strip() for field in fields]
        if not any(header):
            raise BadInput("file_empty", path=str(path))
        twice = [name for name, n in Counter(header).items() if n > 1 and name]
        if twice:
            raise BadInput("header_twice", path=str(path), columns=tuple(twice))
        for scale in plan.constructs:
            for code in scale.item_codes:
                _require_column(header, code, scale.code)
        for column in plan.where:
            _require_column(header, column, "where")
        for group in plan.groups:
            _require_column(header, group.column, "groups")
        for column, use in ((plan.clusters, "clusters"), (plan.weights, "weights")):
            if column:
                _require_column(header, column, use)
        return cls(path, header, plan)

    def take(self, rows: list[list[str]], lines: list[int]) -> None:
        """Append the answers of a chunk of rows."""
        width = self.width
        if set(map(len, rows)) != {width}:
            bad = next(i for i, row in enumerate(rows) if len(row) != width)
            raise BadInput(
                "row_length",
                path=str(self.path),
                line=lines[bad],
                got=len(rows[bad]),
                expected=width,
            )
        self.n_read += len(rows)
        if self.where:
            rows, lines = self._kept(rows, lines)
        block = np.empty((len(rows), len(self.items)), dtype=np.int8)
        fields = tuple(zip(*rows, strict=True)) or ((),) * width
        for k, (j, points) in enumerate(zip(self.columns, self.points, strict=True)):
            try:
                block[:, k] = np.fromiter(
                    map(points.__getitem__, fields[j]), dtype=np.int8, count=len(rows)
                )
            except ValueError as error:
                field = error.args[0]
                bad = next(i for i, row in enumerate(rows) if row[j] == field)
                raise points.refusal(field, lines[bad]) from None
        self.blocks.append(block)
        self.group_blocks.append(
            np.array(
                [[group[one] for one in fields[j]] for j, group in self.group_numbers],
                dtype=np.int32,
            ).reshape(len(self.group_numbers), len(rows))
        )
        if self.cluster_at is not None:
            numbers = self.cluster_numbers
            self.cluster_blocks.append(
                [numbers[one] for one in fields[self.cluster_at]]
            )
        if self.weight_at is not None:
            self._take_weights(fields[self.weight_at], lines)

    def _take_weights(self, column: Sequence[str], lines: list[int]) -> None:
        values = self.weight_values
        try:
            self.weight_blocks.append([values[one] for one in column])
        except ValueError as error:
            field = error.args[0]
            raise values.refusal(field, lines[column.index(field)]) from None

    def clusters(self) -> NDArray[np.int32] | None:
        if self.cluster_at is None:
            return None
        return np.fromiter(chain.from_iterable(self.cluster_blocks), dtype=np.int32)

    def weights(self) -> NDArray[np.float64] | None:
        if self.weight_at is None:
            return None
        return np.fromiter(chain.from_iterable(self.weight_blocks), dtype=np.float64)

    def teams(self) -> dict[str, NDArray[np.int32]]:
        numbers = np.concatenate(self.group_blocks, axis=1)
        return {
            group.column: numbers[k]
            for k, group in enumerate(self.plan.groups)
            if group.team
        }

    def groups(self) -> dict[str, GroupColumn]:
        numbers = np.concatenate(self.group_blocks, axis=1)
        return {
            group.column: GroupColumn(found.names, numbers[k])
            for k, (group, (_, found)) in enumerate(
                zip(self.plan.groups, self.group_numbers, strict=True)
            )
            if not group.team
        }

    def responses(self) -> ResponseMatrix:
        if not self.n_read:
            raise BadInput("file_header_only", path=str(self.path))
        codes = np.concatenate(self.blocks)
        if not len(codes):
            raise self._nothing_left()
        items = tuple(
            Item(item.code, item.low, item.high, item.reverse) for item in self.items
        )
        return ResponseMatrix(codes, items)

    def _kept(
        self, rows: list[list[str]], lines: list[int]
    ) -> tuple[list[list[str]], list[int]]:
        kept = [
            i
            for i, row in enumerate(rows)
            if all(row[j].strip() in values for j, values in self.where)
        ]
        if not kept and len(self.seen_where) < SHOWN_COLUMNS:
            first, _ = self.where[0]
            self.seen_where.update(row[first].strip() for row in rows)
        return [rows[i] for i in kept], [lines[i] for i in kept]

    def _nothing_left(self) -> BadInput:
        condition = "; ".join(
            f"{name}: {', '.join(kept)}" for name, kept in self.plan.where.items()
        )
        seen = tuple(value for value, _ in self.seen_where.most_common(5))
        return BadInput("no_rows_where", condition=condition, n=self.n_read, seen=seen)


def _require_column(header: Sequence[str], column: str, use: str) -> None:
    if column in header:
        return
    shown = tuple(name for name in header if name)[:SHOWN_COLUMNS]
    if len(header) > SHOWN_COLUMNS:
        shown = (*shown, "...")
    same_letters = [name for name in header if name.casefold() == column.casefold()]
    close = same_letters or difflib.get_close_matches(column, header, n=1)
    if close:
        raise BadInput(
            "column_missing_close",
            column=column,
            use=use,
            close=close[0],
            columns=shown,
        )
    raise BadInput("column_missing", column=column, use=use, columns=shown)
