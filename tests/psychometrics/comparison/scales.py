"""Reliability of scales, held against psych."""

from dataclasses import replace
from typing import Any

import numpy as np

from analytics.psychometrics import (
    Alpha,
    Homogeneity,
    Moments,
    align,
    composites,
    cronbach_alpha,
    describe,
    efa,
    eigenvalues,
    homogeneity,
    moments,
    omega_hierarchical,
    omega_total,
    reliability_bounds,
    scale_scores,
    split_halves,
)
from analytics.psychometrics.reliability import feldt_interval, scaled_to_unit
from tests.psychometrics.cases import HS_ITEMS, HS_SCALES, SCALES, bfi, hs_moments
from tests.psychometrics.cases import matrix as stored_matrix
from tests.psychometrics.test_hierarchical import CASES as HIERARCHICAL
from tests.psychometrics.test_hierarchical import case as hierarchical_case

from .core import Case, Rule, held, skipped


def correlation_only(m: Moments) -> Moments:
    """The same items with variance 1."""
    return replace(m, covariance=m.correlation)


def lambda6(m: Moments) -> float:
    """From the covariances scaled to variance 1, as psych with gaps."""
    scaled = replace(m, correlation=scaled_to_unit(m.covariance))
    return reliability_bounds(scaled, standardized=True).lambda6


def likeness(m: Moments, n: int) -> Homogeneity:
    """From the covariances scaled to variance 1, and the n of psych."""
    return homogeneity(replace(m, correlation=scaled_to_unit(m.covariance), n=n))


def item_totals(m: Moments) -> list[float]:
    """Correlation of each item with the sum of all, itself included."""
    parts = composites(m, {"": list(m.items)} | {code: [code] for code in m.items})
    return [float(r) for r in parts.correlation[0, 1:]]


def alpha_scale(m: Moments, n: int) -> dict[str, Any]:
    alpha = cronbach_alpha(m)
    alike = likeness(m, n)
    low, high = feldt_interval(alpha.raw.estimate, n=n, p=m.p, confidence=0.95)
    return {
        "n": n,
        "total": {
            "raw_alpha": alpha.raw.estimate,
            "std.alpha": alpha.standardized.estimate,
            "G6(smc)": lambda6(m),
            "average_r": alpha.mean_inter_item_r,
            "S/N": alike.signal_to_noise,
            "median_r": alike.median_r,
            "ase": alike.alpha_se,
        },
        "feldt": {"lower": low, "alpha": alpha.raw.estimate, "upper": high},
        "item.stats": item_statistics(m, alpha, alike),
        "alpha.drop": [without(m, code, alpha, n) for code in m.items],
    }


def item_statistics(
    m: Moments, alpha: Alpha, alike: Homogeneity
) -> list[dict[str, Any]]:
    raw, standard = item_totals(m), item_totals(correlation_only(m))
    return [
        {
            "n": int(m.pair_n[j, j]),
            "raw.r": raw[j],
            "std.r": standard[j],
            "r.cor": alike.corrected_r[j],
            "r.drop": alpha.items[code].item_rest_r,
            "mean": float(m.mean[j]),
            "sd": float(np.sqrt(m.covariance[j, j])),
        }
        for j, code in enumerate(m.items)
    ]


def without(m: Moments, code: str, alpha: Alpha, n: int) -> dict[str, Any]:
    rest = m.select([one for one in m.items if one != code])
    others, alike = cronbach_alpha(rest), likeness(rest, n)
    return {
        "raw_alpha": alpha.items[code].alpha_if_dropped,
        "std.alpha": others.standardized.estimate,
        "G6.smc.": lambda6(rest),
        "average_r": others.mean_inter_item_r,
        "S.N": alike.signal_to_noise,
        "alpha.se": alike.alpha_se,
        "var.r": alike.variance_of_r,
        "med.r": alike.median_r,
    }


def alpha_complete(_: Any) -> dict[str, Any]:
    whole = moments(bfi(), missing="listwise")
    found = {}
    for scale, items in SCALES.items():
        m = whole.select(items)
        found[scale] = alpha_scale(m, m.n)
        found[scale]["total"] |= score(m)
    return found


