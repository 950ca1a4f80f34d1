"""How each rule of webhooks is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import Desk


def endpoint(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "name": "",
        "url": "https://crm.example.org/in",
        "kinds": ["wave.closed"],
        "secret": b"sealed",
        "state": "on",
        "created_at": NOW,
    }
    row |= changed
    desk.insert("surveys_webhookendpoint", **row)
    key: UUID = row["id"]
    return key


def event(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "kind": "wave.closed",
        "subject": desk.wave.pk,
        "content": "{}",
        "created_at": NOW,
    }
    row |= changed
    desk.insert("surveys_webhookevent", **row)
    key: UUID = row["id"]
    return key


def delivery(desk: Desk, **changed: Any) -> None:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "endpoint_id": changed.pop("endpoint_id", None) or endpoint(desk),
        "event_id": changed.pop("event_id", None) or event(desk),
        "state": "waiting",
        "attempts": 0,
        "next_try_at": NOW,
        "log": Jsonb([]),
    }
    desk.insert("surveys_webhookdelivery", **(row | changed))


def delivered_twice(desk: Desk) -> None:
    same = {"endpoint_id": endpoint(desk), "event_id": event(desk)}
    delivery(desk, **same)
    delivery(desk, **same)


def event_twice(desk: Desk) -> None:
    event(desk)
    event(desk)


def reword(desk: Desk) -> None:
    event(desk)
    desk.run("UPDATE surveys_webhookevent SET content = '{\"more\": 1}'")


WEBHOOK_RULES: dict[str, Callable[[Any], object]] = {
    "webhook_endpoint_key_of_organization": lambda d: endpoint(d, id=endpoint(d)),
    "webhook_endpoint_is_https": lambda d: endpoint(d, url="http://crm.example.org"),
    "webhook_endpoint_kinds_known": lambda d: endpoint(d, kinds=["answer.given"]),
    "webhook_endpoint_state_known": lambda d: endpoint(d, state="asleep"),
    "webhook_endpoint_former_secret_ends": lambda d: endpoint(d, former_secret=b"x"),
    "webhook_endpoint_disabled_has_its_time": lambda d: endpoint(d, state="disabled"),
    "webhook_event_key_of_organization": lambda d: event(
        d, id=event(d), kind="wave.opened"
    ),
    "webhook_event_once": event_twice,
    "webhook_event_kind_known": lambda d: event(d, kind="answer.given"),
    "webhook_event_says_something": lambda d: event(d, content=""),
    "webhook_event_is_immutable": reword,
    "webhook_delivery_once": delivered_twice,
    "webhook_delivery_state_known": lambda d: delivery(d, state="lost"),
    "webhook_delivery_delivered_has_its_time": lambda d: delivery(d, state="delivered"),
    "webhook_delivery_endpoint_of_organization": lambda d: delivery(
        d, endpoint_id=uuid4()
    ),
    "webhook_delivery_event_of_organization": lambda d: delivery(d, event_id=uuid4()),
}

WEBHOOK_PRIMARY_KEYS = {
    "webhook_endpoint_key_of_organization": "surveys_webhookendpoint_pkey",
    "webhook_event_key_of_organization": "surveys_webhookevent_pkey",
}
