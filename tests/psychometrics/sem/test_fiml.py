"""Full-information maximum likelihood."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from analytics.psychometrics import Item, Matrix, NotDefined, ResponseMatrix, TooFewData
from analytics.psychometrics.sem import (
    Measures,
    MissingPatterns,
    SemFit,
    equality_tests,
    factor_reliability,
    fit_model,
    invariance,
    missing_patterns,
    modification_indices,
)
from analytics.psychometrics.sem.incomplete import Incomplete
from analytics.psychometrics.sem.model import Equal
from tests.psychometrics.cases import HS_ITEMS

from .cases import HS_MODEL, hs, hs_values, name_of
from .missing_cases import (
    PATHS,
    democracy_gaps,
    gaps_reference,
    hs_gap_values,
    hs_gaps,
    school_gaps,
)

NAN = float("nan")
SCALAR: tuple[Equal, ...] = ("loadings", "intercepts")
FITS = {
    "factors": lambda: fit_model(HS_MODEL, hs_gaps(), estimator="FIML"),
    "paths": lambda: fit_model(PATHS, democracy_gaps(), estimator="FIML"),
    "groups": lambda: fit_model(
        HS_MODEL, school_gaps(), estimator="FIML", equal=SCALAR
    ),
}


def measures_of(fit: SemFit) -> Measures:
    assert fit.measures is not None
    return fit.measures


def codes(fit: SemFit) -> list[str]:
    return [one.code for one in fit.warnings]


def beside(fit: SemFit) -> tuple[Incomplete, Matrix]:
    """A problem at a point beside its solution."""
    assert isinstance(fit.problem, Incomplete)
    wave = 1 + 0.03 * np.cos(np.arange(len(fit.theta)))
    return fit.problem, fit.theta * wave + 0.01


def value(problem: Incomplete, theta: Matrix) -> float:
    ats = problem.implied(theta)
    assert ats is not None
    return problem.value(ats)


def slope(problem: Incomplete, theta: Matrix) -> Matrix:
    ats = problem.implied(theta)
    assert ats is not None
    return problem.gradient(ats)


@pytest.mark.parametrize("name", FITS)
def test_derivatives_are_those_of_differences(name: str) -> None:
    problem, theta = beside(FITS[name]())
    units = 1e-5 * np.eye(len(theta))
    ats = problem.implied(theta)
    assert ats is not None
    values = [
        (value(problem, theta + e) - value(problem, theta - e)) / 2e-5 for e in units
    ]
    np.testing.assert_allclose(slope(problem, theta), values, atol=1e-8)
    slopes = [
        (slope(problem, theta + e) - slope(problem, theta - e)) / 2e-5 for e in units
    ]
    H = problem.hessian(ats)
    np.testing.assert_allclose(H, slopes, atol=1e-6 * np.abs(H).max())


@pytest.mark.parametrize("name", FITS)
def test_scores_of_everybody_are_added_up(name: str) -> None:
    """Each person's score is n / -2 times the slope of a sample of that person."""
    problem, theta = beside(FITS[name]())
    ats = problem.implied(theta)
    assert ats is not None
    total = np.zeros((len(theta),) * 2)
    n = sum(one.n for one in problem.patterns)
    for g, patterns in enumerate(problem.patterns):
        for row in _rows(patterns)[::9]:
            own = list(problem.patterns)
            own[g] = missing_patterns(row[None], patterns.items)
            alone = replace(problem, patterns=tuple(own))
            by = problem.slopes(ats)[g]
            one = np.zeros(len(theta))
            np.add.at(
                one, problem.layouts[g].parameter, alone.gradient_of(g, ats[g], by) / -2
            )
            total += np.outer(one, one)
    thinned = [missing_patterns(_rows(one)[::9], one.items) for one in problem.patterns]
    size = sum(len(_rows(one)[::9]) for one in problem.patterns)
    groups = tuple(
        replace(group, weight=one.n / size)
        for group, one in zip(problem.groups, thinned, strict=True)
    )
    found = replace(problem, patterns=tuple(thinned), groups=groups)
    np.testing.assert_allclose(found.score_products(ats) * size, total, rtol=1e-9)
    assert n > size


def _rows(patterns: MissingPatterns) -> Matrix:
    flags = np.repeat(patterns.answered, patterns.counts.astype(int), axis=0)
    found: Matrix = np.where(flags, patterns.values, NAN)
    return found


