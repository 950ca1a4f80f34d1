"""Tables behind what goes with the outcomes of a release, in one language."""

import math
from dataclasses import dataclass

from analytics.driver_readings import Place, latent_fits, stands
from analytics.driver_results import DriversPart, GridTest, Slopes, Split
from analytics.plan import Text
from analytics.results import Absent, Figure, Report, Result, pair_key
from analytics.sentences import label
from analytics.tables import NOTHING, Cell, Column, Table, by_size

PATHS = ("first", "second", "indirect", "direct", "total")


@dataclass(frozen=True, slots=True)
class DriverTables:
    """Makes them with two decimals."""

    report: Report
    language: str

    def checks(self, part: DriversPart, outcome: str) -> Table:
        """Return each raw correlation beside what every check makes of it."""
        found = part.outcomes[outcome]
        latent = self._latent(outcome)
        rows = []
        notes: dict[str, None] = {}
        for code, one in by_size(self.report.loyalty[outcome]):
            cells = [Cell(self._name(code)), Cell(_number(one.r))]
            if latent:
                cells.append(Cell(_number(latent.get(code))))
            for results in (found.given, found.marked):
                if results:
                    cells.append(self._with_ends(results[code]))
                    self._note(notes, code, results[code])
            cells += self._tested(found.tests.get(code))
            rows.append(tuple(cells))
        return Table(
            self._label("drivers_checks_title", outcome=self._outcome(outcome)),
            self._check_columns(part, latent=bool(latent), marked=bool(found.marked)),
            tuple(rows),
            tuple(notes),
        )

    def slopes(self, found: Slopes, outcome: str) -> Table | None:
        """Return slopes, or odds ratios, with intervals; None where there are none."""
        if not found.slopes:
            return None
        linear = found.kind == "linear"
        rows = []
        for code, one in found.slopes.items():
            values = [one.estimate, one.low or 0.0, one.high or 0.0]
            value, low, high = values if linear else map(math.exp, values)
            cells = [Cell(self._name(code)), Cell(_number(value))]
            cells.append(self._ends(low, high))
            if linear:
                cells.append(Cell(_number(found.vif[code])))
            rows.append(tuple(cells))
        names = ["drivers_slope" if linear else "drivers_odds", "interval"]
        columns = self._columns("scale", *names, *(["drivers_vif"] if linear else []))
        title = self._label("drivers_slopes_title", outcome=self._outcome(outcome))
        return Table(title, columns, tuple(rows))

    def split(self, found: Split, outcome: str) -> Table | None:
        """Return every part of the split correlation; None where there is none."""
        if not found.paths:
            return None
        names = {"between": self._outcome(found.between)}
        names["outcome"] = self._outcome(outcome)
        latent = found.latent
        both = latent is not None and bool(latent.paths) and latent_fits(latent)
        rows = []
        for path in PATHS:
            cells = [Cell(self._label(f"drivers_path_{path}", **names))]
            cells += self._result(found.paths[path])
            if latent is not None and both:
                cells += self._result(latent.paths[path])
            rows.append(tuple(cells))
        title = self._label("drivers_split_title", **names)
        more = ("drivers_path_latent", "interval") if both else ()
        columns = self._columns("drivers_path", "drivers_path_value", "interval", *more)
        return Table(title, columns, tuple(rows))

    def map(self, found: tuple[Place, ...], outcome: str) -> Table:
        """Return the places on the map, numbered as they are there."""
        rows = []
        for number, one in enumerate(found, start=1):
            rows.append(
                (
                    Cell(one.name.in_language(self.language)),
                    Cell(str(number)),
                    Cell(f"{one.rating:.1f}"),
                    Cell(self._span(f"{one.rating_low:.1f}", f"{one.rating_high:.1f}")),
                    Cell(_number(one.share)),
                    self._ends(one.share_low, one.share_high),
                )
            )
        names = ("drivers_number", "drivers_performance", "interval")
        return Table(
            self._label("drivers_map_title", outcome=self._outcome(outcome)),
            self._columns("scale", *names, "share", "interval"),
            tuple(rows),
        )

    def _latent(self, outcome: str) -> dict[str, float]:
        """Correlations of the factors, where the factor model gave any."""
        if self.report.cfa is None:
            return {}
        found = self.report.cfa.factor_correlations
        values = {
            code: found.get(pair_key(code, outcome), found.get(pair_key(outcome, code)))
            for code in self.report.scales
        }
        return {code: value for code, value in values.items() if value is not None}

    def _check_columns(
        self, part: DriversPart, *, latent: bool, marked: bool
    ) -> tuple[Column, ...]:
        names = [self._label("r")]
        if latent:
            names.append(self._label("drivers_latent"))
        if part.control is not None:
            control = part.names[part.control]
            names.append(self._label("drivers_given_column", control=control))
        if marked:
            names.append(self._label("drivers_marked_column"))
        numeric = [Column(name, numeric=True) for name in names]
        after = ("drivers_after_holm", "drivers_after_bh")
        return (
            Column(self._label("scale")),
            *numeric,
            *(Column(self._label(code)) for code in after),
        )

    def _note(self, notes: dict[str, None], code: str, result: Result) -> None:
        if isinstance(result, Absent):
            sentence = result.reason.text(self.language)
            name = self._name(code)
            note = label("of_scale", self.language, scale=name, sentence=sentence)
            notes[note] = None

    def _result(self, result: Result) -> list[Cell]:
        if isinstance(result, Absent):
            return [Cell(NOTHING), Cell(NOTHING)]
        return [Cell(_number(result.estimate)), self._interval(result)]

    def _with_ends(self, result: Result) -> Cell:
        """Value and interval in one cell, for a table of many columns."""
        value, ends = self._result(result)
        return (
            value if isinstance(result, Absent) else Cell(f"{value.text} [{ends.text}]")
        )

    def _interval(self, found: Figure) -> Cell:
        if found.low is None or found.high is None:
            return Cell(NOTHING)
        return self._ends(found.low, found.high)

    def _ends(self, low: float, high: float) -> Cell:
        return Cell(self._span(_number(low), _number(high)))

    def _span(self, low: str, high: str) -> str:
        return label("low_to_high", self.language, low=low, high=high)

    def _tested(self, test: GridTest | None) -> list[Cell]:
        if test is None:
            return [Cell(NOTHING), Cell(NOTHING)]
        return [self._holds(stands(p)) for p in (test.holm, test.bh)]

    def _holds(self, holds: bool) -> Cell:
        code = "drivers_stands" if holds else "drivers_falls"
        return Cell(self._label(code), tone="good" if holds else "watch")

    def _name(self, code: str) -> str:
        return self.report.scales[code].name.in_language(self.language)

    def _outcome(self, code: str) -> Text:
        return self.report.outcomes[code].name

    def _label(self, code: str, **params: Text) -> str:
        return label(code, self.language, **params)

    def _columns(self, first: str, *others: str) -> tuple[Column, ...]:
        numeric = (Column(self._label(code), numeric=True) for code in others)
        return (Column(self._label(first)), *numeric)


def _number(value: float | None) -> str:
    if value is None:
        return NOTHING
    text = f"{value:.2f}"
    return (text.removeprefix("-") if float(text) == 0 else text).replace("-", "−")
