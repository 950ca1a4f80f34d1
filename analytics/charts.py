"""A report as Vega-Lite specifications: drawn once for wide, once for narrow screens.

Page, file and pictures share them. A specification names roles, never colours: the
theme (here, or read from the page's tokens by the browser) gives ink and series. Every
mark has its number beside it and every interval is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from analytics import readings, thresholds
from analytics.plan import Text
from analytics.results import Figure, Report, Result
from analytics.sentences import label
from analytics.tables import Table, Tables, by_size

Spec = dict[str, Any]

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
DIGITS: Final = 2
WIDE_STEP: Final = 36
NARROW_STEP: Final = 52
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
class Chart:
    """One picture: its specifications, its words, and the table behind it."""

    code: str
    title: str
    description: str
    wide: Spec
    narrow: Spec
    table: Table


@dataclass(frozen=True, slots=True)
class Bar:
    """An estimate to draw; `ring` is a second estimate without interval."""

    name: str
    value: float
    low: float
    high: float
    series: str = TRUST
    ring: float | None = None


def dimension_charts(report: Report, language: str) -> tuple[Chart, ...]:
    """Return means with intervals, one chart for every range of points."""
    tables = Tables(report, language, DIGITS)
    ranges: dict[tuple[int, int], list[Bar]] = {}
    for code, scale in report.constructs.items():
        series = OUTCOME if code in report.outcomes else TRUST
        if bar := _bar(scale.name, scale.mean, language, series):
            ranges.setdefault((scale.low, scale.high), []).append(bar)
    return tuple(
        _chart(
            f"dimensions-{low}-{high}",
            label("dimensions", language),
            bars,
            tables.levels(),
            language,
            axis=label("axis_mean", language, low=low, high=high),
            domain=(low, high),
            whole=True,
        )
        for (low, high), bars in ranges.items()
    )


def loyalty_chart(report: Report, outcome: str, language: str) -> Chart | None:
    """Return correlations with one outcome, closest first; None without any."""
    bars = []
    for code, found in by_size(report.loyalty[outcome]):
        if found.r is None or found.low is None or found.high is None:
            continue
        name = report.scales[code].name.in_language(language)
        ring = found.disattenuated
        bars.append(Bar(name, found.r, found.low, found.high, ring=ring))
    if not bars:
        return None
    corrected = any(bar.ring is not None for bar in bars)
    ends = [end for bar in bars for end in (bar.low, bar.ring or bar.value)]
    return _chart(
        f"loyalty-{outcome}",
        label("loyalty", language, outcome=report.outcomes[outcome].name),
        bars,
        Tables(report, language, DIGITS).loyalty(outcome),
        language,
        axis=label("axis_r" if corrected else "axis_r_plain", language),
        domain=(-1 if min(ends) < 0 else 0, max(1.0, *ends)),
        guides=((0.0, ""),) if min(ends) < 0 else (),
    )


def reliability_chart(report: Report, language: str) -> Chart | None:
    """Return the coefficient each scale is read by, with its guide values."""
    bars = []
    for code, scale in report.constructs.items():
        _, result = readings.best_reliability(scale)
        series = OUTCOME if code in report.outcomes else TRUST
        if bar := _bar(scale.name, result, language, series):
            bars.append(bar)
    if not bars:
        return None
    return _chart(
        "reliability",
        label("reliability", language),
        bars,
        Tables(report, language, DIGITS).reliability(),
        language,
        axis=label("axis_reliability", language),
        domain=(min(0.0, *(bar.low for bar in bars)), 1),
        guides=(
            (thresholds.RESEARCH, label("guide_research", language)),
            (thresholds.COMPARE, label("guide_compare", language)),
        ),
    )


def eigenvalue_chart(report: Report, language: str) -> Chart | None:
    """Return factor eigenvalues beside those of random data; None without votes."""
    parallel = report.dimensionality.parallel
    table = Tables(report, language, DIGITS).eigenvalues()
    if parallel is None or table is None:
        return None
    observed, chance = label("observed", language), label("by_chance", language)
    lines = (
        (observed, TRUST, parallel.factor_observed),
        (chance, OUTCOME, parallel.factor_thresholds),
    )
    values = [
        {"line": name, "series": series, "number": k + 1, "value": round(value, 4)}
        for name, series, row in lines
        for k, value in enumerate(row)
    ]
    title = label("structure", language)
    points = ", ".join(f"{value:.2f}" for value in parallel.factor_observed[:5])
    said = label("chart_of", language, title=title, values=f"{observed} {points} ...")
    return Chart(
        "eigenvalues",
        title,
        said,
        wide=_lines(values, said, language, height=230),
        narrow=_lines(values, said, language, height=200),
        table=table,
    )


def _bar(name: Text, result: Result, language: str, series: str) -> Bar | None:
    if not isinstance(result, Figure) or result.low is None or result.high is None:
        return None
    return Bar(
        name.in_language(language), result.estimate, result.low, result.high, series
    )


def _chart(
    code: str,
    title: str,
    bars: Sequence[Bar],
    table: Table,
    language: str,
    *,
    axis: str,
    domain: tuple[float, float],
    guides: Iterable[tuple[float, str]] = (),
    whole: bool = False,
) -> Chart:
    said = ("；" if language == "zh-hans" else "; ").join(
        label(
            "chart_value",
            language,
            name=bar.name,
            value=bar.value,
            low=bar.low,
            high=bar.high,
        )
        for bar in bars
    )
    description = label("chart_of", language, title=title, values=said)
    marks = tuple(guides)
    wide = _x(axis, domain, whole_ticks(*domain, most=11) if whole else 8)
    narrow = _x(axis, domain, whole_ticks(*domain, most=5) if whole else 4)
    return Chart(
        code=code,
        title=title,
        description=description,
        wide=_intervals(bars, description, wide, marks, narrow=False),
        narrow=_intervals(bars, description, narrow, marks, narrow=True),
        table=table,
    )


def _intervals(
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
        **_frame(description),
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


def _x(title: str, domain: tuple[float, float], ticks: int | list[float]) -> Spec:
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


def _frame(description: str) -> Spec:
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 12, "top": 16, "bottom": 4},
    }


def _names(*, narrow: bool, names: Sequence[str]) -> Spec:
    axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "labelPadding": 14,
        "labelLimit": 220,
        "labelFontSize": 14,
    }
    # the order of the report, not of the alphabet
    return {
        "field": "name",
        "type": "nominal",
        "sort": list(names),
        "axis": None if narrow else axis,
    }


def _colour() -> Spec:
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
            "color": _colour(),
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
            "color": _colour(),
            "tooltip": [{"field": "name", "type": "nominal"}, *tooltip],
        },
    }


def _rings(x: Spec, *, narrow: bool) -> list[Spec]:
    """Return the second estimates as rings, with their numbers."""
    ring = {"type": "point", "filled": False, "size": RING, "strokeWidth": 2}
    text = {"type": "text", "dy": 17 if narrow else -13, "fontSize": 12}
    number = {"field": "ring", "type": "quantitative", "format": f".{DIGITS}f"}
    at = {**x, "field": "ring"}
    there = [{"filter": "isValid(datum.ring)"}]
    return [
        {"transform": there, "mark": ring, "encoding": {"x": at, "color": _colour()}},
        {"transform": there, "mark": text, "encoding": {"x": at, "text": number}},
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
            "mark": {**above, "align": "left"},
            "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
        },
        {
            "mark": {**above, "align": "right", "fontWeight": 600},
            "encoding": {"x": {"value": "width"}, "text": number},
        },
    ]


def _lines(
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
    shared = {"x": x, "y": y, "color": _colour()}
    words = [
        {
            "data": {"values": [one]},
            "mark": {"type": "text", "align": "left", "dx": 10, "dy": dy},
            "encoding": {"x": x, "y": y, "text": {"field": "line"}},
        }
        for one, dy in zip(first, (0, 24), strict=True)
    ]
    return {
        **_frame(description),
        "height": height,
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": shared},
            {"mark": {"type": "point", "filled": True, "size": 50}, "encoding": shared},
            *words,
        ],
    }
