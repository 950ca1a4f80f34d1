"""The bootstrap against SciPy's and against exact answers."""

import numpy as np
import pytest

from analytics.psychometrics import (
    Item,
    MissingRule,
    Moments,
    NotDefined,
    ResponseMatrix,
    TooFewData,
    bootstrap,
    cronbach_alpha,
    moments,
    omega_total,
)
from analytics.psychometrics.bootstrap import _Rows

from .cases import bfi, likert


def alpha(m: Moments) -> float:
    return cronbach_alpha(m).raw.estimate


def first_mean(m: Moments) -> float:
    return float(m.mean[0])


@pytest.mark.parametrize("holes", [0.0, 0.2])
def test_weighted_moments_are_those_of_repeated_rows(
    rng: np.random.Generator, holes: float
) -> None:
    data = likert(rng, 40, 4, holes=holes)
    counts = rng.integers(0, 4, 40)
    repeated = ResponseMatrix(np.repeat(data.codes, counts, axis=0), data.items)
    (found,) = _Rows.of(data, "pairwise").moments(counts[None].astype(np.float64))
    expected = moments(repeated, missing="pairwise")
    for name in ("mean", "covariance", "correlation", "pair_n"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=1e-12, atol=1e-14
        )


def test_the_interval_of_a_mean_equals_scipys() -> None:
    from scipy import stats

    rng = np.random.default_rng(5)
    codes = np.minimum(rng.exponential(8, (60, 1)).astype(np.int8), 99)
    data = ResponseMatrix(codes, (Item("a", 0, 99),))
    found = bootstrap(data, first_mean, rng=rng, missing="listwise", n_draws=4_000)
    theirs = stats.bootstrap(
        (codes[:, 0],),
        np.mean,
        n_resamples=4_000,
        method="BCa",
        rng=np.random.default_rng(6),
    )
    # the Monte-Carlo error of a 2.5 % quantile of 4,000 draws, five times
    width = 5 * theirs.standard_error * np.sqrt(0.025 * 0.975 / 4_000) / 0.0584
    interval = theirs.confidence_interval
    assert found.interval.low == pytest.approx(interval.low, abs=width)
    assert found.interval.high == pytest.approx(interval.high, abs=width)
    assert found.standard_error == pytest.approx(theirs.standard_error, rel=0.03)
    # of a mean the acceleration is a sixth of its skewness
    exact = stats.skew(codes[:, 0]) / (6 * np.sqrt(60))
    assert found.acceleration == pytest.approx(exact, abs=1e-10)


def test_groups_of_respondents_give_nearly_the_same_acceleration() -> None:
    from scipy import stats

    rng = np.random.default_rng(7)
    codes = np.minimum(rng.exponential(8, (8_000, 1)).astype(np.int8), 99)
    data = ResponseMatrix(codes, (Item("a", 0, 99),))
    found = bootstrap(data, first_mean, rng=rng, missing="listwise", n_draws=100)
    exact = stats.skew(codes[:, 0]) / (6 * np.sqrt(8_000))
    assert found.acceleration == pytest.approx(exact, abs=0.006)


RULES: list[MissingRule] = ["pairwise", "listwise"]


@pytest.mark.parametrize("missing", RULES)
def test_the_interval_of_alpha_is_near_feldts(missing: MissingRule) -> None:
    data = bfi().select(["N1", "N2", "N3", "N4", "N5"])
    found = bootstrap(
        data, alpha, rng=np.random.default_rng(1), missing=missing, n_draws=400
    )
    feldt = cronbach_alpha(moments(data, missing=missing)).raw
    assert found.interval.estimate == pytest.approx(feldt.estimate, abs=1e-12)
    assert found.interval.low == pytest.approx(feldt.low, abs=0.01)
    assert found.interval.high == pytest.approx(feldt.high, abs=0.01)
    assert found.interval.n == feldt.n
    assert found.n_failed == 0
    assert missing in found.interval.method


def test_the_same_seed_gives_the_same_interval(rng: np.random.Generator) -> None:
    data = likert(rng, 60, 4)
    one, two = (
        bootstrap(
            data, alpha, rng=np.random.default_rng(3), missing="listwise", n_draws=150
        )
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.draws, two.draws)
    assert one.interval == two.interval


def test_samples_without_a_value_are_counted() -> None:
    data = likert(np.random.default_rng(2), 40, 4)
    calls = {"n": 0}

    def sometimes(m: Moments) -> float:
        calls["n"] += 1
        if calls["n"] % 50 == 0:
            raise NotDefined("no-variance", statistic="mean")
        return first_mean(m)

    found = bootstrap(
        data,
        sometimes,
        rng=np.random.default_rng(1),
        missing="listwise",
        n_draws=200,
    )
    assert found.n_failed == 4
    assert len(found.draws) == 196
    assert "4 samples without a value" in found.interval.method


def test_too_many_of_them_end_the_interval() -> None:
    def never_again(m: Moments) -> float:
        if calls:
            raise NotDefined("no-variance", statistic="mean")
        calls.append(1)
        return 0.0

    calls: list[int] = []
    data = likert(np.random.default_rng(2), 40, 4)
    with pytest.raises(NotDefined, match="in 100 of 100 samples"):
        bootstrap(
            data,
            never_again,
            rng=np.random.default_rng(1),
            missing="listwise",
            n_draws=100,
        )


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    with pytest.raises(TooFewData, match="at least 10 people; there are 9"):
        bootstrap(likert(rng, 9, 4), alpha, rng=rng, missing="listwise")
    with pytest.raises(ValueError, match="n_draws"):
        bootstrap(likert(rng, 50, 4), alpha, rng=rng, missing="listwise", n_draws=10)
    constant = ResponseMatrix(np.zeros((20, 3), dtype=np.int8), likert(rng, 1, 3).items)
    with pytest.raises(NotDefined, match="same answer"):
        bootstrap(constant, alpha, rng=rng, missing="listwise")


def test_progress_is_told(rng: np.random.Generator) -> None:
    told: list[tuple[int, int]] = []
    bootstrap(
        likert(rng, 40, 3),
        alpha,
        rng=rng,
        missing="listwise",
        n_draws=100,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (100, 100)


@pytest.mark.long
def test_a_thousand_omegas_of_ten_thousand_people(rng: np.random.Generator) -> None:
    data = likert(rng, 10_000, 40)
    found = bootstrap(
        data, lambda m: omega_total(m).estimate, rng=rng, missing="listwise"
    )
    normal = omega_total(moments(data, missing="listwise"))
    assert found.interval.low == pytest.approx(normal.low, abs=0.002)
    assert found.interval.high == pytest.approx(normal.high, abs=0.002)
