"""Native charts on slides: estimates as bars, their intervals as error bars.

python-pptx knows no error bars; they are written into the XML it leaves behind.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, cast

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.util import Pt

from analytics.files.slide_parts import (
    ACCENT,
    INK,
    LATIN,
    LINE,
    SOFT,
    Box,
    describe,
    face_of_east_asia,
)

SERIES: Final = {"trust": ACCENT, "outcome": "C46210"}


def is_native(spec: dict[str, Any]) -> bool:
    """Whether a chart is rows of estimates with intervals."""
    rows = spec.get("data", {}).get("values", [])
    wanted = {"name", "value", "low", "high"}
    return bool(rows) and all(wanted <= set(one) for one in rows)


def interval_chart(
    slide: Any, box: Box, spec: dict[str, Any], language: str, words: str
) -> None:
    """Set estimates as bars with error bars: a native chart with its own numbers.

    The number stands in the name of each row, where no error bar crosses it.
    """
    rows = spec["data"]["values"][::-1]  # the first row stands on top
    data = CategoryChartData()
    number = _format(spec)
    data.categories = [f"{one['name']}  {one['value']:{number}}" for one in rows]
    data.add_series(words[:80], [one["value"] for one in rows])
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu(), data)
    describe(shape, words)
    chart = shape.chart
    chart.has_legend = chart.has_title = False
    chart.font.size = Pt(13 if len(rows) <= 9 else 11)
    chart.font.name = LATIN[language]
    chart.font.color.rgb = RGBColor.from_string(INK)
    face_of_east_asia(chart._chartSpace.xpath("c:txPr//a:defRPr")[0])
    plot = chart.plots[0]
    plot.gap_width = 110
    series = plot.series[0]
    series.invert_if_negative = False
    for place, one in enumerate(rows):
        fill = series.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(
            SERIES.get(str(one.get("series")), ACCENT)
        )
    _error_bars(series._element, rows)
    _axes(chart, spec, rows)


def _format(spec: dict[str, Any]) -> str:
    """Return how the page's chart writes its numbers, such as ``.2f``."""
    found = re.search(r'"format": "(\.\df)"', json.dumps(spec))
    return found[1] if found else ".2f"


def _axes(chart: Any, spec: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    values, names = chart.value_axis, chart.category_axis
    low, high = _domain(spec, rows)
    values.minimum_scale, values.maximum_scale = low, high
    values.major_gridlines.format.line.color.rgb = RGBColor.from_string(LINE)
    values.format.line.fill.background()
    values.tick_labels.font.size = Pt(11)
    values.tick_labels.font.color.rgb = RGBColor.from_string(SOFT)
    names.format.line.color.rgb = RGBColor.from_string(SOFT)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.has_major_gridlines = False


def _domain(
    spec: dict[str, Any], rows: Sequence[dict[str, Any]]
) -> tuple[float, float]:
    """Return the ends of the axis as the page's chart has them."""
    for layer in spec.get("layer", []):
        x = layer.get("encoding", {}).get("x", {})
        domain = x.get("scale", {}).get("domain")
        if domain:
            return float(domain[0]), float(domain[1])
    low = min(0.0, *(float(one["low"]) for one in rows))
    return low, max(float(one["high"]) for one in rows)


def _error_bars(series: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Put the ends of the intervals on the bars, as the format wants them."""
    bars = etree.Element(qn("c:errBars"))
    etree.SubElement(bars, qn("c:errBarType"), val="both")
    etree.SubElement(bars, qn("c:errValType"), val="cust")
    etree.SubElement(bars, qn("c:noEndCap"), val="0")
    for side, ends in (
        ("plus", [one["high"] - one["value"] for one in rows]),
        ("minus", [one["value"] - one["low"] for one in rows]),
    ):
        numbers = etree.SubElement(
            etree.SubElement(bars, qn(f"c:{side}")), qn("c:numLit")
        )
        etree.SubElement(numbers, qn("c:formatCode")).text = "General"
        etree.SubElement(numbers, qn("c:ptCount"), val=str(len(rows)))
        for place, end in enumerate(ends):
            point = etree.SubElement(numbers, qn("c:pt"), idx=str(place))
            etree.SubElement(point, qn("c:v")).text = f"{max(end, 0.0):.4f}"
    look = etree.SubElement(bars, qn("c:spPr"))
    line = etree.SubElement(look, qn("a:ln"), w="15875")
    solid = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(solid, qn("a:srgbClr"), val=INK)
    cast(Any, series.find(qn("c:cat"))).addprevious(bars)
