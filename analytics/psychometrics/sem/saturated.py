r"""Means and covariances of answers with gaps, by maximum likelihood.

EM, which always climbs, then Newton's method, which ends to the last digit. In the words
of `pattern_likelihood` a step of EM is

.. math:: \mu^+ = \mu + \Sigma w, \quad
   \Sigma^+ = \Sigma + \Sigma E \Sigma - \Sigma w w' \Sigma.

Unbiased in large samples where a gap depends on nothing but answers that were given
(missing at random). A covariance of two items that nobody answered together is not
determined; the likelihood does not contain it.

References
----------
Dempster, Laird & Rubin (1977), J. R. Stat. Soc. B 39, 1-38: EM.
Little & Rubin (2002), Statistical analysis with missing data, sec. 11.2.
Yuan & Bentler (2000), Sociol. Methodol. 30, 165-200: the sandwich.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotConverged, NotDefined, Reason
from analytics.psychometrics.sem.kernel import (
    Index,
    factor_solution,
    positive_factor,
    positive_inverse,
)
from analytics.psychometrics.sem.missing_patterns import (
    Flags,
    MissingPatterns,
    means_of,
    variances_of,
)
from analytics.psychometrics.sem.pattern_likelihood import (
    Fit,
    at_moments,
    score_products,
    second_derivatives,
)

Errors = Literal["observed", "robust"]
TARGET = 1e-10  # slope that the steps aim at, in units of its curvature
TOLERANCE = 1e-7  # slope above which a solution is not accepted
_FIRST_STEPS = 5  # of EM, before Newton's method is tried
_MORE_STEPS = 25  # of EM, where Newton's method cannot be used yet
_ROUNDS = 40
_DEGENERATE = 1e-10  # least eigenvalue of the correlations
_FALLING = 1e-6  # the same where the steps came to no end


@dataclass(frozen=True, slots=True, eq=False)
class Saturated:
    """The maximum of the likelihood over all means and covariances.

    Attributes
    ----------
    mean : (p,), covariance : (p, p)
    fit : Fit
        Discrepancy there.
    free : (f,)
        Places of the moments that the data determine, among means and covariances.
    H : (f, f)
        Second derivatives of the discrepancy by them.
    gradient_norm : float
    iterations : int
    """

    mean: Matrix
    covariance: Matrix
    fit: Fit
    free: Index
    H: Matrix
    gradient_norm: float
    iterations: int

    @property
    def converged(self) -> bool:
        """Whether the slope vanished."""
        return self.gradient_norm < TOLERANCE


@dataclass(frozen=True, slots=True, eq=False)
class SaturatedMoments:
    """Means and covariances of answers with gaps, with their sampling errors.

    Attributes
    ----------
    items : tuple of p str
    n : int
        People who answered at least one item.
    empty : int
        People who answered none.
    n_patterns : int
        Different patterns of gaps.
    mean, mean_se : (p,)
    covariance, covariance_se : (p, p)
        Divisor n. NaN where a pair was never answered together.
    together : (p, p)
        People who answered both items of a pair.
    vcov : (f, f)
        Covariances of the estimates of means and determined covariances, in the order
        of means, then rows of the lower triangle.
    loglik : float
    errors : "observed" or "robust"
    iterations : int
    warnings : tuple of Reason
    """

    items: tuple[str, ...]
    n: int
    empty: int
    n_patterns: int
    mean: Matrix
    mean_se: Matrix
    covariance: Matrix
    covariance_se: Matrix
    together: Matrix
    vcov: Matrix
    loglik: float
    errors: Errors
    iterations: int
    warnings: tuple[Reason, ...]

    @property
    def correlation(self) -> Matrix:
        """Correlations, (p, p)."""
        sd = np.sqrt(np.diag(self.covariance))
        found: Matrix = self.covariance / np.outer(sd, sd)
        return found


def saturated_moments(patterns: MissingPatterns, *, errors: Errors) -> SaturatedMoments:
    r"""Estimate means and covariances from answers with gaps.

    Parameters
    ----------
    errors : "observed" or "robust"
        From the inverse of the observed information, right where answers are normal and
        gaps depend on nothing but given answers; or from the sandwich
        :math:`A^{-1} B A^{-1} / n`, which does not need the answers to be normal.

    Raises
    ------
    TooFewData
        No more people than items.
    NotDefined
        An item nobody answered, or everybody alike; items that repeat one another.
    NotConverged
        The likelihood has no maximum that could be reached.
    """
    patterns.require_variety()
    found = saturate(patterns)
    require_definite(found)
    inverted = positive_inverse(found.H / 2)
    if not found.converged or inverted is None:
        raise NotConverged("saturated-not-converged")
    vcov = inverted[0] / patterns.n
    if errors == "robust":
        B = score_products(patterns, found.mean, found.covariance)
        meat = B[np.ix_(found.free, found.free)]
        vcov = inverted[0] @ meat @ inverted[0] / patterns.n
    p, size = patterns.p, patterns.p + patterns.p * (patterns.p + 1) // 2
    se, covariance_se = np.full(size, np.nan), np.empty((p, p))
    se[found.free] = np.sqrt(np.diag(vcov))
    i, j = np.tril_indices(p)
    covariance_se[i, j] = covariance_se[j, i] = se[p:]
    together = patterns.together
    return SaturatedMoments(
        items=patterns.items,
        n=patterns.n,
        empty=patterns.empty,
        n_patterns=len(patterns.counts),
        mean=found.mean,
        mean_se=se[:p],
        covariance=np.where(together > 0, found.covariance, np.nan),
        covariance_se=covariance_se,
        together=together,
        vcov=vcov,
        loglik=-patterns.n / 2 * found.fit.value - constant(patterns),
        errors=errors,
        iterations=found.iterations,
        warnings=gaps_to_tell(patterns),
    )


def constant(patterns: MissingPatterns) -> float:
    """Part of minus the log-likelihood that no parameter changes."""
    answers = float(patterns.counts @ patterns.answered.sum(axis=1))
    return answers / 2 * float(np.log(2 * np.pi))


def gaps_to_tell(patterns: MissingPatterns) -> tuple[Reason, ...]:
    """Say who answered nothing and which pairs were never answered together."""
    found = []
    if patterns.empty:
        found.append(Reason("empty-rows", {"has": patterns.empty}))
    i, j = np.nonzero(np.tril(patterns.together == 0))
    if len(i):
        first, second = patterns.items[j[0]], patterns.items[i[0]]
        names = {"has": len(i), "first": first, "second": second}
        found.append(Reason("pairs-apart", names))
    return tuple(found)


def require_definite(found: Saturated) -> None:
    """Raise NotDefined unless the covariances are positive definite."""
    sd = np.sqrt(np.diag(found.covariance))
    least = np.linalg.eigvalsh(found.covariance / np.outer(sd, sd))[0]
    if least < (_DEGENERATE if found.converged else _FALLING):
        raise NotDefined("singular", statistic="sem")


def determined(together: Matrix) -> Flags:
    """Which of means and covariances somebody's answers speak of, (q,) bool."""
    i, j = np.tril_indices(len(together))
    own = np.diag(together) > 0
    found: Flags = np.concatenate([own, together[i, j] > 0])
    return found


