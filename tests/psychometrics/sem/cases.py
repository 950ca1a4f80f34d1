"""Models and data that several tests of structural models share."""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import Matrix
from analytics.psychometrics.sem import FourthMoments, SemFit, fourth_moments
from tests.psychometrics.cases import HS_ITEMS, REFERENCE, SCALES, bfi, read_columns

HS_MODEL = "visual=~x1+x2+x3\ntextual=~x4+x5+x6\nspeed=~x7+x8+x9"
DEMOCRACY = """
ind60=~x1+x2+x3
dem60=~y1+y2+y3+y4
dem65=~y5+y6+y7+y8
dem60~ind60
dem65~ind60+dem60
y1~~y5
y2~~y4+y6
y3~~y7
y4~~y8
y6~~y8
"""
MEDIATION = """
ind60=~x1+x2+x3
dem60=~y1+y2+y3+y4
dem65=~y5+y6+y7+y8
dem60~a*ind60
dem65~c*ind60+b*dem60
indirect:=a*b
total:=c+a*b
"""
BFI_MODEL = "\n".join(f"{s}=~" + "+".join(items) for s, items in SCALES.items())
DEMOCRACY_ITEMS = [f"x{i}" for i in range(1, 4)] + [f"y{i}" for i in range(1, 9)]
DEMO_PREDICTORS = ("x1", "x2", "x3")
DEMO_ITEMS = ["y1", "y2", "y3", *DEMO_PREDICTORS]
DEMO_MODEL = "f=~y1+y2+y3\nf~x1+x2+x3"


@cache
def demo_values() -> Matrix:
    """2,500 people in 200 teams, lavaan's simulated `Demo.twolevel`."""
    return read_columns(REFERENCE / "data" / "demo_twolevel.csv", DEMO_ITEMS)


@cache
def demo_teams() -> tuple[int, ...]:
    path = REFERENCE / "data" / "demo_twolevel.csv"
    return tuple(int(team) for team in read_columns(path, ["cluster"])[:, 0])


@cache
def democracy_values() -> Matrix:
    """75 countries, eleven indicators."""
    return read_columns(REFERENCE / "data" / "politicaldemocracy.csv", DEMOCRACY_ITEMS)


@cache
def democracy() -> FourthMoments:
    return fourth_moments(democracy_values(), DEMOCRACY_ITEMS)


@cache
def hs_values() -> Matrix:
    return read_columns(REFERENCE / "data" / "hs1939.csv", HS_ITEMS)


@cache
def hs() -> FourthMoments:
    return fourth_moments(hs_values(), HS_ITEMS)


@cache
def bfi_complete() -> FourthMoments:
    return fourth_moments(bfi())


@cache
def schools() -> dict[str, FourthMoments]:
    """Pupils of two schools, in the order of the file."""
    with (REFERENCE / "data" / "hs1939.csv").open(newline="") as file:
        school = np.array([row["school"] for row in csv.DictReader(file)])
    return {
        name: fourth_moments(hs_values()[school == name], HS_ITEMS)
        for name in ("Pasteur", "Grant-White")
    }


def compare_parameters(
    fit: SemFit,
    stored: Iterable[Any],
    *,
    estimate: float,
    error: float,
    group: str = "",
) -> int:
    """Hold every estimate, standard error and interval against R; how many there are.

    `estimate` is absolute for values below 1 and relative above, `error` likewise.
    """
    compared = 0
    for row in stored:
        found = fit.parameter(name_of(row), group).value
        close(found.estimate, row["est"], estimate)
        if row["se"]:
            assert found.se is not None
            close(found.se, row["se"], error)
            close(found.low, row["ci.lower"], 2 * error)
            close(found.high, row["ci.upper"], 2 * error)
            close(found.z, row["z"], 5 * error)
            close(found.p, row["pvalue"], error)
        else:
            assert found.se is None
        compared += 1
    return compared


def compare_standardized(
    fit: SemFit,
    stored: Iterable[Any],
    *,
    estimate: float,
    error: float,
    group: str = "",
) -> int:
    """Do the same for the standardized solution."""
    compared = 0
    for row in stored:
        found = fit.parameter(name_of(row), group).standardized
        assert found is not None
        close(found.estimate, row["est.std"], estimate)
        if row["se"]:
            assert found.se is not None
            close(found.se, row["se"], error)
            close(found.low, row["ci.lower"], 2 * error)
        else:
            assert found.se is None
        compared += 1
    return compared


def name_of(row: Any) -> str:
    if row["op"] == ":=":
        return str(row["lhs"])
    return f"{row['lhs']}{row['op']}{row['rhs']}"


