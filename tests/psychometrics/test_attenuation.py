"""Correction for unreliability against psych and against copied rows."""

from itertools import combinations

import numpy as np
import pytest

from analytics.psychometrics import (
    InvalidData,
    NotDefined,
    TooFewData,
    correlate,
    cronbach_alpha,
    disattenuate,
    disattenuate_scales,
    moments,
    scale_scores,
)

from .cases import SCALES, bfi, likert, matrix, reference


def test_the_correction_equals_psych(rng: np.random.Generator) -> None:
    stored = reference("disattenuated_bfi")
    names = stored["corrected"]["rows"]
    data = bfi().complete_rows()
    for a, b in combinations(SCALES, 2):
        found = disattenuate_scales(data, SCALES[a], SCALES[b], rng=rng, n_draws=20)
        i, j = names.index(a), names.index(b)
        expected = matrix(stored["corrected"])[i, j]
        assert found.estimate.estimate == pytest.approx(expected, rel=0, abs=1e-12)
        assert found.observed.estimate == pytest.approx(
            matrix(stored["cor_raw"])[i, j], rel=0, abs=1e-12
        )
        assert found.alphas[0] == pytest.approx(
            matrix(stored["alpha"])[0, i], rel=0, abs=1e-12
        )


def test_the_bootstrap_equals_one_that_copies_rows(rng: np.random.Generator) -> None:
    data = likert(rng, 60, 5, holes=0.02)
    first, second = ["t1", "t2", "t3"], ["t4", "t5"]
    found = disattenuate_scales(
        data, first, second, rng=np.random.default_rng(3), n_draws=30, confidence=0.8
    )
    complete = data.complete_rows()
    again = np.random.default_rng(3)
    drawn = []
    for _ in range(30):
        rows = again.integers(complete.n, size=complete.n)
        copied = type(data)(complete.codes[rows], data.items)
        r = correlate(scale_scores(copied, first), scale_scores(copied, second)).r
        m = moments(copied, missing="listwise")
        S = m.select(second).covariance
        pair = 2 * (1 - np.trace(S) / S.sum())
        alpha = cronbach_alpha(m.select(first)).raw.estimate
        drawn.append(disattenuate(r, alpha, pair).estimate)
    ends = np.quantile(drawn, [0.1, 0.9])
    assert [found.estimate.low, found.estimate.high] == pytest.approx(ends)
    assert (found.n, found.n_draws) == (complete.n, 30)


def test_two_halves_of_one_scale_reach_one(rng: np.random.Generator) -> None:
    data = likert(rng, 300, 6)
    found = disattenuate_scales(
        data, data.item_codes[:3], data.item_codes[3:], rng=rng, n_draws=200
    )
    assert found.reaches_one
    assert found.estimate.low is not None
    assert found.estimate.high is not None
    assert found.estimate.low < 1 < found.estimate.high
    assert found.above_one == (found.estimate.estimate > 1)


def test_the_order_of_items_and_scales_does_not_matter(
    rng: np.random.Generator,
) -> None:
    data = likert(rng, 80, 5)
    first, second = ["t1", "t2", "t3"], ["t4", "t5"]
    here = disattenuate_scales(
        data, first, second, rng=np.random.default_rng(1), n_draws=25
    )
    there = disattenuate_scales(
        data, second[::-1], first[::-1], rng=np.random.default_rng(1), n_draws=25
    )
    for ours, theirs in (
        (here.estimate, there.estimate),
        (here.observed, there.observed),
    ):
        assert [ours.estimate, ours.low, ours.high] == pytest.approx(
            [theirs.estimate, theirs.low, theirs.high], rel=1e-12
        )
    assert here.alphas == pytest.approx(there.alphas[::-1])


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    data = likert(rng, 50, 4)
    with pytest.raises(TooFewData, match="at least 2 items"):
        disattenuate_scales(data, ["t1", "t2"], ["t3"], rng=rng)
    with pytest.raises(InvalidData, match="t2 appears twice"):
        disattenuate_scales(data, ["t1", "t2"], ["t2", "t3"], rng=rng)
    few = type(data)(data.codes[:3], data.items)
    with pytest.raises(TooFewData, match="at least 4 people"):
        disattenuate_scales(few, ["t1", "t2"], ["t3", "t4"], rng=rng)
    against = data.codes.copy()
    against[:, 1] = 4 - against[:, 0]
    against[0, 1] = against[0, 0]
    turned = type(data)(against, data.items)
    with pytest.raises(NotDefined, match="two reliabilities above zero"):
        disattenuate_scales(turned, ["t1", "t2"], ["t3", "t4"], rng=rng)
