"""Section “Can I trust these numbers?” in both languages, from stored parts."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from analytics import plain
from analytics.plan import Text
from analytics.quality_results import QualityPart, UnitRate
from analytics.quality_tables import MOST_BARS, MOST_ROWS, QualityTables
from analytics.release_parts import Count
from analytics.release_sections.parts import Parts
from analytics.release_sections.trust import TrustSection, trust_section
from analytics.results import Report
from tests.analytics.quality_samples import (
    careless_wave,
    quality,
    report_of,
    segments,
)
from tests.analytics.release_samples import facts

LANGUAGES = ("en", "zh-hans")
QUESTIONS = {
    "en": [
        "Is each score precise?",
        "Was measured what was meant?",
        "Do groups answer the same questions?",
        "Did people answer with care?",
        "Are answers missing?",
        "Who did not answer?",
        "Would weighting change it?",
    ],
    "zh-hans": [
        "每个得分精确吗？",
        "测到的是想测的吗？",
        "各群体回答的是同一回事吗？",
        "受访者认真作答了吗？",
        "有缺失的作答吗？",
        "谁没有作答？",
        "加权会改变结果吗？",
    ],
}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    now = careless_wave()
    told, report = segments(now), report_of(now)
    return {"segments": told, "report": report, "quality": quality(now, told, report)}


def parts_of(made: dict[str, Any], *, left_out: str = "", **changed: Any) -> Parts:
    found = {**made, **changed}
    texts = {
        name: json.dumps(plain.to_plain(value), allow_nan=False)
        for name, value in found.items()
        if name not in (left_out, "report")
    }
    if left_out != "report":
        texts["report"] = json.dumps(found["report"].to_json())
    return Parts(texts, facts())


def html_of(section: TrustSection) -> str:
    return render_to_string("analytics/release/_trust.html", {"section": section})


def tables_of(made: dict[str, Any], **changed: Any) -> QualityTables:
    found: QualityPart = replace(made["quality"], **changed)
    report: Report = made["report"]
    return QualityTables(report, "en", 2, found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_answered(made: dict[str, Any], language: str) -> None:
    section = trust_section(parts_of(made), language)
    assert [one.question for one in section.verdicts] == QUESTIONS[language]
    assert all(said.text for one in section.verdicts for said in one.readings)
    page = html_of(section)
    for question in QUESTIONS[language]:
        assert question in page
    assert 'id="trust"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_statistics_stand_folded_below(made: dict[str, Any], language: str) -> None:
    page = html_of(trust_section(parts_of(made), language))
    assert page.count('<details class="behind"') >= 6
    for words in ("χ²", "omega", "Mahalanobis"):
        assert words.lower() in page.lower() or language == "zh-hans"
    assert len(re.findall(r"<h2", page)) == 1
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_how_many_left_out_an_item_stands_as_a_band_only(made: dict[str, Any]) -> None:
    section = trust_section(parts_of(made), "en")
    assert section.page is not None
    heads = [column.label for column in section.page.items.columns]
    assert heads == ["Item", "Scale", "Mean", "SD", "Item-rest r", "Alpha if dropped"]
    for row in section.page.items.rows:
        assert [column.label for column, _ in row.cells] == heads[1:]
    assert section.missing_items is not None
    counts = {row.cells[-1][1].text for row in section.missing_items.rows}
    assert counts <= {"0–4", "5–9", "10–14", "15–19"}


def test_numbers_in_the_tables_are_those_of_the_part(made: dict[str, Any]) -> None:
    part: QualityPart = made["quality"]
    section = trust_section(parts_of(made), "en")
    assert section.weighted is not None
    care = part.weighted.scales["CARE"]
    row = [cell.text for _, cell in section.weighted.rows[0].cells]
    assert row[1] == f"{care.mean.other.estimate:.2f}"  # type: ignore[union-attr]
    assert row[-2:] == [str(care.effective_n), f"{care.design_effect:.2f}"]
    assert section.both_ways is not None
    shift = part.careless.scales["CARE"].shift
    assert section.both_ways.rows[0].cells[3][1].text == f"{shift:.2f}".replace(
        "-", "−"
    )
    assert section.relations is not None
    assert section.rates is not None
    rates = [row.cells[-1][1].text for row in section.rates.rows]
    assert rates == ["68\u00a0%", "90\u00a0%", "60\u00a0%", "60\u00a0%"]


def test_charts_say_what_their_tables_say(made: dict[str, Any]) -> None:
    chart = tables_of(made).rates_chart()
    assert chart is not None
    assert "North 90\u00a0%" in chart.description
    values = chart.wide["data"]["values"]
    assert [one["value"] for one in values] == [90, 60, 60]
    (both,) = tables_of(made).both_ways_charts()
    part: QualityPart = made["quality"]
    care = part.careless.scales["CARE"].mean
    first = both.narrow["data"]["values"][0]
    assert first["value"] == pytest.approx(care.all.estimate, abs=1e-4)  # type: ignore[union-attr]
    assert first["ring"] == pytest.approx(care.other.estimate, abs=1e-4)  # type: ignore[union-attr]


def test_charts_can_be_drawn_for_paper(made: dict[str, Any]) -> None:
    section = trust_section(parts_of(made), "en", drawn=True)
    assert section.rates_figure is not None
    assert section.rates_figure.wide.startswith("<svg")


def test_many_units_are_neither_drawn_nor_listed(made: dict[str, Any]) -> None:
    def units(count: int) -> QualityTables:
        one = UnitRate(Text("A", "甲"), 1, 20, Count(15, 19), 0.8)
        every = {f"unit:{k}": one for k in range(count)}
        found = replace(made["quality"].nonresponse, units=every)
        return tables_of(made, nonresponse=found)

    assert units(MOST_BARS).rates_chart() is not None
    assert units(MOST_BARS + 1).rates_chart() is None
    assert units(1).rates_chart() is None
    few, many = units(MOST_ROWS - 1).rates(), units(MOST_ROWS).rates()
    assert few is not None
    assert many is not None
    assert (len(few.rows), len(many.rows)) == (MOST_ROWS, MOST_ROWS)
    assert len(many.notes) == len(few.notes) + 1
    assert "teams: 1." in many.notes[-1]


def test_a_reader_sees_only_the_units_that_the_segments_show_them(
    made: dict[str, Any],
) -> None:
    told = made["segments"]
    seen = replace(told, segments=told.segments[:2])
    page = html_of(trust_section(parts_of(made, segments=seen), "en"))
    assert "North" in page
    assert "South" not in page
    assert "West" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_part_the_section_says_when_there_is_one(
    made: dict[str, Any], language: str
) -> None:
    nothing = Parts({}, facts())
    section = trust_section(nothing, language)
    assert "20" in section.empty
    assert section.verdicts == ()
    page = html_of(section)
    assert section.empty in page
    assert "<details" not in page
    few = parts_of(made, left_out="quality")
    section = trust_section(few, language)
    assert section.empty
    assert len(section.verdicts) == 3
    assert section.signs is None
    assert html_of(section)


def test_a_part_without_signs_or_units_has_no_tables_of_them(
    made: dict[str, Any],
) -> None:
    part: QualityPart = made["quality"]
    bare = replace(
        part,
        careless=replace(
            part.careless, signs={}, flagged=None, scales={}, relations={}
        ),
        missing=replace(part.missing, scales={}, items={}),
        nonresponse=replace(part.nonresponse, units={}, test=None),
        weighted=replace(part.weighted, scales={}),
    )
    section = trust_section(parts_of(made, quality=bare), "en")
    empty = (section.signs, section.both_ways, section.relations, section.rates)
    assert empty == (None, None, None, None)
    assert (section.missing_scales, section.missing_items) == (None, None)
    assert (section.weighted, section.rates_figure) == (None, None)
    assert section.both_figures == ()
    assert html_of(section)
