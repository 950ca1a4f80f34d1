"""Units that a list names: found among those there are, or planned as new. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from surveys.people.rows import LEVELS, parts_of

LONGEST_NAME = 200
LONGEST_CODE = 100

Named = tuple[str, str]  # unit and unit above, as the rows have them


@dataclass(frozen=True, slots=True)
class KnownUnit:
    key: UUID
    parent: UUID | None
    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made; those above others come first."""

    key: UUID
    parent: UUID | None
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit as rows name it, with its name where a column has one."""

    unit: str
    parent: str = ""
    name: str = ""


@dataclass(slots=True)
class Plan:
    """Where every unit that is named leads to.

    Attributes
    ----------
    unit_of : dict
        Unit by what rows say.
    problems : dict
        Code of a finding by what rows say.
    new : list of NewUnit
        In an order in which they can be stored.
    moved : dict
        Known units that get another unit above them.
    """

    unit_of: dict[Named, UUID] = field(default_factory=dict)
    problems: dict[Named, str] = field(default_factory=dict)
    new: list[NewUnit] = field(default_factory=list)
    moved: dict[UUID, UUID | None] = field(default_factory=dict)


def plan_paths(
    known: Sequence[KnownUnit], wanted: Iterable[Wanted], *, create: bool
) -> Plan:
    """Follow paths of names from the top; a single name may stand anywhere."""
    plan, tree = Plan(), _Tree(known)
    for one in wanted:
        named = (one.unit, one.parent)
        parts = parts_of(one.unit)
        if any(len(part) > LONGEST_NAME for part in parts):
            plan.problems[named] = "unit_too_long"
            continue
        if len(parts) == 1:
            alone = tree.anywhere(parts[0])
            if len(alone) > 1:
                plan.problems[named] = "unit_ambiguous"
                continue
            if alone:
                plan.unit_of[named] = alone[0]
                continue
        found = tree.follow(parts)
        if len(found) < len(parts) and not create:
            plan.problems[named] = "unit_unknown"
            continue
        for depth in range(len(found), len(parts)):
            above = found[-1] if found else None
            unit = _new(parts[: depth + 1], above, tree)
            plan.new.append(unit)
            found.append(unit.key)
        plan.unit_of[named] = found[-1]
    return plan


class _Tree:
    """Units by name and place, growing while units are planned."""

    def __init__(self, known: Sequence[KnownUnit]) -> None:
        self.codes = {unit.code.casefold(): unit.key for unit in known}
        self.below: dict[tuple[UUID | None, str], UUID] = {}
        self.named: dict[str, list[UUID]] = {}
        for unit in known:
            self.add(unit.key, unit.parent, unit.names)

    def add(self, key: UUID, parent: UUID | None, names: Iterable[str]) -> None:
        for name in {name.casefold() for name in names}:
            self.below.setdefault((parent, name), key)
            self.named.setdefault(name, []).append(key)

    def anywhere(self, name: str) -> list[UUID]:
        """Units of this code, else the top unit of this name, else all of the name."""
        code = self.codes.get(name.casefold())
        top = code or self.below.get((None, name.casefold()))
        return [top] if top else self.named.get(name.casefold(), [])

    def follow(self, parts: Sequence[str]) -> list[UUID]:
        found: list[UUID] = []
        for part in parts:
            above = found[-1] if found else None
            key = self.below.get((above, part.casefold()))
            if key is None:
                break
            found.append(key)
        return found


def _new(parts: Sequence[str], above: UUID | None, tree: _Tree) -> NewUnit:
    code = f" {LEVELS} ".join(parts)
    if len(code) > LONGEST_CODE or code.casefold() in tree.codes:
        digest = hashlib.sha256("\x1f".join(parts).casefold().encode()).hexdigest()[:12]
        code = f"{code[: LONGEST_CODE - 13]} {digest}"
    unit = NewUnit(uuid4(), above, code, parts[-1])
    tree.codes[code.casefold()] = unit.key
    tree.add(unit.key, above, [parts[-1]])
    return unit


def plan_codes(
    known: Sequence[KnownUnit], wanted: Iterable[Wanted], *, create: bool
) -> Plan:
    """Find units by code; codes of the units above them build and change the tree."""
    plan, coded = Plan(), _Coded(known)
    wanted = list(wanted)
    for one in wanted:
        problem = coded.listen(one, create=create)
        if problem:
            plan.problems[one.unit, one.parent] = problem
    circles = _in_circles(coded.above)
    for code in coded.above:
        if code not in circles:
            _place(code, coded, plan)
    for one in wanted:
        named, code = (one.unit, one.parent), one.unit.casefold()
        if code in circles:
            plan.problems.setdefault(named, "unit_cycle")
        if named not in plan.problems:
            plan.unit_of[named] = coded.keys[code]
    return plan


class _Coded:
    """The tree by codes in one case: as it is, and as a list wants it."""

    def __init__(self, known: Sequence[KnownUnit]) -> None:
        self.keys = {unit.code.casefold(): unit.key for unit in known}
        codes = {key: code for code, key in self.keys.items()}
        self.before = {
            unit.code.casefold(): codes.get(unit.parent, "") if unit.parent else ""
            for unit in known
        }
        self.above = dict(self.before)
        self.said: set[str] = set()
        self.written: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def listen(self, one: Wanted, *, create: bool) -> str:
        """Take in what a list says of a unit; return the code of what is wrong."""
        code, parent = one.unit.casefold(), one.parent.casefold()
        if not create and not {code, parent or code} <= self.before.keys():
            return "unit_unknown"
        self.written.setdefault(code, one.unit)
        if one.name:
            self.names.setdefault(code, one.name)
        self.above.setdefault(code, "")
        if not parent:
            return ""
        self.written.setdefault(parent, one.parent)
        self.above.setdefault(parent, "")
        if code in self.said and self.above[code] != parent:
            return "unit_two_parents"
        self.said.add(code)
        self.above[code] = parent
        return ""


def _in_circles(above: Mapping[str, str]) -> set[str]:
    """Codes from which the way up never ends."""
    ends: dict[str, bool] = {"": True}
    for start in above:
        way: list[str] = []
        here, seen = start, set[str]()
        while here not in ends and here not in seen:
            way.append(here)
            seen.add(here)
            here = above[here]
        end = ends.get(here, False)
        ends |= dict.fromkeys(way, end)
    return {code for code, end in ends.items() if not end}


def _place(code: str, coded: _Coded, plan: Plan) -> None:
    """Plan a unit that is new or stands elsewhere, after those above it."""
    way = [code]
    while (parent := coded.above[way[-1]]) and parent not in coded.keys:
        way.append(parent)
    for one in reversed(way):
        parent_key = coded.keys.get(coded.above[one])
        if one not in coded.keys:
            written = coded.written[one]
            name = coded.names.get(one, written)
            unit = NewUnit(uuid4(), parent_key, written, name)
            plan.new.append(unit)
            coded.keys[one] = unit.key
        elif one in coded.said and coded.before.get(one) not in (
            None,
            coded.above[one],
        ):
            plan.moved[coded.keys[one]] = parent_key
