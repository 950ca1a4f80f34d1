"""What the answers to each item look like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Item, Matrix, ResponseMatrix


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


def describe(
    data: ResponseMatrix, *, weights: Matrix | None = None
) -> tuple[ItemDescription, ...]:
    r"""Describe every item by itself, from the counts of its categories.

    With central moments :math:`m_r` (divisor n) and s the standard deviation
    (divisor n - 1): skew :math:`b_1 = m_3 / s^3`, kurtosis :math:`b_2 = m_4/s^4 - 3`.
    With weights, sums of them stand for the counts, divided to sum to n as in
    `weighted_moments`; `n`, `missing` and `counts` go on counting people.

    Parameters
    ----------
    data : ResponseMatrix
    weights : (n,) positive numbers, or None

    References
    ----------
    Joanes & Gill (1998), The Statistician 47, 183-189,
    doi:10.1111/1467-9884.00122: b1 and b2, "type 3" of R's psych::describe.
    """
    return tuple(
        _describe(item, category_counts(data, j), _sums(data, j, weights))
        for j, item in enumerate(data.items)
    )


def category_counts(data: ResponseMatrix, column: int) -> NDArray[np.int64]:
    """Count the missing answers and each category of one item, (1 + k,)."""
    shifted = data.codes[:, column].astype(np.intp) + 1
    return np.bincount(shifted, minlength=data.items[column].n_categories + 1)


def _sums(
    data: ResponseMatrix, column: int, weights: Matrix | None
) -> NDArray[np.float64] | None:
    """Weights of the answers in each category, with the sum of their number, (k,)."""
    if weights is None:
        return None
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (data.n,) or not (w > 0).all():
        raise ValueError("Everybody needs one weight above zero.")
    shifted = data.codes[:, column].astype(np.intp) + 1
    size = data.items[column].n_categories + 1
    sums = np.bincount(shifted, weights=w, minlength=size)[1:].astype(np.float64)
    n = int((shifted > 0).sum())
    scaled: NDArray[np.float64] = sums * (n / sums.sum()) if n else sums
    return scaled


def _describe(
    item: Item, counts: NDArray[np.int64], sums: NDArray[np.float64] | None
) -> ItemDescription:
    missing, n = int(counts[0]), int(counts[1:].sum())
    answered = counts[1:] if sums is None else sums
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
        counts=tuple(int(count) for count in counts[1:]),
    )
