"""WLSMV with scaled fit beside lavaan: from the answers to chi-square and errors.

40 items on eight factors, five and seven points, no gaps, 1,000 to 1,000,000 people. Each
of ours runs in a fresh process, warmed up on 500 people: one thread, then two; its peak
memory is that of the whole process. lavaan runs on the same bytes between two of ours;
processor seconds stand beside the clock's, because the machine may be busy.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import print_row, seconds_text, surroundings, wanted, write

# isort: split
import numpy as np

from analytics.psychometrics import Item, ResponseMatrix, compiled
from analytics.psychometrics.sem import SemFit, fit_model, ordinal_moments
from benchmarks._ours import ITEMS, MODEL, simulated
from benchmarks._peers import Answer, ask, store, versions

PEOPLE = (1_000, 10_000, 100_000, 1_000_000)
PEER_UP_TO = 100_000  # people; lavaan holds all scores of all people
LIMIT = 900.0  # seconds of lavaan
REPEATED_BELOW = 100_000  # people; from there on a single run counts
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
MEMORY = 4e9  # wanted at a million
FASTER = 20  # times lavaan, wanted at 100,000
WIDTHS = (10, 11, 10, 10, 11, 11, 10, 11, 11, 8, 10)
HEAD = (
    "answers",
    "n",
    "moments",
    "whole",
    "2 threads",
    "processor",
    "peak",
    "lavaan",
    "processor",
    "ratio",
    "  apart by",
)


@dataclass(frozen=True, slots=True)
class Ours:
    """One size, measured in a process of its own.

    Attributes
    ----------
    moments : float
        Seconds of thresholds, correlations and their covariance, one thread.
    seconds, two_threads : float
        From the codes to the fitted model.
    processor : float
        Processor seconds of the run with one thread.
    peak : int
        Bytes of the whole process, answers and libraries included.
    found : estimates by name, errors by name, and measures
    """

    moments: float
    seconds: float
    two_threads: float
    processor: float
    peak: int
    found: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """Ours beside lavaan; ratios are None where lavaan was not asked."""

    points: int
    n: int
    moments: float
    seconds: float
    two_threads: float
    processor: float
    peak: int
    peer_seconds: float | None
    peer_processor: float | None
    ratio: float | None
    processor_ratio: float | None
    note: str = ""
    differences: dict[str, float] = field(default_factory=dict)


def whole(data: ResponseMatrix, threads: int) -> SemFit:
    """Fit the model to the answers."""
    found = ordinal_moments(data, missing="listwise", threads=threads)
    return fit_model(MODEL, found, estimator="WLSMV")


def measured(stored: Path, n: int, points: int) -> Ours:
    """Measure in this process, which has done nothing else before."""
    codes = np.fromfile(stored, dtype=np.int8).reshape(ITEMS, n).T
    items = tuple(Item(f"i{j}", 1, points) for j in range(1, ITEMS + 1))
    data = ResponseMatrix(codes, items)
    compiled.warm_up()
    whole(simulated(500, 3, gaps=False), 1)
    budget = 5.0 if n < REPEATED_BELOW else 0.0
    timed = partial(_median, budget=budget)
    processor = time.process_time()
    fit = whole(data, 1)
    processor = time.process_time() - processor
    return Ours(
        moments=timed(lambda: ordinal_moments(data, missing="listwise", threads=1)),
        seconds=timed(lambda: whole(data, 1)),
        two_threads=timed(lambda: whole(data, 2)),
        processor=processor,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT,
        found=_said(fit),
    )


def _median(call: Callable[[], object], *, budget: float) -> float:
    taken: list[float] = []
    while not taken or (len(taken) < 5 and sum(taken) + taken[-1] < budget):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return median(taken)


def _said(fit: SemFit) -> dict[str, Any]:
    scaled = fit.measures.scaled if fit.measures else None
    assert fit.measures is not None
    assert scaled is not None
    named = {f"{p.left}{p.operator}{p.right}": p.value for p in fit.parameters}
    return {
        "estimates": {name: value.estimate for name, value in named.items()},
        "errors": {name: value.se or 0.0 for name, value in named.items()},
        "chi2": scaled.chi2,
        "factor": scaled.factor,
        "cfi": scaled.cfi,
        "rmsea": scaled.rmsea.estimate if scaled.rmsea else None,
        "srmr": fit.measures.srmr,
    }


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    """Return how far apart the two are; chi-square and factor relative to theirs."""
    names = [_in_our_order(name, ours["estimates"]) for name in theirs["names"]]
    apart = {
        kind: _apart([ours[kind][name] for name in names], theirs[kind])
        for kind in ("estimates", "errors")
    }
    for name in ("chi2", "factor"):
        apart[name] = abs(ours[name] / theirs[name] - 1)
    for name in ("cfi", "rmsea", "srmr"):
        apart[name] = abs(ours[name] - theirs[name])
    return apart


def _in_our_order(name: str, known: dict[str, Any]) -> str:
    left, operator, right = name.partition("~~")
    return name if name in known else right + operator + left


def _apart(ours: list[float], theirs: Any) -> float:
    largest: float = np.abs(np.array(ours) - np.array(theirs, dtype=float)).max()
    return float(largest)


def compared(n: int, points: int, *, lavaan: bool) -> Row:
    """Measure one size of both."""
    data = simulated(n, points, gaps=False)
    with tempfile.TemporaryDirectory() as folder:
        stored = store(data, Path(folder))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            ours = pool.apply(measured, (stored, n, points))
        answer = Answer(None, LIMIT, {}, error="not asked")
        if lavaan:
            answer = ask("lavaan", "wlsmv", stored, data, LIMIT)
    theirs = median(answer.found["processor"]) if answer.seconds else None
    return Row(
        points=points,
        n=n,
        moments=ours.moments,
        seconds=ours.seconds,
        two_threads=ours.two_threads,
        processor=ours.processor,
        peak=ours.peak,
        peer_seconds=answer.seconds,
        peer_processor=theirs,
        ratio=answer.seconds / min(ours.seconds, ours.two_threads)
        if answer.seconds
        else None,
        processor_ratio=theirs / ours.processor if theirs else None,
        note=answer.error,
        differences=differences(ours.found, dict(answer.found))
        if answer.seconds
        else {},
    )


def cells(row: Row) -> list[str]:
    """Return a row as it is printed."""
    peer = [row.peer_seconds, row.peer_processor]
    return [
        f"{row.points} points",
        f"{row.n:,}",
        seconds_text(row.moments),
        seconds_text(row.seconds),
        seconds_text(row.two_threads),
        seconds_text(row.processor),
        f"{row.peak / 1e6:,.0f} MB",
        *(seconds_text(one) if one else row.note for one in peer),
        f"{row.ratio:.0f}" if row.ratio else "",
        "  " + ", ".join(f"{k} {v:.0e}" for k, v in row.differences.items()),
    ]


def verdicts(rows: list[Row]) -> Iterator[str]:
    """Say what was wanted and what came."""
    for row in rows:
        if row.n == PEER_UP_TO and row.ratio and row.processor_ratio:
            state = "reached" if row.ratio >= FASTER else "missed"
            yield (
                f"{state}: {row.points} points, {row.n:,} people, wanted {FASTER} times"
                f" lavaan: {row.ratio:.1f}; by processor {row.processor_ratio:.1f}"
            )
        if row.n == PEOPLE[-1]:
            state = "reached" if row.peak < MEMORY else "missed"
            yield (
                f"{state}: {row.points} points, {row.n:,} people, wanted under "
                f"{MEMORY / 1e9:.0f} GB: {row.peak / 1e9:.2f} GB"
            )


def main() -> None:
    """Measure, print the table and the verdicts, write JSON."""
    asked = wanted("wlsmv", __doc__)
    known = versions()["lavaan"]
    about = {**surroundings(), "items": ITEMS, "lavaan": known}
    print(f"lavaan {known}; load {about['load_at_start']:.1f}")
    print_row(HEAD, WIDTHS)
    rows: list[Row] = []
    for n in PEOPLE[:1] if asked.quick else PEOPLE:
        for points in (5, 7):
            peer = n <= PEER_UP_TO and known != "not installed" and not asked.quick
            rows.append(compared(n, points, lavaan=peer))
            shown = cells(rows[-1])
            print_row(shown, (*WIDTHS[:-1], len(shown[-1])))
            found = {**about, "rows": [asdict(row) for row in rows]}
            write(asked.path, found)
    for verdict in verdicts(rows):
        print(verdict)


if __name__ == "__main__":
    main()
