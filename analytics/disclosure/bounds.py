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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array, eye_array

from analytics.disclosure import algebra
from analytics.disclosure.systems import Flags, Labels

Vector = NDArray[np.float64]
PROBES = 3  # pairs of programs that move many totals at once
WALKED = 400  # atoms up to which directions are walked; they are as many as atoms
_EXACT = 1e-7


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def span(self) -> Vector:
        """Orthonormal rows that span the pieces, (rank, atoms)."""
        if not len(self.pieces):
            return np.zeros((0, len(self.people)))
        _, values, directions = np.linalg.svd(
            self.pieces.astype(np.float64), full_matrices=False
        )
        span: Vector = directions[values > 1e-9 * values[0]]
        return span


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
    inside = np.square(told.span[:, open_ones]).sum(axis=0) > 1 - 1e-9
    open_ones = open_ones[~inside | near[open_ones]]
    if not len(open_ones):
        return (), 0
    program = _Program(told)
    open_ones = program.without_witnesses(open_ones, room, least)
    found = [program.pin(int(atom), room, least) for atom in open_ones]
    return tuple(one for one in found if one is not None), program.solved


class _Program:
    """The linear program of one measure; remembers how far totals could be moved."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.solved = 0
        pieces = told.pieces.astype(np.float64)
        width = pieces.shape[1]
        self.equations = csr_array(pieces)
        self.known = pieces @ told.totals
        self.ends = np.column_stack((told.people * told.low, told.people * told.high))
        rows = [sign * one[0] for one in told.bounds for sign in (1.0, -1.0)]
        self.limits = csr_array(np.array(rows).reshape(len(rows), width))
        edges = [edge for one in told.bounds for edge in (one[2], -one[1])]
        self.edges = np.array(edges, dtype=np.float64)
        self.least_seen = told.totals.copy()
        self.most_seen = told.totals.copy()

    def without_witnesses(self, atoms: Labels, room: float, least: int) -> Labels:
        """Return the atoms for which no other data of the same publication were seen.

        In small systems totals are moved both ways, from the truth and from a point
        far from all ends, along directions in which no published mean changes. Then a
        few programs with mixed aims move many totals at once. Whatever was seen at two
        values far enough apart is not bounded.
        """
        if len(self.told.people) <= WALKED:
            moves = np.vstack((self._projections(atoms), self._exchanges()))
            self._walk(self.told.totals, moves)
            if not self._is_open(atoms, room, least).all():
                self._walk(self._middle(), moves)
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

    def _middle(self) -> Vector:
        """Return totals of the same publication as far from their ends as can be."""
        self.solved += 1
        width = len(self.told.people)
        unit = eye_array(width, format="csr")
        nothing = csr_array((self.equations.shape[0], width))
        unbound = csr_array((self.limits.shape[0], width))
        found = linprog(
            np.concatenate((np.zeros(width), -np.ones(width))),
            A_ub=block_array(
                [[self.limits, unbound], [-unit, unit], [unit, unit]], format="csr"
            ),
            b_ub=np.concatenate((self.edges, -self.ends[:, 0], self.ends[:, 1])),
            A_eq=block_array([[self.equations, nothing]], format="csr"),
            b_eq=self.known,
            bounds=np.vstack(
                (
                    self.ends,
                    np.column_stack((np.zeros(width), np.ptp(self.ends, 1) / 4)),
                )
            ),  # type: ignore[call-overload]
            method="highs",
        )
        return self.told.totals if found.x is None else found.x[:width]

    def _projections(self, atoms: Labels) -> Vector:
        """Return the direction nearest to each atom's own, (atoms, all atoms)."""
        span = self.told.span
        moves: Vector = np.eye(len(self.told.people))[atoms] - span[:, atoms].T @ span
        return moves

    def _exchanges(self) -> Vector:
        """Return directions that touch few atoms: null vectors of two echelon forms."""
        pieces = self.told.pieces.astype(np.int64)
        width = pieces.shape[1]
        found = []
        for order in (np.arange(width), np.arange(width)[::-1]):
            rows, pivots = algebra.reduced(pieces, order)
            rows = np.where(rows > algebra.PRIME // 2, rows - algebra.PRIME, rows)
            free = np.setdiff1d(order, pivots)
            moves = np.zeros((len(free), width))
            moves[:, pivots] = -rows[:, free].T
            moves[np.arange(len(free)), free] = 1.0
            # large entries stand for fractions; those directions are left out
            found.append(moves[np.abs(moves).max(axis=1, initial=0.0) < 1000])
        return np.vstack(found)

    def _walk(self, start: Vector, moves: Vector) -> None:
        """Note the totals at both ends of the way from `start` along each move."""
        moves = np.where(np.abs(moves) < 1e-9, 0.0, moves)
        limits = moves @ self.limits.toarray().T
        room = np.maximum(self.edges - self.limits @ start, 0.0)
        to_high = np.maximum(self.ends[:, 1] - start, 0.0)
        to_low = np.maximum(start - self.ends[:, 0], 0.0)
        for sign in (1.0, -1.0):
            with np.errstate(divide="ignore", invalid="ignore"):
                way = np.where(sign * moves > 0, to_high, to_low) / np.abs(moves)
                step = np.where(moves != 0, way, np.inf).min(axis=1)
                held = np.where(sign * limits > 0, room / np.abs(limits), np.inf)
            step = np.minimum(step, held.min(axis=1, initial=np.inf))
            step[~np.isfinite(step)] = 0.0
            ends = start + sign * step[:, None] * moves
            self._note(ends)

    def _note(self, totals: Vector) -> None:
        """Remember possible totals, (k, atoms)."""
        lowest = totals.min(axis=0, initial=np.inf)
        self.least_seen = np.minimum(self.least_seen, lowest)
        self.most_seen = np.maximum(self.most_seen, totals.max(axis=0, initial=-np.inf))

    def pin(self, atom: int, room: float, least: int) -> Pinned | None:
        """Return what bounds an atom, or None where nothing does.

        Away from the end that it is nearer to first: that program alone mostly tells.
        """
        here = np.array([atom])
        people, total = self.told.people[atom], self.told.totals[atom]
        toward_low = total >= people * (self.told.low + self.told.high) / 2
        used: set[int] = set()
        for sign in (1.0, -1.0) if toward_low else (-1.0, 1.0):
            if self._is_open(here, room, least)[0]:
                return None
            aim = np.zeros(len(self.told.people))
            aim[atom] = sign
            used |= self._move(aim)
            if self._far_from_ends(here)[0] < room - _EXACT:
                break
        if self._is_open(here, room, least)[0]:
            return None
        return Pinned(int(people), tuple(sorted(used)))

    def _far_from_ends(self, atoms: Labels) -> Vector:
        """Return how far totals were seen from the end that they keep closest to."""
        people = self.told.people[atoms]
        from_high = people * self.told.high - self.least_seen[atoms]
        from_low = self.most_seen[atoms] - people * self.told.low
        return np.minimum(from_high, from_low)

    def _is_open(self, atoms: Labels, room: float, least: int) -> Flags:
        far = self._far_from_ends(atoms) >= room - _EXACT
        wide = self.most_seen[atoms] - self.least_seen[atoms] >= room - _EXACT
        return far & (wide | (self.told.people[atoms] >= least))

    def _move(self, aim: Vector) -> set[int]:
        """Minimise `aim`; note the totals and return the pieces that hold it."""
        self.solved += 1
        found = linprog(
            aim,
            A_ub=self.limits,
            b_ub=self.edges,
            A_eq=self.equations,
            b_eq=self.known,
            bounds=self.ends,  # type: ignore[call-overload]
            method="highs",
        )
        if found.x is None:
            return set(range(len(self.known)))
        self._note(found.x[None])
        return set(np.flatnonzero(np.abs(found.eqlin.marginals) > 1e-9).tolist())
