"""Agreement of people who gave ordered codes, such as how severe a comment is.

A near miss counts less than a far one, which the nominal coefficients of `coding` do
not know.
"""

from typing import Literal

import krippendorff
import numpy as np

from analytics.psychometrics.coding import (
    Counts,
    code_counts,
    percentiles,
    require_pairs,
)
from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.estimate import Estimate, check_confidence

OrderedLevel = Literal["ordinal", "interval"]
KappaWeights = Literal["linear", "quadratic"]


def ordered_alpha(
    codes: Matrix,
    *,
    level: OrderedLevel,
    rng: np.random.Generator,
    n_draws: int = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    r"""Krippendorff's alpha for ordered codes, with a bootstrap interval over units.

    With :math:`o_{ck}` the pairs of codings c and k within units, each over the unit's
    codings less one, :math:`n_c` their sums and n in all:

    .. math:: \alpha = 1 - (n - 1) \frac{\sum o_{ck} \delta_{ck}}
       {\sum n_c n_k \delta_{ck}}, \quad
       \delta_{ck} = \Bigl(\sum_{g=c}^{k} n_g - \tfrac{n_c + n_k}{2}\Bigr)^2

    for "ordinal" and :math:`(c - k)^2` for "interval", where equal steps are equal.

    Parameters
    ----------
    codes : (n, k) float64
        Row = unit, column = coder; larger = more, NaN = not coded.
    rng, n_draws, confidence
        As for `krippendorff_alpha`.

    Raises
    ------
    TooFewData
        No two units were coded by two coders.
    NotDefined
        Every code is the same.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, part E; the value
    by the library `krippendorff`.
    """
    check_confidence(confidence)
    given = np.asarray(codes, dtype=np.float64)
    counts = code_counts(given)
    values = np.unique(given[~np.isnan(given)])
    paired = counts[counts.sum(axis=1) >= 2]
    require_pairs(paired, statistic="krippendorff-alpha")
    value = float(
        krippendorff.alpha(
            value_counts=paired, value_domain=values, level_of_measurement=level
        )
    )
    pairs = _coincidences(paired)

    def drawn(weights: Counts) -> Counts:
        return _alphas(weights, pairs, values, level)

    low, high = percentiles(drawn, len(paired), rng, n_draws, confidence)
    words = f"Krippendorff's alpha ({level}), percentile bootstrap over units"
    return Estimate(value, low, high, len(paired), words, confidence)


def weighted_kappa(
    codes: Matrix,
    *,
    weights: KappaWeights,
    rng: np.random.Generator,
    n_draws: int = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    r"""Cohen's weighted kappa of two coders, :math:`1 - \sum v p_o / \sum v p_e`.

    v is the distance of the two codes ("linear") or its square ("quadratic"),
    :math:`p_o` the share of units with a pair of codes and :math:`p_e` its expectation
    from each coder's own use. Units that one of them left out do not count.

    Parameters
    ----------
    codes : (n, 2) float64
        As for `ordered_alpha`; the numbers are points of a scale.
    rng, n_draws, confidence
        As for `krippendorff_alpha`.

    Raises
    ------
    TooFewData
        Fewer than two units were coded by both.
    NotDefined
        Both put everything into the same one category.

    References
    ----------
    Cohen (1968), Psychological Bulletin 70, doi:10.1037/h0026256; Fleiss & Cohen
    (1973), Educational and Psychological Measurement 33,
    doi:10.1177/001316447303300309: with squares it is near the intraclass correlation.
    """
    check_confidence(confidence)
    both = np.asarray(codes, dtype=np.float64)
    if both.ndim != 2 or both.shape[1] != 2:
        raise ValueError(f"(n, 2) codes are needed, not {both.shape}.")
    both = both[~np.isnan(both).any(axis=1)]
    require_pairs(both, statistic="cohen-kappa")
    values = np.unique(both)
    distance = np.abs(values[:, None] - values)
    v = distance if weights == "linear" else distance**2
    first, second = ((both[:, [j]] == values).astype(np.float64) for j in (0, 1))
    missed = ((first @ v) * second).sum(axis=1)

    def drawn(draws: Counts) -> Counts:
        total = draws.sum(axis=1)
        expected = ((draws @ first) @ v * (draws @ second)).sum(axis=1) / total
        expected[expected == 0] = np.nan
        kappas: Counts = 1 - draws @ missed / expected
        return kappas

    value = float(drawn(np.ones((1, len(both))))[0])
    if np.isnan(value):
        raise NotDefined("no-variance", statistic="cohen-kappa")
    low, high = percentiles(drawn, len(both), rng, n_draws, confidence)
    words = f"Cohen's kappa ({weights} weights), percentile bootstrap over units"
    return Estimate(value, low, high, len(both), words, confidence)


def _coincidences(counts: Counts) -> Counts:
    """Pairs of codings within each unit, over its codings less one; (n, c * c)."""
    n, c = counts.shape
    pairs = counts[:, :, None] * counts[:, None, :]
    pairs[:, np.arange(c), np.arange(c)] -= counts
    pairs /= (counts.sum(axis=1) - 1)[:, None, None]
    return pairs.reshape(n, c * c)


def _alphas(
    weights: Counts, pairs: Counts, values: Matrix, level: OrderedLevel
) -> Counts:
    """Alpha of each row of (draws, n) weights; NaN where only one category is left."""
    c = len(values)
    observed = (weights @ pairs).reshape(len(weights), c, c)
    sums = observed.sum(axis=2)
    total = sums.sum(axis=1)
    if level == "interval":
        delta = np.broadcast_to((values[:, None] - values) ** 2, observed.shape)
    else:
        # the middle of each category among all codings in order
        middle = np.cumsum(sums, axis=1) - sums / 2
        delta = (middle[:, :, None] - middle[:, None, :]) ** 2
    expected = np.einsum("dc,dck,dk->d", sums, delta, sums)
    expected[expected <= 0] = np.nan
    alphas: Counts = 1 - (total - 1) * (observed * delta).sum(axis=(1, 2)) / expected
    return alphas
