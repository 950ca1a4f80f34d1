"""The factor model of a report by each estimator, held against lavaan; the border rule."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.answers import Answers
from analytics.border_rule import (
    CorrelationChoice,
    EstimatorChoice,
    fewest_points,
    settled,
)
from analytics.factor_model import factor_model_of, fit_of_scales
from analytics.factor_results import ModelFit
from analytics.factor_sample import used_categories
from analytics.factor_tables import FactorTables, fit_reading, head, models_guide
from analytics.invariance import GroupColumn, invariance_of
from analytics.method_table import MethodTable
from analytics.own_model import own_model_of
from analytics.plan import AnalysisPlan, FactorEstimator, ModelFile, Text
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import build_report
from analytics.results import Absent, Figure, Report
from analytics.specification import read_specification
from tests.analytics.samples import CARE, SKILL, answers, matrix, plan, scale, write
from tests.psychometrics.cases import (
    REFERENCE,
    SCALES,
    bfi,
    coded,
    read_columns,
    reference,
)

FIT = 1e-4  # as part one held indices: docs/methods.md


def bfi_plan(estimator: FactorEstimator, scales: str = "AECNO") -> AnalysisPlan:
    """Scales of psych's bfi, five items of six points each."""
    described = tuple(
        scale(code, Text.same(code), len(SCALES[code]), low=1, high=6)
        for code in scales
    )
    return plan(scales=described, outcomes=(), estimator=estimator)


@cache
def fit_of_bfi(estimator: FactorEstimator) -> ModelFit:
    return fit_of_scales(Answers.of(bfi(), bfi_plan(estimator)))


@pytest.mark.parametrize(
    ("estimator", "file", "n"),
    [
        ("WLSMV", "cfa_bfi5_ordered_WLSMV", 2436),
        ("FIML", "cfa_bfi5_FIML_MLR", 2800),
    ],
)
def test_the_fit_of_a_report_is_that_of_lavaan(
    estimator: FactorEstimator, file: str, n: int
) -> None:
    found, expected = fit_of_bfi(estimator), reference(file)["fit"]
    assert (found.n, found.df) == (n, expected["df"])
    values = {
        "chisq": found.chi2,
        "cfi": found.cfi,
        "tli": found.tli,
        "srmr": found.srmr,
        "chisq.scaled": found.chi2_scaled,
        "cfi.scaled": found.cfi_scaled,
        "tli.scaled": found.tli_scaled,
    }
    for name, value in values.items():
        # chi-squares of thousands: relative
        assert value == pytest.approx(expected[name], rel=FIT, abs=FIT), name
    for own, name in ((found.rmsea, "rmsea"), (found.rmsea_scaled, "rmsea")):
        mark = "" if own is found.rmsea else ".scaled"
        assert own is not None
        ends = (own.estimate, own.low, own.high)
        keys = (name, f"{name}.ci.lower", f"{name}.ci.upper")
        for value, key in zip(ends, keys, strict=True):
            assert value == pytest.approx(expected[f"{key}{mark}"], abs=FIT)
    if estimator == "FIML":
        assert found.bic == pytest.approx(expected["bic"], rel=FIT)
    else:
        assert found.bic is None


def test_ordered_groups_are_held_to_thresholds_first() -> None:
    expected = reference("invariance_bfi_N_ordinal_gender")
    asked = bfi_plan("WLSMV", "N")
    path = REFERENCE / "data" / "bfi25_keyed_gender_complete.csv"
    values = read_columns(path, [*SCALES["N"], "gender"])
    data = coded(values[:, :5], [Item(code, 1, 6) for code in SCALES["N"]])
    column = GroupColumn(("men", "women"), (values[:, 5] - 1).astype(np.int32))
    found = invariance_of(Answers.of(data, asked), {"gender": column})["gender"]
    levels = {
        "configural": found.configural,
        "thresholds": found.thresholds,
        "loadings": found.metric,
        "intercepts": found.scalar,
    }
    for name, level in levels.items():
        assert level is not None, name
        fit = expected[name]["fit"]
        assert level.df == fit["df"]
        assert level.chi2 == pytest.approx(fit["chisq.scaled"], rel=FIT), name
        assert level.cfi == pytest.approx(fit["cfi.scaled"], abs=FIT)
        assert level.rmsea == pytest.approx(fit["rmsea.scaled"], abs=FIT)


