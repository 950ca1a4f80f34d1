"""A survey designed on one page: doors, promise, people and time, preview, launch."""

import html
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys import arrivals, doors
from surveys.models import (
    Due,
    Organization,
    Participant,
    Schedule,
    Survey,
    Unit,
    Wave,
)
from surveys.promise import Thresholds, promise_text
from surveys.tenancy import organization_scope
from tests.factories import publish_library

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def filled_in() -> dict[str, Any]:
    """What the page sends for a quarterly anonymous survey of everybody."""
    versions = {version.code: str(version.pk) for version in publish_library()}
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "key": str(uuid4()),
        "title_en": "Trust in our team",
        "title_zh_hans": "我们团队的信任",
        "questionnaire": versions["ABI"],
        "referent": "leader",
        "mode": "anonymous",
        "plan-how": "planned",
        "plan-repeat": "quarterly",
        "plan-first": tomorrow.isoformat(),
        "plan-opens": "09:00",
        "plan-zone": "Asia/Shanghai",
        "plan-days": "7",
        "plan-free_rule": "move",
        "plan-reminders": "2, 4",
    }


def staff(organization: Organization) -> None:
    """Two teams, of twelve and of five, below one company."""
    with organization_scope(organization.pk):
        company = Unit.objects.create(
            organization=organization, code="C", name_en="Company", name_zh_hans="公司"
        )
        for code, number in (("Sales", 12), ("Plant", 5)):
            unit = Unit.objects.create(
                organization=organization,
                parent=company,
                code=code,
                name_en=code,
                name_zh_hans=f"{code}组",
            )
            Participant.objects.bulk_create(
                Participant(
                    organization=organization,
                    unit=unit,
                    email=f"{code}{index}@example.org",
                )
                for index in range(number)
            )


def everything(organization: Organization) -> tuple[list[Survey], list[Schedule]]:
    with organization_scope(organization.pk):
        return list(Survey.objects.all()), list(Schedule.objects.all())


def words(page: str) -> str:
    return " ".join(html.unescape(page).split())


