"""From the answers of a wave to what may be published of them. Pure.

The decision comes first, every number after it; what is hidden never enters a part.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analytics import thresholds
from analytics.audit_part import AuditPart, audit_part_of
from analytics.disclosure import (
    DETAILS_FROM,
    EXACT_FROM,
    Decision,
    Measure,
    Publication,
    Rules,
    audit,
    decide,
)
from analytics.plan import AnalysisPlan, PlanReferent, PlanScale
from analytics.psychometrics import scale_scores
from analytics.release_parts import EVERYONE, BasisPart, SegmentsPart, WaveAnswers
from analytics.report import build_report
from analytics.results import ItemResult, Report, ScaleResult
from analytics.segments import (
    agreement_of,
    basis_of,
    disagreeing,
    gates_of,
    groups_to_test,
    measures_of,
    points_of,
    scores_of,
    segments_of,
    spread_of,
    without,
)
from analytics.sentences import Sentence, say

RULES_VERSION: Final = 1  # of what decides; stands in the settings of a release
Tell = Callable[[str, float], None]


class Refused(Exception):
    """Nothing of the wave may be published; says why."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.text("en"))


@dataclass(frozen=True, slots=True)
class Publications:
    """Part ``publication``: what was told, for the audit of the next release."""

    all: tuple[Publication, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The parts that every release has, and the decisions behind them.

    `report` is None below 20 answers, or where no trust scale may be told of.
    """

    report: Report | None
    segments: SegmentsPart
    basis: BasisPart
    audit: AuditPart
    publications: Publications
    decision: Decision


def made_of(
    now: WaveAnswers,
    *,
    least: int,
    earlier: Sequence[Publications],
    software: Mapping[str, str],
    tell: Tell,
) -> Made:
    """Decide, compute and attack.

    Parameters
    ----------
    least : int
        Answers from which scores are told, as the wave promised.
    earlier : sequence of Publications
        Of earlier releases of the same wave, withdrawn ones too.

    Raises
    ------
    Refused
        Too few answered, or the attack succeeds whatever is hidden.
    """
    if now.data.n < least:
        raise Refused(say("release_few_answers", has=now.data.n, needs=least))
    rules = Rules(least=least)
    before = [one for told in earlier for one in told.all]
    tell("progress_release_decide", 0.05)
    scores = scores_of(now)
    measures = measures_of(now, scores)
    found = decide(now.segments, measures, rules=rules, earlier=before)
    rwg = agreement_of(now, found)
    decision = without(found, disagreeing(now, found, rwg))
    everyone, details = now.segments[:1], details_of(now, least)
    told = decide(everyone, details, rules=rules, earlier=before)
    report = _report(now, decision, told, software, tell)
    segments = segments_of(
        now,
        decision,
        scores,
        rwg=rwg,
        spread=spread_of(now, found),
        gates=gates_of(now, decision, report.groups if report else {}),
    )
    tell("progress_release_audit", 0.8)
    attacks = [audit(decision, now.segments, measures, earlier=before)]
    trails, publications = [found.trail], [decision.publication]
    if report is not None:
        # without it nothing of single items is told
        attacks.append(audit(told, everyone, details, earlier=before))
        trails.append(told.trail)
        publications.append(told.publication)
    audited = audit_part_of(trails, attacks, publications, earlier=len(earlier))
    if not audited.passed:
        raise Refused(say("release_audit_failed"))
    basis = basis_of(now, decision, scores)
    told_now = Publications(tuple(publications))
    return Made(report, segments, basis, audited, told_now, decision)


def details_of(now: WaveAnswers, least: int) -> dict[str, Measure]:
    """Return what the report tells of everyone: single items, and further referents."""
    found: dict[str, Measure] = {}
    if now.data.n < thresholds.REPORT_N:
        return found
    for scale in _every_scale(now.plan):
        for item in scale.items:
            values = now.data.select((item.code,)).values()[:, 0]
            enough = max(DETAILS_FROM, least)
            found[item.code] = Measure(values, item.low, item.high, enough)
    for other in now.plan.others:
        for scale in other.scales.values():
            values = scale_scores(now.data, scale.item_codes)
            found[scale.code] = Measure(values, *points_of(scale), least)
    return found


def _every_scale(plan: AnalysisPlan) -> Iterator[PlanScale]:
    yield from plan.constructs
    for other in plan.others:
        yield from other.scales.values()


def _report(
    now: WaveAnswers,
    decision: Decision,
    details: Decision,
    software: Mapping[str, str],
    tell: Tell,
) -> Report | None:
    """Report on everyone's answers, without the scales that may not be told of."""
    plan = _told(now.plan, decision, details)
    if now.data.n < thresholds.REPORT_N or not plan.scales:
        return None
    report = build_report(
        now.data,
        plan,
        input_sha256=now.sha256,
        software=software,
        groups=groups_to_test(now, decision),
        languages=now.languages,
        progress=lambda step, share: tell(step, 0.1 + 0.6 * share),
    )
    return replace(
        report,
        scales=_with_told_items(report.scales, details),
        outcomes=_with_told_items(report.outcomes, details),
        others=tuple(
            replace(one, scales=_with_told_items(one.scales, details))
            for one in report.others
        ),
    )


def _told(plan: AnalysisPlan, decision: Decision, details: Decision) -> AnalysisPlan:
    """Leave the scales out of which nothing may be told."""

    def kept(scales: tuple[PlanScale, ...]) -> tuple[PlanScale, ...]:
        return tuple(one for one in scales if decision.shows(EVERYONE, one.code))

    def shared(other: PlanReferent) -> PlanReferent:
        scales = {
            code: scale
            for code, scale in other.scales.items()
            if decision.shows(EVERYONE, code) and details.shows(EVERYONE, scale.code)
        }
        return replace(other, scales=scales)

    others = tuple(one for one in map(shared, plan.others) if one.scales)
    # thresholds and tests of single items in small groups were never attacked
    return replace(
        plan,
        scales=kept(plan.scales),
        outcomes=kept(plan.outcomes),
        others=others,
        item_response=False,
    )


def _with_told_items(
    scales: Mapping[str, ScaleResult], details: Decision
) -> dict[str, ScaleResult]:
    return {
        code: replace(
            scale,
            items={
                item: _told_item(found, item, details)
                for item, found in scale.items.items()
            },
        )
        for code, scale in scales.items()
    }


def _told_item(found: ItemResult, code: str, details: Decision) -> ItemResult:
    """Keep what may be told of one item; shares of 0 and 1 only from 20 answers on."""
    if not details.shows(EVERYONE, code):
        return replace(
            found,
            mean=None,
            sd=None,
            skew=None,
            kurtosis=None,
            floor=None,
            ceiling=None,
            reason=details.reason(EVERYONE, code),
        )
    if found.n < EXACT_FROM and {found.floor, found.ceiling} & {0.0, 1.0}:
        return replace(found, floor=None, ceiling=None)
    return found


__all__ = [
    "RULES_VERSION",
    "Made",
    "Publications",
    "Refused",
    "details_of",
    "made_of",
]
