"""What holds for every address of the API: callers, problems, pages, repetition."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from surveys.api.scopes import ALLOWED, Scope
from surveys.definition import questionnaire_to_data
from surveys.models import ApiToken, Organization
from surveys.models.people import Role
from surveys.models.tokens import SCOPES
from surveys.tenancy import organization_scope
from tests.factories import (
    make_member,
    make_organization,
    make_version,
    publish_library,
    signed_in,
)
from tests.surveys.api.conftest import Program, make_program, problem


def test_every_scope_can_be_stored_and_has_roles() -> None:
    assert tuple(Scope.values) == SCOPES
    assert set(ALLOWED) == set(Scope)


def test_a_token_opens_what_it_was_made_for(organization: Organization) -> None:
    program = make_program(organization, "library:read")
    assert program.get("questionnaires/") == {"items": [], "next": None}


def test_a_token_opens_nothing_else(organization: Organization) -> None:
    program = make_program(organization, "surveys:read")
    said = problem(program("GET", "questionnaires/"), 403)
    assert said["type"] == "urn:trustsurvey:problem:scope"
    assert "library:read" in said["detail"]


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "tst_unknown",
        "x" * 5000,
        "tst_ü",
        "tst_\ud800".encode("utf-8", "replace").decode(),
    ],
)
def test_an_unknown_token_is_no_token(database: None, secret: str) -> None:
    reply = Program(secret)("GET", "questionnaires/")
    problem(reply, 401)
    assert reply["WWW-Authenticate"].startswith("Bearer")


def test_an_address_with_a_line_break_is_unknown_like_any_other(
    organization: Organization,
) -> None:
    program = make_program(organization)
    for address in ("nowhere/", "waves/a%0Ab%0D%E2%80%A8c/releases/", "%0A"):
        problem(program("GET", address), 404)


def test_a_revoked_and_a_past_token_are_no_tokens(organization: Organization) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    problem(make_program(organization, expires_on=yesterday)("GET", "surveys/"), 401)
    program = make_program(organization)
    with organization_scope(organization.pk):
        ApiToken.objects.update(revoked_at=timezone.now())
    problem(program("GET", "questionnaires/"), 401)


def test_a_token_is_stored_as_a_hash_and_remembers_a_day(
    organization: Organization,
) -> None:
    program = make_program(organization)
    program.get("questionnaires/")
    with organization_scope(organization.pk):
        token = ApiToken.objects.get()
    assert program.secret not in str(vars(token))
    assert token.last_used_on == timezone.now().date()


def test_a_token_is_never_more_than_the_role_of_its_maker(
    organization: Organization,
) -> None:
    program = make_program(organization, "library:read", role=Role.MANAGER)
    assert program.get("questionnaires/")["items"] == []
    outside = make_program(organization, role=Role.MANAGER)
    assert problem(outside("GET", "tokens-of-nobody/"), 404)


def test_members_call_with_their_session_and_a_csrf_token(
    organization: Organization,
) -> None:
    user = make_member(organization)
    assert signed_in(user).get("/api/v1/questionnaires/").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    said = problem(strict.post("/api/v1/questionnaires/"), 403)  # type: ignore[arg-type]
    assert "X-CSRFToken" in said["detail"]


def test_a_failed_token_is_not_the_person_beside_it(organization: Organization) -> None:
    client = signed_in(make_member(organization))
    reply: Any = client.get(
        "/api/v1/questionnaires/", headers={"Authorization": "Bearer tst_no"}
    )
    problem(reply, 401)


@pytest.mark.parametrize(
    ("method", "address", "status", "headers"),
    [
        ("GET", "nothing/here", 404, {}),
        ("GET", "questionnaires", 404, {}),
        ("PATCH", "questionnaires/", 405, {}),
        ("TRACE", "questionnaires/", 405, {}),
        ("GET", "questionnaires/", 406, {"Accept": "application/xml"}),
        ("GET", "questionnaires/?colour=red", 400, {}),
        ("GET", "questionnaires/?code=%00", 400, {}),
        ("GET", "questionnaires/?limit=0", 400, {}),
        ("GET", "questionnaires/?limit=1&limit=2", 400, {}),
        ("GET", "questionnaires/?cursor=AAAA", 400, {}),
    ],
)
def test_every_refusal_is_a_problem(
    program: Program, method: str, address: str, status: int, headers: dict[str, str]
) -> None:
    problem(program(method, address, **headers), status)


def test_problems_are_in_the_callers_language(program: Program) -> None:
    reply = program("GET", "questionnaires/?limit=0", Accept_Language="zh-hans")
    (fault,) = problem(reply, 400)["errors"]
    assert fault["parameter"] == "limit"
    assert "1" in fault["detail"]
    assert not fault["detail"].isascii()


def test_pages_tell_every_row_once(
    program: Program, organization: Organization
) -> None:
    publish_library()
    mine = make_version(organization)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = program.get(
            "questionnaires/?limit=4" + (f"&cursor={after}" if after else "")
        )
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
    assert seen == sorted(set(seen))
    assert str(mine.pk) in seen
    assert len(program.get("questionnaires/?limit=200")["items"]) == len(seen)


def test_a_cursor_opens_its_own_list_only(
    program: Program, organization: Organization
) -> None:
    publish_library()
    cursor = program.get("questionnaires/?limit=1")["next"]
    program.get(f"questionnaires/?limit=2&cursor={cursor}")
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    problem(program("GET", f"questionnaires/?cursor={changed}"), 400)
    problem(program("GET", f"questionnaires/?kind=outcomes&cursor={cursor}"), 400)
    other = make_program(make_organization("Hill Coffee"))
    problem(other("GET", f"questionnaires/?cursor={cursor}"), 400)


def test_what_is_held_already_is_not_sent_again(program: Program) -> None:
    first = program("GET", "questionnaires/")
    again = program("GET", "questionnaires/", If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    head = program("HEAD", "questionnaires/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])


def test_options_say_what_is_possible(program: Program) -> None:
    reply = program("OPTIONS", "questionnaires/")
    assert reply.status_code == 204
    assert set(reply["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_caller_is_slowed_down_alone(
    settings: Any, program: Program, organization: Organization
) -> None:
    settings.API_PER_MINUTE = 2
    for _ in range(2):
        program.get("questionnaires/")
    reply = program("GET", "questionnaires/")
    problem(reply, 429)
    assert 1 <= int(reply["Retry-After"]) <= 60
    make_program(organization).get("questionnaires/")


def test_a_definition_is_what_was_published(
    program: Program, organization: Organization
) -> None:
    version = make_version(organization)
    shown = program.get(f"questionnaires/{version.pk}/")
    assert shown["own"] is True
    assert shown["definition"] == questionnaire_to_data(version.questionnaire())


def test_bodies_are_bounded_and_mean_one_thing(program: Program) -> None:
    deep = "[" * 30 + "]" * 30
    for body, status in (
        ("{", 400),
        ("nonsense", 400),
        ("[]", 400),
        ("null", 400),
        ('{"people": ' + deep + "}", 400),
        ("[" * 100_000, 400),
        ('{"people": [], "people": []}', 400),
        ('{"people": NaN}', 400),
        ('{"people": 1e999}', 400),
        ('{"people": ' + "9" * 5000 + "}", 400),
        ('{"remove": ["\\ud83d"]}', 400),
        ('{"remove": ["\\u0000"]}', 400),
        ('{"\\udc00": 1}', 400),
        ('{"remove": ["' + "x" * 2_000_000 + '"]}', 413),
        ('{"remove": ["' + "x" * 3_000_000 + '"]}', 413),
    ):
        problem(program("POST", "participants/", body), status)
    form: Any = program.client.post(
        "/api/v1/participants/",
        {"remove": "x"},
        headers={"Authorization": f"Bearer {program.secret}"},
    )
    problem(form, 415)


def test_tokens_are_made_seen_once_and_revoked(
    organization: Organization, owner: Client
) -> None:
    page: Any = owner.post(
        "/tokens/",
        {
            "name": "CRM",
            "scopes": ["library:read", "surveys:read"],
            "expires_on": (timezone.now().date() + timedelta(days=30)).isoformat(),
        },
    )
    secret = re.search(r"tst_[\w-]{43}", page.content.decode())
    assert secret is not None
    assert secret[0] not in owner.get("/tokens/").content.decode()
    program = Program(secret[0])
    program.get("questionnaires/")
    problem(program("GET", "participants/"), 403)
    with organization_scope(organization.pk):
        token = ApiToken.objects.get()
    assert owner.post(f"/tokens/{token.pk}/revoke/").status_code == 302
    problem(program("GET", "questionnaires/"), 401)
    # a second click changes nothing
    assert owner.post(f"/tokens/{token.pk}/revoke/").status_code == 302


def test_a_token_needs_a_name_a_purpose_and_an_end(owner: Client) -> None:
    today = timezone.now().date()
    good: dict[str, Any] = {"name": "CRM", "scopes": ["library:read"]}
    good["expires_on"] = str(today)
    changes: tuple[dict[str, Any], ...] = (
        {"name": ""},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"expires_on": str(today - timedelta(days=1))},
        {"expires_on": str(today + timedelta(days=400))},
    )
    for change in changes:
        page: Any = owner.post("/tokens/", good | change)
        assert "tst_" not in page.content.decode()
        assert "errorlist" in page.content.decode()


def test_the_description_is_for_whoever_may_call(program: Program) -> None:
    described = program.get("openapi.json")
    assert described["openapi"] == "3.1.0"
    page: Any = signed_in(make_member(email="reader@example.org")).get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert "unsafe-inline" not in page["Content-Security-Policy"]
