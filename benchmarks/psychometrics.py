"""The statistics beside psych, lavaan, factor_analyzer, semopy and pingouin.

One run: five-point answers without gaps and seven-point answers with 2 % of gaps, 40
items on eight factors, 1,000 to 1,000,000 people. Ours starts from the codes each time,
warmed up before; a peer starts from its own loaded data, also warmed up. Both times are
medians. Peers that are not on this machine are listed as such; one that took longer
than its limit gives a lower bound of the ratio.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import median_seconds, print_row, seconds_text, surroundings, wanted

# isort: split
from analytics.psychometrics import MissingRule, ResponseMatrix, compiled
from benchmarks import write
from benchmarks._marks import Mark, marks
from benchmarks._ours import ITEMS, Sizes, call, differences, simulated
from benchmarks._peers import (
    IN_PYTHON,
    IN_R,
    Answer,
    ask,
    make_environment,
    store,
    versions,
)

PEOPLE = (1_000, 10_000, 100_000, 1_000_000)
LIMIT = 120.0  # seconds; the mark of the polychorics needs to see more of lavCor
LONGER = {("lavaan", "polychoric", 1_000_000, False): 480.0}
DRAWN_AT = 10_000  # people of the bootstrap and of parallel analysis
WIDTHS = (26, 20, 11, 9, 11, 11, 12, 9)
NAMES = {
    "pearson": "Pearson",
    "polychoric": "780 polychorics",
    "efa": "EFA, minres, oblimin",
    "cfa": "CFA ML, 8 by 5",
    "alpha": "alpha and if dropped",
    "bootstrap": "bootstrap of omega",
    "parallel": "polychoric parallel",
    "chain": "the whole chain",
}
# statistic, peer, rule for gaps that the peer follows
COMPARED: tuple[tuple[str, str, MissingRule], ...] = (
    ("pearson", "R", "pairwise"),
    ("polychoric", "lavaan", "pairwise"),
    ("polychoric", "psych", "pairwise"),
    ("efa", "psych", "pairwise"),
    ("efa", "factor_analyzer", "listwise"),
    ("cfa", "lavaan", "listwise"),
    ("cfa", "semopy", "listwise"),
    ("alpha", "psych", "pairwise"),
    ("alpha", "pingouin", "listwise"),
    ("bootstrap", "psych", "pairwise"),
    ("parallel", "psych", "pairwise"),
    ("chain", "", "pairwise"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One statistic of one data set by us and by one peer.

    Attributes
    ----------
    seconds, seconds_two_threads : float
        Medians of ours with one thread and with two.
    peer_seconds : float or None
        Of the peer; its limit where it took longer (`over_limit`).
    ratio : float or None
        Peer's by ours, whichever number of threads is faster.
    differences : largest absolute differences of the results
    note : "", "not installed", "over 120 s", "scaled up" or what the peer said
    """

    statistic: str
    peer: str
    n: int
    points: int
    gaps: bool
    seconds: float
    seconds_two_threads: float
    peer_seconds: float | None
    over_limit: bool
    ratio: float | None
    differences: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One data set and what is asked of it."""

    data: ResponseMatrix
    points: int
    gaps: bool
    sizes: Sizes
    known: dict[str, str]
    stored: Path
    budget: float  # seconds of repeats of each of ours

    def rows(self) -> Iterator[Row]:
        """Yield every comparison that is made at this size."""
        taken: dict[tuple[str, MissingRule], tuple[float, float, Any]] = {}
        for statistic, peer, rule in COMPARED:
            if statistic in ("bootstrap", "parallel") and self.data.n != DRAWN_AT:
                continue
            if (statistic, rule) not in taken:
                taken[statistic, rule] = self._ours(statistic, rule)
            yield self._row(statistic, peer, taken[statistic, rule])

    def _ours(self, statistic: str, rule: MissingRule) -> tuple[float, float, Any]:
        one, two = (
            call(statistic, self.data, rule, self.sizes, threads) for threads in (1, 2)
        )
        drawn = statistic in ("bootstrap", "parallel")
        first = median_seconds(one, budget=0.0 if drawn else self.budget)
        second = (
            first
            if statistic == "bootstrap"  # it takes no threads
            else median_seconds(two, budget=0.0 if drawn else self.budget)
        )
        return first, second, None if drawn else one()

    def _row(self, statistic: str, peer: str, ours: tuple[float, float, Any]) -> Row:
        first, second, found = ours
        answer = self._asked(statistic, peer)
        over = answer.seconds is None and not answer.error and bool(peer)
        theirs = answer.limit if over else answer.seconds
        note = f"over {answer.limit:.0f} s" if over else answer.error
        if "share" in answer.found:
            note = "scaled up"
        return Row(
            statistic=statistic,
            peer=peer,
            n=self.data.n,
            points=self.points,
            gaps=self.gaps,
            seconds=first,
            seconds_two_threads=second,
            peer_seconds=theirs,
            over_limit=over,
            ratio=theirs / min(first, second) if theirs else None,
            differences=differences(statistic, found, answer.found)
            if answer.seconds is not None
            else {},
            note=note,
        )

    def _asked(self, statistic: str, peer: str) -> Answer:
        limit = LONGER.get((peer, statistic, self.data.n, self.gaps), LIMIT)
        if not peer:
            return Answer(None, limit, {})
        if self.known[peer] in ("not installed", "left out"):
            return Answer(None, limit, {}, error=self.known[peer])
        return ask(peer, statistic, self.stored, self.data, limit)


def cells(row: Row) -> list[str]:
    """Return a row as it is printed."""
    kind = f"{row.points} points{', gaps' if row.gaps else ''}"
    bound = "> " if row.over_limit else ""
    worst = ", ".join(f"{name} {value:.0e}" for name, value in row.differences.items())
    return [
        NAMES[row.statistic],
        kind,
        f"{row.n:,}",
        seconds_text(row.seconds),
        seconds_text(row.seconds_two_threads),
        bound + seconds_text(row.peer_seconds) if row.peer_seconds else "",
        f"{bound}{row.ratio:,.0f}" if row.ratio else "",
        f"  {row.peer}{f' ({row.note})' if row.note else ''}  {worst}".rstrip(),
    ]


HEAD = ("statistic", "answers", "n", "ours", "2 threads", "peer", "ratio", "  peer")


def markdown(rows: list[Row], found: list[Mark]) -> str:
    """Return the tables of docs/benchmarks.md."""
    lines = ["| mark | wanted | measured | |", "|---|---|---|---|"]
    lines += [f"| {m.name} | {m.wanted} | {m.measured} | {m.state} |" for m in found]
    sizes = sorted({row.n for row in rows})
    head = ["statistic", "peer", "answers", *(f"n = {n:,}" for n in sizes), "apart by"]
    lines += ["", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    together: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        together.setdefault((row.statistic, row.peer, cells(row)[1]), []).append(row)
    for (statistic, peer, kind), same in sorted(
        together.items(), key=lambda one: (list(NAMES).index(one[0][0]), one[0])
    ):
        by_size = {row.n: _cell(row) for row in same}
        shown = [NAMES[statistic], peer, kind, *(by_size.get(n, "") for n in sizes)]
        lines.append(f"| {' | '.join([*shown, _apart(same)])} |")
    return "\n".join(lines) + "\n"


def _cell(row: Row) -> str:
    """Ours, the peer's, and how many times ours goes into it."""
    ours = seconds_text(min(row.seconds, row.seconds_two_threads))
    if row.peer_seconds is None or row.ratio is None:
        return f"{ours} ({row.note})" if row.note else ours
    bound = ">" if row.over_limit else ""
    scaled = f", {row.note}" if row.note == "scaled up" else ""
    peer = seconds_text(row.peer_seconds)
    return f"{ours}; {bound}{peer}{scaled}: **{bound}{row.ratio:,.0f}**"


