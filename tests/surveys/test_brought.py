"""Answers from elsewhere: every program's export gives the same past waves."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys.models import (
    AnswerFile,
    BroughtWave,
    Organization,
    Promise,
    Response,
    Survey,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.factories import (
    brand_form,
    make_form,
    make_member,
    make_survey,
    signed_in,
)
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
