"""Answers of people in teams and with weights, from a file and made."""

import csv
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics import Matrix
from analytics.report import build_report
from analytics.results import Report
from analytics.sampling import Sampling
from tests.analytics.samples import answers, matrix, plan, write
from tests.analytics.test_analyse import run
from tests.psychometrics.cases import REFERENCE

KINDS = ("teams", "weights", "both")
ITEMS = [f"y{k}" for k in range(1, 7)]
TWO = """
scales:
  F: {items: [y1, y2, y3]}
outcomes:
  G: {items: [y4, y5, y6]}
"""
COLUMNS = {"teams": "clusters: team\n", "weights": "weights: w\n"}
COLUMNS["both"] = COLUMNS["teams"] + COLUMNS["weights"]


@cache
def demo() -> tuple[str, ...]:
    """lavaan's demonstration as report.R cuts it into points: lines of a CSV."""
    path = REFERENCE / "data" / "demo_twolevel.csv"
    lines = [",".join([*ITEMS, "team", "w", "site"])]
    with path.open(newline="") as file:
        for k, row in enumerate(csv.DictReader(file), start=1):
            values = np.array([float(row[item]) for item in ITEMS])
            points = np.clip(np.rint(values) + 4, 1, 7).astype(int)
            site = "ba"[int(row["cluster"]) % 2 == 0]
            more = (row["cluster"], repr(0.5 + (k % 7) / 3), site)
            lines.append(",".join([*map(str, points), *more]))
    return tuple(lines)


def analysed(
    folder: Path,
    spec: str,
    *more: object,
    blank: Mapping[str, Iterable[int]] = MappingProxyType({}),
) -> dict[str, Any]:
    """What the command stores of the demonstration; `blank` fields are left empty."""
    rows = [line.split(",") for line in demo()]
    for column, empty in blank.items():
        for row in empty:
            rows[row + 1][rows[0].index(column)] = ""
    data = write(folder / "data.csv", "\n".join(map(",".join, rows)) + "\n")
    stored = folder / "report.json"
    described = write(folder / "spec.yaml", spec)
    status, _, _ = run(data, "--spec", described, "--json", stored, *more)
    assert status == 0
    found: dict[str, Any] = json.loads(stored.read_text("utf-8"))
    return found


SMALL = plan()
N = 240
RAW = answers(SMALL, N)
TEAMS = (np.arange(N) % 30).astype(np.int32)
UNEQUAL = 0.5 + (np.arange(N) % 5) / 2


def made(
    clusters: NDArray[np.int32] | None = None,
    weights: Matrix | None = None,
    raw: Any = RAW,
    **more: Any,
) -> Report:
    named = {
        "clusters": "" if clusters is None else "team",
        "weights": "" if weights is None else "w",
        "estimator": "MLR",
        "n_draws": 20,
    }
    asked = plan(**{**named, **more})
    sampling = None
    if asked.is_sampled:
        sampling = Sampling(clusters, weights)
    return build_report(matrix(raw, asked), asked, sampling=sampling)
