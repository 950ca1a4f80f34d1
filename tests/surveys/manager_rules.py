"""How each rule of managers and sections is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.surveys.library_rules import Desk
from tests.surveys.people_rules import unit
from tests.surveys.promise_rules import cell


def member(desk: Desk, role: str = "manager") -> UUID:
    """Give the only member of the desk another role."""
    (found,) = desk.connection.execute(  # type: ignore[attr-defined]
        "UPDATE surveys_membership SET role = %s RETURNING id", [role]
    ).fetchone() or (uuid4(),)
    key: UUID = found
    return key


def member_again(desk: Desk, **changed: Any) -> None:
    row = {"id": uuid4(), "organization_id": desk.key, "user_id": 0, "role": "owner"}
    desk.insert("surveys_membership", **(row | changed))


def managed(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "membership_id": changed.pop("membership_id", None) or member(desk),
        "role": "manager",
        "unit_id": changed.pop("unit_id", None) or unit(desk),
    }
    desk.insert("surveys_managedunit", **(row | changed))


def demoted(desk: Desk) -> None:
    managed(desk)
    member(desk, role="analyst")


def cell_unit(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "unit_id": changed.pop("unit_id", None) or unit(desk),
        "cell_id": changed.pop("cell_id", None) or cell(desk),
    }
    desk.insert("surveys_cellunit", **(row | changed))


def change_cell_unit(desk: Desk) -> None:
    cell_unit(desk)
    desk.run("UPDATE surveys_cellunit SET cell_id = %s", cell(desk))


def sections(desk: Desk, role: str, *names: str) -> None:
    desk.insert(
        "surveys_rolesections",
        organization_id=desk.key,
        role=role,
        sections=list(names),
    )


MANAGER_RULES: dict[str, Callable[[Any], object]] = {
    "membership_key_of_organization": lambda d: member_again(d, id=member(d)),
    "membership_key_with_role": lambda d: member_again(d, id=member(d)),
    "managed_unit_is_of_a_manager": lambda d: managed(d, role="analyst"),
    "managed_unit_has_its_manager": demoted,
    "managed_unit_of_organization": lambda d: managed(d, unit_id=uuid4()),
    "cell_unit_of_organization": lambda d: cell_unit(d, unit_id=uuid4()),
    "cell_unit_wave_of_organization": lambda d: cell_unit(d, wave_id=uuid4()),
    "cell_unit_of_wave": lambda d: cell_unit(d, cell_id=uuid4()),
    "cell_unit_is_immutable": change_cell_unit,
    "role_sections_of_a_reader": lambda d: sections(d, "owner", "glance"),
    "role_sections_known": lambda d: sections(d, "analyst", "gossip"),
    "role_sections_spare_comments": lambda d: sections(d, "manager", "comments"),
}

MANAGER_PRIMARY_KEYS = {
    "membership_key_of_organization": "surveys_membership_pkey",
    "membership_key_with_role": "surveys_membership_pkey",
}
