"""Structural equation models, held against lavaan and semTools."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import cronbach_alpha, htmt2
from analytics.psychometrics.sem import (
    Estimator,
    SemFit,
    Value,
    bootstrap,
    compare,
    equality_tests,
    factor_reliability,
    factor_scores,
    fit_model,
    invariance,
    modification_indices,
)
from analytics.psychometrics.sem.least_squares import WEIGHTINGS, LeastSquares
from analytics.psychometrics.sem.measures import CLOSE, CONFIDENCE, NOT_CLOSE
from analytics.psychometrics.sem.ordered_problem import OrderedProblem
from tests.psychometrics.cases import HS_SCALES, hs_moments
from tests.psychometrics.sem.cases import (
    BFI_MODEL,
    DEMOCRACY,
    DEMOCRACY_ITEMS,
    HS_MODEL,
    MEASURES,
    MEDIATION,
    SCALED,
    bfi_complete,
    democracy,
    democracy_values,
    hs,
    hs_values,
    name_of,
    schools,
)

from .core import Case, Rule, held, skipped

Table = dict[str, Any]


def value_row(found: Value | None, estimate: str) -> Table:
    """A parameter as lavaan writes it: what is fixed has an error of 0."""
    if found is None:
        return {}
    if found.se is None:
        at = found.estimate
        return {estimate: at, "se": 0, "ci.lower": at, "ci.upper": at}
    return {
        estimate: found.estimate,
        "se": found.se,
        "z": found.z,
        "pvalue": found.p,
        "ci.lower": found.low,
        "ci.upper": found.high,
    }


def rows_of(fit: SemFit, stored: Any, groups: tuple[str, ...]) -> Table:
    """Parameters and standardized solution, in lavaan's order."""

    def parameter(row: Any) -> Any:
        group = groups[row["group"] - 1] if groups else ""
        return fit.parameter(name_of(row), group)

    def number(row: Any) -> Table:
        """Give the group, counted from 1, of the parameter that was found."""
        if not groups:
            return {}
        at = fit.problem.model.settings.groups.index(parameter(row).group) + 1
        return {"group": at, "block": at}

    return {
        "parameters": [
            value_row(parameter(row).value, "est") | number(row)
            for row in stored["parameters"]
        ],
        "standardized": [
            value_row(parameter(row).standardized, "est.std") | number(row)
            for row in stored["standardized"]
        ],
    }


def whole(fit: SemFit, stored: Any, groups: tuple[str, ...] = ()) -> Table:
    """A fit as the file holds it."""
    measures: Any = fit.measures
    found = {key: ours(measures) for key, ours in MEASURES.items()}
    if measures.scaled is not None:
        # what lavaan leaves empty, too: robust indices of groups with equal thresholds
        without = measures.scaled.cfi_robust is None
        found |= {
            key: ours(measures.scaled)
            for key, ours in SCALED.items()
            if not (without and "robust" in key)
        }
        # lavaan 0.6-14 divides by the parameters before equalities, not after
        rows = sum(row.free >= 0 for row in fit.problem.model.rows)
        if measures.scaled.model_factor is not None:
            found["scaling.factor.h0"] = (
                measures.scaled.model_factor * fit.n_free / rows
            )
    if isinstance(fit.problem, LeastSquares | OrderedProblem):
        # lavaan divides the least discrepancy by n, though it multiplies it by n - 1
        found["fmin"] = measures.chi2 / (2 * fit.n)
    found |= {
        "npar": fit.n_free,
        "ntotal": fit.n,
        "df.scaled": measures.df,
        "baseline.df.scaled": measures.baseline_df,
        "rmsea.ci.level": CONFIDENCE,
        "rmsea.close.h0": CLOSE,
        "rmsea.notclose.h0": NOT_CLOSE,
    }
    return {
        "nobs": fit.n,
        "npar": fit.n_free,
        "logl": measures.loglik,
        "fit": found,
        **rows_of(fit, stored, groups),
    }


def fit_rules(
    prefix: str = "",
    *,
    estimate: float | None = None,
    standardized: float | None = None,
    because: str = "",
    likelihood: bool = True,
) -> tuple[Rule, ...]:
    counts = ("nobs", "npar", "fit/npar", "fit/ntotal", "fit/*df", "fit/*df.scaled")
    whole = ("fit/*", "logl") if likelihood else ("fit/*",)
    errors = ("se", "ci.lower", "ci.upper", "z", "pvalue")
    return (
        held("count", *(prefix + key for key in counts)),
        held("estimate", prefix + "*/est", to=estimate, because=because),
        held("estimate", prefix + "*/est.std", to=standardized, because=because),
        held("error", *(f"{prefix}parameters/*/{key}" for key in errors)),
        held("error", *(f"{prefix}standardized/*/{key}" for key in errors)),
        held("error", *(prefix + key for key in whole)),
    )


