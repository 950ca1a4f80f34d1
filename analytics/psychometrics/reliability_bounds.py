"""Lower bounds of reliability, split halves, and what a reliability says of a score."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.estimate import Estimate
from analytics.psychometrics.minres import squared_multiple_correlations
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.polychoric import Polychoric
from analytics.psychometrics.reliability import cronbach_alpha

_TENBERGE_TERMS = 4


@dataclass(frozen=True, slots=True, eq=False)
class SplitHalves:
    """Reliabilities of a scale cut into halves of equal, or nearly equal, length.

    Attributes
    ----------
    values : (splits,) float64
        4 cov(A, B) / var(A + B) of each split, in the order of the splits.
    highest, lowest, mean : float
    best : tuple of str
        Items of the half, the shorter one, of the split with the highest value.
    complete : bool
        Whether every split was tried; else a random sample of them.
    n : int
        Respondents.
    method : str
    """

    values: Matrix
    highest: float
    lowest: float
    mean: float
    best: tuple[str, ...]
    complete: bool
    n: int
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class ReliabilityBounds:
    """Guttman's six lower bounds and their relatives.

    Attributes
    ----------
    lambda1, lambda2, lambda3, lambda4, lambda5, lambda6 : float
        lambda3 is coefficient alpha, lambda4 the best split half.
    lambda5_plus : float
        lambda5 with the correction p / (p - 1) of its second term.
    tenberge : (4,) float64
        The series of ten Berge & Zegers: alpha, lambda2 and two more, never falling.
    halves : SplitHalves
        Where lambda4 comes from; a sample of the splits can only bound it from below.
    n : int
    method : str
    """

    lambda1: float
    lambda2: float
    lambda3: float
    lambda4: float
    lambda5: float
    lambda5_plus: float
    lambda6: float
    tenberge: Matrix
    halves: SplitHalves
    n: int
    method: str


def reliability_bounds(
    moments: Moments,
    *,
    standardized: bool,
    rng: np.random.Generator | None = None,
    max_splits: int = 20_000,
) -> ReliabilityBounds:
    r"""Lower bounds of the reliability of the sum of p items.

    With S the covariances (standardized: the correlations), V their sum, O the
    off-diagonal and q its sum of squares: :math:`\lambda_1 = 1 - tr S / V`,
    :math:`\lambda_2 = \lambda_1 + \sqrt{qp/(p-1)}/V`, :math:`\lambda_3 = \lambda_1
    p/(p-1)`, :math:`\lambda_5 = \lambda_1 + 2\sqrt{\max_j \sum_i o_{ij}^2}/V`,
    :math:`\lambda_6 = 1 - \sum_j s_{jj}(1 - R_j^2)/V`. psych::guttman is the
    standardized form.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two items; a constant item; items whose sum does not vary; more
        items than people, where lambda6 does not exist.
    ValueError
        More than `max_splits` splits, and no `rng` to draw a sample of them.

    References
    ----------
    Guttman (1945), Psychometrika 10, doi:10.1007/BF02288892.
    ten Berge & Zegers (1978), Psychometrika 43, doi:10.1007/BF02293815.
    """
    moments.require("reliability-bounds", items=2, answers=2)
    S = moments.correlation if standardized else moments.covariance
    p, total = len(S), float(S.sum())
    multiple = squared_multiple_correlations(moments.correlation)
    if total <= _noise(S):
        raise NotDefined("not-positive", statistic="reliability-bounds")
    if multiple is None:
        raise NotDefined("singular", statistic="reliability-bounds")
    off = S - np.diag(np.diag(S))
    first = 1 - float(np.trace(S)) / total
    widest = 2 * float(np.sqrt((off**2).sum(axis=0).max())) / total
    halves = split_halves(
        moments, standardized=standardized, rng=rng, max_splits=max_splits
    )
    return ReliabilityBounds(
        lambda1=first,
        lambda2=first + float(np.sqrt((off**2).sum() * p / (p - 1))) / total,
        lambda3=first * p / (p - 1),
        lambda4=halves.highest,
        lambda5=first + widest,
        lambda5_plus=first + widest * p / (p - 1),
        lambda6=1 - float(np.diag(S) @ (1 - multiple)) / total,
        tenberge=_tenberge(off, total),
        halves=halves,
        n=moments.n,
        method=f"Guttman's lower bounds, {_form(standardized)}, {moments.rule}",
    )


def split_halves(
    moments: Moments,
    *,
    standardized: bool,
    rng: np.random.Generator | None = None,
    max_splits: int = 20_000,
) -> SplitHalves:
    """Reliability of every split into halves, or of a random sample of the splits.

    An odd item makes one half longer by one. Each split is counted once.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two items; a constant item; items whose sum does not vary.
    ValueError
        More than `max_splits` splits, and no `rng` to draw a sample of them.

    References
    ----------
    Flanagan (1937) and Rulon (1939): 4 cov(A, B) / var(A + B).
    """
    moments.require("split-halves", items=2, answers=2)
    S = moments.correlation if standardized else moments.covariance
    total = float(S.sum())
    if total <= _noise(S):
        raise NotDefined("not-positive", statistic="split-halves")
    shorter = _shorter_halves(len(S), max_splits, rng)
    sides = np.where(shorter, -1.0, 1.0)
    # var(A + B) - var(A - B) = 4 cov(A, B)
    values = 1 - np.einsum("si,si->s", sides @ S, sides) / total
    best = shorter[int(values.argmax())]
    complete = len(shorter) == _number_of_splits(len(S))
    return SplitHalves(
        values=values,
        highest=float(values.max()),
        lowest=float(values.min()),
        mean=float(values.mean()),
        best=tuple(np.array(moments.items)[best].tolist()),
        complete=complete,
        n=moments.n,
        method=(
            f"{'all' if complete else 'a sample of'} {len(shorter)} split halves, "
            f"{_form(standardized)}, {moments.rule}"
        ),
    )


def ordinal_alpha(correlations: Polychoric) -> Estimate:
    """Coefficient alpha of polychoric correlations: of the variables behind the items.

    It says how reliable the sum of these unobserved variables would be, not the sum
    of the answers (Chalmers 2018, doi:10.1177/0013164417727036); no interval.

    References
    ----------
    Zumbo, Gadermann & Zeisser (2007), Journal of Modern Applied Statistical Methods
    6, doi:10.22237/jmasm/1177992180.
    """
    alpha = cronbach_alpha(correlations.moments()).standardized
    return Estimate(
        estimate=alpha.estimate,
        low=None,
        high=None,
        n=alpha.n,
        method=f"ordinal alpha, {correlations.method}",
        confidence=alpha.confidence,
    )


def standard_error_of_measurement(sd: float, reliability: Estimate) -> Estimate:
    r"""Spread of a score about its true value, :math:`s\sqrt{1 - \rho}`.

    `sd` is the standard deviation of the score. The ends of the interval are those of
    the reliability, the standard deviation taken as known.

    Raises
    ------
    ValueError
        A negative standard deviation or a reliability above one.
    """
    if sd < 0 or reliability.estimate > 1:
        raise ValueError(
            "A standard error of measurement needs sd >= 0 and a reliability of at "
            f"most 1, not {sd} and {reliability.estimate}."
        )

    def error(value: float | None) -> float | None:
        return None if value is None else sd * float(np.sqrt(max(1 - value, 0)))

    return Estimate(
        estimate=sd * float(np.sqrt(1 - reliability.estimate)),
        low=error(reliability.high),
        high=error(reliability.low),
        n=reliability.n,
        method=f"standard error of measurement from {reliability.method}",
        confidence=reliability.confidence,
    )


def _number_of_splits(p: int) -> int:
    return comb(p, p // 2) // (2 - p % 2)


def _shorter_halves(
    p: int, max_splits: int, rng: np.random.Generator | None
) -> np.typing.NDArray[np.bool_]:
    """Items of the shorter half of each split, (splits, p)."""
    size = p // 2
    if _number_of_splits(p) <= max_splits:
        # of two equal halves, the one without the first item
        chosen = combinations(range(1 - p % 2, p), size)
        at = np.array(list(chosen), dtype=np.intp)
    elif rng is None:
        raise ValueError(
            f"{p} items have more than {max_splits} splits: give rng to sample them."
        )
    else:
        order = np.broadcast_to(np.arange(p), (max_splits, p))
        at = rng.permuted(order, axis=1)[:, :size]
    shorter = np.zeros((len(at), p), dtype=bool)
    np.put_along_axis(shorter, at, values=True, axis=1)
    return shorter


def _tenberge(off: Matrix, total: float) -> Matrix:
    r""":math:`(p_0 + \sqrt{p_1 + \sqrt{p_2 + \dots}}) / V`.

    :math:`p_h = \sum_{i \ne j} s_{ij}^{2^h}`, the last of them times p / (p - 1).
    """
    powers = [float((off ** (2**h)).sum()) for h in range(_TENBERGE_TERMS)]
    correction = len(off) / (len(off) - 1)
    series = []
    for last in range(_TENBERGE_TERMS):
        inner = correction * powers[last]
        for h in range(last - 1, -1, -1):
            inner = powers[h] + float(np.sqrt(inner))
        series.append(inner / total)
    return np.array(series)


def _form(standardized: bool) -> str:
    return "standardized items" if standardized else "raw items"


def _noise(S: Matrix) -> float:
    """Size below which a sum of the elements of S is rounding error."""
    return float(64 * np.finfo(np.float64).eps * np.abs(S).sum())