# ---- the border rule


@pytest.mark.parametrize(
    ("points", "estimator", "correlation"),
    [
        (2, "WLSMV", "polychoric"),
        (4, "WLSMV", "polychoric"),
        (5, "MLMV", "pearson"),
        (7, "MLMV", "pearson"),
    ],
)
def test_the_points_of_the_items_decide(
    points: int, estimator: str, correlation: str
) -> None:
    fewer = plan(
        scales=(scale("CARE", CARE, low=1, high=points), scale("SKILL", SKILL))
    )
    found = settled(fewer)
    assert (found.estimator, found.correlation) == (estimator, correlation)
    assert found.by_rule


@pytest.mark.parametrize("more", [{"model": "formative"}, {"n_items": 1}])
def test_an_item_outside_the_factors_decides_nothing(more: dict[str, Any]) -> None:
    few = scale("CARE", CARE, low=0, high=1, **more)
    assert settled(plan(scales=(few, scale("SKILL", SKILL)))).estimator == "MLMV"
    assert fewest_points(plan(scales=(few,), outcomes=())) is None


def test_very_many_items_are_too_many_for_robust_errors() -> None:
    assert (
        settled(plan(scales=(scale("CARE", CARE, 80),), outcomes=())).estimator
        == "MLMV"
    )
    assert (
        settled(plan(scales=(scale("CARE", CARE, 81),), outcomes=())).estimator == "ML"
    )


@pytest.mark.parametrize(
    ("estimator", "correlation"),
    [("ML", "polychoric"), ("FIML", "pearson"), ("WLSMV", "rule")],
)
def test_a_choice_is_kept(
    estimator: EstimatorChoice, correlation: CorrelationChoice
) -> None:
    found = settled(plan(), estimator=estimator, correlation=correlation)
    assert found.estimator == estimator
    assert found.correlation == ("pearson" if correlation == "rule" else correlation)
    assert not found.by_rule


def test_a_specification_chooses(tmp_path: Path) -> None:
    scales = "scales:\n  A: {items: [a1, a2, a3]}\n"
    for line, estimator in (
        ("", "MLMV"),
        ("estimator: rule\n", "MLMV"),
        ("estimator: MLR\n", "MLR"),
        ("estimator: FIML\n", "FIML"),
        ("points: [1, 4]\n", "WLSMV"),
        ("points: [1, 4]\nestimator: ML\n", "ML"),
    ):
        file = write(tmp_path / "s.yaml", line + scales)
        assert read_specification(file).estimator == estimator


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (4, ("items of 4 points are ordered", "4 点的题目是有序类别")),
        (5, ("items of 5 points lie on the border", "5 点的题目处于分界上")),
        (7, ("items of 7 points or more may be taken", "7 点及以上的题目可视为数值")),
    ],
)
def test_the_report_says_by_which_rule(points: int, words: tuple[str, str]) -> None:
    made = report_of(settled(small(points)))
    for language, word in zip(("en", "zh-hans"), words, strict=True):
        assert word in methods_of(made, language)
    chosen = report_of(settled(small(points), estimator="ML"))
    assert "by rule" not in methods_of(chosen, "en")


def small(points: int = 4, n_items: int = 3) -> AnalysisPlan:
    return plan(
        scales=tuple(
            scale(code, name, n_items, low=1, high=points)
            for code, name in (("CARE", CARE), ("SKILL", SKILL))
        ),
        outcomes=(),
    )


def report_of(asked: AnalysisPlan, raw: Any = None) -> Report:
    raw = answers(asked) if raw is None else raw
    return build_report(matrix(raw, asked), asked)


