"""The page of the dossier: what stands there, who may add to it, what is withdrawn."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys import evidence
from surveys.dossier import requirement_in_words
from surveys.evidence import Requirement
from surveys.models import EvidenceLine, Organization, QuestionnaireVersion
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    make_evidence,
    make_member,
    make_organization,
    make_survey,
    make_wave,
    publish_library,
    signed_in,
)

SAMPLE = {
    "who_en": "Customers of a tea shop",
    "where_en": "Two cities in China",
    "when_en": "Spring 2026",
    "recruited_en": "Asked at the till",
}
DESCRIBED = {
    "en": {
        "who": "Customers of a tea shop",
        "where": "Two cities",
        "when": "Spring 2026",
        "recruited": "At the till",
    }
}


@pytest.fixture
def version(database: None) -> QuestionnaireVersion:
    return next(one for one in publish_library() if one.code == "TBE")


def address(version: QuestionnaireVersion, kind: str = "") -> str:
    if kind:
        where = {"version_id": version.pk, "kind": kind}
        return reverse("surveys:enter-line", kwargs=where)
    return reverse("surveys:dossier", args=[version.pk])


def page_of(client: Client, version: QuestionnaireVersion, language: str = "en") -> str:
    reply = client.get(address(version), headers={"Accept-Language": language})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def lines_of(organization: Organization) -> list[EvidenceLine]:
    with organization_scope(organization.pk):
        return list(EvidenceLine.objects.order_by("released_at", "id"))


def examined(
    organization: Organization, version: QuestionnaireVersion, **changed: Any
) -> None:
    """Release what a wave of 420 answers shows about the five scales of TBE."""
    wave = make_wave(make_survey(organization))
    scales = ["T", "C", "A", "H", "E"]
    sample = {
        "described": DESCRIBED,
        "part": "whole",
        "independent": True,
        "release": str(uuid4()),
        "n": 420,
    }
    common: dict[str, Any] = {"wave": wave, "sample": sample, **changed}
    for scale in scales:
        figures = {"n": 415, "n_items": 4, "alpha": 0.8714, "omega": 0.88}
        make_evidence(
            organization,
            version,
            "reliability",
            figures={**figures, "alpha_low": 0.85, "alpha_high": 0.89},
            scale=scale,
            **common,
        )
    fit = {"n": 400, "chi2": 321.4, "df": 160, "cfi": 0.983, "tli": 0.97}
    named = {"model": "correlated", "estimator": "ML", "scales": scales}
    make_evidence(
        organization,
        version,
        "structure",
        figures={**fit, **named, "rmsea": 0.05, "srmr": 0.03},
        **common,
    )


def test_an_empty_dossier_says_what_is_needed(
    version: QuestionnaireVersion, owner: Client
) -> None:
    page = page_of(owner, version)
    for expected in (
        "E0 · theory-mapped draft, not validated",
        "At least 6 experts rated the items. None yet.",
        "A factor model of at least 300 complete answers. None yet.",
        "Response processes",
        "Consequences of use",
        "Without a described sample no score is high or low.",
        "Nothing was released yet.",
        "Schnackenberg",
        "International Test Commission",
    ):
        assert expected in page


def test_released_lines_raise_the_level_of_their_language_alone(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    examined(organization, version)
    page = page_of(owner, version)
    for expected in (
        "English: E3",
        "Chinese: E0",
        "Below this level, not documented: E1, E2.",
        "0.871 [0.850, 0.890]",
        "321.4 (160)",
        "0.983",
        "Customers of a tea shop",
        "6 lines, released by owner@example.org",
        "Trust in Harbour Tea, wave 1",
        "computed here",
    ):
        assert expected in page, expected
    names = [scale.name.en for scale in version.questionnaire().scales]
    places = [page.index(f'scope="row">{name}</th>') for name in names]
    assert places == sorted(places)


def test_the_page_speaks_chinese(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    examined(organization, version)
    page = page_of(owner, version, "zh-hans")
    assert "透明度" in page
    assert '<html lang="zh-Hans">' in page


def test_many_lines_cost_no_more_queries(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    examined(organization, version)
    page_of(owner, version)
    with CaptureQueriesContext(connection) as few:
        page_of(owner, version)
    examined(organization, version)
    examined(organization, version)
    with CaptureQueriesContext(connection) as many:
        page_of(owner, version)
    assert len(many) == len(few)


def test_lines_of_another_organization_are_not_there(
    version: QuestionnaireVersion, owner: Client
) -> None:
    examined(make_organization("Hill Coffee"), version)
    page = page_of(owner, version)
    assert "Nothing was released yet." in page


@pytest.mark.parametrize(
    ("kind", "figures", "expected"),
    [
        (
            "invariance",
            {"verdict": "scalar", "n": {"en": 210, "zh-hans": 230}},
            "scalar",
        ),
        (
            "relation",
            {
                "n": 300,
                "r": 0.41,
                "r_low": 0.3,
                "r_high": 0.5,
                "design": "same time",
                "outcome_name": {"en": "Loyalty"},
            },
            "asked at the same time",
        ),
        (
            "content",
            {
                "experts": 7,
                "items": 20,
                "least_i_cvi": 0.86,
                "s_cvi_ave": 0.95,
                "s_cvi_ua": 0.8,
                "least_kappa": 0.85,
            },
            "S-CVI/UA",
        ),
        ("pilot", {"n": 180, "n_complete": 171}, "171"),
    ],
)
def test_every_kind_of_line_has_its_table(
    version: QuestionnaireVersion,
    organization: Organization,
    owner: Client,
    kind: str,
    figures: dict[str, Any],
    expected: str,
) -> None:
    language = "" if kind == "invariance" else "en"
    make_evidence(organization, version, kind, figures=figures, language=language)
    assert expected in page_of(owner, version)


def test_interviews_are_entered_with_their_sample(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    found = {"language": "en", "n": "31", "note": "Two items were misread; reworded."}
    reply = owner.post(address(version, "interviews"), {**found, **SAMPLE})
    assert reply["Location"] == address(version)
    (line,) = lines_of(organization)
    assert (line.kind, line.source, line.language) == (
        "interviews",
        "response processes",
        "en",
    )
    assert line.figures == {"n": 31}
    assert line.sample["described"]["en"]["where"] == "Two cities in China"
    assert line.released_by == "owner@example.org"
    page = page_of(owner, version)
    assert "Cognitive interviews with at least 30 people. There: 31." in page
    assert "Two items were misread; reworded." in page
    assert "not computed here" in page


def test_a_norm_needs_a_described_sample(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    found = {
        "language": "zh-hans",
        "scale_code": "T",
        "n": "900",
        "mean": "4.8",
        "sd": "1.2",
    }
    reply = owner.post(address(version, "norms"), found)
    assert "Describe the sample" in reply.content.decode()
    assert lines_of(organization) == []
    owner.post(address(version, "norms"), {**found, **SAMPLE})
    (line,) = lines_of(organization)
    assert (line.scale, line.language) == ("T", "zh-hans")
    assert line.figures == {"n": 900, "mean": 4.8, "sd": 1.2}
    assert "4.80" in page_of(owner, version)


def test_a_sample_is_described_whole_in_each_language_that_was_begun(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    found = {"language": "en", "n": "31", "note": "Read aloud.", **SAMPLE}
    reply = owner.post(address(version, "interviews"), {**found, "who_zh_hans": "顾客"})
    assert reply.content.decode().count("Describe the sample:") == 3
    assert lines_of(organization) == []


@pytest.mark.parametrize("mean", ["0.5", "7.1", "nan", "inf", "much"])
def test_an_impossible_mean_is_refused(
    version: QuestionnaireVersion, organization: Organization, owner: Client, mean: str
) -> None:
    found = {"language": "en", "scale_code": "T", "n": "9", "sd": "1", "mean": mean}
    reply = owner.post(address(version, "norms"), {**found, **SAMPLE})
    assert reply.status_code == 200
    assert lines_of(organization) == []


def test_a_study_from_elsewhere_is_marked_as_such(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    found = {
        "language": "en",
        "from_source": "internal structure",
        "n": "5000",
        "reference": "Nobody (2026). A thesis.",
        "note": "<b>One</b> factor, alpha .90.",
    }
    owner.post(address(version, "study"), found)
    (line,) = lines_of(organization)
    assert (line.kind, line.source) == ("study", "internal structure")
    page = page_of(owner, version)
    assert "Nobody (2026). A thesis." in page
    assert "&lt;b&gt;One&lt;/b&gt;" in page
    assert "English: E0" in page


def test_what_was_released_together_is_withdrawn_together(
    version: QuestionnaireVersion, organization: Organization, owner: Client
) -> None:
    examined(organization, version)
    line = lines_of(organization)[2]
    reply = owner.post(reverse("surveys:withdraw", args=[line.pk]))
    assert reply["Location"] == address(version)
    found = lines_of(organization)
    assert all(one.withdrawn_at for one in found)
    page = page_of(owner, version)
    assert "English: E0" in page
    assert "Withdrawn lines; they count for nothing" in page
    before = found[0].withdrawn_at
    owner.post(reverse("surveys:withdraw", args=[line.pk]))
    assert lines_of(organization)[0].withdrawn_at == before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.FIELDWORKER])
def test_only_owners_write_in_the_dossier(
    version: QuestionnaireVersion, organization: Organization, role: Role
) -> None:
    examined(organization, version)
    line = lines_of(organization)[0]
    client = signed_in(make_member(organization, email="a@example.org", role=role))
    page = page_of(client, version)
    assert "Withdraw" not in page
    assert client.get(address(version, "study")).status_code == 403
    assert client.post(address(version, "study")).status_code == 403
    reply = client.post(reverse("surveys:withdraw", args=[line.pk]))
    assert reply.status_code == 403
    assert lines_of(organization)[0].withdrawn_at is None


def test_a_version_nobody_has_is_not_found(owner: Client) -> None:
    unknown = UUID(int=1)
    assert owner.get(reverse("surveys:dossier", args=[unknown])).status_code == 404


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (
            Requirement("answers", 90, 300, met=False),
            "A factor model of at least 300 complete answers. There: 90."
            " 210 more are needed.",
        ),
        (
            Requirement("experts", 5, 6, met=False),
            "At least 6 experts rated the items. There: 5. 1 more is needed.",
        ),
        (
            Requirement("i_cvi", 2 / 3, 0.78, met=False),
            "I-CVI of every item at least 0.78 (the lowest counts). There: 0.667.",
        ),
    ],
)
def test_a_condition_says_how_much_is_missing(one: Requirement, expected: str) -> None:
    assert requirement_in_words(one) == expected


def test_every_condition_of_the_ladder_has_words() -> None:
    for rung in evidence.ladder([], "en").rungs:
        for one in rung.requirements:
            assert requirement_in_words(one).endswith("None yet.")
