"""Schmid-Leiman factors and omegas against psych."""

from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    Matrix,
    Moments,
    NotDefined,
    TooFewData,
    align,
    moments,
    omega_hierarchical,
    schmid_leiman,
)

from .cases import bfi, correlated, hs_moments, matrix, reference

# Nine ability tests of 213 pupils, Thurstone & Thurstone (1941), as published in
# Bechtoldt (1961), Psychometrika 26: below the diagonal
THURSTONE = """
.828
.776 .779
.439 .493 .460
.432 .464 .425 .674
.447 .489 .443 .590 .541
.447 .432 .401 .381 .402 .288
.541 .537 .534 .350 .367 .320 .555
.380 .358 .359 .424 .446 .325 .598 .452
"""


def thurstone() -> Moments:
    R = np.eye(9)
    for i, line in enumerate(THURSTONE.split("\n")[1:-1], start=1):
        R[i, :i] = R[:i, i] = [float(r) for r in line.split()]
    return correlated(R, n=213)


def case(name: str) -> tuple[Moments, int]:
    if name == "omega_thurstone":
        return thurstone(), 3
    if name == "omega_hs9":
        return hs_moments(), 3
    return moments(bfi(), missing="listwise"), 5


CASES = ["omega_thurstone", "omega_hs9", "omega_bfi25_complete", "omega_bfi25_ml"]


@pytest.mark.parametrize("name", CASES)
def test_omegas_equal_psych(name: str) -> None:
    stored, (m, n_factors) = reference(name), case(name)
    found = omega_hierarchical(
        m,
        n_factors,
        turning="by-general-factor",
        method="ml" if name.endswith("ml") else "minres",
    )
    # psych's oblimin stops at a slope of 1e-5, its factors at 1e-5 of a loading
    assert found.hierarchical == pytest.approx(stored["omega_h"], abs=1e-4)
    assert found.total == pytest.approx(stored["omega_total"], abs=1e-4)
    assert found.limit == pytest.approx(stored["omega_lim"], abs=1e-4)
    assert found.explained_common_variance == pytest.approx(
        stored["ECV"]["g"], abs=1e-4
    )
    whole, *groups = stored["omega_group"]
    assert found.specific == pytest.approx(whole["group"], abs=1e-4)
    ours = sorted((g.total, g.general, g.specific) for g in found.groups)
    theirs = sorted((g["total"], g["general"], g["group"]) for g in groups)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)
    turned = [row.rstrip("-") for row in stored["sl"]["rows"] if row.endswith("-")]
    assert list(found.turned) == turned


@pytest.mark.parametrize("name", CASES)
def test_loadings_equal_psych(name: str) -> None:
    stored: Any = reference(name)
    m, n_factors = case(name)
    found = schmid_leiman(
        m, n_factors, method="ml" if name.endswith("ml") else "minres"
    )
    table = matrix(stored["sl"])
    np.testing.assert_allclose(
        np.abs(found.general), np.abs(table[:, 0]), rtol=0, atol=1e-4
    )
    # psych turns the rows of reversed items; the signs of a column are its own
    theirs = np.abs(table[:, 1 : n_factors + 1])
    order = align(found.groups, table[:, 1 : n_factors + 1])[1]
    np.testing.assert_allclose(
        np.abs(found.groups)[:, order], theirs, rtol=0, atol=1e-4
    )
    np.testing.assert_allclose(
        found.communalities, table[:, n_factors + 1], rtol=0, atol=1e-4
    )
    np.testing.assert_allclose(
        found.uniquenesses, table[:, n_factors + 2], rtol=0, atol=1e-4
    )
    np.testing.assert_allclose(
        np.sort(np.abs(found.second_order)),
        np.sort(np.abs(matrix(stored["gloading"])[:, 0])),
        rtol=0,
        atol=1e-4,
    )


def bifactor(general: Matrix, group: float) -> Matrix:
    """Correlations of three groups of three items."""
    loadings = np.column_stack([general, *(group * np.kron(np.eye(3), np.ones(3)))])
    R: Matrix = loadings @ loadings.T
    np.fill_diagonal(R, 1)
    return R


def test_a_known_hierarchy_is_found_again() -> None:
    # proportional general and group loadings: exactly of second order
    found = omega_hierarchical(
        correlated(bifactor(np.full(9, 0.6), 0.5)), 3, turning="as-keyed"
    )
    np.testing.assert_allclose(found.schmid_leiman.general, 0.6, atol=1e-6)
    total = 81 * 0.36 + 27 * 0.25 + 9 * (1 - 0.36 - 0.25)
    assert found.hierarchical == pytest.approx(81 * 0.36 / total, abs=1e-6)
    assert found.total == pytest.approx(1 - 9 * 0.39 / total, abs=1e-6)
    assert found.turned == ()
    for group in found.groups:
        assert len(group.items) == 3
        assert group.total == pytest.approx(group.general + group.specific)


def test_two_factors_share_their_correlation_equally() -> None:
    R = bifactor(np.full(9, 0.6), 0.5)[:6, :6]
    found = schmid_leiman(correlated(R), 2)
    r = found.first_order.phi[0, 1]
    np.testing.assert_allclose(found.second_order, np.sqrt(r), atol=1e-12)


def test_turning_items_changes_nothing_but_the_as_keyed_omegas() -> None:
    R = bifactor(np.full(9, 0.6), 0.5)
    key = np.ones(9)
    key[[0, 4]] = -1
    straight = omega_hierarchical(correlated(R), 3, turning="as-keyed")
    mixed = correlated(R * np.outer(key, key))
    turned = omega_hierarchical(mixed, 3, turning="by-general-factor")
    assert turned.turned == ("t1", "t5")
    assert turned.hierarchical == pytest.approx(straight.hierarchical, abs=1e-9)
    assert omega_hierarchical(mixed, 3, turning="as-keyed").hierarchical < 0.6


def test_edges_are_sentences() -> None:
    with pytest.raises(ValueError, match="2 or more"):
        schmid_leiman(hs_moments(), 1)
    with pytest.raises(TooFewData, match="cannot be identified"):
        omega_hierarchical(hs_moments(), 7, turning="as-keyed")
    # F1 would have to correlate with the general factor by more than 1
    phi = np.array([[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]])
    loadings = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6]]))
    R = loadings @ phi @ loadings.T
    np.fill_diagonal(R, 1)
    with pytest.raises(NotDefined, match="Heywood"):
        omega_hierarchical(correlated(R), 3, turning="as-keyed")
