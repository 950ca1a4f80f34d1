"""Graded items by polychoric factors, and sizes of surveys, held against R."""

from math import ceil
from typing import Any

from analytics.psychometrics import (
    BurtTable,
    correlation_sample_size,
    efa,
    normal_ogive,
    polychoric,
    regression_sample_size,
    rmsea_power,
    rmsea_sample_size,
)
from tests.psychometrics.cases import SCALES, bfi

from .core import Case, held


def ogive(stored: Any) -> dict[str, Any]:
    data = bfi().complete_rows().select(SCALES["N"])
    found = polychoric(BurtTable.of(data, missing="listwise"))
    items = normal_ogive(found, efa(found.moments(), 1, rotation="none"))
    return {
        "discrimination": {"values": items.discrimination},
        "difficulty": [{"values": {"values": [list(one) for one in items.difficulty]}}],
    }


def sizes(_: Any) -> dict[str, Any]:
    predictors = 3
    people = regression_sample_size(predictors, 0.05, power=0.8)
    return {
        "findRMSEApower": rmsea_power(301, 24, null=0.05, true=0.08),
        "findRMSEAsamplesize": ceil(
            rmsea_sample_size(24, null=0.05, true=0.08, power=0.8)
        ),
        "pwr_r": correlation_sample_size(0.2, power=0.8),
        "pwr_f2": people - predictors - 1,  # R gives the degrees of freedom
    }


CASES = (
    Case(
        "irtfa_bfi_N",
        ogive,
        (
            held(
                "estimate",
                "*",
                to=5e-5,
                because="psych's polychorics stop up to 2e-5 away from the maximum",
            ),
        ),
    ),
    Case(
        "power",
        sizes,
        (
            held("closed form", "findRMSEApower", to=1e-10),
            held("count", "findRMSEAsamplesize"),
            held("estimate", "pwr_*"),
        ),
    ),
)
