"""The shape of part ``quality`` of a release.

Numbers of people are told as bands below twenty, and what two groups differ by only
where both have enough people; so everything in here may be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.plan import Text
from analytics.release_parts import Count
from analytics.results import Result
from analytics.sentences import Sentence

SignKind = Literal[
    "instructed",
    "same",
    "reversed",
    "even_odd",
    "fast",
    "spread",
    "synonyms",
    "antonyms",
    "distance",
]


@dataclass(frozen=True, slots=True)
class Sign:
    """One index of careless answers.

    Attributes
    ----------
    counts : bool
        Whether it takes part in the flag: it rests on a person's own answers alone.
    size : int
        Items, instructed items, scales or pairs that it was made from.
    examined, shown : Count or None
        People for whom it exists, and those who show the sign; None with a reason.
    """

    counts: bool
    size: int
    examined: Count | None
    shown: Count | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class BothWays:
    """One number of everybody, and without the flagged or weighted."""

    all: Result
    other: Result


@dataclass(frozen=True, slots=True)
class ScaleBothWays:
    """A scale with and without the flagged; `shift` in SD of everybody's scores."""

    mean: BothWays
    alpha: BothWays | None
    shift: float | None


@dataclass(frozen=True, slots=True)
class Careless:
    """Signs of careless answers, and what the results are without the flagged.

    Attributes
    ----------
    signs : mapping of SignKind -> Sign
    flagged : Count or None
        None where no sign that counts exists.
    share : Count or None
        Percent of all people, whole numbers; as `flagged`.
    scales : mapping of scale code -> ScaleBothWays
    relations : mapping of outcome code -> scale code -> BothWays
        Correlations.
    reason : Sentence or None
        Why the results are not shown both ways.
    """

    signs: Mapping[str, Sign]
    flagged: Count | None
    share: Count | None
    scales: Mapping[str, ScaleBothWays]
    relations: Mapping[str, Mapping[str, BothWays]]
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class ItemMissing:
    """How many left an item out, of all people."""

    scale: Text
    text: Text | None
    missing: Count


@dataclass(frozen=True, slots=True)
class ScaleMissing:
    """What goes with leaving items out.

    Attributes
    ----------
    share : float
        Of the answers to the scale's items that are not there.
    r : Result
        Correlation of having left out any item (1) or none (0) with the score.
    p : float or None
        Of no correlation, Holm over all scales.
    """

    share: float
    r: Result
    p: float | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Answers that are not there, among the items that were asked.

    Attributes
    ----------
    share : float or None
        Of all answers; None where nothing may be told.
    complete : Count or None
        People who left out none.
    not_asked : tuple of item codes
        To which nobody gave an answer.
    """

    share: float | None
    complete: Count | None
    items: Mapping[str, ItemMissing]
    scales: Mapping[str, ScaleMissing]
    not_asked: tuple[str, ...]
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class UnitRate:
    """How many of a unit answered, as the segments tell it."""

    name: Text
    depth: int
    invited: int | None
    answered: Count | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class RateTest:
    """Test of equal response rates over `groups`; the last may join `joined` units."""

    groups: int
    joined: int
    chi2: float
    df: int
    p: float
    cramers_v: float
    smallest_expected: float


@dataclass(frozen=True, slots=True)
class NonResponse:
    """Who answered, by unit; `everyone` first of all."""

    everyone: UnitRate
    units: Mapping[str, UnitRate]
    test: RateTest | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class WeightedScale:
    """A mean beside the one in which every unit counts as it was invited.

    Attributes
    ----------
    groups : int
        Strata: units whose mean is shown, and everybody else as one.
    effective_n : int
        Equally weighted answers that would tell as much, whole.
    design_effect : float
    trimmed : bool
        Whether a weight was cut at the bound.
    shift : float
        Weighted less plain, in SD of the scores.
    """

    mean: BothWays
    groups: int
    effective_n: int
    design_effect: float
    trimmed: bool
    shift: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """Post-stratified means of the scales, or why there are none."""

    scales: Mapping[str, WeightedScale]
    bound: float
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class QualityPart:
    """Part ``quality``. `people` is everybody who answered; `least` as in segments."""

    people: Count | None
    least: int
    careless: Careless
    missing: Missing
    nonresponse: NonResponse
    weighted: Weighted
