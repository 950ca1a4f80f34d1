"""Rotations against R, whose own loose stopping rules are reproduced here."""

import numpy as np
import pytest

from analytics.psychometrics import (
    GuidedRotation,
    Matrix,
    NotConverged,
    Rotation,
    align,
)
from analytics.psychometrics.projection import (
    Criterion,
    bentler,
    geomin,
    oblique,
    oblique_at,
    orthogonal,
    orthogonal_at,
    quartimax,
    quartimin,
    towards,
)
from analytics.psychometrics.rotation import Rotated, _varimax_gradient, rotate
from analytics.psychometrics.simplimax import simplimax, smallest

from .cases import matrix, reference

ROTATIONS: list[Rotation | GuidedRotation] = [
    "varimax",
    "quartimax",
    "promax",
    "oblimin",
    "quartimin",
    "geomin",
    "geomin-orthogonal",
    "bentler",
    "simplimax",
    "target",
]
CASES = [
    "efa_bfi5_minres",
    "efa_hs9_3_minres",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in (
            "efa_bfi5_ml",
            "efa_bfi5_pa",
            "efa_bfi5_gls",
            "efa_bfi5_wls",
            "efa_hs9_3_ml",
            "efa_hs9_3_pa",
        )
    ),
]
ALL_CASES = [
    "efa_bfi5_ml",
    "efa_hs9_3_minres",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in (
            *(f"efa_bfi5_{method}" for method in ("minres", "pa", "gls", "wls")),
            *(f"efa_hs9_3_{method}" for method in ("ml", "pa")),
        )
    ),
]
# psych's name -> ours, criterion, whether orthogonal, distance left by R's tolerance
PROJECTED: dict[str, tuple[Rotation | GuidedRotation, Criterion, bool, float]] = {
    "quartimax": ("quartimax", quartimax, True, 6e-4),
    "oblimin": ("oblimin", quartimin, False, 3e-5),
    "quartimin": ("quartimin", quartimin, False, 3e-5),
    "geominT": ("geomin-orthogonal", geomin, True, 2e-5),
    "geominQ": ("geomin", geomin, False, 2e-4),
    "bentlerQ": ("bentler", bentler, False, 3e-4),
}


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
    ours_phi = found.phi[np.ix_(order, order)] * np.outer(signs, signs)
    np.testing.assert_allclose(ours_phi, phi, rtol=0, atol=atol)


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


def turned(loadings: Matrix, rotation: Rotation | GuidedRotation) -> Rotated:
    """Rotate with a fixed seed, or towards zeros where oblimin has small loadings."""
    target = np.zeros_like(loadings)
    if loadings.shape[1] > 1 and rotation == "target":
        target[np.abs(rotate(loadings, "oblimin").loadings) > 0.3] = np.nan
    return rotate(loadings, rotation, rng=np.random.default_rng(1), target=target)


@pytest.mark.parametrize("name", ALL_CASES)
def test_projections_differ_from_gparotation_only_by_the_stopping_rule(
    name: str,
) -> None:
    """GPArotation stops at a slope of 1e-5; stopping there gives its very digits."""
    A = unrotated(name)
    for theirs_called, (rotation, criterion, orthogonally, left) in PROJECTED.items():
        stored = reference(name).get(theirs_called)
        if stored is None:
            continue
        theirs, m = matrix(stored["loadings"]), A.shape[1]
        phi = matrix(stored["Phi"]) if stored["Phi"] else np.eye(m)
        descend = orthogonal if orthogonally else oblique
        early = descend(A, criterion, np.eye(m), tolerance=1e-5, most=1_000)
        early_phi = np.eye(m) if orthogonally else early.T.T @ early.T
        close_to(Rotated(early.loadings, early_phi), theirs, phi, 1e-12)
        close_to(turned(A, rotation), theirs, phi, left)


