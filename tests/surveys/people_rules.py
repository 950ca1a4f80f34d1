"""How each rule of people, units and lists is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import Desk
from tests.surveys.promise_rules import twice


def unit(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "parent_id": None,
        "code": str(uuid4()),
        "name_en": "Sales",
        "name_zh_hans": "销售",
    }
    row |= changed
    desk.insert("surveys_unit", **row)
    key: UUID = row["id"]
    return key


def unit_twice(desk: Desk) -> None:
    unit(desk, code="North")
    unit(desk, code="NORTH")


def attribute(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "code": "site",
        "name_en": "Site",
        "name_zh_hans": "地点",
    }
    desk.insert("surveys_attribute", **(row | changed))


def person(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "key": str(uuid4()),
        "email": "",
        "phone": "",
        "name": "Wu Lan",
        "language": "",
        "unit_id": None,
        "attributes": Jsonb({}),
        "active": True,
    }
    desk.insert("surveys_participant", **(row | changed))


def people_list(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "filename": "people.csv",
        "size": 1,
        "uploaded_at": NOW,
        "changed_at": NOW,
        "encoding": "utf-8-sig",
        "separator": ",",
        "formulas": 0,
        "header": Jsonb([]),
        "mapping": Jsonb([]),
        "create_units": True,
        "mark_missing": False,
        "state": "uploaded",
        "progress": 0,
        "counts": Jsonb({}),
        "failure": None,
    }
    row |= changed
    desk.insert("surveys_peoplelist", **row)
    key: UUID = row["id"]
    return key


def row_of_list(desk: Desk, **changed: Any) -> None:
    texts = ("key", "email", "phone", "name", "language", "unit", "unit_parent")
    row = {
        "organization_id": desk.key,
        "line": 2,
        **dict.fromkeys(texts, ""),
        "unit_name": "",
        "attributes": Jsonb({}),
        "wrong": Jsonb([]),
        "conflict": Jsonb([]),
        "fate": "",
        "moved": False,
    }
    desk.insert("surveys_peoplerow", **(row | changed))


def go_in_a_circle(desk: Desk) -> None:
    top = unit(desk)
    below = unit(desk, parent_id=unit(desk, parent_id=top))
    desk.run("UPDATE surveys_unit SET parent_id = %s WHERE id = %s", below, top)


def same_number_in_another_case(desk: Desk) -> None:
    person(desk, key="a1")
    person(desk, key="A1")


def same_address_in_another_case(desk: Desk) -> None:
    person(desk, email="lan@example.org")
    person(desk, email="Lan@Example.org")


STRANGE = uuid4()

PEOPLE_RULES: dict[str, Callable[[Any], object]] = {
    "unit_key_of_organization": lambda d: twice(unit, d, id=STRANGE),
    "unit_is_named": lambda d: unit(d, name_zh_hans=""),
    "unit_code_unique": unit_twice,
    "unit_parent_of_organization": lambda d: unit(d, parent_id=STRANGE),
    "unit_has_no_cycle": go_in_a_circle,
    "attribute_code_unique": lambda d: twice(attribute, d),
    "attribute_is_named": lambda d: attribute(d, name_en=""),
    "participant_key_of_organization": lambda d: twice(person, d, id=STRANGE),
    "participant_number_unique": same_number_in_another_case,
    "participant_email_unique": same_address_in_another_case,
    "participant_can_be_told_apart": lambda d: person(d, key="", name=""),
    "participant_language_known": lambda d: person(d, language="fr"),
    "participant_unit_of_organization": lambda d: person(d, unit_id=STRANGE),
    "participant_attributes_are_an_object": lambda d: person(d, attributes=Jsonb([1])),
    "people_list_key_of_organization": lambda d: twice(people_list, d, id=STRANGE),
    "people_list_state_known": lambda d: people_list(d, state="lost"),
    "people_list_progress_in_percent": lambda d: people_list(d, progress=101),
    "people_list_says_why_iff_failed": lambda d: people_list(d, state="failed"),
    "people_part_of_list": lambda d: d.insert(
        "surveys_peoplelistpart",
        organization_id=d.key,
        people_list_id=STRANGE,
        number=0,
        data=b"x",
    ),
    "people_row_of_list": lambda d: row_of_list(d, people_list_id=STRANGE),
    "people_row_fate_known": lambda d: row_of_list(
        d, people_list_id=people_list(d), fate="lost"
    ),
}
PEOPLE_PRIMARY_KEYS = {
    "unit_key_of_organization": "surveys_unit_pkey",
    "participant_key_of_organization": "surveys_participant_pkey",
    "people_list_key_of_organization": "surveys_peoplelist_pkey",
}
