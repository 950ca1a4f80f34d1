"""What a section of the report is made from: the stored parts of one release."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from analytics import plain
from analytics.alarms import AlarmsPart
from analytics.audit_part import AuditPart
from analytics.comment_part import CommentsPart
from analytics.criteria import CriteriaPart
from analytics.driver_results import DriversPart
from analytics.linked import LinkedPart
from analytics.plan import Text
from analytics.quality_results import QualityPart
from analytics.release_parts import EVERYONE, SegmentsPart
from analytics.release_sections.beside import NOTHING, Beside
from analytics.results import Report
from analytics.trend import TrendPart


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands on a release itself, beside its parts.

    Attributes
    ----------
    title : Text
        Name of the survey.
    wave, number : int
        Number of the wave, and of the release within it, from 1.
    date : str
        ISO day on which the wave closed.
    mode : str
        A `surveys.models.Survey.Mode`.
    promise : Text or None
        What respondents were told, as it was shown; `digest` is its sha256.
    thresholds : mapping of name -> least number of people
        As `surveys.promise.Thresholds`.
    software : mapping of package -> version
    """

    title: Text
    wave: int
    number: int
    date: str
    mode: str
    simulated: bool
    promise: Text | None = None
    digest: str = ""
    thresholds: Mapping[str, int] = field(default_factory=dict)
    software: Mapping[str, str] = field(default_factory=dict)
    input_sha256: str = ""


class Parts:
    """Reads the parts of a release, each when it is asked for; None where absent.

    Parameters
    ----------
    texts : mapping of part name -> JSON text
    facts : Facts
    visible : set of segment keys, optional
        All that the reader may see; without it everything.
    beside : Beside
        What goes on changing beside the release: codings of comments, action notes.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        facts: Facts,
        *,
        visible: frozenset[str] | None = None,
        beside: Beside = NOTHING,
    ) -> None:
        self._texts = texts
        self._known: dict[str, Any] = {}
        self.facts = facts
        self.visible = visible
        self.beside = beside

    @cached_property
    def report(self) -> Report | None:
        text = self._texts.get("report")
        return None if text is None else Report.from_json(json.loads(text))

    @cached_property
    def segments(self) -> SegmentsPart | None:
        part: SegmentsPart | None = self._read("segments", SegmentsPart)
        if part is None or self.visible is None:
            return part
        seen = tuple(one for one in part.segments if one.key in self.visible)
        return replace(part, segments=seen)

    @cached_property
    def alarms(self) -> AlarmsPart | None:
        part: AlarmsPart | None = self._read("alarms", AlarmsPart)
        if part is None or self.visible is None:
            return part
        seen = tuple(one for one in part.fired if one.segment in self.visible)
        return replace(part, fired=seen)

    @cached_property
    def linked(self) -> LinkedPart | None:
        found: LinkedPart | None = self._read("linked", LinkedPart)
        return found

    @cached_property
    def quality(self) -> QualityPart | None:
        found: QualityPart | None = self._read("quality", QualityPart)
        return found

    @cached_property
    def drivers(self) -> DriversPart | None:
        found: DriversPart | None = self._read("drivers", DriversPart)
        return found

    @cached_property
    def criteria(self) -> CriteriaPart | None:
        found: CriteriaPart | None = self._read("criteria", CriteriaPart)
        return found

    @cached_property
    def comments(self) -> CommentsPart | None:
        found: CommentsPart | None = self._read("comments", CommentsPart)
        return found

    @cached_property
    def audit(self) -> AuditPart | None:
        found: AuditPart | None = self._read("audit", AuditPart)
        return found

    def trend(self, key: str = EVERYONE) -> TrendPart | None:
        """Return the trend of one segment; None also where it may not be seen."""
        if self.visible is not None and key not in self.visible:
            return None
        name = "trend" if key in ("", EVERYONE) else f"trend/{key}"
        part: TrendPart | None = self._read(name, TrendPart)
        if part is None or self.visible is None:
            return part
        seen = tuple(one for one in part.children if one.key in self.visible)
        return replace(part, children=seen)

    def _read(self, name: str, kind: Any) -> Any:
        text = self._texts.get(name)
        if text is None:
            return None
        if name not in self._known:
            # several sections ask for the same trend
            self._known[name] = plain.from_plain(kind, json.loads(text))
        return self._known[name]
