"""Groups and their scores: part ``segments``, and part ``basis`` under it. Pure.

What may be told is decided in `analytics.disclosure`; this module puts numbers where
they may stand and reasons where not. A team whose members disagree gets no score as a
team: that hides more than disclosure asks for, and is part of what the auditor attacks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics import thresholds
from analytics.answers import Answers
from analytics.disclosure import Decision, Measure, Verdict, band, rate_of
from analytics.factor_results import GroupColumnResult
from analytics.invariance import GroupColumn
from analytics.measured import measured_by
from analytics.plan import PlanScale
from analytics.psychometrics import (
    Matrix,
    PsychometricsError,
    agreement,
    mean_interval,
    scale_scores,
)
from analytics.release_parts import (
    BasisPart,
    Gate,
    Members,
    Moments,
    Segment,
    SegmentScore,
    SegmentsPart,
    WaveAnswers,
)
from analytics.results import Absent, TeamResult
from analytics.sentences import Sentence, say
from analytics.teams import aggregation_of

# key of a segment, code of a scale
Place = tuple[str, str]
Scores = Mapping[str, Matrix]

WORST_FIRST: Final = ("not testable", "not comparable", "partly", "comparable")


def scores_of(now: WaveAnswers) -> Scores:
    """Return the (n,) score of everybody on each scale, NaN where there is none."""
    return {
        scale.code: scale_scores(now.data, scale.item_codes)
        for scale in now.plan.constructs
    }


def measures_of(now: WaveAnswers, scores: Scores) -> dict[str, Measure]:
    """Return what is to be told of every segment: the mean of each scale."""
    return {
        scale.code: Measure(scores[scale.code], *points_of(scale))
        for scale in now.plan.constructs
    }


def points_of(scale: PlanScale) -> tuple[int, int]:
    """Return the lowest and the highest point of a scale's items."""
    return (
        min(item.low for item in scale.items),
        max(item.high for item in scale.items),
    )


def agreement_of(now: WaveAnswers, decision: Decision) -> dict[Place, float]:
    """Return rwg(j) wherever a value may stand on a scale whose items should agree."""
    found = {}
    for scale in now.plan.constructs:
        if scale.model != "reflective":
            continue
        part = now.data.select(scale.item_codes)
        if len({item.n_categories for item in part.items}) > 1:
            continue
        values, points = part.values(), part.items[0].n_categories
        for one in now.segments:
            if decision.shows(one.key, scale.code):
                rwg = _rwg(values[one.rows], points)
                if rwg is not None:
                    found[one.key, scale.code] = rwg
    return found


def _rwg(values: Matrix, points: int) -> float | None:
    """Return rwg(j) of one group of (n, J) values, None where it does not exist."""
    try:
        found = agreement(
            values,
            [0] * len(values),
            null="uniform",
            missing="pairwise",
            points=points,
        )
    except PsychometricsError:
        return None
    return found.rwg_mean


def disagreeing(
    now: WaveAnswers, decision: Decision, rwg: Mapping[Place, float]
) -> dict[Place, Sentence]:
    """Return the teams that get no score on a trust scale, because members disagree."""
    guide = thresholds.TEAM_AGREEMENT
    found = {}
    for scale in now.plan.scales:
        for one in smallest(now.segments, decision, scale.code):
            value = rwg.get((one.key, scale.code))
            if value is not None and value < guide:
                found[one.key, scale.code] = say(
                    "team_disagrees",
                    scale=scale.name,
                    value=thresholds.beside(value, guide),
                    guide=f"{guide:.2f}",
                )
    return found


def smallest(
    segments: Iterable[Members], decision: Decision, code: str
) -> list[Members]:
    """Return the units with a value on a scale and none with one below them."""
    shown = [
        one for one in segments if one.kind == "unit" and decision.shows(one.key, code)
    ]
    parent = {one.key: one.parent for one in segments}
    above: set[str] = set()
    for one in shown:
        at = one.parent
        while at is not None and at not in above:
            above.add(at)
            at = parent.get(at)
    return [one for one in shown if one.key not in above]


