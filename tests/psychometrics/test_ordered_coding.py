"""Agreement of ordered codes: R's psych, the library, pairs one by one, the edges."""

import json
from itertools import permutations
from typing import Any

import krippendorff
import numpy as np
import pytest

from analytics.psychometrics import (
    Matrix,
    NotDefined,
    TooFewData,
    cohen_kappa,
    ordered_alpha,
    rater_icc,
    weighted_kappa,
)
from analytics.psychometrics.coding import code_counts
from analytics.psychometrics.ordered_coding import _alphas, _coincidences
from tests.psychometrics.cases import REFERENCE

from .test_coding import PUBLISHED

STORED = json.loads((REFERENCE / "raters" / "raters.json").read_text("utf-8"))
RATED = np.array(STORED["codes"], dtype=np.float64)


def seeded() -> np.random.Generator:
    return np.random.default_rng(68)


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_weighted_kappa_is_that_of_psych(weights: Any) -> None:
    found = weighted_kappa(RATED, weights=weights, rng=seeded())
    assert found.estimate == pytest.approx(STORED[weights], abs=1e-12)
    assert found.n == 120
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.estimate < found.high


@pytest.mark.parametrize(
    ("level", "published"), [("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_that_of_the_published_example(level: Any, published: float) -> None:
    found = ordered_alpha(PUBLISHED, level=level, rng=seeded())
    assert round(found.estimate, 3) == published


def naive(codes: Matrix, level: str) -> float:
    """Go through every ordered pair of codings, as the definition reads."""
    units = [[c for c in unit if not np.isnan(c)] for unit in codes]
    units = [unit for unit in units if len(unit) > 1]
    everything = sorted(c for unit in units for c in unit)

    def apart(a: float, b: float) -> float:
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(low <= c <= high for c in everything)
        ends = (everything.count(low) + everything.count(high)) / 2
        return (between - ends) ** 2 if a != b else 0.0

    within = sum(
        apart(a, b) / (len(unit) - 1)
        for unit in units
        for a, b in permutations(unit, 2)
    )
    n = len(everything)
    among = sum(apart(a, b) for a, b in permutations(everything, 2)) / (n - 1)
    return 1 - within / among


@pytest.mark.parametrize("level", ["ordinal", "interval"])
def test_alpha_counts_pairs_one_by_one(level: Any) -> None:
    codes = RATED[:30].copy()
    codes[3, 0] = np.nan
    third = np.where(np.arange(30) % 4 == 0, np.nan, codes[:, 1])
    codes = np.column_stack([codes, third])
    found = ordered_alpha(codes, level=level, rng=seeded())
    assert found.estimate == pytest.approx(naive(codes, level), abs=1e-12)


@pytest.mark.parametrize("level", ["ordinal", "interval"])
def test_every_draw_is_the_alpha_of_its_units(level: Any) -> None:
    counts = code_counts(RATED)
    weights = seeded().multinomial(120, np.full(120, 1 / 120), size=20).astype(float)
    values = np.unique(RATED)
    found = _alphas(weights, _coincidences(counts), values, level)
    for draw, alpha in zip(weights.astype(int), found, strict=True):
        whole = krippendorff.alpha(
            value_counts=np.repeat(counts, draw, axis=0),
            value_domain=values,
            level_of_measurement=level,
        )
        assert alpha == pytest.approx(whole, abs=1e-12)


def test_ordinal_knows_order_alone_and_interval_distances() -> None:
    stretched = np.exp(RATED)
    for level, moves in (("ordinal", False), ("interval", True)):
        plain, other = (
            ordered_alpha(codes, level=level, rng=seeded()).estimate  # type: ignore[arg-type]
            for codes in (RATED, stretched)
        )
        assert (abs(plain - other) > 1e-6) == moves
    shifted = weighted_kappa(3 * RATED + 2, weights="quadratic", rng=seeded())
    assert shifted.estimate == pytest.approx(STORED["quadratic"])


def test_coders_may_change_places() -> None:
    turned = RATED[:, ::-1]
    alphas, kappas = (
        [
            ordered_alpha(codes, level="ordinal", rng=seeded())
            for codes in (RATED, turned)
        ],
        [
            weighted_kappa(codes, weights="linear", rng=seeded())
            for codes in (RATED, turned)
        ],
    )
    assert alphas[0] == alphas[1]
    assert kappas[0] == kappas[1]


def test_squares_come_near_the_intraclass_correlation() -> None:
    kappa = weighted_kappa(RATED, weights="quadratic", rng=seeded()).estimate
    icc = rater_icc(RATED, model="agreement").single.estimate
    assert kappa == pytest.approx(icc, abs=0.01)


def test_two_categories_leave_nothing_to_weigh() -> None:
    two = (RATED > 3).astype(np.float64)
    plain = cohen_kappa(two, rng=seeded())
    for weights in ("linear", "quadratic"):
        found = weighted_kappa(two, weights=weights, rng=seeded())
        assert found.estimate == pytest.approx(plain.estimate)
        assert found.low == pytest.approx(plain.low)


def test_what_is_not_defined_is_said() -> None:
    same = np.full((30, 2), 4.0)
    with pytest.raises(NotDefined, match="are the same"):
        ordered_alpha(same, level="ordinal", rng=seeded())
    with pytest.raises(NotDefined, match="are the same"):
        weighted_kappa(same, weights="linear", rng=seeded())
    with pytest.raises(TooFewData, match="two people coded"):
        weighted_kappa(
            np.array([[1.0, np.nan], [2.0, 3.0]]), weights="linear", rng=seeded()
        )
    with pytest.raises(ValueError, match=r"\(n, 2\) codes"):
        weighted_kappa(np.ones((3, 3)), weights="linear", rng=seeded())
    few = ordered_alpha(RATED[:19], level="ordinal", rng=seeded())
    assert few.low is None
    assert ordered_alpha(RATED[:20], level="ordinal", rng=seeded()).low is not None
