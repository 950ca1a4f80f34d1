"""Test information along the trait as a chart: the standard error stands at whole steps."""

from typing import Final

from analytics import thresholds
from analytics.charts import Chart
from analytics.item_response import REACH
from analytics.item_response_results import Information, Precision
from analytics.item_response_tables import ItemResponseTables, responses_of
from analytics.marks import AXIS_TYPE, DOT, TRUST, Spec, colour, frame
from analytics.results import Report
from analytics.sentences import label

DIGITS: Final = 2
HEIGHT: Final = 230
NARROW_HEIGHT: Final = 210
HEADROOM: Final = 1.15  # above the curve, for the number of its highest dot
SIDES: Final = ("right", "center", "left")
AROUND_TOP: Final = 0.75  # standard deviations in which the curve is flat
MARGIN: Final = 0.25  # beyond the last dots, for their numbers
PRECISE: Final = (
    thresholds.TRAIT_ERROR**-2
)  # information where errors begin to be small


def information_chart(report: Report, code: str, language: str) -> Chart | None:
    """Return the information of a scale; None where it has no model."""
    found = responses_of(report)[code]
    table = ItemResponseTables(report, language, DIGITS).information(code)
    if found.information is None or found.precision is None or table is None:
        return None
    between = "；" if language == "zh-hans" else "; "
    values = between.join(
        label("information_value", language, trait=trait, error=error)
        for trait, error in _whole(found.information)
    )
    said = label("chart_of", language, title=table.title, values=values)
    axis = label("axis_trait", language), label("axis_trait_numbers", language)
    curve, place = found.information, found.precision
    return Chart(
        f"information-{code}",
        table.title,
        said,
        wide=_spec(curve, place, said, language, between.join(axis), HEIGHT),
        narrow=_spec(curve, place, said, language, list(axis), NARROW_HEIGHT),
        table=table,
    )


def _whole(curve: Information) -> list[tuple[float, float]]:
    """Return trait and standard error at whole standard deviations."""
    pairs = zip(curve.trait, curve.standard_error, strict=True)
    return [(trait, error) for trait, error in pairs if trait == round(trait)]


def _spec(
    curve: Information,
    place: Precision,
    description: str,
    language: str,
    title: str | list[str],
    height: int,
) -> Spec:
    rows = [
        {
            "trait": trait,
            "information": round(information, 4),
            "error": round(error, 4),
            "whole": trait == round(trait),
            "side": _side(trait, place.best),
            "series": TRUST,
        }
        for trait, information, error in zip(
            curve.trait, curve.information, curve.standard_error, strict=True
        )
    ]
    top = HEADROOM * max(PRECISE, *curve.information)
    x, y = _x(curve, title), _y(top, language)
    at = {"x": {**x, "field": "trait"}, "y": {**y, "field": "information"}}
    whole = [{"filter": "datum.whole"}]
    return {
        **frame(description),
        "height": height,
        "data": {"values": rows},
        "layer": [
            *_precise_stretch(place, x),
            *_guide(place, x, y, language),
            {
                "mark": {"type": "line", "strokeWidth": 2, "interpolate": "monotone"},
                "encoding": {**at, "color": colour()},
            },
            {
                "transform": whole,
                "mark": {"type": "point", "filled": True, "size": DOT, "opacity": 1},
                "encoding": {**at, "color": colour(), "tooltip": _tooltip()},
            },
            *(_errors(side, at) for side in SIDES),
        ],
    }


def _side(trait: float, best: float) -> str:
    """Tell where a number does not lie on the curve: on the slope's outer side."""
    if abs(trait) == REACH or abs(trait - best) < AROUND_TOP:
        return "center"
    return "right" if trait < best else "left"


def _errors(side: str, at: Spec) -> Spec:
    """Write the standard errors of one side above their dots."""
    away = {"right": -4, "center": 0, "left": 4}[side]
    return {
        "transform": [{"filter": f"datum.whole && datum.side == '{side}'"}],
        "mark": {
            "type": "text",
            "align": side,
            "dx": away,
            "dy": -12,
            "fontSize": 12,
            "fontWeight": 600,
        },
        "encoding": {**at, "text": _number("error")},
    }


def _precise_stretch(place: Precision, x: Spec) -> list[Spec]:
    """Shade where the standard error is small."""
    if place.low is None or place.high is None:
        return []
    ends = {"low": place.low, "high": place.high, "series": TRUST}
    return [
        {
            "data": {"values": [ends]},
            "mark": {"type": "rect", "opacity": 0.12, "aria": False},
            "encoding": {
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "color": colour(),
            },
        }
    ]


def _guide(place: Precision, x: Spec, y: Spec, language: str) -> list[Spec]:
    """Draw the information from which errors are small, and say what it is.

    The words stand where the curve does not: below the line inside the stretch.
    """
    middle, below = 0.0, False
    if place.low is not None and place.high is not None:
        middle, below = (place.low + place.high) / 2, True
    at = {"y": {**y, "datum": PRECISE}}
    line: Spec = {
        "mark": {"type": "rule", "strokeDash": [3, 4], "aria": False},
        "encoding": at,
    }
    words = {"value": label("guide_precise", language)}
    text: Spec = {
        "mark": {"type": "text", "dy": 11 if below else -8, "fontSize": 12},
        "encoding": {**at, "x": {**x, "datum": middle}, "text": words},
    }
    return [{"data": {"values": [{}]}, "layer": [line, text]}]


def _x(curve: Information, title: str | list[str]) -> Spec:
    low, high = curve.trait[0] - MARGIN, curve.trait[-1] + MARGIN
    return {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {
            "title": title,
            "values": [trait for trait, _ in _whole(curve)],
            "grid": False,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelFlush": False,
            **AXIS_TYPE,
        },
    }


def _y(top: float, language: str) -> Spec:
    return {
        "type": "quantitative",
        "scale": {"domain": [0, round(top, 4)], "nice": False},
        "axis": {
            "title": label("axis_information", language),
            "titleAngle": 0,
            "titleAlign": "left",
            "titleBaseline": "bottom",
            "titleX": -22,
            "titleY": -4,
            "tickCount": 5,
            "domain": False,
            "ticks": False,
            **AXIS_TYPE,
        },
    }


def _number(name: str) -> Spec:
    return {"field": name, "type": "quantitative", "format": f".{DIGITS}f"}


def _tooltip() -> list[Spec]:
    return [_number(name) for name in ("trait", "information", "error")]