def without(decision: Decision, hidden: Mapping[Place, Sentence]) -> Decision:
    """Return a decision that shows less, with the reasons; `publication` follows."""
    verdicts = dict(decision.verdicts)
    for (key, code), reason in hidden.items():
        verdict = verdicts[key]
        verdicts[key] = replace(
            verdict,
            shown=tuple(one for one in verdict.shown if one != code),
            reasons={**verdict.reasons, code: reason},
        )
    kept = tuple(
        piece
        for piece in decision.publication.pieces
        if (piece.segment, piece.measure) not in hidden
    )
    publication = replace(decision.publication, pieces=kept)
    return replace(decision, verdicts=verdicts, publication=publication)


def segments_of(
    now: WaveAnswers,
    decision: Decision,
    scores: Scores,
    *,
    rwg: Mapping[Place, float],
    spread: Mapping[str, TeamResult],
    gates: Mapping[str, Gate],
) -> SegmentsPart:
    """Return part ``segments``: numbers where `decision` lets them stand."""
    constructs = now.plan.constructs
    return SegmentsPart(
        segments=tuple(
            _segment(one, decision.verdict(one.key), scores, rwg)
            for one in now.segments
        ),
        scales={scale.code: scale.name for scale in constructs},
        ranges={scale.code: points_of(scale) for scale in constructs},
        outcomes=tuple(scale.code for scale in now.plan.outcomes),
        spread=spread,
        gates=gates,
        least=decision.rules.least,
        notes=tuple(
            say("teams_not_apart", scale=scale.name)
            for scale in constructs
            if scale.code in spread and not are_apart(spread[scale.code])
        ),
    )


def _segment(
    one: Members, verdict: Verdict, scores: Scores, rwg: Mapping[Place, float]
) -> Segment:
    shows = verdict.level == "scores"
    return Segment(
        key=one.key,
        kind=one.kind,
        name=one.name,
        parent=one.parent,
        depth=one.depth,
        cell=one.cell,
        invited=one.invited,
        answered=None if verdict.level == "nothing" else band(verdict.answered),
        rate=rate_of(verdict.answered, one.invited) if shows else None,
        reason=_joined_above(one, verdict) or verdict.reason,
        scores=(
            {
                code: _score(one, code, values[one.rows], verdict, rwg)
                for code, values in scores.items()
            }
            if shows
            else {}
        ),
        joined=one.joined,
        left=one.left,
    )


def _joined_above(one: Members, verdict: Verdict) -> Sentence | None:
    """Say of a cell without answers of its own that they count above it."""
    if one.mixed_from is None or verdict.level != "nothing" or one.rows.any():
        return None
    return say("segment_joined_above", needed=one.mixed_from)


def _score(
    one: Members,
    code: str,
    values: Matrix,
    verdict: Verdict,
    rwg: Mapping[Place, float],
) -> SegmentScore:
    """Return the score of one group, whose own (m,) values are given."""
    answered = band(int(np.count_nonzero(~np.isnan(values))))
    agreed = rwg.get((one.key, code))
    bound = verdict.bounds.get(code)
    if code in verdict.shown:
        found = mean_interval(values)
        return SegmentScore(
            found.estimate, found.low, found.high, None, None, answered, agreed, None
        )
    if bound is not None:
        ends = (bound.at_least, bound.at_most)
        return SegmentScore(None, None, None, *ends, answered, None, None)
    # a team that disagrees is large enough to say so; others are not told of at all
    count = answered if agreed is not None else None
    reason = verdict.reasons[code]
    return SegmentScore(None, None, None, None, None, count, agreed, reason)


def spread_of(now: WaveAnswers, decision: Decision) -> dict[str, TeamResult]:
    """Return for each scale how far smallest units differ and their members agree.

    `decision` is that of disclosure: teams that disagree count here.
    """
    found = {}
    for scale in now.plan.constructs:
        teams = smallest(now.segments, decision, scale.code)
        if not teams:
            continue
        plan = replace(now.plan, scales=(scale,), outcomes=(), others=())
        answers = Answers.of(now.data, plan)
        numbers = numbers_of(teams, now.data.n)
        found[scale.code] = aggregation_of(answers, {"unit": numbers})["unit"][
            scale.code
        ]
    return found


