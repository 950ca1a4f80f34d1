"""Signs of careless answers against R and against loops over people."""

import json
from statistics import correlation, stdev

import numpy as np
import pytest

from analytics.psychometrics import (
    Item,
    NotDefined,
    ResponseMatrix,
    TooFewData,
    as_shown,
    even_odd,
    longstring,
    mahalanobis,
    psychometric_synonyms,
    response_variability,
)

from .cases import REFERENCE, SCALES, bfi, coded

R = json.loads((REFERENCE / "quality" / "quality.json").read_text("utf-8"))
FIRST = 200  # people whose indices R computed
NOTHING = float("nan")


def numbers(values: list[float | None]) -> list[float]:
    return [NOTHING if value is None else value for value in values]


def held(ours: np.ndarray, theirs: list[float | None]) -> None:
    assert ours == pytest.approx(numbers(theirs), abs=1e-12, nan_ok=True)


def random_people(
    rng: np.random.Generator, *, turned: bool = True, n: int = 80
) -> ResponseMatrix:
    """Three scales of 3, 2 and 4 items, different ranges, gaps, reversed items."""
    items = [
        Item(f"q{j}", 0 if j > 6 else 1, 10 if j > 6 else 5, turned and j % 3 == 0)
        for j in range(1, 10)
    ]
    trait = rng.standard_normal((n, 1))
    values = 3 + trait + rng.standard_normal((n, 9))
    values = np.clip(np.rint(values), 1, 5)
    values[rng.random((n, 9)) < 0.1] = np.nan
    return coded(values, items)


def test_the_longest_run_is_that_of_r() -> None:
    held(longstring(bfi()).length[:FIRST].astype(float), R["longstring"])


def test_the_longest_run_is_that_of_a_loop(rng: np.random.Generator) -> None:
    data = random_people(rng)
    found = longstring(data)
    for person, shown in enumerate(as_shown(data)):
        there = [(j, v) for j, v in enumerate(shown) if not np.isnan(v)]
        best = (0, -1, -1)
        for start in range(len(there)):
            end = start
            while end + 1 < len(there) and there[end + 1][1] == there[start][1]:
                end += 1
            if end - start + 1 > best[0]:
                best = (end - start + 1, there[start][0], there[end][0])
        ours = (found.length[person], found.first[person], found.last[person])
        assert tuple(int(one) for one in ours) == best


def test_a_run_is_one_of_points_as_shown_not_as_keyed() -> None:
    items = [Item(f"q{j}", 1, 5, reverse=j == 2) for j in range(1, 5)]
    data = coded(np.array([[4.0, 4, 4, 2], [5, 1, 5, 5]]), items)
    found = longstring(data)
    assert found.length.tolist() == [3, 2]
    assert (found.first.tolist(), found.last.tolist()) == ([0, 2], [2, 3])


def test_a_gap_neither_ends_a_run_nor_lengthens_it() -> None:
    items = [Item(f"q{j}", 1, 5) for j in range(1, 6)]
    gaps = np.array([[3, np.nan, 3, 3, 1], [np.nan] * 5])
    found = longstring(coded(gaps, items))
    assert found.length.tolist() == [3, 0]
    assert (found.first.tolist(), found.last.tolist()) == ([0, -1], [3, -1])


def test_the_spread_of_answers_is_that_of_r() -> None:
    held(response_variability(bfi())[:FIRST], R["irv"])


def test_the_spread_of_answers_is_that_of_a_loop(rng: np.random.Generator) -> None:
    data = random_people(rng)
    for ours, shown in zip(response_variability(data), as_shown(data), strict=True):
        there = [v for v in shown if not np.isnan(v)]
        wanted = stdev(there) if len(there) > 1 else NOTHING
        assert ours == pytest.approx(wanted, nan_ok=True)


def test_equal_answers_have_no_spread_and_one_answer_has_none_to_have() -> None:
    items = [Item(f"q{j}", 1, 5) for j in range(1, 4)]
    values = np.array([[2.0, 2, 2], [4, np.nan, np.nan]])
    spread = response_variability(coded(values, items))
    assert spread[0] == 0
    assert np.isnan(spread[1])


def test_even_and_odd_items_are_compared_as_r_does() -> None:
    held(even_odd(bfi(), list(SCALES.values()))[:FIRST], R["even_odd"])


def test_even_and_odd_items_are_compared_as_a_loop_does(
    rng: np.random.Generator,
) -> None:
    data = random_people(rng)
    scales = [["q1", "q2", "q3"], ["q4", "q5"], ["q6", "q7", "q8", "q9"]]
    low = [item.low for item in data.items]
    steps = [item.n_categories - 1 for item in data.items]
    known = 0
    for ours, row in zip(even_odd(data, scales), data.values(), strict=True):
        share = {
            code: (v - low[j]) / steps[j]
            for j, (code, v) in enumerate(zip(data.item_codes, row, strict=True))
            if not np.isnan(v)
        }
        odd, even = [], []
        for items in scales:
            sides = [[share[c] for c in part if c in share]
                     for part in (items[0::2], items[1::2])]  # fmt: skip
            if all(sides):
                odd.append(sum(sides[0]) / len(sides[0]))
                even.append(sum(sides[1]) / len(sides[1]))
        if len(odd) < 3 or len(set(odd)) == 1 or len(set(even)) == 1:
            assert np.isnan(ours)
            continue
        r = correlation(odd, even)
        known += 1
        assert ours == pytest.approx(-max(2 * r / (1 + r) if r > -1 else -1, -1))
    assert known > 40


