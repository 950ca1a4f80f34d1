import contextlib

import numpy as np
import pytest

from analytics.psychometrics import (
    InvalidData,
    MissingRule,
    NotDefined,
    TooFewData,
    htmt,
    htmt2,
    htmt_intervals,
    moments,
)
from analytics.psychometrics.validity import Ratio

from .cases import HS_SCALES, bfi, correlated, hs_moments, likert, matrix, reference

LIKERT_SCALES = {
    "first": ["t1", "t2"],
    "second": ["t3", "t4", "t5"],
    "third": ["t6", "t7"],
}


def test_geometric_ratios_equal_semtools() -> None:
    # in semTools 0.5-6 the default of htmt() is the one with geometric means
    stored = reference("reliability_sem_hs")
    found = htmt2(hs_moments(), HS_SCALES)
    names = stored["htmt2"]["rows"]
    for (a, b), value in found.items():
        theirs = matrix(stored["htmt2"])[names.index(b), names.index(a)]
        assert value == pytest.approx(theirs, rel=0, abs=1e-12)
    assert len(found) == 3


def test_arithmetic_ratios_equal_a_naive_loop() -> None:
    m = hs_moments()
    r = {
        (a, b): abs(m.correlation[i, j])
        for i, a in enumerate(m.items)
        for j, b in enumerate(m.items)
    }
    for (a, b), value in htmt(m, HS_SCALES).items():
        between = [r[i, j] for i in HS_SCALES[a] for j in HS_SCALES[b]]
        within = [
            np.mean([r[i, j] for i in HS_SCALES[s] for j in HS_SCALES[s] if i != j])
            for s in (a, b)
        ]
        expected = np.mean(between) / np.sqrt(within[0] * within[1])
        assert value == pytest.approx(float(expected), rel=1e-13)


def test_two_halves_of_one_scale_have_a_ratio_of_one() -> None:
    m = correlated(np.full((6, 6), 0.5) + 0.5 * np.eye(6))
    halves = {"first": m.items[:3], "second": m.items[3:]}
    assert htmt(m, halves)["first", "second"] == pytest.approx(1)
    assert htmt2(m, halves)["first", "second"] == pytest.approx(1)


def test_turning_an_item_does_not_matter() -> None:
    m = hs_moments()
    sign = np.ones(9)
    sign[3] = -1
    turned = correlated(m.correlation * np.outer(sign, sign), items=m.items)
    for pair, value in htmt(turned, HS_SCALES).items():
        assert value == pytest.approx(htmt(m, HS_SCALES)[pair], rel=1e-13)


def test_the_order_of_the_items_does_not_matter() -> None:
    m = hs_moments()
    backwards = htmt(m.select(m.items[::-1]), HS_SCALES)
    for pair, value in htmt(m, HS_SCALES).items():
        assert backwards[pair] == pytest.approx(value, rel=1e-13)


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    m = hs_moments()
    with pytest.raises(TooFewData, match="at least 2 items"):
        htmt(m, {"a": ["x1", "x2"], "b": ["x3"]})
    with pytest.raises(InvalidData, match="no item y"):
        htmt(m, {"a": ["x1", "y"]})
    uncorrelated = correlated(np.eye(4), items=list("abcd"))
    for ratio in (htmt, htmt2):
        with pytest.raises(NotDefined):
            ratio(uncorrelated, {"a": ["a", "b"], "b": ["c", "d"]})
    x = rng.standard_normal((40, 4))
    x[:20, :2] = np.nan
    x[20:, 2:] = np.nan
    apart = moments(x, list("abcd"), missing="pairwise")
    with pytest.raises(TooFewData, match="both a and c"):
        htmt(apart, {"A": ["a", "b"], "B": ["c", "d"]})
    x[:, 1] = 1
    with pytest.raises(NotDefined, match="answered b"):
        htmt(moments(x, list("abcd"), missing="pairwise"), {"A": ["a", "b"]})


@pytest.mark.parametrize("ratio", ["htmt", "htmt2"])
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_intervals_equal_those_of_copied_rows(
    rng: np.random.Generator, ratio: Ratio, missing: MissingRule
) -> None:
    data = likert(rng, 70, 7, holes=0.03)
    point = htmt if ratio == "htmt" else htmt2
    found = htmt_intervals(
        data,
        LIKERT_SCALES,
        ratio=ratio,
        missing=missing,
        rng=np.random.default_rng(9),
        n_draws=30,
        confidence=0.9,
    )
    rows = data if missing == "pairwise" else data.complete_rows()
    again = np.random.default_rng(9)
    drawn = []
    for _ in range(30):
        at = again.integers(rows.n, size=rows.n)
        copied = type(data)(rows.codes[at], data.items)
        # answers are few whole numbers: a correlation of exactly zero can occur
        with contextlib.suppress(NotDefined):
            drawn.append(point(moments(copied, missing=missing), LIKERT_SCALES))
    expected = point(moments(data, missing=missing), LIKERT_SCALES)
    assert list(found) == list(expected)
    for pair, estimate in found.items():
        ends = np.quantile([draw[pair] for draw in drawn], [0.05, 0.95])
        assert [estimate.low, estimate.high] == pytest.approx(ends)
        assert estimate.estimate == expected[pair]


def test_scales_of_different_traits_stay_below_one(rng: np.random.Generator) -> None:
    data = bfi()
    scales = {trait: [f"{trait}{i}" for i in range(1, 6)] for trait in "AE"}
    found = htmt_intervals(
        data, scales, ratio="htmt", missing="pairwise", rng=rng, n_draws=200
    )
    (estimate,) = found.values()
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low < estimate.estimate < estimate.high < 1
    one_trait = likert(rng, 200, 7)
    same = htmt_intervals(
        one_trait, LIKERT_SCALES, ratio="htmt", missing="listwise", rng=rng, n_draws=200
    )
    assert all(one.high is not None and one.high > 1 for one in same.values())


def test_the_bootstrap_refuses_what_the_ratio_refuses(
    rng: np.random.Generator,
) -> None:
    data = likert(rng, 40, 4)

    def of(scales: dict[str, list[str]]) -> object:
        return htmt_intervals(
            data, scales, ratio="htmt", missing="listwise", rng=rng, n_draws=50
        )

    with pytest.raises(TooFewData, match="at least 2 items"):
        of({"a": ["t1", "t2"], "b": ["t3"]})
    with pytest.raises(InvalidData, match="twice"):
        of({"a": ["t1", "t2"], "b": ["t2", "t3"]})
    assert of({"a": ["t1", "t2"]}) == {}
    codes = data.codes.copy()
    codes[:, 0] = 0
    codes[7, 0] = 1
    data = type(data)(codes, data.items)
    with pytest.raises(NotDefined, match="no bootstrap interval"):
        of({"a": ["t1", "t2"], "b": ["t3", "t4"]})
