"""Content validity: how far experts agree that items belong to what is measured."""

from dataclasses import dataclass
from math import comb

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import InvalidData, TooFewData

LOW, HIGH = 1, 4  # points of relevance; 3 and 4 count as relevant
RELEVANT = 3


@dataclass(frozen=True, slots=True)
class ItemContent:
    """Agreement about one item.

    Attributes
    ----------
    item : str
    n, relevant : int
        Experts who rated it, and those of them who gave 3 or 4.
    i_cvi : float
        Their share.
    chance : float
        Probability of exactly this agreement where every expert tosses a coin.
    kappa : float
        The share corrected for chance agreement on relevance.
    """

    item: str
    n: int
    relevant: int
    i_cvi: float
    chance: float
    kappa: float


@dataclass(frozen=True, slots=True)
class ContentValidity:
    """Agreement about every item and about the scale.

    Attributes
    ----------
    items : tuple of ItemContent
    s_cvi_ave : float
        Mean of the I-CVI.
    s_cvi_ua : float
        Share of the items that all of their experts call relevant.
    n_experts : int
        Experts who rated at least one item.
    fewest_experts : int
        Of the item that fewest experts rated.
    """

    items: tuple[ItemContent, ...]
    s_cvi_ave: float
    s_cvi_ua: float
    n_experts: int
    fewest_experts: int


def content_validity(ratings: Matrix, items: tuple[str, ...]) -> ContentValidity:
    r"""Content validity indices of (n, p) ratings of relevance, 1 to 4 or NaN.

    Of N experts who rated an item, A gave 3 or 4:

    .. math:: \text{I-CVI} = A / N, \quad P_c = \binom{N}{A} 0.5^N, \quad
       \kappa^* = (\text{I-CVI} - P_c) / (1 - P_c)

    S-CVI/Ave is the mean of the I-CVI, S-CVI/UA the share of items with I-CVI = 1. A
    rating that was not given is left out of its item.

    Raises
    ------
    TooFewData
        An item with fewer than two ratings, or no item.
    InvalidData
        A rating other than 1, 2, 3, 4.

    References
    ----------
    Lynn (1986), Nursing Research 35, 382-385.
    Polit & Beck (2006), Research in Nursing & Health 29, doi:10.1002/nur.20147.
    Polit, Beck & Owen (2007), Research in Nursing & Health 30, doi:10.1002/nur.20199:
    the correction for chance.
    """
    ratings = np.asarray(ratings, dtype=np.float64)
    if ratings.ndim != 2 or ratings.shape[1] != len(items):
        raise ValueError(f"(n, {len(items)}) ratings are needed, not {ratings.shape}.")
    if not items:
        raise TooFewData("needs-items", statistic="content-validity", needs=1, has=0)
    _require_points(ratings, items)
    given = ~np.isnan(ratings)
    n = given.sum(axis=0)
    if n.min() < 2:
        raise TooFewData(
            "needs-answers", statistic="content-validity", needs=2, has=int(n.min())
        )
    relevant = (ratings >= RELEVANT).sum(axis=0)
    rated = tuple(
        _item(item, int(N), int(A))
        for item, N, A in zip(items, n, relevant, strict=True)
    )
    return ContentValidity(
        items=rated,
        s_cvi_ave=sum(one.i_cvi for one in rated) / len(rated),
        s_cvi_ua=sum(one.relevant == one.n for one in rated) / len(rated),
        n_experts=int(given.any(axis=1).sum()),
        fewest_experts=int(n.min()),
    )


def _item(item: str, N: int, A: int) -> ItemContent:
    """Polit, Beck & Owen (2007): N experts of whom A agree."""
    share = A / N
    chance = comb(N, A) * 0.5**N
    return ItemContent(item, N, A, share, chance, (share - chance) / (1 - chance))


def _require_points(ratings: Matrix, items: tuple[str, ...]) -> None:
    wrong = ~np.isnan(ratings) & ~np.isin(ratings, range(LOW, HIGH + 1))
    if not wrong.any():
        return
    i, j = (int(at) for at in np.argwhere(wrong)[0])
    raise InvalidData(
        "out-of-range",
        row=i + 1,
        item=items[j],
        value=float(ratings[i, j]),
        low=LOW,
        high=HIGH,
    )
