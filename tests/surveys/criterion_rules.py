"""How each rule of business outcomes is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import Desk
from tests.surveys.people_rules import person


def criterion(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "code": "REPURCHASE",
        "name_en": "Repurchase",
        "name_zh_hans": "复购",
        "kind": "binary",
        "direction": "more",
    }
    row |= changed
    desk.insert("surveys_criterion", **row)
    key: UUID = row["id"]
    return key


def criterion_twice(desk: Desk) -> None:
    criterion(desk)
    criterion(desk, code="repurchase")


def somebody(desk: Desk) -> UUID:
    key = uuid4()
    person(desk, id=key)
    return key


def value(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "participant_id": changed.pop("participant_id", None) or somebody(desk),
        "criterion_id": changed.pop("criterion_id", None) or criterion(desk),
        "kind": "binary",
        "date": NOW.date(),
        "value": 1.0,
    }
    desk.insert("surveys_criterionvalue", **(row | changed))


def window(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "first_day": 1,
        "last_day": 90,
        "take": "highest",
    }
    desk.insert("surveys_criterionwindow", **(row | changed))


def file(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "filename": "values.csv",
        "uploaded_at": NOW,
        "encoding": "utf-8-sig",
        "separator": ",",
        "header": Jsonb([]),
        "mapping": Jsonb([]),
        "data": b"",
    }
    row |= changed
    desk.insert("surveys_criterionfile", **row)
    key: UUID = row["id"]
    return key


def told_afterwards(desk: Desk) -> None:
    desk.run("UPDATE surveys_wave SET joins_outcomes = true")


def joined_in_another_mode(desk: Desk) -> None:
    desk.next_wave(joins_outcomes=True)  # type: ignore[attr-defined]


CRITERION_RULES: dict[str, Callable[[Any], object]] = {
    "criterion_key_with_kind": lambda d: criterion(d, id=criterion(d), code="OTHER"),
    "criterion_code_unique": criterion_twice,
    "criterion_code_is_a_name": lambda d: criterion(d, code="=1+1"),
    "criterion_is_named": lambda d: criterion(d, name_zh_hans=""),
    "criterion_kind_known": lambda d: criterion(d, kind="colour"),
    "criterion_direction_known": lambda d: criterion(d, direction="left"),
    "criterion_value_is_finite": lambda d: value(
        d, kind="number", criterion_id=criterion(d, kind="number"), value=float("nan")
    ),
    "criterion_value_is_yes_or_no": lambda d: value(d, value=0.5),
    "criterion_value_of_participant": lambda d: value(d, participant_id=uuid4()),
    "criterion_value_of_criterion": lambda d: value(d, kind="number"),
    "criterion_window_is_after": lambda d: window(d, first_day=0),
    "criterion_window_has_days": lambda d: window(d, first_day=9, last_day=8),
    "criterion_window_take_known": lambda d: window(d, take="nicest"),
    "criterion_window_of_survey": lambda d: window(d, survey_id=uuid4()),
    "criterion_file_key_of_organization": lambda d: file(d, id=file(d)),
    "survey_joins_outcomes_where_identified": lambda d: d.survey(joins_outcomes=True),
    "wave_joins_outcomes_where_identified": joined_in_another_mode,
    "wave_joining_is_frozen": told_afterwards,
}

CRITERION_PRIMARY_KEYS = {
    "criterion_key_with_kind": "surveys_criterion_pkey",
    "criterion_file_key_of_organization": "surveys_criterionfile_pkey",
}
