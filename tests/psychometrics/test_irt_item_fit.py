"""S-X2 against every pattern listed, its size, and Q3 against NumPy."""

import numpy as np
import pytest

from analytics.psychometrics import Item, ResponseMatrix, TooFewData
from analytics.psychometrics.distributions import chi2_sf
from analytics.psychometrics.irt import (
    category_probabilities,
    eap_scores,
    graded_response,
    item_fit,
    residual_correlations,
)
from analytics.psychometrics.irt.estimation import Grid
from analytics.psychometrics.irt.item_fit import _groups, _joined, _shares, sum_scores
from analytics.psychometrics.irt.kernel import Layout, log_probabilities

from .irt_cases import Planted, drawn, planted, stored


def test_sum_scores_equal_those_of_every_pattern_listed() -> None:
    r = stored("sum_scores")
    grid = Grid.even(121, 8.0)
    p = [
        np.exp(log_probabilities(np.array(own), Layout((3,)), grid.x))
        for own in r["parameters"]
    ]
    weights = np.exp(grid.log_weights)
    assert sum_scores(p) @ weights == pytest.approx(r["p_score"], abs=1e-10)
    for j, theirs in enumerate(r["shares"]):
        others = [own for i, own in enumerate(p) if i != j]
        found = _shares(p[j], sum_scores(others), weights)
        assert found == pytest.approx(np.array(theirs), abs=1e-10)


def test_scores_are_joined_until_there_are_twenty_people() -> None:
    people = np.array([3, 19, 25, 5, 15, 4, 0])
    assert _groups(people) == [slice(0, 2), slice(2, 3), slice(3, 7)]
    assert _groups(np.array([20])) == [slice(0, 1)]


def test_categories_are_joined_until_one_person_is_expected() -> None:
    observed = np.array([1.0, 0, 7, 2, 0])
    expected = np.array([0.4, 0.7, 6.0, 2.0, 0.9])
    o, e = _joined(observed, expected)
    assert o.tolist() == [1, 7, 2]
    assert e == pytest.approx([1.1, 6.0, 2.9])


def test_it_is_the_sum_of_its_cells(rng: np.random.Generator) -> None:
    """Three items, so that every score can be summed by hand."""
    what = Planted(np.array([1.0, 0.9, 1.1]), np.tile([-0.7, 0.7], (3, 1)))
    data = drawn(rng, 4_000, what)
    model = graded_response(data)
    grid = Grid.even(model.points, model.reach)
    p = [category_probabilities(item, grid.x) for item in model.items]
    weights = np.exp(grid.log_weights)
    totals = data.codes.sum(axis=1)
    first, chi2, cells = data.codes[:, 0], 0.0, 0
    assert min(np.bincount(totals)) > 20  # no score is joined
    for score in range(7):
        joint = np.array(
            [
                sum(
                    float((p[0][k] * p[1][x] * p[2][score - k - x]) @ weights)
                    for x in range(3)
                    if 0 <= score - k - x < 3
                )
                for k in range(3)
            ]
        )
        inside = totals == score
        e = joint[joint > 0] / joint.sum() * inside.sum()
        assert e.min() > 1  # no category is joined
        o = np.bincount(first[inside], minlength=3)[joint > 0]
        chi2, cells = chi2 + float(((o - e) ** 2 / e).sum()), cells + len(e) - 1
    found = item_fit(model, data)[0]
    assert found.chi2 == pytest.approx(chi2, rel=1e-9)
    assert found.df == cells - 3
    assert found.p == pytest.approx(chi2_sf(chi2, cells - 3), rel=1e-8)
    assert found.n == 4_000


def test_an_item_of_another_trait_is_found(rng: np.random.Generator) -> None:
    data = drawn(rng, 2_000, planted(rng, 8, 4))
    codes = data.codes.copy()
    # neither low nor high answers go with the trait: its middle does
    height = codes[:, :7].sum(axis=1)
    middle = np.abs(height - np.median(height)) < 4
    codes[:, 7] = np.where(middle, rng.integers(2, 4, 2_000), rng.integers(0, 3, 2_000))
    odd = ResponseMatrix(codes, data.items)
    found = item_fit(graded_response(odd), odd)
    assert found[7].p is not None
    assert found[7].p < 1e-10
    assert found[7].rmsea is not None
    assert found[7].rmsea > 0.05


def test_only_complete_answers_count(rng: np.random.Generator) -> None:
    data = drawn(rng, 600, planted(rng, 5, 3), holes=0.1)
    model = graded_response(data)
    found, whole = item_fit(model, data), item_fit(model, data.complete_rows())
    assert found == whole
    assert found[0].n < 600


def test_without_degrees_of_freedom_there_is_a_reason(
    rng: np.random.Generator,
) -> None:
    data = drawn(rng, 400, planted(rng, 4, 6))
    model = graded_response(data)
    few = ResponseMatrix(data.codes[:25], data.items)
    found = item_fit(model, few)
    assert {one.chi2 for one in found} == {None}
    assert str(found[0].reason) == (
        "Too few people answered all items to compare t1 with the model in enough "
        "groups of equal scores."
    )
    with pytest.raises(TooFewData, match="at least 20 people; there are 19"):
        item_fit(model, ResponseMatrix(data.codes[:19], data.items))


def test_residual_correlations_equal_numpy(rng: np.random.Generator) -> None:
    data = drawn(rng, 500, planted(rng, 5, 4), holes=0.08)
    model = graded_response(data)
    scores = eap_scores(model, data).scores
    found = residual_correlations(model, data)
    rest = np.full(data.codes.shape, np.nan)
    for j, item in enumerate(model.items):
        expected = np.arange(4) @ category_probabilities(item, scores)
        rest[:, j] = np.where(data.codes[:, j] < 0, np.nan, data.codes[:, j] - expected)
    both = np.isfinite(rest[:, 1]) & np.isfinite(rest[:, 3])
    by_numpy = np.corrcoef(rest[both, 1], rest[both, 3])[0, 1]
    assert found[1, 3] == pytest.approx(by_numpy, abs=1e-12)
    assert np.diag(found) == pytest.approx(np.ones(5))
    assert found == pytest.approx(found.T, abs=1e-14)


def test_two_items_that_share_more_than_the_trait_stand_out(
    rng: np.random.Generator,
) -> None:
    data = drawn(rng, 1_000, planted(rng, 8, 4))
    codes = data.codes.copy()
    same = rng.random(1_000) < 0.7
    codes[same, 5] = codes[same, 2]
    doubled = ResponseMatrix(codes, data.items)
    found = residual_correlations(graded_response(doubled), doubled)
    np.fill_diagonal(found, -1)
    assert found.max() == found[2, 5]
    assert found[2, 5] > 0.2


def test_nobody_in_common_gives_no_number(rng: np.random.Generator) -> None:
    data = drawn(rng, 400, planted(rng, 4, 3))
    codes = data.codes.copy()
    codes[:200, 0], codes[200:, 1] = -1, -1
    planned = ResponseMatrix(codes, tuple(Item(c, 1, 3) for c in "abcd"))
    found = residual_correlations(graded_response(planned), planned)
    assert np.isnan(found[0, 1])
    assert np.isfinite(found[2:]).all()
