"""Recompute the report of this folder from its data and compare every number.

    python reproduce.py

needs Python 3.11 or later with NumPy and SciPy, and no network. `reach.json` says for
each number of `report.json` how it is checked and how close it must come, or why it
cannot be checked. Ends with status 1 where a number, or a file, is not as it should be.
"""

import hashlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from parts import PARTS
from study import Plain, Study

PROGRAM = "python"


def leaves(value: Plain, pointer: str = "") -> Iterator[tuple[str, float]]:
    """Every number with its JSON pointer (RFC 6901)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            escaped = key.replace("~", "~0").replace("/", "~1")
            yield from leaves(inner, f"{pointer}/{escaped}")
    elif isinstance(value, list | tuple):
        for k, inner in enumerate(value):
            yield from leaves(inner, f"{pointer}/{k}")
    elif isinstance(value, int | float | np.number) and not isinstance(value, bool):
        yield pointer, float(value)


def damaged(folder: Path) -> Iterator[str]:
    """Files that are not what SHA256SUMS says."""
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        path = folder / name
        if not path.is_file():
            yield f"{name}: not there"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name}: changed since it was made"


def computed(study: Study) -> tuple[dict[str, float], list[str]]:
    """All numbers that this script makes, by pointer; and what failed."""
    found: dict[str, float] = {}
    failed = []
    for part in PARTS:
        try:
            with np.errstate(all="ignore"):
                found.update(leaves(part(study)))
        except Exception as error:
            failed.append(f"{part.__name__}: {type(error).__name__}: {error}")
    return found, failed


def main() -> int:
    """Print what was reproduced and what was not; return the status."""
    folder = Path(__file__).resolve().parent
    problems = list(damaged(folder))
    try:
        study = Study(folder)
    except (OSError, ValueError, KeyError) as error:
        print(*problems, sep="\n")
        print(f"This folder cannot be read: {type(error).__name__}: {error}")
        return 1
    found, failed = computed(study)
    checked, out, largest = 0, 0, (0.0, "")
    for pointer, told in leaves(study.whole):
        rule = study.rules["numbers"].get(pointer)
        if rule is None:
            problems.append(f"{pointer}: reach.json does not say how it is checked")
            continue
        tolerance = study.rules["rules"][rule][PROGRAM]
        if tolerance is None:
            out += 1
            continue
        checked += 1
        own = found.get(pointer, math.nan)
        apart = abs(own - told) / max(1.0, abs(told))
        largest = max(largest, (apart if apart == apart else math.inf, pointer))
        if not apart <= tolerance:
            problems.append(
                f"{pointer}: report {told!r}, recomputed {own!r}, allowed {tolerance:g}"
            )
    missed = sum(line.startswith("/") for line in problems)
    # without all scales some parts cannot be computed; then nobody asks for them
    problems = [*failed, *problems] if missed else problems
    print(f"Numbers in the report      {checked + out:>8}")
    print(f"Recomputed and equal       {checked - missed:>8}")
    print(f"Recomputed, not equal      {missed:>8}")
    print(f"Out of reach (reach.json)  {out:>8}")
    print(f"Largest relative difference {largest[0]:.2e} at {largest[1]}")
    for line in problems:
        print(f"FAILED {line}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
