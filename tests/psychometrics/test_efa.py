"""Minres factors against psych, against a tighter minimum, and by derivatives."""

from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    Efa,
    Matrix,
    Moments,
    NotConverged,
    NotDefined,
    Rotation,
    TooFewData,
    align,
    efa,
    moments,
    omega_total,
)
from analytics.psychometrics.minres import _Reduced, minres

from .cases import bfi, correlated, hs_moments, likert, matrix, reference

CASES = [("efa_bfi5_minres", 5), ("efa_hs9_3_minres", 3)]

# psych::fa minimises with a relative tolerance of 2e-9, the loadings of the nine test
# scores are therefore 7e-6 from the minimum. GPArotation stops oblimin at a gradient
# of 1e-5, which leaves 2e-5. stats::varimax stops when its criterion grows by less
# than a hundred-thousandth, which leaves 9e-4 in varimax and 4.5e-4 in promax;
# test_rotation shows that exactly this explains the difference.
TOLERANCE: dict[Rotation, float] = {
    "none": 1e-5,
    "oblimin": 3e-5,
    "promax": 5e-4,
    "varimax": 1e-3,
}
ROTATIONS: list[Rotation] = list(TOLERANCE)


def data(name: str) -> Moments:
    return moments(bfi(), missing="listwise") if "bfi" in name else hs_moments()


