"""Bad data and bad models: a result that says so, or one sentence; never NaN."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    Moments,
    NotConverged,
    NotDefined,
    PsychometricsError,
    TooFewData,
    moments,
)
from analytics.psychometrics.sem import (
    SemFit,
    bifactor,
    factor_scores,
    fit_model,
    fit_models,
    fourth_moments,
    modification_indices,
    second_order,
    standard_models,
)
from tests.psychometrics.cases import HS_SCALES, correlated

from .cases import HS_MODEL, hs, hs_values


def numbers(thing: object) -> Iterator[float]:
    """Every number in a result, however deep."""
    if isinstance(thing, float):
        yield thing
    elif isinstance(thing, np.ndarray):
        yield from thing.ravel().tolist()
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from numbers(part)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for part in fields(thing):
            if part.name not in ("problem", "theta"):
                yield from numbers(getattr(thing, part.name))


def codes(fit: SemFit) -> list[str]:
    return [reason.code for reason in fit.warnings]


def assert_no_nan(fit: SemFit) -> None:
    found = list(numbers(fit))
    assert found
    assert np.isfinite(found).all()


def heywood() -> Moments:
    """Three items whose one factor explains the first more than completely."""
    R = np.array([[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1.0]])
    return correlated(R, n=200, items=["a", "b", "c"])


def test_a_heywood_case_is_a_result_with_a_sentence() -> None:
    fit = fit_model("f =~ a + b + c", heywood(), estimator="ML")
    assert fit.converged
    assert codes(fit) == ["sem-negative-variance", "sem-saturated"]
    assert fit.warnings[0].params["item"] == "a"
    assert fit.parameter("a~~a").value.estimate == pytest.approx(
        -0.6 * 199 / 200, abs=1e-8
    )
    assert "a" not in fit.groups[0].r2
    assert_no_nan(fit)


def test_a_model_without_degrees_of_freedom_has_no_test_of_fit() -> None:
    fit = fit_model("f =~ x1 + x2 + x3", hs(), estimator="MLR")
    assert codes(fit) == ["sem-saturated"]
    assert fit.measures is not None
    assert fit.measures.df == 0
    assert fit.measures.chi2 == pytest.approx(0, abs=1e-8)
    assert fit.measures.p is None
    assert fit.measures.rmsea is None
    assert fit.measures.cfi is None
    assert fit.measures.tli is None
    assert fit.measures.scaled is None
    assert_no_nan(fit)


def test_factors_that_are_one_are_named() -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal((150, 1)) + 0.8 * rng.standard_normal((150, 6))
    m = moments(x, list("abcdef"), missing="listwise")
    text = "f =~ a + b + c\ng =~ d + e + f2".replace("f2", "f").replace(
        "f =~ a", "h =~ a"
    )
    fit = fit_model(text, m, estimator="ML")
    correlation = fit.parameter("h~~g").standardized
    assert correlation is not None
    improper = "sem-factors-not-positive" in codes(fit)
    assert improper == (correlation.estimate >= 1)
    assert_no_nan(fit)


def test_a_correlation_above_one_is_a_warning() -> None:
    R = np.full((4, 4), 0.6)
    R[:2, :2] = R[2:, 2:] = 0.5
    np.fill_diagonal(R, 1)
    m = correlated(R, n=300, items=list("abcd"))
    fit = fit_model("f =~ a + b\ng =~ c + d", m, estimator="ML")
    assert fit.converged
    assert "sem-factors-not-positive" in codes(fit)
    assert fit.parameter("f~~g").standardized is not None
    assert_no_nan(fit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("f =~ x1 + x2", "model-too-large"),
        ("f =~ x1 + x2\nx3 ~~ x4", "model-not-identified"),
        ("f =~ NA*x1 + x2 + x3 + x4", "model-not-identified"),
        ("f =~ x1+x2+x3\ng =~ x1+x2+x3+x4+x5", "model-not-identified"),
    ],
)
def test_an_unidentified_model_is_refused(text: str, code: str) -> None:
    with pytest.raises(NotDefined) as caught:
        fit_model(text, hs().moments, estimator="ML")
    assert caught.value.code == code


def test_the_sentence_names_a_parameter_that_is_not_identified() -> None:
    with pytest.raises(NotDefined, match=r"values of (f=~|f~~)"):
        fit_model("f =~ NA*x1 + x2 + x3 + x4", hs().moments, estimator="ML")


def test_items_that_repeat_one_another_are_refused() -> None:
    values = hs_values().copy()
    values[:, 1] = 2 * values[:, 0] + 1
    m = moments(values, hs().moments.items, missing="listwise")
    with pytest.raises(NotDefined) as caught:
        fit_model(HS_MODEL, m, estimator="ML")
    assert caught.value.code == "singular"


def test_a_constant_item_is_refused() -> None:
    values = hs_values().copy()
    values[:, 4] = 3
    with pytest.raises(NotDefined, match="x5"):
        fit_model(HS_MODEL, fourth_moments(values, hs().moments.items), estimator="MLR")


def test_groups_of_five_are_too_few() -> None:
    m = moments(hs_values()[:5], hs().moments.items, missing="listwise")
    with pytest.raises(TooFewData) as caught:
        fit_model(HS_MODEL, m, estimator="ML")
    assert caught.value.params["has"] == 5


def test_a_residual_covariance_that_is_too_large_is_named() -> None:
    R = np.full((5, 5), 0.64)
    R[0, 1] = R[1, 0] = 0.2  # 0.64 below what the factor explains of 0.36 left over
    np.fill_diagonal(R, 1)
    m = correlated(R, n=400, items=list("abcde"))
    fit = fit_model("g =~ a + b + c + d + e\na ~~ b", m, estimator="ML")
    assert codes(fit) == ["sem-residuals-not-positive"]
    assert_no_nan(fit)


def test_a_large_fixed_covariance_does_not_spoil_the_start() -> None:
    text = "g =~ x1 + x2 + x3 + x4 + x5 + x6\nx1 ~~ 1.3*x4"
    fit = fit_model(text, hs().moments, estimator="ML")
    assert fit.converged
    assert fit.parameter("x1~~x4").value.estimate == 1.3


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_robust_estimation_needs_the_answers(estimator: Any) -> None:
    with pytest.raises(TooFewData) as caught:
        fit_model(HS_MODEL, hs().moments, estimator=estimator)
    assert caught.value.code == "needs-fourth-moments"


def test_a_failure_to_converge_gives_a_sentence_and_no_number() -> None:
    # a start where the covariance matrix of the items is not positive definite
    text = "f =~ x1 + x2 + x3 + x4\nx1 ~~ start(-50)*x1"
    fit = fit_model(text, hs().moments, estimator="ML")
    assert not fit.converged
    assert codes(fit) == ["sem-not-converged"]
    assert fit.parameters == ()
    assert fit.measures is None
    assert fit.groups == ()
    assert fit.vcov is None
    for use in (
        lambda: modification_indices(fit),
        lambda: factor_scores(fit, hs_values()[:, :4], method="regression"),
    ):
        with pytest.raises(NotConverged):
            use()


def test_a_derived_quantity_that_does_not_exist_is_named() -> None:
    text = "f =~ x1 + a*x2 + x3 + x4\nd := log(-a)\ne := 1/(a-a)"
    fit = fit_model(text, hs().moments, estimator="ML")
    assert [reason.params["item"] for reason in fit.warnings] == ["d", "e"]
    assert_no_nan(fit)


def test_random_data_end_in_a_result_or_in_one_sentence() -> None:
    rng = np.random.default_rng(11)
    models = [HS_MODEL, bifactor(HS_SCALES), HS_MODEL + "\nx1 ~~ x2 + x9"]
    for _ in range(2):
        n = int(rng.integers(10, 60))
        values = np.rint(2 * rng.standard_normal((n, 9)))
        for text in models:
            try:
                fit = fit_model(
                    text, fourth_moments(values, hs().moments.items), estimator="MLR"
                )
            except PsychometricsError:
                continue
            assert fit.converged or codes(fit) == ["sem-not-converged"]
            found = list(numbers(fit.parameters)) + list(numbers(fit.measures))
            assert np.isfinite(found).all()


def test_the_standard_models_are_nested_as_they_should_be() -> None:
    fits = fit_models(standard_models(HS_SCALES), hs().moments, estimator="ML")
    assert list(fits) == [
        "one_factor",
        "correlated",
        "second_order",
        "bifactor",
        "method",
    ]
    df, chi2 = {}, {}
    for name, fit in fits.items():
        assert isinstance(fit, SemFit)
        assert fit.converged
        assert fit.measures is not None
        df[name], chi2[name] = fit.measures.df, fit.measures.chi2
    assert df == {
        "one_factor": 27,
        "correlated": 24,
        "second_order": 24,
        "bifactor": 18,
        "method": 23,
    }
    assert chi2["one_factor"] == pytest.approx(312.264, abs=5e-4)
    # three factors correlate as a second order with three loadings: the same fit
    assert chi2["second_order"] == pytest.approx(chi2["correlated"], abs=1e-8)
    assert chi2["bifactor"] < chi2["correlated"]
    assert chi2["method"] < chi2["correlated"]


def test_small_scales_still_have_a_bifactor_model() -> None:
    scales = {
        "visual": HS_SCALES["visual"],
        "textual": HS_SCALES["textual"],
        "fast": ["x7", "x8"],
        "single": ["x9"],
    }
    text = bifactor(scales)
    assert "single" not in text
    fit = fit_model(text, hs().moments, estimator="ML")
    assert fit.parameter("fast=~x7").value == fit.parameter("fast=~x8").value
    assert not fit.parameter("fast=~x7").free


def test_two_scales_have_no_second_order_and_the_reason_says_so() -> None:
    two = {name: HS_SCALES[name] for name in ("visual", "textual")}
    assert list(standard_models(two)) == ["one_factor", "correlated", "method"]
    found = fit_models({"second": second_order(two)}, hs().moments, estimator="ML")
    assert getattr(found["second"], "code", "") == "model-not-identified"
    assert "general" in bifactor(two)
