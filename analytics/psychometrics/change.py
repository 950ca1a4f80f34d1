"""How far a mean moved between waves, around an event, and how much came back.

Everything here starts from the moments of independent samples: waves whose answers
cannot be linked. People whose answers are linked belong to `paired_difference` and
`reliable_change`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import (
    chi2_sf,
    noncentral_t,
    normal_quantile,
    t_quantile,
    t_two_sided,
)
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

FEWEST_FOR_TREND: Final = 2  # waves on either side of an event
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """People with a score, their mean, and their variance with divisor n - 1."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class MeanChange:
    """How far the mean of a second sample lies from that of a first.

    Attributes
    ----------
    difference : Estimate
        Second less first, in points, with Welch's interval.
    standardized : Estimate
        Hedges' g: in pooled standard deviations, corrected for small samples.
    t, df, p : float
        Welch's test of no difference, two-sided.
    """

    difference: Estimate
    standardized: Estimate
    t: float
    df: float
    p: float


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """Linked people whose score moved further than its error of measurement.

    Attributes
    ----------
    improved, unchanged, worsened : int
    n : int
        People with both scores.
    threshold : float
        Points beyond which a change is reliable.
    error : float
        Standard error of a difference of two scores of one person.
    reliability : float
    confidence : float
    """

    improved: int
    unchanged: int
    worsened: int
    n: int
    threshold: float
    error: float
    reliability: float
    confidence: float


@dataclass(frozen=True, slots=True)
class InterruptedSeries:
    """Level of a series after an event less its level before.

    Attributes
    ----------
    change : Estimate
        In points; `n` counts the people of all waves.
    slope : float or None
        Common linear trend, points per unit of time; None where it was not fitted.
    df : float
        Satterthwaite's degrees of freedom of the interval.
    misfit, misfit_df, misfit_p : float, int, float or None
        Chi-square of the waves around the fitted line against their sampling errors;
        p is None where nothing is left to misfit.
    model : str
        ``difference`` (one wave on each side), ``level``, or ``level and trend``.
    """

    change: Estimate
    slope: float | None
    df: float
    misfit: float
    misfit_df: int
    misfit_p: float | None
    model: Literal["difference", "level", "level and trend"]


def mean_change(
    before: SampleMoments, after: SampleMoments, *, confidence: float = 0.95
) -> MeanChange:
    r"""Compare the means of two independent samples.

    :math:`\bar x_1 - \bar x_0 \pm t_\nu \sqrt{s_0^2/n_0 + s_1^2/n_1}` with Welch's
    :math:`\nu`; :math:`g = J(m) (\bar x_1 - \bar x_0) / s_p`, :math:`m = n_0 + n_1 -
    2`, :math:`J(m) = \Gamma(m/2) / (\sqrt{m/2}\, \Gamma((m-1)/2))`. The interval of g
    turns the ends of the noncentrality of Student's t into d and multiplies by J.

    Raises
    ------
    TooFewData
        Fewer than two people in a sample.
    NotDefined
        Nobody differs from anybody else within either sample.

    References
    ----------
    Welch (1947), Biometrika 34, doi:10.1093/biomet/34.1-2.28; Hedges (1981), J. Educ.
    Stat. 6, doi:10.3102/10769986006002107; Cumming & Finch (2001), Educ. Psychol.
    Meas. 61, doi:10.1177/0013164401614002.
    """
    check_confidence(confidence)
    _check((before, after))
    apart = after.mean - before.mean
    parts = [one.variance / one.n for one in (before, after)]
    if sum(parts) <= _ROUNDING**2 * max(1.0, before.mean**2, after.mean**2):
        raise NotDefined("no-variance", statistic="mean-change")
    df = _satterthwaite(parts, (before, after))
    error = float(np.sqrt(sum(parts)))
    half = t_quantile((1 + confidence) / 2, df) * error
    n = before.n + after.n
    return MeanChange(
        difference=Estimate(
            apart,
            apart - half,
            apart + half,
            n,
            f"difference of means, {100 * confidence:g} % Welch interval",
            confidence,
        ),
        standardized=_hedges(before, after, confidence),
        t=apart / error,
        df=df,
        p=t_two_sided(apart / error, df),
    )