@pytest.mark.parametrize("criterion", [quartimin, quartimax, geomin, bentler, "target"])
def test_gradients_equal_finite_differences(
    rng: np.random.Generator, criterion: Criterion | str
) -> None:
    A, T = rng.standard_normal((7, 3)), rng.standard_normal((3, 3))
    if isinstance(criterion, str):
        target = rng.standard_normal((7, 3))
        target[2:4, 1] = np.nan
        criterion = towards(target)
    step = 1e-6
    for at in (oblique_at, orthogonal_at):
        _, _, gradient = at(A, T, criterion)
        for i, j in np.ndindex(3, 3):
            up, down = T.copy(), T.copy()
            up[i, j] += step
            down[i, j] -= step
            rise = at(A, up, criterion)[1] - at(A, down, criterion)[1]
            assert gradient[i, j] == pytest.approx(
                rise / (2 * step), rel=1e-5, abs=1e-6
            )


def by_projection(L: Matrix) -> tuple[float, Matrix]:
    """Simplimax as GPArotation descends on it: k = p, the gradient between kinks."""
    value, near = smallest(L, len(L))
    return value, 2 * near * L


@pytest.mark.parametrize(
    "name", [f"efa_bfi5_{method}" for method in ("minres", "ml", "pa", "gls", "wls")]
)
def test_simplimax_of_gparotation_is_reproduced_and_never_lower_than_ours(
    name: str,
) -> None:
    """GPArotation gives up after 1,001 steps; so far its path is ours to 1e-12."""
    A, stored = unrotated(name), reference(name)["simplimax"]
    theirs, phi = matrix(stored["loadings"]), matrix(stored["Phi"])
    early = oblique(A, by_projection, np.eye(5), tolerance=1e-5, most=1_001)
    assert early.slope > 1e-5
    close_to(Rotated(early.loadings, early.T.T @ early.T), theirs, phi, 1e-12)
    found = rotate(A, "simplimax", rng=np.random.default_rng(1))
    assert found.starts == 31
    ours, r_s = smallest(found.loadings, 25)[0], smallest(theirs, 25)[0]
    assert ours < r_s
    # where R's start leads when it is followed to the end
    assert simplimax(A, np.eye(5), k=25, tolerance=1e-7).value < r_s


def test_simplimax_finds_the_zeros_that_are_there() -> None:
    """Three clusters: asked for all 24 zeros, it finds the one pattern that has them."""
    wanted = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6], [0.5]]))
    phi = np.array([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]])
    A = wanted @ np.linalg.cholesky(phi)
    found = simplimax(A, np.eye(3), k=24, tolerance=1e-9)
    close_to(Rotated(found.loadings, found.T.T @ found.T), wanted, phi, 1e-7)
    assert found.value < 1e-15


def test_the_gradient_of_simplimax_equals_finite_differences(
    rng: np.random.Generator,
) -> None:
    """Its slope is that of the projected gradient, which projection computes anew."""
    A = rng.standard_normal((7, 3))
    T = rng.standard_normal((3, 3))
    T = T / np.sqrt((T**2).sum(axis=0))
    found = simplimax(A, T, k=7, tolerance=np.inf)
    _, _, gradient = oblique_at(A, T, by_projection)
    along = gradient - T * (T * gradient).sum(axis=0)
    assert found.slope == pytest.approx(np.linalg.norm(along))


def test_geomin_takes_the_lowest_of_many_minima() -> None:
    """Orthogonal geomin of these data has several; the unrotated start misses it."""
    A = unrotated("efa_bfi5_ml")
    found = rotate(A, "geomin-orthogonal", rng=np.random.default_rng(1))
    assert found.starts == 31
    assert 1 < found.agreeing < 31
    lowest = geomin(found.loadings)[0]
    random = np.random.default_rng(2)
    for _ in range(5):
        T = np.linalg.qr(random.standard_normal((5, 5)))[0]
        end = orthogonal(A, geomin, T, tolerance=1e-4, most=2_000)
        assert end.value > lowest - 1e-7


