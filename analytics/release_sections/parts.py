"""What a section of the report is made from: the stored parts of one release."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, Final, cast

from analytics import plain
from analytics.plan import Text
from analytics.release_parts import SegmentsPart
from analytics.results import Report

# part -> where its dataclass is defined
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "segments": ("analytics.release_parts", "SegmentsPart"),
    "trend": ("analytics.trend", "TrendPart"),
    "alarms": ("analytics.alarms", "AlarmsPart"),
    "quality": ("analytics.quality", "QualityPart"),
    "drivers": ("analytics.drivers", "DriversPart"),
}


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
    """

    def __init__(self, texts: Mapping[str, str], facts: Facts) -> None:
        self._texts = texts
        self.facts = facts

    @cached_property
    def report(self) -> Report | None:
        text = self._texts.get("report")
        return None if text is None else Report.from_json(json.loads(text))

    @cached_property
    def segments(self) -> SegmentsPart | None:
        return cast(SegmentsPart | None, self._read("segments", "segments"))

    @cached_property
    def alarms(self) -> Any:
        return self._read("alarms", "alarms")

    @cached_property
    def quality(self) -> Any:
        return self._read("quality", "quality")

    @cached_property
    def drivers(self) -> Any:
        return self._read("drivers", "drivers")

    def trend(self, key: str = "") -> Any:
        """Return the trend of everyone, or of one segment."""
        return self._read(f"trend/{key}" if key else "trend", "trend")

    def _read(self, name: str, kind: str) -> Any:
        text = self._texts.get(name)
        if text is None:
            return None
        module, wanted = KINDS[kind]
        return plain.from_plain(
            getattr(import_module(module), wanted), json.loads(text)
        )
