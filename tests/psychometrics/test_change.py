"""Changes between waves against R 4.2.2 and against calculations written out naively."""

import math

import numpy as np
import pytest

from analytics.psychometrics import (
    Estimate,
    NotDefined,
    SampleMoments,
    TooFewData,
    interrupted_series,
    mean_change,
    recovery,
    reliable_change,
)
from analytics.psychometrics.distributions import t_quantile

X = np.array([5.2, 4.8, 6.1, 3.9, 5.5, 4.4, 6.6, 5.0, 4.1, 5.8, 4.9, 5.3])
Y = np.array([4.6, 4.9, 5.2, 3.1, 5.6, 4.0, 5.1, 4.8, 4.3])
# R 4.2.2: t.test(y, x): difference, conf.int, statistic, parameter, p.value
WELCH = [-0.51111111111111107, -1.22258223496608354, 0.20036001274386137]
WELCH_TEST = [-1.50924796737302969, 18.00426918194127168, 0.14858492497035208]
# g = J(m) d with gamma(); ends by uniroot(pt(t, m, ncp) - c(.975, .025), tol = 1e-14)
HEDGES = [-0.63221909592135461, -1.47770184001723037, 0.22889916354541667]

TIMES = [0, 1, 2, 3.5, 5]
WAVES = [
    SampleMoments(n, mean, variance)
    for n, mean, variance in [
        (30, 5.1, 1.2),
        (28, 5.2, 1.1),
        (35, 5.15, 1.4),
        (25, 4.4, 1.6),
        (31, 4.6, 1.3),
    ]
]


def of(values: np.ndarray) -> SampleMoments:
    return SampleMoments(len(values), float(values.mean()), float(values.var(ddof=1)))


def three(found: Estimate) -> list[float]:
    assert found.low is not None
    assert found.high is not None
    return [found.estimate, found.low, found.high]


def test_difference_of_means_and_effect_equal_r() -> None:
    found = mean_change(of(X), of(Y))
    assert three(found.difference) == pytest.approx(WELCH, rel=1e-12)
    assert [found.t, found.df, found.p] == pytest.approx(WELCH_TEST, rel=1e-12)
    # R says of its noncentral t that full precision may not be reached
    assert three(found.standardized) == pytest.approx(HEDGES, rel=1e-8)
    assert found.difference.n == 21


def test_backwards_only_the_signs_change() -> None:
    there, back = mean_change(of(X), of(Y)), mean_change(of(Y), of(X))
    estimate, low, high = three(there.difference)
    assert three(back.difference) == pytest.approx([-estimate, -high, -low])
    assert back.p == pytest.approx(there.p)


def test_a_shift_and_a_stretch_leave_the_effect() -> None:
    one, two = mean_change(of(X), of(Y)), mean_change(of(10 * X + 3), of(10 * Y + 3))
    assert three(two.standardized) == pytest.approx(three(one.standardized), rel=1e-9)
    assert three(two.difference) == pytest.approx(
        [10 * end for end in three(one.difference)]
    )


def test_a_mean_of_one_person_and_samples_without_spread_are_refused() -> None:
    with pytest.raises(TooFewData, match="there are 1"):
        mean_change(of(X), SampleMoments(1, 4.0, 0.0))
    with pytest.raises(NotDefined, match="not defined"):
        mean_change(SampleMoments(8, 4.0, 0.0), SampleMoments(8, 5.0, 0.0))


def test_one_sample_without_spread_still_has_an_interval() -> None:
    found = mean_change(SampleMoments(30, 4.0, 0.0), of(X))
    assert found.df == pytest.approx(11)  # only the error of the second counts


def test_reliable_change_is_that_of_the_paper() -> None:
    """Jacobson & Truax (1991): s = 7.5, r = .80, from 32.5 to 47.5: RC = 3.16."""
    before = np.array([32.5 - 7.5, 32.5, 32.5 + 7.5])
    found = reliable_change(before, before + np.array([15, 0, -15]), reliability=0.80)
    assert found.error == pytest.approx(4.74, abs=0.005)
    assert 15 / found.error == pytest.approx(3.16, abs=0.005)
    assert (found.improved, found.unchanged, found.worsened) == (1, 1, 1)


