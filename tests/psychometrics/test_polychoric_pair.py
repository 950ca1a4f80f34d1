import numpy as np
import pytest

from analytics.psychometrics import (
    BurtTable,
    Item,
    polychoric,
    polychoric_pair,
)
from analytics.psychometrics.polychoric_pair import _cells, _score
from tests.psychometrics.cases import bfi, coded, reference


@pytest.fixture(scope="module")
def table() -> BurtTable:
    return BurtTable.of(bfi(), missing="listwise")


@pytest.mark.parametrize("pair", range(5))
def test_the_likelihood_is_above_that_of_polycor(table: BurtTable, pair: int) -> None:
    stored = reference("polychor_pairs_polycor")[pair]
    found = polychoric_pair(table, stored["x"], stored["y"], at_once=True)
    # a lower chi-square against the same table is a higher likelihood
    assert found.chi2 < stored["ml"]["chisq"]
    assert found.rho == pytest.approx(stored["ml"]["rho"]["1"], abs=2e-3)
    assert found.se == pytest.approx(stored["ml"]["se"], abs=5e-5)


def test_two_steps_are_those_of_polychoric(table: BurtTable) -> None:
    found = polychoric_pair(table, "N1", "N2", at_once=False)
    whole = polychoric(table.select(["N1", "N2"]))
    assert found.rho == whole.rho[0, 1]
    assert found.se == whole.se[0, 1]
    assert polychoric_pair(table, "N1", "N2", at_once=True).chi2 < found.chi2


def test_the_maximum_has_no_slope_and_the_slopes_are_exact(table: BurtTable) -> None:
    counts = table.table("A1", "A2")[1:, 1:].astype(np.float64)
    found = polychoric_pair(table, "A1", "A2", at_once=True)
    theta = np.array([*found.first_thresholds, *found.second_thresholds, found.rho])
    assert np.abs(_score(counts, theta, 5)).max() < 1e-6
    moved = theta + 0.01
    slopes = _cells(moved, 5)[1]
    for t, unit in enumerate(1e-6 * np.eye(11)):
        ahead, behind = _cells(moved + unit, 5)[0], _cells(moved - unit, 5)[0]
        np.testing.assert_allclose(slopes[..., t], (ahead - behind) / 2e-6, atol=1e-9)


def test_items_of_different_lengths_and_turned_around(rng: np.random.Generator) -> None:
    latent = rng.standard_normal((4000, 2)) @ np.array([[1, 0.6], [0, 0.8]])
    raw = np.column_stack(
        [1.0 + (latent[:, :1] > [-1, 0, 1]).sum(1), 1.0 + (latent[:, 1] > 0.3)]
    )
    table = BurtTable.of(
        coded(raw, [Item("a", 1, 4), Item("b", 1, 2)]), missing="listwise"
    )
    one = polychoric_pair(table, "a", "b", at_once=True)
    two = polychoric_pair(table, "b", "a", at_once=True)
    assert (one.df, one.first_thresholds.size, one.second_thresholds.size) == (2, 3, 1)
    assert one.rho == pytest.approx(two.rho, abs=1e-9)
    assert one.chi2 == pytest.approx(two.chi2, abs=1e-7)
    assert abs(one.rho - 0.6) < 4 * one.se
    assert one.p is not None
    assert one.p > 0.001  # the answers were made normal


def test_a_category_nobody_chose_changes_nothing(rng: np.random.Generator) -> None:
    raw = rng.integers(1, 4, (200, 2)).astype(np.float64)
    gap = np.where(raw == 3, 4, raw)  # nobody chose 3, nor 5
    found = [
        polychoric_pair(
            BurtTable.of(
                coded(values, [Item("a", 1, top), Item("b", 1, top)]),
                missing="listwise",
            ),
            "a",
            "b",
            at_once=True,
        )
        for values, top in ((raw, 3), (gap, 5))
    ]
    assert found[0].rho == pytest.approx(found[1].rho, abs=1e-9)
    assert found[0].df == found[1].df == 3
    assert found[0].first_thresholds == pytest.approx(found[1].first_thresholds)
