"""Which groups of a release a member may see: managers their own and those above."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from analytics.release_parts import EVERYONE, SegmentsPart
from analytics.release_sections import Parts
from surveys.fieldwork.cells import key_of_unit
from surveys.models import ManagedUnit, Membership, Unit, Wave
from surveys.models.people import Role
from surveys.reading import managed_cells


def visible_keys(
    membership: Membership, wave: Wave, parts: Parts
) -> frozenset[str] | None:
    """Return the keys of the segments that a member may see; None: all of them."""
    if membership.role != Role.MANAGER:
        return None
    part = parts.segments
    return frozenset() if part is None else managed_keys(membership, wave, part)


def require_something(parts: Parts) -> None:
    """Refuse a manager none of whose units was asked in the wave.

    Raises
    ------
    PermissionDenied
    """
    if parts.visible is not None and not parts.visible:
        raise PermissionDenied(
            _("None of your units was asked in this wave, so it has no report for you.")
        )


def managed_keys(
    membership: Membership, wave: Wave, part: SegmentsPart
) -> frozenset[str]:
    """Return the keys of a manager's units and of everything above them.

    A unit that was put together with others is seen as that group. Nothing beside or
    below the units is seen, and nothing at all by who manages none of the wave.
    """
    above = {one.key: one.parent for one in part.segments if one.kind == "unit"}
    above[EVERYONE] = None
    seen: set[str] = set()
    for start in own_keys(membership, wave, part):
        at: str | None = start
        while at is not None:
            seen.add(at)
            at = above[at]
    return frozenset(seen)


def own_keys(membership: Membership, wave: Wave, part: SegmentsPart) -> frozenset[str]:
    """Return the smallest segment of the release that holds each of a manager's units."""
    return frozenset(_starts(membership, wave, part))


def _starts(membership: Membership, wave: Wave, part: SegmentsPart) -> Iterable[str]:
    """Yield the smallest segment of the release that holds each unit."""
    of_cell = {one.cell: one.key for one in part.segments if one.cell is not None}
    if of_cell:
        for line in managed_cells(membership, wave):
            own = next((of_cell[str(c)] for c in line if str(c) in of_cell), None)
            if own is not None:
                yield own
        return
    # who is known by name is grouped by the units themselves
    known = {one.key for one in part.segments if one.kind == "unit"}
    units = list(
        ManagedUnit.objects.filter(membership=membership).values_list(
            "unit_id", flat=True
        )
    )
    above = dict(Unit.objects.values_list("id", "parent_id")) if units else {}
    for unit in units:
        found = next((k for k in _keys_from(unit, above) if k in known), None)
        if found is not None:
            yield found


def _keys_from(unit: UUID, above: Mapping[UUID, UUID | None]) -> Iterable[str]:
    at: UUID | None = unit
    while at is not None:
        yield f"unit:{key_of_unit(at)}"
        at = above[at]
