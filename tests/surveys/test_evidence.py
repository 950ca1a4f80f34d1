"""The ladder: which lines carry a version how far, and which do not."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys import evidence
from surveys.evidence import Requirement, ladder
from surveys.models import EvidenceLine, Organization, QuestionnaireVersion
from surveys.tenancy import organization_scope
from tests.factories import NOW, publish_library


@dataclass(frozen=True)
class Found:
    """A line as the ladder reads it."""

    kind: str
    figures: dict[str, Any]
    language: str = "en"
    scale: str = ""
    sample: dict[str, Any] = field(
        default_factory=lambda: {"part": "whole", "independent": True}
    )
    wave_id: str | None = "wave 1"
    withdrawn_at: Any = None


FIT = {"n": 4000, "cfi": 0.983, "tli": 0.97, "rmsea": 0.07, "srmr": 0.02}
STRUCTURE = Found("structure", {**FIT, "scales": ["T"]})
RELIABLE = Found("reliability", {"n": 4000, "alpha": 0.87, "omega": None}, scale="T")
GOOD = [STRUCTURE, RELIABLE]
EXPERTS = Found(
    "content",
    {"experts": 6, "least_i_cvi": 5 / 6, "s_cvi_ave": 0.95},
    wave_id=None,
)
INTERVIEWS = Found("interviews", {"n": 30}, wave_id=None)
PILOT = Found("pilot", {"n": 150})
SECOND = [replace(line, wave_id="wave 2") for line in GOOD]
ALIKE = Found(
    "invariance",
    {"verdict": "scalar", "n": {"en": 200, "zh-hans": 250}},
    language="",
)
LATER = Found("relation", {"r": 0.4, "design": "lagged"}, scale="T")
NORMS = Found("norms", {"n": 900, "mean": 4.2, "sd": 1.1}, scale="T", wave_id=None)


def met(lines: list[Found], level: str, language: str = "en") -> dict[str, Requirement]:
    rung = next(r for r in ladder(lines, language).rungs if r.level == level)
    return {one.code: one for one in rung.requirements}


def with_figures(line: Found, **changed: Any) -> Found:
    return replace(line, figures={**line.figures, **changed})


def test_nothing_is_a_draft() -> None:
    found = ladder([], "en")
    assert (found.level, found.undocumented) == ("E0", ())
    assert not any(rung.met for rung in found.rungs)


@pytest.mark.parametrize(
    ("lines", "level", "undocumented"),
    [
        ([EXPERTS], "E1", ()),
        ([EXPERTS, INTERVIEWS, PILOT], "E2", ()),
        ([INTERVIEWS, PILOT], "E2", ("E1",)),
        (GOOD, "E3", ("E1", "E2")),
        ([*GOOD, *SECOND, ALIKE], "E4", ("E1", "E2")),
        ([*GOOD, *SECOND, ALIKE, LATER, NORMS], "E5", ("E1", "E2")),
        (
            [EXPERTS, INTERVIEWS, PILOT, *GOOD, *SECOND, ALIKE, LATER, NORMS],
            "E5",
            (),
        ),
        # E5 stands on E4 and E4 on E3: their own lines alone carry nothing
        ([LATER, NORMS], "E0", ()),
        ([*GOOD, LATER, NORMS], "E3", ("E1", "E2")),
        ([ALIKE], "E0", ()),
    ],
)
def test_a_level_is_the_highest_rung_that_its_lines_carry(
    lines: list[Found], level: str, undocumented: tuple[str, ...]
) -> None:
    found = ladder(lines, "en")
    assert (found.level, found.undocumented) == (level, undocumented)


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"experts": 5}, "experts"),
        ({"least_i_cvi": 0.75}, "i_cvi"),
        ({"s_cvi_ave": 0.89}, "s_cvi"),
    ],
)
def test_content_validity_has_three_conditions(
    changed: dict[str, float], broken: str
) -> None:
    line = with_figures(EXPERTS, **changed)
    assert [code for code, one in met([line], "E1").items() if not one.met] == [broken]
    assert ladder([line], "en").level == "E0"


def test_two_weak_rounds_of_experts_are_no_good_one() -> None:
    few = with_figures(EXPERTS, experts=5)
    poor = with_figures(EXPERTS, least_i_cvi=0.5)
    assert ladder([few, poor], "en").level == "E0"


@pytest.mark.parametrize(
    ("indices", "acceptable"),
    [
        ({"cfi": 0.951, "tli": 0.9, "rmsea": 0.09, "srmr": 0.09}, True),
        ({"cfi": 0.95, "tli": 0.951, "rmsea": 0.09, "srmr": 0.09}, True),
        ({"cfi": 0.9, "tli": 0.9, "rmsea": 0.059, "srmr": 0.09}, True),
        ({"cfi": 0.9, "tli": 0.9, "rmsea": 0.06, "srmr": 0.079}, True),
        ({"cfi": 0.95, "tli": 0.95, "rmsea": 0.06, "srmr": 0.08}, False),
        ({"cfi": None, "tli": None, "rmsea": None, "srmr": None}, False),
    ],
)
def test_a_structure_is_acceptable_by_one_criterion_of_cosmin(
    indices: dict[str, Any], acceptable: bool
) -> None:
    assert evidence.is_acceptable(indices) is acceptable
    lines = [with_figures(STRUCTURE, **indices), RELIABLE]
    assert (ladder(lines, "en").level == "E3") is acceptable


@pytest.mark.parametrize(
    "lines",
    [
        [with_figures(STRUCTURE, n=299), RELIABLE],
        [STRUCTURE],
        [STRUCTURE, with_figures(RELIABLE, alpha=0.69)],
        [with_figures(STRUCTURE, scales=["T", "C"]), RELIABLE],
        [STRUCTURE, replace(RELIABLE, wave_id="wave 2")],
        [STRUCTURE, replace(RELIABLE, language="zh-hans")],
        [replace(line, language="") for line in GOOD],
        [replace(line, wave_id=None) for line in GOOD],
        [replace(line, sample={"part": "short"}) for line in GOOD],
        [replace(line, withdrawn_at=NOW) for line in GOOD],
        [Found("study", {"n": 5000, "cfi": 0.99, "alpha": 0.9}, wave_id=None)],
    ],
    ids=[
        "too few answers",
        "no reliability",
        "an unreliable scale",
        "a scale without reliability",
        "reliability of other people",
        "reliability in another language",
        "both languages in one",
        "not computed here",
        "a part of the questionnaire",
        "withdrawn",
        "read elsewhere",
    ],
)
def test_what_does_not_carry_to_e3(lines: list[Found]) -> None:
    assert ladder(lines, "en").level == "E0"


def test_omega_may_stand_for_alpha() -> None:
    lines = [STRUCTURE, with_figures(RELIABLE, alpha=0.69, omega=0.71)]
    assert ladder(lines, "en").level == "E3"


def test_of_one_sample_the_newest_release_counts() -> None:
    worse = with_figures(RELIABLE, alpha=0.5)
    assert ladder([*GOOD, worse], "en").level == "E0"
    assert ladder([STRUCTURE, worse, RELIABLE], "en").level == "E3"


def test_the_same_people_twice_are_one_sample() -> None:
    again = [replace(line, sample={"part": "whole"}) for line in SECOND]
    lines = [*GOOD, *again, ALIKE]
    assert ladder(lines, "en").level == "E3"
    assert met(lines, "E4")["samples"] == Requirement("samples", 1, 2, met=False)


@pytest.mark.parametrize(
    "figures",
    [
        {"verdict": "metric", "n": {"en": 300, "zh-hans": 300}},
        {"verdict": "scalar", "n": {"en": 300, "zh-hans": 199}},
        {"verdict": "not_testable", "n": {}},
    ],
)
def test_weaker_comparisons_do_not_carry_to_e4(figures: dict[str, Any]) -> None:
    weak = replace(ALIKE, figures=figures)
    assert ladder([*GOOD, *SECOND, weak], "en").level == "E3"


def test_partial_scalar_invariance_is_enough() -> None:
    partial = with_figures(ALIKE, verdict="partial_scalar")
    assert ladder([*GOOD, *SECOND, partial], "en").level == "E4"


def test_an_outcome_of_the_same_day_predicts_nothing() -> None:
    same = with_figures(LATER, design="same time")
    lines = [*GOOD, *SECOND, ALIKE, same, NORMS]
    assert ladder(lines, "en").level == "E4"


def test_a_study_from_elsewhere_is_a_pilot_and_no_more() -> None:
    study = Found("study", {"n": 5000}, wave_id=None)
    assert ladder([INTERVIEWS, study], "en").level == "E2"


def test_what_is_missing_has_its_numbers() -> None:
    lines = [replace(INTERVIEWS, figures={"n": 12}), with_figures(PILOT, n=90)]
    found = met(lines, "E2")
    assert found["interviews"] == Requirement("interviews", 12, 30, met=False)
    assert found["pilot"] == Requirement("pilot", 90, 150, met=False)
    assert met([], "E3")["answers"] == Requirement("answers", None, 300, met=False)


def test_a_badge_says_each_language_where_they_differ() -> None:
    assert evidence.badge({"en": "E3", "zh-hans": "E0"}) == "English: E3 · Chinese: E0"
    assert evidence.badge({"en": "E3"}) == evidence.in_words("E3")


def stored(
    organization: Organization, version: QuestionnaireVersion, found: Found
) -> None:
    with organization_scope(organization.pk):
        EvidenceLine.objects.create(
            organization=organization,
            questionnaire_code=version.code,
            questionnaire_version=version.version,
            questionnaire_digest=version.digest,
            language=found.language,
            source=evidence.KINDS[found.kind],
            kind=found.kind,
            scale=found.scale,
            figures=found.figures,
            sample=found.sample,
            released_by="owner@example.org",
            released_at=NOW,
        )


def test_the_levels_of_the_library_cost_one_query(organization: Organization) -> None:
    versions = publish_library()
    stored(organization, versions[0], EXPERTS)
    with (
        organization_scope(organization.pk),
        CaptureQueriesContext(connection) as queries,
    ):
        levels = EvidenceLine.objects.levels(versions)
    assert levels[versions[0].pk] == {"en": "E1", "zh-hans": "E0"}
    assert levels[versions[1].pk] == {"en": "E0", "zh-hans": "E0"}
    assert len(queries) == 1


def test_lines_of_another_wording_say_nothing(organization: Organization) -> None:
    version, *_ = publish_library()
    stored(organization, version, EXPERTS)
    with organization_scope(organization.pk):
        lines = list(EvidenceLine.objects.all())
    assert evidence.level_of(version, lines, "en") == "E1"
    version.digest = "f" * 64
    assert evidence.level_of(version, lines, "en") == "E0"
