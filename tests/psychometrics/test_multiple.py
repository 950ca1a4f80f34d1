"""Regression against R's lm: raw, per standard deviation, inflation by regressions."""

import numpy as np
import pytest

from analytics.psychometrics import (
    Matrix,
    NotDefined,
    TooFewData,
    correlate,
    linear_regression,
    moments,
)

from .cases import correlated
from .loyalty_cases import NAMES, scores, stored

# closed forms: only rounding differs
EXACT = 1e-10


def test_it_equals_lm() -> None:
    r = stored("regression")
    m = moments(scores(), NAMES, missing="listwise")
    found = linear_regression(m, ["A", "C", "O"], "E")
    for ours, theirs in (
        (found.r_squared, "r_squared"),
        (found.adjusted, "adjusted"),
        (found.f, "f"),
        (found.df, "df"),
        (found.df_error, "df_error"),
        (found.n, "n"),
    ):
        assert ours == pytest.approx(r[theirs], rel=EXACT)
    # tails far below the smallest difference from 1: relative
    assert found.p == pytest.approx(r["p"], rel=1e-8)
    for one in found.coefficients:
        for slope, held in (
            (one.slope, r["raw"][one.item]),
            (one.standardized, r["standardized"][one.item]),
        ):
            ends = [held["estimate"], held["low"], held["high"]]
            assert [slope.estimate, slope.low, slope.high] == pytest.approx(
                ends, rel=EXACT
            )
            assert slope.n == r["n"]
        assert one.t == pytest.approx(r["raw"][one.item]["t"], rel=EXACT)
        assert one.p == pytest.approx(r["raw"][one.item]["p"], rel=1e-8)
        assert one.vif == pytest.approx(r["vif"][one.item], rel=EXACT)


def test_one_predictor_is_the_correlation(rng: np.random.Generator) -> None:
    x = rng.standard_normal((50, 2)) @ [[1, 0.5], [0, 1]]
    found = linear_regression(moments(x, ["x", "y"], missing="listwise"), ["x"], "y")
    plain = correlate(x[:, 0], x[:, 1])
    (one,) = found.coefficients
    assert one.standardized.estimate == pytest.approx(plain.r)
    assert [one.vif, one.p] == pytest.approx([1, plain.p])


def test_the_order_does_not_matter_and_units_only_to_slopes() -> None:
    x = scores()[:400]
    here = linear_regression(moments(x, NAMES, missing="listwise"), ["A", "C"], "N")
    there = linear_regression(
        moments(x * [1, 10, 1, 1, 1], NAMES, missing="listwise"), ["C", "A"], "N"
    )
    for one in here.coefficients:
        other = next(k for k in there.coefficients if k.item == one.item)
        unit = 10 if one.item == "C" else 1
        assert one.slope.estimate == pytest.approx(unit * other.slope.estimate)
        assert one.standardized.estimate == pytest.approx(other.standardized.estimate)
        assert one.vif == pytest.approx(other.vif)


def test_uncorrelated_predictors_are_not_inflated() -> None:
    R = np.array([[1, 0, 0.3], [0, 1, 0.4], [0.3, 0.4, 1]])
    found = linear_regression(correlated(R), ["t1", "t2"], "t3")
    assert [one.vif for one in found.coefficients] == pytest.approx([1, 1])
    assert found.r_squared == pytest.approx(0.25)


def test_what_cannot_be_regressed(rng: np.random.Generator) -> None:
    x: Matrix = rng.standard_normal((20, 4))
    x[:, 2] = x[:, 0] + x[:, 1]
    m = moments(x, list("abcy"), missing="listwise")
    with pytest.raises(NotDefined, match="can be computed from the others"):
        linear_regression(m, ["a", "b", "c"], "y")
    with pytest.raises(NotDefined, match="determines c completely"):
        linear_regression(m, ["a", "b"], "c")
    with pytest.raises(NotDefined, match="complete answers"):
        linear_regression(moments(x, list("abcy"), missing="pairwise"), ["a", "b"], "y")
    few = moments(x[:3], list("abcy"), missing="listwise")
    with pytest.raises(TooFewData, match="at least 4 people; there are 3"):
        linear_regression(few, ["a", "b"], "y")
    x[:, 3] = 1
    flat = moments(x, list("abcy"), missing="listwise")
    with pytest.raises(NotDefined, match="Everybody who answered y"):
        linear_regression(flat, ["a", "b"], "y")
