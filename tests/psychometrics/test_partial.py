"""Partial correlations from residuals; adjusted p values by hand and against SciPy."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import (
    Matrix,
    NotDefined,
    TooFewData,
    benjamini_hochberg,
    correlate,
    holm,
    moments,
    partial_correlation,
)

from .cases import correlated

NAMES = list("xyzu")


def related(rng: np.random.Generator) -> Matrix:
    x: Matrix = rng.standard_normal((80, 4)) @ rng.standard_normal((4, 4))
    return x


def residual(y: Matrix, on: Matrix) -> Matrix:
    design = np.column_stack([np.ones(len(y)), on])
    left: Matrix = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return left


def test_it_is_the_correlation_of_the_residuals(rng: np.random.Generator) -> None:
    x = related(rng)
    m = moments(x, NAMES, missing="listwise")
    found = partial_correlation(m, "x", "y", given=["z", "u"])
    rest = [residual(x[:, j], x[:, 2:]) for j in (0, 1)]
    expected = np.corrcoef(rest[0], rest[1])[0, 1]
    assert found.r == pytest.approx(expected, rel=1e-12)
    t = expected * np.sqrt(76 / (1 - expected**2))
    assert found.p == pytest.approx(2 * stats.t.sf(abs(t), 76), rel=1e-9)
    half = stats.norm.ppf(0.975) / np.sqrt(80 - 2 - 3)
    ends = np.tanh(np.arctanh(expected) + half * np.array([-1, 1]))
    assert [found.low, found.high] == pytest.approx(ends)
    assert (found.n, found.given) == (80, ("z", "u"))


def test_one_variable_held_constant_is_the_textbook_formula() -> None:
    R = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    found = partial_correlation(correlated(R), "t1", "t2", given=["t3"])
    assert found.r == pytest.approx(
        (0.6 - 0.5 * 0.4) / np.sqrt((1 - 0.25) * (1 - 0.16))
    )


def test_with_nothing_held_constant_it_is_pearson(rng: np.random.Generator) -> None:
    x = related(rng)
    m = moments(x, NAMES, missing="listwise")
    found = partial_correlation(m, "x", "y", given=[])
    plain = correlate(x[:, 0], x[:, 1])
    assert [found.r, found.low, found.high, found.p] == pytest.approx(
        [plain.r, plain.low, plain.high, plain.p]
    )


def test_order_and_scale_do_not_matter(rng: np.random.Generator) -> None:
    x = related(rng)
    here = partial_correlation(
        moments(x, NAMES, missing="listwise"), "x", "y", given=["z", "u"]
    )
    there = partial_correlation(
        moments(5 - x * [2, 3, -4, 1], NAMES, missing="listwise"),
        "y",
        "x",
        given=["u", "z"],
    )
    assert there.r == pytest.approx(here.r, rel=1e-10)


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    x = related(rng)
    x[:, 3] = x[:, 2] + 1
    m = moments(x, NAMES, missing="listwise")
    with pytest.raises(NotDefined, match=r"predictor [zu] can be computed"):
        partial_correlation(m, "x", "y", given=["z", "u"])
    with pytest.raises(NotDefined, match="determines z completely"):
        partial_correlation(m, "x", "z", given=["u"])
    with pytest.raises(TooFewData, match="at least 6 people; there are 5"):
        partial_correlation(correlated(np.eye(4), n=5), "t1", "t2", given=["t3", "t4"])
    impossible = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    with pytest.raises(NotDefined, match="not positive definite"):
        partial_correlation(correlated(impossible), "t1", "t2", given=["t3"])
    constant = moments(x * [1, 0, 1, 1], NAMES, missing="listwise")
    with pytest.raises(NotDefined, match="answered y"):
        partial_correlation(constant, "x", "y", given=["z"])


def test_holm_equals_the_steps_by_hand() -> None:
    # p.adjust(c(.01, .04, .03, .005), "holm") of R gives the same
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert holm(p) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.4, 0.6])) == pytest.approx([0.8, 0.8])


def test_benjamini_hochberg_equals_scipy(rng: np.random.Generator) -> None:
    p = rng.random((7, 5)) ** 3
    p[2, 2] = p[3, 3]
    theirs = stats.false_discovery_control(p.ravel())
    assert benjamini_hochberg(p).ravel() == pytest.approx(theirs)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_grid_keeps_its_shape_its_order_and_its_gaps(
    rng: np.random.Generator, adjust: Callable[[Matrix], Matrix]
) -> None:
    p = rng.random((4, 3)) ** 2
    p[1, 2] = np.nan
    before = p.copy()
    adjusted = adjust(p)
    np.testing.assert_array_equal(p, before)
    assert adjusted.shape == p.shape
    assert np.isnan(adjusted[1, 2])
    known = ~np.isnan(p)
    np.testing.assert_allclose(adjusted[known], adjust(p[known]))
    in_order = adjusted[known][np.argsort(p[known])]
    assert all(a <= b <= 1 for a, b in pairwise(in_order))
    assert (adjusted[known] >= p[known]).all()
    assert adjust(np.array([0.2])) == pytest.approx([0.2])
    assert adjust(np.array([])).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust(np.array([1.2]))
