"""The map of share and rating: where its words stand, and what it draws."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drawing import NARROW_PIXELS, WIDE_PIXELS, svg
from analytics.driver_charts import (
    NARROW,
    WIDE,
    domains,
    importance_map,
    numbering,
    placed,
)
from analytics.driver_readings import Place
from analytics.driver_tables import DriverTables
from analytics.label_places import DOT, HEIGHT, Box, spots, width_of
from analytics.plan import Text
from tests.analytics.driver_samples import known

REP = "OUT-C.REP"


def place(number: int, rating: float, share: float) -> Place:
    name = Text(f"Dimension number {number}", f"第{number}个维度")
    return Place(
        f"d{number}",
        name,
        rating,
        max(0, rating - 3),
        min(100, rating + 3),
        share,
        max(0, share - 0.05),
        min(1, share + 0.05),
    )


POINTS = st.lists(
    st.tuples(st.floats(0, 400), st.floats(0, 300)), min_size=1, max_size=9
)
WORDS = st.text("abcdefgh 能力关怀", min_size=1, max_size=24)


@settings(max_examples=150, deadline=None)
@given(POINTS, st.data(), st.floats(1, 3))
def test_no_words_cover_others_however_wide_the_picture(
    points: list[tuple[float, float]], data: st.DataObject, wider: float
) -> None:
    one = st.lists(WORDS, min_size=1, max_size=2)
    words = [data.draw(one) for _ in points]
    found = spots(points, words, width=400, height=300)
    if found is None:
        return
    boxes = []
    for (x, y), spot, wanted in zip(points, found, words, strict=True):
        assert spot.words in wanted
        wide, at = width_of(spot.words), wider * x + spot.dx
        left = {"left": at, "right": at - wide, "center": at - wide / 2}[spot.align]
        top = y + spot.dy - HEIGHT / 2
        assert left >= -1e-6
        assert left + wide <= 400 * wider + 1e-6
        boxes.append((left, top, left + wide, top + HEIGHT))
    for a, b in combinations(boxes, 2):
        sideways = a[0] < b[2] - 1e-6 and b[0] < a[2] - 1e-6
        assert not (sideways and a[1] < b[3] - 1e-6 and b[1] < a[3] - 1e-6)
    for k, (x, y) in enumerate(points):
        for j, box in enumerate(boxes):
            if j != k:
                beside = box[0] < wider * x + DOT - 1e-6
                beside = beside and wider * x - DOT < box[2] - 1e-6
                assert not (
                    beside and box[1] < y + DOT - 1e-6 and y - DOT < box[3] - 1e-6
                )


def test_two_words_in_one_line_keep_the_order_of_their_points() -> None:
    near, far = Box(0, 0, 30, 10, 10), Box(40, 0, 60, 10, 50)
    assert near.clear_of(far)
    # apart now, but their points would carry them into one another
    crossed = Box(40, 0, 60, 10, 5), Box(0, 0, 30, 10, 55)
    assert not crossed[0].clear_of(crossed[1])
    assert Box(0, 0, 9, 9, 1).clear_of(Box(0, 9, 9, 18, 2))
    assert not Box(0, 0, 9, 9, 1).clear_of(Box(5, 0, 14, 9, 1))
    assert Box(0, 0, 9, 9, 1).clear_of(Box(9, 0, 18, 9, 1))


def test_chinese_words_are_wider() -> None:
    assert width_of("能力") == 26
    assert width_of("ab") == pytest.approx(15.08)


def test_names_stand_where_they_fit_else_numbers() -> None:
    apart = [place(1, 20, 0.1), place(2, 50, 0.5), place(3, 80, 0.4)]
    assert [one.words for one in placed(apart, "en", WIDE)] == [
        one.name.en for one in apart
    ]
    crowded = [place(k, 50 + 3 * (k % 4), 0.1 + 0.03 * (k // 4)) for k in range(1, 13)]
    assert [one.words for one in placed(crowded, "en", NARROW)] == [
        str(k) for k in range(1, 13)
    ]
    same = [place(k, 50, 0.1) for k in range(1, 60)]
    assert placed(same, "en", NARROW)[0].words == "1"
    assert numbering(tuple(apart), "en") == ""
    assert numbering(tuple(crowded), "en").startswith(
        "1 Dimension number 1 · 2 Dimension number 2 · 3 "
    )


def test_only_a_wide_map_has_names_and_numbers_side_by_side() -> None:
    apart = [place(1, 20, 0.1), place(2, 80, 0.6)]
    long = replace(apart[0], name=Text.same("A name that is as long as the map " * 3))
    found = [long, apart[1]]
    assert [one.words for one in placed(found, "en", WIDE)] == ["1", apart[1].name.en]
    assert [one.words for one in placed(found, "en", NARROW)] == ["1", "2"]


def test_axes_end_at_whole_tens_that_hold_every_interval() -> None:
    found = [place(1, 42, 0.3), place(2, 71, 0.7)]
    assert domains(found) == ((30, 80), (0, 0.8))
    flat = Place("a", Text.same("a"), 50, 50, 50, 1, 1, 1)
    assert domains([flat]) == ((50, 60), (0, 1))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_map_draws_points_arms_lines_and_words(language: str) -> None:
    found = (place(1, 20, 0.2), place(2, 50, 0.5), place(3, 80, 0.3))
    chart = importance_map(DriverTables(known()[1], language), found, REP)
    assert chart.code == f"map-{REP}"
    for one in found:
        assert one.name.in_language(language) in chart.description
    values = chart.wide["data"]["values"]
    assert [row["rating"] for row in values] == [20, 50, 80]
    at = [layer["data"]["values"][0]["at"] for layer in chart.wide["layer"][:2]]
    assert at == pytest.approx([50, 1 / 3], abs=1e-4)
    assert "color" not in json.dumps(chart.wide["layer"][-1])  # ink of the theme
    for spec, pixels in ((chart.wide, WIDE_PIXELS), (chart.narrow, NARROW_PIXELS)):
        drawn = ET.fromstring(svg(spec, pixels=pixels, theme="light"))
        words = {one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")}
        names = {one.name.in_language(language) for one in found}
        assert names <= words or {"1", "2", "3"} <= words
    rows = chart.table.rows
    assert [row[1].text for row in rows] == ["1", "2", "3"]
    assert [row[2].text for row in rows] == ["20.0", "50.0", "80.0"]
