"""People and their answers through the API."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from surveys.models import (
    Attribute,
    Comment,
    Invitation,
    KeptReply,
    Organization,
    Participant,
    Response,
    Survey,
    Unit,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.factories import make_organization, make_responses, make_survey, make_wave
from tests.surveys.api.conftest import Program, problem, with_form

LIN = {"key": "C-1", "email": "lin@example.org", "name": "Lin", "language": "zh-hans"}
WU = {"key": "C-2", "email": "wu@example.org", "name": "Wu 🦉"}


def test_people_are_written_changed_and_removed_by_number(
    program: Program, organization: Organization
) -> None:
    with organization_scope(organization.pk):
        Attribute.objects.create(
            organization=organization, code="site", name_en="S", name_zh_hans="地"
        )
        Unit.objects.create(
            organization=organization, code="HR", name_en="HR", name_zh_hans="人事"
        )
    lin = {**LIN, "unit": "hr", "attributes": {"site": "港"}}
    reply = program("POST", "participants/", {"people": [lin, WU]})
    assert [row["done"] for row in reply.json()["people"]] == ["created", "created"]  # type: ignore[attr-defined]
    swapped = [{"key": "c-1", "email": WU["email"]}, {**WU, "email": LIN["email"]}]
    reply = program("POST", "participants/", {"people": [*swapped], "remove": ["C-9"]})
    assert reply.status_code == 200, reply.content
    shown = {one["key"]: one for one in program.get("participants/")["items"]}
    assert shown["C-1"]["email"] == WU["email"]
    assert (shown["C-1"]["name"], shown["C-1"]["attributes"]) == ("Lin", {"site": "港"})
    assert program.get("participants/?key=c-2")["items"][0]["id"] == shown["C-2"]["id"]
    program("POST", "participants/", {"remove": ["c-1"]})
    gone = f"participants/{shown['C-1']['id']}/"
    problem(program("GET", gone), 404)
    address = f"participants/{shown['C-2']['id']}/"
    stale = program("DELETE", address, If_Match='"of-yesterday"')
    problem(stale, 412)
    fresh = program("GET", address)["ETag"]
    assert program("DELETE", address, If_Match=fresh).status_code == 204
    assert program.get("participants/")["items"] == []


def test_one_wrong_row_and_nothing_is_written(
    program: Program, organization: Organization
) -> None:
    program("POST", "participants/", {"people": [LIN]})
    for people, pointer in (
        ([WU, {"key": "C-3", "email": "no address"}], "/people/1/email"),
        ([WU, {"key": "c-2"}], "/people/1/key"),
        ([WU, {"key": "C-3", "email": LIN["email"].upper()}], "/people/1/email"),
        ([WU, {"key": "C-3", "unit": "nowhere"}], "/people/1/unit"),
        ([WU, {"key": "C-3", "attributes": {"a/b": "x"}}], "/people/1/attributes/a/b"),
        ([WU, {"key": ""}], "/people/1/key"),
        ([WU, {"key": "a\0"}], "/people/1/key"),
        ([WU, {"key": "\ud800"}], "/people/1/key"),
    ):
        said = problem(program("POST", "participants/", {"people": people}), 400)
        assert pointer in [fault["pointer"] for fault in said["errors"]], said
    problem(program("POST", "participants/", {"people": [LIN], "remove": ["c-1"]}), 400)
    problem(program("POST", "participants/", {}), 400)
    many = {"remove": [str(at) for at in range(1001)]}
    problem(program("POST", "participants/", many), 400)
    assert [one["key"] for one in program.get("participants/")["items"]] == ["C-1"]


def test_people_of_others_are_neither_seen_nor_changed(program: Program) -> None:
    theirs = make_organization("Hill Coffee")
    with organization_scope(theirs.pk):
        stranger = Participant.objects.create(organization=theirs, **LIN)
    problem(program("DELETE", f"participants/{stranger.pk}/"), 404)
    reply = program("POST", "participants/", {"people": [LIN], "remove": []})
    assert reply.json()["people"][0]["done"] == "created"  # type: ignore[attr-defined]
    with organization_scope(theirs.pk):
        assert Participant.objects.get().name == "Lin"


@pytest.mark.parametrize("mode", [Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL])
def test_promised_answers_are_nobodys(
    program: Program, organization: Organization, mode: str
) -> None:
    wave = make_wave(make_survey(organization, mode=mode))
    for method, body in (("GET", None), ("POST", {"language": "en", "answers": {}})):
        said = problem(program(method, f"waves/{wave.pk}/responses/", body), 403)
        assert said["type"].endswith(":promised")
        assert "credential" in said["detail"]


def answer_of(wave: Wave, **more: Any) -> dict[str, Any]:
    codes = {item.code: 3 for item in wave.form.asked().items}
    return {"language": "en", "answers": codes, **more}


def test_an_answer_of_an_open_wave_is_handed_in_once(
    program: Program, organization: Organization
) -> None:
    wave = make_wave(make_survey(organization))
    address, key = f"waves/{wave.pk}/responses/", str(uuid4())
    body = answer_of(wave, id=key, comment="Good tea. 好茶")
    assert program("POST", address, body, Idempotency_Key="x").status_code == 201
    assert program("POST", address, body).status_code == 200
    other = {**body, "answers": {**body["answers"], **_one(wave, 4)}}
    problem(program("POST", address, other), 409)
    (stored,) = program.get(address)["items"]
    assert stored["answers"] == body["answers"]
    assert stored["participant"] is None
    with organization_scope(organization.pk):
        assert Comment.objects.get().text == "Good tea. 好茶"
        # a kept reply would give the answer a time
        assert not KeptReply.objects.exists()


def _one(wave: Wave, code: int) -> dict[str, int]:
    return {wave.form.asked().items[0].code: code}


def test_what_is_no_answer_is_refused_where_it_is_wrong(
    program: Program, organization: Organization
) -> None:
    wave = make_wave(make_survey(organization))
    address = f"waves/{wave.pk}/responses/"
    first = wave.form.asked().items[0].code
    for change, pointer in (
        ({"answers": {first: 99}}, f"/answers/{first}"),
        ({"answers": {first: 2.5}}, f"/answers/{first}"),
        ({"answers": {first: True}}, f"/answers/{first}"),
        ({"answers": {"NOBODY": 1}}, "/answers/NOBODY"),
        ({"language": "fr"}, "/language"),
        ({"texts": {"NOBODY": "x"}}, "/texts/NOBODY"),
        ({"id": "11111111-1111-1111-1111-111111111111"}, "/id"),
    ):
        said = problem(program("POST", address, answer_of(wave) | change), 400)
        assert pointer in [fault["pointer"] for fault in said["errors"]], said
    program("POST", f"waves/{wave.pk}/close/")
    problem(program("POST", address, answer_of(wave)), 409)
    with organization_scope(organization.pk):
        assert not Response.objects.exists()


def test_known_people_answer_under_their_invitation_and_with_consent(
    program: Program, organization: Organization
) -> None:
    program("POST", "participants/", {"people": [LIN, WU]})
    survey = with_form(organization, mode=Survey.Mode.IDENTIFIED)
    made = program("POST", f"surveys/{survey.pk}/waves/", {})
    wave_id = UUID(made.json()["id"])  # type: ignore[attr-defined]
    with organization_scope(organization.pk):
        wave = Wave.objects.select_related("form").get(pk=wave_id)
        invitation = Invitation.objects.get(participant__key="C-1")
    address = f"waves/{wave.pk}/responses/"
    known = str(invitation.pk)
    for more, place in (
        ({"consent": True}, "/id"),
        ({"id": str(uuid4()), "consent": True}, "/id"),
        ({"id": known}, "/consent"),
    ):
        said = problem(program("POST", address, answer_of(wave, **more)), 400)
        assert said["errors"][0]["pointer"] == place
    body = answer_of(wave, id=known, consent=True)
    assert program("POST", address, body).status_code == 201
    # while it is open two looks could tell who answered in between
    problem(program("GET", address), 409)
    program("POST", f"waves/{wave.pk}/close/")
    (shown,) = program.get(address)["items"]
    assert shown["participant"] == str(invitation.participant_id)


def test_answers_come_in_pages(program: Program, organization: Organization) -> None:
    wave = make_wave(make_survey(organization))
    make_responses(wave, 7)
    first = program.get(f"waves/{wave.pk}/responses/?limit=5")
    rest = program.get(f"waves/{wave.pk}/responses/?limit=5&cursor={first['next']}")
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert ids == sorted(set(ids))
    assert (len(ids), rest["next"]) == (7, None)
    problem(program("GET", f"waves/{uuid4()}/responses/"), 404)
