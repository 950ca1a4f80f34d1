"""Answers from elsewhere: every program's export gives the same past waves."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from analytics.sentences.waves import wave_name
from surveys import actions
from surveys.brought.days import label_of, number_of
from surveys.models import (
    AnswerFile,
    BroughtWave,
    Cell,
    Organization,
    Promise,
    Response,
    Survey,
    Unit,
    Wave,
)
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    brand_form,
    make_form,
    make_member,
    make_survey,
    make_version,
    signed_in,
)
from tests.jobs import run_waiting_jobs
from tests.surveys import brought_samples as samples

FORM = brand_form()
ROWS = samples.answers_of(FORM, 24)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def owner(organization: Organization) -> Client:
    return signed_in(make_member(organization))


@pytest.fixture
def survey(organization: Organization) -> Survey:
    found = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(found)
    return found


def brought(
    client: Client, survey: Survey, data: bytes, name: str = "answers.csv"
) -> UUID:
    """Upload a file to a survey; its key."""
    reply = client.post(
        reverse("surveys:bring", args=[survey.pk]),
        {"file": SimpleUploadedFile(name, data)},
        headers=ENGLISH,
    )
    assert reply.status_code == 302, text_of(reply)
    return UUID(reply["Location"].split("/")[-2])


def known(organization: Organization, key: UUID) -> AnswerFile:
    with organization_scope(organization.pk):
        return AnswerFile.objects.get(pk=key)


def filled(client: Client, key: UUID, **changed: Any) -> dict[str, Any]:
    """What the page posts when somebody changes nothing but `changed`."""
    page = client.get(reverse("surveys:answer-file", args=[key]), headers=ENGLISH)
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    said = {
        "first": "2024-03-01",
        "last": "2024-03-31",
        "people": "real",
        "sample": "Customers of one shop.",
        "step": "check",
    }
    return {**sent, **said, **changed}


def step(client: Client, key: UUID, sent: dict[str, Any]) -> Any:
    address = reverse("surveys:answer-file", args=[key])
    return client.post(address, sent, headers=ENGLISH, follow=True)


def text_of(reply: Any) -> str:
    return " ".join(reply.content.decode().split())


def imported(client: Client, key: UUID, **changed: Any) -> Any:
    checked = step(client, key, filled(client, key, **changed))
    assert "What would be imported" in text_of(checked), text_of(checked)[:3000]
    return step(client, key, {"step": "import"})


def stored(organization: Organization) -> dict[str, list[list[int]]]:
    """Answers by wave, in an order of their own."""
    with organization_scope(organization.pk):
        return {
            wave.label: sorted(
                Response.objects.filter(wave=wave).values_list("answers", flat=True)
            )
            for wave in Wave.objects.order_by("number")
        }


HALF = len(ROWS) // 2
WAVES = {"2024-03-12": sorted(ROWS[:HALF]), "2024-09-20": sorted(ROWS[HALF:])}
FILES: dict[str, Any] = {
    "limesurvey.csv": lambda: samples.limesurvey(FORM, ROWS),
    "limesurvey-texts.csv": lambda: samples.limesurvey(FORM, ROWS, texts=True),
    "qualtrics.csv": lambda: samples.qualtrics(FORM, ROWS),
    "qualtrics.tsv": lambda: samples.qualtrics(FORM, ROWS, tab=True),
    "answers.sav": lambda: samples.statistics(FORM, ROWS, "sav"),
    "answers.dta": lambda: samples.statistics(FORM, ROWS, "dta"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_program_gives_the_same_waves(
    organization: Organization, owner: Client, survey: Survey, name: str
) -> None:
    key = brought(owner, survey, FILES[name](), name)
    done = imported(owner, key)
    assert "The answers are imported" in text_of(done)
    assert stored(organization) == WAVES
    with organization_scope(organization.pk):
        waves = list(BroughtWave.objects.order_by("wave__number"))
        assert [one.rows for one in waves] == [HALF, HALF]
        assert waves[0].lineage["items"][FORM.items[0].code]["column"]
        assert {one.mode for one in Promise.objects.all()} == {"anonymous"}
        assert not known_parts(key)


def known_parts(key: UUID) -> int:
    return AnswerFile.objects.get(pk=key).parts.count()


# ------------------------------------------------------------------ what is never done


def test_the_same_file_is_noticed_and_asked_about(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    data = samples.own_codes(FORM, ROWS)
    imported(owner, brought(owner, survey, data))
    key = brought(owner, survey, data)
    shown = text_of(owner.get(reverse("surveys:answer-file", args=[key])))
    assert reverse("surveys:survey", args=[survey.pk]) in shown
    checked = step(
        owner, key, filled(owner, key, first="2023-03-01", last="2023-03-31")
    )
    assert "This very file was imported" in text_of(checked)
    again = text_of(step(owner, key, {"step": "import"}))
    assert "Confirm that the same file" in again
    assert len(stored(organization)) == 1
    step(owner, key, {"step": "import", "again": "on"})
    assert list(stored(organization)) == ["2023-03-31", "2024-03-31"]


def test_what_was_promised_elsewhere_is_kept(
    organization: Organization, owner: Client
) -> None:
    shows = make_survey(organization, mode=Survey.Mode.OPEN)
    make_form(shows)
    key = brought(owner, shows, samples.own_codes(FORM, ROWS))
    # nothing chosen is the strictest
    assert filled(owner, key)["promised"] == "anonymous"
    checked = step(owner, key, filled(owner, key))
    assert "this survey shows them" in text_of(checked)
    assert "Import these answers" not in text_of(checked)
    step(owner, key, {"step": "import"})
    assert not stored(organization)
    imported(owner, key, promised="open")
    assert len(stored(organization)) == 1


def test_a_past_wave_ends_before_the_first_collected_one(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    with organization_scope(organization.pk):
        Wave.objects.create(
            organization=organization,
            survey=survey,
            form=survey.forms.get(),
            number=1,
            opened_at=NOW,
        )
    key = brought(owner, survey, samples.own_codes(FORM, ROWS))
    late = filled(owner, key, first="2026-01-01", last="2026-02-01")
    assert "past waves stand before it" in text_of(step(owner, key, late))
    imported(owner, key)
    assert list(stored(organization)) == ["2024-03-31", "1"]


def test_the_next_collected_wave_counts_on(
    organization: Organization, owner: Client
) -> None:
    survey = make_survey(organization, mode=Survey.Mode.OPEN)
    make_form(survey)
    key = brought(owner, survey, samples.own_codes(FORM, ROWS))
    imported(owner, key, promised="open")
    with organization_scope(organization.pk):
        assert actions.open_wave(survey=survey, at=NOW).number == 1


def test_rows_that_cannot_be_used_are_listed_and_left_out_when_asked(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    wrong = [row[:] for row in ROWS]
    wrong[1][0] = 44
    key = brought(owner, survey, samples.own_codes(FORM, wrong))
    page = text_of(step(owner, key, filled(owner, key)))
    assert "“44” is no answer of this item." in page
    listed = owner.get(reverse("surveys:rejected-answers", args=[key]), headers=ENGLISH)
    content = b"".join(listed.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.splitlines()[1].startswith(f"3,{FORM.items[0].code},")
    refused = text_of(step(owner, key, {"step": "import"}))
    assert "Confirm that the rows" in refused
    assert not stored(organization)
    step(owner, key, {"step": "import", "leave_out": "on"})
    assert stored(organization)["2024-03-31"] == sorted(ROWS[:1] + ROWS[2:])


def test_what_fails_half_way_leaves_nothing(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    """Somebody brings a wave of that day between the check and the import."""
    key = brought(owner, survey, samples.own_codes(FORM, ROWS))
    step(owner, key, filled(owner, key))
    with organization_scope(organization.pk):
        AnswerFile.objects.filter(pk=key).update(
            looked={
                **AnswerFile.objects.get(pk=key).looked,
                "waves": {"other": [24, "", ""]},
            }
        )
    with pytest.raises(KeyError):
        step(owner, key, {"step": "import"})
    assert not stored(organization)


def test_units_become_the_groups_of_the_survey(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    with organization_scope(organization.pk):
        names = {"name_en": "Sales", "name_zh_hans": "销售部"}
        Unit.objects.create(organization=organization, code="S-1", **names)
    head = ["部门", *(item.code for item in FORM.items)]
    lines = [["销售部" if at % 2 else "s-1", *row] for at, row in enumerate(ROWS)]
    lines.append(["Nowhere", *ROWS[0]])
    key = brought(owner, survey, samples.table([head, *lines]))
    page = text_of(step(owner, key, filled(owner, key)))
    assert "There is no unit “Nowhere”." in page
    step(owner, key, {"step": "import", "leave_out": "on"})
    with organization_scope(organization.pk):
        cell = Cell.objects.get()
        assert (cell.name_en, cell.invited) == ("Sales", 0)
        assert Response.objects.filter(cell=cell).count() == len(ROWS)


def test_a_questionnaire_becomes_a_survey_of_its_own(
    organization: Organization, owner: Client
) -> None:
    version = make_version(organization)
    with organization_scope(organization.pk):
        code = version.questionnaire().items[0].code
    reply = owner.post(
        reverse("surveys:bring-to-version", args=[version.pk]),
        {
            "file": SimpleUploadedFile("a.csv", f"{code},Mail\n4,a@b.c\n2,\n".encode()),
            "title_en": "Trust elsewhere",
            "referent": "brand",
        },
        headers=ENGLISH,
    )
    key = UUID(reply["Location"].split("/")[-2])
    shown = text_of(owner.get(reply["Location"], headers=ENGLISH))
    assert "Mail" in shown
    assert reverse("surveys:instrument", args=[version.pk]) in shown
    imported(owner, key)
    with organization_scope(organization.pk):
        found = Survey.objects.get()
        assert (found.origin, found.mode) == ("imported", "anonymous")
        assert found.only_releases
        assert b"a@b.c" not in str(BroughtWave.objects.get().lineage).encode()
    page = text_of(
        owner.get(reverse("surveys:survey", args=[found.pk]), headers=ENGLISH)
    )
    assert "Wave 2024-03-31" in page
    assert "brought from elsewhere" in page


def test_a_large_file_is_worked_by_a_job(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    rows = samples.answers_of(FORM, 6_000)
    key = brought(owner, survey, samples.own_codes(FORM, rows))
    waiting = step(owner, key, filled(owner, key))
    assert "Waiting for its turn" in text_of(waiting)
    run_waiting_jobs()
    assert known(organization, key).state == "checked"
    step(owner, key, {"step": "import"})
    run_waiting_jobs()
    assert stored(organization)["2024-03-31"] == sorted(rows)


def test_only_owners_bring_answers(organization: Organization, survey: Survey) -> None:
    for role in (Role.ANALYST, Role.FIELDWORKER, Role.AUDITOR):
        member = make_member(organization, email=f"{role}@example.org", role=role)
        address = reverse("surveys:bring", args=[survey.pk])
        assert signed_in(member).get(address).status_code == 403


def test_both_sides_name_a_past_wave_alike() -> None:
    for day in (date(1980, 6, 1), date(2024, 2, 29), date(2069, 12, 31)):
        assert label_of(number_of(day)) == wave_name(number_of(day)) == day.isoformat()
    assert number_of(date(1980, 6, 1)) > -32_768
    assert label_of(3) == wave_name(3) == "3"
