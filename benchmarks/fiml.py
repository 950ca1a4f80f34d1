"""Full-information maximum likelihood beside lavaan: answers with gaps to fit indices.

20 five-point items on two correlated factors; each person leaves out one of 200 sets of
items. Ours starts from the codes, lavaan from its data frame; both end with estimates,
errors and fit indices, those freed of the gaps' effect included. lavaan also says how
long `cfa` alone took. Processor seconds stand beside the clock's.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import print_row, seconds_text, surroundings, wanted, write

# isort: split
import numpy as np

from analytics.psychometrics import Item, ResponseMatrix
from analytics.psychometrics.sem import SemFit, fit_model
from analytics.psychometrics.sem.saturated import Errors
from benchmarks._peers import Answer, ask, store, versions

PEOPLE = (1_000, 10_000)
MARK = 10_000  # people at which ours is wanted so many times as fast
FASTER = 10
ITEMS, PATTERNS, POINTS, MISSING_SHARE = 20, 200, 5, 0.2
LIMIT = 900.0  # seconds of lavaan
BUDGET = 6.0  # seconds of repeats of ours
SEED = 20261122
NAMES = [f"i{j}" for j in range(1, ITEMS + 1)]
MODEL = "\n".join(
    f"f{k} =~ " + " + ".join(NAMES[ITEMS // 2 * (k - 1) : ITEMS // 2 * k])
    for k in (1, 2)
)
PEERS: dict[Errors, str] = {"observed": "fiml", "robust": "fiml_robust"}
WIDTHS = (10, 9, 10, 11, 11, 11, 11, 8, 11, 10)
HEAD = (
    "errors",
    "n",
    "patterns",
    "ours",
    "processor",
    "lavaan",
    "cfa alone",
    "ratio",
    "processor",
    "  apart by",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One size and kind of errors; ratios are None where lavaan did not answer.

    Attributes
    ----------
    seconds, processor, peer_seconds, peer_processor : float
        Medians, on the clock and of the processor.
    peer_alone : float or None
        Seconds of lavaan's `cfa` without the indices of fit.
    ratio, processor_ratio : float or None
        How many times ours goes into lavaan's.
    """

    errors: Errors
    n: int
    patterns: int
    seconds: float
    processor: float
    peer_seconds: float | None
    peer_processor: float | None
    peer_alone: float | None
    ratio: float | None
    processor_ratio: float | None
    note: str = ""
    differences: dict[str, float] = field(default_factory=dict)


