"""Which file is compared how, and how many of its numbers have to be."""

import json
from pathlib import Path

from tests.psychometrics.cases import REFERENCE, reference

from . import (
    correlations,
    factors,
    groups,
    missing,
    ordered,
    planning,
    scales,
    structural,
    surveys,
)
from .core import Case, Outcome, compare

RECORD = Path(__file__).parent / "compared.json"
CASES: dict[str, Case] = {
    case.name: case
    for module in (
        scales,
        correlations,
        factors,
        structural,
        ordered,
        missing,
        groups,
        planning,
        surveys,
    )
    for case in module.CASES
}
# made by the same scripts, not kept here: what they hold is not offered yet
ELSEWHERE = {
    "two-level models are not offered": ("twolevel_demo",),
}


def stored_names() -> list[str]:
    return sorted(path.stem for path in REFERENCE.glob("*.json"))


def recorded() -> dict[str, int]:
    """Numbers of each file that were compared when this was last written."""
    counts: dict[str, int] = json.loads(RECORD.read_text("utf-8"))
    return counts


def outcome(name: str) -> Outcome:
    """Compare one file; a number compared no more is a problem too."""
    found = compare(CASES[name], reference(name))
    least = recorded().get(name)
    if least is None:
        found.problems.append(f"{RECORD.name} does not know {name}: write it anew")
    elif found.compared < least:
        found.problems.append(
            f"{found.compared} numbers are compared, {least} were before"
        )
    return found


def misfits() -> list[str]:
    """Files without an entry, entries without a file."""
    names, known = set(stored_names()), set(CASES)
    away = {name for group in ELSEWHERE.values() for name in group}
    return [
        *(f"{name}.json is neither compared nor left out" for name in names - known),
        *(f"{name}.json is to be compared, but is not there" for name in known - names),
        *(f"{name}.json is there, but listed as not kept" for name in names & away),
    ]