def model(
    name: str,
    text: str,
    data: Callable[[], Any],
    estimator: Estimator,
    rules: tuple[Rule, ...] | None = None,
    **options: Any,
) -> Case:
    def ours(stored: Any) -> Table:
        fit = fit_model(text, data(), estimator=estimator, **options)
        return whole(fit, stored)

    return Case(name, ours, rules or fit_rules())


EARLY = fit_rules(
    estimate=3e-5,
    because="lavaan stops where the discrepancy of 2,436 people hardly falls any more",
)
STOPPED = {
    "DWLS": fit_rules(
        estimate=3e-5,
        because="lavaan stops at a slope of 2e-6, ours is 7e-16",
        standardized=2e-5,
        likelihood=False,
    )
}
LEAST_SQUARES = fit_rules(likelihood=False)
MODELS = (
    model("cfa_hs_ML", HS_MODEL, hs, "ML"),
    model("cfa_hs_ML_stdlv", HS_MODEL, hs, "ML", std_lv=True),
    model("cfa_hs_mlw_wishart", HS_MODEL, hs, "ML", likelihood="wishart"),
    model("cfa_hs_MLR", HS_MODEL, hs, "MLR"),
    model("cfa_hs_MLM", HS_MODEL, hs, "MLM"),
    model("cfa_hs_MLMV", HS_MODEL, hs, "MLMV"),
    *(
        model(f"cfa_hs_{way}", HS_MODEL, hs, way, STOPPED.get(way, LEAST_SQUARES))
        for way in WEIGHTINGS
    ),
    model("sem_politicaldemocracy_ML", DEMOCRACY, democracy, "ML"),
    model("sem_politicaldemocracy_MLR", DEMOCRACY, democracy, "MLR"),
    model("sem_pd_mediation_delta", MEDIATION, democracy, "ML"),
    model("cfa_bfi5_ML", BFI_MODEL, bfi_complete, "ML", EARLY),
    model("cfa_bfi5_MLR", BFI_MODEL, bfi_complete, "MLR", EARLY),
)


def schools_by(estimator: Estimator) -> Callable[[Any], Table]:
    def ours(stored: Any) -> Table:
        groups = tuple(schools())
        levels = invariance(HS_MODEL, schools(), estimator=estimator)
        found: Table = {
            one.level: whole(one.fit, stored[one.level], groups) for one in levels
        }
        found["lrt"] = []
        for one in levels:
            measures = one.fit.measures
            assert measures is not None
            found["lrt"].append(
                {
                    "Df": measures.df,
                    "AIC": measures.aic,
                    "BIC": measures.bic,
                    "Chisq": measures.chi2,
                }
            )
            if one.difference is not None:
                found["lrt"][-1] |= {
                    "Chisq.diff": one.difference.chi2,
                    "Df.diff": one.difference.df,
                    "Pr..Chisq.": one.difference.p,
                    "RMSEA": one.difference.rmsea_of_difference,
                }
        found["scalar_lavTestScore"] = score_tests(levels[2].fit)
        return found

    return ours


def score_tests(fit: SemFit) -> list[Table]:
    """In the order of the parameters, as lavaan."""
    first = [row for row in fit.problem.model.rows if row.group == 0]
    tests = {one.name: one for one in equality_tests(fit)}
    order = [row.name for row in first if row.operator in ("=~", "~1")]
    return [
        {"X2": tests[name].index, "p.value": tests[name].p, "df": 1}
        for name in order
        if name in tests
    ]


def invariance_rules() -> tuple[Rule, ...]:
    why = "lavaan's estimates are up to 2e-5 away from a gradient of zero"
    return (
        held("count", "*/group", "*/block"),
        held("count", "lrt/*/Df", "lrt/*/Df.diff", "scalar_*/df"),
        held("error", "lrt/*"),
        held("error", "scalar_*/X2", "scalar_*/p.value"),
        *fit_rules("*/", estimate=2e-5, because=why),
    )


@cache
def three_factors() -> SemFit:
    return fit_model(HS_MODEL, hs().moments, estimator="ML")


def modifications(stored: Any) -> list[Table]:
    found = {one.name: one for one in modification_indices(three_factors())}
    return [
        {
            "mi": found[name_of(row)].index,
            "epc": found[name_of(row)].change,
            "sepc.all": found[name_of(row)].standardized_change,
            "sepc.nox": found[name_of(row)].standardized_change,
            "sepc.lv": found[name_of(row)].latent_change,
        }
        for row in stored
    ]


