"""Ordinal invariance: what each level frees, what it finds, what it refuses."""

from functools import cache

import numpy as np
import pytest

from analytics.psychometrics import Matrix, NotDefined
from analytics.psychometrics.sem import (
    InvarianceLevel,
    OrdinalMoments,
    SemFit,
    compare,
    fit_model,
    invariance,
    ordered_equality_tests,
)
from analytics.psychometrics.sem.model import Equal
from tests.psychometrics.sem.cases import close, compare_parameters
from tests.psychometrics.sem.ordered_cases import (
    NEUROTICISM,
    answered,
    bfi_ordered,
    coded_columns,
    genders,
)
from tests.psychometrics.sem.test_ordered import chi2, scaled_chi2, stored

ITEMS = ("a", "b", "c", "d", "e")
TEXT = "f=~" + "+".join(ITEMS)
CUTS = (-1.1, -0.3, 0.5, 1.2)
SCALAR: tuple[Equal, ...] = ("thresholds", "loadings", "intercepts")


@cache
def levels() -> tuple[InvarianceLevel, ...]:
    return invariance(NEUROTICISM, genders(), estimator="WLSMV")


def level(name: str) -> InvarianceLevel:
    return next(one for one in levels() if one.level == name)


def two_groups(
    seed: int,
    *,
    n: int = 1500,
    mean: float = 0.4,
    shift: float = 0.0,
    loading: float = 0.7,
    cut: float = 0.0,
    residual: float = 1.0,
    cuts: tuple[float, ...] = CUTS,
) -> dict[str, OrdinalMoments]:
    """Answers of two groups that differ in the factor's mean; item a may drift.

    `shift`: of its intercept; `loading`: its loading; `cut`: of its second threshold;
    `residual`: scale of its residual, all in the second group.
    """
    rng = np.random.default_rng(seed)
    found = {}
    for second, name in enumerate(("first", "second")):
        size = np.array([loading if second else 0.7, 0.6, 0.8, 0.7, 0.65])
        unique = np.sqrt(1 - np.array([0.7, 0.6, 0.8, 0.7, 0.65]) ** 2)
        unique[0] *= residual if second else 1.0
        trait = mean * second + rng.standard_normal((n, 1))
        y = trait * size + rng.standard_normal((n, 5)) * unique
        y[:, 0] += shift * second
        raw: Matrix = 1.0 + np.searchsorted(cuts, y)
        if second and cut:
            own = np.array(cuts)
            own[1] += cut
            raw[:, 0] = 1 + np.searchsorted(own, y[:, 0])
        found[name] = answered(raw, ITEMS, len(cuts) + 1)
    return found


def test_strict_invariance_in_theta_agrees_with_lavaan() -> None:
    theirs = stored()["strict"]
    fit = level("strict").fit
    assert fit.n_free == theirs["npar"]
    close(chi2(fit), theirs["fit"]["chisq"], 1e-6)
    close(scaled_chi2(fit), theirs["fit"]["chisq.scaled"], 1e-6)
    for number, group in enumerate(genders(), start=1):
        rows = [r for r in theirs["parameters"] if r["group"] == number]
        compare_parameters(fit, rows, estimate=1e-5, error=1e-4, group=group)
    found = level("strict").difference
    assert found is not None
    assert found.df == stored()["lrt"]["df.diff"]
    close(found.chi2, stored()["lrt"]["chisq.diff"], 1e-5)


def test_each_level_frees_what_the_equalities_before_it_identify() -> None:
    """Wu & Estabrook (2016), five items of six points in two groups."""
    expected = {
        # later group: intercept, scale, factor variance, factor mean are free?
        "configural": (False, False, False, False),
        "thresholds": (True, True, False, False),
        "metric": (True, True, True, False),
        "scalar": (False, True, True, True),
    }
    for name, (intercept, scale, variance, mean) in expected.items():
        fit = level(name).fit
        assert fit.parameter("N1~1", "2").free is intercept, name
        assert fit.parameter("N1~*~N1", "2").free is scale, name
        assert fit.parameter("N~~N", "2").free is variance, name
        assert fit.parameter("N~1", "2").free is mean, name
        for fixed in ("N1~1", "N1~*~N1", "N~~N", "N~1"):
            assert not fit.parameter(fixed, "1").free
    strict = level("strict").fit
    assert not strict.parameter("N1~~N1", "2").free
    assert strict.parameter("N1~~N1", "2").value.estimate == 1


