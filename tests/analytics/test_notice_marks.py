"""Notices and their conditions: just below, onto and just above each mark."""

from dataclasses import replace
from typing import Any

import pytest

from analytics import page
from analytics.notices import notices_of
from analytics.plan import PlanInstrument, Text
from analytics.results import Absent, Figure, Relation, Report
from analytics.sentences import SENTENCES, say
from tests.analytics.samples import CARE, answers, plan, report, scale


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def said(found: Report) -> list[str]:
    return [one.code for one in notices_of(found)]


def with_item(sample: Report, **changed: Any) -> Report:
    """The first item of CARE, changed."""
    care = sample.scales["CARE"]
    item = replace(care.items["CARE1"], **changed)
    care = replace(care, items={**care.items, "CARE1": item})
    return replace(sample, scales={**sample.scales, "CARE": care})


def with_relation(sample: Report, **changed: Any) -> Report:
    one = replace(sample.loyalty["LOY"]["CARE"], **changed)
    return replace(sample, loyalty={"LOY": {"CARE": one}})


@pytest.mark.parametrize(
    ("n", "code"),
    [(1, "one_respondent"), (2, "small_sample"), (249, "small_sample"), (250, None)],
)
def test_how_many_answered(sample: Report, n: int, code: str | None) -> None:
    found = {"one_respondent", "small_sample"} & set(said(replace(sample, n_rows=n)))
    assert found == ({code} if code else set())


@pytest.mark.parametrize(
    ("n", "sd", "code"),
    [
        (0, None, "unanswered_item"),
        (1, 0.0, None),
        (2, 0.0, "constant_item"),
        (2, 0.5, None),
    ],
)
def test_an_item_with_one_answer_or_none(
    sample: Report, n: int, sd: float | None, code: str | None
) -> None:
    found = said(with_item(sample, n=n, sd=sd, missing=0))
    expected = {code} if code else set()
    assert {"unanswered_item", "constant_item"} & set(found) == expected


@pytest.mark.parametrize(
    ("n", "missing", "is_said"), [(901, 99, False), (900, 100, False), (899, 101, True)]
)
def test_an_item_left_out_by_more_than_a_tenth(
    sample: Report, n: int, missing: int, is_said: bool
) -> None:
    found = said(with_item(sample, n=n, missing=missing))
    assert ("missing_item" in found) is is_said


@pytest.mark.parametrize(
    ("r", "is_said"), [(0.001, False), (0.0, False), (-0.001, True), (None, False)]
)
def test_an_item_that_runs_against_the_others(
    sample: Report, r: float | None, is_said: bool
) -> None:
    assert ("negative_item" in said(with_item(sample, item_rest_r=r))) is is_said


@pytest.mark.parametrize(
    ("n_items", "model", "code"),
    [
        (1, "reflective", None),
        (2, "reflective", "two_item_reliability"),
        (3, "reflective", None),
        (2, "formative", "formative"),
        (2, "checklist", "formative"),
    ],
)
def test_what_is_said_of_a_short_or_formative_scale(
    n_items: int, model: str, code: str | None
) -> None:
    asked = plan(scales=(scale("CARE", CARE, n_items, model=model),), outcomes=())
    found = said(report(asked, answers(asked, 60)))
    expected = {code} if code else set()
    assert {"two_item_reliability", "formative"} & set(found) == expected


@pytest.mark.parametrize(
    ("votes", "used", "code"),
    [(0, 1, "votes_none"), (1, 1, "votes"), (2, 2, "votes"), (3, 2, "votes_limited")],
)
def test_the_vote_of_parallel_analysis(
    sample: Report, votes: int, used: int, code: str
) -> None:
    parallel = sample.dimensionality.parallel
    assert parallel is not None
    one = replace(
        sample,
        dimensionality=replace(
            sample.dimensionality, parallel=replace(parallel, factors=votes)
        ),
        factors=replace(sample.factors, n_factors=used),
    )
    assert [c for c in said(one) if c.startswith("votes")] == [code]
    asked_for = replace(one, settings=replace(one.settings, n_factors=used))
    assert [c for c in said(asked_for) if c.startswith("votes")] == []


@pytest.mark.parametrize("items", [(), ("CARE1",)])
def test_an_item_that_is_explained_completely(
    sample: Report, items: tuple[str, ...]
) -> None:
    one = replace(sample, factors=replace(sample.factors, heywood=items))
    assert ("heywood" in said(one)) is bool(items)


