"""What an estimator does with samples from a known population."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotConverged, PsychometricsError
from analytics.psychometrics.estimate import check_confidence
from analytics.psychometrics.moments import Moments, moments
from analytics.psychometrics.sem.fit import fit_model
from analytics.psychometrics.sem.fourth import FourthMoments, fourth_moments
from analytics.psychometrics.sem.ordinal_moments import OrdinalMoments, ordinal_moments
from analytics.psychometrics.sem.result import Estimator, SemFit
from analytics.psychometrics.sem.simulate import (
    Distribution,
    Normal,
    Population,
    Shares,
    answer_moments,
    draw_answers,
    draw_values,
    exact_moments,
    freed,
)
from analytics.psychometrics.sem.syntax import read_model

_FROM_PRODUCTS: Final = ("MLR", "MLM", "MLMV", "WLS", "DWLS")
_ORDERED: Final = ("WLSMV", "WLSM", "ULSMV", "ULSM")
_SCALED: Final = ("MLR", "MLM", "MLMV", *_ORDERED)
_IMPROPER: Final = frozenset(
    {
        "sem-negative-variance",
        "sem-negative-factor-variance",
        "sem-factors-not-positive",
        "sem-residuals-not-positive",
    }
)


@dataclass(frozen=True, slots=True)
class SimulatedParameter:
    """One parameter over all samples that gave it.

    Attributes
    ----------
    name : str
        As in a model text, e.g. "trust=~t1", or the name of a derived quantity.
    population : float
        What the analysed model gives for the population's own moments.
    mean, sd : float
        Of the estimates; `sd` (divisor samples - 1) is their true standard error.
    mean_se : float or None
        Mean of the estimated standard errors; None for a fixed parameter.
    coverage, power : float or None
        Share of the samples whose interval holds `population`, and whose test of zero
        has a p below `alpha`; None likewise.
    samples : int
    """

    name: str
    population: float
    mean: float
    sd: float
    mean_se: float | None
    coverage: float | None
    power: float | None
    samples: int

    @property
    def bias(self) -> float:
        """Mean of the estimates less the population's value."""
        return self.mean - self.population


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """A model fitted to many samples of a population.

    Attributes
    ----------
    text, analysis : str
        Model of the population, and the one that was fitted.
    estimator : Estimator
    n, replications : int
        People in a sample, and samples.
    converged, improper : int
        Samples with a solution; those among them with a negative variance or a
        covariance matrix that is not positive definite (Heywood cases). They are kept.
    parameters : tuple of SimulatedParameter
        Free ones and derived quantities.
    df : int
    tested : int
        Samples with a test of the model.
    rejected : float or None
        Share of these in which it has a p below `alpha`, scaled with robust
        estimators; None without a test.
    confidence, alpha : float
    """

    text: str
    analysis: str
    estimator: Estimator
    n: int
    replications: int
    converged: int
    improper: int
    parameters: tuple[SimulatedParameter, ...]
    df: int
    tested: int
    rejected: float | None
    confidence: float
    alpha: float

    def parameter(self, name: str) -> SimulatedParameter:
        """Return the parameter of that name; KeyError where there is none."""
        for one in self.parameters:
            if one.name == name:
                return one
        raise KeyError(name)


