"""Indices of fit that compare with a baseline, count residuals or weigh parsimony.

They stand beside chi-square, CFI, TLI, RMSEA and SRMR, which `measures` has, because
papers and other programs report them. The conventions are lavaan's (0.6-14).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Group, Problem
from analytics.psychometrics.sem.kernel import Implied


@dataclass(frozen=True, slots=True)
class Chi2Pair:
    """Chi-squares of a model and of its baseline, with the number they rest on.

    Attributes
    ----------
    n : float
        Multiplier of the discrepancy: respondents, or that minus the groups (Wishart).
    groups : int
    """

    chi2: float
    df: int
    baseline_chi2: float
    baseline_df: int
    n: float
    groups: int


@dataclass(frozen=True, slots=True)
class Incremental:
    """Indices against the model of uncorrelated variables; None where df = 0.

    Attributes
    ----------
    nfi, pnfi : float or None
        Bentler & Bonett (1980), Psychol. Bull. 88, 588-606; James, Mulaik & Brett
        (1982): times df over the baseline's df.
    rfi, ifi : float or None
        Bollen (1986), Psychometrika 51, 375-377; Bollen (1989), Sociol. Methods Res. 17,
        303-316.
    rni : float or None
        McDonald & Marsh (1990), Psychol. Bull. 107, 247-255: CFI without its limits.
    """

    nfi: float | None
    pnfi: float | None
    rfi: float | None
    ifi: float | None
    rni: float | None


@dataclass(frozen=True, slots=True)
class Residuals:
    """Root mean squares of residuals; groups weighted by their size.

    Attributes
    ----------
    rmr, rmr_nomean : float
        Of covariances as they are, with and without the means.
    srmr_nomean : float
        Bentler's SRMR without the means.
    crmr, crmr_nomean : float or None
        Of correlations: Bollen (1989), the diagonal left out, means over the observed
        deviation; None for one variable.
    srmr_mplus, srmr_mplus_nomean : float or None
        Correlations, and variances over the observed variance; None for ordered items.
    """

    rmr: float
    rmr_nomean: float
    srmr_nomean: float
    crmr: float | None
    crmr_nomean: float | None
    srmr_mplus: float | None
    srmr_mplus_nomean: float | None


@dataclass(frozen=True, slots=True)
class Absolute:
    """Indices that need no baseline; None where df = 0 (pgfi then is 0).

    Attributes
    ----------
    fmin : float
        Half the discrepancy at its minimum.
    gfi, agfi, pgfi : float or None
        Joreskog & Sorbom (1981), weighted by the implied covariances; adjusted for df;
        Mulaik et al. (1989), Psychol. Bull. 105, 430-445.
    mfi : float
        McDonald (1989), J. Classif. 6, 97-103: :math:`e^{-(X - df)/2n}`.
    ecvi : float
        Browne & Cudeck (1989), Multivariate Behav. Res. 24, 445-455.
    cn_05, cn_01 : float or None
        Hoelter (1983), Sociol. Methods Res. 11, 325-344: the n at which the chi-square
        would reach its 5 % or 1 % point. None where the fit is perfect.
    """

    fmin: float
    gfi: float
    agfi: float | None
    pgfi: float
    mfi: float
    ecvi: float
    cn_05: float | None
    cn_01: float | None


def incremental(pair: Chi2Pair) -> Incremental:
    """Compare two chi-squares, normal or scaled."""
    X, df, baseline, baseline_df = (
        pair.chi2,
        pair.df,
        pair.baseline_chi2,
        pair.baseline_df,
    )
    if df == 0 or baseline_df == 0 or baseline <= 0:
        return Incremental(None, None, None, None, None)
    nfi = (baseline - X) / baseline
    per_df = baseline / baseline_df
    return Incremental(
        nfi=nfi,
        pnfi=df / baseline_df * nfi,
        rfi=(per_df - X / df) / per_df,
        ifi=(baseline - X) / (baseline - df) if baseline != df else None,
        rni=relative_noncentrality(pair),
    )


def relative_noncentrality(
    pair: Chi2Pair, factor: float = 1.0, baseline_factor: float = 1.0
) -> float | None:
    """Return the RNI: the CFI that may leave the range from 0 to 1.

    The factors are as in `measures.cfi`. None where the baseline fits.
    """
    excess = pair.chi2 - factor * pair.df
    baseline = pair.baseline_chi2 - baseline_factor * pair.baseline_df
    return 1 - excess / baseline if baseline > 0 else None


def residuals(problem: Problem, ats: Sequence[Implied]) -> Residuals:
    """Average the residuals of covariances, correlations and means over the groups."""
    values = np.zeros(7)
    for group, at in zip(problem.groups, ats, strict=True):
        values += group.weight * _of_group(problem, group, at)
    raw, raw_nomean, nomean, crmr, crmr_nomean, mplus, mplus_nomean = map(float, values)
    several = problem.p > 1
    return Residuals(
        rmr=raw,
        rmr_nomean=raw_nomean,
        srmr_nomean=nomean,
        crmr=crmr if several else None,
        crmr_nomean=crmr_nomean if several else None,
        srmr_mplus=mplus,
        srmr_mplus_nomean=mplus_nomean,
    )


def _of_group(problem: Problem, group: Group, at: Implied) -> Matrix:
    """Root mean squares of one group, (7,), in the order of `Residuals`."""
    S, sigma = group.S, at.sigma
    sd, implied_sd = np.sqrt(np.diag(S)), np.sqrt(np.diag(sigma))
    lower = group.lower
    off = lower[0] != lower[1]
    raw = (S - sigma)[lower]
    bentler = raw / np.outer(sd, sd)[lower]
    correlations = S / np.outer(sd, sd) - sigma / np.outer(implied_sd, implied_sd)
    mplus = np.where(off, correlations[lower], bentler)
    d = problem.distance(group, at)
    shifts = group.mean / sd - (group.mean - d) / implied_sd
    if not problem.model.settings.means:
        d, shifts = d[:0], d[:0]
    over_sd = d / sd[: len(d)]
    alone = correlations[lower][off]
    return np.array(
        [
            _root(raw, d),
            _root(raw),
            _root(bentler),
            _root(alone, over_sd),
            _root(alone),
            _root(mplus, shifts),
            _root(mplus),
        ]
    )


def _root(*parts: Matrix) -> float:
    whole = np.concatenate(parts)
    return float(np.sqrt((whole**2).mean())) if len(whole) else 0.0


def absolute(
    problem: Problem, ats: Sequence[Implied], pair: Chi2Pair, n_free: int
) -> Absolute:
    """Compute what needs the model and the data alone."""
    gfi = problem.gfi(ats)
    moments, df, n = problem.n_moments, pair.df, pair.n
    return Absolute(
        fmin=pair.chi2 / (2 * n),
        gfi=gfi,
        agfi=1 - moments / df * (1 - gfi) if df else None,
        pgfi=df / moments * gfi,
        mfi=float(np.exp(-(pair.chi2 - df) / (2 * n))),
        ecvi=(pair.chi2 + 2 * n_free) / n,
        cn_05=_critical_n(pair, 0.05),
        cn_01=_critical_n(pair, 0.01),
    )


def _critical_n(pair: Chi2Pair, probability: float) -> float | None:
    from scipy import special

    if not pair.df or pair.chi2 <= 0:
        return None
    point = 2 * float(special.gammainccinv(pair.df / 2, probability))
    return point / (pair.chi2 / pair.n) + 1
