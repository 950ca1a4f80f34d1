"""The tree of units as pages show it, and changing it by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from surveys.models import Participant, Unit


@dataclass(slots=True)
class Branch:
    """A unit in the order of a reader.

    Attributes
    ----------
    own, total : int
        Active people of the unit itself, and with those below it.
    opens : bool
        Whether it is the first below its unit.
    closes : range
        As long as the number of lists that end with it.
    """

    unit: Unit
    depth: int
    own: int = 0
    total: int = 0
    opens: bool = False
    closes: range = range(0)


def branches(*, count: bool = False) -> list[Branch]:
    """Every unit, each after the one above it and by name beside the others."""
    people = Count("participant", filter=Q(participant__active=True))
    units = Unit.objects.order_by("name_en", "code")
    below: dict[UUID | None, list[Unit]] = {}
    for unit in units.annotate(own=people) if count else units:
        below.setdefault(unit.parent_id, []).append(unit)
    found: list[Branch] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append(Branch(unit, depth, getattr(unit, "own", 0)))
        waiting += [(one, depth + 1) for one in reversed(below.get(unit.pk, []))]
    _add_up(found)
    return found


def _add_up(found: Sequence[Branch]) -> None:
    before = -1
    for at, branch in enumerate(found):
        branch.opens = branch.depth > before
        following = found[at + 1].depth if at + 1 < len(found) else 0
        branch.closes = range(max(0, branch.depth - following))
        before = branch.depth
    totals: dict[UUID | None, int] = {}
    for branch in reversed(found):
        branch.total = branch.own + totals.get(branch.unit.pk, 0)
        above = branch.unit.parent_id
        totals[above] = totals.get(above, 0) + branch.total


def within(unit_id: UUID, tree: Iterable[Branch]) -> list[UUID]:
    """A unit and everything below it."""
    inside: set[UUID] = {unit_id}
    for branch in tree:
        if branch.unit.parent_id in inside:
            inside.add(branch.unit.pk)
    return list(inside)


@transaction.atomic
def merge(unit: Unit, into: Unit) -> int:
    """Give people and units below to another unit, which is not below; remove it."""
    moved = Participant.objects.filter(unit=unit).update(unit=into)
    Unit.objects.filter(parent=unit).update(parent=into)
    Unit.objects.filter(pk=unit.pk).delete()
    return moved


@transaction.atomic
def remove(unit: Unit) -> int:
    """Remove a unit; what was below it belongs to the unit above, or to none."""
    moved = Participant.objects.filter(unit=unit).update(unit=unit.parent_id)
    Unit.objects.filter(parent=unit).update(parent=unit.parent_id)
    Unit.objects.filter(pk=unit.pk).delete()
    return moved
