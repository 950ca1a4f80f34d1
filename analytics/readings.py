"""Numbers to plain readings: a chip of two words, its tone, a sentence with its source.

A reading labels a number by a cited guide value and repeats the interval; it claims
neither validity nor cause. "No number" is a reading, with the reason.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from analytics import thresholds
from analytics.notices import not_separable, trust_pairs
from analytics.plan import Text
from analytics.results import (
    Absent,
    Figure,
    Relation,
    Report,
    Result,
    ScaleResult,
)
from analytics.sentences import Sentence, say

Tone = Literal["good", "plain", "watch", "stop"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number says: chip and tone for the eye, the sentences for the mind."""

    chip: Sentence
    tone: Tone
    sentences: tuple[Sentence, ...]


def glance(report: Report) -> tuple[Reading, ...]:
    """Return the few sentences that a reader in a hurry needs, most asked for first."""
    return (
        *_loyalty_at_a_glance(report),
        *_levels(report),
        *_reliability_at_a_glance(report),
        *_separability_at_a_glance(report),
        *_structure_at_a_glance(report),
    )


def best_reliability(scale: ScaleResult) -> tuple[str, Result]:
    """Return name and value of the coefficient to read a scale by.

    Omega total; Spearman-Brown where there are two items; alpha where neither exists.
    """
    if isinstance(scale.omega_total, Figure):
        return "omega", scale.omega_total
    if scale.spearman_brown is not None:
        return "Spearman-Brown", scale.spearman_brown
    if isinstance(scale.alpha.raw, Figure):
        return "alpha", scale.alpha.raw
    return "omega", scale.omega_total


def reliability(scale: ScaleResult) -> Reading:
    """Read the consistency of a scale by the guides of Nunnally (1978)."""
    name, result = best_reliability(scale)
    if isinstance(result, Absent):
        natural = scale.model != "reflective" or scale.n_items == 1
        chip = "chip_not_applicable" if natural else "chip_no_number"
        return Reading(say(chip), "plain" if natural else "watch", (result.reason,))
    code, tone, guide = _reliability_band(result.estimate)
    sentences = [say(f"reliability_{code}", name=name, value=result.estimate)]
    if result.low is not None and result.low < guide:
        sentences.append(say("reliability_interval", low=result.low))
    return Reading(say(f"chip_{code}"), tone, tuple(sentences))


def _reliability_band(value: float) -> tuple[str, Tone, float]:
    if value > thresholds.REPEATING:
        return "repeating", "watch", thresholds.REPEATING
    if value >= thresholds.INDIVIDUAL:
        return "individual", "good", thresholds.INDIVIDUAL
    if value >= thresholds.COMPARE:
        return "compare", "good", thresholds.COMPARE
    if value >= thresholds.RESEARCH:
        return "research", "watch", thresholds.RESEARCH
    return "weak", "stop", -math.inf


def relation(scale: Text, outcome: Text, found: Relation) -> Reading:
    """Read one correlation by its interval; never as a cause."""
    if found.r is None or found.low is None or found.high is None:
        return Reading(say("chip_no_number"), "watch", (found.reasons["r"],))
    numbers = {"r": found.r, "low": found.low, "high": found.high}
    if abs(found.r) > thresholds.REDUNDANT:
        why = say("redundant", scale=scale, outcome=outcome, r=found.r)
        return Reading(say("chip_redundant"), "watch", (why,))
    if found.low > 0:
        code, chip, tone = "with", say("chip_goes_with", outcome=outcome), "good"
    elif found.high < 0:
        code, chip, tone = "against", say("chip_against", outcome=outcome), "watch"
    else:
        code, chip, tone = "unclear", say("chip_unclear"), "plain"
    sentence = say(f"relation_{code}", scale=scale, outcome=outcome, **numbers)
    return Reading(chip, _tone(tone), (sentence,))


def _tone(name: str) -> Tone:
    tones: tuple[Tone, ...] = ("good", "plain", "watch", "stop")
    return next(tone for tone in tones if tone == name)


def adequacy(report: Report) -> Reading:
    """Read KMO and Bartlett: whether factors may be looked for at all."""
    found = report.dimensionality
    if found.kmo is None:
        return Reading(say("chip_no_number"), "watch", (found.reasons["kmo"],))
    band: Mapping[str, Tone] = {"good": "good", "fair": "plain", "low": "stop"}
    if found.kmo >= thresholds.KMO_GOOD:
        name = "good"
    else:
        name = "fair" if found.kmo >= thresholds.KMO_FAIR else "low"
    sentences = [say(f"kmo_{name}", value=found.kmo)]
    if found.bartlett is None:
        sentences.append(found.reasons["bartlett"])
    else:
        clear = found.bartlett.log_p < math.log(thresholds.BARTLETT_P)
        sentences.append(
            say(
                "bartlett_clear" if clear else "bartlett_unclear",
                chi2=found.bartlett.chi2,
                df=found.bartlett.df,
                p=p_words(found.bartlett.log_p),
            )
        )
    return Reading(say(f"chip_{name}"), band[name], tuple(sentences))


