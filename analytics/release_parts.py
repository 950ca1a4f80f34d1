"""What a release holds: frozen, complete, stored once and read by every face.

A release is made of parts, each stored as a JSON text of its own, so that a page reads
only what it shows. Every section of the report has its part in a module of its own
(trend, quality, drivers, comments); here stand the values that they share, and the
groups with their scores. Nothing in here holds a number that may not be published:
what is hidden is absent and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.plan import AnalysisPlan, Text
from analytics.psychometrics import ResponseMatrix
from analytics.results import Result, TeamResult
from analytics.sentences import Sentence

EVERYONE = "everyone"  # key of the segment of all answers
# parts for later releases alone: exact moments, and what was told about which rows
UNSEEN = frozenset({"basis", "publication"})
SegmentKind = Literal["everyone", "unit", "language", "question"]


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people: exact where both ends are equal, else a band with its ends."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class SegmentScore:
    """One scale among the people of one segment.

    Attributes
    ----------
    mean, low, high : float or None
        In points of the scale, with the ends of 95 % (Student's t); null where a bound
        or a reason stands instead.
    at_least, at_most : float or None
        A bound instead of a value, where everybody answered alike.
    answered : Count or None
        Who has a score on this scale.
    rwg_j : float or None
        Agreement within the segment against answers spread evenly.
    reason : Sentence or None
        Why there is neither value nor bound.
    """

    mean: float | None
    low: float | None
    high: float | None
    at_least: float | None
    at_most: float | None
    answered: Count | None
    rwg_j: float | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of respondents and what is published of it.

    Attributes
    ----------
    key : str
        The same in every wave of the survey: ``everyone``, ``unit:...``,
        ``language:en``, ``question:CODE:point``.
    parent : str or None
        Key of the segment above; None for everyone. Languages and answers to a
        question hang below everyone.
    cell : str or None
        Id of the wave's cell that it is made of, for units.
    invited : int or None
        Everybody invited into it and below; None where nobody counts them.
    answered : Count or None
        How many answered; None where that is hidden too.
    rate : float or None
        Share of the invited who answered, from eight invited on; else None.
    reason : Sentence or None
        Why no score of it is shown; then `scores` is empty.
    scores : mapping of scale code -> SegmentScore
        Trust scales, then outcomes.
    joined, left : int or None
        Invited now and not in the wave before, and the other way round.
    """

    key: str
    kind: SegmentKind
    name: Text
    parent: str | None
    depth: int
    cell: str | None
    invited: int | None
    answered: Count | None
    rate: float | None
    reason: Sentence | None
    scores: Mapping[str, SegmentScore]
    joined: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether segments of one kind may be put in order, and the reason in a sentence.

    `verdict`: ``comparable`` (scalar invariance holds, 200 or more a group), ``partly``
    (partial), ``not comparable``, ``not testable`` (fewer: scores and intervals may be
    shown, ranks and claims of a difference may not).
    """

    verdict: Literal["comparable", "partly", "not comparable", "not testable"]
    reason: Sentence


@dataclass(frozen=True, slots=True)
class SegmentsPart:
    """Part ``segments``: everyone first, then the tree in a reader's order.

    Attributes
    ----------
    scales : mapping of scale code -> name
    ranges : mapping of scale code -> (lowest, highest point)
    spread : mapping of scale code -> TeamResult
        ICC and agreement over the smallest units; empty where there are none.
    gates : mapping of segment kind -> Gate
    least : int
        Answers from which scores are shown.
    notes : tuple of Sentence
        What is to be said beside the scores, such as that teams cannot be told apart.
    """

    segments: tuple[Segment, ...]
    scales: Mapping[str, Text]
    ranges: Mapping[str, tuple[int, ...]]
    outcomes: tuple[str, ...]
    spread: Mapping[str, TeamResult]
    gates: Mapping[str, Gate]
    least: int
    notes: tuple[Sentence, ...] = ()

    def of(self, key: str) -> Segment | None:
        return next((one for one in self.segments if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Moments:
    """Exact basis of one published score: never on any face, only under computations."""

    n: int
    mean: float
    variance: float  # divisor n - 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Digests of what a scale asked: its items with points and keying, and the words."""

    items: str
    words: str


@dataclass(frozen=True, slots=True)
class BasisPart:
    """Part ``basis``: of shown segments and scales only, for later waves to compare with.

    `moments`: segment key -> scale code -> Moments. `date`: ISO day of the close.
    `opened`: ISO day on which the wave opened; an event in between belongs to neither
    side. `measured`: every scale asked in the wave (`measured.measured_by`).
    """

    wave: int
    date: str
    moments: Mapping[str, Mapping[str, Moments]]
    measured: Mapping[str, Measured] = field(default_factory=dict)
    opened: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """A segment before anything is decided: which answers are its own.

    `rows` is (n,) bool over the answers of the wave. `mixed_from` is the number of
    answers from which a cell is mixed by itself: with fewer, what came in counts in the
    cell above it; None where nothing is mixed or nothing stands above.
    """

    key: str
    kind: SegmentKind
    name: Text
    parent: str | None
    depth: int
    cell: str | None
    invited: int | None
    rows: NDArray[np.bool_]
    joined: int | None = None
    left: int | None = None
    mixed_from: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class WaveAnswers:
    """Everything that the parts of a release are computed from; never stored.

    Attributes
    ----------
    wave : int
        Number of the wave.
    date : str
        ISO day on which it closed.
    data : ResponseMatrix
        Keyed answers to the scored items, (n, p).
    languages : (n,) int8
        Places in `definition.LANGUAGES`.
    asked : (n, q) int16
        Raw codes of the questions that are not scored (choices, numbers, instructed
        items), columns as `asked_codes`; below 0 = missing.
    expected : mapping of question code -> point
        What an instructed item asks for.
    durations : (n,) int8 or None
        `surveys.models.answers.Duration`, -1 unknown; None where the mode forbids.
    pseudonyms : tuple of bytes or None, one a row, or None
        Where respondents let their device link waves.
    segments : tuple of Members
        Everyone first, then units from above to below, languages, and answers to
        questions of role ``control``.
    devices : (n,) int8 or None
        `surveys.models.answers.Device`, -1 unknown; as `durations`.
    sha256 : str
        Of the form's digest and of everything that was read of the answers.
    opened : str
        ISO day on which it opened.
    """

    wave: int
    date: str
    data: ResponseMatrix
    plan: AnalysisPlan
    languages: NDArray[np.int8]
    asked_codes: tuple[str, ...]
    asked: NDArray[np.int16]
    expected: Mapping[str, int]
    durations: NDArray[np.int8] | None
    pseudonyms: tuple[bytes | None, ...] | None
    segments: tuple[Members, ...]
    devices: NDArray[np.int8] | None = None
    sha256: str = ""
    opened: str = ""


__all__ = [
    "EVERYONE",
    "UNSEEN",
    "BasisPart",
    "Count",
    "Gate",
    "Measured",
    "Members",
    "Moments",
    "Result",
    "Segment",
    "SegmentKind",
    "SegmentScore",
    "SegmentsPart",
    "WaveAnswers",
]
