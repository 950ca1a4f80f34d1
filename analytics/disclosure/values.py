"""What is asked of disclosure control, and what it answers: frozen values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.sentences import Sentence

LEAST: Final = 5  # floor of every threshold; surveys.models.promise has the same

Level = Literal["scores", "band", "nothing"]
Attack = Literal["threshold", "complement", "union", "alike", "bounded"]


class DifferentAnswers(ValueError):
    """An earlier publication does not lie over the same answers, row by row."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force; all of them outside tests, which switch single ones off.

    Attributes
    ----------
    least : int
        Fewest people of whom a score is told; never below 5.
    threshold : bool
        Groups with fewer are hidden.
    complement : bool
        The rest of a published group beside a published part of it is nobody, or
        `least` people or more.
    unions : bool
        The same of every other combination of published groups.
    scales : bool
        All of this is decided for each scale, over the people who have a score on it.
    unanimity : bool
        Where everybody answered alike a bound is told, not a value.
    bounded : bool
        Nothing is pinned down by the ends of the scale.
    earlier : bool
        What was published before of the same answers counts too.
    pooled : bool
        What was published of single waves counts against results of several.
    """

    least: int = LEAST
    threshold: bool = True
    complement: bool = True
    unions: bool = True
    scales: bool = True
    unanimity: bool = True
    bounded: bool = True
    earlier: bool = True
    pooled: bool = True

    def __post_init__(self) -> None:
        if self.least < LEAST:
            raise ValueError(
                f"Scores need {LEAST} people or more; {self.least} is not allowed."
            )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the rules that can be switched off."""
        return tuple(one.name for one in fields(cls) if one.name != "least")


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """Something of which a mean may be told for each segment: a scale, or an item.

    Attributes
    ----------
    values : (n,) float64
        One value a row of the wave; NaN where somebody has none.
    low, high : float
        Ends of what it can be.
    least : int
        Fewest people of whom it is told, where that is more than the rules' own.
    """

    values: NDArray[np.float64]
    low: float
    high: float
    least: int = LEAST

    @property
    def range(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Bound:
    """What is told instead of a value; the end that is None is the scale's own."""

    at_least: float | None
    at_most: float | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One published mean: of which segment, on which measure, over which parts.

    `parts` are labels of the publication; where `is_bound`, only a bound was told.
    """

    segment: str
    measure: str
    parts: tuple[int, ...]
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published of some answers, without the answers; itself on no face.

    Attributes
    ----------
    labels : tuple of int, one a row
        Which part of the finest partition the row lies in; -1 in none.
    pieces : tuple of Piece
    pooled : bool
        Whether it stands here as one wave of several.
    """

    labels: tuple[int, ...]
    pieces: tuple[Piece, ...]
    pooled: bool = False

    def placed(self, first_row: int, n_rows: int) -> "Publication":
        """Return it among the rows of several waves, its own from `first_row` on.

        Raises
        ------
        DifferentAnswers
            It has more rows than there are from `first_row` on.
        """
        after = n_rows - first_row - len(self.labels)
        if after < 0:
            raise DifferentAnswers(
                f"A publication of {len(self.labels)} answers does not fit into "
                f"{n_rows} rows from row {first_row} on; give its own wave's place."
            )
        labels = (-1,) * first_row + self.labels + (-1,) * after
        return Publication(labels, self.pieces, pooled=True)

    def rows(self, piece: Piece) -> NDArray[np.bool_]:
        """Return the rows that a piece lies over, (n,) bool."""
        return np.isin(np.array(self.labels, dtype=np.int64), piece.parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """An attack that succeeded.

    Attributes
    ----------
    round : int
        From 1; each round attacks what the one before has left.
    measure : str
    attack : str
        ``threshold`` (told directly), ``complement`` (a group less a part of it),
        ``union`` (another combination), ``alike`` (a difference in which everybody
        answered alike), ``bounded`` (pinned down by the ends of the scale).
    people : int
        How many people it tells about.
    pieces : tuple of str
        Segments whose figures were used; a ``*`` before those published earlier.
    hidden : str or None
        Segment that was hidden therefore; None where nothing could be.
    """

    round: int
    measure: str
    attack: Attack
    people: int
    pieces: tuple[str, ...]
    hidden: str | None


@dataclass(frozen=True, slots=True)
class System:
    """Size of what was attacked for one measure, in the last round.

    Attributes
    ----------
    pieces, atoms, small : int
        Published means; groups that they tell apart; those of fewer than `least`.
    free : int
        Dimension of what combinations can say about small groups alone.
    programs : int
        Linear programs solved for bounds.
    exhaustive : bool
        Whether every combination was ruled out, or only those searched for.
    """

    measure: str
    pieces: int
    atoms: int
    small: int
    free: int
    programs: int
    exhaustive: bool


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The attack on a publication: what was tried, found, and hidden therefore."""

    passed: bool
    least: int
    answers: int
    rounds: int
    systems: tuple[System, ...]
    findings: tuple[Finding, ...]

    @property
    def exhaustive(self) -> bool:
        return all(one.exhaustive for one in self.systems)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be told of one segment.

    Attributes
    ----------
    level : str
        ``scores``; ``band``: how many answered and nothing else; ``nothing``.
    answered : int
        Exact; never on any face: write it by `band`.
    reason : Sentence or None
        Why there is no score at all.
    shown : tuple of str
        Measures with a value.
    bounds : mapping of measure -> Bound
    reasons : mapping of measure -> Sentence
        Why there is no value.
    """

    level: Level
    answered: int
    reason: Sentence | None
    shown: tuple[str, ...]
    bounds: Mapping[str, Bound]
    reasons: Mapping[str, Sentence]


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be told of each segment, and how that was found."""

    verdicts: Mapping[str, Verdict]
    publication: Publication
    trail: AuditReport
    rules: Rules = field(default_factory=Rules)

    def verdict(self, segment: str) -> Verdict:
        return self.verdicts[segment]

    def shows(self, segment: str, measure: str) -> bool:
        """Return whether a value may stand there."""
        return measure in self.verdicts[segment].shown

    def bound(self, segment: str, measure: str) -> Bound | None:
        return self.verdicts[segment].bounds.get(measure)

    def reason(self, segment: str, measure: str) -> Sentence | None:
        """Return why there is no value; None where there is one."""
        return self.verdicts[segment].reasons.get(measure)