def methods_of(report: Report, language: str) -> str:
    rows = MethodTable(report, language, 2).methods().rows
    return " ".join(cell.text for row in rows for cell in row)


# ---- what is read of ordered items


def test_scaled_indices_are_called_scaled() -> None:
    made = report_of(replace(small(), estimator="WLSMV"))
    assert made.cfa is not None
    table = FactorTables(made, "en", 2).fit()
    assert table is not None
    shown = {row[0].text: row[1].text for row in table.rows}
    assert list(shown) == ["CFI, scaled", "TLI, scaled", "RMSEA, scaled", "SRMR"]
    assert shown["CFI, scaled"] == f"{made.cfa.cfi_scaled:.3f}"
    said = {one.code: one for one in fit_reading(made.cfa).sentences}
    assert said["cfa_ordered"].params["chi2"] == made.cfa.chi2_scaled
    # the unscaled chi-square has no known distribution, so it is not read
    assert {"cfa_exact", "cfa_robust"}.isdisjoint(said)
    models = FactorTables(made, "en", 2).models()
    assert models is not None
    fit = made.models["one_factor"]
    row = next(row for row in models.rows if row[0].text == "One factor")
    assert row[1].text == f"{fit.chi2_scaled:.1f}"
    assert models_guide(made) == "cfa_models_ordered"


def test_categorical_omega_has_no_interval_and_says_its_name() -> None:
    made = factor_model_of(Answers.of(*sample("WLSMV")))
    omega = made.composite_reliability["CARE"]
    assert isinstance(omega, Figure)
    assert omega.low is None
    assert omega.method == "categorical omega, factor model, WLSMV"


def sample(estimator: FactorEstimator) -> tuple[ResponseMatrix, AnalysisPlan]:
    asked = replace(small(), estimator=estimator)
    return matrix(answers(asked), asked), asked


def test_categories_that_nobody_chose_are_left_out_and_named() -> None:
    data, asked = sample("WLSMV")
    codes = data.codes.copy()
    codes[codes[:, 0] == 1, 0] = 2
    made = factor_model_of(Answers.of(ResponseMatrix(codes, data.items), asked))
    said = {one.code: one for one in made.cfa.notices}
    assert said["cfa_unused"].params["items"] == ("CARE1",)
    assert made.cfa.converged
    whole = factor_model_of(Answers.of(data, asked))
    assert "cfa_unused" not in {one.code for one in whole.cfa.notices}


def test_used_categories_keep_their_order() -> None:
    codes = np.array([[0, 1], [3, 1], [4, 1], [3, 1]], dtype=np.int8)
    items = (Item("a", 1, 5), Item("b", 1, 5))
    found = used_categories(ResponseMatrix(codes, items))
    assert found.codes[:, 0].tolist() == [0, 1, 2, 1]
    assert found.items[0].n_categories == 3
    # one category alone is no item: left for the refusal that names it
    assert found.items[1] == items[1]
    assert found.codes[:, 1].tolist() == [1, 1, 1, 1]


def test_groups_keep_the_same_categories() -> None:
    """A category that one group never chose is a reason, not another scale."""
    data, asked = sample("WLSMV")
    twice = np.vstack([data.codes, data.codes])
    group = np.repeat(np.arange(2, dtype=np.int32), data.n)
    twice[(group == 1) & (twice[:, 0] == 0), 0] = 1
    held = Answers.of(ResponseMatrix(twice, data.items), asked)
    found = invariance_of(held, {"site": GroupColumn(("a", "b"), group)})["site"]
    assert found.verdict == "not_testable"
    assert "CARE1" in found.reason.text("en")
    # never chosen by anybody: nobody misses it
    twice[twice[:, 0] == 0, 0] = 1
    held = Answers.of(ResponseMatrix(twice, data.items), asked)
    found = invariance_of(held, {"site": GroupColumn(("a", "b"), group)})["site"]
    assert (found.verdict, found.drifting) == ("scalar", ())