def aligned(found: Efa, target: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Loadings, phi and variance accounted for in the order and signs of a target."""
    loadings, order, signs = align(found.loadings, target)
    phi = found.phi[np.ix_(order, order)] * np.outer(signs, signs)
    return loadings, phi, found.variance_accounted[order]


def test_loadings_equal_the_tight_minimum() -> None:
    stored = reference("efa_minres_tight_bfi5")
    found = efa(data("bfi"), 5, rotation="none")
    loadings, _, _ = aligned(found, matrix(stored["loadings_unrotated_tight"]))
    # R's optim stops at a relative change of 1e-16 of f, near 1e-6 in the variances
    np.testing.assert_allclose(
        loadings, matrix(stored["loadings_unrotated_tight"]), rtol=0, atol=1e-6
    )
    theirs = list(stored["uniq"].values())
    np.testing.assert_allclose(found.uniquenesses, theirs, rtol=0, atol=2e-6)
    assert found.objective <= stored["objective_tight"]
    assert found.objective == pytest.approx(stored["objective_tight"], abs=1e-11)
    assert found.gradient_norm < 1e-9


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize(("name", "m"), CASES)
def test_loadings_equal_psych(name: str, m: int, rotation: Rotation) -> None:
    stored = reference(name)[rotation]
    found = efa(data(name), m, rotation=rotation)
    close = TOLERANCE[rotation]
    loadings, phi, variance = aligned(found, matrix(stored["loadings"]))
    np.testing.assert_allclose(loadings, matrix(stored["loadings"]), rtol=0, atol=close)
    if stored["Phi"]:
        np.testing.assert_allclose(phi, matrix(stored["Phi"]), rtol=0, atol=close)
    else:
        np.testing.assert_array_equal(phi, np.eye(m))
    np.testing.assert_allclose(
        variance, matrix(stored["vaccounted"])[0], rtol=0, atol=4 * close
    )
    assert found.rmsr == pytest.approx(stored["rms"], abs=1e-9)
    assert found.df == {"efa_bfi5_minres": 185, "efa_hs9_3_minres": 12}[name]


@pytest.mark.parametrize("rotation", ROTATIONS)
@pytest.mark.parametrize(("name", "m"), CASES)
def test_communalities_go_through_phi(name: str, m: int, rotation: Rotation) -> None:
    stored = reference(name)[rotation]
    found = efa(data(name), m, rotation=rotation)
    theirs = list(stored["communality"].values())
    np.testing.assert_allclose(found.communalities, theirs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.uniquenesses, 1 - found.communalities)
    assert found.variance_accounted.sum() == pytest.approx(found.communalities.sum())
    if rotation in ("promax", "oblimin"):
        without_phi = (found.loadings**2).sum(axis=1)
        assert np.abs(without_phi - theirs).max() > 0.01


def test_gradient_and_hessian_equal_finite_differences() -> None:
    R = hs_moments().correlation
    psi = np.linspace(0.3, 0.7, 9)
    criterion = _Reduced(R, 3)
    _, gradient = criterion.value_and_gradient(psi)
    hessian = criterion.hessian(psi)
    step = 1e-5
    for i in range(9):
        up, down = psi.copy(), psi.copy()
        up[i] += step
        down[i] -= step
        f_up, g_up = criterion.value_and_gradient(up)
        f_down, g_down = criterion.value_and_gradient(down)
        assert gradient[i] == pytest.approx((f_up - f_down) / (2 * step), abs=1e-9)
        np.testing.assert_allclose(
            hessian[i], (g_up - g_down) / (2 * step), rtol=0, atol=1e-8
        )


def test_geomin_factors_equal_psych() -> None:
    stored = reference("efa_bfi5_ml")["geominQ"]
    found = efa(
        data("bfi"), 5, rotation="geomin", method="ml", rng=np.random.default_rng(1)
    )
    loadings, phi, variance = aligned(found, matrix(stored["loadings"]))
    # GPArotation stops at a slope of 1e-5
    np.testing.assert_allclose(loadings, matrix(stored["loadings"]), rtol=0, atol=2e-4)
    np.testing.assert_allclose(phi, matrix(stored["Phi"]), rtol=0, atol=2e-4)
    np.testing.assert_allclose(
        variance, matrix(stored["vaccounted"])[0], rtol=0, atol=8e-4
    )
    assert found.rotation_starts == 31
    assert found.rotation_agreeing > 1


def test_guided_rotations_follow_their_target() -> None:
    target = np.zeros((9, 3))
    target[[0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 1, 1, 1, 2, 2, 2]] = np.nan
    found = efa(hs_moments(), 3, rotation="target", target=target)
    oblimin = efa(hs_moments(), 3, rotation="oblimin")
    loadings, _, _ = align(found.loadings, oblimin.loadings)
    np.testing.assert_allclose(loadings, oblimin.loadings, rtol=0, atol=0.15)
    with pytest.raises(ValueError, match="needs a target"):
        efa(hs_moments(), 3, rotation="target")


def test_noise_and_improper_solutions_still_end_at_a_stationary_point(
    rng: np.random.Generator,
) -> None:
    for p, m in [(5, 1), (8, 3), (12, 5), (20, 2)] * 5:
        noise = moments(
            rng.standard_normal((40, p)), [str(j) for j in range(p)], missing="listwise"
        )
        found = minres(noise.correlation, m)
        assert found.converged
        assert (found.psi >= 0.005).all()
        assert (found.psi <= 1).all()


def test_a_perfect_factor_is_found_again() -> None:
    loadings = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    R = np.outer(loadings, loadings)
    np.fill_diagonal(R, 1)
    found = efa(correlated(R), 1, rotation="oblimin")
    np.testing.assert_allclose(found.loadings[:, 0], loadings, atol=1e-9)
    assert found.objective == pytest.approx(0, abs=1e-15)
    assert found.heywood == ()


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_items_and_people_may_come_in_any_order(rotation: Rotation) -> None:
    m = hs_moments()
    order = [4, 7, 1, 0, 8, 2, 6, 3, 5]
    shuffled = efa(m.select([m.items[j] for j in order]), 3, rotation=rotation)
    expected = efa(m, 3, rotation=rotation)
    # the rotations stop at a gradient of 1e-7
    np.testing.assert_allclose(
        shuffled.loadings, expected.loadings[order], rtol=0, atol=1e-6
    )
    np.testing.assert_allclose(shuffled.phi, expected.phi, rtol=0, atol=1e-6)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_factors_come_by_variance_and_point_up(rotation: Rotation) -> None:
    found = efa(data("bfi"), 5, rotation=rotation)
    assert (np.diff(found.variance_accounted) <= 0).all()
    assert (found.loadings.sum(axis=0) > 0).all()
    implied = found.loadings @ found.phi @ found.loadings.T
    unrotated = efa(data("bfi"), 5, rotation="none").loadings
    np.testing.assert_allclose(implied, unrotated @ unrotated.T, rtol=0, atol=1e-10)


def test_a_heywood_case_is_named() -> None:
    R = np.array([[1, 0.9, 0.9], [0.9, 1, 0.3], [0.9, 0.3, 1]])
    found = efa(correlated(R, items=["a", "b", "c"]), 1, rotation="none")
    assert found.heywood == ("a",)


def test_more_items_than_people_still_has_factors(rng: np.random.Generator) -> None:
    m = moments(likert(rng, 12, 15), missing="listwise")
    found = efa(m, 1, rotation="none")
    assert found.converged
    assert found.n == 12


@pytest.mark.parametrize(("p", "m"), [(3, 2), (4, 2), (6, 5)])
def test_more_factors_than_the_items_identify_are_refused(p: int, m: int) -> None:
    with pytest.raises(TooFewData, match=f"{m} factors cannot be identified"):
        efa(correlated(np.full((p, p), 0.3) + 0.7 * np.eye(p)), m, rotation="none")


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        efa(hs_moments(), 0, rotation="none")
    with pytest.raises(TooFewData, match="needs at least 3 items"):
        efa(hs_moments().select(["x1", "x2"]), 1, rotation="none")
    with pytest.raises(TooFewData, match="there are 1"):
        efa(moments(likert(rng, 1, 4), missing="pairwise"), 1, rotation="none")
    x = rng.standard_normal((30, 4))
    x[:, 3] = 1
    with pytest.raises(NotDefined, match="answered d"):
        efa(moments(x, list("abcd"), missing="listwise"), 1, rotation="none")


def test_no_minimum_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.psychometrics.minres._MAX_NEWTON_STEPS", 1)
    with pytest.raises(NotConverged, match="factor analysis did not converge"):
        efa(hs_moments(), 3, rotation="none")
    with pytest.raises(NotConverged, match="Omega total did not converge"):
        omega_total(hs_moments())


def test_align_undoes_any_order_and_sign(rng: np.random.Generator) -> None:
    target: Any = rng.standard_normal((10, 4))
    mixed = target[:, [2, 0, 3, 1]] * [1, -1, -1, 1]
    loadings, order, signs = align(mixed, target)
    np.testing.assert_array_equal(loadings, target)
    np.testing.assert_array_equal(mixed[:, order] * signs, target)
