"""Groups that all answered alike and that published means would show to have done so."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.systems import Flags, Labels, common, representation
from analytics.disclosure.telling import EXACT_FROM

Vector = NDArray[np.float64]


def told_by_pairs(
    groups: Flags,
    shown: Flags,
    people: Labels,
    sums: Vector,
    squares: Vector,
    ends: tuple[float, float],
    least: int,
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield groups all alike that combinations of shown pieces determine.

    Looked at is what two groups have in common, and each without the other. `groups`
    (g, atoms) and `shown` (p, atoms) are bool; `people`, `sums` and `squares` of the
    values are of the atoms. Yields the number of people and the pieces used.
    """
    totals = np.array(
        [(groups * one) @ groups.T for one in (sums, squares)], dtype=float
    )
    shared = np.vstack((common(groups, people)[None], totals))
    whole = np.diagonal(shared, axis1=1, axis2=2)
    span: Vector | None = None
    for is_rest, numbers in ((False, shared), (True, whole[:, :, None] - shared)):
        for first, second in zip(
            *np.nonzero(_alike(numbers, ends, least)), strict=True
        ):
            if not is_rest and second < first:
                continue
            other = ~groups[second] if is_rest else groups[second]
            group = (groups[first] & other).astype(np.float64)
            span = _span(shown) if span is None else span
            if np.abs(group - (group @ span.T) @ span).max() < 1e-7:
                yield int(group @ people), representation(shown, group)


def _alike(numbers: Vector, ends: tuple[float, float], least: int) -> Flags:
    """Return which groups are alike, from their people, sums and squares, (3, g, g)."""
    n, sums, squares = numbers
    low, high = ends
    enough = n >= least
    spread = squares - np.square(sums) / np.maximum(n, 1)
    same = (n < EXACT_FROM) & (spread < 1e-7)
    room = (high - low) / least - 1e-9
    near = np.minimum(n * high - sums, sums - n * low) < room
    found: Flags = enough & (same | near)
    return found


def _span(shown: Flags) -> Vector:
    """Return orthonormal rows that span the pieces."""
    if not len(shown):
        return np.zeros((0, shown.shape[1]))
    _, values, rows = np.linalg.svd(shown.astype(np.float64), full_matrices=False)
    span: Vector = rows[values > 1e-9 * values[0]]
    return span
