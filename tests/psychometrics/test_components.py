import numpy as np
import pytest

from analytics.psychometrics import (
    Item,
    NotDefined,
    TooFewData,
    align,
    efa,
    factor_weights,
    moments,
    principal_components,
)
from tests.psychometrics.cases import SCALES, bfi, coded, correlated, matrix, reference


def test_components_agree_with_psych() -> None:
    stored = reference("pca_bfi5")
    found = principal_components(moments(bfi(), missing="listwise"), 5)
    theirs = matrix(stored["loadings"])
    aligned = align(found.loadings, theirs)[0]
    np.testing.assert_allclose(aligned, theirs, atol=1e-12)
    np.testing.assert_allclose(found.eigenvalues, stored["values"], rtol=1e-12)


def test_all_components_give_the_correlations_back() -> None:
    m = moments(bfi().select(SCALES["A"]), missing="listwise")
    found = principal_components(m, 5)
    np.testing.assert_allclose(found.loadings @ found.loadings.T, m.correlation)
    assert found.explained.sum() == pytest.approx(1)
    assert (found.loadings.sum(axis=0) >= 0).all()


def test_more_components_than_items_are_refused() -> None:
    with pytest.raises(TooFewData, match="6 factors"):
        principal_components(correlated(np.eye(5)), 6)
    with pytest.raises(ValueError, match="1 or more"):
        principal_components(correlated(np.eye(5)), 0)


def test_weights_agree_with_the_scores_they_make() -> None:
    data = bfi().complete_rows()
    m = moments(data, missing="listwise")
    solution = efa(m, 5, rotation="oblimin")
    found = factor_weights(m, solution)
    values = data.values()
    z = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    scores = z @ found.weights
    np.testing.assert_allclose(
        np.corrcoef(scores, rowvar=False), found.score_correlation, atol=1e-10
    )
    # the variance of a regression score is its squared correlation with the factor
    np.testing.assert_allclose(scores.var(axis=0, ddof=1), found.r_squared)
    np.testing.assert_allclose(found.worst_agreement, 2 * found.r_squared - 1)


def test_permuted_items_have_permuted_weights() -> None:
    m = moments(bfi(), missing="listwise")
    order = list(reversed(m.items))
    one = factor_weights(m, efa(m, 5, rotation="varimax"))
    other = m.select(order)
    two = factor_weights(other, efa(other, 5, rotation="varimax"))
    np.testing.assert_allclose(two.weights[::-1], one.weights, atol=1e-6)


def test_weights_need_their_own_moments_and_regular_ones() -> None:
    m = moments(bfi(), missing="listwise")
    solution = efa(m.select(SCALES["A"]), 1, rotation="none")
    with pytest.raises(ValueError, match="behind the factors"):
        factor_weights(m, solution)
    raw = np.random.default_rng(1).integers(1, 6, (50, 5)).astype(float)
    raw[:, 4] = raw[:, 3]
    twice = moments(
        coded(raw, [Item(f"t{j}", 1, 5) for j in range(5)]), missing="listwise"
    )
    with pytest.raises(NotDefined, match="not positive definite"):
        factor_weights(twice, efa(twice, 1, rotation="none"))
