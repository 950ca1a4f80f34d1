"""The settings of a survey's link: what an owner may set, and what is refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys.collect.page import NOTICE_SLOTS
from surveys.models import Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    answer_address,
    make_form,
    make_member,
    make_survey,
    make_wave,
    signed_in,
)


@pytest.fixture
def survey(organization: Organization) -> Survey:
    made = make_survey(organization)
    make_form(made)
    return made


def send(owner: Client, survey: Survey, **fields: Any) -> Any:
    return owner.post(reverse("surveys:link-settings", args=[survey.pk]), fields)


def stored(survey: Survey) -> Survey:
    with organization_scope(survey.organization_id):
        return Survey.objects.get(pk=survey.pk)


def test_everything_is_stored_and_shown_again(owner: Client, survey: Survey) -> None:
    given = {
        "limit": "500",
        "links_waves": "on",
        "paradata": "on",
        "panel_complete": "https://panel.example/done?who={id}",
        "notice_controller_en": "Harbour Tea Ltd.",
        "notice_controller_zh-hans": "港湾茶有限公司",
    }
    assert send(owner, survey, **given).status_code == 302
    found = stored(survey)
    assert (found.limit, found.links_waves, found.paradata) == (500, True, True)
    assert found.panel == {"complete": given["panel_complete"]}
    assert found.notice == {
        "en": {"controller": "Harbour Tea Ltd."},
        "zh-hans": {"controller": "港湾茶有限公司"},
    }
    page = owner.get(reverse("surveys:link-settings", args=[survey.pk]))
    for value in (given["panel_complete"], "港湾茶有限公司", 'value="500"'):
        assert value in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"limit": 0}, "greater than or equal to 1"),
        ({"panel_full": "http://panel.example/{id}"}, "valid URL"),
        ({"panel_full": "javascript:alert('{id}')"}, "valid URL"),
        ({"panel_full": "https://panel.example/"}, "Write {id} where"),
        ({"notice_rights_en": "You may ask."}, "every language of the survey"),
        ({"notice_rights_en": "x" * 2001}, "at most 2000"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    owner: Client, survey: Survey, fields: dict[str, Any], sentence: str
) -> None:
    reply = send(owner, survey, **fields)
    assert reply.status_code == 422
    assert sentence in reply.content.decode()
    found = stored(survey)
    assert (found.limit, found.panel, found.notice) == (None, {}, {})


def test_the_longest_notice_fits_the_database(owner: Client, survey: Survey) -> None:
    texts = {
        f"notice_{slot}_{language}": "权" * 2000
        for slot in NOTICE_SLOTS
        for language in ("en", "zh-hans")
    }
    assert send(owner, survey, **texts).status_code == 302


def test_an_open_wave_keeps_what_was_told_and_takes_the_new_limit(
    owner: Client, survey: Survey
) -> None:
    with organization_scope(survey.organization_id):
        Survey.objects.update(notice={"en": {"purpose": "To learn."}})
        survey.refresh_from_db()
    wave = make_wave(survey)
    sent = {"limit": 9, "paradata": "on", "links_waves": "on"}
    assert send(owner, survey, **sent).status_code == 302
    with organization_scope(survey.organization_id):
        kept = Wave.objects.get(pk=wave.pk)
    assert (kept.limit, kept.paradata) == (9, False)
    assert kept.notice == {"en": {"purpose": "To learn."}}
    # the first wave has begun: linking can no longer be chosen
    assert stored(survey).links_waves is False
    shown = Client().get(answer_address(wave)).content.decode()
    assert "To learn." in shown


@pytest.mark.parametrize(
    ("mode", "offered"),
    [
        ("open", {"limit", "links_waves", "paradata", "panel_full"}),
        ("anonymous", {"links_waves"}),
        ("confidential", {"links_waves"}),
        ("identified", {"paradata"}),
    ],
)
def test_a_mode_offers_what_its_promise_allows(
    organization: Organization, owner: Client, mode: str, offered: set[str]
) -> None:
    survey = make_survey(organization, mode=mode)
    make_form(survey)
    page = owner.get(reverse("surveys:link-settings", args=[survey.pk]))
    shown = page.content.decode()
    every = ("limit", "links_waves", "paradata", "panel_full")
    assert {name for name in every if f'name="{name}"' in shown} == offered
    assert 'name="notice_controller_en"' in shown


def test_only_owners_set_it_and_not_for_imported_answers(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    other = make_member(organization, email="f@example.org", role=Role.FIELDWORKER)
    path = reverse("surveys:link-settings", args=[survey.pk])
    assert signed_in(other).get(path).status_code == 403
    assert (
        path in owner.get(reverse("surveys:survey", args=[survey.pk])).content.decode()
    )
    imported = make_survey(organization, origin="imported", mode="identified")
    path = reverse("surveys:link-settings", args=[imported.pk])
    assert owner.get(path).status_code == 404
