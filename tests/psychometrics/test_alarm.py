"""The alarm over many cells: its stated rate, its power, and what it never does."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from analytics.psychometrics import (
    CellMoments,
    DropAlarm,
    Matrix,
    TooFewData,
    drop_alarm,
)
from tests.psychometrics.alarm_waves import (
    CEILING,
    DEPARTMENT,
    RATE,
    TEAMS,
    People,
    alarm,
    shares,
    tails,
)

SEED = 20261122


@pytest.fixture(scope="module")
def people() -> People:
    return People.of(np.random.default_rng(SEED))


def cells(n: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> CellMoments:
    return CellMoments(wide(n), wide(mean), wide(variance))


def wide(values: ArrayLike) -> Matrix:
    found: Matrix = np.atleast_2d(np.asarray(values, dtype=np.float64))
    return found


def watch(
    before: CellMoments,
    now: CellMoments,
    *,
    correlations: Matrix | None = None,
    rate: float = RATE,
    draws: int = 20_000,
) -> DropAlarm:
    apart = np.eye(before.n.shape[1])
    return drop_alarm(
        before,
        now,
        overlap=np.eye(before.n.shape[0]),
        correlations=apart if correlations is None else correlations,
        rate=rate,
        draws=draws,
        rng=np.random.default_rng(SEED),
    )


def test_the_rate_over_a_hundred_cells_is_about_the_stated_one(people: People) -> None:
    """Short form: 400 waves; a rate of .05 goes beyond these ends once in 1e3."""
    fired = shares(people, np.random.default_rng(SEED), replications=400)
    found = int(fired.any(axis=1).sum())
    assert stats.binom.cdf(found, 400, RATE) > 5e-4
    assert stats.binom.sf(found - 1, 400, RATE) > 5e-4


@pytest.mark.long
def test_the_rate_is_held_within_a_point_and_a_half(people: People) -> None:
    rng = np.random.default_rng(SEED)
    rate = shares(people, rng, replications=5000).any(axis=1).mean()
    print(f"\nfalse alarms, 100 cells x 4 scales, 5,000 waves: {rate:.4f}")
    again = shares(people, rng, replications=1000, same_people=True).any(axis=1).mean()
    print(f"the same people in both waves (r = .7 behind the answers): {again:.4f}")
    assert RATE - 0.015 <= rate <= RATE + 0.015
    assert again < RATE


@pytest.mark.long
def test_small_cells_and_a_ceiling_make_it_more_careful_never_less() -> None:
    start = np.random.default_rng(SEED)
    people = People.of(start, levels=CEILING, most_invited=13)
    rng = np.random.default_rng(SEED)
    rate = shares(people, rng, replications=2000).any(axis=1).mean()
    print(f"\nfalse alarms, teams of 8 to 12 near the upper end: {rate:.4f}")
    assert rate <= RATE


@pytest.mark.long
@pytest.mark.parametrize("sd", [0.3, 0.5])
def test_power_is_printed(people: People, sd: float) -> None:
    rng = np.random.default_rng(SEED)
    team = int(np.argsort(people.invited)[TEAMS // 2])
    places = {
        "one team": np.arange(TEAMS) == team,
        "its department": DEPARTMENT[team] == DEPARTMENT,
        "everyone": np.full(TEAMS, True),
    }
    found = {}
    for name, where in places.items():
        drop = np.where(where, sd * people.sd, 0.0)
        fired = shares(people, rng, replications=400, drop=drop)
        cell = {"one team": team, "its department": TEAMS + DEPARTMENT[team]}
        found[name] = fired[:, cell.get(name, 99)].mean()
    print(f"\npower for a drop of {sd} SD on all scales: {found}")
    assert found["one team"] <= found["its department"] <= found["everyone"]
    assert found["everyone"] > 0.99


def test_p_is_that_of_welch_and_of_scipy(people: People) -> None:
    rng = np.random.default_rng(3)
    before, now = people.answers(rng, 0), people.answers(rng, 1)
    found = alarm(before, now, rng, draws=500)
    assert found.p == pytest.approx(tails(before.moments(), now.moments()), rel=1e-12)
    n = int(before.n[0]), int(now.n[0])
    outside = stats.ttest_ind(
        before.scores[: n[0]],
        now.scores[: n[1]],
        equal_var=False,
        alternative="greater",
    )
    assert found.p[0] == pytest.approx(outside.pvalue, rel=1e-9)
    assert found.df[0] == pytest.approx(outside.df, rel=1e-9)


def test_independent_cells_get_sidaks_level() -> None:
    same = cells(np.full((50, 2), 30.0), np.full((50, 2), 4.0), np.ones((50, 2)))
    found = watch(same, same, draws=200_000)
    assert found.critical_p == pytest.approx(1 - 0.95**0.01, rel=0.03)
    assert found.watched == 100


def test_the_same_cell_twice_costs_nothing() -> None:
    one = cells([[30.0]], [[4.0]], [[1.0]])
    two = cells([[30.0, 30.0]], [[4.0, 4.0]], [[1.0, 1.0]])
    alone = watch(one, one, draws=200_000).critical_p
    twice = watch(two, two, draws=200_000, correlations=np.ones((2, 2))).critical_p
    assert alone == pytest.approx(RATE, rel=0.02)
    assert twice == pytest.approx(alone, rel=0.04)


def test_the_reference_is_that_of_correlated_normals() -> None:
    """Two scales of r = .6: P(max > z) by SciPy's bivariate normal."""
    two = cells([[30.0, 30.0]], [[4.0, 4.0]], [[1.0, 1.0]])
    R = np.array([[1, 0.6], [0.6, 1]])
    z = stats.norm.isf(watch(two, two, draws=400_000, correlations=R).critical_p)
    both = stats.multivariate_normal([0, 0], R).cdf([z, z])
    assert 1 - both == pytest.approx(RATE, abs=4 * np.sqrt(RATE * 0.95 / 400_000))


