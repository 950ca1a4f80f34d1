"""What a size will show, against published tables and hand calculation."""

import math
from typing import Any

import pytest
from django.test import Client

from analytics.plan import PlanInstrument, Text
from analytics.planner import Line, Size, planned
from surveys.models import Organization, Survey
from tests.analytics.samples import LOYALTY, plan, scale
from tests.factories import make_form, make_survey


def lines(asked: int, share: float = 1.0, **more: Any) -> dict[str, Line]:
    found = planned(plan(), Size(asked, share, **more))
    return {line.question.code: line for line in found}


def test_a_mean_of_a_hundred_people_has_the_half_width_of_the_textbook() -> None:
    # 1.96 * 1.5 / sqrt(100) on seven points
    expect = lines(100)["plan_level"].expect.params
    assert expect["half"] == pytest.approx(0.294, abs=5e-4)
    assert expect["sd"] == 1.5


def test_the_reliability_of_the_shortest_dimension_is_that_of_spearman_and_brown() -> (
    None
):
    # 4 * .4 / (1 + 3 * .4) = .727; 4 * (1 - .4) / .4 = 6 questions for .80
    found = lines(100)["plan_items"]
    assert found.expect.params["count"] == 4
    assert found.expect.params["reliability"] == pytest.approx(0.727, abs=5e-4)
    assert (found.expect.params["least"], found.tone) == (6, "watch")
    long = plan(scales=(scale("CARE", LOYALTY, 6),))
    (six,) = [x for x in planned(long, Size(1, 1)) if x.question.code == "plan_items"]
    assert six.expect.params["reliability"] == pytest.approx(0.80)
    assert six.tone == "good"


def test_of_items_that_need_not_agree_no_reliability_is_planned() -> None:
    formative = plan(scales=(scale("CARE", LOYALTY, model="formative"),))
    codes = {line.question.code for line in planned(formative, Size(100, 1))}
    assert "plan_items" not in codes


def test_a_change_between_two_waves_is_that_of_r() -> None:
    # power.t.test(n = 60, power = .8, strict = TRUE)$delta
    assert lines(60)["plan_change"].expect.params["d"] == pytest.approx(
        0.51570655939240773, rel=1e-6
    )


def test_the_interval_of_a_correlation_is_fishers() -> None:
    expect = lines(250)["plan_correlation"].expect.params
    half = 1.959963984540054 / math.sqrt(247)
    assert expect["low"] == pytest.approx(math.tanh(math.atanh(0.3) - half))
    assert expect["high"] == pytest.approx(math.tanh(math.atanh(0.3) + half))


def test_the_size_for_two_dimensions_together_is_that_of_pwr() -> None:
    # pwr.f2.test(u = 2, f2 = .15, power = .8): v = 64.3, n = v + 3
    assert lines(100)["plan_together"].needs == 68


def test_the_size_for_a_structure_is_that_of_maccallum() -> None:
    # two factors of four items: 36 - 17 = 19 degrees of freedom; table 4 has 435 for
    # df 20 at .80, fewer degrees need more people
    found = lines(100)["plan_structure"]
    assert found.expect.params["df"] == 19
    assert found.needs is not None
    assert 435 < found.needs < 480


def test_teams_below_the_least_are_told_before_anybody_is_asked() -> None:
    few, enough = lines(40, teams=10), lines(210, teams=10)
    assert (few["plan_team"].tone, enough["plan_team"].tone) == ("stop", "good")
    # Spearman and Brown: 21 * .1 / (1 + 20 * .1) = .70
    assert enough["plan_team_mean"].expect.params["icc2"] == pytest.approx(0.7)
    assert enough["plan_team_mean"].expect.params["least"] == 21


def test_without_outcomes_and_teams_nothing_is_said_of_them() -> None:
    alone = plan(outcomes=(), instruments=(PlanInstrument("T", Text("T", "T"), "E0"),))
    codes = {line.question.code for line in planned(alone, Size(100, 1))}
    assert not codes & {"plan_correlation", "plan_together", "plan_team"}


def test_one_question_from_0_to_10_is_a_recommendation() -> None:
    one = scale("REC", LOYALTY, 1, low=0, high=10, group="outcome")
    codes = {x.question.code for x in planned(plan(outcomes=(one,)), Size(19, 1))}
    assert "plan_recommend" in codes


@pytest.mark.parametrize("asked", [1, 2, 3, 5, 10_000_000])
def test_any_size_gets_sentences_in_both_languages(asked: int) -> None:
    for line in lines(asked, teams=3).values():
        for language in ("en", "zh-hans"):
            assert line.question.text(language)
            assert "nan" not in line.expect.text(language)


def test_the_share_that_answers_counts() -> None:
    assert Size(100, 0.29).answers == 29


@pytest.fixture
def survey(organization: Organization) -> Survey:
    survey = make_survey(organization)
    make_form(survey)
    return survey


def test_the_page_shows_what_to_expect(survey: Survey, owner: Client) -> None:
    page = owner.get(f"/surveys/{survey.pk}/plan/?asked=500&percent=60&teams=12")
    assert page.status_code == 200
    text = page.content.decode()
    assert "With 300 answers" in text
    assert "About 25.0 answers a team" in text
    part = owner.get(
        f"/surveys/{survey.pk}/plan/?asked=500&percent=60",
        headers={"HX-Request": "true"},
    )
    assert "<html" not in part.content.decode()


def test_what_the_address_leaves_out_is_the_example(
    survey: Survey, owner: Client
) -> None:
    """A launch knows how many are asked in how many groups, and not who will answer."""
    text = owner.get(f"/surveys/{survey.pk}/plan/?asked=500&teams=10").content.decode()
    assert "With 300 answers" in text
    assert "About 30.0 answers a team" in text
    assert "not complete" not in text


def test_nonsense_is_said_and_the_example_shown(survey: Survey, owner: Client) -> None:
    page = owner.get(f"/surveys/{survey.pk}/plan/?asked=-3&percent=x")
    text = page.content.decode()
    assert "With 60 answers" in text
    assert "not complete" in text
