"""Section “Trend”: alarms first, then waves, events and what came back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.linked import LinkedPart, LinkedScale
from analytics.page import Figure, figure_of
from analytics.plan import Text
from analytics.release_parts import EVERYONE, SegmentsPart
from analytics.release_sections.alarm_words import (
    alarm_notes,
    alarms_said,
    percent,
)
from analytics.release_sections.parts import Parts
from analytics.results import Absent
from analytics.sentences import Sentence, label, say
from analytics.sentences.waves import past_wave
from analytics.shown import Said, Shown, shown
from analytics.tables import NOTHING, Cell, Column, Table
from analytics.trend import EventStep, ScaleTrend, Shift, Step, TrendPart, TrendPoint
from analytics.trend_charts import common_domain, letter, trend_chart

MANY_SCALES: Final = 7  # more of them make narrow columns (css/release.css)
MODELS: Final = {
    "difference": "trend_model_difference",
    "level": "trend_model_level",
    "level and trend": "trend_model_trend",
}


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as the list under the charts tells it."""

    letter: str
    date: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class AroundEvent:
    """Before and after one event, scale by scale; `lines` say what limits it."""

    title: str
    table: Shown
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrendSection:
    """Everything of the section in words of one language; `empty` says why not."""

    title: str
    empty: str
    group: str
    words: dict[str, str]
    alarms: tuple[Said, ...]
    alarm_notes: tuple[str, ...]
    mixing: str
    axis: tuple[str, ...]
    figures: tuple[Figure, ...]
    events: tuple[EventLine, ...]
    steps: tuple[Said, ...]
    step_notes: tuple[str, ...]
    around: tuple[AroundEvent, ...]
    recovery: tuple[str, ...]
    below: Shown | None
    linked: tuple[str, ...]


def trend_section(
    parts: Parts, language: str, *, drawn: bool = False, focus: str = ""
) -> TrendSection:
    """Return the section for everyone, or for the group `focus` where it has a trend."""
    part = (parts.trend(focus) if focus else None) or parts.trend(EVERYONE)
    segments = parts.segments
    alarms = alarms_said(parts.alarms, language, partly=parts.visible is not None)
    if part is None or segments is None or len(part.waves) < 2:
        return _empty(language, alarms)
    fired = () if parts.alarms is None else parts.alarms.fired
    maker = _Maker(
        part,
        segments,
        frozenset((one.segment, one.scale) for one in fired),
        language,
        drawn,
    )
    return maker.section(alarms, alarm_notes(parts.alarms, language), parts.linked)


def _empty(language: str, alarms: tuple[Said, ...]) -> TrendSection:
    return TrendSection(
        title=label("trend", language),
        empty=label("trend_first", language),
        group="",
        words=_words(language),
        alarms=alarms if any(one.tone == "stop" for one in alarms) else (),
        alarm_notes=(),
        mixing="",
        axis=(),
        figures=(),
        events=(),
        steps=(),
        step_notes=(),
        around=(),
        recovery=(),
        below=None,
        linked=(),
    )


def _words(language: str) -> dict[str, str]:
    codes = (
        *("trend_levels", "trend_since", "trend_events", "trend_event_guide"),
        *("trend_linked", "trend_recovery", "as_table", "alarm_heading"),
    )
    return {code: label(code, language) for code in codes}


