"""A check for what answers share because one person gave them all: a marker."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import correlation_p
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import check_confidence, fisher_interval
from analytics.psychometrics.moments import Moments

_STATISTIC = "marker"
_SAME = 1e-10  # below 1: variables that repeat one another


@dataclass(frozen=True, slots=True)
class MarkerCorrelation:
    """A correlation less what a marker says is shared by every answer.

    Attributes
    ----------
    r : float
        Adjusted; its sign differs from that of the raw one where even that is below
        the marker.
    low, high : float
        Fisher interval as of a partial correlation given one variable.
    p : float
        Two-sided, of r = 0, by Student's t with n - 3 degrees of freedom.
    raw, marker : float
        What it was made from.
    n : int
    confidence : float
    method : str
    """

    r: float
    low: float
    high: float
    p: float
    raw: float
    marker: float
    n: int
    confidence: float
    method: str


def marker_adjusted(
    r: float, marker: float, n: int, *, confidence: float = 0.95
) -> MarkerCorrelation:
    r"""Take from a correlation what all answers of one person share.

    .. math:: r_a = \operatorname{sign}(r) \frac{|r| - r_M}{1 - r_M}, \qquad
       t = r_a / \sqrt{(1 - r_a^2) / (n - 3)}

    It is the partial correlation given a variable that goes with both at
    :math:`\sqrt{r_M}`: so it presumes that the way of answering moves every question
    alike, and that the marker has nothing else in common with them. The interval takes
    the marker as known. A check beside the raw correlation, not a better one.

    Parameters
    ----------
    r : float
    marker : float
        Correlation with the marker, or the smallest among all; at least 0, below 1.
    n : int
        People behind r.

    Raises
    ------
    TooFewData
        Fewer than five people.

    References
    ----------
    Lindell & Whitney (2001), Journal of Applied Psychology 86,
    doi:10.1037/0021-9010.86.1.114.
    """
    check_confidence(confidence)
    if not (0 <= marker < 1 and -1 <= r <= 1):
        raise ValueError(f"No correlation {r} with a marker of {marker}.")
    if n < 5:
        raise TooFewData("needs-answers", statistic=_STATISTIC, needs=5, has=n)
    left = (abs(r) - marker) / (1 - marker)
    # below -1 only where the marker is above a half and r near 0
    adjusted = max(left, -1.0) * (1 if r >= 0 else -1)
    low, high = fisher_interval(adjusted, n - 1, confidence)
    return MarkerCorrelation(
        r=adjusted,
        low=low,
        high=high,
        p=correlation_p(adjusted, n - 1),
        raw=r,
        marker=marker,
        n=n,
        confidence=confidence,
        method=f"Lindell and Whitney, {100 * confidence:g} % Fisher interval",
    )


def smallest_correlation(moments: Moments) -> tuple[str, str, float]:
    """Return the two variables that go together least, and how far, sign dropped.

    Without a marker that was asked on purpose it stands in for one: what all answers
    share can hardly be more than what the least related two share.

    Raises
    ------
    TooFewData
        Fewer than three variables: then it would be what it is to check.
    NotDefined
        A constant variable.
    """
    moments.require(_STATISTIC, items=3, answers=4)
    size: Matrix = np.abs(moments.correlation)
    rows, columns = np.triu_indices(moments.p, 1)
    at = int(size[rows, columns].argmin())
    i, j = int(rows[at]), int(columns[at])
    if size[i, j] > 1 - _SAME:
        raise NotDefined("singular", statistic=_STATISTIC)
    return moments.items[i], moments.items[j], float(size[i, j])
