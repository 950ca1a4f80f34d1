"""Walk the numbers of a reference file and hold ours against them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

import numpy as np

Kind = Literal[
    "count", "closed form", "estimate", "error", "factors", "geomin", "omega"
]
# absolute for values below 1, relative above
STANDARD: dict[Kind, float] = {
    "count": 0,
    "closed form": 1e-10,
    "estimate": 1e-5,
    "error": 1e-4,  # standard errors, chi-squares and what is made from them
    "factors": 1e-5,  # after alignment
    "geomin": 2e-4,
    "omega": 1e-4,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to the numbers whose path matches one of the patterns.

    Attributes
    ----------
    keys : tuple of str
        Patterns of the path inside the file; "*" also stands for "/".
    tolerance : float or None
        Largest difference allowed; None = the numbers are left out.
    because : str
        Why they are left out, or held less closely than the standard.
    """

    keys: tuple[str, ...]
    tolerance: float | None
    because: str = ""

    def matches(self, path: str) -> bool:
        return any(fnmatchcase(path, key) for key in self.keys)


def held(kind: Kind, *keys: str, to: float | None = None, because: str = "") -> Rule:
    """Compare, by the tolerance of the kind or by one of its own with its reason."""
    if to is not None and to > STANDARD[kind] and not because:
        raise ValueError(f"{keys[0]} is held to {to:g} only: give the reason.")
    return Rule(keys, STANDARD[kind] if to is None else to, because)


def skipped(because: str, *keys: str) -> Rule:
    """Leave out, for a reason."""
    return Rule(keys, None, because)


@dataclass(frozen=True, slots=True)
class Case:
    """One reference file.

    Attributes
    ----------
    name : str
        The file without ".json".
    ours : callable
        Content of the file -> our numbers, at the same paths. What is left out may be
        missing.
    rules : tuple of Rule
        The first that matches a path counts.
    """

    name: str
    ours: Callable[[Any], Any]
    rules: tuple[Rule, ...]


@dataclass(slots=True)
class Row:
    """One line of the table: what became of the numbers of a rule."""

    rule: Rule
    values: int = 0
    largest: float = 0.0
    at: str = ""
    beyond: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What became of a file."""

    name: str
    rows: list[Row]
    problems: list[str]

    @property
    def compared(self) -> int:
        return sum(row.values for row in self.rows if row.rule.tolerance is not None)

    @property
    def left_out(self) -> int:
        return sum(row.values for row in self.rows if row.rule.tolerance is None)


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of nested mappings, lists and arrays, with its path."""
    if isinstance(tree, np.ndarray):
        tree = tree.tolist()
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from leaves(branch, f"{path}/{key}" if path else str(key))
    elif isinstance(tree, list | tuple):
        for place, branch in enumerate(tree):
            yield from leaves(branch, f"{path}/{place}" if path else str(place))
    elif isinstance(tree, int | float | np.number) and not isinstance(tree, bool):
        yield path, float(tree)


def compare(case: Case, stored: Any) -> Outcome:
    """Hold ours against every number of the file."""
    ours = dict(leaves(case.ours(stored)))
    rows = [Row(rule) for rule in case.rules]
    problems = []
    for path, theirs in leaves(stored):
        row = next((row for row in rows if row.rule.matches(path)), None)
        if row is None:
            problems.append(f"{path} is neither compared nor left out for a reason")
        elif row.rule.tolerance is None:
            row.values += 1
        elif path not in ours:
            problems.append(f"{path} is to be compared, but is not computed")
        else:
            _enter(row, path, ours[path], theirs)
    problems += [f"{text}" for row in rows for text in row.beyond]
    problems += [
        f"no number is called {' or '.join(row.rule.keys)}"
        for row in rows
        if not row.values and not row.beyond
    ]
    return Outcome(case.name, rows, problems)


def _enter(row: Row, path: str, ours: float, theirs: float) -> None:
    difference = abs(ours - theirs) / max(1.0, abs(theirs))
    tolerance = row.rule.tolerance
    if not math.isfinite(difference) or (
        tolerance is not None and difference > tolerance
    ):
        row.beyond.append(
            f"{path} is {ours!r}, not {theirs!r}: {difference:.1e} apart, "
            f"held to {tolerance:g}"
        )
    row.values += 1
    if not difference <= row.largest:
        row.largest, row.at = difference, path
