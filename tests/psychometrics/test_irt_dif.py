"""Items between groups against MASS::polr, with planted differences and edges."""

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.psychometrics import Matrix, ResponseMatrix, TooFewData, holm
from analytics.psychometrics.irt import (
    Dif,
    LikelihoodRatio,
    dif_logistic,
    eap_scores,
    graded_response,
)
from analytics.psychometrics.irt import dif as module

from .cases import bfi
from .irt_cases import Planted, drawn, planted, stored

# polr climbs by BFGS on differences of the likelihood and stops before its top
POLR = 1e-6


@pytest.mark.parametrize(
    ("study", "grouping", "scale"), [("two", "gender", "N"), ("three", "age", "E")]
)
def test_it_equals_polr(study: str, grouping: str, scale: str) -> None:
    r = stored("dif")
    data = bfi().select([f"{scale}{j}" for j in range(1, 6)])
    found = dif_logistic(
        data, r[grouping], matching="rest", flag_by="class", purify=False
    )
    assert found.groups == tuple(sorted(set(r[grouping])))
    for item in found.items:
        theirs = r[study][item.code]
        assert item.n == theirs["n"]
        for name in ("total", "uniform", "nonuniform"):
            ours = getattr(item, name)
            assert isinstance(ours, LikelihoodRatio)
            assert ours.df == theirs[name]["df"]
            assert ours.chi2 == pytest.approx(theirs[name]["chi2"], abs=POLR)
            assert ours.p == pytest.approx(theirs[name]["p"], rel=1e-5)
            for effect in ("nagelkerke", "mcfadden"):
                assert getattr(ours, effect) == pytest.approx(
                    theirs[name][effect], abs=1e-9
                )
        for group, value in theirs["groups"].items():
            one = item.groups[group]
            assert one.estimate == pytest.approx(value["estimate"], abs=POLR)
            assert one.high is not None
            error = (one.high - one.estimate) / 1.959963984540054
            assert error == pytest.approx(value["se"], rel=1e-5)
        assert item.p_holm == pytest.approx(r[f"{study}_holm"][item.code], rel=1e-5)


