"""The part of a report about single scales: level, reliability, items."""

import numpy as np

from analytics import thresholds
from analytics.answers import Answers, attempt, figure, reason_of
from analytics.approximate_intervals import (
    Shape,
    labelled,
    of_reliability,
    of_standardized,
)
from analytics.estimates import (
    alpha_of,
    mean_of,
    omega_of,
    recommend_of,
    spearman_brown_of,
    spread_of,
)
from analytics.plan import PlanItem, PlanScale
from analytics.psychometrics import (
    Alpha,
    ItemDescription,
    Matrix,
    PsychometricsError,
)
from analytics.results import (
    Absent,
    AlphaResult,
    Figure,
    ItemResult,
    Result,
    ScaleResult,
)
from analytics.sentences import Sentence, say

LATER = Absent(Sentence("factor_model_later"))


def scale_result(answers: Answers, scale: PlanScale) -> ScaleResult:
    scores = answers.scores[scale.code]
    n = int(np.count_nonzero(~np.isnan(scores)))
    m = answers.moments.select(scale.item_codes)
    alpha = _alpha(answers, scale)
    raw: Result
    standardized: Result
    if isinstance(alpha, Alpha):
        raw, standardized = figure(alpha.raw), figure(alpha.standardized)
    else:
        raw = standardized = alpha
    approximate = strongly = None
    if answers.design is None:  # else the intervals do not take answers as normal
        shape = Shape.of(answers.described[code] for code in scale.item_codes)
        approximate, strongly = of_reliability(m.n, shape), of_standardized(m.n, shape)
    return ScaleResult(
        name=scale.name,
        model=scale.model,
        low=min(item.low for item in scale.items),
        high=max(item.high for item in scale.items),
        n=n,
        n_items=len(scale.items),
        mean=attempt(lambda: mean_of(answers, scores)),
        sd=_spread(answers, scores, n),
        alpha=AlphaResult(labelled(raw, approximate), labelled(standardized, strongly)),
        omega_total=labelled(_omega(answers, scale), approximate),
        spearman_brown=(
            attempt(lambda: spearman_brown_of(answers, scale.item_codes))
            if len(scale.items) == 2 and scale.model == "reflective"
            else None
        ),
        ave=LATER,
        composite_reliability=LATER,
        items={
            item.code: _item(item, answers.described[item.code], alpha)
            for item in scale.items
        },
        recommend_index=_recommend(answers, scale),
    )


def _recommend(answers: Answers, scale: PlanScale) -> Result | None:
    """Return the index of an outcome that is one item from 0 to 10; else None."""
    (item, *others) = scale.items
    asked = (item.low, item.high, item.reverse) == (0, 10, False)
    if others or not asked or scale.group != "outcome":
        return None
    part = answers.used.select([item.code])
    n = int(np.count_nonzero(part.codes >= 0))
    if n < thresholds.RECOMMEND_N:
        return Absent(say("recommend_few", needs=thresholds.RECOMMEND_N, has=n))
    return attempt(lambda: recommend_of(answers, item.code))


def _without_reliability(scale: PlanScale) -> Absent | None:
    if scale.model != "reflective":
        return Absent(say("formative", scale=scale.name))
    if len(scale.items) == 1:
        return Absent(say("one_item"))
    return None


def _alpha(answers: Answers, scale: PlanScale) -> Alpha | Absent:
    if absent := _without_reliability(scale):
        return absent
    try:
        return alpha_of(answers, scale.item_codes)
    except PsychometricsError as error:
        return Absent(reason_of(error))


def _omega(answers: Answers, scale: PlanScale) -> Result:
    if absent := _without_reliability(scale):
        return absent
    if len(scale.items) == 2:
        return Absent(say("omega_two_items"))
    return attempt(lambda: omega_of(answers, scale.item_codes))


def _spread(answers: Answers, scores: Matrix, n: int) -> Result:
    """Return the standard deviation of the scores; no interval is given."""
    if n < 2:
        return Absent(say("sd_needs_two", has=n))
    sd = spread_of(answers, scores)
    return Figure(sd, None, None, n, "standard deviation, divisor n - 1")


def _item(
    item: PlanItem, described: ItemDescription, alpha: Alpha | Absent
) -> ItemResult:
    within = alpha.items[item.code] if isinstance(alpha, Alpha) else None
    reason: Sentence | None = None
    if isinstance(alpha, Absent):
        reason = alpha.reason
    elif within and within.reason:
        reason = reason_of(within.reason)
    return ItemResult(
        text=item.text,
        reverse=item.reverse,
        n=described.n,
        missing=described.missing,
        mean=described.mean,
        sd=described.sd,
        skew=described.skew,
        kurtosis=described.kurtosis,
        floor=described.floor,
        ceiling=described.ceiling,
        item_rest_r=within.item_rest_r if within else None,
        alpha_if_dropped=within.alpha_if_dropped if within else None,
        reason=reason,
    )
