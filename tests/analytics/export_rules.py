"""How each rule of exports is broken; tests/surveys/test_constraints.py runs them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import SHA, Desk
from tests.surveys.promise_rules import twice

READY = {
    "state": "ready",
    "run": uuid4(),
    "rows": 2,
    "size": 10,
    "sha256": SHA,
    "filename": "answers.csv",
    "ready_at": NOW,
    "expires_at": NOW + timedelta(days=7),
}
APPROVED = {"decided_by": "second@example.org", "decided_at": NOW}


def export(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "kind": "data",
        "format": "csv",
        "language": "en",
        "waves": [1],
        "options": Jsonb({}),
        "state": "queued",
        "needs_approval": False,
        "asked_by": "owner@example.org",
        "asked_at": NOW,
        "decided_by": "",
        "rows_done": 0,
        "attempts": 0,
        "worked_at": NOW,
        "filename": "",
        "sha256": "",
        "reason": "",
        "remarks": Jsonb([]),
    }
    row |= changed
    desk.insert("analytics_export", **row)
    key: UUID = row["id"]
    return key


def entry(desk: Desk, **changed: Any) -> None:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "export_id": uuid4(),
        "what": "asked",
        "who": "owner@example.org",
        "at": NOW,
        "about": "",
    }
    desk.insert("analytics_exportentry", **(row | changed))


def begin_twice(desk: Desk) -> None:
    begun = {"what": "begun", "download": uuid4(), "first_byte": 0}
    entry(desk, **begun)
    entry(desk, **begun)


def ask_for_something_else(desk: Desk) -> None:
    export(desk)
    desk.run("UPDATE analytics_export SET format = 'sav'")


def decide_again(desk: Desk) -> None:
    export(desk, **APPROVED)
    desk.run("UPDATE analytics_export SET decided_by = 'third@example.org'")


def change_a_file(desk: Desk) -> None:
    export(desk, **READY)
    desk.run("UPDATE analytics_export SET sha256 = %s", "1" * 64)


def change_the_log(desk: Desk) -> None:
    entry(desk)
    desk.run("UPDATE analytics_exportentry SET who = 'somebody@example.org'")


EXPORT_RULES: dict[str, Callable[[Any], object]] = {
    "export_key_of_organization": lambda d: twice(export, d, id=uuid4()),
    "export_survey_of_organization": lambda d: export(d, survey_id=uuid4()),
    "export_kind_known": lambda d: export(d, kind="gossip"),
    "export_language_known": lambda d: export(d, language="fr"),
    "export_state_known": lambda d: export(d, state="lost"),
    "export_says_who_asked": lambda d: export(d, asked_by=""),
    "export_decision_is_dated": lambda d: export(d, decided_by="second@example.org"),
    "export_approved_before_it_runs": lambda d: export(d, needs_approval=True),
    "export_decided_by_another": lambda d: export(
        d, **(APPROVED | {"decided_by": "owner@example.org"})
    ),
    "export_says_why_iff_failed": lambda d: export(d, state="failed"),
    "export_ready_is_complete": lambda d: export(d, **(READY | {"sha256": ""})),
    "export_wish_is_frozen": ask_for_something_else,
    "export_decision_is_final": decide_again,
    "export_file_is_frozen": change_a_file,
    "export_entry_key_of_organization": lambda d: twice(entry, d, id=uuid4()),
    "export_entry_known": lambda d: entry(d, what="gossip"),
    "export_entry_says_who": lambda d: entry(d, who=""),
    "export_entry_says_of_what": lambda d: entry(d, export_id=None),
    "export_entry_counts_bytes": lambda d: entry(d, what="begun"),
    "export_entry_once_a_download": begin_twice,
    "export_log_is_immutable": change_the_log,
}

EXPORT_PRIMARY_KEYS = {
    "export_key_of_organization": "analytics_export_pkey",
    "export_entry_key_of_organization": "analytics_exportentry_pkey",
}
