"""Linear algebra of groups: what combinations of published groups say of few people.

A published mean is a known total over a set of atoms, the finest groups that can be
told apart. Combinations of totals are the row space of the (pieces, atoms) matrix of
0 and 1. A vector of that space that is zero except on atoms with fewer than `least`
people tells something about those people alone.

Computed modulo the prime 2^31 - 1: exact, without rounding, and a rank can only come
out too small, if a determinant happens to be a multiple of the prime; what is found is
then written back as fractions and checked in floating point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

PRIME: Final = 2**31 - 1
ORDERS: Final = 8  # orders of the atoms in which light vectors are looked for
PAIRS: Final = 2_000_000  # pairs of rows that are combined in one order
_DENOMINATORS: Final = range(1, 13)

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Light:
    """Vectors on few people, (v, atoms) float; `free` and `exhaustive` as `System`."""

    vectors: NDArray[np.float64]
    free: int
    exhaustive: bool


def reduced(matrix: Whole, order: Whole) -> tuple[Whole, Whole]:
    """Return the reduced echelon form modulo PRIME and its pivots, in column `order`.

    Rows of zeros are left out: (rank, columns) and (rank,).
    """
    rows = matrix % PRIME
    pivots: list[int] = []
    for column in order:
        done = len(pivots)
        if done == len(rows):
            break
        candidates = np.flatnonzero(rows[done:, column])
        if not len(candidates):
            continue
        pivot = done + int(candidates[0])
        if pivot != done:
            rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != done]
        if len(others):
            factors = rows[others, column][:, None]
            rows[others] = (rows[others] - factors * rows[done]) % PRIME
        pivots.append(int(column))
    return rows[: len(pivots)], np.array(pivots, dtype=np.int64)


def light_vectors(matrix: Whole, people: Whole, least: int) -> Light:
    """Return vectors of the row space that concern 1 to `least` - 1 people.

    `matrix` is (pieces, atoms) of small whole numbers with distinct columns, `people`
    (atoms,). First the combinations that cancel on every atom of `least` people or
    more; among these, every combination of one or two rows of the reduced form, in
    several orders of the atoms whose pivots overlap as little as possible (the bound
    of Brouwer and Zimmermann on the weight of a code word then says whether anything
    lighter can be left).
    """
    small = people < least
    big_first = np.argsort(small, kind="stable").astype(np.int64)
    rows, pivots = reduced(matrix, big_first)
    rest = rows[small[pivots]]
    free = len(rest)
    if not free:
        return Light(np.zeros((0, matrix.shape[1])), 0, True)
    found: list[Whole] = []
    exhaustive = True
    for part in _components(rest):
        columns = np.flatnonzero(part.any(axis=0))
        vectors, proved = _lightest(part[:, columns], people[columns], least)
        exhaustive &= proved
        for vector in vectors:
            whole = np.zeros(matrix.shape[1], dtype=np.int64)
            whole[columns] = vector
            found.append(whole)
    return Light(_as_fractions(found, matrix.shape[1]), free, exhaustive)


def _components(rows: Whole) -> Iterator[Whole]:
    """Yield blocks of rows that share no column with the other blocks."""
    left = np.ones(len(rows), dtype=bool)
    support = rows != 0
    while left.any():
        block = np.zeros(len(rows), dtype=bool)
        block[np.argmax(left)] = True
        while True:
            touched = support[block].any(axis=0)
            grown = left & support[:, touched].any(axis=1)
            if (grown == block).all():
                break
            block = grown
        left &= ~block
        yield rows[block]


def _lightest(rows: Whole, people: Whole, least: int) -> tuple[list[Whole], bool]:
    """Return light vectors of a block and whether there can be no others."""
    found: dict[bytes, Whole] = {}
    ever = np.zeros(rows.shape[1], dtype=bool)
    used = ever.copy()
    left = 0  # how many atoms a vector that was not enumerated touches at least
    for turn in range(ORDERS):
        order = np.lexsort((people * (-1) ** turn, used)).astype(np.int64)
        form, pivots = reduced(rows, order)
        both = len(form) * (len(form) - 1) // 2 <= PAIRS
        for vector in _singles_and_pairs(form, people, least, both):
            found.setdefault((vector != 0).tobytes(), vector)
        enumerated = 2 if both else 1
        left += max(enumerated + 1 - int(ever[pivots].sum()), 0)
        if enumerated >= len(form) or left >= least:
            return list(found.values()), True
        ever[pivots] = used[pivots] = True
        if used.all():
            used[:] = False
    return list(found.values()), False


def _singles_and_pairs(
    form: Whole, people: Whole, least: int, both: bool
) -> Iterator[Whole]:
    support = form != 0
    # floats are exact here, and many times faster than whole numbers
    touched = support.astype(np.float64)
    weight = touched @ people
    yield from form[weight < least]
    if not both:
        return
    common = (touched * people) @ touched.T
    # what only one of two rows touches cannot cancel
    apart = weight[:, None] + weight[None, :] - 2 * common
    first, second = np.nonzero(np.triu((apart < least) & (common > 0), 1))
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        shared = support[one] & support[other]
        inverse = np.array([pow(int(x), -1, PRIME) for x in form[other, shared]])
        ratios = form[one, shared] * inverse % PRIME
        for ratio in np.unique(ratios):
            vector = (form[one] - ratio * form[other]) % PRIME
            if 0 < people[vector != 0].sum() < least:
                yield vector


def _as_fractions(vectors: list[Whole], width: int) -> NDArray[np.float64]:
    """Return vectors modulo PRIME as numbers; their first entry is 1 in size."""
    written = np.zeros((len(vectors), width))
    for row, vector in enumerate(vectors):
        (columns,) = np.nonzero(vector)
        scale = pow(int(vector[columns[0]]), -1, PRIME)
        for column in columns:
            written[row, column] = _fraction(int(vector[column]) * scale % PRIME)
    return written


def _fraction(residue: int) -> float:
    """Return the fraction with a small denominator that `residue` stands for."""
    for denominator in _DENOMINATORS:
        numerator = residue * denominator % PRIME
        numerator -= PRIME if numerator > PRIME // 2 else 0
        if abs(numerator) < 1000:
            return numerator / denominator
    return 1.0
