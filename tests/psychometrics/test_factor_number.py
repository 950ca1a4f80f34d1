"""MAP against psych and by partial correlations; the empirical Kaiser criterion."""

import numpy as np
import pytest

from analytics.psychometrics import (
    Moments,
    NotDefined,
    TooFewData,
    empirical_kaiser,
    minimum_average_partial,
    moments,
)

from .cases import bfi, correlated, hs_moments, likert, reference


def data(name: str) -> Moments:
    return moments(bfi(), missing="listwise") if "bfi" in name else hs_moments()


@pytest.mark.parametrize("name", ["bfi_complete", "hs9"])
def test_map_equals_psych(name: str) -> None:
    stored = reference("map_vss")[name]
    found = minimum_average_partial(data(name))
    # psych begins with one component
    np.testing.assert_allclose(found.values[1:9], stored["map"], rtol=0, atol=1e-10)
    assert found.n_factors == stored["map_min"]


def test_map_is_the_mean_squared_partial_correlation(rng: np.random.Generator) -> None:
    x = rng.standard_normal((200, 6)) + rng.standard_normal((200, 1))
    m = moments(x, list("abcdef"), missing="listwise")
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    u, s, vt = np.linalg.svd(z, full_matrices=False)
    left = z - (u[:, :2] * s[:2]) @ vt[:2]
    r = np.corrcoef(left, rowvar=False)[~np.eye(6, dtype=bool)]
    assert minimum_average_partial(m).values[2] == pytest.approx((r**2).mean())


def test_uncorrelated_items_have_no_factor(rng: np.random.Generator) -> None:
    x = rng.standard_normal((2_000, 10))
    m = moments(x, list("abcdefghij"), missing="listwise")
    assert minimum_average_partial(m).n_factors == 0
    assert empirical_kaiser(m).n_factors == 0


def test_empirical_kaiser_follows_its_formula() -> None:
    m = hs_moments()
    found = empirical_kaiser(m)
    eigenvalues = sorted(np.linalg.eigvalsh(m.correlation), reverse=True)
    for j in range(9):
        share = (9 - sum(eigenvalues[:j])) / (9 - j)
        expected = max((1 + np.sqrt(9 / 301)) ** 2 * share, 1)
        assert found.reference[j] == pytest.approx(expected)
    assert found.n_factors == 3
    assert (found.observed[:3] > found.reference[:3]).all()
    assert found.observed[3] <= found.reference[3]


def test_empirical_kaiser_stops_at_the_first_that_fails() -> None:
    assert empirical_kaiser(correlated(np.eye(4), n=100)).n_factors == 0


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    for statistic in (minimum_average_partial, empirical_kaiser):
        with pytest.raises(TooFewData, match="at least 3 items"):
            statistic(hs_moments().select(["x1", "x2"]))
    few = moments(likert(rng, 6, 8), missing="listwise")
    with pytest.raises(NotDefined, match="not positive definite"):
        minimum_average_partial(few)
    assert empirical_kaiser(few).n == 6
