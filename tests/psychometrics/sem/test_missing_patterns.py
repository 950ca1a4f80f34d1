"""Answers sorted by their gaps."""

import numpy as np
import pytest

from analytics.psychometrics import InvalidData, Item, NotDefined, ResponseMatrix
from analytics.psychometrics.errors import TooFewData
from analytics.psychometrics.sem import missing_patterns
from analytics.psychometrics.sem.missing_patterns import means_of, variances_of

from .missing_cases import hs_gap_values, hs_gaps

NAN = float("nan")
ROWS = np.array(
    [
        [1.0, 2.0, NAN],
        [NAN, NAN, NAN],
        [3.0, 5.0, 2.0],
        [2.0, 4.0, NAN],
        [NAN, 1.0, 1.0],
        [NAN, NAN, NAN],
    ]
)


def test_patterns_hold_counts_means_and_covariances() -> None:
    found = missing_patterns(ROWS, "abc")
    assert (found.n, found.p, found.empty) == (4, 3, 2)
    place = {tuple(flags): k for k, flags in enumerate(found.answered.tolist())}
    assert set(place) == {(True, True, False), (True,) * 3, (False, True, True)}
    two = place[True, True, False]
    assert found.counts[two] == 2
    assert found.means[two].tolist() == [1.5, 3, 0]
    assert found.covariances[two].tolist() == [[0.25, 0.5, 0], [0.5, 1, 0], [0, 0, 0]]
    assert found.together.tolist() == [[3, 3, 1], [3, 4, 2], [1, 2, 2]]


def test_available_means_and_variances_are_those_of_numpy() -> None:
    values = hs_gap_values()
    np.testing.assert_allclose(means_of(hs_gaps()), np.nanmean(values, axis=0))
    np.testing.assert_allclose(variances_of(hs_gaps()), np.nanvar(values, axis=0))


def test_the_order_of_the_people_changes_nothing(rng: np.random.Generator) -> None:
    mixed = missing_patterns(rng.permutation(hs_gap_values()), hs_gaps().items)
    assert mixed.counts.tolist() == hs_gaps().counts.tolist()
    assert (mixed.answered == hs_gaps().answered).all()
    np.testing.assert_allclose(mixed.covariances, hs_gaps().covariances, atol=1e-14)


def test_items_can_be_selected_and_more_people_are_then_empty() -> None:
    found = missing_patterns(ROWS, "abc").select("ca")
    fresh = missing_patterns(ROWS[:, [2, 0]], "ca")
    assert found.items == ("c", "a")
    assert (found.empty, found.n) == (2, 4)
    assert missing_patterns(ROWS, "abc").select("c").empty == fresh.select("c").empty
    assert missing_patterns(ROWS, "abc").select("c").empty == 4
    np.testing.assert_array_equal(found.means, fresh.means)
    np.testing.assert_array_equal(found.counts, fresh.counts)


@pytest.mark.parametrize("p", [8, 64, 65, 130])
def test_patterns_of_many_items_are_told_apart(p: int) -> None:
    values = np.ones((p + 2, p))
    values[np.arange(p), np.arange(p)] = NAN
    found = missing_patterns(values, [f"i{j}" for j in range(p)])
    assert len(found.counts) == p + 1
    assert sorted(found.counts.tolist()) == [1.0] * p + [2.0]


def test_runs_of_patterns_leave_none_out() -> None:
    found = hs_gaps()
    runs = list(found.blocks())
    whole = np.concatenate([found.answered[run] for run in runs])
    assert (whole == found.answered).all()
    rows = [rows for _, rows in found.rows()]
    assert [rows[0].start, rows[-1].stop] == [0, found.n]


def test_codes_of_a_response_matrix_become_points_of_the_scale() -> None:
    items = (Item("a", 1, 5), Item("b", 0, 10))
    data = ResponseMatrix(np.array([[0, 10], [-1, 3], [-1, -1]]), items)
    found = missing_patterns(data)
    assert found.empty == 1
    assert sorted(found.values.tolist()) == [[0.0, 3.0], [1.0, 10.0]]


def test_nobody_is_no_pattern() -> None:
    found = missing_patterns(np.full((3, 2), NAN), "ab")
    assert (found.n, found.empty, len(found.counts)) == (0, 3, 0)
    with pytest.raises(TooFewData, match=r"at least 3 people; there are 0\."):
        found.require_variety()


def test_unusable_data_are_refused() -> None:
    with pytest.raises(InvalidData, match="twice"):
        missing_patterns(ROWS, "aab")
    with pytest.raises(ValueError, match="needs the names"):
        missing_patterns(ROWS)
    with pytest.raises(ValueError, match=r"must be \(n, 2\)"):
        missing_patterns(ROWS, "ab")
    with pytest.raises(ValueError, match="finite"):
        missing_patterns(np.array([[np.inf]]), "a")


def test_items_without_answers_or_variety_are_named() -> None:
    values = np.arange(12.0).reshape(6, 2)
    values[:, 1] = NAN
    with pytest.raises(NotDefined, match="Nobody answered b"):
        missing_patterns(values, "ab").require_variety()
    values[2:, 1] = 7.3
    with pytest.raises(NotDefined, match="answered b gave the same answer"):
        missing_patterns(values, "ab").require_variety()
