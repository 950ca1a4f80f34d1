"""Quotas in a real browser: told at the question, set by the owner, seen on the wave."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.collect.intake import find_wave, receive
from surveys.definition import decode_answers
from surveys.models import Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    every_kind_form,
    make_form,
    make_member,
    make_organization,
    make_survey,
    make_wave,
)

Visit = Callable[..., Page]
QUOTAS = {"ALL.B1": {"1": 1, "2": 400}, "language": {"en": 1200}}
TOLD = {
    "en": "Enough people who answer like this",
    "zh-hans": "这样作答的人已经足够多了",
}


@pytest.fixture
def wave(database: None) -> Wave:
    """A wave that has the one yes that it wants."""
    organization = make_organization()
    make_member(organization)
    survey = make_survey(organization)
    make_form(survey, asks=every_kind_form())
    with organization_scope(organization.pk):
        panel = {"full": "https://panel.example/full?who={id}"}
        Survey.objects.filter(pk=survey.pk).update(quotas=QUOTAS, panel=panel)
        survey.refresh_from_db()
    made = make_wave(survey)
    asked = find_wave(made.pk)
    assert asked is not None
    answers = decode_answers(asked.form, {"ALL.B1": "1"})
    receive(asked, key=uuid4(), answers=answers, language="en")
    return made


def answered(wave: Wave) -> int:
    with organization_scope(wave.organization_id):
        return Response.objects.filter(wave=wave).count()


def choose(page: Page, value: str) -> None:
    radio = page.locator(f'input[name="ALL.B1"][value="{value}"]')
    page.locator("label", has=radio).click()


@pytest.mark.parametrize(("width", "language"), [(360, "zh-hans"), (1280, "en")])
def test_it_is_told_at_the_question_and_nothing_is_sent(
    visit: Visit, wave: Wave, width: int, language: str
) -> None:
    page = visit(width=width, language=language, network_fails=True)
    page.goto(f"/s/{wave.pk}/{language}/?panel=p-17")
    note = page.locator("#enough")
    expect(note).to_be_hidden()
    choose(page, "1")
    expect(page.locator('[id="ALL.B1"] #enough')).to_contain_text(TOLD[language])
    expect(page.locator("#spoken")).to_contain_text(TOLD[language])
    back = page.locator("#enough-way-back a")
    expect(back).to_have_attribute("href", "https://panel.example/full?who=p-17")
    assert overflow(page) == 0
    assert serious_findings(page) == []
    choose(page, "2")
    expect(note).to_be_hidden()
    assert answered(wave) == 1


def test_whoever_sends_is_told_again_and_a_kiosk_starts_over(
    visit: Visit, wave: Wave
) -> None:
    page = visit(network_fails=True)
    page.goto(f"/s/{wave.pk}/en/?kiosk=1")
    choose(page, "1")
    page.locator("#submit").click()
    expect(page.locator('[data-reason="enough"]')).to_be_visible()
    expect(page.locator("#submit")).to_have_text("Send answers")
    page.locator("#kiosk-start a").click()
    expect(page.locator('[name="ALL.B1"]:checked')).to_have_count(0)
    expect(page.locator("#enough")).to_be_hidden()
    assert answered(wave) == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_without_javascript_the_page_after_sending_says_so(
    visit: Visit, wave: Wave, language: str
) -> None:
    page = visit(width=360, language=language, javascript=False, network_fails=True)
    page.goto(f"/s/{wave.pk}/{language}/?kiosk=1")
    choose(page, "1")
    page.locator("#submit").click()
    expect(page.locator("a#start")).to_be_visible()
    assert overflow(page) == 0
    assert answered(wave) == 1


def test_the_page_after_sending_has_no_serious_findings(
    visit: Visit, wave: Wave
) -> None:
    with organization_scope(wave.organization_id):
        Wave.objects.update(quotas={"language": {"en": 1}})
    page = visit(network_fails=True)
    page.goto(f"/s/{wave.pk}/en/?kiosk=1")
    expect(page.locator("h1")).to_have_text("Enough people like you have answered")
    assert serious_findings(page) == []


@pytest.mark.parametrize(("width", "language"), [(360, "zh-hans"), (1280, "en")])
def test_an_owner_sets_quotas_and_sees_how_full_they_are(
    visit: Visit, wave: Wave, width: int, language: str
) -> None:
    page = visit(width=width, language=language, network_fails=True)
    sign_in(page)
    page.goto(reverse("surveys:link-settings", args=[wave.survey_id]))
    assert serious_findings(page) == []
    page.goto(reverse("surveys:quotas", args=[wave.survey_id]))
    assert overflow(page) == 0
    assert serious_findings(page) == []
    field = page.locator('[name="most-ALL.B1-1"]')
    field.fill("0")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".errorlist")).to_be_visible()
    assert serious_findings(page) == []
    field.fill("2")
    page.locator("main button[type=submit]").click()
    expect(field).to_have_value("2")
    page.goto(reverse("surveys:wave", args=[wave.pk]))
    expect(page.locator(".quotas progress").first).to_have_attribute("max", "2")
    assert overflow(page) == 0
    assert serious_findings(page) == []
