"""A survey made by mistake: renamed or thrown away, as long as nobody was asked."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connections
from django.test import Client

from surveys.definition import Text
from surveys.models import (
    Due,
    Event,
    Form,
    MailText,
    Organization,
    Participant,
    Schedule,
    Survey,
    Wave,
)
from surveys.tenancy import organization_scope
from surveys.unasked import AskedAlready, rename, throw_away
from tests.factories import (
    make_event,
    make_form,
    make_member,
    make_organization,
    make_survey,
    make_wave,
    signed_in,
)
from tests.surveys.asked import make_people
from tests.surveys.scheduled import make_schedule

TITLES = {"title_en": "Trust in Hill Coffee", "title_zh_hans": "对山丘咖啡的信任"}


@pytest.fixture
def survey(organization: Organization) -> Survey:
    """One that is planned, with everything that may belong to it before it asks."""
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    make_schedule(survey)
    make_people(organization, 9)
    event = make_event(organization)
    with organization_scope(organization.pk):
        Event.objects.filter(pk=event.pk).update(survey=survey)
        MailText.objects.create(
            organization=organization,
            survey=survey,
            kind="invitation",
            language="en",
            subject="Please answer",
            body="{link}",
        )
    return survey


def rows(survey: Survey) -> dict[str, int]:
    """How much there is of a survey."""
    models = (Form, Schedule, Due, Event, MailText)
    with organization_scope(survey.organization_id):
        found = {m.__name__: m.objects.filter(survey=survey).count() for m in models}
        return found | {"Survey": Survey.objects.filter(pk=survey.pk).count()}


def test_a_new_title_is_what_respondents_read(survey: Survey, owner: Client) -> None:
    address = f"/surveys/{survey.pk}/rename/"
    assert address in owner.get(f"/surveys/{survey.pk}/").content.decode()
    reply = owner.post(address, TITLES, follow=True)
    assert "The survey has a new title." in reply.content.decode()
    shown = owner.get(f"/surveys/{survey.pk}/preview/zh-hans/").content.decode()
    assert f"<h1>{TITLES['title_zh_hans']}</h1>" in shown
    with organization_scope(survey.organization_id):
        first, second = Form.objects.filter(survey=survey).order_by("number")
    assert second.asked().title == Text(TITLES["title_en"], TITLES["title_zh_hans"])
    assert first.asked().title != second.asked().title
    assert first.asked().items == second.asked().items


def test_the_same_title_makes_no_form(survey: Survey) -> None:
    with organization_scope(survey.organization_id):
        before = Form.objects.get(survey=survey).asked().title
        rename(survey, before)
        assert Form.objects.filter(survey=survey).count() == 1


def test_both_titles_are_asked_for(survey: Survey, owner: Client) -> None:
    reply = owner.post(f"/surveys/{survey.pk}/rename/", {"title_en": "Only one"})
    assert "This field is required." in reply.content.decode()
    assert rows(survey)["Form"] == 1


def test_a_survey_thrown_away_is_gone_with_all_that_belongs_to_it(
    survey: Survey, owner: Client
) -> None:
    address = f"/surveys/{survey.pk}/throw-away/"
    assert set(rows(survey).values()) == {1}
    asked = owner.get(address).content.decode()
    assert "Delete the survey?" in asked
    assert set(rows(survey).values()) == {1}
    reply = owner.post(address, follow=True)
    assert "The survey is deleted." in reply.content.decode()
    assert set(rows(survey).values()) == {0}
    assert owner.get(f"/surveys/{survey.pk}/").status_code == 404
    with organization_scope(survey.organization_id):
        assert Participant.objects.count() == 9


def test_what_was_asked_stays(organization: Organization, owner: Client) -> None:
    survey = make_survey(organization)
    make_wave(survey)
    for place, sent in (("rename", TITLES), ("throw-away", {})):
        address = f"/surveys/{survey.pk}/{place}/"
        assert address not in owner.get(f"/surveys/{survey.pk}/").content.decode()
        for reply in (
            owner.get(address, follow=True),
            owner.post(address, sent, follow=True),
        ):
            assert "its title and its questions stay" in reply.content.decode()
    with organization_scope(organization.pk):
        with pytest.raises(AskedAlready):
            rename(survey, Text("A", "甲"))
        with pytest.raises(AskedAlready):
            throw_away(survey)
        assert Wave.objects.filter(survey=survey).exists()


def test_the_database_keeps_what_was_asked_whoever_deletes(
    organization: Organization,
) -> None:
    survey = make_survey(organization)
    make_wave(survey)
    with (
        organization_scope(organization.pk),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT throw_away_survey(%s)", [survey.pk])
        assert cursor.fetchone() == (False,)
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.organization', %s, true)",
            [str(organization.pk)],
        )
        with pytest.raises(IntegrityError, match="form_stays_once_asked"):
            cursor.execute("DELETE FROM surveys_form WHERE survey_id = %s", [survey.pk])
        cursor.execute("ROLLBACK")


def test_nobody_throws_away_what_belongs_to_others(survey: Survey) -> None:
    theirs = make_organization("Hill Coffee")
    stranger = signed_in(make_member(theirs, email="stranger@example.org"))
    assert stranger.post(f"/surveys/{survey.pk}/throw-away/").status_code == 404
    with organization_scope(theirs.pk), connections["default"].cursor() as cursor:
        for one in (survey.pk, uuid4()):
            cursor.execute("SELECT throw_away_survey(%s)", [one])
            assert cursor.fetchone() == (False,)
    assert set(rows(survey).values()) == {1}
