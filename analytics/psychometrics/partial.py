"""Correlations with other variables held constant, and many tests at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import correlation_p
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.estimate import check_confidence, fisher_interval
from analytics.psychometrics.moments import Moments

_COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True)
class PartialCorrelation:
    """Correlation of two variables given others.

    Attributes
    ----------
    r : float
    low, high : float
        Fisher interval with n - k - 3 in place of n - 3.
    p : float
        Two-sided, of r = 0, by Student's t with n - k - 2 degrees of freedom.
    given : tuple of k str
        The variables that are held constant.
    n : int
    confidence : float
    method : str
    """

    r: float
    low: float
    high: float
    p: float
    given: tuple[str, ...]
    n: int
    confidence: float
    method: str


def partial_correlation(
    moments: Moments,
    first: str,
    second: str,
    *,
    given: Sequence[str],
    confidence: float = 0.95,
) -> PartialCorrelation:
    r"""Correlate the residuals of two variables on k others.

    .. math:: C = R_{xx} - R_{xz} R_{zz}^{-1} R_{zx}, \qquad
       r = \frac{C_{12}}{\sqrt{C_{11} C_{22}}}

    Raises
    ------
    TooFewData
        Fewer than k + 4 people.
    NotDefined
        A constant variable; one of the two, or of the k, that the others determine.

    References
    ----------
    Fisher (1924), Metron 3, 329-332: as a correlation of n - k people.
    """
    check_confidence(confidence)
    part = moments.select([first, second, *given])
    k = len(given)
    part.require("partial-correlation", items=2, answers=k + 4)
    R = part.correlation
    if k:
        _require_independent(R, given)
    C = R[:2, :2] - R[:2, 2:] @ np.linalg.solve(R[2:, 2:], R[2:, :2])
    for item, left in zip((first, second), np.diag(C), strict=True):
        if left <= _COLLINEAR:
            raise NotDefined("determined", item=item)
    r = float(np.clip(C[0, 1] / np.sqrt(C[0, 0] * C[1, 1]), -1, 1))
    low, high = fisher_interval(r, part.n - k, confidence)
    return PartialCorrelation(
        r=r,
        low=low,
        high=high,
        p=correlation_p(r, part.n - k),
        given=tuple(given),
        n=part.n,
        confidence=confidence,
        method=(
            f"partial Pearson, {part.rule}, {100 * confidence:g} % Fisher interval"
        ),
    )


def holm(p: Matrix) -> Matrix:
    r"""P values adjusted so that one false finding among all is held at their level.

    Of m values in ascending order, :math:`\max_{j \le i} \min(1, (m - j + 1) p_j)`.
    The shape is kept, so that a grid stays a grid; NaN stays NaN and does not count.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    return _adjusted(p, lambda x: np.maximum.accumulate(np.arange(len(x), 0, -1) * x))


def benjamini_hochberg(p: Matrix) -> Matrix:
    r"""P values adjusted so that the share of false findings is held at their level.

    Of m values in ascending order, :math:`\min_{j \ge i} \min(1, m p_j / j)`. Valid
    for independent tests and for positively dependent ones. Shape and NaN as `holm`.

    References
    ----------
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57,
    doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    return _adjusted(p, _step_up)


def _require_independent(R: Matrix, given: Sequence[str]) -> None:
    """Raise when the variables after the first two repeat one another."""
    if np.linalg.eigvalsh(R)[0] < -_COLLINEAR:
        # correlations of different people need not fit one another
        raise NotDefined("singular", statistic="partial-correlation")
    values, vectors = np.linalg.eigh(R[2:, 2:])
    if values[0] <= _COLLINEAR:
        item = given[int(np.abs(vectors[:, 0]).argmax())]
        raise NotDefined("collinear", item=item, statistic="partial-correlation")


def _step_up(ascending: Matrix) -> Matrix:
    m = len(ascending)
    scaled = ascending * m / np.arange(1, m + 1)
    lowest: Matrix = np.minimum.accumulate(scaled[::-1])[::-1]
    return lowest


def _adjusted(p: Matrix, adjust: Callable[[Matrix], Matrix]) -> Matrix:
    given = np.asarray(p, dtype=np.float64)
    flat = given.ravel()
    if ((flat < 0) | (flat > 1)).any():
        raise ValueError("A p value lies between 0 and 1.")
    at = np.flatnonzero(~np.isnan(flat))
    at = at[np.argsort(flat[at], kind="stable")]
    adjusted = np.full(flat.shape, np.nan)
    adjusted[at] = np.minimum(adjust(flat[at]), 1)
    return adjusted.reshape(given.shape)
