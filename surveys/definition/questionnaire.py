"""A questionnaire as frozen values: formats, items, scales."""

from dataclasses import dataclass
from typing import Literal, get_args

from surveys.definition.text import Text

Kind = Literal["questionnaire", "outcomes", "controls"]
Model = Literal["reflective", "formative", "checklist"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: tuple[Model, ...] = get_args(Model)
EVIDENCE_LEVELS = ("E0", "E1", "E2", "E3", "E4", "E5")


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    """How an item is answered.

    Attributes
    ----------
    code : str
        Name inside its questionnaire, such as ``agreement``.
    low, high : int
        First and last point as shown; 1..k or 0..10.
    labels : tuple of Text
        One a point; or two, for the ends alone, with more than seven points.
    not_applicable : bool
        Whether "not applicable" is offered outside the scale.
    """

    code: str
    low: int
    high: int
    labels: tuple[Text, ...]
    not_applicable: bool

    @property
    def points(self) -> int:
        return self.high - self.low + 1


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question; `short` marks membership of the short form."""

    code: str
    text: Text
    reverse: bool
    facet: Text
    short: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Items that measure one dimension, all answered in one format."""

    code: str
    name: Text
    description: Text
    model: Model
    format: ResponseFormat
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of an instrument, with what is known and owed about it.

    Attributes
    ----------
    code, version : str, int
        Identity; a published version never changes.
    covers : tuple of str
        Rows of the coverage table of the source frameworks, such as ``C1``.
    nearest_published : tuple of str
        Published scales closest in content, by name only.
    evidence_level : str
        ``E0`` (draft mapped to theory) to ``E5`` (predictive evidence and norms).
    native_review : str
        ``owed`` until people who grew up with each language have read it.
    """

    code: str
    version: int
    kind: Kind
    name: Text
    description: Text
    theory: Text
    covers: tuple[str, ...]
    nearest_published: tuple[str, ...]
    known_risks: tuple[Text, ...]
    evidence_level: str
    native_review: str
    languages: tuple[str, ...]
    licence: str
    scales: tuple[Scale, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for scale in self.scales for item in scale.items)

    @property
    def short_form(self) -> tuple[str, ...]:
        """Codes of the items of the short form; empty where there is none."""
        return tuple(item.code for item in self.items if item.short)
