"""Modification indices, residuals, scores and reliability, held against R."""

import numpy as np
import pytest

from analytics.psychometrics.sem import (
    ScoreMethod,
    bifactor,
    equality_tests,
    factor_reliability,
    factor_scores,
    fit_model,
    modification_indices,
    second_order,
)
from tests.psychometrics.cases import HS_SCALES, matrix, reference

from .cases import HS_MODEL, close, hs, hs_values


def test_every_modification_index_agrees_with_lavaan() -> None:
    fit = fit_model(HS_MODEL, hs().moments, estimator="ML")
    found = {one.name: one for one in modification_indices(fit)}
    stored = reference("cfa_hs_modindices")
    assert len(stored) == len(found) == 54
    for row in stored:
        one = found[f"{row['lhs']}{row['op']}{row['rhs']}"]
        # relative: the indices reach 36
        close(one.index, row["mi"], 1e-4)
        close(one.change, row["epc"], 1e-5)
        close(one.standardized_change, row["sepc.all"], 1e-5)


def test_modification_indices_come_largest_first_and_leave_no_free_parameter() -> None:
    fit = fit_model(HS_MODEL, hs().moments, estimator="ML")
    found = modification_indices(fit)
    assert found[0].name == "visual=~x9"
    assert [one.index for one in found] == sorted(
        (one.index for one in found), reverse=True
    )
    free = {f"{r.left}{r.operator}{r.right}" for r in fit.parameters if r.free}
    assert not free & {one.name for one in found}


def test_a_modification_index_foretells_the_fall_of_the_chi_square() -> None:
    before = fit_model(HS_MODEL, hs().moments, estimator="ML")
    after = fit_model(HS_MODEL + "\nvisual=~x9", hs().moments, estimator="ML")
    assert before.measures is not None
    assert after.measures is not None
    fall = before.measures.chi2 - after.measures.chi2
    assert modification_indices(before)[0].index == pytest.approx(fall, rel=0.15)


def test_releasing_an_equality_within_one_group_is_tested() -> None:
    text = "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6"
    tests = equality_tests(fit_model(text, hs().moments, estimator="ML"))
    assert [one.name for one in tests] == ["visual=~x3"]
    free = text.replace("a*", "")
    held = fit_model(text, hs().moments, estimator="ML").measures
    released = fit_model(free, hs().moments, estimator="ML").measures
    assert held is not None
    assert released is not None
    assert tests[0].index == pytest.approx(held.chi2 - released.chi2, rel=0.15)


def test_implied_moments_and_residuals_agree_with_lavaan() -> None:
    group = fit_model(HS_MODEL, hs().moments, estimator="ML").groups[0]
    stored = reference("cfa_hs_residuals")
    implied = matrix(stored["implied"])
    np.testing.assert_allclose(group.implied_covariance, implied, atol=1e-5)
    residual = matrix(stored["cor"])
    np.testing.assert_allclose(group.residual_correlation, residual, atol=1e-5)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
def test_factor_scores_agree_with_lavaan(method: ScoreMethod) -> None:
    fit = fit_model(HS_MODEL, hs().moments, estimator="ML")
    scores = factor_scores(fit, hs_values(), method=method)
    stored = matrix(reference("cfa_hs_residuals")[f"scores_{method}_first5"])
    np.testing.assert_allclose(scores[:5], stored, atol=1e-5)
    np.testing.assert_allclose(scores.mean(axis=0), 0, atol=1e-12)


def test_model_based_reliability_agrees_with_semtools() -> None:
    fit = fit_model(HS_MODEL, hs().moments, estimator="ML")
    stored = reference("reliability_sem_hs")
    for one in factor_reliability(fit):
        close(one.omega, stored["compRelSEM"][one.factor], 1e-5)
        close(one.omega_implied, stored["compRelSEM_obsF"][one.factor], 1e-5)
        close(one.ave, stored["AVE"][one.factor], 1e-5)
        assert one.items == tuple(HS_SCALES[one.factor])
        assert one.n == 301
    rows = stored["reliability"]["rows"]
    table = matrix(stored["reliability"])
    omega = [one.omega for one in factor_reliability(fit)]
    np.testing.assert_allclose(omega, table[rows.index("omega3")], atol=1e-5)


def test_correlations_of_the_factors_agree_with_lavaan() -> None:
    fit = fit_model(HS_MODEL, hs().moments, estimator="ML", std_lv=True)
    stored = matrix(reference("reliability_sem_hs")["lv_cor"])
    np.testing.assert_allclose(fit.groups[0].factor_covariance, stored, atol=1e-5)


def test_factors_held_at_a_correlation_of_point_nine_fit_as_semtools_says() -> None:
    free = fit_model(HS_MODEL, hs().moments, estimator="ML", std_lv=True)
    for row in reference("reliability_sem_hs")["discriminant"]:
        pair = f"{row['lhs']}~~{row['rhs']}"
        estimate = free.parameter(pair).value
        close(estimate.estimate, row["est"], 1e-5)
        close(estimate.low, row["ci.lower"], 1e-4)
        held = fit_model(
            f"{HS_MODEL}\n{row['lhs']} ~~ 0.9*{row['rhs']}",
            hs().moments,
            estimator="ML",
            std_lv=True,
        )
        assert held.measures is not None
        close(held.measures.chi2, row["Chisq"], 1e-4)
        close(held.measures.aic, row["AIC"], 1e-6)
        assert held.measures.df == row["Df"]


def test_hierarchical_omega_of_a_general_factor_is_below_that_of_the_total() -> None:
    for text in (second_order(HS_SCALES), bifactor(HS_SCALES)):
        fit = fit_model(text, hs().moments, estimator="ML", std_lv=True)
        general = next(
            one for one in factor_reliability(fit) if one.factor == "general"
        )
        assert len(general.items) == 9
        assert 0.4 < general.omega < 0.85
