"""The part of a report about further referents: the same questions about a competitor."""

from dataclasses import replace

from analytics.answers import Answers, attempt, figure, reason_of
from analytics.plan import AnalysisPlan, PlanReferent
from analytics.psychometrics import (
    Estimate,
    Matrix,
    PsychometricsError,
    ResponseMatrix,
    correlate,
    paired_difference,
    scale_scores,
)
from analytics.results import Absent, Difference, ReferentResult, Result
from analytics.scale_results import scale_result


def comparisons_of(
    data: ResponseMatrix, plan: AnalysisPlan
) -> tuple[ReferentResult, ...]:
    """Describe what was answered about every further referent, beside the first."""
    first = {
        scale.code: scale_scores(data, scale.item_codes) for scale in plan.constructs
    }
    return tuple(_result(data, plan, other, first) for other in plan.others)


def _result(
    data: ResponseMatrix,
    plan: AnalysisPlan,
    other: PlanReferent,
    first: dict[str, Matrix],
) -> ReferentResult:
    asked = tuple(other.scales.values())
    alone = Answers.of(data, replace(plan, scales=asked, outcomes=(), others=()))
    second = {
        code: scale_scores(data, scale.item_codes)
        for code, scale in other.scales.items()
    }
    trust = [c for c, scale in other.scales.items() if scale.group == "trust"]
    outcomes = [c for c in other.scales if c not in trust]
    return ReferentResult(
        first=other.first,
        name=other.name,
        scales={c: scale_result(alone, scale) for c, scale in other.scales.items()},
        differences={c: _difference(first[c], second[c]) for c in other.scales},
        relations={
            outcome: {c: _relation(second[c], second[outcome]) for c in trust}
            for outcome in outcomes
        },
    )


def _difference(x: Matrix, y: Matrix) -> Difference:
    try:
        found = paired_difference(x, y)
    except PsychometricsError as error:
        absent = Absent(reason_of(error))
        return Difference(absent, absent, None)
    return Difference(figure(found.difference), figure(found.standardized), found.p)


def _relation(x: Matrix, y: Matrix) -> Result:
    def estimate() -> Estimate:
        found = correlate(x, y)
        return Estimate(found.r, found.low, found.high, found.n, "Pearson", 0.95)

    return attempt(estimate)
