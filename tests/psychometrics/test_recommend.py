"""The recommend index against its formula and against exact coverage."""

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import (
    InvalidData,
    Item,
    TooFewData,
    mean_interval,
    recommend_index,
)
from analytics.psychometrics.recommend import _adjusted_wald

from .cases import coded

ANSWERS = np.array([10, 9, 9, 8, 7, 7, 6, 5, 0, 10])


def test_index_and_interval_equal_a_calculation_by_hand() -> None:
    found = recommend_index(ANSWERS)
    assert (found.promoters, found.passives, found.detractors) == (4, 3, 3)
    assert found.index.estimate == 10
    p, d = 4.75 / 13, 3.75 / 13
    half = 1.959963984540054 * ((p + d - (p - d) ** 2) / 13) ** 0.5
    assert found.index.low == pytest.approx(100 * (p - d - half), rel=1e-12)
    assert found.index.high == pytest.approx(100 * (p - d + half), rel=1e-12)
    assert (found.n, found.index.n) == (10, 10)
    assert found.mean == mean_interval(ANSWERS.astype(float))


def test_the_interval_covers_as_often_as_it_says() -> None:
    # over every possible outcome of 20 answers, weighted by its probability
    n, shares = 20, (0.45, 0.35, 0.20)
    cover = 0.0
    for promoters in range(n + 1):
        for detractors in range(n + 1 - promoters):
            low, high = _adjusted_wald(promoters, detractors, n, 0.95)
            if low <= 100 * (shares[0] - shares[2]) <= high:
                counts = [promoters, n - promoters - detractors, detractors]
                cover += float(stats.multinomial.pmf(counts, n, shares))
    assert cover == pytest.approx(0.95, abs=0.015)


def test_swapping_promoters_and_detractors_turns_the_index() -> None:
    here, there = (recommend_index(np.array(x)) for x in ([10, 10, 8, 3], [0, 0, 7, 9]))
    assert there.index.estimate == -here.index.estimate
    assert here.index.high is not None
    assert there.index.low == pytest.approx(-here.index.high)


def test_order_gaps_and_the_container_do_not_matter() -> None:
    found = recommend_index(ANSWERS)
    assert recommend_index(ANSWERS[::-1]) == found
    assert recommend_index(np.append(ANSWERS, [-1, -2, -3])) == found
    asked = coded(np.append(ANSWERS, np.nan)[:, None], [Item("NEXT", 0, 10)])
    assert recommend_index(asked) == found


def test_a_unanimous_answer_stays_between_the_ends_of_the_scale() -> None:
    best = recommend_index(np.full(5, 10))
    assert best.index.estimate == best.index.high == 100
    assert best.index.low is not None
    assert best.index.low < 100
    one = recommend_index(np.array([3]))
    assert one.index.estimate == one.index.low == -100
    assert (one.mean.estimate, one.mean.low, one.mean.high) == (3, None, None)


def test_edges_are_sentences() -> None:
    with pytest.raises(TooFewData, match="at least 1 people; there are 0"):
        recommend_index(np.array([-1, -2]))
    with pytest.raises(InvalidData, match="Row 2, item 0-10: 11 is not on the scale"):
        recommend_index(np.array([4, 11]))
    with pytest.raises(ValueError, match="Item T must go from 0 to 10"):
        recommend_index(coded(np.array([[3.0]]), [Item("T", 1, 10)]))
    with pytest.raises(ValueError, match="One item is needed, not 2"):
        recommend_index(coded(np.array([[3.0, 4]]), [Item(i, 0, 10) for i in "ab"]))
    with pytest.raises(TypeError, match="whole numbers"):
        recommend_index(np.array([3.5]))
