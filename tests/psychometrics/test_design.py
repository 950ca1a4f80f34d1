"""Means, differences, correlations and reliabilities of people in teams, or weighted."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    Design,
    DesignEstimate,
    Matrix,
    NotDefined,
    TooFewData,
    cronbach_alpha,
    design_alpha,
    design_correlation,
    design_difference,
    design_mean,
    design_omega,
    mean_interval,
    moments,
    omega_total,
    weighted_mean,
    weighted_moments,
)
from analytics.psychometrics.design_reliability import (
    _pulls_of_correlations,
    _pulls_of_covariances,
)
from tests.psychometrics.cases import HS_ITEMS, REFERENCE, hs_moments, read_columns

STORED = json.loads((REFERENCE / "surveys" / "surveys.json").read_text("utf-8"))
ITEMS = ["y1", "y2", "y3"]
KINDS = ("teams", "weights", "both")


@cache
def demo() -> Matrix:
    """2,500 people, three items and the team."""
    return read_columns(REFERENCE / "data" / "demo_twolevel.csv", [*ITEMS, "cluster"])


def design(kind: str) -> Design:
    n = len(demo())
    weights = 0.5 + (np.arange(1, n + 1) % 7) / 3
    return Design(
        clusters=demo()[:, 3] if kind != "weights" else None,
        weights=weights if kind != "teams" else None,
    )


def statistic(name: str, kind: str) -> DesignEstimate:
    x = demo()[:, :3]
    if name == "alpha":
        return design_alpha(x, ITEMS, design(kind), missing="listwise")
    if name == "r12":
        return design_correlation(x[:, 0], x[:, 1], design(kind))
    return design_mean(x[:, ITEMS.index(name)], design(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_that_of_lavaan(kind: str) -> None:
    n = len(demo())
    # lavaan multiplies by G/(G - 1) with teams alone
    factor = np.sqrt(n / (n - 1)) if kind == "weights" else 1.0
    for row in STORED["statistics"][kind]:
        found = statistic(row["lhs"], kind)
        assert found.estimate.estimate == pytest.approx(row["est"], abs=1e-8)
        assert found.error == pytest.approx(row["se"] * factor, abs=1e-9)
        assert found.clusters == (n if kind == "weights" else 200)
        assert found.df == found.clusters - 1


@pytest.mark.parametrize("kind", KINDS)
def test_means_and_differences_are_those_of_sandwich(kind: str) -> None:
    y, second = demo()[:, 0], np.arange(1, len(demo()) + 1) % 3 == 0
    for found, stored in (
        (design_mean(y, design(kind)), STORED["means"][kind]),
        (design_difference(y, second, design(kind)), STORED["differences"][kind]),
    ):
        assert found.estimate.estimate == pytest.approx(stored["estimate"], abs=1e-12)
        assert found.error == pytest.approx(stored["se"], abs=1e-12)


def test_weighted_moments_are_those_of_r() -> None:
    stored = STORED["weighted"]
    path = REFERENCE / "data" / "hs1939.csv"
    x, ids = read_columns(path, HS_ITEMS), read_columns(path, ["id"])[:, 0]
    w = 0.4 + (ids % 5) / 2
    found = weighted_moments(x, HS_ITEMS, w, missing="listwise")
    assert np.allclose(found.mean, list(stored["mean"].values()), atol=1e-12)
    assert np.allclose(found.covariance, stored["cov"], atol=1e-12)
    assert np.allclose(found.correlation, stored["cor"], atol=1e-12)
    alpha = cronbach_alpha(found.select(HS_ITEMS[:3])).raw
    assert alpha.estimate == pytest.approx(stored["alpha"], abs=1e-12)
    # Kish's effective number, rounded down, is the n of every interval
    effective = w.sum() ** 2 / (w**2).sum()
    assert found.n == alpha.n == int(effective)
    assert int(effective) < len(x)


def test_equal_weights_are_none(rng: np.random.Generator) -> None:
    x = rng.integers(1, 6, size=(80, 4)).astype(np.float64)
    x[rng.random(x.shape) < 0.1] = np.nan
    for missing in ("pairwise", "listwise"):
        plain = moments(x, list("abcd"), missing=missing)
        same = weighted_moments(x, list("abcd"), np.full(80, 0.3), missing=missing)
        for one, other in (
            (plain.mean, same.mean),
            (plain.covariance, same.covariance),
            (plain.correlation, same.correlation),
            (plain.pair_n, same.pair_n),
        ):
            assert np.allclose(one, other, atol=1e-12)
        assert plain.n == same.n


def test_a_weight_of_two_is_two_people_but_for_the_divisor() -> None:
    x = demo()[:60, :3]
    w = np.where(np.arange(60) < 25, 2.0, 1.0)
    weighted = weighted_moments(x, ITEMS, w, missing="listwise")
    twice = moments(np.vstack([x, x[:25]]), ITEMS, missing="listwise")
    assert np.allclose(weighted.mean, twice.mean)
    assert np.allclose(weighted.correlation, twice.correlation)
    assert np.allclose(weighted.covariance / (60 / 59), twice.covariance / (85 / 84))


def test_independent_people_have_the_usual_error_of_a_mean() -> None:
    y = demo()[:50, 0]
    found = design_mean(y, Design())
    plain = mean_interval(y, 0.95)
    assert found.estimate.low == pytest.approx(plain.low)
    assert found.estimate.high == pytest.approx(plain.high)
    assert found.design_effect == pytest.approx(1)
    assert found.effective_n == pytest.approx(50)
    assert found.warnings == ()


def test_weights_alone_are_those_of_the_weighted_mean() -> None:
    y, w = demo()[:90, 1], design("weights").weights[:90]  # type: ignore[index]
    ours = design_mean(y, Design(weights=w)).estimate
    known = weighted_mean(y, w, np.zeros(90, dtype=np.int64))
    assert (ours.low, ours.high) == pytest.approx((known.low, known.high))


def test_equal_answers_within_teams_leave_only_the_teams() -> None:
    """Everybody four times as a team of four: the design effect is four."""
    y = demo()[:40, 0]
    found = design_mean(np.repeat(y, 4), Design(np.repeat(np.arange(40), 4)))
    once = design_mean(y, Design())
    assert found.error == pytest.approx(once.error)
    assert found.design_effect == pytest.approx(4 * (159 / 160) * (40 / 39))
    assert found.effective_n == pytest.approx(160 / found.design_effect)
    assert found.df == 39


def test_what_teams_keep_between_waves_cancels(rng: np.random.Generator) -> None:
    """Large differences between teams, none in how they changed."""
    teams = np.tile(np.repeat(np.arange(30), 5), 2)
    second = np.arange(300) >= 150
    y = 10.0 * teams + rng.standard_normal(300) + 0.5 * second
    paired = design_difference(y, second, Design(teams))
    apart = design_difference(y, second, Design(teams + 100 * second))
    assert paired.estimate.estimate == pytest.approx(apart.estimate.estimate)
    assert paired.error < 0.25 < 10 < apart.error
    totals = np.array([y[(teams == t) & second].mean() for t in range(30)])
    before = np.array([y[(teams == t) & ~second].mean() for t in range(30)])
    assert paired.error == pytest.approx((totals - before).std(ddof=1) / np.sqrt(30))


def test_the_order_of_people_does_not_matter(rng: np.random.Generator) -> None:
    x, both = demo()[:200, :3], design("both")
    teams, w = np.asarray(both.clusters)[:200], np.asarray(both.weights)[:200]
    order = rng.permutation(200)
    for compute in (design_alpha, design_omega):
        first, second = (
            compute(x[at], ITEMS, Design(teams[at], w[at]), missing="listwise")
            for at in (np.arange(200), order)
        )
        assert first.error == pytest.approx(second.error, rel=1e-9)


def numeric(compute: Any, x: Matrix, w: Matrix) -> Matrix:
    """Weighted derivative of a statistic by everybody's weight."""
    base, found = compute(x, w), np.empty(len(x))
    for i in range(len(x)):
        moved = w.copy()
        moved[i] *= 1 + 1e-6
        found[i] = (compute(x, moved) - base) / 1e-6
    return found


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_linearised_values_are_derivatives_by_the_weights(
    missing: Any, rng: np.random.Generator
) -> None:
    """A jackknife in the small: each person's pull on alpha and omega."""
    x = demo()[:60, :3].copy()
    if missing == "pairwise":
        x[rng.random(x.shape) < 0.15] = np.nan
        x = x[~np.isnan(x).all(axis=1)]
    n = len(x)
    w = rng.uniform(0.5, 2.0, n)

    def alpha(values: Matrix, weights: Matrix) -> float:
        m = weighted_moments(values, ITEMS, weights, missing=missing)
        return cronbach_alpha(m).raw.estimate

    def omega(values: Matrix, weights: Matrix) -> float:
        m = weighted_moments(values, ITEMS, weights, missing=missing)
        return omega_total(m).estimate

    for ours, compute in ((design_alpha, alpha), (design_omega, omega)):
        found = ours(x, ITEMS, Design(weights=w), missing=missing)
        pulls = numeric(compute, x, w)
        error = np.sqrt(n / (n - 1) * (pulls**2).sum())
        assert found.error == pytest.approx(error, rel=1e-4)
        assert found.estimate.estimate == pytest.approx(compute(x, w))


