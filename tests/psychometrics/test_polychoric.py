"""Polychoric correlations against lavaan, polycor and psych, and by simulation."""

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.psychometrics import (
    BurtTable,
    Item,
    Matrix,
    NotConverged,
    NotDefined,
    Polychoric,
    ResponseMatrix,
    TooFewData,
    compiled,
    cronbach_alpha,
    efa,
    polychoric,
)
from analytics.psychometrics.bivariate import RULES, Cells, beyond, density_slope

from .cases import bfi, likert, matrix, reference

ENGINES: list[compiled.Engine] = ["numpy", "compiled"]
CUTS = [
    np.array(cuts) for cuts in ([-0.5, 0.2, 1.2], [-1.0, 0.0, 0.4, 1.0], [-1.5, 0.8])
]


def table(data: ResponseMatrix) -> BurtTable:
    return BurtTable.of(data, missing="pairwise")


def cut(z: Matrix, *, holes: NDArray[np.bool_] | None = None) -> ResponseMatrix:
    """Answers of people whose three latent variables are z."""
    codes = np.stack([np.searchsorted(c, z[:, j]) for j, c in enumerate(CUTS)], axis=1)
    if holes is not None:
        codes[holes] = -1
    items = tuple(
        Item(name, 1, len(c) + 1) for name, c in zip("abc", CUTS, strict=True)
    )
    return ResponseMatrix(codes.astype(np.int8), items)


@pytest.mark.parametrize("engine", ENGINES)
def test_correlations_and_thresholds_equal_lavaan(engine: compiled.Engine) -> None:
    stored = reference("polychoric_lavCor_bfi25_complete")
    found = polychoric(BurtTable.of(bfi(), missing="listwise"), engine=engine)
    np.testing.assert_allclose(found.rho, matrix(stored["rho"]), rtol=0, atol=1e-7)
    np.testing.assert_allclose(
        np.concatenate(found.thresholds),
        list(stored["thresholds"].values()),
        rtol=0,
        atol=1e-13,
    )
    assert found.n == 2436
    assert not found.smoothed


