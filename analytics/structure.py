"""The part of a report about all trust items together: how many factors, and which."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from analytics.answers import Answers, reason_of
from analytics.plan import AnalysisPlan
from analytics.psychometrics import (
    BurtTable,
    Matrix,
    Moments,
    Parallel,
    PsychometricsError,
    bartlett,
    efa,
    eigenvalues,
    kmo,
    parallel_analysis,
    polychoric,
    polychoric_parallel_analysis,
)
from analytics.results import (
    BartlettResult,
    Dimensionality,
    Factors,
    ParallelResult,
)
from analytics.sentences import Sentence, say

# stage (a label "progress_...") and the share of the whole that is done, 0 to 1
Progress = Callable[[str, float], None]
T = TypeVar("T")


def dimensionality_of(answers: Answers, tell: Progress) -> Dimensionality:
    items = answers.structure_items
    if len(items) < 3:
        code = "no_items_left" if answers.plan.structure_items else "no_structure_items"
        why = say(code)
        keys = ("kmo", "bartlett", "eigenvalues", "parallel")
        return Dimensionality(items, None, None, (), None, dict.fromkeys(keys, why))
    try:
        m = correlations_of(answers, items)
    except PsychometricsError as error:
        why = reason_of(error)
        keys = ("kmo", "bartlett", "eigenvalues", "parallel")
        return Dimensionality(items, None, None, (), None, dict.fromkeys(keys, why))
    reasons: dict[str, Sentence] = {}

    def tried(key: str, compute: Callable[[], T]) -> T | None:
        try:
            return compute()
        except PsychometricsError as error:
            reasons[key] = reason_of(error)
            return None

    values = tried("eigenvalues", lambda: eigenvalues(m))
    adequacy = tried("kmo", lambda: kmo(m))
    sphericity = tried("bartlett", lambda: bartlett(m))
    parallel = tried("parallel", lambda: _parallel(answers, m, tell))
    return Dimensionality(
        items=items,
        kmo=adequacy.overall if adequacy else None,
        bartlett=(
            BartlettResult(sphericity.chi2, sphericity.df, sphericity.log_p)
            if sphericity
            else None
        ),
        eigenvalues=() if values is None else _row(values),
        parallel=parallel,
        reasons=reasons,
    )


def correlations_of(answers: Answers, items: tuple[str, ...]) -> Moments:
    """Return the correlations that the plan wants of some items, with their n.

    Raises
    ------
    NotDefined, NotConverged
        A polychoric correlation does not exist.
    """
    if answers.plan.correlation == "pearson":
        return answers.moments.select(items)
    table = BurtTable.of(answers.used.select(items), missing=answers.plan.missing)
    return polychoric(table).moments()


def _parallel(answers: Answers, m: Moments, tell: Progress) -> ParallelResult:
    plan = answers.plan
    rng = np.random.default_rng(plan.seed)

    def progress(done: int, of: int) -> None:
        tell("progress_structure", 0.3 + 0.5 * done / of)

    found: Parallel
    if plan.correlation == "polychoric":
        found = polychoric_parallel_analysis(
            answers.used.select(m.items),
            rng=rng,
            missing=plan.missing,
            n_draws=plan.n_draws,
            progress=progress,
        )
    else:
        found = parallel_analysis(m, rng=rng, n_draws=plan.n_draws, progress=progress)
    return ParallelResult(
        factors=found.n_factors,
        components=found.n_components,
        n_draws=found.n_draws,
        factor_observed=_row(found.observed_factors),
        factor_thresholds=_row(found.threshold_factors),
        component_observed=_row(found.observed_components),
        component_thresholds=_row(found.threshold_components),
    )


def factors_of(answers: Answers, found: Dimensionality) -> Factors:
    plan = answers.plan
    n_factors = _number_of_factors(plan, found)
    if isinstance(n_factors, Sentence):
        return _no_factors(plan, n_factors)
    try:
        m = correlations_of(answers, found.items)
        solution = efa(m, n_factors, rotation=plan.rotation)
    except PsychometricsError as error:
        return _no_factors(plan, reason_of(error))
    return Factors(
        method=solution.method,
        rotation=plan.rotation,
        n_factors=n_factors,
        converged=solution.converged,
        heywood=solution.heywood,
        loadings=_rows_by_item(found.items, solution.loadings),
        phi=tuple(_row(row) for row in solution.phi),
        communalities={
            code: float(value)
            for code, value in zip(found.items, solution.communalities, strict=True)
        },
        reason=None,
    )


def _number_of_factors(plan: AnalysisPlan, found: Dimensionality) -> int | Sentence:
    """Return the number asked or voted for: at least 1, at most what is identified."""
    if plan.n_factors != "parallel":
        return plan.n_factors
    if found.parallel is None:
        return found.reasons["parallel"]
    most = most_factors(len(found.items))
    return max(1, min(found.parallel.factors, most))


def most_factors(n_items: int) -> int:
    """Most factors that `n_items` items leave at least 0 degrees of freedom for."""
    return max(
        (m for m in range(n_items) if (n_items - m) ** 2 >= n_items + m), default=0
    )


def _no_factors(plan: AnalysisPlan, reason: Sentence) -> Factors:
    return Factors("minres", plan.rotation, None, False, (), {}, (), {}, reason)


def _row(values: Matrix) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _rows_by_item(
    items: tuple[str, ...], matrix: Matrix
) -> dict[str, tuple[float, ...]]:
    return {code: _row(row) for code, row in zip(items, matrix, strict=True)}