@pytest.mark.parametrize("errors", ["observed", "robust"])
def test_without_gaps_it_is_plain_maximum_likelihood(errors: str) -> None:
    """The trap: semopy's chi-square of FIML does not equal that of ML here."""
    patterns = missing_patterns(hs_values(), HS_ITEMS)
    plain = fit_model(
        HS_MODEL, hs(), estimator="ML" if errors == "observed" else "MLR", means=True
    )
    found = fit_model(HS_MODEL, patterns, estimator="FIML", errors=errors)  # type: ignore[arg-type]
    first, second = measures_of(plain), measures_of(found)
    for name in ("chi2", "baseline_chi2", "cfi", "tli", "loglik", "aic", "bic", "srmr"):
        assert getattr(second, name) == pytest.approx(getattr(first, name), abs=1e-8)
    assert second.df == first.df
    for name in ("rmsea", "absolute", "incremental", "residuals"):
        ours, theirs = astuple(getattr(second, name)), astuple(getattr(first, name))
        assert ours == pytest.approx(theirs, abs=1e-8), name
    np.testing.assert_allclose(found.theta, plain.theta, atol=1e-8)
    if errors == "observed":
        assert second.corrected is not None
        assert second.corrected.factor == pytest.approx(1, abs=1e-9)
        assert second.corrected.cfi == pytest.approx(first.cfi, abs=1e-9)
        assert second.corrected.chi2 == pytest.approx(first.chi2, abs=1e-8)
    else:
        assert first.scaled is not None
        assert second.scaled is not None
        assert second.scaled.chi2 == pytest.approx(first.scaled.chi2, abs=1e-7)
        assert second.scaled.baseline_factor == pytest.approx(
            first.scaled.baseline_factor
        )
        assert plain.vcov is not None
        assert found.vcov is not None
        np.testing.assert_allclose(found.vcov, plain.vcov, atol=1e-10)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_paths_labels_and_derived_values_are_those_of_lavaan(estimator: str) -> None:
    stored = gaps_reference()["paths"][estimator]
    fit = fit_model(
        PATHS,
        democracy_gaps(),
        estimator="FIML",
        errors="robust" if estimator == "MLR" else "observed",
    )
    hold(fit, stored["parameters"], ("",))
    hold_measures(measures_of(fit), stored["fit"])


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_levels_of_invariance_are_those_of_lavaan(estimator: str) -> None:
    stored = gaps_reference()["schools"][estimator]
    levels = invariance(
        HS_MODEL,
        school_gaps(),
        estimator="FIML",
        errors="robust" if estimator == "MLR" else "observed",
    )
    assert [one.level for one in levels] == list(stored["levels"])
    for one in levels:
        theirs = stored["levels"][one.level]
        hold(one.fit, theirs["parameters"], tuple(school_gaps()))
        hold_measures(measures_of(one.fit), theirs["fit"])
    for place, one in enumerate(levels[1:], start=1):
        assert one.difference is not None
        assert one.difference.df == stored["difference"]["df"][place]
        theirs = stored["difference"]["chisq"][place]
        # lavaan's estimates are up to 1e-5 away from a slope of zero
        assert one.difference.chi2 == pytest.approx(theirs, abs=1e-4, rel=2e-5)
        theirs = stored["difference"]["p"][place]
        assert one.difference.p == pytest.approx(theirs, abs=1e-5)


def hold(fit: SemFit, stored: list[dict[str, object]], groups: tuple[str, ...]) -> None:
    for row in stored:
        at = int(str(row["group"])) - 1
        found = fit.parameter(name_of(row), groups[max(at, 0)]).value
        assert found.estimate == pytest.approx(row["est"], abs=2e-5, rel=2e-5)
        assert (found.se or 0) == pytest.approx(row["se"], abs=1e-4, rel=1e-4)


