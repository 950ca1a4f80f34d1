"""Surveys and waves through the API, as the pages make and lead them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from surveys.models import (
    Invitation,
    Organization,
    Participant,
    Reminder,
    Survey,
    Unit,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.factories import make_organization, make_survey, make_wave, publish_library
from tests.surveys.api.conftest import Program, make_program, problem, with_form


def brand_study(program: Program) -> dict[str, Any]:
    """A body that makes a survey of the library's brand questionnaire."""
    asked = program.get("questionnaires/?code=TBE")["items"][0]
    return {
        "title": {"en": "Trust in tea", "zh_hans": "对茶的信任"},
        "questionnaire": {"id": asked["id"]},
        "own_referent": {"en": "Harbour Tea", "zh_hans": "海港茶"},
        "mode": "open",
    }


def test_a_survey_is_made_once_listed_and_read(
    program: Program, organization: Organization
) -> None:
    publish_library()
    body = brand_study(program)
    made = program("POST", "surveys/", body, Idempotency_Key="first")
    assert made.status_code == 201, made.content
    again = program("POST", "surveys/", body, Idempotency_Key="first")
    assert (again.status_code, again.content) == (201, made.content)
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == made["Location"]
    (listed,) = program.get("surveys/?mode=open")["items"]
    shown = program.get(made["Location"].removeprefix("/api/v1/"))
    assert shown["title"] == listed["title"] == body["title"]
    assert any("Harbour Tea" in str(item) for item in shown["form"]["items"])
    with organization_scope(organization.pk):
        assert Survey.objects.count() == 1


def test_what_makes_no_survey_says_where_it_is_wrong(program: Program) -> None:
    publish_library()
    good = brand_study(program)
    for change, pointer in (
        ({"questionnaire": {"id": str(uuid4())}}, "/questionnaire/id"),
        ({"title": {"en": "", "zh_hans": "茶"}}, "/title/en"),
        ({"title": {"en": "a\nb", "zh_hans": "茶"}}, "/title/en"),
        ({"mode": "secret"}, "/mode"),
        ({"colour": "red"}, "/colour"),
        ({"referent": "leader"}, "/referent"),
        ({"languages": ["fr"]}, "/languages/0"),
        ({"outcomes": [good["questionnaire"]]}, "/outcomes/0/id"),
    ):
        said = problem(program("POST", "surveys/", good | change), 400)
        assert pointer in [fault["pointer"] for fault in said["errors"]], said
    assert program.get("surveys/")["items"] == []


def test_an_open_wave_is_paused_extended_and_closed(
    program: Program, organization: Organization
) -> None:
    survey = with_form(organization)
    made = program("POST", f"surveys/{survey.pk}/waves/", {})
    assert made.status_code == 201, made.content
    address = made["Location"].removeprefix("/api/v1/")
    problem(program("POST", f"surveys/{survey.pk}/waves/", {}), 409)
    link = program.get(address)["link"]
    assert program.client.get(link).status_code == 302
    assert program("POST", f"{address}pause/").status_code == 200
    problem(program("POST", f"{address}pause/"), 409)
    assert program("POST", f"{address}resume/").status_code == 200
    later = timezone.now() + timedelta(days=3)
    program("POST", f"{address}extend/", {"closes_at": later.isoformat()})
    assert program.get(address)["closes_at"]
    past = {"closes_at": "2001-01-01T00:00:00Z"}
    problem(program("POST", f"{address}extend/", past), 409)
    before = program("GET", address)
    assert program("POST", f"{address}close/").status_code == 200
    assert program.get(address)["state"] == "closed"
    stale = program("POST", f"{address}pause/", If_Match=before["ETag"])
    assert stale.status_code == 409
    assert [one["id"] for one in program.get("waves/?state=closed")["items"]] == [
        program.get(address)["id"]
    ]


def person(organization: Organization, key: str, **more: Any) -> Participant:
    with organization_scope(organization.pk):
        return Participant.objects.create(
            organization=organization, key=key, email=f"{key}@example.org", **more
        )


def test_people_are_invited_by_id_and_by_unit(
    program: Program, organization: Organization
) -> None:
    with organization_scope(organization.pk):
        top = Unit.objects.create(
            organization=organization, code="top", name_en="Top", name_zh_hans="顶"
        )
        low = Unit.objects.create(
            organization=organization,
            code="low",
            name_en="Low",
            name_zh_hans="底",
            parent=top,
        )
    lin, _wu = person(organization, "lin", unit=low), person(organization, "wu")
    survey = with_form(organization, mode=Survey.Mode.IDENTIFIED)
    for people in ({"participants": [str(lin.pk)]}, {"units": [str(top.pk)]}):
        made = program("POST", f"surveys/{survey.pk}/waves/", {"people": people})
        assert made.status_code == 201, made.content
        address = made["Location"].removeprefix("/api/v1/")
        (asked,) = program.get(f"{address}invitations/")["items"]
        assert asked["participant"] == str(lin.pk)
        day = (timezone.now() + timedelta(days=1)).isoformat()
        planned = program("POST", f"{address}reminders/", {"days": [day]})
        assert planned.status_code == 200, planned.content
        (reminder,) = program.get(f"{address}reminders/")["items"]
        assert reminder["done"] is False
        program("POST", f"{address}close/")


