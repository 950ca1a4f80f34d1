"""Programs that measure. Each prints a table and writes JSON; `--quick` takes a tenth.

What is measured and its peer or limit run in turn, so that a busy moment of the machine
meets both; medians are compared.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import trustsurvey  # first: it sets the threads of the linear algebra

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "benchmarks"
PACKAGES = ("numpy", "scipy", "factor-analyzer", "psycopg")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    path: Path
    quick: bool


def wanted(name: str, description: str | None) -> Wanted:
    parser = argparse.ArgumentParser(description=(description or "").split("\n")[0])
    parser.add_argument("path", nargs="?", type=Path, default=FOLDER / f"{name}.json")
    parser.add_argument("--quick", action="store_true", help="sizes divided by ten")
    given = parser.parse_args()
    return Wanted(given.path, given.quick)


def in_turn(*calls: Callable[[], object], repeats: int) -> list[float]:
    """Return the median seconds of each call, after one round that does not count."""
    seconds: list[list[float]] = [[] for _ in calls]
    for measured in range(repeats + 1):
        for call, taken in zip(calls, seconds, strict=True):
            started = time.perf_counter()
            call()
            if measured:
                taken.append(time.perf_counter() - started)
    return [median(taken) for taken in seconds]


def median_seconds(call: Callable[[], object], *, budget: float) -> float:
    """Return the median of up to 15 calls within the budget, after a warm-up.

    A budget of 0 is for calls of many seconds: the first one counts.
    """
    if budget:
        call()
    taken: list[float] = []
    while not taken or (len(taken) < 15 and sum(taken) + taken[-1] < budget):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return median(taken)


def surroundings() -> dict[str, Any]:
    """Where and with what was measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_at_start": os.getloadavg()[0],
        "blas_threads": os.environ["OPENBLAS_NUM_THREADS"],
        "trustsurvey": trustsurvey.__version__,
        **{name: version(name) for name in PACKAGES},
    }


def write(path: Path, result: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"Written: {path}")


def print_row(cells: Sequence[str], widths: Sequence[int]) -> None:
    """Print the first cell to the left and the others to the right, at once."""
    first, *others = zip(cells, widths, strict=True)
    line = first[0].ljust(first[1]) + "".join(c.rjust(w) for c, w in others)
    print(line.rstrip())
    sys.stdout.flush()


def seconds_text(seconds: float) -> str:
    """Three figures, in s, ms or µs."""
    if seconds >= 1000:
        return f"{seconds:,.0f} s"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"