def _apart(rows: list[Row]) -> str:
    """Return the largest difference of every kind over the sizes."""
    kinds = {kind for row in rows for kind in row.differences}
    largest = {
        kind: max(row.differences.get(kind, 0.0) for row in rows)
        for kind in sorted(kinds)
    }
    return ", ".join(f"{kind} {value:.0e}" for kind, value in largest.items())


def measured(quick: bool, known: dict[str, str]) -> Iterator[list[Row]]:
    """Yield the rows of one data set after another, each printed when it is known."""
    sizes = Sizes(bootstrap=100, parallel=5) if quick else Sizes(1_000, 200)
    print_row(HEAD, WIDTHS)
    for n in PEOPLE[:1] if quick else PEOPLE:
        for points, gaps in ((5, False), (7, True)):
            data, rows = simulated(n, points, gaps=gaps), []
            with tempfile.TemporaryDirectory() as folder:
                stored = store(data, Path(folder))
                budget = 0.1 if quick else 2.0
                run = Run(data, points, gaps, sizes, known, stored, budget)
                for row in run.rows():
                    shown = cells(row)
                    print_row(shown, (*WIDTHS[:-1], len(shown[-1])))
                    rows.append(row)
            yield rows


def save(path: Path, about: dict[str, Any], rows: list[Row]) -> list[Mark]:
    """Write JSON and Markdown, again after each data set: the run is long."""
    found = marks([asdict(row) for row in rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".md").write_text(markdown(rows, found), encoding="utf-8")
    whole = {
        **about,
        "rows": [asdict(row) for row in rows],
        "marks": [asdict(mark) for mark in found],
    }
    write(path, whole)
    return found


def main() -> None:
    """Measure, print the table and the marks, write JSON and Markdown."""
    asked = wanted("psychometrics", __doc__)
    about = {**surroundings(), "items": ITEMS}
    if asked.quick:
        known = dict.fromkeys((*IN_R, *IN_PYTHON), "left out")
    else:
        if problem := make_environment():
            print(f"The packages of Python could not be installed: {problem}")
        known = versions()
    about["peers"] = known
    print("Peers: " + ", ".join(f"{name} {what}" for name, what in known.items()))
    print("Compiled path:", "warm" if compiled.warm_up() else "numba not installed")
    rows: list[Row] = []
    for more in measured(asked.quick, known):
        rows += more
        found = save(asked.path, about, rows)
    for mark in found:
        print(f"{mark.state}: {mark.name}, wanted {mark.wanted}: {mark.measured}")


if __name__ == "__main__":
    main()
