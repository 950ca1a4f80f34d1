"""What a reader must know beside the numbers of a report, in a fixed order."""

from collections.abc import Iterator
from typing import Final

from analytics import design, thresholds
from analytics.results import Figure, Report, ScaleResult
from analytics.sentences import Sentence, say

REDUNDANCY: Final = (thresholds.REDUNDANT, -thresholds.REDUNDANT)


def notices_of(report: Report) -> tuple[Sentence, ...]:
    """Return every notice the report gives cause for."""
    return (
        *_about_the_sample(report),
        *design.notices(report),
        *_about_items(report),
        *_about_scales(report),
        *_about_structure(report),
        *_about_separability(report),
        *_about_outcomes(report),
    )


def _overlapping_outcomes(report: Report) -> Iterator[Sentence]:
    for key, ratio in report.htmt.items():
        first, second = key.split("~~")
        crosses = first in report.scales and second in report.outcomes
        if crosses and ratio is not None and ratio >= thresholds.HTMT_SAME:
            scale, outcome = report.scales[first].name, report.outcomes[second].name
            yield say("not_separable_outcome", scale=scale, outcome=outcome, htmt=ratio)


def not_separable(report: Report) -> list[tuple[ScaleResult, ScaleResult, float]]:
    """Return the pairs of trust scales whose HTMT reaches the mark."""
    return [pair for pair in trust_pairs(report) if pair[2] >= thresholds.HTMT_SAME]


def trust_pairs(report: Report) -> list[tuple[ScaleResult, ScaleResult, float]]:
    """Return the pairs of trust scales that have an HTMT."""
    pairs = []
    for key, ratio in report.htmt.items():
        first, second = key.split("~~")
        if ratio is not None and first in report.scales and second in report.scales:
            pairs.append((report.scales[first], report.scales[second], ratio))
    return pairs


def _about_the_sample(report: Report) -> Iterator[Sentence]:
    if report.simulated:
        yield say("simulated")
    if report.n_rows == 1:
        yield say("one_respondent")
    elif report.n_rows < thresholds.STABLE_N:
        yield say("small_sample", n=report.n_rows, needed=thresholds.STABLE_N)


def _about_items(report: Report) -> Iterator[Sentence]:
    for scale in report.constructs.values():
        for code, item in scale.items.items():
            if item.n == 0:
                yield say("unanswered_item", item=code, scale=scale.name)
                continue
            if item.n > 1 and item.sd == 0:
                yield say("constant_item", item=code, scale=scale.name)
            share = item.missing / (item.n + item.missing)
            if share > thresholds.MISSING_SHARE:
                yield say(
                    "missing_item", item=code, scale=scale.name, percent=100 * share
                )
            if item.item_rest_r is not None and item.item_rest_r < 0:
                yield say(
                    "negative_item", item=code, scale=scale.name, r=item.item_rest_r
                )


def _about_scales(report: Report) -> Iterator[Sentence]:
    for scale in report.constructs.values():
        if scale.model != "reflective":
            yield say("formative", scale=scale.name)
        elif isinstance(scale.spearman_brown, Figure):
            value = scale.spearman_brown.estimate
            yield say("two_item_reliability", scale=scale.name, value=value)


def _about_structure(report: Report) -> Iterator[Sentence]:
    if report.factors.reason is not None:
        yield report.factors.reason
    votes, used = report.dimensionality.parallel, report.factors.n_factors
    if votes and used and report.settings.n_factors == "parallel":
        if votes.factors == 0:
            yield say("votes_none")
        elif used < votes.factors:
            n_items = len(report.dimensionality.items)
            yield say(
                "votes_limited", factors=votes.factors, n_items=n_items, used=used
            )
        else:
            yield say("votes", factors=votes.factors, components=votes.components)
    if report.factors.heywood:
        yield say("heywood", items=report.factors.heywood)


def _about_separability(report: Report) -> Iterator[Sentence]:
    for first, second, ratio in not_separable(report):
        yield say("not_separable", first=first.name, second=second.name, htmt=ratio)


def _about_outcomes(report: Report) -> Iterator[Sentence]:
    if not report.outcomes:
        yield say("no_outcomes")
        return
    yield say("same_source")
    yield from _overlapping_outcomes(report)
    for outcome_code, relations in report.loyalty.items():
        outcome = report.outcomes[outcome_code].name
        for scale_code, relation in relations.items():
            scale = report.scales[scale_code].name
            if relation.r is not None and abs(relation.r) > thresholds.REDUNDANT:
                r = thresholds.beside(relation.r, *REDUNDANCY)
                yield say("redundant", scale=scale, outcome=outcome, r=r)
            corrected = relation.disattenuated
            if corrected is not None and abs(corrected) > 1:
                yield say(
                    "corrected_above_one", scale=scale, outcome=outcome, value=corrected
                )
