"""Agreement within groups against the R package multilevel and naive loops."""

from pathlib import Path
from statistics import mean, median, variance

import numpy as np
import pytest

from analytics.psychometrics import (
    Agreement,
    Item,
    Matrix,
    NotDefined,
    Null,
    ResponseMatrix,
    TooFewData,
    agreement,
    null_variance,
)

from .cases import REFERENCE, coded, likert, read_columns, reference

LEADERSHIP = [f"LEAD{i:02}" for i in range(1, 12)]


def soldiers(columns: list[str], file: str, group: str) -> tuple[Matrix, list[int]]:
    table = read_columns(REFERENCE / "data" / f"{file}.csv", [*columns, group])
    return table[:, :-1], [int(label) for label in table[:, -1]]


def test_rwg_of_one_item_equals_multilevel() -> None:
    stored = reference("multilevel_rwg_icc")
    values, groups = soldiers(["LEAD"], "bh1996_sub", "GRP")
    found = agreement(values, groups, null="uniform", missing="listwise", points=5)
    theirs = stored["rwg_bh1996_LEAD"]
    assert found.rwg_mean == pytest.approx(theirs["mean"], abs=1e-12)
    assert found.rwg_median == pytest.approx(theirs["median"], abs=1e-12)
    assert found.ad_mean == pytest.approx(stored["ad_mean"], abs=1e-12)
    for row in theirs["first10"]:
        (ours,) = (one for one in found.groups if one.group == row["grpid"])
        assert ours.rwg == pytest.approx(row["rwg"], abs=1e-12)
        assert ours.r_star == ours.rwg
        assert ours.n == row["gsize"]


def test_rwg_j_and_lindells_equal_multilevel() -> None:
    stored = reference("multilevel_rwg_icc")
    values, groups = soldiers(LEADERSHIP, "lq2002", "COMPID")
    data = coded(values, [Item(name, 1, 5) for name in LEADERSHIP])
    found = agreement(data, groups, null="uniform", missing="listwise")
    several, lindell = stored["rwgj_lq2002_items3_13"], stored["rwgj_lindell"]
    assert found.rwg_mean == pytest.approx(several["mean"], abs=1e-12)
    assert found.rwg_median == pytest.approx(several["median"], abs=1e-12)
    assert found.r_star_mean == pytest.approx(lindell["mean"], abs=1e-12)
    ours = {one.group: one for one in found.groups}
    for row in several["first10"]:
        assert ours[row["grpid"]].rwg == pytest.approx(row["rwg.j"], abs=1e-12)
        assert ours[row["grpid"]].n == row["gsize"]
    for row in lindell["first10"]:
        theirs = row["rwg.lindell"]
        assert ours[row["grpid"]].r_star == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("null", ["uniform", "slightly-skewed", "triangular"])
def test_every_number_equals_a_naive_loop(rng: np.random.Generator, null: Null) -> None:
    data = likert(rng, 60, 3, holes=0.1)
    groups = [f"team {i % 7}" for i in range(60)]
    found = agreement(data, groups, null=null, missing="pairwise")
    for one in found.groups:
        rows = data.values()[[g == one.group for g in groups]]
        columns = [[float(x) for x in c if not np.isnan(x)] for c in rows.T]
        v = mean(variance(c) for c in columns) / null_variance(5, null)
        rwg = 3 * (1 - v) / (3 * (1 - v) + v) if v < 1 else 0.0
        assert one.rwg == pytest.approx(rwg)
        assert one.r_star == pytest.approx(1 - v)
        assert one.above_null == (v > 1)
        assert one.ad_mean == pytest.approx(
            mean(mean(abs(x - mean(c)) for x in c) for c in columns)
        )
        assert one.ad_median == pytest.approx(
            mean(mean(abs(x - median(c)) for x in c) for c in columns)
        )
    assert found.n_above_null == sum(one.above_null for one in found.groups)
    assert null in found.method


def test_the_nulls_of_five_points_follow_from_their_proportions() -> None:
    points = np.arange(1, 6)
    published: dict[Null, list[float]] = {
        "slightly-skewed": [0.05, 0.15, 0.20, 0.35, 0.25],
        "triangular": [0.11, 0.22, 0.34, 0.22, 0.11],
        "uniform": [0.2] * 5,
    }
    for null, proportions in published.items():
        share = np.array(proportions)
        expected = share @ points**2 - (share @ points) ** 2
        assert null_variance(5, null) == pytest.approx(expected)
    assert null_variance(5, "uniform") == 2
    assert null_variance(7, "uniform") == 4
    for number in range(5, 12):
        harder = null_variance(number, "slightly-skewed")
        assert null_variance(number, "triangular") < harder
        assert harder < null_variance(number, "uniform")


