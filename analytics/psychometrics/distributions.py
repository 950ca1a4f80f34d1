"""Quantiles and tails of the distributions behind the intervals and tests.

The one door to scipy.special, which takes half of the time of importing the core and
which a page that only reads results does not need: so it is imported when first used.
"""

from functools import lru_cache

import numpy as np

from analytics.psychometrics.data import Matrix


@lru_cache(maxsize=64)  # the same few levels for every parameter of a model
def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    from scipy import special

    return float(special.ndtri(probability))


def t_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t distribution."""
    from scipy import special

    return float(special.stdtrit(df, probability))


def t_tail(t: Matrix, df: Matrix) -> Matrix:
    """P(Student's t > t), elementwise, exact in the far tail; df need not be whole."""
    from scipy import special

    tails: Matrix = special.stdtr(df, -t)
    return tails


def normal_tail(z: Matrix) -> Matrix:
    """P(standard normal > z), elementwise, exact in the far tail."""
    from scipy import special

    tails: Matrix = special.ndtr(-z)
    return tails


def t_two_sided(t: float, df: float) -> float:
    """P(abs of Student's t > abs(t)), exact in the far tail."""
    from scipy import special

    return float(special.betainc(df / 2, 0.5, df / (df + t**2)))


def noncentral_t(t: float, df: int, confidence: float) -> tuple[float, float]:
    """Noncentralities for which `t` is the upper and the lower end of its distribution.

    The distribution function falls with the noncentrality; the walk to both sides of
    its root takes steps of its standard deviation, for SciPy has no value far away.
    """
    from scipy import optimize, special

    if t < 0:  # the distribution function of SciPy is none far below zero
        low, high = noncentral_t(-t, df, confidence)
        return -high, -low
    step = np.sqrt(1 + t**2 / (2 * df))
    tail = (1 - confidence) / 2

    def end(probability: float) -> float:
        def above(nc: float) -> float:
            return float(special.nctdtr(df, nc, t) - probability)

        # T < t wherever Z < -nc, as t >= 0: the root lies above this
        least = -normal_quantile(probability) - 1e-6
        low, high = max(t - step, least), t + step
        while above(low) < 0:
            low = max(low - step, least)
        while above(high) > 0:
            high += step
        return float(optimize.brentq(above, low, high, xtol=1e-12))

    return end(1 - tail), end(tail)


def f_quantile(probability: float, df: float, df_error: float) -> float:
    """Quantile of the F distribution."""
    from scipy import special

    return float(special.fdtri(df, df_error, probability))


def f_sf(x: float, df: int, df_error: int) -> float:
    """P(F with `df` and `df_error` degrees of freedom > x), exact in the far tail."""
    from scipy import special

    return float(special.fdtrc(df, df_error, x))


def correlation_p(r: float, n: int) -> float:
    r"""Two-sided tail of a correlation of n independent normal pairs.

    :math:`P(|t_{n-2}| > |r| \sqrt{(n-2)/(1-r^2)}) = I_{1-r^2}((n-2)/2, 1/2)`: the
    regularized beta function keeps small tails that 1 - cdf would lose.
    """
    from scipy import special

    return float(special.betainc((n - 2) / 2, 0.5, 1 - r**2))


def chi2_sf(x: float, df: int) -> float:
    """P(chi-square with `df` degrees of freedom > x)."""
    from scipy import special

    return float(special.chdtrc(df, x))


def chi2_quantile(tail: float, df: int) -> float:
    """Point above which chi-square with `df` degrees of freedom has this tail."""
    from scipy import special

    return float(special.chdtri(df, tail))


def noncentrality(x: float, df: int, probability: float) -> float:
    """Noncentrality for which chi-square lies below x with this probability.

    0 where even the central distribution lies below x with less.
    """
    from scipy import special

    if special.chdtr(df, x) <= probability:
        return 0.0
    return float(special.chndtrinc(x, df, probability))


def log_chi2_sf(x: float, df: int) -> float:
    r"""Natural logarithm of P(chi-square with `df` degrees of freedom > x).

    :math:`\log Q(a, y)` with a = df/2, y = x/2. Where Q itself would underflow it is
    taken from Legendre's continued fraction, :math:`Q = e^{-y} y^a / \Gamma(a) \cdot
    1/(y + 1 - a - \frac{1 (1 - a)}{y + 3 - a - \dots})`, by the modified Lentz method.

    References
    ----------
    DLMF 8.9.2; Press et al. (2007), Numerical Recipes, section 6.2.
    """
    from scipy import special

    a, y = df / 2, x / 2
    tail = float(special.gammaincc(a, y))
    if tail > 1e-280:
        return float(np.log(tail))
    log_factor = -y + a * np.log(y) - special.gammaln(a)
    return float(log_factor + np.log(_legendre_fraction(a, y)))


def _legendre_fraction(a: float, y: float) -> float:
    """Continued fraction of `log_chi2_sf`; quick where y is well above a."""
    b = y + 1 - a
    d = 1 / b
    c, fraction = np.inf, d
    for i in range(1, 10_000):
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return fraction
