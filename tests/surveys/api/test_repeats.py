"""A request that is sent twice is done once, whoever is first."""

import threading
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection, connections
from django.utils import timezone

from surveys.api.repeats import forget_replies
from surveys.models import ApiToken, KeptReply, Organization
from surveys.tenancy import organization_scope
from tests.surveys.api.conftest import Program, problem


def test_of_two_requests_under_one_key_at_once_one_waits(
    program: Program, organization: Organization
) -> None:
    """The first holds the key until it commits; here somebody else holds it."""
    with organization_scope(organization.pk):
        holder = ApiToken.objects.get().pk
    body = {"people": [{"key": "C-1"}]}
    with psycopg.connect(**_login()) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{holder} k"]
        )
        reply = program("POST", "participants/", body, Idempotency_Key="k")
        said = problem(reply, 409)
        assert said["type"].endswith(":under-way")
        assert reply["Retry-After"] == "1"
    first = program("POST", "participants/", body, Idempotency_Key="k")
    assert first.json()["people"][0]["done"] == "created"  # type: ignore[attr-defined]


def _login() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {
        name: given[name]
        for name in ("dbname", "user", "password", "host", "port")
        if given.get(name)
    }


def test_many_at_once_under_one_key_are_done_once(
    program: Program, organization: Organization
) -> None:
    body = {"people": [{"key": "C-1", "name": "Lin"}]}
    statuses: list[int] = []

    def ask() -> None:
        reply = Program(program.secret)(
            "POST", "participants/", body, Idempotency_Key="k"
        )
        statuses.append(reply.status_code)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    assert len(program.get("participants/")["items"]) == 1
    with organization_scope(organization.pk):
        assert KeptReply.objects.count() == 1


def test_a_kept_reply_is_forgotten_after_a_day(
    program: Program, organization: Organization
) -> None:
    body = {"people": [{"key": "C-1"}]}
    program("POST", "participants/", body, Idempotency_Key="old")
    program("POST", "participants/", body, Idempotency_Key="new")
    with organization_scope(organization.pk):
        kept = KeptReply.objects.get(key="old")
        holder, mark = kept.holder, kept.request_sha256
        kept.delete()
        KeptReply.objects.create(
            organization_id=organization.pk,
            holder=holder,
            key="old",
            request_sha256=mark,
            status=200,
            headers={},
            body="",
            kept_at=timezone.now() - timedelta(hours=25),
        )
    forget_replies()
    with organization_scope(organization.pk):
        assert KeptReply.objects.get().key == "new"
    problem(program("POST", "participants/", body, Idempotency_Key=""), 400)
    problem(program("POST", "participants/", body, Idempotency_Key="x" * 201), 400)
    other = {"people": [{"key": "C-2"}]}
    problem(program("POST", "participants/", other, Idempotency_Key="new"), 422)
