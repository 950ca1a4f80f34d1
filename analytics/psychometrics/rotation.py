"""Rotation of factor loadings: the only door to `factor_analyzer`.

Varimax and promax come from `factor_analyzer.Rotator`, imported when first used (it
brings scikit-learn and pandas). The others are our own gradient projection, because
the library's gives neither its gradient nor whether it converged, and needs seconds to
come near the minimum.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotConverged
from analytics.psychometrics.projection import (
    Criterion,
    Projected,
    bentler,
    geomin,
    oblique,
    orthogonal,
    quartimax,
    quartimin,
    towards,
)
from analytics.psychometrics.simplimax import simplimax

Rotation = Literal[
    "none", "varimax", "quartimax", "promax", "oblimin", "quartimin", "bentler"
]
# geomin and simplimax have many local minima and need a generator for their starts;
# target needs a target
GuidedRotation = Literal["geomin", "geomin-orthogonal", "simplimax", "target"]

GRADIENT_TOLERANCE = 1e-7
_VARIMAX_TOLERANCE = 1e-5
_MAX_ITERATIONS = 10_000
_PROMAX_POWER = 4
_STARTS = 30
_ROUGH, _FINE = (
    1e-3,
    1e-4,
)  # slopes to which every start, and the good ones, are followed
_SAME = 1e-6  # relative difference of two values of the same minimum


@dataclass(frozen=True, slots=True, eq=False)
class Rotated:
    """Loadings (p, m) and correlations of the factors (m, m).

    `starts` counts the starting points, `agreeing` those that led to this minimum.
    """

    loadings: Matrix
    phi: Matrix
    starts: int = 1
    agreeing: int = 1


def rotate(
    loadings: Matrix,
    rotation: Rotation | GuidedRotation,
    *,
    rng: np.random.Generator | None = None,
    target: Matrix | None = None,
) -> Rotated:
    """Rotate (p, m) unrotated loadings; one factor stays as it is.

    varimax
        With Kaiser normalization (Kaiser 1958, doi:10.1007/BF02289233).
    quartimax
        Not normalized (Neuhaus & Wrigley 1954, doi:10.1111/j.2044-8317.1954.tb00147.x).
    promax
        Power 4, from the Kaiser-normalized varimax solution (Hendrickson & White
        1964, doi:10.1111/j.2044-8317.1964.tb00244.x): psych's "promax".
    oblimin, quartimin
        Direct quartimin, gamma = 0, not normalized (Jennrich & Sampson 1966,
        doi:10.1007/BF02289465): the default of GPArotation and psych.
    geomin, geomin-orthogonal
        delta = .01 (Yates 1987, Multivariate exploratory data analysis); the best
        minimum from the unrotated loadings and 30 random starts, drawn from `rng`.
    bentler
        Invariant pattern simplicity, oblique: GPArotation's bentlerQ.
    simplimax
        Oblique, the p smallest of the pm loadings towards zero: GPArotation's default;
        the best of as many starts as geomin has, and as a rule the only one that found
        it (see `simplimax`).
    target
        Obliquely towards the (p, m) `target`, NaN where it leaves a loading free.

    Raises
    ------
    ValueError
        geomin or simplimax without `rng`, target without a `target` of the shape of the loadings.
    NotConverged
        The result is not a stationary point of its criterion.
    """
    m = loadings.shape[1]
    if rotation == "none" or m == 1:
        return Rotated(loadings.copy(), np.eye(m))
    if rotation in ("oblimin", "quartimin"):
        return _projected(loadings, quartimin)
    if rotation == "bentler":
        return _projected(loadings, bentler)
    if rotation == "quartimax":
        return _projected(loadings, quartimax, orthogonally=True)
    if rotation in ("geomin", "geomin-orthogonal"):
        return _geomin(loadings, rng, orthogonally=rotation != "geomin")
    if rotation == "simplimax":
        return _simplimax(loadings, rng)
    if rotation == "target":
        if target is None or target.shape != loadings.shape:
            raise ValueError(f"A target rotation needs a target of {loadings.shape}.")
        return _projected(loadings, towards(target))
    varimax = _library(loadings, "varimax")
    if _varimax_gradient(varimax.loadings) > _VARIMAX_TOLERANCE:
        raise NotConverged("not-converged", statistic="rotation")
    return varimax if rotation == "varimax" else _library(loadings, "promax")


def _projected(
    loadings: Matrix, criterion: Criterion, *, orthogonally: bool = False
) -> Rotated:
    """Follow the criterion from the unrotated loadings, past a saddle if there is one.

    Symmetric loadings can lie on a ridge on which the descent runs into a saddle; from
    a small turn away it then finds a lower value.
    """
    m = loadings.shape[1]
    found = _follow(loadings, criterion, np.eye(m), orthogonally)
    away = _small_turn(m) @ found.T
    aside = _follow(loadings, criterion, away, orthogonally, _ROUGH)
    if aside.value < found.value - _SAME * (1 + abs(found.value)):
        found = _follow(loadings, criterion, aside.T, orthogonally)
    return _finished(found, orthogonally)


def _small_turn(m: int) -> Matrix:
    """Turn by about 3 degrees in every plane, (m, m) orthogonal."""
    above = np.triu(np.ones((m, m)), 1)
    tilted = np.eye(m) + 0.05 * (above - above.T)
    return np.linalg.qr(tilted)[0].astype(np.float64)


def _follow(
    loadings: Matrix,
    criterion: Criterion,
    start: Matrix,
    orthogonally: bool,
    tolerance: float = GRADIENT_TOLERANCE,
) -> Projected:
    descend = orthogonal if orthogonally else oblique
    return descend(
        loadings,
        criterion,
        start,
        tolerance=tolerance,
        most=_MAX_ITERATIONS,
    )


def _finished(
    found: Projected, orthogonally: bool, *, starts: int = 1, agreeing: int = 1
) -> Rotated:
    if not found.slope < GRADIENT_TOLERANCE:
        raise NotConverged("not-converged", statistic="rotation")
    phi = np.eye(len(found.T)) if orthogonally else found.T.T @ found.T
    return Rotated(found.loadings, phi, starts, agreeing)


def _geomin(
    loadings: Matrix, rng: np.random.Generator | None, *, orthogonally: bool
) -> Rotated:
    """Take the lowest minimum of many starts."""
    starts = _starts(loadings.shape[1], rng)
    rough = [_follow(loadings, geomin, T, orthogonally, _ROUGH) for T in starts]
    lowest = min(found.value for found in rough)
    near = [found.T for found in rough if found.value < lowest * (1 + 10 * _ROUGH)]
    fine = [_follow(loadings, geomin, T, orthogonally, _FINE) for T in near]
    best = min(fine, key=lambda found: found.value)
    agreeing = sum(found.value <= best.value * (1 + _SAME) for found in fine)
    best = _follow(loadings, geomin, best.T, orthogonally)
    return _finished(best, orthogonally, starts=len(starts), agreeing=agreeing)


def _starts(m: int, rng: np.random.Generator | None) -> list[Matrix]:
    """Draw 30 turns beside the unrotated loadings."""
    if rng is None:
        raise ValueError("This rotation draws its starts: give it rng=numpy Generator.")
    starts: list[Matrix] = [np.eye(m)]
    while len(starts) <= _STARTS:
        starts.append(np.linalg.qr(rng.standard_normal((m, m)))[0].astype(np.float64))
    return starts


def _simplimax(loadings: Matrix, rng: np.random.Generator | None) -> Rotated:
    """Take the lowest minimum of many starts that came to rest."""
    starts = _starts(loadings.shape[1], rng)
    found = [
        simplimax(loadings, T, k=len(loadings), tolerance=GRADIENT_TOLERANCE)
        for T in starts
    ]
    best = min(found, key=lambda one: one.value)
    if not best.slope < GRADIENT_TOLERANCE:
        raise NotConverged("not-converged", statistic="rotation")
    agreeing = sum(one.value <= best.value * (1 + _SAME) + 1e-15 for one in found)
    return Rotated(best.loadings, best.T.T @ best.T, len(starts), agreeing)


def _library(loadings: Matrix, method: Literal["varimax", "promax"]) -> Rotated:
    from factor_analyzer import Rotator  # 1.5 s: only when such a rotation is wanted

    rotator = Rotator(
        method=method,
        normalize=True,
        power=_PROMAX_POWER,
        max_iter=_MAX_ITERATIONS,
        tol=1e-14,
    )
    rotated = np.asarray(rotator.fit_transform(loadings.copy()), dtype=np.float64)
    phi = np.eye(loadings.shape[1])
    if method == "promax":
        phi = np.asarray(rotator.phi_, dtype=np.float64)
    return Rotated(rotated, phi)


def _varimax_gradient(loadings: Matrix) -> float:
    """Largest slope of the normalized varimax criterion by a plane rotation.

    With X the rows at unit length, X'(X**3 - X diag(mean X**2)) is symmetric at a
    stationary point.
    """
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    X = loadings / lengths
    slope = X.T @ (X**3 - X * (X**2).mean(axis=0)) / len(X)
    return float(np.abs(slope - slope.T).max())
