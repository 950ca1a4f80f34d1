"""Which statistics a report holds, in what order, and what is said where one fails.

Reads answers and a plan, returns one frozen `Report`. No Django, no I/O, no clock.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import numpy as np

from analytics.answers import Answers, reason_of
from analytics.notices import notices_of
from analytics.plan import AnalysisPlan
from analytics.psychometrics import (
    PsychometricsError,
    ResponseMatrix,
    correlate,
    disattenuate,
    htmt,
)
from analytics.results import (
    Absent,
    OutcomeWeights,
    Relation,
    RelativeWeight,
    Report,
    Result,
    ScaleResult,
    Settings,
    UnknownReport,
    pair_key,
)
from analytics.scale_results import scale_result
from analytics.sentences import Sentence
from analytics.structure import Progress, dimensionality_of, factors_of
from analytics.weights import weights_of

__all__ = ["Progress", "Report", "UnknownReport", "build_report"]

NO_SOFTWARE: Mapping[str, str] = MappingProxyType({})


def build_report(
    data: ResponseMatrix,
    plan: AnalysisPlan,
    *,
    input_sha256: str | None = None,
    software: Mapping[str, str] = NO_SOFTWARE,
    progress: Progress | None = None,
) -> Report:
    """Compute everything the plan asks for.

    Parameters
    ----------
    data : ResponseMatrix
        The items of the plan among its columns; the rows that are to be analysed.
    plan : AnalysisPlan
        Scales, outcomes and settings.
    input_sha256, software : optional
        Digest of the input and versions by package, kept with the result.
    progress : callable, optional
        Called with a stage and the share that is done.
    """
    tell = progress or (lambda stage, share: None)
    tell("progress_scales", 0.0)
    answers = Answers.of(data, plan)
    scales = {scale.code: scale_result(answers, scale) for scale in plan.scales}
    outcomes = {scale.code: scale_result(answers, scale) for scale in plan.outcomes}
    tell("progress_structure", 0.3)
    dimensionality = dimensionality_of(answers, tell)
    tell("progress_factors", 0.8)
    factors = factors_of(answers, dimensionality)
    tell("progress_loyalty", 0.9)
    weights = {
        outcome.code: weights_of(answers, outcome.code) for outcome in plan.outcomes
    }
    report = Report(
        title=plan.title,
        n_rows=answers.data.n,
        n_complete=answers.data.complete_rows().n,
        simulated=plan.simulated,
        instruments=plan.instruments,
        scales=scales,
        outcomes=outcomes,
        dimensionality=dimensionality,
        factors=factors,
        htmt=_htmt(answers),
        loyalty={
            outcome.code: {
                scale.code: _weighted(
                    _relation(answers, scale.code, outcome.code, scales, outcomes),
                    scale.code,
                    *weights[outcome.code],
                )
                for scale in plan.scales
            }
            for outcome in plan.outcomes
        },
        notices=(),
        settings=_settings(plan),
        software=dict(software),
        input_sha256=input_sha256,
        weights={code: shared for code, (shared, _) in weights.items()},
    )
    tell("progress_loyalty", 1.0)
    return replace(report, notices=notices_of(report))


def _htmt(answers: Answers) -> dict[str, float | None]:
    scales = {
        scale.code: scale.item_codes
        for scale in answers.plan.constructs
        if scale.model == "reflective" and len(scale.items) > 1
    }
    ratios: dict[str, float | None] = {}
    for first, second in combinations(scales, 2):
        pair = {first: scales[first], second: scales[second]}
        both = answers.moments.select((*scales[first], *scales[second]))
        try:
            ratios[pair_key(first, second)] = htmt(both, pair)[first, second]
        except PsychometricsError:
            # the reason stands with the reliability of the scale that causes it
            ratios[pair_key(first, second)] = None
    return ratios


def _relation(
    answers: Answers,
    scale: str,
    outcome: str,
    scales: Mapping[str, ScaleResult],
    outcomes: Mapping[str, ScaleResult],
) -> Relation:
    x, y = answers.scores[scale], answers.scores[outcome]
    n = int(np.count_nonzero(~np.isnan(x) & ~np.isnan(y)))
    try:
        found = correlate(x, y)
    except PsychometricsError as error:
        why = reason_of(error)
        reasons = dict.fromkeys(("r", "spearman", "disattenuated"), why)
        return Relation(None, None, None, n, None, None, reasons)
    corrected = _corrected(
        found.r, scales[scale].alpha.raw, outcomes[outcome].alpha.raw
    )
    return Relation(
        r=found.r,
        low=found.low,
        high=found.high,
        n=found.n,
        spearman=found.spearman,
        disattenuated=corrected if isinstance(corrected, float) else None,
        reasons={"disattenuated": corrected} if isinstance(corrected, Sentence) else {},
    )


def _weighted(
    relation: Relation,
    scale: str,
    shared: OutcomeWeights,
    weights: Mapping[str, RelativeWeight],
) -> Relation:
    """Return the relation with its weight, or with the reason why there is none."""
    if isinstance(shared.r_squared, Absent):
        why = {"relative_weight": shared.r_squared.reason}
        return replace(relation, reasons={**relation.reasons, **why})
    return replace(relation, relative_weight=weights[scale])


def _corrected(r: float, first: Result, second: Result) -> float | Sentence:
    if isinstance(first, Absent):
        return first.reason
    if isinstance(second, Absent):
        return second.reason
    try:
        return disattenuate(r, first.estimate, second.estimate).estimate
    except PsychometricsError as error:
        return reason_of(error)


def _settings(plan: AnalysisPlan) -> Settings:
    return Settings(
        missing=plan.missing,
        correlation=plan.correlation,
        n_factors=plan.n_factors,
        rotation=plan.rotation,
        seed=plan.seed,
        n_draws=plan.n_draws,
        where=dict(plan.where),
        groups=tuple(group.column for group in plan.groups),
        n_resamples=plan.n_resamples,
    )
