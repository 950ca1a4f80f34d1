"""The trend of a group as small charts, one a scale: lines with intervals and events."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.charts import Chart
from analytics.marks import (
    AXIS_TYPE,
    BAR,
    DIGITS,
    DOT,
    OUTCOME,
    TRUST,
    Spec,
    colour,
    frame,
)
from analytics.plan import Text
from analytics.sentences import label
from analytics.sentences.waves import wave_name
from analytics.tables import Table
from analytics.trend import ScaleTrend, TrendPart, TrendPoint

HEIGHT: Final = 190
ALL_NUMBERS: Final = 6  # waves up to which every point has its number
CLOSE: Final = 0.35  # waves between two events whose letters would touch
ASIDE: Final = 0.22  # waves that an event keeps away from the number of a wave
ROOM: Final = 0.12  # of the height, above the highest interval for its number
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Mark:
    """A dated event as it is drawn: where between the waves, and its letter."""

    at: float
    letter: str
    row: int


def letter(place: int) -> str:
    """Return A, B, ... Z, A2, ..."""
    turn, rest = divmod(place, len(LETTERS))
    return LETTERS[rest] + (str(turn + 1) if turn else "")


def trend_chart(
    part: TrendPart,
    code: str,
    name: Text,
    *,
    outcome: bool,
    domain: tuple[float, float],
    table: Table,
    language: str,
) -> Chart:
    """Return one scale of a group over the waves; every point with its interval."""
    found = part.scales[code]
    title = name.in_language(language)
    said = label("trend_chart", language, scale=title, values=_values(found, language))
    series = OUTCOME if outcome else TRUST
    marks = event_marks(part)
    spec = _spec(found.points, said, series, domain, marks, language)
    return Chart(f"trend-{code}", title, said, wide=spec, narrow=spec, table=table)


def common_domain(
    trends: Sequence[ScaleTrend], ends: tuple[float, float]
) -> tuple[float, float]:
    """Return whole points around all intervals, two apart or more, within the scale."""
    lows = [one.low for trend in trends for one in trend.points if one.low is not None]
    highs = [
        one.high for trend in trends for one in trend.points if one.high is not None
    ]
    if not lows or not highs:
        return ends
    low = max(ends[0], math.floor(min(lows)))
    high = min(ends[1], math.ceil(max(highs)))
    while high - low < min(2, ends[1] - ends[0]):
        low, high = (low - 1, high) if low > ends[0] else (low, high + 1)
    return low, high


def event_marks(part: TrendPart) -> tuple[Mark, ...]:
    """Return every event between the closes of the waves around it."""
    dates = [one.date for one in next(iter(part.scales.values())).points]
    marks: list[Mark] = []
    for place, event in enumerate(part.events):
        at = _position(event.date, dates)
        row = 0
        while any(one.row == row and at - one.at < CLOSE for one in marks):
            row += 1
        marks.append(Mark(at, letter(place), row))
    return tuple(marks)


def _position(day: str, dates: Sequence[str]) -> float:
    """Place of a day on an axis where waves stand at 0, 1, 2, ..."""
    if day <= dates[0]:
        return -0.3
    for place, (before, after) in enumerate(itertools.pairwise(dates)):
        if before <= day <= after:
            whole = _days(after) - _days(before)
            share = (_days(day) - _days(before)) / whole if whole else 0.5
            # never on top of a wave's own interval
            return place + min(max(share, ASIDE), 1 - ASIDE)
    return len(dates) - 1 + 0.3


def _days(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _values(found: ScaleTrend, language: str) -> str:
    between = "；" if language == "zh-hans" else "; "
    return between.join(
        label("trend_chart_gap", language, wave=one.wave)
        if one.mean is None
        else label(
            "trend_chart_value",
            language,
            wave=one.wave,
            value=one.mean,
            low=one.low or 0.0,
            high=one.high or 0.0,
        )
        for one in found.points
    )


def _spec(
    points: Sequence[TrendPoint],
    description: str,
    series: str,
    domain: tuple[float, float],
    marks: Sequence[Mark],
    language: str,
) -> Spec:
    rows = _rows(points, series)
    x = _x([_short(one.wave) for one in points], language)
    y = _y(domain)
    at = {"x": {**x, "field": "x"}, "y": {**y, "field": "value"}, "color": colour()}
    head = 10 + 13 * max((one.row + 1 for one in marks), default=0)
    return {
        **frame(description),
        "padding": {"left": 4, "right": 8, "top": head, "bottom": 4},
        "height": HEIGHT,
        "data": {"values": rows},
        "layer": [
            *_events(marks, x),
            {
                "mark": {
                    "type": "rule",
                    "strokeWidth": BAR,
                    "strokeCap": "round",
                    "opacity": 0.35,
                },
                "encoding": {
                    **at,
                    "y": {**y, "field": "low"},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {**at, "detail": {"field": "run", "type": "nominal"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": DOT, "opacity": 1},
                "encoding": {**at, "tooltip": _tooltip()},
            },
            {
                "transform": [{"filter": "datum.told"}],
                "mark": {"type": "text", "dy": -11, "fontSize": 12, "fontWeight": 600},
                "encoding": {
                    "x": {**x, "field": "x"},
                    "y": {**y, "field": "high"},
                    "text": {
                        "field": "value",
                        "type": "quantitative",
                        "format": f".{DIGITS}f",
                    },
                },
            },
        ],
    }


def _short(wave: int) -> str:
    """Return what an axis has room for: the number, or year and month of a past wave."""
    return wave_name(wave)[:7]


def _rows(points: Sequence[TrendPoint], series: str) -> list[dict[str, object]]:
    """Return shown points; a run of the line ends where waves cannot be joined."""
    shown = [one for one in points if one.mean is not None]
    means = [one.mean for one in shown]
    told = {*range(len(shown))} if len(shown) <= ALL_NUMBERS else set()
    if shown and not told:
        told = {0, len(shown) - 1, means.index(min(means)), means.index(max(means))}  # type: ignore[type-var]
    rows: list[dict[str, object]] = []
    run = 0
    for place, one in enumerate(points):
        run += not one.joined
        if one.mean is None:
            continue
        rows.append(
            {
                "x": place,
                "wave": one.wave,
                "value": round(one.mean, 4),
                "low": round(one.low or 0.0, 4),
                "high": round(one.high or 0.0, 4),
                "run": run,
                "told": len(rows) in told,
                "series": series,
            }
        )
    return rows


def _x(waves: Sequence[str], language: str) -> Spec:
    names = ",".join(f"'{one}'" for one in waves)
    return {
        "type": "quantitative",
        "scale": {"domain": [-0.5, len(waves) - 0.5], "nice": False, "zero": False},
        "axis": {
            "title": label("trend_waves_axis", language),
            "values": list(range(len(waves))),
            "labelExpr": f"[{names}][datum.value]",
            "grid": False,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            **AXIS_TYPE,
        },
    }


def _y(domain: tuple[float, float]) -> Spec:
    low, high = domain
    return {
        "type": "quantitative",
        "scale": {
            "domain": [low, high + ROOM * (high - low)],
            "nice": False,
            "zero": False,
        },
        "axis": {
            "title": None,
            "values": list(range(math.ceil(low), math.floor(high) + 1)),
            # "d" would bring a least step, by which Vega thins out the values
            "format": ".0f",
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            **AXIS_TYPE,
        },
    }


def _tooltip() -> list[Spec]:
    numbers = [
        {"field": name, "type": "quantitative", "format": f".{DIGITS}f"}
        for name in ("value", "low", "high")
    ]
    return [{"field": "wave", "type": "nominal"}, *numbers]


def _events(marks: Sequence[Mark], x: Spec) -> list[Spec]:
    """Return a dashed rule for every event, its letter above the plot."""
    layers: list[Spec] = []
    for one in marks:
        at = {**x, "datum": one.at}
        rule: Spec = {
            "mark": {"type": "rule", "strokeDash": [3, 4], "aria": False},
            "encoding": {"x": at, "y": {"value": 0}, "y2": {"value": "height"}},
        }
        text: Spec = {
            "mark": {"type": "text", "dy": -8 - 13 * one.row, "fontSize": 12},
            "encoding": {"x": at, "y": {"value": 0}, "text": {"value": one.letter}},
        }
        layers.append({"data": {"values": [{}]}, "layer": [rule, text]})
    return layers