def test_days_of_reminders_follow_those_that_are_done(
    program: Program, organization: Organization
) -> None:
    person(organization, "lin")
    survey = with_form(organization, mode=Survey.Mode.IDENTIFIED)
    made = program("POST", f"surveys/{survey.pk}/waves/", {})
    address = made["Location"].removeprefix("/api/v1/") + "reminders/"
    now = timezone.now()
    days = [(now + timedelta(days=day)).isoformat() for day in range(1, 7)]
    assert program("POST", address, {"days": days[:2]}).status_code == 200
    with organization_scope(organization.pk):
        first = Reminder.objects.filter(round=1)
        first.update(due_at=now - timedelta(days=1), done_at=now)
    assert program("POST", address, {"days": days[1:2]}).status_code == 200
    shown = program.get(address)["items"]
    assert [(one["round"], one["done"]) for one in shown] == [(1, True), (2, False)]
    # five in all, with the one that is done
    assert program("POST", address, {"days": days[:4]}).status_code == 200
    said = problem(program("POST", address, {"days": days[:5]}), 400)
    assert [fault["pointer"] for fault in said["errors"]] == ["/days"]
    problem(program("POST", address, {"days": days}), 400)
    over = {"days": [], "last_call": (now - timedelta(hours=1)).isoformat()}
    said = problem(program("POST", address, over), 400)
    assert [fault["pointer"] for fault in said["errors"]] == ["/last_call"]


def test_an_anonymous_wave_asks_eight_people_or_none(
    program: Program, organization: Organization
) -> None:
    people = [person(organization, f"p{at}") for at in range(8)]
    survey = with_form(organization, mode=Survey.Mode.ANONYMOUS)
    few = {"people": {"participants": [str(one.pk) for one in people[:7]]}}
    problem(program("POST", f"surveys/{survey.pk}/waves/", few), 409)
    made = program("POST", f"surveys/{survey.pk}/waves/", {})
    assert made.status_code == 201, made.content
    address = made["Location"].removeprefix("/api/v1/")
    assert program.get(address)["state"] == "preparing"
    listed = program.get(f"{address}invitations/")["items"]
    assert {one["participant"] for one in listed} == {str(one.pk) for one in people}
    # neither cell nor code: nothing that could lead to an answer
    assert set(listed[0]) == {"id", "participant", "channel", "state"}


def test_ids_of_another_organization_in_a_body_change_nothing(
    program: Program, organization: Organization
) -> None:
    theirs = make_organization("Hill Coffee")
    stranger = person(theirs, "stranger")
    with organization_scope(theirs.pk):
        unit = Unit.objects.create(
            organization=theirs, code="u", name_en="U", name_zh_hans="单"
        )
    foreign = make_survey(theirs)
    survey = with_form(organization, mode=Survey.Mode.IDENTIFIED)
    address = f"surveys/{survey.pk}/waves/"
    for people, place in (
        ({"participants": [str(stranger.pk)]}, "/people/participants"),
        ({"units": [str(unit.pk)]}, "/people/units"),
    ):
        said = problem(program("POST", address, {"people": people}), 400)
        assert said["errors"][0]["pointer"] == place
    problem(program("POST", f"surveys/{foreign.pk}/waves/", {}), 404)
    problem(program("GET", f"surveys/{foreign.pk}/"), 404)
    assert program.get(f"waves/?survey={foreign.pk}")["items"] == []
    for one in (organization, theirs):
        with organization_scope(one.pk):
            assert not Wave.objects.exists()
            assert not Invitation.objects.exists()


def test_requests_in_another_order_are_refused_not_half_done(
    program: Program, organization: Organization
) -> None:
    """Closing before opening, going on before pausing, a replay of the first."""
    wave = make_wave(make_survey(organization))
    address = f"waves/{wave.pk}"
    problem(program("POST", f"{address}/resume/", Idempotency_Key="a"), 409)
    closed = program("POST", f"{address}/close/", Idempotency_Key="b")
    assert closed.status_code == 200
    problem(program("POST", f"{address}/pause/", Idempotency_Key="c"), 409)
    problem(program("POST", f"{address}/close/", Idempotency_Key="d"), 409)
    again = program("POST", f"{address}/close/", Idempotency_Key="b")
    assert (again.status_code, again.content) == (200, closed.content)
    # a refusal is not kept: the same key may succeed later
    problem(program("POST", f"{address}/resume/", Idempotency_Key="a"), 409)
    problem(program("POST", f"{address}/pause/", Idempotency_Key="b"), 422)


def test_keys_belong_to_their_token(
    program: Program, organization: Organization
) -> None:
    wave = make_wave(make_survey(organization))
    program("POST", f"waves/{wave.pk}/close/", Idempotency_Key="same")
    other = make_program(organization)
    problem(other("POST", f"waves/{wave.pk}/close/", Idempotency_Key="same"), 409)
