"""People in teams, held against lavaan.

lavaan takes observed predictors as fixed (`fixed.x`); here they are random variables.
The estimates agree; what depends on the predictors' own moments is put right below.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from analytics.psychometrics import Matrix
from analytics.psychometrics.sem import SemFit, SurveyMoments, fit_model, survey_moments
from analytics.psychometrics.sem.estimation import place_of
from analytics.psychometrics.sem.indices import (
    Chi2Pair,
    incremental,
    relative_noncentrality,
)
from analytics.psychometrics.sem.kernel import Places, inverse, slopes
from analytics.psychometrics.sem.measures import (
    Measures,
    ScaledMeasures,
    cfi,
    rmsea,
    robust_rmsea,
    tail,
    tli,
)
from analytics.psychometrics.sem.outcome import parameters
from tests.psychometrics.sem.cases import (
    DEMO_ITEMS,
    DEMO_MODEL,
    DEMO_PREDICTORS,
    demo_teams,
    demo_values,
)

from .core import Case
from .structural import Table, fit_rules, whole

# the covariances of the predictors stay free
BASELINE = "y1~~y1\ny2~~y2\ny3~~y3\nx1~~x1+x2+x3\nx2~~x2+x3\nx3~~x3"


def demo() -> SurveyMoments:
    return survey_moments(
        demo_values(), DEMO_ITEMS, clusters=demo_teams(), weights=None
    )


def of_predictors(left: str, right: str) -> bool:
    return left in DEMO_PREDICTORS and right in (*DEMO_PREDICTORS, "")


def with_fixed_predictors(fit: SemFit, data: SurveyMoments) -> tuple[SemFit, Table]:
    """Hold the predictors' moments as given; the three scaling factors beside it."""
    model, measures = fit.problem.model, fit.measures
    assert measures is not None
    assert fit.vcov is not None
    own = np.zeros(model.n_free, dtype=bool)
    for row in model.rows:
        if row.free >= 0:
            own[row.free] = of_predictors(row.left, row.right)
    kept = np.flatnonzero(~own)
    vcov = np.zeros_like(fit.vcov)
    vcov[np.ix_(kept, kept)] = fit.vcov[np.ix_(kept, kept)]
    rows, _ = parameters(fit.problem, fit.implied(), fit.theta, vcov, fit.confidence)
    baseline = fit_model(BASELINE, data, estimator="MLR", means=True).measures
    assert baseline is not None
    assert baseline.scaled is not None
    assert baseline.scaled.factor is not None
    traces = scaling_traces(fit, data, kept)
    pair = Chi2Pair(
        measures.chi2, measures.df, baseline.chi2, baseline.df, float(fit.n), 1
    )
    factors = (
        (traces["h1"] - traces["h0"]) / measures.df,
        baseline.scaled.factor,
    )
    changed = replace(
        fit,
        parameters=rows,
        n_free=len(kept),
        measures=_measures(fit, measures, pair, factors, len(kept)),
    )
    return changed, {
        "scaling.factor.h1": traces["h1"] / traces["moments"],
        "scaling.factor.h0": traces["h0"] / len(kept),
    }


def _measures(
    fit: SemFit,
    measures: Measures,
    pair: Chi2Pair,
    factors: tuple[float, float],
    n_free: int,
) -> Measures:
    c, b = factors
    moved = replace(pair, chi2=pair.chi2 / c, baseline_chi2=pair.baseline_chi2 / b)
    before = measures.scaled
    assert before is not None
    assert measures.loglik is not None
    assert measures.loglik_unrestricted is not None
    p, log_p = tail(moved.chi2, moved.df)
    scaled: ScaledMeasures = replace(
        before,
        factor=c,
        baseline_factor=b,
        chi2=moved.chi2,
        p=p,
        log_p=log_p,
        baseline_chi2=moved.baseline_chi2,
        baseline_p=tail(moved.baseline_chi2, moved.baseline_df)[0],
        cfi=cfi(moved),
        tli=tli(moved),
        rmsea=rmsea(pair, c),
        cfi_robust=cfi(pair, c, b),
        tli_robust=tli(pair, c, b),
        rmsea_robust=robust_rmsea(moved, c),
        rni_robust=relative_noncentrality(pair, c, b),
        incremental=incremental(moved),
    )
    theirs = predictors_loglik(fit)
    loglik = measures.loglik - theirs
    return replace(
        measures,
        baseline_chi2=pair.baseline_chi2,
        baseline_df=pair.baseline_df,
        baseline_p=tail(pair.baseline_chi2, pair.baseline_df)[0],
        cfi=cfi(pair),
        tli=tli(pair),
        incremental=incremental(pair),
        loglik=loglik,
        loglik_unrestricted=measures.loglik_unrestricted - theirs,
        aic=2 * n_free - 2 * loglik,
        bic=float(np.log(fit.n)) * n_free - 2 * loglik,
        bic_adjusted=float(np.log((fit.n + 2) / 24)) * n_free - 2 * loglik,
        absolute=replace(
            measures.absolute,
            ecvi=(measures.chi2 + 2 * n_free) / fit.n,
            **goodness_of_fit(fit, measures.df),
        ),
        scaled=scaled,
    )