def numbers_of(groups: Iterable[Members], n: int) -> NDArray[np.int32]:
    """Return the place of each row's group, (n,) with -1 for none."""
    numbers = np.full(n, -1, dtype=np.int32)
    for place, one in enumerate(groups):
        numbers[one.rows] = place
    return numbers


def are_apart(found: TeamResult) -> bool:
    """Return whether the share of variance between teams is clear of 0.

    Teams with one and the same mean are not apart. Where the share does not exist for
    another reason nothing is said of it, so that counts as apart.
    """
    if found.test is None:
        none = found.icc1
        return not (isinstance(none, Absent) and none.reason.code == "equal-means")
    return found.test.p < thresholds.TEAM_P


def comparisons_of(now: WaveAnswers, decision: Decision) -> dict[str, list[Members]]:
    """Return sets of groups beside one another of which something is shown.

    By kind; each question makes a set of its own, named ``question:CODE``.
    """
    first = now.plan.constructs[0].code
    found: dict[str, list[Members]] = {"unit": smallest(now.segments, decision, first)}
    for one in now.segments:
        if one.kind in ("language", "question") and decision.verdict(one.key).shown:
            name = one.key.rpartition(":")[0] if one.kind == "question" else one.kind
            found.setdefault(name, []).append(one)
    return {name: groups for name, groups in found.items() if len(groups) > 1}


def groups_to_test(now: WaveAnswers, decision: Decision) -> dict[str, GroupColumn]:
    """Return the sets of groups in which measuring alike can be tested at all."""
    enough = thresholds.COMPARABLE_N
    return {
        name: GroupColumn(
            tuple(one.name.en for one in groups), numbers_of(groups, now.data.n)
        )
        for name, groups in comparisons_of(now, decision).items()
        if _complete(now, groups) == len(groups)
        and all(one.rows.sum() >= enough for one in groups)
    }


def _complete(now: WaveAnswers, groups: Iterable[Members]) -> int:
    """Count the groups with enough complete answers to be tested."""
    items = now.data.select(now.plan.structure_items or now.plan.item_codes)
    complete = (items.codes >= 0).all(axis=1)
    return sum(
        int(np.count_nonzero(complete & one.rows)) >= thresholds.COMPARABLE_N
        for one in groups
    )


def gates_of(
    now: WaveAnswers,
    decision: Decision,
    tested: Mapping[str, GroupColumnResult],
) -> dict[str, Gate]:
    """Return for each kind of group whether its members may be put in order.

    `tested` are the results for `groups_to_test`. Of several questions the most
    cautious verdict stands for all.
    """
    gates: dict[str, Gate] = {}
    for name, groups in comparisons_of(now, decision).items():
        gate = _gate(now, groups, tested.get(name))
        kind = name.partition(":")[0]
        known = gates.get(kind)
        if known is None or _rank(gate) < _rank(known):
            gates[kind] = gate
    return gates


def _rank(gate: Gate) -> int:
    return WORST_FIRST.index(gate.verdict)


def _gate(
    now: WaveAnswers, groups: list[Members], tested: GroupColumnResult | None
) -> Gate:
    if tested is None:
        few = say(
            "gate_few",
            needs=thresholds.COMPARABLE_N,
            has=_complete(now, groups),
            groups=len(groups),
        )
        return Gate("not testable", few)
    found = tested.invariance
    if found.verdict == "not_testable" or len(found.n) < len(groups):
        return Gate("not testable", found.reason)
    if found.verdict == "scalar":
        return Gate("comparable", found.reason)
    if found.verdict == "partial_scalar":
        return Gate("partly", found.reason)
    return Gate("not comparable", found.reason)


def basis_of(now: WaveAnswers, decision: Decision, scores: Scores) -> BasisPart:
    """Return part ``basis``: exact moments of what is shown, and of nothing else."""
    moments = {}
    for one in now.segments:
        shown = decision.verdict(one.key).shown
        values = {code: scores[code][one.rows] for code in shown}
        if shown:
            moments[one.key] = {code: _moments(v) for code, v in values.items()}
    return BasisPart(now.wave, now.date, moments, measured_by(now.plan), now.opened)


def _moments(values: Matrix) -> Moments:
    known = values[~np.isnan(values)]
    return Moments(len(known), float(known.mean()), float(known.var(ddof=1)))
