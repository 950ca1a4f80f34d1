"""Resampling of respondents: intervals that assume no distribution."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotConverged, NotDefined, Reason
from analytics.psychometrics.estimate import check_confidence
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.fourth import fourth_moments
from analytics.psychometrics.sem.least_squares import (
    LeastSquares,
    weight_matrix,
)
from analytics.psychometrics.sem.outcome import parameters
from analytics.psychometrics.sem.result import Parameter, SemFit, refuse_ordered
from analytics.psychometrics.sem.scoring import minimise


@dataclass(frozen=True, slots=True)
class BootstrapInterval:
    """Interval of one parameter or derived quantity.

    Attributes
    ----------
    name : str
        As in `SemFit.parameter`.
    estimate : float
        Of the sample.
    se : float
        Standard deviation over the resamples.
    low, high : float
        Percentile interval.
    corrected_low, corrected_high : float
        Bias-corrected percentile interval.
    """

    name: str
    estimate: float
    se: float
    low: float
    high: float
    corrected_low: float
    corrected_high: float


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Resampled parameters.

    Attributes
    ----------
    intervals : tuple of BootstrapInterval
    draws, failures : int
        Resamples used, and left out because they did not converge.
    confidence : float
    warnings : tuple of Reason
    """

    intervals: tuple[BootstrapInterval, ...]
    draws: int
    failures: int
    confidence: float
    warnings: tuple[Reason, ...]


def bootstrap(
    fit: SemFit,
    values: Matrix,
    *,
    rng: np.random.Generator,
    draws: int,
    names: Sequence[str] | None = None,
    standardized: bool = False,
    confidence: float = 0.95,
) -> Bootstrap:
    """Resample the (n, p) answers behind a fit of one group and estimate again.

    Parameters
    ----------
    values : (n, p) float64
        Complete rows, in the order of `fit.observed`.
    names : sequence of str, optional
        Parameters to report; all that are free or derived without it.
    standardized : bool
        Resample the standardized solution.

    References
    ----------
    Efron (1981), Can. J. Stat. 9, 139-172: percentile and bias-corrected intervals.

    Raises
    ------
    NotConverged
        The fit, or nine in ten resamples, did not converge.
    NotDefined
        The items are ordered.
    """
    check_confidence(confidence)
    if not fit.converged:
        raise NotConverged("sem-not-converged")
    refuse_ordered(fit)
    values = np.asarray(values, dtype=np.float64)
    if len(fit.problem.groups) != 1 or values.shape != (fit.n, len(fit.observed)):
        raise ValueError("bootstrap takes the (n, p) values behind a fit of one group.")
    chosen = _chosen(fit, names)
    whole = _picked(fit.parameters, chosen, standardized)
    table = []
    for _ in range(draws):
        picked = _drawn(fit, values, chosen, rng, standardized=standardized)
        if picked is not None:
            table.append(picked)
    if len(table) < max(0.1 * draws, 2):
        raise NotConverged("sem-not-converged")
    intervals = tuple(
        _interval(_full_name(row), float(estimate), column, confidence)
        for row, estimate, column in zip(chosen, whole, np.array(table).T, strict=True)
    )
    failures = draws - len(table)
    note = Reason("sem-bootstrap-failures", {"has": failures, "needs": draws})
    return Bootstrap(
        intervals, len(table), failures, confidence, (note,) if failures else ()
    )


def _drawn(
    fit: SemFit,
    values: Matrix,
    chosen: Sequence[Parameter],
    rng: np.random.Generator,
    *,
    standardized: bool,
) -> Matrix | None:
    """Estimate from one resample; None where that fails."""
    resampled = _resampled(fit, values, rng)
    if resampled is None:
        return None
    solution = minimise(resampled, fit.theta)
    ats = resampled.implied(solution.theta)
    if ats is None or not solution.converged:
        return None
    rows, _ = parameters(fit.problem, ats, solution.theta, None, fit.confidence)
    picked = _picked(rows, chosen, standardized)
    return picked if np.isfinite(picked).all() else None


def _chosen(fit: SemFit, names: Sequence[str] | None) -> list[Parameter]:
    if names is not None:
        return [fit.parameter(name) for name in names]
    return [row for row in fit.parameters if row.free or row.operator == ":="]


def _full_name(row: Parameter) -> str:
    if row.operator == ":=":
        return row.left
    return f"{row.left}{row.operator}{row.right}"


def _picked(
    rows: Sequence[Parameter], chosen: Sequence[Parameter], standardized: bool
) -> Matrix:
    """Values of the chosen parameters; NaN where one does not exist."""
    at = {(row.left, row.operator, row.right): row for row in rows}
    found = []
    for wanted in chosen:
        row = at.get((wanted.left, wanted.operator, wanted.right))
        value = None if row is None else row.standardized if standardized else row.value
        found.append(np.nan if value is None else value.estimate)
    return np.array(found)


def _resampled(fit: SemFit, values: Matrix, rng: np.random.Generator) -> Problem | None:
    """Draw respondents with replacement; None where their covariances are singular."""
    n = len(values)
    times = np.bincount(rng.integers(n, size=n), minlength=n)
    mean = times @ values / n
    centred = values - mean
    lost = fit.n - round(fit.scale)
    S = (centred * times[:, None]).T @ centred / (n - lost)
    sign, log_det = np.linalg.slogdet(S)
    if sign <= 0:
        return None
    group = replace(fit.problem.groups[0], S=S, mean=mean, log_det=float(log_det))
    problem = replace(fit.problem, groups=(group,))
    if not isinstance(problem, LeastSquares):
        return problem
    return _reweighted(problem, fit, np.repeat(values, times, axis=0))


def _reweighted(
    problem: LeastSquares, fit: SemFit, rows: Matrix
) -> LeastSquares | None:
    """Weigh by the resample's own moments; None where its weights are singular."""
    means, S = problem.model.settings.means, problem.groups[0].S
    gamma = fourth_moments(rows, fit.observed).gamma
    try:
        V = weight_matrix(problem.weighting, S, gamma, means=means)
    except NotDefined:
        return None
    return replace(problem, weights=(V,))


def _interval(
    name: str, estimate: float, drawn: Matrix, confidence: float
) -> BootstrapInterval:
    from scipy import special

    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    below = ((drawn < estimate).mean() + (drawn <= estimate).mean()) / 2
    edge = 0.5 / len(drawn)
    bias = special.ndtri(np.clip(below, edge, 1 - edge))
    ends = special.ndtr(2 * bias + special.ndtri([tail, 1 - tail]))
    corrected_low, corrected_high = np.quantile(drawn, ends)
    return BootstrapInterval(
        name=name,
        estimate=estimate,
        se=float(drawn.std(ddof=1)),
        low=float(low),
        high=float(high),
        corrected_low=float(corrected_low),
        corrected_high=float(corrected_high),
    )
