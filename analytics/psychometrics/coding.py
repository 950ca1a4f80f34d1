"""Agreement of people who sorted the same units, such as comments, into categories."""

from collections.abc import Callable
from typing import Final

import krippendorff
import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

Counts = NDArray[np.float64]

# Fewer units than this say next to nothing about the spread of the coefficient.
FEWEST_UNITS_FOR_AN_INTERVAL: Final = 20
_FEWEST_DRAWS: Final = 100
_LARGEST_FAILURE: Final = 0.05  # share of the draws


def krippendorff_alpha(
    codes: Matrix,
    *,
    rng: np.random.Generator,
    n_draws: int = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    r"""Krippendorff's alpha for nominal codes, with a bootstrap interval over units.

    With :math:`n_{uc}` codings of unit u as c, :math:`m_u` codings of it (units with
    one are left out), :math:`n_c` codings as c and n in all:

    .. math:: \alpha = 1 - (n - 1) \frac{\sum_u \sum_{c \ne k} n_{uc} n_{uk}/(m_u - 1)}
       {\sum_{c \ne k} n_c n_k}

    Parameters
    ----------
    codes : (n, k) float64
        Row = unit, column = coder; a number names the category, NaN = not coded.
    rng : numpy Generator
        Draws units with replacement; the ends are percentiles.
    n_draws : int
        At least 100.

    Returns
    -------
    Estimate
        `n` is the number of units that two or more coded. The ends are None below 20
        units, or where more than 5 % of the draws hold one category only.

    Raises
    ------
    TooFewData
        No two units were coded by two coders.
    NotDefined
        Every code is the same, so that no disagreement could be expected.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, University of
    Pennsylvania; the value by the library `krippendorff`. Resampling of units: Efron &
    Tibshirani (1993), An Introduction to the Bootstrap, ch. 6 and 13.
    """
    check_confidence(confidence)
    counts = code_counts(codes)
    paired = counts[counts.sum(axis=1) >= 2]
    require_pairs(paired, statistic="krippendorff-alpha")
    value = float(
        krippendorff.alpha(value_counts=paired, level_of_measurement="nominal")
    )
    disagreed = _disagreements(paired)

    def drawn(weights: Counts) -> Counts:
        return _alphas(weights, disagreed, paired)

    low, high = percentiles(drawn, len(paired), rng, n_draws, confidence)
    words = "Krippendorff's alpha (nominal), percentile bootstrap over units"
    return Estimate(value, low, high, len(paired), words, confidence)


def cohen_kappa(
    codes: Matrix,
    *,
    rng: np.random.Generator,
    n_draws: int = 1_000,
    confidence: float = 0.95,
) -> Estimate:
    r"""Cohen's kappa of two coders, :math:`(p_o - p_e) / (1 - p_e)`.

    :math:`p_o` is the share of units coded alike, :math:`p_e` the share expected from
    each coder's own use of the categories. Units that one of them left out do not count.

    Parameters
    ----------
    codes : (n, 2) float64
        As for `krippendorff_alpha`, which also says how the interval is made.

    Raises
    ------
    TooFewData
        Fewer than two units were coded by both.
    NotDefined
        Both put everything into the same one category.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20,
    doi:10.1177/001316446002000104.
    """
    check_confidence(confidence)
    both = np.asarray(codes, dtype=np.float64)
    if both.ndim != 2 or both.shape[1] != 2:
        raise ValueError(f"(n, 2) codes are needed, not {both.shape}.")
    both = both[~np.isnan(both).any(axis=1)]
    require_pairs(both, statistic="cohen-kappa")
    values = np.unique(both)
    first, second = (both[:, [j]] == values for j in (0, 1))
    alike = both[:, 0] == both[:, 1]

    def drawn(weights: Counts) -> Counts:
        return _kappas(weights, alike, first, second)

    value = float(drawn(np.ones((1, len(both))))[0])
    low, high = percentiles(drawn, len(both), rng, n_draws, confidence)
    words = "Cohen's kappa, percentile bootstrap over units"
    return Estimate(value, low, high, len(both), words, confidence)


def code_counts(codes: Matrix) -> Counts:
    """Count how often each unit was given each category, (n, categories)."""
    given = np.asarray(codes, dtype=np.float64)
    if given.ndim != 2:
        raise ValueError(f"(n, k) codes are needed, not {given.shape}.")
    values = np.unique(given[~np.isnan(given)])
    counts: Counts = (given[:, :, None] == values).sum(axis=1).astype(np.float64)
    return counts


def require_pairs(paired: Matrix, *, statistic: str) -> None:
    if len(paired) < 2:
        raise TooFewData("needs-codings", statistic=statistic, needs=2, has=len(paired))
    used = paired if statistic == "cohen-kappa" else paired.sum(axis=0).nonzero()[0]
    if len(np.unique(used)) < 2:
        raise NotDefined("no-variance", statistic=statistic)


def _disagreements(counts: Counts) -> Counts:
    """Count pairs of unlike codes within each unit, over its codings less one; (n,)."""
    total = counts.sum(axis=1)
    unlike: Counts = (total**2 - np.square(counts).sum(axis=1)) / (total - 1)
    return unlike


def _alphas(weights: Counts, disagreed: Counts, counts: Counts) -> Counts:
    """Alpha of each row of (draws, n) weights; NaN where only one category is left."""
    used = weights @ counts
    total = used.sum(axis=1)
    expected = total**2 - np.square(used).sum(axis=1)
    expected[expected == 0] = np.nan
    alphas: Counts = 1 - (total - 1) * (weights @ disagreed) / expected
    return alphas


def _kappas(
    weights: Counts,
    alike: NDArray[np.bool_],
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
) -> Counts:
    """Kappa of each row of (draws, n) weights; NaN where both used one category."""
    total = weights.sum(axis=1)
    expected = np.sum((weights @ first) * (weights @ second), axis=1) / total**2
    expected[expected == 1] = np.nan
    kappas: Counts = (weights @ alike / total - expected) / (1 - expected)
    return kappas


def percentiles(
    drawn: Callable[[Counts], Counts],
    n: int,
    rng: np.random.Generator,
    n_draws: int,
    confidence: float,
) -> tuple[float | None, float | None]:
    """Give the ends of the interval over draws of n units; None where too few."""
    if n_draws < _FEWEST_DRAWS:
        raise ValueError(f"n_draws must be {_FEWEST_DRAWS} or more, not {n_draws}.")
    if n < FEWEST_UNITS_FOR_AN_INTERVAL:
        return None, None
    weights = rng.multinomial(n, np.full(n, 1 / n), size=n_draws).astype(np.float64)
    values = drawn(weights)
    values = values[~np.isnan(values)]
    if len(values) < (1 - _LARGEST_FAILURE) * n_draws:
        return None, None
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)
