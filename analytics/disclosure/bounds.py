"""How far the published means of a measure and the ends of its scale pin groups down.

The unknowns are the totals of the atoms, each between its number of people times the
ends of the scale. The published means are equations, without the comfort of rounding:
the exact mean is granted to the attacker. A group is bounded where its total can vary
by less than 1/`least` of the scale's range; and where its members together certainly
lack less than that to an end of the scale, because then everybody's answer is known.
With the answers of all others in a small group known to one of them, that is the room
that is left to the last one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from analytics.disclosure.systems import Flags, Labels

Vector = NDArray[np.float64]
PROBES = 6  # programs that move many totals at once
_EXACT = 1e-7


@dataclass(frozen=True, slots=True)
class Told:
    """What was published of one measure, over atoms.

    Attributes
    ----------
    pieces : (p, atoms) bool
    totals : (atoms,) float, the truth
    people : (atoms,) int
    low, high : float
        Ends of the scale.
    bounds : tuple of (atoms as bool, least total, greatest total)
        Groups of which only a bound was told.
    """

    pieces: Flags
    totals: Vector
    people: Labels
    low: float
    high: float
    bounds: tuple[tuple[Flags, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Pinned:
    """A group that is bounded, its people, and the pieces that do it."""

    people: int
    pieces: tuple[int, ...]


def pinned(told: Told, least: int) -> tuple[tuple[Pinned, ...], int]:
    """Return the bounded groups, and how many linear programs that took.

    Looked at is every atom that is small, or that in truth lies near an end of the
    scale: no other can be bounded. An atom whose total is determined is left to the
    linear attack.
    """
    room = (told.high - told.low) / least
    to_high = told.people * told.high - told.totals
    to_low = told.totals - told.people * told.low
    small = told.people < least
    near = np.minimum(to_high, to_low) < room - _EXACT
    open_ones = np.flatnonzero(small | near)
    open_ones = open_ones[~_determined(told, open_ones) | near[open_ones]]
    if not len(open_ones):
        return (), 0
    program = _Program(told)
    open_ones = program.without_witnesses(open_ones, room, least)
    found = [program.pin(int(atom), room, least) for atom in open_ones]
    return tuple(one for one in found if one is not None), program.solved


def _determined(told: Told, atoms: Labels) -> Flags:
    """Return which atoms are combinations of the pieces by themselves."""
    if not len(told.pieces):
        return np.zeros(len(atoms), dtype=np.bool_)
    _, values, directions = np.linalg.svd(
        told.pieces.astype(np.float64), full_matrices=False
    )
    span = directions[values > 1e-9 * max(float(values[0]), 1.0)]
    inside = np.square(span[:, atoms]).sum(axis=0) > 1 - 1e-9
    return np.asarray(inside, dtype=np.bool_)


class _Program:
    """The linear program of one measure; remembers how far totals could be moved."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.solved = 0
        pieces = told.pieces.astype(np.float64)
        self.equations = csr_array(pieces)
        self.known = pieces @ told.totals
        self.ends = np.column_stack((told.people * told.low, told.people * told.high))
        rows = [sign * one[0] for one in told.bounds for sign in (1.0, -1.0)]
        self.limits = csr_array(np.array(rows)) if rows else None
        self.edges = [edge for one in told.bounds for edge in (one[2], -one[1])]
        self.least_seen = told.totals.copy()
        self.most_seen = told.totals.copy()

    def without_witnesses(self, atoms: Labels, room: float, least: int) -> Labels:
        """Return the atoms for which no other data of the same publication were seen.

        A few programs with mixed aims move many totals at once; whatever total was
        seen at two values far enough apart is not bounded.
        """
        rng = np.random.default_rng(len(self.told.people))
        for _ in range(PROBES):
            atoms = atoms[~self._is_open(atoms, room, least)]
            if not len(atoms):
                break
            aim = np.zeros(len(self.told.people))
            aim[atoms] = rng.choice((-1.0, 1.0), len(atoms))
            self._move(aim)
            self._move(-aim)
        return atoms[~self._is_open(atoms, room, least)]

    def pin(self, atom: int, room: float, least: int) -> Pinned | None:
        """Return what bounds an atom, or None where nothing does."""
        used: set[int] = set()
        for sign in (1.0, -1.0):
            aim = np.zeros(len(self.told.people))
            aim[atom] = sign
            used |= self._move(aim)
        if self._is_open(np.array([atom]), room, least)[0]:
            return None
        return Pinned(int(self.told.people[atom]), tuple(sorted(used)))

    def _is_open(self, atoms: Labels, room: float, least: int) -> Flags:
        people = self.told.people[atoms]
        lowest, highest = self.least_seen[atoms], self.most_seen[atoms]
        from_ends = np.minimum(
            people * self.told.high - lowest, highest - people * self.told.low
        )
        far = from_ends >= room - _EXACT
        wide = highest - lowest >= room - _EXACT
        return far & (wide | (people >= least))

    def _move(self, aim: Vector) -> set[int]:
        """Minimise `aim`; note the totals and return the pieces that hold it."""
        self.solved += 1
        found = linprog(
            aim,
            A_ub=self.limits,
            b_ub=self.edges or None,
            A_eq=self.equations if len(self.known) else None,
            b_eq=self.known if len(self.known) else None,
            bounds=self.ends,
            method="highs",
        )
        if found.x is None:
            return set(range(len(self.known)))
        np.minimum(self.least_seen, found.x, out=self.least_seen)
        np.maximum(self.most_seen, found.x, out=self.most_seen)
        if not len(self.known):
            return set()
        return set(np.flatnonzero(np.abs(found.eqlin.marginals) > 1e-9).tolist())
