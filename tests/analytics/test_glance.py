from dataclasses import replace

import pytest

from analytics.glance import glance
from analytics.plan import Text
from analytics.results import Relation, Report
from tests.analytics.samples import CARE, answers, plan, report, scale


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def relations(*values: tuple[float, float, float]) -> dict[str, dict[str, Relation]]:
    found = {
        code: Relation(r, low, high, 300, r, None, {})
        for code, (r, low, high) in zip(("CARE", "SKILL"), values, strict=True)
    }
    return {"LOY": found}


@pytest.mark.parametrize(
    ("care", "skill", "code"),
    [
        ((0.6, 0.5, 0.7), (0.3, 0.2, 0.4), "glance_strongest"),
        ((0.6, 0.5, 0.7), (0.45, 0.3, 0.55), "glance_strongest_shared"),
        ((0.1, -0.1, 0.3), (0.1, -0.1, 0.3), "glance_none"),
    ],
)
def test_the_glance_ranks_only_what_the_intervals_allow(
    sample: Report,
    care: tuple[float, float, float],
    skill: tuple[float, float, float],
    code: str,
) -> None:
    first = glance(replace(sample, loyalty=relations(care, skill)))[0]
    assert first.sentences[0].code == code


def test_the_glance_says_why_there_is_no_relation() -> None:
    first = glance(report(raw=answers(plan(), 2)))[0]
    assert first.chip.code == "chip_not_enough"
    assert "at least 4 people; there are 2" in first.sentences[0].text("en")


def test_the_glance_speaks_of_level_reliability_and_structure(sample: Report) -> None:
    said = [s.code for read in glance(sample) for s in read.sentences]
    assert {"glance_level", "glance_structure_same"} <= set(said)
    assert {"glance_reliable", "glance_reliability_mixed"} & set(said)


def test_levels_on_different_points_are_not_ranked() -> None:
    asked = plan(
        scales=(scale("CARE", CARE), scale("SKILL", Text.same("S"), low=0, high=10))
    )
    said = glance(report(asked, answers(asked)))
    assert not any(s.code == "glance_level" for read in said for s in read.sentences)


def test_every_reading_is_said_in_both_languages(sample: Report) -> None:
    for read in glance(sample):
        for sentence in (read.chip, *read.sentences):
            assert sentence.text("en") != sentence.text("zh-hans")


def test_several_outcomes_are_said_briefly(sample: Report) -> None:
    clear = relations((0.6, 0.5, 0.7), (0.3, 0.2, 0.4))["LOY"]
    one = replace(
        sample,
        outcomes={**sample.outcomes, "SAT": sample.outcomes["LOY"]},
        loyalty={"LOY": clear, "SAT": clear},
    )
    first = glance(one)[0]
    assert [s.code for s in first.sentences] == ["glance_closest", "glance_closest"]
    shared = relations((0.6, 0.5, 0.7), (0.5, 0.4, 0.6))["LOY"]
    first = glance(replace(one, loyalty={"LOY": clear, "SAT": shared}))[0]
    assert first.sentences[-1].code == "glance_order_open"


def test_many_pairs_that_are_one_are_counted(sample: Report) -> None:
    scales = {**sample.scales, **dict.fromkeys("ABCD", sample.scales["CARE"])}
    ratios = {f"{a}~~{b}": 0.95 for a in "ABC" for b in "BCD" if a < b}
    found = [
        s
        for read in glance(replace(sample, scales=scales, htmt=ratios))
        for s in read.sentences
    ]
    many = next(s for s in found if s.code == "glance_not_separable_many")
    assert many.text("en").startswith("6 of 6 pairs")


def test_the_closest_is_not_ranked_above_what_it_cannot_be_told_from(
    sample: Report,
) -> None:
    loyalty = relations((0.6, 0.5, 0.7), (0.3, 0.2, 0.4))
    one = replace(sample, loyalty=loyalty, htmt={"CARE~~SKILL": 0.93})
    said = glance(one)[0].sentences
    assert [s.code for s in said] == ["glance_strongest", "glance_twins"]
    assert said[1].text("en").startswith("Care can hardly be told apart from Skill")
