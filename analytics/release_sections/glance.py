"""Section “At a glance”: index, participation, three sentences, and the dimensions."""

from dataclasses import dataclass

from analytics.charts import Chart
from analytics.disclosure.telling import RATE_FROM
from analytics.glance_release import Change, Moved, levels_of, three_sentences
from analytics.page import Figure, figure_of
from analytics.release_charts import score_charts
from analytics.release_parts import EVERYONE, Segment, SegmentsPart
from analytics.release_sections.heat import count_words, share_words
from analytics.release_sections.parts import Parts
from analytics.release_sections.teams import path_table
from analytics.results import Absent, Report
from analytics.sentences import Sentence, joined, label, say
from analytics.shown import Said, Shown, shown
from analytics.trust_index import TrustIndex, index_scales, trust_index


@dataclass(frozen=True, slots=True)
class Big:
    """A number that is read first, and what stands beside it."""

    label: str
    value: str
    beside: str
    below: str


@dataclass(frozen=True, slots=True)
class GlanceSection:
    """Everything of the section, in words of one language."""

    title: str
    facts: tuple[str, ...]
    simulated: str
    evidence: tuple[str, ...]
    index: Big | None
    index_missing: str
    participation: Big | None
    readings: tuple[Said, ...]
    dimensions_title: str
    figures: tuple[Figure, ...]
    levels: Shown | None
    rule: str
    words: dict[str, str]


def glance_section(
    parts: Parts, language: str, *, drawn: bool = False
) -> GlanceSection:
    """Return the section; what is not published is said in its place."""
    segments, report = parts.segments, parts.report
    everyone = None if segments is None else segments.of(EVERYONE)
    found = _dimensions(parts, everyone, language)
    index: TrustIndex | Sentence | None = None
    if segments is not None and everyone is not None:
        index = index_of(everyone, segments, report)
    return GlanceSection(
        title=parts.facts.title.in_language(language),
        facts=_facts(parts, language),
        simulated=label("simulated_mark", language) if parts.facts.simulated else "",
        evidence=_evidence(report, language),
        index=_index(index, language) if isinstance(index, TrustIndex) else None,
        index_missing=index.text(language) if isinstance(index, Sentence) else "",
        participation=_participation(everyone, language),
        readings=_readings(parts, everyone, language),
        dimensions_title=label("dimensions", language),
        figures=tuple(figure_of(chart, drawn=drawn) for chart in found),
        levels=shown(found[0].table) if found else None,
        rule=_rule(index, language),
        words=_words(language),
    )


def index_of(
    segment: Segment, part: SegmentsPart, report: Report | None
) -> TrustIndex | Sentence:
    """Return the trust index of one segment, or the sentence why there is none."""
    trust = [code for code in part.scales if code not in part.outcomes]
    return trust_index(segment.scores, part.ranges, index_scales(report, trust))


def change_of(parts: Parts) -> Change | None:
    """Return what the trend of everyone says about the newest wave to compare with.

    Trust dimensions only; None in the first wave that has scores.
    """
    trend, segments = parts.trend(), parts.segments
    if trend is None or segments is None or len(trend.waves) < 2:
        return None
    steps = {
        code: one.step
        for code, one in trend.scales.items()
        if code not in segments.outcomes
    }
    known = [one.since for one in steps.values() if one.since is not None]
    if not known:
        reasons = (one.points for one in steps.values())
        refused = next((one.reason for one in reasons if isinstance(one, Absent)), None)
        return None if refused is None else Change(0, (), refused)
    moved = tuple(
        Moved(
            segments.scales[code], one.points.estimate, one.points.low, one.points.high
        )
        for code, one in steps.items()
        if one.since == max(known) and not isinstance(one.points, Absent)
    )
    return Change(max(known), moved)


def _before(parts: Parts, wave: int) -> dict[str, float | None]:
    """Return the means of everyone in an earlier wave."""
    trend = parts.trend()
    if trend is None:
        return {}
    return {
        code: point.mean
        for code, one in trend.scales.items()
        for point in one.points
        if point.wave == wave and point.mean is not None
    }


def _facts(parts: Parts, language: str) -> tuple[str, ...]:
    facts = parts.facts
    return (
        label("release_wave", language, wave=facts.wave),
        label("release_closed", language, date=facts.date),
        label(f"release_mode_{facts.mode}", language),
    )


def _evidence(report: Report | None, language: str) -> tuple[str, ...]:
    if report is None:
        return ()
    return tuple(
        label(
            "of_scale",
            language,
            scale=one.name,
            sentence=say(one.known).text(language),
        )
        for one in report.instruments
    )


def _index(index: TrustIndex, language: str) -> Big:
    between = label("release_between", language, low=index.low, high=index.high)
    return Big(
        label=label("release_index", language),
        value=f"{index.value:.0f}",
        beside=label("release_of_100", language),
        below=f"{label('interval', language)} {between}",
    )


def _rule(index: TrustIndex | Sentence | None, language: str) -> str:
    if not isinstance(index, TrustIndex):
        return ""
    return label("release_index_rule", language, count=index.n_scales)


def _participation(everyone: Segment | None, language: str) -> Big | None:
    if everyone is None:
        return None
    beside = ""
    if everyone.invited is not None:
        beside = label("release_of_invited", language, invited=everyone.invited)
    return Big(
        label=label("release_participation", language),
        value=count_words(everyone.answered, language),
        beside=beside,
        below=rate_words(everyone, language),
    )


def rate_words(segment: Segment, language: str) -> str:
    """Return the share that answered, or why none is given."""
    if segment.invited is None:
        return label("release_rate_open", language)
    if segment.rate is None:
        return label("release_rate_few", language, least=RATE_FROM)
    return label("release_rate", language, rate=share_words(segment, language))


def _readings(
    parts: Parts, everyone: Segment | None, language: str
) -> tuple[Said, ...]:
    segments = parts.segments
    if segments is None or everyone is None:
        return ()
    found = three_sentences(
        levels_of(everyone, segments),
        change_of(parts),
        parts.report,
        everyone,
        segments.gates.get("unit"),
    )
    return tuple(
        Said(one.chip.text(language), one.tone, joined(one.sentences, language))
        for one in found
    )


def _dimensions(
    parts: Parts, everyone: Segment | None, language: str
) -> tuple[Chart, ...]:
    segments = parts.segments
    if segments is None or everyone is None:
        return ()
    change = change_of(parts)
    wave = 0 if change is None else change.wave
    return score_charts(
        everyone,
        segments,
        language,
        code="dimensions",
        title=label("dimensions", language),
        rings=_before(parts, wave) if wave else {},
        ring_name=label("release_ring_wave", language, wave=wave),
        table=path_table((everyone,), segments, language),
    )


def _words(language: str) -> dict[str, str]:
    return {code: label(code, language) for code in ("as_table", "glance")}
