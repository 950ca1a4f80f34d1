from dataclasses import replace

import numpy as np
import pytest

from analytics.psychometrics import (
    NotDefined,
    TooFewData,
    cronbach_alpha,
    homogeneity,
    moments,
)
from tests.psychometrics.cases import (
    HS_SCALES,
    SCALES,
    bfi,
    correlated,
    hs_moments,
    reference,
)


@pytest.mark.parametrize("scale", SCALES)
def test_five_scales_agree_with_psych(scale: str) -> None:
    stored = reference("alpha_bfi_complete")[scale]
    found = homogeneity(moments(bfi(), missing="listwise").select(SCALES[scale]))
    total = stored["total"]
    assert found.mean_r == pytest.approx(total["average_r"], rel=1e-12)
    assert found.median_r == pytest.approx(total["median_r"], rel=1e-12)
    assert found.signal_to_noise == pytest.approx(total["S/N"], rel=1e-12)
    assert found.alpha_se == pytest.approx(total["ase"], rel=1e-12)
    theirs = [row["r.cor"] for row in stored["item.stats"]]
    np.testing.assert_allclose(found.corrected_r, theirs, rtol=1e-12)


def test_the_order_of_the_items_does_not_matter() -> None:
    m = hs_moments().select(HS_SCALES["visual"])
    turned = homogeneity(m.select(m.items[::-1]))
    np.testing.assert_allclose(turned.corrected_r[::-1], homogeneity(m).corrected_r)
    assert turned.alpha_se == pytest.approx(homogeneity(m).alpha_se)


@pytest.mark.long
def test_the_error_of_alpha_is_its_spread_in_simulation() -> None:
    rng, L = np.random.default_rng(3), np.array([0.8, 0.6, 0.7, 0.5])
    R = np.outer(L, L) + np.diag(1 - L**2)
    root = np.linalg.cholesky(R)
    alphas = []
    for _ in range(2000):
        S = np.cov(root @ rng.standard_normal((4, 300)))
        m = replace(correlated(R, n=300), covariance=S)
        alphas.append(cronbach_alpha(m).raw.estimate)
    expected = homogeneity(correlated(R, n=300)).alpha_se
    assert np.std(alphas) == pytest.approx(expected, rel=0.06)


def test_two_items_have_no_variance_of_r() -> None:
    found = homogeneity(correlated(np.array([[1, 0.5], [0.5, 1]])))
    assert found.variance_of_r is None
    assert found.median_r == 0.5


def test_what_is_not_defined_has_a_sentence() -> None:
    with pytest.raises(TooFewData, match="at least 2 items"):
        homogeneity(correlated(np.eye(1)))
    with pytest.raises(NotDefined, match="do not vary together"):
        homogeneity(correlated(np.eye(3)))
    with pytest.raises(NotDefined, match="positive definite"):
        homogeneity(correlated(np.ones((3, 3))))