def predictors_loglik(fit: SemFit) -> float:
    """Normal log-likelihood of the predictors at their own moments."""
    at = [fit.observed.index(name) for name in DEMO_PREDICTORS]
    S = fit.groups[0].covariance[np.ix_(at, at)]
    k = len(at)
    return float(-fit.n / 2 * (k * np.log(2 * np.pi) + np.linalg.slogdet(S)[1] + k))


def goodness_of_fit(fit: SemFit, df: int) -> dict[str, float]:
    """GFI and its kin over the moments that are not the predictors' own."""
    free, moments = not_predictors(fit), fit.problem.n_moments
    group, at = fit.problem.groups[0], fit.implied()[0]
    lower = np.tril_indices(len(fit.observed))
    V = _information(at.W, at.sigma, np.zeros(len(at.W)))[np.ix_(free, free)]
    d = fit.problem.distance(group, at)
    left = np.concatenate([d, (group.S - at.sigma)[lower]])[free]
    full = np.concatenate([group.mean, group.S[lower]])[free]
    gfi = float(1 - (left @ V @ left) / (full @ V @ full))
    adjusted = 1 - moments / df * (1 - gfi)
    return {"gfi": gfi, "agfi": adjusted, "pgfi": df / moments * gfi}


def not_predictors(fit: SemFit) -> Any:
    """Which means and covariances are not of predictors alone."""
    i, j = np.tril_indices(len(fit.observed))
    own = np.array([of_predictors(name, "") for name in fit.observed])
    return np.concatenate([~own, ~(own[i] & own[j])])


def scaling_traces(fit: SemFit, data: SurveyMoments, kept: Any) -> dict[str, float]:
    """Traces of the two likelihoods, as lavaan's `cluster` takes them without MLR.

    The model's curvature is then that of the moments alone ("h1"): second derivatives
    of the moments by the parameters are left out.
    """
    p = len(fit.observed)
    gamma = data.select(fit.observed).gamma
    i, j = np.tril_indices(p)
    free = not_predictors(fit)
    group, at = fit.problem.groups[0], fit.implied()[0]
    sampled = _information(inverse(group.S), group.S, np.zeros(p))
    d = fit.problem.distance(group, at)
    curved = _information(at.W, group.S + np.outer(d, d), d)
    scores = _information(at.W, at.sigma, np.zeros(p))
    both = np.ix_(free, free)
    first = (sampled @ gamma @ sampled)[both]
    h1 = float(np.trace(np.linalg.solve(sampled[both], first)))
    model = fit.problem.model
    names = {name: k for k, name in enumerate(model.names)}
    ordered = sorted((r for r in model.rows if r.free >= 0), key=lambda r: r.free)
    by = slopes(at, Places.of([place_of(row, names) for row in ordered]))
    D = np.vstack([by.M, by.U[i] * by.V[j] + by.V[i] * by.U[j]])[:, kept]
    # scores of the means, too, move with the products of the deviations
    turn = np.eye(len(scores))
    turn[p:, :p] = (d[i, None] * np.eye(p)[j]) + (d[j, None] * np.eye(p)[i])
    meat = D.T @ scores @ turn @ gamma @ turn.T @ scores @ D
    h0 = float(np.trace(np.linalg.solve(D.T @ curved @ D, meat)))
    return {"h1": h1, "h0": h0, "moments": float(free.sum())}


def _information(W: Matrix, S: Matrix, d: Matrix) -> Matrix:
    """Curvature by means and covariances of half the discrepancy, S about the model."""
    p = len(W)
    i, j = np.tril_indices(p)
    once = np.where(i == j, 0.5, 1.0)
    E = W @ S @ W - W / 2

    def quadratic(A: Matrix, B: Matrix) -> Matrix:
        return (
            A[np.ix_(i, i)] * B[np.ix_(j, j)]
            + A[np.ix_(i, j)] * B[np.ix_(j, i)]
            + A[np.ix_(j, i)] * B[np.ix_(i, j)]
            + A[np.ix_(j, j)] * B[np.ix_(i, i)]
        )

    whole = np.zeros((p + len(i),) * 2)
    whole[:p, :p] = W
    squares = (quadratic(W, E) + quadratic(E, W)) / 2
    whole[p:, p:] = squares * np.outer(once, once)
    w = W @ d
    mixed = once * (W[:, i] * w[j] + W[:, j] * w[i])
    whole[:p, p:], whole[p:, :p] = mixed, mixed.T
    return whole


def teams(stored: Any) -> Table:
    data = demo()
    fit = fit_model(DEMO_MODEL, data, estimator="MLR", means=True)
    changed, factors = with_fixed_predictors(fit, data)
    found = whole(changed, stored)
    found["fit"] |= factors
    return found


CASES = (Case("clusterrobust_demo", teams, fit_rules()),)
