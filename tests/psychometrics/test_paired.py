"""The difference of pairs against R: `t.test(x, y, paired = TRUE)` and `pt(ncp =)`."""

import numpy as np
import pytest

from analytics.psychometrics import (
    Estimate,
    NotDefined,
    TooFewData,
    paired_difference,
)
from analytics.psychometrics.distributions import noncentral_t

X = np.array([5.2, 4.8, 6.1, 3.9, 5.5, 4.4, 6.6, 5.0, 4.1, 5.8, 4.9, 5.3])
Y = np.array([4.6, 4.9, 5.2, 3.1, 5.6, 4.0, 5.1, 4.8, 4.3, 4.7, 4.2, 5.0])
# R 4.5: estimate, conf.int, t, df, p; then d = mean / sqrt((var x + var y) / 2) and
# uniroot(pt(t, 11, ncp) - c(.975, .025)) times sqrt(2 var(x - y) / (n (var x + var y)))
R = {
    "difference": [0.5083333333333333, 0.17601578900780537, 0.84065087765886126],
    "test": [3.3667621290274337, 11, 0.0062881618078205314],
    "standardized": [0.69500362988417019, 0.18868769512942987, 1.1806252685990084],
}


def three(found: Estimate) -> list[float]:
    assert found.low is not None
    assert found.high is not None
    return [found.estimate, found.low, found.high]


def test_difference_test_and_effect_equal_r() -> None:
    found = paired_difference(X, Y)
    assert three(found.difference) == pytest.approx(R["difference"], rel=1e-13)
    assert [found.t, found.df, found.p] == pytest.approx(R["test"], rel=1e-12)
    # R warns that its noncentral t may not reach full precision
    assert three(found.standardized) == pytest.approx(R["standardized"], rel=1e-8)
    assert (found.difference.n, found.standardized.n) == (12, 12)


def test_the_other_way_round_only_the_signs_change() -> None:
    there, back = paired_difference(X, Y), paired_difference(Y, X)
    estimate, low, high = three(there.standardized)
    assert three(back.standardized) == pytest.approx([-estimate, -high, -low], rel=1e-9)
    assert [back.t, back.p] == pytest.approx([-there.t, there.p])


def test_only_people_with_both_scores_count() -> None:
    gaps_x, gaps_y = np.append(X, [4.0, np.nan]), np.append(Y, [np.nan, 4.0])
    assert paired_difference(gaps_x, gaps_y) == paired_difference(X, Y)


def test_two_people_and_equal_differences_are_refused() -> None:
    with pytest.raises(TooFewData, match="there are 1"):
        paired_difference(X[:1], Y[:1])
    with pytest.raises(NotDefined, match="not defined"):
        paired_difference(X, X - 0.1)


@pytest.mark.parametrize(
    ("t", "df", "low", "high"),
    [
        (24.73, 599, 22.3143238959, 27.1316497159),
        (29.8, 599, 27.2065134052, None),
        (25.0, 79, 20.6246933702, None),
        (20.0, 1, 0.3952459817, None),
    ],
)
def test_a_strong_difference_has_an_interval_too(
    t: float, df: int, low: float, high: float | None
) -> None:
    """R 4.2.2: uniroot(pt(t, df, ncp) - .975) from 0 to 37, where its pt is exact."""
    found = noncentral_t(t, df, 0.95)
    assert found[0] == pytest.approx(low, rel=1e-8)
    if high is not None:
        assert found[1] == pytest.approx(high, rel=1e-8)
    assert noncentral_t(-t, df, 0.95) == (-found[1], -found[0])


@pytest.mark.parametrize("df", [1, 2, 79, 599, 99_999])
@pytest.mark.parametrize("t", [0.0, 8.0, 24.73, 100.0, 1000.0])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_no_difference_is_too_strong_for_its_interval(
    df: int, t: float, confidence: float
) -> None:
    low, high = noncentral_t(t, df, confidence)
    assert low < high
