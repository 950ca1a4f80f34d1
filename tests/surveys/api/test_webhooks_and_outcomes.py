"""Programs set up webhooks and bring business outcomes."""

import json
from datetime import date
from typing import Any

import pytest

from surveys.models import Organization, WebhookDelivery, WebhookEndpoint
from surveys.tenancy import organization_scope
from surveys.webhooks.endpoints import secrets_of
from tests.factories import NOW, make_organization
from tests.surveys.api.conftest import Program, make_program, problem
from tests.surveys.outcome_rows import webhook_ids
from tests.surveys.test_criteria import make_criterion, make_customers, stored

# an address of the internet that needs no name to be found
ADDRESS = "https://93.184.216.34/in"


def said(reply: Any) -> Any:
    assert reply.status_code < 300, reply.content
    return json.loads(reply.content)


def made(program: Program, **changed: Any) -> Any:
    body = {"url": ADDRESS, "name": "CRM", "kinds": ["wave.closed"]} | changed
    return program("POST", "webhooks/", body)


def test_a_webhook_is_made_changed_and_removed(
    program: Program, organization: Organization
) -> None:
    reply = made(program)
    assert reply.status_code == 201
    told = reply.json()
    with organization_scope(organization.pk):
        endpoint = WebhookEndpoint.objects.get()
    assert secrets_of(endpoint, NOW) == (told["secret"],)
    place = f"webhooks/{told['id']}/"
    assert "secret" not in program.get(place)
    told_now = said(program("PATCH", place, {"on": False, "kinds": ["scores.ready"]}))
    assert told_now["state"] == "off"
    assert told_now["kinds"] == ["scores.ready"]
    assert said(program("POST", f"{place}secret/"))["secret"] != told["secret"]
    assert program.get("webhooks/")["items"][0]["former_until"] is not None
    assert program("DELETE", place).status_code == 204
    problem(program("GET", place), 404)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"url": "http://93.184.216.34/"}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "/url"),
        ({"url": "https://user:secret@93.184.216.34/"}, "/url"),
        ({"kinds": []}, "/kinds"),
        ({"kinds": ["answer.given"]}, "/kinds/0"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_what_we_would_not_send_to_is_refused(
    program: Program,
    organization: Organization,
    changed: dict[str, Any],
    pointer: str,
) -> None:
    told = problem(made(program, **changed), 400)
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    with organization_scope(organization.pk):
        assert not WebhookEndpoint.objects.exists()


def test_deliveries_are_read_tested_and_sent_again(
    program: Program, organization: Organization
) -> None:
    ids = webhook_ids(organization)
    place = f"webhooks/{ids['endpoint_id']}/"
    again = f"deliveries/{ids['delivery_id']}/again/"
    problem(program("POST", again), 409)
    with organization_scope(organization.pk):
        WebhookDelivery.objects.update(
            state="failed", log=[{"at": "2026-01-15", "status": 500, "answer": "no"}]
        )
    (only,) = program.get(f"{place}deliveries/?state=failed")["items"]
    assert only["kind"] == "test"
    assert only["tries"][0]["status"] == 500
    assert program("POST", again).status_code == 202
    assert program("POST", f"{place}test/").status_code == 202
    assert len(program.get(f"{place}deliveries/")["items"]) == 2


def test_webhooks_of_others_are_not_there(
    program: Program, organization: Organization
) -> None:
    theirs = webhook_ids(make_organization("Hill Coffee"))
    place = f"webhooks/{theirs['endpoint_id']}/"
    for method, address in (
        ("GET", place),
        ("PATCH", place),
        ("DELETE", place),
        ("POST", f"{place}secret/"),
        ("POST", f"{place}test/"),
        ("GET", f"{place}deliveries/"),
        ("POST", f"deliveries/{theirs['delivery_id']}/again/"),
    ):
        body: Any = {} if method != "GET" else None
        problem(program(method, address, body), 404)


# ------------------------------------------------------------------------- outcomes


OUTCOME = {
    "code": "REPURCHASE",
    "name": {"en": "Bought again", "zh_hans": "再次购买"},
    "kind": "binary",
    "direction": "more",
}


def value(**changed: Any) -> dict[str, Any]:
    row = {
        "number": "C-1",
        "outcome": "REPURCHASE",
        "date": "2026-01-10",
        "value": 1,
    }
    return row | changed


def test_values_come_by_number_and_twice_is_once(
    program: Program, organization: Organization
) -> None:
    make_customers(organization, "C-1", "C-2")
    assert program("POST", "outcomes/", OUTCOME).status_code == 201
    problem(program("POST", "outcomes/", OUTCOME | {"code": "repurchase"}), 400)
    body = {"values": [value(), value(number="c-2", value=0), value(number="X")]}
    first = said(program("POST", "outcome-values/", body))
    assert first == {"new": 2, "changed": 0, "unchanged": 0, "unknown": ["X"]}
    again = said(program("POST", "outcome-values/", body))
    assert again == {"new": 0, "changed": 0, "unchanged": 2, "unknown": ["X"]}
    changed = said(program("POST", "outcome-values/", {"values": [value(value=0)]}))
    assert changed["changed"] == 1
    assert stored(organization) == [
        ("C-1", "REPURCHASE", date(2026, 1, 10), 0.0),
        ("C-2", "REPURCHASE", date(2026, 1, 10), 0.0),
    ]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"outcome": "CHURN"}, "outcome"),
        ({"value": 0.5}, "value"),
        ({"date": "2999-01-01"}, "date"),
        ({"date": "01/02/2026"}, "date"),
        ({"value": 1e300}, "value"),
    ],
)
def test_one_fault_and_nothing_is_stored(
    program: Program, organization: Organization, wrong: dict[str, Any], place: str
) -> None:
    make_customers(organization, "C-1")
    make_criterion(organization)
    body = {"values": [value(), value(**wrong)]}
    told = problem(program("POST", "outcome-values/", body), 400)
    assert told["errors"][0]["pointer"] == f"/values/1/{place}"
    assert stored(organization) == []


def test_only_owners_bring_values(organization: Organization) -> None:
    program = make_program(organization, "outcomes:read")
    problem(program("POST", "outcome-values/", {"values": [value()]}), 403)
