"""A number with everything that is needed to report it."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.distributions import normal_quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its interval.

    Attributes
    ----------
    estimate : float
        The value, unrounded.
    low, high : float or None
        Ends of the interval; None where the method gives none.
    n : int
        Respondents behind the estimate, after deletion.
    method : str
        Coefficient, interval and rule for missing answers, in words.
    confidence : float
        Coverage of the interval.
    """

    estimate: float
    low: float | None
    high: float | None
    n: int
    method: str
    confidence: float


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless 0 < confidence < 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}.")


def fisher_interval(r: float, n: int, confidence: float) -> tuple[float, float]:
    r"""Interval of a correlation: :math:`\tanh(\operatorname{artanh} r \pm z/\sqrt{n-3})`.

    References
    ----------
    Fisher (1921), Metron 1, 3-32; needs n > 3.
    """
    if abs(r) >= 1:
        return r, r
    half = normal_quantile((1 + confidence) / 2) / np.sqrt(n - 3)
    z = np.arctanh(r)
    return float(np.tanh(z - half)), float(np.tanh(z + half))
