"""Exploratory factors, held against psych and factanal."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import (
    Efa,
    Extraction,
    GuidedRotation,
    Matrix,
    Moments,
    Rotation,
    align,
    efa,
    factor_weights,
    moments,
)
from analytics.psychometrics.efa import RMSEA_CONFIDENCE, ordered
from analytics.psychometrics.rotation import Rotated, rotate
from tests.psychometrics.cases import bfi, hs_moments
from tests.psychometrics.cases import matrix as stored_matrix

from .core import Case, Rule, held, skipped

Table = dict[str, Any]
OURS: dict[str, Rotation | GuidedRotation] = {
    "none": "none",
    "varimax": "varimax",
    "quartimax": "quartimax",
    "promax": "promax",
    "oblimin": "oblimin",
    "quartimin": "quartimin",
    "geominT": "geomin-orthogonal",
    "geominQ": "geomin",
    "bentlerQ": "bentler",
}


@cache
def data(name: str) -> Moments:
    return moments(bfi(), missing="listwise") if "bfi" in name else hs_moments()


def turned(A: Matrix, rotation: str) -> Rotated:
    return ordered(rotate(A, OURS[rotation], rng=np.random.default_rng(1)))


def factors(name: str, method: Extraction, *, of_theirs: bool) -> Any:
    """All rotations: of our own factors, or of psych's unrotated ones."""

    def ours(stored: Any) -> Table:
        m = data(name)
        whole = efa(m, 5 if "bfi" in name else 3, rotation="none", method=method)
        start = whole.loadings
        if of_theirs:
            start = stored_matrix(stored["none"]["loadings"])
        found = {}
        for rotation in OURS:
            if rotation in stored:
                found[rotation] = table(turned(start, rotation), stored[rotation])
                found[rotation] |= {"n": m.n} | fit_of(whole)
        if "simplimax" in stored:
            unrotated = Rotated(start, np.eye(start.shape[1]))
            found["simplimax"] = table(unrotated, stored["simplimax"])
            found["simplimax"] |= {"n": m.n} | fit_of(whole)
        found["none"] = table(Rotated(whole.loadings, whole.phi), stored["none"])
        found["none"] |= {"n": m.n} | fit_of(whole)
        for rotation, theirs in stored.items():
            found[rotation] |= scores(m, whole, theirs)
        return found

    return ours


def table(rotated: Rotated, theirs: Any) -> Table:
    """The tables of a rotation in psych's order and signs."""
    loadings, order, signs = align(rotated.loadings, stored_matrix(theirs["loadings"]))
    phi = rotated.phi[np.ix_(order, order)] * np.outer(signs, signs)
    structure = loadings @ phi
    h2 = (structure * loadings).sum(axis=1)
    variance = np.diag(phi @ loadings.T @ loadings)
    share = variance / variance.sum()
    names = list(theirs["communality"])
    return {
        "loadings": {"values": loadings},
        "Phi": {"values": phi},
        "structure": {"values": structure},
        "communality": dict(zip(names, h2.tolist(), strict=True)),
        "uniquenesses": dict(zip(names, (1 - h2).tolist(), strict=True)),
        "vaccounted": {
            "values": [
                variance,
                variance / len(h2),
                np.cumsum(variance) / len(h2),
                share,
                np.cumsum(share),
            ]
        },
    }


def scores(m: Moments, whole: Efa, theirs: Any) -> Table:
    """Weights and R squared of the scores of psych's factors."""
    L = stored_matrix(theirs["loadings"])
    phi = stored_matrix(theirs["Phi"]) if theirs.get("Phi") else np.eye(L.shape[1])
    found = factor_weights(m, replace(whole, loadings=L, phi=phi))
    squared: Any = found.r_squared
    if isinstance(theirs["R2_scores"], dict):
        squared = dict(zip(theirs["R2_scores"], squared.tolist(), strict=True))
    return {"weights": {"values": found.weights}, "R2_scores": squared}


def fit_of(found: Efa) -> Table:
    fit, p = found.fit, len(found.items)
    assert fit is not None
    return {
        "dof": found.df,
        "objective": fit.discrepancy,
        "STATISTIC": fit.chi2,
        "PVAL": fit.p,
        "rms": found.rmsr,
        "crms": found.rmsr * np.sqrt(p * (p - 1) / 2 / found.df),
        "TLI": fit.tli,
        "BIC": fit.bic,
        "RMSEA": {
            "RMSEA": fit.rmsea,
            "lower": fit.rmsea_low,
            "upper": fit.rmsea_high,
            "confidence": RMSEA_CONFIDENCE,
        },
    }


# of psych's own factors, so that the weights alone are compared
SCORES = held("closed form", "*/weights/*", "*/R2_scores/*")
VARIMAX_STOPS = (
    "R's varimax stops when it grows by less than a hundred-thousandth; test_rotation "
    "repeats that and agrees to 1e-8"
)
GP_STOPS = "GPArotation stops at a slope of 1e-5; test_rotation repeats that and agrees to 1e-12"
# the distance that R's stopping rules leave
LEFT = {
    "varimax": (1.2e-3, VARIMAX_STOPS),
    "promax": (6e-4, f"promax starts from varimax. {VARIMAX_STOPS}"),
    "quartimax": (6e-4, GP_STOPS),
    "oblimin": (3e-5, GP_STOPS),
    "quartimin": (3e-5, GP_STOPS),
    "geominT": (3e-5, GP_STOPS),
    "bentlerQ": (3e-4, GP_STOPS),
}
TABLES = ("loadings", "Phi", "structure")
FIT = ("objective", "STATISTIC", "PVAL", "TLI", "BIC", "RMSEA/*", "rms", "crms")


