"""Marginal maximum likelihood of graded answers: EM, then Newton's steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import MISSING, Codes, Matrix
from analytics.psychometrics.errors import NotConverged, NotDefined
from analytics.psychometrics.irt.kernel import (
    Layout,
    Slopes,
    complete_information,
    gradient,
    log_probabilities,
    ordered,
    slopes,
)
from analytics.psychometrics.irt.patterns import (
    Expected,
    Patterns,
    expected,
    missing_information,
)

STATISTIC = "graded-response"
_EM_STEPS = 40
_EM_GAIN = 1e-4  # of log-likelihood a person, from where Newton is faster
_NEWTON_STEPS = 60
_DECREMENT = 1e-14  # squared distance to the top in standard errors
_SLOW = 0.1  # a step that leaves more of the distance asks for new derivatives
_STEEPEST = 40.0  # slope: other items determine the answers
_ITEM_STEPS = 3
_ROUNDING = 1e-12  # of the log-likelihood
_SINGULAR = 1e-9
_PATTERNS_ENOUGH = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Points of the trait and the logarithms of their normal weights."""

    x: Matrix
    log_weights: Matrix

    @classmethod
    def even(cls, points: int, reach: float, *, shifted: bool = False) -> "Grid":
        """Evenly spaced points from -reach to reach; shifted: those in between."""
        x = np.linspace(-reach, reach, points)
        if shifted:
            x = (x[1:] + x[:-1]) / 2
        log_w = -(x**2) / 2
        return cls(x, log_w - np.log(np.exp(log_w).sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Where the likelihood is highest.

    Attributes
    ----------
    at : (C,) float64
    information : (C, C) float64
        Minus the second derivatives of the log-likelihood.
    log_likelihood : float
    em_steps, newton_steps : int
    """

    at: Matrix
    information: Matrix
    log_likelihood: float
    em_steps: int
    newton_steps: int


def start(codes: Codes, layout: Layout) -> Matrix:
    """Slopes and intercepts from the first component of the answers, (C,).

    Gaps count as the mean; the sign is that of most items.
    """
    answered = codes != MISSING
    z = np.zeros(codes.shape)
    at = np.empty(layout.total)
    for j, size in enumerate(layout.sizes):
        own = codes[answered[:, j], j].astype(np.float64)
        shares = np.bincount(codes[answered[:, j], j], minlength=size) / len(own)
        above = 1 - np.cumsum(shares)[:-1]
        at[layout.starts[j] + 1 : layout.starts[j + 1]] = np.log(above / (1 - above))
        z[answered[:, j], j] = (own - own.mean()) / own.std()
    together = np.maximum(answered.astype(np.float32).T @ answered, 1)
    values, vectors = np.linalg.eigh((z.T @ z) / together)
    loading = vectors[:, -1] * np.sqrt(values[-1])
    loading = np.clip(loading * (np.sign(loading.sum()) or 1.0), -0.9, 0.9)
    slope = 1.7 * loading / np.sqrt(1 - loading**2)
    for j, part in enumerate(layout.parts):
        at[part] *= np.sqrt(1 + slope[j] ** 2 / 2.89)
        at[part.start] = slope[j]
    return at


def derivatives(at: Matrix, layout: Layout, x: Matrix) -> list[Slopes]:
    """First derivatives of every item."""
    return [slopes(at[part], x) for part in layout.parts]


def m_step(at: Matrix, layout: Layout, counts: Matrix, x: Matrix) -> Matrix:
    """Raise the expected log-likelihood, item by item, by a few of Newton's steps."""
    found = at.copy()
    for part in layout.parts:
        own, seen = found[part], counts[part]
        alone = Layout((len(own),))
        value = float((seen * log_probabilities(own, alone, x)).sum())
        for _ in range(_ITEM_STEPS):
            first = slopes(own, x)
            curvature = complete_information(first, seen, x)
            if not positive(curvature):
                break  # flat as far as numbers go, at the steepest slopes
            step = np.linalg.solve(curvature, gradient([first], alone, seen))
            for shrink in 0.5 ** np.arange(12):
                tried = own + shrink * step
                if not ordered(tried, alone):
                    continue
                new = float((seen * log_probabilities(tried, alone, x)).sum())
                if new >= value:
                    own, value = tried, new
                    break
        found[part] = own
    return found


def information(
    patterns: Patterns, at: Matrix, counts: Matrix, grid: Grid, threads: int
) -> Matrix:
    """Minus the second derivatives of the log-likelihood, (C, C).

    Louis (1982): information of complete data less what is missing of it.
    """
    layout = patterns.layout
    first = derivatives(at, layout, grid.x)
    complete = np.zeros((layout.total, layout.total))
    for part, own in zip(layout.parts, first, strict=True):
        complete[part, part] = complete_information(own, counts[part], grid.x)
    log_p = log_probabilities(at, layout, grid.x)
    missing = missing_information(patterns, log_p, grid.log_weights, first, threads)
    return complete - (missing + missing.T) / 2


def _require_finite_slopes(at: Matrix, layout: Layout, codes: Sequence[str]) -> None:
    for code, part in zip(codes, layout.parts, strict=True):
        if abs(at[part.start]) > _STEEPEST:
            raise NotDefined("graded-determined", statistic=STATISTIC, item=code)


def fit(
    patterns: Patterns, at: Matrix, grid: Grid, codes: Sequence[str], threads: int
) -> Solution:
    """Climb from `at` to the top of the marginal likelihood.

    EM (Bock & Aitkin, 1981) until a step gains less than 1e-4 a person; then Newton's
    steps with the observed information, kept as long as it serves, until the remaining
    distance is 1e-7 standard errors.

    Raises
    ------
    NotDefined
        A slope grows beyond all measure, or the answers leave a parameter open.
    NotConverged
        The top was not reached.
    """
    layout, n = patterns.layout, patterns.counts.sum()
    now, em = _expected(patterns, at, grid, threads), 0
    while em < _EM_STEPS:
        at, em, last = m_step(at, layout, now.counts, grid.x), em + 1, now
        _require_finite_slopes(at, layout, codes)
        now = _expected(patterns, at, grid, threads)
        if now.log_likelihood - last.log_likelihood < _EM_GAIN * n:
            break
    # the way up needs the second derivatives of a part of the people only
    some, share = patterns.thinned(_PATTERNS_ENOUGH)
    curvature: Matrix | None = None
    distance = np.inf
    for newton in range(_NEWTON_STEPS):
        if curvature is None:
            observed = information(some, at, now.counts * share, grid, threads) / share
            here = at
            if not positive(observed):
                # too far from the top for Newton
                at, em = m_step(at, layout, now.counts, grid.x), em + 1
                _require_finite_slopes(at, layout, codes)
                now = _expected(patterns, at, grid, threads)
                continue
            curvature, distance = observed, np.inf
        slope = gradient(derivatives(at, layout, grid.x), layout, now.counts)
        move = np.asarray(np.linalg.solve(curvature, slope), dtype=np.float64)
        before, distance = distance, float(move @ slope)
        if distance < _DECREMENT:
            if here is not at or share < 1:
                curvature = information(patterns, at, now.counts, grid, threads)
            return _solution(at, curvature, now, em, newton)
        if distance > _SLOW * before:
            curvature = None
            continue
        at, now = _raised(patterns, at, move, now, grid, threads)
        _require_finite_slopes(at, layout, codes)
    raise NotConverged("graded-not-converged", statistic=STATISTIC)


def _expected(patterns: Patterns, at: Matrix, grid: Grid, threads: int) -> Expected:
    log_p = log_probabilities(at, patterns.layout, grid.x)
    return expected(patterns, log_p, grid.log_weights, threads)


def _raised(
    patterns: Patterns,
    at: Matrix,
    move: Matrix,
    now: Expected,
    grid: Grid,
    threads: int,
) -> tuple[Matrix, Expected]:
    """Go along `move`, less far where the likelihood would fall."""
    least = now.log_likelihood - _ROUNDING * abs(now.log_likelihood)
    for shrink in 0.5 ** np.arange(30):
        tried = at + shrink * move
        if ordered(tried, patterns.layout):
            found = _expected(patterns, tried, grid, threads)
            if found.log_likelihood >= least:
                return tried, found
    raise NotConverged("graded-not-converged", statistic=STATISTIC)


def positive(matrix: Matrix) -> bool:
    """Whether a symmetric matrix, brought to a unit diagonal, is positive definite."""
    diagonal = np.diag(matrix)
    if (diagonal <= 0).any():
        return False
    root = np.sqrt(diagonal)
    return bool(np.linalg.eigvalsh(matrix / np.outer(root, root))[0] > _SINGULAR)


def _solution(
    at: Matrix, observed: Matrix, now: Expected, em: int, newton: int
) -> Solution:
    if not positive(observed):
        raise NotDefined("graded-open", statistic=STATISTIC)
    return Solution(at, observed, now.log_likelihood, em, newton)
