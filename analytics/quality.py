"""Part ``quality``: careless and missing answers, and who is missing.

Pure: no Django, no clock, no chance. Reliability, structure and measuring alike stand
in the report itself; here stands what else a reader must know before believing it.
"""

from dataclasses import replace

from analytics.answers import Answers
from analytics.careless import flagged, people_of, percent_of, signs_of, told
from analytics.disclosure.telling import band
from analytics.missing_answers import missing_of
from analytics.plan import AnalysisPlan
from analytics.quality_results import (
    Careless,
    Missing,
    QualityPart,
    Weighted,
)
from analytics.release_parts import SegmentsPart, WaveAnswers
from analytics.report import Report
from analytics.representation import nonresponse_of, weighted_of
from analytics.sentences import say
from analytics.with_without import WithWithout

__all__ = ["QualityPart", "quality_of"]


def quality_of(now: WaveAnswers, report: Report, segments: SegmentsPart) -> QualityPart:
    """Compute the part from the answers of a wave.

    Parameters
    ----------
    now : WaveAnswers
    report : Report
        Of all answers, restricted to what may be told.
    segments : SegmentsPart
        What is told of the groups; no other group is told anything of.

    Raises
    ------
    ValueError
        The plan is not one of a wave: those are pairwise.
    """
    if now.plan.missing != "pairwise":
        raise ValueError("A wave is analysed by the pairwise rule.")
    nonresponse = nonresponse_of(segments)
    if now.data.n < segments.least:
        reason = say("quality_few", needs=segments.least)
        return QualityPart(
            people=None,
            least=segments.least,
            careless=Careless({}, None, None, {}, {}, reason),
            missing=Missing(None, None, {}, {}, (), reason),
            nonresponse=nonresponse,
            weighted=Weighted({}, 1.0, reason),
        )
    answers = Answers.of(now.data, _told(now.plan, report))
    return QualityPart(
        people=band(now.data.n),
        least=segments.least,
        careless=_careless(now, answers, report, segments.least),
        missing=missing_of(answers, segments.least),
        nonresponse=nonresponse,
        weighted=weighted_of(now, answers, report, segments),
    )


def _told(plan: AnalysisPlan, report: Report) -> AnalysisPlan:
    """Leave out the scales of which the report tells nothing."""
    return replace(
        plan,
        scales=tuple(one for one in plan.scales if one.code in report.scales),
        outcomes=tuple(one for one in plan.outcomes if one.code in report.outcomes),
    )


def _careless(
    now: WaveAnswers, answers: Answers, report: Report, least: int
) -> Careless:
    signs = signs_of(now)
    shown = told(signs, least)
    flags = flagged(signs)
    if flags is None:
        return Careless(shown, None, None, {}, {}, say("careless_no_signs"))
    n, count = now.data.n, int(flags.sum())
    people = people_of(count, n, least)
    share = percent_of(people, band(n))
    if count < least or n - count < least:
        reason = say("careless_not_both", least=least)
        return Careless(shown, people, share, {}, {}, reason)
    both = WithWithout.of(report, answers, flags, least)
    return Careless(shown, people, share, both.scales(), both.relations(), None)
