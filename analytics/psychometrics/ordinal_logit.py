"""Ordered answers regressed on several variables: proportional odds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import chi2_sf, normal_quantile
from analytics.psychometrics.errors import NotConverged, NotDefined, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

_STATISTIC = "ordinal-logit"
_STEPS = 100
_GRADIENT = 1e-9  # a person
_SINGULAR = 1e-10  # smallest information, a person, that is taken as any
_FARTHEST = 30.0  # logits between the thresholds and the people: separated


@dataclass(frozen=True, slots=True)
class OrdinalLogit:
    """A proportional-odds model.

    Attributes
    ----------
    outcome : str
    slopes : mapping of predictor -> Estimate
        Log odds of a higher answer that go with one standard deviation of the
        predictor, the others being equal; Wald interval.
    points : tuple of int
        The answers that were given, ascending.
    thresholds, threshold_errors : tuple of float
        One fewer than the points, at the mean of every predictor; standard errors.
    log_likelihood, log_likelihood_none : float
        With the predictors and with none.
    chi2, df, p : float, int, float
        Likelihood ratio test of no slope at all.
    n : int
    """

    outcome: str
    slopes: dict[str, Estimate]
    points: tuple[int, ...]
    thresholds: tuple[float, ...]
    threshold_errors: tuple[float, ...]
    log_likelihood: float
    log_likelihood_none: float
    chi2: float
    df: int
    p: float
    n: int


def ordinal_logit(
    predictors: Matrix,
    names: Sequence[str],
    answers: NDArray[np.float64],
    outcome: str,
    *,
    confidence: float = 0.95,
) -> OrdinalLogit:
    r"""Fit :math:`P(Y \le k) = \operatorname{logit}^{-1}(\zeta_k - x'\beta)` by ML.

    Newton's steps with the analytic Hessian, to a gradient of 1e-9 a person; the
    predictors are in standard deviations (divisor n - 1). Points that nobody chose
    have no threshold. Standard errors are those of the observed information.

    Parameters
    ----------
    predictors : (n, p) float64
    names : sequence of p str
    answers : (n,) float64
        Whole numbers; NaN, here or in a predictor, leaves the row out.

    Raises
    ------
    TooFewData
        No more people than parameters.
    NotDefined
        A constant variable, a predictor that the others determine, or predictors that
        separate the answers completely: then no finite slope fits best.
    NotConverged
        The gradient did not vanish.

    References
    ----------
    McCullagh (1980), Journal of the Royal Statistical Society B 42,
    doi:10.1111/j.2517-6161.1980.tb01109.x.
    """
    check_confidence(confidence)
    x, y = _complete(predictors, answers)
    points, category = np.unique(y, return_inverse=True)
    n, p, cuts = len(y), x.shape[1], len(points) - 1
    if n <= p + cuts:
        needs = p + max(cuts, 1) + 1
        raise TooFewData("needs-answers", statistic=_STATISTIC, needs=needs, has=n)
    spread = x.std(axis=0, ddof=1)
    if cuts < 1 or not (spread > 0).all():
        raise NotDefined("no-variance", statistic=_STATISTIC)
    z = (x - x.mean(axis=0)) / spread
    _require_independent(z, names)
    shares = np.cumsum(np.bincount(category))[:-1] / n
    start = np.concatenate([np.log(shares / (1 - shares)), np.zeros(p)])
    none = _log_likelihood(start, z, category, cuts)
    estimate, best, information = _fitted(start, z, category, cuts)
    error = np.sqrt(np.diag(np.linalg.inv(information)))
    half = normal_quantile((1 + confidence) / 2) * error
    method = (
        f"proportional odds by maximum likelihood, {100 * confidence:g} % Wald interval"
    )
    slopes = {
        name: Estimate(
            float(estimate[j]),
            float(estimate[j] - half[j]),
            float(estimate[j] + half[j]),
            n,
            method,
            confidence,
        )
        for j, name in enumerate(names, start=cuts)
    }
    chi2 = max(0.0, 2 * (best - none))
    return OrdinalLogit(
        outcome=outcome,
        slopes=slopes,
        points=tuple(int(point) for point in points),
        thresholds=tuple(estimate[:cuts].tolist()),
        threshold_errors=tuple(error[:cuts].tolist()),
        log_likelihood=best,
        log_likelihood_none=none,
        chi2=chi2,
        df=p,
        p=chi2_sf(chi2, p),
        n=n,
    )


def _complete(x: Matrix, y: Matrix) -> tuple[Matrix, Matrix]:
    """Rows without a gap of (n, p) predictors and (n,) answers."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.ndim != 2 or y.shape != (len(x),):
        raise ValueError(f"(n, p) and (n,) are needed, not {x.shape} and {y.shape}.")
    whole = ~(np.isnan(x).any(axis=1) | np.isnan(y))
    return x[whole], y[whole]


