"""The section “What goes with loyalty” as it stands on the page."""

import json
import re
from dataclasses import replace
from functools import cache

import pytest
from django.template.loader import render_to_string

from analytics import plain
from analytics.driver_results import DriversPart
from analytics.drivers import drivers_of
from analytics.plan import Text
from analytics.release_sections.loyalty import LoyaltySection, loyalty_section
from analytics.release_sections.parts import Facts, Parts
from analytics.results import Figure, Report
from analytics.sentences import say
from tests.analytics.driver_samples import everyone, known, without_outcomes
from tests.analytics.test_driver_readings import CAUSAL, CAUSAL_ZH

LANGUAGES = ("en", "zh-hans")
FACTS = Facts(Text("Customers", "顾客"), 1, 1, "2026-11-01", "anonymous", True)


@cache
def part() -> DriversPart:
    return drivers_of(*known(), everyone())


def section(
    language: str,
    *,
    report: Report | None = None,
    drivers: DriversPart | None = None,
    drawn: bool = False,
) -> LoyaltySection:
    texts = {"report": json.dumps((report or known()[1]).to_json())}
    if drivers is not None:
        texts["drivers"] = json.dumps(plain.to_plain(drivers))
    return loyalty_section(Parts(texts, FACTS), language, drawn=drawn)


def page(found: LoyaltySection) -> str:
    return render_to_string("analytics/release/_loyalty.html", {"section": found})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("drawn", [False, True])
def test_the_whole_section_is_there(language: str, drawn: bool) -> None:
    found = section(language, drivers=part(), drawn=drawn)
    assert found.empty == ""
    assert len(found.outcomes) == 3
    satisfaction, repurchase, recommend = found.outcomes
    assert satisfaction.split is None
    assert repurchase.split is not None
    assert repurchase.split.table is not None
    assert len(repurchase.split.table.rows) == 5
    assert len(repurchase.slopes) == 1
    assert len(recommend.slopes) == 2
    assert recommend.recommend
    assert repurchase.recommend == ()
    assert all(one.checks and one.checks.table for one in found.outcomes)
    html = page(found)
    assert 'id="loyalty"' in html
    assert html.count("<figure") == sum(
        (one.figure is not None)
        + (one.formula.figure is not None)
        + (one.map.figure is not None)
        for one in found.outcomes
    )
    names = re.findall(r'\bid="([^"]+)"', html)
    assert len(names) == len(set(names))
    assert "None" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_causal_word_stands_in_the_section(language: str) -> None:
    html = page(section(language, drivers=part(), drawn=True))
    # the one sentence that names the word in order to rule it out
    kept = html.replace(say("same_source").text(language), "")
    assert kept != html
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", kept, flags=re.S))
    assert CAUSAL.findall(words) == []
    assert CAUSAL_ZH.findall(words) == []


def test_the_warnings_of_the_report_are_kept() -> None:
    found = section("en", drivers=part())
    assert say("same_source").text("en") in found.notices
    loyalty = known()[1].loyalty
    high = replace(loyalty["OUT-C.REP"]["BT.CON"], r=0.86, low=0.8, high=0.9)
    name = known()[1].scales["BT.CON"].name
    outcome = known()[1].outcomes["OUT-C.REP"].name
    said = say("redundant", scale=name, outcome=outcome, r="0.86")
    report = replace(
        known()[1],
        loyalty={**loyalty, "OUT-C.REP": {**loyalty["OUT-C.REP"], "BT.CON": high}},
        notices=(*known()[1].notices, said),
    )
    redundant = section("en", report=report, drivers=part())
    assert said.text("en") in redundant.notices
    assert any(one.chip == "Redundant" for one in redundant.outcomes[1].readings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_without_outcomes_says_what_to_do(language: str) -> None:
    bare = without_outcomes(known()[1])
    found = section(
        language, report=bare, drivers=drivers_of(known()[0], bare, everyone())
    )
    assert found.empty == say("drivers_no_outcome").text(language)
    assert found.outcomes == ()
    html = page(found)
    assert found.empty in html
    assert "<h3" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_few_people_and_a_release_without_a_report(language: str) -> None:
    few = drivers_of(*known(), everyone(10, 19))
    sentence = say("drivers_few", needs=20).text(language)
    assert section(language, drivers=few).empty == sentence
    assert section(language, drivers=few).outcomes == ()
    nothing = loyalty_section(Parts({}, FACTS), language)
    assert nothing.empty == sentence


def test_a_release_from_before_the_checks_shows_the_report_alone() -> None:
    found = section("en")
    assert found.grid == ()
    one = found.outcomes[1]
    assert (one.checks, one.split, one.slopes) == (None, None, ())
    assert one.formula.sentences
    assert "<h4>" in page(found)


def test_checks_stand_beside_the_raw_correlations() -> None:
    found = section("en", drivers=part()).outcomes[1]
    assert found.checks is not None
    table = found.checks.table
    assert table is not None
    assert [column.label for column in table.columns] == [
        "Dimension",
        "r",
        "Factor model r",
        "Given Propensity to trust",
        "Less the marker",
        "After Holm",
        "After Benjamini–Hochberg",
    ]
    relations = known()[1].loyalty["OUT-C.REP"]
    sizes = sorted((one.r or 0 for one in relations.values()), reverse=True)
    raw = [row.cells[0][1].text for row in table.rows]
    assert raw == [f"{r:.2f}" for r in sizes]
    assert {row.cells[-1][1].text for row in table.rows} <= {"Stands", "Does not stand"}
    cfa = known()[1].cfa
    assert cfa is not None
    latent = cfa.factor_correlations["BT.CON~~OUT-C.REP"]
    row = next(row for row in table.rows if row.head.text == "Consistency")
    assert row.cells[1][1].text == f"{latent:.2f}"
    given = part().outcomes["OUT-C.REP"].given["BT.CON"]
    assert isinstance(given, Figure)
    assert row.cells[2][1].text == (
        f"{given.estimate:.2f} [{given.low:.2f} to {given.high:.2f}]"
    )


def test_odds_ratios_are_exponentials_of_the_slopes() -> None:
    found = section("en", drivers=part()).outcomes[2]
    table = found.slopes[1].table
    ordinal = part().outcomes["OUT-C.REC"].ordinal
    assert table is not None
    assert ordinal is not None
    expected = 2.718281828459045 ** ordinal.slopes["BT.CON"].estimate
    row = next(row for row in table.rows if row.head.text == "Consistency")
    assert row.cells[0][1].text == f"{expected:.2f}"
    assert table.columns[1].label == "Odds ratio per SD"
