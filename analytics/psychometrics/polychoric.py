"""Correlations of the normal variables behind ordered categories."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.bivariate import (
    FLOOR,
    Cells,
    density_slope,
    differences,
    packed_rules,
)
from analytics.psychometrics.burt import BurtTable
from analytics.psychometrics.compiled import (
    Engine,
    in_threads,
    kernels,
    n_threads,
    slices,
)
from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotConverged, NotDefined
from analytics.psychometrics.moments import Counts, MissingRule, Moments

_BOUND = 0.9999  # of a correlation; a maximum there is none inside
_TOLERANCE = 1e-11
_TOLERANCE_OF_DRAWS = 1e-6  # a ten-thousandth of their sampling error
_MAX_STEPS = 100
_INFINITE = 30.0  # a threshold nobody lies beyond; its tail is 0 in double precision
_PAIRS_AT_ONCE = 128  # so that the nodes of all their cells stay in the caches
_SMALLEST_EIGENVALUE = 1e-8  # of a smoothed matrix

Index = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Polychoric:
    """Polychoric correlations of p items.

    Attributes
    ----------
    items : tuple of p str
    rho : (p, p) float64
    se : (p, p) float64
        Standard errors of the two-step estimates, the sampling error of the
        thresholds included; 0 on the diagonal.
    se_given_thresholds : (p, p) float64
        From the observed information of rho alone, as if the thresholds were known.
    thresholds : tuple of p arrays
        k_j - 1 each; infinite where nobody chose the first or last categories, equal
        about a category in between that nobody chose.
    pair_n : (p, p) int64
        Rows that answered both items.
    n : int
        Smallest `pair_n`.
    rule : "pairwise" or "listwise"
    converged : bool
    iterations : int
        The most that any pair took.
    last_step : float
        Largest last change of a correlation.
    smallest_eigenvalue : float
        Of the estimates, before any smoothing; not positive: they are no
        correlation matrix.
    smoothed : bool
        Whether `rho` was changed to become one.
    method : str
    """

    items: tuple[str, ...]
    rho: Matrix
    se: Matrix
    se_given_thresholds: Matrix
    thresholds: tuple[Matrix, ...]
    pair_n: Counts
    n: int
    rule: MissingRule
    converged: bool
    iterations: int
    last_step: float
    smallest_eigenvalue: float
    smoothed: bool
    method: str

    def moments(self) -> Moments:
        """Return the correlations as moments of variables with variance 1.

        What takes `Moments` takes these: factors, KMO, ordinal alpha, omega. Intervals
        that assume Pearson correlations are then approximate.
        """
        return Moments(
            items=self.items,
            mean=np.zeros(len(self.items)),
            covariance=self.rho.copy(),
            correlation=self.rho.copy(),
            pair_n=self.pair_n.copy(),
            n=self.n,
            rule=self.rule,
        )


def polychoric(
    table: BurtTable,
    *,
    smooth: bool = False,
    engine: Engine = "auto",
    threads: int | None = None,
) -> Polychoric:
    r"""Two-step maximum likelihood of every polychoric correlation.

    First the thresholds, normal quantiles of the cumulative shares of everybody who
    answered the item; then, these given, each correlation by Fisher scoring on the
    table of its pair, to a step of 1e-11. Cells are never corrected for continuity.
    Bivariate normal probabilities come from Plackett's integral over the arc sine of
    the correlation (Gauss-Legendre, 6 nodes up to .3, 12 to .75, 20 to .8, then 64).

    Parameters
    ----------
    table : BurtTable
        Its rule for missing answers is the rule of the correlations.
    smooth : bool
        Replace estimates that are no correlation matrix by one: eigenvalues raised
        to 1e-8, unit diagonal restored. `smoothed` says whether that happened.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two items; a constant item; answers to one item that determine
        those to another, so that no correlation inside (-1, 1) is the likeliest.
    NotConverged
        A correlation still moved after 100 steps.

    References
    ----------
    Olsson (1979), Psychometrika 44, doi:10.1007/BF02296207: the two-step estimate.
    Plackett (1954), Biometrika 41, doi:10.1093/biomet/41.3-4.351: the integral.
    Joreskog (1994), Psychometrika 59, doi:10.1007/BF02296131: the standard errors.
    """
    pearson = table.moments()
    pearson.require("polychoric", items=2, answers=2)
    pairs = Pairs.of(table)
    found = _fitted(pairs, pearson.correlation, engine, n_threads(threads))
    r, steps, last = found.T
    if not (last <= _TOLERANCE).all():
        raise NotConverged("not-converged", statistic="polychoric")
    at_bound = np.flatnonzero(np.abs(r) > _BOUND - 1e-6)
    if at_bound.size:
        first, second = (int(of[at_bound[0]]) for of in (pairs.i, pairs.j))
        raise NotDefined(
            "perfect-association",
            first=table.items[first].code,
            second=table.items[second].code,
        )
    two_step, given = _standard_errors(pairs, r, n_threads(threads))
    rho = _square(pairs, r, diagonal=1.0)
    smallest = float(np.linalg.eigvalsh(rho)[0])
    change = smooth and smallest < _SMALLEST_EIGENVALUE
    return Polychoric(
        items=table.item_codes,
        rho=_smoothed(rho) if change else rho,
        se=_square(pairs, two_step),
        se_given_thresholds=_square(pairs, given),
        thresholds=_thresholds(table),
        pair_n=pearson.pair_n.copy(),
        n=pearson.n,
        rule=table.rule,
        converged=True,
        iterations=int(steps.max()),
        last_step=float(last.max()),
        smallest_eigenvalue=smallest,
        smoothed=change,
        method=(
            f"two-step maximum likelihood, {table.rule}"
            + (", smoothed to be positive definite" if change else "")
        ),
    )


def polychoric_correlations(
    table: BurtTable, *, engine: Engine = "auto", threads: int | None = None
) -> Matrix:
    """Estimate as `polychoric`, smoothed and without errors or checks: for many draws.

    The last step is below 1e-6, which leaves about 1e-8. A correlation without a
    maximum inside (-1, 1) is put at the bound.
    """
    pairs = Pairs.of(table)
    pearson = table.moments().correlation
    found = _fitted(pairs, pearson, engine, n_threads(threads), _TOLERANCE_OF_DRAWS)
    r = found[:, 0]
    rho = _square(pairs, r, diagonal=1.0)
    smallest = float(np.linalg.eigvalsh(rho)[0])
    return _smoothed(rho) if smallest < _SMALLEST_EIGENVALUE else rho


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The q = p (p - 1) / 2 tables of two items, all filled up to k categories.

    Attributes
    ----------
    i, j : (q,) int32
        The items of each pair.
    tables : (q, k + 1, k + 1) float64
        Counts, missing first.
    tau, below : (p, k - 1) float64
        Thresholds within -30..30 and the shares below them.
    answers : (p,) int64
        Answers to each item.
    """

    i: Index
    j: Index
    tables: Matrix
    tau: Matrix
    below: Matrix
    answers: Counts

    @classmethod
    def of(cls, table: BurtTable) -> "Pairs":
        """Cut the tables out of the Burt table, upper triangle row by row."""
        sizes = np.array([item.n_categories + 1 for item in table.items])
        k = int(sizes.max())
        starts = np.cumsum(sizes) - sizes
        state = starts[:, None] + np.arange(k)
        padded = np.arange(k) >= sizes[:, None]
        # states that an item does not have point at an empty row behind the table
        counts = np.pad(table.counts, (0, 1))
        state[padded] = len(table.counts)
        i, j = (at.astype(np.int32) for at in np.triu_indices(table.p, 1))
        tables = counts[state[i][:, :, None], state[j][:, None, :]].astype(np.float64)
        answers = np.diag(counts)[state][:, 1:]
        total = answers.sum(axis=1)
        below = np.cumsum(answers, axis=1)[:, :-1] / total[:, None]
        tau = np.clip(_normal_quantiles(below), -_INFINITE, _INFINITE)
        return cls(i, j, tables, tau, below, total)


