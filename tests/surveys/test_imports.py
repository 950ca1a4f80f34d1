"""Answers from elsewhere: imported whole or not at all, and marked for good."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from surveys import actions, definition, imports
from surveys.models import (
    Organization,
    QuestionnaireVersion,
    Response,
    Survey,
    Wave,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    brand_form,
    make_member,
    make_organization,
    make_version,
    signed_in,
)

STUDY = imports.Study(
    title=definition.Text("Trust elsewhere", "别处的信任"),
    sample="Customers of one shop, spring 2025, asked at the till.",
    language="en",
    referent="brand",
    simulated=False,
)


@pytest.fixture
def version(organization: Organization) -> QuestionnaireVersion:
    return make_version(organization)


@pytest.fixture
def owner(organization: Organization) -> Client:
    return signed_in(make_member(organization))


def address(version: QuestionnaireVersion) -> str:
    return reverse("surveys:import_answers", args=[version.pk])


def codes(version: QuestionnaireVersion) -> list[str]:
    return [item.code for item in version.questionnaire().items]


def document(version: QuestionnaireVersion, *rows: str) -> str:
    lines = [",".join(codes(version)), *rows]
    return "\n".join(lines)


def full(version: QuestionnaireVersion, value: int | str = 4) -> str:
    return ",".join([str(value)] * len(codes(version)))


def sent(text: str, **changed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "file": SimpleUploadedFile("answers.csv", text.encode()),
        "missing": "NA, -9",
        "title_en": "Trust elsewhere",
        "language": "en",
        "referent": "brand",
        "people": "real",
        "sample": "Customers of one shop, spring 2025.",
        "step": "import",
        **changed,
    }


def text_of(reply: Any) -> str:
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def stored(organization: Organization) -> list[Response]:
    with organization_scope(organization.pk):
        return list(Response.objects.order_by("answers"))


def nothing(organization: Organization) -> bool:
    with organization_scope(organization.pk):
        return not Survey.objects.exists() and not Response.objects.exists()


# storing


def imported(
    organization: Organization, answers: Any, *, key: Any = None, **changed: Any
) -> Wave:
    study = imports.Study(
        **{name: getattr(STUDY, name) for name in imports.Study.__slots__} | changed
    )
    with organization_scope(organization.pk):
        return imports.import_answers(
            key=key or uuid4(),
            organization=organization,
            asked=brand_form(),
            study=study,
            answers=answers,
            at=NOW,
        )


def test_answers_become_a_survey_with_one_closed_wave(
    organization: Organization,
) -> None:
    length = brand_form().item_count
    wave = imported(organization, [(n,) * length for n in (1, 2, 3)])
    with organization_scope(organization.pk):
        survey = Survey.objects.get()
        assert (survey.origin, survey.mode) == ("imported", "identified")
        assert (survey.sample, survey.simulated) == (STUDY.sample, False)
        assert (wave.state, wave.closed_at) == ("closed", NOW)
    rows = stored(organization)
    assert [row.answers[0] for row in rows] == [1, 2, 3]
    assert {row.language for row in rows} == {"en"}
    assert {row.id.version for row in rows} == {4}


def test_more_than_a_batch_is_stored(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 7)
    length = brand_form().item_count
    imported(organization, ((1 + n % 7,) * length for n in range(50)))
    assert len(stored(organization)) == 50


def test_what_fails_half_way_leaves_nothing(organization: Organization) -> None:
    length = brand_form().item_count
    rows = [(1,) * length, (1,) * (length - 1)]
    with pytest.raises(IntegrityError, match="response_has_one_answer_per_item"):
        imported(organization, rows)
    assert nothing(organization)


def test_the_same_key_is_one_import(organization: Organization) -> None:
    key, length = uuid4(), brand_form().item_count
    first = imported(organization, [(1,) * length], key=key)
    again = imported(organization, [(1,) * length], key=key)
    assert first == again
    assert len(stored(organization)) == 1


def test_an_imported_survey_never_opens_a_wave(
    organization: Organization, owner: Client
) -> None:
    wave = imported(organization, [(1,) * brand_form().item_count])
    with (
        pytest.raises(actions.NotCollectedHere),
        organization_scope(organization.pk),
    ):
        actions.open_wave(survey=wave.survey, at=NOW)
    page = text_of(owner.get(reverse("surveys:survey", args=[wave.survey_id])))
    assert "Open the" not in page
    assert "imported answers" in page
    assert STUDY.sample in page
    reply = owner.post(
        reverse("surveys:open-wave", args=[wave.survey_id]),
        headers={"Accept-Language": "en"},
        follow=True,
    )
    assert "Imported surveys take no answers." in text_of(reply)


@pytest.mark.long
def test_two_hundred_thousand_rows_take_less_than_a_minute(
    organization: Organization, owner: Client, version: QuestionnaireVersion
) -> None:
    text = document(version, *[full(version)] * 200_000)
    began = time.monotonic()
    reply = owner.post(address(version), sent(text))
    seconds = time.monotonic() - began
    assert reply.status_code == 302
    print(f"200,000 rows of {len(codes(version))} answers: {seconds:.1f} s")
    with organization_scope(organization.pk):
        assert Response.objects.count() == 200_000
    assert seconds < 60


# the page


def test_a_clean_file_is_imported_in_one_step(
    owner: Client, organization: Organization, version: QuestionnaireVersion
) -> None:
    text = document(version, full(version), full(version, "NA"), full(version, 7))
    reply = owner.post(address(version), sent(text), headers={"Accept-Language": "en"})
    with organization_scope(organization.pk):
        wave = Wave.objects.select_related("survey").get()
    assert reply["Location"] == reverse("analytics:report", args=[wave.pk])
    assert wave.survey.title_en == wave.survey.title_zh_hans == "Trust elsewhere"
    assert wave.survey.origin == "imported"
    page = text_of(owner.get(reply["Location"], headers={"Accept-Language": "en"}))
    assert "2 answers were imported." in page
    assert "1 row without any answer was left out." in page
    assert "Start the analysis" in page


def test_a_look_imports_nothing_and_asks_for_nothing_else(
    owner: Client, organization: Organization, version: QuestionnaireVersion
) -> None:
    text = "age," + document(version, f"30,{full(version)}")
    text = text.replace("age", "age<b>", 1)
    post = sent(text, step="look", title_en="", people="", sample="")
    page = text_of(
        owner.post(address(version), post, headers={"Accept-Language": "en"})
    )
    assert "1 row with answers" in page
    assert "age&lt;b&gt;" in page
    assert "choose it again to import it" in page
    assert 'class="errorlist"' not in page
    assert nothing(organization)


def test_rows_that_cannot_be_used_are_listed_first(
    owner: Client, organization: Organization, version: QuestionnaireVersion
) -> None:
    bad = full(version).replace("4", "<i>9", 1)
    text = document(version, full(version), bad)
    english = {"Accept-Language": "en"}
    page = text_of(owner.post(address(version), sent(text), headers=english))
    assert f"line 3, {codes(version)[0]}: “&lt;i&gt;9” is no answer" in page
    assert "Some rows cannot be used" in page
    assert nothing(organization)
    reply = owner.post(address(version), sent(text, leave_out="on"), headers=english)
    assert reply.status_code == 302
    assert len(stored(organization)) == 1
    page = text_of(owner.get(reply["Location"], headers=english))
    assert "1 row that could not be used was left out." in page


def test_items_that_the_file_lacks_are_not_shown(
    owner: Client, organization: Organization, version: QuestionnaireVersion
) -> None:
    first, second = codes(version)[:2]
    text = f"{first},{second}\n1,2\n"
    page = text_of(owner.post(address(version), sent(text)))
    assert codes(version)[2] in page
    assert nothing(organization)
    owner.post(address(version), sent(text, incomplete="on"))
    [row] = stored(organization)
    assert row.answers == [1, 2, *[-3] * (len(codes(version)) - 2)]


def test_the_mark_of_simulated_answers_stays(
    owner: Client, organization: Organization, version: QuestionnaireVersion
) -> None:
    owner.post(
        address(version), sent(document(version, full(version)), people="simulated")
    )
    with organization_scope(organization.pk):
        assert Survey.objects.get().simulated
    with (
        pytest.raises(IntegrityError, match="survey_promise_is_immutable"),
        organization_scope(organization.pk),
    ):
        Survey.objects.update(simulated=False)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"people": ""}, "This field is required."),
        ({"sample": " "}, "This field is required."),
        ({"title_en": ""}, "Write a title."),
        ({"language": "fr"}, "Select a valid choice."),
        ({"missing": "4"}, "cannot stand for a missing answer"),
        ({"key": "x"}, "This page was not whole"),
        ({"file": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_imported(
    owner: Client,
    organization: Organization,
    version: QuestionnaireVersion,
    changed: dict[str, str],
    sentence: str,
) -> None:
    post = sent(document(version, full(version)), **changed)
    page = text_of(
        owner.post(address(version), post, headers={"Accept-Language": "en"})
    )
    assert sentence in page
    assert nothing(organization)


@pytest.mark.parametrize(
    "text", ["", "age\n3\n", "\0", "x" * 300_000, '"' + "x" * 150_000]
)
def test_a_file_that_is_no_table_is_refused_in_both_languages(
    owner: Client, organization: Organization, version: QuestionnaireVersion, text: str
) -> None:
    for language in ("en", "zh-hans"):
        post = sent(text or " ")
        reply = owner.post(
            address(version), post, headers={"Accept-Language": language}
        )
        assert 'class="errorlist"' in text_of(reply)
    assert nothing(organization)


def test_a_file_without_answers_is_refused(
    owner: Client, organization: Organization, version: QuestionnaireVersion
) -> None:
    post = sent(document(version, full(version, "NA")))
    page = text_of(
        owner.post(address(version), post, headers={"Accept-Language": "en"})
    )
    assert "No row holds an answer" in page
    assert nothing(organization)


def test_only_owners_import(version: QuestionnaireVersion) -> None:
    for role in (Role.ANALYST, Role.FIELDWORKER, Role.AUDITOR):
        member = make_member(
            version.organization, email=f"{role}@example.org", role=role
        )
        assert signed_in(member).get(address(version)).status_code == 403
    outsider = make_member(make_organization("Hill Coffee"), email="o@example.org")
    assert signed_in(outsider).get(address(version)).status_code == 404


def test_four_thousand_real_answers_are_imported(
    owner: Client, organization: Organization, shared_data: Path
) -> None:
    wording = (shared_data / "spi_trust_wording.csv").read_text(encoding="utf-8")
    loaded = owner.post(
        "/library/catalogue/spi-trust/load/",
        {"right": "on", "edition": "x", "wording": wording, "step": "store"},
    )
    page = text_of(owner.get(loaded["Location"]))
    with organization_scope(organization.pk):
        version = QuestionnaireVersion.objects.get(organization=organization)
    assert address(version) in page
    text = (shared_data / "spi_trust_honesty.csv").read_text(encoding="utf-8")
    post = sent(text)
    del post["referent"]
    assert owner.post(address(version), post).status_code == 302
    rows = stored(organization)
    assert len(rows) == 4000
    assert {len(row.answers) for row in rows} == {5}
