"""How many people a survey needs, and what a number of people can show.

Sizes are where the power is reached exactly; round them up to people.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import f_quantile, normal_quantile
from analytics.psychometrics.reliability import feldt_interval, omega_error

_LARGEST = 1e9


def rmsea_power(
    n: float, df: int, *, null: float, true: float, alpha: float = 0.05, groups: int = 1
) -> float:
    """Power to reject a model fit of RMSEA `null` when it is `true`.

    `null` < `true` tests close fit, `null` > `true` that the fit is not close.

    Parameters
    ----------
    n : float
        People in all groups.
    df : int
        Degrees of freedom of the model.

    References
    ----------
    MacCallum, Browne & Sugawara (1996), Psychol. Methods 1, 130-149.
    """
    from scipy import special  # slow to import: see `distributions`

    if null == true or df < 1:
        raise ValueError("Two different values of the RMSEA and df of 1 or more.")
    unit = (n - 1) * df / groups
    upper = null < true
    share = 1 - alpha if upper else alpha
    critical = special.chndtrix(share, df, unit * null**2)
    below = float(special.chndtr(critical, df, unit * true**2))
    return 1 - below if upper else below


def rmsea_sample_size(
    df: int,
    *,
    null: float,
    true: float,
    power: float,
    alpha: float = 0.05,
    groups: int = 1,
) -> float:
    """People needed for `rmsea_power` to reach `power`."""

    def reached(n: float) -> float:
        return rmsea_power(n, df, null=null, true=true, alpha=alpha, groups=groups)

    return _size(reached, power, 2)


def correlation_power(n: float, r: float, *, alpha: float = 0.05) -> float:
    """Power of the two-sided test of a correlation r, by Fisher's z with bias.

    References
    ----------
    Cohen (1988), Statistical power analysis, 2nd ed., chapter 3.
    """
    from scipy import special

    t = float(special.stdtrit(n - 2, 1 - alpha / 2))
    critical = math.atanh(math.sqrt(t**2 / (t**2 + n - 2)))
    shifted = math.atanh(r) + r / (2 * (n - 1))
    root = math.sqrt(n - 3)
    above, below = (shifted - critical) * root, (-shifted - critical) * root
    return float(special.ndtr(above) + special.ndtr(below))


def correlation_sample_size(r: float, *, power: float, alpha: float = 0.05) -> float:
    """People needed for `correlation_power` to reach `power`."""
    if not 0 < abs(r) < 1:
        raise ValueError(f"r must lie between -1 and 1 and not be 0, it is {r}.")
    return _size(lambda n: correlation_power(n, r, alpha=alpha), power, 4)


def regression_power(
    n: float, predictors: int, f2: float, *, alpha: float = 0.05
) -> float:
    """Power of the F test of R squared, f2 = R^2 / (1 - R^2).

    References
    ----------
    Cohen (1988), Statistical power analysis, 2nd ed., chapter 9.
    """
    from scipy import special

    rest = n - predictors - 1
    critical = float(special.fdtri(predictors, rest, 1 - alpha))
    return 1 - float(special.ncfdtr(predictors, rest, f2 * n, critical))


def regression_sample_size(
    predictors: int, f2: float, *, power: float, alpha: float = 0.05
) -> float:
    """People needed for `regression_power` to reach `power`."""
    if predictors < 1 or not f2 > 0:
        raise ValueError("One predictor or more, and an f2 above 0.")
    return _size(
        lambda n: regression_power(n, predictors, f2, alpha=alpha),
        power,
        predictors + 2,
    )


def difference_power(n: float, d: float, *, alpha: float = 0.05) -> float:
    """Power of the two-sided t test of two means `d` standard deviations apart.

    Parameters
    ----------
    n : float
        People in each of two groups of one size, 2 or more.

    References
    ----------
    Cohen (1988), Statistical power analysis, 2nd ed., chapter 2.
    """
    from scipy import special

    df = 2 * (n - 1)
    critical = float(special.stdtrit(df, 1 - alpha / 2))
    shift = abs(d) * math.sqrt(n / 2)
    above = 1 - float(special.nctdtr(df, shift, critical))
    # mirrored: P(t < -c) at a shift up is P(t > c) at the same shift down
    return above + float(special.nctdtr(df, shift, -critical))


def smallest_difference(n: float, *, power: float, alpha: float = 0.05) -> float:
    """Difference in standard deviations at which `difference_power` reaches `power`."""
    if n < 2:
        raise ValueError(f"Two people or more in each group, not {n}.")
    return _size(lambda d: difference_power(n, d, alpha=alpha), power, 1e-6)


def interval_sample_size(r: float, *, width: float, confidence: float = 0.95) -> float:
    """People needed for Fisher's interval of a correlation r to be `width` wide.

    References
    ----------
    Bonett & Wright (2000), Psychometrika 65, 23-28.
    """
    if not -1 < r < 1 or not 0 < width < 2:
        raise ValueError("r must lie between -1 and 1, the width between 0 and 2.")
    z = normal_quantile((1 + confidence) / 2)

    def narrowness(n: float) -> float:
        half = z / math.sqrt(n - 3)
        center = math.atanh(r)
        return -(math.tanh(center + half) - math.tanh(center - half))

    return _size(narrowness, -width, 4)


def alpha_sample_size(
    alpha: float, items: int, *, width: float, confidence: float = 0.95
) -> float:
    """People needed for Feldt's interval of an alpha to be `width` wide.

    References
    ----------
    Feldt, Woodruff & Salih (1987), Applied Psychological Measurement 11; Bonett (2002),
    J. Educ. Behav. Stat. 27, 335-340, has an approximation.
    """
    if not alpha < 1 or items < 2 or not width > 0:
        raise ValueError("An alpha below 1, two items or more, a width above 0.")

    def narrowness(n: float) -> float:
        low, high = feldt_interval(alpha, n=n, p=items, confidence=confidence)
        return low - high

    return _size(narrowness, -width, 2)


def omega_sample_size(
    loadings: Sequence[float] | Matrix, *, width: float, confidence: float = 0.95
) -> float:
    r"""People needed for the interval of omega total to be `width` wide.

    The interval of `omega_total` where one factor with these standardized loadings
    holds exactly: :math:`1 - (1 - \omega) e^{\pm z s / (1 - \omega)}`, s the standard
    error of omega for normal answers.
    """
    given: Matrix = np.asarray(loadings, dtype=np.float64)
    if len(given) < 3 or not ((given > 0) & (given < 1)).all() or not width > 0:
        raise ValueError("Three loadings or more between 0 and 1, a width above 0.")
    R = np.outer(given, given)
    np.fill_diagonal(R, 1.0)
    unique = float((1 - given**2).sum() / R.sum())
    z = normal_quantile((1 + confidence) / 2)
    error = omega_error(R, given, 2)  # of two people: it falls with the root of n - 1

    def narrowness(n: float) -> float:
        return -2 * unique * math.sinh(z * error / (unique * math.sqrt(n - 1)))

    # below this n the ends are too far apart to be told as numbers
    least = 1 + (z * error / (unique * 50)) ** 2
    return _size(narrowness, -width, max(least, len(given) + 1))


def icc2_members(icc1: float, *, icc2: float) -> float:
    """Members a group needs for its mean to have the reliability `icc2`.

    References
    ----------
    Spearman (1910), Brown (1910): their formula turned round.
    """
    if not 0 < icc1 < 1 or not 0 < icc2 < 1:
        raise ValueError("Both intraclass correlations must lie between 0 and 1.")
    return icc2 * (1 - icc1) / (icc1 * (1 - icc2))


def icc2_groups(
    icc2: float, *, members: float, width: float, confidence: float = 0.95
) -> float:
    """Return how many groups of one size make the interval of ICC(2) `width` wide.

    :math:`1 - (1 - ICC(2)) F` with G - 1 and G (members - 1) degrees of freedom: the
    interval of `icc` where all groups have that many members.

    References
    ----------
    Shrout & Fleiss (1979), Psychol. Bull. 86, 420-428.
    """
    if not icc2 < 1 or not members > 1 or not width > 0:
        raise ValueError("An ICC(2) below 1, two members or more, a width above 0.")
    tail = (1 - confidence) / 2

    def narrowness(groups: float) -> float:
        df, rest = groups - 1, groups * (members - 1)
        far = f_quantile(1 - tail, df, rest) - f_quantile(tail, df, rest)
        return -(1 - icc2) * far

    return _size(narrowness, -width, 2)


def _size(reached: Callable[[float], float], wanted: float, least: float) -> float:
    """Bisect the n at which a rising function of n reaches a value.

    Raises
    ------
    ValueError
        Not even a thousand million people would do, or the value is no probability.
    """
    low = high = float(least)
    while reached(high) < wanted:
        low, high = high, 2 * high
        if high > _LARGEST:
            raise ValueError("No number of people reaches that; ask for less.")
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if reached(middle) < wanted:
            low = middle
        else:
            high = middle
    return high
