"""What a survey asks, frozen at launch: one fixed order of items, words filled in."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from surveys.definition.canonical import canonical_json, digest, plain
from surveys.definition.errors import DefinitionError
from surveys.definition.parse import NATIVE_REVIEW, check_labels, check_points
from surveys.definition.questionnaire import (
    EVIDENCE_LEVELS,
    KINDS,
    MODELS,
    Kind,
    Model,
)
from surveys.definition.reader import Reader
from surveys.definition.referents import REFERENTS
from surveys.definition.text import LANGUAGES, Text

Role = Literal["trust", "outcome", "control"]
ROLES: tuple[Role, ...] = get_args(Role)
SCHEMA_VERSION = 1

# Reading speed of careful silent reading, and the time to decide and point. A rule of
# ours to tell people what to expect, not a finding.
_WORDS_PER_MINUTE = 200
_CHARACTERS_PER_MINUTE = 260
_SECONDS_TO_DECIDE = 4
_SECONDS_TO_BEGIN = 20
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class FormInstrument:
    """Which version of an instrument a form asks; `digest` pins its wording."""

    code: str
    version: int
    kind: Kind
    name: Text
    evidence_level: str
    native_review: str
    short: bool
    digest: str


@dataclass(frozen=True, slots=True)
class FormScale:
    """One dimension of a form; `items` are codes in form order."""

    code: str
    name: Text
    role: Role
    model: Model
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question as it is shown.

    Attributes
    ----------
    code : str
        Unique in the form, such as ``TBE.T1``.
    scale : str
        Code of its scale, such as ``TBE.T``.
    text : Text
        With the referent filled in.
    low, high, labels, not_applicable
        As in `ResponseFormat`.
    reverse : bool
        Keyed against its scale; stored answers stay as they were given.
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
    """

    title: Text
    referent: Text
    referent_code: str | None
    languages: tuple[str, ...]
    comment: bool
    instruments: tuple[FormInstrument, ...]
    scales: tuple[FormScale, ...]
    items: tuple[FormItem, ...]

    @property
    def item_count(self) -> int:
        return len(self.items)

    @property
    def digest(self) -> str:
        """Hexadecimal sha256 of the canonical JSON."""
        return digest(self)

    def minutes(self, language: str) -> int:
        """Whole minutes to answer in `language`, rounded up.

        Reading time (200 English words or 260 Chinese characters a minute) and four
        seconds a question to decide, with twenty seconds to begin.
        """
        reading = sum(
            reading_seconds(i.text.in_(language), language) for i in self.items
        )
        deciding = _SECONDS_TO_BEGIN + _SECONDS_TO_DECIDE * self.item_count
        return math.ceil((reading + deciding) / 60)

    def to_data(self) -> dict[str, Any]:
        """JSON-ready data, led by the version of its shape."""
        return {"schema_version": SCHEMA_VERSION, **plain(self)}

    def to_json(self) -> str:
        """Canonical JSON text; equal forms give equal texts."""
        return canonical_json(self.to_data())

    @classmethod
    def from_json(cls, stored: str | Mapping[str, object]) -> "Form":
        """Form of `to_json` or `to_data`; anything else is a `DefinitionError`."""
        return _read_form(stored)


def reading_seconds(wording: str, language: str) -> float:
    """Seconds of careful reading, by words in English and characters in Chinese."""
    if language == "zh-hans":
        return 60 * len(_CHINESE.findall(wording)) / _CHARACTERS_PER_MINUTE
    return 60 * len(wording.split()) / _WORDS_PER_MINUTE


_FORM = frozenset(
    {
        "schema_version",
        "title",
        "referent",
        "referent_code",
        "languages",
        "comment",
        "instruments",
        "scales",
        "items",
    }
)
_INSTRUMENT = frozenset(
    {
        "code",
        "version",
        "kind",
        "name",
        "evidence_level",
        "native_review",
        "short",
        "digest",
    }
)
_SCALE = frozenset({"code", "name", "role", "model", "items"})
_ITEM = frozenset(
    {
        "code",
        "scale",
        "role",
        "text",
        "low",
        "high",
        "labels",
        "not_applicable",
        "reverse",
    }
)


def _read_form(stored: str | Mapping[str, object]) -> Form:
    top = Reader.at(_decoded(stored), _FORM, where="", source="form")
    top.integer("schema_version", SCHEMA_VERSION, SCHEMA_VERSION)
    form = Form(
        title=top.text("title"),
        referent=top.text("referent"),
        referent_code=_referent_code(top),
        languages=top.strings("languages"),
        comment=top.flag("comment"),
        instruments=tuple(
            _read_instrument(r) for r in top.children("instruments", _INSTRUMENT)
        ),
        scales=tuple(_read_scale(r) for r in top.children("scales", _SCALE)),
        items=tuple(_read_item(r) for r in top.children("items", _ITEM)),
    )
    _check_membership(top, form)
    return form


def _decoded(stored: str | Mapping[str, object]) -> object:
    if not isinstance(stored, str):
        return stored
    try:
        return json.loads(stored)
    except (ValueError, RecursionError) as error:
        raise DefinitionError(
            "not_json", source="form", params={"problem": str(error)}
        ) from error


def _referent_code(top: Reader) -> str | None:
    if top.get("referent_code") is None:
        return None
    return top.choice("referent_code", tuple(REFERENTS))


def _read_instrument(reader: Reader) -> FormInstrument:
    return FormInstrument(
        code=reader.code(),
        version=reader.integer("version", 1, 1_000_000),
        kind=cast(Kind, reader.choice("kind", KINDS)),
        name=reader.text("name"),
        evidence_level=reader.choice("evidence_level", EVIDENCE_LEVELS),
        native_review=reader.choice("native_review", NATIVE_REVIEW),
        short=reader.flag("short"),
        digest=reader.string("digest"),
    )


def _read_scale(reader: Reader) -> FormScale:
    return FormScale(
        code=reader.string("code"),
        name=reader.text("name"),
        role=cast(Role, reader.choice("role", ROLES)),
        model=cast(Model, reader.choice("model", MODELS)),
        items=reader.strings("items"),
    )


def _read_item(reader: Reader) -> FormItem:
    low, high = reader.integer("low", -100, 100), reader.integer("high", -100, 100)
    check_points(reader, low, high)
    labels = reader.texts("labels")
    check_labels(reader, high - low + 1, labels)
    return FormItem(
        code=reader.string("code"),
        scale=reader.string("scale"),
        role=cast(Role, reader.choice("role", ROLES)),
        text=reader.text("text"),
        low=low,
        high=high,
        labels=labels,
        not_applicable=reader.flag("not_applicable"),
        reverse=reader.flag("reverse"),
    )


def _check_membership(top: Reader, form: Form) -> None:
    """Scales and items must tell the same story, each code once."""
    for index, language in enumerate(form.languages):
        if language not in LANGUAGES:
            allowed = ", ".join(LANGUAGES)
            place = f"languages[{index}]"
            top.fail("unknown_language", place, value=language, allowed=allowed)
    top.distinct("items", [item.code for item in form.items])
    top.distinct("scales", [scale.code for scale in form.scales])
    listed = {scale.code: scale.items for scale in form.scales}
    for index, item in enumerate(form.items):
        if item.scale not in listed:
            top.fail("unknown_scale", f"items[{index}].scale", value=item.scale)
    for index, scale in enumerate(form.scales):
        found = tuple(item.code for item in form.items if item.scale == scale.code)
        if found != scale.items:
            lists = {"listed": ", ".join(scale.items), "found": ", ".join(found)}
            top.fail("scale_items", f"scales[{index}].items", **lists)
