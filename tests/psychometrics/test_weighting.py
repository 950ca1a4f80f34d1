"""Response rates and weights against R, against loops and by hand."""

import json

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import (
    NotConverged,
    NotDefined,
    TooFewData,
    design_effect,
    mean_interval,
    poststratification_weights,
    rake,
    response_rates,
    weighted_mean,
)

from .cases import REFERENCE

R = json.loads((REFERENCE / "quality" / "quality.json").read_text("utf-8"))
VALUES = np.array([3, 4, 5, 4, 2, 2.5, 3, 6, 5.5, 7, 6.5, 5])
GROUPS = np.repeat([0, 1, 2], [4, 3, 5])
POPULATION = (30, 50, 20)


def test_rates_are_compared_as_r_does() -> None:
    theirs = R["rates"]
    found = response_rates(theirs["invited"], theirs["answered"])
    assert found.chi2 == pytest.approx(theirs["chi2"], rel=1e-12)
    assert found.p == pytest.approx(theirs["p"], rel=1e-10)
    assert found.cramers_v == pytest.approx(theirs["v"], rel=1e-12)
    assert found.smallest_expected == pytest.approx(theirs["smallest"], rel=1e-12)
    assert (found.df, found.n) == (theirs["df"], 125)
    assert found.rates[0] == 20 / 24


def test_rates_are_compared_as_scipy_does(rng: np.random.Generator) -> None:
    invited = rng.integers(8, 60, size=7)
    answered = rng.binomial(invited, 0.6)
    table = np.array([answered, invited - answered])
    wanted = stats.chi2_contingency(table, correction=False)
    found = response_rates(invited.tolist(), answered.tolist())
    assert found.chi2 == pytest.approx(wanted.statistic)
    assert found.p == pytest.approx(wanted.pvalue)


def test_equal_rates_and_what_cannot_be_compared() -> None:
    even = response_rates([10, 20, 30], [5, 10, 15])
    assert (even.chi2, even.p, even.cramers_v) == (0, 1, 0)
    with pytest.raises(NotDefined, match="everybody answered or nobody"):
        response_rates([10, 20], [10, 20])
    with pytest.raises(TooFewData, match="at least 2 groups"):
        response_rates([10], [5])
    with pytest.raises(ValueError, match="1 or more invited"):
        response_rates([10, 0], [5, 0])
    with pytest.raises(ValueError, match="of answered"):
        response_rates([10, 9], [5])


def test_the_weighted_mean_of_cells_is_the_textbook_s() -> None:
    weights = poststratification_weights(GROUPS, POPULATION)
    found = weighted_mean(VALUES, weights.values, GROUPS)
    theirs = R["poststratified"]
    assert found.estimate == pytest.approx(theirs["mean"], rel=1e-13)
    assert found.low == pytest.approx(theirs["low"], rel=1e-12)
    assert found.high == pytest.approx(theirs["high"], rel=1e-12)
    size = design_effect(weights.values)
    assert size.effective_n == pytest.approx(theirs["effective"], rel=1e-13)
    assert size.design_effect == pytest.approx(theirs["design_effect"], rel=1e-13)


def test_kish_s_example_of_two_sampling_rates() -> None:
    # 100 people at weight 1 and 100 at weight 3: 1 + cv^2 = 200 * 1000 / 400^2 = 1.25
    found = design_effect(np.repeat([1.0, 3.0], 100))
    assert found.design_effect == pytest.approx(1.25)
    assert found.effective_n == pytest.approx(160)
    assert design_effect(np.full(7, 0.3)).effective_n == pytest.approx(7)


def test_the_linearised_error_is_that_of_a_loop(rng: np.random.Generator) -> None:
    y, w = rng.normal(size=60), rng.uniform(0.5, 3, size=60)
    strata = np.repeat([0, 1, 2], [10, 20, 30])
    mean = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    variance = 0.0
    for stratum in (0, 1, 2):
        z = [w[i] * (y[i] - mean) / sum(w) for i in range(60) if strata[i] == stratum]
        middle = sum(z) / len(z)
        variance += len(z) / (len(z) - 1) * sum((one - middle) ** 2 for one in z)
    found = weighted_mean(y, w, strata)
    half = stats.t.ppf(0.975, 57) * variance**0.5
    assert found.estimate == pytest.approx(mean)
    assert found.high == pytest.approx(mean + half)


def test_equal_weights_without_strata_are_the_plain_mean() -> None:
    plain = mean_interval(VALUES)
    found = weighted_mean(VALUES, np.full(12, 2.0), np.zeros(12, dtype=np.int64))
    assert found.estimate == pytest.approx(plain.estimate)
    assert found.low == pytest.approx(plain.low)


