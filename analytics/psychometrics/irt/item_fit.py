"""Whether single items follow a graded response model: S-X2."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import MISSING, Matrix, ResponseMatrix
from analytics.psychometrics.distributions import chi2_sf
from analytics.psychometrics.errors import Reason, TooFewData
from analytics.psychometrics.irt.estimation import Grid
from analytics.psychometrics.irt.kernel import log_probabilities
from analytics.psychometrics.irt.result import GradedResponse

_STATISTIC = "item-fit"
_LEAST_EXPECTED = 1.0
_SMALLEST_GROUP = 20  # people of equal score, neighbours joined


@dataclass(frozen=True, slots=True)
class ItemFit:
    """S-X2 of one item.

    Attributes
    ----------
    code : str
    chi2, p : float, None
        None with a `reason` where no degree of freedom is left.
    df : int
        Cells less groups less parameters of the item.
    rmsea : float, None
        Root of max(0, chi2 - df) / (df (n - 1)).
    groups : int
        Groups of people with equal or neighbouring scores.
    n : int
        People who answered all items.
    reason : Reason, None
    """

    code: str
    chi2: float | None
    df: int
    p: float | None
    rmsea: float | None
    groups: int
    n: int
    reason: Reason | None = None


def item_fit(model: GradedResponse, data: ResponseMatrix) -> tuple[ItemFit, ...]:
    r"""Compare each item's answers with the model among people of equal sum score.

    .. math:: S\text{-}X^2_j = \sum_s N_s \sum_k \frac{(O_{jsk} - E_{jsk})^2}{E_{jsk}},
       \quad E_{jsk} = \frac{\int P_{jk} f^{(j)}_{s-k} \phi}{\int f_s \phi}

    f_s is the probability of the sum score s at a trait, f^{(j)} that without item j,
    both by the recursion of Lord and Wingersky. Categories are scored 0, 1, ... in use.
    People who answered all items count. Neighbouring scores are joined from below until
    a group has 20 people; within a group, neighbouring categories until 1 person is
    expected in each. Degrees of freedom: cells less groups less the item's K
    parameters.

    Raises
    ------
    TooFewData
        Fewer than 20 people answered all items.
    InvalidData
        As `GradedResponse.categories`.

    References
    ----------
    Orlando & Thissen (2000), Applied Psychological Measurement 24, 50-64,
    doi:10.1177/01466216000241003. Kang & Chen (2008), Journal of Educational
    Measurement 45, 391-406, doi:10.1111/j.1745-3984.2008.00071.x.
    """
    codes = model.categories(data)
    codes = codes[(codes != MISSING).all(axis=1)]
    n = len(codes)
    if n < _SMALLEST_GROUP:
        raise TooFewData(
            "needs-answers", statistic=_STATISTIC, needs=_SMALLEST_GROUP, has=n
        )
    totals = codes.sum(axis=1, dtype=np.int64)
    grid = Grid.even(model.points, model.reach)
    p = np.exp(log_probabilities(model.parameters, model.layout, grid.x))
    parts = model.layout.parts
    length = sum(model.layout.sizes) - len(parts) + 1
    people = np.bincount(totals, minlength=length)
    groups = _groups(people)
    found = []
    for j, item in enumerate(model.items):
        others = [p[part] for i, part in enumerate(parts) if i != j]
        shares = _shares(p[parts[j]], sum_scores(others), np.exp(grid.log_weights))
        observed = np.zeros(shares.shape)
        np.add.at(observed, (totals, codes[:, j]), 1.0)
        found.append(_fit(item.code, observed, shares * people[:, None], groups))
    return tuple(found)


def sum_scores(p: list[Matrix]) -> Matrix:
    """Probability of each sum of categories, (S + 1, q), of items (K_j, q) each.

    Lord & Wingersky (1984), Applied Psychological Measurement 8, 453-461.
    """
    found = np.ones((1, p[0].shape[1]))
    for item in p:
        longer = np.zeros((len(found) + len(item) - 1, found.shape[1]))
        for k, own in enumerate(item):
            longer[k : k + len(found)] += own * found
        found = longer
    return found


def _shares(own: Matrix, others: Matrix, weights: Matrix) -> Matrix:
    """Return P(category | sum score), (S + 1, K), of an item (K, q)."""
    joint = np.zeros((len(others) + len(own) - 1, len(own)))
    for k, category in enumerate(own):
        joint[k : k + len(others), k] = others @ (category * weights)
    joint /= joint.sum(axis=1, keepdims=True)
    return joint


def _groups(people: NDArray[np.int64]) -> list[slice]:
    """Join neighbouring scores from below until each group is large enough."""
    found, first, inside = [], 0, 0
    for score, number in enumerate(people):
        inside += int(number)
        if inside >= _SMALLEST_GROUP:
            found.append(slice(first, score + 1))
            first, inside = score + 1, 0
    # who is left over joins the last group
    found[-1] = slice(found[-1].start, len(people))
    return found


def _joined(observed: Matrix, expected: Matrix) -> tuple[Matrix, Matrix]:
    """Join neighbouring categories (K,) until enough people are expected in each."""
    cells: list[list[float]] = []
    for o, e in zip(observed.tolist(), expected.tolist(), strict=True):
        if cells and cells[-1][1] < _LEAST_EXPECTED:
            cells[-1][0] += o
            cells[-1][1] += e
        else:
            cells.append([o, e])
    if len(cells) > 1 and cells[-1][1] < _LEAST_EXPECTED:
        o, e = cells.pop()
        cells[-1][0] += o
        cells[-1][1] += e
    both = np.array(cells)
    return both[:, 0], both[:, 1]


def _fit(code: str, observed: Matrix, expected: Matrix, groups: list[slice]) -> ItemFit:
    chi2, df, n = 0.0, -observed.shape[1], int(observed.sum())
    for rows in groups:
        o, e = _joined(observed[rows].sum(axis=0), expected[rows].sum(axis=0))
        chi2 += float(((o - e) ** 2 / e).sum())
        df += len(o) - 1
    if df < 1:
        reason = Reason("item-fit-no-df", {"item": code})
        return ItemFit(code, None, df, None, None, len(groups), n, reason)
    rmsea = float(np.sqrt(max(0.0, chi2 - df) / (df * (n - 1))))
    return ItemFit(code, chi2, df, chi2_sf(chi2, df), rmsea, len(groups), n)
