from dataclasses import replace

import numpy as np
import pytest

from analytics.psychometrics import (
    BurtTable,
    Item,
    NotDefined,
    efa,
    normal_ogive,
    polychoric,
)
from tests.psychometrics.cases import SCALES, bfi, coded, matrix, reference


def test_five_items_agree_with_irt_fa_of_psych() -> None:
    stored = reference("irtfa_bfi_N")
    data = bfi().complete_rows().select(SCALES["N"])
    found = polychoric(BurtTable.of(data, missing="listwise"))
    items = normal_ogive(found, efa(found.moments(), 1, rotation="none"))
    # psych's polychorics stop up to 2e-5 away from the maximum
    np.testing.assert_allclose(
        items.discrimination, matrix(stored["discrimination"]), atol=5e-5
    )
    np.testing.assert_allclose(
        items.difficulty, matrix(stored["difficulty"][0]["values"]), atol=5e-5
    )


def test_planted_slopes_and_difficulties_are_found() -> None:
    rng, n = np.random.default_rng(4), 200_000
    slopes = np.array([0.8, 1.2, 1.6, 1.0])
    cuts = np.array([-1.0, 0.2, 1.1])
    latent = rng.standard_normal((n, 1)) * slopes + rng.standard_normal((n, 4))
    raw = 1.0 + (latent[:, :, None] > cuts).sum(axis=2)
    data = coded(raw, [Item(f"t{j}", 1, 4) for j in range(4)])
    found = polychoric(BurtTable.of(data, missing="listwise"))
    items = normal_ogive(found, efa(found.moments(), 1, rotation="none"))
    np.testing.assert_allclose(items.discrimination[:, 0], slopes, atol=0.03)
    np.testing.assert_allclose(items.difficulty, [cuts] * 4, atol=0.03)


def test_an_improper_factor_has_no_slopes() -> None:
    data = bfi().complete_rows().select(SCALES["N"])
    found = polychoric(BurtTable.of(data, missing="listwise"))
    solution = efa(found.moments(), 1, rotation="none")
    with pytest.raises(NotDefined, match="Heywood"):
        normal_ogive(found, replace(solution, heywood=("N1",)))
    with pytest.raises(ValueError, match="polychorics behind"):
        normal_ogive(replace(found, items=("a",)), solution)