def test_two_scales_are_too_few_for_even_and_odd() -> None:
    scales = [SCALES["A"], SCALES["C"]]
    assert np.isnan(even_odd(bfi(), scales)).all()
    single = [*scales, ["E1"]]  # one item has no halves
    assert np.isnan(even_odd(bfi(), single)).all()


def test_people_who_agree_with_themselves_are_at_minus_one() -> None:
    items = [Item(f"q{j}", 1, 5) for j in range(1, 7)]
    scales = [["q1", "q2"], ["q3", "q4"], ["q5", "q6"]]
    answers = np.array([[1.0, 1, 3, 3, 5, 5], [1, 5, 3, 3, 5, 1], [4.0] * 6])
    found = even_odd(coded(answers, items), scales)
    assert found[:2].tolist() == [-1.0, 1.0]
    assert np.isnan(found[2])


def test_synonyms_are_those_of_r() -> None:
    found = psychometric_synonyms(bfi(), cut=0.50, opposite=False)
    assert len(found.pairs) == R["synonyms"]["pairs"]
    theirs = np.array(numbers(R["synonyms"]["r"]))
    answered = ~np.isnan(
        [[bfi().values()[:FIRST, bfi().item_codes.index(c)] for c in pair]
         for pair in found.pairs]
    ).any(axis=1)  # fmt: skip
    theirs[answered.sum(axis=0) < 3] = NOTHING  # R goes down to two pairs
    assert found.r[:FIRST] == pytest.approx(theirs, abs=1e-12, nan_ok=True)


def test_antonyms_are_synonyms_of_turned_items(rng: np.random.Generator) -> None:
    straight = random_people(rng, turned=False).select([f"q{j}" for j in range(1, 7)])
    turned = ResponseMatrix(
        straight.codes,
        tuple(Item(i.code, i.low, i.high, j % 2 == 1)
              for j, i in enumerate(straight.items)),
    )  # fmt: skip
    synonyms = psychometric_synonyms(straight, cut=0.2, opposite=False)
    apart = psychometric_synonyms(turned, cut=0.2, opposite=True)
    expected = {p for p in synonyms.pairs if (int(p[0][1]) + int(p[1][1])) % 2}
    assert set(apart.pairs) == expected
    assert len(apart.pairs) >= 3


def test_without_three_pairs_nobody_has_a_consistency() -> None:
    found = psychometric_synonyms(bfi(), cut=0.99, opposite=False)
    assert found.pairs == ()
    assert np.isnan(found.r).all()


def test_distances_are_those_of_r_and_psych() -> None:
    found = mahalanobis(bfi())
    complete = found.distance[~np.isnan(found.distance)][:FIRST]
    held(complete, R["mahalanobis"]["d2"])
    # psych::outlier takes the standardized answers through another inverse
    assert complete == pytest.approx(R["mahalanobis"]["d2_psych"], rel=1e-8)
    assert int(found.beyond.sum()) == R["mahalanobis"]["beyond"]
    assert found.n == R["mahalanobis"]["n"]


def test_keying_and_order_do_not_move_a_distance() -> None:
    data = bfi()
    turned = ResponseMatrix(
        np.where(data.codes < 0, -1, 5 - data.codes)[:, ::-1], data.items[::-1]
    )
    a, b = mahalanobis(data).distance, mahalanobis(turned).distance
    assert a == pytest.approx(b, rel=1e-9, nan_ok=True)


def test_the_mean_distance_of_complete_answers_is_known() -> None:
    found = mahalanobis(bfi())
    assert np.nansum(found.distance) == pytest.approx(25 * (found.n - 1))


def test_distances_need_people_and_items_that_vary() -> None:
    items = [Item(f"q{j}", 1, 5) for j in range(1, 4)]
    with pytest.raises(TooFewData):
        mahalanobis(coded(np.ones((3, 3)), items))
    with pytest.raises(NotDefined, match="same answer"):
        mahalanobis(coded(np.ones((9, 3)), items))
    twice = np.array([[v, v, 6 - v] for v in (1.0, 2, 3, 4, 5, 3)])
    with pytest.raises(NotDefined, match="repeat one another"):
        mahalanobis(coded(twice, items))


def test_no_index_changes_when_others_answer_except_those_that_say_so() -> None:
    data = bfi()
    first = ResponseMatrix(data.codes[:300], data.items)
    scales = list(SCALES.values())
    assert (longstring(first).length == longstring(data).length[:300]).all()
    for index in (response_variability, lambda one: even_odd(one, scales)):
        np.testing.assert_array_equal(index(first), index(data)[:300])
    fewer, more = mahalanobis(first).distance, mahalanobis(data).distance[:300]
    assert not np.allclose(fewer, more, equal_nan=True)


def test_impossible_cuts_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        psychometric_synonyms(bfi(), cut=1.0, opposite=False)
    with pytest.raises(ValueError, match="between 0 and 1"):
        mahalanobis(bfi(), p=0.0)