MEASURES: dict[str, Callable[[Any], Any]] = {
    "chisq": lambda m: m.chi2,
    "df": lambda m: m.df,
    "pvalue": lambda m: m.p,
    "baseline.chisq": lambda m: m.baseline_chi2,
    "baseline.df": lambda m: m.baseline_df,
    "cfi": lambda m: m.cfi,
    "tli": lambda m: m.tli,
    "logl": lambda m: m.loglik,
    "unrestricted.logl": lambda m: m.loglik_unrestricted,
    "aic": lambda m: m.aic,
    "bic": lambda m: m.bic,
    "bic2": lambda m: m.bic_adjusted,
    "rmsea": lambda m: m.rmsea.estimate,
    "rmsea.ci.lower": lambda m: m.rmsea.low,
    "rmsea.ci.upper": lambda m: m.rmsea.high,
    "rmsea.pvalue": lambda m: m.rmsea.close_p,
    "srmr": lambda m: m.srmr,
    "baseline.pvalue": lambda m: m.baseline_p,
    "rmsea.notclose.pvalue": lambda m: m.rmsea.not_close_p,
    "nnfi": lambda m: m.tli,
    "nfi": lambda m: m.incremental.nfi,
    "pnfi": lambda m: m.incremental.pnfi,
    "rfi": lambda m: m.incremental.rfi,
    "ifi": lambda m: m.incremental.ifi,
    "rni": lambda m: m.incremental.rni,
    "fmin": lambda m: m.absolute.fmin,
    "gfi": lambda m: m.absolute.gfi,
    "agfi": lambda m: m.absolute.agfi,
    "pgfi": lambda m: m.absolute.pgfi,
    "mfi": lambda m: m.absolute.mfi,
    "ecvi": lambda m: m.absolute.ecvi,
    "cn_05": lambda m: m.absolute.cn_05,
    "cn_01": lambda m: m.absolute.cn_01,
    "srmr_bentler": lambda m: m.srmr,
    "srmr_bentler_nomean": lambda m: m.residuals.srmr_nomean,
    "rmr": lambda m: m.residuals.rmr,
    "rmr_nomean": lambda m: m.residuals.rmr_nomean,
    "crmr": lambda m: m.residuals.crmr,
    "crmr_nomean": lambda m: m.residuals.crmr_nomean,
    "srmr_mplus": lambda m: m.residuals.srmr_mplus,
    "srmr_mplus_nomean": lambda m: m.residuals.srmr_mplus_nomean,
}
SCALED: dict[str, Callable[[Any], Any]] = {
    "chisq.scaled": lambda s: s.chi2,
    "pvalue.scaled": lambda s: s.p,
    "chisq.scaling.factor": lambda s: s.factor,
    "baseline.chisq.scaled": lambda s: s.baseline_chi2,
    "baseline.chisq.scaling.factor": lambda s: s.baseline_factor,
    "cfi.scaled": lambda s: s.cfi,
    "tli.scaled": lambda s: s.tli,
    "cfi.robust": lambda s: s.cfi_robust,
    "tli.robust": lambda s: s.tli_robust,
    "rmsea.scaled": lambda s: s.rmsea.estimate,
    "rmsea.ci.lower.scaled": lambda s: s.rmsea.low,
    "rmsea.ci.upper.scaled": lambda s: s.rmsea.high,
    "rmsea.pvalue.scaled": lambda s: s.rmsea.close_p,
    "rmsea.robust": lambda s: s.rmsea_robust.estimate,
    "rmsea.ci.lower.robust": lambda s: s.rmsea_robust.low,
    "rmsea.ci.upper.robust": lambda s: s.rmsea_robust.high,
    "rmsea.pvalue.robust": lambda s: s.rmsea_robust.close_p,
    "rmsea.notclose.pvalue.scaled": lambda s: s.rmsea.not_close_p,
    "rmsea.notclose.pvalue.robust": lambda s: s.rmsea_robust.not_close_p,
    "baseline.pvalue.scaled": lambda s: s.baseline_p,
    "nnfi.scaled": lambda s: s.tli,
    "nnfi.robust": lambda s: s.tli_robust,
    "rni.robust": lambda s: s.rni_robust,
    "nfi.scaled": lambda s: s.incremental.nfi,
    "pnfi.scaled": lambda s: s.incremental.pnfi,
    "rfi.scaled": lambda s: s.incremental.rfi,
    "ifi.scaled": lambda s: s.incremental.ifi,
    "rni.scaled": lambda s: s.incremental.rni,
    # lavaan gives this one, and that of the model, with MLR alone
    "scaling.factor.h1": lambda s: s.unrestricted_factor,
}
# what is no measure: settings of others, and counts that are compared below
NO_MEASURES = {
    "npar",
    "ntotal",
    "df.scaled",
    "baseline.df.scaled",
    "rmsea.ci.level",
    "rmsea.close.h0",
    "rmsea.notclose.h0",
    "scaling.factor.h0",
}


def compare_measures(fit: SemFit, stored: Any, tolerance: float) -> int:
    """Hold every fit measure that R gives and we have against it."""
    measures: Any = fit.measures
    assert measures is not None
    compared = 0
    for key, value in MEASURES.items():
        close(value(measures), stored[key], tolerance, key)
        compared += 1
    for key, value in SCALED.items():
        if key in stored:
            close(value(measures.scaled), stored[key], tolerance, key)
            compared += 1
    if "scaling.factor.h0" in stored:
        # lavaan 0.6-14 divides by the parameters before equalities, not after
        rows = sum(row.free >= 0 for row in fit.problem.model.rows)
        ours = measures.scaled.model_factor * fit.n_free / rows
        close(ours, stored["scaling.factor.h0"], tolerance, "scaling.factor.h0")
        compared += 1
    assert set(stored) == NO_MEASURES.intersection(stored) | {
        key for key in (*MEASURES, *SCALED) if key in stored
    }
    assert fit.n == stored["ntotal"]
    assert fit.n_free == stored["npar"]
    for key in ("df.scaled", "baseline.df.scaled"):
        full = key.removesuffix(".scaled")
        assert stored.get(key, stored[full]) == stored[full]
    return compared


def close(found: Any, expected: Any, tolerance: float, what: str = "") -> None:
    """Absolute difference below 1, relative difference above."""
    difference = abs(found - expected) / max(1.0, abs(expected))
    assert difference <= tolerance, (what, found, expected, difference)
