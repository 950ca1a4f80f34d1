"""Rows of a file as a form understands them. Pure."""

from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from surveys.brought.coding import Codes
from surveys.brought.findings import Finding
from surveys.brought.guessing import language_of, range_of
from surveys.brought.mapping import Mapping
from surveys.brought.periods import Span, period_of, wave_of
from surveys.brought.source import Source
from surveys.definition import NOT_SHOWN, Form, all_met
from surveys.people.files import Line
from surveys.people.mapping import plain

SHOWN_VALUE: Final = 60  # characters
# What Qualtrics calls answers of somebody who only tried the survey out.
_PREVIEWS: Final = frozenset(
    {"survey preview", "survey test", "spam", "1", "2", "8", "9"}
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its codes in form order with what they belong to, or what is wrong."""

    line: int
    codes: tuple[int, ...]
    language: str
    unit: UUID | None
    wave: str
    span: Span | None
    problems: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Understands rows by a confirmed mapping.

    Attributes
    ----------
    units : mapping
        Plain code or name of a unit -> its id.
    language : str
        Of rows that name none.
    today : date
        Later days are wrong.
    """

    form: Form
    source: Source
    mapping: Mapping
    units: Mapped[str, UUID]
    language: str
    today: date
    codes: tuple[tuple[int, Codes | None], ...]
    status: int
    conditional: bool

    @classmethod
    def of(
        cls,
        form: Form,
        source: Source,
        mapping: Mapping,
        *,
        units: Mapped[str, UUID],
        language: str,
        today: date,
    ) -> "Reader":
        readers = []
        for item, one in zip(form.items, mapping.items, strict=True):
            found = None
            if one.column >= 0:
                found = Codes(
                    item,
                    one.coding,
                    source.columns[one.column],
                    texts=mapping.texts.get(range_of(item), {}),
                    missing=mapping.missing,
                )
            readers.append((one.column, found))
        status = -1
        if source.tool == "qualtrics":
            names = [plain(one.name) for one in source.columns]
            status = names.index("status") if "status" in names else -1
        return cls(
            form,
            source,
            mapping,
            units,
            language,
            today,
            tuple(readers),
            status,
            any(item.show_if for item in form.items),
        )

    def row(self, line: Line) -> Row:
        """Understand one row of the file."""
        if line.problem or len(line.cells) != len(self.source.columns):
            code = "quote" if line.problem == "quote" else "cells"
            return self._wrong(
                line, Finding(line.number, code, -1, str(len(line.cells)))
            )
        cells = line.cells
        if self.status >= 0 and cells[self.status].strip().casefold() in _PREVIEWS:
            said = cells[self.status].strip()[:SHOWN_VALUE]
            return self._wrong(line, Finding(line.number, "preview", self.status, said))
        problems: list[Finding] = []
        found = [
            NOT_SHOWN if codes is None else codes[cells[at]] for at, codes in self.codes
        ]
        problems += [
            self._finding(line, "value", at)
            for (at, _), code in zip(self.codes, found, strict=True)
            if code is None
        ]
        language = self._language(line, problems)
        unit = self._unit(line, problems)
        wave, span = self._wave(line, problems)
        codes = tuple(-1 if code is None else code for code in found)
        if not problems and all(code < 0 for code in codes):
            problems.append(Finding(line.number, "blank", -1, ""))
        if self.conditional and not problems:
            codes = _shown(self.form, codes)
        return Row(line.number, codes, language, unit, wave, span, tuple(problems))

    def _wrong(self, line: Line, finding: Finding) -> Row:
        return Row(line.number, (), self.language, None, "", None, (finding,))

    def _finding(self, line: Line, code: str, at: int) -> Finding:
        return Finding(line.number, code, at, line.cells[at].strip()[:SHOWN_VALUE])

    def _language(self, line: Line, problems: list[Finding]) -> str:
        at = self.mapping.language
        if at < 0 or not line.cells[at].strip():
            return self.language
        cell = line.cells[at].strip()
        found = language_of(self.source.columns[at].labels.get(cell, cell))
        if found is None or found not in self.form.languages:
            problems.append(self._finding(line, "language", at))
            return self.language
        return found

    def _unit(self, line: Line, problems: list[Finding]) -> UUID | None:
        at = self.mapping.unit
        if at < 0 or not line.cells[at].strip():
            return None
        found = self.units.get(plain(line.cells[at]))
        if found is None:
            problems.append(self._finding(line, "unit", at))
        return found

    def _wave(self, line: Line, problems: list[Finding]) -> tuple[str, Span | None]:
        at = self.mapping.day
        if at < 0:
            return "", None
        span = period_of(line.cells[at])
        if span is None or span.first > self.today:
            code = "day" if span is None else "future"
            problems.append(self._finding(line, code, at))
            return "", None
        return wave_of(span, self.mapping.period), span


def _shown(form: Form, codes: Sequence[int]) -> tuple[int, ...]:
    """As the intake does: what was not shown has no answer, whatever the file says."""
    given: dict[str, int] = {}
    for item, code in zip(form.items, codes, strict=True):
        given[item.code] = code if all_met(item.show_if, given) else NOT_SHOWN
    return tuple(given.values())
