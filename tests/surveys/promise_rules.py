"""How each rule of the promise is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.surveys.library_rules import SHA, Desk


def promise(desk: Desk, **changed: Any) -> None:
    """Promise something in place of what was promised, past what keeps that."""
    replaced = changed.get("wave_id", desk.wave.pk)
    desk.run("SET session_replication_role = replica")
    desk.run("DELETE FROM surveys_promise WHERE wave_id = %s", replaced)
    desk.run("SET session_replication_role = origin")
    promise_once_more(desk, **changed)


def promise_once_more(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "mode": "open",
        "text_en": "We promise.",
        "text_zh_hans": "我们承诺。",
        "digest": SHA,
        "least_for_scores": 5,
        "least_for_comments": 10,
        "least_for_sensitive": 20,
        "least_batch": 10,
        "manifest": "",
    }
    desk.insert("surveys_promise", **(row | changed))


def cell(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "parent_id": None,
        "name_en": "Team",
        "name_zh_hans": "团队",
        "key": "",
        "invited": 8,
        "printed": False,
    }
    row |= changed
    desk.insert("surveys_cell", **row)
    key: UUID = row["id"]
    return key


def twice(write: Callable[..., Any], desk: Desk, **same: Any) -> None:
    write(desk, **same)
    write(desk, **same)


def reword_promise(desk: Desk) -> None:
    promise(desk)
    desk.run("UPDATE surveys_promise SET text_en = 'We promise less.'")


def take_cell_away(desk: Desk) -> None:
    cell(desk)
    desk.run("DELETE FROM surveys_cell")


def rename_cell(desk: Desk) -> None:
    cell(desk)
    desk.run("UPDATE surveys_cell SET name_en = 'Ms. Wu alone'")


def lower_threshold(desk: Desk) -> None:
    promise(desk, least_for_scores=7)
    desk.run("UPDATE surveys_wave SET state = 'closed', closed_at = opened_at")
    later = uuid4()
    desk.next_wave(id=later)  # type: ignore[attr-defined]
    promise(desk, wave_id=later)


def more_answers_than_credentials(desk: Desk) -> None:
    cell(desk)
    desk.run("UPDATE surveys_cell SET issued = 3, reissued = 1, answered = 5")


PROMISE_RULES: dict[str, Callable[[Any], object]] = {
    "promise_one_per_wave": promise_once_more,
    "promise_digest_is_sha256": lambda d: promise(d, digest="x"),
    "promise_keeps_the_floors": lambda d: promise(d, least_for_scores=4),
    "promise_in_both_languages": lambda d: promise(d, text_zh_hans=""),
    "promise_wave_of_organization": lambda d: promise(d, wave_id=uuid4(), mode="open"),
    "promise_is_immutable": reword_promise,
    "promise_is_kept": lambda d: d.run("DELETE FROM surveys_promise"),
    "promise_thresholds_only_rise": lower_threshold,
    "promise_is_of_the_surveys_mode": lambda d: promise(d, mode="anonymous"),
    "cell_key_of_wave": lambda d: twice(cell, d, id=uuid4()),
    "cell_is_made_of_its_own": lambda d: twice(cell, d, key=SHA),
    "cell_made_of_is_sha256": lambda d: cell(d, key="Sales"),
    "cell_has_both_names": lambda d: cell(d, name_en=""),
    "cell_is_large_enough": lambda d: cell(d, invited=7),
    "cell_answered_with_credentials": more_answers_than_credentials,
    "cell_wave_of_organization": lambda d: cell(d, wave_id=uuid4()),
    "cell_parent_of_wave": lambda d: cell(d, parent_id=uuid4()),
    "cell_is_immutable": rename_cell,
    "cell_is_kept": take_cell_away,
    "response_cell_of_wave": lambda d: d.response(cell_id=uuid4()),
}

PROMISE_PRIMARY_KEYS = {
    "cell_key_of_wave": "surveys_cell_pkey",
    "promise_one_per_wave": "surveys_promise_wave_id_key",
}
