"""The marks of a chart: bars with dots, rings, guides, lines, and words beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from analytics.sentences import label

Spec = dict[str, Any]

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
DIGITS: Final = 2
WIDE_STEP: Final = 36
NARROW_STEP: Final = 52
NAME_LIMIT: Final = 225  # of the 292 pixels of a narrow picture
BAR: Final = 9
RING: Final = 110
DOT: Final = 110
AXIS_TYPE: Final = {
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
}
TRUST, OUTCOME = "trust", "outcome"


@dataclass(frozen=True, slots=True)
class Bar:
    """An estimate to draw; `ring` is a second estimate without interval.

    An `approximate` interval is drawn alike and said to be so in words.
    """

    name: str
    value: float
    low: float
    high: float
    series: str = TRUST
    ring: float | None = None
    approximate: bool = False


def intervals(
    bars: Sequence[Bar],
    description: str,
    x: Spec,
    guides: tuple[tuple[float, str], ...],
    *,
    narrow: bool,
) -> Spec:
    """Dots on bars, one row a name; on a narrow screen names stand above the bars."""
    rows = [
        {
            "name": bar.name,
            "value": round(bar.value, 4),
            "low": round(bar.low, 4),
            "high": round(bar.high, 4),
            "ring": None if bar.ring is None else round(bar.ring, 4),
            "series": bar.series,
        }
        for bar in bars
    ]
    step = NARROW_STEP if narrow else WIDE_STEP
    return {
        **frame(description),
        "height": step * len(bars),
        "data": {"values": rows},
        "encoding": {"y": _names(narrow=narrow, names=[bar.name for bar in bars])},
        "layer": [
            *(
                _guide(at, words, "left" if k else "right")
                for k, (at, words) in enumerate(guides)
            ),
            _interval_layer(x),
            *(_rings(x, narrow=narrow) if any(bar.ring for bar in bars) else []),
            _dot_layer(x),
            *_words(x, narrow=narrow),
        ],
    }


def whole_ticks(low: float, high: float, *, most: int) -> list[float]:
    """Return whole points from `low` to `high`, both ends among them, evenly apart."""
    span = round(high - low)
    parts = next(k for k in range(min(span, most - 1), 0, -1) if span % k == 0)
    return [low + k * span / parts for k in range(parts + 1)]


def x_axis(title: str, domain: tuple[float, float], ticks: int | list[float]) -> Spec:
    where = {"tickCount": ticks} if isinstance(ticks, int) else {"values": ticks}
    return {
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {
            "title": title,
            **where,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelFlush": False,
            **AXIS_TYPE,
        },
    }


def frame(description: str) -> Spec:
    """Return what every chart begins with: as wide as its place, told in words."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 8, "right": 12, "top": 16, "bottom": 4},
    }


def _names(*, narrow: bool, names: Sequence[str]) -> Spec:
    axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "labelPadding": 14,
        "labelLimit": 270,
        "labelFontSize": 14,
    }
    # the order of the report, not of the alphabet
    return {
        "field": "name",
        "type": "nominal",
        "sort": list(names),
        "axis": None if narrow else axis,
    }


def colour() -> Spec:
    """First colour of the palette for trust, second for outcomes."""
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": [TRUST, OUTCOME]},
        "legend": None,
    }


def _guide(at: float, words: str, side: str) -> Spec:
    """Return a line across the rows, with its meaning at the top on one side."""
    x = {"datum": at, "type": "quantitative"}
    line: Spec = {
        "mark": {"type": "rule", "strokeDash": [3, 4], "aria": False},
        "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": "height"}},
    }
    away = -4 if side == "right" else 4
    text: Spec = {
        "mark": {"type": "text", "align": side, "dx": away, "dy": -11, "fontSize": 12},
        "encoding": {"x": x, "y": {"value": 0}, "text": {"value": words}},
    }
    layers = [line, text] if words else [line]
    return {"data": {"values": [{}]}, "layer": layers}


def _interval_layer(x: Spec) -> Spec:
    return {
        "mark": {
            "type": "rule",
            "strokeWidth": BAR,
            "strokeCap": "round",
            "opacity": 0.35,
        },
        "encoding": {
            "x": {**x, "field": "low"},
            "x2": {"field": "high"},
            "color": colour(),
        },
    }


def _dot_layer(x: Spec) -> Spec:
    tooltip = [
        {"field": field, "format": f".{DIGITS}f", "type": "quantitative"}
        for field in ("value", "low", "high")
    ]
    return {
        "mark": {"type": "point", "filled": True, "size": DOT, "opacity": 1},
        "encoding": {
            "x": {**x, "field": "value"},
            "color": colour(),
            "tooltip": [{"field": "name", "type": "nominal"}, *tooltip],
        },
    }


def _rings(x: Spec, *, narrow: bool) -> list[Spec]:
    """Return the second estimates as rings, with their numbers."""
    ring = {"type": "point", "filled": False, "size": RING, "strokeWidth": 2}
    at = {**x, "field": "ring"}
    there = [{"filter": "isValid(datum.ring)"}]
    # on a wide picture beyond bar and ring, where neither hides it
    words = [
        {"calculate": "max(datum.high, datum.ring)", "as": "beyond"},
        {"calculate": f"'○ ' + format(datum.ring, '.{DIGITS}f')", "as": "ring_words"},
    ]
    beside = {"dy": 17} if narrow else {"align": "left", "dx": 12}
    text = {"type": "text", **beside, "fontSize": 12}
    where = at if narrow else {**x, "field": "beyond"}
    return [
        {"transform": there, "mark": ring, "encoding": {"x": at, "color": colour()}},
        {
            "transform": [*there, *words],
            "mark": text,
            "encoding": {"x": where, "text": {"field": "ring_words"}},
        },
    ]


def _words(x: Spec, *, narrow: bool) -> list[Spec]:
    """Return the number beside each mark and, on narrow screens, the names."""
    number = {"field": "value", "type": "quantitative", "format": f".{DIGITS}f"}
    if not narrow:
        mark = {"type": "text", "dy": -13, "fontSize": 13, "fontWeight": 600}
        return [
            {"mark": mark, "encoding": {"x": {**x, "field": "value"}, "text": number}}
        ]
    above = {"type": "text", "dy": -17, "fontSize": 14}
    return [
        {
            # the number stands at the other end of the line
            "mark": {**above, "align": "left", "limit": NAME_LIMIT},
            "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
        },
        {
            "mark": {**above, "align": "right", "fontWeight": 600},
            "encoding": {"x": {"value": "width"}, "text": number},
        },
    ]


def lines(
    values: list[dict[str, Any]], description: str, language: str, *, height: int
) -> Spec:
    first = [one for one in values if one["number"] == 1]
    x = {
        "field": "number",
        "type": "quantitative",
        "scale": {"nice": False},
        "axis": {
            "title": label("axis_factor_number", language),
            "grid": False,
            "tickMinStep": 1,
            **AXIS_TYPE,
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": {
            "title": label("axis_eigenvalue", language),
            "tickCount": 5,
            **AXIS_TYPE,
        },
    }
    shared = {"x": x, "y": y, "color": colour()}
    words = [
        {
            "data": {"values": [one]},
            "mark": {"type": "text", "align": "left", "dx": 10, "dy": dy},
            "encoding": {"x": x, "y": y, "text": {"field": "line"}},
        }
        for one, dy in zip(first, (0, 24), strict=True)
    ]
    return {
        **frame(description),
        "height": height,
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": shared},
            {"mark": {"type": "point", "filled": True, "size": 50}, "encoding": shared},
            *words,
        ],
    }
