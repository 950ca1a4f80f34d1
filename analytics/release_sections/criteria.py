"""Inside “What goes with loyalty”: what people did, beside their answers."""

import math
from dataclasses import dataclass
from typing import Final

from analytics.criteria import CriteriaPart, OutcomeBeside, Window
from analytics.results import Absent, Figure, Result
from analytics.sentences import Sentence, label, say
from analytics.shown import Shown, shown
from analytics.tables import NOTHING, Cell, Column, Table
from analytics.thresholds import GRID_P

MOST_SAID: Final = 3  # scales that are put into words; the table has all


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """One outcome in words, with the table of all scales; `table` None with a reason."""

    title: str
    sentences: tuple[str, ...]
    table: Shown | None


@dataclass(frozen=True, slots=True)
class CriteriaShown:
    """Everything that is said of business outcomes, in one language."""

    title: str
    sentences: tuple[str, ...]
    outcomes: tuple[OutcomeShown, ...]
    foot: str


def criteria_shown(part: CriteriaPart | None, language: str) -> CriteriaShown | None:
    """Return what to show; None where the survey has no use of outcomes."""
    if part is None:
        return None
    title = label("criteria_title", language)
    if part.reason is not None:
        return CriteriaShown(title, (part.reason.text(language),), (), "")
    assert part.window is not None  # noqa: S101, without one there is a reason
    said = [*window_said(part.window, language), *grid_said(part)]
    told = any(one.scales for one in part.outcomes)
    return CriteriaShown(
        title,
        tuple(one.text(language) for one in said),
        tuple(_outcome(part, one, language) for one in part.outcomes),
        say("criteria_together").text(language) if told else "",
    )


def window_said(window: Window, language: str) -> list[Sentence]:
    """Say which values count, and whether more may come."""
    said = say(
        "criteria_window",
        first=window.first,
        last=window.last,
        closed=window.closed,
        until=window.until,
        take=label(f"criteria_take_{window.take}", language),
    )
    return [said] if window.over else [said, say("criteria_window_open")]


def grid_said(part: CriteriaPart) -> list[Sentence]:
    """Say how many correlations with later values stand; nothing of a single one."""
    tested = [
        one.holm
        for outcome in part.outcomes
        for one in outcome.scales.values()
        if one.holm is not None
    ]
    if len(tested) < 2:
        return []
    stand = sum(p < GRID_P for p in tested)
    return [say("criteria_grid", stand=stand, count=len(tested), level=GRID_P)]


def relation_said(part: CriteriaPart, outcome: OutcomeBeside) -> list[Sentence]:
    """Put the largest correlations into words; the first word is the interval's."""
    found = [
        (code, one.r)
        for code, one in outcome.scales.items()
        if isinstance(one.r, Figure)
    ]
    found.sort(key=lambda pair: -abs(pair[1].estimate))
    return [
        _relation(part, outcome, code, figure) for code, figure in found[:MOST_SAID]
    ]


def _relation(
    part: CriteriaPart, outcome: OutcomeBeside, code: str, r: Figure
) -> Sentence:
    low, high = r.low or 0.0, r.high or 0.0
    which = "more" if low > 0 else "less" if high < 0 else "open"
    if which != "open" and outcome.kind == "binary":
        which = f"yes_{which}"
    return say(
        f"criteria_{which}",
        scale=part.names[code],
        name=outcome.name,
        r=r.estimate,
        low=low,
        high=high,
        n=r.n,
    )


def _outcome(part: CriteriaPart, one: OutcomeBeside, language: str) -> OutcomeShown:
    title = label(f"criteria_{one.when}_title", language, name=one.name)
    if one.reason is not None:
        return OutcomeShown(title, (one.reason.text(language),), None)
    unmatched = one.total - one.matched
    said = [
        say(
            "criteria_matched",
            matched=one.matched,
            total=one.total,
            unmatched=unmatched,
        )
    ]
    if one.yes is not None:
        said.append(say("criteria_yes", yes=one.yes, no=one.matched - one.yes))
    if one.direction == "less":
        said.append(say("criteria_welcome_less"))
    if one.when == "earlier":
        said.append(say("criteria_earlier"))
    said += relation_said(part, one)
    if one.kind == "binary":
        said.append(say("criteria_guide"))
    table = shown(table_of(part, one, language))
    return OutcomeShown(title, tuple(s.text(language) for s in said), table)


def table_of(part: CriteriaPart, outcome: OutcomeBeside, language: str) -> Table:
    """Return each scale with r, for yes or no the odds ratio, and how it was tested."""
    columns = [
        Column(label("construct", language)),
        Column("r", numeric=True),
        Column(label("interval", language), numeric=True),
        Column(label("n", language), numeric=True),
    ]
    if outcome.kind == "binary":
        columns += [
            Column(label("criteria_odds_column", language), numeric=True),
            Column(label("interval", language), numeric=True),
        ]
    if outcome.when == "later":
        columns.append(Column(label("drivers_after_holm", language)))
    rows: list[tuple[Cell, ...]] = []
    notes: dict[str, None] = {}
    for code, one in outcome.scales.items():
        name = part.names[code].in_language(language)
        cells = [Cell(name), *_with_ends(one.r), _count(one.r)]
        if outcome.kind == "binary" and one.odds is not None:
            cells += _with_ends(one.odds, odds=True)
        if outcome.when == "later":
            cells.append(_tested(one.holm, language))
        for result in (one.r, one.odds):
            if isinstance(result, Absent):
                notes[f"{name}: {result.reason.text(language)}"] = None
        rows.append(tuple(cells))
    title = label(f"criteria_{outcome.when}_title", language, name=outcome.name)
    return Table(title, tuple(columns), tuple(rows), tuple(notes))


def _with_ends(result: Result, *, odds: bool = False) -> list[Cell]:
    if isinstance(result, Absent) or result.low is None or result.high is None:
        return [Cell(NOTHING), Cell(NOTHING)]
    values = [result.estimate, result.low, result.high]
    value, low, high = map(math.exp, values) if odds else values
    return [Cell(_number(value)), Cell(f"{_number(low)} – {_number(high)}")]


def _count(result: Result) -> Cell:
    return Cell(NOTHING if isinstance(result, Absent) else str(result.n))


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "\u2212")


def _tested(p: float | None, language: str) -> Cell:
    if p is None:
        return Cell(NOTHING)
    return Cell(label("drivers_stands" if p < GRID_P else "drivers_falls", language))
