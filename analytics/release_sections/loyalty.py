"""Section “What goes with loyalty”: correlations, formula, map, split and checks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from analytics import charts, driver_readings, readings
from analytics.driver_charts import importance_map, numbering
from analytics.driver_results import DriversPart, OutcomeDrivers
from analytics.driver_tables import DriverTables
from analytics.page import LOYALTY, Figure, figure_of
from analytics.readings import Reading
from analytics.release_sections.criteria import CriteriaShown, criteria_shown
from analytics.release_sections.parts import Parts
from analytics.results import Report
from analytics.sentences import Sentence, joined, label, say
from analytics.shown import Said, Shown, maybe_shown, shown
from analytics.tables import Tables, by_size
from analytics.thresholds import DRIVERS_N

DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A figure or a table under a heading, with what is said of it.

    `numbering` names what a figure has numbers for.
    """

    title: str
    sentences: tuple[str, ...]
    figure: Figure | None
    table: Shown | None
    numbering: str = ""


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """One outcome of the section.

    `checks` and `slopes` are for reviewers; `recommend` is empty where the outcome is
    no item from 0 to 10.
    """

    code: str
    title: str
    figure: Figure | None
    table: Shown
    readings: tuple[Said, ...]
    recommend: tuple[str, ...]
    formula: Place
    map: Place
    split: Place | None
    checks: Place | None
    slopes: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class LoyaltySection:
    """Everything of the section, in words of one language; `empty` says why none."""

    title: str
    empty: str
    grid: tuple[str, ...]
    outcomes: tuple[OutcomePart, ...]
    notices: tuple[str, ...]
    words: dict[str, str]
    criteria: CriteriaShown | None = None


def loyalty_section(
    parts: Parts, language: str, *, drawn: bool = False
) -> LoyaltySection:
    """Return the section; of all answers together, never of a group."""
    found = _answered(parts, language, drawn)
    return replace(found, criteria=criteria_shown(parts.criteria, language))


def _answered(parts: Parts, language: str, drawn: bool) -> LoyaltySection:
    report, part = parts.report, parts.drivers
    reason = _reason(report, part)
    if reason is not None or report is None:
        return _section(language, empty=reason.text(language) if reason else "")
    maker = _Maker(report, part, language, drawn)
    grid = () if part is None else driver_readings.grid(report, part)
    return _section(
        language,
        grid=tuple(one.text(language) for one in grid),
        outcomes=tuple(maker.outcome(code) for code in report.outcomes),
        notices=tuple(
            one.text(language) for one in report.notices if one.code in LOYALTY
        ),
    )


def _section(
    language: str,
    *,
    empty: str = "",
    grid: tuple[str, ...] = (),
    outcomes: tuple[OutcomePart, ...] = (),
    notices: tuple[str, ...] = (),
) -> LoyaltySection:
    words = {code: label(code, language) for code in ("as_table", "drivers_more")}
    title = label("drivers_title", language)
    return LoyaltySection(title, empty, grid, outcomes, notices, words)


def _reason(report: Report | None, part: DriversPart | None) -> Sentence | None:
    """Return why the section is empty; None where it is not."""
    if report is None:
        return say("drivers_few", needs=DRIVERS_N)
    if not report.outcomes:
        return say("drivers_no_outcome")
    return None if part is None else part.reason


@dataclass(frozen=True, slots=True)
class _Maker:
    """Puts outcomes into words of one language."""

    report: Report
    part: DriversPart | None
    language: str
    drawn: bool

    def outcome(self, code: str) -> OutcomePart:
        tables = Tables(self.report, self.language, DIGITS)
        name = self.report.outcomes[code].name
        chart = charts.loyalty_chart(self.report, code, self.language)
        found = None if self.part is None else self.part.outcomes.get(code)
        return OutcomePart(
            code=code,
            title=label("loyalty", self.language, outcome=name),
            figure=None if chart is None else figure_of(chart, drawn=self.drawn),
            table=shown(tables.loyalty(code)),
            readings=tuple(
                self._said(readings.relation(self.report.scales[scale].name, name, one))
                for scale, one in by_size(self.report.loyalty[code])
            ),
            recommend=self._texts(readings.recommend(self.report.outcomes[code])),
            formula=self._formula(code, tables),
            map=self._map(code),
            split=None if found is None else self._split(code, found),
            checks=self._checks(code),
            slopes=() if found is None else self._slopes(code, found),
        )

    def _formula(self, code: str, tables: Tables) -> Place:
        chart = charts.weights_chart(self.report, code, self.language)
        name = self.report.outcomes[code].name
        said = driver_readings.formula(self.report, code)
        mean = driver_readings.plain_mean(self.report, code)
        return Place(
            title=label("drivers_formula_title", self.language, outcome=name),
            sentences=self._texts((*said, *mean)),
            figure=None if chart is None else figure_of(chart, drawn=self.drawn),
            table=maybe_shown(tables.weights(code)),
        )

    def _map(self, code: str) -> Place:
        name = self.report.outcomes[code].name
        title = label("drivers_map_title", self.language, outcome=name)
        found = driver_readings.places(self.report, code)
        if isinstance(found, Sentence):
            return Place(title, self._texts([found]), None, None)
        chart = importance_map(self._tables(), found, code)
        said = driver_readings.map_sentences(found, name)
        figure = figure_of(chart, drawn=self.drawn)
        named = numbering(found, self.language)
        return Place(title, self._texts(said), figure, shown(chart.table), named)

    def _split(self, code: str, found: OutcomeDrivers) -> Place | None:
        if found.split is None:
            return None
        names = {"outcome": self.report.outcomes[code].name}
        names["between"] = self.report.outcomes[found.split.between].name
        return Place(
            title=label("drivers_split_title", self.language, **names),
            sentences=self._texts(
                driver_readings.split(self.report, code, found.split)
            ),
            figure=None,
            table=maybe_shown(self._tables().split(found.split, code)),
        )

    def _checks(self, code: str) -> Place | None:
        if self.part is None or code not in self.part.outcomes:
            return None
        table = self._tables().checks(self.part, code)
        said = driver_readings.checks(self.report, self.part, code)
        return Place(table.title, self._texts(said), None, shown(table))

    def _slopes(self, code: str, found: OutcomeDrivers) -> tuple[Place, ...]:
        places = []
        name = self.report.outcomes[code].name
        title = label("drivers_slopes_title", self.language, outcome=name)
        for one in (found.linear, found.ordinal):
            if one is None:
                continue
            said = driver_readings.slopes(self.report, one)
            if one.kind == "ordinal" and one.reason is None:
                said = (say("drivers_ordinal_guide", outcome=name),)
            table = maybe_shown(self._tables().slopes(one, code))
            places.append(Place(title, self._texts(said), None, table))
        return tuple(places)

    def _tables(self) -> DriverTables:
        return DriverTables(self.report, self.language)

    def _texts(self, sentences: Iterable[Sentence]) -> tuple[str, ...]:
        return tuple(one.text(self.language) for one in sentences)

    def _said(self, read: Reading) -> Said:
        text = joined(read.sentences, self.language)
        return Said(read.chip.text(self.language), read.tone, text)
