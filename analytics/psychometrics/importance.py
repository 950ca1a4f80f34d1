"""How much of an outcome's variance goes with each of several predictors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix, positions
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.moments import moments as moments_of
from analytics.psychometrics.resampling import defined_draws, resample

Weighting = Literal["relative-weights", "dominance"]
Ends = tuple[float | None, float | None]
RankEnds = tuple[int | None, int | None]

MOST_PREDICTORS = 12  # of a dominance analysis: 4,096 subsets
_COLLINEAR = 1e-10  # smallest eigenvalue of correlations taken as independent
_BLOCK_ELEMENTS = 8_000_000

_METHODS = {
    "relative-weights": "Johnson's relative weights",
    "dominance": "general dominance (LMG, Shapley values)",
}


@dataclass(frozen=True, slots=True)
class PredictorWeight:
    """What one predictor contributes.

    Attributes
    ----------
    item : str
        The predictor.
    weight : Estimate
        Part of R squared; the weights of all predictors add up to it.
    share : Estimate
        The same as a part of one.
    rank : int
        1 = largest weight.
    rank_low, rank_high : int or None
        Interval of the rank over the resamples; None without a bootstrap.
    """

    item: str
    weight: Estimate
    share: Estimate
    rank: int
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True, slots=True)
class Importance:
    """R squared, divided among the predictors.

    Attributes
    ----------
    outcome : str
    r_squared : Estimate
        Of the regression on all predictors, not adjusted.
    predictors : tuple of PredictorWeight
        In the order in which they were named.
    n : int
    n_draws : int
        Resamples behind the intervals; 0 without a bootstrap.
    method : str
    """

    outcome: str
    r_squared: Estimate
    predictors: tuple[PredictorWeight, ...]
    n: int
    n_draws: int
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Dominance:
    """What each predictor adds to the other predictors' subsets.

    Attributes
    ----------
    items : tuple of p str
    r_squared : (2**p,) float64
        Of every subset; subset s contains predictor j when bit j of s is set.
    conditional : (p, p) float64
        Row = predictor; column k = its mean increment of R squared over the subsets
        of k others.
    general : (p,) float64
        Mean of the rows: also known as LMG or Shapley value.
    complete : (p, p) float64
        Element ij: share of the subsets without i and j to which i adds more than j,
        ties counting a half. 1 = i dominates j completely.
    n : int
    """

    items: tuple[str, ...]
    r_squared: Matrix
    conditional: Matrix
    general: Matrix
    complete: Matrix
    n: int


def importance(
    moments: Moments,
    predictors: Sequence[str],
    outcome: str,
    *,
    weighting: Weighting,
) -> Importance:
    r"""Divide R squared of `outcome` among the predictors, from correlations alone.

    Relative weights: with R the correlations of the predictors, r theirs with the
    outcome and :math:`\Lambda = R^{1/2}` (symmetric),

    .. math:: w = \Lambda^{\circ 2} (\Lambda^{-1} r)^{\circ 2}

    where circles mean elementwise squares. Dominance: the increment of R squared,
    averaged over all orders in which the predictors can enter. Either way the weights
    are not negative and add up to R squared; an interval of a weight can therefore
    not tell whether it is zero.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two predictors, no more people than variables, a constant variable;
        collinear predictors; an outcome of which nothing is explained; more than
        twelve predictors in a dominance analysis.

    References
    ----------
    Johnson (2000), Multivariate Behavioral Research 35,
    doi:10.1207/S15327906MBR3501_1.
    Lindeman, Merenda & Gold (1980), Introduction to Bivariate and Multivariate
    Analysis; Azen & Budescu (2003), Psychological Methods 8,
    doi:10.1037/1082-989X.8.2.129.
    """
    part = _checked(moments, predictors, outcome, weighting)
    method = f"{_METHODS[weighting]}, {part.rule}"
    return _result(part, weighting, method, 0.95, None)


def bootstrap_importance(
    values: Matrix,
    items: Sequence[str],
    predictors: Sequence[str],
    outcome: str,
    *,
    weighting: Weighting,
    rng: np.random.Generator,
    n_draws: int = 1000,
    confidence: float = 0.95,
) -> Importance:
    """Do as `importance`, with intervals and rank intervals from resampled people.

    Percentile intervals over resamples of the rows that have all variables. The rank
    interval is the same percentiles of the rank: two predictors whose rank intervals
    overlap cannot be put in order.

    Parameters
    ----------
    values : (n, q) float64
        Scores with NaN = missing; rows without a gap in the used columns count.
    items : sequence of q str
        Names of the columns.
    rng : numpy Generator

    Raises
    ------
    TooFewData, NotDefined
        As `importance`; also when more than one resample in twenty has no weights.

    References
    ----------
    Tonidandel, LeBreton & Johnson (2009), Psychological Methods 14,
    doi:10.1037/a0017735.
    """
    check_confidence(confidence)
    chosen = [*predictors, outcome]
    columns = positions(items, chosen)
    used = np.asarray(values, dtype=np.float64)[:, columns]
    part = _checked(
        moments_of(used, chosen, missing="listwise"), predictors, outcome, weighting
    )
    drawn = resample(used, rng, n_draws, missing="listwise").correlation
    weights, n_used = defined_draws(_in_blocks(drawn, weighting), weighting)
    method = (
        f"{_METHODS[weighting]}, listwise, "
        f"{100 * confidence:g} % percentile bootstrap over {n_used} resamples"
    )
    return _result(part, weighting, method, confidence, weights)


def dominance(moments: Moments, predictors: Sequence[str], outcome: str) -> Dominance:
    """Compare the predictors' increments of R squared over all subsets of the others.

    Raises
    ------
    TooFewData, NotDefined
        As `importance`.

    References
    ----------
    Azen & Budescu (2003), Psychological Methods 8, doi:10.1037/1082-989X.8.2.129.
    """
    part = _checked(moments, predictors, outcome, "dominance")
    explained = _all_subsets(part.correlation[None])
    increments = _increments(explained, len(predictors))
    conditional = _by_size(increments)[0]
    return Dominance(
        items=tuple(predictors),
        r_squared=explained[0],
        conditional=conditional,
        general=conditional.mean(axis=1),
        complete=_complete(explained[0], len(predictors)),
        n=part.n,
    )


def _relative_weights(R: Matrix) -> Matrix:
    """Johnson (2000), eqs 6 to 9, for (draws, p + 1, p + 1), outcome last; (draws, p)."""
    values, vectors = np.linalg.eigh(R[:, :-1, :-1])
    usable = values[:, 0] > _COLLINEAR
    root = np.sqrt(np.where(usable[:, None], values, np.nan))[:, None, :]
    turned = vectors.transpose(0, 2, 1)
    half = (vectors * root) @ turned
    beta = (vectors / root) @ turned @ R[:, :-1, -1:]
    weights: Matrix = (half**2 @ beta**2)[:, :, 0]
    return weights


def _general_dominance(R: Matrix) -> Matrix:
    """LMG weights, (draws, p), for (draws, p + 1, p + 1), outcome last."""
    weights: Matrix = _by_size(_increments(_all_subsets(R), R.shape[1] - 1)).mean(2)
    singular = ~(np.linalg.eigvalsh(R[:, :-1, :-1])[:, 0] > _COLLINEAR)
    weights[singular] = np.nan
    return weights


def _all_subsets(R: Matrix) -> Matrix:
    """R squared of every subset of the predictors, (draws, 2**p), outcome last in R.

    The first predictor is swept out of a copy and left out of the original; each
    round doubles the matrices and takes a row off them, until only what remains of
    the outcome is left.
    """
    rest = R[:, None]
    for _ in range(R.shape[1] - 1):
        pivot, row, others = rest[..., :1, :1], rest[..., :1, 1:], rest[..., 1:, 1:]
        # a later predictor is a higher bit, so its subsets follow the others'
        with np.errstate(divide="ignore", invalid="ignore"):
            swept = others - row.swapaxes(-1, -2) * row / pivot
        rest = np.concatenate([others, swept], axis=1)
    explained: Matrix = 1 - rest[..., 0, 0]
    return explained


def _increments(explained: Matrix, p: int) -> Matrix:
    """Gain by predictor j in each subset of the others, (draws, p, 2**(p - 1))."""
    subsets = np.arange(2**p)
    added = [
        explained[:, subsets[subsets >> j & 1 == 1]]
        - explained[:, subsets[subsets >> j & 1 == 0]]
        for j in range(p)
    ]
    return np.stack(added, axis=1)


def _by_size(increments: Matrix) -> Matrix:
    """Mean increment by the number of others already there, (draws, p, p)."""
    p = increments.shape[1]
    # leaving bit j out renumbers the subsets of the others as 0 .. 2**(p - 1) - 1
    sizes = np.array([int(s).bit_count() for s in range(2 ** (p - 1))])
    means = [increments[:, :, sizes == k].mean(axis=2) for k in range(p)]
    return np.stack(means, axis=2)


def _complete(explained: Matrix, p: int) -> Matrix:
    """Share of the subsets without i and j to which i adds more than j, (p, p)."""
    subsets = np.arange(2**p)
    share = np.full((p, p), 0.5)
    for i in range(p):
        for j in range(i):
            without = subsets[(subsets >> i & 1 == 0) & (subsets >> j & 1 == 0)]
            gain = explained[without + (1 << i)] - explained[without + (1 << j)]
            share[i, j] = ((gain > 0) + 0.5 * (gain == 0)).mean()
            share[j, i] = 1 - share[i, j]
    return share


_WEIGHTS: dict[str, Callable[[Matrix], Matrix]] = {
    "relative-weights": _relative_weights,
    "dominance": _general_dominance,
}


def _in_blocks(R: Matrix, weighting: Weighting) -> Matrix:
    """Weights of (draws, p + 1, p + 1) correlations, NaN where they do not exist."""
    p = R.shape[1] - 1
    defined = ~np.isnan(R).any(axis=(1, 2))
    weights = np.full((len(R), p), np.nan)
    at = np.flatnonzero(defined)
    elements = 4 * 2**p if weighting == "dominance" else p * p
    step = max(1, _BLOCK_ELEMENTS // elements)
    for start in range(0, len(at), step):
        rows = at[start : start + step]
        weights[rows] = _WEIGHTS[weighting](R[rows])
    return weights


def _checked(
    moments: Moments, predictors: Sequence[str], outcome: str, weighting: Weighting
) -> Moments:
    """Moments of the predictors and, last, the outcome, fit for a regression."""
    p = len(predictors)
    if p < 2:
        raise TooFewData("needs-items", statistic=weighting, needs=2, has=p)
    if weighting == "dominance" and p > MOST_PREDICTORS:
        raise NotDefined(
            "too-many-predictors", statistic=weighting, needs=MOST_PREDICTORS, has=p
        )
    part = moments.select([*predictors, outcome])
    part.require(weighting, items=3, answers=p + 2)
    if np.linalg.eigvalsh(part.correlation)[0] < -_COLLINEAR:
        # correlations of different people need not fit one another
        raise NotDefined("singular", statistic=weighting)
    values, vectors = np.linalg.eigh(part.correlation[:-1, :-1])
    if values[0] <= _COLLINEAR:
        item = predictors[int(np.abs(vectors[:, 0]).argmax())]
        raise NotDefined("collinear", item=item, statistic=weighting)
    if not part.correlation[:-1, -1].any():
        raise NotDefined("nothing-explained", item=outcome)
    return part


def _result(
    part: Moments,
    weighting: Weighting,
    method: str,
    confidence: float,
    drawn: Matrix | None,
) -> Importance:
    weights = _WEIGHTS[weighting](part.correlation[None])[0]
    total = float(weights.sum())
    rank = _ranks(weights[None])[0]
    weight_ends, share_ends, total_ends, rank_ends = _ends(drawn, confidence, part.p)

    def estimate(value: float, ends: Ends) -> Estimate:
        return Estimate(value, *ends, n=part.n, method=method, confidence=confidence)

    return Importance(
        outcome=part.items[-1],
        r_squared=estimate(total, total_ends),
        predictors=tuple(
            PredictorWeight(
                item=part.items[j],
                weight=estimate(float(weights[j]), weight_ends[j]),
                share=estimate(float(weights[j]) / total, share_ends[j]),
                rank=int(rank[j]),
                rank_low=rank_ends[j][0],
                rank_high=rank_ends[j][1],
            )
            for j in range(part.p - 1)
        ),
        n=part.n,
        n_draws=0 if drawn is None else len(drawn),
        method=method,
    )


def _ends(
    drawn: Matrix | None, confidence: float, p: int
) -> tuple[list[Ends], list[Ends], Ends, list[RankEnds]]:
    """Percentile ends of the weights, the shares, R squared and the ranks."""
    if drawn is None:
        return [(None, None)] * p, [(None, None)] * p, (None, None), [(None, None)] * p
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    total = drawn.sum(axis=1, keepdims=True)

    def pairs(values: Matrix) -> list[Ends]:
        low, high = np.quantile(values, tails, axis=0)
        return list(zip(low.tolist(), high.tolist(), strict=True))

    low, high = np.quantile(_ranks(drawn), tails, axis=0, method="inverted_cdf")
    ranks = [(int(a), int(b)) for a, b in zip(low, high, strict=True)]
    return pairs(drawn), pairs(drawn / total), pairs(total)[0], [*ranks]


def _ranks(weights: Matrix) -> NDArray[np.int64]:
    """Rank of each column in its row, 1 = largest, (draws, p)."""
    order = np.argsort(-weights, axis=1, kind="stable")
    ranks = np.empty(weights.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, weights.shape[1] + 1)[None], axis=1)
    return ranks