@dataclass(frozen=True, slots=True)
class _Maker:
    part: TrendPart
    segments: SegmentsPart
    fired: frozenset[tuple[str, str]]  # group and scale of each alarm
    language: str
    drawn: bool

    def section(
        self,
        alarms: tuple[Said, ...],
        notes: tuple[str, ...],
        linked: LinkedPart | None,
    ) -> TrendSection:
        everyone = self.part.segment == EVERYONE
        return TrendSection(
            title=self._say("trend"),
            empty="",
            group=self.part.name.in_language(self.language),
            words=_words(self.language),
            alarms=alarms,
            alarm_notes=notes,
            mixing=self.part.mixing.text(self.language) if self.part.mixing else "",
            axis=tuple(self._axes()),
            figures=tuple(self._figures()),
            events=tuple(self._events()),
            steps=tuple(self._steps()),
            step_notes=tuple(self._step_notes()),
            around=tuple(self._around()),
            recovery=tuple(self._recovery()),
            below=self._below(),
            linked=tuple(self._linked(linked)) if everyone and linked else (),
        )

    def _say(self, code: str, **params: str | int | float | Text) -> str:
        return label(code, self.language, **params)

    def _name(self, code: str) -> str:
        return self.segments.scales[code].in_language(self.language)

    def _axes(self) -> Iterator[str]:
        ranges = dict.fromkeys(self.segments.ranges[code] for code in self.part.scales)
        for low, high in ranges:
            yield self._say("trend_axis", low=low, high=high)
        if brought := [one for one in self.part.waves if one < 0]:
            names = ", ".join(past_wave(one) for one in brought)
            yield self._say("trend_brought", waves=names)

    def _wave(self, number: int) -> str:
        code = "trend_wave_brought" if number < 0 else "trend_wave_number"
        return self._say(code, wave=number)

    def _figures(self) -> Iterator[Figure]:
        for code, found in self.part.scales.items():
            ends = self.segments.ranges[code]
            alike = [
                trend
                for other, trend in self.part.scales.items()
                if self.segments.ranges[other] == ends
            ]
            chart = trend_chart(
                self.part,
                code,
                self.segments.scales[code],
                outcome=code in self.segments.outcomes,
                domain=common_domain(alike, (ends[0], ends[1])),
                table=self._waves(code, found),
                language=self.language,
            )
            yield figure_of(chart, drawn=self.drawn)

    def _waves(self, code: str, found: ScaleTrend) -> Table:
        names = ["trend_wave", "trend_date", "mean", "interval", "trend_note"]
        if not any(one.reason for one in found.points):
            names.pop()
        rows = (
            (
                Cell(self._wave(one.wave)),
                Cell(one.date),
                Cell(NOTHING if one.mean is None else f"{one.mean:.2f}"),
                Cell(self._ends(one)),
                Cell(one.reason.text(self.language) if one.reason else ""),
            )
            for one in found.points
        )
        kept = tuple(row[: len(names)] for row in rows)
        return Table(self._name(code), self._columns(names), kept)

    def _columns(self, names: Sequence[str]) -> tuple[Column, ...]:
        numeric = ("mean", "interval", "trend_change", "trend_sd")
        return tuple(Column(self._say(one), numeric=one in numeric) for one in names)

    def _ends(self, one: TrendPoint | Shift, *, sign: bool = False) -> str:
        if one.low is None or one.high is None:
            return NOTHING
        return self._span(_number(one.low, sign=sign), _number(one.high, sign=sign))

    def _span(self, low: str, high: str) -> str:
        between = "至" if self.language == "zh-hans" else "to"
        return f"{low} {between} {high}"

    def _events(self) -> Iterator[EventLine]:
        for place, one in enumerate(self.part.events):
            title = one.title.in_language(self.language)
            kind = self._say(f"trend_kind_{one.kind}")
            yield EventLine(letter(place), one.date, kind, title)

    def _steps(self) -> Iterator[Said]:
        for code, found in self.part.scales.items():
            yield step_said(found.step, self._name(code), self.language)

    def _step_notes(self) -> Iterator[str]:
        steps = {code: found.step for code, found in self.part.scales.items()}
        if sum(isinstance(one.points, Shift) for one in steps.values()) > 1:
            yield self._say("trend_single")
        edited = tuple(
            self.segments.scales[code] for code, one in steps.items() if one.reworded
        )
        if edited:
            yield say("trend_reworded", scales=edited).text(self.language)

    def _around(self) -> Iterator[AroundEvent]:
        names = ("construct", "trend_change", "interval", "trend_compared")
        for place, event in enumerate(self.part.events):
            found = {c: trend.events[place] for c, trend in self.part.scales.items()}
            title = event.title.in_language(self.language)
            heading = f"{letter(place)} · {event.date} · {title}"
            told = [one for one in found.values() if isinstance(one.change, Shift)]
            if not told:
                reason = next(iter(found.values())).change
                assert isinstance(reason, Absent)  # noqa: S101
                lines = (reason.reason.text(self.language),)
                empty = Table(heading, self._columns(names), ())
                yield AroundEvent(heading, shown(empty), lines)
                continue
            if place and self._same_waves(place):
                line = self._say("trend_inseparable", before=letter(place - 1))
                empty = Table(heading, self._columns(names), ())
                yield AroundEvent(heading, shown(empty), (line,))
                continue
            rows = tuple(self._around_row(c, one) for c, one in found.items())
            table = Table(heading, self._columns(names), rows)
            yield AroundEvent(heading, shown(table), tuple(self._limits(found)))

    def _same_waves(self, place: int) -> bool:
        """Whether the event before divides the waves in the same way."""
        return all(
            trend.events[place].change == trend.events[place - 1].change
            for trend in self.part.scales.values()
        )

    def _around_row(self, code: str, one: EventStep) -> tuple[Cell, ...]:
        if isinstance(one.change, Absent):
            reason = one.change.reason.text(self.language)
            return Cell(self._name(code)), Cell(NOTHING), Cell(NOTHING), Cell(reason)
        return (
            Cell(self._name(code)),
            Cell(_number(one.change.estimate, sign=True)),
            Cell(self._ends(one.change, sign=True)),
            Cell(self._say(MODELS[one.model or "difference"], waves=one.waves)),
        )

    def _limits(self, found: dict[str, EventStep]) -> Iterator[str]:
        wide = tuple(
            self.segments.scales[c] for c, one in found.items() if one.scattered
        )
        if wide:
            yield say("trend_scattered", scales=wide).text(self.language)

    def _recovery(self) -> Iterator[str]:
        for code, found in self.part.scales.items():
            for one in found.recovery:
                breach = self.part.events[one.breach].title
                params = {"scale": self.segments.scales[code], "breach": breach}
                if isinstance(one.share, Absent):
                    reason = one.share.reason.as_text()
                    yield self._say("trend_recovery_absent", reason=reason, **params)
                else:
                    ends = {
                        "share": percent(one.share.estimate, self.language),
                        "low": percent(one.share.low, self.language),
                        "high": percent(one.share.high, self.language),
                    }
                    yield self._say("trend_recovered", **ends, **params)

    def _below(self) -> Shown | None:
        codes = tuple(self.part.scales)
        rows = tuple(
            (
                Cell(child.name.in_language(self.language)),
                *(
                    self._child(child.key, code, child.steps.get(code))
                    for code in codes
                ),
            )
            for child in self.part.children
        )
        if not rows:
            return None
        heads = (Column(self._name(code), numeric=True) for code in codes)
        columns = (Column(self._say("trend_group")), *heads)
        notes = (self._say("trend_below_guide"),)
        return shown(Table(self._say("trend_below"), columns, rows, notes))

    def _child(self, key: str, code: str, step: Step | None) -> Cell:
        if step is None or isinstance(step.points, Absent):
            return Cell(NOTHING)
        one = step.points
        ends = self._ends(one, sign=True)
        if len(self.part.scales) > MANY_SCALES:
            # a narrow column: the upper end takes a line of its own
            ends = "\n".join(ends.rsplit(" ", 1))
        ends = ends.replace(" ", "\u00a0")
        return Cell(
            f"{_number(one.estimate, sign=True)}\n({ends})",
            tone="stop" if (key, code) in self.fired else None,
        )

    def _linked(self, part: LinkedPart) -> Iterator[str]:
        if part.reason is not None:
            yield part.reason.text(self.language)
            return
        for code, one in part.scales.items():
            name = self.segments.scales[code]
            yield linked_sentence(part, one, name, self.language).text(self.language)
        for code, reason in part.refused.items():
            yield label(
                "of_scale",
                self.language,
                scale=self.segments.scales[code],
                sentence=reason.as_text(),
            )
        if part.scales:
            yield self._say("linked_guide")


