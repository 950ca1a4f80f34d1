import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.answers import Answers
from analytics.datafile import read_answers
from analytics.factor_model import MOST_ROBUST_ITEMS, Confirmed, factor_model_of
from analytics.factor_results import Invariance
from analytics.factor_tables import FactorTables, fit_reading, invariance_reading
from analytics.invariance import GroupColumn, invariance_of
from analytics.page import context
from analytics.plan import AnalysisPlan, Text
from analytics.psychometrics import moments
from analytics.psychometrics.sem import correlated, factor_reliability, fit_model
from analytics.report import build_report
from analytics.results import Absent, Figure, Report
from analytics.sentences import joined
from analytics.specification import read_specification
from analytics.terminal import report_as_text
from tests.analytics.samples import (
    CARE,
    LOYALTY,
    SKILL,
    answers,
    matrix,
    plan,
    report,
    scale,
    write,
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
HELPING = """
points: [1, 7]
where: {country: [NZ, TAIW]}
groups: [{column: country}]
scales:
  HELP: {items: [help1m, help2m, help3m, help4m, help5m, help6m, help7m]}
  VOICE: {items: [voice1m, voice2m, voice3m, voice4m, voice5m]}
"""


def fitted(asked: AnalysisPlan, raw: Any = None) -> Confirmed:
    raw = answers(asked) if raw is None else raw
    return factor_model_of(Answers.of(matrix(raw, asked), asked))


def of_a_file(data: Path, spec: str, folder: Path) -> tuple[Answers, Any]:
    """The answers of a real file, and its groups."""
    asked = read_specification(write(folder / "spec.yaml", spec))
    found = read_answers(data, asked)
    return Answers.of(found.responses, asked), found.groups


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
    assert (cfa.estimator, cfa.n, cfa.df) == ("ML", 250, 215)
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


def test_helping_and_voice_measure_alike_in_two_countries(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "fischer_help_voice_8countries.csv"
    held, groups = of_a_file(path, HELPING, tmp_path)
    found = invariance_of(held, groups)["country"]
    assert set(found.n) == {"NZ", "TAIW"}
    levels = (found.configural, found.metric, found.scalar)
    for level, expected in zip(levels, (0.958, 0.957, 0.952), strict=True):
        assert level is not None
        assert level.cfi == pytest.approx(expected, abs=5e-4)
    assert (found.verdict, found.drifting) == ("scalar", ())


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
        assert (composite.n, composite.method) == (
            300,
            "composite reliability, factor model, ML",
        )


def test_robust_indices_stand_beside_the_plain_ones() -> None:
    plain, robust = fitted(plan()), fitted(plan(estimator="MLR"))
    assert plain.cfa.chi2_scaled is None
    assert robust.cfa.estimator == "MLR"
    assert robust.cfa.chi2 == pytest.approx(plain.cfa.chi2, abs=1e-9)
    assert robust.cfa.chi2_scaled is not None
    assert robust.cfa.chi2_scaled != pytest.approx(plain.cfa.chi2, abs=1e-3)
    for value in (robust.cfa.cfi_scaled, robust.cfa.tli_scaled, robust.cfa.p_scaled):
        assert value is not None
    assert robust.cfa.rmsea_scaled is not None
    assert "Yuan & Bentler" in joined(fit_reading(robust.cfa).sentences, "en")


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
    many = plan(scales=(scale("CARE", CARE, MOST_ROBUST_ITEMS + 1),), estimator="MLR")
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


def two_groups(
    n: int = 300, *, shift: float = 0.0, items: tuple[int, ...] = ()
) -> tuple[AnalysisPlan, Any, list[str]]:
    """One group twice as large; `items` lie `shift` points higher in the second."""
    asked = plan(outcomes=())
    raw = answers(asked, 2 * n, seed=21)
    raw[n:, items] = np.clip(raw[n:, items] + shift, 1, 7)
    return asked, raw, ["a"] * n + ["b"] * n


def judged(asked: AnalysisPlan, raw: Any, names: list[str]) -> Invariance:
    known = tuple(dict.fromkeys(names))
    numbers = np.array([known.index(name) for name in names], dtype=np.int32)
    held = Answers.of(matrix(raw, asked), asked)
    return invariance_of(held, {"site": GroupColumn(known, numbers)})["site"]


def test_groups_of_one_kind_measure_alike() -> None:
    found = judged(*two_groups())
    assert (found.verdict, found.drifting, found.n) == (
        "scalar",
        (),
        {"a": 300, "b": 300},
    )


def test_items_that_drift_are_named_and_means_compared_without_them() -> None:
    found = judged(*two_groups(shift=2, items=(1,)))
    assert found.verdict == "partial_scalar"
    assert found.drifting == ("CARE2",)
    assert "once CARE2 may differ" in found.reason.text("en")
    assert "CARE2" in found.reason.text("zh-hans")


def test_a_factor_without_two_equal_items_compares_no_means() -> None:
    asked, raw, names = two_groups()
    raw[300:, 0] = np.clip(raw[300:, 0] + 3, 1, 7)
    raw[300:, 1] = np.clip(raw[300:, 1] + 2, 1, 7)
    raw[300:, 2] = np.clip(raw[300:, 2] - 2, 1, 7)
    found = judged(asked, raw, names)
    assert found.verdict in ("metric", "configural")
    assert found.drifting


def test_other_factors_in_another_group_fit_nowhere() -> None:
    asked, raw, names = two_groups()
    raw[:, :] = raw[:, [0, 4, 1, 5, 2, 6, 3, 7]]
    assert judged(asked, raw, names).verdict == "none"


def test_small_groups_are_not_tested_and_not_named() -> None:
    asked, raw, names = two_groups(150)
    found = judged(asked, raw, names)
    assert (found.verdict, found.configural, found.n) == ("not_testable", None, {})
    assert "200 people" in found.reason.text("en")
    asked, raw, names = two_groups(250)
    names[:30] = ["c"] * 30
    found = judged(asked, raw, names)
    assert set(found.n) == {"a", "b"}
    assert found.notices[0].code == "invariance_left"


def test_large_designs_name_what_drifts_without_a_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analytics.invariance.MOST_SEARCHED", 15)
    found = judged(*two_groups(shift=2, items=(1,)))
    assert found.verdict == "metric"
    assert found.drifting[0] == "CARE2"
    assert found.notices[-1].code == "invariance_no_search"
    reading = invariance_reading(found)
    assert "Items that drift: CARE2" in joined(reading.sentences, "en")


def test_every_row_needs_its_group() -> None:
    asked, raw, names = two_groups(200)
    with pytest.raises(ValueError, match="400 rows need as many groups, not 399"):
        judged(asked, raw, names[1:])


def test_the_report_shows_what_may_be_compared(tmp_path: Path) -> None:
    asked, raw, names = two_groups(shift=2, items=(1,))
    rows = [",".join((*asked.item_codes, "site"))]
    rows += [
        ",".join([*map(str, row), name]) for row, name in zip(raw, names, strict=True)
    ]
    data = write(tmp_path / "d.csv", "\n".join(rows) + "\n,,,,,,,,\n")
    spec = """
groups: [{column: site}]
scales:
  CARE: {items: [CARE1, CARE2, CARE3, CARE4]}
  SKILL: {items: [SKILL1, SKILL2, SKILL3, SKILL4]}
"""
    asked = read_specification(write(tmp_path / "s.yaml", spec))
    file = read_answers(data, asked)
    made = build_report(file.responses, asked, groups=file.groups)
    stored = json.loads(json.dumps(made.to_json(), allow_nan=False))
    found = stored["groups"]["site"]["invariance"]
    assert found["verdict"] == "partial_scalar"
    assert found["drifting"] == ["CARE2"]
    assert {"chi2", "df", "cfi", "rmsea", "srmr"} == set(found["scalar"])
    assert Report.from_json(stored) == made
    page = context(made, "zh-hans")["page"]
    assert "CARE2" in page.groups[0].reading.text
    assert "measure alike by site?" in report_as_text(made, "en")
    table = FactorTables(made, "en", 2).invariance("site")
    assert table is not None
    assert len(table.rows) == 3


def test_no_scale_name_is_lost_in_a_sentence() -> None:
    """The two items of a pair are one item twice: its factor is named, not f1."""
    asked = plan(scales=(scale("CARE", Text("Care", "关怀"), 2),), outcomes=())
    raw = answers(asked)
    found = fitted(asked, raw)
    for language in ("en", "zh-hans"):
        words = refusal(found, language)
        assert "f1" not in words
        assert "i1" not in words.replace("identified", "")
