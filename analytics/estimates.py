"""Means, reliabilities and correlations as the sampling of a report's people asks.

Where they are independent and count alike, the usual statistics; with teams or weights
the linearised ones, whose intervals allow for both. Nothing else knows of the difference.
"""

from dataclasses import dataclass, replace

import numpy as np

from analytics.answers import Answers
from analytics.psychometrics import (
    Alpha,
    Design,
    Estimate,
    Matrix,
    correlate,
    cronbach_alpha,
    design_alpha,
    design_correlation,
    design_mean,
    design_omega,
    mean_interval,
    omega_total,
    recommend_index,
    spearman_brown,
    weighted_moments,
)
from analytics.psychometrics.recommend import FIRST_PROMOTER, LAST_DETRACTOR


@dataclass(frozen=True, slots=True)
class Related:
    """How two scores go together; Spearman's r counts everybody alike."""

    r: float
    low: float | None
    high: float | None
    n: int
    spearman: float


def mean_of(answers: Answers, values: Matrix) -> Estimate:
    """Mean of (n,) values of those used, NaN = missing."""
    if answers.design is None or _same(values):
        return mean_interval(values)
    return design_mean(values, answers.design).estimate


def spread_of(answers: Answers, values: Matrix) -> float:
    """Spread of two values or more: standard deviation, divisor n - 1."""
    weights = answers.design.weights if answers.design else None
    if weights is None:
        return float(np.nanstd(values, ddof=1))
    column = values[:, None]
    m = weighted_moments(column, ["score"], weights, missing="listwise")
    return float(np.sqrt(m.covariance[0, 0]))


def alpha_of(answers: Answers, items: tuple[str, ...]) -> Alpha:
    """Alpha by both conventions; with a design the standardized one has no interval."""
    found = cronbach_alpha(answers.moments.select(items))
    if answers.design is None:
        return found
    raw = design_alpha(
        answers.used.select(items).values(),
        items,
        answers.design,
        missing=answers.plan.missing,
    ).estimate
    standardized = replace(
        found.standardized,
        low=None,
        high=None,
        n=raw.n,
        method="standardized alpha, no interval with teams or weights",
    )
    return replace(found, raw=raw, standardized=standardized)


def omega_of(answers: Answers, items: tuple[str, ...]) -> Estimate:
    """Omega total of one minres factor."""
    if answers.design is None:
        return omega_total(answers.moments.select(items))
    return design_omega(
        answers.used.select(items).values(),
        items,
        answers.design,
        missing=answers.plan.missing,
    ).estimate


def spearman_brown_of(answers: Answers, items: tuple[str, ...]) -> Estimate:
    """Reliability of the sum of two items; the interval is that of r carried through."""
    m = answers.moments.select(items)
    if answers.design is None:
        return spearman_brown(m)
    x = answers.used.select(items).values()
    r = design_correlation(x[:, 0], x[:, 1], answers.design).estimate
    # the core refuses what has no Spearman-Brown
    return replace(
        spearman_brown(m),
        low=None if r.low is None else 2 * r.low / (1 + r.low),
        high=None if r.high is None else 2 * r.high / (1 + r.high),
        n=r.n,
        method=f"Spearman-Brown, {r.method}",
    )


def correlation_of(answers: Answers, x: Matrix, y: Matrix) -> Related:
    """Pearson and Spearman of two scores of those used."""
    found = correlate(x, y)
    if answers.design is None:
        return Related(found.r, found.low, found.high, found.n, found.spearman)
    r = design_correlation(x, y, answers.design).estimate
    return Related(r.estimate, r.low, r.high, r.n, found.spearman)


def recommend_of(answers: Answers, item: str) -> Estimate:
    """Recommend index of one item from 0 to 10."""
    part = answers.used.select([item])
    if answers.design is None:
        return recommend_index(part).index
    found = design_mean(_recommending(part.values()[:, 0]), answers.design).estimate
    low, high = found.low, found.high
    return replace(
        found,
        low=None if low is None else max(-100.0, low),
        high=None if high is None else min(100.0, high),
        method=f"recommend index, {found.method}",
    )


def effect_of(design: Design, values: Matrix) -> float:
    """Design effect of the mean of (n,) values."""
    return design_mean(values, design).design_effect


def _same(values: Matrix) -> bool:
    """Whether all values are one, so that nothing has a design."""
    there = values[~np.isnan(values)]
    return bool((there == there[:1]).all())


def _recommending(points: Matrix) -> Matrix:
    """100 for a promoter, -100 for a detractor, 0 between; NaN = missing."""
    sides = (points >= FIRST_PROMOTER).astype(np.float64) - (points <= LAST_DETRACTOR)
    return np.where(np.isnan(points), np.nan, 100 * sides)