def test_pairs_one_by_one_give_what_whole_rows_give() -> None:
    """A person without any answer changes nothing but the way it is computed."""
    x = demo()[:90, :3]
    w = np.linspace(0.5, 2, 90)
    gap = np.vstack([x, [np.nan] * 3])
    more = np.append(w, 1.0)
    S = moments(x, ITEMS, missing="listwise").correlation
    for pulls in (_pulls_of_covariances, _pulls_of_correlations):
        gradient = S - np.eye(3)
        whole, one_by_one = pulls(x, w, gradient), pulls(gap, more, gradient)
        # the sum of weights counts the person without answers
        assert np.allclose(one_by_one[:90] * w.sum() / more.sum(), whole)
        assert one_by_one[90] == 0


def test_omega_of_normal_answers_is_near_its_normal_error() -> None:
    x = read_columns(REFERENCE / "data" / "hs1939.csv", HS_ITEMS[3:6])
    robust = design_omega(x, HS_ITEMS[3:6], Design(), missing="listwise")
    normal = omega_total(hs_moments().select(HS_ITEMS[3:6]))
    assert robust.estimate.estimate == pytest.approx(normal.estimate, abs=1e-9)
    assert normal.low is not None
    assert normal.high is not None
    assert robust.error == pytest.approx((normal.high - normal.low) / 3.92, rel=0.15)


