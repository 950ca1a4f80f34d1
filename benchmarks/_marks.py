"""The stated aims of speed, held against what was measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["reached", "missed", "not measured"]
Measured = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """One aim.

    Attributes
    ----------
    name, wanted, measured : str
    state : "reached", "missed", or "not measured" where size or peer is lacking
    """

    name: str
    wanted: str
    measured: str
    state: State


def marks(rows: Sequence[Measured]) -> list[Mark]:
    """Hold every aim against the rows of `benchmarks.psychometrics`."""
    return [
        _below("chain of 1e6 by 40, two threads", 0.5, rows, "chain", 1_000_000),
        _times("polychorics by lavCor at 1e6", 500, rows, "polychoric", "lavaan", _1e6),
        _times("CFA ML by lavaan at every n", 10, rows, "cfa", "lavaan", _any),
        _times("alpha, if dropped, by psych at 1e5", 100, rows, "alpha", "psych", _1e5),
        _below("1,000 bootstrap omegas at 1e4", 20.0, rows, "bootstrap", 10_000),
        _below("200 polychoric draws at 1e4", 10.0, rows, "parallel", 10_000),
    ]


def _any(n: int) -> bool:
    return True


def _1e5(n: int) -> bool:
    return n == 100_000


def _1e6(n: int) -> bool:
    return n == 1_000_000


def _below(
    name: str, most: float, rows: Sequence[Measured], statistic: str, n: int
) -> Mark:
    """Every data set has to be below: the slowest counts."""
    seconds = [
        min(row["seconds"], row["seconds_two_threads"])
        for row in rows
        if row["statistic"] == statistic and row["n"] == n
    ]
    wanted = f"< {most:g} s"
    if not seconds:
        return Mark(name, wanted, "", "not measured")
    shown = " and ".join(f"{s:.2f} s" for s in seconds)
    return Mark(name, wanted, shown, "reached" if max(seconds) < most else "missed")


def _times(
    name: str,
    least: float,
    rows: Sequence[Measured],
    statistic: str,
    peer: str,
    counts: Callable[[int], bool],
) -> Mark:
    """The smallest ratio counts; a peer over its limit has a lower bound of it."""
    found = [
        row
        for row in rows
        if row["statistic"] == statistic
        and row["peer"] == peer
        and row["ratio"] is not None
        and counts(row["n"])
    ]
    wanted = f">= {least:g} times"
    # a bound below the aim says neither
    certain = [r for r in found if not r["over_limit"] or r["ratio"] >= least]
    if not certain:
        return Mark(name, wanted, "", "not measured")
    worst = min(certain, key=lambda row: float(row["ratio"]))
    bound = "more than " if worst["over_limit"] else ""
    shown = f"{bound}{worst['ratio']:,.1f} times (n = {worst['n']:,})"
    return Mark(name, wanted, shown, "reached" if worst["ratio"] >= least else "missed")
