"""The check by a marker, and p values of a grid, against R."""

import numpy as np
import pytest

from analytics.psychometrics import (
    NotDefined,
    TooFewData,
    benjamini_hochberg,
    holm,
    marker_adjusted,
    moments,
    partial_correlation,
    smallest_correlation,
)

from .cases import correlated
from .loyalty_cases import NAMES, scores, stored


def test_it_is_the_formula_in_r() -> None:
    r = stored("marker")
    m = moments(scores(), NAMES, missing="listwise")
    first, second, small = smallest_correlation(m)
    assert small == pytest.approx(r["smallest"], abs=1e-12)
    assert abs(m.select([first, second]).correlation[0, 1]) == small
    for name, raw in r["r"].items():
        found = marker_adjusted(raw, small, r["n"])
        assert found.r == pytest.approx(r["adjusted"][name], abs=1e-12)
        assert found.r == pytest.approx(r["partial"][name], abs=1e-12)
        # far tails: relative, one digit lost to the rounding of 1 - r squared
        assert found.p == pytest.approx(r["p"][name], rel=1e-9)


def test_the_grid_is_p_adjust() -> None:
    grid = stored("marker")["grid"]
    p = np.array(grid["p"]).reshape(2, 5)
    assert holm(p).ravel() == pytest.approx(grid["holm"], abs=1e-15)
    assert benjamini_hochberg(p).ravel() == pytest.approx(grid["BH"], abs=1e-15)


@pytest.mark.parametrize("marker", [0.0, 0.1, 0.35])
def test_it_is_a_partial_correlation(marker: float) -> None:
    side = np.sqrt(marker)
    R = np.array([[1, 0.5, side], [0.5, 1, side], [side, side, 1]])
    partial = partial_correlation(correlated(R), "t1", "t2", given=["t3"])
    found = marker_adjusted(0.5, marker, 200)
    for name in ("r", "low", "high", "p"):
        assert getattr(found, name) == pytest.approx(getattr(partial, name))


def test_the_sign_stays_unless_less_than_the_marker_is_left() -> None:
    assert marker_adjusted(-0.5, 0.2, 50).r == -marker_adjusted(0.5, 0.2, 50).r
    assert marker_adjusted(0.2, 0.2, 50).r == 0
    assert marker_adjusted(0.1, 0.2, 50).r < 0
    assert marker_adjusted(0.0, 0.9, 50).r == -1


def test_what_has_no_marker() -> None:
    with pytest.raises(TooFewData, match="at least 5 people; there are 4"):
        marker_adjusted(0.5, 0.1, 4)
    with pytest.raises(ValueError, match="No correlation"):
        marker_adjusted(0.5, 1.0, 50)
    with pytest.raises(TooFewData, match="at least 3 items"):
        smallest_correlation(correlated(np.eye(2)))
    x = np.random.default_rng(1).standard_normal((9, 1)) * [1, 2, 3]
    with pytest.raises(NotDefined, match="not positive definite"):
        smallest_correlation(moments(x, list("abc"), missing="listwise"))