def reliable_change(
    before: Matrix, after: Matrix, *, reliability: float, confidence: float = 0.95
) -> ReliableChange:
    r"""Count linked people whose score changed beyond its error of measurement.

    :math:`RC = (x_1 - x_0) / \sqrt{2}\, s_0 \sqrt{1 - r}`; a change is reliable where
    :math:`|RC| > z`, 1.96 for 95 %.

    Parameters
    ----------
    before, after : (n,)
        Scores of the same people; rows with a NaN are left out.
    reliability : float
        r of the scale, above 0 and below 1: of this sample's first wave, whose
        standard deviation :math:`s_0` (divisor n - 1) is used.

    Raises
    ------
    TooFewData
        Fewer than two people have both scores.
    NotDefined
        All first scores are equal, or the reliability is not between 0 and 1.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59,
    doi:10.1037/0022-006X.59.1.12.
    """
    check_confidence(confidence)
    before, after = (np.asarray(x, dtype=np.float64) for x in (before, after))
    both = ~np.isnan(before) & ~np.isnan(after)
    before, after = before[both], after[both]
    n = len(before)
    if n < 2:
        raise TooFewData("needs-answers", statistic="reliable-change", needs=2, has=n)
    spread = float(before.std(ddof=1))
    if spread <= _ROUNDING * max(1.0, float(np.abs(before).max())):
        raise NotDefined("no-variance", statistic="reliable-change")
    if not 0 < reliability < 1:
        raise NotDefined("no-reliability")
    error = float(np.sqrt(2) * spread * np.sqrt(1 - reliability))
    threshold = normal_quantile((1 + confidence) / 2) * error
    improved = int((after - before > threshold).sum())
    worsened = int((before - after > threshold).sum())
    return ReliableChange(
        improved=improved,
        unchanged=n - improved - worsened,
        worsened=worsened,
        n=n,
        threshold=threshold,
        error=error,
        reliability=reliability,
        confidence=confidence,
    )


def interrupted_series(
    times: Sequence[float],
    waves: Sequence[SampleMoments],
    event: float,
    *,
    confidence: float = 0.95,
) -> InterruptedSeries:
    r"""Estimate the step in the level of a series at a dated event.

    Least squares weighted by the people of each wave: :math:`\bar x_w = a + b\,[t_w \ge
    t_e] + c\,t_w`; the trend c only where there are two or more waves on either side.
    b is a fixed combination :math:`\sum l_w \bar x_w`, so its error is :math:`\sum l_w^2
    s_w^2 / n_w` with Satterthwaite's degrees of freedom; with one wave on each side it
    is Welch's. (Weights from estimated variances would cover less: .92 instead of .95
    at four waves of 12 people.) The interval holds for sampling error alone: where
    `misfit_p` is small, waves differ for other reasons too. No wave was asked with and
    without the event, so the step need not be its effect.

    Parameters
    ----------
    times : (w,) increasing
        When each wave was asked, in any unit; `event` in the same. A wave at the time
        of the event counts as after.

    Raises
    ------
    TooFewData
        No wave before or none after the event, or fewer than two people in a wave.
    NotDefined
        In a wave all scores are equal, so its sampling error is not known.

    References
    ----------
    Wagner et al. (2002), J. Clin. Pharm. Ther. 27,
    doi:10.1046/j.1365-2710.2002.00430.x; Satterthwaite (1946), Biometrics Bulletin 2,
    doi:10.2307/3002019.
    """
    check_confidence(confidence)
    t = np.asarray(times, dtype=np.float64)
    if len(t) != len(waves) or np.any(np.diff(t) <= 0):
        raise ValueError("Every wave needs its time, and times must increase.")
    after = t >= event
    fewest = int(min(after.sum(), (~after).sum()))
    if fewest == 0:
        raise TooFewData("needs-waves", statistic="event-change", needs=1, has=0)
    _check(waves)
    v = np.array([one.variance / one.n for one in waves])
    if not v.all():
        raise NotDefined("no-variance", statistic="event-change")
    with_trend = fewest >= FEWEST_FOR_TREND
    # centred: a step and a trend at large times would be nearly collinear with 1
    trend = [t - t.mean()] if with_trend else []
    X = np.column_stack([np.ones_like(t), after.astype(np.float64), *trend])
    beta, row = _weighted(X, waves)
    residuals = np.array([one.mean for one in waves]) - X @ beta
    misfit, left = float((residuals**2 / v).sum()), len(t) - X.shape[1]
    parts = row**2 * v
    df = _satterthwaite(parts, waves)
    model: Literal["difference", "level", "level and trend"] = (
        "level and trend" if with_trend else "level" if left else "difference"
    )
    return InterruptedSeries(
        change=_step(float(beta[1]), parts, df, waves, model, confidence),
        slope=float(beta[2]) if with_trend else None,
        df=df,
        misfit=misfit,
        misfit_df=left,
        misfit_p=chi2_sf(misfit, left) if left else None,
        model=model,
    )


