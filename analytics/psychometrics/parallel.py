"""How many factors the correlations support."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.burt import BurtTable
from analytics.psychometrics.compiled import Engine, in_threads, kernels, n_threads
from analytics.psychometrics.data import Codes, Matrix, ResponseMatrix
from analytics.psychometrics.minres import LOWEST_UNIQUENESS, minres
from analytics.psychometrics.moments import MissingRule, Moments
from analytics.psychometrics.moments import moments as moments_of
from analytics.psychometrics.polychoric import polychoric, polychoric_correlations

Progress = Callable[[int, int], None]

_BLOCK = 250
_DRAWS_A_THREAD = 8  # between two calls of `progress`
_SWEEPS = 200
_SWEEP_TOLERANCE = 1e-5  # of a loading; a hundredth of the Monte-Carlo error


@dataclass(frozen=True, slots=True, eq=False)
class Parallel:
    """Horn's parallel analysis, for components and for factors.

    Attributes
    ----------
    n_factors, n_components : int
        Leading eigenvalues above their threshold, before the first that is not.
    observed_components, observed_factors : (p,) float64
        Eigenvalues of the correlations, and of the correlations with the
        communalities of a one-factor solution on the diagonal, largest first.
    threshold_components, threshold_factors : (p,) float64
        The `quantile` of the same eigenvalues of random normal data.
    mean_components, mean_factors : (p,) float64
        Their means: Horn's own, more lenient threshold.
    n, n_draws : int
        Respondents of each random data set, and number of these sets.
    quantile : float
    method : str
    """

    n_factors: int
    n_components: int
    observed_components: Matrix
    observed_factors: Matrix
    threshold_components: Matrix
    threshold_factors: Matrix
    mean_components: Matrix
    mean_factors: Matrix
    n: int
    n_draws: int
    quantile: float
    method: str


def parallel_analysis(
    data: ResponseMatrix | Moments,
    *,
    rng: np.random.Generator,
    n_draws: int = 500,
    quantile: float = 0.95,
    missing: MissingRule = "pairwise",
    progress: Progress | None = None,
) -> Parallel:
    """Compare the eigenvalues with those of uncorrelated normal data of the same size.

    Components use the Pearson correlations as they are. Factors replace the diagonal
    by the communalities of a one-factor minres solution, in the data as in every draw:
    the convention of psych::fa.parallel(fm = "minres"). The random correlations are
    drawn from their exact distribution (Bartlett's decomposition of the Wishart
    distribution), so the cost does not depend on n.

    Parameters
    ----------
    data : ResponseMatrix or Moments
        Moments are taken as they are; of a ResponseMatrix they are computed by the
        rule `missing`.
    rng : numpy Generator
    n_draws : int
        Random data sets; the thresholds carry a Monte-Carlo error.
    quantile : float
        Quantile of the random eigenvalues that an observed one must exceed.
    progress : callable, optional
        Called with (draws done, n_draws) now and then.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than three items; no more respondents than items; a constant item.

    References
    ----------
    Horn (1965), Psychometrika 30, doi:10.1007/BF02289447.
    Glorfeld (1995), Educational and Psychological Measurement 55,
    doi:10.1177/0013164495055003002: an upper quantile in place of the mean.
    """
    if not 0 < quantile < 1 or n_draws < 1:
        raise ValueError(f"Not a quantile of draws: {quantile} of {n_draws}.")
    m = data if isinstance(data, Moments) else moments_of(data, missing=missing)
    m.require("parallel-analysis", items=3, answers=m.p + 1)
    found = _Draws.empty(n_draws, m.p)
    for start in range(0, n_draws, _BLOCK):
        block = slice(start, min(start + _BLOCK, n_draws))
        drawn = _random_correlations(rng, block.stop - start, m.n, m.p)
        found.fill(block, drawn)
        if progress is not None:
            progress(block.stop, n_draws)
    kind = f"Pearson correlations, {m.rule}, normal draws"
    return found.compared(m, quantile, kind)


def polychoric_parallel_analysis(
    data: ResponseMatrix,
    *,
    rng: np.random.Generator,
    missing: MissingRule,
    n_draws: int = 200,
    quantile: float = 0.95,
    engine: Engine = "auto",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Parallel:
    """Do the same with polychoric correlations.

    A draw shuffles the answers of every item by themselves, gaps included: items
    without relation, with the very distributions of the data. Where its estimates are
    no correlation matrix they are smoothed, as those of the data. Every draw has a
    seed of its own from `rng`, so that the threads, which share the draws among them,
    change nothing.

    Raises
    ------
    TooFewData, NotDefined, NotConverged
        As `polychoric`; fewer than three items; no more respondents than items.

    References
    ----------
    Cho, Li & Bandalos (2009), Educational and Psychological Measurement 69,
    doi:10.1177/0013164409332229.
    """
    if not 0 < quantile < 1 or n_draws < 1:
        raise ValueError(f"Not a quantile of draws: {quantile} of {n_draws}.")
    table = BurtTable.of(data, missing=missing, engine=engine, threads=threads)
    table.moments().require("parallel-analysis", items=3, answers=data.p + 1)
    observed = polychoric(table, smooth=True, engine=engine, threads=threads)
    answers = data.complete_rows() if missing == "listwise" else data
    shuffled = _Shuffled(answers, missing, engine)
    seeds = rng.integers(0, 2**63, size=(n_draws, 2))
    at_once = _DRAWS_A_THREAD * n_threads(threads)
    drawn = np.empty((n_draws, data.p, data.p))
    for start in range(0, n_draws, at_once):
        block = slice(start, min(start + at_once, n_draws))
        drawn[block] = in_threads(
            shuffled.correlations, list(seeds[block]), n_threads(threads)
        )
        if progress is not None:
            progress(block.stop, n_draws)
    found = _Draws.empty(n_draws, data.p)
    found.fill(slice(0, n_draws), drawn)
    kind = f"polychoric correlations, {missing}, shuffled answers"
    return found.compared(observed.moments(), quantile, kind)


@dataclass(frozen=True, slots=True, eq=False)
class _Shuffled:
    """Answers whose relations a shuffle of every item takes away."""

    answers: ResponseMatrix
    missing: MissingRule
    engine: Engine

    def correlations(self, seed: NDArray[np.int64]) -> Matrix:
        """Polychoric correlations of one draw, (p, p), in one thread."""
        rng = np.random.default_rng(seed)
        by_item = self.answers.codes.T.copy()
        n = self.answers.n
        # one 64-bit number makes two
        bits = rng.integers(0, 2**64, size=(len(by_item), n // 2 + 1), dtype=np.uint64)
        compiled = kernels(self.engine)
        shuffle = _shuffle if compiled is None else compiled.shuffle
        shuffle(by_item, bits.view(np.uint32))
        table = BurtTable.of(
            ResponseMatrix(by_item.T, self.answers.items),
            missing=self.missing,
            engine=self.engine,
            threads=1,
        )
        return polychoric_correlations(table, engine=self.engine, threads=1)


def _shuffle(by_item: Codes, bits: NDArray[np.uint32]) -> None:
    """Do the work of `kernels.shuffle` with NumPy."""
    at = np.arange(len(by_item))
    for last in range(by_item.shape[1] - 1, 0, -1):
        place = (
            bits[:, last - 1].astype(np.uint64) * np.uint64(last + 1)
        ) >> np.uint64(32)
        kept = by_item[:, last].copy()
        by_item[:, last] = by_item[at, place]
        by_item[at, place] = kept


@dataclass(frozen=True, slots=True, eq=False)
class _Draws:
    """Eigenvalues of random correlations, (draws, p) each."""

    components: Matrix
    factors: Matrix

    @classmethod
    def empty(cls, n_draws: int, p: int) -> Self:
        return cls(np.empty((n_draws, p)), np.empty((n_draws, p)))

    def fill(self, block: slice, drawn: Matrix) -> None:
        """Put the eigenvalues of (draws, p, p) correlations where they belong."""
        self.components[block] = np.linalg.eigvalsh(drawn)[:, ::-1]
        self.factors[block] = _factor_eigenvalues(drawn, one_factor_loadings(drawn))

    def compared(self, m: Moments, quantile: float, kind: str) -> Parallel:
        """Hold the eigenvalues of the data against those of the draws."""
        R = m.correlation
        components = np.linalg.eigvalsh(R)[::-1].astype(np.float64)
        factors = _factor_eigenvalues(R, minres(R, 1).loadings)
        component_threshold = np.quantile(self.components, quantile, axis=0)
        factor_threshold = np.quantile(self.factors, quantile, axis=0)
        return Parallel(
            n_factors=_leading(factors > factor_threshold),
            n_components=_leading(components > component_threshold),
            observed_components=components,
            observed_factors=factors,
            threshold_components=component_threshold,
            threshold_factors=factor_threshold,
            mean_components=self.components.mean(axis=0),
            mean_factors=self.factors.mean(axis=0),
            n=m.n,
            n_draws=len(self.components),
            quantile=quantile,
            method=f"{kind}, quantile {quantile:g}",
        )


def _random_correlations(
    rng: np.random.Generator, draws: int, n: int, p: int
) -> Matrix:
    """Correlations of n rows of p independent normals, (draws, p, p).

    Bartlett (1933), Proceedings of the Royal Society of Edinburgh 53, 260-283: the
    Wishart matrix with n - 1 degrees of freedom is LL', L lower triangular with
    chi variates (n - 1, n - 2, ...) on and normals below the diagonal.
    """
    lower = np.tril(rng.standard_normal((draws, p, p)), -1)
    at = np.arange(p)
    lower[:, at, at] = np.sqrt(rng.chisquare(n - 1 - at, size=(draws, p)))
    # rows of unit length make a correlation matrix of the product
    lower /= np.sqrt((lower**2).sum(axis=2, keepdims=True))
    drawn: Matrix = lower @ lower.transpose(0, 2, 1)
    return drawn


def _factor_eigenvalues(R: Matrix, loadings: Matrix) -> Matrix:
    """Eigenvalues of (..., p, p) R with communalities on the diagonal, largest first.

    `loadings` is (p, 1) for one matrix, (draws, p) for many.
    """
    communalities = np.reshape(loadings, R.shape[:-1]) ** 2
    reduced = R.copy()
    at = np.arange(R.shape[-1])
    reduced[..., at, at] = communalities
    return np.linalg.eigvalsh(reduced)[..., ::-1].astype(np.float64)


def one_factor_loadings(R: Matrix) -> Matrix:
    """One-factor minres loadings of (draws, p, p) correlations at once, (draws, p).

    Harman & Jones (1966): each loading in turn takes the value that
    minimises the residuals of its row, so that the criterion never rises; it stays
    within the communality that `minres` allows. Starts, as `minres` does, from the
    squared multiple correlations.
    """
    p = R.shape[-1]
    inverse = np.linalg.solve(R, np.broadcast_to(np.eye(p), R.shape))
    reduced = R.copy()
    at = np.arange(p)
    reduced[:, at, at] = 1 - 1 / inverse[:, at, at]
    values, vectors = np.linalg.eigh(reduced)
    loadings: Matrix = vectors[:, :, -1] * np.sqrt(values[:, -1:])
    # item first, so that one item of every draw lies together
    rows = np.ascontiguousarray(R.transpose(1, 0, 2))
    rows[at, :, at] = 0
    running = np.arange(len(R))
    for _ in range(_SWEEPS):
        moved = _sweep(rows[:, running], before := loadings[running])
        loadings[running] = moved
        running = running[np.abs(moved - before).max(axis=1) > _SWEEP_TOLERANCE]
        if not running.size:
            break
    return loadings


def _sweep(rows: Matrix, loadings: Matrix) -> Matrix:
    """One round of Harman & Jones over the items, (p, draws, p) rows without diagonal."""
    limit = np.sqrt(1 - LOWEST_UNIQUENESS)
    loadings = loadings.copy()
    square = (loadings**2).sum(axis=1)
    for j, row in enumerate(rows):
        others = square - loadings[:, j] ** 2
        cross = np.einsum("dj,dj->d", row, loadings)
        loadings[:, j] = np.clip(cross / np.maximum(others, 1e-12), -limit, limit)
        square = others + loadings[:, j] ** 2
    return loadings


def _leading(above: np.typing.NDArray[np.bool_]) -> int:
    """Count the leading True values."""
    return len(above) if above.all() else int(above.argmin())
