"""Answers and parameters that the tests of item response theory share."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from analytics.psychometrics import Item, Matrix, ResponseMatrix

from .cases import REFERENCE


@cache
def stored(name: str) -> Any:
    """Content of one result file of `reference/irt/irt.R`."""
    return json.loads((REFERENCE / "irt" / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True)
class Planted:
    """Parameters that answers are drawn from: slopes (p,), thresholds (p, K - 1)."""

    slopes: Matrix
    thresholds: Matrix

    @property
    def size(self) -> int:
        return len(self.thresholds[0]) + 1


def planted(rng: np.random.Generator, p: int, points: int) -> Planted:
    """Slopes from .9 to 2.4, thresholds spread over most people."""
    steps = np.linspace(-1.6, 1.6, points - 1)
    moved = rng.uniform(-0.5, 0.5, (p, 1)) + rng.uniform(-0.12, 0.12, (p, points - 1))
    return Planted(rng.uniform(0.9, 2.4, p), steps + moved)


def drawn(
    rng: np.random.Generator,
    n: int,
    what: Planted,
    *,
    holes: float = 0.0,
    theta: Matrix | None = None,
) -> ResponseMatrix:
    """Draw the answers of n people, a share of them missing."""
    trait = rng.standard_normal(n) if theta is None else theta
    codes = np.empty((n, len(what.slopes)), dtype=np.int8)
    for j, (a, b) in enumerate(zip(what.slopes, what.thresholds, strict=True)):
        above = 1 / (1 + np.exp(-a * (trait[:, None] - b)))
        codes[:, j] = (rng.random((n, 1)) < above).sum(axis=1)
    codes[rng.random(codes.shape) < holes] = -1
    items = tuple(Item(f"t{j}", 1, what.size) for j in range(1, len(what.slopes) + 1))
    return ResponseMatrix(codes, items)