def test_only_a_drop_fires_and_only_beyond_the_critical_p() -> None:
    before = cells(np.full((3, 1), 30.0), [[5.0], [5.0], [5.0]], np.ones((3, 1)))
    limit = watch(before, before).critical_p
    t = stats.t.isf(limit, 58) * np.sqrt(2 / 30)
    after = replace(before, mean=5 - np.array([[t * 0.999], [t * 1.001], [-9.0]]))
    found = watch(before, after)
    assert found.fired.ravel().tolist() == [False, True, False]
    assert found.adjusted_p[1, 0] <= RATE < found.adjusted_p[0, 0]
    assert found.difference[2, 0] == pytest.approx(9)


def test_a_later_wave_changes_no_flag(people: People) -> None:
    """A flag is made from two waves and the seed, and from nothing else."""
    rng = np.random.default_rng(8)
    first, second, third = (people.answers(rng, wave) for wave in (0, 1, 1))
    one = alarm(first, second, np.random.default_rng(1), draws=2000)
    alarm(second, third, np.random.default_rng(1), draws=2000)
    two = alarm(first, second, np.random.default_rng(1), draws=2000)
    assert np.array_equal(one.fired, two.fired)
    assert np.array_equal(one.adjusted_p, two.adjusted_p)


def test_what_is_hidden_or_all_alike_is_not_watched() -> None:
    before = cells(
        [[30, 30, 30, 1]], [[5.0, np.nan, 4.0, 5.0]], [[1.0, np.nan, 0.0, np.nan]]
    )
    now = cells([[30, 30, 30, 9]], [[4.9, 4.0, 3.0, 4.0]], [[1.0, 1.0, 0.0, 1.0]])
    found = watch(before, now)
    assert found.watched == 1
    assert np.isnan(found.adjusted_p).tolist() == [[False, True, True, True]]
    assert not found.fired[0, 1:].any()


def test_nothing_to_watch_is_a_sentence() -> None:
    empty = cells([[30.0]], [[np.nan]], [[np.nan]])
    with pytest.raises(TooFewData, match="The alarm needs"):
        watch(empty, empty)
    with pytest.raises(ValueError, match="rate must lie"):
        watch(empty, empty, rate=1.0)


def test_an_indefinite_correlation_keeps_the_rate() -> None:
    """Pairwise deletion may leave a matrix that no answers have; unit variance stays."""
    three = cells(np.full((1, 3), 30.0), np.full((1, 3), 4.0), np.ones((1, 3)))
    R = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    found = watch(three, three, correlations=R, draws=100_000).critical_p
    assert found * 1.05 >= 1 - 0.95 ** (1 / 3)
    assert found <= RATE * 1.02
