"""Agreement of coders: a published example, pairs counted one by one, and the edges."""

from itertools import permutations

import krippendorff
import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.psychometrics import (
    NotDefined,
    TooFewData,
    cohen_kappa,
    krippendorff_alpha,
)
from analytics.psychometrics.coding import _alphas, _disagreements

Codes = NDArray[np.float64]

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, part C: four
# observers, twelve units, gaps; 0 = not coded. Its nominal alpha is .743.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ],
    dtype=float,
).T
PUBLISHED[PUBLISHED == 0] = np.nan


def rng() -> np.random.Generator:
    return np.random.default_rng(20_260_122)


def naive_alpha(codes: Codes) -> float:
    """Go through every ordered pair of codings, as the definition reads."""
    within, everything = 0.0, []
    for unit in codes:
        given = [code for code in unit if not np.isnan(code)]
        if len(given) < 2:
            continue
        everything += given
        unlike = sum(a != b for a, b in permutations(given, 2))
        within += unlike / (len(given) - 1)
    n = len(everything)
    between = sum(a != b for a, b in permutations(everything, 2)) / (n - 1)
    return float(1 - within / between)


def coded(n: int, k: int, *, gaps: float, seed: int = 3) -> Codes:
    """Codes of k coders who lean on a common truth, with gaps."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    own = random.integers(0, 3, (n, k))
    codes = np.where(random.random((n, k)) < 0.7, truth[:, None], own).astype(float)
    codes[random.random((n, k)) < gaps] = np.nan
    return codes


def test_the_published_example() -> None:
    found = krippendorff_alpha(PUBLISHED, rng=rng())
    assert round(found.estimate, 3) == 0.743
    assert found.n == 11  # one unit was coded by one observer only
    assert found.low is None


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("k", [2, 4])
def test_alpha_equals_pairs_counted_one_by_one(k: int, gaps: float) -> None:
    codes = coded(60, k, gaps=gaps)
    found = krippendorff_alpha(codes, rng=rng())
    assert found.estimate == pytest.approx(naive_alpha(codes), abs=1e-12)


def test_the_draws_are_alphas_of_resampled_units() -> None:
    """The weighted form equals the library on the units written out."""
    codes = coded(40, 2, gaps=0)
    counts = (codes[:, :, None] == np.arange(3)).sum(axis=1).astype(float)
    weights = np.random.default_rng(5).multinomial(40, np.full(40, 1 / 40), size=20)
    ours = _alphas(weights.astype(float), _disagreements(counts), counts)
    theirs = [
        krippendorff.alpha(
            value_counts=np.repeat(counts, times, axis=0),
            level_of_measurement="nominal",
        )
        for times in weights
    ]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_kappa_of_a_two_by_two_table_by_hand() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: p_o = .7, p_e = .5, kappa = .4."""
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    found = cohen_kappa(np.array(pairs, dtype=float), rng=rng())
    assert found.estimate == pytest.approx(0.4, abs=1e-12)
    assert found.n == 50
    # Fleiss, Cohen & Everitt (1969) give a standard error of .127 for this table
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.127, rel=0.1)


def test_what_is_called_what_does_not_matter() -> None:
    codes = coded(50, 2, gaps=0.1)
    renamed = np.where(codes == 0, 9, codes)
    shuffled = np.random.default_rng(1).permutation(codes)
    alpha = krippendorff_alpha(codes, rng=rng()).estimate
    for other in (renamed, shuffled, codes[:, ::-1]):
        again = krippendorff_alpha(other, rng=rng()).estimate
        assert again == pytest.approx(alpha, abs=1e-12)


def test_the_interval_covers_the_value_and_is_the_same_every_time() -> None:
    codes = coded(80, 2, gaps=0)
    first, second = (krippendorff_alpha(codes, rng=rng()) for _ in range(2))
    assert first == second
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.estimate < first.high


@pytest.mark.parametrize(("units", "has_interval"), [(19, False), (20, True)])
def test_an_interval_needs_twenty_units(units: int, has_interval: bool) -> None:
    codes = coded(units, 2, gaps=0)
    for found in (krippendorff_alpha(codes, rng=rng()), cohen_kappa(codes, rng=rng())):
        assert (found.low is not None) is has_interval


def test_a_code_that_most_draws_miss_has_no_interval() -> None:
    codes = np.zeros((60, 2))
    codes[0, 0] = 1
    assert krippendorff_alpha(codes, rng=rng()).low is None


def test_perfect_agreement_is_one() -> None:
    codes = np.repeat(np.arange(30.0)[:, None] % 2, 2, axis=1)
    assert krippendorff_alpha(codes, rng=rng()).estimate == 1
    assert cohen_kappa(codes, rng=rng()).estimate == 1


@pytest.mark.parametrize("statistic", [krippendorff_alpha, cohen_kappa])
def test_edges_are_named(statistic) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TooFewData, match="comments that two people coded; there are 1"):
        statistic(np.array([[1, 2], [1, np.nan]]), rng=rng())
    with pytest.raises(NotDefined, match="all values of a variable are the same"):
        statistic(np.ones((30, 2)), rng=rng())
    with pytest.raises(ValueError, match="100 or more"):
        statistic(coded(30, 2, gaps=0), rng=rng(), n_draws=50)
    with pytest.raises(ValueError, match="codes are needed"):
        statistic(np.ones(4), rng=rng())
