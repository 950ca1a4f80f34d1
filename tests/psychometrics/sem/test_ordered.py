"""Models of ordered items: outside values, derivatives, invariants, edges."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import Matrix, NotDefined
from analytics.psychometrics.sem import (
    Estimator,
    OrdinalMoments,
    Parameterization,
    SemFit,
    bootstrap,
    compare,
    equality_tests,
    factor_reliability,
    factor_scores,
    fit_model,
    modification_indices,
    scoring,
)
from analytics.psychometrics.sem.model import Equal
from analytics.psychometrics.sem.ordered_problem import OrderedProblem, ordered
from analytics.psychometrics.sem.ordered_tests import sandwich
from tests.psychometrics.cases import REFERENCE, read_columns
from tests.psychometrics.sem.cases import close, compare_parameters, hs
from tests.psychometrics.sem.ordered_cases import (
    NEUROTICISM,
    answered,
    bfi_ordered,
    coded_columns,
    genders,
)

PATH = "N=~N1+a*N2+a*N3\nC=~C1+C2+C3\nN~b*C\nN1~~N2\nhalf:=b/2"
FREED: tuple[Equal, ...] = ("thresholds", "loadings")


@cache
def stored() -> Any:
    path = REFERENCE / "ordinal" / "models.json"
    return json.loads(path.read_text("utf-8"))


def chi2(fit: SemFit) -> float:
    assert fit.measures is not None
    return fit.measures.chi2


def scaled_chi2(fit: SemFit) -> float:
    assert fit.measures is not None
    assert fit.measures.scaled is not None
    return fit.measures.scaled.chi2


def problem_of(fit: SemFit) -> OrderedProblem:
    assert isinstance(fit.problem, OrderedProblem)
    return fit.problem


@pytest.mark.parametrize("estimator", ["WLS", "ULS"])
def test_full_and_equal_weights_agree_with_lavaan(estimator: Estimator) -> None:
    theirs = stored()[estimator.lower()]
    fit = fit_model(NEUROTICISM, bfi_ordered(), estimator=estimator)
    assert fit.n_free == theirs["npar"]
    close(chi2(fit), theirs["fit"]["chisq"], 1e-6)
    assert compare_parameters(fit, theirs["parameters"], estimate=1e-5, error=1e-4)


def test_items_of_two_to_seven_points_agree_with_lavaan() -> None:
    names = ["two", "three", "five", "seven"]
    values = read_columns(REFERENCE / "ordinal" / "mixed.csv", names)
    data = coded_columns(values, names, (2, 3, 5, 7))
    text = "f=~" + "+".join(names)
    fit = fit_model(text, data, estimator="WLSMV", std_lv=True)
    theirs = stored()["mixed"]
    close(scaled_chi2(fit), theirs["fit"]["chisq.scaled"], 1e-5)
    compare_parameters(fit, theirs["parameters"], estimate=1e-5, error=1e-4)


def test_labels_paths_and_residual_covariances_agree_with_lavaan() -> None:
    fit = fit_model(PATH, bfi_ordered(), estimator="WLSMV")
    theirs = stored()["path"]
    assert fit.n_free == theirs["npar"]
    close(scaled_chi2(fit), theirs["fit"]["chisq.scaled"], 1e-5)
    compare_parameters(fit, theirs["parameters"], estimate=1e-5, error=1e-4)


def test_the_difference_of_wlsm_is_that_of_satorra_and_bentler() -> None:
    laxer = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSM", std_lv=True)
    same = "N=~" + "+".join(f"a*N{i}" for i in range(1, 6))
    stricter = fit_model(same, bfi_ordered(), estimator="WLSM", std_lv=True)
    found = compare(laxer, stricter)
    assert found.df == stored()["wlsm_lrt"]["df.diff"]
    close(found.chi2, stored()["wlsm_lrt"]["chisq.diff"], 1e-5)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
@pytest.mark.parametrize("estimator", ["WLSMV", "WLS"])
def test_derivatives_agree_with_finite_differences(
    parameterization: Parameterization, estimator: Estimator
) -> None:
    fit = fit_model(
        "N=~N1+N2+N3\nM=~N4+N5+N1\nN1~~N4",
        genders(),
        estimator=estimator,
        parameterization=parameterization,
        std_lv=True,
        equal=FREED,
    )
    problem = problem_of(fit)
    rng = np.random.default_rng(3)
    theta = fit.theta + 0.05 * rng.standard_normal(len(fit.theta))

    def value(x: Matrix) -> float:
        ats = problem.implied(x)
        assert ats is not None
        return problem.value(ats)

    def slope(x: Matrix) -> Matrix:
        ats = problem.implied(x)
        assert ats is not None
        return problem.gradient(ats)

    ats = problem.implied(theta)
    assert ats is not None
    step = 1e-5 * np.eye(len(theta))
    numeric = np.array([(value(theta + e) - value(theta - e)) / 2e-5 for e in step])
    scale = np.abs(numeric).max()
    np.testing.assert_allclose(problem.gradient(ats), numeric, atol=1e-7 * scale)
    curved = np.array([(slope(theta + e) - slope(theta - e)) / 2e-5 for e in step])
    np.testing.assert_allclose(
        problem.hessian(ats), curved, atol=1e-6 * np.abs(curved).max()
    )


def test_traces_are_those_of_the_whole_matrices() -> None:
    fit = fit_model(NEUROTICISM, genders(), estimator="WLSMV", equal=("thresholds",))
    problem = problem_of(fit)
    found = sandwich(problem, fit.implied())
    assert found is not None
    V = blocks(
        [s * np.diag(w) for s, w in zip(problem.shares, problem.weights, strict=True)]
    )
    G = blocks([g / s for s, g in zip(problem.shares, problem.gammas, strict=True)])
    J = np.vstack(found.slopes)
    U = V - V @ J @ np.linalg.solve(J.T @ V @ J, J.T @ V)
    df = len(V) - J.shape[1]
    a = np.sqrt(df / np.trace(U @ G @ U @ G))
    move = found.adjustment(shifted=True)
    assert move is not None
    assert move.factor == pytest.approx(1 / a, rel=1e-9)
    assert move.shift == pytest.approx(df - a * np.trace(U @ G), rel=1e-7)


def blocks(parts: list[Matrix]) -> Matrix:
    size = sum(len(one) for one in parts)
    whole, at = np.zeros((size, size)), 0
    for one in parts:
        whole[at : at + len(one), at : at + len(one)] = one
        at += len(one)
    return whole


def test_delta_and_theta_say_the_same() -> None:
    two = "N=~N1+N2+N3+N4+N5\nE=~E1+E2+E3+E4+E5\nE~N"
    delta, theta = (
        fit_model(two, bfi_ordered(), estimator="WLSMV", parameterization=way)
        for way in ("delta", "theta")
    )
    assert chi2(theta) == pytest.approx(chi2(delta), rel=1e-9)
    assert scaled_chi2(theta) == pytest.approx(scaled_chi2(delta), rel=1e-7)
    for row in delta.parameters:
        name = f"{row.left}{row.operator}{row.right}"
        one, other = row.standardized, theta.parameter(name).standardized
        assert one is not None
        assert other is not None
        assert other.estimate == pytest.approx(one.estimate, abs=1e-7)
        assert (other.se or 0) == pytest.approx(one.se or 0, abs=1e-7)


def test_the_order_of_items_changes_nothing() -> None:
    forward = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSMV", std_lv=True)
    backward = fit_model(
        "N=~N5+N3+N1+N4+N2", bfi_ordered(), estimator="WLSMV", std_lv=True
    )
    assert scaled_chi2(backward) == pytest.approx(scaled_chi2(forward), rel=1e-9)
    for row in forward.parameters:
        other = backward.parameter(f"{row.left}{row.operator}{row.right}").value
        assert other.estimate == pytest.approx(row.value.estimate, abs=1e-8)
        assert (other.se or 0) == pytest.approx(row.value.se or 0, abs=1e-8)


def test_a_reversed_item_turns_its_loading_alone() -> None:
    rng = np.random.default_rng(5)
    raw = likert(rng, 400, (0.7, 0.6, 0.8, 0.5))
    turned = raw.copy()
    turned[:, 1] = 6 - turned[:, 1]
    names = ["a", "b", "c", "d"]
    text = "f=~a+b+c+d"
    one, other = (
        fit_model(text, answered(v, names, 5), estimator="WLSMV", std_lv=True)
        for v in (raw, turned)
    )
    assert scaled_chi2(other) == pytest.approx(scaled_chi2(one), rel=1e-6)
    first, second = one.parameter("f=~b").value, other.parameter("f=~b").value
    assert second.estimate == pytest.approx(-first.estimate, abs=1e-6)
    assert second.se == pytest.approx(first.se, abs=1e-6)


def likert(rng: np.random.Generator, n: int, loadings: tuple[float, ...]) -> Matrix:
    trait = rng.standard_normal((n, 1))
    size = np.array(loadings)
    y = trait * size + rng.standard_normal((n, len(size))) * np.sqrt(1 - size**2)
    raw: Matrix = 1.0 + np.searchsorted([-1.2, -0.4, 0.4, 1.2], y)
    return raw


def test_no_unscaled_number_is_shown_as_scaled() -> None:
    scaled = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSMV").measures
    plain = fit_model(NEUROTICISM, bfi_ordered(), estimator="DWLS").measures
    assert scaled is not None
    assert plain is not None
    assert scaled.scaled is not None
    assert plain.scaled is None
    assert scaled.scaled.method == "scaled and shifted"
    # six points, few degrees of freedom: nearly twice the plain chi-square
    assert scaled.chi2 == plain.chi2
    assert scaled.scaled.chi2 > 1.5 * scaled.chi2
    assert scaled.scaled.rmsea != scaled.rmsea
    assert scaled.scaled.cfi != scaled.cfi


@pytest.mark.parametrize("estimator", ["DWLS", "ULS"])
def test_a_chi_square_that_is_none_is_said_to_be_none(estimator: Estimator) -> None:
    fit = fit_model(NEUROTICISM, bfi_ordered(), estimator=estimator)
    assert [reason.code for reason in fit.warnings] == ["sem-not-chi-square"]


def test_three_items_are_reproduced_and_say_so() -> None:
    fit = fit_model("N=~N1+N2+N3", bfi_ordered(), estimator="WLSMV")
    assert fit.measures is not None
    assert fit.measures.df == 0
    assert fit.measures.scaled is None
    assert fit.measures.chi2 == pytest.approx(0, abs=1e-12)
    assert [reason.code for reason in fit.warnings] == ["sem-saturated"]
    residual = fit.groups[0].residual_correlation
    assert np.abs(residual).max() < 1e-8


def made(R: Matrix, n: int = 300) -> OrdinalMoments:
    """Moments of items of three points with the given correlations."""
    p = len(R)
    cuts = tuple(np.array([-0.5, 0.6]) for _ in range(p))
    size = 2 * p + p * (p - 1) // 2
    names = tuple(f"t{i}" for i in range(1, p + 1))
    return OrdinalMoments(names, n, cuts, np.array(R), np.eye(size), "listwise")


def test_a_heywood_case_is_named() -> None:
    R = np.array(
        [[1, 0.9, 0.9, 0.3], [0.9, 1, 0.6, 0.2], [0.9, 0.6, 1, 0.2], [0.3, 0.2, 0.2, 1]]
    )
    fit = fit_model("f=~t2+t1+t3+t4", made(R), estimator="WLSMV")
    assert fit.converged
    assert "sem-negative-variance" in [reason.code for reason in fit.warnings]
    assert fit.parameter("t1~~t1").value.estimate < 0


def test_theta_says_where_it_has_no_finite_solution() -> None:
    R = np.array(
        [
            [1, 0.75, 0.74, 0.3],
            [0.75, 1, 0.52, 0.2],
            [0.74, 0.52, 1, 0.2],
            [0.3, 0.2, 0.2, 1],
        ]
    )
    delta, theta = (
        fit_model("f=~t2+t1+t3+t4", made(R), estimator="WLSMV", parameterization=way)
        for way in ("delta", "theta")
    )
    assert "sem-negative-variance" in [reason.code for reason in delta.warnings]
    assert next(str(reason) for reason in theta.warnings).startswith(
        "The factors explain t1 completely (a Heywood case)"
    )
    assert "sem-no-standard-errors" in [reason.code for reason in theta.warnings]


def test_correlations_that_no_sample_has_are_named() -> None:
    R = np.array(
        [[1, 0.8, -0.6, 0.5], [0.8, 1, 0.7, 0.5], [-0.6, 0.7, 1, 0.5], [0.5] * 3 + [1]]
    )
    fit = fit_model("f=~t1+t2+t3+t4", made(R), estimator="WLSMV")
    assert "ordered-correlations" in [reason.code for reason in fit.warnings]
    assert fit.measures is not None
    assert fit.measures.scaled is not None
    assert fit.measures.scaled.cfi_robust is None


def test_without_convergence_there_are_no_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "_MAX_STEPS", 1)
    fit = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSMV")
    assert not fit.converged
    assert fit.parameters == ()
    assert fit.measures is None
    assert [reason.code for reason in fit.warnings] == ["sem-not-converged"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("N=~N1+N2+N3\nN~N4", "ordered-predictor"),
        ("N=~N1+N2+N3+N4\nN1~~0.5*N1", "ordered-set"),
        ("N=~N1+N2+N3+N4\nN1~1", "ordered-set"),
        ("N=~N1+N2+N3+N4\nM=~N5", "model-not-identified"),
        ("N=~N1+N2", "model-too-large"),
    ],
)
def test_what_cannot_be_fitted_is_refused(text: str, code: str) -> None:
    with pytest.raises(NotDefined) as caught:
        fit_model(text, bfi_ordered(), estimator="WLSMV")
    assert caught.value.reason.code == code


@pytest.mark.parametrize("estimator", ["ML", "MLR", "GLS"])
def test_an_estimator_of_covariances_is_refused(estimator: Estimator) -> None:
    with pytest.raises(NotDefined) as caught:
        fit_model(NEUROTICISM, bfi_ordered(), estimator=estimator)
    assert caught.value.reason.code == "ordered-estimator"


@pytest.mark.parametrize("estimator", ["WLSMV", "WLSM", "ULSMV", "ULSM"])
def test_covariances_cannot_be_taken_for_ordered(estimator: Estimator) -> None:
    with pytest.raises(NotDefined) as caught:
        fit_model("visual=~x1+x2+x3", hs(), estimator=estimator)
    assert caught.value.reason.code == "needs-ordinal-moments"


def test_weights_that_do_not_exist_are_refused() -> None:
    R = np.full((4, 4), 0.4) + 0.6 * np.eye(4)
    good = made(R)
    ones = np.ones_like(good.gamma)
    for gamma, estimator, code in (
        (ones, "WLS", "ordered-singular-gamma"),
        (ones * 0, "WLSMV", "ordered-no-variance"),
    ):
        moments = OrdinalMoments(
            good.names, 300, good.thresholds, good.correlations, gamma, "listwise"
        )
        with pytest.raises(NotDefined) as caught:
            fit_model("f=~t1+t2+t3+t4", moments, estimator=estimator)  # type: ignore[arg-type]
        assert caught.value.reason.code == code


def test_what_needs_covariances_is_refused() -> None:
    fit = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSMV")
    values = np.ones((fit.n, 5))
    rng = np.random.default_rng(1)
    for attempt in (
        lambda: modification_indices(fit),
        lambda: equality_tests(fit),
        lambda: factor_scores(fit, values, method="regression"),
        lambda: factor_reliability(fit),
        lambda: bootstrap(fit, values, rng=rng, draws=5),
    ):
        with pytest.raises(NotDefined) as caught:
            attempt()
        assert caught.value.reason.code == "ordered-not-offered"


def test_residuals_and_explained_shares_are_of_the_correlations() -> None:
    fit = fit_model(NEUROTICISM, bfi_ordered(), estimator="WLSMV")
    (group,) = fit.groups
    at = ordered(fit.implied()[0])
    np.testing.assert_allclose(np.diag(group.implied_covariance), 1, atol=1e-12)
    np.testing.assert_allclose(
        group.residual_correlation, group.covariance - at.sigma, atol=1e-12
    )
    for item in fit.observed:
        loading = fit.parameter(f"N=~{item}").standardized
        assert loading is not None
        assert group.r2[item] == pytest.approx(loading.estimate**2)
