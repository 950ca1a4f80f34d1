"""Fornell and Larcker: whether scales share less with one another than within."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix, positions
from analytics.psychometrics.errors import NotConverged
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.minres import minres
from analytics.psychometrics.moments import MissingRule, Moments
from analytics.psychometrics.moments import moments as moments_of
from analytics.psychometrics.parallel import one_factor_loadings
from analytics.psychometrics.resampling import interval, resample
from analytics.psychometrics.validity import Pair

_SINGULAR = 1e-8
_STATISTIC = "fornell-larcker"


@dataclass(frozen=True, slots=True)
class FornellLarcker:
    """Comparison of two scales.

    Attributes
    ----------
    ave_first, ave_second : Estimate
        Average variance extracted: mean squared loading of the scale's items.
    r : Estimate
        Correlation of the two factors; it may exceed one.
    margin : Estimate
        Root of the smaller AVE less the absolute value of r. The scales are told
        apart by this criterion when it is positive, and surely so when its whole
        interval is.
    n, n_draws : int
        People; resamples behind the intervals.
    """

    ave_first: Estimate
    ave_second: Estimate
    r: Estimate
    margin: Estimate
    n: int
    n_draws: int


def fornell_larcker(
    data: ResponseMatrix,
    scales: Mapping[str, Sequence[str]],
    *,
    missing: MissingRule,
    rng: np.random.Generator,
    n_draws: int = 1000,
    confidence: float = 0.95,
) -> dict[Pair, FornellLarcker]:
    r"""Compare AVE and factor correlation of every two scales, with intervals.

    Each scale has one factor, fitted to its own items by unweighted least squares;
    two items get equal loadings. With these loadings the factors' correlation is the
    least squares fit to the correlations between the scales,

    .. math:: \phi_{AB} = \frac{\lambda_A' R_{AB} \lambda_B}
       {\lambda_A'\lambda_A\; \lambda_B'\lambda_B}

    which needs no model of all scales at once and so always exists; a confirmatory
    factor analysis of all scales gives slightly other numbers. Percentile intervals
    from resampled people, the loadings fitted anew in each; a resample whose solution
    is improper stays in, with the communality at its limit of .995.

    Raises
    ------
    TooFewData, NotDefined, NotConverged
        A scale of one item, a constant item, a scale whose items repeat one another;
        or more than one resample in twenty without a solution.

    References
    ----------
    Fornell & Larcker (1981), Journal of Marketing Research 18, doi:10.2307/3151312.
    """
    check_confidence(confidence)
    part = data.select([item for items in scales.values() for item in items])
    m = moments_of(part, missing=missing)
    m.require(_STATISTIC, items=2)
    blocks = [positions(m.items, items) for items in scales.values()]
    loadings = [_fitted(m.select(items)) for items in scales.values()]
    found = _compared(m.correlation[None], blocks, loadings)[0]
    drawn = resample(part, rng, n_draws, missing=missing).correlation
    draws = _compared(drawn, blocks, [_drawn_loadings(drawn, at) for at in blocks])
    low, high, used = interval(draws, confidence, _STATISTIC)
    method = (
        f"one-factor least squares, {missing}, "
        f"{100 * confidence:g} % percentile bootstrap over {used} resamples"
    )
    numbers = [
        Estimate(*ends, n=m.n, method=method, confidence=confidence)
        for ends in zip(found.tolist(), low.tolist(), high.tolist(), strict=True)
    ]
    k, pairs = len(scales), list(combinations(scales, 2))
    ave = dict(zip(scales, numbers[:k], strict=True))
    r, margin = numbers[k : k + len(pairs)], numbers[k + len(pairs) :]
    return {
        (a, b): FornellLarcker(ave[a], ave[b], r[at], margin[at], m.n, used)
        for at, (a, b) in enumerate(pairs)
    }


def _fitted(part: Moments) -> Matrix:
    """Fit one factor to the scale: loadings (1, p) with a positive sum."""
    part.require(_STATISTIC, items=2)
    R = part.correlation
    if part.p == 2:
        return _two_items(R[None])
    solution = minres(R, 1)
    if not solution.converged:
        raise NotConverged("not-converged", statistic=_STATISTIC)
    return solution.loadings.T


def _drawn_loadings(R: Matrix, at: Sequence[int]) -> Matrix:
    """Fit one factor to these items in every draw; NaN where there is none."""
    own = R[np.ix_(range(len(R)), at, at)]
    loadings = np.full((len(R), len(at)), np.nan)
    usable = np.flatnonzero(~np.isnan(own).any(axis=(1, 2)))
    usable = usable[np.linalg.eigvalsh(own[usable])[:, 0] > _SINGULAR]
    fit = _two_items if len(at) == 2 else one_factor_loadings
    loadings[usable] = fit(own[usable])
    total = loadings.sum(axis=1, keepdims=True)
    return np.where(total < 0, -loadings, loadings)


def _two_items(R: Matrix) -> Matrix:
    """Equal loadings of two items, turned against each other where they are."""
    r = R[:, 0, 1]
    size = np.sqrt(np.abs(r))
    return np.column_stack([size, np.where(r < 0, -size, size)])


def _compared(R: Matrix, blocks: list[list[int]], loadings: list[Matrix]) -> Matrix:
    """AVE of each block, then r, then the margin of each pair, for every draw."""
    square = [(each**2).sum(axis=1) for each in loadings]
    ave = [(each**2).mean(axis=1) for each in loadings]
    r, margin = [], []
    for i, j in combinations(range(len(blocks)), 2):
        between = R[:, np.array(blocks[i])[:, None], blocks[j]]
        product = np.einsum("di,dij,dj->d", loadings[i], between, loadings[j])
        with np.errstate(divide="ignore", invalid="ignore"):
            phi = product / (square[i] * square[j])
        r.append(np.where(np.isfinite(phi), phi, np.nan))
        margin.append(np.sqrt(np.minimum(ave[i], ave[j])) - np.abs(r[-1]))
    return np.stack([*ave, *r, *margin], axis=1)
