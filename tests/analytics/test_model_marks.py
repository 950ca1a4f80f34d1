"""Factor model, groups, teams and further referents: around each mark."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from analytics import comparison_tables, team_tables
from analytics.answers import Answers
from analytics.factor_model import factor_model_of
from analytics.factor_results import Invariance, LevelFit, ModelFit, RmseaResult
from analytics.factor_sample import sample_of, small_sample
from analytics.factor_tables import FactorTables, fit_reading, invariance_reading, sizes
from analytics.invariance import (
    _chosen,
    _hardly_worse,
    _highest,
    _level_fits,
    _reason,
)
from analytics.own_model import own_model_of
from analytics.plan import AnalysisPlan, ModelFile
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import build_report
from analytics.results import (
    Absent,
    Difference,
    Figure,
    ReferentResult,
    Report,
    TeamTest,
)
from analytics.sentences import Sentence, say
from tests.analytics.samples import CARE, answers, matrix, plan, scale
from tests.analytics.test_comparison import HARBOUR, RIVAL

GOOD = {"cfi": 0.95, "tli": 0.95, "rmsea": 0.06, "srmr": 0.08}


@pytest.fixture(scope="module")
def sample() -> Report:
    asked = plan()
    teams = {"team": (np.arange(300) // 6).astype(np.int32)}
    held = matrix(answers(asked), asked)
    return build_report(held, asked, teams=teams)


@pytest.fixture(scope="module")
def cfa(sample: Report) -> ModelFit:
    assert sample.cfa is not None
    return replace(sample.cfa, notices=())


def fit(cfa: ModelFit, **values: float) -> ModelFit:
    found = {**GOOD, **values}
    rmsea = RmseaResult(found["rmsea"], 0.0, 0.1)
    return replace(
        cfa, cfi=found["cfi"], tli=found["tli"], rmsea=rmsea, srmr=found["srmr"]
    )


def said(found: ModelFit) -> list[str]:
    return [one.code for one in fit_reading(found).sentences]


# --- the factor model


@pytest.mark.parametrize(
    ("values", "chip", "within"),
    [
        ({}, "chip_cfa_within", 4),
        ({"cfi": 0.949}, "chip_cfa_partly", 3),
        ({"tli": 0.949}, "chip_cfa_partly", 3),
        ({"rmsea": 0.061}, "chip_cfa_partly", 3),
        ({"srmr": 0.081}, "chip_cfa_partly", 3),
        (
            {"cfi": 0.949, "tli": 0.949, "rmsea": 0.061, "srmr": 0.081},
            "chip_cfa_outside",
            0,
        ),
    ],
)
def test_indices_around_their_guides(
    sample: Report, cfa: ModelFit, values: dict[str, float], chip: str, within: int
) -> None:
    found = fit(cfa, **values)
    read = fit_reading(found)
    assert read.chip.code == chip
    assert read.sentences[0] == say("cfa_fit", within=within, count=4)
    table = FactorTables(sample, "en", 2).fit_of(found, "Fit")
    assert table is not None
    assert sum(row[-1].text == "Within" for row in table.rows) == within


def test_a_model_without_degrees_of_freedom_is_not_tested(cfa: ModelFit) -> None:
    found = replace(fit(cfa), df=0)
    assert fit_reading(found).chip.code == "chip_not_testable"
    assert said(found) == []
    assert said(replace(found, df=1)) == ["cfa_fit", "cfa_exact", "cfa_guides"]


@pytest.mark.parametrize(
    ("code", "chip"),
    [
        ("sem-factors-not-positive", "chip_cfa_improper"),
        ("sem-saturated", "chip_cfa_within"),
        ("cfa_complete", "chip_cfa_within"),
    ],
)
def test_what_makes_a_solution_improper(cfa: ModelFit, code: str, chip: str) -> None:
    notice = Sentence(code, {"n": 1, "items": 1, "left": 1})
    assert fit_reading(replace(fit(cfa), notices=(notice,))).chip.code == chip


@pytest.mark.parametrize("scaled", [None, 30.0])
def test_robust_indices_are_said_where_they_exist(
    cfa: ModelFit, scaled: float | None
) -> None:
    found = replace(fit(cfa), chi2_scaled=scaled)
    assert ("cfa_robust" in said(found)) is (scaled is not None)


@pytest.mark.parametrize(("n", "is_said"), [(199, True), (200, False), (201, False)])
def test_a_small_sample(n: int, is_said: bool) -> None:
    assert bool(small_sample(n)) is is_said


@pytest.mark.parametrize(("n", "code"), [(11, "cfa_few"), (12, None)])
def test_one_person_more_than_items(n: int, code: str | None) -> None:
    found = sample_of(matrix(answers(plan(), n), plan()), plan())
    assert (found.code if isinstance(found, Sentence) else None) == code


@pytest.mark.parametrize(("p", "code"), [(80, None), (81, "cfa_robust_items")])
def test_the_most_items_of_robust_estimation(p: int, code: str | None) -> None:
    asked = plan(scales=(scale("CARE", CARE, p),), outcomes=(), estimator="MLR")
    found = sample_of(matrix(answers(asked, p + 1), asked), asked)
    assert (found.code if isinstance(found, Sentence) else None) == code


@pytest.mark.parametrize(
    ("n_items", "code"), [(1, "cfa_no_scales"), (2, "model-too-large"), (3, None)]
)
def test_a_factor_needs_items(n_items: int, code: str | None) -> None:
    asked = plan(scales=(scale("CARE", CARE, n_items),), outcomes=())
    held = Answers.of(matrix(answers(asked), asked), asked)
    reason = factor_model_of(held).cfa.reason
    assert (reason.code if reason else None) == code


def with_gaps(asked: AnalysisPlan, left: int) -> Answers:
    raw = answers(asked)
    raw[:left, 0] = -1
    return Answers.of(matrix(raw, asked), asked)


@pytest.mark.parametrize("left", [0, 1])
def test_people_who_left_an_item_out_are_counted(left: int) -> None:
    asked = plan(scales=(scale("CARE", CARE),), outcomes=())
    found = factor_model_of(with_gaps(asked, left)).cfa
    assert ("cfa_complete" in [one.code for one in found.notices]) is (left > 0)
    text = "care =~ CARE1 + CARE2 + CARE3 + CARE4"
    own = own_model_of(
        with_gaps(replace(asked, own_model=ModelFile("m.txt", text)), left)
    )
    assert own is not None
    assert ("own_complete" in [one.code for one in own.notices]) is (left > 0)


# --- measuring alike


def people(n: int) -> ResponseMatrix:
    return ResponseMatrix.from_raw(np.ones((n, 1), dtype=np.int64), [Item("a", 1, 7)])


@pytest.mark.parametrize(
    ("groups", "chosen", "codes"),
    [
        ([200, 200], 2, []),
        ([200, 200, 199], 2, ["invariance_left"]),
        ([200, 199], 1, []),
        ([200] * 10, 10, []),
        ([200] * 11, 10, ["invariance_most"]),
        ([200] * 11 + [199], 10, ["invariance_left", "invariance_most"]),
    ],
)
def test_which_groups_are_compared(
    groups: list[int], chosen: int, codes: list[str]
) -> None:
    parts = {str(k): people(n) for k, n in enumerate(groups)}
    found, notices = _chosen(parts)
    assert len(found) == chosen
    assert [one.code for one in notices] == codes


def level(
    name: str, cfi: float, rmsea: float, p: float | None = None, scaled: Any = None
) -> Any:
    """What the judgement of a level looks at; without p the indices decide."""
    measures = SimpleNamespace(
        scaled=scaled,
        chi2=1.0,
        df=1,
        cfi=cfi,
        rmsea=SimpleNamespace(estimate=rmsea),
        srmr=0.01,
    )
    return SimpleNamespace(
        level=name,
        fit=SimpleNamespace(measures=measures),
        difference=None if p is None else SimpleNamespace(p=p),
    )


@pytest.mark.parametrize(
    ("configural", "metric", "scalar", "verdict"),
    [
        ((0.899, 0.05), (0.899, 0.05), (0.899, 0.05), "none"),
        ((0.90, 0.05), (0.90, 0.05), (0.90, 0.05), "scalar"),
        ((0.96, 0.05), (0.9501, 0.05), (0.9402, 0.05), "scalar"),
        ((0.96, 0.05), (0.9499, 0.05), (0.9499, 0.05), "configural"),
        ((0.96, 0.05), (0.9501, 0.05), (0.9399, 0.05), "metric"),
        ((0.96, 0.05), (0.96, 0.0649), (0.96, 0.0798), "scalar"),
        ((0.96, 0.05), (0.96, 0.0651), (0.96, 0.0651), "configural"),
        ((0.96, 0.05), (0.96, 0.05), (0.96, 0.0651), "metric"),
    ],
)
def test_how_far_fit_may_fall(
    configural: tuple[float, float],
    metric: tuple[float, float],
    scalar: tuple[float, float],
    verdict: str,
) -> None:
    levels: Any = (
        level("configural", *configural),
        level("metric", *metric),
        level("scalar", *scalar),
    )
    assert _highest(levels) == verdict


@pytest.mark.parametrize(
    ("metric", "scalar", "verdict"),
    [
        ((0.90, 0.09, 0.025), (0.80, 0.12, 0.025), "scalar"),
        ((0.90, 0.09, 0.0249), (0.90, 0.09, 0.5), "configural"),
        ((0.90, 0.09, 0.5), (0.80, 0.12, 0.0249), "metric"),
        ((0.955, 0.06, 1e-9), (0.95, 0.07, 1e-9), "scalar"),
    ],
)
def test_what_chance_does_as_often_is_no_drift(
    metric: tuple[float, float, float],
    scalar: tuple[float, float, float],
    verdict: str,
) -> None:
    """Of two steps each may be called a drift by chance in half of five per cent."""
    levels: Any = (
        level("configural", 0.96, 0.05),
        level("metric", *metric),
        level("scalar", *scalar),
    )
    assert _highest(levels) == verdict


def test_more_steps_leave_each_less_to_chance() -> None:
    """Three steps: .0249 is more than a third of .05."""
    levels: Any = (
        level("configural", 0.96, 0.05),
        level("thresholds", 0.96, 0.05, 0.9),
        level("metric", 0.90, 0.09, 0.0249),
        level("scalar", 0.80, 0.12, 0.0166),
    )
    assert _highest(levels) == "metric"


def test_scaled_indices_are_not_held_against_unscaled_ones() -> None:
    """Where a level has none, those of all levels are unscaled."""
    robust = SimpleNamespace(cfi=0.99, chi2=0.5, rmsea=SimpleNamespace(estimate=0.01))
    first: Any = level("configural", 0.96, 0.05, scaled=robust)
    found = _level_fits((first, level("metric", 0.955, 0.05)))
    assert [one.cfi for one in found if one] == [0.96, 0.955]
    found = _level_fits((first, level("metric", 0.955, 0.05, scaled=robust)))
    assert [one.cfi for one in found if one] == [0.99, 0.99]


@pytest.mark.parametrize(
    ("rmsea", "holds"), [(0.0149, True), (0.015, True), (0.0151, False)]
)
def test_a_rise_of_rmsea_onto_the_mark_holds(rmsea: float, holds: bool) -> None:
    before = LevelFit(1.0, 0, None, None, 0.0)
    now = LevelFit(2.0, 1, None, rmsea, 0.0)
    assert _hardly_worse(before, now, 0.025) is holds


@pytest.mark.parametrize(
    ("verdict", "chip", "drifts"),
    [
        ("scalar", "chip_alike", False),
        ("partial_scalar", "chip_alike_partly", False),
        ("metric", "chip_not_alike", True),
        ("configural", "chip_not_alike", True),
        ("none", "chip_not_alike", True),
    ],
)
def test_what_is_said_of_a_verdict(verdict: Any, chip: str, drifts: bool) -> None:
    drifting = () if verdict == "scalar" else ("CARE1",)
    reason = _reason(verdict, drifting)
    assert reason.code == f"invariance_{verdict}"
    found = Invariance({"a": 200}, None, None, None, verdict, reason, drifting, ())
    read = invariance_reading(found)
    assert read.chip.code == chip
    codes = [one.code for one in read.sentences]
    assert ("invariance_drifting" in codes) is drifts
    still = invariance_reading(replace(found, drifting=()))
    assert [one.code for one in still.sentences] == [reason.code]


@pytest.mark.parametrize("n", [{}, {"a": 200}])
def test_sizes_are_said_of_groups_that_are_large_enough(n: dict[str, int]) -> None:
    reason = say("invariance_few", needs=200, has=len(n))
    found = Invariance(n, None, None, None, "not_testable", reason, (), ())
    assert (sizes(found) is not None) is bool(n)
    assert invariance_reading(found).chip.code == "chip_not_testable"


def test_groups_that_are_named_by_numbers_are_no_sizes() -> None:
    n = {"2": 1631, "1": 805}
    reason = _reason("scalar", ())
    said = sizes(Invariance(n, None, None, None, "scalar", reason, (), ()))
    assert said is not None
    assert said.text("en") == "Complete answers: 2 (1631), 1 (805)."
    assert said.text("zh-hans") == "完整作答：2（1631）、1（805）。"


# --- teams


@pytest.mark.parametrize(
    ("even", "skewed", "p", "code"),
    [
        (0.70, 0.70, 0.0499, "chip_team_one"),
        (0.70, 0.699, 0.0499, "chip_team_partly"),
        (0.699, 0.699, 0.0499, "chip_team_open"),
        (0.70, 0.70, 0.05, "chip_team_open"),
        (0.70, 0.70, 0.0501, "chip_team_open"),
    ],
)
def test_one_voice(
    sample: Report, even: float, skewed: float, p: float, code: str
) -> None:
    one = replace(
        sample.aggregation["team"]["CARE"],
        rwg_j=Figure(even, None, None, 300, "m"),
        rwg_j_skewed=Figure(skewed, None, None, 300, "m"),
        test=TeamTest(2.0, 49, 250, p),
    )
    assert team_tables.reading(one).chip.code == code


@pytest.mark.parametrize(("teams", "is_said"), [(1, True), (2, False)])
def test_agreement_needs_two_teams(teams: int, is_said: bool) -> None:
    asked = plan(scales=(scale("CARE", CARE, 3),), outcomes=())
    given = {"team": (np.arange(60) % teams).astype(np.int32)}
    found = build_report(matrix(answers(asked, 60), asked), asked, teams=given)
    icc = found.aggregation["team"]["CARE"].icc1
    few = isinstance(icc, Absent) and icc.reason.code == "team_few"
    assert few is is_said


def test_how_teams_are_read_is_said_where_there_are_any(sample: Report) -> None:
    codes = [one.code for one in team_tables.sentences(sample)]
    assert codes == ["team_guide", "team_sizes", "team_null"]
    assert team_tables.sentences(replace(sample, aggregation={})) == ()


# --- further referents


def differing(**p: float) -> ReferentResult:
    """Differences of 0.5 points with these p; a name that ends in _down is lower."""
    return ReferentResult(
        first=HARBOUR,
        name=RIVAL,
        scales={},
        differences={
            code.removesuffix("_down"): Difference(
                Figure(-0.5 if code.endswith("_down") else 0.5, 0.1, 0.9, 90, "m"),
                Figure(0.2, 0.1, 0.3, 90, "m"),
                tail,
            )
            for code, tail in p.items()
        },
        relations={},
    )


@pytest.mark.parametrize(
    ("p", "codes"),
    [
        ({"CARE": 0.049}, ["compare_higher"]),
        ({"CARE": 0.05}, ["compare_open"]),
        ({"CARE": 0.051}, ["compare_open"]),
        ({"CARE_down": 0.049}, ["compare_lower"]),
        ({"CARE_down": 0.05}, ["compare_open"]),
        # the smaller of two counts twice
        ({"CARE": 0.0249, "SKILL": 0.5}, ["compare_higher", "compare_open"]),
        ({"CARE": 0.025, "SKILL": 0.5}, ["compare_open"]),
    ],
)
def test_a_difference_between_referents(
    sample: Report, p: dict[str, float], codes: list[str]
) -> None:
    found = comparison_tables.sentences(sample, differing(**p))
    assert [one.code for one in found] == ["compare_guide", *codes]