def test_scalar_invariance_holds_the_thresholds_equal() -> None:
    """Not so where intercepts and loadings alone are constrained."""
    fit = level("scalar").fit
    for item in ("N1", "N2", "N3", "N4", "N5"):
        for t in range(1, 6):
            one, other = (fit.parameter(f"{item}|t{t}", g).value for g in ("1", "2"))
            assert one == other
    wrong: tuple[tuple[Equal, ...], ...] = (
        ("loadings",),
        ("loadings", "intercepts"),
        ("intercepts",),
    )
    for equal in wrong:
        with pytest.raises(ValueError, match="need equal"):
            fit_model(NEUROTICISM, genders(), estimator="WLSMV", equal=equal)


def test_the_order_of_the_groups_changes_no_chi_square() -> None:
    turned = dict(reversed(genders().items()))
    other = invariance(NEUROTICISM, turned, estimator="WLSMV")
    for one, two in zip(levels(), other, strict=True):
        assert chi2(two.fit) == pytest.approx(chi2(one.fit), rel=1e-8)
        assert scaled_chi2(two.fit) == pytest.approx(scaled_chi2(one.fit), rel=1e-6)
        if one.difference is not None:
            assert two.difference is not None
            # the difference is scaled at the laxer model, whose fit is the same
            assert two.difference.chi2 == pytest.approx(one.difference.chi2, rel=1e-5)


@pytest.mark.parametrize("equal", [("thresholds",), SCALAR[:2], SCALAR])
def test_delta_and_theta_say_the_same_of_groups(equal: tuple[Equal, ...]) -> None:
    delta, theta = (
        fit_model(
            NEUROTICISM,
            genders(),
            estimator="WLSMV",
            parameterization=way,
            std_lv=True,
            equal=equal,
        )
        for way in ("delta", "theta")
    )
    assert chi2(theta) == pytest.approx(chi2(delta), rel=1e-9)
    assert scaled_chi2(theta) == pytest.approx(scaled_chi2(delta), rel=1e-7)


def test_a_marker_item_says_the_same_as_a_unit_factor() -> None:
    marker, unit = (
        fit_model(
            NEUROTICISM, genders(), estimator="WLSMV", equal=SCALAR, std_lv=std_lv
        )
        for std_lv in (False, True)
    )
    assert chi2(marker) == pytest.approx(chi2(unit), rel=1e-9)
    free = marker.parameter("N~1", "2").value
    loading = unit.parameter("N=~N1", "1").value.estimate
    expected = unit.parameter("N~1", "2").value.estimate * loading
    assert free.estimate == pytest.approx(expected, abs=1e-7)


def test_groups_that_differ_in_the_factor_alone_pass_every_level() -> None:
    found = invariance(TEXT, two_groups(11), estimator="WLSMV")
    assert [one.level for one in found] == [
        "configural",
        "thresholds",
        "metric",
        "scalar",
        "strict",
    ]
    for one in found[1:]:
        assert one.difference is not None
        assert one.difference.p is not None
        assert one.difference.p > 0.01
    mean = found[3].fit.parameter("f~1", "second").value
    assert mean.estimate == pytest.approx(0.4, abs=3 * (mean.se or 0))


@pytest.mark.parametrize(
    ("drift", "name", "parameter"),
    [
        ({"cut": 0.35}, "thresholds", "a|t2"),
        ({"loading": 0.4}, "metric", "f=~a"),
        ({"shift": 0.35}, "scalar", "a~1"),
        ({"residual": 1.7}, "strict", "a~~a"),
    ],
)
def test_a_planted_drift_is_found_at_its_level_and_named(
    drift: dict[str, float], name: str, parameter: str
) -> None:
    found = {
        one.level: one
        for one in invariance(
            TEXT,
            two_groups(23, **drift),  # type: ignore[arg-type]
            estimator="WLSMV",
        )
    }
    for other, one in found.items():
        if other == "configural":
            continue
        assert one.difference is not None
        assert one.difference.p is not None
        if other == name:
            assert one.difference.p < 1e-4
            assert one.tests[0].name == parameter
            break
        assert one.difference.p > 0.01


def test_a_released_intercept_leaves_the_others_equal() -> None:
    found = invariance(
        TEXT, two_groups(23, shift=0.35), estimator="WLSMV", release=0.001
    )
    scalar = next(one for one in found if one.level == "scalar")
    assert scalar.released == ("a~1",)
    assert scalar.fit.parameter("a~1", "second").free
    assert not scalar.fit.parameter("b~1", "second").free
    assert scalar.difference is not None
    assert scalar.difference.p is not None
    assert scalar.difference.p > 0.01
    value = scalar.fit.parameter("a~1", "second").value
    assert value.estimate == pytest.approx(0.35, abs=3 * (value.se or 0))


