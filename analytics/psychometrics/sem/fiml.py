"""Fit a model text to answers with gaps by full-information maximum likelihood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.errors import Reason, TooFewData
from analytics.psychometrics.sem.estimation import Group, Problem, make_problem
from analytics.psychometrics.sem.identification import require_identified
from analytics.psychometrics.sem.incomplete import Incomplete
from analytics.psychometrics.sem.incomplete_tests import (
    corrected,
    first_order,
    sandwich,
)
from analytics.psychometrics.sem.kernel import Implied, positive_inverse
from analytics.psychometrics.sem.measures import Measures
from analytics.psychometrics.sem.missing_patterns import (
    MissingPatterns,
    missing_patterns,
)
from analytics.psychometrics.sem.model import Model, Settings, build_model
from analytics.psychometrics.sem.outcome import (
    group_results,
    improper,
    measure,
    parameters,
)
from analytics.psychometrics.sem.result import SemFit
from analytics.psychometrics.sem.robust import Correction
from analytics.psychometrics.sem.saturated import (
    Errors,
    Saturated,
    gaps_to_tell,
    require_definite,
    saturate,
)
from analytics.psychometrics.sem.scoring import Solution, minimise
from analytics.psychometrics.sem.start import start_values
from analytics.psychometrics.sem.syntax import read_model

Answers = MissingPatterns | ResponseMatrix


def fit_fiml(
    text: str,
    samples: Mapping[str, object],
    *,
    errors: Errors,
    settings: Settings,
    confidence: float,
) -> SemFit:
    r"""Estimate a model from all answers there are; see `fit_model`.

    Minimises :math:`\sum_k f_k (\log|\Sigma_k| + tr(\Sigma_k^{-1} M_k))` over the
    patterns k of gaps: `pattern_likelihood`, `incomplete`.

    Means are always modelled. Right where a gap depends on nothing but answers that
    were given. The estimation begins at the saturated moments' own solution.

    Parameters
    ----------
    samples : mapping of group -> ResponseMatrix or MissingPatterns
    errors : "observed" or "robust"
        Standard errors from the exact second derivatives, or from the sandwich with
        them, which also scales the chi-square (lavaan's MLR).

    Raises
    ------
    TooFewData
        Covariances in the place of answers; no more people than items in a group.
    NotDefined
        Besides those of the model: an item nobody answered, or everybody alike; items
        that repeat one another; a parameter that only pairs of items tell that nobody
        answered together.
    """
    settings = replace(settings, means=True)
    patterns = {name: _patterns(one) for name, one in samples.items()}
    model = build_model(read_model(text), next(iter(patterns.values())).items, settings)
    unknown = settings.apart - {row.name for row in model.rows}
    if unknown:
        raise ValueError(f"The model has no parameter {min(unknown)}.")
    chosen = tuple(one.select(model.observed) for one in patterns.values())
    complete, problem = _problems(model, chosen)
    start = start_values(complete)
    require_identified(problem, start)
    known = all(one.converged for one in problem.saturated)
    solution = _solved(problem, complete, start) if known else None
    return _Report(text, problem, solution, errors, confidence).fit()


def _problems(
    model: Model, chosen: tuple[MissingPatterns, ...]
) -> tuple[Problem, Incomplete]:
    """Return the problem of complete data with the saturated moments, and the own one."""
    for one in chosen:
        one.require_variety()
    saturated = tuple(saturate(one) for one in chosen)
    for own in saturated:
        require_definite(own)
    complete = make_problem(model, _groups(model.settings.groups, chosen, saturated))
    problem = Incomplete(
        model,
        complete.groups,
        complete.layouts,
        complete.origin,
        complete.basis,
        chosen,
        saturated,
    )
    return complete, problem


def _patterns(sample: object) -> MissingPatterns:
    if isinstance(sample, ResponseMatrix):
        return missing_patterns(sample)
    if not isinstance(sample, MissingPatterns):
        raise TooFewData("fiml-needs-answers")
    return sample


def _groups(
    names: Sequence[str],
    patterns: Sequence[MissingPatterns],
    saturated: Sequence[Saturated],
) -> tuple[Group, ...]:
    size = sum(one.n for one in patterns)
    return tuple(
        Group(
            name,
            one.n,
            one.n / size,
            own.covariance,
            own.mean,
            float(np.linalg.slogdet(own.covariance)[1]),
            one.together == 0 if (one.together == 0).any() else None,
        )
        for name, one, own in zip(names, patterns, saturated, strict=True)
    )


def _solved(problem: Incomplete, complete: Problem, start: Matrix) -> Solution:
    """Begin where complete data with the saturated moments would end."""
    near = minimise(complete, start)
    return minimise(problem, near.theta if near.converged else start)


@dataclass(frozen=True, slots=True, eq=False)
class _Report:
    """A solution on its way to the result; None = the saturated moments failed."""

    text: str
    problem: Incomplete
    solution: Solution | None
    errors: Errors
    confidence: float

    @property
    def model(self) -> Model:
        return self.problem.model

    @property
    def n(self) -> int:
        return sum(group.n for group in self.problem.groups)

    def fit(self) -> SemFit:
        solution = self.solution
        told = tuple(r for one in self.problem.patterns for r in gaps_to_tell(one))
        if solution is None:
            return self._result((*told, Reason("saturated-not-converged")))
        ats = self.problem.implied(solution.theta)
        if ats is None or not solution.converged:
            return self._result((*told, Reason("sem-not-converged")))
        problem = _filled(self.problem, ats)
        warnings = told + improper(self.model, problem, ats, solution.theta)
        correction = products = None
        if self.errors == "robust":
            products = first_order(problem)
            correction = sandwich(problem, ats, products)
            vcov = correction.vcov if correction else None
        else:
            vcov = self._observed(ats)
        if vcov is None:
            warnings += (Reason("sem-no-standard-errors"),)
        if correction is not None and not correction.usable:
            warnings += (Reason("sem-no-scaled-statistics"),)
        if problem.n_moments == problem.basis.shape[1]:
            warnings += (Reason("sem-saturated"),)
        rows, undefined = parameters(
            problem, ats, solution.theta, vcov, self.confidence
        )
        return replace(
            self._result(warnings + undefined),
            converged=True,
            parameters=rows,
            measures=_measures(problem, ats, correction, products),
            groups=group_results(problem, ats, solution.theta),
            vcov=vcov,
            problem=problem,
        )

    def _observed(self, ats: Sequence[Implied]) -> Matrix | None:
        """Inverse of the observed information of all people."""
        H = self.problem.along(self.problem.hessian(ats)) * (self.n / 2)
        inverted = positive_inverse(H) if len(H) else None
        return None if inverted is None else self.problem.spread(inverted[0])

    def _result(self, warnings: tuple[Reason, ...]) -> SemFit:
        solution = self.solution
        theta = np.zeros(self.model.n_free) if solution is None else solution.theta
        norm = float("inf") if solution is None else solution.gradient_norm
        theta.setflags(write=False)
        return SemFit(
            text=self.text,
            observed=self.model.observed,
            factors=self.model.factors,
            estimator="FIML",
            likelihood="normal",
            missing="fiml",
            n=self.n,
            n_free=int(self.problem.basis.shape[1]),
            converged=False,
            iterations=0 if solution is None else solution.iterations,
            gradient_norm=norm if np.isfinite(norm) else None,
            parameters=(),
            measures=None,
            groups=(),
            vcov=None,
            warnings=tuple({str(one): one for one in warnings}.values()),
            confidence=self.confidence,
            problem=self.problem,
            theta=theta,
        )


def _filled(problem: Incomplete, ats: Sequence[Implied]) -> Incomplete:
    """Put the implied covariance where a pair was never answered together."""
    groups = []
    for group, at in zip(problem.groups, ats, strict=True):
        if group.unseen is not None:
            group = replace(group, S=np.where(group.unseen, at.sigma, group.S))
        groups.append(group)
    return replace(problem, groups=tuple(groups))


def _measures(
    problem: Incomplete,
    ats: Sequence[Implied],
    correction: Correction | None,
    products: Sequence[Matrix] | None,
) -> Measures:
    n, k = sum(group.n for group in problem.groups), int(problem.basis.shape[1])
    found = measure(problem, ats, float(n), correction, estimator="FIML")
    loglik, unrestricted = problem.logliks(ats)
    complete = Problem(
        problem.model, problem.groups, problem.layouts, problem.origin, problem.basis
    )
    free = corrected(problem, complete, ats, found, products=products)
    scaled = found.scaled
    if scaled is not None:
        scaled = replace(
            scaled,
            cfi_robust=free.cfi if free else None,
            tli_robust=free.tli if free else None,
            rni_robust=free.rni if free else None,
            rmsea_robust=free.rmsea if free else None,
        )
    return replace(
        found,
        loglik=loglik,
        loglik_unrestricted=unrestricted,
        aic=2 * k - 2 * loglik,
        bic=float(np.log(n)) * k - 2 * loglik,
        bic_adjusted=float(np.log((n + 2) / 24)) * k - 2 * loglik,
        scaled=scaled,
        corrected=free,
    )