def _require_independent(z: Matrix, names: Sequence[str]) -> None:
    """Raise where a predictor, in standard deviations, is a sum of others."""
    values, vectors = np.linalg.eigh(z.T @ z / (len(z) - 1))
    if values[0] <= _SINGULAR:
        item = names[int(np.abs(vectors[:, 0]).argmax())]
        raise NotDefined("collinear", item=item, statistic=_STATISTIC)


def _fitted(
    at: Matrix, z: Matrix, category: NDArray[np.intp], cuts: int
) -> tuple[Matrix, float, Matrix]:
    """Estimates (thresholds, slopes), their log-likelihood and information."""
    n = len(z)
    value = _log_likelihood(at, z, category, cuts)
    for _ in range(_STEPS):
        gradient, information = _derivatives(at, z, category, cuts)
        if np.abs(gradient).max() < _GRADIENT * n:
            return at, value, information
        if np.linalg.eigvalsh(information)[0] < _SINGULAR * n:
            raise NotDefined("separated", statistic=_STATISTIC)
        step = np.linalg.solve(information, gradient)
        for shrink in 0.5 ** np.arange(40):
            tried = at + shrink * step
            found = _log_likelihood(tried, z, category, cuts)
            # at the top the two differ by rounding alone
            if found >= value - 1e-12 * abs(value):
                break
        at, value = tried, found
        if np.abs(z @ at[cuts:]).max() > _FARTHEST:
            raise NotDefined("separated", statistic=_STATISTIC)
    raise NotConverged("not-converged", statistic=_STATISTIC)


def _log_likelihood(
    at: Matrix, z: Matrix, category: NDArray[np.intp], cuts: int
) -> float:
    r"""Sum of :math:`\log(F(a) - F(b))`; -inf where thresholds are out of order."""
    if (np.diff(at[:cuts]) <= 0).any():
        return -np.inf
    a, b = _edges(at, z, category, cuts)
    # F(a) - F(b) = F(a) (1 - F(b)) (1 - e^(b - a)), free of cancellation
    with np.errstate(divide="ignore"):
        parts = -np.logaddexp(0, -a) - np.logaddexp(0, b) + np.log1p(-np.exp(b - a))
    return float(parts.sum())


def _edges(
    at: Matrix, z: Matrix, category: NDArray[np.intp], cuts: int
) -> tuple[Matrix, Matrix]:
    """Upper and lower threshold of each answer less x'beta, (n,) each."""
    bounds = np.concatenate([[-np.inf], at[:cuts], [np.inf]])
    middle = z @ at[cuts:]
    return bounds[category + 1] - middle, bounds[category] - middle


def _derivatives(
    at: Matrix, z: Matrix, category: NDArray[np.intp], cuts: int
) -> tuple[Matrix, Matrix]:
    """Gradient and information (minus the Hessian) of the log-likelihood."""
    a, b = _edges(at, z, category, cuts)
    above, below = 1 / (1 + np.exp(-a)), 1 / (1 + np.exp(-b))
    # densities over the probability between them; 0 at the infinite edges
    gap = np.exp(b - a)
    u = (1 - above) / (1 - below) / (1 - gap)
    v = below / above / (1 - gap)
    density_a, density_b = above * (1 - above), below * (1 - below)
    one_hot = np.eye(cuts + 2)[:, 1:-1]
    upper, lower = one_hot[category + 1], one_hot[category]
    gradient = np.concatenate(
        [u @ upper - v @ lower, -(1 - above - below) @ z],
    )
    cross = (upper * (u * v)[:, None]).T @ lower
    thresholds = (
        (upper * (u * (1 - 2 * above) - u**2)[:, None]).T @ upper
        - (lower * (v * (1 - 2 * below) + v**2)[:, None]).T @ lower
        + cross
        + cross.T
    )
    mixed = (upper * density_a[:, None] + lower * density_b[:, None]).T @ z
    slopes = -(z * (density_a + density_b)[:, None]).T @ z
    hessian = np.block([[thresholds, mixed], [mixed.T, slopes]])
    return gradient, -hessian
