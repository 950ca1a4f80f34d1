"""What the answers to each item look like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Item, ResponseMatrix


@dataclass(frozen=True, slots=True)
class ItemDescription:
    """Distribution of the answers to one item, after keying.

    Attributes
    ----------
    code : str
        The item.
    n, missing : int
        Respondents with and without an answer.
    mean : float or None
        None when nobody answered.
    sd : float or None
        Divisor n - 1; None below two answers.
    skew, kurtosis : float or None
        Type 3 (excess kurtosis); None for fewer than two or for equal answers.
    floor, ceiling : float or None
        Share of the answers in the lowest and the highest category.
    counts : tuple of int
        Answers in each category, lowest first.
    """

    code: str
    n: int
    missing: int
    mean: float | None
    sd: float | None
    skew: float | None
    kurtosis: float | None
    floor: float | None
    ceiling: float | None
    counts: tuple[int, ...]


def describe(data: ResponseMatrix) -> tuple[ItemDescription, ...]:
    r"""Describe every item by itself, from the counts of its categories.

    With central moments :math:`m_r` (divisor n) and s the standard deviation
    (divisor n - 1): skew :math:`b_1 = m_3 / s^3`, kurtosis :math:`b_2 = m_4/s^4 - 3`.

    References
    ----------
    Joanes & Gill (1998), The Statistician 47, 183-189,
    doi:10.1111/1467-9884.00122: b1 and b2, "type 3" of R's psych::describe.
    """
    return tuple(
        _describe(item, category_counts(data, j)) for j, item in enumerate(data.items)
    )


def category_counts(data: ResponseMatrix, column: int) -> NDArray[np.int64]:
    """Count the missing answers and each category of one item, (1 + k,)."""
    shifted = data.codes[:, column].astype(np.intp) + 1
    return np.bincount(shifted, minlength=data.items[column].n_categories + 1)


def _describe(item: Item, counts: NDArray[np.int64]) -> ItemDescription:
    missing, answered = int(counts[0]), counts[1:]
    n = int(answered.sum())
    mean = sd = skew = kurtosis = floor = ceiling = None
    if n:
        points = item.low + np.arange(item.n_categories)
        mean = float(answered @ points) / n
        deviation = points - mean
        floor, ceiling = answered[0] / n, answered[-1] / n
    if n > 1:
        sd = float(np.sqrt(answered @ deviation**2 / (n - 1)))
    if sd and np.count_nonzero(answered) > 1:
        skew = float(answered @ deviation**3) / n / sd**3
        kurtosis = float(answered @ deviation**4) / n / sd**4 - 3
    return ItemDescription(
        code=item.code,
        n=n,
        missing=missing,
        mean=mean,
        sd=sd,
        skew=skew,
        kurtosis=kurtosis,
        floor=None if floor is None else float(floor),
        ceiling=None if ceiling is None else float(ceiling),
        counts=tuple(int(count) for count in answered),
    )
