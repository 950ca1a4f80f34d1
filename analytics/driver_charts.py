"""The map of share and rating: a cross for every dimension, its name beside it."""

import math
from collections.abc import Sequence
from typing import Any, Final

from analytics.charts import Chart
from analytics.driver_readings import Place, lines_of
from analytics.driver_tables import DriverTables
from analytics.label_places import SIZE, Spot, spots
from analytics.marks import AXIS_TYPE, SCHEMA, Spec
from analytics.sentences import label

# Widths of the plot, without the axis, on the narrowest and on the wide figure; labels
# are placed for these.
NARROW: Final = (210, 260)
WIDE: Final = (520, 320)
_STEP_RATING: Final = 10
_STEP_SHARE: Final = 0.1


def importance_map(
    tables: DriverTables, found: tuple[Place, ...], outcome: str
) -> Chart:
    """Return the chart of places that exist, two or more."""
    language = tables.language
    table = tables.map(found, outcome)
    said = label(
        "chart_of", language, title=table.title, values=_words(found, language)
    )
    return Chart(
        code=f"map-{outcome}",
        title=table.title,
        description=said,
        wide=_spec(found, said, language, WIDE),
        narrow=_spec(found, said, language, NARROW),
        table=table,
    )


def numbering(found: tuple[Place, ...], language: str) -> str:
    """Return which number stands for which name, where any number is drawn."""
    names = [one.name.in_language(language) for one in found]
    drawn = {
        one.words for size in (NARROW, WIDE) for one in placed(found, language, size)
    }
    if drawn == set(names):
        return ""
    return " · ".join(f"{number} {name}" for number, name in enumerate(names, start=1))


def domains(found: Sequence[Place]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of both axes: whole tens that hold every interval."""
    low = _STEP_RATING * math.floor(min(one.rating_low for one in found) / _STEP_RATING)
    high = _STEP_RATING * math.ceil(
        max(one.rating_high for one in found) / _STEP_RATING
    )
    top = math.ceil(max(one.share_high for one in found) / _STEP_SHARE - 1e-9)
    high = max(high, low + _STEP_RATING)  # a rating without spread at a whole ten
    return (float(low), float(high)), (0.0, round(top * _STEP_SHARE, 1))


def placed(
    found: Sequence[Place], language: str, size: tuple[int, int]
) -> tuple[Spot, ...]:
    """Return the names beside their points; numbers where names do not fit.

    Numbers that do not fit either stand right of their points all the same: then the
    points themselves cover one another, and the key has them in order.
    """
    (x0, x1), (y0, y1) = domains(found)
    width, height = size
    points = [
        (
            width * (one.rating - x0) / (x1 - x0),
            height * (1 - (one.share - y0) / (y1 - y0)),
        )
        for one in found
    ]
    names = [one.name.in_language(language) for one in found]
    numbers = [str(k) for k in range(1, len(found) + 1)]
    ways: list[list[tuple[str, ...]]] = [
        [(one,) for one in names],
        [(one,) for one in numbers],
    ]
    if size == WIDE:
        # in a small picture a name far from its point is taken for another's
        ways.insert(1, list(zip(names, numbers, strict=True)))
    for words in ways:
        spot = spots(points, words, width=width, height=height)
        if spot is not None:
            return spot
    return tuple(Spot(words, "left", 10, 0) for words in numbers)


def _spec(
    found: tuple[Place, ...], description: str, language: str, size: tuple[int, int]
) -> Spec:
    rating, share = domains(found)
    narrow = size == NARROW
    axis: dict[str, Any] = {"domain": False, "ticks": False, "labelPadding": 6}
    x = {
        "type": "quantitative",
        "scale": {"domain": list(rating), "nice": False, "zero": False},
        "axis": {
            **axis,
            **AXIS_TYPE,
            "title": label("drivers_axis_performance", language),
            "tickCount": 4 if narrow else 8,
        },
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": list(share), "nice": False},
        "axis": {
            **axis,
            **AXIS_TYPE,
            "title": label("drivers_axis_importance", language),
            "tickCount": 4,
            "format": ".1f",
        },
    }
    mean_share, mean_rating = lines_of(found)
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "height": size[1],
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 4, "right": 12, "top": 12, "bottom": 4},
        "data": {"values": [_row(one, language) for one in found]},
        "layer": [
            _line("x", x, mean_rating),
            _line("y", y, mean_share),
            _bar(
                {"x": {**x, "field": "low"}, "x2": {"field": "high"}}, y, "y", "share"
            ),
            _bar(
                {"y": {**y, "field": "share_low"}, "y2": {"field": "share_high"}},
                x,
                "x",
                "rating",
            ),
            _dots(x, y),
            *(
                _name(one, spot, x, y)
                for one, spot in zip(found, placed(found, language, size), strict=True)
            ),
        ],
    }


def _row(one: Place, language: str) -> dict[str, Any]:
    return {
        "name": one.name.in_language(language),
        "rating": round(one.rating, 4),
        "low": round(one.rating_low, 4),
        "high": round(one.rating_high, 4),
        "share": round(one.share, 4),
        "share_low": round(one.share_low, 4),
        "share_high": round(one.share_high, 4),
    }


def _line(channel: str, scale: Spec, at: float) -> Spec:
    """Return a dashed line across the plot at the mean of all dimensions."""
    return {
        "data": {"values": [{"at": round(at, 4)}]},
        "mark": {"type": "rule", "strokeDash": [3, 4], "aria": False},
        "encoding": {channel: {**scale, "field": "at"}},
    }


def _bar(ends: Spec, across: Spec, channel: str, field: str) -> Spec:
    return {
        "mark": {
            "type": "rule",
            "strokeWidth": 5,
            "strokeCap": "round",
            "opacity": 0.3,
        },
        "encoding": {**ends, channel: {**across, "field": field}, "color": _colour()},
    }


def _dots(x: Spec, y: Spec) -> Spec:
    shown = ("rating", "low", "high"), ("share", "share_low", "share_high")
    tooltip: list[Spec] = [{"field": "name", "type": "nominal"}]
    for fields, digits in zip(shown, (".1f", ".2f"), strict=True):
        tooltip += [
            {"field": field, "format": digits, "type": "quantitative"}
            for field in fields
        ]
    return {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": {**x, "field": "rating"},
            "y": {**y, "field": "share"},
            "color": _colour(),
            "tooltip": tooltip,
        },
    }


def _name(one: Place, spot: Spot, x: Spec, y: Spec) -> Spec:
    mark = {
        "type": "text",
        "align": spot.align,
        "baseline": "middle",
        "dx": spot.dx,
        "dy": spot.dy,
        "fontSize": SIZE,
    }
    row = {"rating": round(one.rating, 4), "share": round(one.share, 4)}
    return {
        "data": {"values": [row]},
        "mark": mark,
        "encoding": {
            "x": {**x, "field": "rating"},
            "y": {**y, "field": "share"},
            "text": {"value": spot.words},
        },
    }


def _colour() -> Spec:
    return {"datum": "trust", "type": "nominal", "legend": None}


def _words(found: tuple[Place, ...], language: str) -> str:
    between = "；" if language == "zh-hans" else "; "
    return between.join(
        f"{number} {one.name.in_language(language)} {one.rating:.0f} "
        f"[{one.rating_low:.0f}, {one.rating_high:.0f}], {one.share:.2f} "
        f"[{one.share_low:.2f}, {one.share_high:.2f}]"
        for number, one in enumerate(found, start=1)
    )
