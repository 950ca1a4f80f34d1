"""A step in a series whose neighbouring waves depend on one another."""

import json
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import NotDefined, TooFewData, dependent_series
from analytics.psychometrics.distributions import t_quantile
from analytics.psychometrics.series import FEWEST_WAVES
from tests.psychometrics.cases import REFERENCE

STORED = json.loads((REFERENCE / "series" / "series.json").read_text("utf-8"))


def error_of(estimate: Any, df: int) -> float:
    return float((estimate.high - estimate.low) / 2 / t_quantile(0.975, df))


@pytest.mark.parametrize("case", ["uneven", "monthly", "negative"])
def test_step_and_dependence_are_those_of_nlme(case: str) -> None:
    stored = STORED[case]
    found = dependent_series(stored["time"], stored["y"], stored["event"])
    assert found.dependence == pytest.approx(stored["phi"], abs=1e-5)
    for ours, at in ((found.change, 1), (found.slope, 2)):
        # nlme stops where the likelihood hardly falls any more
        assert ours.estimate == pytest.approx(stored["gls"]["est"][at], abs=1e-5)
        assert error_of(ours, found.df) == pytest.approx(
            stored["gls"]["se"][at], rel=1e-5
        )
    assert found.change.n == len(stored["y"])
    assert found.df == len(stored["y"]) - 3


@pytest.mark.parametrize("case", ["uneven", "monthly", "negative"])
def test_the_test_of_independence_is_that_of_lmtest(case: str) -> None:
    stored = STORED[case]
    found = dependent_series(stored["time"], stored["y"], stored["event"])
    assert found.durbin_watson == pytest.approx(stored["dw"], abs=1e-10)
    assert found.p == pytest.approx(stored["p"], abs=1e-8)
    assert found.lag_one == pytest.approx(stored["lag_one"], abs=1e-10)


def test_a_negative_dependence_narrows_nothing() -> None:
    stored = STORED["negative"]
    found = dependent_series(stored["time"], stored["y"], stored["event"])
    assert found.dependence == 0
    assert found.lag_one < -0.3
    # then it is least squares
    assert error_of(found.change, found.df) == pytest.approx(stored["lm"]["se"][1])
    assert found.change.estimate == pytest.approx(stored["lm"]["est"][1])


def test_units_of_time_and_points_do_not_matter() -> None:
    stored = STORED["uneven"]
    t, y = np.array(stored["time"], dtype=np.float64), np.array(stored["y"])
    plain = dependent_series(t, y, stored["event"])
    moved = dependent_series(
        30 * t + 700_000, 10 * y + 5, 30 * stored["event"] + 700_000
    )
    assert moved.dependence == pytest.approx(plain.dependence, abs=1e-6)
    assert moved.change.estimate == pytest.approx(10 * plain.change.estimate, rel=1e-6)
    assert moved.slope.estimate == pytest.approx(plain.slope.estimate / 3, rel=1e-6)
    assert moved.p == pytest.approx(plain.p, abs=1e-9)


def test_dependence_widens_the_interval() -> None:
    stored = STORED["uneven"]
    found = dependent_series(stored["time"], stored["y"], stored["event"])
    assert found.dependence > 0.5
    assert error_of(found.change, found.df) > 1.4 * stored["lm"]["se"][1]


def test_few_waves_are_refused_with_a_sentence(rng: np.random.Generator) -> None:
    y = rng.standard_normal(FEWEST_WAVES)
    t = np.arange(FEWEST_WAVES)
    with pytest.raises(TooFewData, match=r"11 waves cannot tell .* takes 12"):
        dependent_series(t[1:], y[1:], 6)
    with pytest.raises(TooFewData, match=r"at least 3 waves .* one side has 2"):
        dependent_series(t, y, 10)
    assert dependent_series(t, y, 9).df == FEWEST_WAVES - 3


def test_what_is_not_defined_is_said() -> None:
    t = np.arange(12)
    line = 3 + 0.25 * t + (t >= 6)
    with pytest.raises(NotDefined, match="dependence of neighbouring waves"):
        dependent_series(t, line, 6)
    with pytest.raises(ValueError, match="times must increase"):
        dependent_series(t[::-1], line, 6)
    with pytest.raises(ValueError, match="its time and mean"):
        dependent_series(t, np.where(t == 3, np.nan, line), 6)


@pytest.mark.long
@pytest.mark.parametrize(("waves", "phi"), [(12, 0.0), (12, 0.6), (24, 0.0), (24, 0.6)])
def test_how_often_the_interval_of_a_step_holds_the_truth(
    waves: int, phi: float
) -> None:
    """Dependence is estimated from few waves: the achieved figure is published."""
    rng = np.random.default_rng(68)
    t, runs, hits = np.arange(waves), 400, 0
    for _ in range(runs):
        e = rng.standard_normal(waves)
        for i in range(1, waves):
            e[i] = phi * e[i - 1] + np.sqrt(1 - phi**2) * e[i]
        change = dependent_series(t, e, waves // 2).change
        assert change.low is not None
        assert change.high is not None
        hits += change.low <= 0 <= change.high
    print(f"\n{waves} waves, dependence {phi}: {hits / runs:.3f}")
    assert 0.87 <= hits / runs <= 0.99
