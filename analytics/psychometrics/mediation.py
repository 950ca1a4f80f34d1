"""How much of what two variables share goes together with a third between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import normal_quantile
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import moments as moments_of
from analytics.psychometrics.resampling import defined_draws, resample

Ends = Literal["percentile", "bias-corrected"]

_COLLINEAR = 1e-10
_FEWEST_PEOPLE = 5
_STATISTIC = "mediation"
_PATHS = ("first", "second", "indirect", "direct", "total")


@dataclass(frozen=True, slots=True)
class Mediation:
    """A correlation split in the part along a third variable and the rest.

    All in standard deviations; no path is an effect unless a design says so.

    Attributes
    ----------
    first : Estimate
        Slope of the variable between on the first one.
    second : Estimate
        Slope of the outcome on the variable between, the first one being equal.
    indirect : Estimate
        Their product: the part of the total that goes together with the variable
        between.
    direct : Estimate
        Slope of the outcome on the first variable, the one between being equal.
    total : Estimate
        Correlation of the first variable and the outcome: indirect plus direct.
    share : float or None
        Indirect as a part of the total; None unless the interval of the total leaves 0
        out and both parts have its sign.
    n, n_draws : int
    """

    first: Estimate
    second: Estimate
    indirect: Estimate
    direct: Estimate
    total: Estimate
    share: float | None
    n: int
    n_draws: int


def mediation(
    values: Matrix,
    items: Sequence[str],
    *,
    first: str,
    between: str,
    outcome: str,
    ends: Ends,
    rng: np.random.Generator,
    n_draws: int = 1000,
    confidence: float = 0.95,
) -> Mediation:
    r"""Decompose the correlation of `first` and `outcome` along `between`.

    By least squares on standardized variables, over the rows that have all three,

    .. math:: a = r_{xm}, \quad b = \frac{r_{my} - r_{xm} r_{xy}}{1 - r_{xm}^2}, \quad
       c' = \frac{r_{xy} - r_{xm} r_{my}}{1 - r_{xm}^2}, \quad r_{xy} = ab + c'

    with intervals from resampled people; bias-corrected ones move the percentiles by
    :math:`2 z_0`, the quantile of the share of draws below the estimate, ties counting
    half.

    Parameters
    ----------
    values : (n, q) float64
        NaN = missing.
    ends : "percentile" or "bias-corrected"
        The former keeps its level in small samples, the latter finds more.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than five complete rows; a constant variable; a variable between that
        repeats the first; more than one resample in twenty without a value.

    References
    ----------
    MacKinnon, Lockwood & Williams (2004), Multivariate Behavioral Research 39,
    doi:10.1207/s15327906mbr3901_4; Fritz, Taylor & MacKinnon (2012), 47,
    doi:10.1080/00273171.2012.640596: percentiles keep their level.
    """
    check_confidence(confidence)
    chosen = [first, between, outcome]
    at = [list(items).index(code) for code in chosen]
    used = np.asarray(values, dtype=np.float64)[:, at]
    m = moments_of(used, chosen, missing="listwise")
    m.require(_STATISTIC, items=3, answers=_FEWEST_PEOPLE)
    found = _paths(m.correlation[None])[0]
    if np.isnan(found).any():
        raise NotDefined("collinear", item=between, statistic=_STATISTIC)
    drawn = _paths(resample(used, rng, n_draws, missing="listwise").correlation)
    kept, used_draws = defined_draws(drawn, _STATISTIC)
    words = (
        f"least squares, listwise, {100 * confidence:g} % {ends} bootstrap over "
        f"{used_draws} resamples"
    )
    numbers = {
        name: Estimate(
            value, *_ends(kept[:, k], value, ends, confidence), m.n, words, confidence
        )
        for k, (name, value) in enumerate(zip(_PATHS, found.tolist(), strict=True))
    }
    return Mediation(**numbers, share=_share(numbers), n=m.n, n_draws=used_draws)


def _paths(R: Matrix) -> Matrix:
    """Paths a, b, ab, c' and the total, (draws, 5), of (draws, 3, 3) correlations."""
    a, total, outer = R[:, 0, 1], R[:, 0, 2], R[:, 1, 2]
    left = 1 - a**2
    left = np.where(left > _COLLINEAR, left, np.nan)
    b, direct = (outer - a * total) / left, (total - a * outer) / left
    return np.column_stack([a, b, a * b, direct, total])


def _ends(
    draws: Matrix, value: float, ends: Ends, confidence: float
) -> tuple[float, float]:
    """Interval of one number from its (draws,) values."""
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    if ends == "bias-corrected":
        below = float((draws < value).mean() + (draws == value).mean() / 2)
        least = 0.5 / len(draws)
        shift = 2 * normal_quantile(min(max(below, least), 1 - least))
        moved = [shift + normal_quantile(float(tail)) for tail in tails]
        tails = _normal_cdf(np.array(moved))
    low, high = np.quantile(draws, tails)
    return float(low), float(high)


def _normal_cdf(z: Matrix) -> Matrix:
    from scipy import special

    probability: Matrix = special.ndtr(z)
    return probability


def _share(numbers: dict[str, Estimate]) -> float | None:
    """Part of the total along the variable between, where it is a part of it."""
    total, indirect = numbers["total"], numbers["indirect"].estimate
    if total.low is None or total.high is None or total.low <= 0 <= total.high:
        return None
    share = indirect / total.estimate
    return share if 0 <= share <= 1 else None
