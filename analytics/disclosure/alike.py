"""Groups that all answered alike and that published means would show to have done so.

A group is determined where its 0/1 vector over atoms lies in the row space of the
published pieces. Such a vector can only be alike if every atom in it is, with the same
value, or if every atom in it is near the same end of the scale. So for each value the
row space is cut with the vectors that are zero outside those atoms, and every group in
what is left is looked at: nothing that is determined and alike is missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.systems import Flags, Labels, atoms_of, representation
from analytics.disclosure.telling import EXACT_FROM

Vector = NDArray[np.float64]
MOST_FREE: Final = 12  # dimensions in which every group is looked at, else up to pairs
_NEAR_ONE: Final = 1 - 1e-9
_TINY: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of the answers in each atom, and the scale's ends.

    Attributes
    ----------
    people : (atoms,) int
    sums, squares : (atoms,) float
        Of the values and of their squares.
    ends : (float, float)
    least : int
        Fewest people of whom a score is told.
    """

    people: Labels
    sums: Vector
    squares: Vector
    ends: tuple[float, float]
    least: int

    def joined(self, labels: Labels, width: int) -> "Answers":
        """Return the same of coarser atoms; `labels` says which."""
        people = np.bincount(labels, self.people, width).astype(np.int64)
        sums = np.bincount(labels, self.sums, width).astype(np.float64)
        squares = np.bincount(labels, self.squares, width).astype(np.float64)
        return Answers(people, sums, squares, self.ends, self.least)

    def families(self) -> Iterator[Labels]:
        """Yield the atoms that can make a group alike together, as numbers."""
        n, low, high = np.maximum(self.people, 1), *self.ends
        mean = self.sums / n
        agree = (self.people > 0) & (self.squares - self.sums * mean < _TINY)
        for value in np.unique(np.rint(mean[agree] / _TINY)):
            yield np.flatnonzero(agree & (np.rint(mean / _TINY) == value))
        for away in (self.sums - self.people * low, self.people * high - self.sums):
            yield np.flatnonzero((self.people > 0) & (away < self.room))

    @property
    def room(self) -> float:
        low, high = self.ends
        return (high - low) / self.least - 1e-9

    def is_alike(self, group: Flags) -> bool:
        n = int(self.people[group].sum())
        if n < self.least:
            return False
        low, high = self.ends
        total, squares = float(self.sums[group].sum()), self.squares[group].sum()
        if n < EXACT_FROM and squares - total**2 / n < _TINY:
            return True
        return bool(min(n * high - total, total - n * low) < self.room)


def told(shown: Flags, answers: Answers) -> list[tuple[int, tuple[int, ...]]]:
    """Return groups all alike that combinations of shown pieces determine.

    `shown` is (p, atoms) bool. Returns the number of people of each and the pieces
    used; at most one group for each value, the smallest in the number of parts.
    """
    labels, columns = atoms_of(shown)
    joint = answers.joined(labels, columns.shape[1])
    inside = np.atleast_1d(columns.any(axis=0))
    projection: Vector | None = None
    found = []
    for family in joint.families():
        atoms = family[inside[family]]
        if joint.people[atoms].sum() < joint.least:
            continue
        projection = _projection(columns) if projection is None else projection
        for group in _groups(projection, atoms):
            if joint.is_alike(group):
                pieces = representation(columns, group.astype(np.float64))
                found.append((int(joint.people[group].sum()), pieces))
                break
    return found


def _projection(columns: Flags) -> Vector:
    """Return the projection onto the row space, (atoms, atoms)."""
    _, values, rows = np.linalg.svd(columns.astype(np.float64), full_matrices=False)
    rows = rows[values > 1e-9 * values[0]]
    onto: Vector = rows.T @ rows
    return onto


def _groups(projection: Vector, atoms: Labels) -> Iterator[Flags]:
    """Yield the groups of these atoms alone that lie in the row space."""
    values, vectors = np.linalg.eigh(projection[np.ix_(atoms, atoms)])
    basis = _reduced(vectors[:, values > _NEAR_ONE].T)
    for chosen in _choices(len(basis)):
        vector = basis[list(chosen)].sum(axis=0)
        is_member = vector > 0.5
        if np.abs(vector - is_member).max() < 1e-6:
            group = np.zeros(len(projection), dtype=np.bool_)
            group[atoms[is_member]] = True
            yield group


def _choices(n: int) -> Iterator[tuple[int, ...]]:
    """Yield which rows of a reduced form are added: at a pivot stands 0 or 1."""
    for size in range(1, (n if n <= MOST_FREE else 2) + 1):
        yield from combinations(range(n), size)


def _reduced(rows: Vector) -> Vector:
    """Return the reduced echelon form of independent rows."""
    form = rows.copy()
    for place in range(len(form)):
        column = int(np.argmax(np.abs(form[place])))
        form[place] /= form[place, column]
        others = np.arange(len(form)) != place
        form[others] -= np.outer(form[others, column], form[place])
    return form
