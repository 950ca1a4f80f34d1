"""Ordered answers that several tests of structural models share."""

import csv
from collections.abc import Sequence
from functools import cache

import numpy as np

from analytics.psychometrics import Item, Matrix
from analytics.psychometrics.moments import MissingRule
from analytics.psychometrics.sem import OrdinalMoments, ordinal_moments
from analytics.psychometrics.sem.invariance import Level
from tests.psychometrics.cases import REFERENCE, SCALES, bfi, coded

NEUROTICISM = "N=~" + "+".join(SCALES["N"])
# levels of invariance, by our names and those of the reference file
LEVELS: dict[Level, str] = {
    "configural": "configural",
    "thresholds": "thresholds",
    "metric": "loadings",
    "scalar": "intercepts",
}


@cache
def bfi_ordered(missing: MissingRule = "listwise") -> OrdinalMoments:
    """25 items with six points, complete or pair by pair."""
    return ordinal_moments(bfi(), missing=missing)


@cache
def genders() -> dict[str, OrdinalMoments]:
    """Five items of neuroticism, 805 and 1,631 people."""
    path = REFERENCE / "data" / "bfi25_keyed_gender_complete.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    items = [Item(name, 1, 6) for name in SCALES["N"]]
    found = {}
    for gender in ("1", "2"):
        own = [r for r in rows if r["gender"] == gender]
        values = np.array([[float(r[i.code]) for i in items] for r in own])
        found[gender] = ordinal_moments(coded(values, items), missing="listwise")
    return found


def answered(values: Matrix, names: Sequence[str], categories: int) -> OrdinalMoments:
    """Moments of (n, p) answers from 1 to the number of categories."""
    items = [Item(name, 1, categories) for name in names]
    return ordinal_moments(coded(values, items), missing="listwise")


def coded_columns(
    values: Matrix, names: Sequence[str], categories: Sequence[int]
) -> OrdinalMoments:
    """Moments of answers whose items have different numbers of categories."""
    items = [Item(n, 1, c) for n, c in zip(names, categories, strict=True)]
    return ordinal_moments(coded(values, items), missing="listwise")
