"""Part ``trend``: how the scores of a group moved from wave to wave.

Made (by `trend_making`) from what was published of each wave and from nothing else, so
it tells nothing that the waves did not. Numbers of people stay in the waves: a change
of a small group would tell them exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from analytics.plan import Text
from analytics.psychometrics import Estimate
from analytics.results import Absent
from analytics.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Shift:
    """A change with the ends of 95 %; without the numbers of people behind it."""

    estimate: float
    low: float
    high: float
    method: str

    @staticmethod
    def fits(stored: Mapping[str, Any]) -> bool:
        return stored["estimate"] is not None


@dataclass(frozen=True, slots=True)
class TrendEvent:
    """Something dated that shows in a trend; `kind` as `surveys.models.Event.Kind`."""

    date: str
    kind: str
    title: Text


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One scale in one wave; null where nothing was published, with the reason.

    `joined` to the wave before: both are shown and asked the same items.
    """

    wave: int
    date: str
    mean: float | None
    low: float | None
    high: float | None
    reason: Sentence | None
    joined: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The change since the last wave that can be compared; `reworded` items since."""

    since: int | None
    points: Shift | Absent
    standardized: Shift | Absent
    reworded: bool


@dataclass(frozen=True, slots=True)
class EventStep:
    """Level after an event less level before it.

    `event` is its place in `TrendPart.events`; `waves` were compared; `scattered`
    where they differ by more than sampling explains.
    """

    event: int
    change: Shift | Absent
    model: Literal["difference", "level", "level and trend"] | None
    waves: int
    scattered: bool


@dataclass(frozen=True, slots=True)
class Recovered:
    """How much of the drop at a breach came back by this wave; events by place."""

    breach: int
    repair: int
    share: Shift | Absent


@dataclass(frozen=True, slots=True)
class ScaleTrend:
    """One scale of one group over all waves."""

    points: tuple[TrendPoint, ...]
    step: Step
    events: tuple[EventStep, ...]
    recovery: tuple[Recovered, ...]


@dataclass(frozen=True, slots=True)
class ChildSteps:
    """The last changes of a group directly below; scale code -> step."""

    key: str
    name: Text
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class TrendPart:
    """The trend of one group.

    Attributes
    ----------
    mixing : Sentence or None
        That people came and left, where it matters.
    children : tuple of ChildSteps
        Shown units directly below.
    """

    segment: str
    name: Text
    waves: tuple[int, ...]
    scales: Mapping[str, ScaleTrend]
    events: tuple[TrendEvent, ...]
    mixing: Sentence | None
    children: tuple[ChildSteps, ...]


def shift(found: Estimate) -> Shift:
    """Return an estimate that has an interval as what a release may hold."""
    low, high = cast(float, found.low), cast(float, found.high)
    return Shift(found.estimate, low, high, found.method)
