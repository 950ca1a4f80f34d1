"""Whether scales that should differ can be told apart."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.moments import Moments

Pair = tuple[str, str]


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
    return _ratios(moments, scales, lambda r: float(r.mean()))


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


def _ratios(
    moments: Moments,
    scales: Mapping[str, Sequence[str]],
    mean: Callable[[Matrix], float],
) -> dict[Pair, float]:
    chosen = {scale: moments.select(items) for scale, items in scales.items()}
    within: dict[str, float] = {}
    for scale, part in chosen.items():
        part.require("htmt", items=2)
        within[scale] = mean(np.abs(part.correlation[np.triu_indices(part.p, 1)]))
        if within[scale] == 0:
            raise NotDefined("not-positive", statistic="htmt")
    at = {item: j for j, item in enumerate(moments.items)}
    ratios = {}
    for a, b in combinations(scales, 2):
        rows, columns = [at[i] for i in scales[a]], [at[i] for i in scales[b]]
        between = np.abs(moments.correlation[np.ix_(rows, columns)])
        if np.isnan(between).any():
            i, j = np.argwhere(np.isnan(between))[0]
            raise TooFewData("no-overlap", first=scales[a][i], second=scales[b][j])
        ratios[a, b] = mean(between.ravel()) / float(np.sqrt(within[a] * within[b]))
    return ratios


def _geometric_mean(r: Matrix) -> float:
    return float(np.exp(np.log(r).mean())) if r.all() else 0.0
