import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.answers import Answers
from analytics.factor_model import Confirmed, Measured, factor_model_of
from analytics.factor_sample import MOST_ITEMS
from analytics.factor_tables import fit_reading
from analytics.page import context
from analytics.plan import AnalysisPlan, FactorEstimator, Text
from analytics.psychometrics import moments
from analytics.psychometrics.errors import Reason
from analytics.psychometrics.sem import correlated, factor_reliability, fit_model
from analytics.results import Absent, Figure, Report
from analytics.sentences import joined
from analytics.terminal import report_as_text
from tests.analytics.samples import (
    CARE,
    LOYALTY,
    SKILL,
    answers,
    matrix,
    of_a_file,
    plan,
    report,
    scale,
)

MOBI = """
points: [1, 10]
scales:
  IMAG: {items: [IMAG1, IMAG2, IMAG3, IMAG4, IMAG5]}
  CUEX: {items: [CUEX1, CUEX2, CUEX3]}
  PERQ: {items: [PERQ1, PERQ2, PERQ3, PERQ4, PERQ5, PERQ6, PERQ7]}
  PERV: {items: [PERV1, PERV2]}
outcomes:
  CUSA: {items: [CUSA1, CUSA2, CUSA3]}
  CUSL: {items: [CUSL1, CUSL2, CUSL3]}
"""
TRUST = """
points: [1, 6]
scales:
  TRUST: {items: [q_1855, q_4289, q_377, q_379, q_871], reverse: [q_871]}
"""


def fitted(asked: AnalysisPlan, raw: Any = None) -> Confirmed:
    raw = answers(asked) if raw is None else raw
    return factor_model_of(Answers.of(matrix(raw, asked), asked))


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def test_the_mobile_customers_are_met_and_called_improper(
    shared_data: Path, tmp_path: Path
) -> None:
    held, _ = of_a_file(shared_data / "mobi.csv", MOBI, tmp_path)
    found = factor_model_of(held)
    cfa = found.cfa
    assert cfa.converged
    assert (cfa.estimator, cfa.n, cfa.df) == ("MLMV", 250, 215)
    assert cfa.chi2 == pytest.approx(521.646, abs=5e-4)
    assert cfa.cfi == pytest.approx(0.882, abs=5e-4)
    assert cfa.rmsea is not None
    assert cfa.rmsea.estimate == pytest.approx(0.076, abs=5e-4)
    assert cfa.rmsea.low < cfa.rmsea.estimate < cfa.rmsea.high
    (warning,) = cfa.warnings
    assert "covariance matrix of the factors is not positive definite" in warning
    assert fit_reading(cfa).chip.code == "chip_cfa_improper"
    assert found.models["correlated"].chi2 == cfa.chi2
    assert found.models["bifactor"].reason is not None
    assert found.models["bifactor"].chi2 is None