def p_words(log_p: float) -> str:
    """Return "= 0.021", or "< 0.001"."""
    if log_p >= math.log(0.001):
        return f"= {math.exp(log_p):.3f}"
    return "< 0.001"


def loadings(report: Report) -> tuple[Sentence, ...]:
    """Say which items are hard to place."""
    if not report.factors.loadings:
        return ()
    low, cross = [], []
    for code, row in report.factors.loadings.items():
        size = sorted((abs(value) for value in row), reverse=True)
        if size[0] < thresholds.LOADING:
            low.append(code)
        elif len(size) > 1 and size[0] - size[1] < thresholds.CROSS_GAP:
            cross.append(code)
    sentences = [say("loading_guide")]
    if low:
        sentences.append(say("loading_low", items=tuple(low)))
    if cross:
        sentences.append(say("loading_cross", items=tuple(cross)))
    return tuple(sentences)


def separability(ratio: float | None) -> Reading:
    """Read one HTMT by the marks of Henseler, Ringle & Sarstedt (2015)."""
    if ratio is None:
        return Reading(say("chip_no_number"), "watch", ())
    if ratio >= thresholds.HTMT_SAME:
        return Reading(say("chip_not_separable"), "stop", ())
    if ratio >= thresholds.HTMT_CLOSE:
        return Reading(say("chip_close"), "watch", ())
    return Reading(say("chip_separate"), "good", ())


def separability_sentences(report: Report) -> tuple[Sentence, ...]:
    """Say of which pairs of trust scales people make two, and of which one."""
    pairs = trust_pairs(report)
    if not pairs:
        return ()
    if all(ratio < thresholds.HTMT_CLOSE for _, _, ratio in pairs):
        return (say("separate"),)
    same = tuple(
        say("not_separable", first=a.name, second=b.name, htmt=ratio)
        for a, b, ratio in not_separable(report)
    )
    close = tuple(
        say("pair_of", first=a.name, second=b.name).as_text()
        for a, b, ratio in pairs
        if thresholds.HTMT_CLOSE <= ratio < thresholds.HTMT_SAME
    )
    return (*same, say("close", pairs=close)) if close else same


def _loyalty_at_a_glance(report: Report) -> Iterator[Reading]:
    for code, relations in report.loyalty.items():
        outcome = report.outcomes[code].name
        found = {key: one for key, one in relations.items() if one.r is not None}
        if not found:
            reason = next(iter(relations.values())).reasons["r"].as_text()
            sentence = say("glance_no_outcome", outcome=outcome, reason=reason)
            yield Reading(say("chip_not_enough"), "watch", (sentence,))
            continue
        clear = {key: one for key, one in found.items() if _sign(one)}
        if not clear:
            sentence = say("glance_none", outcome=outcome)
            yield Reading(say("chip_unclear"), "plain", (sentence,))
            continue
        yield _strongest(report, outcome, clear, len(found))


def _strongest(
    report: Report, outcome: Text, clear: Mapping[str, Relation], count: int
) -> Reading:
    """Name the closest dimension and those that cannot be ranked below it."""
    best = max(clear, key=lambda key: abs(clear[key].r or 0.0))
    top = clear[best]
    name = report.scales[best].name
    if count == 1:
        return relation(name, outcome, top)
    others = tuple(
        report.scales[key].name
        for key, one in clear.items()
        if key != best and _nearest_to_zero(top) <= _farthest_from_zero(one)
    )
    numbers = {"r": top.r or 0.0, "low": top.low or 0.0, "high": top.high or 0.0}
    code = "glance_strongest_shared" if others else "glance_strongest"
    gaps = {"others": others} if others else {}
    sentence = say(code, count=count, scale=name, outcome=outcome, **numbers, **gaps)
    read = relation(name, outcome, top)
    extra = read.sentences if read.chip.code == "chip_redundant" else ()
    return Reading(read.chip, read.tone, (sentence, *extra))


def _sign(found: Relation) -> int:
    """Return 1 or -1 where the interval lies on one side of 0, else 0."""
    if found.low is None or found.high is None:
        return 0
    return int(found.low > 0) - int(found.high < 0)


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


def _reliability_at_a_glance(report: Report) -> Iterator[Reading]:
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
        names = tuple(
            say("named_value", name=constructs[code].name, value=values[code])
            for code in below
        )
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
        value=values[lowest],
    )
    yield Reading(say("chip_compare"), "good", (sentence,))


def _separability_at_a_glance(report: Report) -> Iterator[Reading]:
    same = not_separable(report)
    if same:
        pairs = tuple(
            say("pair_of", first=a.name, second=b.name).as_text() for a, b, _ in same
        )
        sentence = say("glance_not_separable", pairs=pairs)
        yield Reading(say("chip_not_separable"), "stop", (sentence,))


def _structure_at_a_glance(report: Report) -> Iterator[Reading]:
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
