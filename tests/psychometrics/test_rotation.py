"""Rotations against R, whose own loose stopping rules are reproduced here."""

import numpy as np
import pytest

from analytics.psychometrics import Matrix, NotConverged, Rotation, align
from analytics.psychometrics.rotation import (
    Rotated,
    _oblimin,
    _oblimin_at,
    _varimax_gradient,
    rotate,
)

from .cases import matrix, reference

ROTATIONS: list[Rotation] = ["varimax", "promax", "oblimin"]
CASES = ["efa_bfi5_minres", "efa_hs9_3_minres"]


def unrotated(name: str) -> Matrix:
    return matrix(reference(name)["none"]["loadings"])


def row_lengths(loadings: Matrix) -> Matrix:
    lengths: Matrix = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    return lengths


def naive_varimax(loadings: Matrix, eps: float) -> Matrix:
    """Kaiser's normalized varimax by singular values, stopping as stats::varimax."""
    lengths = row_lengths(loadings)
    x = loadings / lengths
    turn, reached = np.eye(x.shape[1]), 0.0
    for _ in range(1000):
        z = x @ turn
        u, s, vt = np.linalg.svd(x.T @ (z**3 - z * (z**2).mean(axis=0)))
        turn, before, reached = u @ vt, reached, float(s.sum())
        if reached < before * (1 + eps):
            break
    rotated: Matrix = x @ turn * lengths
    return rotated


def naive_promax(loadings: Matrix, eps: float) -> tuple[Matrix, Matrix]:
    """Power 4 from normalized loadings, by least squares."""
    lengths = row_lengths(loadings)
    x = naive_varimax(loadings / lengths, eps)
    u = np.linalg.lstsq(x, x * np.abs(x) ** 3, rcond=None)[0]
    u = u * np.sqrt(np.diag(np.linalg.inv(u.T @ u)))
    rotated: Matrix = x @ u * lengths
    phi: Matrix = np.linalg.inv(u.T @ u)
    return rotated, phi


def close_to(found: Rotated, loadings: Matrix, phi: Matrix, atol: float) -> None:
    ours, order, signs = align(found.loadings, loadings)
    np.testing.assert_allclose(ours, loadings, rtol=0, atol=atol)
    turned = found.phi[np.ix_(order, order)] * np.outer(signs, signs)
    np.testing.assert_allclose(turned, phi, rtol=0, atol=atol)


@pytest.mark.parametrize("name", CASES)
def test_varimax_differs_from_r_only_by_the_stopping_rule(name: str) -> None:
    loadings, theirs = unrotated(name), matrix(reference(name)["varimax"]["loadings"])
    stopped_early = naive_varimax(loadings, eps=1e-5)
    np.testing.assert_allclose(
        align(stopped_early, theirs)[0], theirs, rtol=0, atol=1e-8
    )
    ours = rotate(loadings, "varimax")
    close_to(ours, naive_varimax(loadings, eps=0), np.eye(loadings.shape[1]), 1e-6)
    assert _varimax_gradient(ours.loadings) < _varimax_gradient(theirs)


@pytest.mark.parametrize("name", CASES)
def test_promax_differs_from_psych_only_by_the_stopping_rule(name: str) -> None:
    stored = reference(name)["promax"]
    theirs, phi = matrix(stored["loadings"]), matrix(stored["Phi"])
    early, early_phi = naive_promax(unrotated(name), eps=1e-5)
    close_to(Rotated(early, early_phi), theirs, phi, 1e-8)
    close_to(
        rotate(unrotated(name), "promax"), *naive_promax(unrotated(name), eps=0), 1e-6
    )


@pytest.mark.parametrize("name", CASES)
def test_oblimin_differs_from_gparotation_only_by_the_stopping_rule(name: str) -> None:
    stored = reference(name)["oblimin"]
    theirs, phi = matrix(stored["loadings"]), matrix(stored["Phi"])
    close_to(_oblimin(unrotated(name), tolerance=1e-5), theirs, phi, 1e-8)
    close_to(rotate(unrotated(name), "oblimin"), theirs, phi, 3e-5)


def test_oblimin_gradient_equals_finite_differences(rng: np.random.Generator) -> None:
    A, T = rng.standard_normal((7, 3)), rng.standard_normal((3, 3))
    _, _, gradient = _oblimin_at(A, T)
    step = 1e-6
    for i in range(3):
        for j in range(3):
            up, down = T.copy(), T.copy()
            up[i, j] += step
            down[i, j] -= step
            slope = (_oblimin_at(A, up)[1] - _oblimin_at(A, down)[1]) / (2 * step)
            assert gradient[i, j] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_oblimin_finds_a_perfect_simple_structure(rng: np.random.Generator) -> None:
    simple = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6], [0.5]]))
    phi = np.array([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]])
    found = rotate(simple @ np.linalg.cholesky(phi), "oblimin")
    close_to(found, simple, phi, 1e-6)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_rotation_keeps_what_the_factors_explain(rotation: Rotation) -> None:
    A = unrotated("efa_bfi5_minres")
    before = A.copy()
    found = rotate(A, rotation)
    np.testing.assert_array_equal(A, before)
    np.testing.assert_allclose(
        found.loadings @ found.phi @ found.loadings.T, A @ A.T, rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(np.diag(found.phi), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("rotation", ["none", *ROTATIONS])
def test_one_factor_stays_as_it_is(rotation: Rotation) -> None:
    A = unrotated("efa_bfi5_minres")[:, :1]
    found = rotate(A, rotation)
    np.testing.assert_array_equal(found.loadings, A)
    np.testing.assert_array_equal(found.phi, [[1]])


def test_an_unfinished_rotation_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.psychometrics.rotation._MAX_ITERATIONS", 1)
    for rotation in ROTATIONS:
        with pytest.raises(NotConverged, match="rotation of the factors"):
            rotate(unrotated("efa_bfi5_minres"), rotation)
