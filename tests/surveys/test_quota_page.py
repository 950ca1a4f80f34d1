"""The page of quotas: what an owner may set, and what stands beside it afterwards."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from surveys.collect.intake import Receipt, find_wave, receive
from surveys.definition import decode_answers
from surveys.models import Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    close_for_good,
    every_kind_form,
    make_form,
    make_member,
    make_survey,
    make_wave,
    signed_in,
)
from tests.surveys.asked import make_asked

YES, NO = "most-ALL.B1-1", "most-ALL.B1-2"
ENGLISH = "most-language-en"


@pytest.fixture
def survey(organization: Organization) -> Survey:
    made = make_survey(organization)
    make_form(made, asks=every_kind_form())
    return made


def address(survey: Survey) -> str:
    return reverse("surveys:quotas", args=[survey.pk])


def quotas(survey: Survey) -> tuple[Any, list[Any]]:
    """What is stored with the survey, and with its waves."""
    with organization_scope(survey.organization_id):
        waves = Wave.objects.filter(survey=survey).order_by("number")
        return Survey.objects.get(pk=survey.pk).quotas, [w.quotas for w in waves]


def answer(wave: Wave, value: str) -> Receipt:
    asked = find_wave(wave.pk)
    assert asked is not None
    answers = decode_answers(asked.form, {"ALL.B1": value})
    return receive(asked, key=uuid4(), answers=answers, language="en")


def test_every_choice_and_the_language_can_have_quotas(
    owner: Client, survey: Survey
) -> None:
    shown = owner.get(address(survey)).content.decode()
    assert shown.count('name="most-') == 2 + 13 + 2
    fields = {YES: "20", NO: "0", "most-ALL.B4-13": "7", ENGLISH: "9"}
    assert owner.post(address(survey), fields).status_code == 302
    stored = {
        "ALL.B1": {"1": 20, "2": 0},
        "ALL.B4": {"13": 7},
        "language": {"en": 9},
    }
    assert quotas(survey) == (stored, [])
    assert make_wave(survey_again(survey)).quotas == stored
    assert 'value="20"' in owner.get(address(survey)).content.decode()


def survey_again(survey: Survey) -> Survey:
    with organization_scope(survey.organization_id):
        return Survey.objects.get(pk=survey.pk)


@pytest.mark.parametrize("sent", ["-1", "1.5", "many", "1000001"])
def test_what_is_no_number_is_refused(owner: Client, survey: Survey, sent: str) -> None:
    assert owner.post(address(survey), {YES: sent}).status_code == 422
    assert quotas(survey) == ({}, [])


def test_an_open_wave_takes_new_numbers_but_none_below_what_is_there(
    owner: Client, survey: Survey
) -> None:
    wave = make_wave(survey)
    for _ in range(3):
        assert answer(wave, "1") is Receipt.STORED
    refused = owner.post(address(survey), {YES: "2"})
    assert refused.status_code == 422
    assert "3 are there already" in refused.content.decode()
    assert owner.post(address(survey), {YES: "3"}).status_code == 302
    assert answer(wave, "1") is Receipt.ENOUGH
    assert owner.post(address(survey), {YES: "4"}).status_code == 302
    assert answer(wave, "1") is Receipt.STORED
    assert quotas(survey) == ({"ALL.B1": {"1": 4}}, [{"ALL.B1": {"1": 4}}])
    # taken away again, as many as come
    assert owner.post(address(survey), {}).status_code == 302
    assert answer(wave, "1") is Receipt.STORED


def test_of_known_people_numbers_only_rise_while_the_wave_is_open(
    organization: Organization, owner: Client
) -> None:
    survey = make_survey(organization, mode="identified")
    make_form(survey, asks=every_kind_form())
    make_wave(survey)
    assert owner.post(address(survey), {YES: "5"}).status_code == 302
    refused = owner.post(address(survey), {YES: "4"})
    assert refused.status_code == 422
    assert "can only be raised" in refused.content.decode()
    assert "Answered so far" not in refused.content.decode()
    assert owner.post(address(survey), {YES: "6"}).status_code == 302


def test_setting_quotas_waits_for_answers_under_way(
    owner: Client, survey: Survey
) -> None:
    """An answer that began without quotas is counted before the first one is stored."""
    wave = make_wave(survey)
    done = threading.Event()

    def set_them() -> None:
        owner.post(address(survey), {YES: "1"})
        done.set()
        connections.close_all()

    with connections["collector"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))",
            [str(wave.pk)],
        )
        thread = threading.Thread(target=set_them)
        thread.start()
        assert not done.wait(0.3)
        assert quotas(survey) == ({}, [{}])
        cursor.execute("COMMIT")
    thread.join()
    assert quotas(survey)[1] == [{"ALL.B1": {"1": 1}}]


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("At most", "full")), ("zh-hans", ("上限", "已满"))]
)
def test_the_wave_shows_how_full_each_quota_is(
    owner: Client, survey: Survey, language: str, words: tuple[str, str]
) -> None:
    wave = make_wave(survey)
    page = reverse("surveys:wave", args=[wave.pk])
    owner.cookies["django_language"] = language
    assert 'id="quotas"' not in owner.get(page).content.decode()
    owner.post(address(survey), {YES: "1", NO: "8", ENGLISH: "1200"})
    assert answer(wave, "1") is Receipt.STORED
    shown = owner.get(page).content.decode().partition('id="quotas"')[2]
    for word in words:
        assert word in shown
    assert '<progress max="1" value="1"' in shown
    assert '<progress max="8" value="0"' in shown
    assert '<progress max="1200" value="1"' in shown
    assert shown.count("chip") == 1


def test_of_known_people_only_what_is_full_is_seen_before_the_end(
    database: None,
) -> None:
    wave = make_asked(Survey.Mode.IDENTIFIED, (3,))
    with organization_scope(wave.organization_id):
        Wave.objects.update(quotas={"language": {"en": 1, "zh-hans": 5}})
        organization = Organization.objects.get(pk=wave.organization_id)
        key = wave.invitations.values_list("pk", flat=True)[0]
    reply = Client().post(f"/s/{wave.pk}/en/?r={key}", {"consent": "yes"})
    assert reply.status_code == 303
    member = signed_in(make_member(organization))
    page = reverse("surveys:wave", args=[wave.pk])
    before = member.get(page).content.decode().partition('id="quotas"')[2]
    assert (before.count("chip plain"), before.count("not full yet")) == (1, 1)
    assert "Answered" not in before.partition("</section>")[0]
    close_for_good(wave)
    after = member.get(page).content.decode()
    assert '<progress max="1" value="1"' in after
    assert '<progress max="5" value="0"' in after


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_a_promise_offers_none_and_says_why(
    organization: Organization, owner: Client, mode: str
) -> None:
    survey = make_survey(organization, mode=mode)
    make_form(survey, asks=every_kind_form())
    assert owner.get(address(survey)).status_code == 404
    settings = owner.get(reverse("surveys:link-settings", args=[survey.pk]))
    assert "There are none in anonymous" in settings.content.decode()
    assert address(survey) not in settings.content.decode()


def test_only_owners_of_the_organization_set_them(
    organization: Organization, owner: Client, survey: Survey
) -> None:
    other = make_member(organization, email="f@example.org", role=Role.FIELDWORKER)
    assert signed_in(other).get(address(survey)).status_code == 403
    outsider = signed_in(make_member(email="o@example.org"))
    assert outsider.post(address(survey), {YES: "1"}).status_code == 404
    assert quotas(survey) == ({}, [])
    wave = make_wave(survey)
    owner.post(address(survey), {YES: "1"})
    page = reverse("surveys:wave", args=[wave.pk])
    assert "Set quotas" not in signed_in(other).get(page).content.decode()
    assert "Set quotas" in owner.get(page).content.decode()