def alpha_pairwise(_: Any) -> dict[str, Any]:
    whole = moments(bfi(), missing="pairwise")
    found = {}
    for scale, items in SCALES.items():
        # psych counts every row, those with gaps too
        found[scale] = alpha_scale(whole.select(items), 2800)
        scores = scale_scores(bfi(), items, min_share=0.01)
        described = describe(bfi().select(items))
        found[scale]["total"] |= {
            "mean": float(np.nanmean(scores)),
            "sd": float(np.nanstd(scores, ddof=1)),
        }
        for row, one in zip(found[scale]["item.stats"], described, strict=True):
            row |= {"n": one.n, "mean": one.mean, "sd": one.sd}
    return found


def alpha_tests(_: Any) -> dict[str, Any]:
    found = {}
    for scale, items in {**HS_SCALES, "all9": HS_ITEMS}.items():
        m = hs_moments().select(items)
        found[scale] = alpha_scale(m, m.n)
        found[scale]["total"] |= score(m)
    return found


def score(m: Moments) -> dict[str, float]:
    whole = composites(m, {"": list(m.items)})
    return {
        "mean": float(whole.mean[0]),
        "sd": float(np.sqrt(whole.covariance[0, 0])),
    }


def alpha_rules(*, gaps: bool) -> tuple[Rule, ...]:
    rules = (
        held("count", "*/n"),
        held("closed form", "*/raw_alpha", "*/std.alpha", "*/average_r"),
        held("closed form", "*/feldt/*"),
        held("closed form", "*/r.drop", "*/mean", "*/sd"),
        held(
            "closed form",
            "*/S/N",
            "*/S.N",
            "*/median_r",
            "*/med.r",
            "*/var.r",
            "*/ase",
            "*/alpha.se",
            "*/r.cor",
        ),
    )
    if not gaps:
        return (
            *rules,
            held("closed form", "*/raw.r", "*/std.r", "*/G6(smc)", "*/G6.smc."),
        )
    return (
        *rules,
        held("closed form", "*/G6(smc)", "*/G6.smc."),
        skipped(
            "psych correlates with a mean over the items answered; we with the sum, "
            "from the covariances",
            "*/raw.r",
            "*/std.r",
        ),
    )


def guttman(_: Any) -> dict[str, Any]:
    whole = moments(bfi(), missing="listwise")
    found = {}
    for scale, items in SCALES.items():
        m = whole.select(items)
        bounds = reliability_bounds(m, standardized=True)
        found[scale] = {
            f"lambda{k}": getattr(bounds, f"lambda{k}") for k in (1, 2, 3, 5, 6)
        }
        found[scale]["lambda5p"] = bounds.lambda5_plus
        found[scale]["tenberge"] = {
            f"mu{k}": value for k, value in enumerate(bounds.tenberge)
        }
        found[scale]["splithalf"] = {"alpha": bounds.lambda3}
        # theta of Armor (1974), from the first eigenvalue
        first = float(eigenvalues(m)[0])
        found[scale]["alpha_pc"] = m.p / (m.p - 1) * (1 - 1 / first)
    return found


def one_half(m: Moments, theirs: float) -> float:
    """Ours of the split that psych means: it tries only half of them."""
    values = split_halves(m, standardized=True).values
    return float(values[np.abs(values - theirs).argmin()])


def guttman_with_splits(stored: Any) -> dict[str, Any]:
    found = guttman(stored)
    whole = moments(bfi(), missing="listwise")
    for scale, items in SCALES.items():
        theirs, m = stored[scale], whole.select(items)
        halves = theirs["splithalf"]
        values = [one_half(m, value) for value in halves["raw_all_splits"]]
        found[scale]["lambda4"] = max(values)
        found[scale]["splithalf"] |= {
            "raw_all_splits": values,
            "max": max(values),
            "min": min(values),
            "mean": float(np.mean(values)),
        }
    return found


GUTTMAN = Case(
    "guttman_bfi_complete",
    guttman_with_splits,
    (
        held("closed form", "*/lambda*", "*/tenberge/*", "*/splithalf/alpha"),
        held("closed form", "*/alpha_pc"),
        # of an odd number of items psych tries the first half of the splits: its
        # largest, smallest and mean are over those
        held("closed form", "*/splithalf/*"),
    ),
)