def test_three_doors_are_three_working_templates(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    page = owner.get(reverse("surveys:new")).content.decode()
    addresses = [
        html.unescape(part.split('"')[0]) for part in page.split('href="?door=')[1:]
    ]
    assert len(addresses) == len(doors.DOORS) == 3
    for number, rest in enumerate(addresses):
        opened = owner.get(f"{reverse('surveys:new')}?door={rest}")
        initial = {
            bound.name: bound.value()
            for bound in opened.context["form"]
            if bound.value()
        }
        sent = {**initial, "key": str(uuid4())}
        reply = owner.post(reverse("surveys:new"), sent)
        assert reply.status_code == 302, (number, reply.context["form"].errors)
    surveys, _ = everything(organization)
    assert sorted(survey.mode for survey in surveys) == ["anonymous", "open", "open"]


def test_a_look_says_length_people_groups_and_days(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    staff(organization)
    page = owner.post(reverse("surveys:new"), filled_in | {"look": "1"})
    said = words(page.content.decode())
    assert "<strong>17</strong> people would be invited now." in said
    assert "English: about" in said
    assert "中文: about" in said
    assert said.count(" until ") >= 4  # four occasions
    assert "Groups that can be reported" in said
    assert everything(organization) == ([], [])


def test_the_live_part_comes_alone(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    staff(organization)
    reply = owner.post(
        reverse("surveys:new"), filled_in, headers={"HX-Request": "true"}
    )
    page = reply.content.decode()
    assert "<html" not in page
    assert "<strong>17</strong>" in page
    assert everything(organization) == ([], [])


def test_a_survey_is_made_with_its_schedule_and_opens_nothing(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    staff(organization)
    reply = owner.post(reverse("surveys:new"), filled_in, follow=True)
    assert "The survey is ready. Look at it, then launch it." in reply.content.decode()
    ((survey,), (schedule,)) = everything(organization)
    assert (survey.mode, schedule.repeat, schedule.every) == ("anonymous", "months", 3)
    assert schedule.reminders == [2, 4]
    with organization_scope(organization.pk):
        assert not Due.objects.exists()
        assert not Wave.objects.exists()


def test_an_identified_survey_invites_people_by_a_schedule(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    staff(organization)
    owner.post(reverse("surveys:new"), filled_in | {"mode": "identified"})
    ((survey,), (schedule,)) = everything(organization)
    assert (survey.mode, schedule.survey_id) == ("identified", survey.pk)


def test_launching_plans_the_first_wave(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    staff(organization)
    owner.post(reverse("surveys:new"), filled_in)
    ((survey,), _) = everything(organization)
    start = reverse("surveys:start", args=[survey.pk])
    assert start in owner.get(f"/surveys/{survey.pk}/").content.decode()
    page = words(owner.get(start).content.decode())
    assert "<strong>17</strong> people would be invited now." in page
    assert "nobody can see which answers are yours" in page
    # two teams, of which the small one counts within the company
    assert f"/surveys/{survey.pk}/plan/?asked=17&teams=0" in page
    reply = owner.post(start, follow=True)
    assert "The next wave opens on" in reply.content.decode()
    with organization_scope(organization.pk):
        planned = Due.objects.get()
    assert planned.kind == Due.Kind.OPEN
    assert planned.due_at.hour == 1  # nine o'clock in Shanghai


@pytest.mark.parametrize(("mode", "told"), [("anonymous", True), ("identified", False)])
def test_a_copied_log_is_told_before_a_promise_is_given(
    organization: Organization,
    owner: Client,
    filled_in: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    told: bool,
) -> None:
    staff(organization)
    owner.post(reverse("surveys:new"), filled_in | {"mode": mode})
    ((survey,), _) = everything(organization)
    start = reverse("surveys:start", args=[survey.pk])
    warned = "log is archived or copied on this site"
    assert warned not in owner.get(start).content.decode()
    monkeypatch.setattr(arrivals, "COPIED", "SELECT true")
    assert (warned in owner.get(start).content.decode()) is told


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Trust in our team"), ("zh-hans", "我们团队的信任")]
)
def test_what_is_filled_in_is_previewed_before_anything_is_made(
    organization: Organization,
    owner: Client,
    filled_in: dict[str, Any],
    language: str,
    title: str,
) -> None:
    staff(organization)
    look = owner.post(reverse("surveys:new"), filled_in | {"look": "1"})
    assert f'name="preview" value="{language}"' in look.content.decode()
    reply = owner.post(reverse("surveys:new"), filled_in | {"preview": language})
    assert reply.status_code == 200
    page = words(reply.content.decode())
    assert f"<h1>{title}</h1>" in page
    assert promise_text("anonymous", Thresholds()).in_(language) in page
    assert "Preview: nothing is stored." in page
    assert "The survey is not made yet" in page
    assert everything(organization) == ([], [])


def test_a_preview_of_what_cannot_be_asked_says_why(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    unnamed = filled_in | {"title_en": "", "preview": "en"}
    assert b"This field is required." in owner.post("/surveys/new/", unnamed).content
    reply = owner.post("/surveys/new/", filled_in | {"preview": "fr"})
    assert reply.status_code == 404
    assert everything(organization) == ([], [])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_survey_is_previewed_in_both_languages(
    organization: Organization,
    owner: Client,
    filled_in: dict[str, Any],
    language: str,
) -> None:
    owner.post(reverse("surveys:new"), filled_in | {"plan-how": "hand"})
    ((survey,), _) = everything(organization)
    address = reverse("surveys:survey-preview", args=[survey.pk, language])
    assert address in owner.get(f"/surveys/{survey.pk}/").content.decode()
    page = owner.get(address).content.decode()
    assert survey.title(language) in page
    assert promise_text("anonymous", Thresholds()).in_(language) in page
    assert "disabled" in page


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("open", "could guess from the order of arrival whose answers are whose"),
        ("anonymous", "how this promise is kept and where it ends"),
        ("confidential", "how this promise is kept and where it ends"),
    ],
)
def test_the_preview_shows_where_the_promise_ends(
    organization: Organization,
    owner: Client,
    filled_in: dict[str, Any],
    mode: str,
    sentence: str,
) -> None:
    design = filled_in | {"plan-how": "hand", "mode": mode, "preview": "en"}
    page = words(owner.post(reverse("surveys:new"), design).content.decode())
    assert sentence in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Your list of people is empty"),
        ({"plan-how": "hand", "mode": "identified"}, "invites people of your list"),
        ({"plan-first": "2001-01-01", "plan-repeat": "once"}, "has passed"),
        ({"plan-repeat": "monthly", "plan-days": "60"}, "one before it has ended"),
        ({"plan-reminders": "soon"}, "Write numbers of days"),
        ({"title_zh_hans": ""}, "This field is required."),
    ],
)
def test_mistakes_are_sentences_and_nothing_is_lost(
    organization: Organization,
    owner: Client,
    filled_in: dict[str, Any],
    changed: dict[str, str],
    sentence: str,
) -> None:
    if changed and "mode" not in changed:
        staff(organization)
    reply = owner.post(reverse("surveys:new"), filled_in | changed)
    page = words(reply.content.decode())
    assert sentence in page
    assert 'value="Trust in our team"' in page
    assert 'value="09:00"' in page
    assert everything(organization) == ([], [])


def test_by_hand_the_schedule_counts_for_nothing_and_is_kept_in_the_page(
    organization: Organization, owner: Client, filled_in: dict[str, Any]
) -> None:
    sent = filled_in | {"plan-how": "hand", "plan-days": "400", "title_en": ""}
    page = owner.post(reverse("surveys:new"), sent).content.decode()
    assert 'value="400"' in page
    owner.post(reverse("surveys:new"), sent | {"title_en": "Trust"})
    surveys, schedules = everything(organization)
    assert (len(surveys), schedules) == (1, [])
