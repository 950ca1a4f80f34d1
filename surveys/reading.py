"""What a member may see of a report: which sections, and which cells of a wave."""

from collections.abc import Mapping
from uuid import UUID

from surveys.models import Cell, CellUnit, ManagedUnit, Membership, RoleSections, Wave
from surveys.models.managers import (
    EVERY_SECTION,
    NEVER_FOR_MANAGERS,
    SECTIONS_AT_FIRST,
    Section,
)
from surveys.models.people import Role


def sections_of(membership: Membership) -> frozenset[Section]:
    """Return the sections of a report that a member sees; nobody else decides it.

    Owners see all; analysts, managers and auditors what the owners let their role see;
    who only works in the field sees none. Managers never read comments.
    """
    if membership.role == Role.OWNER:
        return EVERY_SECTION
    seen = sections_of_roles(membership.organization_id)
    return seen.get(membership.role, frozenset())


def sections_of_roles(organization_id: UUID) -> dict[str, frozenset[Section]]:
    """Return the sections of every role whose sections the owners choose."""
    chosen = {
        row.role: frozenset(Section(one) for one in row.sections)
        for row in RoleSections.objects.filter(organization_id=organization_id)
    }
    seen = {**SECTIONS_AT_FIRST, **chosen}
    seen[Role.MANAGER] -= NEVER_FOR_MANAGERS
    return seen


def managed_cells(membership: Membership, wave: Wave) -> list[tuple[UUID, ...]]:
    """Return the cell of each unit of a manager in a wave, then the cells above it.

    The first of a line is the smallest cell that held everybody of the unit when the
    wave was prepared. A unit of which nobody was invited has no line.
    """
    units = ManagedUnit.objects.filter(membership=membership).values("unit_id")
    own = CellUnit.objects.filter(wave=wave, unit_id__in=units)
    starts = set(own.values_list("cell_id", flat=True))
    if not starts:
        return []
    above = dict(Cell.objects.filter(wave=wave).values_list("id", "parent_id"))
    return [_line(start, above) for start in sorted(starts)]


def _line(start: UUID, above: Mapping[UUID, UUID | None]) -> tuple[UUID, ...]:
    line = [start]
    while (higher := above[line[-1]]) is not None:
        line.append(higher)
    return tuple(line)
