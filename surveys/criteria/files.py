"""A file of values from its upload to the end: columns guessed, looked at, stored.

A row is a customer number, a day, and a value for each criterion that has a column. The
file is kept in the database for a day at most, so that the dry run and the import read
the same bytes.
"""

import io
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from surveys import parts
from surveys.criteria.reading import Unclear, date_of, value_of
from surveys.criteria.values import Compared, Given, compare, store
from surveys.models import Criterion, CriterionFile, Organization
from surveys.people.files import Line, encoding_of, read_lines, separator_of
from surveys.people.findings import ListError
from surveys.people.mapping import guess, plain
from surveys.people.workbook import convert, is_workbook
from surveys.tenancy import organization_scope

T = TypeVar("T")

MOST_BYTES = 8 * 1024 * 1024
KEPT = timedelta(days=1)
NUMBER, DATE = "number", "date"
DATES = frozenset(
    [
        "date",
        "day",
        "asof",
        "orderdate",
        "purchasedate",
        "日期",
        "时间",
        "购买日期",
        "下单日期",
        "截止日期",
    ]
)
PREVIEWED = 5  # rows
SHOWN_WRONG = 50


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell, where; `column` is its title."""

    line: int
    column: str
    problem: Unclear


@dataclass(frozen=True, slots=True)
class Looked:
    """A dry run: what would be stored, and what would be left out."""

    compared: Compared
    wrong: tuple[Wrong, ...]
    rows: int


def upload(
    *, organization: Organization, filename: str, data: bytes, at: datetime
) -> CriterionFile:
    """Keep a file for the steps to come; a workbook is kept as CSV.

    Raises
    ------
    ListError
        Nothing is kept.
    """
    if len(data) > MOST_BYTES:
        raise ListError("too_large", params={"most": MOST_BYTES >> 20})
    if is_workbook(data):
        data = convert(data).data
    elif b"\0" in data[:4] or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ListError("not_a_list")
    encoding = encoding_of(io.BytesIO(data))
    kept = CriterionFile(
        organization=organization,
        filename=filename[-200:],
        uploaded_at=at,
        encoding=encoding,
        separator=separator_of(io.BytesIO(data), encoding),
        data=data,
    )
    with closing(_lines(kept)) as lines:
        first = next(lines)
    if first.problem:
        raise ListError("not_a_list")
    kept.header = [_title(cell, at) for at, cell in enumerate(first.cells, start=1)]
    kept.mapping = guessed(kept.header, known_criteria())
    kept.save(force_insert=True)
    return kept


def known_criteria() -> dict[str, Criterion]:
    return {one.code: one for one in Criterion.objects.order_by("code")}


def guessed(header: Sequence[str], criteria: Mapping[str, Criterion]) -> list[str]:
    """Say what each column means, by its title: once each, "" where it is not clear."""
    people = guess(header, {})
    titles = {
        plain(title): code
        for code, one in criteria.items()
        for title in (code, one.name_en, one.name_zh_hans)
    }
    found: list[str] = []
    for title, role in zip(header, people, strict=True):
        meant = titles.get(plain(title), "")
        if not meant and plain(title) in DATES:
            meant = DATE
        if not meant and role == "key":
            meant = NUMBER
        found.append("" if meant in found else meant)
    return found


def preview(kept: CriterionFile) -> list[Line]:
    """Return the first rows below the titles."""
    with closing(_lines(kept)) as lines:
        return list(islice(lines, 1, 1 + PREVIEWED))


def look(kept: CriterionFile, *, today: date) -> Looked:
    """Read the whole file by its mapping and compare; nothing is stored."""
    criteria = known_criteria()
    given: list[Given] = []
    wrong: list[Wrong] = []
    rows = 0
    with closing(_lines(kept)) as lines:
        for line in islice(lines, 1, None):
            rows += 1
            try:
                given += _row(kept, line, criteria, today)
            except _AtColumn as at:
                wrong.append(Wrong(line.number, at.column, at.problem))
    return Looked(compare(given, criteria), tuple(wrong), rows)


def take(kept: CriterionFile, *, today: date) -> Looked:
    """Store what a dry run finds good, and forget the file."""
    looked = look(kept, today=today)
    store(kept.organization_id, looked.compared)
    kept.delete()
    return looked


class _AtColumn(Exception):
    def __init__(self, column: str, problem: Unclear) -> None:
        self.column = column
        self.problem = problem
        super().__init__(str(problem))


def _row(
    kept: CriterionFile, line: Line, criteria: Mapping[str, Criterion], today: date
) -> list[Given]:
    """Return the values of a row; an empty cell has none."""
    if line.problem:
        code = "quote" if line.problem == "quote" else "cells"
        raise _AtColumn("", Unclear(code))
    cells = {
        role: (title, cell.strip())
        for role, title, cell in zip(kept.mapping, kept.header, line.cells, strict=True)
        if role
    }
    title, number = cells[NUMBER]
    if not number:
        raise _AtColumn(title, Unclear("number"))
    if "\ufffd" in number:
        raise _AtColumn(title, Unclear("unreadable", number))
    title, text = cells[DATE]
    day = _at(title, lambda: date_of(text, today=today))
    found = []
    for role, (title, text) in cells.items():
        if role in (NUMBER, DATE) or not text or role not in criteria:
            continue
        kind = criteria[role].kind
        value = _at(title, lambda: value_of(text, kind))  # noqa: B023, called at once
        found.append(Given(number[:100], role, day, value))
    return found


def _at(column: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Unclear as problem:
        raise _AtColumn(column, problem) from None


def _lines(kept: CriterionFile) -> Generator[Line, None, None]:
    return read_lines(io.BytesIO(bytes(kept.data)), kept.encoding, kept.separator)


def _title(cell: str, at: int) -> str:
    shown = "".join(c if c.isprintable() else " " for c in cell)
    return " ".join(shown.split())[:200] or f"#{at}"


def forget_files(now: datetime) -> int:
    """Forget files of yesterday that nobody decided about."""
    old = CriterionFile.objects.using(parts.MAIN).filter(uploaded_at__lt=now - KEPT)
    number = 0
    for organization_id in set(old.values_list("organization_id", flat=True)):
        with organization_scope(organization_id):
            files = CriterionFile.objects.filter(uploaded_at__lt=now - KEPT)
            number += files.delete()[0]
    return number
