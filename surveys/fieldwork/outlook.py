"""Whom a survey would ask now, in which groups, and on which days; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from surveys.actions import WITH_CREDENTIALS
from surveys.definition import Text
from surveys.fieldwork.calendar import Occasion, Rule, occasions
from surveys.fieldwork.cells import Cells, Fate, Outlook, TooFewPeople
from surveys.fieldwork.inviting import cells_for
from surveys.fieldwork.reportable import Prospect, innermost, prospects
from surveys.fieldwork.sampling import Whom, draw
from surveys.models import Unit
from surveys.promise import Thresholds

SHOWN = 4  # occasions


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit, or one value of the attribute in a unit, and what becomes of it.

    Attributes
    ----------
    depth : int
        How many units stand above it.
    people : int
        Asked, with everybody below.
    others : sequence of Text
        What else is in the smallest group that holds all its people.
    within : Text or None
        Name of that group, where it is one whole unit.
    """

    name: Text
    depth: int
    people: int
    fate: Fate
    others: Sequence[Text]
    within: Text | None


@dataclass(frozen=True, slots=True)
class Audience:
    """What a draw would give.

    Attributes
    ----------
    people, unreachable, resting : int
        Asked; without a working address; asked by another wave lately.
    groups : sequence of Prospect
        Of modes that report groups.
    too_few : bool
        Whether there are fewer people than the smallest group.
    small : int
        Units of eight people or more of which the draw takes fewer than eight.
    units : sequence of UnitRow
        In the order of the tree, where there are groups; who asks nobody is left out.
    empty : int
        Units of which nobody is asked.
    """

    people: int
    unreachable: int
    resting: int
    groups: Sequence[Prospect]
    too_few: bool
    small: int = 0
    units: Sequence[UnitRow] = ()
    empty: int = 0

    @property
    def teams(self) -> int:
        """Groups that a report may show beside each other, for the planner."""
        return innermost(self.groups)


def audience(
    whom: Whom, *, mode: str, thresholds: Thresholds, at: datetime
) -> Audience:
    """Try a draw, inside the organization's transaction."""
    drawn = draw(whom, at=at)
    groups: Sequence[Prospect] = ()
    units: list[UnitRow] = []
    too_few = not drawn.people
    if mode in WITH_CREDENTIALS:
        try:
            formed = cells_for(drawn.people, attribute=whom.split)
            groups, units = prospects(formed.cells, thresholds), _units(formed)
        except TooFewPeople:
            too_few = True
    return Audience(
        people=len(drawn.people),
        unreachable=drawn.unreachable,
        resting=drawn.resting,
        groups=groups,
        too_few=too_few,
        small=drawn.small,
        units=[one for one in units if one.fate is not Fate.EMPTY],
        empty=sum(one.fate is Fate.EMPTY for one in units),
    )


def _units(formed: Cells) -> list[UnitRow]:
    """The owner's table as a tree: each unit, then its values, then the units below."""
    above = dict(Unit.objects.values_list("pk", "parent_id"))
    below: dict[UUID | None, list[Outlook]] = {}
    for one in formed.outlook:
        key = None if one.place.unit is None else UUID(str(one.place.unit))
        parent = key if one.place.value or key is None else above[key]
        below.setdefault(parent, []).append(one)
    found: list[UnitRow] = []
    waiting = [(one, 0) for one in reversed(below.get(None, []))]
    while waiting:
        one, depth = waiting.pop()
        group = None if one.cell is None else formed.cells[one.cell]
        within = group.name if group and len(group.parts) == 1 else None
        found.append(UnitRow(one.name, depth, one.total, one.fate, one.others, within))
        if not one.place.value and one.place.unit is not None:
            inside = below.get(UUID(str(one.place.unit)), [])
            inside = sorted(inside, key=lambda part: not part.place.value)
            waiting += [(part, depth + 1) for part in reversed(inside)]
    return found


def next_occasions(rule: Rule, *, after: datetime) -> list[Occasion]:
    """The next few occasions that open after a moment."""
    coming = (one for one in occasions(rule) if one.opens_at > after)
    return list(islice(coming, SHOWN))