def one_factor(stored: Any) -> dict[str, Any]:
    whole = moments(bfi(), missing="listwise")
    found = {}
    for scale, items in SCALES.items():
        m = whole.select(items)
        solution = efa(m, 1, rotation="none")
        theirs = stored_matrix(stored[scale]["load"])
        # psych turns single items; the sign of a row is then its own
        loading = np.sign(theirs[:, 0]) * np.abs(solution.loadings[:, 0])
        h2, u2 = solution.communalities, solution.uniquenesses
        empty = np.full(len(h2), np.nan)
        table = np.column_stack([loading, empty, h2, u2, empty])
        found[scale] = {
            "omega_total": omega_total(m).estimate,
            "alpha": cronbach_alpha(m).standardized.estimate,
            "load": {"values": table},
        }
    return found


ONE_FACTOR = Case(
    "omega_A_1factor",
    one_factor,
    (
        held("omega", "*/omega_total"),
        held("closed form", "*/alpha"),
        skipped("a rest of rounding, and 1 throughout", "*/values/*/1", "*/values/*/4"),
        held("factors", "*/load/values/*"),
    ),
)


def hierarchical(name: str) -> Any:
    def ours(stored: Any) -> dict[str, Any]:
        m, n_factors = hierarchical_case(name)
        found = omega_hierarchical(
            m,
            n_factors,
            turning="by-general-factor",
            method="ml" if name.endswith("ml") else "minres",
        )
        solution = found.schmid_leiman
        first = solution.first_order
        oblique, order, signs = align(first.loadings, stored_matrix(stored["oblique"]))
        rows = np.where(np.isin(m.items, found.turned), -1.0, 1.0)
        if stored["sl"]["rows"][0] == "Sentences":
            rows = np.ones(m.p)  # the published table names its tests otherwise
        keyed = replace(
            m,
            covariance=m.covariance * np.outer(rows, rows),
            correlation=m.correlation * np.outer(rows, rows),
        )
        h2 = solution.communalities
        table = np.column_stack(
            [
                solution.general * rows,
                solution.groups[:, order] * signs * rows[:, None],
                h2,
                solution.uniquenesses,
                solution.general**2 / h2,
            ]
        )
        groups = [found.groups[j] for j in order]
        return {
            "omega_h": found.hierarchical,
            "omega_total": found.total,
            "omega_lim": found.limit,
            "alpha": cronbach_alpha(keyed).standardized.estimate,
            "G6": reliability_bounds(
                keyed, standardized=True, rng=np.random.default_rng(1), max_splits=10
            ).lambda6,
            "sl": {"values": table},
            "gloading": {"values": (solution.second_order[order] * signs)[:, None]},
            "oblique": {"values": oblique},
            "phi": {"values": first.phi[np.ix_(order, order)] * np.outer(signs, signs)},
            "omega_group": [
                {
                    "total": found.total,
                    "general": found.hierarchical,
                    "group": found.specific,
                },
                *(
                    {"total": g.total, "general": g.general, "group": g.specific}
                    for g in groups
                ),
            ],
            "ECV": {"g": found.explained_common_variance},
        }

    return ours


def hierarchical_rules() -> tuple[Rule, ...]:
    early = "psych's oblimin stops at a slope of 1e-5, its factors at 1e-5 of a loading"
    return (
        skipped("a setting", "settings/*"),
        held("omega", "omega_*", "ECV/*"),
        held("closed form", "alpha", "G6"),
        held("factors", "sl/*", "gloading/*", to=1e-4, because=early),
        held("factors", "oblique/*", "phi/*", to=1e-4, because=early),
    )


CASES = (
    Case("alpha_bfi_complete", alpha_complete, alpha_rules(gaps=False)),
    Case("alpha_bfi_pairwise", alpha_pairwise, alpha_rules(gaps=True)),
    Case("alpha_hs", alpha_tests, alpha_rules(gaps=False)),
    GUTTMAN,
    ONE_FACTOR,
    *(Case(name, hierarchical(name), hierarchical_rules()) for name in HIERARCHICAL),
)
