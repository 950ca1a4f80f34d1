"""A report whose adequacy and factors rest on polychoric correlations."""

import json

import numpy as np
import pytest

from analytics.answers import Answers
from analytics.plan import PlanItem, PlanScale, Text
from analytics.psychometrics import efa, kmo
from analytics.results import Report
from analytics.structure import correlations_of, dimensionality_of
from analytics.terminal import report_as_text
from tests.analytics.samples import answers, matrix, plan, report
from tests.psychometrics.cases import SCALES, bfi, correlated, reference
from tests.psychometrics.cases import matrix as stored_matrix


def test_eigenvalues_and_kmo_are_those_of_the_correlations_of_lavaan() -> None:
    scales = tuple(
        PlanScale(code, Text.same(code), tuple(PlanItem(i, None, 1, 6) for i in items))
        for code, items in SCALES.items()
    )
    described = plan(
        scales=scales,
        outcomes=(),
        missing="listwise",
        correlation="polychoric",
        n_draws=2,
    )
    held = Answers.of(bfi(), described)
    found = dimensionality_of(held, lambda stage, share: None)
    rho = stored_matrix(reference("polychoric_lavCor_bfi25_complete")["rho"])
    expected = np.linalg.eigvalsh(rho)[::-1]
    # 25 correlations of each item, each within 1e-5 of lavaan
    np.testing.assert_allclose(found.eigenvalues, expected, rtol=0, atol=1e-4)
    theirs = kmo(correlated(rho, n=2436, items=held.structure_items))
    assert found.kmo == pytest.approx(theirs.overall, abs=1e-4)


def test_factors_and_adequacy_change_and_nothing_else() -> None:
    described = plan(n_draws=20)
    raw = answers(described)
    pearson = report(described, raw)
    other = plan(n_draws=20, correlation="polychoric")
    found = report(other, raw)
    assert found.settings.correlation == "polychoric"
    assert found.dimensionality.kmo != pearson.dimensionality.kmo
    assert found.scales == pearson.scales
    assert found.cfa == pearson.cfa
    held = Answers.of(matrix(raw, other), other)
    solution = efa(
        correlations_of(held, held.structure_items),
        found.factors.n_factors or 1,
        rotation="oblimin",
    )
    shown = np.array(list(found.factors.loadings.values()))
    np.testing.assert_allclose(shown, solution.loadings, rtol=0, atol=1e-9)
    assert Report.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert "polychoric for adequacy" in report_as_text(found, "en")
    assert "多分相关" in report_as_text(found, "zh-hans")


def test_answers_that_determine_one_another_are_a_reason() -> None:
    raw = answers(plan())
    raw[:, 1] = raw[:, 0]
    found = report(plan(n_draws=5, correlation="polychoric"), raw)
    why = found.dimensionality.reasons
    assert set(why) == {"kmo", "bartlett", "eigenvalues", "parallel"}
    assert "empty corner" in why["kmo"].text("en")
    assert found.factors.reason is not None
    assert found.cfa is not None