def hold_measures(found: Measures, stored: dict[str, float]) -> None:
    corrected = found.corrected
    assert corrected is not None
    assert corrected.rmsea is not None
    assert found.rmsea is not None
    pairs = {
        "chisq": found.chi2,
        "df": found.df,
        "baseline.chisq": found.baseline_chi2,
        "logl": found.loglik,
        "unrestricted.logl": found.loglik_unrestricted,
        "bic": found.bic,
        "cfi": found.cfi,
        "rmsea": found.rmsea.estimate,
        "srmr": found.srmr,
        "cfi.robust": corrected.cfi,
        "tli.robust": corrected.tli,
        "rmsea.robust": corrected.rmsea.estimate,
        "rmsea.ci.upper.robust": corrected.rmsea.high,
    }
    if found.scaled is not None:
        pairs |= {
            "chisq.scaled": found.scaled.chi2,
            "baseline.chisq.scaled": found.scaled.baseline_chi2,
            "cfi.scaled": found.scaled.cfi,
            "scaling.factor.h1": found.scaled.unrestricted_factor,
        }
    for key, ours in pairs.items():
        assert ours == pytest.approx(stored[key], abs=1e-4, rel=1e-5), key


def test_units_order_and_empty_rows_change_nothing(rng: np.random.Generator) -> None:
    order = rng.permutation(9)
    unit = rng.uniform(0.2, 30, 9)
    values = np.vstack([(hs_gap_values() * unit + 5)[:, order], np.full((4, 9), NAN)])
    data = missing_patterns(rng.permutation(values), [HS_ITEMS[i] for i in order])
    first = fit_model(HS_MODEL, hs_gaps(), estimator="FIML", errors="robust")
    second = fit_model(HS_MODEL, data, estimator="FIML", errors="robust")
    assert second.n == first.n == 301
    assert codes(second) == ["empty-rows"]
    assert "4 people" in str(second.warnings[0])
    one, two = measures_of(first), measures_of(second)
    for name in ("chi2", "baseline_chi2", "cfi", "srmr"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), abs=1e-7)
    assert one.scaled is not None
    assert two.scaled is not None
    assert two.scaled.factor == pytest.approx(one.scaled.factor, abs=1e-8)
    assert two.corrected is not None
    assert one.corrected is not None
    assert two.corrected.cfi == pytest.approx(one.corrected.cfi, abs=1e-8)
    for row in first.parameters:
        other = second.parameter(f"{row.left}{row.operator}{row.right}")
        if row.operator != "~1" and row.standardized and other.standardized:
            assert other.standardized.estimate == pytest.approx(
                row.standardized.estimate, abs=1e-7
            )


def test_whole_numbers_come_from_a_response_matrix() -> None:
    rng = np.random.default_rng(3)
    trait = rng.standard_normal((150, 1))
    raw = np.clip(np.rint(3 + trait + rng.standard_normal((150, 4))), 1, 5).astype(int)
    raw[rng.random(raw.shape) < 0.15] = -1
    items = tuple(Item(f"t{j}", 1, 5) for j in range(1, 5))
    data = ResponseMatrix.from_raw(raw, items)
    first = fit_model("f=~t1+t2+t3+t4", data, estimator="FIML")
    patterns = missing_patterns(np.where(raw < 0, NAN, raw), data.item_codes)
    second = fit_model("f=~t1+t2+t3+t4", patterns, estimator="FIML")
    np.testing.assert_array_equal(first.theta, second.theta)
    assert first.missing == "fiml"
    assert first.estimator == "FIML"


def test_what_is_made_from_a_fit_is_made_from_this_one() -> None:
    fit = fit_model(HS_MODEL, hs_gaps(), estimator="FIML")
    largest = modification_indices(fit)[0]
    assert largest.name == "visual=~x9"
    freed = fit_model(HS_MODEL + "\nvisual=~x9", hs_gaps(), estimator="FIML")
    drop = measures_of(fit).chi2 - measures_of(freed).chi2
    assert largest.index == pytest.approx(drop, rel=0.15)
    reliability = {one.factor: one for one in factor_reliability(fit)}
    complete = fit_model(HS_MODEL, hs(), estimator="ML", means=True)
    for one in factor_reliability(complete):
        assert reliability[one.factor].omega == pytest.approx(one.omega, abs=0.08)
        # the interval takes everybody's answers as complete
        assert reliability[one.factor].omega_interval is None


def test_score_tests_of_equalities_are_those_of_lavaan() -> None:
    """Both take the expected information of the patterns of gaps."""
    fit = FITS["groups"]()
    tests = {one.name: one.index for one in equality_tests(fit)}
    first = [row for row in fit.problem.model.rows if row.group == 0]
    order = [row.name for row in first if row.name in tests]
    stored = [row["X2"] for row in gaps_reference()["score"]]
    assert len(order) == len(stored) == 15
    for name, theirs in zip(order, stored, strict=True):
        assert tests[name] == pytest.approx(theirs, rel=1e-4, abs=1e-4)


