"""A stored form back to a `Form`; versions 1 and 2 of its shape."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from surveys.definition.conditions import Condition
from surveys.definition.errors import DefinitionError
from surveys.definition.form import (
    ROLES,
    SCHEMA_VERSION,
    Form,
    FormInstrument,
    FormItem,
    FormScale,
    FormText,
    FormTurn,
    Role,
)
from surveys.definition.parse import LICENCE, NATIVE_REVIEW
from surveys.definition.parse_formats import (
    LONGEST_ANSWER,
    check_labels,
    check_limits,
    check_options,
    check_points,
)
from surveys.definition.questionnaire import (
    ANSWER_KINDS,
    EVIDENCE_LEVELS,
    KINDS,
    MODELS,
    AnswerKind,
    Kind,
    Model,
)
from surveys.definition.reader import Reader
from surveys.definition.referents import REFERENTS
from surveys.definition.text import LANGUAGES, Text

_FORM = frozenset(Form.__dataclass_fields__) | {"schema_version"}
_INSTRUMENT = frozenset(FormInstrument.__dataclass_fields__)
_SCALE = frozenset(FormScale.__dataclass_fields__)
_ITEM = frozenset(FormItem.__dataclass_fields__)
_TEXT = frozenset(FormText.__dataclass_fields__)
_TURN = frozenset(FormTurn.__dataclass_fields__)
_CONDITION = frozenset(Condition.__dataclass_fields__)
_OPEN_KINDS = tuple(kind for kind in ANSWER_KINDS if kind != "text")


def read_form(stored: str | Mapping[str, object]) -> Form:
    """Form in `stored`, JSON text or its data; anything else is a `DefinitionError`."""
    top = Reader.at(_decoded(stored), _FORM, where="", source="form")
    top.integer("schema_version", 1, SCHEMA_VERSION)
    top = replace(top, languages=_languages(top))
    texts = top.children("texts", _TEXT) if top.has("texts") else ()
    others = top.texts("others") if top.has("others") else ()
    turns = top.children("rotation", _TURN) if top.has("rotation") else ()
    form = Form(
        title=top.text("title"),
        referent=top.text("referent"),
        referent_code=_referent_code(top),
        languages=top.languages,
        comment=top.flag("comment"),
        instruments=tuple(
            _read_instrument(r) for r in top.children("instruments", _INSTRUMENT)
        ),
        scales=tuple(
            _read_scale(r, others=len(others)) for r in top.children("scales", _SCALE)
        ),
        items=tuple(_read_item(r) for r in top.children("items", _ITEM)),
        texts=tuple(_read_text(reader) for reader in texts),
        others=others,
        rotation=tuple(FormTurn(t.strings("away", empty=True)) for t in turns),
        turn=top.integer("turn", 0, len(turns) - 1) if top.has("turn") else 0,
        drawn=top.flag("drawn") if top.has("drawn") else False,
    )
    _check_membership(top, form)
    _check_texts(top, form)
    _check_conditions(top, form)
    _check_rotation(top, form)
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


def _languages(top: Reader) -> tuple[str, ...]:
    found = top.strings("languages")
    for index, language in enumerate(found):
        if language not in LANGUAGES:
            allowed = ", ".join(LANGUAGES)
            place = f"languages[{index}]"
            top.fail("unknown_language", place, value=language, allowed=allowed)
    return found


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
        form=_optional(reader, "form"),
        licence=_optional(reader, "licence") or LICENCE,
        catalogue=_optional(reader, "catalogue"),
        modified=reader.flag("modified", default=False),
    )


def _read_scale(reader: Reader, *, others: int) -> FormScale:
    model = cast(Model, reader.choice("model", MODELS))
    return FormScale(
        code=reader.string("code"),
        name=reader.text("name"),
        role=cast(Role, reader.choice("role", ROLES)),
        model=model,
        items=reader.strings("items", empty=model == "checklist"),
        shuffled=reader.flag("shuffled", default=False),
        about=reader.integer("about", 0, others) if reader.has("about") else 0,
    )


def _read_item(reader: Reader) -> FormItem:
    kind: AnswerKind = "rating"
    if reader.has("kind"):
        kind = cast(AnswerKind, reader.choice("kind", _OPEN_KINDS))
    low, high, labels = _answers_offered(reader, kind)
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
        kind=kind,
        unit=reader.text("unit") if reader.has("unit") else None,
        expect=reader.integer("expect", low, high) if reader.has("expect") else None,
        show_if=_read_conditions(reader),
        lineage=_optional(reader, "lineage"),
        referent=_optional(reader, "referent"),
    )


def _answers_offered(
    reader: Reader, kind: AnswerKind
) -> tuple[int, int, tuple[Text, ...]]:
    labels = reader.texts("labels", empty=kind == "number")
    if kind == "number":
        return *check_limits(reader), labels
    low, high = reader.integer("low", -100, 100), reader.integer("high", -100, 100)
    if kind == "choice":
        check_options(reader, "labels", labels)
        reader.integer("low", 1, 1)
        reader.integer("high", len(labels), len(labels))
    else:
        check_points(reader, low, high)
        check_labels(reader, high - low + 1, labels)
    return low, high, labels


def _read_text(reader: Reader) -> FormText:
    return FormText(
        code=reader.string("code"),
        scale=reader.string("scale"),
        text=reader.text("text"),
        after=None if reader.get("after") is None else reader.string("after"),
        longest=reader.integer("longest", 1, LONGEST_ANSWER),
        show_if=_read_conditions(reader),
        lineage=_optional(reader, "lineage"),
    )


def _read_conditions(reader: Reader) -> tuple[Condition, ...]:
    if not reader.has("show_if"):
        return ()
    return tuple(
        Condition(one.string("item"), one.integers("codes"))
        for one in reader.children("show_if", _CONDITION)
    )


def _optional(reader: Reader, key: str) -> str | None:
    return reader.string(key) if reader.has(key) else None


def _check_membership(top: Reader, form: Form) -> None:
    """Scales and items must tell the same story, each code once."""
    top.distinct("items", [item.code for item in form.items])
    top.distinct("scales", [scale.code for scale in form.scales])
    listed = {scale.code: scale.items for scale in form.scales}
    for index, item in enumerate(form.items):
        if item.scale not in listed:
            top.fail("unknown_scale", f"items[{index}].scale", value=item.scale)
    for index, scale in enumerate(form.scales):
        inside = [item for item in form.items if item.scale == scale.code]
        found = tuple(item.code for item in inside)
        if found != scale.items:
            lists = {"listed": ", ".join(scale.items), "found": ", ".join(found)}
            top.fail("scale_items", f"scales[{index}].items", **lists)
        for item in inside:
            if scale.scored and item.kind != "rating":
                params = {"model": scale.model, "kind": item.kind}
                top.fail("only_ratings", f"scales[{index}].items", **params)


def _check_texts(top: Reader, form: Form) -> None:
    codes = [item.code for item in form.items]
    top.distinct("texts", codes + [text.code for text in form.texts])
    scales = [scale.code for scale in form.scales]
    for index, text in enumerate(form.texts):
        if text.scale not in scales:
            top.fail("unknown_scale", f"texts[{index}].scale", value=text.scale)
        if text.after is not None and text.after not in codes:
            top.fail("unknown_item", f"texts[{index}].after", value=text.after)


def _check_conditions(top: Reader, form: Form) -> None:
    """Conditions look back, at codes that the earlier question offers."""
    earlier: dict[str, FormItem] = {}
    for question in form.questions:
        for condition in question.show_if:
            asked = earlier.get(condition.item)
            if asked is None:
                top.fail("condition_not_earlier", question.code, value=condition.item)
            if asked.kind == "number":
                top.fail("condition_not_closed", question.code, value=condition.item)
            for code in condition.codes:
                if not asked.low <= code <= asked.high:
                    limits = {"low": asked.low, "high": asked.high}
                    top.fail("out_of_range", question.code, value=code, **limits)
        if isinstance(question, FormItem):
            earlier[question.code] = question


def _check_rotation(top: Reader, form: Form) -> None:
    """A turn leaves out items that are there, and none that a condition needs."""
    codes = {item.code for item in form.items}
    needed = {one.item for question in form.questions for one in question.show_if}
    for index, turn in enumerate(form.rotation):
        for code in turn.away:
            if code not in codes or code in needed:
                top.fail("unknown_item", f"rotation[{index}].away", value=code)
