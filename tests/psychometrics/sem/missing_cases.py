"""Answers with gaps that several tests share."""

import csv
import json
from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import Matrix
from analytics.psychometrics.sem import MissingPatterns, missing_patterns
from tests.psychometrics.cases import HS_ITEMS, REFERENCE, read_columns

from .cases import DEMOCRACY_ITEMS

PATHS = """
ind60=~x1+x2+x3
dem60=~y1+a*y2+y3+y4
dem65=~y5+a*y6+y7+y8
dem60~b*ind60
dem65~ind60+c*dem60
y1~~y5
y4~~y8
indirect:=b*c
"""


@cache
def gaps_reference() -> Any:
    """Values of lavaan that `reference/missing/missing.R` made."""
    path = REFERENCE / "missing" / "missing.json"
    return json.loads(path.read_text("utf-8"))


@cache
def hs_gap_values() -> Matrix:
    """301 pupils, nine scores, of each 45 taken away at random."""
    return read_columns(REFERENCE / "data" / "hs1939_missing.csv", HS_ITEMS)


@cache
def hs_gaps() -> MissingPatterns:
    return missing_patterns(hs_gap_values(), HS_ITEMS)


@cache
def school_gaps() -> dict[str, MissingPatterns]:
    """The same pupils by school."""
    with (REFERENCE / "data" / "hs1939.csv").open(newline="") as file:
        school = np.array([row["school"] for row in csv.DictReader(file)])
    return {
        name: missing_patterns(hs_gap_values()[school == name], HS_ITEMS)
        for name in ("Pasteur", "Grant-White")
    }


@cache
def democracy_gaps() -> MissingPatterns:
    """75 countries, eleven indicators, of each nine taken away at random."""
    path = REFERENCE / "missing" / "democracy_missing.csv"
    return missing_patterns(read_columns(path, DEMOCRACY_ITEMS), DEMOCRACY_ITEMS)
