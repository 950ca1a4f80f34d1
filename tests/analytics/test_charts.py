import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics import charts, drawing, marks
from analytics.charts import Chart
from analytics.results import Report
from tests.analytics.samples import CARE, answers, plan, report, scale

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def all_charts(found: Report, language: str) -> list[Chart]:
    every = [
        *charts.dimension_charts(found, language),
        charts.loyalty_chart(found, "LOY", language),
        charts.reliability_chart(found, language),
        charts.eigenvalue_chart(found, language),
    ]
    return [chart for chart in every if chart is not None]


def drawn_marks(spec: Any) -> Iterator[dict[str, Any]]:
    if "layer" in spec:
        for layer in spec["layer"]:
            yield from drawn_marks(layer)
    else:
        yield spec


def test_every_mean_and_correlation_has_its_interval_and_its_number(
    sample: Report,
) -> None:
    for chart in all_charts(sample, "en")[:3]:
        for spec in (chart.wide, chart.narrow):
            layers = list(drawn_marks(spec))
            assert any("x2" in layer["encoding"] for layer in layers)
            texts = [layer["encoding"].get("text", {}) for layer in layers]
            assert any(text.get("field") == "value" for text in texts)


def test_a_specification_names_no_colour(sample: Report) -> None:
    for chart in all_charts(sample, "zh-hans"):
        assert not COLOUR.search(json.dumps([chart.wide, chart.narrow]))


def test_the_description_says_the_numbers(sample: Report) -> None:
    chart = charts.dimension_charts(sample, "en")[0]
    assert re.search(r"Care \d\.\d\d \(\d\.\d\d to \d\.\d\d\)", chart.description)
    assert chart.wide["description"] == chart.description
    chinese = charts.dimension_charts(sample, "zh-hans")[0]
    assert re.search(r"关怀 \d\.\d\d（\d\.\d\d 至 \d\.\d\d）", chinese.description)


def test_means_are_drawn_over_the_whole_range_of_points(sample: Report) -> None:
    chart = charts.dimension_charts(sample, "en")[0]
    dot = next(m for m in drawn_marks(chart.wide) if "tooltip" in m["encoding"])
    assert dot["encoding"]["x"]["scale"]["domain"] == [1, 7]


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (1, 7, 11, [1, 2, 3, 4, 5, 6, 7]),
        (1, 7, 5, [1, 3, 5, 7]),
        (1, 10, 5, [1, 4, 7, 10]),
        (0, 10, 5, [0, 5, 10]),
        (1, 2, 5, [1, 2]),
        (0, 100, 11, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        (1, 8, 5, [1, 8]),
    ],
)
def test_ticks_are_whole_points(
    low: int, high: int, most: int, ticks: list[int]
) -> None:
    assert marks.whole_ticks(low, high, most=most) == ticks


def test_scales_with_other_points_have_a_chart_of_their_own() -> None:
    asked = plan(scales=(scale("A", CARE), scale("B", CARE, low=0, high=10)))
    found = report(asked, answers(asked))
    assert [chart.code for chart in charts.dimension_charts(found, "en")] == [
        "dimensions-1-7",
        "dimensions-0-10",
    ]


def test_without_numbers_there_is_no_chart() -> None:
    found = report(raw=answers(plan(), 1))
    assert all_charts(found, "en") == []


def test_drawings_hold_the_words_of_both_languages(sample: Report) -> None:
    for language, word in (("en", "Care"), ("zh-hans", "关怀")):
        chart = charts.dimension_charts(sample, language)[0]
        assert f">{word}<" in drawing.inline_svg(chart.narrow, pixels=292)
        wide = drawing.svg(chart.wide, pixels=720, theme="dark")
        assert 'width="720"' in wide
        assert drawing.PALETTE["dark"]["series-1"] in wide


def test_an_inline_drawing_follows_the_tokens_of_the_page(sample: Report) -> None:
    for chart in all_charts(sample, "en"):
        drawn = drawing.inline_svg(chart.wide, pixels=720)
        assert 'var(--series-1)"' in drawn
        assert not COLOUR.search(drawn)
        assert "font-family" not in drawn
        assert "style=" not in drawn


def test_the_palette_is_that_of_the_tokens() -> None:
    light, dark = TOKENS.read_text("utf-8").split("prefers-color-scheme: dark")
    for theme, text in (("light", light), ("dark", dark)):
        tokens = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", text))
        palette = drawing.PALETTE["light" if theme == "light" else "dark"]
        assert palette == {token: tokens[token] for token in palette}