def test_a_pair_nobody_answered_together_comes_from_the_model_alone() -> None:
    values = hs_values().copy()
    values[:150][:, [2, 5]] = NAN
    values[150:][:, [1, 8]] = NAN
    stored = gaps_reference()["apart"]
    fit = fit_model(HS_MODEL, missing_patterns(values, HS_ITEMS), estimator="FIML")
    hold(fit, stored["parameters"], ("",))
    found = measures_of(fit)
    assert found.loglik == pytest.approx(stored["logl"], abs=1e-4)
    assert codes(fit) == ["pairs-apart"]
    assert "4 pairs of items" in str(fit.warnings[0])
    # four covariances fewer than the 54 moments, in the model and in the baseline
    assert (found.df, found.baseline_df) == (20, 32)
    assert found.corrected is None
    (group,) = fit.groups
    assert group.residual_correlation[2, 1] == 0
    i, j = np.tril_indices(9)
    seen = ~np.isin(9 * i + j, [19, 46, 74, 77])
    sd = np.sqrt(np.diag(group.covariance))
    means = (group.mean - group.implied_mean) / sd
    squares = np.concatenate([group.residual_correlation[i, j][seen], means]) ** 2
    assert found.srmr == pytest.approx(np.sqrt(squares.mean()), abs=1e-12)


def test_a_parameter_that_only_unseen_pairs_tell_is_named() -> None:
    values = hs_values()[:, :4].copy()
    values[:150, :2] = NAN
    values[150:, 2:] = NAN
    patterns = missing_patterns(values, HS_ITEMS[:4])
    with pytest.raises(NotDefined, match="not identified"):
        fit_model(
            "f=~x1+x2\ng=~x3+x4\nx1~~0.4*x1\nx3~~.4*x3", patterns, estimator="FIML"
        )


def test_without_degrees_of_freedom_only_the_fit_is_missing() -> None:
    fit = fit_model("f=~x1+x2+x3", hs_gaps(), estimator="FIML", errors="robust")
    found = measures_of(fit)
    assert codes(fit) == ["empty-rows", "sem-saturated"]
    assert found.df == 0
    assert found.chi2 == pytest.approx(0, abs=1e-8)
    assert (found.p, found.cfi, found.rmsea, found.scaled) == (None,) * 4
    assert found.corrected is None
    assert fit.parameter("f=~x2").value.se is not None


def test_a_heywood_case_is_said() -> None:
    rng = np.random.default_rng(0)
    f = rng.standard_normal((60, 1))
    values = f * [1.0, 0.15, 0.15] + rng.standard_normal((60, 3)) * [0.05, 1, 1]
    values[:9, 0], values[9:20, 1] = NAN, NAN
    fit = fit_model("f=~a+b+c", missing_patterns(values, "abc"), estimator="FIML")
    assert fit.converged
    assert "sem-saturated" in codes(fit)
    negative = fit.parameter("a~~a").value.estimate < 0
    assert negative == ("sem-negative-variance" in codes(fit))


def test_covariances_are_not_enough() -> None:
    with pytest.raises(TooFewData, match="needs the answers themselves"):
        fit_model(HS_MODEL, hs(), estimator="FIML")
    with pytest.raises(ValueError, match="go with FIML"):
        fit_model(HS_MODEL, hs_gaps(), estimator="ML")


def test_a_solution_that_is_not_reached_has_no_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analytics.psychometrics.sem.saturated._ROUNDS", 1)
    monkeypatch.setattr("analytics.psychometrics.sem.saturated._FIRST_STEPS", 1)
    monkeypatch.setattr(
        "analytics.psychometrics.sem.saturated._shortened", lambda *_: None
    )
    fit = fit_model(HS_MODEL, hs_gaps(), estimator="FIML")
    assert not fit.converged
    assert codes(fit) == ["saturated-not-converged"]
    assert (fit.parameters, fit.measures, fit.groups) == ((), None, ())


def test_steps_that_lead_nowhere_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.psychometrics.sem.scoring._MAX_STEPS", 0)
    fit = fit_model(HS_MODEL, hs_gaps(), estimator="FIML")
    assert not fit.converged
    assert codes(fit) == ["sem-not-converged"]
