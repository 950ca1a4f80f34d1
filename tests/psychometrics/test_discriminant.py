"""Fornell-Larcker against a model known exactly and against copied rows."""

import numpy as np
import pytest

from analytics.psychometrics import (
    InvalidData,
    Matrix,
    NotDefined,
    ResponseMatrix,
    TooFewData,
    fornell_larcker,
    moments,
)
from analytics.psychometrics.discriminant import _compared, _fitted
from analytics.psychometrics.minres import minres

from .cases import SCALES, bfi, correlated, likert

THREE = {"a": ["t1", "t2", "t3"], "b": ["t4", "t5", "t6"], "c": ["t7", "t8"]}


def test_a_model_of_correlated_factors_is_recovered() -> None:
    a, b, c = np.array([0.8, 0.7, 0.6]), np.array([0.9, 0.5, 0.7]), np.full(2, 0.6)
    phi = np.array([[1, 0.5, -0.2], [0.5, 1, 0.9], [-0.2, 0.9, 1]])
    loadings = np.zeros((8, 3))
    loadings[:3, 0], loadings[3:6, 1], loadings[6:, 2] = a, b, c
    R = loadings @ phi @ loadings.T
    np.fill_diagonal(R, 1)
    m = correlated(R)
    fitted = [_fitted(m.select(items)) for items in THREE.values()]
    found = _compared(R[None], [[0, 1, 2], [3, 4, 5], [6, 7]], fitted)[0]
    ave = [(each**2).mean() for each in (a, b, c)]
    correlations = [0.5, -0.2, 0.9]
    pairs = [(0, 1), (0, 2), (1, 2)]
    margins = [
        min(ave[i], ave[j]) ** 0.5 - abs(r)
        for (i, j), r in zip(pairs, correlations, strict=True)
    ]
    # minres is converged to a gradient of 1e-9
    assert found == pytest.approx([*ave, *correlations, *margins], abs=1e-8)


def by_hand(data: ResponseMatrix) -> Matrix:
    """AVE of a and b, r and margin, by plain loops over one data set."""
    m = moments(data, missing="listwise")
    first, second = (
        minres(m.select(THREE[scale]).correlation, 1).loadings[:, 0] for scale in "ab"
    )
    up = down = 0.0
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            up += one * other * m.correlation[i, 3 + j]
            down += one**2 * other**2
    ave = np.mean(first**2), np.mean(second**2)
    return np.array([*ave, up / down, min(ave) ** 0.5 - abs(up / down)])


def test_estimates_and_intervals_equal_those_of_copied_rows(
    rng: np.random.Generator,
) -> None:
    data = likert(rng, 400, 6)
    scales = {scale: THREE[scale] for scale in "ab"}
    (found,) = fornell_larcker(
        data,
        scales,
        missing="listwise",
        rng=np.random.default_rng(4),
        n_draws=25,
        confidence=0.8,
    ).values()
    again = np.random.default_rng(4)
    drawn = [
        by_hand(ResponseMatrix(data.codes[again.integers(400, size=400)], data.items))
        for _ in range(25)
    ]
    ends = np.quantile(drawn, [0.1, 0.9], axis=0).T
    expected = by_hand(data)
    ours = [found.ave_first, found.ave_second, found.r, found.margin]
    for one, value, end in zip(ours, expected, ends, strict=True):
        assert one.estimate == pytest.approx(value, abs=1e-9)
        # the draws' loadings are iterated to 1e-5
        assert [one.low, one.high] == pytest.approx(end, abs=1e-4)
    assert (found.n, found.n_draws) == (400, 25)


def test_scales_of_one_trait_are_not_told_apart(rng: np.random.Generator) -> None:
    found = fornell_larcker(
        likert(rng, 300, 8), THREE, missing="listwise", rng=rng, n_draws=100
    )
    assert list(found) == [("a", "b"), ("a", "c"), ("b", "c")]
    for each in found.values():
        assert each.margin.high is not None
        assert each.margin.high < 0
        assert each.r.estimate == pytest.approx(1, abs=0.1)


def test_conscientiousness_and_neuroticism_are_told_apart(
    rng: np.random.Generator,
) -> None:
    scales = {trait: SCALES[trait] for trait in "CN"}
    (found,) = fornell_larcker(
        bfi(), scales, missing="pairwise", rng=rng, n_draws=100
    ).values()
    assert found.margin.low is not None
    assert found.margin.low > 0
    assert found.r.estimate < 0


def test_turning_or_reordering_items_does_not_matter(
    rng: np.random.Generator,
) -> None:
    data = likert(rng, 90, 6)
    scales = {scale: THREE[scale] for scale in "ab"}
    backwards = {scale: items[::-1] for scale, items in scales.items()}
    here, there = (
        fornell_larcker(
            data, each, missing="listwise", rng=np.random.default_rng(2), n_draws=20
        )["a", "b"]
        for each in (scales, backwards)
    )
    for ours, theirs in ((here.r, there.r), (here.margin, there.margin)):
        assert [ours.estimate, ours.low, ours.high] == pytest.approx(
            [theirs.estimate, theirs.low, theirs.high], abs=1e-4
        )


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    data = likert(rng, 50, 5)
    with pytest.raises(TooFewData, match="at least 2 items; there are 1"):
        fornell_larcker(
            data, {"a": ["t1", "t2"], "b": ["t3"]}, missing="listwise", rng=rng
        )
    with pytest.raises(InvalidData, match="twice"):
        fornell_larcker(
            data, {"a": ["t1", "t2"], "b": ["t2", "t3"]}, missing="listwise", rng=rng
        )
    codes = data.codes.copy()
    codes[:, 1] = codes[:, 0]
    twins = ResponseMatrix(codes, data.items)
    pair = {"a": ["t1", "t2"], "b": ["t3", "t4", "t5"]}
    with pytest.raises(NotDefined, match="not defined in 1000 of 1000 resamples"):
        fornell_larcker(twins, pair, missing="listwise", rng=rng)
    codes[:, 1] = 2
    with pytest.raises(NotDefined, match="answered t2"):
        fornell_larcker(
            ResponseMatrix(codes, data.items), pair, missing="listwise", rng=rng
        )
