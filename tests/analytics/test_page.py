import json
import re
from dataclasses import replace
from html import unescape

import pytest
from django.template.loader import render_to_string

from analytics import page
from analytics.plan import Text
from analytics.results import Report
from analytics.standalone import standalone_page
from tests.analytics.samples import answers, plan, report


@pytest.fixture(scope="module")
def sample() -> Report:
    return report(plan(simulated=True))


def body(found: Report, language: str) -> str:
    return render_to_string("analytics/_report.html", page.context(found, language))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "A small study",
                "Theory-mapped draft. Not validated.",
                "Simulated data",
                "300 respondents",
                "What goes with Loyalty",
                "Can I trust these numbers?",
                "same questionnaire",
            ],
        ),
        (
            "zh-hans",
            [
                "小型研究",
                "依据理论拟定的草稿，未经验证。",
                "模拟数据",
                "300 名受访者",
                "什么与忠诚相关",
                "这些数字可信吗？",
                "同一份问卷",
            ],
        ),
    ],
)
def test_the_page_says_everything_in_its_language(
    sample: Report, language: str, words: list[str]
) -> None:
    html = body(sample, language)
    for word in words:
        assert word in html


def test_no_english_stands_on_the_chinese_page(sample: Report) -> None:
    html = re.sub(
        r"<script.*?</script>|<[^>]+>", " ", body(sample, "zh-hans"), flags=re.S
    )
    known = "CARE SKILL LOY KMO HTMT alpha omega Spearman Brown Pearson Fisher Feldt "
    known += "Nunnally Kaiser Bartlett Henseler Ringle Sarstedt Schönbrodt Perugini "
    known += "Podsakoff Horn Johnson Heywood COSMIN minres oblimin SHA numpy n r p t E"
    known += " ML CFI TLI RMSEA SRMR BIC AVE Hu Bentler Marsh Hau Wen Fornell Larcker"
    words = set(re.findall(r"[A-Za-zö]+", unescape(html)))
    assert words <= set(known.split()), words - set(known.split())


def test_every_chart_has_two_specifications_a_text_and_a_table(sample: Report) -> None:
    html = body(sample, "en")
    figures = re.findall(r"<figure.*?</figure>", html, re.S)
    assert len(figures) == 5
    for figure in figures:
        assert "data-chart" in figure
        specs = re.findall(r'json" data-width="(\w+)">(.*?)</script>', figure, re.S)
        assert [width for width, _ in specs] == ["wide", "narrow"]
        assert all(json.loads(spec)["description"] for _, spec in specs)
        assert "<figcaption" in figure
    assert html.count("<details") >= 4


def test_ids_are_unique_and_sections_are_reached(sample: Report) -> None:
    html = body(sample, "en")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_words_of_others_cannot_become_markup(sample: Report) -> None:
    evil = Text.same("</script><img src=x onerror=alert(1)>")
    scales = {**sample.scales, "CARE": replace(sample.scales["CARE"], name=evil)}
    found = replace(sample, title=evil, scales=scales)
    for html in (body(found, "en"), standalone_page(found, "en")):
        assert "<img" not in html
        assert html.count("<script") == html.count("</script>")


def test_a_number_that_is_not_there_has_its_reason_in_its_place() -> None:
    html = body(report(raw=answers(plan(), 1)), "en")
    assert "Not enough data" in html
    assert "at least 4 people; there are 1." in html
    assert "There is one respondent" in html


def test_cells_carry_their_heading_for_the_phone(sample: Report) -> None:
    html = body(sample, "zh-hans")
    assert 'data-label="均值"' in html
    assert html.count('role="row"') == html.count("<tr")


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_the_file_is_whole_and_fetches_nothing(
    sample: Report, language: str, tag: str
) -> None:
    html = standalone_page(sample, language)
    assert html.startswith("<!DOCTYPE html>")
    assert f'<html lang="{tag}">' in html
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert not re.search(r"url\(|@import", html)
    assert html.count("<svg") == 10
    assert sample.title.in_language(language) in html


def test_page_and_file_say_the_same(sample: Report) -> None:
    def words(html: str) -> list[str]:
        html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
        return re.sub(r"<[^>]+>", " ", html).split()

    whole = words(standalone_page(sample, "en").partition("<main")[2])
    assert whole[whole.index("At") :] == words(body(sample, "en"))