def test_a_score_test_is_nearly_the_difference_that_it_foretells() -> None:
    """Three asymptotically equal tests of one intercept: score, difference, Wald."""
    scalar = level("scalar").fit
    freed = fit_model(
        NEUROTICISM,
        genders(),
        estimator="WLSMV",
        std_lv=True,
        equal=SCALAR,
        apart=("N5~1",),
    )
    score = next(o for o in ordered_equality_tests(scalar) if o.name == "N5~1")
    moved = compare(freed, scalar)
    assert moved.df == 1
    assert moved.chi2 == pytest.approx(score.index, rel=0.02)
    value = freed.parameter("N5~1", "2").value
    assert value.z is not None
    assert value.z**2 == pytest.approx(score.index, rel=0.02)
    assert score.change == pytest.approx(value.estimate, rel=0.1)


def test_an_equality_that_holds_exactly_has_a_score_of_zero() -> None:
    same = {"one": genders()["1"], "two": genders()["1"]}
    fit = fit_model(NEUROTICISM, same, estimator="WLSMV", std_lv=True, equal=SCALAR)
    tests = ordered_equality_tests(fit)
    assert len(tests) == 25 + 5 + 5
    assert max(one.index for one in tests) < 1e-12
    assert fit.parameter("N~1", "two").value.estimate == pytest.approx(0, abs=1e-9)
    alone = fit_model(NEUROTICISM, genders()["1"], estimator="WLSMV", std_lv=True)
    assert chi2(fit) == pytest.approx(2 * chi2(alone), rel=1e-8)


@pytest.mark.parametrize("estimator", ["DWLS", "ULS"])
def test_a_difference_without_a_distribution_has_no_p(estimator: str) -> None:
    found = compare(fitted(estimator, ()), fitted(estimator, ("thresholds",)))
    assert found.chi2 is None
    assert found.p is None
    assert found.reason is not None
    assert found.reason.code == "sem-no-difference"


def fitted(estimator: str, equal: tuple[Equal, ...]) -> SemFit:
    return fit_model(
        NEUROTICISM,
        genders(),
        estimator=estimator,  # type: ignore[arg-type]
        equal=equal,
        std_lv=True,
    )


def test_two_categories_are_held_equal_in_everything_or_in_nothing() -> None:
    data = two_groups(7, cuts=(0.2,))
    alone: tuple[tuple[Equal, ...], ...] = (SCALAR[:1], SCALAR[:2])
    for equal in alone:
        with pytest.raises(NotDefined) as caught:
            fit_model(TEXT, data, estimator="WLSMV", equal=equal, std_lv=True)
        assert caught.value.reason.code == "ordered-two-categories"
    found = invariance(TEXT, data, estimator="WLSMV")
    assert [one.level for one in found] == ["configural", "scalar", "strict"]
    assert found[1].difference is not None
    # 5 thresholds and 5 loadings less; 5 scales, mean and variance of the factor more
    assert found[1].difference.df == 5 + 5 - 5 - 1 - 1
    assert found[1].difference.p is not None
    assert found[1].difference.p > 0.01


def test_equal_thresholds_of_three_categories_cost_nothing() -> None:
    data = two_groups(7, cuts=(-0.5, 0.7))
    found = invariance(TEXT, data, estimator="WLSMV")
    assert found[1].difference is not None
    assert found[1].difference.df == 0
    assert chi2(found[1].fit) == pytest.approx(chi2(found[0].fit), rel=1e-8)


def test_a_category_that_one_group_never_chose_is_named() -> None:
    rng = np.random.default_rng(2)
    raw = rng.integers(1, 4, (200, 3)).astype(np.float64)
    fewer = raw.copy()
    fewer[:, 1] = np.minimum(fewer[:, 1], 2)
    names = ["a", "b", "c"]
    data = {"one": answered(raw, names, 3), "two": collapsed(fewer, names)}
    with pytest.raises(NotDefined, match="number of categories of b"):
        fit_model("f=~a+b+c", data, estimator="WLSMV")


def collapsed(raw: Matrix, names: list[str]) -> OrdinalMoments:
    return coded_columns(raw, names, [int(column.max()) for column in raw.T])


def test_strict_needs_theta_and_groups_of_one_kind() -> None:
    with pytest.raises(ValueError, match="need theta"):
        fit_model(
            NEUROTICISM, genders(), estimator="WLSMV", equal=(*SCALAR, "residuals")
        )
    with pytest.raises(ValueError, match="no parameter N9~1"):
        fit_model(NEUROTICISM, genders(), estimator="WLSMV", apart=("N9~1",))
    with pytest.raises(ValueError, match="two or more groups"):
        invariance(NEUROTICISM, {"all": bfi_ordered()}, estimator="WLSMV")
