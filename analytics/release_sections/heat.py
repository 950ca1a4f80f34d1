"""Groups and scales as a grid: rows of finished words, coloured by fixed steps.

A step is a place on the points of a scale (0 to 100) and the same in every group and
wave, so that a colour never says that one group stands above another by chance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final
from urllib.parse import urlencode

from analytics.glance_release import percent
from analytics.release_parts import Count, Segment, SegmentScore, SegmentsPart
from analytics.sentences import Sentence, label
from analytics.tables import NOTHING

# lower ends of the seven steps, in hundredths of the way through the points
STEPS: Final = (0, 30, 40, 50, 60, 70, 80)


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """One scale, with its points in words."""

    code: str
    name: str
    points: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Value and interval; a bound; or the mark of a reason. `step` 0 has no colour.

    `anchor` is the end of the id under which the reason stands.
    """

    column: str
    value: str
    interval: str
    step: int
    mark: str = ""
    anchor: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not shown, under the mark that stands in its place."""

    mark: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One group. Where nothing of it is shown, `reason` stands in place of the cells."""

    key: str
    name: str
    depth: int
    query: str
    current: bool
    answered: str
    invited: str
    cells: tuple[HeatCell, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Heat:
    """A grid with the reasons that its marks stand for."""

    title: str
    columns: tuple[HeatColumn, ...]
    rows: tuple[HeatRow, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LegendStep:
    """One step of the colours in words."""

    step: int
    words: str


def heat(
    title: str,
    segments: Iterable[Segment],
    part: SegmentsPart,
    language: str,
    *,
    current: str = "",
    prefix: str = "",
    flat: bool = False,
) -> Heat:
    """Return the grid of some segments.

    `prefix` keeps the anchors of several grids apart; `flat` ignores the tree.
    """
    maker = _Maker(part, language, current, prefix, flat, {})
    columns = tuple(maker.column(code) for code in part.scales)
    rows = tuple(maker.row(one, columns) for one in segments)
    reasons = tuple(
        Reason(mark, prefix + mark, text) for text, mark in maker.marks.items()
    )
    return Heat(title, columns, rows, reasons)


def legend(language: str) -> tuple[LegendStep, ...]:
    """Return the steps from the lowest to the highest."""
    found = []
    for step, low in enumerate(STEPS, start=1):
        if step == 1:
            words = label("release_below", language, point=STEPS[1])
        elif step == len(STEPS):
            words = label("release_from", language, point=low)
        else:
            words = label("release_from_to", language, low=low, high=STEPS[step])
        found.append(LegendStep(step, words))
    return tuple(found)


def step_of(mean: float, points: tuple[int, ...]) -> int:
    """Return the step 1 to 7 of a mean on its points."""
    # rounded, so that 2.8 on 1 to 7 is 30 and not a hair below
    place = round(100 * (mean - points[0]) / (points[-1] - points[0]), 9)
    return sum(place >= low for low in STEPS[1:]) + 1


def query_of(key: str) -> str:
    """Return what asks the page for one group."""
    return "?" + urlencode({"segment": key})


def count_words(count: Count | None, language: str) -> str:
    """Return how many people, as a number or as a band."""
    if count is None:
        return label("release_count_hidden", language)
    return f"{count.low:,}" if count.is_exact else f"{count.low}–{count.high}"


def share_words(one: Segment, language: str) -> str:
    """Return the share that answered; a band of shares where their number is one."""
    count, invited = one.answered, one.invited
    if one.rate is None:
        return NOTHING
    if count is None or count.is_exact or invited is None:
        return percent(one.rate).in_language(language)
    low, high = count.low / invited, min(1.0, count.high / invited)
    return f"{100 * low:.0f}–{percent(high).in_language(language)}"


def number(value: float) -> str:
    """Return a score with one decimal and a real minus."""
    text = f"{value:.1f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class _Maker:
    part: SegmentsPart
    language: str
    current: str
    prefix: str
    flat: bool
    marks: dict[str, str]  # reason -> its mark

    def column(self, code: str) -> HeatColumn:
        points = self.part.ranges[code]
        ends = {"low": points[0], "high": points[-1]}
        return HeatColumn(
            code,
            self.part.scales[code].in_language(self.language),
            label("release_points", self.language, **ends),
        )

    def row(self, one: Segment, columns: tuple[HeatColumn, ...]) -> HeatRow:
        reason = "" if one.reason is None else one.reason.text(self.language)
        cells = () if reason else tuple(self._cell(one.scores, c) for c in columns)
        return HeatRow(
            key=one.key,
            name=one.name.in_language(self.language),
            depth=0 if self.flat else min(one.depth, 6),
            query=query_of(one.key),
            current=one.key == self.current,
            answered=count_words(one.answered, self.language),
            invited=self._invited(one),
            cells=cells,
            reason=reason,
        )

    def _invited(self, one: Segment) -> str:
        if one.invited is None:
            return ""
        words = label("release_invited", self.language, invited=one.invited)
        if one.rate is None:
            return words
        return f"{words} · {share_words(one, self.language)}"

    def _cell(self, scores: Mapping[str, SegmentScore], column: HeatColumn) -> HeatCell:
        score = scores.get(column.code)
        points = self.part.ranges[column.code]
        if score is None:
            return HeatCell(column.name, NOTHING, "", 0)
        if score.mean is not None:
            ends = ""
            if score.low is not None and score.high is not None:
                ends = f"{number(score.low)}–{number(score.high)}"
            return HeatCell(
                column.name, number(score.mean), ends, step_of(score.mean, points)
            )
        if score.at_least is not None:
            words = label(
                "release_at_least", self.language, point=_point(score.at_least)
            )
            return HeatCell(column.name, words, "", step_of(score.at_least, points))
        if score.at_most is not None:
            words = label("release_at_most", self.language, point=_point(score.at_most))
            return HeatCell(column.name, words, "", step_of(score.at_most, points))
        return self._hidden(column, score.reason)

    def _hidden(self, column: HeatColumn, reason: Sentence | None) -> HeatCell:
        if reason is None:
            return HeatCell(column.name, NOTHING, "", 0)
        text = reason.text(self.language)
        mark = self.marks.setdefault(text, _mark(len(self.marks)))
        return HeatCell(column.name, NOTHING, "", 0, mark, self.prefix + mark, text)


def _point(value: float) -> str:
    return f"{value:g}"


def _mark(number_of: int) -> str:
    return ascii_lowercase[number_of % 26] * (number_of // 26 + 1)
