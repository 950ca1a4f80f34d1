"""Agreement in groups, raters and relative importance, held against R."""

from typing import Any

import numpy as np

from analytics.psychometrics import (
    Agreement,
    Estimate,
    Item,
    RaterIcc,
    RaterModel,
    agreement,
    icc,
    importance,
    moments,
    rater_icc,
)
from tests.psychometrics.cases import REFERENCE, coded, read_columns
from tests.psychometrics.test_aggregation import JUDGED
from tests.psychometrics.test_agreement import LEADERSHIP, soldiers
from tests.psychometrics.test_importance import NAMES, democracy

from .core import Case, held, skipped

Table = dict[str, Any]


def first_ten(found: Agreement, stored: Any, key: str) -> list[Table]:
    """Ours of the groups that the file names."""
    groups = {one.group: one for one in found.groups}
    linear = key == "rwg.lindell"
    return [
        {
            key: groups[row["grpid"]].r_star if linear else groups[row["grpid"]].rwg,
            "gsize": groups[row["grpid"]].n,
        }
        for row in stored["first10"]
    ]


def within_groups(stored: Any) -> Table:
    values, teams = soldiers(["LEAD"], "bh1996_sub", "GRP")
    one = agreement(values, teams, null="uniform", missing="listwise", points=5)
    answers, companies = soldiers(LEADERSHIP, "lq2002", "COMPID")
    data = coded(answers, [Item(name, 1, 5) for name in LEADERSHIP])
    several = agreement(data, companies, null="uniform", missing="listwise")
    layout = read_columns(REFERENCE / "data" / "bh1996_sub.csv", ["LEAD", "GRP"])
    between = icc(layout[:, 0], layout[:, 1].astype(int).tolist(), method="anova")
    return {
        "rwg_bh1996_LEAD": {
            "mean": one.rwg_mean,
            "median": one.rwg_median,
            "first10": first_ten(one, stored["rwg_bh1996_LEAD"], "rwg"),
        },
        "rwgj_lq2002_items3_13": {
            "mean": several.rwg_mean,
            "median": several.rwg_median,
            "first10": first_ten(several, stored["rwgj_lq2002_items3_13"], "rwg.j"),
        },
        "rwgj_lindell": {
            "mean": several.r_star_mean,
            "first10": first_ten(several, stored["rwgj_lindell"], "rwg.lindell"),
        },
        "ICC1": between.icc1.estimate,
        "ICC2": between.icc2.estimate,
        "ad_mean": one.ad_mean,
        "anova": {
            "F": between.f,
            "MSB": between.ms_between,
            "MSW": between.ms_within,
        },
    }


RATERS: dict[str, RaterModel] = {
    "ICC1": "one-way",
    "ICC2": "agreement",
    "ICC3": "consistency",
}


def raters(stored: Any) -> list[Table]:
    found = {name: rater_icc(JUDGED, model=model) for name, model in RATERS.items()}
    return [
        rater_row(found[row["type"].removesuffix("k")], row["type"]) for row in stored
    ]


def rater_row(found: RaterIcc, kind: str) -> Table:
    value: Estimate = found.average if kind.endswith("k") else found.single
    return {
        "ICC": value.estimate,
        "F": found.f,
        "df1": found.df,
        "df2": found.df_error,
        "p": found.p,
        "lower.bound": value.low,
        "upper.bound": value.high,
    }


def weights(_: Any) -> Table:
    m = moments(democracy(), NAMES, missing="listwise")
    shapley = importance(m, NAMES[:3], "y5", weighting="dominance")
    relative = importance(m, NAMES[:3], "y5", weighting="relative-weights")
    return {
        "R2": relative.r_squared.estimate,
        "lmg": {one.item: one.weight.estimate for one in shapley.predictors},
        "johnson_relative_weights": {
            one.item: one.weight.estimate for one in relative.predictors
        },
    }


CASES = (
    Case(
        "multilevel_rwg_icc",
        within_groups,
        (held("count", "*/gsize"), held("closed form", "*")),
    ),
    Case(
        "icc_psych_sf",
        raters,
        (
            held("count", "*/df1", "*/df2"),
            held(
                "closed form",
                "*",
                to=1e-5,
                because="psych takes its mean squares from lmer, good to six digits",
            ),
        ),
    ),
    Case("setcor_lmg_pd", weights, (held("closed form", "*"),)),
    Case(
        "_manifest",
        lambda _: np.empty(0),
        (skipped("versions and running times of the scripts", "seconds/*"),),
    ),
)
