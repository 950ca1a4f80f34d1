"""A report as tables in one language; terminal, page and file show the same ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analytics import design, readings, thresholds
from analytics.readings import Reading, Tone
from analytics.results import (
    Absent,
    Figure,
    Interval,
    ItemResult,
    Relation,
    RelativeWeight,
    Report,
    Result,
    ScaleResult,
)
from analytics.sentences import label

NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place; `tone` colours it, `chip` makes it a label.

    `spoken` is read out in the place of a text with a sign in it.
    """

    text: str
    tone: Tone | None = None
    chip: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; numbers stand to the right."""

    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of a row names it. `notes` say what is missing."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """Makes the tables of a report in `language` with `digits` decimals."""

    report: Report
    language: str
    digits: int

    def levels(self) -> Table:
        """Return mean with interval, SD and range of every scale."""
        rows = []
        for scale in self.report.constructs.values():
            rows.append(
                (
                    Cell(scale.name.in_language(self.language)),
                    self._estimate(scale.mean),
                    self._interval(scale.mean),
                    self._estimate(scale.sd),
                    Cell(str(scale.n)),
                    Cell(self._span(str(scale.low), str(scale.high))),
                )
            )
        absent = self._reasons((scale, (scale.mean,)) for scale in self._constructs())
        return Table(
            self._label("dimensions"),
            self._columns("construct", "mean", "interval", "sd", "n", "range"),
            tuple(rows),
            absent,
        )

    def reliability(self) -> Table:
        """Return omega and alpha with intervals, and the chip of their reading."""
        pairs = any(scale.spearman_brown for scale in self._constructs())
        rows = []
        for scale in self._constructs():
            read = readings.reliability(scale)
            cells = [
                Cell(scale.name.in_language(self.language)),
                Cell(str(scale.n_items)),
                self._estimate(scale.omega_total),
                self._interval(scale.omega_total),
                self._estimate(scale.alpha.raw),
                self._interval(scale.alpha.raw),
                self._estimate(scale.alpha.standardized),
            ]
            if pairs:
                cells.append(self._estimate(scale.spearman_brown))
            rows.append((*cells, self._chip(read)))
        names = ["construct", "n_items", "omega", "interval", "alpha", "interval"]
        names.append("alpha_standardized")
        columns = self._columns(*names, *(["spearman_brown"] if pairs else []))
        return Table(
            self._label("reliability"),
            (*columns, Column(self._label("reading"))),
            tuple(rows),
            self._reasons(
                (scale, (scale.alpha.raw, scale.omega_total, scale.spearman_brown))
                for scale in self._constructs()
            ),
        )

    def items(self) -> Table:
        """Return every item with its distribution and its place in the scale."""
        rows = [
            self._item_row(code, item, scale)
            for scale in self._constructs()
            for code, item in scale.items.items()
        ]
        names = ("item", "construct", "n", "missing", "mean", "sd")
        columns = self._columns(*names, "item_rest_r", "alpha_if_dropped")
        numeric = (columns[0], Column(self._label("construct")), *columns[2:])
        return Table(self._label("items"), numeric, tuple(rows))

    def eigenvalues(self) -> Table | None:
        """Return the eigenvalues beside those of random data; None without them."""
        found = self.report.dimensionality
        if not found.eigenvalues:
            return None
        names = ["number", "component_eigenvalue"]
        series: list[Sequence[float]] = [found.eigenvalues]
        if found.parallel:
            names += ["by_chance", "factor_eigenvalue", "by_chance"]
            series.append(found.parallel.component_thresholds)
            series.append(found.parallel.factor_observed)
            series.append(found.parallel.factor_thresholds)
        rows = tuple(
            (Cell(str(k + 1)), *(Cell(self._number(one[k])) for one in series))
            for k in range(len(found.eigenvalues))
        )
        return Table(self._label("structure"), self._columns(*names), rows)

    def loadings(self) -> Table | None:
        """Return the pattern with marked loadings; None without factors."""
        factors = self.report.factors
        if not factors.loadings:
            return None
        rows = [
            (
                Cell(code),
                *(self._loading(value) for value in row),
                self._communality(factors.communalities[code]),
            )
            for code, row in factors.loadings.items()
        ]
        columns = (
            Column(self._label("item")),
            *self._factor_columns(),
            Column(self._label("communality"), numeric=True),
        )
        return Table(self._label("loadings"), columns, tuple(rows))

    def factor_correlations(self) -> Table | None:
        """Return the correlations of the factors; None below two factors."""
        phi = self.report.factors.phi
        if len(phi) < 2:
            return None
        columns = self._factor_columns()
        rows = tuple(
            (Cell(column.label), *(Cell(self._number(value)) for value in row))
            for column, row in zip(columns, phi, strict=True)
        )
        return Table(
            self._label("factor_correlations"),
            (Column(self._label("factor_heading")), *columns),
            rows,
        )

    def separability(self) -> Table | None:
        """Return HTMT of every pair of scales; None with fewer than two."""
        if not self.report.htmt:
            return None
        constructs = self.report.constructs
        rows: list[tuple[Cell, ...]] = []
        notes: dict[str, None] = {}
        for key, ratio in self.report.htmt.items():
            first, second = (constructs[code].name for code in key.split("~~"))
            pair = label("pair_of", self.language, first=first, second=second)
            read = readings.separability(ratio)
            ends = self.report.htmt_intervals.get(key, Interval(None, None, None))
            span = self._ends(ends.low, ends.high)
            rows.append((Cell(pair), Cell(self._number(ratio)), span, self._chip(read)))
            if ends.reason:
                notes[self._of(pair, Absent(ends.reason))] = None
        columns = self._columns("pair", "htmt", "interval")
        return Table(
            self._label("separability"),
            (*columns, Column(self._label("reading"))),
            tuple(rows),
            tuple(notes),
        )

    def loyalty(self, outcome: str) -> Table:
        """Return how each trust scale goes with one outcome, closest first."""
        name = self.report.outcomes[outcome].name
        rows = []
        for code, found in by_size(self.report.loyalty[outcome]):
            scale = self.report.scales[code].name
            rows.append(
                (
                    Cell(scale.in_language(self.language)),
                    Cell(self._number(found.r)),
                    self._ends(found.low, found.high),
                    Cell(self._number(found.spearman)),
                    Cell(self._number(found.disattenuated)),
                    self._ends(found.disattenuated_low, found.disattenuated_high),
                    Cell(str(found.n)),
                    self._chip(readings.relation(scale, name, found)),
                )
            )
        names = ("scale", "r", "interval", "spearman", "disattenuated")
        return Table(
            label("loyalty", self.language, outcome=name),
            (
                *self._columns(*names, "corrected_interval", "n"),
                Column(self._label("reading")),
            ),
            tuple(rows),
            self._relation_reasons(outcome),
        )

    def weights(self, outcome: str) -> Table | None:
        """Return the share of each trust scale; None without weights.

        Largest first with intervals of the ranks; in the plan's order and without
        ranks where people do not tell the scales apart.
        """
        ranked = readings.ranked(self.report)
        rows = []
        for code, one in by_share(self.report, outcome):
            cells = [
                Cell(self.report.scales[code].name.in_language(self.language)),
                Cell(self._number(one.share)),
                self._ends(one.low, one.high),
            ]
            if ranked:
                ends = (str(one.rank_low), str(one.rank_high))
                cells.append(Cell(self._span(*ends)))
            rows.append(tuple(cells))
        if not rows:
            return None
        names = ("scale", "share", "interval", *(["rank_interval"] if ranked else []))
        name = self.report.outcomes[outcome].name
        title = label("weights", self.language, outcome=name)
        return Table(title, self._columns(*names), tuple(rows))

    def _item_row(
        self, code: str, item: ItemResult, scale: ScaleResult
    ) -> tuple[Cell, ...]:
        name = f"{code} ({self._label('reversed')})" if item.reverse else code
        if item.text is not None:
            name = f"{name} {item.text.in_language(self.language)}"
        rest = item.item_rest_r
        against = rest is not None and rest < 0
        return (
            Cell(name),
            Cell(scale.name.in_language(self.language)),
            Cell(str(item.n)),
            Cell(str(item.missing)),
            Cell(self._number(item.mean)),
            Cell(self._number(item.sd)),
            Cell(self._number(rest), tone="stop" if against else None),
            Cell(self._number(item.alpha_if_dropped)),
        )

    def _reasons(
        self, found: Iterable[tuple[ScaleResult, tuple[Result | None, ...]]]
    ) -> tuple[str, ...]:
        """Say once per scale why one of its results is absent."""
        notes: dict[str, None] = {}
        for scale, results in found:
            for result in results:
                if isinstance(result, Absent):
                    note = self._of(scale.name.in_language(self.language), result)
                    notes[note] = None
        return tuple(notes)

    def _of(self, name: str, absent: Absent) -> str:
        sentence = absent.reason.text(self.language)
        if absent.reason.code == design.NO_RESAMPLING:  # said once for all
            return sentence
        return label("of_scale", self.language, scale=name, sentence=sentence)

    def _relation_reasons(self, outcome: str) -> tuple[str, ...]:
        notes: dict[str, None] = {}
        for code, found in self.report.loyalty[outcome].items():
            for key, reason in found.reasons.items():
                if key == "relative_weight":  # said of all scales at once
                    continue
                name = self.report.scales[code].name.in_language(self.language)
                notes[self._of(name, Absent(reason))] = None
        ranks = (one.text(self.language) for one in design.of_ranks(self.report))
        return (*notes, *ranks)

    def _constructs(self) -> Iterable[ScaleResult]:
        return self.report.constructs.values()

    def _label(self, code: str) -> str:
        return label(code, self.language)

    def _columns(self, first: str, *others: str) -> tuple[Column, ...]:
        numeric = tuple(Column(self._label(code), numeric=True) for code in others)
        return (Column(self._label(first)), *numeric)

    def _factor_columns(self) -> tuple[Column, ...]:
        count = len(self.report.factors.phi)
        return tuple(
            Column(label("factor", self.language, number=k + 1), numeric=True)
            for k in range(count)
        )

    def _chip(self, read: Reading) -> Cell:
        return Cell(read.chip.text(self.language), tone=read.tone, chip=True)

    def _estimate(self, result: Result | None) -> Cell:
        value = result.estimate if isinstance(result, Figure) else None
        return Cell(self._number(value))

    def _interval(self, result: Result) -> Cell:
        if isinstance(result, Absent) or result.low is None:
            return Cell(NOTHING)
        ends = self._ends(result.low, result.high)
        return self._approximate(ends) if result.approximate else ends

    def _approximate(self, ends: Cell) -> Cell:
        """Mark an interval as approximate, by a sign and for the ear in words."""
        text = label("approximate_marked", self.language, interval=ends.text)
        spoken = label("approximate_spoken", self.language, interval=ends.text)
        return replace(ends, text=text, spoken=spoken)

    def _ends(self, low: float | None, high: float | None) -> Cell:
        return Cell(self._span(self._number(low), self._number(high)))

    def _loading(self, value: float) -> Cell:
        marked = abs(value) >= thresholds.LOADING
        return Cell(self._number(value), tone="good" if marked else None)

    def _communality(self, value: float) -> Cell:
        low = value < thresholds.COMMUNALITY
        return Cell(self._number(value), tone="watch" if low else None)

    def _span(self, low: str, high: str) -> str:
        if low == NOTHING:
            return NOTHING
        return label("low_to_high", self.language, low=low, high=high)

    def _number(self, value: float | None) -> str:
        if value is None:
            return NOTHING
        text = f"{value:.{self.digits}f}"
        if float(text) == 0:
            text = text.removeprefix("-")
        return text.replace("-", "−")


def by_size(relations: Mapping[str, Relation]) -> list[tuple[str, Relation]]:
    """Return the relations from the closest to the loosest, then those without r."""
    return sorted(
        relations.items(),
        key=lambda one: -1.0 if one[1].r is None else abs(one[1].r),
        reverse=True,
    )


def by_share(report: Report, outcome: str) -> list[tuple[str, RelativeWeight]]:
    """Return the weights, largest first; in the plan's order if they have no ranks."""
    found = [
        (code, one.relative_weight)
        for code, one in report.loyalty[outcome].items()
        if one.relative_weight
    ]
    if not readings.ranked(report):
        return found
    return sorted(found, key=lambda one: one[1].share, reverse=True)
