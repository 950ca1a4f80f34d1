"""Multi-group models and the sequence of invariance, held against lavaan."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analytics.psychometrics import Item, moments
from analytics.psychometrics.sem import (
    Estimator,
    Level,
    compare,
    equality_tests,
    fit_model,
    fourth_moments,
    invariance,
)
from tests.psychometrics.cases import (
    HS_ITEMS,
    coded,
    read_columns,
    reference,
)

from .cases import (
    HS_MODEL,
    close,
    compare_measures,
    compare_parameters,
    compare_standardized,
    hs_values,
    schools,
)

LEVELS: tuple[Level, ...] = ("configural", "metric", "scalar", "strict")


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_the_sequence_of_two_schools_agrees_with_lavaan(estimator: Estimator) -> None:
    stored = reference(f"invariance_hs_school_{estimator}")
    found = invariance(HS_MODEL, schools(), estimator=estimator)
    assert tuple(one.level for one in found) == LEVELS
    for one, test in zip(found, stored["lrt"], strict=True):
        expected = stored[one.level]
        compare_measures(one.fit, expected["fit"], 1e-4)
        for index, group in enumerate(schools(), start=1):
            rows = [r for r in expected["parameters"] if r["group"] == index]
            # lavaan's estimates are up to 2e-5 away from a gradient of zero
            compare_parameters(one.fit, rows, estimate=2e-5, error=1e-4, group=group)
            rows = [r for r in expected["standardized"] if r["group"] == index]
            compare_standardized(one.fit, rows, estimate=2e-5, error=1e-4, group=group)
        if one.difference is None:
            assert one.level == "configural"
        else:
            assert one.difference.df == test["Df.diff"]
            close(one.difference.chi2, test["Chisq.diff"], 1e-4)
            close(one.difference.p, test["Pr..Chisq."], 1e-4)


# lavaan 0.6-14: cfa(estimator = "MLM", group = "school", meanstructure = TRUE,
# group.equal = ...), lavTestLRT; scaled chi-square, its factor, difference, p, and the
# standard errors of visual=~x2 and textual=~x5 in the first school
MLM = {
    "metric": (118.220892599, 1.049252306, 7.1359, 0.3085, 0.104149488, 0.069403040),
    "scalar": (161.320112023, 1.017249671, 54.934, 4.78e-10, 0.101264789, 0.067378790),
}


@pytest.mark.parametrize("estimator", ["MLM", "MLMV"])
def test_equal_parameters_of_mlm_agree_with_lavaan(estimator: Estimator) -> None:
    """What corrects the mean alone is in the shifted chi-square of MLMV, too."""
    found = invariance(HS_MODEL, schools(), estimator=estimator, levels=LEVELS[:3])
    for one in found[1:]:
        chi2, factor, difference, p, *errors = MLM[one.level]
        assert one.fit.measures is not None
        scaled = one.fit.measures.scaled
        assert scaled is not None
        if estimator == "MLM":
            close(scaled.chi2, chi2, 1e-5)
            close(scaled.factor, factor, 1e-5)
        assert one.difference is not None
        assert one.difference.reason is None
        close(one.difference.chi2, difference, 1e-4)
        close(one.difference.p, p, 1e-3)
        for name, error in zip(("visual=~x2", "textual=~x5"), errors, strict=True):
            close(
                one.fit.parameter(name, found[0].fit.groups[0].name).value.se,
                error,
                1e-5,
            )


def test_a_difference_from_a_chi_square_that_is_not_scaled_is_none() -> None:
    configural, metric, *_ = invariance(HS_MODEL, schools(), estimator="MLR")
    assert configural.fit.measures is not None
    unscaled = replace(configural.fit.measures, scaled=None)
    found = compare(replace(configural.fit, measures=unscaled), metric.fit)
    assert found.chi2 is None
    assert found.p is None
    assert found.reason is not None
    assert found.reason.code == "sem-no-scaled-statistics"


def test_score_tests_of_the_scalar_model_agree_with_lavaan() -> None:
    fit = fit_model(
        HS_MODEL,
        schools(),
        estimator="ML",
        means=True,
        equal=("loadings", "intercepts"),
    )
    stored = reference("invariance_hs_school_ML")["scalar_lavTestScore"]
    model = [row for row in fit.problem.model.rows if row.group == 0]
    order = [row.name for row in model if row.operator in ("=~", "~1")]
    tests = {one.name: one for one in equality_tests(fit)}
    held = [name for name in order if name in tests]
    assert len(held) == len(stored) == 15
    for name, row in zip(held, stored, strict=True):
        close(tests[name].index, row["X2"], 1e-4)
        close(tests[name].p, row["p.value"], 1e-4)


def test_partial_invariance_lets_the_drifting_intercepts_go() -> None:
    found = invariance(
        HS_MODEL,
        schools(),
        estimator="ML",
        levels=("configural", "metric", "scalar"),
        release=0.05,
    )
    scalar = found[-1]
    assert set(scalar.released) == {"x3~1", "x7~1"}
    assert scalar.difference is not None
    assert scalar.difference.p is not None
    assert scalar.difference.p > 0.05
    assert scalar.tests[0].p > 0.05 / len(scalar.tests)


def test_levels_that_are_known_are_not_fitted_anew() -> None:
    levels = LEVELS[:3]
    known = invariance(HS_MODEL, schools(), estimator="ML", levels=levels)
    found = invariance(
        HS_MODEL, schools(), estimator="ML", levels=levels, release=0.05, known=known
    )
    anew = invariance(HS_MODEL, schools(), estimator="ML", levels=levels, release=0.05)
    assert [one.fit is other.fit for one, other in zip(found, known, strict=True)] == [
        *(True, True, False)
    ]
    assert [(one.released, one.tests, one.difference) for one in found] == [
        (one.released, one.tests, one.difference) for one in anew
    ]


def test_the_order_of_the_groups_does_not_change_the_fit() -> None:
    turned = dict(reversed(schools().items()))
    for one, other in zip(
        invariance(HS_MODEL, schools(), estimator="MLR"),
        invariance(HS_MODEL, turned, estimator="MLR"),
        strict=True,
    ):
        assert one.fit.measures is not None
        assert other.fit.measures is not None
        assert one.fit.measures.chi2 == pytest.approx(other.fit.measures.chi2, 1e-9)
        assert one.fit.measures.srmr == pytest.approx(other.fit.measures.srmr, 1e-9)


def test_equalities_that_would_do_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="need means=True"):
        fit_model(HS_MODEL, schools(), estimator="ML", equal=["intercepts"])
    with pytest.raises(ValueError, match="no parameter x33~1"):
        invariance(HS_MODEL, schools(), estimator="ML", apart=("x33~1",))


def test_a_parameter_may_be_apart_from_the_start() -> None:
    held = invariance(HS_MODEL, schools(), estimator="ML", levels=("metric",))[0].fit
    apart = invariance(
        HS_MODEL, schools(), estimator="ML", levels=("metric",), apart=("visual=~x3",)
    )[0].fit
    assert apart.n_free == held.n_free + 1
    one, other = (apart.parameter("visual=~x3", name).value for name in schools())
    assert one.estimate != other.estimate
    one, other = (held.parameter("visual=~x3", name).value for name in schools())
    assert one == other


def test_three_groups_are_compared_at_once() -> None:
    values = hs_values()
    data = {
        name: fourth_moments(values[start::3], HS_ITEMS)
        for start, name in enumerate(("a", "b", "c"))
    }
    found = invariance(HS_MODEL, data, estimator="MLM")
    assert [one.fit.converged for one in found] == [True] * 4
    assert [one.difference.df for one in found if one.difference] == [12, 12, 18]
    # random thirds: nothing drifts
    assert all((one.difference.p or 0) > 0.01 for one in found if one.difference)


def test_invariance_needs_two_groups() -> None:
    with pytest.raises(ValueError, match="two or more groups"):
        invariance(HS_MODEL, {"one": schools()["Pasteur"]}, estimator="ML")


def test_helping_and_voice_in_new_zealand_and_taiwan(shared_data: Path) -> None:
    helping = [f"help{i}m" for i in range(1, 8)]
    voice = [f"voice{i}m" for i in range(1, 6)]
    path = shared_data / "fischer_help_voice_8countries.csv"
    values = read_columns(path, helping + voice)
    with path.open(newline="") as file:
        country = np.array([row["country"] for row in csv.DictReader(file)])
    items = [Item(name, 1, 7) for name in helping + voice]
    data = {
        name: moments(coded(values[country == name], items), missing="listwise")
        for name in ("NZ", "TAIW")
    }
    text = f"help =~ {' + '.join(helping)}\nvoice =~ {' + '.join(voice)}"
    found = invariance(
        text, data, estimator="ML", levels=("configural", "metric", "scalar")
    )
    for one, expected in zip(found, (0.958, 0.957, 0.952), strict=True):
        assert one.fit.measures is not None
        assert one.fit.measures.cfi == pytest.approx(expected, abs=5e-4)