def simulated(n: int) -> ResponseMatrix:
    """Answers of n people with one of 200 sets of gaps each."""
    rng = np.random.default_rng(SEED)
    root = np.linalg.cholesky(np.array([[1.0, 0.5], [0.5, 1.0]]))
    factors = np.repeat(rng.standard_normal((n, 2)) @ root.T, ITEMS // 2, axis=1)
    values = 0.7 * factors + 0.7 * rng.standard_normal((n, ITEMS))
    codes = np.clip(np.rint(2 + values), 0, POINTS - 1).astype(np.int8)
    sets = rng.random((PATTERNS, ITEMS)) < MISSING_SHARE
    codes[sets[rng.integers(PATTERNS, size=n)]] = -1
    # lavaan reads the codes themselves
    return ResponseMatrix(codes, tuple(Item(name, 0, POINTS - 1) for name in NAMES))


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the median seconds of the clock and of the processor."""
    call()
    clock: list[float] = []
    processor: list[float] = []
    while not clock or (len(clock) < 9 and sum(clock) + clock[-1] < BUDGET):
        began, worked = time.perf_counter(), time.process_time()
        call()
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    return median(clock), median(processor)


def compared(n: int, errors: Errors, *, lavaan: bool) -> Row:
    """Measure one size of both."""
    data = simulated(n)

    def ours() -> SemFit:
        return fit_model(MODEL, data, estimator="FIML", errors=errors)

    seconds, processor = timed(ours)
    answer = Answer(None, LIMIT, {}, error="not asked")
    if lavaan:
        with tempfile.TemporaryDirectory() as folder:
            stored = store(data, Path(folder))
            answer = ask("lavaan", PEERS[errors], stored, data, LIMIT)
    answered = bool(answer.seconds)
    theirs = median(answer.found["processor"]) if answered else None
    patterns = len(np.unique(data.codes < 0, axis=0))
    return Row(
        errors=errors,
        n=n,
        patterns=patterns,
        seconds=seconds,
        processor=processor,
        peer_seconds=answer.seconds,
        peer_processor=theirs,
        peer_alone=answer.found["alone"] if answered else None,
        ratio=answer.seconds / seconds if answer.seconds else None,
        processor_ratio=theirs / processor if theirs else None,
        note=answer.error,
        differences=differences(ours(), dict(answer.found)) if answered else {},
    )


def differences(fit: SemFit, theirs: dict[str, Any]) -> dict[str, float]:
    """Return how far apart the two are; the chi-square relative to theirs."""
    assert fit.measures is not None
    named = {f"{p.left}{p.operator}{p.right}": p.value for p in fit.parameters}
    estimates = [named[name].estimate for name in theirs["names"]]
    errors = [named[name].se or 0.0 for name in theirs["names"]]
    shown = fit.measures.scaled or fit.measures
    corrected = fit.measures.corrected
    assert corrected is not None
    assert corrected.rmsea is not None
    assert shown.rmsea is not None
    found = {
        "cfi": shown.cfi,
        "rmsea": shown.rmsea.estimate,
        "srmr": fit.measures.srmr,
        "cfi_corrected": corrected.cfi,
        "rmsea_corrected": corrected.rmsea.estimate,
    }
    return {
        "estimates": float(np.abs(np.subtract(estimates, theirs["estimates"])).max()),
        "errors": float(np.abs(np.subtract(errors, theirs["errors"])).max()),
        "chi2": abs(shown.chi2 / theirs["chi2"] - 1),
        **{name: abs((ours or 0.0) - theirs[name]) for name, ours in found.items()},
    }


def cells(row: Row) -> list[str]:
    """Return a row as it is printed."""
    peer = (row.peer_seconds, row.peer_alone)
    return [
        row.errors,
        f"{row.n:,}",
        str(row.patterns),
        seconds_text(row.seconds),
        seconds_text(row.processor),
        *(seconds_text(one) if one else row.note for one in peer),
        f"{row.ratio:.0f}" if row.ratio else "",
        f"{row.processor_ratio:.0f} times" if row.processor_ratio else "",
        "  " + ", ".join(f"{k} {v:.0e}" for k, v in row.differences.items()),
    ]


def verdicts(rows: list[Row]) -> Iterator[str]:
    """Say what was wanted and what came."""
    for row in rows:
        if row.n == MARK and row.ratio and row.processor_ratio:
            state = "reached" if row.ratio >= FASTER else "missed"
            yield (
                f"{state}: {row.errors} errors, {row.n:,} people, {row.patterns} "
                f"patterns, wanted {FASTER} times lavaan: {row.ratio:.1f}; by processor "
                f"{row.processor_ratio:.1f}"
            )


def main() -> None:
    """Measure, print the table and the verdicts, write JSON."""
    asked = wanted("fiml", __doc__)
    known = versions()["lavaan"]
    about = {**surroundings(), "items": ITEMS, "lavaan": known}
    print(f"lavaan {known}; load {about['load_at_start']:.1f}")
    print_row(HEAD, WIDTHS)
    rows: list[Row] = []
    for n in PEOPLE[:1] if asked.quick else PEOPLE:
        for errors in PEERS:
            peer = known != "not installed" and not asked.quick
            rows.append(compared(n, errors, lavaan=peer))
            shown = cells(rows[-1])
            print_row(shown, (*WIDTHS[:-1], len(shown[-1])))
            write(asked.path, {**about, "rows": [asdict(row) for row in rows]})
    for verdict in verdicts(rows):
        print(verdict)


if __name__ == "__main__":
    main()
