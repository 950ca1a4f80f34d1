"""Whom a wave asks: a filter, a rest period, a random sample by unit.

A draw leaves nothing but its invitations. Chance is the operating system's
(`secrets.SystemRandom`): who is asked cannot be foreseen or tried until it fits.
"""

import secrets
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from surveys.fieldwork.inviting import has_gateway, reach
from surveys.models import Participant, Unit
from surveys.models.promise import LEAST_INVITED

Stratum = TypeVar("Stratum", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a survey asks.

    Attributes
    ----------
    units : frozenset of UUID
        With everything below them; empty: everywhere.
    attributes : mapping of str to frozenset of str
        Values that a person must have one of, for each attribute named.
    size, share : int or None
        How many of them, or how many in a hundred; neither: all.
    rest_days : int
        Whom a wave of any survey has asked within so many days is left in peace.
    on_paper : bool
        Codes are printed and drawn by hand, nobody is mailed; so an address is not needed.
    split : str
        Code of the attribute whose values part the groups of a unit; blank: none does.
    """

    units: frozenset[UUID] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    size: int | None = None
    share: int | None = None
    rest_days: int = 0
    on_paper: bool = False
    split: str = ""

    def to_data(self) -> dict[str, Any]:
        """JSON-ready; what asks for nothing is left out."""
        data = {
            "units": sorted(str(unit) for unit in self.units),
            "attributes": {k: sorted(v) for k, v in sorted(self.attributes.items())},
            "size": self.size,
            "share": self.share,
            "rest_days": self.rest_days,
            "on_paper": self.on_paper,
            "split": self.split,
        }
        return {name: value for name, value in data.items() if value}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Whom":
        """Read what `to_data` wrote."""
        return cls(
            units=frozenset(UUID(unit) for unit in data.get("units", ())),
            attributes={k: frozenset(v) for k, v in data.get("attributes", {}).items()},
            size=data.get("size"),
            share=data.get("share"),
            rest_days=data.get("rest_days", 0),
            on_paper=data.get("on_paper", False),
            split=data.get("split", ""),
        )

    def number(self, people: int) -> int:
        """How many of so many people to ask; a share is rounded up."""
        if self.size is not None:
            return min(self.size, people)
        if self.share is not None:
            return -(-people * self.share // 100)
        return people


@dataclass(frozen=True, slots=True)
class Drawn:
    """People to ask, and what became of the others.

    Attributes
    ----------
    people : sequence of Participant
        In no order.
    possible : int
        Who could have been asked: of the sample's frame, rested and reachable.
    resting : int
        Left in peace, because another wave asked them lately.
    unreachable : int
        Nobody knows a working address of theirs.
    small : int
        Units of at least eight people that fall below eight by the draw.
    """

    people: Sequence[Participant]
    possible: int
    resting: int
    unreachable: int
    small: int


def draw(whom: Whom, *, at: datetime, random: Random | None = None) -> Drawn:
    """Draw whom to ask now, inside the organization's transaction."""
    frame = _frame(whom)
    rested = _rested(frame, whom.rest_days, at)
    reached = reach(rested, by_phone=has_gateway())
    possible = [person for person, _ in reached.asked]
    unreachable = len(reached.unreachable)
    if whom.on_paper:
        possible, unreachable = [*possible, *reached.unreachable], 0
    units: dict[UUID | None, list[Participant]] = {}
    for person in possible:
        units.setdefault(person.unit_id, []).append(person)
    random = random or secrets.SystemRandom()
    sizes = {unit: len(members) for unit, members in units.items()}
    shares = allot(sizes, whom.number(len(possible)), random)
    people = [
        person
        for unit, number in shares.items()
        for person in random.sample(units[unit], number)
    ]
    random.shuffle(people)
    return Drawn(
        people=people,
        possible=len(possible),
        resting=frame.count() - len(possible) - unreachable,
        unreachable=unreachable,
        small=fallen(sizes, shares),
    )


def allot(
    sizes: Mapping[Stratum, int], number: int, random: Random
) -> dict[Stratum, int]:
    """Divide a sample among strata: in proportion, but at least eight where possible.

    Where there are too few for eight in each stratum that has eight, it is in proportion
    alone (largest remainders, ties by chance); `fallen` says how many fall below.
    """
    floors = {s: LEAST_INVITED if n >= LEAST_INVITED else 0 for s, n in sizes.items()}
    if sum(floors.values()) > number:
        return _in_proportion(sizes, number, random)
    fixed: dict[Stratum, int] = {}
    while True:
        free = {s: n for s, n in sizes.items() if s not in fixed}
        shares = _in_proportion(free, number - sum(fixed.values()), random)
        short = {s for s, n in shares.items() if n < floors[s]}
        if not short:
            return fixed | shares
        fixed |= {s: floors[s] for s in short}


def fallen(sizes: Mapping[Stratum, int], shares: Mapping[Stratum, int]) -> int:
    """Strata with eight people or more of which fewer than eight are asked."""
    return sum(
        n >= LEAST_INVITED > shares.get(stratum, 0) for stratum, n in sizes.items()
    )


def _in_proportion(
    sizes: Mapping[Stratum, int], number: int, random: Random
) -> dict[Stratum, int]:
    """Divide by largest remainders (Hamilton); never more than a stratum has."""
    total = sum(sizes.values())
    if not total:
        return dict.fromkeys(sizes, 0)
    exact = {s: divmod(n * number, total) for s, n in sizes.items()}
    shares = {s: whole for s, (whole, _) in exact.items()}
    order = list(sizes)
    random.shuffle(order)
    order.sort(key=lambda stratum: -exact[stratum][1])
    for stratum in order[: number - sum(shares.values())]:
        shares[stratum] += 1
    return shares


def _frame(whom: Whom) -> QuerySet[Participant]:
    """Everybody who may be asked by the filter."""
    frame = Participant.objects.filter(active=True, opted_out_at=None)
    if whom.units:
        frame = frame.filter(unit__in=with_below(whom.units))
    for code, values in whom.attributes.items():
        frame = frame.filter(**{f"attributes__{code}__in": sorted(values)})
    return frame


def with_below(units: Iterable[UUID]) -> set[UUID]:
    """Units and everything below them."""
    below: dict[UUID | None, list[UUID]] = {}
    for key, parent in Unit.objects.values_list("pk", "parent_id"):
        below.setdefault(parent, []).append(key)
    found: set[UUID] = set()
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting += below.get(unit, [])
    return found


def _rested(
    frame: QuerySet[Participant], days: int, at: datetime
) -> QuerySet[Participant]:
    if not days:
        return frame
    since = at - timedelta(days=days)
    return frame.exclude(invitations__wave__opened_at__gt=since)