def test_a_change_is_reliable_beyond_the_threshold_only() -> None:
    before = np.linspace(1, 7, 13)
    limit = reliable_change(before, before, reliability=0.7).threshold
    at, above = np.zeros(13), np.zeros(13)
    at[3], above[3], above[4] = limit * (1 - 1e-9), limit * (1 + 1e-9), -limit * 1.001
    found = reliable_change(before, before + at, reliability=0.7)
    assert (found.improved, found.worsened) == (0, 0)
    found = reliable_change(before, before + above, reliability=0.7)
    assert (found.improved, found.unchanged, found.worsened) == (1, 11, 1)


def test_reliable_change_leaves_out_people_with_one_score() -> None:
    before, after = np.append(X, np.nan), np.append(X + 0.1, 4.0)
    assert reliable_change(before, after, reliability=0.8).n == 12


@pytest.mark.parametrize("reliability", [0.0, 1.0, -0.2])
def test_reliable_change_needs_a_reliability(reliability: float) -> None:
    with pytest.raises(NotDefined, match="above zero"):
        reliable_change(X, X, reliability=reliability)


def test_reliable_change_needs_two_people_who_differ() -> None:
    with pytest.raises(TooFewData, match="there are 1"):
        reliable_change(X[:1], X[:1], reliability=0.8)
    with pytest.raises(NotDefined, match="not defined"):
        reliable_change(np.full(5, 4.0), X[:5], reliability=0.8)


def test_step_with_a_trend_equals_weighted_least_squares_of_r() -> None:
    """lm(mean ~ after + time, weights = n); its error by hand from solve(X'WX) X'W."""
    found = interrupted_series(TIMES, WAVES, 2.5)
    # Satterthwaite's degrees for that row; ends by qt(.975, df)
    assert three(found.change) == pytest.approx(
        [-0.831558767346551764, -1.729465470660416671, 0.066347935967313254], rel=1e-10
    )
    assert found.df == pytest.approx(72.684738960327962332, rel=1e-10)
    assert found.slope == pytest.approx(0.059008940217459546, rel=1e-10)
    assert (found.misfit, found.misfit_p) == pytest.approx(
        (0.272854515742483483, 0.872469783260688803), rel=1e-9
    )
    assert (found.model, found.misfit_df) == ("level and trend", 2)


def test_with_one_wave_on_a_side_only_levels_are_compared() -> None:
    """lm(mean ~ after, weights = n) over the waves 1, 2 and 4."""
    few = [0, 1, 3]
    found = interrupted_series([TIMES[k] for k in few], [WAVES[k] for k in few], 2.5)
    assert three(found.change) == pytest.approx(
        [-0.7482758620689659, -1.33374054253981433, -0.16281118159811747], rel=1e-10
    )
    assert (found.misfit, found.misfit_p) == pytest.approx(
        (0.1263647173278542, 0.72223140888702519), rel=1e-9
    )
    assert (found.model, found.slope) == ("level", None)


def test_with_two_waves_the_step_is_welchs_difference() -> None:
    found = interrupted_series([0, 1], [of(X), of(Y)], 1)
    assert three(found.change) == pytest.approx(WELCH, rel=1e-11)
    assert found.df == pytest.approx(WELCH_TEST[1], rel=1e-11)
    assert (found.model, found.misfit_p) == ("difference", None)


def test_the_unit_and_the_origin_of_time_do_not_matter() -> None:
    days = [700_000 + 30 * t for t in TIMES]
    one, two = (
        interrupted_series(TIMES, WAVES, 2.5),
        interrupted_series(days, WAVES, 700_075),
    )
    assert three(two.change) == pytest.approx(three(one.change), rel=1e-8)


