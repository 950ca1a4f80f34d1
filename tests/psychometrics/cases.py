"""Data and reference values that several tests of the core share."""

import csv
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from analytics.psychometrics import Item, Matrix, Moments, ResponseMatrix, moments

REFERENCE = Path(__file__).parent / "reference"
SCALES = {scale: [f"{scale}{i}" for i in range(1, 6)] for scale in "ACENO"}
HS_ITEMS = [f"x{i}" for i in range(1, 10)]
HS_SCALES = {
    "visual": HS_ITEMS[:3],
    "textual": HS_ITEMS[3:6],
    "speed": HS_ITEMS[6:],
}


@cache
def reference(name: str) -> Any:
    """Content of one result file of R."""
    return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))


def matrix(stored: Any) -> Matrix:
    """Matrix that the R script wrote with its row and column names."""
    return np.array(stored["values"], dtype=np.float64)


def read_columns(path: Path, columns: Sequence[str]) -> Matrix:
    """Columns of a CSV file with a header; an empty field or NA is NaN."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    blank = {"": "nan", "NA": "nan"}
    return np.array([[float(blank.get(r[c], r[c])) for c in columns] for r in rows])


def coded(values: Matrix, items: Sequence[Item]) -> ResponseMatrix:
    """Whole numbers as shown, NaN = missing, as a ResponseMatrix."""
    absent = np.isnan(values)
    raw = np.where(absent, 0, values).astype(np.int64)
    return ResponseMatrix.from_raw(raw, items, missing=absent)


@cache
def bfi() -> ResponseMatrix:
    """2,800 people, 25 items with six points, keyed already, with gaps."""
    names = [item for items in SCALES.values() for item in items]
    values = read_columns(REFERENCE / "data" / "bfi25_keyed.csv", names)
    return coded(values, [Item(name, 1, 6) for name in names])


@cache
def hs_moments() -> Moments:
    """301 pupils, nine test scores that are no whole numbers."""
    values = read_columns(REFERENCE / "data" / "hs1939.csv", HS_ITEMS)
    return moments(values, HS_ITEMS, missing="listwise")


def likert(
    rng: np.random.Generator, n: int, p: int, *, holes: float = 0.0
) -> ResponseMatrix:
    """n people, p five-point items of one trait, a share of the answers missing."""
    trait = rng.standard_normal((n, 1))
    raw = np.clip(np.rint(3 + trait + rng.standard_normal((n, p))), 1, 5)
    raw[rng.random((n, p)) < holes] = np.nan
    return coded(raw, [Item(f"t{j}", 1, 5) for j in range(1, p + 1)])


def correlated(
    R: Matrix, *, n: int = 200, items: Sequence[str] | None = None
) -> Moments:
    """Moments of n people whose correlations are exactly the (p, p) R."""
    p = len(R)
    names = tuple(items or [f"t{j}" for j in range(1, p + 1)])
    return Moments(
        items=names,
        mean=np.zeros(p),
        covariance=np.array(R, dtype=np.float64),
        correlation=np.array(R, dtype=np.float64),
        pair_n=np.full((p, p), n),
        n=n,
        rule="listwise",
    )
