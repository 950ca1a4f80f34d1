"""The published groups of one measure as sets of atoms, and what combinations tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure import algebra
from analytics.disclosure.values import Attack

Flags = NDArray[np.bool_]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leak:
    """What a combination of pieces (their numbers) tells about few people."""

    attack: Attack
    people: int
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Linear:
    """Every combination that tells about few people, and the size of the search."""

    leaks: tuple[Leak, ...]
    free: int
    exhaustive: bool


def atoms_of(groups: Flags) -> tuple[Labels, Flags]:
    """Return the finest partition that groups tell apart.

    `groups` is (g, n) bool. Returns the atom of each row (n,), and which groups each
    atom lies in, (g, atoms) bool.
    """
    if not groups.shape[1]:
        return np.zeros(0, dtype=np.int64), np.zeros((len(groups), 0), dtype=np.bool_)
    if not len(groups):
        return np.zeros(groups.shape[1], dtype=np.int64), np.zeros((0, 1), np.bool_)
    packed = np.ascontiguousarray(np.packbits(groups, axis=0).T)
    keys = packed.view([("", f"V{packed.shape[1]}")]).ravel()
    _, first, labels = np.unique(keys, return_index=True, return_inverse=True)
    return labels.astype(np.int64), groups[:, first]


def product(groups: Flags, weights: Labels) -> Labels:
    """Return `groups` @ `weights` exactly, in the fast arithmetic of floats."""
    found = groups.astype(np.float64) @ weights.astype(np.float64)
    return np.rint(found).astype(np.int64)


def common(groups: Flags, people: Labels) -> Labels:
    """Return how many people each two groups share, (g, g)."""
    return product(groups, (groups * people).T)


def combined(pieces: Flags, people: Labels, least: int) -> Linear:
    """Look for combinations of pieces that tell about 1 to `least` - 1 people.

    `pieces` is (p, atoms) bool, `people` (atoms,) without zeros.
    """
    labels, columns = atoms_of(pieces)
    sizes = np.bincount(labels, weights=people, minlength=columns.shape[1])
    sizes = sizes.astype(np.int64)
    inside = np.asarray(columns.any(axis=0), dtype=np.bool_)
    columns, sizes = columns[:, inside], sizes[inside]
    parts, used = _parts(columns, sizes)
    counts = product(parts, sizes)
    leaks = [
        Leak(_attack(pieces_used), int(count), pieces_used)
        for count, pieces_used in zip(counts, used, strict=True)
        if 0 < count < least
    ]
    light = algebra.light_vectors(parts.astype(np.int64), sizes, least)
    known = {
        part.tobytes()
        for part, count in zip(parts, counts, strict=True)
        if 0 < count < least
    }
    for vector in light.vectors:
        if (vector != 0).tobytes() not in known:
            pieces_used = representation(columns, vector)
            touched = int(sizes[vector != 0].sum())
            leaks.append(Leak(_attack(pieces_used), touched, pieces_used))
    return Linear(tuple(leaks), light.free, light.exhaustive)


def _attack(pieces: tuple[int, ...]) -> Attack:
    if len(pieces) == 1:
        return "threshold"
    return "complement" if len(pieces) == 2 else "union"


def _parts(pieces: Flags, people: Labels) -> tuple[Flags, tuple[tuple[int, ...], ...]]:
    """Return each piece less the largest published pieces inside it that fit.

    The parts span what the pieces span; most are disjoint, as in a tree. Beside each
    stand the pieces it is made of.
    """
    counts = product(pieces, people)
    order = np.argsort(-counts, kind="stable")
    shared = common(pieces, people)
    inside = (shared == counts[:, None]) & (counts[:, None] < counts[None, :])
    parts: list[Flags] = []
    used: list[tuple[int, ...]] = []
    for piece in range(len(pieces)):
        left = pieces[piece].copy()
        made_of = [piece]
        for other in order[inside[order, piece]].tolist():
            if not (pieces[other] & ~left).any():
                left &= ~pieces[other]
                made_of.append(other)
        parts.append(left)
        used.append(tuple(made_of))
    shape = (len(pieces), pieces.shape[1])
    return np.array(parts, dtype=np.bool_).reshape(shape), tuple(used)


def representation(pieces: Flags, vector: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the pieces whose combination is `vector`."""
    solution = np.linalg.lstsq(pieces.T.astype(np.float64), vector, rcond=None)[0]
    involved = np.flatnonzero(np.abs(solution) > 1e-6)
    return tuple(int(piece) for piece in involved)
