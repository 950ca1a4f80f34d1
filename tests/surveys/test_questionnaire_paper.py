"""A questionnaire on paper: every question and answer, in both languages, and who gets it."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from surveys.actions import freeze_promise
from surveys.definition import LANGUAGES, Form, Text
from surveys.definition.rotation import Rotation, rotated
from surveys.fieldwork.questionnaire import Asked, of_survey, questionnaire_pdf
from surveys.models import Organization, Survey
from surveys.models.people import Role
from surveys.promise import Thresholds, promise_text
from surveys.tenancy import organization_scope
from tests.factories import (
    make_member,
    make_organization,
    make_survey,
    make_version,
    make_wave,
    signed_in,
)
from tests.surveys.test_definition_kinds import form_of

PROMISE = promise_text("anonymous", Thresholds())


def plain(pdf: bytes) -> str:
    """The text of a PDF without its spaces, which line breaks put anywhere."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return squeezed("".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@pytest.fixture(scope="module")
def form() -> Form:
    return form_of()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_asked_stands_on_the_paper(
    form: Form, language: str
) -> None:
    text = plain(questionnaire_pdf(Asked(form, promise=PROMISE), [language]))
    assert squeezed(PROMISE.in_(language)) in text
    for asked in form.questions:
        assert squeezed(asked.text.in_(language)) in text
        assert asked.code in text
    for item in form.items:
        assert all(squeezed(one.in_(language)) in text for one in item.labels)
    other = "zh-hans" if language == "en" else "en"
    assert squeezed(form.items[0].text.in_(other)) not in text
    # conditions, not applicable, limits of a number and of a text, the comment
    with translation.override(language):
        for words in (
            "Not applicable",
            "Anything you would like to add?",
            "Taking part is voluntary. You may skip any question.",
        ):
            assert squeezed(translation.gettext(words)) in text
    assert ("Onlyifyouanswered" if language == "en" else "第5题") in text
    assert "600" in text
    assert "200" in text


def test_both_languages_stand_in_one_file_one_after_the_other(form: Form) -> None:
    text = plain(questionnaire_pdf(Asked(form), LANGUAGES))
    first = text.index(squeezed(form.items[0].text.en))
    assert text.index(squeezed(form.items[0].text.zh_hans)) > first


def test_turns_and_other_referents_are_said(form: Form) -> None:
    turning = rotated(form, Rotation(blocks=2, asked=1))
    text = plain(questionnaire_pdf(Asked(turning), ["en"]))
    assert "Thispaperisturn1" in text
    [gone, *_] = turning.rotation[0].away
    words = next(one.text.en for one in form.items if one.code == gone)
    assert text.count(squeezed(words)) == 1, "only among what is left out"
    about = replace(form, others=(Text("the rival", "竞争者"),))
    assert "randomorderforeveryrespondent" in plain(
        questionnaire_pdf(Asked(about), ["en"])
    )


def test_no_markup_runs_and_no_character_breaks_it(form: Form) -> None:
    evil = '#panic("x") $a$ *b* = h \\ @c <d> // e \x07 🍵 مرحبا'
    item = replace(form.items[0], text=Text(evil, evil))
    broken = replace(form, items=(item, *form.items[1:]), title=Text(evil, evil))
    text = plain(questionnaire_pdf(Asked(broken, organization="\ud800"), ["en"]))
    assert '#panic("x")$a$*b*=h\\@c<d>//e' in text


def test_a_file_without_strange_characters_is_for_everybody(form: Form) -> None:
    reader = PdfReader(io.BytesIO(questionnaire_pdf(Asked(form), ["zh-hans"])))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


@pytest.mark.usefixtures("database")
def test_the_promise_is_that_of_the_wave_else_that_of_the_next(
    organization: Organization, form: Form
) -> None:
    survey = make_survey(organization, mode=Survey.Mode.CONFIDENTIAL)
    wave = make_wave(survey)
    with organization_scope(organization.pk):
        assert of_survey(survey, form).promise == promise_text(
            "confidential", Thresholds()
        )
        strict = Thresholds(least_for_scores=12)
        freeze_promise(wave, Survey.Mode.CONFIDENTIAL, strict)
        told = of_survey(survey, form, wave).promise
    assert told == promise_text("confidential", strict)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.ANALYST, 200),
        (Role.AUDITOR, 200),
        (Role.FIELDWORKER, 200),
        (Role.MANAGER, 403),
    ],
)
def test_who_sees_the_preview_gets_the_paper(
    organization: Organization, role: Role, status: int
) -> None:
    survey = make_wave(make_survey(organization)).survey
    client = signed_in(make_member(organization, role=role))
    page = client.get(reverse("surveys:survey-questionnaire", args=[survey.pk, "en"]))
    assert page.status_code == status
    if status == 200:
        assert page["Content-Type"] == "application/pdf"
        assert "attachment" in page["Content-Disposition"]
        assert page.content.startswith(b"%PDF")


@pytest.mark.usefixtures("database")
def test_survey_and_library_link_to_their_papers(organization: Organization) -> None:
    survey = make_wave(make_survey(organization)).survey
    version = make_version(organization)
    client = signed_in(make_member(organization))
    shown = client.get(reverse("surveys:survey", args=[survey.pk])).content.decode()
    link = reverse("surveys:survey-questionnaire", args=[survey.pk, "zh-hans"])
    assert link in shown
    library = client.get(reverse("surveys:instrument", args=[version.pk]))
    link = reverse("surveys:version-questionnaire", args=[version.pk, "en"])
    assert link in library.content.decode()
    assert client.get(link).content.startswith(b"%PDF")
    stranger = signed_in(make_member(make_organization(), email="out@example.org"))
    assert stranger.get(link).status_code == 404
