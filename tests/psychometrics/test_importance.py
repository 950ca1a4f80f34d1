"""Relative weights and dominance against R and against all orders of entry."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from analytics.psychometrics import (
    Importance,
    InvalidData,
    Item,
    Matrix,
    NotDefined,
    TooFewData,
    Weighting,
    bootstrap_importance,
    dominance,
    importance,
    moments,
    scale_scores,
)

from .cases import REFERENCE, coded, correlated, read_columns, reference

WEIGHTINGS: list[Weighting] = ["relative-weights", "dominance"]
NAMES = ["x1", "x2", "x3", "y5"]


def democracy() -> Matrix:
    return read_columns(REFERENCE / "data" / "politicaldemocracy.csv", NAMES)


def related(rng: np.random.Generator, n: int, p: int) -> Matrix:
    """n rows of p related predictors and, last, an outcome."""
    x = rng.standard_normal((n, p + 1)) @ rng.standard_normal((p + 1, p + 1))
    return x + rng.standard_normal((n, 1))


def weights(found: Importance) -> dict[str, float]:
    return {one.item: one.weight.estimate for one in found.predictors}


def r_squared(x: Matrix, columns: list[int]) -> float:
    """Of the last column on these, by least squares on the rows themselves."""
    y = x[:, -1] - x[:, -1].mean()
    if not columns:
        return 0.0
    design = x[:, columns] - x[:, columns].mean(axis=0)
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(1 - residual @ residual / (y @ y))


def over_all_orders(x: Matrix) -> Matrix:
    p = x.shape[1] - 1
    orders = list(permutations(range(p)))
    total = np.zeros(p)
    for order in orders:
        for place, j in enumerate(order):
            before = list(order[:place])
            total[j] += r_squared(x, [*before, j]) - r_squared(x, before)
    return total / len(orders)


@pytest.mark.parametrize(
    ("weighting", "key"),
    [("relative-weights", "johnson_relative_weights"), ("dominance", "lmg")],
)
def test_weights_equal_those_of_r(weighting: Weighting, key: str) -> None:
    stored = reference("setcor_lmg_pd")
    m = moments(democracy(), NAMES, missing="listwise")
    found = importance(m, NAMES[:3], "y5", weighting=weighting)
    for item, weight in weights(found).items():
        assert weight == pytest.approx(stored[key][item], rel=0, abs=1e-12)
    assert found.r_squared.estimate == pytest.approx(stored["R2"], rel=0, abs=1e-12)
    assert found.n == 75


def test_general_dominance_is_the_mean_over_all_orders(
    rng: np.random.Generator,
) -> None:
    x = related(rng, 90, 5)
    names = list("abcdey")
    m = moments(x, names, missing="listwise")
    found = dominance(m, names[:5], "y")
    np.testing.assert_allclose(found.general, over_all_orders(x), atol=1e-12)
    for subset, value in enumerate(found.r_squared):
        columns = [j for j in range(5) if subset >> j & 1]
        assert value == pytest.approx(r_squared(x, columns), abs=1e-12)
    weighted = importance(m, names[:5], "y", weighting="dominance")
    assert [*weights(weighted).values()] == pytest.approx(found.general)


def test_conditional_and_complete_dominance_equal_a_naive_count(
    rng: np.random.Generator,
) -> None:
    x = related(rng, 60, 4)
    names = list("abcdy")
    found = dominance(moments(x, names, missing="listwise"), names[:4], "y")
    subsets = [[j for j in range(4) if s >> j & 1] for s in range(16)]
    gain = {
        (i, *s): r_squared(x, [*s, i]) - r_squared(x, s)
        for i in range(4)
        for s in subsets
        if i not in s
    }
    for i in range(4):
        for k in range(4):
            of_size = [g for (a, *s), g in gain.items() if a == i and len(s) == k]
            assert found.conditional[i, k] == pytest.approx(np.mean(of_size))
        for j in range(4):
            if i != j:
                without = [s for s in subsets if i not in s and j not in s]
                wins = [gain[i, *s] > gain[j, *s] for s in without]
                assert found.complete[i, j] == np.mean(wins)


def test_relative_weights_of_independent_predictors_are_squared_correlations() -> None:
    R = np.eye(4)
    R[:3, 3] = R[3, :3] = [0.5, -0.3, 0.1]
    for weighting in WEIGHTINGS:
        found = importance(correlated(R), ["t1", "t2", "t3"], "t4", weighting=weighting)
        assert [*weights(found).values()] == pytest.approx([0.25, 0.09, 0.01])
        assert [one.rank for one in found.predictors] == [1, 2, 3]
        assert sum(one.share.estimate for one in found.predictors) == pytest.approx(1)


@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_order_scale_and_direction_of_the_predictors_do_not_matter(
    rng: np.random.Generator, weighting: Weighting
) -> None:
    x = related(rng, 70, 4)
    names = list("abcdy")
    m = moments(x, names, missing="listwise")
    expected = weights(importance(m, names[:4], "y", weighting=weighting))
    other = moments(x * [-2, 1, 3, 1, 1] + 7, names, missing="listwise")
    found = weights(importance(other, list("dbca"), "y", weighting=weighting))
    for item, weight in expected.items():
        assert found[item] == pytest.approx(weight, abs=1e-12)


@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_the_bootstrap_equals_one_that_copies_rows(
    rng: np.random.Generator, weighting: Weighting
) -> None:
    x = related(rng, 120, 3)
    x[4, 1] = np.nan
    found = bootstrap_importance(
        x,
        list("abcy"),
        list("abc"),
        "y",
        weighting=weighting,
        rng=np.random.default_rng(7),
        n_draws=40,
        confidence=0.9,
    )
    complete = x[~np.isnan(x).any(axis=1)]
    again = np.random.default_rng(7)
    drawn = []
    for _ in range(40):
        rows = complete[again.integers(119, size=119)]
        m = moments(rows, list("abcy"), missing="listwise")
        drawn.append(
            [*weights(importance(m, list("abc"), "y", weighting=weighting)).values()]
        )
    copies = np.array(drawn)
    for j, one in enumerate(found.predictors):
        share = copies[:, j] / copies.sum(axis=1)
        rank = (copies >= copies[:, [j]]).sum(axis=1)
        ends = [one.weight.low, one.weight.high, one.share.low, one.share.high]
        expected = [
            *np.quantile(copies[:, j], [0.05, 0.95]),
            *np.quantile(share, [0.05, 0.95]),
        ]
        assert ends == pytest.approx(expected)
        ranks = np.quantile(rank, [0.05, 0.95], method="inverted_cdf")
        assert [one.rank_low, one.rank_high] == ranks.tolist()
    assert (found.n, found.n_draws) == (119, 40)
    assert found.r_squared.confidence == 0.9


def test_the_same_seed_gives_the_same_intervals(rng: np.random.Generator) -> None:
    x = related(rng, 50, 3)

    def once(seed: int) -> Importance:
        return bootstrap_importance(
            x,
            list("abcy"),
            list("abc"),
            "y",
            weighting="relative-weights",
            rng=np.random.default_rng(seed),
            n_draws=20,
        )

    assert once(1) == once(1)
    assert once(1) != once(2)


def test_inseparable_predictors_share_their_ranks(rng: np.random.Generator) -> None:
    trait = rng.standard_normal(400)
    x = np.column_stack([trait, trait, 0 * trait, trait])
    x += 0.3 * rng.standard_normal(x.shape)
    found = bootstrap_importance(
        x,
        list("abcy"),
        list("abc"),
        "y",
        weighting="relative-weights",
        rng=rng,
        n_draws=300,
    )
    a, b, noise = found.predictors
    assert (a.rank_low, a.rank_high) == (b.rank_low, b.rank_high) == (1, 2)
    assert (noise.rank_low, noise.rank_high) == (3, 3)


def test_collinear_predictors_are_named(rng: np.random.Generator) -> None:
    x = related(rng, 50, 3)
    x[:, 2] = x[:, 0] * 5 - 1
    m = moments(x, list("abcy"), missing="listwise")
    for weighting in WEIGHTINGS:
        with pytest.raises(
            NotDefined, match=r"predictor [ac] can be computed from the others"
        ):
            importance(m, list("abc"), "y", weighting=weighting)


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    names = [f"t{j}" for j in range(1, 15)]
    many = correlated(np.full((14, 14), 0.5) + 0.5 * np.eye(14))
    with pytest.raises(NotDefined, match="at most 12 predictors; there are 13"):
        dominance(many, names[:13], "t14")
    with pytest.raises(TooFewData, match="at least 2 items"):
        importance(many, ["t1"], "t2", weighting="relative-weights")
    with pytest.raises(InvalidData, match="twice"):
        importance(many, ["t1", "t2"], "t2", weighting="relative-weights")
    with pytest.raises(TooFewData, match="at least 4 people; there are 3"):
        importance(
            correlated(np.eye(3), n=3), names[:2], "t3", weighting="relative-weights"
        )
    with pytest.raises(NotDefined, match="explain nothing of t3"):
        importance(correlated(np.eye(3)), names[:2], "t3", weighting="relative-weights")
    impossible = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    with pytest.raises(NotDefined, match="not positive definite"):
        importance(
            correlated(impossible), names[:2], "t3", weighting="relative-weights"
        )
    x = related(rng, 50, 2)
    x[:, 1] = 4
    with pytest.raises(NotDefined, match="answered b"):
        importance(
            moments(x, list("aby"), missing="listwise"),
            list("ab"),
            "y",
            weighting="relative-weights",
        )


def test_resamples_that_lose_a_rare_answer_are_counted(
    rng: np.random.Generator,
) -> None:
    x = related(rng, 30, 2)
    x[:, 1] = 0
    x[3, 1] = 1
    with pytest.raises(NotDefined, match="no bootstrap interval"):
        bootstrap_importance(
            x, list("aby"), list("ab"), "y", weighting="relative-weights", rng=rng
        )


def test_trust_scales_and_the_loyalty_of_real_customers(shared_data: Path) -> None:
    scales = {"IMAG": 5, "CUEX": 3, "PERQ": 7, "PERV": 2, "CUSA": 3, "CUSL": 3}
    items = [
        f"{scale}{i}" for scale, size in scales.items() for i in range(1, size + 1)
    ]
    values = read_columns(shared_data / "mobi.csv", items)
    data = coded(values, [Item(item, 1, 10) for item in items])
    x = np.column_stack(
        [
            scale_scores(data, [item for item in items if item.startswith(scale)])
            for scale in scales
        ]
    )
    names = list(scales)
    found = bootstrap_importance(
        x,
        names,
        names[:-1],
        "CUSL",
        weighting="relative-weights",
        rng=np.random.default_rng(1),
        n_draws=200,
    )
    # another way to Johnson's weights: the nearest orthogonal variables of the rows
    z = (x - x.mean(axis=0)) / np.sqrt(250 * x.var(axis=0))
    left, singular, right = np.linalg.svd(z[:, :-1], full_matrices=False)
    beta = (left @ right).T @ z[:, -1]
    expected = (right.T @ np.diag(singular) @ right) ** 2 @ beta**2
    assert [*weights(found).values()] == pytest.approx(expected, abs=1e-12)
    assert found.r_squared.estimate == pytest.approx(r_squared(x, list(range(5))))
    assert found.n == 250
    satisfaction = found.predictors[4]
    assert (satisfaction.item, satisfaction.rank) == ("CUSA", 1)
    for one in found.predictors:
        assert one.share.low is not None
        assert one.share.high is not None
        assert 0 < one.share.low < one.share.estimate < one.share.high < 1
