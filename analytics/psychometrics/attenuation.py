"""Correlation of two scales corrected for unreliability, with its uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import moments
from analytics.psychometrics.resampling import interval, resample


@dataclass(frozen=True, slots=True)
class DisattenuatedScales:
    """A correlation of two scales divided by the root of their alphas.

    Attributes
    ----------
    estimate : Estimate
        May exceed one, and so may its interval: then it is no correlation.
    observed : Estimate
        The correlation of the two sums, over the same people, by the same bootstrap.
    alphas : (float, float)
        Raw alpha of each scale.
    above_one : bool
        Whether the absolute value of the estimate exceeds one.
    reaches_one : bool
        Whether one (or minus one) lies within the interval or is exceeded: the two
        scales may then measure the same.
    n, n_draws : int
    """

    estimate: Estimate
    observed: Estimate
    alphas: tuple[float, float]
    above_one: bool
    reaches_one: bool
    n: int
    n_draws: int


def disattenuate_scales(
    data: ResponseMatrix,
    first: Sequence[str],
    second: Sequence[str],
    *,
    rng: np.random.Generator,
    n_draws: int = 1000,
    confidence: float = 0.95,
) -> DisattenuatedScales:
    r"""Correct the correlation of two scales, :math:`r / \sqrt{\alpha_1 \alpha_2}`.

    Over the people who answered every item of both. The percentile bootstrap draws
    people and computes r and both alphas anew, so the interval carries their
    uncertainty too, which dividing the ends of a Fisher interval would not.

    Raises
    ------
    InvalidData
        An item in both scales.
    TooFewData, NotDefined
        A scale of one item, fewer than four people, a constant item, an alpha of zero
        or below; or more than one resample in twenty without a value.

    References
    ----------
    Spearman (1904), American Journal of Psychology 15, doi:10.2307/1412159.
    Padilla & Veprinsky (2012), Educational and Psychological Measurement 72,
    doi:10.1177/0013164412450065: the bootstrap.
    """
    check_confidence(confidence)
    part = data.select([*first, *second]).complete_rows()
    m = moments(part, missing="listwise")
    for items in (first, second):
        m.select(items).require("disattenuation", items=2, answers=4)
    corrected, r, *alphas = _corrected(m.covariance[None], len(first))[0].tolist()
    if min(alphas) <= 0:
        raise NotDefined("no-reliability")
    drawn = resample(part, rng, n_draws, missing="listwise").covariance
    low, high, used = interval(
        _corrected(drawn, len(first)), confidence, "disattenuation"
    )
    words = (
        f"listwise, {100 * confidence:g} % percentile bootstrap over {used} resamples"
    )

    def estimate(value: float, column: int, name: str) -> Estimate:
        ends = (float(low[column]), float(high[column]))
        return Estimate(value, *ends, m.n, f"{name}, {words}", confidence)

    return DisattenuatedScales(
        estimate=estimate(corrected, 0, "r corrected by raw alpha"),
        observed=estimate(r, 1, "Pearson"),
        alphas=(alphas[0], alphas[1]),
        above_one=abs(corrected) > 1,
        reaches_one=bool(max(abs(low[0]), abs(high[0])) >= 1),
        n=m.n,
        n_draws=used,
    )


def _corrected(S: Matrix, k: int) -> Matrix:
    """Corrected r, r and the two alphas, (draws, 4), of (draws, p, p) covariances.

    The first k items are one scale. NaN where an alpha is not positive.
    """
    p = S.shape[1]
    size = np.array([k, p - k])
    member = np.repeat(np.eye(2), size, axis=0)
    sums = np.einsum("ia,dij,jb->dab", member, S, member)
    own = np.einsum("dii,ia->da", S, member)
    variance = np.einsum("daa->da", sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas = size / (size - 1) * (1 - own / variance)
        r = sums[:, 0, 1] / np.sqrt(variance.prod(axis=1))
        usable = np.where(alphas > 0, alphas, np.nan)
        corrected = r / np.sqrt(usable.prod(axis=1))
    return np.column_stack([corrected, r, alphas])
