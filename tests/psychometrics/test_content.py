"""Content validity against a printed table and against exact fractions."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from analytics.psychometrics import InvalidData, TooFewData, content_validity

# Printed in BMC Health Services Research 17 (2017), doi:10.1186/s12913-017-2469-8,
# table 10: experts, of whom agree, I-CVI, chance, kappa.
PRINTED = [
    (10, 10, 1.00, 0.001, 1.00),
    (10, 9, 0.90, 0.010, 0.90),
    (10, 8, 0.80, 0.044, 0.79),
    (10, 7, 0.70, 0.117, 0.66),
    (9, 8, 0.89, 0.018, 0.89),
    (9, 7, 0.78, 0.070, 0.76),
    (9, 6, 0.67, 0.164, 0.60),
]
# There, four aspects of six items: (experts, of whom agree), S-CVI/Ave, S-CVI/UA.
SCALES = [
    ([(10, 10), (10, 9), (10, 7), (10, 10), (10, 10), (10, 10)], 0.93, 0.67),
    ([(10, 10), (10, 7), (9, 7), (10, 10), (10, 10), (10, 10)], 0.91, 0.67),
    ([(10, 8), (10, 7), (9, 6), (10, 9), (10, 8), (10, 10)], 0.81, 0.16),
    ([(10, 8), (10, 7), (9, 7), (10, 9), (10, 9), (9, 8)], 0.83, 0.00),
]


def judged(n: int, agree: int) -> np.ndarray:
    """One item that `agree` of `n` experts call relevant."""
    points = [4 if k % 2 else 3 for k in range(agree)]
    return np.array([[one] for one in [*points, *[1] * (n - agree)]], dtype=float)


@pytest.mark.parametrize(("n", "agree", "i_cvi", "chance", "kappa"), PRINTED)
def test_one_item_equals_the_printed_table(
    n: int, agree: int, i_cvi: float, chance: float, kappa: float
) -> None:
    (found,) = content_validity(judged(n, agree), ("A",)).items
    assert found.i_cvi == pytest.approx(i_cvi, abs=0.005)
    assert found.chance == pytest.approx(chance, abs=0.0005)
    assert found.kappa == pytest.approx(kappa, abs=0.005)


@pytest.mark.parametrize(("rated", "average", "universal"), SCALES)
def test_a_scale_equals_the_printed_table(
    rated: list[tuple[int, int]], average: float, universal: float
) -> None:
    ratings = np.full((10, len(rated)), np.nan)
    for j, (n, agree) in enumerate(rated):
        ratings[:n, j] = judged(n, agree)[:, 0]
    found = content_validity(ratings, tuple("abcdef"))
    assert found.s_cvi_ave == pytest.approx(average, abs=0.005)
    # one of six is printed as .16
    assert found.s_cvi_ua == pytest.approx(universal, abs=0.0067)


@pytest.mark.parametrize(
    ("n", "agree"), [(n, a) for n in range(2, 12) for a in range(n + 1)]
)
def test_one_item_equals_exact_fractions(n: int, agree: int) -> None:
    (found,) = content_validity(judged(n, agree), ("A",)).items
    share, chance = Fraction(agree, n), Fraction(comb(n, agree), 2**n)
    assert found.i_cvi == pytest.approx(float(share), abs=1e-15)
    assert found.chance == pytest.approx(float(chance), abs=1e-15)
    assert found.kappa == pytest.approx(
        float((share - chance) / (1 - chance)), abs=1e-14
    )


def test_the_scale_is_the_mean_and_the_share_of_full_agreement() -> None:
    ratings = np.hstack([judged(6, 6), judged(6, 5), judged(6, 3), judged(6, 6)])
    found = content_validity(ratings, ("A", "B", "C", "D"))
    assert found.s_cvi_ave == pytest.approx(float(Fraction(20, 24)), abs=1e-15)
    assert found.s_cvi_ua == 0.5
    assert (found.n_experts, found.fewest_experts) == (6, 6)


def test_the_order_of_experts_and_items_does_not_matter() -> None:
    ratings = np.random.default_rng(2).integers(1, 5, (7, 5)).astype(float)
    here = content_validity(ratings, tuple("abcde"))
    turned = content_validity(ratings[::-1, ::-1], tuple("edcba"))
    assert turned.items[::-1] == here.items
    assert turned.s_cvi_ave == pytest.approx(here.s_cvi_ave, abs=1e-15)


def test_a_rating_that_was_not_given_leaves_its_item_only() -> None:
    ratings = np.hstack([judged(6, 5), judged(6, 6)])
    ratings[5, 0] = np.nan
    found = content_validity(ratings, ("A", "B"))
    assert [(one.n, one.relevant) for one in found.items] == [(5, 5), (6, 6)]
    assert (found.n_experts, found.fewest_experts) == (6, 5)


def test_too_few_ratings_have_no_index() -> None:
    with pytest.raises(TooFewData, match="at least 2 people; there are 1"):
        content_validity(np.array([[4.0], [np.nan]]), ("A",))
    with pytest.raises(TooFewData, match="at least 1 items; there are 0"):
        content_validity(np.empty((3, 0)), ())


@pytest.mark.parametrize("value", [0.0, 5.0, 2.5])
def test_a_rating_outside_the_four_points_is_named(value: float) -> None:
    ratings = np.hstack([judged(3, 3), judged(3, 2)])
    ratings[1, 1] = value
    with pytest.raises(InvalidData, match="B"):
        content_validity(ratings, ("A", "B"))


def test_another_shape_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="ratings are needed"):
        content_validity(np.ones((3, 2)), ("A",))
