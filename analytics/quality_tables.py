"""The tables and charts of part ``quality`` in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics import thresholds
from analytics.charts import Chart
from analytics.factor_tables import p_value
from analytics.marks import Bar, intervals, whole_ticks, x_axis
from analytics.plan import Text
from analytics.quality_readings import people_words
from analytics.quality_results import BothWays, QualityPart, UnitRate
from analytics.release_parts import Count
from analytics.results import Absent, Figure, Result
from analytics.sentences import Sentence, label, say
from analytics.tables import NOTHING, Cell, Column, Table, Tables

MOST_BARS: Final = 40  # units in a chart; more are read in the table
ROW: Final = 56  # pixels of a row with numbers above and below its bar
MOST_ROWS: Final = 60  # units in the table; all stand under the teams


@dataclass(frozen=True, slots=True)
class QualityTables(Tables):
    """Makes them from the report's names and the part; None where nothing is there."""

    quality: QualityPart

    def signs(self) -> Table | None:
        """Return every sign that was looked for, and why others were not."""
        found = self.quality.careless
        rows, notes = [], []
        for kind, sign in found.signs.items():
            name = self._label(f"sign_{kind}")
            if sign.reason is not None:
                notes.append(self._of(name, Absent(sign.reason)))
                continue
            rows.append(
                (
                    Cell(name),
                    Cell(self._label("sign_counts" if sign.counts else "sign_beside")),
                    Cell(label(f"size_{kind}", self.language, size=sign.size)),
                    self._people(sign.shown),
                    self._people(sign.examined),
                )
            )
        if found.flagged is not None:
            flagged = self._people(found.flagged)
            everybody = self._people(self.quality.people)
            rows.append((Cell(self._label("flagged_row")), Cell(NOTHING),
                         Cell(NOTHING), flagged, everybody))  # fmt: skip
        if not rows and not notes:
            return None
        notes.append(self._say(say("careless_rule", signs=thresholds.SIGNS)))
        heads = ("sign", "sign_kind", "sign_size")
        columns = (
            *(Column(self._label(code)) for code in heads),
            Column(self._label("sign_people"), numeric=True),
            Column(self._label("n"), numeric=True),
        )
        title = self._label("trust_summary_careless")
        return Table(title, columns, tuple(rows), tuple(notes))

    def both_ways(self) -> Table | None:
        """Return means and alpha with and without the flagged."""
        rows: list[tuple[Cell, ...]] = []
        notes: dict[str, None] = {}
        for code, one in self.quality.careless.scales.items():
            name = self._name(code)
            rows.append(
                (
                    Cell(name),
                    self._estimate(one.mean.all),
                    self._estimate(one.mean.other),
                    self._interval(one.mean.other),
                    Cell(self._number(one.shift)),
                    self._estimate(one.alpha.all if one.alpha else None),
                    self._estimate(one.alpha.other if one.alpha else None),
                )
            )
            for result in (one.mean.other, one.alpha.other if one.alpha else None):
                if isinstance(result, Absent):
                    notes[self._of(name, result)] = None
        heads = ("mean_all", "mean_without", "interval", "shift_sd", "alpha_all")
        columns = self._columns("construct", *heads, "alpha_without")
        title = self._label("both_ways")
        return Table(title, columns, tuple(rows), tuple(notes)) if rows else None

    def relations(self) -> Table | None:
        """Return correlations with the outcomes, with and without the flagged."""
        rows = []
        for outcome, grid in self.quality.careless.relations.items():
            for scale, both in grid.items():
                names = {"scale": self._name(scale), "outcome": self._name(outcome)}
                rows.append(
                    (
                        Cell(label("relation_of", self.language, **names)),
                        self._estimate(both.all),
                        self._interval(both.all),
                        self._estimate(both.other),
                        self._interval(both.other),
                    )
                )
        heads = ("r_all", "interval", "r_without", "interval")
        columns = self._columns("scale", *heads)
        title = self._label("relations_both_ways")
        return Table(title, columns, tuple(rows)) if rows else None

    def missing_scales(self) -> Table | None:
        """Return how much each scale lacks, and whether gaps go with its scores."""
        rows: list[tuple[Cell, ...]] = []
        notes: dict[str, None] = {}
        for code, one in self.quality.missing.scales.items():
            name = self._name(code)
            p = NOTHING if one.p is None else p_value(one.p)
            share = Cell(self._percent(100 * one.share, 1))
            estimate, ends = self._estimate(one.r), self._interval(one.r)
            rows.append((Cell(name), share, estimate, ends, Cell(p)))
            if isinstance(one.r, Absent):
                notes[self._say(one.r.reason)] = None
        columns = self._columns(
            "construct", "share_missing", "r_missing", "interval", "p_holm"
        )
        title = self._label("trust_summary_missing")
        notes[self._say(say("missing_rule"))] = None
        return Table(title, columns, tuple(rows), tuple(notes)) if rows else None

    def missing_items(self) -> Table | None:
        """Return how many left out each item; few are told as fewer than the least."""
        rows = []
        for code, one in self.quality.missing.items.items():
            text = one.text.in_language(self.language) if one.text else ""
            rows.append(
                (
                    Cell(f"{code} {text}".strip()),
                    Cell(one.scale.in_language(self.language)),
                    self._people(one.missing),
                )
            )
        columns = (
            Column(self._label("item")),
            Column(self._label("construct")),
            Column(self._label("people_left_out"), numeric=True),
        )
        title = self._label("items_left_out")
        return Table(title, columns, tuple(rows)) if rows else None

    def rates(self) -> Table | None:
        """Return the response rate of every unit."""
        found = self.quality.nonresponse
        notes = []
        if found.test is not None:
            test = found.test
            numbers = {"groups": test.groups, "chi2": test.chi2, "df": test.df}
            p = p_value(test.p)
            v = thresholds.beside(test.cramers_v, thresholds.RATE_V)
            notes.append(
                say("rates_test", **numbers, p=p if p[0] == "<" else f"= {p}", v=v)
            )
            if test.joined:
                notes.append(say("rates_joined", joined=test.joined))
        if not found.units:
            return None
        rows = (found.everyone, *found.units.values())[:MOST_ROWS]
        if len(found.units) >= MOST_ROWS:
            notes.append(say("rates_more", count=len(found.units) + 1 - MOST_ROWS))
        return Table(
            self._label("rates"),
            self._columns("unit", "invited", "answered", "rate"),
            tuple(self._rate_row(one) for one in rows),
            tuple(self._say(one) for one in notes),
        )

    def weighted(self) -> Table | None:
        """Return weighted beside plain means, with what the weights cost."""
        found = self.quality.weighted
        rows = [
            (
                Cell(self._name(code)),
                self._estimate(one.mean.all),
                self._estimate(one.mean.other),
                self._interval(one.mean.other),
                Cell(self._number(one.shift)),
                Cell(str(one.groups)),
                Cell(str(one.effective_n)),
                Cell(self._number(one.design_effect)),
            )
            for code, one in found.scales.items()
        ]
        if not rows:
            return None
        notes = [say("weighted_rule", bound=found.bound)]
        cut = tuple(c for c, one in found.scales.items() if one.trimmed)
        if cut:
            names = tuple(self._text(code) for code in cut)
            notes.append(say("weights_trimmed", bound=found.bound, scales=names))
        heads = ("plain_mean", "weighted_mean", "interval", "shift_sd", "strata")
        return Table(
            self._label("weighted_table"),
            self._columns("construct", *heads, "effective_n", "design_effect"),
            tuple(rows),
            tuple(self._say(one) for one in notes),
        )

    def rates_chart(self) -> Chart | None:
        """Draw the rates that are shown; None with too few, or too many to draw."""
        found, table = self.quality.nonresponse, self.rates()
        bars = [
            Bar(
                one.name.in_language(self.language),
                round(100 * one.rate),
                0.0,
                round(100 * one.rate),
            )
            for one in found.units.values()
            if one.rate is not None
        ]
        if table is None or not 2 <= len(bars) <= MOST_BARS:
            return None
        title = self._label("rates")
        said = self._listed(f"{bar.name} {self._percent(bar.value, 0)}" for bar in bars)
        description = label("chart_of", self.language, title=title, values=said)
        axis = self._label("axis_rate")
        guides: tuple[tuple[float, str], ...] = ()
        if found.everyone.rate is not None:
            name = found.everyone.name.in_language(self.language)
            share = 100 * found.everyone.rate
            guides = ((share, f"{name} {self._percent(share, 0)}"),)
        drawn = {
            narrow: whole_numbers(
                intervals(
                    bars,
                    description,
                    x_axis(axis, (0, 100), whole_ticks(0, 100, most=ticks)),
                    guides,
                    narrow=narrow,
                )
            )
            for narrow, ticks in ((False, 11), (True, 6))
        }
        return Chart("rates", title, description, drawn[False], drawn[True], table)

    def both_ways_charts(self) -> tuple[Chart, ...]:
        """Draw the means of all with intervals, and those without as rings."""
        table = self.both_ways()
        ranges: dict[tuple[int, int], list[Bar]] = {}
        for code, one in self.quality.careless.scales.items():
            scale = self.report.constructs[code]
            bar = _bar(self._name(code), one.mean)
            if bar is not None:
                ranges.setdefault((scale.low, scale.high), []).append(bar)
        if table is None:
            return ()
        return tuple(
            self._both_chart(bars, table, *ends) for ends, bars in ranges.items()
        )

    def _both_chart(self, bars: list[Bar], table: Table, low: int, high: int) -> Chart:
        title = self._label("without_chart")
        said = self._listed(
            f"{bar.name} {bar.value:.2f}, {bar.ring:.2f}" for bar in bars
        )
        description = label("chart_of", self.language, title=title, values=said)
        axis = label("axis_both", self.language, low=low, high=high)
        wide, narrow = (
            intervals(
                bars,
                description,
                x_axis(axis, (low, high), whole_ticks(low, high, most=ticks)),
                (),
                narrow=is_narrow,
            )
            for is_narrow, ticks in ((False, 11), (True, 5))
        )
        wide = {**wide, "height": ROW * len(bars), "layer": _rings_below(wide)}
        code = f"without-{low}-{high}"
        return Chart(code, title, description, wide, narrow, table)

    def _rate_row(self, one: UnitRate) -> tuple[Cell, ...]:
        indent = "\u2003" * max(one.depth - 1, 0)
        rate = NOTHING if one.rate is None else self._percent(100 * one.rate, 0)
        return (
            Cell(indent + one.name.in_language(self.language)),
            Cell(NOTHING if one.invited is None else str(one.invited)),
            self._people(one.answered),
            Cell(rate),
        )

    def _people(self, count: Count | None) -> Cell:
        return Cell(NOTHING if count is None else people_words(count))

    def _percent(self, value: float, digits: int) -> str:
        return label("percent", self.language, value=f"{value:.{digits}f}")

    def _listed(self, parts: Any) -> str:
        return ("；" if self.language == "zh-hans" else "; ").join(parts)

    def _say(self, sentence: Sentence) -> str:
        return sentence.text(self.language)

    def _text(self, code: str) -> Text:
        return self.report.constructs[code].name

    def _name(self, code: str) -> str:
        return self._text(code).in_language(self.language)


def _rings_below(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers with the numbers of rings below, where dots have theirs above.

    With and without lie close together, as a rule, and would cover one another.
    """
    return [
        {**one, "mark": {"type": "text", "dy": 18, "fontSize": 12}}
        if "transform" in one and one["mark"]["type"] == "text"
        else one
        for one in spec["layer"]
    ]


def whole_numbers(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification whose numbers are written without decimals."""
    return {key: _whole(value) for key, value in spec.items()}


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_whole(part) for part in value]
    return ".0f" if value == ".2f" else value


def _bar(name: str, both: BothWays) -> Bar | None:
    everybody: Result = both.all
    if not isinstance(everybody, Figure) or not isinstance(both.other, Figure):
        return None
    if everybody.low is None or everybody.high is None:
        return None
    return Bar(
        name,
        everybody.estimate,
        everybody.low,
        everybody.high,
        ring=both.other.estimate,
    )
