r"""Robust errors, scaled chi-square, and indices of fit freed of the gaps' effect.

With f the share of a group, A half the second derivatives of the saturated model, B the
mean product of scores by the moments, and D the slopes of the moments:

.. math:: c = \frac{tr(A^{-1}B) - tr(H^{-1} B_0)}{df}

is the Yuan-Bentler factor as Mplus has it (H, :math:`B_0`: of the parameters). Gaps shrink
the likelihood ratio, and so RMSEA and misfit in the CFI. The corrected indices take the
discrepancy :math:`X` that complete data with the saturated moments would have, less
c times df with

.. math:: c = tr(C R)/df \quad\text{or, robust,}\quad c = tr(C R B R)/df,
   \quad R = A^{-1} - D (D'AD)^{-1} D'

where C is what A would be for complete data.

References
----------
Yuan & Bentler (2000), Sociol. Methodol. 30, 165-200; Asparouhov & Muthen (2005).
Zhang & Savalei (2023), Psychol. Methods 28, 263-283: FIML-C, versions V6 and V3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.incomplete import Incomplete
from analytics.psychometrics.sem.indices import (
    Chi2Pair,
    relative_noncentrality,
)
from analytics.psychometrics.sem.kernel import Implied, positive_inverse, slopes
from analytics.psychometrics.sem.measures import (
    Corrected,
    Measures,
    cfi,
    robust_rmsea,
    tli,
)
from analytics.psychometrics.sem.pattern_likelihood import score_products
from analytics.psychometrics.sem.robust import Correction
from analytics.psychometrics.sem.weights import (
    free_spread,
    normal_weights,
    stacked_slopes,
)


def first_order(problem: Incomplete) -> list[Matrix]:
    """Mean products of everybody's scores by the moments, (q, q) a group."""
    return [
        score_products(patterns, own.mean, own.covariance)
        for own, patterns in zip(problem.saturated, problem.patterns, strict=True)
    ]


def sandwich(
    problem: Incomplete, ats: Sequence[Implied], products: Sequence[Matrix]
) -> Correction | None:
    """Compute sandwich and scaling factors; None where the information is singular.

    `products` are those of `first_order`.
    """
    Z, n = problem.basis, sum(group.n for group in problem.groups)
    bread = positive_inverse(problem.along(problem.hessian(ats)) / 2)
    if bread is None:
        return None
    meat = problem.along(problem.score_products(ats))
    unrestricted = baseline_own = 0.0
    for g, (own, B) in enumerate(zip(problem.saturated, products, strict=True)):
        A = positive_inverse(own.H / 2)
        if A is None:
            return None
        unrestricted += float((A[0] * B[np.ix_(own.free, own.free)]).sum())
        baseline_own += _own_trace(problem, g)
    used = float((bread[0] * meat).sum())
    k = Z.shape[1]
    df = problem.n_moments - k
    baseline_df = problem.n_moments - 2 * problem.p * len(problem.groups)
    return Correction(
        vcov=problem.spread(bread[0] @ meat @ bread[0]) / n,
        factor=(unrestricted - used) / df if df else None,
        baseline_factor=(
            (unrestricted - baseline_own) / baseline_df if baseline_df else None
        ),
        model_factor=used / max(k, 1),
        unrestricted_factor=unrestricted / problem.n_moments,
    )


