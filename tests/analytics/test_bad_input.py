"""What poor answers give: a result that says so, or one sentence; never NaN or silence.

Warnings are errors here, so none is only on stderr; every case is written as JSON, read
back and shown in both languages.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.invariance import GroupColumn
from analytics.page import context
from analytics.plan import AnalysisPlan, FactorEstimator, ModelFile
from analytics.psychometrics import ResponseMatrix
from analytics.report import build_report
from analytics.results import Absent, Figure, Report
from analytics.sentences import Sentence
from analytics.terminal import report_as_text
from tests.analytics.samples import (
    CARE,
    LOYALTY,
    SKILL,
    answers,
    matrix,
    plan,
    scale,
    write,
)
from tests.analytics.test_own_model import SPEC, run

Raw = NDArray[np.int64]
NOT_POSITIVE = "is not positive definite"
OWN = ModelFile("own.txt", "care =~ CARE1 + CARE2 + CARE3")


def analysed(
    asked: AnalysisPlan,
    data: Raw | ResponseMatrix,
    capfd: pytest.CaptureFixture[str],
    **more: Any,
) -> Report:
    """Analyse, and hold the report to what every report owes its reader."""
    held = data if isinstance(data, ResponseMatrix) else matrix(data, asked)
    report = build_report(held, asked, **more)
    stored = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert Report.from_json(stored) == report
    for language in ("en", "zh-hans"):
        text = report_as_text(report, language)
        assert context(report, language)["page"].fit_reading
        assert not {"nan", "inf", "none"} & set(text.lower().split())
    for found in (report.cfa, report.model, *report.models.values()):
        if found is not None:
            assert (found.reason is None) == (found.chi2 is not None)
    assert capfd.readouterr() == ("", "")
    return report


def said(sentence: Sentence | None) -> str:
    """The English of a reason that must be there, in Chinese too."""
    assert sentence is not None
    assert sentence.text("zh-hans")
    return sentence.text("en")


def sample(n: int = 240) -> Raw:
    return answers(plan(), n)


def an_item_twice() -> Raw:
    raw = sample()
    raw[:, 1] = raw[:, 0]
    return raw


def an_item_the_sum_of_two() -> Raw:
    raw = sample()
    raw[:, :2] = np.clip(raw[:, :2], 1, 3)
    raw[:, 2] = raw[:, 0] + raw[:, 1]
    return raw


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("spoilt", [an_item_twice, an_item_the_sum_of_two])
def test_collinear_items_make_a_singular_matrix_that_is_named(
    spoilt: Any, estimator: FactorEstimator, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = plan(estimator=estimator, own_model=OWN)
    report = analysed(asked, spoilt(), capfd)
    found = report.dimensionality
    assert found.kmo is None
    for key in ("kmo", "bartlett"):
        assert NOT_POSITIVE in said(found.reasons[key])
    assert len(found.eigenvalues) == 8
    for model in (report.cfa, report.model):
        assert model is not None
        assert NOT_POSITIVE in said(model.reason)
    # the two other scales are none the worse
    assert isinstance(report.scales["SKILL"].omega_total, Figure)


def with_gaps(asked: AnalysisPlan) -> ResponseMatrix:
    """Three items of which every pair was answered by others, and disagrees."""
    raw = sample(300)
    rng = np.random.default_rng(8)
    level = rng.integers(1, 8, 300)
    missing = np.zeros(raw.shape, dtype=bool)
    for k, (first, second, left) in enumerate(((0, 1, 2), (1, 2, 0), (0, 2, 1))):
        rows = slice(100 * k, 100 * (k + 1))
        raw[rows, first] = level[rows]
        raw[rows, second] = 8 - level[rows]
        missing[rows, left] = True
    items = matrix(raw, asked).items
    return ResponseMatrix.from_raw(raw, items, missing=missing)


def test_a_pairwise_matrix_that_is_not_positive_definite_says_so(
    capfd: pytest.CaptureFixture[str],
) -> None:
    # one factor: oblimin would crawl along a flat valley, ten thousand steps
    asked = plan(own_model=OWN, n_factors=1)
    report = analysed(asked, with_gaps(asked), capfd)
    assert min(report.dimensionality.eigenvalues) < 0
    assert NOT_POSITIVE in said(report.dimensionality.reasons["kmo"])
    alpha = report.scales["CARE"].alpha.raw
    assert isinstance(alpha, Absent)
    assert "do not vary together" in said(alpha.reason)
    assert report.cfa is not None
    assert "there are 0" in said(report.cfa.reason)
    assert report.model is not None
    assert "there are 0" in said(report.model.reason)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_a_heywood_case_keeps_its_numbers_and_is_called_improper(
    estimator: FactorEstimator, capfd: pytest.CaptureFixture[str]
) -> None:
    # CARE2 and CARE3 go with CARE1 and little with one another
    rng = np.random.default_rng(3)
    others = rng.standard_normal((60, 2)) + 0.5 * rng.standard_normal((60, 1))
    values = np.column_stack([others.sum(axis=1), others])
    raw = np.clip(np.rint(4 + 1.1 * values), 1, 7).astype(np.int64)
    scales = (scale("CARE", CARE, 3),)
    asked = plan(scales=scales, outcomes=(), estimator=estimator, own_model=OWN)
    report = analysed(asked, raw, capfd)
    assert report.factors.heywood == ("CARE1",)
    for model in (report.cfa, report.model):
        assert model is not None
        assert model.converged
        assert "residual variance of CARE1 is negative" in " ".join(model.warnings)
    care = report.scales["CARE"]
    for figure in (care.omega_total, care.ave, care.composite_reliability):
        assert isinstance(figure, Absent)
        assert "CARE1" in said(figure.reason)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_a_category_nobody_chose_changes_nothing(
    estimator: FactorEstimator, capfd: pytest.CaptureFixture[str]
) -> None:
    raw = sample()
    raw[raw == 4] = 5
    report = analysed(plan(estimator=estimator, own_model=OWN), raw, capfd)
    assert report.dimensionality.kmo is not None
    assert report.cfa is not None
    assert report.cfa.reason is None
    assert report.scales["CARE"].items["CARE1"].floor is not None


def test_two_item_scales_have_their_own_coefficient_and_one_model(
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = plan(
        scales=(scale("CARE", CARE, 2), scale("SKILL", SKILL, 2)),
        outcomes=(scale("LOY", LOYALTY, 2, group="outcome"),),
    )
    report = analysed(asked, answers(asked, 240), capfd)
    for one in report.constructs.values():
        assert isinstance(one.spearman_brown, Figure)
        assert isinstance(one.omega_total, Absent)
        assert "needs 3 items" in said(one.omega_total.reason)
    assert report.cfa is not None
    assert report.cfa.df == 6


def test_one_scale_of_two_items_has_no_factor_model(
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = plan(scales=(scale("CARE", CARE, 2),), outcomes=())
    report = analysed(asked, answers(asked, 240), capfd)
    assert report.cfa is not None
    assert "not identified: it has 4 free parameters" in said(report.cfa.reason)
    assert "Fewer than 3 items" in said(report.factors.reason)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_without_degrees_of_freedom_nothing_is_judged(
    estimator: FactorEstimator, capfd: pytest.CaptureFixture[str]
) -> None:
    scales = (scale("CARE", CARE, 3),)
    asked = plan(scales=scales, outcomes=(), estimator=estimator, own_model=OWN)
    report = analysed(asked, answers(asked, 240), capfd)
    for model in (report.cfa, report.model):
        assert model is not None
        assert model.df == 0
        assert model.chi2 == pytest.approx(0, abs=1e-8)
        indices = (model.p, model.cfi, model.tli, model.rmsea, model.chi2_scaled)
        assert set(indices) == {None}
        assert "no degrees of freedom" in model.warnings[-1]
    assert report.model is not None
    assert report.model.modification_indices == ()


def test_groups_of_five_are_teams_but_not_populations(
    capfd: pytest.CaptureFixture[str],
) -> None:
    numbers = np.repeat(np.arange(48), 5).astype(np.int32)
    names = tuple(f"g{k}" for k in range(48))
    report = analysed(
        plan(),
        sample(),
        capfd,
        teams={"unit": numbers},
        groups={"site": GroupColumn(names, numbers)},
    )
    verdict = report.groups["site"].invariance
    assert verdict.verdict == "not_testable"
    assert "at least 2 groups of 200 people" in said(verdict.reason)
    assert verdict.configural is None
    assert isinstance(report.aggregation["unit"]["CARE"].icc1, Figure)


@pytest.mark.parametrize("n", [1, 2, 5, 12])
@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_a_handful_of_people_is_told_what_is_missing(
    n: int, estimator: FactorEstimator, capfd: pytest.CaptureFixture[str]
) -> None:
    numbers = np.zeros(n, dtype=np.int32)
    report = analysed(
        plan(estimator=estimator, own_model=OWN),
        sample()[:n],
        capfd,
        teams={"unit": numbers},
        groups={"site": GroupColumn(("all",), numbers)},
    )
    assert report.cfa is not None
    if n < 12:
        assert "needs at least 12 people" in said(report.cfa.reason)
    assert report.groups["site"].invariance.verdict == "not_testable"


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_answers_that_are_all_the_same_have_no_model(
    estimator: FactorEstimator, capfd: pytest.CaptureFixture[str]
) -> None:
    raw = np.full((240, 11), 4, dtype=np.int64)
    report = analysed(plan(estimator=estimator, own_model=OWN), raw, capfd)
    for model in (report.cfa, report.model):
        assert model is not None
        assert "gave the same answer" in said(model.reason)
    assert isinstance(report.scales["CARE"].alpha.raw, Absent)


def test_an_item_nobody_answered_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    raw = sample()
    missing = np.zeros(raw.shape, dtype=bool)
    missing[:, 0] = True
    asked = plan(own_model=OWN)
    data = ResponseMatrix.from_raw(raw, matrix(raw, asked).items, missing=missing)
    report = analysed(asked, data, capfd)
    assert "unanswered_item" in {one.code for one in report.notices}
    assert report.model is not None
    assert "there are 0" in said(report.model.reason)


def test_a_singular_file_is_a_report_with_reasons_not_an_error(tmp_path: Path) -> None:
    raw = an_item_twice()
    lines = [",".join(plan().item_codes)]
    lines += [",".join(map(str, row)) for row in raw]
    data = write(tmp_path / "d.csv", "\n".join(lines) + "\n")
    result = tmp_path / "r.json"
    status, out, err = run(
        *(data, "--spec", write(tmp_path / "s.yaml", SPEC), "--json", result),
        *("--model", write(tmp_path / "m.txt", OWN.text)),
    )
    assert status == 0
    assert all(re.fullmatch(r"[\w ]+ \d+%", line) for line in err.splitlines())
    assert NOT_POSITIVE in out.replace("\n    ", " ")
    stored = json.loads(result.read_text("utf-8"), parse_constant=pytest.fail)
    assert stored["model"]["chi2"] is None
    assert stored["model"]["reason"]["code"] == "singular"


def test_an_unidentified_plan_ends_before_anything_is_computed() -> None:
    from analytics.sentences import BadInput

    asked = replace(plan(), own_model=ModelFile("m.txt", "care =~ CARE1 + CARE2"))
    with pytest.raises(BadInput, match="Line 1, column 1 of the model"):
        build_report(
            matrix(sample(), asked),
            asked,
            progress=lambda stage, share: (
                None if stage == "progress_scales" else pytest.fail(stage)
            ),
        )
