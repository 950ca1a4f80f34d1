"""How well a model fits: chi-square and the indices that are made from it."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.distributions import log_chi2_sf
from analytics.psychometrics.sem.indices import (
    Absolute,
    Chi2Pair,
    Incremental,
    Residuals,
)

CLOSE = 0.05  # RMSEA of the hypothesis of close fit
NOT_CLOSE = 0.08  # and of the hypothesis that the fit is not close
CONFIDENCE = 0.90  # of the interval of the RMSEA, as everywhere in the field


@dataclass(frozen=True, slots=True)
class Rmsea:
    """Root mean square error of approximation with its 90 % interval.

    Attributes
    ----------
    estimate, low, high : float
    close_p, not_close_p : float
        Probability of so large a chi-square if the true RMSEA is .05, and of so small a
        one if it is .08.
    """

    estimate: float
    low: float
    high: float
    close_p: float
    not_close_p: float


@dataclass(frozen=True, slots=True)
class ScaledMeasures:
    """What changes when the answers are not taken as normal.

    Attributes
    ----------
    method : str
        "Yuan-Bentler", "Satorra-Bentler" or "scaled and shifted".
    factor, baseline_factor : float or None
        What a chi-square is divided by to be scaled; None where df = 0.
    shift, baseline_shift : float
        What is then added (scaled and shifted), else 0.
    chi2, p, log_p, baseline_chi2, cfi, tli, rmsea
        As in `Measures`, from the scaled chi-squares.
    cfi_robust, tli_robust, rmsea_robust, rni_robust
        Estimates of what the normal indices would be in the population, by
        Brosseau-Liard, Savalei & Li (2012, 2014).
    incremental : Incremental
        From the scaled chi-squares.
    baseline_p : float or None
    model_factor, unrestricted_factor : float or None
        Scaling factors of the two log-likelihoods; None for ordered items.
    """

    method: str
    factor: float | None
    baseline_factor: float | None
    shift: float
    baseline_shift: float
    chi2: float
    p: float | None
    log_p: float | None
    baseline_chi2: float
    cfi: float | None
    tli: float | None
    rmsea: Rmsea | None
    cfi_robust: float | None
    tli_robust: float | None
    rmsea_robust: Rmsea | None
    rni_robust: float | None
    incremental: Incremental
    baseline_p: float | None
    model_factor: float | None
    unrestricted_factor: float | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """What indices of fit would be in the population if there were no gaps.

    Zhang & Savalei (2023), Psychol. Methods 28, 263-283: FIML-C, version V6, and V3
    where errors are robust.

    Attributes
    ----------
    chi2, baseline_chi2 : float
        n times the discrepancies of the saturated moments, as if of complete data.
    factor, baseline_factor : float
        Their expectations over the degrees of freedom where the models hold.
    cfi, tli, rni : float or None
    rmsea : Rmsea or None
    """

    chi2: float
    baseline_chi2: float
    factor: float
    baseline_factor: float
    cfi: float | None
    tli: float | None
    rni: float | None
    rmsea: Rmsea | None


@dataclass(frozen=True, slots=True)
class Measures:
    """Fit of a model.

    Attributes
    ----------
    chi2 : float
        Against the unrestricted model; a likelihood ratio, or with least squares the
        discrepancy times n - 1.
    df : int
    p, log_p : float or None
        Upper tail and its natural logarithm; None where df = 0, and with ULS, whose
        chi-square depends on the units of the items.
    baseline_chi2, baseline_df, baseline_p : float, int, float or None
        The same for uncorrelated variables.
    cfi, tli : float or None
        None where nothing can be compared (df = 0).
    rmsea : Rmsea or None
    srmr : float
        Of Bentler: residual covariances (and means) over the observed deviations;
        groups weighted by their size. Ordered items: of the correlations alone.
    loglik, loglik_unrestricted, aic, bic, bic_adjusted : float or None
        None with least squares.
    incremental : Incremental
        NFI, RFI, IFI, RNI and PNFI.
    absolute : Absolute
        GFI and its kin, MFI, ECVI, critical n.
    residuals : Residuals
        RMR, CRMR and the other conventions of the SRMR.
    scaled : ScaledMeasures or None
        With estimators MLR, MLM and MLMV, and the variants of WLS and ULS.
    corrected : Corrected or None
        Answers with gaps: indices freed of the effect of the gaps.
    wrmr : float or None
        Ordered items: root of the chi-square over the number of moments (Yu 2002).
    """

    chi2: float
    df: int
    p: float | None
    log_p: float | None
    baseline_chi2: float
    baseline_df: int
    cfi: float | None
    tli: float | None
    rmsea: Rmsea | None
    srmr: float
    loglik: float | None
    loglik_unrestricted: float | None
    aic: float | None
    bic: float | None
    bic_adjusted: float | None
    baseline_p: float | None
    incremental: Incremental
    absolute: Absolute
    residuals: Residuals
    scaled: ScaledMeasures | None
    wrmr: float | None = None
    corrected: Corrected | None = None


def tail(chi2: float, df: int) -> tuple[float | None, float | None]:
    """Return p and log p of a chi-square; (None, None) without degrees of freedom."""
    if df == 0:
        return None, None
    log_p = 0.0 if chi2 <= 0 else log_chi2_sf(chi2, df)
    return float(np.exp(log_p)), log_p


def cfi(pair: Chi2Pair, factor: float = 1.0, baseline_factor: float = 1.0) -> float:
    r"""Return the comparative fit index: 1 - excess of the model / excess of the baseline.

    With factors c and c_b: :math:`1 - \max(X - c\,df, 0) / \max(X_b - c_b\,df_b, \dots)`.

    References
    ----------
    Bentler (1990), Psychol. Bull. 107, 238-246; Brosseau-Liard & Savalei (2014),
    Multivariate Behav. Res. 49, 460-470, for the factors.
    """
    excess = max(pair.chi2 - factor * pair.df, 0.0)
    baseline = max(pair.baseline_chi2 - baseline_factor * pair.baseline_df, excess)
    return 1 - excess / baseline if baseline > 0 else 1.0


def tli(
    pair: Chi2Pair, factor: float = 1.0, baseline_factor: float = 1.0
) -> float | None:
    """Tucker & Lewis (1973), Psychometrika 38, 1-10; None where df = 0."""
    excess = (pair.chi2 - factor * pair.df) * pair.baseline_df
    baseline = (pair.baseline_chi2 - baseline_factor * pair.baseline_df) * pair.df
    return 1 - excess / baseline if baseline > 0 else None


def rmsea(pair: Chi2Pair, factor: float = 1.0) -> Rmsea | None:
    r""":math:`\sqrt{(X/df - c)/(nc)} \sqrt{\text{groups}}`, interval by inversion.

    With a scaling factor c the reference distribution has :math:`c\,df` degrees of
    freedom, as in lavaan 0.6-14.

    References
    ----------
    Steiger & Lind (1980); Browne & Cudeck (1993): interval and test of close fit.
    """
    df = factor * pair.df
    if df <= 0:
        return None
    unit = pair.groups / (pair.n * df)
    low, high = noncentralities(pair.chi2, df)
    return Rmsea(
        estimate=float(np.sqrt(max(pair.chi2 - df, 0.0) * unit)),
        low=float(np.sqrt(low * unit)),
        high=float(np.sqrt(high * unit)),
        close_p=_upper(pair.chi2, df, CLOSE**2 / unit),
        not_close_p=1 - _upper(pair.chi2, df, NOT_CLOSE**2 / unit),
    )


def robust_rmsea(scaled: Chi2Pair, factor: float) -> Rmsea | None:
    """RMSEA of the normal discrepancy from the chi-square scaled by a factor.

    References
    ----------
    Brosseau-Liard, Savalei & Li (2012), Multivariate Behav. Res. 47, 904-930.
    """
    if scaled.df == 0:
        return None
    unit = factor * scaled.groups / (scaled.n * scaled.df)
    low, high = noncentralities(scaled.chi2, scaled.df)
    return Rmsea(
        estimate=float(np.sqrt(max(scaled.chi2 - scaled.df, 0.0) * unit)),
        low=float(np.sqrt(low * unit)),
        high=float(np.sqrt(high * unit)),
        close_p=_upper(scaled.chi2, scaled.df, CLOSE**2 / unit),
        not_close_p=1 - _upper(scaled.chi2, scaled.df, NOT_CLOSE**2 / unit),
    )


def noncentralities(chi2: float, df: float) -> tuple[float, float]:
    """Return the two noncentralities at which `chi2` is the 95 % and the 5 % point."""
    from scipy import special

    ends = []
    for probability in ((1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2):
        central = float(special.gammainc(df / 2, chi2 / 2))
        if central <= probability:
            ends.append(0.0)
        else:
            ends.append(_noncentrality(chi2, df, probability))
    return ends[0], ends[1]


def _noncentrality(chi2: float, df: float, probability: float) -> float:
    """Bisect P(noncentral chi-square <= chi2) = probability; it falls with it."""
    from scipy import special

    low, high = 0.0, max(chi2, 1.0)
    while special.chndtr(chi2, df, high) > probability:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if special.chndtr(chi2, df, middle) > probability:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2


def _upper(chi2: float, df: float, noncentrality: float) -> float:
    from scipy import special

    return max(1 - float(special.chndtr(chi2, df, noncentrality)), 0.0)
