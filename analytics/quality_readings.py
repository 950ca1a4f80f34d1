"""Part ``quality`` and the report as verdicts for lay readers: chip, tone, sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics import thresholds
from analytics.factor_tables import fit_reading
from analytics.glance import reliability_at_a_glance, structure_at_a_glance
from analytics.plan import Text
from analytics.quality_results import (
    Careless,
    Missing,
    NonResponse,
    QualityPart,
    RateTest,
    Weighted,
)
from analytics.readings import Reading, Tone
from analytics.release_parts import Count, Gate, SegmentsPart
from analytics.results import Report
from analytics.sentences import Sentence, say
from analytics.with_without import changed

GATES: Final[Mapping[str, tuple[str, Tone]]] = {
    "comparable": ("chip_comparable", "good"),
    "partly": ("chip_partly_comparable", "plain"),
    "not comparable": ("chip_not_comparable", "stop"),
    "not testable": ("chip_not_testable", "watch"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A reading; `about` names what it is about, where a question has several."""

    reading: Reading
    about: Sentence | None = None


LIMITS: Final = (thresholds.SHIFT_SD, thresholds.SHIFT_ALPHA, thresholds.SHIFT_R)


def people_words(count: Count) -> str:
    """Return a number of people, or its band."""
    return str(count.low) if count.is_exact else f"{count.low}–{count.high}"


def reliability(report: Report) -> tuple[Reading, ...]:
    return tuple(reliability_at_a_glance(report))


def structure(report: Report) -> tuple[Reading, ...]:
    """Read the number of factors, and the fit of the planned ones."""
    fit = () if report.cfa is None else (_brief(fit_reading(report.cfa)),)
    return (*structure_at_a_glance(report), *fit)


def _brief(full: Reading) -> Reading:
    """Keep what a lay reader needs of the fit; all of it stands with the statistics."""
    kept = [one for one in full.sentences if one.code == "cfa_fit"]
    return Reading(full.chip, full.tone, tuple(kept) or full.sentences[:1])


def alike(segments: SegmentsPart) -> tuple[Answer, ...]:
    """Read for each kind of groups whether they may be compared."""
    if not segments.gates:
        none = Reading(say("chip_not_applicable"), "plain", (say("gates_none"),))
        return (Answer(none),)
    return tuple(
        Answer(_gate(gate), say(f"gate_{kind}"))
        for kind, gate in segments.gates.items()
    )


def _gate(gate: Gate) -> Reading:
    chip, tone = GATES[gate.verdict]
    return Reading(say(chip), tone, (gate.reason,))


def careless(found: Careless, report: Report | None, least: int) -> Reading:
    """Read how many are flagged, and whether the results move without them."""
    if found.flagged is None or found.share is None:
        reason = found.reason or say("careless_no_signs")
        return Reading(say("chip_not_looked"), "plain", (reason,))
    chip, tone, first = _flagged(found.flagged, found.share, least)
    said = [first, say("careless_kept")]
    if found.reason is None:
        moved = changed(found.scales, found.relations, LIMITS)
        if moved:
            chip, tone = "chip_careless", "watch"
            said.append(say("careless_moved", scales=_names(moved, report)))
        elif all(one.shift is None for one in found.scales.values()):
            said.append(say("careless_few_sides", least=least))
        else:
            said.append(say("careless_unmoved", limit=thresholds.SHIFT_SD))
    return Reading(say(chip), tone, tuple(said))


def _flagged(flagged: Count, share: Count, least: int) -> tuple[str, Tone, Sentence]:
    if flagged.high < least:
        return "chip_careful", "good", say("careless_none", least=least)
    numbers = {"count": people_words(flagged), "percent": people_words(share)}
    if share.low > 100 * thresholds.CARELESS_SHARE:
        return "chip_careless", "watch", say("careless_many", **numbers)
    return "chip_usual", "plain", say("careless_usual", **numbers)


