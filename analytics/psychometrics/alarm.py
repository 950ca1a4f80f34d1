"""Which of many cells dropped, at one stated rate of false alarms over all of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import normal_tail, t_tail
from analytics.psychometrics.errors import TooFewData

_CHUNK: Final = 4_000_000  # normal numbers held at a time
_ROUNDING: Final = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class CellMoments:
    """Scores of one wave: C cells, S scales, each array (C, S).

    Attributes
    ----------
    n : float
        People with a score.
    mean, variance : float
        Of their scores, divisor n - 1; NaN where a cell is not to be watched.
    """

    n: Matrix
    mean: Matrix
    variance: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class DropAlarm:
    """What was watched in one wave and what fired; arrays are (C, S).

    Attributes
    ----------
    difference : float
        Mean now less mean before; NaN where not watched, as in the next four.
    t, df : float
        Welch's statistic of a drop (positive when the mean fell) and its degrees.
    p : float
        Its upper tail, of this cell alone.
    adjusted_p : float
        Chance, were nothing different anywhere, that the smallest p of all that is
        watched lies as low as this one.
    fired : bool
        `adjusted_p` at or below `rate`.
    watched : int
    rate : float
        Chance of one or more false alarms in the whole wave.
    critical_p : float
        The p at which an alarm fires.
    draws : int
    """

    difference: Matrix
    t: Matrix
    df: Matrix
    p: Matrix
    adjusted_p: Matrix
    fired: NDArray[np.bool_]
    watched: int
    rate: float
    critical_p: float
    draws: int


def drop_alarm(
    before: CellMoments,
    now: CellMoments,
    *,
    overlap: Matrix,
    correlations: Matrix,
    rate: float,
    draws: int,
    rng: np.random.Generator,
) -> DropAlarm:
    r"""Watch every cell and scale for a drop, one-sided, at one rate over all of them.

    Each cell and scale has Welch's :math:`t = (\bar x_0 - \bar x_1) / \sqrt{s_0^2/n_0 +
    s_1^2/n_1}` with its own degrees of freedom and tail p. Cells contain one another and
    scales correlate, so the smallest of all p is held against the smallest tail of
    correlated standard normals, whose correlation of (c, s) with (c', s') is
    :math:`O_{cc'} R_{ss'}`: the maximum statistic of Westfall & Young with a
    parametric reference. Neither the number of cells nor that of scales has to be
    independent of anything, and none is paid for twice.

    Parameters
    ----------
    before, now : CellMoments
        Two waves of independent answers. Watched is what has two or more people with a
        finite mean in both waves and varies in one of them at least.
    overlap : (C, C)
        :math:`|c \cap c'| / \sqrt{|c| |c'|}` of the people; the identity where no cell
        contains another.
    correlations : (S, S)
        Of the scales, among people within a cell.
    rate : float
        Chance of a false alarm anywhere; the exact rate for normal scores, measured
        for scores of seven-point items in docs/methods.md. It becomes smaller where
        the same people answer both waves alike.
    draws : int
        Of the reference; 20,000 leave the rate uncertain by .0015 at .05.

    Raises
    ------
    TooFewData
        Nothing can be watched.

    References
    ----------
    Welch (1947), Biometrika 34, doi:10.1093/biomet/34.1-2.28; Westfall & Young (1993),
    Resampling-Based Multiple Testing, section 2.3.
    """
    if not 0 < rate < 1:
        raise ValueError(f"rate must lie between 0 and 1, not {rate}.")
    watched = _watched(before, now)
    if not watched.any():
        raise TooFewData("needs-groups", statistic="drop-alarm", needs=1, has=0)
    t, df, p = _welch(before, now, watched)
    smallest = _reference(watched, overlap, correlations, draws, rng)
    below = np.searchsorted(smallest, p[watched], side="right")
    adjusted = np.full(p.shape, np.nan)
    adjusted[watched] = below / draws
    last = max(int(np.floor(rate * draws)), 1)
    return DropAlarm(
        difference=np.where(watched, now.mean - before.mean, np.nan),
        t=t,
        df=df,
        p=p,
        adjusted_p=adjusted,
        fired=watched & (np.nan_to_num(adjusted, nan=1.0) <= rate),
        watched=int(watched.sum()),
        rate=rate,
        critical_p=float(smallest[last - 1]),
        draws=draws,
    )


def _watched(before: CellMoments, now: CellMoments) -> NDArray[np.bool_]:
    sizes = (before.n >= 2) & (now.n >= 2)
    finite = np.isfinite(before.mean) & np.isfinite(now.mean)
    vary = np.nan_to_num(before.variance) + np.nan_to_num(now.variance) > 0
    found: NDArray[np.bool_] = sizes & finite & vary
    return found


def _welch(
    before: CellMoments, now: CellMoments, watched: NDArray[np.bool_]
) -> tuple[Matrix, Matrix, Matrix]:
    """T of a drop, degrees of freedom and upper tail; NaN where not watched."""
    t, df, p = (np.full(watched.shape, np.nan) for _ in range(3))
    n_0, n_1 = before.n[watched], now.n[watched]
    a, b = before.variance[watched] / n_0, now.variance[watched] / n_1
    t[watched] = (before.mean[watched] - now.mean[watched]) / np.sqrt(a + b)
    df[watched] = (a + b) ** 2 / (a**2 / (n_0 - 1) + b**2 / (n_1 - 1))
    p[watched] = t_tail(t[watched], df[watched])
    return t, df, p


def _reference(
    watched: NDArray[np.bool_],
    overlap: Matrix,
    correlations: Matrix,
    draws: int,
    rng: np.random.Generator,
) -> Matrix:
    """(draws,) smallest tails over the watched, ascending, when nothing differs."""
    cells, scales = _root(overlap), _root(correlations)
    rank = cells.shape[1]
    step = max(_CHUNK // max(rank * scales.shape[1], watched.size), 1)
    largest = np.empty(draws)
    for start in range(0, draws, step):
        count = min(step, draws - start)
        normal = rng.standard_normal((rank, count, scales.shape[1])) @ scales.T
        # one large product instead of one for every draw
        z = cells @ normal.reshape(rank, -1)
        z = z.reshape(len(cells), count, -1).swapaxes(1, 2)
        largest[start : start + count] = z[watched].max(axis=0)
    return np.sort(normal_tail(largest))


def _root(correlations: Matrix) -> Matrix:
    """(p, r) matrix A with A A' = the correlations, negative eigenvalues left out.

    Rows keep length one, so that each statistic stays standard normal where pairwise
    deletion made the matrix indefinite.
    """
    values, vectors = np.linalg.eigh(np.asarray(correlations, dtype=np.float64))
    kept = values > _ROUNDING * values.max()
    root = vectors[:, kept] * np.sqrt(values[kept])
    length = np.linalg.norm(root, axis=1)
    found: Matrix = root / length[:, None]
    return found
