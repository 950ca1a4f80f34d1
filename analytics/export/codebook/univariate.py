"""What each variable holds, counted block by block, and how much of it is told."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from analytics.disclosure.telling import EXACT_FROM, band
from analytics.export.codebook.values import Frequency, Statistics
from analytics.export.dataset import Column, DataSet, Variable
from analytics.sentences import say

MOST_CODES: Final = 100  # points of a range that is counted code by code
# of whom something is known by it: a small group is not counted alone
OF_GROUPS: Final = frozenset({"segment"})
NO_MEAN: Final = frozenset({"record"})


class Tally:
    """Counts and moments of one variable, added up over blocks.

    The moments are merged as Chan, Golub and LeVeque (1983, The American Statistician
    37, 242-247, eqs. 1.3 a and b), so that a million rows lose no digits.
    """

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        self.rows = 0
        self.n = 0
        self.mean = 0.0
        self.squares = 0.0
        self.counts: Counter[int] = Counter()
        self._missing = np.array([one.value for one in variable.missing], dtype=float)

    def add(self, column: Column) -> None:
        """Count one block of the variable's column."""
        self.rows += len(column)
        if self.variable.kind == "text":
            self.n += sum(1 for one in column if one is not None)
            return
        if self.variable.kind == "number":
            self._merge(column[~np.isnan(column)].astype(float))
            return
        missing = np.isin(column, self._missing)
        self._merge(column[~missing].astype(float))
        counted = column if is_counted(self.variable) else column[missing]
        codes, times = np.unique(counted, return_counts=True)
        self.counts.update(dict(zip(codes.tolist(), times.tolist(), strict=True)))

    def _merge(self, values: Column) -> None:
        if not len(values):
            return
        mean = float(values.mean())
        squares = float(np.square(values - mean).sum())
        apart, n = mean - self.mean, self.n + len(values)
        self.squares += squares + apart**2 * self.n * len(values) / n
        self.mean += apart * len(values) / n
        self.n = n


def statistics_of(data: DataSet) -> tuple[Statistics, ...]:
    """Read the data once and return what may be told of each variable, in order."""
    tallies = [Tally(one) for one in data.variables]
    for block in data.blocks():
        for tally, column in zip(tallies, block, strict=True):
            tally.add(column)
    return tuple(told(tally) for tally in tallies)


def is_counted(variable: Variable) -> bool:
    """Whether its codes are counted one by one."""
    if variable.kind != "whole":
        return False
    if variable.values:
        return True
    low, high = variable.low, variable.high
    return low is not None and high is not None and high - low < MOST_CODES


def told(tally: Tally) -> Statistics:
    """Return what is told: below 20 valid values a band, and nothing else."""
    if tally.n < EXACT_FROM:
        few = say("codebook_few", least=EXACT_FROM) if tally.rows else None
        frequencies = tuple(_listed(tally, tell=False))
        return Statistics(band(tally.n), None, frequencies, withheld=few)
    small = tally.variable.role in OF_GROUPS and _has_small(tally)
    exact = band(tally.n)
    mean, sd = _moments(tally)
    return Statistics(
        valid=exact,
        missing=tally.rows - tally.n,
        frequencies=tuple(_listed(tally, tell=not small)),
        mean=mean,
        sd=sd,
        withheld=say("codebook_small_groups", least=EXACT_FROM) if small else None,
    )


def _moments(tally: Tally) -> tuple[float | None, float | None]:
    variable = tally.variable
    if variable.kind == "text" or variable.measure == "nominal":
        return None, None
    if variable.role in NO_MEAN or tally.n < 2:
        return None, None
    return tally.mean, math.sqrt(tally.squares / (tally.n - 1))


def _listed(tally: Tally, *, tell: bool) -> Sequence[Frequency]:
    """Every code with a meaning, and those that occur; missing codes last."""
    variable = tally.variable
    valid = {one.value: one.text for one in variable.values}
    missing = {one.value: one.text for one in variable.missing}
    found = {
        code: None
        for code in sorted(tally.counts)
        if code not in valid and code not in missing and tell
    }
    listed = [
        Frequency(code, label, tally.counts[code] if tell else None, missing=False)
        for code, label in sorted({**valid, **found}.items())
    ]
    return listed + [
        Frequency(code, label, tally.counts[code] if tell else None, missing=True)
        for code, label in missing.items()
    ]


def _has_small(tally: Tally) -> bool:
    """Whether a group of few people would be counted, or told by the rest."""
    missing = {one.value for one in tally.variable.missing}
    return any(
        0 < times < EXACT_FROM
        for code, times in tally.counts.items()
        if code not in missing
    )