def missing(found: Missing, report: Report | None) -> Reading:
    """Read how much is missing, and whether it goes with the scores."""
    if found.share is None:
        reason = found.reason or say("missing_none")
        return Reading(say("chip_no_number"), "watch", (reason,))
    chip, tone, first = _missing_band(found.share)
    said = [first]
    tested = {code: one.p for code, one in found.scales.items() if one.p is not None}
    related = tuple(c for c, p in tested.items() if p < thresholds.MISSING_P)
    if related:
        tone = "watch"
        said.append(say("missing_related", scales=_names(related, report)))
    elif tested:
        said.append(say("missing_unrelated"))
    if found.not_asked:
        said.append(say("missing_not_asked", items=found.not_asked))
    return Reading(say(chip), tone, tuple(said))


def _missing_band(share: float) -> tuple[str, Tone, Sentence]:
    little, much = thresholds.MISSING_LITTLE, thresholds.MISSING_MUCH
    percent = 100 * share
    if share == 0:
        return "chip_complete", "good", say("missing_none")
    if share < little:
        first = say("missing_little", percent=percent, limit=100 * little)
        return "chip_complete", "good", first
    if share <= much:
        first = say("missing_some", percent=percent, limit=100 * little)
        return "chip_some", "plain", first
    first = say("missing_much", percent=percent, limit=100 * much)
    return "chip_many_missing", "watch", first


def nonresponse(found: NonResponse) -> Reading:
    """Read the rate of everyone, and whether units answer alike."""
    everyone = found.everyone
    said = []
    if everyone.rate is not None and everyone.invited and everyone.answered:
        answered = people_words(everyone.answered)
        percent = 100 * everyone.rate
        said.append(
            say(
                "rate_of_invited",
                answered=answered,
                invited=everyone.invited,
                percent=percent,
            )
        )
    if found.test is None:
        reason = found.reason or say("rates_unknown")
        return Reading(say("chip_not_testable"), "plain", (*said, reason))
    chip, tone, sentence = _rates(found.test)
    said.append(sentence)
    if found.test.smallest_expected < 5:
        said.append(say("rates_rough"))
    return Reading(say(chip), tone, tuple(said))


def _rates(test: RateTest) -> tuple[str, Tone, Sentence]:
    if test.p >= thresholds.RATE_P:
        return "chip_rates_alike", "good", say("rates_alike", groups=test.groups)
    v = thresholds.beside(test.cramers_v, thresholds.RATE_V)
    if test.cramers_v < thresholds.RATE_V:
        first = say("rates_little", groups=test.groups, v=v)
        return "chip_rates_little", "plain", first
    return "chip_rates_differ", "watch", say("rates_differ", groups=test.groups, v=v)


def weighted(found: Weighted, report: Report | None) -> Reading:
    """Read whether a mean moves when units count as they were invited."""
    if found.reason is not None or not found.scales:
        reason = found.reason or say("weights_no_units")
        return Reading(say("chip_not_applicable"), "plain", (reason,))
    limit = thresholds.SHIFT_SD
    moved = tuple(c for c, one in found.scales.items() if abs(one.shift) >= limit)
    if moved:
        sentence = say("weights_moved", scales=_names(moved, report), limit=limit)
        return Reading(say("chip_weights_shift"), "watch", (sentence,))
    sentence = say("weights_unmoved", limit=limit)
    return Reading(say("chip_weights_same"), "good", (sentence,))


def verdicts(
    quality: QualityPart | None,
    report: Report | None,
    segments: SegmentsPart | None,
) -> dict[str, tuple[Answer, ...]]:
    """Return all readings by the question they answer, in the order of the page."""
    found: dict[str, tuple[Answer, ...]] = {}
    if report is not None:
        found["trust_reliability"] = _answers(*reliability(report))
        found["trust_structure"] = _answers(*structure(report))
    if segments is not None:
        found["trust_alike"] = alike(segments)
    if quality is not None:
        found |= {
            "trust_careless": _answers(
                careless(quality.careless, report, quality.least)
            ),
            "trust_missing": _answers(missing(quality.missing, report)),
            "trust_nonresponse": _answers(nonresponse(quality.nonresponse)),
            "trust_weighted": _answers(weighted(quality.weighted, report)),
        }
    return {question: answers for question, answers in found.items() if answers}


def _answers(*readings: Reading) -> tuple[Answer, ...]:
    return tuple(Answer(one) for one in readings)


def _names(codes: tuple[str, ...], report: Report | None) -> tuple[str | Text, ...]:
    constructs = {} if report is None else report.constructs
    return tuple(
        constructs[code].name if code in constructs else code for code in codes
    )
