"""How consistently a set of items measures one thing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import f_quantile, normal_quantile
from analytics.psychometrics.errors import NotConverged, NotDefined, Reason, TooFewData
from analytics.psychometrics.estimate import (
    Estimate,
    check_confidence,
    fisher_interval,
)
from analytics.psychometrics.minres import LOWEST_UNIQUENESS, minres
from analytics.psychometrics.moments import Moments


@dataclass(frozen=True, slots=True)
class AlphaItem:
    """One item within its scale.

    Attributes
    ----------
    item_rest_r : float or None
        Correlation of the item with the sum of the others.
    alpha_if_dropped : float or None
        Raw alpha of the others.
    reason : Reason or None
        Why one of the two is None.
    """

    item_rest_r: float | None
    alpha_if_dropped: float | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Alpha:
    """Coefficient alpha of a scale.

    Attributes
    ----------
    raw, standardized : Estimate
        From the covariances and from the correlations, with Feldt intervals.
    items : mapping of item code to AlphaItem
        In the order of the scale.
    mean_inter_item_r : float
        Mean correlation of two different items.
    n_items : int
    """

    raw: Estimate
    standardized: Estimate
    items: Mapping[str, AlphaItem]
    mean_inter_item_r: float
    n_items: int


def cronbach_alpha(moments: Moments, *, confidence: float = 0.95) -> Alpha:
    r"""Coefficient alpha, raw and standardized, and what each item adds.

    .. math:: \alpha = \frac{p}{p-1}\Bigl(1 - \frac{\operatorname{tr} S}{1'S1}\Bigr)

    with S the (p, p) covariance, divisor n - 1; standardized alpha takes for S the
    covariance scaled to unit variances (with pairwise deletion that is not quite the
    matrix of pairwise correlations; psych::alpha does the same). Interval: Feldt's
    F(n - 1, (n - 1)(p - 1)), for standardized alpha an approximation. With pairwise
    deletion n is the smallest number of answers any two items share.

    Raises
    ------
    TooFewData
        Fewer than two items or two respondents.
    NotDefined
        A constant item, or items whose sum does not vary.

    References
    ----------
    Cronbach (1951), Psychometrika 16, doi:10.1007/BF02310555.
    Feldt, Woodruff & Salih (1987), Applied Psychological Measurement 11,
    doi:10.1177/014662168701100107: the interval.
    """
    check_confidence(confidence)
    moments.require("alpha", items=2, answers=2)
    covariance = moments.covariance
    scaled = scaled_to_unit(covariance)
    if covariance.sum() <= _noise(covariance) or scaled.sum() <= _noise(scaled):
        raise NotDefined("not-positive", statistic="alpha")
    p = moments.p
    off_diagonal = scaled[np.triu_indices(p, 1)]
    return Alpha(
        raw=_estimate("raw alpha", _alpha(covariance), moments, confidence),
        standardized=_estimate(
            "standardized alpha", _alpha(scaled), moments, confidence
        ),
        items={code: _item(covariance, j) for j, code in enumerate(moments.items)},
        mean_inter_item_r=float(off_diagonal.mean()),
        n_items=p,
    )


def feldt_interval(
    alpha: float, *, n: float, p: int, confidence: float
) -> tuple[float, float]:
    r"""Interval :math:`1 - (1 - \alpha) F_{q}` of alpha for n respondents, p items.

    F has n - 1 and (n - 1)(p - 1) degrees of freedom and q is each tail in turn:
    Feldt, Woodruff & Salih (1987).
    """
    tail = (1 - confidence) / 2
    df, df_error = n - 1, (n - 1) * (p - 1)
    low = 1 - (1 - alpha) * f_quantile(1 - tail, df, df_error)
    return low, 1 - (1 - alpha) * f_quantile(tail, df, df_error)


def spearman_brown(moments: Moments, *, confidence: float = 0.95) -> Estimate:
    r"""Reliability of the sum of two items, :math:`2r/(1+r)`.

    The interval carries Fisher's interval of r through the same (increasing) formula.

    Raises
    ------
    ValueError
        Not exactly two items.
    TooFewData
        Fewer than four respondents.
    NotDefined
        A constant item, or r = -1.

    References
    ----------
    Spearman (1910), British Journal of Psychology 3,
    doi:10.1111/j.2044-8295.1910.tb00206.x; Brown (1910), ibid.,
    doi:10.1111/j.2044-8295.1910.tb00207.x; for two items recommended by Eisinga,
    te Grotenhuis & Pelzer (2013), International Journal of Public Health 58,
    doi:10.1007/s00038-012-0416-3.
    """
    check_confidence(confidence)
    if moments.p != 2:
        raise ValueError(f"Spearman-Brown is for two items, not {moments.p}.")
    moments.require("spearman-brown", items=2, answers=4)
    r = float(moments.correlation[0, 1])
    if r <= -1:
        raise NotDefined("not-positive", statistic="spearman-brown")
    low, high = fisher_interval(r, moments.n, confidence)
    return Estimate(
        estimate=2 * r / (1 + r),
        low=2 * low / (1 + low),
        high=2 * high / (1 + high),
        n=moments.n,
        method=f"Spearman-Brown, {_percent(confidence)} Fisher interval, {moments.rule}",
        confidence=confidence,
    )


def omega_total(moments: Moments, *, confidence: float = 0.95) -> Estimate:
    r"""Omega total of one common factor, from the correlations.

    .. math:: \omega_t = \frac{1'R1 - \sum_i u_i}{1'R1}

    with R the (p, p) correlations and u the unique variances of a one-factor minres
    solution: the convention of psych::omega(nfactors = 1). Items are not turned.
    Interval: delta method for normal answers on the scale of log(1 - omega), the
    factor solution being differentiated implicitly.

    Raises
    ------
    TooFewData
        Two items (use `spearman_brown`), or no more respondents than items.
    NotDefined
        A constant item, an improper solution, or items whose sum does not vary.
    NotConverged
        The factor solution is not a minimum.

    References
    ----------
    McDonald (1999), Test theory: a unified treatment, doi:10.4324/9781410601087.
    Revelle & Zinbarg (2009), Psychometrika 74, doi:10.1007/s11336-008-9102-z.
    """
    check_confidence(confidence)
    if moments.p == 2:
        raise TooFewData("two-items", statistic="omega-total")
    moments.require("omega-total", items=3, answers=moments.p + 1)
    R = moments.correlation
    solution = minres(R, 1)
    if not solution.converged:
        raise NotConverged("not-converged", statistic="omega-total")
    improper = np.flatnonzero(solution.psi <= LOWEST_UNIQUENESS)
    if improper.size:
        raise NotDefined(
            "improper", statistic="omega-total", item=moments.items[improper[0]]
        )
    total = R.sum()
    if total <= _noise(R):
        raise NotDefined("not-positive", statistic="omega-total")
    loadings = solution.loadings[:, 0]
    unique = float((1 - loadings**2).sum())
    error = omega_error(R, loadings, moments.n)
    half = normal_quantile((1 + confidence) / 2) * error * total / unique
    return Estimate(
        estimate=1 - unique / total,
        low=float(1 - unique / total * np.exp(half)),
        high=float(1 - unique / total * np.exp(-half)),
        n=moments.n,
        method=(
            f"omega total, one minres factor, {_percent(confidence)} "
            f"normal-theory interval, {moments.rule}"
        ),
        confidence=confidence,
    )


def omega_error(R: Matrix, loadings: Matrix, n: int) -> float:
    """Return omega's standard error in n normal answers.

    R (p, p) are the correlations, the loadings (p,) those of their minres factor.
    """
    return _standard_error(omega_gradient(R, loadings), R, n)


def scaled_to_unit(covariance: Matrix) -> Matrix:
    """Scale a (p, p) covariance to a diagonal of ones."""
    sd = np.sqrt(np.diag(covariance))
    scaled: Matrix = covariance / np.outer(sd, sd)
    return scaled


def _alpha(S: Matrix) -> float:
    """Cronbach (1951) for a (p, p) covariance S; checks nothing."""
    p = len(S)
    return float(p / (p - 1) * (1 - np.trace(S) / S.sum()))


def _item(S: Matrix, j: int) -> AlphaItem:
    """Item-rest correlation and alpha without item j."""
    others = np.delete(np.arange(len(S)), j)
    rest = S[np.ix_(others, others)]
    spread = rest.sum()
    if spread <= _noise(S):
        reason = Reason("not-positive", {"statistic": "alpha-if-dropped"})
        return AlphaItem(None, None, reason)
    item_rest_r = float(S[j, others].sum() / np.sqrt(S[j, j] * spread))
    if len(others) < 2:
        reason = Reason("two-items", {"statistic": "alpha-if-dropped"})
        return AlphaItem(item_rest_r, None, reason)
    return AlphaItem(item_rest_r, _alpha(rest), None)


def _estimate(name: str, value: float, moments: Moments, confidence: float) -> Estimate:
    low, high = feldt_interval(value, n=moments.n, p=moments.p, confidence=confidence)
    return Estimate(
        estimate=value,
        low=low,
        high=high,
        n=moments.n,
        method=f"{name}, {_percent(confidence)} Feldt interval, {moments.rule}",
        confidence=confidence,
    )


def omega_gradient(R: Matrix, loadings: Matrix) -> Matrix:
    r"""Differentiate omega by the off-diagonal elements of R, (p, p) symmetric.

    At the minimum :math:`g_i = \sum_{j \ne i}(r_{ij} - l_i l_j) l_j = 0`. With J the
    derivative of g by l, dl = -J^{-1} dg, and :math:`\sum_i u_i` = p - l'l, so that
    d(sum u) = -2 l'dl = 2 y'dg with y = J^{-1} l (J is symmetric) and
    :math:`dg_i = \sum_{j \ne i} l_j dr_{ij}`.
    """
    outer = np.outer(loadings, loadings)
    jacobian = R - 2 * outer
    np.fill_diagonal(jacobian, np.diag(outer) - loadings @ loadings)
    y = np.linalg.solve(jacobian, loadings)
    d_unique = np.outer(y, loadings) + np.outer(loadings, y)
    np.fill_diagonal(d_unique, 0)
    total = R.sum()
    unique = len(R) - loadings @ loadings
    gradient: Matrix = -d_unique / total + (unique / total**2) * (1 - np.eye(len(R)))
    return gradient


def _standard_error(gradient: Matrix, R: Matrix, n: int) -> float:
    r"""Return the standard error of a function of correlations of normal variables.

    `gradient` is symmetric with a zero diagonal and the function changes by
    tr(gradient dR). By :math:`dr_{ij} = ds_{ij} - \tfrac12 r_{ij}(ds_{ii} + ds_{jj})`
    that is tr(A dS) with A = gradient - diag(row sums of gradient * R), whose variance
    is :math:`2 \operatorname{tr}(ARAR)/(n-1)` (Wishart).
    """
    A = gradient - np.diag((gradient * R).sum(axis=1))
    AR = A @ R
    return float(np.sqrt(2 * np.trace(AR @ AR) / (n - 1)))


def _noise(S: Matrix) -> float:
    """Size below which a sum of the elements of S is rounding error."""
    return float(64 * np.finfo(np.float64).eps * np.abs(S).sum())


def _percent(confidence: float) -> str:
    return f"{100 * confidence:g} %"