def _fitted(
    pairs: Pairs,
    pearson: Matrix,
    engine: Engine,
    threads: int,
    tolerance: float = _TOLERANCE,
) -> Matrix:
    """Correlation, iterations and last step of every pair, (q, 3)."""
    start = np.clip(pearson[pairs.i, pairs.j], -0.95, 0.95)
    answered = np.ascontiguousarray(pairs.tables[:, 1:, 1:])
    fit: Callable[..., Matrix] = partial(_fit_pairs, tolerance=tolerance)
    parts = slices(len(start), -(-len(start) // _PAIRS_AT_ONCE), smallest=1)
    compiled = kernels(engine)
    if compiled is not None:
        limits = np.array([_BOUND, tolerance, _MAX_STEPS, FLOOR])
        fit = partial(compiled.fit_pairs, rules=packed_rules(), limits=limits)
    fit = partial(fit, tau=pairs.tau, below=pairs.below)

    def work(part: slice) -> Matrix:
        return fit(
            tables=answered[part], i=pairs.i[part], j=pairs.j[part], start=start[part]
        )

    return np.concatenate(in_threads(work, parts, threads))


def _fit_pairs(
    tables: Matrix,
    i: Index,
    j: Index,
    tau: Matrix,
    below: Matrix,
    start: Matrix,
    tolerance: float,
) -> Matrix:
    """Fisher scoring of q correlations at once, each within a shrinking bracket.

    Where a step would leave the bracket, between a rising and a falling likelihood,
    it goes to the middle instead. `tables` (q, k, k); returns (q, 3).
    """
    q = len(tables)
    found = np.column_stack([start, np.zeros(q), np.full(q, np.inf)])
    low, high = np.full(q, -_BOUND), np.full(q, _BOUND)
    total = tables.sum(axis=(1, 2))
    running = np.arange(q)
    for _ in range(_MAX_STEPS):
        r = found[running, 0]
        cells = Cells.of(
            tau[i[running]], tau[j[running]], below[i[running]], below[j[running]], r
        )
        score = (tables[running] * cells.score).sum(axis=(1, 2))
        information = total[running] * (cells.slope * cells.score).sum(axis=(1, 2))
        up = score > 0
        low[running[up]], high[running[~up]] = r[up], r[~up]
        moved = r + score / np.maximum(information, 1e-300)
        inside = (low[running] <= moved) & (moved <= high[running])
        moved = np.where(inside, moved, (low[running] + high[running]) / 2)
        found[running, 0] = moved
        found[running, 1] += 1
        found[running, 2] = np.abs(moved - r)
        running = running[np.abs(moved - r) > tolerance]
        if not running.size:
            break
    return found


def _standard_errors(pairs: Pairs, r: Matrix, threads: int) -> tuple[Matrix, Matrix]:
    """Two-step standard errors, and those with known thresholds, (q,) each."""
    parts = slices(len(r), -(-len(r) // _PAIRS_AT_ONCE), smallest=1)
    errors = in_threads(lambda part: _errors_of(pairs, part, r[part]), parts, threads)
    two_step, given = (np.concatenate(values) for values in zip(*errors, strict=True))
    return two_step, given


def _errors_of(pairs: Pairs, part: slice, r: Matrix) -> tuple[Matrix, Matrix]:
    r"""Return the standard errors of one slice of the pairs.

    A respondent in cell (a, b) moves the score equation by :math:`s_{ab} - w\sum_t
    c_t (1[a \le t] - P_t) - \dots`, s being the derivative of the log-probability,
    :math:`c_t = \sum_b \frac{\partial p_{ab}}{\partial \tau_t}
    \frac{s_{ab}}{\varphi(\tau_t)}` what a threshold changes in it, and w the share of
    the item's respondents who are in the pair's table. Their sum of squares over the
    squared information is the variance.
    """
    i, j, tables = pairs.i[part], pairs.j[part], pairs.tables[part]
    h, g, below_h, below_g = pairs.tau[i], pairs.tau[j], pairs.below[i], pairs.below[j]
    cells = Cells.of(h, g, below_h, below_g, r)
    n = tables[:, 1:, 1:]
    total = n.sum(axis=(1, 2))
    information = total * (cells.slope * cells.score).sum(axis=(1, 2))
    moves = np.zeros_like(tables)
    moves[:, 1:, 1:] = cells.score
    of_rows = total / tables[:, 1:].sum(axis=(1, 2))
    of_columns = total / tables[:, :, 1:].sum(axis=(1, 2))
    by_row = _through_thresholds(cells.score, h, g, below_h, r)
    by_column = _through_thresholds(cells.score.transpose(0, 2, 1), g, h, below_g, r)
    moves[:, 1:] -= (of_rows[:, None] * by_row)[:, :, None]
    moves[:, :, 1:] -= (of_columns[:, None] * by_column)[:, None, :]
    variance = (tables * moves**2).sum(axis=(1, 2)) / information**2
    bend = differences(np.pad(density_slope(h, g, r), ((0, 0), (1, 1), (1, 1))))
    observed = (n * (cells.score**2 - bend / cells.probability)).sum(axis=(1, 2))
    return np.sqrt(variance), 1 / np.sqrt(np.maximum(observed, 1e-300))


def _through_thresholds(
    score: Matrix, h: Matrix, g: Matrix, below: Matrix, r: Matrix
) -> Matrix:
    """Sum over t of c_t (1[a <= t] - P_t), (q, k), for the item with thresholds h."""
    from scipy import special

    root = np.sqrt(1 - r**2)[:, None, None]
    conditional = special.ndtr(
        (g[:, None, :] - r[:, None, None] * h[:, :, None]) / root
    )
    edges = np.pad(conditional, ((0, 0), (0, 0), (1, 0)))
    share = np.diff(np.pad(edges, ((0, 0), (0, 0), (0, 1)), constant_values=1), axis=2)
    c = (share * (score[:, :-1] - score[:, 1:])).sum(axis=2)
    k = score.shape[1]
    reached = np.arange(k)[:, None] <= np.arange(k - 1)
    moved: Matrix = ((reached - below[:, None, :]) * c[:, None, :]).sum(axis=2)
    return moved


def _thresholds(table: BurtTable) -> tuple[Matrix, ...]:
    found = []
    for counts in table.frequencies().values():
        below = np.cumsum(counts)[:-1] / np.sum(counts)
        found.append(_normal_quantiles(below))
    return tuple(found)


def _normal_quantiles(share: Matrix) -> Matrix:
    from scipy import special  # slow to import: see `distributions`

    quantiles: Matrix = special.ndtri(share)
    return quantiles


def _square(pairs: Pairs, values: Matrix, *, diagonal: float = 0.0) -> Matrix:
    p = len(pairs.tau)
    square = np.diag(np.full(p, diagonal))
    square[pairs.i, pairs.j] = square[pairs.j, pairs.i] = values
    return square


def _smoothed(rho: Matrix) -> Matrix:
    """Raise the eigenvalues of (p, p) rho to 1e-8 and restore the unit diagonal."""
    values, vectors = np.linalg.eigh(rho)
    raised = (vectors * np.maximum(values, _SMALLEST_EIGENVALUE)) @ vectors.T
    sd = np.sqrt(np.diag(raised))
    smoothed: Matrix = raised / np.outer(sd, sd)
    np.fill_diagonal(smoothed, 1)
    return smoothed
