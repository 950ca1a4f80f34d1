"""The few sentences that a reader in a hurry needs."""

from collections.abc import Iterator, Mapping

from analytics import thresholds
from analytics.notices import not_separable, trust_pairs
from analytics.plan import Text
from analytics.readings import (
    MANY,
    RELIABILITY,
    Reading,
    best_reliability,
    pair_names,
    relation,
    reliability,
    side_of_zero,
)
from analytics.results import Absent, Figure, Relation, Report, ScaleResult
from analytics.sentences import Parameter, Sentence, say


def glance(report: Report) -> tuple[Reading, ...]:
    """Return the few sentences that a reader in a hurry needs, most asked for first."""
    return (
        *_loyalty_at_a_glance(report),
        *_levels(report),
        *reliability_at_a_glance(report),
        *_separability_at_a_glance(report),
        *structure_at_a_glance(report),
    )


def _loyalty_at_a_glance(report: Report) -> Iterator[Reading]:
    """Say what goes most closely with each outcome: at length with one, else briefly."""
    brief: list[Sentence] = []
    order_is_open = False
    for code, relations in report.loyalty.items():
        outcome = report.outcomes[code].name
        if other := _no_relation(outcome, relations):
            yield other
            continue
        clear = {key: one for key, one in relations.items() if side_of_zero(one)}
        best = max(clear, key=lambda key: abs(clear[key].r or 0.0))
        others = _not_ranked_below(best, clear)
        if len(report.loyalty) == 1:
            yield _strongest(report, outcome, best, others, relations)
        name, numbers = report.scales[best].name, _numbers(clear[best])
        brief.append(say("glance_closest", outcome=outcome, scale=name, **numbers))
        order_is_open |= bool(others) or bool(_twins(report, best))
    if brief and len(report.loyalty) > 1:
        if order_is_open:
            brief.append(say("glance_order_open"))
        yield Reading(say("chip_closest"), "good", tuple(brief))


def _no_relation(outcome: Text, relations: Mapping[str, Relation]) -> Reading | None:
    """Say that nothing can be computed, or that nothing is clear; else None."""
    found = [one for one in relations.values() if one.r is not None]
    if not found:
        reason = next(iter(relations.values())).reasons["r"].as_text()
        sentence = say("glance_no_outcome", outcome=outcome, reason=reason)
        return Reading(say("chip_not_enough"), "watch", (sentence,))
    if not any(side_of_zero(one) for one in found):
        sentence = say("glance_none", outcome=outcome)
        return Reading(say("chip_unclear"), "plain", (sentence,))
    return None


def _not_ranked_below(best: str, clear: Mapping[str, Relation]) -> tuple[str, ...]:
    """Return the scales whose interval overlaps with that of the closest."""
    edge = _nearest_to_zero(clear[best])
    return tuple(
        key
        for key, one in clear.items()
        if key != best and edge <= _farthest_from_zero(one)
    )


def _strongest(
    report: Report,
    outcome: Text,
    best: str,
    others: tuple[str, ...],
    relations: Mapping[str, Relation],
) -> Reading:
    """Name the closest dimension and those that cannot be ranked below it."""
    name, top = report.scales[best].name, relations[best]
    read = relation(name, outcome, top)
    chip = read.chip
    if chip.code == "chip_together":
        chip = say("chip_goes_with", outcome=outcome)
    count = sum(one.r is not None for one in relations.values())
    if count == 1:
        return Reading(chip, read.tone, read.sentences)
    numbers: dict[str, Parameter] = {"count": count, "scale": name}
    numbers |= {"outcome": outcome, **_numbers(top)}
    names = tuple(report.scales[key].name for key in others)
    sentence = say("glance_strongest", **numbers)
    if names:
        sentence = say("glance_strongest_shared", others=names, **numbers)
    sentences = [sentence]
    if twins := _twins(report, best):
        sentences.append(say("glance_twins", scale=name, others=twins))
    if chip.code == "chip_redundant":
        sentences += read.sentences
    return Reading(chip, read.tone, tuple(sentences))


def _twins(report: Report, code: str) -> tuple[Text, ...]:
    """Return the names of the trust scales that are not separable from one."""
    name = report.scales[code].name
    pairs = [(a.name, b.name) for a, b, _ in not_separable(report)]
    return tuple(b if a == name else a for a, b in pairs if name in (a, b))