def test_a_planted_step_is_covered_as_often_as_stated() -> None:
    """Four waves of 12 people, a step of -0.5 and a trend of 0.1; seeded."""
    rng = np.random.default_rng(11)
    covered, rounds = 0, 1500
    for _ in range(rounds):
        waves = [of(rng.normal(5 + 0.1 * t - 0.5 * (t >= 2), 1, 12)) for t in range(4)]
        _, low, high = three(interrupted_series(range(4), waves, 1.5).change)
        covered += low <= -0.5 <= high
    # four standard errors of the simulation
    assert covered / rounds == pytest.approx(0.95, abs=4 * math.sqrt(0.0475 / rounds))


def test_a_step_needs_waves_on_both_sides_and_spread_in_each() -> None:
    with pytest.raises(TooFewData, match="one side has 0"):
        interrupted_series(TIMES, WAVES, 9)
    with pytest.raises(NotDefined, match="not defined"):
        interrupted_series([0, 1], [of(X), SampleMoments(8, 5.0, 0.0)], 1)
    with pytest.raises(ValueError, match="must increase"):
        interrupted_series([1, 1], [of(X), of(Y)], 1)


BEFORE, LOWEST, NOW = (
    SampleMoments(40, 5.4, 1.1),
    SampleMoments(36, 4.2, 1.5),
    SampleMoments(38, 4.9, 1.3),
)


def fieller_by_search(df: float, levels: np.ndarray) -> tuple[float, float]:
    """Return the shares that a t test of N - share D = 0 does not reject."""
    errors = [one.variance / one.n for one in (BEFORE, LOWEST, NOW)]
    kept = []
    for share in levels:
        contrast = (-share, share - 1, 1)
        means = (BEFORE.mean, LOWEST.mean, NOW.mean)
        value = sum(c * m for c, m in zip(contrast, means, strict=True))
        error = sum(c * c * e for c, e in zip(contrast, errors, strict=True)) ** 0.5
        if abs(value) / error <= t_quantile(0.975, df):
            kept.append(float(share))
    return min(kept), max(kept)


def test_the_interval_of_a_recovery_is_what_tests_do_not_reject() -> None:
    found = recovery(BEFORE, LOWEST, NOW)
    assert found.estimate == pytest.approx(0.7 / 1.2)
    share, waves = found.estimate, (BEFORE, LOWEST, NOW)
    parts = [
        c * c * one.variance / one.n
        for c, one in zip((share, 1 - share, 1), waves, strict=True)
    ]
    df = sum(parts) ** 2 / sum(
        part**2 / (one.n - 1) for part, one in zip(parts, waves, strict=True)
    )
    low, high = fieller_by_search(df, np.arange(-1, 4, 2e-5))
    assert three(found)[1:] == pytest.approx([low, high], abs=4e-5)


def test_recovery_of_nothing_and_of_all() -> None:
    assert recovery(BEFORE, LOWEST, LOWEST).estimate == 0
    assert recovery(BEFORE, LOWEST, BEFORE).estimate == 1


def test_an_unclear_drop_has_no_share() -> None:
    with pytest.raises(NotDefined, match="not clear"):
        recovery(BEFORE, SampleMoments(36, 5.2, 1.5), NOW)
    with pytest.raises(NotDefined, match="not clear"):
        recovery(BEFORE, SampleMoments(36, 5.9, 1.5), NOW)
    with pytest.raises(TooFewData, match="there are 1"):
        recovery(BEFORE, LOWEST, SampleMoments(1, 5.0, 0.0))


def test_the_interval_of_a_recovery_covers_as_often_as_stated() -> None:
    rng = np.random.default_rng(5)
    covered, rounds = 0, 1500
    for _ in range(rounds):
        waves = [of(rng.normal(mean, 1, 25)) for mean in (5.5, 4.0, 4.75)]
        _, low, high = three(recovery(*waves))
        covered += low <= 0.5 <= high
    assert covered / rounds == pytest.approx(0.95, abs=4 * math.sqrt(0.0475 / rounds))