def test_the_interval_stays_inside_the_range() -> None:
    rows = np.arange(12)
    y = demo()[:12, 0]
    found = design_correlation(y, y + 0.01 * demo()[:12, 1], Design(rows // 2))
    assert found.estimate.high is not None
    assert 0.99 < found.estimate.estimate < found.estimate.high < 1


def test_few_teams_are_warned_of() -> None:
    y = demo()[:, 0]
    teams = np.arange(len(y))
    assert [r.code for r in design_mean(y, Design(teams % 19)).warnings] == [
        "few-clusters"
    ]
    assert design_mean(y, Design(teams % 20)).warnings == ()
    # people without teams are no teams
    assert design_mean(y[:10], Design()).warnings == ()


def test_what_is_not_defined_is_said() -> None:
    y = demo()[:10, 0]
    with pytest.raises(TooFewData, match="at least 2 groups; there are 1"):
        design_mean(y, Design(np.zeros(10)))
    with pytest.raises(TooFewData, match="at least 2 people; there are 1"):
        design_mean(np.array([1.0, np.nan]), Design())
    with pytest.raises(NotDefined, match="all values of a variable are the same"):
        design_mean(np.full(10, 3.0), Design())
    with pytest.raises(NotDefined, match="all values of a variable are the same"):
        design_correlation(y, np.full(10, 3.0), Design())
    with pytest.raises(NotDefined, match="not positive definite"):
        design_correlation(y, 2 * y, Design())
    with pytest.raises(TooFewData, match="at least 2 people; there are 1"):
        design_difference(y, np.arange(10) == 3, Design())
    with pytest.raises(TooFewData, match="at least 2 people; there are 0"):
        design_alpha(np.full((5, 2), np.nan), ["a", "b"], Design(), missing="listwise")
    with pytest.raises(ValueError, match="name of one team"):
        design_mean(y, Design(["a"]))
    with pytest.raises(ValueError, match="one weight above zero"):
        design_mean(y, Design(weights=np.zeros(10)))
    with pytest.raises(ValueError, match="one weight above zero"):
        weighted_moments(demo()[:4, :3], ITEMS, np.ones(3), missing="listwise")


def test_an_item_that_nobody_answered_has_no_moments() -> None:
    x = demo()[:20, :3].copy()
    x[:, 1] = np.nan
    x[1:, 2] = np.nan
    found = weighted_moments(x, ITEMS, np.linspace(1, 2, 20), missing="pairwise")
    assert np.isnan(found.mean).tolist() == [False, True, False]
    assert np.isfinite(found.covariance[0, 0])
    assert np.isnan(found.covariance[1:]).all()
    assert found.n == 0
    assert found.pair_n[2, 2] == 1
    with pytest.raises(TooFewData, match="answered both y1 and y2"):
        design_alpha(x, ITEMS, Design(), missing="pairwise")


def covered(teams: int, size: int, runs: int, *, icc: float) -> dict[str, float]:
    """Share of the intervals that hold the truth; normal answers of equal teams."""
    rng = np.random.default_rng(68)
    names = np.repeat(np.arange(teams), size)
    # three items of loading .7 and a team part in the factor
    truth = {"mean": 0.0, "r": 0.49, "alpha": 1.5 * (1 - 3 / (3 + 6 * 0.49))}
    hits = dict.fromkeys(truth, 0)
    for _ in range(runs):
        common = np.sqrt(icc) * rng.standard_normal(teams)[names] + np.sqrt(
            1 - icc
        ) * rng.standard_normal(len(names))
        x = 0.7 * common[:, None] + np.sqrt(0.51) * rng.standard_normal((len(names), 3))
        found = {
            "mean": design_mean(x.mean(axis=1), Design(names)),
            "r": design_correlation(x[:, 0], x[:, 1], Design(names)),
            "alpha": design_alpha(x, ITEMS, Design(names), missing="listwise"),
        }
        for name, one in found.items():
            low, high = one.estimate.low, one.estimate.high
            assert low is not None
            assert high is not None
            hits[name] += low <= truth[name] <= high
    return {name: count / runs for name, count in hits.items()}


def test_intervals_of_teams_hold_the_truth() -> None:
    found = covered(30, 8, 300, icc=0.2)
    # 300 runs: a standard error of .013
    assert all(0.90 < share < 0.99 for share in found.values()), found


@pytest.mark.long
@pytest.mark.parametrize(("teams", "size"), [(10, 8), (20, 8), (30, 8), (60, 12)])
def test_how_often_intervals_of_teams_hold_the_truth(teams: int, size: int) -> None:
    found = covered(teams, size, 5_000, icc=0.2)
    print(f"\n{teams} teams of {size}: {found}")
    least = 0.935 if teams >= 20 else 0.90
    assert all(least <= share <= 0.965 for share in found.values()), found


def weighted_cover(runs: int) -> float:
    """Feldt's interval with Kish's n; 120 people, weights that go with nothing."""
    rng = np.random.default_rng(69)
    truth, hits = 1.5 * (1 - 3 / (3 + 6 * 0.49)), 0
    for _ in range(runs):
        x = 0.7 * rng.standard_normal((120, 1)) + np.sqrt(0.51) * rng.standard_normal(
            (120, 3)
        )
        w = rng.choice([0.3, 1.0, 3.0], size=120, p=[0.4, 0.4, 0.2])
        alpha = cronbach_alpha(weighted_moments(x, ITEMS, w, missing="listwise")).raw
        assert alpha.low is not None
        assert alpha.high is not None
        hits += alpha.low <= truth <= alpha.high
    return hits / runs


def test_the_effective_n_makes_honest_intervals() -> None:
    # 400 runs: a standard error of .011; with the n of people .87
    assert 0.91 < weighted_cover(400) < 0.99


@pytest.mark.long
def test_how_often_the_effective_n_holds_the_truth() -> None:
    found = weighted_cover(5_000)
    print(f"\nFeldt with the effective n: {found}")
    assert 0.935 <= found <= 0.965
