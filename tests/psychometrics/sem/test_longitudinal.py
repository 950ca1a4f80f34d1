"""The same people at several waves: invariance and latent change."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    Item,
    Matrix,
    ResponseMatrix,
    TooFewData,
    paired_difference,
)
from analytics.psychometrics.sem import (
    Estimator,
    FourthMoments,
    InvarianceLevel,
    at_wave,
    check_model,
    fourth_moments,
    latent_changes,
    linked_waves,
    longitudinal_invariance,
    longitudinal_text,
    survey_moments,
)
from analytics.psychometrics.sem.missing_patterns import (
    MissingPatterns,
    missing_patterns,
)
from tests.psychometrics.cases import REFERENCE, read_columns

from .cases import close

FOLDER = REFERENCE / "longitudinal"
STORED = json.loads((FOLDER / "longitudinal.json").read_text("utf-8"))
SCALES = {"trust": ["t1", "t2", "t3", "t4"], "work": ["s1", "s2", "s3"]}
ITEMS = [item for items in SCALES.values() for item in items]
WAVES = ("1", "2")
# in the order of the file
COLUMNS = [at_wave(item, wave) for item in ITEMS for wave in WAVES]
KINDS: dict[str, tuple[Estimator, Any]] = {
    "ML": ("ML", "observed"),
    "MLR": ("MLR", "observed"),
    "FIML": ("FIML", "observed"),
    "FIML_MLR": ("FIML", "robust"),
}


@cache
def values() -> Matrix:
    """300 people, 48 of whom left before the second wave."""
    return read_columns(FOLDER / "waves.csv", COLUMNS)


@cache
def complete() -> FourthMoments:
    return fourth_moments(values(), COLUMNS)


@cache
def gaps() -> MissingPatterns:
    return missing_patterns(values(), COLUMNS)


@cache
def levels(kind: str) -> dict[str, InvarianceLevel]:
    estimator, errors = KINDS[kind]
    data = gaps() if estimator == "FIML" else complete()
    found = longitudinal_invariance(
        SCALES, WAVES, data, estimator=estimator, errors=errors
    )
    return {one.level: one for one in found}


MEASURES: dict[str, Any] = {
    "chisq": lambda m: m.chi2,
    "df": lambda m: m.df,
    "pvalue": lambda m: m.p,
    "cfi": lambda m: m.cfi,
    "tli": lambda m: m.tli,
    "rmsea": lambda m: m.rmsea.estimate,
    "srmr": lambda m: m.srmr,
    "logl": lambda m: m.loglik,
    "chisq.scaled": lambda m: m.scaled.chi2,
    "pvalue.scaled": lambda m: m.scaled.p,
    "chisq.scaling.factor": lambda m: m.scaled.factor,
}
# FIML: lavaan 0.6-14 makes its robust indices otherwise; see the FIML comparison
MEASURES_OF_COMPLETE: dict[str, Any] = {
    "cfi.robust": lambda m: m.scaled.cfi_robust,
    "rmsea.robust": lambda m: m.scaled.rmsea_robust.estimate,
}


def held(fit: Any, stored: Any, measures: dict[str, Any]) -> None:
    for row in stored["parameters"]:
        derived = f"change_{row['lhs'].removeprefix('std_')}_2"
        name = f"{row['lhs']}{row['op']}{row['rhs']}"
        value = fit.parameter(derived if row["op"] == ":=" else name).value
        close(value.estimate, row["est"], 1e-5, name)
        close(value.se or 0.0, row["se"], 1e-4, name)
    for key in stored["fit"].keys() & measures.keys():
        close(measures[key](fit.measures), stored["fit"][key], 1e-4, key)
    assert fit.n_free == stored["fit"]["npar"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_level_is_that_of_lavaan(kind: str) -> None:
    measures = MEASURES | ({} if kind.startswith("FIML") else MEASURES_OF_COMPLETE)
    for level, found in levels(kind).items():
        held(found.fit, STORED[kind][level], measures)
    differences = [one.difference for one in levels(kind).values() if one.difference]
    assert len(differences) == 3
    for ours, theirs in zip(differences, STORED[kind]["lrt"], strict=True):
        close(ours.chi2, theirs["Chisq diff"], 1e-4)
        close(ours.p, theirs["Pr(>Chisq)"], 1e-4)
        assert ours.df == theirs["Df diff"]


def test_score_tests_are_those_of_lavaan() -> None:
    stored = {row["second"]: row["X2"] for row in STORED["score"]}
    tests = levels("ML")["scalar"].tests
    assert len(tests) == 7
    for one in tests:
        close(one.index, stored[one.name], 1e-4, one.name)


@pytest.mark.parametrize("kind", ["ML", "FIML"])
def test_the_planted_drift_is_found_and_let_go(kind: str) -> None:
    estimator, errors = KINDS[kind]
    data = gaps() if estimator == "FIML" else complete()
    found = longitudinal_invariance(
        SCALES, WAVES, data, estimator=estimator, errors=errors, release=0.05
    )
    assert [one.released for one in found] == [(), (), ("t3_2~1",), ("t3_2~1",)]
    partial = found[2]
    held(partial.fit, STORED[kind]["partial"], MEASURES)
    assert partial.difference is not None
    assert partial.difference.p is not None
    assert partial.difference.p > 0.05
    # without the drifting item the rise of .4 lies inside the interval
    trust, work = latent_changes(partial.fit, SCALES, WAVES)
    assert trust.standardized.low is not None
    assert trust.standardized.high is not None
    assert trust.standardized.low < 0.4 < trust.standardized.high
    assert work.change.p is not None
    assert work.change.p > 0.05
    assert 0.5 < trust.stability.estimate < 0.85


def test_only_a_fit_with_means_has_changes() -> None:
    with pytest.raises(ValueError, match="scalar or strict"):
        latent_changes(levels("ML")["metric"].fit, SCALES, WAVES)


def test_the_first_item_says_what_a_point_is() -> None:
    """Answers times ten: the change times ten, the standardized one as it was."""
    ten = fourth_moments(10 * values(), COLUMNS)
    found = longitudinal_invariance(
        SCALES, WAVES, ten, estimator="MLR", levels=("scalar",)
    )
    before = latent_changes(levels("MLR")["scalar"].fit, SCALES, WAVES)
    for one, other in zip(
        before, latent_changes(found[0].fit, SCALES, WAVES), strict=True
    ):
        assert other.change.estimate == pytest.approx(
            10 * one.change.estimate, rel=1e-5
        )
        assert other.change.se == pytest.approx(10 * (one.change.se or 0), rel=1e-5)
        assert other.standardized.estimate == pytest.approx(
            one.standardized.estimate, rel=1e-5
        )


def test_waves_in_the_other_order_turn_the_change() -> None:
    back = longitudinal_invariance(
        SCALES, ("2", "1"), complete(), estimator="ML", levels=("strict",)
    )[0].fit
    there = levels("ML")["strict"].fit
    assert back.measures is not None
    assert there.measures is not None
    assert back.measures.chi2 == pytest.approx(there.measures.chi2, rel=1e-7)
    turned = latent_changes(back, SCALES, ("2", "1"))
    for one, other in zip(latent_changes(there, SCALES, WAVES), turned, strict=True):
        assert other.change.estimate == pytest.approx(-one.change.estimate, abs=1e-6)
        assert other.change.se == pytest.approx(one.change.se, rel=1e-5)


def test_the_same_answers_again_are_no_change(rng: np.random.Generator) -> None:
    """Three waves that differ by nothing but noise: levels hold, changes near zero."""
    n = 400
    factor = rng.standard_normal(n)
    names, columns = [], []
    for wave in ("a", "b", "c"):
        level = 0.9 * factor + 0.3 * rng.standard_normal(n)
        for k in range(3):
            names.append(at_wave(f"i{k}", wave))
            columns.append(level + 0.7 * rng.standard_normal(n))
    data = fourth_moments(np.column_stack(columns), names)
    scales = {"f": ["i0", "i1", "i2"]}
    found = longitudinal_invariance(scales, ("a", "b", "c"), data, estimator="ML")
    assert [one.level for one in found] == ["configural", "metric", "scalar", "strict"]
    differences = [one.difference for one in found if one.difference]
    assert [one.df for one in differences] == [4, 4, 6]
    assert all(one.p is not None and one.p > 0.01 for one in differences)
    for change in latent_changes(found[2].fit, scales, ("a", "b", "c")):
        assert change.change.se is not None
        assert abs(change.change.estimate) < 3 * change.change.se
    with pytest.raises(ValueError, match="different waves"):
        longitudinal_text(scales, ("a", "a"), level="metric")


def test_latent_change_is_near_the_change_of_the_scores() -> None:
    x = {name: values()[:, i] for i, name in enumerate(COLUMNS)}
    there = ~np.isnan(values()).any(axis=1)
    first, second = (
        np.mean([x[at_wave(item, wave)][there] for item in SCALES["work"]], axis=0)
        for wave in WAVES
    )
    scores = paired_difference(second, first).difference
    latent = latent_changes(levels("ML")["scalar"].fit, SCALES, WAVES)[1].change
    assert latent.se is not None
    assert abs(latent.estimate - scores.estimate) < latent.se


def test_teams_widen_the_error_of_a_change() -> None:
    teams = np.arange(len(values())) // 10
    data = survey_moments(values(), COLUMNS, clusters=teams, weights=None)
    found = longitudinal_invariance(
        SCALES, WAVES, data, estimator="MLR", levels=("scalar",)
    )
    plain = latent_changes(levels("MLR")["scalar"].fit, SCALES, WAVES)
    for one, other in zip(
        plain, latent_changes(found[0].fit, SCALES, WAVES), strict=True
    ):
        assert other.change.estimate == pytest.approx(one.change.estimate, abs=1e-6)
        assert other.change.se != pytest.approx(one.change.se, rel=1e-3)


def wave_of(rows: list[list[int]], low: int = 1) -> ResponseMatrix:
    items = [Item("a", low, low + 4), Item("b", low, low + 4, reverse=True)]
    return ResponseMatrix.from_raw(np.array(rows), items)


def test_linked_answers_stand_side_by_side() -> None:
    first, second = wave_of([[1, 5], [2, 4], [3, 3]]), wave_of([[5, 1], [4, 2]])
    found = linked_waves(
        {"1": first, "2": second}, {"1": ["u", "v", "w"], "2": ["w", "x"]}
    )
    assert found.items == ("a_1", "b_1", "a_2", "b_2")
    assert found.people == ("u", "v", "w", "x")
    assert found.in_all == 1
    assert found.answered.tolist() == [
        [True, False],
        [True, False],
        [True, True],
        [False, True],
    ]
    gap = np.nan
    # b is reversed: 5 becomes 1
    expected = [
        [1, 1, gap, gap],
        [2, 2, gap, gap],
        [3, 3, 5, 5],
        [gap, gap, 4, 4],
    ]
    assert np.array_equal(found.values, np.array(expected), equal_nan=True)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 2


def test_what_cannot_be_linked_is_said() -> None:
    one, two = wave_of([[1, 5], [2, 4]]), wave_of([[5, 1], [4, 2]])
    with pytest.raises(TooFewData, match="comparison over waves needs"):
        linked_waves({"1": one, "2": two}, {"1": ["u", "v"], "2": ["x", "y"]})
    with pytest.raises(ValueError, match="each once"):
        linked_waves({"1": one, "2": two}, {"1": ["u", "u"], "2": ["x", "y"]})
    with pytest.raises(ValueError, match="Two or more waves"):
        linked_waves({"1": one}, {"1": ["u", "v"]})


def test_texts_are_models_of_the_columns() -> None:
    for level in ("configural", "metric", "scalar", "strict"):
        check_model(longitudinal_text(SCALES, WAVES, level=level), COLUMNS, means=True)
    with pytest.raises(ValueError, match="no level thresholds"):
        longitudinal_text(SCALES, WAVES, level="thresholds")
    with pytest.raises(ValueError, match="parameter t3_1~1"):
        longitudinal_text(SCALES, WAVES, level="scalar", apart=("t3_1~1",))


def test_other_estimators_are_refused() -> None:
    with pytest.raises(ValueError, match="not WLSMV"):
        longitudinal_invariance(SCALES, WAVES, complete(), estimator="WLSMV")


def test_two_equal_items_stay_whatever_drifts(rng: np.random.Generator) -> None:
    """All intercepts but one drift; of three items only one is let go."""
    n = 500
    factor = rng.standard_normal(n)
    names, columns = [], []
    for wave, drift in (("1", (0.0, 0.0, 0.0)), ("2", (0.0, 0.9, -0.9))):
        for k in range(3):
            names.append(at_wave(f"i{k}", wave))
            columns.append(factor + drift[k] + 0.6 * rng.standard_normal(n))
    found = longitudinal_invariance(
        {"f": ["i0", "i1", "i2"]},
        WAVES,
        fourth_moments(np.column_stack(columns), names),
        estimator="ML",
        levels=("configural", "metric", "scalar"),
        release=0.05,
    )
    assert len(found[2].released) == 1
    assert found[2].difference is not None
    assert found[2].difference.p is not None
    assert found[2].difference.p < 0.001
