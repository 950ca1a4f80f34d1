"""The part of a report about what goes with the outcomes."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analytics.answers import Answers, generator, reason_of, resamples
from analytics.estimates import correlation_of
from analytics.psychometrics import (
    PsychometricsError,
    disattenuate,
    disattenuate_scales,
)
from analytics.results import (
    Absent,
    OutcomeWeights,
    Relation,
    RelativeWeight,
    Result,
    ScaleResult,
)
from analytics.sentences import Sentence, say
from analytics.weights import weights_of

Loyalty = dict[str, dict[str, Relation]]


def loyalty_of(
    answers: Answers,
    scales: Mapping[str, ScaleResult],
    outcomes: Mapping[str, ScaleResult],
) -> tuple[Loyalty, dict[str, OutcomeWeights]]:
    """Relate every trust scale to every outcome, alone and among the others."""
    loyalty: Loyalty = {}
    shared: dict[str, OutcomeWeights] = {}
    for outcome in outcomes:
        shared[outcome], weights = weights_of(answers, outcome)
        loyalty[outcome] = {
            scale: _weighted(
                _relation(answers, scale, outcome, scales, outcomes),
                scale,
                shared[outcome],
                weights,
            )
            for scale in scales
        }
    return loyalty, shared


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
        found = correlation_of(answers, x, y)
    except PsychometricsError as error:
        keys = ("r", "spearman", "disattenuated")
        why = dict.fromkeys(keys, reason_of(error))
        return Relation(None, None, None, n, None, None, why)
    corrected = _corrected(
        found.r, scales[scale].alpha.raw, outcomes[outcome].alpha.raw
    )
    reasons: dict[str, Sentence] = {}
    ends: tuple[float | None, float | None] = (None, None)
    if isinstance(corrected, Sentence):
        reasons["disattenuated"] = corrected
    else:
        found_ends = _corrected_interval(answers, scale, outcome, corrected)
        if isinstance(found_ends, Sentence):
            reasons["disattenuated_low"] = found_ends
        else:
            ends = found_ends
    return Relation(
        r=found.r,
        low=found.low,
        high=found.high,
        n=found.n,
        spearman=found.spearman,
        disattenuated=corrected if isinstance(corrected, float) else None,
        reasons=reasons,
        disattenuated_low=ends[0],
        disattenuated_high=ends[1],
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


def _corrected_interval(
    answers: Answers, scale: str, outcome: str, corrected: float
) -> tuple[float, float] | Sentence:
    """Return ends over the people who answered every item of both, or the reason."""
    if answers.design:
        return say("sampling_no_resampling")
    items = {one.code: one.item_codes for one in answers.plan.constructs}
    try:
        found = disattenuate_scales(
            answers.used,
            items[scale],
            items[outcome],
            rng=generator(answers.plan, f"corrected {scale} {outcome}"),
            n_draws=resamples(answers.plan, answers.used.n),
        ).estimate
    except PsychometricsError as error:
        return reason_of(error)
    low, high = found.low, found.high
    if low is None or high is None or not low <= corrected <= high:
        return say("corrected_interval_elsewhere", n=found.n)
    return low, high