def step_said(step: Step, name: str, language: str) -> Said:
    """Read one change by its interval."""
    if not isinstance(step.points, Shift) or not isinstance(step.standardized, Shift):
        assert isinstance(step.points, Absent)  # noqa: S101
        chip = label("trend_chip_none", language)
        return Said(chip, "plain", step.points.reason.text(language), name)
    one = step.points
    way = "up" if one.low > 0 else "down" if one.high < 0 else "open"
    params: dict[str, float] = {"low": one.low, "high": one.high}
    if way == "open":
        params["change"] = one.estimate
    else:
        params |= {"change": abs(one.estimate), "g": step.standardized.estimate}
    sentence = say(f"trend_{way}", since=step.since or 0, **params)
    tone = {"up": "good", "down": "stop", "open": "plain"}[way]
    chip = label(f"trend_chip_{way}", language)
    return Said(chip, tone, sentence.text(language), name)  # type: ignore[arg-type]


def linked_sentence(
    part: LinkedPart, one: LinkedScale, name: Text, language: str
) -> Sentence:
    """Say how far the same people moved on one scale."""
    return say(
        "linked_line",
        scale=name,
        change=one.change.estimate,
        n=part.n,
        low=one.change.low,
        high=one.change.high,
        improved=percent(one.improved, language),
        worsened=percent(one.worsened, language),
    )


def _number(value: float, *, sign: bool) -> str:
    if abs(value) < 0.005:
        return "0.00"
    text = f"{value:+.2f}" if sign else f"{value:.2f}"
    return text.replace("-", "\u2212")