def monte_carlo(
    population: Population,
    *,
    n: int,
    replications: int,
    rng: np.random.Generator,
    estimator: Estimator,
    analysis: str | None = None,
    shares: Shares | None = None,
    shape: Distribution | None = None,
    confidence: float = 0.95,
    alpha: float = 0.05,
    progress: Callable[[float], None] | None = None,
) -> MonteCarlo:
    """Draw samples, fit the model to each, and hold it against the population.

    Parameters
    ----------
    n, replications : int
        People in a sample, and samples.
    rng : numpy.random.Generator
        Spawns one generator for each sample, so that the first hundred of a thousand
        samples are those of a run of a hundred.
    analysis : str, optional
        Model to fit; without it the population's own, its numbers set free. Factors
        have variance 1 either way.
    shares : shares of answers, optional
        Samples of answers on points (`draw_answers`) instead of real values. With them
        "WLSMV" and its kin take the points as ordered, every other estimator as numbers.
    shape : Distribution, optional
        Of real values; normal without it.
    progress : callable, optional
        Told the share that is done, after every sample.

    Raises
    ------
    ValueError
        No replications; both `shares` and `shape`; ordered items without `shares`; or
        FIML, which is for gaps.
    NotDefined
        The model is misspelt or not identified.
    NotConverged
        Not even for the population does the estimation converge, or for no sample.

    References
    ----------
    Muthen & Muthen (2002), Struct. Equ. Modeling 9, 599-620.
    """
    check_confidence(confidence)
    if replications < 1:
        raise ValueError(f"One replication or more, not {replications}.")
    if shares is not None and shape is not None:
        raise ValueError("Answers on points are cut from normal values: no shape.")
    if estimator == "FIML" or (estimator in _ORDERED and shares is None):
        raise ValueError(f"{estimator} has nothing to do without gaps or points.")
    text = freed(population.text) if analysis is None else analysis
    means = any(one.operator == "~1" for one in read_model(text).statements)
    exact = _exact(population, shares, ordered=estimator in _ORDERED)
    truth = _truth(text, exact, means=means, ordered=estimator in _ORDERED)
    fits: list[_Kept] = []
    for done, own in enumerate(rng.spawn(replications), start=1):
        drawn: Matrix | ResponseMatrix
        if shares is not None:
            drawn = draw_answers(population, n, own, shares=shares)
        else:
            drawn = draw_values(population, n, own, shape=shape or Normal())
        fit = _fitted(text, drawn, population.items, estimator, confidence, means=means)
        kept = _kept(fit, list(truth)) if fit else None
        if kept is not None:
            fits.append(kept)
        if progress is not None:
            progress(done / replications)
    if not fits:
        raise NotConverged("sem-not-converged")
    tests = [one.p for one in fits if one.p is not None]
    return MonteCarlo(
        text=population.text,
        analysis=text,
        estimator=estimator,
        n=n,
        replications=replications,
        converged=len(fits),
        improper=sum(one.improper for one in fits),
        parameters=_summaries(truth, fits, alpha),
        df=fits[0].df,
        tested=len(tests),
        rejected=float(np.mean(np.array(tests) < alpha)) if tests else None,
        confidence=confidence,
        alpha=alpha,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """What is kept of one fit; `values` (k, 5): estimate, se, p, low, high."""

    values: Matrix
    improper: bool
    df: int
    p: float | None


def _exact(population: Population, shares: Shares | None, *, ordered: bool) -> Moments:
    """Return the moments that a sample of everybody would have."""
    if ordered:  # of the variables behind the answers, which have no unit of their own
        R = population.moments().correlation
        return exact_moments(population.items, R, np.zeros(len(R)))
    if shares is not None:
        return answer_moments(population, shares=shares)
    return population.moments()


def _truth(
    text: str, exact: Moments, *, means: bool, ordered: bool
) -> dict[str, float]:
    """Return the population's values by name, from a fit to its exact moments."""
    fit = fit_model(
        text, exact, estimator="ML", likelihood="wishart", means=means, std_lv=True
    )
    if not fit.converged:
        raise NotConverged("sem-not-converged")
    return {
        _name(one.left, one.operator, one.right): one.value.estimate
        for one in fit.parameters
        if (one.free or one.operator == ":=")
        # what is left of an ordered item's variance of one is no parameter
        and not (ordered and one.left == one.right and one.left in exact.items)
    }


def _fitted(
    text: str,
    drawn: Matrix | ResponseMatrix,
    items: Sequence[str],
    estimator: Estimator,
    confidence: float,
    *,
    means: bool,
) -> SemFit | None:
    """Fit one sample; None where there is no solution."""
    columns = None if isinstance(drawn, ResponseMatrix) else items
    try:
        sample: Moments | FourthMoments | OrdinalMoments
        if estimator in _ORDERED and isinstance(drawn, ResponseMatrix):
            sample = ordinal_moments(drawn, missing="listwise")
        elif estimator in _FROM_PRODUCTS:
            sample = fourth_moments(drawn, columns)
        else:
            sample = moments(drawn, columns, missing="listwise")
        fit = fit_model(
            text,
            sample,
            estimator=estimator,
            means=means,
            std_lv=True,
            confidence=confidence,
        )
    except PsychometricsError:
        return None  # a constant item, or too few people for the model
    return fit if fit.converged else None


def _kept(fit: SemFit, names: Sequence[str]) -> _Kept:
    rows = {
        _name(one.left, one.operator, one.right): one.value for one in fit.parameters
    }
    found = [rows[name] for name in names]
    values = np.array([(v.estimate, v.se, v.p, v.low, v.high) for v in found], float)
    improper = any(one.code in _IMPROPER for one in fit.warnings)
    df = fit.measures.df if fit.measures else 0
    return _Kept(values, improper, df, _p_of(fit))


def _p_of(fit: SemFit) -> float | None:
    """Return the p of the model's test, the scaled one where there is one."""
    found = fit.measures
    if found is None or not found.df:
        return None
    if fit.estimator in _SCALED:
        return found.scaled.p if found.scaled else None
    return found.p


def _summaries(
    truth: dict[str, float], fits: list[_Kept], alpha: float
) -> tuple[SimulatedParameter, ...]:
    values = np.array([one.values for one in fits])
    found = []
    for j, (name, value) in enumerate(truth.items()):
        estimate, se, p, low, high = values[:, j].T
        tested = ~np.isnan(se)
        covered = ((low <= value) & (value <= high))[tested]
        any_se = bool(tested.any())
        found.append(
            SimulatedParameter(
                name=name,
                population=value,
                mean=float(estimate.mean()),
                sd=float(estimate.std(ddof=1)) if len(estimate) > 1 else 0.0,
                mean_se=float(se[tested].mean()) if any_se else None,
                coverage=float(covered.mean()) if any_se else None,
                power=float((p[tested] < alpha).mean()) if any_se else None,
                samples=len(estimate),
            )
        )
    return tuple(found)


def _name(left: str, operator: str, right: str) -> str:
    return left if operator == ":=" else f"{left}{operator}{right}"
