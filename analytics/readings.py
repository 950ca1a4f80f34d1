"""Numbers to plain readings: a chip of two words, its tone, a sentence with its source.

A reading labels a number by a cited guide value and repeats the interval; it claims
neither validity nor cause. "No number" is a reading, with the reason.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analytics import design, thresholds
from analytics.notices import REDUNDANCY, not_separable, trust_pairs
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

RELIABILITY: Final = (
    thresholds.RESEARCH,
    thresholds.COMPARE,
    thresholds.INDIVIDUAL,
    thresholds.REPEATING,
)
# side of 0 on which the interval lies -> code of the sentence, chip, tone
RELATIONS: Final[Mapping[int, tuple[str, str, Tone]]] = {
    1: ("with", "chip_together", "good"),
    -1: ("against", "chip_opposite", "watch"),
    0: ("unclear", "chip_unclear", "plain"),
}
MANY: Final = thresholds.NAMED


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number says: chip and tone for the eye, the sentences for the mind."""

    chip: Sentence
    tone: Tone
    sentences: tuple[Sentence, ...]


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
    value = thresholds.beside(result.estimate, *RELIABILITY)
    sentences = [say(f"reliability_{code}", name=name, value=value)]
    if result.low is not None and result.low < guide:
        low = thresholds.beside(result.low, *RELIABILITY)
        sentences.append(say("reliability_interval", low=low))
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
        r = thresholds.beside(found.r, *REDUNDANCY)
        why = say("redundant", scale=scale, outcome=outcome, r=r)
        return Reading(say("chip_redundant"), "watch", (why,))
    code, chip, tone = RELATIONS[side_of_zero(found)]
    sentence = say(f"relation_{code}", scale=scale, outcome=outcome, **numbers)
    return Reading(say(chip), tone, (sentence,))


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
    kmo = thresholds.beside(found.kmo, thresholds.KMO_FAIR, thresholds.KMO_GOOD)
    sentences = [say(f"kmo_{name}", value=kmo)]
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
    sentences += design.of_structure(report)
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
    wide = _reaching_one(report)
    if all(ratio < thresholds.HTMT_CLOSE for _, _, ratio in pairs):
        return (say("separate"), *wide)
    apart = not_separable(report)
    same = tuple(
        say("not_separable", first=a.name, second=b.name, htmt=ratio)
        for a, b, ratio in apart
    )
    if len(apart) > MANY:
        same = (say("not_separable_many", pairs=pair_names(apart)),)
    close = pair_names(
        pair
        for pair in pairs
        if thresholds.HTMT_CLOSE <= pair[2] < thresholds.HTMT_SAME
    )
    return (*same, *([say("close", pairs=close)] if close else []), *wide)


def _reaching_one(report: Report) -> tuple[Sentence, ...]:
    """Name the trust scales below the mark whose interval ends at 1 or above."""
    names = []
    for key, interval in report.htmt_intervals.items():
        first, second = (report.scales.get(code) for code in key.split("~~"))
        ratio = report.htmt.get(key)
        if first is None or second is None or ratio is None or interval.high is None:
            continue
        if ratio < thresholds.HTMT_SAME and interval.high >= 1:
            names.append((first, second, ratio))
    return (say("htmt_reaches_one", pairs=pair_names(names)),) if names else ()


def recommend(scale: ScaleResult) -> tuple[Sentence, ...]:
    """Say the recommend index of an outcome, or why there is none; nothing else."""
    found = scale.recommend_index
    if found is None:
        return ()
    if isinstance(found, Absent):
        return (found.reason,)
    return (
        say(
            "recommend",
            index=round(found.estimate),
            low=round(found.low or 0.0),
            high=round(found.high or 0.0),
            n=found.n,
        ),
    )


def weights(report: Report, outcome: str) -> tuple[Sentence, ...]:
    """Say what the scales share with an outcome, and whether they can be ranked.

    One sentence, the reason, where there are no weights.
    """
    if outcome not in report.weights:
        return ()
    found, name = report.weights[outcome], report.outcomes[outcome].name
    if isinstance(found.r_squared, Absent):
        return (found.r_squared.reason,)
    together = say(
        "weights_together",
        count=len(report.scales),
        outcome=name,
        share=f"{found.r_squared.estimate:.2f}",
        low=f"{found.r_squared.low:.2f}",
        high=f"{found.r_squared.high:.2f}",
        n=found.r_squared.n,
    )
    apart = design.of_shares(report)
    if isinstance(found.equal_weights, Absent):
        why = found.equal_weights.reason
        return (together, _order(report, outcome), why, *apart)
    r = found.equal_weights
    equal = say(
        "weights_equal",
        outcome=name,
        r=r.estimate,
        low=r.low or 0.0,
        high=r.high or 0.0,
        square=f"{r.estimate**2:.2f}",
    )
    return (together, _order(report, outcome), equal, *apart)


def ranked(report: Report) -> bool:
    """Whether weights may be put in order: people tell all trust scales apart."""
    return not not_separable(report)


def _order(report: Report, outcome: str) -> Sentence:
    if not ranked(report):
        pairs = pair_names(not_separable(report))
        return say("weights_not_separable", pairs=pairs)
    ends = {
        code: (one.relative_weight.rank_low or 0, one.relative_weight.rank_high or 0)
        for code, one in report.loyalty[outcome].items()
        if one.relative_weight
    }
    overlapping = tuple(
        report.scales[code].name
        for code, (low, high) in ends.items()
        if any(
            low <= other_high and other_low <= high
            for other, (other_low, other_high) in ends.items()
            if other != code
        )
    )
    if overlapping:
        return say("weights_open", scales=overlapping)
    return say("weights_settled")


def side_of_zero(found: Relation) -> int:
    """Return 1 or -1 where the interval lies on one side of 0, else 0."""
    if found.low is None or found.high is None:
        return 0
    return int(found.low > 0) - int(found.high < 0)


def pair_names(
    pairs: Iterable[tuple[ScaleResult, ScaleResult, float]],
) -> tuple[Text, ...]:
    return tuple(
        say("pair_of", first=a.name, second=b.name).as_text() for a, b, _ in pairs
    )
