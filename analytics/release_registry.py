"""The sections of a release beyond its groups: what each reads, and what it builds.

A new section adds its line to `SECTIONS` and nothing else. `read` runs inside the
organization's transaction, `build` outside of it and on values alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics import comments
from analytics.alarms import alarms_of
from analytics.comment_part import CommentsPart
from analytics.criteria import CriteriaFacts, criteria_of
from analytics.criteria_reading import read_criteria
from analytics.disclosure import Decision
from analytics.drivers import drivers_of
from analytics.linked import linked_of
from analytics.models import Release
from analytics.plan import Text
from analytics.quality import quality_of
from analytics.release_parts import EVERYONE, BasisPart, SegmentsPart, WaveAnswers
from analytics.responses import load_wave_answers
from analytics.results import Report
from analytics.trend import TrendEvent
from analytics.trend_making import trend_parts
from surveys.models import Event, Wave

Built = Mapping[str, object]  # name of a part -> its value


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What sections are built from.

    Attributes
    ----------
    report : Report or None
        Restricted to what may be told; None below 20 answers.
    earlier : tuple of BasisPart
        Of the waves before of the same survey, oldest first.
    decision : Decision
        What may be told of whom; whoever shows less is on the safe side.
    """

    answers: WaveAnswers
    report: Report | None
    segments: SegmentsPart
    basis: BasisPart
    earlier: tuple[BasisPart, ...]
    decision: Decision


def _nothing(wave: Wave, now: WaveAnswers) -> None:
    """Need nothing but the material."""


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    build: Callable[[Material, Any], Built]
    read: Callable[[Wave, WaveAnswers], Any] = _nothing


def _events(wave: Wave, now: WaveAnswers) -> tuple[TrendEvent, ...]:
    """Return what happened until the wave closed, to its survey or to all."""
    known = Event.objects.filter(date__lte=now.date).order_by("date", "id")
    return tuple(
        TrendEvent(
            one.date.isoformat(), one.kind, Text(one.title_en, one.title_zh_hans)
        )
        for one in known
        if one.survey_id in (None, wave.survey_id)
    )


def _trend(material: Material, events: tuple[TrendEvent, ...]) -> Built:
    return trend_parts(material.segments, material.basis, material.earlier, events)


def _alarms(material: Material, _: None) -> Built:
    found = alarms_of(
        material.answers, material.segments, material.basis, material.earlier
    )
    return {"alarms": found}


def _wave_before(wave: Wave, now: WaveAnswers) -> WaveAnswers | None:
    """Return the answers of the newest published wave before, where devices link."""
    if now.pseudonyms is None:
        return None
    known = Wave.objects.filter(
        survey=wave.survey_id,
        number__lt=wave.number,
        links_waves=True,
        releases__state=Release.State.PUBLISHED,
    )
    before = known.select_related("form", "survey").order_by("-number").first()
    if before is None:
        return None
    return load_wave_answers(before, before.form.asked(), seed=now.plan.seed)


def _linked(material: Material, before: WaveAnswers | None) -> Built:
    everyone = material.segments.of(EVERYONE)
    if before is None or everyone is None or not material.earlier:
        return {}
    newest = material.earlier[-1]
    told = newest.moments.get(EVERYONE, {}) if newest.wave == before.wave else {}
    shown = [
        code
        for code, one in everyone.scores.items()
        if one.mean is not None and code in told
    ]
    found = linked_of(
        before, material.answers, codes=shown, least=material.segments.least
    )
    return {} if found is None else {"linked": found}


def _quality(material: Material, _: None) -> Built:
    if material.report is None:
        return {}
    found = quality_of(material.answers, material.report, material.segments)
    return {"quality": found}


def _drivers(material: Material, _: None) -> Built:
    if material.report is None:
        return {}
    found = drivers_of(material.answers, material.report, material.segments)
    return {"drivers": found}


def _criteria(material: Material, facts: CriteriaFacts | None) -> Built:
    if material.report is None or facts is None:
        return {}
    return {"criteria": criteria_of(material.answers, material.report, facts)}


def _count_comments(wave: Wave, now: WaveAnswers) -> CommentsPart:
    return comments.part_of(wave, answered=now.data.n)


def _comments(_: Material, part: CommentsPart) -> Built:
    return {"comments": part}


SECTIONS: Final = (
    Section("trend", _trend, _events),
    Section("alarms", _alarms),
    Section("linked", _linked, _wave_before),
    Section("quality", _quality),
    Section("drivers", _drivers),
    Section("criteria", _criteria, read_criteria),
    Section("comments", _comments, _count_comments),
)
