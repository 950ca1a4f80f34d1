"""A questionnaire as frozen values: formats, items, scales, named forms.

Fields with a default came after the first published versions: `canonical.plain` leaves
them out at that default, which keeps the digests of those versions.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from surveys.definition.conditions import Condition
from surveys.definition.text import Text

Kind = Literal["questionnaire", "outcomes", "controls"]
Model = Literal["reflective", "formative", "checklist"]
AnswerKind = Literal["rating", "choice", "number", "text"]
Order = Literal["fixed", "shuffled"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: tuple[Model, ...] = get_args(Model)
ANSWER_KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)
ORDERS: tuple[Order, ...] = get_args(Order)
EVIDENCE_LEVELS = ("E0", "E1", "E2", "E3", "E4", "E5")


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    """How an item is answered.

    Attributes
    ----------
    code : str
        Name inside its questionnaire, such as ``agreement``.
    low, high : int
        First and last code: 1..k or 0..10 of a rating, 1..n of a choice, the limits of
        a whole number; 0 and 0 for a text.
    labels : tuple of Text
        Of a rating one a point, or two for the ends alone with more than seven points;
        of a choice its options; otherwise empty.
    not_applicable : bool
        Whether "not applicable" is offered outside the scale.
    kind : str
        ``rating``, ``choice``, ``number`` or ``text``.
    unit : Text or None
        What a number counts, such as months.
    longest : int
        Characters of a text at most.
    """

    code: str
    low: int
    high: int
    labels: tuple[Text, ...]
    not_applicable: bool
    kind: AnswerKind = "rating"
    unit: Text | None = None
    longest: int = 0

    @property
    def points(self) -> int:
        return self.high - self.low + 1

    @property
    def options(self) -> tuple[Text, ...]:
        """Options of a choice, coded 1..n in this order; empty for other kinds."""
        return self.labels if self.kind == "choice" else ()

    @property
    def closed(self) -> bool:
        """Whether a condition may ask for its codes."""
        return self.kind in ("rating", "choice")


@dataclass(frozen=True, slots=True)
class Wording:
    """Wording of an item in the named form `form`."""

    form: str
    text: Text


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question.

    Attributes
    ----------
    short : bool
        Whether it belongs to the short form.
    format : ResponseFormat or None
        Own format in a checklist; None: the scale's.
    expect : int or None
        The point that an instructed-response item asks for.
    show_if : Condition or None
        Shown only where this holds, and the scale's.
    lineage : str or None
        Code in the earlier version, where it was renamed without a change of meaning.
    texts : tuple of Wording
        Other wordings in named forms.
    """

    code: str
    text: Text
    reverse: bool
    facet: Text
    short: bool
    format: ResponseFormat | None = None
    expect: int | None = None
    show_if: Condition | None = None
    lineage: str | None = None
    texts: tuple[Wording, ...] = ()

    def text_in(self, form: str | None) -> Text:
        """Wording in the named form `form`."""
        own = (wording.text for wording in self.texts if wording.form == form)
        return next(own, self.text)


@dataclass(frozen=True, slots=True)
class Scale:
    """Items of one dimension; a checklist gathers questions that are not scored.

    Attributes
    ----------
    referent : str or None
        Code in `REFERENTS` filled in instead of the survey's.
    show_if : Condition or None
        Condition of every item.
    """

    code: str
    name: Text
    description: Text
    model: Model
    format: ResponseFormat
    items: tuple[Item, ...]
    referent: str | None = None
    show_if: Condition | None = None

    def format_of(self, item: Item) -> ResponseFormat:
        return item.format or self.format


@dataclass(frozen=True, slots=True)
class Word:
    """What a named form puts in the place of ``{slot}``."""

    slot: str
    text: Text


@dataclass(frozen=True, slots=True)
class NamedForm:
    """A variant of the wording, such as for owners; `leave_out` are item codes."""

    code: str
    name: Text
    words: tuple[Word, ...]
    leave_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The version that this one was edited from."""

    code: str
    version: int


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
    languages : tuple of str
        In which every text is there.
    order : str
        ``shuffled``: the items of one scale in random order for every respondent.
    forms : tuple of NamedForm
        Named variants, the default first; empty: one wording for all.
    modules : bool
        Whether single scales may be asked alone.
    catalogue : str or None
        Record of the published scale whose wording this is; `modified` when changed.
    lineage : Lineage or None
        The version that this one was edited from.
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
    order: Order = "fixed"
    forms: tuple[NamedForm, ...] = ()
    modules: bool = False
    catalogue: str | None = None
    modified: bool = False
    lineage: Lineage | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for scale in self.scales for item in scale.items)

    @property
    def short_form(self) -> tuple[str, ...]:
        """Codes of the items of the short form; empty where there is none."""
        return tuple(item.code for item in self.items if item.short)
