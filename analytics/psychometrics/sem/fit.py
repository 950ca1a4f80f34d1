"""Fit a model text to means and covariances."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined, Reason, TooFewData
from analytics.psychometrics.estimate import check_confidence
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.sem.clustered import (
    SurveyMoments,
    require_robust,
    survey_warnings,
)
from analytics.psychometrics.sem.estimation import (
    Group,
    Problem,
    make_problem,
)
from analytics.psychometrics.sem.fiml import Answers, fit_fiml
from analytics.psychometrics.sem.fourth import FourthMoments
from analytics.psychometrics.sem.identification import (
    inverse_if_conditioned,
    require_identified,
)
from analytics.psychometrics.sem.kernel import Implied
from analytics.psychometrics.sem.least_squares import (
    WEIGHTINGS,
    LeastSquares,
    Weighting,
    weight_matrix,
)
from analytics.psychometrics.sem.model import Equal, Model, Settings, build_model
from analytics.psychometrics.sem.ordered_fit import fit_ordered
from analytics.psychometrics.sem.ordered_model import Parameterization
from analytics.psychometrics.sem.ordinal_moments import OrdinalMoments
from analytics.psychometrics.sem.outcome import (
    group_results,
    improper,
    measure,
    parameters,
)
from analytics.psychometrics.sem.result import (
    Estimator,
    Likelihood,
    SemFit,
    multiplier,
)
from analytics.psychometrics.sem.robust import Correction, correct
from analytics.psychometrics.sem.saturated import Errors
from analytics.psychometrics.sem.scoring import Solution, minimise
from analytics.psychometrics.sem.start import start_values
from analytics.psychometrics.sem.syntax import read_model

Data = Moments | FourthMoments
Sample = Data | OrdinalMoments | Answers
ROBUST = ("MLR", "MLM", "MLMV")
NUMERIC = ("ML", *ROBUST, *WEIGHTINGS)
_SINGULAR = 1e-13


def fit_model(
    text: str,
    data: Sample | Mapping[str, Sample],
    *,
    estimator: Estimator,
    parameterization: Parameterization = "delta",
    errors: Errors = "observed",
    likelihood: Likelihood = "normal",
    means: bool = False,
    std_lv: bool = False,
    equal: Iterable[Equal] = (),
    apart: Iterable[str] = (),
    confidence: float = 0.95,
) -> SemFit:
    """Estimate a structural equation model.

    Parameters
    ----------
    text : str
        The model in lavaan's language, with its automatic rules (`build_model`).
        Observed predictors are random variables, as with lavaan's `fixed.x = FALSE`.
    data : Moments or FourthMoments, or one a group
        All but ML, ULS and GLS need `FourthMoments`; `SurveyMoments` (people in teams,
        weights) go with MLR alone. `OrdinalMoments`: the items are ordered categories.
        FIML takes the answers themselves, a `ResponseMatrix` or `MissingPatterns`.
    estimator : "ML", "MLR", "MLM", "MLMV", "ULS", "GLS", "WLS" or "DWLS"
        Maximum likelihood with standard errors from the expected information;
        Huber-White with the Yuan-Bentler chi-square; robust with the Satorra-Bentler
        chi-square, or with one adjusted for mean and variance. Least squares: see
        `least_squares`. For ordered items "WLSMV" (diagonal weights, sandwich errors,
        chi-square adjusted for mean and variance), "WLSM" (for the mean), "ULSMV",
        "ULSM" (equal weights), and "DWLS", "ULS", "WLS" without adjustment. "FIML":
        maximum likelihood from all answers where some are missing, with means.
    parameterization : "delta" or "theta"
        Of ordered items: total or residual variances are 1; see `ordered_model`, also
        for what equalities over groups bring with them.
    errors : "observed" or "robust"
        Of FIML alone: see `fit_fiml`.
    likelihood : "normal" or "wishart"
        Covariances with divisor n, or n - 1. Least squares always take n - 1.
    means : bool
        Model the means, too.
    std_lv : bool
        Factors have variance 1.
    equal, apart
        Kinds of parameters that are the same in all groups, and exceptions such as
        "x3~1".
    confidence : float
        Coverage of the parameters' intervals.

    Returns
    -------
    SemFit
        What is improper or missing stands in `warnings`; after a failure to converge
        there are no numbers.

    Raises
    ------
    NotDefined
        A misspelt or unidentified model, a singular covariance matrix, or a singular
        matrix of weights (WLS, DWLS).
    TooFewData
        No more respondents than variables in a group; no `FourthMoments`.
    """
    check_confidence(confidence)
    whole = dict(data) if isinstance(data, Mapping) else {"": data}
    settings = Settings(std_lv, means, tuple(whole), frozenset(equal), frozenset(apart))
    if estimator == "FIML":
        return fit_fiml(
            text, whole, errors=errors, settings=settings, confidence=confidence
        )
    ordinal = _ordinal(whole)
    if ordinal:
        return fit_ordered(
            text,
            ordinal,
            estimator=estimator,
            parameterization=parameterization,
            settings=settings,
            confidence=confidence,
        )
    samples = _numeric(whole, estimator)
    require_robust(samples, estimator)
    first = _moments(next(iter(samples.values())))
    model = build_model(read_model(text), first.items, settings)
    _require_meaning(model)
    selected = {name: one.select(model.observed) for name, one in samples.items()}
    unbiased = likelihood == "wishart" or estimator in WEIGHTINGS
    problem = make_problem(model, _groups(selected, lost=1 if unbiased else 0))
    if estimator in WEIGHTINGS:
        problem = _weighted(problem, list(selected.values()), estimator)
    start = start_values(problem)
    require_identified(problem, start)
    solution = minimise(problem, start)
    fit = _Fit(text, problem, solution, estimator, likelihood, confidence)
    return fit.report(list(selected.values()), first.rule)


def check_model(text: str, items: Sequence[str], *, means: bool = False) -> None:
    """Check everything about a text that needs no data: grammar, names and labels.

    Raises
    ------
    NotDefined
        The sentence names line and column.
    """
    build_model(read_model(text), items, Settings(means=means))


def _require_meaning(model: Model) -> None:
    """Raise ValueError for equalities and exceptions that would do nothing."""
    settings = model.settings
    if settings.equal & {"intercepts", "means"} and not settings.means:
        raise ValueError("Equal intercepts or means need means=True.")
    unknown = settings.apart - {row.name for row in model.rows}
    if unknown:
        raise ValueError(f"The model has no parameter {min(unknown)}.")


def _ordinal(samples: Mapping[str, Sample]) -> dict[str, OrdinalMoments]:
    """Return the samples of ordered items; nothing where there are none."""
    found = {k: one for k, one in samples.items() if isinstance(one, OrdinalMoments)}
    if found and len(found) < len(samples):
        raise ValueError("Groups of ordered and of numeric items cannot be mixed.")
    return found


def _numeric(samples: Mapping[str, Sample], estimator: Estimator) -> dict[str, Data]:
    """Return the samples of numeric items, if the estimator is one of theirs."""
    if estimator not in NUMERIC:
        raise NotDefined("needs-ordinal-moments", item=estimator)
    if any(isinstance(one, Answers) for one in samples.values()):
        raise ValueError(
            "Answers with gaps go with FIML; other estimators take moments."
        )
    return {k: s for k, s in samples.items() if isinstance(s, Data)}


def _moments(sample: Data) -> Moments:
    return sample.moments if isinstance(sample, FourthMoments) else sample


def _weighted(
    problem: Problem, samples: Sequence[Data], estimator: Weighting
) -> LeastSquares:
    """Put a weight matrix in the place of the likelihood."""
    means = problem.model.settings.means
    gammas: Sequence[Matrix | None] = [None] * len(samples)
    if estimator in ("WLS", "DWLS"):
        gammas = _gammas(samples)
    weights = tuple(
        weight_matrix(estimator, group.S, gamma, means=means)
        for group, gamma in zip(problem.groups, gammas, strict=True)
    )
    return LeastSquares(
        problem.model,
        problem.groups,
        problem.layouts,
        problem.origin,
        problem.basis,
        estimator,
        weights,
    )


def _gammas(samples: Sequence[Data]) -> list[Matrix]:
    found = []
    for sample in samples:
        if not isinstance(sample, FourthMoments):
            raise TooFewData("needs-fourth-moments")
        found.append(sample.gamma)
    return found


def _groups(samples: Mapping[str, Data], *, lost: int) -> tuple[Group, ...]:
    """Collect the samples; `lost` is subtracted from n in the divisor."""
    size = sum(_moments(one).n - lost for one in samples.values())
    found = []
    for name, one in samples.items():
        m = _moments(one)
        m.require("sem", items=1, answers=m.p + 1)
        S = m.covariance * ((m.n - 1) / (m.n - lost))
        S = (S + S.T) / 2
        sd = np.sqrt(np.diag(S))
        values = np.linalg.eigvalsh(S / np.outer(sd, sd))
        if values[0] <= m.p * np.finfo(np.float64).eps * values[-1] * 8:
            raise NotDefined("singular", statistic="sem")
        log_det = float(np.linalg.slogdet(S)[1])
        found.append(Group(name, m.n, (m.n - lost) / size, S, m.mean, log_det))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A solution on its way to the result."""

    text: str
    problem: Problem
    solution: Solution
    estimator: Estimator
    likelihood: Likelihood
    confidence: float

    @property
    def model(self) -> Model:
        return self.problem.model

    @property
    def n(self) -> int:
        return sum(group.n for group in self.problem.groups)

    @property
    def scale(self) -> float:
        return multiplier(self.problem, self.likelihood)

    def report(self, samples: list[Data], rule: str) -> SemFit:
        robust = self.estimator in ROBUST
        gammas = _gammas(samples) if robust else None
        ats = self.problem.implied(self.solution.theta)
        if ats is None or not self.solution.converged:
            return self._result(rule, None, (Reason("sem-not-converged"),))
        warnings = survey_warnings(samples)
        warnings += improper(self.model, self.problem, ats, self.solution.theta)
        correction = None
        if gammas is not None:
            correction = correct(
                self.problem,
                ats,
                gammas,
                self.scale,
                observed=self.estimator == "MLR",
                shifted=self.estimator == "MLMV",
                drifts=[
                    (one.drift, one.size) if isinstance(one, SurveyMoments) else None
                    for one in samples
                ],
            )
            vcov = correction.vcov if correction else None
        else:
            vcov = self._expected(ats)
        if vcov is None:
            warnings += (Reason("sem-no-standard-errors"),)
        if correction is not None and not correction.usable:
            warnings += (Reason("sem-no-scaled-statistics"),)
        if self.problem.n_moments == self.problem.basis.shape[1]:
            warnings += (Reason("sem-saturated"),)
        elif self.estimator in ("ULS", "DWLS"):
            warnings += (Reason("sem-not-chi-square"),)
        return self._result(rule, ats, warnings, vcov, correction)

    def _expected(self, ats: list[Implied]) -> Matrix | None:
        """Inverse of the expected information of all respondents."""
        H = self.problem.along(self.problem.information(ats)) * (self.scale / 2)
        root = np.sqrt(np.diag(H))
        if not (root > 0).all():
            return None
        R = H / np.outer(root, root)
        inverted = inverse_if_conditioned(R, 1 / _SINGULAR)
        if inverted is None:
            values, vectors = np.linalg.eigh(R)
            if len(values) and values[0] <= _SINGULAR * values[-1]:
                return None
            inverted = (vectors / values) @ vectors.T
        return self.problem.spread(inverted / np.outer(root, root))

    def _result(
        self,
        rule: str,
        ats: list[Implied] | None,
        warnings: tuple[Reason, ...],
        vcov: Matrix | None = None,
        correction: Correction | None = None,
    ) -> SemFit:
        theta, norm = self.solution.theta, self.solution.gradient_norm
        rows, undefined = (
            parameters(self.problem, ats, theta, vcov, self.confidence)
            if ats
            else ((), ())
        )
        theta.setflags(write=False)
        return SemFit(
            text=self.text,
            observed=self.model.observed,
            factors=self.model.factors,
            estimator=self.estimator,
            likelihood=self.likelihood,
            missing="listwise" if rule == "listwise" else "pairwise",
            n=self.n,
            n_free=int(self.problem.basis.shape[1]),
            converged=ats is not None,
            iterations=self.solution.iterations,
            gradient_norm=norm if np.isfinite(norm) else None,
            parameters=rows,
            measures=(
                measure(
                    self.problem,
                    ats,
                    self.scale,
                    correction,
                    estimator=self.estimator,
                )
                if ats
                else None
            ),
            groups=group_results(self.problem, ats, theta) if ats else (),
            vcov=vcov,
            warnings=warnings + undefined,
            confidence=self.confidence,
            problem=self.problem,
            theta=theta,
        )
