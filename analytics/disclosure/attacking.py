"""One measure of a wave under attack: what would be published of it, and what leaks."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure import alike, bounds, systems
from analytics.disclosure.systems import Flags, Labels
from analytics.disclosure.telling import bound_of
from analytics.disclosure.values import Attack, Bound, Measure, Rules, System


@dataclass(frozen=True, slots=True)
class Leak:
    """A successful attack; `pieces` are numbers in `Target.pieces`."""

    attack: Attack
    people: int
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The groups of one measure, over the people who have a value on it.

    Attributes
    ----------
    code : str
    measure : Measure
    least : int
    groups : (s + e, n) bool
        Members of the wave's segments with a value, then what was published earlier.
    n_own : int
        How many of them are segments of this wave.
    labels, atoms : (n,) int and (s + e, atoms) bool
        Finest partition of `rows`.
    rows : (n,) bool
        People with a value, or in an earlier piece.
    people : (atoms,) int
    """

    code: str
    measure: Measure
    least: int
    groups: Flags
    n_own: int
    labels: Labels
    atoms: Flags
    rows: Flags
    people: Labels
    counts: Labels = field(init=False)  # people of each group, (s + e,)

    def __post_init__(self) -> None:
        counts = systems.product(self.atoms, self.people)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def of(
        cls, code: str, measure: Measure, own: Flags, earlier: Flags, rules: Rules
    ) -> Self:
        """Make a target of segments (s, n) and earlier pieces (e, n)."""
        has = ~np.isnan(measure.values) if rules.scales else own.any(axis=0)
        groups = np.vstack((own & has, earlier))
        rows = np.asarray(groups.any(axis=0), dtype=np.bool_)
        labels, atoms = systems.atoms_of(groups[:, rows])
        people = np.bincount(labels, minlength=atoms.shape[1])
        least = max(rules.least, measure.least)
        return cls(code, measure, least, groups, len(own), labels, atoms, rows, people)

    def values_of(self, group: Flags) -> NDArray[np.float64]:
        """Return the values of the people in a group given over atoms."""
        values = self.measure.values[self.rows][group[self.labels]]
        return values[~np.isnan(values)]

    def bound(self, piece: int) -> Bound | None:
        values = self.values_of(self.atoms[piece])
        if not len(values):
            return None
        low, high = self.measure.low, self.measure.high
        return bound_of(values, low, high, least=self.least)

    def totals(self, power: int = 1) -> NDArray[np.float64]:
        """Return the sum of the values, or of a power of them, in each atom."""
        values = np.nan_to_num(self.measure.values[self.rows], nan=self.measure.low)
        size = self.atoms.shape[1]
        return np.bincount(self.labels, values**power, size).astype(np.float64)


# what combinations tell depends on who has a value alone: measures share it
Memory = dict[bytes, systems.Linear]


def attacked(
    target: Target,
    shown: list[int],
    bounded: dict[int, Bound],
    rules: Rules,
    memory: Memory,
) -> tuple[tuple[Leak, ...], System]:
    """Attack what would be published of one measure; `shown` and keys are pieces.

    The linear attack comes first; bounds are looked for once it finds nothing.
    """
    linear = _combined(target, shown, memory)
    leaks = [
        Leak(one.attack, one.people, tuple(shown[piece] for piece in one.pieces))
        for one in linear.leaks
        if _in_force(one.attack, rules)
    ]
    if not leaks and rules.unanimity:
        leaks += _alike(target, shown)
    programs = 0
    if not leaks and rules.bounded:
        found, programs = _pinned(target, shown, bounded)
        leaks += found
    size = System(
        measure=target.code,
        pieces=len(shown),
        atoms=target.atoms.shape[1],
        small=int((target.people < target.least).sum()),
        free=linear.free,
        programs=programs,
        exhaustive=linear.exhaustive,
    )
    return tuple(leaks), size


def _combined(target: Target, shown: list[int], memory: Memory) -> systems.Linear:
    pieces = target.atoms[shown]
    key = blake2b(target.people.tobytes(), salt=target.least.to_bytes(16, "big"))
    key.update(pieces.tobytes())
    if key.digest() not in memory:
        memory[key.digest()] = systems.combined(pieces, target.people, target.least)
    return memory[key.digest()]


def _in_force(attack: Attack, rules: Rules) -> bool:
    switches = {
        "threshold": rules.threshold,
        "complement": rules.complement,
        "union": rules.unions,
    }
    return switches[attack]


def _alike(target: Target, shown: list[int]) -> list[Leak]:
    """Return determined groups in which everybody answered alike."""
    answers = alike.Answers(
        people=target.people,
        sums=target.totals(),
        squares=target.totals(power=2),
        ends=(target.measure.low, target.measure.high),
        least=target.least,
    )
    return [
        Leak("alike", people, tuple(shown[piece] for piece in used))
        for people, used in alike.told(target.atoms[shown], answers)
    ]


def _pinned(
    target: Target, shown: list[int], bounded: dict[int, Bound]
) -> tuple[list[Leak], int]:
    told = [*shown, *bounded]
    labels, columns = systems.atoms_of(target.atoms[told])
    width = columns.shape[1]
    people = np.bincount(labels, target.people, width).astype(np.int64)
    low, high = target.measure.low, target.measure.high
    ends = []
    for row, bound in zip(columns[len(shown) :], bounded.values(), strict=True):
        n = int(row @ people)
        at_least = low if bound.at_least is None else bound.at_least
        at_most = high if bound.at_most is None else bound.at_most
        ends.append((row, n * at_least, n * at_most))
    found, programs = bounds.pinned(
        bounds.Told(
            pieces=columns[: len(shown)],
            totals=np.bincount(labels, target.totals(), width).astype(np.float64),
            people=people,
            low=low,
            high=high,
            bounds=tuple(ends),
        ),
        target.least,
    )
    every = tuple(range(len(shown)))
    leaks = [
        Leak("bounded", p.people, tuple(shown[piece] for piece in p.pieces or every))
        for p in found
    ]
    return leaks, programs
