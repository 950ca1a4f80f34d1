"""The Burt table against direct counts, `moments`, and itself in other orders."""

from itertools import pairwise

import numpy as np
import pytest

from analytics.psychometrics import (
    BurtTable,
    InvalidData,
    Item,
    MissingRule,
    ResponseMatrix,
    compiled,
    composites,
    cronbach_alpha,
    describe,
    efa,
    moments,
)

from .cases import SCALES, bfi, likert

RULES: list[MissingRule] = ["pairwise", "listwise"]


def mixed(rng: np.random.Generator, n: int) -> ResponseMatrix:
    """Items of 2, 5, 11, 100 and 7 points, some answers missing."""
    sizes = [2, 5, 11, 100, 7]
    codes = np.stack([rng.integers(-1, k, n, np.int8) for k in sizes], axis=1)
    items = tuple(Item(f"q{k}", 0, k - 1) for k in sizes)
    return ResponseMatrix(codes, items)


def counted(data: ResponseMatrix, first: int, second: int) -> np.ndarray:
    """The table of two columns, answer by answer."""
    sizes = [data.items[j].n_categories + 1 for j in (first, second)]
    table = np.zeros(sizes, dtype=np.int64)
    for row in data.codes:
        table[row[first] + 1, row[second] + 1] += 1
    return table


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_every_pair_is_counted(
    rng: np.random.Generator, engine: compiled.Engine
) -> None:
    data = mixed(rng, 300)
    table = BurtTable.of(data, missing="pairwise", engine=engine)
    for i, row in enumerate(data.item_codes):
        for j, column in enumerate(data.item_codes):
            np.testing.assert_array_equal(
                table.table(row, column), counted(data, i, j), err_msg=f"{row} {column}"
            )
    assert table.n == 300


@pytest.mark.parametrize("rule", RULES)
def test_both_engines_and_any_threads_count_the_same(
    rng: np.random.Generator, rule: MissingRule
) -> None:
    data = likert(rng, 50_001, 7, holes=0.1)
    expected = BurtTable.of(data, missing=rule, engine="numpy")
    for threads in (1, 2, 3):
        found = BurtTable.of(data, missing=rule, engine="compiled", threads=threads)
        np.testing.assert_array_equal(found.counts, expected.counts)


@pytest.mark.parametrize("rule", RULES)
def test_moments_are_those_of_the_answers_to_the_last_bit(
    rng: np.random.Generator, rule: MissingRule
) -> None:
    for data in (bfi(), mixed(rng, 2_000)):
        found = BurtTable.of(data, missing=rule).moments()
        expected = moments(data, missing=rule)
        for name in ("mean", "covariance", "correlation", "pair_n"):
            np.testing.assert_array_equal(
                getattr(found, name), getattr(expected, name), err_msg=name
            )
        assert (found.n, found.rule, found.items) == (
            expected.n,
            expected.rule,
            expected.items,
        )


def test_alpha_and_factors_come_from_the_table_alone() -> None:
    table = BurtTable.of(bfi(), missing="listwise")
    for scale in SCALES.values():
        found = cronbach_alpha(table.select(scale).moments())
        assert found == cronbach_alpha(moments(bfi(), missing="listwise").select(scale))
    loadings = efa(table.moments(), 5, rotation="none").loadings
    expected = efa(moments(bfi(), missing="listwise"), 5, rotation="none").loadings
    np.testing.assert_array_equal(loadings, expected)


def test_composites_come_from_the_table_alone() -> None:
    data = bfi().complete_rows()
    found = composites(BurtTable.of(data, missing="listwise").moments(), SCALES)
    means = np.column_stack(
        [data.select(items).values().mean(axis=1) for items in SCALES.values()]
    )
    np.testing.assert_allclose(found.mean, means.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(
        found.covariance, np.cov(means, rowvar=False), rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(
        found.correlation, np.corrcoef(means, rowvar=False), rtol=0, atol=1e-12
    )
    assert found.items == tuple(SCALES)
    assert found.n == data.n


def test_pairwise_composites_average_the_pairs_of_items() -> None:
    m = BurtTable.of(bfi(), missing="pairwise").moments()
    found = composites(m, {"A": SCALES["A"], "N": SCALES["N"]})
    between = m.covariance[:5, 15:20].mean()
    assert found.covariance[0, 1] == pytest.approx(between)
    assert found.n == found.pair_n.min() < 2800


@pytest.mark.parametrize("rule", RULES)
def test_chunks_add_up_in_any_order(rule: MissingRule) -> None:
    whole = BurtTable.of(bfi(), missing=rule)
    cuts = [0, 1, 900, 901, 2_800]
    chunks = [ResponseMatrix(bfi().codes[a:b], bfi().items) for a, b in pairwise(cuts)]
    for order in (chunks, chunks[::-1]):
        found = BurtTable.over(iter(order), missing=rule)
        np.testing.assert_array_equal(found.counts, whole.counts)
        assert found.n == whole.n


def test_frequencies_equal_the_description() -> None:
    table = BurtTable.of(bfi(), missing="pairwise")
    for item in describe(bfi()):
        assert table.frequencies()[item.code] == item.counts
        assert table.missing()[item.code] == item.missing


def test_bytes_bring_the_table_back(rng: np.random.Generator) -> None:
    table = BurtTable.of(mixed(rng, 50), missing="pairwise")
    again = BurtTable.from_bytes(table.to_bytes())
    np.testing.assert_array_equal(again.counts, table.counts)
    assert (again.items, again.n, again.rule) == (table.items, table.n, table.rule)
    assert again.to_bytes() == table.to_bytes()


def test_damaged_bytes_are_refused(rng: np.random.Generator) -> None:
    stored = BurtTable.of(likert(rng, 30, 3), missing="pairwise").to_bytes()
    flipped = bytearray(stored)
    flipped[-20] ^= 1
    later = bytearray(stored)
    later[4] += 1
    for bad in (b"", b"BURT", stored[:-1], stored[1:], bytes(flipped), bytes(later)):
        with pytest.raises(InvalidData, match="count the answers again"):
            BurtTable.from_bytes(bad)


def test_edges_count_to_zero(rng: np.random.Generator) -> None:
    data = likert(rng, 5, 3, holes=1.0)
    empty = BurtTable.of(data, missing="listwise")
    assert empty.n == 0
    assert not empty.counts.any()
    assert BurtTable.of(data, missing="pairwise").missing() == dict.fromkeys(
        data.item_codes, 5
    )
    one = BurtTable.of(
        ResponseMatrix(data.codes[:, :1], data.items[:1]), missing="pairwise"
    )
    assert one.counts[0, 0] == 5


def test_unequal_tables_are_not_added(rng: np.random.Generator) -> None:
    table = BurtTable.of(likert(rng, 5, 3), missing="pairwise")
    with pytest.raises(ValueError, match="same items and rule"):
        table + BurtTable.of(likert(rng, 5, 3), missing="listwise")
    with pytest.raises(ValueError, match="at least one chunk"):
        BurtTable.over([], missing="pairwise")
    with pytest.raises(InvalidData, match="no item z"):
        table.table("t1", "z")


def test_the_counts_cannot_be_changed(rng: np.random.Generator) -> None:
    table = BurtTable.of(likert(rng, 5, 3), missing="pairwise")
    with pytest.raises(ValueError, match="read-only"):
        table.counts[0, 0] = 1
