"""What could tell who a row belongs to, and how it is made coarser for everybody.

An attribute starts as fine as a release has shown it and is only ever joined: a unit
with the one above it, points of a question with their neighbours, languages with each
other. What is joined is joined in every row.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from analytics.disclosure.systems import Flags, Labels
from analytics.plan import Text
from analytics.release_parts import Members, SegmentKind

ELSEWHERE: Final = Text("{name}: other groups", "{name}：其他群体")
OTHER_ANSWERS: Final = Text("Another answer, or none", "其他回答或未作答")
BETWEEN: Final = Text(" / ", "／")


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """One thing that is told of every row.

    Attributes
    ----------
    key : str
        ``unit``, ``language`` or ``question:CODE``.
    keys : tuple of str
        Segment of each value; empty for those in none.
    names : tuple of Text
        Of each value.
    above : tuple of int
        Of units: the value that it is joined with; -1 for the topmost. Else empty.
    values : (n,) int
        Finest value of each row.
    groups : tuple of tuple of int
        Values that are joined, in their order; one group means that nothing is told.
    """

    key: str
    kind: SegmentKind
    keys: tuple[str, ...]
    names: tuple[Text, ...]
    above: tuple[int, ...]
    values: Labels
    groups: tuple[tuple[int, ...], ...]

    @property
    def codes(self) -> Labels:
        """Return the group of each row, (n,)."""
        place = np.zeros(len(self.names), dtype=np.int64)
        for code, group in enumerate(self.groups):
            place[list(group)] = code
        return place[self.values]

    @property
    def tells(self) -> bool:
        return len(np.unique(self.codes)) > 1

    @property
    def bits(self) -> float:
        """Return how much is told of all rows: n times the entropy of the groups."""
        counts = np.bincount(self.codes).astype(np.float64)
        counts = counts[counts > 0]
        return float(-(counts * np.log2(counts / counts.sum())).sum())

    def name(self, group: int) -> Text:
        """Return what a group is called."""
        values = self.groups[group]
        if self.kind != "unit":
            names = [self.names[value] for value in values]
            return Text(
                BETWEEN.en.join(one.en for one in names),
                BETWEEN.zh_hans.join(one.zh_hans for one in names),
            )
        head = self.names[values[0]]
        if not self._is_parted(group):
            return head
        return Text(
            ELSEWHERE.en.format(name=head.en),
            ELSEWHERE.zh_hans.format(name=head.zh_hans),
        )

    def _is_parted(self, group: int) -> bool:
        """Whether groups below this one stand by themselves."""
        own = set(self.groups[group])
        return any(self.above[g[0]] in own for g in self.groups if g[0] not in own)

    def coarser(self, bad: Flags) -> "Attribute | None":
        """Return the attribute with one step less told, where that may help bad rows.

        None where nothing is left to join.
        """
        codes = self.codes
        used = np.bincount(codes, minlength=len(self.groups))
        hurt = np.bincount(codes[bad], minlength=len(self.groups)) > 0
        if len(self.groups) < 2:
            return None
        if self.kind == "unit":
            return self._climbed(used, hurt)
        if self.kind == "language":
            return replace(self, groups=(tuple(range(len(self.names))),))
        smallest = min(np.flatnonzero(hurt), key=lambda at: (used[at], at))
        return self._beside(int(smallest), used)

    def _beside(self, at: int, used: Labels) -> "Attribute":
        """Join a group of points with the smaller of its neighbours."""
        near = [one for one in (at - 1, at + 1) if 0 <= one < len(self.groups)]
        other = min(near, key=lambda one: (used[one], one))
        first, second = sorted((at, other))
        joint = self.groups[first] + self.groups[second]
        return replace(
            self, groups=(*self.groups[:first], joint, *self.groups[second + 1 :])
        )

    def _climbed(self, used: Labels, hurt: Flags) -> "Attribute":
        """Join the smaller half of the lowest units that are hurt with those above."""
        place = {value: g for g, group in enumerate(self.groups) for value in group}
        up = [
            place[self.above[g[0]]] if self.above[g[0]] >= 0 else -1
            for g in self.groups
        ]
        lowest = [g for g in range(len(up)) if up[g] >= 0 and g not in set(up)]
        chosen = (
            [g for g in lowest if hurt[g]]
            or [g for g in lowest if hurt[up[g]]]
            or lowest
        )
        chosen.sort(key=lambda g: (used[g], g))
        groups = [list(group) for group in self.groups]
        for g in chosen[: (len(chosen) + 1) // 2]:
            groups[up[g]] += groups[g]
            groups[g] = []
        return replace(self, groups=tuple(tuple(g) for g in groups if g))


def classes_of(attributes: Sequence[Attribute], n: int) -> Labels:
    """Return the class of each row: which rows are alike in every attribute, (n,)."""
    classes = np.zeros(n, dtype=np.int64)
    for one in attributes:
        classes = crossed(classes, one.codes)
    return classes


def crossed(first: Labels, second: Labels) -> Labels:
    joint = first * (int(second.max(initial=0)) + 1) + second
    labels: Labels = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    return labels


def attributes_of(
    segments: Sequence[Members], shown: Collection[str]
) -> tuple[Attribute, ...]:
    """Return the attributes as finely as the segments shown allow.

    Languages and questions of which one answer only is shown say nothing by themselves.
    """
    found = [_units(segments, shown), *_chosen(segments, shown)]
    return tuple(one for one in found if one.tells)


def _units(segments: Sequence[Members], shown: Collection[str]) -> Attribute:
    kept = [segments[0]]
    kept += [one for one in segments if one.kind == "unit" and one.key in shown]
    parents = {one.key: one.parent for one in segments}
    places = {one.key: place for place, one in enumerate(kept)}
    values = np.zeros(len(segments[0].rows), dtype=np.int64)
    above = []
    for place, one in enumerate(kept):
        # from above to below: the lowest unit of a row is written last
        values[one.rows] = place
        at = one.parent
        while at is not None and at not in places:
            at = parents.get(at)
        above.append(-1 if at is None else places[at])
    return Attribute(
        "unit",
        "unit",
        tuple(one.key for one in kept),
        tuple(one.name for one in kept),
        tuple(above),
        values,
        tuple((place,) for place in range(len(kept))),
    )


def _chosen(segments: Sequence[Members], shown: Collection[str]) -> Iterator[Attribute]:
    """Yield languages, then each question; what is not shown is one value, the last."""
    by_key: dict[str, list[Members]] = {}
    for one in segments:
        if one.kind in ("language", "question"):
            key = "language" if one.kind == "language" else one.key.rsplit(":", 1)[0]
            by_key.setdefault(key, []).append(one)
    for key, members in by_key.items():
        kept = [one for one in members if one.key in shown and one.rows.any()]
        values = np.full(len(segments[0].rows), len(kept), dtype=np.int64)
        for place, one in enumerate(kept):
            values[one.rows] = place
        has_rest = bool((values == len(kept)).any())
        names = [one.name for one in kept] + [OTHER_ANSWERS] * has_rest
        yield Attribute(
            key,
            members[0].kind,
            (*(one.key for one in kept), *[""] * has_rest),
            tuple(names),
            (),
            values,
            tuple((place,) for place in range(len(names))),
        )
