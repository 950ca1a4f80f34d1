"""Who answered, by what is known of everybody who was invited."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.distributions import chi2_sf
from analytics.psychometrics.errors import NotDefined, TooFewData


@dataclass(frozen=True, slots=True)
class ResponseRates:
    """Test that all groups answer at the same rate.

    Attributes
    ----------
    rates : tuple of float
        Share of each group that answered.
    rate : float
        Of all together.
    chi2, p : float
        Pearson's statistic without continuity correction, and its upper tail.
    df : int
    cramers_v : float
        Strength, 0 to 1.
    smallest_expected : float
        Smallest count expected under equal rates; below 5 the p value is rough.
    n : int
        Invited people.
    """

    rates: tuple[float, ...]
    rate: float
    chi2: float
    df: int
    p: float
    cramers_v: float
    smallest_expected: float
    n: int


def response_rates(invited: Sequence[int], answered: Sequence[int]) -> ResponseRates:
    r"""Compare the response rates of g groups.

    With m invited and a answered in a group and the common rate
    :math:`q = \sum a / \sum m`:

    .. math:: \chi^2 = \sum_g \frac{(a_g - m_g q)^2}{m_g q (1 - q)}, \quad
       V = \sqrt{\chi^2 / \sum m}

    V being Cramer's for two columns. The people who were invited are read as a sample
    of those who might have been; of these invited people the rates are simply known.

    Raises
    ------
    ValueError
        More answered than were invited, or a group without anybody invited.
    TooFewData
        Fewer than two groups.
    NotDefined
        Everybody answered, or nobody.

    References
    ----------
    Pearson (1900), Philosophical Magazine 50, doi:10.1080/14786440009463897.
    Cramer (1946), Mathematical Methods of Statistics, section 21.9.
    Cochran (1954), Biometrics 10, doi:10.2307/3001616: expected counts below 5.
    """
    m, a = (np.asarray(counts, dtype=np.float64) for counts in (invited, answered))
    if m.shape != a.shape or m.ndim != 1:
        raise ValueError("Each group needs a number of invited and one of answered.")
    if (m < 1).any() or (a < 0).any() or (a > m).any():
        raise ValueError("A group has 1 or more invited, of whom 0 or more answered.")
    if len(m) < 2:
        raise TooFewData(
            "needs-groups", statistic="response-rates", needs=2, has=len(m)
        )
    n, rate = float(m.sum()), float(a.sum() / m.sum())
    if rate in (0.0, 1.0):
        raise NotDefined("equal-rates", statistic="response-rates")
    chi2 = float(((a - m * rate) ** 2 / (m * rate * (1 - rate))).sum())
    return ResponseRates(
        rates=tuple(float(one) for one in a / m),
        rate=rate,
        chi2=chi2,
        df=len(m) - 1,
        p=chi2_sf(chi2, len(m) - 1),
        cramers_v=float(np.sqrt(chi2 / n)),
        smallest_expected=float(m.min() * min(rate, 1 - rate)),
        n=int(n),
    )
