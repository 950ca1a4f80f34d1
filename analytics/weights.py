"""The part of a report that divides an outcome among the trust scales."""

from collections.abc import Mapping

import numpy as np

from analytics.answers import Answers, figure, generator, reason_of, resamples
from analytics.plan import PlanScale
from analytics.psychometrics import (
    Importance,
    Matrix,
    PsychometricsError,
    bootstrap_importance,
    correlate,
)
from analytics.results import Absent, Figure, OutcomeWeights, RelativeWeight, Result
from analytics.sentences import Sentence, say


def weights_of(
    answers: Answers, outcome: str
) -> tuple[OutcomeWeights, Mapping[str, RelativeWeight]]:
    """Divide what the trust scales share with one outcome among them.

    Returns what holds for all scales together, and the weight of each; no weights
    where the former has a reason.
    """
    equal = _equal_weights(answers, outcome)
    found = _importance(answers, outcome)
    if isinstance(found, Sentence):
        return OutcomeWeights(Absent(found), equal, 0), {}
    weights = {
        one.item: RelativeWeight(
            share=one.share.estimate,
            low=one.share.low,
            high=one.share.high,
            rank_low=one.rank_low,
            rank_high=one.rank_high,
        )
        for one in found.predictors
    }
    return OutcomeWeights(figure(found.r_squared), equal, found.n_draws), weights


def _importance(answers: Answers, outcome: str) -> Importance | Sentence:
    codes = [scale.code for scale in answers.plan.scales]
    if len(codes) < 2:
        return say("weights_need_two", has=len(codes))
    chosen = [*codes, outcome]
    values = np.column_stack([answers.scores[code] for code in chosen])
    n = int((~np.isnan(values).any(axis=1)).sum())
    try:
        return bootstrap_importance(
            values,
            chosen,
            codes,
            outcome,
            weighting="relative-weights",
            rng=generator(answers.plan, f"weights {outcome}"),
            n_draws=resamples(answers.plan, n),
        )
    except PsychometricsError as error:
        return _with_names(reason_of(error), answers)


def _with_names(reason: Sentence, answers: Answers) -> Sentence:
    """Put the names of scales where the core has their codes."""
    names = {scale.code: scale.name for scale in answers.plan.constructs}
    params = {
        key: names.get(value, value) if isinstance(value, str) else value
        for key, value in reason.params.items()
    }
    return Sentence(reason.code, params)


def _equal_weights(answers: Answers, outcome: str) -> Result:
    """Correlate the plain mean of the trust scales with the outcome."""
    try:
        found = correlate(plain_mean(answers), answers.scores[outcome])
    except PsychometricsError as error:
        return Absent(reason_of(error))
    return Figure(found.r, found.low, found.high, found.n, found.method)


def plain_mean(answers: Answers) -> Matrix:
    """Mean of the trust scores, (n,), each as a part of its points; NaN with a gap.

    The parts make seven points and eleven count alike; where all scales have the same
    points this is the mean of the scores, up to origin and unit.
    """
    parts = [_part(scale, answers.scores[scale.code]) for scale in answers.plan.scales]
    mean: Matrix = np.mean(parts, axis=0)
    return mean


def _part(scale: PlanScale, scores: Matrix) -> Matrix:
    low = min(item.low for item in scale.items)
    high = max(item.high for item in scale.items)
    return (scores - low) / (high - low)