def residuals(_: Any) -> Table:
    fit = three_factors()
    return {
        "cor": {"values": fit.groups[0].residual_correlation},
        "implied": {"values": fit.groups[0].implied_covariance},
        "scores_regression_first5": {
            "values": factor_scores(fit, hs_values(), method="regression")[:5]
        },
        "scores_bartlett_first5": {
            "values": factor_scores(fit, hs_values(), method="bartlett")[:5]
        },
    }


def reliability(stored: Any) -> Table:
    parts = factor_reliability(three_factors())
    names = list(HS_SCALES)
    alpha = [
        cronbach_alpha(hs_moments().select(items)).raw.estimate
        for items in HS_SCALES.values()
    ]
    ratios = np.eye(3)
    for (a, b), ratio in htmt2(hs_moments(), HS_SCALES).items():
        i, j = names.index(a), names.index(b)
        ratios[i, j] = ratios[j, i] = ratio
    implied = [one.omega_implied for one in parts]
    observed, ave = [one.omega for one in parts], [one.ave for one in parts]
    free = fit_model(HS_MODEL, hs().moments, estimator="ML", std_lv=True)
    return {
        "compRelSEM": dict(zip(names, observed, strict=True)),
        "compRelSEM_obsF": dict(zip(names, implied, strict=True)),
        "AVE": dict(zip(names, ave, strict=True)),
        "reliability": {"values": [alpha, implied, implied, observed, ave]},
        "htmt": {"values": ratios},
        "htmt2": {"values": ratios},
        "lv_cor": {"values": free.groups[0].factor_covariance},
        "discriminant": [discriminant(free, row) for row in stored["discriminant"]],
    }


def discriminant(free: SemFit, row: Mapping[str, Any]) -> Table:
    """The two factors held at a correlation of .9."""
    pair = free.parameter(name_of(row)).value
    text = f"{HS_MODEL}\n{row['lhs']} ~~ 0.9*{row['rhs']}"
    held_at = fit_model(text, hs().moments, estimator="ML", std_lv=True)
    measures, difference = held_at.measures, compare(free, held_at)
    assert measures is not None
    return {
        "est": pair.estimate,
        "ci.lower": pair.low,
        "ci.upper": pair.high,
        "Df": measures.df,
        "AIC": measures.aic,
        "BIC": measures.bic,
        "Chisq": measures.chi2,
        "Chisq.diff": difference.chi2,
        "Df.diff": difference.df,
        "Pr..Chisq.": difference.p,
        "RMSEA": difference.rmsea_of_difference,
    }


def resampled(stored: Any) -> Table:
    fit = fit_model(MEDIATION, democracy().moments, estimator="ML")
    columns = [DEMOCRACY_ITEMS.index(item) for item in fit.observed]
    intervals = bootstrap(
        fit,
        democracy_values()[:, columns],
        rng=np.random.default_rng(1),
        draws=200,
    ).intervals
    found = {one.name: one for one in intervals}
    tables: Table = {"percentile": [], "bca": []}
    for row in stored["percentile"]:
        name = name_of(row)
        if name not in found:  # fixed
            entry = value_row(fit.parameter(name).value, "est")
            tables["percentile"].append(entry)
            tables["bca"].append(entry)
            continue
        one = found[name]
        entry = {"est": one.estimate, "se": one.se}
        ends = {"ci.lower": one.low, "ci.upper": one.high}
        tables["percentile"].append(entry | ends)
        ends = {"ci.lower": one.corrected_low, "ci.upper": one.corrected_high}
        tables["bca"].append(entry | ends)
    return tables


CASES = (
    *MODELS,
    *(
        Case(
            f"invariance_hs_school_{estimator}",
            schools_by(estimator),
            invariance_rules(),
        )
        for estimator in ("ML", "MLR")
    ),
    Case(
        "cfa_hs_modindices",
        modifications,
        (
            held("error", "*/mi"),
            held("estimate", "*/epc", "*/sepc.*"),
        ),
    ),
    Case("cfa_hs_residuals", residuals, (held("estimate", "*"),)),
    Case(
        "reliability_sem_hs",
        reliability,
        (
            held("count", "*/Df", "*/Df.diff"),
            held("closed form", "htmt/*", "htmt2/*", "reliability/values/0/*"),
            held("error", "*/ci.*", "*/Chisq*", "*/Pr*", "*/[AB]IC", "*/RMSEA"),
            held("estimate", "*"),
        ),
    ),
    Case(
        "sem_pd_mediation_boot",
        resampled,
        (
            skipped("a setting", "seed", "R"),
            held("estimate", "*/est"),
            held("error", "*/se", to=0.15, because="200 resamples against 500"),
            held("error", "*/ci.*", to=0.3, because="200 resamples against 500"),
            skipped("estimate over error, both compared", "*/z", "*/pvalue"),
        ),
    ),
)
