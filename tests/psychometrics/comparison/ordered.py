"""Models of ordered items, held against lavaan and semTools."""

from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import cronbach_alpha, htmt2, moments
from analytics.psychometrics.moments import MissingRule
from analytics.psychometrics.sem import (
    Estimator,
    Parameterization,
    SemFit,
    categorical_reliability,
    fit_model,
    invariance,
)
from analytics.psychometrics.sem.indices import Chi2Pair, relative_noncentrality
from analytics.psychometrics.sem.measures import cfi, tli
from analytics.psychometrics.sem.ordered_problem import OrderedProblem
from analytics.psychometrics.sem.ordered_tests import normal_theory, sandwich
from tests.psychometrics.cases import SCALES, bfi, correlated
from tests.psychometrics.sem.cases import BFI_MODEL
from tests.psychometrics.sem.ordered_cases import (
    LEVELS,
    NEUROTICISM,
    bfi_ordered,
    genders,
)

from .core import Case, Rule, held
from .structural import Table, fit_rules, whole

STOPS = (
    "lavaan stops at gradients of 9e-6 (ULSMV) and 4e-6 (theta); ours are below 1e-10"
)


def ordered_fit(fit: SemFit, stored: Any, groups: tuple[str, ...] = ()) -> Table:
    """A fit as the file holds it."""
    found = whole(fit, stored, groups)
    measures: Any = fit.measures
    # a correlation matrix has variances of 1: both conventions are one
    found["fit"]["srmr_bentler"] = measures.residuals.rmr
    # lavaan divides by the moments of the first group alone
    found["fit"]["wrmr"] = measures.wrmr * np.sqrt(len(fit.groups))
    if len(fit.groups) > 1 and measures.scaled.cfi_robust is not None:
        found["fit"] |= robust_of_groups(fit)
    return found


def robust_of_groups(fit: SemFit) -> Table:
    """As lavaan, which counts the baseline's trace once for each share of a group."""
    problem, measures = fit.problem, fit.measures
    assert isinstance(problem, OrderedProblem)
    assert measures is not None
    found = sandwich(problem, fit.implied())
    assert found is not None
    normal = normal_theory(found, fit.implied())
    assert normal is not None
    traces = sum(
        float(np.trace(gamma[len(cuts.item) :, len(cuts.item) :])) / share
        for gamma, cuts, share in zip(
            problem.gammas, problem.cuts, problem.shares, strict=True
        )
    )
    pair = Chi2Pair(
        normal.chi2,
        measures.df,
        normal.baseline_chi2,
        measures.baseline_df,
        fit.scale,
        len(fit.groups),
    )
    factors = (normal.factor, traces / measures.baseline_df)
    return {
        "cfi.robust": cfi(pair, *factors),
        "tli.robust": tli(pair, *factors),
        "nnfi.robust": tli(pair, *factors),
        "rni.robust": relative_noncentrality(pair, *factors),
    }


def big(
    name: str,
    estimator: Estimator,
    *,
    parameterization: Parameterization = "delta",
    missing: MissingRule = "listwise",
    rules: tuple[Rule, ...] = (),
) -> Case:
    def ours(stored: Any) -> Table:
        fit = fit_model(
            BFI_MODEL,
            bfi_ordered(missing),
            estimator=estimator,
            parameterization=parameterization,
        )
        return ordered_fit(fit, stored)

    return Case(f"cfa_bfi5_ordered_{name}", ours, rules or fit_rules(likelihood=False))


def graded(stored: Any) -> Table:
    fit = fit_model(
        NEUROTICISM,
        bfi_ordered(),
        estimator="WLSMV",
        std_lv=True,
        parameterization="theta",
    )
    return ordered_fit(fit, stored)


def by_gender(stored: Any) -> Table:
    levels = invariance(NEUROTICISM, genders(), estimator="WLSMV", levels=tuple(LEVELS))
    found: Table = {"lrt": []}
    for one in levels:
        name, measures = LEVELS[one.level], one.fit.measures
        assert measures is not None
        found[name] = ordered_fit(one.fit, stored[name], tuple(genders()))
        found["lrt"].append({"Df": measures.df, "Chisq": measures.chi2})
        if one.difference is not None:
            found["lrt"][-1] |= {
                "Chisq.diff": one.difference.chi2,
                "Df.diff": one.difference.df,
                "Pr..Chisq.": one.difference.p,
            }
    return found


@cache
def five_factors() -> SemFit:
    return fit_model(BFI_MODEL, bfi_ordered(), estimator="WLSMV")


def reliability(_: Any) -> Table:
    parts = categorical_reliability(five_factors())
    omega = {one.factor: one.omega for one in parts}
    implied = [one.omega_implied for one in parts]
    ave = {one.factor: one.ave for one in parts}
    complete = moments(bfi(), missing="listwise")
    R = bfi_ordered().correlations
    polychoric = correlated(R, n=2436, items=bfi_ordered().names)
    alphas = [
        [cronbach_alpha(m.select(items)).raw.estimate for items in SCALES.values()]
        for m in (complete, polychoric)
    ]
    names, ratios = list(SCALES), np.eye(5)
    for (a, b), ratio in htmt2(polychoric, SCALES).items():
        i, j = names.index(a), names.index(b)
        ratios[i, j] = ratios[j, i] = ratio
    seen, shares = list(omega.values()), list(ave.values())
    return {
        "compRelSEM": omega,
        "compRel_ordFALSE": {one.factor: one.omega_latent for one in parts},
        "AVE": ave,
        "reliability": {"values": [*alphas, implied, implied, seen, shares]},
        "htmt_poly": {"values": ratios},
    }


CASES = (
    big("WLSMV", "WLSMV"),
    big("WLSM", "WLSM"),
    big("DWLS", "DWLS"),
    big(
        "ULSMV",
        "ULSMV",
        rules=fit_rules(likelihood=False, estimate=2e-5, because=STOPS),
    ),
    big("WLSMV_pairwise", "WLSMV", missing="pairwise"),
    big(
        "WLSMV_theta",
        "WLSMV",
        parameterization="theta",
        rules=fit_rules(likelihood=False, estimate=2e-5, because=STOPS),
    ),
    Case("grm_lavaan_wlsmv_N", graded, fit_rules(likelihood=False)),
    Case(
        "invariance_bfi_N_ordinal_gender",
        by_gender,
        (
            held("count", "*/group", "*/block", "lrt/*/Df", "lrt/*/Df.diff"),
            held("error", "lrt/*"),
            *fit_rules("*/", likelihood=False),
        ),
    ),
    Case(
        "cfa_bfi5_ordered_reliability",
        reliability,
        (
            held("closed form", "reliability/values/0/*"),
            held("estimate", "reliability/values/1/*", "htmt_poly/*"),
            held("omega", "comp*", "AVE/*", "reliability/*", to=1e-6),
        ),
    ),
)
