"""Whether scales that should differ can be told apart."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix, positions
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import MissingRule, Moments
from analytics.psychometrics.moments import moments as moments_of
from analytics.psychometrics.resampling import interval, resample

Pair = tuple[str, str]
Ratio = Literal["htmt", "htmt2"]
Blocks = Sequence[Sequence[int]]


def htmt(moments: Moments, scales: Mapping[str, Sequence[str]]) -> dict[Pair, float]:
    r"""Heterotrait-monotrait ratio of every two scales, from absolute correlations.

    .. math:: \frac{\bar r_{AB}}{\sqrt{\bar r_{AA}\,\bar r_{BB}}}

    with arithmetic means: r_AB between the items of A and of B, r_AA and r_BB between
    different items of one scale. Correlations enter by their absolute value, as in
    semTools::htmt(htmt2 = FALSE, absolute = TRUE).

    Returns
    -------
    dict of (scale, scale) to float
        In the order of `scales`.

    Raises
    ------
    TooFewData
        A scale of one item.
    NotDefined
        A constant item, or a scale whose items are not correlated at all.

    References
    ----------
    Henseler, Ringle & Sarstedt (2015), Journal of the Academy of Marketing Science 43,
    doi:10.1007/s11747-014-0403-8.
    """
    return _ratios(moments, scales, _arithmetic_mean)


def htmt2(moments: Moments, scales: Mapping[str, Sequence[str]]) -> dict[Pair, float]:
    """HTMT with geometric means, consistent also for unequal loadings.

    As `htmt` otherwise, and as semTools::htmt(htmt2 = TRUE, absolute = TRUE). A single
    correlation of zero makes it zero or undefined.

    References
    ----------
    Roemer, Schuberth & Henseler (2021), Industrial Management & Data Systems 121,
    doi:10.1108/IMDS-02-2021-0082.
    """
    return _ratios(moments, scales, _geometric_mean)


def htmt_intervals(
    data: ResponseMatrix,
    scales: Mapping[str, Sequence[str]],
    *,
    ratio: Ratio,
    missing: MissingRule,
    rng: np.random.Generator,
    n_draws: int = 1000,
    confidence: float = 0.95,
) -> dict[Pair, Estimate]:
    """Do as `htmt` or `htmt2`, with percentile intervals from resampled people.

    Two scales can be told apart when the upper end lies below one, the criterion of
    Henseler et al. (2015) that is a test and not a rule of thumb.

    Raises
    ------
    TooFewData, NotDefined
        As `htmt`; also when more than one resample in twenty has no ratio.
    """
    check_confidence(confidence)
    part = data.select([item for items in scales.values() for item in items])
    m = moments_of(part, missing=missing)
    found = (htmt if ratio == "htmt" else htmt2)(m, scales)
    if not found:
        return {}
    drawn = resample(part, rng, n_draws, missing=missing).correlation
    blocks = [positions(m.items, items) for items in scales.values()]
    values = _ratios_of_blocks(drawn, blocks, _MEANS[ratio])
    low, high, used = interval(values, confidence, "htmt")
    method = (
        f"{ratio.upper()}, {missing}, "
        f"{100 * confidence:g} % percentile bootstrap over {used} resamples"
    )
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return {
        pair: Estimate(value, *end, n=m.n, method=method, confidence=confidence)
        for (pair, value), end in zip(found.items(), ends, strict=True)
    }


def _ratios(
    moments: Moments,
    scales: Mapping[str, Sequence[str]],
    mean: Callable[[Matrix], Matrix],
) -> dict[Pair, float]:
    for items in scales.values():
        part = moments.select(items)
        part.require("htmt", items=2)
        if mean(np.abs(part.correlation[np.triu_indices(part.p, 1)])) == 0:
            raise NotDefined("not-positive", statistic="htmt")
    blocks = [positions(moments.items, items) for items in scales.values()]
    for a, b in combinations(blocks, 2):
        between = moments.correlation[np.ix_(a, b)]
        if np.isnan(between).any():
            i, j = np.argwhere(np.isnan(between))[0]
            first, second = moments.items[a[i]], moments.items[b[j]]
            raise TooFewData("no-overlap", first=first, second=second)
    ratios = _ratios_of_blocks(moments.correlation[None], blocks, mean)[0]
    return dict(zip(combinations(scales, 2), ratios.tolist(), strict=True))


def _ratios_of_blocks(
    R: Matrix, blocks: Blocks, mean: Callable[[Matrix], Matrix]
) -> Matrix:
    """Ratio of every two blocks of items in each (draws, p, p), (draws, pairs).

    NaN where a block's own items are uncorrelated or a correlation is missing.
    """
    size = np.abs(R)
    within = []
    for block in blocks:
        i, j = np.triu_indices(len(block), 1)
        at = np.array(block)
        own = mean(size[:, at[i], at[j]])
        within.append(np.where(own > 0, own, np.nan))
    ratios = [
        mean(size[:, np.array(a)[:, None], b].reshape(len(R), -1))
        / np.sqrt(within[i] * within[j])
        for (i, a), (j, b) in combinations(enumerate(blocks), 2)
    ]
    return np.stack(ratios, axis=1) if ratios else np.empty((len(R), 0))


def _arithmetic_mean(r: Matrix) -> Matrix:
    """Mean of the last axis."""
    mean: Matrix = r.mean(axis=-1)
    return mean


def _geometric_mean(r: Matrix) -> Matrix:
    """Geometric mean of the last axis; 0 where one value is."""
    with np.errstate(divide="ignore"):
        mean: Matrix = np.exp(np.log(r).mean(axis=-1))
    return mean


_MEANS: dict[Ratio, Callable[[Matrix], Matrix]] = {
    "htmt": _arithmetic_mean,
    "htmt2": _geometric_mean,
}
