"""One table of two ordered items: polychoric correlation and fit of the normal model."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.bivariate import Cells
from analytics.psychometrics.burt import BurtTable
from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import chi2_sf
from analytics.psychometrics.errors import NotConverged
from analytics.psychometrics.polychoric import polychoric

_TOLERANCE = 1e-11
_MAX_STEPS = 100
_STEP = 1e-5  # of the differences that make the observed information


@dataclass(frozen=True, slots=True, eq=False)
class PolychoricPair:
    """Polychoric correlation of two items, and how normal their table looks.

    Attributes
    ----------
    rho, se : float
        At once: from the observed information of all parameters. In two steps: as in
        `polychoric`.
    first_thresholds, second_thresholds : (k - 1,) float64
    chi2, df, p : float, int, float or None
        Likelihood ratio of the bivariate normal distribution against the table as it
        is; no p where df = 0.
    n : int
    method : str
    """

    rho: float
    se: float
    first_thresholds: Matrix
    second_thresholds: Matrix
    chi2: float
    df: int
    p: float | None
    n: int
    method: str


def polychoric_pair(
    table: BurtTable, first: str, second: str, *, at_once: bool
) -> PolychoricPair:
    """Fit a bivariate normal distribution to one table.

    A category that nobody chose is taken together with the one below it.

    Parameters
    ----------
    at_once : bool
        Maximise the likelihood of thresholds and correlation together, instead of the
        thresholds first. Takes people who answered both items.

    Raises
    ------
    TooFewData, NotDefined, NotConverged
        As `polychoric`.

    References
    ----------
    Olsson (1979), Psychometrika 44, doi:10.1007/BF02296207: both estimates.
    """
    pair = table.select([first, second])
    start = polychoric(pair)
    counts = table.table(first, second)[1:, 1:].astype(np.float64)
    rows, columns = (np.flatnonzero(counts.sum(axis=axis)) for axis in (1, 0))
    counts = counts[np.ix_(rows, columns)]
    cuts = (
        of[kept[1:] - 1]
        for of, kept in zip(start.thresholds, (rows, columns), strict=True)
    )
    k = len(rows) - 1
    theta: Matrix = np.concatenate([*cuts, [start.rho[0, 1]]])
    se = float(start.se[0, 1])
    if at_once:
        theta = _maximum(counts, theta, k)
        se = float(np.sqrt(np.linalg.inv(_observed(counts, theta, k))[-1, -1]))
    expected = _cells(theta, k)[0] * counts.sum()
    some = counts > 0
    ratio = np.log(counts[some] / expected[some])
    chi2, df = 2 * float((counts[some] * ratio).sum()), counts.size - 1 - len(theta)
    return PolychoricPair(
        rho=float(theta[-1]),
        se=se,
        first_thresholds=theta[:k],
        second_thresholds=theta[k:-1],
        chi2=chi2,
        df=df,
        p=chi2_sf(chi2, df) if df else None,
        n=int(counts.sum()),
        method="maximum likelihood" if at_once else "two-step maximum likelihood",
    )


def _cells(theta: Matrix, k: int) -> tuple[Matrix, Matrix]:
    """Probabilities (r, s) and their derivatives by all parameters, (r, s, t)."""
    from scipy import special

    h, g, r = theta[:k], theta[k:-1], theta[-1:]
    inner = max(len(h), len(g))
    padded = [
        np.pad(cuts, (0, inner - len(cuts)), constant_values=30) for cuts in (h, g)
    ]
    (first, second), (below, left) = (
        [one[None] for one in of] for of in (padded, map(special.ndtr, padded))
    )
    cells = Cells.of(first, second, below, left, r)
    shape = len(h) + 1, len(g) + 1
    slopes = np.zeros((*shape, len(theta)))
    slopes[:, :, -1] = cells.slope[0, : shape[0], : shape[1]]
    root = np.sqrt(1 - r**2)
    for own, other, offset, turned in ((h, g, 0, False), (g, h, k, True)):
        edges = special.ndtr((other - r * own[:, None]) / root)
        share = np.diff(np.pad(edges, ((0, 0), (1, 0))), axis=1, append=1.0)
        moved = share * (np.exp(-(own**2) / 2) / np.sqrt(2 * np.pi))[:, None]
        view = slopes.transpose(1, 0, 2) if turned else slopes
        for t, row in enumerate(moved):
            view[t, :, offset + t] += row
            view[t + 1, :, offset + t] -= row
    return cells.probability[0, : shape[0], : shape[1]], slopes


def _score(counts: Matrix, theta: Matrix, k: int) -> Matrix:
    """Differentiate the log-likelihood by all parameters, (t,)."""
    P, D = _cells(theta, k)
    score: Matrix = np.tensordot(counts / P, D, axes=2)
    return score


def _maximum(counts: Matrix, theta: Matrix, k: int) -> Matrix:
    """Fisher scoring with halved steps from the two-step estimate."""
    n = counts.sum()
    for _ in range(_MAX_STEPS):
        P, D = _cells(theta, k)
        flat = D.reshape(-1, len(theta))
        information = n * (flat / P.reshape(-1, 1)).T @ flat
        step = np.linalg.solve(information, np.tensordot(counts / P, D, axes=2))
        before = float((counts * np.log(P)).sum())
        for halving in range(30):
            moved = theta + 0.5**halving * step
            if abs(moved[-1]) < 1:
                after = float((counts * np.log(_cells(moved, k)[0])).sum())
                if after >= before - 1e-9 * abs(before):
                    break
        theta = moved
        if np.abs(step).max() < _TOLERANCE:
            return theta
    raise NotConverged("not-converged", statistic="polychoric")


def _observed(counts: Matrix, theta: Matrix, k: int) -> Matrix:
    """Negative second derivatives, by differences of the exact first ones, (t, t)."""
    rows = [
        _score(counts, theta - unit, k) - _score(counts, theta + unit, k)
        for unit in _STEP * np.eye(len(theta))
    ]
    H = np.array(rows) / (2 * _STEP)
    return (H + H.T) / 2