def _own_trace(problem: Incomplete, g: int) -> float:
    """Give the trace of the sandwich for uncorrelated items, from their kurtosis."""
    patterns = problem.patterns[g]
    flags = np.repeat(patterns.answered, patterns.counts.astype(int), axis=0)
    mean, variance = problem.uncorrelated(g)
    fourth = np.where(flags, patterns.values - mean, 0.0) ** 4
    kurtosis = fourth.sum(axis=0) / flags.sum(axis=0) / variance**2
    return float((1 + (kurtosis - 1) / 2).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """A, B and C of one group, each (q, q), with its share of the people."""

    share: float
    A: Matrix
    inverse: Matrix
    B: Matrix
    C: Matrix


def corrected(
    problem: Incomplete,
    complete: Problem,
    ats: Sequence[Implied],
    measures: Measures,
    *,
    products: Sequence[Matrix] | None,
) -> Corrected | None:
    """Compute the corrected indices.

    None without degrees of freedom, or where the saturated moments are not determined.

    Parameters
    ----------
    complete : Problem
        The model with the saturated moments as if they were those of complete data.
    products : those of `first_order`; None = the answers are taken as normal
    """
    weights, robust = _weights(problem, products), products is not None
    if weights is None or not measures.df or not measures.baseline_df:
        return None
    own_slopes = [_of_parameters(problem, g, at) for g, at in enumerate(ats)]
    spread = free_spread(problem.p, means=True)
    groups = len(weights)
    baseline_slopes = [np.kron(np.eye(groups)[g], spread) for g in range(groups)]
    trace, baseline_trace = (
        _trace(weights, D, robust=robust) for D in (own_slopes, baseline_slopes)
    )
    if trace is None or baseline_trace is None:
        return None
    n = float(sum(group.n for group in problem.groups))
    pair = Chi2Pair(
        chi2=n * complete.value(ats),
        df=measures.df,
        baseline_chi2=n * _uncorrelated_discrepancy(problem),
        baseline_df=measures.baseline_df,
        n=n,
        groups=groups,
    )
    c, b = trace / pair.df, baseline_trace / pair.baseline_df
    if not (c > 0 and b > 0):
        return None
    scaled = Chi2Pair(
        pair.chi2 / c, pair.df, pair.baseline_chi2 / b, pair.baseline_df, n, groups
    )
    return Corrected(
        factor=c,
        baseline_factor=b,
        chi2=pair.chi2,
        baseline_chi2=pair.baseline_chi2,
        cfi=cfi(pair, c, b),
        tli=tli(pair, c, b),
        rni=relative_noncentrality(pair, c, b),
        rmsea=robust_rmsea(scaled, c),
    )


def _weights(
    problem: Incomplete, products: Sequence[Matrix] | None
) -> list[_Weights] | None:
    found = []
    size = problem.p + problem.p * (problem.p + 1) // 2
    for g, (group, own) in enumerate(
        zip(problem.groups, problem.saturated, strict=True)
    ):
        A = own.H / 2
        inverted = positive_inverse(A) if len(own.free) == size else None
        complete = positive_inverse(own.covariance)
        if inverted is None or complete is None:
            return None
        C = normal_weights(complete[0], means=True)
        B = A if products is None else products[g]
        found.append(_Weights(group.weight, A, inverted[0], B, C))
    return found


def _of_parameters(problem: Incomplete, g: int, at: Implied) -> Matrix:
    """Slopes of one group's moments along the basis, (q, k)."""
    layout = problem.layouts[g]
    elements = stacked_slopes(slopes(at, layout.places), means=True)
    D = np.zeros((problem.model.n_free, len(elements)))
    np.add.at(D, layout.parameter, elements.T)
    found: Matrix = D.T @ problem.basis
    return found


def _trace(
    weights: Sequence[_Weights], stacks: Sequence[Matrix], *, robust: bool
) -> float | None:
    """tr(C R) or tr(C R B R) over all groups; None where D'AD is singular."""
    inner = sum(w.share * D.T @ w.A @ D for w, D in zip(weights, stacks, strict=True))
    inverted = positive_inverse(np.asarray(inner))
    if inverted is None:
        return None
    size = [len(w.A) for w in weights]
    starts = np.cumsum([0, *size])
    D = np.vstack(stacks)
    R = -D @ inverted[0] @ D.T
    for w, a, b in zip(weights, starts[:-1], starts[1:], strict=True):
        R[a:b, a:b] += w.inverse / w.share
    CR, BR = np.empty_like(R), np.empty_like(R)
    for w, a, b in zip(weights, starts[:-1], starts[1:], strict=True):
        CR[a:b] = w.share * w.C @ R[a:b]
        BR[a:b] = w.share * w.B @ R[a:b]
    return float((CR * BR.T).sum() if robust else np.trace(CR))


def _uncorrelated_discrepancy(problem: Incomplete) -> float:
    """Discrepancy of the saturated moments from the baseline's, as of complete data."""
    total = 0.0
    for g, group in enumerate(problem.groups):
        mean, variance = problem.uncorrelated(g)
        off = np.diag(group.S) + (group.mean - mean) ** 2
        fit = float((np.log(variance) + off / variance).sum()) - problem.p
        total += group.weight * (fit - group.log_det)
    return total
