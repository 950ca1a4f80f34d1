r"""Whether neighbouring waves depend on one another, and what that does to a step.

`interrupted_series` allows for sampling error alone. Here the waves themselves are the
sample: what moves a whole wave, and the next one too, widens the interval. That takes
many waves; below `FEWEST_WAVES` a number is refused rather than guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import t_quantile
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

FEWEST_WAVES: Final = 12
_FEWEST_BESIDE: Final = 3  # waves on either side of the event
_LARGEST: Final = 0.99
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class DependentSeries:
    """Step of a series whose neighbouring waves may depend on one another.

    Attributes
    ----------
    change : Estimate
        Level after the event less that before, in points; `n` counts waves.
    slope : Estimate
        Common linear trend, points per unit of time.
    dependence : float
        Correlation of the errors of two waves that lie the median gap apart; 0 where
        none, or a negative one, was found.
    df : int
        Waves less coefficients.
    lag_one : float
        Correlation of the residuals of least squares with those of the wave before.
    durbin_watson, p : float
        The statistic of those residuals, and the exact probability of one as small
        where waves are independent and normal.
    """

    change: Estimate
    slope: Estimate
    dependence: float
    df: int
    lag_one: float
    durbin_watson: float
    p: float


def dependent_series(
    times: Sequence[float] | NDArray[Any],
    means: Sequence[float] | NDArray[Any],
    event: float,
    *,
    confidence: float = 0.95,
) -> DependentSeries:
    r"""Estimate the step at an event where errors follow a first-order process.

    :math:`\bar x_w = a + b\,[t_w \ge t_e] + c\,t_w + e_w` with
    :math:`\operatorname{cor}(e_v, e_w) = \phi^{|t_v - t_w| / g}`, g the median gap and
    :math:`0 \le \phi < .99` by restricted maximum likelihood; generalized least squares
    with t and W - 3 degrees of freedom. All waves count alike. A negative dependence is
    taken as none, because it would narrow the interval. The error of :math:`\phi` is
    not in the interval: how often it holds the truth stands in docs/methods.md.

    Parameters
    ----------
    times : (W,) increasing; means : (W,) of the waves
    event : float
        A wave at its time counts as after.

    Raises
    ------
    TooFewData
        Fewer than 12 waves, or than three on a side of the event.
    NotDefined
        All waves lie on the fitted line.

    References
    ----------
    Jones & Boadi-Boateng (1991), Biometrics 47, doi:10.2307/2532505; Durbin & Watson
    (1950), Biometrika 37, doi:10.1093/biomet/37.3-4.409; Imhof (1961), Biometrika 48,
    doi:10.1093/biomet/48.3-4.419, eq. 3.2, for the probability.
    """
    check_confidence(confidence)
    t, y = np.asarray(times, dtype=np.float64), np.asarray(means, dtype=np.float64)
    if t.shape != y.shape or np.any(np.diff(t) <= 0) or not np.isfinite(y).all():
        raise ValueError("Every wave needs its time and mean, and times must increase.")
    count, after = len(t), t >= event
    if count < FEWEST_WAVES:
        raise TooFewData("few-waves", has=count, needs=FEWEST_WAVES)
    fewest = int(min(after.sum(), (~after).sum()))
    if fewest < _FEWEST_BESIDE:
        raise TooFewData(
            "needs-waves", statistic="event-change", needs=_FEWEST_BESIDE, has=fewest
        )
    gap = float(np.median(np.diff(t)))
    # centred and in gaps: a step and a trend at large times are nearly collinear with 1
    X = np.column_stack([np.ones(count), after, (t - t.mean()) / gap])
    left = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    squares = float(left @ left)
    if squares <= (_ROUNDING * max(1.0, float(np.abs(y).max()))) ** 2 * count:
        raise NotDefined("no-variance", statistic="series")
    apart = np.abs(t[:, None] - t) / gap
    phi = _dependence(X, y, apart)
    beta, errors = _generalized(X, y, phi**apart)
    watson = float(np.square(np.diff(left)).sum() / squares)
    df = count - X.shape[1]
    quantile = t_quantile((1 + confidence) / 2, df)
    found = [
        Estimate(
            float(value),
            float(value - quantile * error),
            float(value + quantile * error),
            count,
            f"{name}, REML with first-order dependence, {100 * confidence:g} % t",
            confidence,
        )
        for name, value, error in zip(
            ("step", "trend"),
            (beta[1], beta[2] / gap),
            (errors[1], errors[2] / gap),
            strict=True,
        )
    ]
    return DependentSeries(
        change=found[0],
        slope=found[1],
        dependence=phi,
        df=df,
        lag_one=float(left[1:] @ left[:-1] / squares),
        durbin_watson=watson,
        p=_durbin_watson_p(X, watson),
    )


def _generalized(X: Matrix, y: Matrix, R: Matrix) -> tuple[Matrix, Matrix]:
    """Coefficients and standard errors by the correlations R of the errors."""
    L = np.linalg.cholesky(R)
    A, b = np.linalg.solve(L, X), np.linalg.solve(L, y)
    beta: Matrix = np.linalg.lstsq(A, b, rcond=None)[0]
    rest = b - A @ beta
    scale = float(rest @ rest) / (len(y) - X.shape[1])
    errors: Matrix = np.sqrt(scale * np.diag(np.linalg.inv(A.T @ A)))
    return beta, errors


def _restricted(X: Matrix, y: Matrix, R: Matrix) -> float:
    """Twice the negative restricted log-likelihood, but for a constant."""
    L = np.linalg.cholesky(R)
    A, b = np.linalg.solve(L, X), np.linalg.solve(L, y)
    rest = b - A @ np.linalg.lstsq(A, b, rcond=None)[0]
    log_det = 2 * float(np.log(np.diag(L)).sum())
    information = float(np.linalg.slogdet(A.T @ A)[1])
    squares = float(np.log(rest @ rest))
    return int(len(y) - X.shape[1]) * squares + log_det + information


def _dependence(X: Matrix, y: Matrix, apart: Matrix) -> float:
    """Minimise over phi: a grid for the valley, then golden sections."""

    def value(phi: float) -> float:
        return _restricted(X, y, phi**apart)

    grid = np.linspace(0.0, _LARGEST, 100)
    best = int(np.argmin([value(float(phi)) for phi in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 99)])
    golden = (np.sqrt(5) - 1) / 2
    while high - low > 1e-9:
        first, second = high - golden * (high - low), low + golden * (high - low)
        if value(first) <= value(second):
            high = second
        else:
            low = first
    return low if low > 1e-8 else 0.0


def _durbin_watson_p(X: Matrix, d: float) -> float:
    r"""P(DW <= d) of independent normal errors: a ratio of quadratic forms.

    With the eigenvalues :math:`\lambda` of the differences among the residuals it is
    :math:`P(\sum (\lambda_i - d) z_i^2 \le 0)`.
    """
    from scipy.integrate import quad  # slow to import

    count = len(X)
    D = np.diff(np.eye(count), axis=0)
    Q = np.linalg.qr(X, mode="complete")[0][:, X.shape[1] :]
    weights = np.linalg.eigvalsh(Q.T @ D.T @ D @ Q) - d

    def kernel(u: float) -> float:
        angle = float(np.arctan(weights * u).sum()) / 2
        return float(
            np.sin(angle) / (u * np.exp(np.log1p((weights * u) ** 2).sum() / 4))
        )

    total = quad(kernel, 0, np.inf, limit=500, epsabs=1e-11)[0]
    return float(np.clip(0.5 - total / np.pi, 0.0, 1.0))