def test_pairwise_correlations_equal_psych() -> None:
    stored = reference("polychoric_bfi25_pairwise_correct0")
    found = polychoric(table(bfi()))
    # psych's one-dimensional search stops up to 2e-5 away from the maximum
    np.testing.assert_allclose(found.rho, matrix(stored["rho"]), rtol=0, atol=3e-5)
    for ours, theirs in zip(found.thresholds, stored["tau"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_two_steps_and_their_error_equal_polycor() -> None:
    found = polychoric(BurtTable.of(bfi(), missing="listwise"))
    place = {code: j for j, code in enumerate(found.items)}
    for pair in reference("polychor_pairs_polycor"):
        at = place[pair["x"]], place[pair["y"]]
        # polycor's one-dimensional search stops at a relative tolerance of 1e-4, and
        # its second derivative is a finite difference
        assert found.rho[at] == pytest.approx(pair["two_step"]["rho"], abs=5e-5)
        assert found.se_given_thresholds[at] == pytest.approx(
            pair["two_step"]["se"], rel=1e-4
        )


def test_polycor_stops_before_the_maximum() -> None:
    """Where polycor differs from ours, the likelihood still rises towards ours."""
    data = BurtTable.of(bfi(), missing="listwise")
    found = polychoric(data)
    place = {code: j for j, code in enumerate(found.items)}
    for pair in reference("polychor_pairs_polycor"):
        i, j = place[pair["x"]], place[pair["y"]]
        counts = data.table(pair["x"], pair["y"])[1:, 1:]
        ours, theirs = (
            slope_at(found, counts, i, j, r)
            for r in (found.rho[i, j], pair["two_step"]["rho"])
        )
        assert abs(ours) < 1e-6
        assert abs(theirs) > 100 * abs(ours)


def slope_at(found: Polychoric, counts: Any, i: int, j: int, r: float) -> float:
    """Slope of the log-likelihood of one pair at the correlation r."""
    from scipy.special import ndtr

    h, g = found.thresholds[i][None], found.thresholds[j][None]
    cells = Cells.of(h, g, ndtr(h), ndtr(g), np.array([r]))
    return float((counts * cells.score[0]).sum())


@pytest.mark.parametrize("n", [200, 5_000])
def test_engines_and_threads_agree(rng: np.random.Generator, n: int) -> None:
    data = table(likert(rng, n, 20, holes=0.05))
    expected = polychoric(data, engine="numpy", threads=1)
    for engine in ENGINES:
        one, two = (polychoric(data, engine=engine, threads=t) for t in (1, 2))
        np.testing.assert_array_equal(one.rho, two.rho)
        np.testing.assert_array_equal(one.se, two.se)
        np.testing.assert_allclose(one.rho, expected.rho, rtol=0, atol=1e-11)


@pytest.mark.parametrize(
    "r", [0.0, 0.29, 0.3, -0.74, 0.75, -0.79, 0.81, -0.95, 0.99, 0.999]
)
def test_bivariate_normal_probabilities_are_exact(r: float) -> None:
    from scipy.integrate import quad
    from scipy.special import ndtr

    root = np.sqrt(1 - r * r)
    for h, g in ((0.0, 0.0), (0.1, 0.15), (1.0, 0.5), (-1.0, 1.3), (-2.0, -2.1)):

        def inner(x: float, g: float = g) -> float:
            height = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
            return float(height * ndtr((g - r * x) / root))

        # the inner function is a step as wide as the root about g / r
        about = [(g + side * root) / r for side in (-6, 0, 6)] if r else []
        step = [x for x in about if -9 < x < h] or None
        exact = quad(inner, -9, h, epsabs=1e-15, limit=500, points=step)[0]
        nodes = next(count for limit, count in RULES if abs(r) < limit)
        ours = beyond(np.array([[h]]), np.array([[g]]), np.array([r]), nodes)[0, 0, 0]
        assert ours + ndtr(h) * ndtr(g) == pytest.approx(exact, abs=1e-12)


def test_derivatives_equal_finite_differences() -> None:
    from scipy.special import ndtr

    h, g, step = CUTS[0][None], CUTS[1][None, :3], 1e-6

    def cells(r: float) -> Cells:
        return Cells.of(h, g, ndtr(h), ndtr(g), np.array([r]))

    for r in (-0.6, 0.2, 0.9):
        difference = cells(r + step).probability - cells(r - step).probability
        np.testing.assert_allclose(
            cells(r).slope, difference / (2 * step), rtol=0, atol=1e-9
        )
        bend = (cells(r + step).slope - cells(r - step).slope) / (2 * step)
        found = np.pad(density_slope(h, g, np.array([r])), ((0, 0), (1, 1), (1, 1)))
        np.testing.assert_allclose(
            np.diff(np.diff(found, axis=1), axis=2), bend, rtol=0, atol=1e-8
        )


def simulated(rng: np.random.Generator, draws: int) -> tuple[Matrix, Matrix, Matrix]:
    """True correlations; estimates and standard errors of many samples with gaps."""
    R = np.array([[1, 0.75, 0.4], [0.75, 1, 0.2], [0.4, 0.2, 1]])
    root, upper = np.linalg.cholesky(R), np.triu_indices(3, 1)
    rho, se = [], []
    for _ in range(draws):
        z = rng.standard_normal((800, 3)) @ root.T
        found = polychoric(table(cut(z, holes=rng.random(z.shape) < 0.3)))
        rho.append(found.rho[upper])
        se.append(found.se[upper])
    return R[upper], np.array(rho), np.array(se)


@pytest.mark.parametrize(
    "draws", [pytest.param(200), pytest.param(3_000, marks=pytest.mark.long)]
)
def test_standard_errors_are_the_spread_of_many_samples(
    rng: np.random.Generator, draws: int
) -> None:
    truth, rho, se = simulated(rng, draws)
    error = rho.std(axis=0) / np.sqrt(draws)
    # the estimate itself is biased by about 1 / n
    assert (np.abs(rho.mean(axis=0) - truth) < 4 * error + 2 / 800).all()
    # a standard deviation of many draws has the relative error sqrt(1 / (2 draws))
    np.testing.assert_allclose(
        se.mean(axis=0), rho.std(axis=0), rtol=4 / np.sqrt(2 * draws)
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_category_nobody_chose_changes_nothing(
    rng: np.random.Generator, engine: compiled.Engine
) -> None:
    data = likert(rng, 400, 4)
    expected = polychoric(table(data), engine=engine)
    # two empty categories below, one in the middle, one above
    wide = np.array([2, 3, 5, 6, 7], dtype=np.int8)[data.codes]
    items = tuple(Item(item.code, 0, 8) for item in data.items)
    found = polychoric(table(ResponseMatrix(wide, items)), engine=engine)
    np.testing.assert_allclose(found.rho, expected.rho, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found.se, expected.se, rtol=0, atol=1e-10)
    assert found.thresholds[0][0] == found.thresholds[0][1] == -np.inf
    assert found.thresholds[0][3] == found.thresholds[0][4]
    assert found.thresholds[0][-1] == np.inf


def test_reversing_an_item_turns_its_correlations(rng: np.random.Generator) -> None:
    data = likert(rng, 300, 4)
    codes = data.codes.copy()
    codes[:, 0] = 4 - codes[:, 0]
    found = polychoric(table(data))
    turned = polychoric(table(ResponseMatrix(codes, data.items)))
    np.testing.assert_allclose(turned.rho[0, 1:], -found.rho[0, 1:], atol=1e-10)
    np.testing.assert_allclose(turned.se, found.se, atol=1e-10)


def test_people_without_an_answer_to_the_pair_still_place_the_thresholds(
    rng: np.random.Generator,
) -> None:
    data = likert(rng, 300, 2, holes=0.3)
    found = polychoric(table(data))
    alone = np.cumsum(data.codes[data.codes[:, 0] >= 0, 0] == 0)[-1]
    from scipy.special import ndtri

    share = alone / (data.codes[:, 0] >= 0).sum()
    assert found.thresholds[0][0] == pytest.approx(ndtri(share), abs=1e-14)
    assert found.n < 300


def test_smoothing_happens_only_when_asked_and_is_said() -> None:
    rng = np.random.default_rng(3)
    data = table(likert(rng, 25, 14))
    raw = polychoric(data)
    assert raw.smallest_eigenvalue < 0
    assert not raw.smoothed
    found = polychoric(data, smooth=True)
    assert found.smoothed
    assert "smoothed" in found.method
    assert np.linalg.eigvalsh(found.rho)[0] > 0
    np.testing.assert_array_equal(np.diag(found.rho), 1)
    fine = polychoric(table(bfi()), smooth=True)
    assert not fine.smoothed


def test_the_correlations_serve_whatever_takes_moments() -> None:
    found = polychoric(BurtTable.of(bfi(), missing="listwise")).moments()
    assert efa(found, 5, rotation="oblimin").n == 2436
    alpha = cronbach_alpha(found.select(["A1", "A2", "A3", "A4", "A5"]))
    assert alpha.raw.estimate == pytest.approx(alpha.standardized.estimate)
    assert alpha.raw.estimate > 0.7249


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    with pytest.raises(TooFewData, match="at least 2 items"):
        polychoric(table(likert(rng, 30, 1)))
    flat = likert(rng, 30, 3).codes.copy()
    flat[:, 1] = 2
    items = likert(rng, 1, 3).items
    with pytest.raises(NotDefined, match="answered t2 gave the same"):
        polychoric(table(ResponseMatrix(flat, items)))
    same = np.repeat(rng.integers(0, 5, (30, 1), np.int8), 2, axis=1)
    with pytest.raises(NotDefined, match="t1 determine those to t2"):
        polychoric(table(ResponseMatrix(same, items[:2])))
    apart = np.full((30, 2), -1, dtype=np.int8)
    apart[:15, 0], apart[15:, 1] = np.arange(15) % 5, np.arange(15) % 5
    with pytest.raises(TooFewData, match="both t1 and t2"):
        polychoric(table(ResponseMatrix(apart, items[:2])))


def test_no_maximum_is_no_number(
    monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    module = sys.modules["analytics.psychometrics.polychoric"]
    monkeypatch.setattr(module, "_MAX_STEPS", 1)
    for engine in ENGINES:
        with pytest.raises(NotConverged, match="polychoric correlation did not"):
            polychoric(table(likert(rng, 100, 3)), engine=engine)
