"""Fit of models of ordered items; the conventions are lavaan's (0.6-14)."""

from collections.abc import Sequence

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.indices import (
    Chi2Pair,
    Residuals,
    absolute,
    incremental,
    relative_noncentrality,
)
from analytics.psychometrics.sem.kernel import Implied
from analytics.psychometrics.sem.measures import (
    Measures,
    ScaledMeasures,
    cfi,
    rmsea,
    robust_rmsea,
    tail,
    tli,
)
from analytics.psychometrics.sem.ordered_problem import OrderedProblem, ordered
from analytics.psychometrics.sem.ordered_tests import (
    Sandwich,
    baseline_adjustment,
    normal_theory,
)

METHODS = {True: "scaled and shifted", False: "Satorra-Bentler"}


def ordered_measures(
    problem: OrderedProblem,
    ats: Sequence[Implied],
    found: Sandwich | None,
    *,
    shifted: bool | None,
    tested: bool,
) -> Measures:
    """Compute chi-square and indices.

    `shifted`: None = no scaled statistics, False = for the mean, True = for mean and
    variance. `tested`: whether the unscaled chi-square has a p.
    """
    p, n_groups = problem.p, len(problem.groups)
    scale = float(sum(group.n - 1 for group in problem.groups))
    k = int(problem.basis.shape[1])
    pair = Chi2Pair(
        chi2=scale * problem.value(ats),
        df=problem.n_moments - k,
        baseline_chi2=scale * problem.baseline(),
        baseline_df=n_groups * p * (p - 1) // 2,
        n=scale,
        groups=n_groups,
    )
    probability, log_p = tail(pair.chi2, pair.df) if tested else (None, None)
    own = _residuals(problem, ats)
    scaled = None
    if found is not None and shifted is not None:
        scaled = _scaled(pair, found, ats, shifted=shifted)
    return Measures(
        chi2=pair.chi2,
        df=pair.df,
        p=probability,
        log_p=log_p,
        baseline_chi2=pair.baseline_chi2,
        baseline_df=pair.baseline_df,
        cfi=cfi(pair) if pair.df else None,
        tli=tli(pair),
        rmsea=rmsea(pair),
        srmr=own.srmr_nomean,
        loglik=None,
        loglik_unrestricted=None,
        aic=None,
        bic=None,
        bic_adjusted=None,
        baseline_p=tail(pair.baseline_chi2, pair.baseline_df)[0] if tested else None,
        incremental=incremental(pair),
        absolute=absolute(problem, ats, pair, k),
        residuals=own,
        scaled=scaled,
        wrmr=float(np.sqrt(pair.chi2 / problem.n_moments)),
    )


def _scaled(
    pair: Chi2Pair, found: Sandwich, ats: Sequence[Implied], *, shifted: bool
) -> ScaledMeasures | None:
    move = found.adjustment(shifted=shifted)
    baseline_move = baseline_adjustment(found.problem, shifted=shifted)
    if move is None or baseline_move is None:
        return None
    chi2, base = move.of(pair.chi2), baseline_move.of(pair.baseline_chi2)
    changed = Chi2Pair(chi2, pair.df, base, pair.baseline_df, pair.n, pair.groups)
    probability, log_p = tail(chi2, pair.df)
    cfi_robust = tli_robust = rmsea_robust = rni_robust = None
    normal = normal_theory(found, ats)
    if normal is not None and normal.factor > 0:
        factors = (normal.factor, normal.baseline_factor)
        whole = _other(pair, normal.chi2, normal.baseline_chi2)
        cfi_robust, tli_robust = cfi(whole, *factors), tli(whole, *factors)
        rni_robust = relative_noncentrality(whole, *factors)
        within = _other(pair, normal.chi2 / normal.factor, normal.baseline_chi2)
        rmsea_robust = robust_rmsea(within, normal.factor)
    return ScaledMeasures(
        method=METHODS[shifted],
        factor=move.factor,
        baseline_factor=baseline_move.factor,
        shift=move.shift,
        baseline_shift=baseline_move.shift,
        chi2=chi2,
        p=probability,
        log_p=log_p,
        baseline_chi2=base,
        cfi=cfi(changed),
        tli=tli(changed),
        rmsea=rmsea(changed) if shifted else rmsea(pair, move.factor),
        cfi_robust=cfi_robust,
        tli_robust=tli_robust,
        rmsea_robust=rmsea_robust,
        rni_robust=rni_robust,
        incremental=incremental(changed),
        baseline_p=tail(base, pair.baseline_df)[0],
        model_factor=None,
        unrestricted_factor=None,
    )


def _other(pair: Chi2Pair, chi2: float, baseline: float) -> Chi2Pair:
    """Put other chi-squares in the place of a pair's."""
    return Chi2Pair(chi2, pair.df, baseline, pair.baseline_df, pair.n, pair.groups)


def _residuals(problem: OrderedProblem, ats: Sequence[Implied]) -> Residuals:
    """Average residuals of correlations, and of thresholds, over the groups.

    A correlation matrix has a diagonal of ones, which counts in all but the CRMR.
    """
    values = np.zeros(4)
    for g, (share, at) in enumerate(zip(problem.shares, ats, strict=True)):
        r = problem.residual(g, ordered(at))
        alone = r[len(problem.cuts[g].item) :]
        whole, own, p = float(r @ r), float(alone @ alone), problem.p
        counts = (len(r) + p, len(alone) + p, len(r), max(len(alone), 1))
        squares: Matrix = np.array([whole, own, whole, own]) / counts
        values += share * np.sqrt(squares)
    rmr, rmr_nomean, crmr, crmr_nomean = values.tolist()
    several = problem.p > 1
    return Residuals(
        rmr=rmr,
        rmr_nomean=rmr_nomean,
        srmr_nomean=rmr_nomean,
        crmr=crmr if several else None,
        crmr_nomean=crmr_nomean if several else None,
        srmr_mplus=None,
        srmr_mplus_nomean=None,
    )
