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
from analytics.disclosure import Decision
from analytics.drivers import drivers_of
from analytics.plan import Text
from analytics.quality import quality_of
from analytics.release_parts import BasisPart, SegmentsPart, WaveAnswers
from analytics.results import Report
from analytics.trend import TrendEvent, trend_parts
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


def _count_comments(wave: Wave, now: WaveAnswers) -> CommentsPart:
    return comments.part_of(wave, answered=now.data.n)


def _comments(_: Material, part: CommentsPart) -> Built:
    return {"comments": part}


SECTIONS: Final = (
    Section("trend", _trend, _events),
    Section("alarms", _alarms),
    Section("quality", _quality),
    Section("drivers", _drivers),
    Section("comments", _comments, _count_comments),
)
