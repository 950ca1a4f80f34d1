"""What a survey asks, frozen at launch: one fixed order of items, words filled in."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from surveys.definition.canonical import canonical_json, digest, plain
from surveys.definition.conditions import Condition
from surveys.definition.questionnaire import AnswerKind, Kind, Model
from surveys.definition.text import Text

Role = Literal["trust", "outcome", "control"]
ROLES: tuple[Role, ...] = get_args(Role)
SCHEMA_VERSION = 2
# Between the code of an instrument and the number of the referent: TBE_2.T1. Programs
# for statistics take it in the name of a column.
ABOUT = "_"

# Reading speed of careful silent reading, and the time to decide and point. A rule of
# ours to tell people what to expect, not a finding.
_WORDS_PER_MINUTE = 200
_CHARACTERS_PER_MINUTE = 260
_SECONDS_TO_DECIDE = 4
_SECONDS_TO_WRITE = 30
_SECONDS_TO_BEGIN = 20
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class FormInstrument:
    """Which version of an instrument a form asks; `digest` pins its wording.

    Attributes
    ----------
    form : str or None
        Named variant of the wording; None where the instrument has none.
    licence : str
        Of the wording.
    catalogue : str or None
        Record of the published scale asked here; `modified` where its wording changed.
    """

    code: str
    version: int
    kind: Kind
    name: Text
    evidence_level: str
    native_review: str
    short: bool
    digest: str
    form: str | None = None
    licence: str = "CC BY 4.0"
    catalogue: str | None = None
    modified: bool = False


@dataclass(frozen=True, slots=True)
class FormScale:
    """One dimension of a form.

    Attributes
    ----------
    items : tuple of str
        Codes in form order; empty where a checklist asks free texts alone.
    shuffled : bool
        Whether every respondent sees the items in an order of their own.
    about : int
        Whom it is about: 0 the form's referent, 1 the first of its `others`.
    """

    code: str
    name: Text
    role: Role
    model: Model
    items: tuple[str, ...]
    shuffled: bool = False
    about: int = 0

    @property
    def scored(self) -> bool:
        """Whether statistics are computed; a checklist has none."""
        return self.model != "checklist"


@dataclass(frozen=True, slots=True)
class FormItem:
    """One closed question as it is shown: one position of the stored answers.

    Attributes
    ----------
    code : str
        Unique in the form, such as ``TBE.T1``.
    scale : str
        Code of its scale, such as ``TBE.T``.
    text : Text
        With referent and words filled in.
    low, high, labels, not_applicable, kind, unit
        As in `ResponseFormat`; never a text.
    reverse : bool
        Keyed against its scale; stored answers stay as they were given.
    expect : int or None
        The point that an instructed-response item asks for.
    show_if : tuple of Condition
        All of them must hold, else the item is not shown and stored as -3.
    lineage : str or None
        Its code in the version before, such as ``TBE.T9``; None: the same.
    referent : str or None
        Code of the scale's own referent; None: the survey's.
    """

    code: str
    scale: str
    role: Role
    text: Text
    low: int
    high: int
    labels: tuple[Text, ...]
    not_applicable: bool
    reverse: bool
    kind: AnswerKind = "rating"
    unit: Text | None = None
    expect: int | None = None
    show_if: tuple[Condition, ...] = ()
    lineage: str | None = None
    referent: str | None = None


@dataclass(frozen=True, slots=True)
class FormText:
    """A free-text question; its answers are stored apart, without a link.

    Attributes
    ----------
    after : str or None
        Code of the item that it follows; None: it stands first.
    longest : int
        Characters at most.
    """

    code: str
    scale: str
    text: Text
    after: str | None
    longest: int
    show_if: tuple[Condition, ...] = ()
    lineage: str | None = None


@dataclass(frozen=True, slots=True)
class FormTurn:
    """What one turn of a rotation leaves out: codes of items, in form order."""

    away: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Everything a wave shows and everything an answer is decoded against.

    Attributes
    ----------
    referent, referent_code
        Whom the trust is in, and the code in `REFERENTS`; None for words of one's own.
    languages : tuple of str
        Offered to respondents, the default first.
    comment : bool
        Whether a comment box ends the form.
    items : tuple of FormItem
        The positions of stored answers.
    texts : tuple of FormText
        Free-text questions; they take no position.
    others : tuple of Text
        Referents that the same questions are asked about again, competitors say; every
        respondent meets the blocks in a random order.
    rotation : tuple of FormTurn
        What the waves leave out in turn; empty: every wave asks everything.
    turn : int
        Position in `rotation` at which this form stands.
    drawn : bool
        Every respondent draws a turn of the rotation, instead of one for all.
    """

    title: Text
    referent: Text
    referent_code: str | None
    languages: tuple[str, ...]
    comment: bool
    instruments: tuple[FormInstrument, ...]
    scales: tuple[FormScale, ...]
    items: tuple[FormItem, ...]
    texts: tuple[FormText, ...] = ()
    others: tuple[Text, ...] = ()
    rotation: tuple[FormTurn, ...] = ()
    turn: int = 0
    drawn: bool = False

    @property
    def item_count(self) -> int:
        return len(self.items)

    @property
    def questions(self) -> tuple[FormItem | FormText, ...]:
        """Everything asked, in form order, the free texts at their places."""
        found: list[FormItem | FormText] = list(self._texts_after(None))
        for item in self.items:
            found += [item, *self._texts_after(item.code)]
        return tuple(found)

    @property
    def away(self) -> frozenset[str]:
        """Codes of the items that this turn asks nobody; they are stored as -3."""
        if self.drawn or not self.rotation:
            return frozenset()
        return self.away_at(self.turn)

    def away_at(self, turn: int) -> frozenset[str]:
        """Codes of the items that a turn leaves out."""
        return frozenset(self.rotation[turn].away)

    @property
    def shown(self) -> tuple[FormItem | FormText, ...]:
        """What this turn asks, in form order."""
        away = self.away
        return tuple(one for one in self.questions if one.code not in away)

    def _texts_after(self, code: str | None) -> tuple[FormText, ...]:
        return tuple(text for text in self.texts if text.after == code)

    def instrument_of(self, code: str) -> FormInstrument:
        """Return the instrument of a scale, an item or a text, whomever it is about."""
        own = code.partition(".")[0].partition(ABOUT)[0]
        return next(one for one in self.instruments if one.code == own)

    def same_about(self, scale: FormScale, referent: int) -> FormScale:
        """Return the scale that asks about `referent` what `scale` asks about the first.

        The scale itself where it is asked only once.
        """
        first, _, rest = scale.code.partition(".")
        code = f"{about(first, referent)}.{rest}"
        return next((one for one in self.scales if one.code == code), scale)

    @property
    def scored_items(self) -> tuple[FormItem, ...]:
        """Ratings of reflective and formative scales, in form order."""
        scored = {scale.code for scale in self.scales if scale.scored}
        return tuple(item for item in self.items if item.scale in scored)

    @property
    def digest(self) -> str:
        """Hexadecimal sha256 of the canonical JSON."""
        return digest(self)

    def minutes(self, language: str) -> int:
        """Whole minutes to answer in `language`, rounded up.

        Reading time (200 English words or 260 Chinese characters a minute), four
        seconds a closed question to decide, half a minute a free text to write, with
        twenty seconds to begin. Where respondents draw turns, of the longest.
        """
        if self.drawn:
            turns = range(len(self.rotation))
            return max(
                replace(self, turn=turn, drawn=False).minutes(language)
                for turn in turns
            )
        items = [one for one in self.items if one.code not in self.away]
        read = [question.text for question in self.shown]
        read += [o for i in items if i.kind == "choice" for o in i.labels]
        reading = sum(reading_seconds(text.in_(language), language) for text in read)
        answering = _SECONDS_TO_BEGIN + _SECONDS_TO_DECIDE * len(items)
        answering += _SECONDS_TO_WRITE * len(self.texts)
        return math.ceil((reading + answering) / 60)

    def to_data(self) -> dict[str, Any]:
        """JSON-ready data, led by the version of its shape."""
        return {"schema_version": SCHEMA_VERSION, **plain(self)}

    def to_json(self) -> str:
        """Canonical JSON text; equal forms give equal texts."""
        return canonical_json(self.to_data())

    @classmethod
    def from_json(cls, stored: str | Mapping[str, object]) -> "Form":
        """Form of `to_json` or `to_data`; anything else is a `DefinitionError`."""
        from surveys.definition.form_reading import read_form  # it builds a Form

        return read_form(stored)


def about(code: str, referent: int) -> str:
    """Code of an instrument as asked about `referent`, 0 for the first."""
    return f"{code}{ABOUT}{referent + 1}" if referent else code


def reading_seconds(wording: str, language: str) -> float:
    """Seconds of careful reading, by words in English and characters in Chinese."""
    if language == "zh-hans":
        return 60 * len(_CHINESE.findall(wording)) / _CHARACTERS_PER_MINUTE
    return 60 * len(wording.split()) / _WORDS_PER_MINUTE
