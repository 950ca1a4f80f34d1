"""Robust errors of people in teams and of weighted answers."""

import csv
import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import Matrix, NotDefined, TooFewData
from analytics.psychometrics.sem import (
    SemFit,
    SurveyMoments,
    fit_model,
    fourth_moments,
    survey_moments,
)
from analytics.psychometrics.sem.model import Equal
from analytics.psychometrics.sem.result import Estimator
from tests.psychometrics.cases import HS_ITEMS, REFERENCE, bfi, read_columns

from .cases import HS_MODEL, close, demo_teams, hs_values, name_of

STORED = json.loads((REFERENCE / "surveys" / "surveys.json").read_text("utf-8"))
SIX = [f"y{i}" for i in range(1, 7)]
ONE = "f=~y1+y2+y3\ng=~y4+y5+y6"
LEVEL: tuple[Equal, ...] = ("loadings", "intercepts")


@cache
def six() -> Matrix:
    return read_columns(REFERENCE / "data" / "demo_twolevel.csv", SIX)


def weights_of(n: int) -> Matrix:
    """As `surveys.R` makes them."""
    return 0.5 + (np.arange(1, n + 1) % 7) / 3


@cache
def pupils() -> list[dict[str, str]]:
    with (REFERENCE / "data" / "hs1939.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def pupil_weights() -> Matrix:
    return np.array([0.4 + (int(row["id"]) % 5) / 2 for row in pupils()])


def by_school(*, teams: bool, weighted: bool) -> dict[str, SurveyMoments]:
    school = np.array([row["school"] for row in pupils()])
    team = np.array([f"{row['agemo']} {row['sex']}" for row in pupils()])
    found = {}
    for name in ("Pasteur", "Grant-White"):
        here = school == name
        found[name] = survey_moments(
            hs_values()[here],
            HS_ITEMS,
            clusters=team[here] if teams else None,
            weights=pupil_weights()[here] if weighted else None,
        )
    return found


def fit_of(case: str) -> SemFit:
    teams = demo_teams() if case in ("teams", "both") else None
    if case in ("teams", "both"):
        weights = weights_of(len(six())) if case == "both" else None
        data = survey_moments(six(), SIX, clusters=teams, weights=weights)
        return fit_model(ONE, data, estimator="MLR", means=True)
    if case == "weights":
        data = survey_moments(
            hs_values(), HS_ITEMS, clusters=None, weights=pupil_weights()
        )
        return fit_model(HS_MODEL, data, estimator="MLR", means=True)
    groups = by_school(teams=case == "groups_teams", weighted=case == "groups_weights")
    return fit_model(HS_MODEL, groups, estimator="MLR", means=True, equal=LEVEL)


MEASURES: dict[str, Any] = {
    "chisq": lambda m: m.chi2,
    "df": lambda m: m.df,
    "chisq.scaled": lambda m: m.scaled.chi2,
    "pvalue.scaled": lambda m: m.scaled.p,
    "chisq.scaling.factor": lambda m: m.scaled.factor,
    "baseline.chisq.scaled": lambda m: m.scaled.baseline_chi2,
    "baseline.chisq.scaling.factor": lambda m: m.scaled.baseline_factor,
    "cfi.robust": lambda m: m.scaled.cfi_robust,
    "tli.robust": lambda m: m.scaled.tli_robust,
    "rmsea.robust": lambda m: m.scaled.rmsea_robust.estimate,
    "scaling.factor.h1": lambda m: m.scaled.unrestricted_factor,
    "srmr": lambda m: m.srmr,
    "logl": lambda m: m.loglik,
    "unrestricted.logl": lambda m: m.loglik_unrestricted,
}


@pytest.mark.parametrize(
    "case", ["teams", "weights", "both", "groups_teams", "groups_weights"]
)
def test_every_number_is_that_of_lavaan(case: str) -> None:
    fit, stored = fit_of(case), STORED[case]
    groups = ("Pasteur", "Grant-White") if case.startswith("groups") else ("",)
    for row in stored["parameters"] + stored["standardized"]:
        found = fit.parameter(name_of(row), groups[row.get("group", 1) - 1])
        value = found.value if "est" in row else found.standardized
        assert value is not None
        close(value.estimate, row.get("est", row.get("est.std")), 2e-5)
        close(value.se or 0.0, row["se"], 1e-4)
    assert stored["fit"].keys() - MEASURES.keys() == {"npar"}
    for key, ours in MEASURES.items():
        close(ours(fit.measures), stored["fit"][key], 1e-4, key)


def test_a_team_for_each_person_is_no_team() -> None:
    x = hs_values()
    n = len(x)
    alone = survey_moments(x, HS_ITEMS, clusters=range(n), weights=None)
    plain = fourth_moments(x, HS_ITEMS)
    assert np.allclose(alone.gamma * (n - 1) / n, plain.gamma, rtol=1e-10, atol=1e-12)
    assert np.allclose(alone.moments.covariance, plain.moments.covariance)
    assert np.allclose(alone.drift, 0, atol=1e-12)
    assert alone.size == pytest.approx(n / (n - 1))


def test_equal_weights_and_their_unit_do_not_matter() -> None:
    x = hs_values()
    plain = fourth_moments(x, HS_ITEMS)
    same = survey_moments(x, HS_ITEMS, clusters=None, weights=np.full(len(x), 7.0))
    assert np.allclose(same.gamma, plain.gamma, rtol=1e-10)
    assert same.effective_n == pytest.approx(len(x))
    w = pupil_weights()
    first, second = (
        survey_moments(x, HS_ITEMS, clusters=None, weights=unit * w) for unit in (1, 90)
    )
    assert np.allclose(first.gamma, second.gamma, rtol=1e-12)
    assert first.effective_n == pytest.approx(w.sum() ** 2 / (w**2).sum())


def test_the_order_of_people_and_the_chunks_do_not_matter(
    monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    teams = np.array(demo_teams())
    order = rng.permutation(len(teams))
    whole = survey_moments(six(), SIX, clusters=teams, weights=weights_of(len(teams)))
    # a team of 30 is cut by chunks of 7 rows
    monkeypatch.setattr("analytics.psychometrics.sem.clustered._CHUNK", 7)
    mixed = survey_moments(
        six()[order],
        SIX,
        clusters=teams[order],
        weights=weights_of(len(teams))[order],
    )
    assert whole.clusters == mixed.clusters == 200
    assert np.allclose(whole.gamma, mixed.gamma, rtol=1e-9, atol=1e-12)
    assert np.allclose(whole.drift, mixed.drift, rtol=1e-9, atol=1e-12)


def test_answers_that_a_team_shares_widen_the_errors() -> None:
    """Everybody three times, as a team of three: errors as if asked once."""
    x = hs_values()
    once = fit_model(HS_MODEL, fourth_moments(x, HS_ITEMS), estimator="MLR")
    thrice = survey_moments(
        np.repeat(x, 3, axis=0),
        HS_ITEMS,
        clusters=np.repeat(np.arange(len(x)), 3),
        weights=None,
    )
    shared = fit_model(HS_MODEL, thrice, estimator="MLR")
    n = len(x)
    for one, other in zip(once.parameters, shared.parameters, strict=True):
        assert other.value.estimate == pytest.approx(one.value.estimate, abs=1e-6)
        if one.value.se:
            widened = one.value.se * np.sqrt(n / (n - 1))
            assert other.value.se == pytest.approx(widened, rel=1e-6)


def test_answers_of_a_questionnaire_give_what_their_points_give() -> None:
    teams = np.arange(len(bfi().codes)) % 40
    data = bfi().select(["A1", "A2", "A3", "A4"])
    coded = survey_moments(data, clusters=teams, weights=None)
    plain = survey_moments(
        data.values(), list(data.item_codes), clusters=teams, weights=None
    )
    assert np.allclose(coded.moments.mean, plain.moments.mean)
    assert np.allclose(coded.gamma, plain.gamma, rtol=1e-9)


def test_few_teams_are_warned_of() -> None:
    def warned(teams: int) -> list[str]:
        data = survey_moments(
            hs_values(), HS_ITEMS, clusters=np.arange(301) % teams, weights=None
        )
        fit = fit_model("visual=~x1+x2+x3+x4", data, estimator="MLR")
        return [reason.code for reason in fit.warnings]

    assert "few-clusters" in warned(19)
    assert "few-clusters" not in warned(20)


def test_other_estimators_refuse_teams_and_weights() -> None:
    data = survey_moments(hs_values(), HS_ITEMS, clusters=None, weights=pupil_weights())
    others: tuple[Estimator, ...] = ("ML", "MLM", "DWLS")
    for estimator in others:
        with pytest.raises(NotDefined, match="take the estimator MLR"):
            fit_model(HS_MODEL, data, estimator=estimator)


def test_rows_with_a_gap_are_left_out_with_their_weight() -> None:
    x, w = hs_values().copy(), pupil_weights()
    x[:20, 2] = np.nan
    found = survey_moments(x, HS_ITEMS, clusters=None, weights=w)
    rest = survey_moments(x[20:], HS_ITEMS, clusters=None, weights=w[20:])
    assert found.moments.n == len(x) - 20
    assert np.allclose(found.gamma, rest.gamma)


def test_what_cannot_be_weighted_is_said() -> None:
    x = hs_values()[:30]
    with pytest.raises(TooFewData, match="at least 2 groups; there are 1"):
        survey_moments(x, HS_ITEMS, clusters=["a"] * 30, weights=None)
    with pytest.raises(TooFewData, match="at least 10 people; there are 0"):
        survey_moments(np.full((3, 9), np.nan), HS_ITEMS, clusters=None, weights=None)
    for wrong in (np.zeros(30), np.ones(29), np.full(30, np.nan)):
        with pytest.raises(ValueError, match="one weight above zero"):
            survey_moments(x, HS_ITEMS, clusters=None, weights=wrong)
    with pytest.raises(ValueError, match="the name of its team"):
        survey_moments(x, HS_ITEMS, clusters=["a", "b"], weights=None)
