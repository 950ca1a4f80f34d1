"""Fit a model text to thresholds and polychoric correlations of ordered items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined, Reason
from analytics.psychometrics.sem.clustered import survey_warnings
from analytics.psychometrics.sem.estimation import Group, make_problem
from analytics.psychometrics.sem.identification import require_identified
from analytics.psychometrics.sem.kernel import Implied, Index, inverse, positive_inverse
from analytics.psychometrics.sem.model import Model, Settings
from analytics.psychometrics.sem.ordered_measures import ordered_measures
from analytics.psychometrics.sem.ordered_model import Parameterization, build_ordered
from analytics.psychometrics.sem.ordered_outcome import ordered_parameters
from analytics.psychometrics.sem.ordered_problem import (
    Cuts,
    OrderedProblem,
)
from analytics.psychometrics.sem.ordered_start import ordered_start
from analytics.psychometrics.sem.ordered_tests import Sandwich, sandwich
from analytics.psychometrics.sem.ordinal_moments import OrdinalMoments
from analytics.psychometrics.sem.outcome import group_results, improper
from analytics.psychometrics.sem.result import Estimator, SemFit
from analytics.psychometrics.sem.scoring import Solution, minimise
from analytics.psychometrics.sem.syntax import read_model

# estimator -> weights, and how the chi-square is adjusted (None: not; True: shifted)
WAYS: Mapping[Estimator, tuple[str, bool | None]] = {
    "ULS": ("ULS", None),
    "ULSM": ("ULS", False),
    "ULSMV": ("ULS", True),
    "DWLS": ("DWLS", None),
    "WLSM": ("DWLS", False),
    "WLSMV": ("DWLS", True),
    "WLS": ("WLS", None),
}
_SINGULAR = 1e-12
_EXPLAINED = 1e-4  # residual share below which theta has left the finite numbers


def fit_ordered(
    text: str,
    samples: Mapping[str, OrdinalMoments],
    *,
    estimator: Estimator,
    parameterization: Parameterization,
    settings: Settings,
    confidence: float,
) -> SemFit:
    """Estimate a model of ordered items; see `fit_model`.

    Raises
    ------
    NotDefined
        Besides those of the model: another estimator; an item with different numbers of
        categories in the groups; no sampling variance of a moment; a singular Gamma
        (WLS).
    """
    if estimator not in WAYS:
        raise NotDefined("ordered-estimator", item=estimator)
    first = next(iter(samples.values()))
    cuts = tuple(_counts(samples).items())
    model = _model(text, first.names, settings, cuts, parameterization)
    unknown = settings.apart - {row.name for row in model.rows}
    if unknown:
        raise ValueError(f"The model has no parameter {min(unknown)}.")
    chosen = [_selected(one, model.observed) for one in samples.values()]
    problem = _problem(model, chosen, estimator, parameterization)
    start = ordered_start(problem)
    require_identified(problem, start)
    solution = minimise(problem, start)
    report = _Report(text, problem, solution, estimator, first.missing, confidence)
    fit = report.fit()
    return replace(fit, warnings=fit.warnings + survey_warnings(chosen))


@lru_cache(maxsize=64)
def _model(
    text: str,
    items: tuple[str, ...],
    settings: Settings,
    cuts: tuple[tuple[str, int], ...],
    parameterization: Parameterization,
) -> Model:
    """Build a model once: simulations fit the same one thousands of times."""
    return build_ordered(
        read_model(text), items, settings, dict(cuts), parameterization
    )


def _counts(samples: Mapping[str, OrdinalMoments]) -> dict[str, int]:
    """Count the thresholds of each item, which must be the same in all groups."""
    found: dict[str, int] = {}
    for one in samples.values():
        for item, thresholds in zip(one.names, one.thresholds, strict=True):
            if found.setdefault(item, len(thresholds)) != len(thresholds):
                raise NotDefined("ordered-categories", item=item)
    return found


def _selected(moments: OrdinalMoments, items: Sequence[str]) -> OrdinalMoments:
    """Moments of some items, in their order."""
    if tuple(items) == moments.names:
        return moments
    at = np.array([moments.names.index(item) for item in items], dtype=np.intp)
    sizes = np.array([len(one) for one in moments.thresholds])
    begin = np.concatenate(([0], np.cumsum(sizes)))
    p = len(moments.names)
    place = np.zeros((p, p), dtype=np.intp)
    column, row = np.triu_indices(p, 1)
    place[row, column] = place[column, row] = begin[-1] + np.arange(len(row))
    kept: list[Index] = [np.arange(begin[i], begin[i + 1]) for i in at]
    column, row = np.triu_indices(len(at), 1)
    where = np.concatenate([*kept, place[at[row], at[column]]])
    return OrdinalMoments(
        names=tuple(items),
        n=moments.n,
        thresholds=tuple(moments.thresholds[i] for i in at),
        correlations=moments.correlations[np.ix_(at, at)],
        gamma=moments.gamma[np.ix_(where, where)],
        missing=moments.missing,
        clusters=moments.clusters,
    )


def _problem(
    model: Model,
    samples: Sequence[OrdinalMoments],
    estimator: Estimator,
    parameterization: Parameterization,
) -> OrderedProblem:
    size = sum(one.n - 1 for one in samples)
    names = model.settings.groups
    groups = tuple(
        Group(name, m.n, (m.n - 1) / size, m.correlations, np.zeros(m.p), np.nan)
        for name, m in zip(names, samples, strict=True)
    )
    plain = make_problem(model, groups)
    return OrderedProblem(
        model,
        groups,
        plain.layouts,
        plain.origin,
        plain.basis,
        parameterization,
        tuple(_cuts(model, g, m) for g, m in enumerate(samples)),
        tuple(m.gamma for m in samples),
        tuple(_weights(WAYS[estimator][0], m.gamma) for m in samples),
    )


def _cuts(model: Model, g: int, moments: OrdinalMoments) -> Cuts:
    own = [row for row in model.rows if row.group == g]
    place = {item: i for i, item in enumerate(model.observed)}
    cuts = [row for row in own if row.operator == "|"]
    scales = {row.left: row.free for row in own if row.operator == "~*~"}
    return Cuts(
        observed=np.concatenate(moments.thresholds),
        item=np.array([place[row.left] for row in cuts], dtype=np.intp),
        parameter=np.array([row.free for row in cuts], dtype=np.intp),
        scale=np.array([scales[item] for item in model.observed], dtype=np.intp),
    )


def _weights(way: str, gamma: Matrix) -> Matrix:
    """V of least squares: ones, inverse variances, or the inverse of Gamma."""
    variance = np.diag(gamma)
    if way == "ULS":
        return np.ones(len(gamma))
    if not (variance > 0).all():
        raise NotDefined("ordered-no-variance")
    if way == "DWLS":
        return 1 / variance
    root = np.sqrt(variance)
    R = gamma / np.outer(root, root)
    values = np.linalg.eigvalsh(R)
    if values[0] <= _SINGULAR * values[-1]:
        raise NotDefined("ordered-singular-gamma")
    V: Matrix = inverse(R) / np.outer(root, root)
    return V


@dataclass(frozen=True, slots=True, eq=False)
class _Report:
    """A solution on its way to the result."""

    text: str
    problem: OrderedProblem
    solution: Solution
    estimator: Estimator
    missing: str
    confidence: float

    def fit(self) -> SemFit:
        theta = self.solution.theta
        ats = self.problem.implied(theta)
        if ats is None or not self.solution.converged:
            return self._result(None, None, None, (Reason("sem-not-converged"),))
        warnings = improper(self.problem.model, self.problem, ats, theta)
        warnings += self._explained(ats)
        found = sandwich(self.problem, ats)
        weighting, shifted = WAYS[self.estimator]
        vcov = None
        if found is None:
            warnings += (Reason("sem-no-standard-errors"),)
        else:
            vcov = found.vcov if shifted is not None else found.naive_vcov
        if self.problem.n_moments == self.problem.basis.shape[1]:
            warnings += (Reason("sem-saturated"),)
        elif shifted is None and weighting != "WLS":
            warnings += (Reason("sem-not-chi-square"),)
        if any(positive_inverse(group.S) is None for group in self.problem.groups):
            warnings += (Reason("ordered-correlations"),)
        return self._result(ats, found, vcov, warnings)

    def _explained(self, ats: list[Implied]) -> tuple[Reason, ...]:
        """Name items of theta whose loadings would grow for ever."""
        if self.problem.parameterization == "delta":
            return ()
        found: dict[str, Reason] = {}
        for g, at in enumerate(ats):
            residual = np.diag(self.problem.matrices(g, self.solution.theta).S)
            for i, item in enumerate(self.problem.model.observed):
                if 0 <= residual[i] < _EXPLAINED * at.P[i, i]:
                    found[item] = Reason("ordered-explained", {"item": item})
        return tuple(found.values())

    def _result(
        self,
        ats: list[Implied] | None,
        found: Sandwich | None,
        vcov: Matrix | None,
        warnings: tuple[Reason, ...],
    ) -> SemFit:
        problem, theta = self.problem, self.solution.theta
        norm = self.solution.gradient_norm
        rows, undefined = (
            ordered_parameters(problem, ats, theta, vcov, self.confidence)
            if ats
            else ((), ())
        )
        measures = None
        if ats:
            weighting, shifted = WAYS[self.estimator]
            tested = weighting != "ULS"
            measures = ordered_measures(
                problem, ats, found, shifted=shifted, tested=tested
            )
            if shifted is not None and measures.df and measures.scaled is None:
                warnings += (Reason("sem-no-scaled-statistics"),)
        theta.setflags(write=False)
        return SemFit(
            text=self.text,
            observed=problem.model.observed,
            factors=problem.model.factors,
            estimator=self.estimator,
            likelihood="normal",
            missing="listwise" if self.missing == "listwise" else "pairwise",
            n=sum(group.n for group in problem.groups),
            n_free=int(problem.basis.shape[1]),
            converged=ats is not None,
            iterations=self.solution.iterations,
            gradient_norm=norm if np.isfinite(norm) else None,
            parameters=rows,
            measures=measures,
            groups=group_results(problem, ats, theta) if ats else (),
            vcov=vcov,
            warnings=warnings + undefined,
            confidence=self.confidence,
            problem=problem,
            theta=theta,
        )
