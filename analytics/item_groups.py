"""The part of a report about single items between groups: ordinal logistic regression.

Beside measuring alike as a whole (`invariance`), and only where the plan asks for it.
"""

from collections.abc import Mapping

import numpy as np

from analytics import thresholds
from analytics.answers import Answers, reason_of
from analytics.invariance import GroupColumn
from analytics.item_response import scales_of
from analytics.item_response_results import (
    DifResult,
    DifTest,
    ItemDifResult,
    LogOdds,
)
from analytics.plan import Matching, PlanScale
from analytics.psychometrics import PsychometricsError, ResponseMatrix
from analytics.psychometrics.irt import Dif, ItemDif, LikelihoodRatio, dif_logistic
from analytics.sentences import Sentence, say


def dif_of(answers: Answers, column: GroupColumn) -> dict[str, DifResult]:
    """Compare the items of every scale between the groups of a column.

    Nothing where the plan does not ask for it, or where its scales have a reason for no
    model. `column` has a group for every row.
    """
    plan = answers.plan
    if not plan.item_response or plan.is_sampled:
        return {}
    data, numbers = answers.data, column.numbers
    if plan.missing == "listwise":
        whole = (data.codes >= 0).all(axis=1)
        data, numbers = ResponseMatrix(data.codes[whole], data.items), numbers[whole]
    held = GroupColumn(column.names, numbers)
    return {
        scale.code: _of_a_scale(data, scale, held, plan.dif_matching)
        for scale in scales_of(plan)
    }


def _of_a_scale(
    data: ResponseMatrix, scale: PlanScale, column: GroupColumn, matching: Matching
) -> DifResult:
    part = data.select(scale.item_codes)
    answered = (part.codes >= 0).any(axis=1)
    counts = {
        name: int((answered & (column.numbers == k)).sum())
        for k, name in enumerate(column.names)
    }
    chosen, notices = _chosen(counts)
    if len(chosen) < 2:
        why = say("dif_few", needs=thresholds.DIF_N, has=len(chosen))
        return _untested(chosen, matching, why, ())
    places = [k for k, name in enumerate(column.names) if name in chosen]
    rows = answered & np.isin(column.numbers, places)
    groups = np.array(column.names, dtype=np.str_)[column.numbers[rows]]
    try:
        found = dif_logistic(
            ResponseMatrix(part.codes[rows], part.items),
            groups,
            matching=matching,
            flag_by="class",
            purify=True,
            alpha=thresholds.DIF_P,
        )
    except PsychometricsError as error:
        return _untested(chosen, matching, reason_of(error), notices)
    return _result(found, notices)


def _chosen(counts: Mapping[str, int]) -> tuple[dict[str, int], tuple[Sentence, ...]]:
    """Return the groups that are large enough, at most so many, and what is left out."""
    least, most = thresholds.DIF_N, thresholds.MOST_GROUPS
    large = [name for name, n in counts.items() if n >= least]
    small = sum(0 < n < least for n in counts.values())
    largest = sorted(large, key=lambda name: counts[name], reverse=True)
    rest = len(largest[most:])
    notices = []
    if small and len(large) > 1:
        notices.append(say("dif_left", needs=least, count=small))
    if rest:
        notices.append(say("dif_most", most=most, count=rest))
    kept = sorted(largest[:most])  # the first name is the reference of the core
    return {name: counts[name] for name in kept}, tuple(notices)


def _untested(
    n: Mapping[str, int],
    matching: Matching,
    reason: Sentence,
    notices: tuple[Sentence, ...],
) -> DifResult:
    return DifResult(n, matching, {}, (), 0, False, notices, reason)


def _result(found: Dif, notices: tuple[Sentence, ...]) -> DifResult:
    return DifResult(
        n=dict(zip(found.groups, found.counts, strict=True)),
        matching=found.matching,
        items={item.code: _item(item) for item in found.items},
        anchors=found.anchors,
        rounds=found.rounds,
        settled=found.settled,
        notices=notices,
        reason=None,
    )


def _item(found: ItemDif) -> ItemDifResult:
    return ItemDifResult(
        n=found.n,
        total=_test(found.total),
        uniform=_test(found.uniform),
        nonuniform=_test(found.nonuniform),
        p_holm=found.p_holm,
        size=found.size,
        groups={
            name: LogOdds(float(one.estimate), one.low, one.high)
            for name, one in found.groups.items()
        },
        reason=None if found.reason is None else reason_of(found.reason),
    )


def _test(found: LikelihoodRatio | None) -> DifTest | None:
    if found is None:
        return None
    return DifTest(found.chi2, found.df, found.p, found.nagelkerke, found.mcfadden)
