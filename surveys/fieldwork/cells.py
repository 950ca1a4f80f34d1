"""Form the groups a wave may ever report, from the tree of units and who is invited.

Pure: no database. Everyone invited belongs to exactly one cell; a cell with people of
its own has at least `least` of them, so that the difference between any group and a
group inside it is nobody or at least `least` people (the complement rule). Teams that
are too small join their siblings or the unit above them; the few who belong directly to
a unit join its smallest group, or take the only group there is into the unit.
`grouping` chooses, `packing` puts small siblings together; tests/surveys/test_cells.py
measures the choice against all possibilities.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from surveys.definition import Text
from surveys.fieldwork.grouping import (
    Group,
    Key,
    Node,
    Place,
    best_groups,
    from_leaves,
    walk,
)

__all__ = [
    "LEAST",
    "Cells",
    "Fate",
    "FormedCell",
    "Outlook",
    "Place",
    "TooFewPeople",
    "TreeUnit",
    "form_cells",
    "key_of_unit",
]

Part = tuple[Node, bool]  # a unit, and whether whole or only its direct people
LEAST = 8
EVERYONE = Text("Everyone", "全体人员")
WITHOUT_UNIT = Text("People without a unit", "未归属单位的人员")
NAMED = 3  # parts that are named in the name of a joint cell
LONGEST = 200  # characters, as in the table of cells


@dataclass(frozen=True, slots=True)
class TreeUnit:
    key: Key
    name: Text
    parent: Key | None = None


@dataclass(frozen=True, slots=True)
class FormedCell:
    """A group to be: fits `surveys.launching.NewCell` by name, invited and parent.

    Attributes
    ----------
    parts : tuple of Text
        Names of everything whose people are in the group.
    invited : int
        People of the cell itself; 0 where it only stands above others.
    total : int
        With everybody in the cells below it.
    parent : int or None
        Position of the cell above, always earlier in the list.
    key : str
        Sha256 of what `parts` names, by its ids: the same in the next wave as long as
        the group is made of the same units, whoever is in them.
    """

    name: Text
    parts: tuple[Text, ...]
    invited: int
    total: int
    parent: int | None
    key: str


class Fate(StrEnum):
    """What becomes of a unit; the owner's table says it in a sentence."""

    ALONE = "alone"  # reported as it is
    SMALL = "small"  # fewer than `least`, so reported with others
    DIFFERENCE = "difference"  # alone it would give away the few people beside it
    EMPTY = "empty"  # nobody of it is invited


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the owner is told of one unit (or one value of the attribute in a unit).

    `cell` is the position of the smallest group that holds all its people; `others` are
    the names of what else is in that group.
    """

    place: Place
    name: Text
    total: int
    fate: Fate
    cell: int | None
    others: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells, those above others first; the cell of every place; the owner's table."""

    cells: tuple[FormedCell, ...]
    cell_of: Mapping[Place, int]
    outlook: tuple[Outlook, ...]


class TooFewPeople(ValueError):
    """Fewer are invited than the smallest group that may be reported."""

    def __init__(self, invited: int, least: int) -> None:
        self.invited, self.least = invited, least
        super().__init__(
            f"{invited} people are invited, and no group may be smaller than {least};"
            " invite more people or use a survey without groups."
        )


def form_cells(
    units: Sequence[TreeUnit],
    people: Mapping[Place, int],
    *,
    least: int = LEAST,
    values: Mapping[str, Text] | None = None,
) -> Cells:
    """Form as many reportable groups as the rules allow.

    Parameters
    ----------
    units
        The whole tree, in the order of the owner's table; parents may stand anywhere.
    people
        How many are invited by their own unit; with values of one attribute where the
        wave is to be split by it.
    least
        At least 8; a survey may only ask for more.
    values
        Names of the attribute's values; a value without one is named by itself.

    Raises
    ------
    TooFewPeople
        Fewer than `least` are invited in all.
    ValueError
        `least` below 8, a negative number, an unknown unit, a cycle or a double key.
    """
    if least < LEAST:
        raise ValueError(f"Groups of {least} are too small; the least is {LEAST}.")
    root, nodes = _plant(units, people, values or {})
    order = from_leaves(root)
    if len(order) != len(nodes) + 1:
        raise ValueError(
            "The tree of units has a cycle; no unit may stand above itself."
        )
    for bit, node in enumerate(order):
        node.bit = 1 << bit if node.own else 0
        node.total = node.own + sum(below.total for below in node.below)
        node.mask = node.bit + sum(below.mask for below in node.below)
    if root.total < least:
        raise TooFewPeople(root.total, least)
    return _Telling(best_groups(root, order, least), order, least).cells(nodes)


def _plant(
    units: Sequence[TreeUnit], people: Mapping[Place, int], values: Mapping[str, Text]
) -> tuple[Node, list[Node]]:
    """Build the tree under one root; values of the attribute hang below their unit."""
    root = Node(Place(None), EVERYONE)
    known: dict[Key | None, Node] = {None: root}
    for unit in units:
        if unit.key in known:
            raise ValueError(f"The unit {unit.key!r} is listed twice.")
        known[unit.key] = Node(Place(unit.key), unit.name)
    for unit in units:
        if unit.parent not in known:
            raise ValueError(f"The unit above {unit.key!r} is not in the list.")
        known[unit.parent].hang(known[unit.key])
    nodes = [known[unit.key] for unit in units]
    for place in sorted(people, key=lambda place: place.value):
        count = people[place]
        if place.unit not in known or count < 0:
            raise ValueError(f"{count} people cannot stand at {place!r}.")
        if not place.value:
            known[place.unit].own += count
        elif count:
            node = Node(place, _value_name(place, known[place.unit], values), own=count)
            known[place.unit].hang(node)
            nodes.append(node)
    return root, nodes


