"""KMO, Bartlett and eigenvalues against psych, and their edges."""

from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from analytics.psychometrics import (
    MissingRule,
    Moments,
    NotDefined,
    TooFewData,
    bartlett,
    eigenvalues,
    kmo,
    moments,
)
from analytics.psychometrics.distributions import _legendre_fraction, log_chi2_sf

from .cases import bfi, correlated, hs_moments, likert, reference

BLOCKS = ["bfi_complete", "bfi_pairwise", "hs9"]


def block(name: str) -> tuple[Moments, Any]:
    stored = reference("factorability")[name]
    if name == "hs9":
        return hs_moments(), stored
    rule: MissingRule = "pairwise" if name.endswith("pairwise") else "listwise"
    return moments(bfi(), missing=rule), stored


@pytest.mark.parametrize("name", BLOCKS)
def test_kmo_overall_and_by_item_equals_psych(name: str) -> None:
    m, stored = block(name)
    found = kmo(m)
    assert found.overall == pytest.approx(stored["KMO"], rel=0, abs=1e-12)
    assert list(found.items) == list(stored["MSAi"])
    for code, msa in stored["MSAi"].items():
        assert found.items[code] == pytest.approx(msa, rel=0, abs=1e-12)


@pytest.mark.parametrize("name", BLOCKS)
def test_eigenvalues_equal_r(name: str) -> None:
    m, stored = block(name)
    np.testing.assert_allclose(eigenvalues(m), stored["eigen"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["bfi_complete", "hs9"])
def test_bartlett_equals_psych_also_where_p_is_below_every_double(name: str) -> None:
    m, stored = block(name)
    found = bartlett(m)
    theirs = stored["bartlett"]
    assert found.chi2 == pytest.approx(theirs["chisq"], rel=1e-13)
    assert found.df == theirs["df"]
    assert found.log_p == pytest.approx(theirs["log_p"], rel=1e-13)
    assert found.p == pytest.approx(theirs["p"], rel=1e-10)
    assert found.n == stored["n"]


def test_bartlett_with_pairwise_deletion_counts_the_smallest_overlap() -> None:
    m, stored = block("bfi_pairwise")
    found = bartlett(m)
    assert found.n == m.pair_n.min() < stored["n"]
    # psych was given all 2,800 rows; the determinant behind both is the same
    correction = (2 * 25 + 5) / 6
    per_row = stored["bartlett"]["chisq"] / (stored["n"] - 1 - correction)
    assert found.chi2 == pytest.approx(per_row * (found.n - 1 - correction), rel=1e-12)


@pytest.mark.parametrize(("x", "df"), [(3.1, 4), (50.0, 10), (1200.0, 300), (0.0, 3)])
def test_log_tail_equals_scipy_where_that_has_one(x: float, df: int) -> None:
    assert log_chi2_sf(x, df) == pytest.approx(stats.chi2.logsf(x, df), rel=1e-11)


@pytest.mark.parametrize("df", [1, 36, 300, 780])
def test_the_continued_fraction_equals_the_tail_where_both_exist(df: int) -> None:
    a, y = df / 2, df + 60.0
    tail = special.gammaincc(a, y)
    factor = np.exp(-y + a * np.log(y) - special.gammaln(a))
    assert factor * _legendre_fraction(a, y) == pytest.approx(tail, rel=1e-10)


def test_two_degrees_of_freedom_are_exponential() -> None:
    assert log_chi2_sf(18_000, 2) == pytest.approx(-9_000, rel=1e-14)


@pytest.mark.parametrize("statistic", [kmo, bartlett])
def test_the_order_of_the_items_does_not_matter(statistic: Any) -> None:
    m = hs_moments()
    found, expected = statistic(m.select(m.items[::-1])), statistic(m)
    name = "overall" if statistic is kmo else "chi2"
    assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-12)


def test_uncorrelated_items_have_no_chi2() -> None:
    found = bartlett(correlated(np.eye(4)))
    assert (found.chi2, found.p) == (0, 1)
    with pytest.raises(NotDefined, match="do not vary together"):
        kmo(correlated(np.eye(4)))


@pytest.mark.parametrize("statistic", [kmo, bartlett])
def test_an_item_that_repeats_another_is_a_sentence(
    rng: np.random.Generator, statistic: Any
) -> None:
    x = rng.standard_normal((50, 3))
    m = moments(np.column_stack([x, x[:, 0]]), list("abcd"), missing="listwise")
    with pytest.raises(NotDefined, match="not positive definite"):
        statistic(m)


@pytest.mark.parametrize("statistic", [kmo, bartlett])
def test_no_more_people_than_items_is_a_sentence(
    rng: np.random.Generator, statistic: Any
) -> None:
    with pytest.raises((NotDefined, TooFewData)):
        statistic(
            moments(rng.standard_normal((5, 5)), list("abcde"), missing="listwise")
        )


@pytest.mark.parametrize("statistic", [kmo, bartlett, eigenvalues])
def test_edges_are_sentences(rng: np.random.Generator, statistic: Any) -> None:
    with pytest.raises(TooFewData):
        statistic(moments(likert(rng, 1, 4), missing="pairwise"))
    x = rng.standard_normal((30, 3))
    x[:, 1] = 2
    with pytest.raises(NotDefined, match="answered b"):
        statistic(moments(x, list("abc"), missing="pairwise"))