def _numbers(found: Relation) -> dict[str, float]:
    return {"r": found.r or 0.0, "low": found.low or 0.0, "high": found.high or 0.0}


def _nearest_to_zero(found: Relation) -> float:
    return min(abs(found.low or 0.0), abs(found.high or 0.0))


def _farthest_from_zero(found: Relation) -> float:
    return max(abs(found.low or 0.0), abs(found.high or 0.0))


def _levels(report: Report) -> Iterator[Reading]:
    """Say where the dimensions stand, where they share their points."""
    rated = [
        (scale, scale.mean)
        for scale in report.scales.values()
        if isinstance(scale.mean, Figure)
    ]
    if not rated:
        reason = next(iter(report.scales.values())).mean
        if isinstance(reason, Absent):
            yield Reading(say("chip_not_enough"), "watch", (reason.reason,))
        return
    low, high = rated[0][0].low, rated[0][0].high
    if any((scale.low, scale.high) != (low, high) for scale, _ in rated):
        return
    bounds = {"first": low, "last": high}
    top = max(rated, key=lambda one: one[1].estimate)
    bottom = min(rated, key=lambda one: one[1].estimate)
    if len(rated) == 1:
        sentence = say(
            "glance_one_level",
            scale=top[0].name,
            mean=top[1].estimate,
            low=top[1].low or 0.0,
            high=top[1].high or 0.0,
            **bounds,
        )
    else:
        sentence = say(
            "glance_level",
            highest=top[0].name,
            high=top[1].estimate,
            high_low=top[1].low or 0.0,
            high_high=top[1].high or 0.0,
            lowest=bottom[0].name,
            low=bottom[1].estimate,
            low_low=bottom[1].low or 0.0,
            low_high=bottom[1].high or 0.0,
            **bounds,
        )
    yield Reading(say("chip_highest"), "plain", (sentence,))


def reliability_at_a_glance(report: Report) -> Iterator[Reading]:
    values: dict[str, float] = {}
    constructs = report.constructs
    for code, scale in constructs.items():
        _, result = best_reliability(scale)
        if isinstance(result, Figure):
            values[code] = result.estimate
    if not values:
        return
    guide = thresholds.COMPARE
    below = [code for code, value in values.items() if value < guide]
    if below:
        names = tuple(_named(constructs[code], values[code]) for code in below)
        sentence = say(
            "glance_reliability_mixed",
            scales=tuple(one.as_text() for one in names),
            threshold=guide,
        )
        weak = min(values.values()) < thresholds.RESEARCH
        chip = say("chip_weak" if weak else "chip_research")
        yield Reading(chip, "stop" if weak else "watch", (sentence,))
        return
    lowest = min(values, key=lambda code: values[code])
    if len(values) == 1:
        yield reliability(constructs[lowest])
        return
    sentence = say(
        "glance_reliable",
        count=len(values),
        threshold=guide,
        scale=constructs[lowest].name,
        value=thresholds.beside(values[lowest], guide),
    )
    yield Reading(say("chip_compare"), "good", (sentence,))


def _named(scale: ScaleResult, value: float) -> Sentence:
    shown = thresholds.beside(value, *RELIABILITY)
    return say("named_value", name=scale.name, value=shown)


def _separability_at_a_glance(report: Report) -> Iterator[Reading]:
    same = not_separable(report)
    if not same:
        return
    if len(same) > MANY:
        names = {scale.name: None for a, b, _ in same for scale in (a, b)}
        sentence = say(
            "glance_not_separable_many",
            count=len(same),
            total=len(trust_pairs(report)),
            scales=tuple(names),
        )
    else:
        sentence = say("glance_not_separable", pairs=pair_names(same))
    yield Reading(say("chip_not_separable"), "stop", (sentence,))


def structure_at_a_glance(report: Report) -> Iterator[Reading]:
    parallel = report.dimensionality.parallel
    if parallel is None:
        reason = report.dimensionality.reasons["parallel"]
        yield Reading(say("chip_no_number"), "watch", (reason,))
        return
    count = sum(scale.model == "reflective" for scale in report.scales.values())
    same = parallel.factors == count
    code = "glance_structure_same" if same else "glance_structure_differs"
    sentence = say(code, factors=parallel.factors, count=count)
    chip = say("chip_structure" if same else "chip_structure_differs")
    yield Reading(chip, "good" if same else "watch", (sentence,))