def _value_name(place: Place, unit: Node, values: Mapping[str, Text]) -> Text:
    value = values.get(place.value, Text(place.value, place.value))
    if place.unit is None:
        return value
    return Text(
        f"{unit.name.en} · {value.en}", f"{unit.name.zh_hans} · {value.zh_hans}"
    )


class _Telling:
    """Names of the groups, and what is said of every unit."""

    def __init__(self, top: Group, order: Sequence[Node], least: int) -> None:
        self.order, self.least = order, least
        self.groups = walk(top)
        self.at = {group: index for index, group in enumerate(self.groups)}
        self.above = {below: group for group in self.groups for below in group.below}
        self.mask: dict[Group, int] = {}
        for group in reversed(self.groups):
            self.mask[group] = sum(node.bit for node in group.people) + sum(
                self.mask[below] for below in group.below
            )
        self.exact = {mask: group for group, mask in self.mask.items()}
        self.group_of = {node: group for group in self.groups for node in group.people}

    def cells(self, nodes: Sequence[Node]) -> Cells:
        whole = {group: self.whole(self.mask[group]) for group in self.groups}
        parts = {group: _named(whole[group]) for group in self.groups}
        cells = tuple(
            FormedCell(
                name=self.name(group, parts[group]),
                parts=parts[group],
                invited=sum(node.own for node in group.people),
                total=group.total,
                parent=self.at[self.above[group]] if group in self.above else None,
                key=_key(whole[group]),
            )
            for group in self.groups
        )
        return Cells(
            cells,
            {node.place: self.at[group] for node, group in self.group_of.items()},
            tuple(self.outlook(node) for node in nodes),
        )

    def whole(self, mask: int) -> tuple[Part, ...]:
        """What a set of places is made of, whole units where they are whole."""
        found = []
        while mask:
            node = self.order[mask.bit_length() - 1]
            if node.mask & mask != node.mask:
                found.append((node, False))
                mask -= node.bit
                continue
            while node.above and node.above.mask & mask == node.above.mask:
                node = node.above
            found.append((node, True))
            mask -= node.mask
        return tuple(found)

    def name(self, group: Group, parts: tuple[Text, ...]) -> Text:
        node = group.node
        if node is None or node.mask != self.mask[group]:
            return _joint(parts)
        path = [node.name]
        above = node.above
        while above and above.above and above.mask not in self.exact:
            path.insert(0, above.name)
            above = above.above
        return Text(
            _short(" / ".join(name.en for name in path)),
            _short(" / ".join(name.zh_hans for name in path)),
        )

    def outlook(self, node: Node) -> Outlook:
        if not node.total:
            return Outlook(node.place, node.name, 0, Fate.EMPTY, None, ())
        alone = self.exact.get(node.mask)
        if alone:
            at = self.at[alone]
            return Outlook(node.place, node.name, node.total, Fate.ALONE, at, ())
        group = self.group_of[self.order[node.mask.bit_length() - 1]]
        while self.mask[group] & node.mask != node.mask:
            group = self.above[group]
        others = _named(self.whole(self.mask[group] - node.mask))
        fate = Fate.SMALL if node.total < self.least else Fate.DIFFERENCE
        return Outlook(node.place, node.name, node.total, fate, self.at[group], others)


def _named(parts: Sequence[Part]) -> tuple[Text, ...]:
    return tuple(_part_name(node, whole) for node, whole in parts)


def _part_name(node: Node, whole: bool) -> Text:
    if not whole:
        return _directly(node)
    own_only = node.above is None and node.mask == node.bit
    return WITHOUT_UNIT if own_only else node.name


def key_of_unit(unit: Key) -> str:
    """Return the key of a group that is made of one whole unit."""
    return _key([(Node(Place(unit), EVERYONE), True)])


def _key(parts: Sequence[Part]) -> str:
    """Name a group by the ids of its parts, in an order of their own."""
    ids = sorted(
        ["" if unit is None else str(unit), node.place.value, str(whole)]
        for node, whole in parts
        for unit in [node.place.unit]
    )
    return sha256(json.dumps(ids).encode()).hexdigest()


def _directly(node: Node) -> Text:
    if node.above is None:
        return WITHOUT_UNIT
    return Text(f"{node.name.en} (directly)", f"{node.name.zh_hans}（直属）")


def _joint(parts: Sequence[Text]) -> Text:
    more = len(parts) - NAMED
    named = parts[:NAMED]
    en, zh = " + ".join(part.en for part in named), "、".join(p.zh_hans for p in named)
    if more > 0:
        return Text(_short(en, f" + {more} more"), _short(zh, f"等 {len(parts)} 个"))
    return Text(_short(en), _short(zh))


def _short(name: str, end: str = "") -> str:
    room = LONGEST - len(end)
    return (name if len(name) <= room else name[: room - 1] + "…") + end
