"""What rows are made of, under which rules, and what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.recoding import Attribute
from analytics.disclosure.systems import Flags, Labels
from analytics.disclosure.telling import EXACT_FROM
from analytics.disclosure.values import LEAST, Measure, Publication
from analytics.release_parts import Members
from analytics.sentences import Sentence

LEAST_ROWS: Final = EXACT_FROM  # answers below which no rows leave
DIVERSE: Final = 2  # different answers to each item in each class


class NoMicrodata(Exception):
    """No rows may leave; says why."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.text("en"))


@dataclass(frozen=True, slots=True)
class MicrodataRules:
    """The rules in force; all of them outside tests, which switch single ones off.

    Attributes
    ----------
    least : int
        Fewest rows alike in everything that is told of them.
    crowded : bool
        That many rows in every class.
    diverse : bool
        Two different answers to every item, and scores, in every class.
    shown : bool
        Only groups stand in the file that the release shows on every scale.
    matched : bool
        Groups that can be found by adding up rows count as though they stood there.
    hidden : bool
        No classes make up a group that the release hides.
    audited : bool
        Classes are attacked together with everything published.
    """

    least: int = LEAST
    crowded: bool = True
    diverse: bool = True
    shown: bool = True
    matched: bool = True
    hidden: bool = True
    audited: bool = True

    def __post_init__(self) -> None:
        if self.least < LEAST:
            raise ValueError(
                f"Classes need {LEAST} rows or more; {self.least} is not allowed."
            )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the rules that can be switched off."""
        return tuple(one.name for one in fields(cls) if one.name != "least")


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What rows are to be made of.

    Attributes
    ----------
    segments : sequence of Members
        As the release was decided from: everyone first.
    measures : mapping of scale code -> Measure
    answers : (n, p) int16
        To every item that leaves; below 0 = missing.
    scales : sequence of p str
        Code of the scale of each item; of an item that no measure is made of, any other.
    told : sequence of Publication
        Of the release first, of which all but the first may tell of everyone alone.
    """

    segments: Sequence[Members]
    measures: Mapping[str, Measure]
    answers: NDArray[np.int16]
    scales: Sequence[str]
    told: Sequence[Publication]

    @property
    def n(self) -> int:
        return len(self.answers)

    def without(self, code: str) -> "Wanted":
        """Return the same less a scale and the answers to its items."""
        kept = [place for place, scale in enumerate(self.scales) if scale != code]
        measures = {one: found for one, found in self.measures.items() if one != code}
        return replace(
            self,
            measures=measures,
            answers=self.answers[:, kept],
            scales=[self.scales[place] for place in kept],
        )

    def told_of_scales(self) -> tuple[Publication, ...]:
        """Return what was told of the scales that leave."""
        return tuple(
            replace(
                one,
                pieces=tuple(p for p in one.pieces if p.measure in self.measures),
            )
            for one in self.told
        )

    def shown(self) -> frozenset[str]:
        """Return the segments that the release shows on every scale."""
        pieces = {
            (piece.segment, piece.measure)
            for one in self.told
            for piece in one.pieces
            if not piece.is_bound
        }
        return frozenset(
            one.key
            for one in self.segments
            if all((one.key, code) in pieces for code in self.measures)
        )

    def told_groups(self) -> Flags:
        """Return the rows of every group of which anything was told, (g, n)."""
        keys = {piece.segment for one in self.told for piece in one.pieces}
        groups = [one.rows for one in self.segments if one.key in keys]
        return np.array(groups, dtype=np.bool_).reshape(-1, self.n)


@dataclass(frozen=True, slots=True, eq=False)
class Microdata:
    """What is told of every row.

    Attributes
    ----------
    attributes : tuple of Attribute
        Those that still tell something.
    classes : (n,) int
        Rows alike in all of them.
    least, diverse : int
        Rows in the smallest class, and different answers to the most uniform item in
        any class, once everything that can be found is counted in.
    found : int
        Published groups that can be found by adding up rows.
    left_out : tuple of str
        Codes of scales of which no row tells anything.
    remarks : tuple of Sentence
        What was joined and left out.
    publication : Publication
        The classes as further pieces, for what is published later.
    """

    attributes: tuple[Attribute, ...]
    classes: Labels
    least: int
    diverse: int
    found: int
    left_out: tuple[str, ...]
    remarks: tuple[Sentence, ...]
    publication: Publication