def test_trust_of_four_thousand_people_has_one_factor(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "spi_trust_honesty.csv"
    held, _ = of_a_file(path, TRUST, tmp_path)
    found = factor_model_of(held)
    assert found.cfa.n == 4000
    assert found.cfa.cfi == pytest.approx(0.983, abs=5e-4)
    assert found.cfa.warnings == ()
    assert found.models == {}
    assert isinstance(found.composite_reliability["TRUST"], Figure)


def test_the_numbers_are_those_of_the_core() -> None:
    asked = plan()
    raw = answers(asked)
    found = fitted(asked, raw)
    texts = {one.code: one.item_codes for one in asked.constructs}
    complete = moments(matrix(raw, asked), missing="listwise")
    fit = fit_model(correlated(texts), complete, estimator="ML")
    assert fit.measures is not None
    assert found.cfa.chi2 == pytest.approx(fit.measures.chi2, abs=1e-9)
    row = fit.parameter("CARE=~CARE2").standardized
    assert row is not None
    assert found.cfa.loadings["CARE2"] == pytest.approx(row.estimate, abs=1e-9)
    row = fit.parameter("CARE~~LOY").standardized
    assert row is not None
    pair = found.cfa.factor_correlations["CARE~~LOY"]
    assert pair == pytest.approx(row.estimate, abs=1e-9)
    for one in factor_reliability(fit):
        ave, composite = found.ave[one.factor], found.composite_reliability[one.factor]
        assert isinstance(ave, Figure)
        assert isinstance(composite, Figure)
        assert ave.estimate == pytest.approx(one.ave, abs=1e-9)
        assert composite.estimate == pytest.approx(one.omega, abs=1e-9)
        assert (ave.low, ave.high) == pytest.approx(one.ave_interval)
        assert (composite.low, composite.high) == pytest.approx(one.omega_interval)
        assert (composite.n, composite.method) == (
            300,
            "composite reliability, factor model, ML",
        )


@pytest.mark.parametrize(
    ("estimator", "source"),
    [("MLMV", "MLMV, Asparouhov & Muthen"), ("MLR", "MLR, Yuan & Bentler")],
)
def test_robust_indices_stand_beside_the_plain_ones(
    estimator: FactorEstimator, source: str
) -> None:
    plain, robust = fitted(plan()), fitted(plan(estimator=estimator))
    assert plain.cfa.chi2_scaled is None
    assert robust.cfa.estimator == estimator
    assert robust.cfa.chi2 == pytest.approx(plain.cfa.chi2, abs=1e-9)
    assert robust.cfa.chi2_scaled is not None
    assert robust.cfa.chi2_scaled != pytest.approx(plain.cfa.chi2, abs=1e-3)
    for value in (robust.cfa.cfi_scaled, robust.cfa.tli_scaled, robust.cfa.p_scaled):
        assert value is not None
    assert robust.cfa.rmsea_scaled is not None
    assert source in joined(fit_reading(robust.cfa).sentences, "en")


def test_whatever_codes_a_study_has_they_come_back() -> None:
    odd = plan(
        scales=(scale("care =~ 1", CARE), scale("信任", SKILL)),
        outcomes=(scale("LOY+", LOYALTY, 3, group="outcome"),),
    )
    named, plain = fitted(odd, answers(plan())), fitted(plan())
    assert named.cfa.chi2 == plain.cfa.chi2
    assert "信任2" in named.cfa.loadings
    assert "care =~ 1~~LOY+" in named.cfa.factor_correlations


def test_people_who_left_an_item_out_are_not_used_and_counted() -> None:
    asked = plan()
    raw = answers(asked)
    raw[:20, 3] = -1
    found = fitted(asked, raw)
    assert found.cfa.n == 280
    assert found.cfa.warnings[0].endswith("; 20 left one out.")
    whole = fitted(asked, raw[20:])
    assert found.cfa.chi2 == whole.cfa.chi2


def test_scales_without_a_factor_do_not_stand_in_the_model() -> None:
    asked = plan(
        scales=(scale("CARE", CARE), scale("SKILL", SKILL, model="formative")),
        outcomes=(scale("LOY", LOYALTY, 1, group="outcome"),),
    )
    found = fitted(asked)
    assert set(found.cfa.loadings) == {"CARE1", "CARE2", "CARE3", "CARE4"}
    skill, loyalty = found.ave["SKILL"], found.ave["LOY"]
    assert isinstance(skill, Absent)
    assert isinstance(loyalty, Absent)
    assert (skill.reason.code, loyalty.reason.code) == ("formative", "one_item")


def refusal(found: Confirmed, language: str = "en") -> str:
    assert found.cfa.reason is not None
    assert not found.cfa.converged
    assert found.cfa.chi2 is None
    assert found.cfa.loadings == {}
    return found.cfa.reason.text(language)


def test_refusals_are_sentences_with_the_study_s_names() -> None:
    asked = plan()
    assert refusal(fitted(asked, answers(asked, 11))) == (
        "The factor model of 11 items needs at least 12 people who answered all of "
        "them; there are 11."
    )
    assert "现有 11 人" in refusal(fitted(asked, answers(asked, 11)), "zh-hans")
    constant = answers(asked)
    constant[:, 5] = 4
    assert "answered SKILL2 gave the same answer" in refusal(fitted(asked, constant))
    twice = answers(asked)
    twice[:, 5] = twice[:, 4]
    assert "positive definite" in refusal(fitted(asked, twice))
    pair = plan(scales=(scale("CARE", CARE, 2),), outcomes=())
    assert "not identified" in refusal(fitted(pair))
    none = plan(scales=(scale("CARE", CARE, model="checklist"),), outcomes=())
    assert "No scale has two items" in refusal(fitted(none))
    for found in (fitted(pair), fitted(asked, constant)):
        assert isinstance(found.composite_reliability["CARE"], Absent)
        assert found.models == {}


def test_unrelated_items_give_no_number_without_a_sentence() -> None:
    asked = plan(scales=(scale("CARE", CARE, 3), scale("SKILL", SKILL, 3)))
    rng = np.random.default_rng(8)
    for n in (15, 60):
        raw = rng.integers(1, 8, (n, 9))
        found = fitted(asked, raw)
        assert found.cfa.reason is not None or found.cfa.warnings or found.cfa.df
        for model in found.models.values():
            assert model.converged or model.reason is not None


def test_three_items_leave_nothing_to_test() -> None:
    asked = plan(scales=(scale("CARE", CARE, 3),), outcomes=())
    found = fitted(asked)
    assert found.cfa.df == 0
    assert found.cfa.cfi is None
    assert any("no degrees of freedom" in one for one in found.cfa.warnings)
    assert fit_reading(found.cfa).chip.code == "chip_not_testable"
    assert isinstance(found.ave["CARE"], Figure)


def test_robust_estimation_of_very_many_items_is_refused() -> None:
    many = plan(scales=(scale("CARE", CARE, MOST_ITEMS + 1),), estimator="MLR")
    assert "at most 80 items" in refusal(fitted(many))


def test_the_contract_of_the_factor_model(sample: Report) -> None:
    stored = json.loads(json.dumps(sample.to_json(), allow_nan=False))
    assert {
        *("estimator", "n", "chi2", "df", "p", "cfi", "tli", "rmsea", "srmr"),
        *("converged", "warnings", "loadings", "factor_correlations", "reason"),
    } <= set(stored["cfa"])
    assert {"estimate", "low", "high"} == set(stored["cfa"]["rmsea"])
    assert set(stored["cfa"]["factor_correlations"]) == {
        "CARE~~SKILL",
        "CARE~~LOY",
        "SKILL~~LOY",
    }
    assert {"one_factor", "correlated", "second_order", "bifactor"} <= set(
        stored["models"]
    )
    ave = stored["scales"]["CARE"]["ave"]
    assert {"estimate", "n", "method"} <= set(ave)
    assert stored["settings"]["estimator"] == "ML"
    assert Report.from_json(stored) == sample


def test_a_report_from_before_the_factor_model_is_still_read(sample: Report) -> None:
    stored = sample.to_json()
    for key in ("cfa", "models", "groups"):
        del stored[key]
    del stored["settings"]["estimator"]
    old = Report.from_json(stored)
    assert (old.cfa, old.models, old.groups) == (None, {}, {})
    assert "Does the model fit?" not in report_as_text(old, "en")
    assert context(old, "en")["page"].fit is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_and_terminal_show_the_same_model(sample: Report, language: str) -> None:
    page = context(sample, language)["page"]
    text = report_as_text(sample, language).replace("\n", "")
    title = {"en": "Does the model fit?", "zh-hans": "模型是否拟合？"}[language]
    assert page.fit_title == title
    assert title in text
    assert {row.head.text for row in page.fit.rows} == {"CFI", "TLI", "RMSEA", "SRMR"}
    assert len(page.model_loadings.rows) == 11
    assert len(page.models.rows) == 5
    assert "Hu" in page.fit_reading.text
    valid = {"en": "no test of validity", "zh-hans": "不是效度的检验"}[language]
    assert valid in page.fit_reading.text


def test_a_model_that_is_not_there_says_why() -> None:
    asked = plan()
    found = report(asked, answers(asked, 11))
    page = context(found, "en")["page"]
    assert page.fit is None
    assert "needs at least 12 people" in page.fit_reading.text
    assert page.fit_reading.chip == "No number"
    assert "needs at least 12 people" in report_as_text(found, "en").replace("\n", "")


def test_no_scale_name_is_lost_in_a_sentence() -> None:
    """The two items of a pair are one item twice: its factor is named, not f1."""
    asked = plan(scales=(scale("CARE", Text("Care", "关怀"), 2),), outcomes=())
    raw = answers(asked)
    found = fitted(asked, raw)
    for language in ("en", "zh-hans"):
        words = refusal(found, language)
        assert "f1" not in words
        assert "i1" not in words.replace("identified", "")


def test_a_factor_that_no_scale_has_is_named_once_in_a_sentence() -> None:
    measured = Measured.of(plan())
    reason = Reason("sem-negative-factor-variance", {"item": "method"})
    said = measured.say(reason)
    assert "variance of the factor “method” is negative" in said.text("en")
    assert "因子“方法”的方差估计为负" in said.text("zh-hans")