def recovery(
    before: SampleMoments,
    lowest: SampleMoments,
    now: SampleMoments,
    *,
    confidence: float = 0.95,
) -> Estimate:
    r"""Share of a drop that has been regained, with Fieller's interval.

    :math:`\theta = (\bar x_n - \bar x_l) / (\bar x_b - \bar x_l)`: 0 where nothing came
    back, 1 where all did, above 1 where more did. The ends solve :math:`(N - \theta
    D)^2 = t^2 (v_N - 2 \theta v_{ND} + \theta^2 v_D)`, where numerator and denominator
    share the error of the lowest wave; t has Satterthwaite's degrees of freedom at the
    estimate.

    Raises
    ------
    TooFewData
        Fewer than two people in a sample.
    NotDefined
        The drop itself is not clear of zero (its own interval, by the same t, holds 0
        or a rise), so that a share of it means nothing.

    References
    ----------
    Fieller (1954), J. R. Stat. Soc. B 16, doi:10.1111/j.2517-6161.1954.tb00159.x.
    """
    check_confidence(confidence)
    waves = (before, lowest, now)
    _check(waves)
    v_b, v_l, v_n = (one.variance / one.n for one in waves)
    drop, regained = before.mean - lowest.mean, now.mean - lowest.mean
    v_drop = v_b + v_l
    if drop <= 0 or v_drop <= 0:
        raise NotDefined("no-drop")
    share = regained / drop
    parts = [share**2 * v_b, (1 - share) ** 2 * v_l, v_n]
    t = t_quantile((1 + confidence) / 2, _satterthwaite(parts, waves))
    # a theta^2 - 2 b theta + c <= 0
    a = drop**2 - t**2 * v_drop
    b = drop * regained - t**2 * v_l
    c = regained**2 - t**2 * (v_n + v_l)
    if a <= 0:
        raise NotDefined("no-drop")
    half = float(np.sqrt(max(b**2 - a * c, 0.0)))
    return Estimate(
        share,
        (b - half) / a,
        (b + half) / a,
        sum(one.n for one in waves),
        f"share of the drop regained, {100 * confidence:g} % Fieller interval",
        confidence,
    )


def _check(waves: Sequence[SampleMoments]) -> None:
    fewest = min(one.n for one in waves)
    if fewest < 2:
        raise TooFewData("needs-answers", statistic="mean-change", needs=2, has=fewest)


def _weighted(X: Matrix, waves: Sequence[SampleMoments]) -> tuple[Matrix, Matrix]:
    """Coefficients, and the row that makes the step of the means; weights n."""
    weighted = X * np.array([[one.n] for one in waves])
    solve = np.linalg.solve(weighted.T @ X, weighted.T)
    beta: Matrix = solve @ np.array([one.mean for one in waves])
    row: Matrix = solve[1]
    return beta, row


def _step(
    step: float,
    parts: Matrix,
    df: float,
    waves: Sequence[SampleMoments],
    model: str,
    confidence: float,
) -> Estimate:
    half = t_quantile((1 + confidence) / 2, df) * float(np.sqrt(parts.sum()))
    method = f"{model}, least squares weighted by people, {100 * confidence:g} %"
    n = sum(one.n for one in waves)
    return Estimate(step, step - half, step + half, n, method, confidence)


def _satterthwaite(
    parts: Sequence[float] | Matrix, waves: Sequence[SampleMoments]
) -> float:
    """Degrees of freedom of a sum of independent estimated variances."""
    squares = sum(part**2 / (one.n - 1) for part, one in zip(parts, waves, strict=True))
    return float(sum(parts) ** 2 / squares)


def _hedges(before: SampleMoments, after: SampleMoments, confidence: float) -> Estimate:
    from scipy.special import gammaln  # slow to import: see `distributions`

    m = before.n + after.n - 2
    pooled = (before.n - 1) * before.variance + (after.n - 1) * after.variance
    unit = float(np.sqrt(1 / before.n + 1 / after.n))
    t = (after.mean - before.mean) / (np.sqrt(pooled / m) * unit)
    correction = float(np.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / np.sqrt(m / 2))
    low, high = noncentral_t(float(t), m, confidence)
    factor = correction * unit
    return Estimate(
        float(t) * factor,
        low * factor,
        high * factor,
        before.n + after.n,
        f"Hedges' g, {100 * confidence:g} % noncentral t",
        confidence,
    )