def test_the_same_seed_gives_the_same_rotation() -> None:
    A = unrotated("efa_hs9_3_minres")
    one, two = (rotate(A, "geomin", rng=np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one.loadings, two.loadings)


def test_a_reachable_target_is_reached(rng: np.random.Generator) -> None:
    wanted = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6], [0.5]]))
    phi = np.array([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]])
    target = wanted.copy()
    target[wanted > 0] = np.nan  # only the zeros are wanted
    found = rotate(wanted @ np.linalg.cholesky(phi), "target", target=target)
    close_to(found, wanted, phi, 1e-6)


def test_what_guided_rotations_need_is_said() -> None:
    A = unrotated("efa_hs9_3_minres")
    with pytest.raises(ValueError, match="needs a target of"):
        rotate(A, "target")
    for rotation in ("geomin", "simplimax"):
        with pytest.raises(ValueError, match="give it rng"):
            rotate(A, rotation)


def test_oblimin_finds_a_perfect_simple_structure(rng: np.random.Generator) -> None:
    simple = np.kron(np.eye(3), np.array([[0.8], [0.7], [0.6], [0.5]]))
    phi = np.array([[1, 0.5, 0.2], [0.5, 1, -0.3], [0.2, -0.3, 1]])
    found = rotate(simple @ np.linalg.cholesky(phi), "oblimin")
    close_to(found, simple, phi, 1e-6)


def test_a_symmetric_structure_is_no_trap() -> None:
    """Equal factors put the unrotated loadings on a saddle of the criterion."""
    simple = np.kron(np.eye(2), np.array([[0.8], [0.7], [0.6]]))
    phi = np.array([[1, 0.4], [0.4, 1]])
    values, vectors = np.linalg.eigh(simple @ phi @ simple.T)
    unrotated_loadings = vectors[:, -2:] * np.sqrt(values[-2:])
    close_to(rotate(unrotated_loadings, "oblimin"), simple, phi, 1e-6)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_rotation_keeps_what_the_factors_explain(
    rotation: Rotation | GuidedRotation,
) -> None:
    A = unrotated("efa_hs9_3_minres")
    before = A.copy()
    found = turned(A, rotation)
    np.testing.assert_array_equal(A, before)
    np.testing.assert_allclose(
        found.loadings @ found.phi @ found.loadings.T, A @ A.T, rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(np.diag(found.phi), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("rotation", ["none", *ROTATIONS])
def test_one_factor_stays_as_it_is(rotation: Rotation | GuidedRotation) -> None:
    A = unrotated("efa_bfi5_minres")[:, :1]
    found = rotate(A, rotation)
    np.testing.assert_array_equal(found.loadings, A)
    np.testing.assert_array_equal(found.phi, [[1]])


def test_factors_that_become_one_are_given_up_early() -> None:
    """Four factors of rank three: the criterion falls for ever, ever more slowly."""
    rng = np.random.default_rng(0)
    A = np.kron(np.eye(3), np.full((4, 1), 0.7)) + 0.1 * rng.standard_normal((12, 3))
    A = np.c_[A, 1e-6 * rng.standard_normal(12)]
    A = A @ np.linalg.qr(rng.standard_normal((4, 4)))[0]
    asked = 0

    def counted(L: Matrix) -> tuple[float, Matrix]:
        nonlocal asked
        asked += 1
        return quartimin(L)

    found = oblique(A, counted, np.eye(4), tolerance=1e-7, most=10_000)
    further = oblique(A, quartimin, found.T, tolerance=1e-7, most=900)
    assert found.slope > 1e-4
    assert further.slope > 1e-4
    assert further.value < found.value
    assert np.linalg.cond(further.T) > np.linalg.cond(found.T)
    assert asked < 7_000
    with pytest.raises(NotConverged, match="rotation of the factors"):
        rotate(A, "oblimin")


def test_an_unfinished_rotation_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.psychometrics.rotation._MAX_ITERATIONS", 1)
    monkeypatch.setattr("analytics.psychometrics.simplimax._MOST_STEPS", 1)
    for rotation in ROTATIONS:
        with pytest.raises(NotConverged, match="rotation of the factors"):
            turned(unrotated("efa_bfi5_minres"), rotation)