def test_items_of_two_points_are_held_equal_at_once() -> None:
    asked = replace(small(2, 4), estimator="WLSMV")
    raw = answers(asked, 800)
    group = np.arange(800, dtype=np.int32) % 2
    held = Answers.of(matrix(raw, asked), asked)
    found = invariance_of(held, {"site": GroupColumn(("a", "b"), group)})["site"]
    assert (found.thresholds, found.metric) == (None, None)
    assert found.scalar is not None
    assert found.verdict == "scalar"


# ---- answers with gaps


def with_gaps(asked: AnalysisPlan, share: float = 0.1) -> ResponseMatrix:
    whole = matrix(answers(asked), asked)
    rng = np.random.default_rng(8)
    codes = whole.codes.copy()
    codes[rng.random(codes.shape) < share] = -1
    codes[:3] = -1
    return ResponseMatrix(codes, whole.items)


def test_all_answers_are_used_and_those_without_any_are_counted() -> None:
    asked = replace(small(7), estimator="FIML")
    data = with_gaps(asked)
    made = factor_model_of(Answers.of(data, asked))
    assert made.cfa.n == data.n - 3
    said = {one.code: one for one in made.cfa.notices}
    kept = data.codes[3:]
    assert said["cfa_fiml"].params["n"] == data.n - 3
    assert said["cfa_fiml"].params["left"] == 3
    assert said["cfa_fiml"].params["share"] == pytest.approx((kept < 0).mean())
    assert "cfa_complete" not in said
    read = [one.code for one in fit_reading(made.cfa).sentences]
    assert "cfa_robust_fiml" in read
    assert "cfa_exact" in read
    omega = made.composite_reliability["CARE"]
    # the interval's formula is that of complete rows
    assert isinstance(omega, Figure)
    assert omega.low is None


def test_without_gaps_the_estimates_are_those_of_complete_rows() -> None:
    asked = small(7)
    data = matrix(answers(asked), asked)
    fits = {
        estimator: fit_of_scales(Answers.of(data, replace(asked, estimator=estimator)))
        for estimator in ("MLR", "FIML")
    }
    for name in ("chi2", "cfi", "tli", "chi2_scaled"):
        value = getattr(fits["FIML"], name)
        assert value == pytest.approx(getattr(fits["MLR"], name), abs=FIT), name


@pytest.mark.parametrize(
    ("estimator", "words"), [("FIML", "with any answer"), ("MLR", "with every answer")]
)
def test_the_head_names_whose_answers_are_used(
    estimator: FactorEstimator, words: str
) -> None:
    assert words in head(report_of(replace(small(), estimator=estimator)), "en")


# ---- a model of one's own

TEXT = "care =~ CARE1 + CARE2 + CARE3\nskill =~ SKILL1 + SKILL2 + SKILL3"


@pytest.mark.parametrize(("estimator", "tests"), [("WLSMV", False), ("FIML", True)])
def test_an_own_model_takes_every_estimator(
    estimator: FactorEstimator, tests: bool
) -> None:
    asked = replace(small(), estimator=estimator, own_model=ModelFile("own.lav", TEXT))
    data = with_gaps(asked) if estimator == "FIML" else matrix(answers(asked), asked)
    found = own_model_of(Answers.of(data, asked))
    assert found is not None
    assert found.converged
    assert found.chi2_scaled is not None
    assert bool(found.modification_indices) is tests
    n = data.n - 3 if estimator == "FIML" else data.n
    assert found.n == n


def test_a_constant_ordered_item_is_named() -> None:
    data, asked = sample("WLSMV")
    codes = data.codes.copy()
    codes[:, 1] = 2
    made = factor_model_of(Answers.of(ResponseMatrix(codes, data.items), asked))
    assert made.cfa.reason is not None
    assert "CARE2" in made.cfa.reason.text("en")
    assert isinstance(made.ave["CARE"], Absent)
