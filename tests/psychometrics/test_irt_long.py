"""Planted parameters come back, and tests err as often as they say."""

import numpy as np
import pytest

from analytics.psychometrics import ResponseMatrix
from analytics.psychometrics.irt import (
    Matching,
    dif_logistic,
    eap_scores,
    graded_response,
    item_fit,
)

from .irt_cases import drawn, planted

pytestmark = pytest.mark.long

# people, items, points, samples
SIZES = [
    (500, 10, 5, 20),
    (500, 20, 7, 10),
    (2_000, 10, 5, 20),
    (2_000, 20, 7, 10),
    (10_000, 10, 5, 10),
    (10_000, 20, 7, 4),
]


@pytest.mark.parametrize(("n", "p", "points", "samples"), SIZES)
def test_planted_parameters_come_back(
    n: int, p: int, points: int, samples: int, rng: np.random.Generator
) -> None:
    slopes, thresholds, slope_z, threshold_z, trait = [], [], [], [], []
    for _ in range(samples):
        what, theta = planted(rng, p, points), rng.standard_normal(n)
        data = drawn(rng, n, what, theta=theta)
        found = graded_response(data)
        for item, a, b in zip(found.items, what.slopes, what.thresholds, strict=True):
            slopes.append(item.slope - a)
            slope_z.append(slopes[-1] / item.slope_error)
            if len(item.points) == points:
                off = item.thresholds - b
                thresholds += off.tolist()
                threshold_z += (off / item.threshold_errors).tolist()
        scores = eap_scores(found, data)
        trait.append(((scores.scores - theta) ** 2).mean() / (scores.errors**2).mean())
    rmse = [float(np.sqrt(np.mean(np.square(off)))) for off in (slopes, thresholds)]
    z = np.array(slope_z), np.array(threshold_z)
    spread = [float(np.sqrt((one**2).mean())) for one in z]
    cover = [float((np.abs(one) < 1.96).mean()) for one in z]
    print(
        f"\nn = {n}, {p} items of {points} points, {samples} samples: RMSE of slopes "
        f"{rmse[0]:.4f}, thresholds {rmse[1]:.4f}; in standard errors {spread[0]:.3f}, "
        f"{spread[1]:.3f}; 95 % intervals cover {cover[0]:.3f}, {cover[1]:.3f}; "
        f"scores: squared error by its expectation {np.mean(trait):.4f}"
    )
    # errors as large as the standard errors say: a root mean square of m values of
    # unit spread has a spread of 1 / sqrt(2 m); those of one item are not independent,
    # nor are those of one sample, so that items are counted, with a margin of five
    margin = 5 / np.sqrt(2 * p * samples)
    for one in spread:
        assert abs(one - 1) < margin
    for one in cover:
        assert abs(one - 0.95) < 5 * np.sqrt(0.95 * 0.05 / (p * samples))
    assert np.mean(trait) == pytest.approx(1, abs=0.05)


def test_the_fit_of_items_errs_as_often_as_it_says(rng: np.random.Generator) -> None:
    for n, p, points in ((500, 10, 5), (2_000, 10, 5), (2_000, 20, 7)):
        found: list[float] = []
        for _ in range(40):
            data = drawn(rng, n, planted(rng, p, points))
            fits = item_fit(graded_response(data), data)
            found += [one.p for one in fits if one.p is not None]
        rate = float((np.array(found) < 0.05).mean())
        print(
            f"\nS-X2, n = {n}, {p} items of {points} points: {rate:.3f} of {len(found)}"
        )
        assert len(found) == 40 * p
        # three standard errors of a share, and two points for the approximation
        assert abs(rate - 0.05) < 3 * np.sqrt(0.05 * 0.95 / len(found)) + 0.02


def test_dif_errs_as_often_as_it_says(rng: np.random.Generator) -> None:
    rates: dict[tuple[Matching, float], float] = {}
    matchings: tuple[Matching, ...] = ("rest", "theta")
    for matching in matchings:
        for apart in (0.0, 0.5):
            found: list[float] = []
            for _ in range(25):
                what, theta = planted(rng, 15, 5), rng.standard_normal(800)
                theta[400:] -= apart
                data: ResponseMatrix = drawn(rng, 800, what, theta=theta)
                groups = np.repeat(["a", "b"], 400)
                tested = dif_logistic(
                    data, groups, matching=matching, flag_by="test", purify=False
                )
                found += [one.total.p for one in tested.items if one.total]
            rates[matching, apart] = float((np.array(found) < 0.05).mean())
            print(
                f"\nDIF, 2 x 400 people, 15 items, {matching}, traits {apart} apart: "
                f"{rates[matching, apart]:.3f} of {len(found)}"
            )
    for matching in matchings:
        assert abs(rates[matching, 0.0] - 0.05) < 0.035
    assert rates["theta", 0.5] < rates["rest", 0.5]
