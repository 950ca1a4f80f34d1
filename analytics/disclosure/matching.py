"""Whether somebody who adds up rows could find a published group among them.

Whoever holds rows and the exact mean of a group can look for the rows that have it. Of
a small group that is one choice of rows and no other, so it must count as though the
file named the group. Of a large one it is one of so many that nobody can tell which.
How many: choices of as many rows as the group has in every class of the file, times the
chance that one drawn at random has all the published figures, as a normal density at
the figures that the group has.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.systems import Flags, Labels
from analytics.disclosure.values import Measure

Vector = NDArray[np.float64]
SPARE_BITS: Final = 20.0  # a group is hidden where a million choices of rows fit it
_BITS_OF_E: Final = math.log2(math.e)
_STEPS: Final = 60  # steps of a score finer than this are taken for this fine


class Crowd:
    """Everybody's scores as sums that are published, to ask which groups can be found."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        columns = []
        for one in measures:
            steps = np.nan_to_num(one.values - one.low) * _fineness(one)
            # mean, spread, and agreement that tells as much as a spread once more
            columns += [steps, steps**2]
        n = len(measures[0].values)
        self.scores: Vector = np.column_stack(columns).reshape(n, len(columns))
        self.weights = np.tile([1.0, 2.0], len(measures))
        ways = np.concatenate(([0.0], np.cumsum(np.log2(np.arange(1, n + 1)))))
        self.log_factorials: Vector = ways

    def findable(self, groups: Flags, classes: Labels) -> Flags:
        """Return which of (g, n) groups could be found in a file of these classes."""
        found: Flags = self.spare(groups, classes) < SPARE_BITS
        return found

    def spare(self, groups: Flags, classes: Labels) -> Vector:
        """Return log2 of how many choices of rows fit the figures of each group."""
        order = np.argsort(classes, kind="stable")
        starts = np.flatnonzero(np.diff(classes[order], prepend=-1))
        sizes: Labels = np.diff(np.append(starts, len(order))).astype(np.int64)
        parts = np.add.reduceat(groups[:, order].astype(np.int64), starts, axis=1)
        ordered = self.scores[order]
        means = np.add.reduceat(ordered, starts) / sizes[:, None]
        spread = np.array(
            [
                np.cov(part, rowvar=False, ddof=1).ravel()
                if len(part) > 1
                else np.zeros(self.scores.shape[1] ** 2)
                for part in np.split(ordered, starts[1:])
            ]
        )
        totals = groups.astype(np.float64) @ self.scores
        inside = parts.astype(np.float64)
        left = inside * (1 - inside / sizes)
        width = self.scores.shape[1]
        spreads = (left @ spread).reshape(len(groups), width, width)
        told = self._bits(spreads, totals - inside @ means)
        spare: Vector = self._ways(sizes, parts) - told
        return spare

    def _ways(self, sizes: Labels, inside: Labels) -> Vector:
        """Log2 of the choices of so many rows, (g, c), from every class, (c,)."""
        ways = self.log_factorials
        found = ways[sizes] - ways[inside] - ways[sizes - inside]
        total: Vector = found.sum(axis=1)
        return total

    def _bits(self, spreads: Vector, away: Vector) -> Vector:
        """How unlikely the figures of each group are in a choice at random, in bits."""
        deviation = np.sqrt(np.diagonal(spreads, axis1=1, axis2=2))
        widths = np.log2(math.sqrt(2 * math.pi) * np.maximum(deviation, 0.5))
        inverse = np.linalg.pinv(spreads, hermitian=True)
        far = np.einsum("gi,gij,gj->g", away, inverse, away)
        bits: Vector = widths @ self.weights + np.maximum(far, 0) / 2 * _BITS_OF_E
        return bits


def _fineness(measure: Measure) -> int:
    """Return into how many steps a point of the scale is divided by its scores."""
    known = measure.values[~np.isnan(measure.values)]
    for steps in range(1, _STEPS):
        if np.abs(known * steps - np.rint(known * steps)).max(initial=0.0) < 1e-6:
            return steps
    return _STEPS
