"""Which units stand as groups of their own: the best choice over the whole tree. Pure.

From the leaves up, every unit keeps the best option for each number of people it might
leave to the unit above (0 to `least` - 1): dynamic programming over (people left, groups
directly below). Only the packing of small siblings is not exact.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.definition import Text
from surveys.fieldwork.packing import Packing, packings

Key = Hashable
State = tuple[
    int, int
]  # people left to the unit above, groups directly below (2: more)
STANDS: State = (0, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: a unit (None: no unit), and a value of one attribute."""

    unit: Key | None
    value: str = ""


@dataclass(slots=True, eq=False)
class Node:
    """A unit, or the people of a unit with one value of the attribute."""

    place: Place
    name: Text
    above: "Node | None" = None
    own: int = 0
    total: int = 0
    bit: int = 0  # of its own people, 0 where there are none
    mask: int = 0  # with those of everything below
    below: "list[Node]" = field(default_factory=list)

    def hang(self, below: "Node") -> None:
        below.above = self
        self.below.append(below)


@dataclass(slots=True, eq=False)
class Group:
    """A cell in the making; `node` is None for small siblings put together."""

    node: Node | None
    people: list[Node]
    below: "list[Group]"
    total: int


@dataclass(frozen=True, slots=True)
class _Option:
    """A way to group what is below a unit.

    Attributes
    ----------
    exact : int
        Units that are reported just as they are; decides between equal numbers of cells.
    chain : (earlier chain, unit below, its state) or None
        How the larger units below are grouped.
    """

    cells: int
    exact: int
    stands: bool
    packing: Packing[Node]
    chain: "tuple[object, Node, State] | None"

    def below(self) -> Iterator[tuple[Node, State]]:
        chain: object = self.chain
        while isinstance(chain, tuple):
            chain, node, state = chain
            yield node, state


Table = dict[State, _Option]


def from_leaves(root: Node) -> list[Node]:
    """Everything from the root on, what is below always before what is above."""
    order, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += reversed(node.below)
    return order[::-1]


def best_groups(root: Node, order: Sequence[Node], least: int) -> Group:
    """Group the whole tree; the root has at least `least` people."""
    tables: dict[Node, Table] = {}
    for node in order:
        if node.total >= least:
            tables[node] = _table(node, tables, least)
    chosen: dict[Node, _Option] = {}
    waiting = [(root, STANDS)]
    while waiting:
        node, state = waiting.pop()
        chosen[node] = tables[node][state]
        waiting += chosen[node].below()
    return _assemble(root, [node for node in order if node in chosen], chosen, least)


def _table(node: Node, tables: Mapping[Node, Table], least: int) -> Table:
    small = [below for below in node.below if 0 < below.total < least]
    states: Table = {}
    for packing in packings(small, least, size=lambda below: below.total):
        pool = min(least, node.own + sum(left.total for left in packing.left))
        bins = len(packing.bins)
        _keep(states, (pool, min(2, bins)), _Option(bins, 0, False, packing, None))
    for below in node.below:
        if below.total >= least:
            states = _beside(states, below, tables[below], least)
    closed: Table = {}
    for state, option in states.items():
        _close(closed, state, option, least, is_root=node.above is None)
    return closed


def _beside(states: Table, below: Node, its: Table, least: int) -> Table:
    """Combine what was found so far with each way to group the next unit below."""
    combined: Table = {}
    for (pool, groups), option in states.items():
        for (rest, more), other in its.items():
            _keep(
                combined,
                (min(least, pool + rest), min(2, groups + more)),
                _Option(
                    option.cells + other.cells,
                    option.exact + other.exact,
                    False,
                    option.packing,
                    (option.chain, below, (rest, more)),
                ),
            )
    return combined


def _close(
    closed: Table, state: State, option: _Option, least: int, *, is_root: bool
) -> None:
    """Let the unit stand as a group, or leave its few people to the unit above."""
    pool, groups = state
    is_few = 0 < pool < least
    # one group below, and nobody or too few beside it: both are one group
    new = 0 if groups == 1 and pool < least else 1
    stands = replace(
        option,
        cells=option.cells + new,
        exact=option.exact + (0 if is_few else 1),
        stands=True,
    )
    _keep(closed, STANDS, stands)
    if is_few and not is_root:
        _keep(closed, state, option)


def _keep(table: Table, state: State, option: _Option) -> None:
    known = table.get(state)
    if known is None or (option.cells, option.exact) > (known.cells, known.exact):
        table[state] = option


def _assemble(
    root: Node, order: Sequence[Node], chosen: Mapping[Node, _Option], least: int
) -> Group:
    """Carry out what was chosen, from the leaves up."""
    groups: dict[Node, list[Group]] = {}
    pools: dict[Node, list[Node]] = {}
    for node in order:
        option = chosen[node]
        below = [unit for unit, _ in option.below()][::-1]
        direct = [group for unit in below for group in groups.pop(unit)]
        direct += [_together(units) for units in option.packing.bins]
        pool = [node] if node.own else []
        pool += [one for unit in below for one in pools.pop(unit)]
        pool += [one for unit in option.packing.left for one in _peopled(unit)]
        if option.stands:
            direct, pool = [_stand(node, direct, pool, least)], []
        groups[node], pools[node] = direct, pool
    return groups[root][0]


def _together(units: Sequence[Node]) -> Group:
    people = [one for unit in units for one in _peopled(unit)]
    return Group(None, people, [], sum(unit.total for unit in units))


def _peopled(node: Node) -> list[Node]:
    return [one for one in reversed(from_leaves(node)) if one.own]


def _stand(node: Node, direct: list[Group], pool: list[Node], least: int) -> Group:
    count = sum(one.own for one in pool)
    if count >= least or not direct:
        total = count + sum(group.total for group in direct)
        return Group(node, pool, direct, total)
    if count:
        _join(_smallest(direct), pool, count)
    if len(direct) > 1:
        return Group(node, [], direct, sum(group.total for group in direct))
    if count or direct[0].node is None:
        direct[0].node = node
    return direct[0]


def _join(group: Group, pool: list[Node], count: int) -> None:
    """Let a few people join a group, or the smallest below it that has people."""
    group.total += count
    while not group.people:
        group = _smallest(group.below)
        group.total += count
    group.people += pool


def _smallest(groups: Iterable[Group]) -> Group:
    return min(groups, key=lambda group: group.total)


def walk(top: Group) -> list[Group]:
    """The groups of a tree, those above others first, siblings in order."""
    found, waiting = [], [top]
    while waiting:
        group = waiting.pop()
        found.append(group)
        waiting += reversed(group.below)
    return found
