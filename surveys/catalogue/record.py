"""A published scale as facts: who, where, how built, how good, whose. Never its wording.

Every number carries a mark. S: read in a source that is named. M: from memory; kept so
that somebody can check it, and shown to nobody before. `Record.displayed` is the only
way from a record to a page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from surveys.definition.text import Text

Mark = Literal["S", "M"]
MARKS: tuple[Mark, ...] = ("S", "M")
# Stands for all items together where a figure names a dimension.
TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class Check:
    """Who compared the numbers with the publication, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Count:
    """A number of items or points, and where we have it from."""

    value: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of a scale that is scored by itself.

    Attributes
    ----------
    n_items, n_reverse : Count or None
        None = not known to us.
    item_codes, reverse_codes : tuple of str
        The holder's own codes of the items, where the holder gives some; else empty.
    """

    code: str
    name: Text
    n_items: Count | None
    n_reverse: Count | None
    item_codes: tuple[str, ...] = ()
    reverse_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """How a scale is built.

    Attributes
    ----------
    mark : {"S", "M"}
        Where the names of the dimensions, the anchors and the scoring come from.
    n_items, scale_points : Count or None
        All items together; points of the answer format. None = not known to us.
    anchors, scoring : str
        Codes of `words.ANCHORS` and `words.SCORING`; empty = not known to us.
    """

    mark: Mark
    n_items: Count | None
    scale_points: Count | None
    anchors: str
    dimensions: tuple[Dimension, ...]
    scoring: str
    check: Check | None

    @property
    def reliable(self) -> bool:
        return self.mark == "S" or self.check is not None

    def length(self) -> Count | None:
        """Items in all: as stated, or the sum of the dimensions when all are known."""
        if self.n_items is not None:
            return self.n_items
        parts = [d.n_items for d in self.dimensions if d.n_items is not None]
        if not parts or len(parts) < len(self.dimensions):
            return None
        mark: Mark = "M" if any(part.mark == "M" for part in parts) else "S"
        return Count(sum(part.value for part in parts), mark)

    def counts(self) -> tuple[Count, ...]:
        named = [self.n_items, self.scale_points]
        for dimension in self.dimensions:
            named += [dimension.n_items, dimension.n_reverse]
        return tuple(count for count in named if count is not None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number, a range of them, or a mean with its standard deviation.

    Attributes
    ----------
    statistic : str
        Code of `words.STATISTICS`.
    of : str
        Code of the dimension, or `TOTAL`.
    values : tuple of float
        One number; lower and upper; for "mean" the mean and the standard deviation.
    """

    statistic: str
    of: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What one study reports of the scale.

    Attributes
    ----------
    sample_n : int or None
        Persons who answered.
    countries, languages : tuple of str
        Codes of `words.COUNTRIES` and `words.LANGUAGES`; of the sample.
    """

    mark: Mark
    sample_n: int | None
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    figures: tuple[Figure, ...]
    finding: Text | None
    source: str
    check: Check | None

    @property
    def reliable(self) -> bool:
        return self.mark == "S" or self.check is not None


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose the wording is, and what that means for somebody who wants to use it.

    Attributes
    ----------
    licence_class : str
        Code of `words.LICENCES`.
    permission_text : Text or None
        What holds for this scale beyond its class.
    wording_source : str
        Code of `words.WORDING`.
    """

    holder: Text
    licence_class: str
    permission_text: Text | None
    permission_contact: Text
    wording_source: str


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A version in another language or for another referent, as its citation."""

    language: str
    citation: str


@dataclass(frozen=True, slots=True)
class Record:
    """One published scale.

    Attributes
    ----------
    mark : {"S", "M"}
        Whether the citation was read in a source or is from memory.
    doi : str
        Empty where there is none or none is known to us.
    doi_mark : {"S", "M"}
    referents, constructs : tuple of str
        Codes of `words.REFERENTS` and `words.CONSTRUCTS`.
    """

    id: str
    name: Text
    authors: tuple[str, ...]
    year: int
    source: str
    mark: Mark
    doi: str
    doi_mark: Mark
    referents: tuple[str, ...]
    constructs: tuple[str, ...]
    structure: Structure
    published: tuple[Published, ...]
    rights: Rights
    known_problems: tuple[Text, ...]
    adaptations: tuple[Adaptation, ...]

    def displayed(self) -> "Displayed":
        """What may be shown: everything but unchecked numbers, which are counted."""
        shown = tuple(entry for entry in self.published if entry.reliable)
        hidden = [entry for entry in self.published if not entry.reliable]
        structure = _displayed_structure(self.structure)
        record = replace(
            self,
            doi=self.doi if self.doi_mark == "S" else "",
            structure=structure,
            published=shown,
        )
        return Displayed(
            record,
            unchecked_figures=sum(_numbers(entry) for entry in hidden),
            unchecked_counts=_unchecked(self.structure),
            languages=_distinct(code for entry in shown for code in entry.languages),
        )


@dataclass(frozen=True, slots=True)
class Displayed:
    """A record without its unchecked numbers.

    Attributes
    ----------
    unchecked_figures, unchecked_counts : int
        Published numbers and numbers of the structure that were left out.
    languages : tuple of str
        Languages in which a shown entry reports evidence.
    """

    record: Record
    unchecked_figures: int
    unchecked_counts: int
    languages: tuple[str, ...]

    @property
    def n_items(self) -> int | None:
        length = self.record.structure.length()
        return length.value if length else None


def _displayed_structure(structure: Structure) -> Structure:
    if structure.check is not None:
        return structure
    if structure.mark == "M":
        return Structure("M", None, None, "", (), "", None)
    points = _sourced(structure.scale_points)
    return replace(
        structure,
        n_items=_sourced(structure.length()),
        scale_points=points,
        anchors=structure.anchors if points else "",
        dimensions=tuple(
            replace(d, n_items=_sourced(d.n_items), n_reverse=_sourced(d.n_reverse))
            for d in structure.dimensions
        ),
    )


def _unchecked(structure: Structure) -> int:
    """How many counts `_displayed_structure` leaves out."""
    if structure.check is not None:
        return 0
    counts = structure.counts()
    return sum(structure.mark == "M" or count.mark == "M" for count in counts)


def _sourced(count: Count | None) -> Count | None:
    return count if count is not None and count.mark == "S" else None


def _numbers(entry: Published) -> int:
    """Numbers of an entry; one that only says something in words counts as one."""
    return len(entry.figures) + (entry.sample_n is not None) or 1


def _distinct(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
