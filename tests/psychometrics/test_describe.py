import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import Item, ResponseMatrix, describe

from .cases import SCALES, bfi, likert, reference


@pytest.mark.parametrize("code", [item for items in SCALES.values() for item in items])
def test_moments_equal_those_of_scipy_with_the_type_3_factor(code: str) -> None:
    found = describe(bfi().select([code]))[0]
    x = bfi().select([code]).values()[:, 0]
    x = x[~np.isnan(x)]
    shrink = (len(x) - 1) / len(x)  # g1, g2 -> b1, b2: Joanes & Gill 1998
    assert found.n == len(x)
    assert found.missing == 2800 - len(x)
    assert found.mean == pytest.approx(x.mean(), rel=1e-13)
    assert found.sd == pytest.approx(x.std(ddof=1), rel=1e-12)
    assert found.skew == pytest.approx(stats.skew(x) * shrink**1.5, rel=1e-9)
    kurtosis = (stats.kurtosis(x) + 3) * shrink**2 - 3
    assert found.kurtosis == pytest.approx(kurtosis, rel=1e-9)


def test_means_and_deviations_equal_those_of_psych() -> None:
    for scale, items in SCALES.items():
        stored = reference("alpha_bfi_pairwise")[scale]["item.stats"]
        found = describe(bfi().select(items))
        for ours, theirs in zip(found, stored, strict=True):
            assert ours.n == theirs["n"]
            assert ours.mean == pytest.approx(theirs["mean"], rel=1e-13)
            assert ours.sd == pytest.approx(theirs["sd"], rel=1e-12)


def test_counts_floor_and_ceiling_after_keying() -> None:
    raw = np.array([[1], [1], [1], [2], [5], [-1]])
    found = describe(ResponseMatrix.from_raw(raw, [Item("r", 1, 5, reverse=True)]))[0]
    assert found.counts == (1, 0, 0, 1, 3)
    assert found.floor == pytest.approx(0.2)
    assert found.ceiling == pytest.approx(0.6)
    assert (found.n, found.missing) == (5, 1)


def test_turning_an_item_turns_its_skew(rng: np.random.Generator) -> None:
    data = likert(rng, 100, 1)
    raw = data.values().astype(np.int64)
    turned = ResponseMatrix.from_raw(raw, [Item("t1", 1, 5, reverse=True)])
    plain, mirrored = describe(data)[0], describe(turned)[0]
    assert plain.mean is not None
    assert plain.skew is not None
    assert mirrored.mean == pytest.approx(6 - plain.mean)
    assert mirrored.skew == pytest.approx(-plain.skew)
    assert mirrored.kurtosis == pytest.approx(plain.kurtosis)


def test_what_does_not_exist_is_none() -> None:
    items = (Item("all", 1, 3), Item("one", 1, 3), Item("none", 1, 3))
    codes = np.array([[1, 2, -1], [1, -1, -1], [1, -1, -1]])
    constant, single, nobody = describe(ResponseMatrix(codes, items))
    assert (constant.mean, constant.sd, constant.skew) == (2, 0, None)
    assert (single.mean, single.sd, single.kurtosis) == (3, None, None)
    assert (nobody.n, nobody.mean, nobody.floor) == (0, None, None)
