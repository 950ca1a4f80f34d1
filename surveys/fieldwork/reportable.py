"""What a wave will be able to show of each group, said before it is launched and while it is open.

A group is shown from as many answers as its threshold asks. Where it stands below
another, a last batch of answers that is too small to be mixed joins the group above, so
that it is sure to be shown only from that many answers on (surveys/mixing.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol
from uuid import UUID

from surveys.definition import Text
from surveys.models import Cell
from surveys.promise import Thresholds


class Group(Protocol):
    """What `surveys.launching.NewCell` says of a group."""

    @property
    def name(self) -> Text: ...
    @property
    def invited(self) -> int: ...
    @property
    def parent(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Prospect:
    """What may be shown of one group.

    Attributes
    ----------
    depth : int
        How many groups stand above it.
    invited : int
        People of the group and of all groups below it.
    scores, comments : int or None
        Answers from which they are sure to be shown; None: never of this group alone.
    """

    name: Text
    depth: int
    invited: int
    scores: int | None
    comments: int | None

    @property
    def share(self) -> int | None:
        """Percentage of the invited who must answer before scores are shown."""
        if self.scores is None:
            return None
        return -(-100 * self.scores // self.invited)


def innermost(found: Sequence[Prospect]) -> int:
    """How many groups have none below them; 0 where all are reported together only."""
    depths = [one.depth for one in found] + [0]
    leaves = sum(after <= depth for depth, after in pairwise(depths))
    return leaves if len(found) > 1 else 0


def prospects(groups: Sequence[Group], thresholds: Thresholds) -> list[Prospect]:
    """One prospect a group, each after the group above it."""
    depth: list[int] = []
    total = [group.invited for group in groups]
    for group in groups:
        depth.append(0 if group.parent is None else depth[group.parent] + 1)
    for at in range(len(groups) - 1, -1, -1):
        above = groups[at].parent
        if above is not None:
            total[above] += total[at]
    found = {
        at: _prospect(groups[at], depth[at], total[at], thresholds)
        for at in range(len(groups))
    }
    return [found[at] for at in _as_a_tree(groups)]


def of_cells(cells: Iterable[Cell], thresholds: Thresholds) -> dict[UUID, Prospect]:
    """Prospects of the groups of a wave, by their id."""
    waiting, order = list(cells), list[Cell]()
    known: dict[UUID | None, int | None] = {None: None}
    while waiting:
        # those above come first, whatever order they are stored in
        ready = [cell for cell in waiting if cell.parent_id in known]
        for cell in ready:
            known[cell.pk] = len(order)
            order.append(cell)
        waiting = [cell for cell in waiting if cell.pk not in known]
    groups = [
        _Group(
            Text(cell.name_en, cell.name_zh_hans), cell.invited, known[cell.parent_id]
        )
        for cell in order
    ]
    ids = [order[at].pk for at in _as_a_tree(groups)]
    return dict(zip(ids, prospects(groups, thresholds), strict=True))


@dataclass(frozen=True, slots=True)
class _Group:
    name: Text
    invited: int
    parent: int | None


def _prospect(
    group: Group, depth: int, invited: int, thresholds: Thresholds
) -> Prospect:
    batch = 0 if group.parent is None else thresholds.least_batch
    scores = max(thresholds.least_for_scores, batch)
    comments = max(thresholds.least_for_comments, batch)
    return Prospect(
        group.name,
        depth,
        invited,
        scores if invited >= scores else None,
        comments if invited >= comments else None,
    )


def _as_a_tree(groups: Sequence[Group]) -> list[int]:
    """Positions in the order of a reader: every group, then those below it."""
    below: dict[int | None, list[int]] = {}
    for at, group in enumerate(groups):
        below.setdefault(group.parent, []).append(at)
    order, waiting = [], below.get(None, [])[::-1]
    while waiting:
        at = waiting.pop()
        order.append(at)
        waiting += below.get(at, [])[::-1]
    return order