def test_order_of_people_and_items_does_not_matter(rng: np.random.Generator) -> None:
    data = likert(rng, 50, 4, holes=0.05)
    groups = np.array([f"g{i % 5}" for i in range(50)])
    shuffled = rng.permutation(50)
    other = ResponseMatrix(data.codes[shuffled][:, ::-1], data.items[::-1])

    def table(found: Agreement) -> Matrix:
        return np.array([(g.rwg, g.r_star, g.ad_mean, g.n) for g in found.groups])

    here = agreement(data, groups.tolist(), null="uniform", missing="pairwise")
    there = agreement(
        other, groups[shuffled].tolist(), null="uniform", missing="pairwise"
    )
    np.testing.assert_allclose(table(here), table(there), rtol=1e-12)


def test_listwise_leaves_out_the_members_with_a_gap() -> None:
    values = np.array([[1, 2], [3, 4], [5, np.nan], [2, 2], [2, 2]])
    groups = ["a", "a", "a", "b", "b"]
    listwise = agreement(values, groups, null="uniform", missing="listwise", points=5)
    pairwise = agreement(values, groups, null="uniform", missing="pairwise", points=5)
    assert [one.n for one in listwise.groups] == [2, 2]
    assert [one.n for one in pairwise.groups] == [3, 2]
    assert listwise.groups[0].r_star == 0
    assert pairwise.groups[0].r_star == pytest.approx(1 - (4 + 2) / 2 / 2)


def test_full_agreement_is_one_and_contradiction_is_zero() -> None:
    values = np.array([3.0, 3, 3, 1, 5, 1, 5])
    groups = ["same"] * 3 + ["torn"] * 4
    found = agreement(values, groups, null="uniform", missing="listwise", points=5)
    same, torn = found.groups
    assert (same.rwg, same.r_star, same.ad_mean, same.above_null) == (1, 1, 0, False)
    assert (torn.rwg, torn.above_null) == (0, True)
    assert torn.r_star == pytest.approx(1 - 16 / 3 / 2)
    assert (torn.ad_mean, torn.ad_median) == (2, 2)
    assert (found.n_groups, found.n_above_null) == (2, 1)


def test_a_group_of_one_has_a_reason_instead_of_a_number() -> None:
    values = np.array([3.0, 4, 2, np.nan, np.nan])
    found = agreement(
        values, ["a", "a", "b", "b", "c"], null="uniform", missing="listwise", points=5
    )
    assert found.n_groups == 1
    for one, has in zip(found.groups[1:], (1, 0), strict=True):
        assert one.rwg is one.r_star is one.ad_mean is one.ad_median is None
        assert one.n == has
        assert f"at least 2 people; there are {has}." in str(one.reason)
    with pytest.raises(TooFewData, match="every group has only one"):
        agreement(values[:2], ["a", "b"], null="uniform", missing="listwise", points=5)


def test_edges_are_sentences() -> None:
    values = np.array([3.0, 4, 2, 2])
    groups = ["a", "a", "b", "b"]
    with pytest.raises(NotDefined, match="5 to 11 points; this scale has 4"):
        agreement(values, groups, null="slightly-skewed", missing="listwise", points=4)
    mixed = coded(np.array([[1, 2.0], [3, 4]]), [Item("a", 1, 5), Item("b", 1, 7)])
    with pytest.raises(NotDefined, match="a and b differ"):
        agreement(mixed, ["x", "x"], null="uniform", missing="listwise")
    with pytest.raises(ValueError, match="number of points"):
        agreement(values, groups, null="uniform", missing="listwise")
    with pytest.raises(ValueError, match="have 5 points, not 7"):
        agreement(
            mixed.select(["a"]),
            ["x", "x"],
            null="uniform",
            missing="listwise",
            points=7,
        )
    with pytest.raises(ValueError, match="4 rows need as many groups"):
        agreement(values, groups[:3], null="uniform", missing="listwise", points=5)
    with pytest.raises(TooFewData, match="at least 1 items"):
        agreement(mixed.select([]), ["x", "x"], null="uniform", missing="listwise")
    with pytest.raises(ValueError, match="at least 2 points"):
        null_variance(1, "uniform")


def test_agreement_of_99_army_units_equals_plain_loops(shared_data: Path) -> None:
    items = ["AF06", "AF07", "AP12", "AP17", "AP33", "AP34"]
    table = read_columns(shared_data / "bhr2000.csv", [*items, "GRP"])
    units: dict[int, list[list[float]]] = {}
    for row in table.tolist():
        units.setdefault(int(row[-1]), []).append(row[:-1])
    expected = []
    for rows in units.values():
        v = mean(variance(column) for column in zip(*rows, strict=True)) / 2
        expected.append(6 * (1 - v) / (6 * (1 - v) + v) if v < 1 else 0.0)
    data = coded(table[:, :-1], [Item(name, 1, 5) for name in items])
    labels = table[:, -1].astype(int).tolist()
    found = agreement(data, labels, null="uniform", missing="listwise")
    assert found.n_groups == 99
    assert found.rwg_mean == pytest.approx(mean(expected), rel=1e-10)
    assert found.rwg_median == pytest.approx(median(expected), rel=1e-10)
    stricter = agreement(data, labels, null="slightly-skewed", missing="listwise")
    assert stricter.rwg_mean < found.rwg_mean