def saturate(patterns: MissingPatterns) -> Saturated:
    """Climb to the maximum of the likelihood; kernel, it checks nothing."""
    free = np.flatnonzero(determined(patterns.together))
    mean, covariance = means_of(patterns), np.diag(variances_of(patterns))
    fit = at_moments(patterns, mean, covariance)
    if fit is None:
        raise NotDefined("singular", statistic="sem")
    point = mean, covariance, fit
    taken, steps = 0, _FIRST_STEPS
    norm, H = float("inf"), np.eye(len(free))
    for _ in range(_ROUNDS):
        point, made = _climb(patterns, point, steps)
        point, H, norm, more = _finish(patterns, point, free)
        taken += made + more
        stuck = not (made or more)
        if norm < TARGET or stuck or (norm < TOLERANCE and not more):
            break
        steps = _MORE_STEPS
    return Saturated(*point, free, H, norm, taken)


_Point = tuple[Matrix, Matrix, Fit]


def _climb(patterns: MissingPatterns, point: _Point, steps: int) -> tuple[_Point, int]:
    """Take steps of EM; fewer where a matrix is about to become singular."""
    mean, covariance, fit = point
    for made in range(steps):
        moved = covariance @ fit.w
        higher = covariance + covariance @ fit.E @ covariance - np.outer(moved, moved)
        new = at_moments(patterns, mean + moved, higher)
        if new is None or new.value > fit.value:
            return (mean, covariance, fit), made
        mean, covariance, fit = mean + moved, higher, new
    return (mean, covariance, fit), steps


def _finish(
    patterns: MissingPatterns, point: _Point, free: Index
) -> tuple[_Point, Matrix, float, int]:
    """Take Newton's steps while they gain; also H and the slope at the end."""
    made = 0
    while True:
        mean, covariance, fit = point
        H = second_derivatives(patterns, mean, covariance, expected=False)
        H = H[np.ix_(free, free)]
        g = fit.gradient[free]
        scale = np.sqrt(np.maximum(np.abs(np.diag(H)), 1e-300))
        norm = float(np.abs(g / scale).max())
        factor = None if norm < TARGET else positive_factor(H)
        if factor is None:
            return point, H, norm, made
        step = np.zeros(len(fit.gradient))
        step[free] = factor_solution(factor, -g)
        moved = _shortened(patterns, point, step)
        if moved is None:
            return point, H, norm, made
        point, made = moved, made + 1


def _shortened(patterns: MissingPatterns, point: _Point, step: Matrix) -> _Point | None:
    """Halve a step until the likelihood grows, or the slope at equal height falls."""
    mean, covariance, fit = point
    p = len(mean)
    i, j = np.tril_indices(p)
    change = np.zeros((p, p))
    change[i, j] = change[j, i] = step[p:]
    for halving in range(12):
        share = 0.5**halving
        trial = covariance + share * change
        if positive_factor(trial) is None:
            continue
        new = at_moments(patterns, mean + share * step[:p], trial)
        if new is None:
            continue
        flat = new.value <= fit.value + 1e-13 * (1 + abs(fit.value))
        gentler = np.linalg.norm(new.gradient) < 0.5 * np.linalg.norm(fit.gradient)
        if new.value < fit.value or (flat and gentler):
            return mean + share * step[:p], trial, new
    return None