def with_difference(
    rng: np.random.Generator,
    n: int,
    shift: Matrix,
    steeper: Matrix,
    *,
    apart: float = 0.3,
) -> tuple[ResponseMatrix, NDArray[np.str_]]:
    """Two halves; thresholds of the second are moved, its slopes multiplied."""
    what = planted(rng, len(shift), 5)
    what.thresholds[4] /= 5  # near one another, see `dif_logistic`
    theta = rng.standard_normal(n)
    theta[n // 2 :] -= apart  # a true difference of the trait, which is no DIF
    other = Planted(what.slopes * steeper, what.thresholds + shift[:, None])
    first = drawn(rng, n // 2, what, theta=theta[: n // 2])
    second = drawn(rng, n - n // 2, other, theta=theta[n // 2 :])
    groups = np.repeat(["a", "b"], [n // 2, n - n // 2])
    return ResponseMatrix.stack([first, second]), groups


def flagged(found: Dif) -> list[str]:
    return [item.code for item in found.items if item.flagged]


@pytest.mark.parametrize("matching", ["rest", "theta"])
def test_a_planted_item_is_found_and_the_others_are_not(
    rng: np.random.Generator, matching: module.Matching
) -> None:
    shift, even = np.zeros(8), np.ones(8)
    shift[2] = 1.0
    data, groups = with_difference(rng, 1_600, shift, even)
    found = dif_logistic(data, groups, matching=matching, flag_by="class", purify=True)
    assert flagged(found) == ["t3"]
    odd = found.items[2]
    assert odd.size in {"B", "C"}
    # thresholds of group b lie higher: fewer high answers at equal standing
    assert odd.groups["b"].high is not None
    assert odd.groups["b"].high < 0
    assert found.settled
    assert found.anchors == tuple(f"t{j}" for j in (1, 2, 4, 5, 6, 7, 8))
    assert found.counts == (800, 800)


def test_another_slope_is_not_uniform(rng: np.random.Generator) -> None:
    steeper = np.ones(8)
    steeper[4] = 2.5
    data, groups = with_difference(rng, 2_000, np.zeros(8), steeper, apart=0)
    found = dif_logistic(data, groups, matching="rest", flag_by="test", purify=True)
    odd = found.items[4]
    assert odd.flagged
    assert odd.nonuniform is not None
    assert odd.uniform is not None
    assert odd.nonuniform.p < 1e-4
    assert odd.nonuniform.chi2 > 5 * odd.uniform.chi2


def test_purifying_frees_the_items_beside_the_odd_ones(
    rng: np.random.Generator,
) -> None:
    shift = np.zeros(10)
    shift[:2] = 1.2
    data, groups = with_difference(rng, 1_600, shift, np.ones(10))
    plain, pure = (
        dif_logistic(data, groups, matching="rest", flag_by="class", purify=purify)
        for purify in (False, True)
    )
    assert flagged(plain) == flagged(pure) == ["t1", "t2"]
    assert (plain.rounds, plain.settled, pure.rounds, pure.settled) == (
        1,
        False,
        2,
        True,
    )
    assert pure.anchors == tuple(f"t{j}" for j in range(3, 11))
    # the odd two move the standing, which seems to move the others the other way
    others = [
        sum(item.total.chi2 for item in found.items[2:] if item.total)
        for found in (plain, pure)
    ]
    assert others[1] < others[0] / 2


def test_where_every_item_is_flagged_nothing_is_settled(
    rng: np.random.Generator,
) -> None:
    shift = np.array([1.5, -1.5, 1.5, -1.5, 1.5, -1.5])
    data, groups = with_difference(rng, 1_600, shift, np.ones(6))
    found = dif_logistic(data, groups, matching="rest", flag_by="test", purify=True)
    assert len(flagged(found)) == 6
    assert (found.rounds, found.settled) == (1, False)
    assert found.anchors == data.item_codes


def test_without_a_difference_there_is_one_round(rng: np.random.Generator) -> None:
    data, groups = with_difference(rng, 800, np.zeros(6), np.ones(6))
    found = dif_logistic(data, groups, matching="rest", flag_by="class", purify=True)
    assert (found.rounds, found.settled, flagged(found)) == (1, True, [])
    p = np.array([item.total.p for item in found.items if item.total])
    assert [item.p_holm for item in found.items] == pytest.approx(holm(p).tolist())


def test_names_of_groups_do_not_matter(rng: np.random.Generator) -> None:
    data, groups = with_difference(rng, 600, np.zeros(5), np.ones(5))
    turned = np.where(groups == "a", "z", "b")
    one = dif_logistic(data, groups, matching="rest", flag_by="test", purify=False)
    two = dif_logistic(data, turned, matching="rest", flag_by="test", purify=False)
    for ours, other in zip(one.items, two.items, strict=True):
        assert ours.total is not None
        assert other.total is not None
        assert other.total.chi2 == pytest.approx(ours.total.chi2, abs=1e-8)
        assert other.groups["z"].estimate == pytest.approx(
            -ours.groups["b"].estimate, abs=1e-8
        )


def test_theta_is_the_score_of_all_anchors(rng: np.random.Generator) -> None:
    data, groups = with_difference(rng, 600, np.zeros(5), np.ones(5))
    tester = module._Tester(
        data, ("a", "b"), (groups == "b").astype(np.intp), "theta", 0.95
    )
    anchors = frozenset({"t1", "t2", "t4", "t5"})
    part = data.select(["t1", "t2", "t4", "t5"])
    ours = tester._theta(anchors)
    assert ours == pytest.approx(eap_scores(graded_response(part), part).scores)


@pytest.mark.parametrize(
    ("change", "p", "size"),
    [
        (0.0349, 0.01, "A"),
        (0.035, 0.01, "B"),
        (0.0699, 0.01, "B"),
        (0.07, 0.01, "C"),
        (0.07, 0.05, "A"),
        (0.07, 0.0499, "C"),
    ],
)
def test_sizes_at_their_marks(change: float, p: float, size: str) -> None:
    ratio = LikelihoodRatio(9.0, 2, p, change, 0.01)
    item = module.ItemDif("a", ratio, ratio, ratio, None, {}, None, False, 100)
    [by_class] = module._judged([item], 0.05, "class")
    [by_test] = module._judged([item], 0.05, "test")
    assert by_class.size == size
    assert by_class.flagged == (size != "A")
    assert by_test.flagged == (p < 0.05)


def test_an_item_that_cannot_be_tested_says_why(rng: np.random.Generator) -> None:
    data, groups = with_difference(rng, 400, np.zeros(6), np.ones(6))
    codes = data.codes.copy()
    codes[:, 1] = 2
    found = dif_logistic(
        ResponseMatrix(codes, data.items),
        groups,
        matching="rest",
        flag_by="class",
        purify=True,
    )
    odd = found.items[1]
    assert (odd.total, odd.size, odd.p_holm, odd.flagged) == (None, None, None, False)
    assert "all values of a variable are the same" in str(odd.reason)
    assert found.items[0].total is not None


def test_a_group_that_did_not_answer_an_item_says_why(rng: np.random.Generator) -> None:
    data, groups = with_difference(rng, 400, np.zeros(6), np.ones(6))
    codes = data.codes.copy()
    codes[groups == "b", 3] = -1
    found = dif_logistic(
        ResponseMatrix(codes, data.items),
        groups,
        matching="rest",
        flag_by="class",
        purify=False,
    )
    assert found.items[3].reason is not None
    assert found.items[3].n == 200
    assert found.items[2].total is not None


def test_what_is_refused(rng: np.random.Generator) -> None:
    data, groups = with_difference(rng, 300, np.zeros(5), np.ones(5))
    few = data.select(["t1", "t2", "t3"])
    with pytest.raises(TooFewData, match="at least 4 items; there are 3"):
        dif_logistic(few, groups, matching="rest", flag_by="class", purify=True)
    with pytest.raises(TooFewData, match="at least 2 groups; there are 1"):
        dif_logistic(
            data, np.repeat("a", 300), matching="rest", flag_by="class", purify=True
        )
    with pytest.raises(ValueError, match=r"groups must be \(300,\)"):
        dif_logistic(data, groups[:9], matching="rest", flag_by="class", purify=True)
