"""The three sentences that a release says first.

Where trust stands, what moved, what may be concluded. Each changes with the result; none names an order that the
intervals, the separability of the scales or the gate of the groups forbid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics import thresholds
from analytics.notices import not_separable
from analytics.plan import Text
from analytics.readings import Reading, Tone, best_reliability
from analytics.release_parts import Gate, Segment, SegmentsPart
from analytics.results import Figure, Report
from analytics.sentences import Parameter, Sentence, say


@dataclass(frozen=True, slots=True)
class Level:
    """Where one trust scale stands, with the ends of its points."""

    code: str
    name: Text
    mean: float
    low: float
    high: float
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Difference of one scale from the wave before, in points, with its interval."""

    name: Text
    points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """What is known of the change since `wave`; `refused` says why nothing is."""

    wave: int
    moved: tuple[Moved, ...]
    refused: Sentence | None = None


GATES: Final[Mapping[str, tuple[str, str, Tone]]] = {
    "comparable": ("release_may_compare", "release_chip_comparable", "good"),
    "partly": ("release_careful_partly", "release_chip_partly", "plain"),
    "not comparable": ("release_careful_apart", "release_chip_apart", "stop"),
    "not testable": ("release_careful_untestable", "release_chip_untestable", "watch"),
}


def levels_of(segment: Segment, part: SegmentsPart) -> tuple[Level, ...]:
    """Return the trust scales of a segment that have a value with its interval."""
    found = []
    for code, one in segment.scores.items():
        if code in part.outcomes or one.mean is None:
            continue
        if one.low is not None and one.high is not None:
            name, points = part.scales[code], part.ranges[code]
            found.append(Level(code, name, one.mean, one.low, one.high, points))
    return tuple(found)


def three_sentences(
    levels: Sequence[Level],
    change: Change | None,
    report: Report | None,
    everyone: Segment,
    gate: Gate | None,
) -> tuple[Reading, Reading, Reading]:
    """Return the level, the change and what may be concluded, in this order."""
    return (
        level_reading(levels, report),
        change_reading(change),
        careful_reading(levels, report, everyone.rate, gate),
    )


def level_reading(levels: Sequence[Level], report: Report | None) -> Reading:
    """Name the highest and the lowest dimension as far as their intervals allow."""
    if not levels:
        return Reading(say("chip_not_enough"), "watch", (say("release_level_none"),))
    if len({(one.points[0], one.points[-1]) for one in levels}) > 1:
        return _plain("release_chip_level", say("release_level_points"))
    if len(levels) == 1:
        return _plain("release_chip_level", _one_level(levels[0]))
    top = max(levels, key=lambda one: one.mean)
    bottom = min(levels, key=lambda one: one.mean)
    if top.low <= bottom.high:
        return _plain("release_chip_together", _even(top, bottom))
    if report is not None and _are_one(report, top.code, bottom.code):
        names = {"highest": top.name, "lowest": bottom.name}
        sentence = say("release_level_same", **names)
        return Reading(say("chip_not_separable"), "stop", (sentence,))
    return _plain("release_chip_level", _ends(levels, top, bottom))


def _one_level(level: Level) -> Sentence:
    return say(
        "release_level_one",
        scale=level.name,
        mean=level.mean,
        low=level.low,
        high=level.high,
        **_points(level),
    )


def _even(top: Level, bottom: Level) -> Sentence:
    return say("release_level_even", low=bottom.mean, high=top.mean, **_points(top))


def _ends(levels: Sequence[Level], top: Level, bottom: Level) -> Sentence:
    """Say which of the two ends stands apart from every other dimension."""
    others = [one for one in levels if one not in (top, bottom)]
    above = all(top.low > one.high for one in others)
    below = all(bottom.high < one.low for one in others)
    highest: dict[str, Parameter] = {"highest": top.name, "high": top.mean}
    lowest: dict[str, Parameter] = {"lowest": bottom.name, "low": bottom.mean}
    if above and below:
        return say("release_level_apart", **highest, **lowest, **_points(top))
    if above:
        return say("release_level_top", **highest, **_points(top))
    if below:
        return say("release_level_bottom", **lowest, **_points(top))
    return say("release_level_ends", **highest, **lowest, **_points(top))


def _points(level: Level) -> dict[str, Parameter]:
    return {"first": level.points[0], "last": level.points[-1]}


def _are_one(report: Report, first: str, second: str) -> bool:
    names = {one.name for code, one in report.scales.items() if code in (first, second)}
    return any({a.name, b.name} == names for a, b, _ in not_separable(report))


def change_reading(change: Change | None) -> Reading:
    """Say what moved since the wave before: only what its interval tells from 0."""
    if change is None or (not change.moved and change.refused is None):
        return _plain("release_chip_first", say("release_change_first"))
    if change.refused is not None:
        sentence = say("release_change_not_compared", reason=change.refused.as_text())
        return Reading(say("release_chip_not_compared"), "watch", (sentence,))
    fell = tuple(_moved(one) for one in change.moved if one.high < 0)
    rose = tuple(_moved(one) for one in change.moved if one.low > 0)
    wave = change.wave
    if fell and rose:
        both = say("release_change_both", wave=wave, rose=rose, fell=fell)
        return Reading(say("release_chip_moved"), "watch", (both,))
    if fell:
        down = say("release_change_fell", wave=wave, scales=fell)
        return Reading(say("release_chip_fell"), "stop", (down,))
    if rose:
        up = say("release_change_rose", wave=wave, scales=rose)
        return Reading(say("release_chip_rose"), "good", (up,))
    return _plain("release_chip_steady", say("release_change_unclear", wave=wave))


def _moved(one: Moved) -> Text:
    sign = "+" if one.points > 0 else ""
    return say(
        "release_moved_by",
        scale=one.name,
        sign=sign,
        points=one.points,
        low=one.low,
        high=one.high,
    ).as_text()


def careful_reading(
    levels: Sequence[Level],
    report: Report | None,
    rate: float | None,
    gate: Gate | None,
) -> Reading:
    """Say the one thing that limits most what may be concluded."""
    if not levels:
        return _careful(say("release_careful_nothing"), "stop")
    loose = () if report is None else _loose(report)
    if loose:
        guide = f"{thresholds.RESEARCH:.2f}"
        sentence = say("release_careful_loose", scales=loose, guide=guide)
        return _careful(sentence, "stop")
    if rate is not None and rate < thresholds.RATE:
        return _careful(say("release_careful_rate", rate=percent(rate)), "watch")
    if gate is not None:
        code, chip, tone = GATES[gate.verdict]
        return Reading(say(chip), tone, (say(code),))
    return _plain("release_chip_whole", say("release_may_whole"))


def percent(share: float) -> Text:
    """Return a share as whole per cent, never rounded onto the guide of the rate."""
    shown = round(100 * share)
    guide = round(100 * thresholds.RATE)
    if share < thresholds.RATE and shown == guide:
        shown = guide - 1
    return Text(f"{shown}\u00a0%", f"{shown}%")


def _loose(report: Report) -> tuple[Text, ...]:
    """Return the names of the trust scales whose items hang together too loosely."""
    found = []
    for scale in report.scales.values():
        _, result = best_reliability(scale)
        if isinstance(result, Figure) and result.estimate < thresholds.RESEARCH:
            found.append(scale.name)
    return tuple(found)


def _careful(sentence: Sentence, tone: Tone) -> Reading:
    return Reading(say("release_chip_careful"), tone, (sentence,))


def _plain(chip: str, sentence: Sentence) -> Reading:
    return Reading(say(chip), "plain", (sentence,))
