"""An attacker written apart from the code under test, over people, not over atoms.

Given: who is in which published group, the exact mean and the spread of each. Wanted:
the total of any group of fewer than five people that can be named (a group, two groups
in common, one group without another), or a group whose members must all have given the
same or the utmost answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Flags = NDArray[np.bool_]
Vector = NDArray[np.float64]
LEAST, ALIKE_BELOW = 5, 20


@dataclass(frozen=True, eq=False)
class Known:
    """Published groups (p, people) bool, everybody's value, ends of the scale."""

    groups: Flags
    values: Vector
    low: float = 1.0
    high: float = 5.0


def named(groups: Sequence[Flags], values: Vector) -> Flags:
    """Return every group that can be named from two, as rows, each once."""
    has = ~np.isnan(values)
    found = [one & has for one in groups]
    for one, other in combinations(list(found), 2):
        found += [one & other, one & ~other, other & ~one]
    distinct = {one.tobytes(): one for one in found if one.any()}
    return np.array(list(distinct.values()))


def determined(known: Known, wanted: Flags) -> Flags:
    """Return which wanted groups are combinations of published ones: a projection."""
    if not len(known.groups):
        return np.zeros(len(wanted), dtype=bool)
    # people who are in the same groups cannot be told apart by any combination
    keys = [column.tobytes() for column in np.ascontiguousarray(known.groups.T)]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    where = np.array([places[key] for key in keys])
    columns = np.zeros((len(known.groups), len(places)))
    columns[:, where] = known.groups
    shares = np.zeros((len(wanted), columns.shape[1]))
    np.add.at(shares.T, where, wanted.T.astype(float))
    sizes = np.bincount(where).astype(float)
    level = shares / sizes
    whole = np.abs(level - np.rint(level)).max(axis=1) < 1e-9
    _, s, directions = np.linalg.svd(columns, full_matrices=False)
    span = directions[s > 1e-9 * s[0]]
    rest = level - (level @ span.T) @ span
    found: Flags = whole & (np.abs(rest).max(axis=1) < 1e-7)
    return found


def recovered(known: Known, wanted: Flags) -> tuple[list[int], list[int]]:
    """Return the sizes of the small groups recovered, and of those all alike."""
    open_groups = wanted[determined(known, wanted)]
    small, alike = [], []
    for group in open_groups:
        values = known.values[group]
        n = len(values)
        if n < LEAST:
            small.append(n)
        elif tells_all(values, known):
            alike.append(n)
    return small, alike


def tells_all(values: Vector, known: Known) -> bool:
    """Whether mean and spread of a group tell what each of its members answered."""
    if len(values) < ALIKE_BELOW and values.max() - values.min() < 1e-9:
        return True
    room = (known.high - known.low) / LEAST
    away = min((known.high - values).sum(), (values - known.low).sum())
    return bool(away < room - 1e-9)


def bounded(known: Known, group: Flags) -> bool:
    """Whether a group's total is fixed to less than a fifth of the scale, by LP."""
    ends = []
    truth = np.nan_to_num(known.values, nan=known.low)
    for sign in (1.0, -1.0):
        answer = linprog(
            sign * group.astype(float),
            A_eq=known.groups.astype(float),
            b_eq=known.groups @ truth,
            bounds=(known.low, known.high),
            method="highs",
        )
        assert answer.fun is not None
        ends.append(sign * answer.fun)
    least, most = ends
    room = (known.high - known.low) / LEAST - 1e-6
    n = int(group.sum())
    if min(n * known.high - least, most - n * known.low) < room:
        return True
    return bool(n < LEAST and most - least < room)


def spans(rows: Sequence[Sequence[int]], wanted: Sequence[int]) -> bool:
    """Whether `wanted` is a combination of rows, in exact fractions."""
    basis: list[tuple[int, list[Fraction]]] = []
    for row in [*rows, wanted]:
        left = [Fraction(x) for x in row]
        for pivot, known in basis:
            if left[pivot]:
                factor = left[pivot]
                left = [x - factor * y for x, y in zip(left, known, strict=True)]
        place = next((i for i, x in enumerate(left) if x), None)
        if row is wanted:
            return place is None
        if place is not None:
            basis.append((place, [x / left[place] for x in left]))
    raise AssertionError("unreachable")
