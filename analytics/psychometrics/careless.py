"""Signs of careless answers, one number a person; none of them deletes anybody.

Points are taken as shown wherever the pattern on the page is looked at, and after
keying where halves of a scale are to agree. The conventions are those of R's package
careless, with the differences that the docstrings name.

References
----------
Curran (2016), Journal of Experimental Social Psychology 66,
doi:10.1016/j.jesp.2015.07.006; Meade & Craig (2012), Psychological Methods 17,
doi:10.1037/a0028085; Huang et al. (2012), Journal of Business and Psychology 27,
doi:10.1007/s10869-011-9231-8.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import MISSING, Matrix, ResponseMatrix
from analytics.psychometrics.distributions import chi2_quantile
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.moments import moments

FEWEST_PAIRS = 3  # two pairs correlate at 1 or -1, whatever was answered


@dataclass(frozen=True, slots=True, eq=False)
class LongString:
    """The longest run of equal answers of each person.

    Attributes
    ----------
    length : (n,) int64
        0 for a person without an answer.
    first, last : (n,) int64
        Columns in which the first of the longest runs begins and ends; -1 without one.
    """

    length: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PairConsistency:
    """How each person answered items that go together among all respondents.

    Attributes
    ----------
    pairs : tuple of (item code, item code)
    r : (n,) float64
        Correlation over the pairs within the person; NaN where it does not exist.
    """

    pairs: tuple[tuple[str, str], ...]
    r: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Mahalanobis:
    """Squared distances from the mean of all complete answers.

    Attributes
    ----------
    distance : (n,) float64
        NaN for a person who left out an item.
    beyond : (n,) bool
        Above the chi-square quantile `cut`.
    cut : float
        Exceeded by a normal answer with probability `p`.
    n : int
        Complete answers, from which mean and covariances are.
    """

    distance: Matrix
    beyond: NDArray[np.bool_]
    cut: float
    p: float
    n: int


def as_shown(data: ResponseMatrix) -> Matrix:
    """Return (n, p) points as the respondents saw them, NaN where missing."""
    turned = np.array([item.reverse for item in data.items], dtype=bool)
    ends = np.array([item.low + item.high for item in data.items], dtype=np.float64)
    keyed = data.values()
    shown: Matrix = np.where(turned, ends - keyed, keyed)
    return shown


def longstring(data: ResponseMatrix) -> LongString:
    """Find each person's longest run of equal answers, as shown, in column order.

    A missing answer neither ends a run nor lengthens it. The caller passes items that
    stand one after another with the same points: a run over two kinds of scale means
    nothing.

    References
    ----------
    Johnson (2005), Journal of Research in Personality 39,
    doi:10.1016/j.jrp.2004.09.009.
    """
    shown, n = as_shown(data), data.n
    before = np.full(n, np.nan)
    run, best = np.zeros((2, n), dtype=np.int64)
    start, first, last = np.full((3, n), -1, dtype=np.int64)
    for column, points in enumerate(shown.T):
        there = ~np.isnan(points)
        begins = there & (points != before)
        run = np.where(begins, 1, run + there)
        start = np.where(begins, column, start)
        longer = there & (run > best)
        best = np.where(longer, run, best)
        first, last = np.where(longer, start, first), np.where(longer, column, last)
        before = np.where(there, points, before)
    return LongString(best, first, last)


def response_variability(data: ResponseMatrix) -> Matrix:
    """Compute the standard deviation of each person's answers as shown, (n,).

    Divisor answers - 1; NaN below two answers. The items share their points, or a difference between
    scales would count as one between answers.

    References
    ----------
    Dunn et al. (2018), Journal of Business and Psychology 33,
    doi:10.1007/s10869-016-9479-0: intra-individual response variability.
    """
    shown = as_shown(data)
    there = ~np.isnan(shown)
    n = there.sum(axis=1)
    enough = n >= 2
    mean = np.nansum(shown, axis=1) / np.maximum(n, 1)
    squares = np.where(there, (shown - mean[:, None]) ** 2, 0.0).sum(axis=1)
    spread: Matrix = np.where(enough, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)
    return spread


def even_odd(data: ResponseMatrix, scales: Sequence[Sequence[str]]) -> Matrix:
    r"""Disagreement of the even with the odd items of the scales, (n,), -1 to 1.

    Over the scales a person's means of the odd and of the even items are correlated,
    the correlation is stepped up, :math:`2r/(1+r)`, cut at -1, and turned: as in R's
    careless (from 1.2.0) **higher is more careless**. After keying, each item as a share of its
    range, so that scales with different points can stand side by side. NaN where fewer
    than three scales have both halves (R goes down to two, which can only give 1 or
    -1), or where all halves are equal.

    References
    ----------
    Jackson (1976), in Johnson (2005); Meade & Craig (2012).
    """
    halves: list[tuple[Matrix, Matrix]] = []
    for items in scales:
        if len(items) < 2:
            continue
        shares = _shares(data.select(items), shown=False)
        halves.append((_row_means(shares[:, 0::2]), _row_means(shares[:, 1::2])))
    if len(halves) < FEWEST_PAIRS:
        return np.full(data.n, np.nan)
    odd, even = (np.column_stack(side) for side in zip(*halves, strict=True))
    r = _within_person(odd, even)
    with np.errstate(divide="ignore"):
        stepped = 2 * r / (1 + r)
    index: Matrix = -np.maximum(stepped, -1.0)
    return index


def psychometric_synonyms(
    data: ResponseMatrix, *, cut: float, opposite: bool
) -> PairConsistency:
    """Correlate, within each person, the pairs of items that go together.

    The pairs are those with r above `cut` (`opposite`: below -`cut`, antonyms) among
    all respondents, as shown and pairwise. A careful person comes near 1 (antonyms:
    -1). NaN where fewer than three pairs are answered or where one side does not vary.
    Which items are pairs depends on all answers, so this index of a person changes
    with those of others.

    References
    ----------
    Meade & Craig (2012): .60 for synonyms, -.60 for antonyms.
    """
    if not 0 < cut < 1:
        raise ValueError(f"cut must lie between 0 and 1, not {cut}.")
    turned = np.array([item.reverse for item in data.items], dtype=bool)
    side = np.where(turned, -1.0, 1.0)
    correlation = moments(data, missing="pairwise").correlation * np.outer(side, side)
    with np.errstate(invalid="ignore"):
        found = correlation < -cut if opposite else correlation > cut
    first, second = np.nonzero(np.triu(found, 1))
    codes = data.item_codes
    pairs = tuple((codes[i], codes[j]) for i, j in zip(first, second, strict=True))
    if len(pairs) < FEWEST_PAIRS:
        return PairConsistency(pairs, np.full(data.n, np.nan))
    shares = _shares(data, shown=True)
    return PairConsistency(pairs, _within_person(shares[:, first], shares[:, second]))


def mahalanobis(data: ResponseMatrix, *, p: float = 0.001) -> Mahalanobis:
    r"""Squared distance of each complete answer, :math:`(x - m)' S^{-1} (x - m)`.

    m and S (divisor n - 1) are of the complete answers; the cut is the chi-square
    quantile with as many degrees of freedom as items. Unusual is not careless: on
    answers with few points more than `p` lie beyond. Depends on the other respondents.

    Raises
    ------
    TooFewData
        No more complete answers than items.
    NotDefined
        A constant item, or items that determine one another.

    References
    ----------
    Mahalanobis (1936), Proceedings of the National Institute of Sciences of India 2.
    """
    if not 0 < p < 1:
        raise ValueError(f"p must lie between 0 and 1, not {p}.")
    complete = (data.codes != MISSING).all(axis=1)
    n = int(complete.sum())
    if n <= data.p:
        raise TooFewData(
            "needs-answers", statistic="mahalanobis", needs=data.p + 1, has=n
        )
    found = moments(data, missing="listwise")
    found.require("mahalanobis", items=1)
    values = data.values()[complete] - found.mean
    if np.linalg.eigvalsh(found.correlation)[0] < 1e-10:
        raise NotDefined("singular", statistic="mahalanobis")
    distance = np.full(data.n, np.nan)
    distance[complete] = np.einsum(
        "ij,ij->i", values, np.linalg.solve(found.covariance, values.T).T
    )
    cut = chi2_quantile(p, data.p)
    with np.errstate(invalid="ignore"):
        beyond = distance > cut
    return Mahalanobis(distance, beyond, cut, p, n)


def _shares(data: ResponseMatrix, *, shown: bool) -> Matrix:
    """Each answer as a share of its item's range, (n, p) from 0 to 1, NaN if missing."""
    values = as_shown(data) if shown else data.values()
    low = np.array([item.low for item in data.items], dtype=np.float64)
    steps = np.array([item.n_categories - 1 for item in data.items], dtype=np.float64)
    shares: Matrix = (values - low) / steps
    return shares


def _row_means(values: Matrix) -> Matrix:
    """Mean of what is there in each row, NaN where nothing is."""
    n = (~np.isnan(values)).sum(axis=1)
    mean: Matrix = np.where(n > 0, np.nansum(values, axis=1) / np.maximum(n, 1), np.nan)
    return mean


def _within_person(x: Matrix, y: Matrix) -> Matrix:
    """Pearson correlation of each row of x with that of y, over what both have."""
    both = ~(np.isnan(x) | np.isnan(y))
    n = both.sum(axis=1)
    count = np.maximum(n, 1)
    x, y = np.where(both, x, 0.0), np.where(both, y, 0.0)
    x = np.where(both, x - (x.sum(axis=1) / count)[:, None], 0.0)
    y = np.where(both, y - (y.sum(axis=1) / count)[:, None], 0.0)
    sizes = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    # shares of a range are exact to about 1e-16; what is left of a constant is noise
    defined = (n >= FEWEST_PAIRS) & (sizes > 1e-12)
    r: Matrix = np.full(len(x), np.nan)
    r[defined] = (x * y).sum(axis=1)[defined] / sizes[defined]
    return np.clip(r, -1.0, 1.0)