def rotated_rules(rotations: set[str]) -> tuple[Rule, ...]:
    """Tables of every rotation; a variance adds up the squares of many loadings."""
    rules = []
    for name, (left, why) in LEFT.items():
        if name in rotations:
            keys = [f"{name}/{table}/*" for table in TABLES]
            rules.append(held("factors", *keys, to=left, because=why))
            variance = f"{name}/vaccounted/*"
            rules.append(held("factors", variance, to=2 * left, because=why))
    keys = [f"geominQ/{table}/*" for table in (*TABLES, "vaccounted")]
    return (*rules, held("geomin", *keys))


def common(rotations: set[str]) -> tuple[Rule, ...]:
    rules = (SCORES, held("count", "*/n", "*/dof"), *rotated_rules(rotations))
    if "simplimax" not in rotations:
        return rules
    why = (
        "GPArotation gives up after 1,001 steps; test_rotation repeats them to 1e-12 "
        "and finds a lower minimum"
    )
    keys = [f"simplimax/{table}/*" for table in (*TABLES, "vaccounted")]
    return (*rules, skipped(why, *keys))


def at_the_minimum(rotations: set[str]) -> tuple[Rule, ...]:
    """Of our own factors, psych being at the minimum or near."""
    return (
        *common(rotations),
        held("factors", "none/*/values/*"),
        held("factors", "*/communality/*", "*/uniquenesses/*"),
        held("error", *(f"*/{key}" for key in FIT)),
    )


def near_the_fixed_point(
    rotations: set[str], *, loadings: float, communality: float, fit: float
) -> tuple[Rule, ...]:
    """Principal axes; the rotations turn psych's unrotated factors."""
    why = "psych stops when the sum of the communalities moves by less than .001"
    return (
        *common(rotations),
        held("factors", "none/*/values/*", to=loadings, because=why),
        held(
            "factors",
            "none/communality/*",
            "none/uniquenesses/*",
            to=communality,
            because=why,
        ),
        held("factors", "*/communality/*", "*/uniquenesses/*"),
        held("error", *(f"*/{key}" for key in FIT), to=fit, because=why),
    )


def beside_the_minimum(rotations: set[str]) -> tuple[Rule, ...]:
    """GLS and WLS; the rotations turn psych's unrotated factors."""
    why = (
        "psych follows the gradient of another criterion and ends beside the minimum "
        "(decision 19); test_extraction repeats its rule to 1e-10"
    )
    return (
        *common(rotations),
        skipped(why, "none/*"),
        held("factors", "*/communality/*", "*/uniquenesses/*"),
        skipped(why, *(f"*/{key}" for key in FIT)),
    )


ALL = {*OURS, "simplimax"}
FEW = {"none", "varimax", "promax", "oblimin", "geominQ"}


def factanal(stored: Any) -> Table:
    found = {}
    for name, theirs in stored.items():
        m = data("bfi" if name == "bfi5" else name)
        ours = efa(m, 5 if name == "bfi5" else 3, rotation="none", method="ml")
        assert ours.fit is not None
        found[name] = {
            "loadings": {
                "values": align(ours.loadings, stored_matrix(theirs["loadings"]))[0]
            },
            "uniq": dict(zip(m.items, ours.uniquenesses.tolist(), strict=True)),
            "criteria": {"objective": ours.objective},
            "STATISTIC": ours.fit.chi2,
            "dof": ours.df,
        }
    return found


def tight_minres(stored: Any) -> Table:
    m = data("bfi")
    ours = efa(m, 5, rotation="none")
    theirs = stored_matrix(stored["loadings_unrotated_tight"])
    return {
        "objective_tight": ours.objective,
        "objective_psych": ours.objective,
        "loadings_unrotated_tight": {"values": align(ours.loadings, theirs)[0]},
        "uniq": dict(zip(m.items, ours.uniquenesses.tolist(), strict=True)),
    }


def own(name: str, method: Extraction, rotations: set[str]) -> Case:
    ours = factors("bfi" if rotations is ALL else "hs9", method, of_theirs=False)
    return Case(name, ours, at_the_minimum(rotations))


CASES = (
    own("efa_bfi5_minres", "minres", ALL),
    own("efa_bfi5_ml", "ml", ALL),
    own("efa_hs9_3_minres", "minres", FEW),
    own("efa_hs9_3_ml", "ml", FEW),
    Case(
        "efa_bfi5_pa",
        factors("bfi", "pa", of_theirs=True),
        near_the_fixed_point(ALL, loadings=5e-4, communality=1e-3, fit=2e-3),
    ),
    Case(
        "efa_hs9_3_pa",
        factors("hs9", "pa", of_theirs=True),
        near_the_fixed_point(FEW, loadings=5e-3, communality=8e-3, fit=1e-3),
    ),
    Case(
        "efa_bfi5_gls", factors("bfi", "gls", of_theirs=True), beside_the_minimum(ALL)
    ),
    Case(
        "efa_bfi5_wls", factors("bfi", "wls", of_theirs=True), beside_the_minimum(ALL)
    ),
    Case(
        "efa_factanal_tight",
        factanal,
        (
            held("count", "*/dof"),
            held("closed form", "*/objective", "*/STATISTIC"),
            held("factors", "*/loadings/*", "*/uniq/*", to=2e-8),
            skipped("steps of R's optimiser", "*/counts.*"),
        ),
    ),
    Case(
        "efa_minres_tight_bfi5",
        tight_minres,
        (
            held("closed form", "objective_tight", "objective_psych"),
            held("factors", "loadings_unrotated_tight/*", "uniq/*", to=2e-6),
            skipped("psych against R, not ours", "max_abs_uniq_diff"),
        ),
    ),
)