@pytest.mark.parametrize(
    ("r", "is_said"), [(0.85, False), (0.851, True), (-0.85, False), (-0.851, True)]
)
def test_a_correlation_that_is_too_high(
    sample: Report, r: float, is_said: bool
) -> None:
    assert ("redundant" in said(with_relation(sample, r=r))) is is_said


@pytest.mark.parametrize(
    ("value", "is_said"),
    [(0.999, False), (1.0, False), (1.001, True), (-1.0, False), (-1.001, True)],
)
def test_a_correction_that_passes_one(
    sample: Report, value: float, is_said: bool
) -> None:
    found = said(with_relation(sample, r=0.5, disattenuated=value))
    assert ("corrected_above_one" in found) is is_said


@pytest.mark.parametrize(
    ("ratio", "is_said"), [(0.899, False), (0.90, True), (0.901, True), (None, False)]
)
def test_scales_that_are_hardly_told_apart(
    sample: Report, ratio: float | None, is_said: bool
) -> None:
    two = replace(sample, htmt={"CARE~~SKILL": ratio})
    assert ("not_separable" in said(two)) is is_said
    outcome = replace(sample, htmt={"CARE~~LOY": ratio})
    assert ("not_separable_outcome" in said(outcome)) is is_said
    assert "not_separable" not in said(outcome)


@pytest.mark.parametrize("simulated", [False, True])
def test_simulated_answers_are_called_so(sample: Report, simulated: bool) -> None:
    found = said(replace(sample, simulated=simulated))
    assert ("simulated" in found) is simulated


@pytest.mark.parametrize("asked", [False, True])
def test_an_outcome_is_there_or_not(sample: Report, asked: bool) -> None:
    one = sample if asked else replace(sample, outcomes={}, loyalty={})
    expected = {"same_source"} if asked else {"no_outcomes"}
    assert {"same_source", "no_outcomes"} & set(said(one)) == expected


@pytest.mark.parametrize("n", [1, 2])
def test_a_spread_needs_two_people(n: int) -> None:
    sd = report(raw=answers(plan(), n)).scales["CARE"].sd
    if n < 2:
        assert isinstance(sd, Absent)
        assert sd.reason == say("sd_needs_two", has=1)
    else:
        assert isinstance(sd, Figure)


@pytest.mark.parametrize(("left", "is_said"), [(2, True), (3, False)])
def test_a_structure_needs_three_items_that_vary(left: int, is_said: bool) -> None:
    asked = plan()
    raw = answers(asked)
    raw[:, : 8 - left] = 4
    reason = report(asked, raw).dimensionality.reasons.get("kmo")
    assert (reason == say("no_items_left")) is is_said


@pytest.mark.parametrize(
    ("n_items", "code"), [(1, "one_item"), (2, "omega_two_items"), (3, None)]
)
def test_omega_needs_three_items(n_items: int, code: str | None) -> None:
    asked = plan(scales=(scale("CARE", CARE, n_items),), outcomes=())
    omega = report(asked, answers(asked, 60)).scales["CARE"].omega_total
    assert (omega.reason.code if isinstance(omega, Absent) else None) == code


@pytest.mark.parametrize(
    ("evidence", "published", "code"),
    [
        *((f"E{level}", "", f"evidence_E{level}") for level in range(6)),
        ("E0", "unchanged", "evidence_unchanged"),
        ("E0", "modified", "evidence_modified"),
    ],
)
def test_what_is_known_of_an_instrument(
    evidence: str, published: str, code: str
) -> None:
    one = PlanInstrument("TBE", Text.same("T"), evidence, published)
    assert one.known == code
    assert code in SENTENCES


@pytest.mark.parametrize("named", [False, True])
def test_a_file_without_a_questionnaire_says_so(sample: Report, named: bool) -> None:
    one = sample if named else replace(sample, instruments=())
    (words,) = page.context(one, "en")["page"].evidence
    assert words.startswith("The evidence behind") is not named


def test_a_relation_without_a_number_is_neither(sample: Report) -> None:
    nothing = Relation(None, None, None, 0, None, None, {"r": say("one_item")})
    one = replace(sample, loyalty={"LOY": {"CARE": nothing}})
    assert {"redundant", "corrected_above_one"} & set(said(one)) == set()
