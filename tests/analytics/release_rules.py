"""How each rule of releases is broken; tests/surveys/test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import SHA, Desk
from tests.surveys.promise_rules import twice

PUBLISHED = {
    "state": "published",
    "audited": True,
    "input_sha256": SHA,
    "digest": SHA,
    "published_at": NOW,
}


def release(desk: Desk, **changed: Any) -> UUID:
    """Store a release of the wave, which is ended first."""
    desk.run("UPDATE surveys_wave SET state = 'closed', closed_at = opened_at")
    return release_of_open_wave(desk, **changed)


def release_of_open_wave(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "number": 1,
        "state": "queued",
        "progress": 0,
        "step": "",
        "settings": Jsonb({}),
        "software": Jsonb({}),
        "input_sha256": "",
        "digest": "",
        "audited": False,
        "reason": "",
        "requested_at": NOW,
        "worked_at": NOW,
    }
    row |= changed
    desk.insert("analytics_release", **row)
    key: UUID = row["id"]
    return key


def part(desk: Desk, **changed: Any) -> None:
    """Store a part of a release that is being made."""
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "release_id": changed.get("release_id") or release(desk, state="building"),
        "name": "report",
        "content": "{}",
    }
    desk.insert("analytics_releasepart", **(row | changed))


def part_twice(desk: Desk) -> None:
    key = release(desk, state="building")
    part(desk, release_id=key)
    part(desk, release_id=key)


def part_of_what_is_published(desk: Desk) -> None:
    part(desk, release_id=release(desk, **PUBLISHED))


def change_what_is_published(desk: Desk) -> None:
    release(desk, **PUBLISHED)
    desk.run("UPDATE analytics_release SET digest = %s", "1" * 64)


def two_under_way(desk: Desk) -> None:
    release(desk, number=1)
    release(desk, number=2, state="building")


RELEASE_RULES: dict[str, Callable[[Any], object]] = {
    "release_key_of_organization": lambda d: twice(
        release, d, id=uuid4(), **(PUBLISHED | {"number": 1})
    ),
    "release_number_unique": lambda d: twice(release, d, **PUBLISHED),
    "release_one_under_way": two_under_way,
    "release_number_from_one": lambda d: release(d, number=0),
    "release_state_known": lambda d: release(d, state="lost"),
    "release_progress_in_percent": lambda d: release(d, progress=101),
    "release_input_is_sha256": lambda d: release(d, input_sha256="x"),
    "release_digest_is_sha256": lambda d: release(
        d, **(PUBLISHED | {"digest": "short"})
    ),
    "release_published_is_audited": lambda d: release(
        d, **(PUBLISHED | {"audited": False})
    ),
    "release_published_is_complete": lambda d: release(
        d, **(PUBLISHED | {"published_at": None})
    ),
    "release_says_why_iff_refused": lambda d: release(d, state="refused"),
    "release_wave_of_organization": lambda d: release(d, wave_id=uuid4()),
    "release_is_frozen": change_what_is_published,
    "release_is_of_an_ended_wave": release_of_open_wave,
    "release_part_once": part_twice,
    "release_part_has_a_name": lambda d: part(d, name="Report"),
    "release_part_says_something": lambda d: part(d, content=""),
    "release_part_of_organization": lambda d: part(d, release_id=uuid4()),
    "release_parts_are_frozen": part_of_what_is_published,
}

RELEASE_PRIMARY_KEYS = {"release_key_of_organization": "analytics_release_pkey"}
