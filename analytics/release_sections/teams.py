"""Section “Teams and groups”.

The grid of scores, one group beside what stands above it, and whether groups may be
compared at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.glance_release import GATES
from analytics.page import Figure, figure_of
from analytics.release_charts import score_charts
from analytics.release_parts import EVERYONE, Segment, SegmentsPart
from analytics.release_sections.heat import (
    Heat,
    LegendStep,
    count_words,
    heat,
    legend,
    number,
    query_of,
)
from analytics.release_sections.parts import Parts
from analytics.results import Report
from analytics.sentences import label, say
from analytics.shown import Said, Shown, shown
from analytics.tables import NOTHING, Cell, Column, Table
from analytics.team_tables import TeamTables

WINDOW: Final = 60  # rows of the grid at once
DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One group that can be chosen; `indent` shows its place in the tree."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """One group beside what stands above it."""

    title: str
    heat: Heat
    figures: tuple[Figure, ...]
    agreement: Shown | None
    people: str


@dataclass(frozen=True, slots=True)
class GroupKind:
    """All groups of one kind: whether they may be compared, and their grid."""

    key: str
    title: str
    gate: Said | None
    heat: Heat


@dataclass(frozen=True, slots=True)
class TeamsSection:
    """Everything of the section, in words of one language; `empty` says why not."""

    title: str
    empty: str
    words: dict[str, str]
    rules: tuple[str, ...]
    legend: tuple[LegendStep, ...]
    choices: tuple[Choice, ...]
    chosen: Chosen | None
    kinds: tuple[GroupKind, ...]
    window: str
    previous: str
    next: str
    spread: Shown | None
    spread_sentences: tuple[str, ...]


def teams_section(
    parts: Parts,
    language: str,
    *,
    drawn: bool = False,
    focus: str = "",
    start: int = 0,
) -> TeamsSection:
    """Return the section.

    Parameters
    ----------
    focus : str
        Key of the group to look at; unknown keys choose nothing.
    start : int
        First row of the grid of units; a file (`drawn`) shows them all.
    """
    part = parts.segments
    if part is None or len(part.segments) < 2:
        code = "release_no_segments" if part is None else "release_no_groups"
        return _empty(label(code, language), language)
    return _Maker(part, parts.report, language, drawn, focus, max(0, start)).section()


@dataclass(frozen=True, slots=True)
class _Maker:
    part: SegmentsPart
    report: Report | None
    language: str
    drawn: bool
    focus: str
    start: int

    def section(self) -> TeamsSection:
        rows = self._units()
        size = len(rows) if self.drawn else WINDOW
        first = self.start if self.start < len(rows) else 0
        last = min(first + size, len(rows))
        spread = self._spread()
        return TeamsSection(
            title=label("release_groups", self.language),
            empty="",
            words=_words(self.language),
            rules=self._rules(),
            legend=legend(self.language),
            choices=() if self.drawn else self._choices(),
            chosen=self._chosen(),
            kinds=self._kinds(rows[first:last]),
            window=self._window(first, last, len(rows)),
            previous=self._page(first - size) if first > 0 else "",
            next=self._page(last) if last < len(rows) else "",
            spread=spread,
            spread_sentences=self._spread_sentences() if spread else (),
        )

    def _units(self) -> list[Segment]:
        """Return the units of the grid: below the chosen one, top units first."""
        units = [one for one in self.part.segments if one.kind == "unit"]
        chosen = self.part.of(self.focus)
        if chosen is not None and chosen.kind == "unit":
            below = _below(chosen.key, units)
            units = below or units
        if self.drawn or len(units) <= WINDOW:
            return units
        top = min(one.depth for one in units)
        depth = top
        while sum(one.depth <= depth + 1 for one in units) <= WINDOW:
            depth += 1
        return [one for one in units if one.depth <= depth]

    def _rules(self) -> tuple[str, ...]:
        least = self.part.least
        return (
            label("release_heat_rule", self.language),
            label("release_bands_rule", self.language, least=least),
        )

    def _choices(self) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                one.key,
                "\u2003" * (one.depth - 1) + one.name.in_language(self.language),
                one.key == self.focus,
            )
            for one in self.part.segments
            if one.key != EVERYONE and one.reason is None
        )

    def _kinds(self, units: Sequence[Segment]) -> tuple[GroupKind, ...]:
        found = []
        if units:
            rows = [*self._everyone(), *units]
            found.append(self._kind("unit", "release_units", rows, "u"))
        others = [one for one in self.part.segments if one.kind == "language"]
        if others:
            found.append(self._kind("language", "release_languages", others, "l"))
        asked = [one for one in self.part.segments if one.kind == "question"]
        if asked:
            found.append(self._kind("question", "release_questions", asked, "q"))
        return tuple(found)

    def _everyone(self) -> list[Segment]:
        everyone = self.part.of(EVERYONE)
        return [] if everyone is None else [everyone]

    def _kind(
        self, kind: str, title: str, rows: Sequence[Segment], prefix: str
    ) -> GroupKind:
        words = label(title, self.language)
        grid = heat(
            words,
            rows,
            self.part,
            self.language,
            current=self.focus,
            prefix=prefix,
            flat=kind != "unit",
        )
        return GroupKind(kind, words, self._gate(kind), grid)

    def _gate(self, kind: str) -> Said | None:
        gate = self.part.gates.get(kind)
        if gate is None:
            return None
        _, chip, tone = GATES[gate.verdict]
        return Said(
            say(chip).text(self.language), tone, gate.reason.text(self.language)
        )

    def _window(self, first: int, last: int, total: int) -> str:
        if last - first == total:
            return ""
        numbers = {"first": first + 1, "last": last, "total": total}
        return label("release_window", self.language, **numbers)

    def _page(self, start: int) -> str:
        query = query_of(self.focus) if self.focus else "?"
        joint = "&" if self.focus else ""
        return f"{query}{joint}start={max(0, start)}"

    def _chosen(self) -> Chosen | None:
        one = self.part.of(self.focus)
        if one is None or one.key == EVERYONE:
            return None
        path = path_to(one, self.part)
        name = one.name
        grid = heat(
            label("release_beside", self.language, group=name),
            path,
            self.part,
            self.language,
            current=one.key,
            prefix="c",
        )
        return Chosen(
            title=grid.title,
            heat=grid,
            figures=self._figures(one, path),
            agreement=_agreement(one, self.part, self.language),
            people=self._people(one),
        )

    def _figures(self, one: Segment, path: Sequence[Segment]) -> tuple[Figure, ...]:
        above = path[0]
        found = score_charts(
            one,
            self.part,
            self.language,
            code="beside",
            title=label("release_beside", self.language, group=one.name),
            rings={code: score.mean for code, score in above.scores.items()},
            ring_name=above.name.in_language(self.language),
            table=path_table(path, self.part, self.language),
        )
        return tuple(figure_of(chart, drawn=self.drawn) for chart in found)

    def _people(self, one: Segment) -> str:
        if one.joined is None or one.left is None:
            return ""
        numbers = {"joined": one.joined, "left": one.left}
        return label("release_change_of_people", self.language, **numbers)

    def _spread(self) -> Shown | None:
        if self.report is None or not self.part.spread:
            return None
        tables = TeamTables(self.report, self.language, DIGITS)
        title = label("release_spread", self.language)
        return shown(tables.agreement_of(self.part.spread, title))

    def _spread_sentences(self) -> tuple[str, ...]:
        codes = ("team_guide", "team_sizes", "team_null")
        return tuple(say(code).text(self.language) for code in codes)


def path_to(one: Segment, part: SegmentsPart) -> tuple[Segment, ...]:
    """Return everything that stands above a segment, everyone first, and itself."""
    path = [one]
    known = {found.key: found for found in part.segments}
    while path[0].parent is not None and path[0].parent in known:
        path.insert(0, known[path[0].parent])
    return tuple(path)


def _below(key: str, units: Sequence[Segment]) -> list[Segment]:
    """Return everything below a unit, in the order of the tree."""
    inside = {key}
    found = []
    for one in units:
        if one.parent in inside:
            inside.add(one.key)
            found.append(one)
    return found


def path_table(path: Sequence[Segment], part: SegmentsPart, language: str) -> Table:
    """Return every scale with its score in each group of the path."""
    columns = [Column(label("construct", language))]
    columns += [Column(one.name.in_language(language), numeric=True) for one in path]
    rows = []
    for code, name in part.scales.items():
        cells = [Cell(name.in_language(language))]
        for one in path:
            score = one.scores.get(code)
            if score is None or score.mean is None or score.low is None:
                cells.append(Cell(NOTHING))
                continue
            ends = f"{number(score.low)}–{number(score.high or score.mean)}"
            cells.append(Cell(f"{number(score.mean)} ({ends})"))
        rows.append(tuple(cells))
    title = label("release_beside", language, group=path[-1].name)
    return Table(title, tuple(columns), tuple(rows))


def _agreement(one: Segment, part: SegmentsPart, language: str) -> Shown | None:
    """Return how far the members of one group agree, and who has a score."""
    rows = [
        (
            Cell(part.scales[code].in_language(language)),
            Cell(count_words(score.answered, language)),
            Cell(f"{score.rwg_j:.2f}"),
        )
        for code, score in one.scores.items()
        if score.rwg_j is not None
    ]
    if not rows:
        return None
    columns = (
        Column(label("construct", language)),
        Column(label("release_answered", language), numeric=True),
        Column(label("release_rwg", language), numeric=True),
    )
    return shown(Table(label("release_rwg", language), columns, tuple(rows)))


def _empty(reason: str, language: str) -> TeamsSection:
    return TeamsSection(
        title=label("release_groups", language),
        empty=reason,
        words=_words(language),
        rules=(),
        legend=(),
        choices=(),
        chosen=None,
        kinds=(),
        window="",
        previous="",
        next="",
        spread=None,
        spread_sentences=(),
    )


def _words(language: str) -> dict[str, str]:
    codes = (
        *("as_table", "interval", "release_group", "release_answered", "release_why"),
        *("release_reasons", "release_heat_legend", "release_pick"),
        *("release_pick_button", "release_all_groups", "release_previous"),
        *("release_next", "release_spread", "release_rwg"),
    )
    return {
        code.removeprefix("release_"): label(code, language, mark="") for code in codes
    }
