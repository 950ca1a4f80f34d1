"""Readings and tables as the templates read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.readings import Tone
from analytics.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class Said:
    """A reading in words; `name` is what it is about, where a list has several."""

    chip: str
    tone: Tone
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its name, and each cell with its column."""

    head: Cell
    cells: tuple[tuple[Column, Cell], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as rows that can be stacked on a phone."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def shown(table: Table) -> Shown:
    """Pair every cell with its column, so that rows can be stacked."""
    rows: Sequence[tuple[Cell, ...]] = table.rows
    return Shown(
        title=table.title,
        columns=table.columns,
        rows=tuple(
            Row(row[0], tuple(zip(table.columns[1:], row[1:], strict=True)))
            for row in rows
        ),
        notes=table.notes,
    )


def maybe_shown(table: Table | None) -> Shown | None:
    """Do so where there is a table."""
    return None if table is None else shown(table)