def test_answers_that_are_missing_are_left_out() -> None:
    gaps = np.append(VALUES, np.nan)
    groups, weights = np.append(GROUPS, 2), np.ones(13)
    found = weighted_mean(gaps, weights, groups)
    assert found.n == 12
    assert found.estimate == pytest.approx(VALUES.mean())


def test_raking_meets_both_margins_as_r_does() -> None:
    theirs = R["rake"]
    sample = np.array(theirs["sample"])
    cells = [(i, j) for i in range(2) for j in range(3) for _ in range(sample[i, j])]
    rows, columns = (np.array(side) for side in zip(*cells, strict=True))
    found = rake([rows, columns], [theirs["rows"], theirs["columns"]])
    wanted = np.array(theirs["weights"])[rows, columns]
    assert found.values == pytest.approx(wanted, rel=1e-8)
    assert found.values.mean() == pytest.approx(1)
    assert found.rounds > 1


def test_raking_is_that_of_a_loop(rng: np.random.Generator) -> None:
    a, b = rng.integers(0, 3, size=90), rng.integers(0, 4, size=90)
    shares = ([0.2, 0.5, 0.3], [0.1, 0.2, 0.3, 0.4])
    w = [1.0] * 90
    for _ in range(200):
        for groups, share in zip((a, b), shares, strict=True):
            for g, wanted in enumerate(share):
                total = sum(w[i] for i in range(90) if groups[i] == g)
                w = [w[i] * wanted * 90 / total if groups[i] == g else w[i]
                     for i in range(90)]  # fmt: skip
    assert rake([a, b], shares).values == pytest.approx(w, rel=1e-8)


def test_one_margin_is_met_at_once() -> None:
    found = poststratification_weights(GROUPS, POPULATION)
    assert found.rounds == 1
    by_hand = {0: 0.3 / (4 / 12), 1: 0.5 / (3 / 12), 2: 0.2 / (5 / 12)}
    assert found.values.tolist() == pytest.approx([by_hand[g] for g in GROUPS])
    # shares of the population do as well as its numbers
    again = poststratification_weights(GROUPS, (0.3, 0.5, 0.2))
    assert again.values == pytest.approx(found.values)


def test_trimming_keeps_the_sum_and_the_bound() -> None:
    groups = np.repeat([0, 1, 2], [2, 8, 90])
    free = poststratification_weights(groups, (40, 20, 40))
    found = poststratification_weights(groups, (40, 20, 40), bound=5.0)
    assert free.values.max() == pytest.approx(20)
    assert found.values.max() == pytest.approx(5)
    assert found.values.sum() == pytest.approx(100)
    assert found.trimmed == 2
    # the others share what was cut off: 2.5 and 4/9 both grow by 90/60
    assert found.values[2] == pytest.approx(3.75)
    assert found.values[-1] == pytest.approx(2 / 3)
    both = poststratification_weights(groups, (40, 30, 30), bound=5.0)
    # 3.75 grows by 90/60, too, and passes the bound only by that
    assert (both.trimmed, both.values.max()) == (10, pytest.approx(5))
    assert free.trimmed == 0


def test_groups_that_cannot_be_weighted_say_so() -> None:
    with pytest.raises(NotDefined, match="Nobody of group 2 answered"):
        poststratification_weights(np.array([0, 1, 1]), (5, 5, 5))
    with pytest.raises(ValueError, match="without people"):
        poststratification_weights(np.array([0, 1]), (5, 0))
    with pytest.raises(ValueError, match="a place in the population"):
        poststratification_weights(np.array([0, 3]), (5, 5))
    with pytest.raises(ValueError, match="less than none"):
        poststratification_weights(np.array([0, 1]), (-5, 5))
    with pytest.raises(ValueError, match="above the mean weight"):
        poststratification_weights(np.array([0, 1]), (5, 5), bound=1.0)
    with pytest.raises(ValueError, match="its population"):
        rake([np.array([0, 1])], [])
    lone = np.array([0, 0, 1])
    with pytest.raises(TooFewData, match="Group 1 has a single answer"):
        weighted_mean(np.array([1.0, 2, 3]), np.ones(3), lone)
    with pytest.raises(TooFewData):
        weighted_mean(np.array([1.0]), np.ones(1), lone[:1])
    with pytest.raises(TooFewData):
        design_effect(np.array([]))


def test_margins_that_contradict_one_another_are_no_weights() -> None:
    # everybody of row 0 is in column 0: no weights give row 0 more than column 0
    same = np.array([0, 0, 1, 1])
    with pytest.raises(NotConverged, match="contradict"):
        rake([same, same], [(0.5, 0.5), (0.2, 0.8)])
