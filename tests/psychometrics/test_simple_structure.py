"""Very simple structure against psych, whose varimax stops early."""

import numpy as np
import pytest

from analytics.psychometrics import Moments, TooFewData, moments, very_simple_structure
from analytics.psychometrics.minres import minres
from analytics.psychometrics.simple_structure import simple_fit

from .cases import bfi, correlated, hs_moments, reference
from .test_rotation import naive_varimax

# psych goes to 8; beyond 5 the nine scores do not identify the factors
MOST = {"bfi_complete": 8, "hs9": 5}


def data(name: str) -> Moments:
    return moments(bfi(), missing="listwise") if "bfi" in name else hs_moments()


@pytest.mark.parametrize("name", MOST)
def test_the_criterion_equals_psych_where_varimax_stops_as_in_r(name: str) -> None:
    """What is left is psych's early stop in the extraction, up to 1e-5."""
    m, stored = data(name), reference("map_vss")[name]
    for k in range(1, MOST[name] + 1):
        L = minres(m.correlation, k).loadings
        early = naive_varimax(L, eps=1e-5) if k > 1 else L
        one, two = (simple_fit(m.correlation, early, c) for c in (1, 2))
        assert one == pytest.approx(stored["vss1"][k - 1], abs=1e-5)
        if k > 1:
            assert two == pytest.approx(stored["vss2"][k - 1], abs=1e-5)


@pytest.mark.parametrize("name", MOST)
def test_the_table_equals_psych(name: str) -> None:
    stored = reference("map_vss")[name]
    found = very_simple_structure(data(name), MOST[name])
    for ours, theirs in zip(found.solutions, stored["stats"], strict=False):
        assert ours.df == theirs["dof"]
        for value, key in (
            (ours.chi2, "chisq"),
            (ours.bic, "BIC"),
            (ours.sabic, "SABIC"),
        ):
            # of psych's early stop: up to .008 of a chi-square of 6,669
            assert value == pytest.approx(theirs[key], rel=1e-5, abs=2e-3), key
        assert ours.rmsea == pytest.approx(theirs["RMSEA"], abs=1e-5)
    firsts = [one.complexity_1 for one in found.solutions]
    assert found.votes_1 == 1 + firsts.index(max(firsts))
    assert found.solutions[0].complexity_2 is None


def test_the_votes_are_those_of_psych_for_25_items() -> None:
    stored = reference("map_vss")["bfi_complete"]
    found = very_simple_structure(data("bfi_complete"), 8)
    assert found.votes_1 == 1 + int(np.argmax(stored["vss1"]))
    assert found.votes_2 == 1 + int(np.argmax(stored["vss2"]))


def test_a_simple_structure_is_reproduced_by_one_loading_an_item() -> None:
    simple = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6], [0.5]]))
    R = simple @ simple.T
    unique = ((1 - np.diag(R)) ** 2).sum()
    np.fill_diagonal(R, 1)
    found = very_simple_structure(correlated(R), 2)
    assert found.votes_1 == 2
    expected = 1 - unique / (R**2).sum()
    assert found.solutions[1].complexity_1 == pytest.approx(expected, abs=1e-6)


def test_the_order_of_the_items_does_not_matter() -> None:
    m = hs_moments()
    turned = m.select(m.items[::-1])
    ones, others = (
        [s.complexity_1 for s in very_simple_structure(x, 3).solutions]
        for x in (m, turned)
    )
    np.testing.assert_allclose(ones, others, rtol=0, atol=1e-8)


def test_too_many_factors_and_none_are_refused() -> None:
    with pytest.raises(TooFewData, match="cannot be identified from 9 items"):
        very_simple_structure(hs_moments(), 6)
    with pytest.raises(ValueError, match="1 or more"):
        very_simple_structure(hs_moments(), 0)


def test_one_factor_has_no_second_vote() -> None:
    assert very_simple_structure(hs_moments(), 1).votes_2 is None
