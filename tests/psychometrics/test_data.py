import numpy as np
import pytest

from analytics.psychometrics import InvalidData, Item, ResponseMatrix

ITEMS = (Item("a", 1, 5), Item("b", 1, 5, reverse=True), Item("c", 0, 10))


def test_reversed_items_are_keyed_and_missing_stays_missing() -> None:
    raw = np.array([[1, 1, 0], [5, 4, 10], [-1, -2, -3]])
    data = ResponseMatrix.from_raw(raw, ITEMS)
    np.testing.assert_array_equal(data.codes, [[0, 4, 0], [4, 1, 10], [-1, -1, -1]])
    np.testing.assert_array_equal(
        data.values(), [[1, 5, 0], [5, 2, 10], [np.nan, np.nan, np.nan]]
    )


def test_a_mask_allows_scales_below_zero() -> None:
    raw = np.array([[-2], [2], [0]])
    absent = np.array([[False], [False], [True]])
    data = ResponseMatrix.from_raw(raw, [Item("d", -2, 2)], missing=absent)
    np.testing.assert_array_equal(data.codes[:, 0], [0, 4, -1])


@pytest.mark.parametrize("value", [0, 6, 300])
def test_an_answer_off_the_scale_is_named_with_row_and_item(value: int) -> None:
    raw = np.array([[1, 1, 0], [1, value, 0]])
    with pytest.raises(InvalidData) as caught:
        ResponseMatrix.from_raw(raw, ITEMS)
    assert str(caught.value) == (
        f"Row 2, item b: {value} is not on the scale from 1 to 5."
    )


def test_rows_are_counted_through_all_blocks() -> None:
    raw = np.ones((70_000, 3), dtype=np.int16)
    raw[69_999, 2] = 11
    with pytest.raises(InvalidData, match="Row 70000, item c: 11 is not"):
        ResponseMatrix.from_raw(raw, ITEMS)
    raw[69_999, 2] = 10
    data = ResponseMatrix.from_raw(raw, ITEMS)
    np.testing.assert_array_equal(data.codes[-1], [0, 4, 10])
    np.testing.assert_array_equal(data.codes[0], [0, 4, 1])


def test_codes_outside_the_categories_are_refused() -> None:
    with pytest.raises(InvalidData, match="Row 1, item a: 5 is not"):
        ResponseMatrix(np.array([[5, 0, 0]], dtype=np.int8), ITEMS)


def test_codes_cannot_be_changed_by_anybody() -> None:
    given = np.zeros((2, 3), dtype=np.int8)
    data = ResponseMatrix(given, ITEMS)
    given[0, 0] = 3
    assert data.codes[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        data.codes[0, 0] = 1


def test_two_items_with_one_code_are_refused() -> None:
    with pytest.raises(InvalidData, match="Item a appears twice"):
        ResponseMatrix(np.zeros((1, 2), dtype=np.int8), (ITEMS[0], ITEMS[0]))


def test_select_keeps_the_order_asked_for() -> None:
    data = ResponseMatrix.from_raw(np.array([[1, 1, 7]]), ITEMS)
    chosen = data.select(["c", "a"])
    assert chosen.item_codes == ("c", "a")
    np.testing.assert_array_equal(chosen.codes, [[7, 0]])
    with pytest.raises(InvalidData, match="no item x"):
        data.select(["x"])


def test_complete_rows_leave_out_everybody_with_a_gap() -> None:
    data = ResponseMatrix.from_raw(np.array([[1, 1, 7], [1, -1, 7]]), ITEMS)
    assert data.complete_rows().n == 1


def test_chunks_stack_to_the_whole() -> None:
    data = ResponseMatrix.from_raw(np.array([[1, 1, 7], [1, -1, 7]]), ITEMS)
    parts = [ResponseMatrix(data.codes[i : i + 1], ITEMS) for i in range(2)]
    np.testing.assert_array_equal(ResponseMatrix.stack(parts).codes, data.codes)
    with pytest.raises(ValueError, match="same items"):
        ResponseMatrix.stack([data, data.select(["a"])])


@pytest.mark.parametrize("shape", [(3,), (2, 2)])
def test_a_wrong_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ResponseMatrix(np.zeros(shape, dtype=np.int8), ITEMS)
    with pytest.raises(ValueError, match="must be"):
        ResponseMatrix.from_raw(np.zeros(shape, dtype=np.int8), ITEMS)


def test_numbers_that_are_not_whole_are_refused() -> None:
    fractions = np.zeros((1, 3))
    with pytest.raises(TypeError, match="whole numbers"):
        ResponseMatrix(fractions, ITEMS)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="whole numbers"):
        ResponseMatrix.from_raw(fractions, ITEMS)  # type: ignore[arg-type]


def test_a_scale_of_one_point_is_refused() -> None:
    with pytest.raises(ValueError, match="Item z"):
        Item("z", 3, 3)


def test_no_respondents_are_a_matrix_too() -> None:
    data = ResponseMatrix.from_raw(np.empty((0, 3), dtype=np.int8), ITEMS)
    assert (data.n, data.p) == (0, 3)
    assert data.values().shape == (0, 3)
