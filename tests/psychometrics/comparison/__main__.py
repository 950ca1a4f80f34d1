"""Print the table; exit with 1 where something does not agree.

`--record` writes down how many numbers of each file are compared now.
"""

import argparse
import json
import sys
from textwrap import shorten

from .core import Outcome, Row
from .registry import ELSEWHERE, RECORD, misfits, outcome, recorded, stored_names

LINE = "{:<36} {:<44} {:>8} {:>8} {:>8}  {}"


def row_line(name: str, row: Row) -> str:
    keys = shorten(", ".join(row.rule.keys), 44, placeholder=" ...")
    if row.rule.tolerance is None:
        values = ("skipped", str(row.values), "")
        return LINE.format(name, keys, *values, row.rule.because)
    numbers = (f"{row.largest:.1e}", f"{row.rule.tolerance:g}")
    return LINE.format(name, keys, row.values, *numbers, row.rule.because)


def show(found: Outcome) -> None:
    name = found.name
    for row in found.rows:
        print(row_line(name, row))
        name = ""
    for problem in found.problems[:20]:
        print(f"    WRONG: {problem}")
    if len(found.problems) > 20:
        print(f"    WRONG: and {len(found.problems) - 20} more")


def show_the_rest() -> None:
    for topic, names in ELSEWHERE.items():
        because = f"not kept: {topic}"
        for name in names:
            print(LINE.format(name, "*", "skipped", "", "", because))


def record(outcomes: list[Outcome]) -> None:
    counts = {one.name: one.compared for one in outcomes}
    RECORD.write_text(json.dumps(counts, indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true")
    recording = parser.parse_args().record
    if recording and not RECORD.exists():
        RECORD.write_text("{}\n", "utf-8")
    print(LINE.format("file", "key", "values", "largest", "held to", "because"))
    outcomes = []
    for name in stored_names():
        outcomes.append(outcome(name))
        show(outcomes[-1])
    show_the_rest()
    if recording:
        record(outcomes)
    problems = [*misfits(), *(p for one in outcomes for p in one.problems)]
    for misfit in misfits():
        print(f"    WRONG: {misfit}")
    print(
        f"{sum(one.compared for one in outcomes):,} numbers of {len(outcomes)} files "
        f"compared (at least {sum(recorded().values()):,} have to be), "
        f"{sum(one.left_out for one in outcomes):,} left out for a reason; differences "
        "are absolute below 1, relative above."
    )
    print(f"{len(problems)} wrong." if problems else "All agree.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
