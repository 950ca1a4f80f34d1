"""The part of a release about outcomes, held against what it is made of."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analytics import plain
from analytics.answers import Answers, generator
from analytics.driver_results import DriversPart, Slopes
from analytics.drivers import SATISFACTION, drivers_of
from analytics.plan import Text
from analytics.psychometrics import mediation, scale_scores
from analytics.results import Absent, Figure, Report
from analytics.sentences import say
from analytics.thresholds import DRIVERS_N
from analytics.weights import plain_mean
from tests.analytics.driver_samples import (
    TRUST,
    customers,
    everyone,
    known,
    raw_answers,
    sample,
    wave,
    without_outcomes,
)
from tests.analytics.samples import scale

SAT, REP, REC = "OUT-C.SAT", "OUT-C.REP", "OUT-C.REC"
CODES = [code for code, _ in TRUST]


@pytest.fixture(scope="module")
def part() -> DriversPart:
    return drivers_of(*known(), everyone())


def scores() -> dict[str, np.ndarray]:
    now, _ = known()
    found = dict(Answers.of(now.data, now.plan).scores)
    (control,) = now.plan.controls
    found[control.code] = scale_scores(now.data, control.item_codes)
    return found


def residual(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    slope, level = np.polyfit(x, y, 1)
    left: np.ndarray = y - level - slope * x
    return left


def test_it_is_stored_and_read_as_it_was(part: DriversPart) -> None:
    stored = json.loads(json.dumps(plain.to_plain(part), allow_nan=False))
    assert plain.from_plain(DriversPart, stored) == part
    assert drivers_of(*known(), everyone()) == part


def test_every_correlation_is_tested_once_and_for_all(part: DriversPart) -> None:
    held = scores()
    p = [
        stats.pearsonr(held[scale], held[outcome])[1]
        for outcome in (SAT, REP, REC)
        for scale in CODES
    ]
    tests = [part.outcomes[o].tests[s] for o in (SAT, REP, REC) for s in CODES]
    # tails of SciPy's beta: relative
    assert [one.p for one in tests] == pytest.approx(p, rel=1e-9)
    assert [one.bh for one in tests] == pytest.approx(
        stats.false_discovery_control(p), rel=1e-9
    )
    order, worst = np.argsort(p), 0.0
    for place, at in enumerate(order):
        worst = max(worst, min(1, (12 - place) * p[at]))
        assert tests[at].holm == pytest.approx(worst, rel=1e-9)
    assert part.n_tests == 12


def test_propensity_is_held_constant_by_residuals(part: DriversPart) -> None:
    held = scores()
    assert part.control == "CTL.PRO"
    for code in CODES:
        found = part.outcomes[REP].given[code]
        assert isinstance(found, Figure)
        rest = [residual(held[k], held["CTL.PRO"]) for k in (code, REP)]
        assert found.estimate == pytest.approx(np.corrcoef(rest)[0, 1], abs=1e-12)
        assert found.n == 300


def test_a_control_is_the_marker_where_one_was_asked(part: DriversPart) -> None:
    held = scores()
    assert part.marker is not None
    sizes = [
        abs(np.corrcoef(held["CTL.PRO"], values)[0, 1])
        for code, values in held.items()
        if code != "CTL.PRO"
    ]
    assert part.marker.asked
    assert part.marker.first == "CTL.PRO"
    assert part.marker.size == pytest.approx(min(sizes), abs=1e-12)
    raw = known()[1].loyalty[REP][CODES[0]].r
    found = part.outcomes[REP].marked[CODES[0]]
    assert raw is not None
    assert isinstance(found, Figure)
    left = (raw - part.marker.size) / (1 - part.marker.size)
    assert found.estimate == pytest.approx(left, abs=1e-12)


def test_without_a_control_the_least_related_scales_stand_in() -> None:
    now, report = known()
    now = replace(now, plan=replace(now.plan, controls=()))
    found = drivers_of(now, report, everyone())
    assert found.control is None
    assert found.outcomes[REP].given == {}
    assert found.marker is not None
    held = scores()
    codes = [*CODES, SAT, REP, REC]
    R = np.abs(np.corrcoef([held[code] for code in codes]))
    assert not found.marker.asked
    assert found.marker.size == pytest.approx(R[np.triu_indices(7, 1)].min())
    at = codes.index(found.marker.first), codes.index(found.marker.second)
    assert R[at] == pytest.approx(found.marker.size)


@pytest.mark.parametrize(("n_scales", "marked"), [(2, False), (3, True)])
def test_three_scales_in_all_are_too_few_for_a_marker(
    n_scales: int, marked: bool
) -> None:
    now, report = known()
    chosen = CODES[:n_scales]
    asked = replace(
        now.plan, scales=now.plan.scales[:n_scales], outcomes=now.plan.outcomes[:1]
    )
    told = replace(
        report,
        scales={code: report.scales[code] for code in chosen},
        outcomes={SAT: report.outcomes[SAT]},
        loyalty={SAT: {code: report.loyalty[SAT][code] for code in chosen}},
    )
    found = drivers_of(replace(now, plan=replace(asked, controls=())), told, everyone())
    assert (found.marker is not None) is marked
    assert bool(found.outcomes[SAT].marked) is marked


def test_slopes_are_those_of_least_squares(part: DriversPart) -> None:
    held = scores()
    z = {code: (v - v.mean()) / v.std(ddof=1) for code, v in held.items()}
    x = np.column_stack([z[code] for code in CODES])
    beta = np.linalg.lstsq(x, z[SAT], rcond=None)[0]
    found = part.outcomes[SAT].linear
    ours = [found.slopes[code].estimate for code in CODES]
    assert ours == pytest.approx(beta, abs=1e-10)
    left = 1 - np.sum((z[SAT] - x @ beta) ** 2) / np.sum(z[SAT] ** 2)
    assert found.r_squared == pytest.approx(left, abs=1e-10)
    vif = np.diag(np.linalg.inv(np.corrcoef(x.T)))
    assert [found.vif[code] for code in CODES] == pytest.approx(vif)


def test_only_a_single_item_is_regressed_as_ordered(part: DriversPart) -> None:
    assert part.outcomes[SAT].ordinal is None
    found = part.outcomes[REC].ordinal
    assert isinstance(found, Slopes)
    assert found.kind == "ordinal"
    assert set(found.slopes) == set(CODES)
    assert found.slopes["BT.CON"].estimate > 0


def test_the_split_is_that_of_the_plain_mean(part: DriversPart) -> None:
    now, _ = known()
    held = Answers.of(now.data, now.plan)
    columns = [plain_mean(held), held.scores[SAT], held.scores[REP]]
    expected = mediation(
        np.column_stack(columns),
        ["trust", SAT, REP],
        first="trust",
        between=SAT,
        outcome=REP,
        ends="percentile",
        rng=generator(now.plan, f"split {REP}"),
        n_draws=100,
    )
    found = part.outcomes[REP].split
    assert found is not None
    assert found.paths["indirect"].estimate == expected.indirect.estimate
    assert found.paths["indirect"].low == expected.indirect.low
    assert (found.share, found.between) == (expected.share, SAT)
    # satisfaction is not split along itself
    assert part.outcomes[SAT].split is None
    assert part.satisfaction == SAT


def test_the_codes_of_satisfaction_are_those_of_the_outcome_packs() -> None:
    assert {"SAT", "JOB"} == SATISFACTION
    now, report = known()
    other = scale("OWN.LIKING", Text("Liking", "喜爱"), 3, group="outcome")
    assert other.code.rpartition(".")[2] not in SATISFACTION
    told = replace(
        report,
        outcomes={REP: report.outcomes[REP]},
        loyalty={REP: report.loyalty[REP]},
    )
    found = drivers_of(now, told, everyone())
    assert found.satisfaction is None
    assert found.outcomes[REP].split is None


def test_nothing_is_computed_of_what_the_report_does_not_tell() -> None:
    now, report = known()
    hidden = "BT.OPEN"
    told: Report = replace(
        report,
        scales={k: one for k, one in report.scales.items() if k != hidden},
        loyalty={
            outcome: {k: one for k, one in relations.items() if k != hidden}
            for outcome, relations in report.loyalty.items()
        },
    )
    found = drivers_of(now, told, everyone())
    assert hidden not in json.dumps(plain.to_plain(found))
    # not even its part in a mean or a regression
    blank = now.data.codes.copy()
    at = [k for k, item in enumerate(now.data.items) if item.code.startswith(hidden)]
    blank[:, at] = 0
    other = replace(now, data=type(now.data)(blank, now.data.items))
    assert drivers_of(other, told, everyone()) == found


@pytest.mark.parametrize(
    ("low", "told"), [(DRIVERS_N - 1, False), (DRIVERS_N, True), (DRIVERS_N + 1, True)]
)
def test_from_twenty_people_on_it_is_told(low: int, told: bool) -> None:
    now, report = sample(low)
    found = drivers_of(now, report, everyone(low))
    assert (found.reason is None) is told
    assert bool(found.outcomes) is told
    if not told:
        assert found.reason == say("drivers_few", needs=DRIVERS_N)


def test_a_band_that_begins_below_twenty_is_too_few() -> None:
    found = drivers_of(*known(), everyone(10, 300))
    assert found.reason == say("drivers_few", needs=DRIVERS_N)


def test_the_reason_of_everyone_and_a_form_without_outcomes() -> None:
    now, report = known()
    why = say("one_respondent")
    assert drivers_of(now, report, everyone(reason=why)).reason == why
    nothing = drivers_of(now, without_outcomes(report), everyone())
    assert nothing.reason == say("no_outcomes")


def test_gaps_leave_a_relation_without_numbers_and_with_a_reason() -> None:
    asked = customers()
    raw = raw_answers(asked, 60, 3)
    columns = [item.code for one in asked.constructs for item in one.items]
    raw[15:, columns.index("OUT-C.REP1") : columns.index("OUT-C.REP3") + 1] = -1
    now = wave(asked, raw)
    _, report = known()
    fewer = {
        code: replace(one, n=15, r=0.5) for code, one in report.loyalty[REP].items()
    }
    told = replace(report, loyalty={**report.loyalty, REP: fewer})
    found = drivers_of(now, told, everyone(60)).outcomes[REP]
    few = say("drivers_few", needs=DRIVERS_N)
    assert found.tests == {}
    assert found.given["BT.CON"] == Absent(few)
    assert found.linear.reason == few
    assert found.split is not None
    assert found.split.reason == few


def test_repeating_scales_have_no_slopes_but_a_reason_with_names() -> None:
    asked = customers()
    raw = raw_answers(asked, 60, 3)
    raw[:, 4:8] = raw[:, :4]
    _, report = known()
    found = drivers_of(wave(asked, raw), report, everyone(60)).outcomes[SAT]
    assert found.linear.reason is not None
    assert "Competence" in found.linear.reason.text("en") or "Care" in (
        found.linear.reason.text("en")
    )


def test_complete_rows_alone_where_the_plan_says_so() -> None:
    now, report = known()
    raw = now.data.codes.copy()
    raw[::10, 0] = -1
    data = type(now.data)(raw, now.data.items)
    strict = replace(now, data=data, plan=replace(now.plan, missing="listwise"))
    found = drivers_of(strict, report, everyone()).outcomes[SAT].given["BT.CON"]
    assert isinstance(found, Figure)
    assert found.n == 270
