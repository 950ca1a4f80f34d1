"""Who is missing among the invited, and what the means are when units are weighted.

Only what the segments tell is used: rates that are shown, and means that are shown.
Units that are not are one group together, so that nothing here tells more of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics import thresholds
from analytics.answers import Answers, figure, reason_of
from analytics.disclosure.telling import is_alike
from analytics.psychometrics import (
    Matrix,
    NotDefined,
    PsychometricsError,
    TooFewData,
    design_effect,
    poststratification_weights,
    response_rates,
    weighted_mean,
)
from analytics.quality_results import (
    BothWays,
    NonResponse,
    RateTest,
    UnitRate,
    Weighted,
    WeightedScale,
)
from analytics.release_parts import (
    EVERYONE,
    Count,
    Segment,
    SegmentsPart,
    WaveAnswers,
)
from analytics.results import Absent, Report, ScaleResult
from analytics.sentences import Sentence, say
from analytics.with_without import shift

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """The groups of one weighted mean.

    Attributes
    ----------
    places : (n,) int64
        Of each person; a place in `invited`.
    invited : tuple of int
    """

    places: Places
    invited: tuple[int, ...]


def nonresponse_of(segments: SegmentsPart) -> NonResponse:
    """Compare the response rates of the smallest units."""
    everyone = segments.of(EVERYONE)
    if everyone is None:
        nobody = UnitRate(segments.segments[0].name, 0, None, None, None)
        return NonResponse(nobody, {}, None, say("rates_unknown"))
    units = {one.key: _unit(one) for one in segments.segments if one.kind == "unit"}
    found = _rate_test(everyone, tuple(_leaves(segments)))
    test, reason = (None, found) if isinstance(found, Sentence) else (found, None)
    return NonResponse(_unit(everyone), units, test, reason)


def weighted_of(
    now: WaveAnswers, answers: Answers, report: Report, segments: SegmentsPart
) -> Weighted:
    """Weight every scale's mean so that units count as they were invited."""
    everyone = segments.of(EVERYONE)
    leaves = tuple(_leaves(segments))
    bound = thresholds.WEIGHT_BOUND
    if everyone is None or everyone.invited is None:
        return Weighted({}, bound, say("weights_no_invited"))
    if not leaves:
        return Weighted({}, bound, say("weights_no_units"))
    rows = {one.key: one.rows for one in now.segments}
    found: dict[str, WeightedScale] = {}
    reasons: list[Sentence] = []
    for code, scale in report.constructs.items():
        scores = answers.scores[code]
        told = [one for one in leaves if _tells(one, code)]
        strata = strata_of(rows, told, everyone.invited, scores, segments.least)
        one = _weighted(scale, scores, strata, len(told), segments.least)
        if isinstance(one, Sentence):
            reasons.append(one)
        else:
            found[code] = one
    return Weighted(found, bound, None if found else reasons[0])


def strata_of(
    rows: Mapping[str, NDArray[np.bool_]],
    told: list[Segment],
    invited: int,
    scores: Matrix,
    least: int,
) -> Strata | Sentence:
    """Put each person into a unit whose mean is shown, or into the rest."""
    places = np.full(len(scores), len(told), dtype=np.int64)
    sizes = []
    for place, segment in enumerate(told):
        places[rows[segment.key]] = place
        sizes.append(segment.invited or 0)
    rest = invited - sum(sizes)
    there = ~np.isnan(scores)
    answered = np.bincount(places[there], minlength=len(told) + 1)
    if answered[-1] == 0:
        rest = 0  # nobody answered for them: no weight can stand for them
    elif answered[-1] < least or rest < answered[-1]:
        return say("weights_rest", least=least)
    if (answered[:-1] < 2).any() or len(told) + (rest > 0) < 2:
        return say("weights_one_group")
    return Strata(places, (*sizes, rest))


def _weighted(
    scale: ScaleResult,
    scores: Matrix,
    strata: Strata | Sentence,
    told: int,
    least: int,
) -> WeightedScale | Sentence:
    """Weight one mean; `told` is the place of everybody whose unit is not shown."""
    if isinstance(strata, Sentence):
        return strata
    if isinstance(scale.mean, Absent):
        return scale.mean.reason
    there = ~np.isnan(scores)
    groups, values = strata.places[there], scores[there]
    rest = values[groups == told]
    if len(rest) and is_alike(rest, scale.low, scale.high, least=least):
        # their mean would follow from the weighted one
        return say("weights_rest", least=least)
    try:
        weights = poststratification_weights(
            groups, strata.invited, bound=thresholds.WEIGHT_BOUND
        )
        mean = weighted_mean(values, weights.values, groups)
    except PsychometricsError as error:
        return reason_of(error)
    size = design_effect(weights.values)
    both = BothWays(scale.mean, figure(mean))
    return WeightedScale(
        mean=both,
        groups=len(np.unique(groups)),
        effective_n=round(size.effective_n),
        design_effect=size.design_effect,
        trimmed=weights.trimmed > 0,
        shift=shift(both, values) or 0.0,
    )


def _tells(segment: Segment, code: str) -> bool:
    score = segment.scores.get(code)
    return score is not None and score.mean is not None and bool(segment.invited)


def _leaves(segments: SegmentsPart) -> Iterator[Segment]:
    """Yield the units without units below them."""
    parents = {one.parent for one in segments.segments if one.kind == "unit"}
    for one in segments.segments:
        if one.kind == "unit" and one.key not in parents:
            yield one


def _unit(segment: Segment) -> UnitRate:
    return UnitRate(
        segment.name, segment.depth, segment.invited, segment.answered, segment.rate
    )


def _rate_test(everyone: Segment, leaves: tuple[Segment, ...]) -> RateTest | Sentence:
    if everyone.invited is None:
        return say("rates_unknown")
    told = [
        (one.invited, round(one.rate * one.invited))
        for one in leaves
        if one.invited and one.rate is not None
    ]
    if any(answered > invited for invited, answered in told):
        # a key that was replaced counts, and so does one who has left since
        return say("rates_above_one")
    joined = len(leaves) - len(told)
    rest = _rest(everyone, told)
    if rest is not None:
        told.append(rest)
    try:
        found = response_rates(*zip(*told, strict=True)) if told else None
    except (TooFewData, NotDefined) as error:
        return reason_of(error)
    if found is None:
        return say("rates_no_units")
    return RateTest(
        groups=len(told),
        joined=joined if rest else 0,
        chi2=found.chi2,
        df=found.df,
        p=found.p,
        cramers_v=found.cramers_v,
        smallest_expected=found.smallest_expected,
    )


def _rest(everyone: Segment, told: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return invited and answered of everybody else; None where that is not told."""
    count = exact(everyone)
    if count is None or everyone.invited is None:
        return None
    invited = everyone.invited - sum(one for one, _ in told)
    answered = count - sum(one for _, one in told)
    return (invited, answered) if invited > 0 and 0 <= answered <= invited else None


def exact(segment: Segment) -> int | None:
    """Return how many answered, where the count or the rate tells it."""
    if segment.rate is not None and segment.invited is not None:
        return round(segment.rate * segment.invited)
    count: Count | None = segment.answered
    return count.low if count is not None and count.is_exact else None
