"""Answers with gaps, held against lavaan."""

from collections.abc import Callable
from typing import Any

from analytics.psychometrics.sem import Corrected, fit_model, saturated_moments
from analytics.psychometrics.sem.saturated import Errors
from tests.psychometrics.cases import HS_ITEMS, bfi
from tests.psychometrics.sem.cases import BFI_MODEL, HS_MODEL
from tests.psychometrics.sem.missing_cases import hs_gaps

from .core import Case, Rule, held
from .structural import fit_rules, whole

Table = dict[str, Any]
PAIRWISE = held(
    "error",
    "fit/gfi",
    "fit/agfi",
    "fit/pgfi",
    to=2e-3,
    because="lavaan weighs pairwise covariances here, ours the saturated ones",
)
EARLY_EM = held(
    "error",
    "fit/*robust",
    because="lavaan's EM stops at steps of 1e-5, ours has no slope left",
)


def corrected_indices(found: Corrected | None) -> Table:
    """The indices that lavaan calls robust, for normal errors too."""
    if found is None or found.rmsea is None:
        return {}
    return {
        "cfi.robust": found.cfi,
        "tli.robust": found.tli,
        "nnfi.robust": found.tli,
        "rni.robust": found.rni,
        "rmsea.robust": found.rmsea.estimate,
        "rmsea.ci.lower.robust": found.rmsea.low,
        "rmsea.ci.upper.robust": found.rmsea.high,
        "rmsea.pvalue.robust": found.rmsea.close_p,
        "rmsea.notclose.pvalue.robust": found.rmsea.not_close_p,
    }


def model(
    name: str,
    text: str,
    data: Callable[[], Any],
    errors: Errors,
    rules: tuple[Rule, ...],
) -> Case:
    def ours(stored: Any) -> Table:
        fit = fit_model(text, data(), estimator="FIML", errors=errors)
        assert fit.measures is not None
        found = whole(fit, stored)
        found["fit"] |= corrected_indices(fit.measures.corrected)
        return found

    return Case(name, ours, (PAIRWISE, EARLY_EM, *rules))


def moments(_: Any) -> Table:
    found = saturated_moments(hs_gaps(), errors="observed")
    return {
        "cov": {"values": found.covariance},
        "mean": dict(zip(HS_ITEMS, found.mean, strict=True)),
    }


CASES = (
    model("fiml_hs_missing_ML", HS_MODEL, hs_gaps, "observed", fit_rules()),
    model("fiml_hs_missing_MLR", HS_MODEL, hs_gaps, "robust", fit_rules()),
    model(
        "cfa_bfi5_FIML_MLR",
        BFI_MODEL,
        bfi,
        "robust",
        fit_rules(
            estimate=3e-5,
            because="lavaan stops where the likelihood of 2,800 people hardly rises",
        ),
    ),
    Case("fiml_saturated_moments", moments, (held("estimate", "cov/*", "mean/*"),)),
)
