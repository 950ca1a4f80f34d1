"""The scales and items of a questionnaire document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from surveys.definition.conditions import Condition
from surveys.definition.questionnaire import (
    MODELS,
    Item,
    Model,
    ResponseFormat,
    Scale,
    Wording,
)
from surveys.definition.reader import NAME, Reader
from surveys.definition.referents import REFERENT, REFERENTS, slots_of
from surveys.definition.text import Text

# One form field an item; Django takes 1,000 fields.
MOST_ITEMS = 500

_SCALE = frozenset(
    {
        "code",
        "name",
        "description",
        "model",
        "format",
        "items",
        "referent",
        "show_if",
    }
)
_ITEM = frozenset(
    {
        "code",
        "text",
        "reverse",
        "facet",
        "short",
        "format",
        "expect",
        "show_if",
        "lineage",
        "texts",
    }
)
_CONDITION = frozenset({"item", "in"})
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_SLOT = re.compile(r"\{[A-Za-z][a-z0-9_]{0,30}\}")

Formats = Mapping[str, ResponseFormat]


@dataclass(frozen=True, slots=True)
class _Known:
    """What items may refer to: formats by code, and slots of the named forms."""

    formats: Formats
    slots: frozenset[str]


def read_scales(
    top: Reader, formats: Formats, slots: frozenset[str]
) -> tuple[Scale, ...]:
    """Scales in order; codes differ, every format is used, conditions look back.

    `slots` are the words of the named forms that an item may use.
    """
    known = _Known(formats, slots | {REFERENT})
    readers = top.children("scales", _SCALE)
    items = [item for scale in readers for item in scale.children("items", _ITEM)]
    if len(items) > MOST_ITEMS:
        top.fail("too_many", "scales", number=len(items), most=MOST_ITEMS)
    scales = tuple(_scale(reader, known) for reader in readers)
    _refuse_second(readers, [scale.code for scale in scales])
    _refuse_second(items, [item.code for scale in scales for item in scale.items])
    used = {scale.format.code for scale in scales}
    used |= {scale.format_of(i).code for scale in scales for i in scale.items}
    for code in formats:
        if code not in used:
            top.fail("unused_format", f"formats.{code}", value=code)
    _check_conditions(readers, scales)
    return scales


def _refuse_second(
    readers: tuple[Reader, ...] | list[Reader], codes: list[str]
) -> None:
    for index, (reader, code) in enumerate(zip(readers, codes, strict=True)):
        if code in codes[:index]:
            reader.fail("duplicate", "code", value=code)


def _scale(reader: Reader, known: _Known) -> Scale:
    model = cast(Model, reader.choice("model", MODELS))
    used = _format(reader, known.formats, model)
    return Scale(
        code=reader.code(),
        name=reader.text("name"),
        description=reader.text("description"),
        model=model,
        format=used,
        items=tuple(
            _item(item, known, model, used) for item in reader.children("items", _ITEM)
        ),
        referent=_referent(reader),
        show_if=_condition(reader),
    )


def _format(reader: Reader, formats: Formats, model: Model) -> ResponseFormat:
    used = reader.string("format")
    if used not in formats:
        allowed = ", ".join(formats)
        reader.fail("unknown_format", "format", value=used, allowed=allowed)
    if formats[used].kind != "rating" and model != "checklist":
        reader.fail("only_ratings", "format", model=model, kind=formats[used].kind)
    return formats[used]


def _referent(reader: Reader) -> str | None:
    if not reader.has("referent"):
        return None
    return reader.choice("referent", tuple(REFERENTS))


def _condition(reader: Reader) -> Condition | None:
    if not reader.has("show_if"):
        return None
    found = reader.child("show_if", _CONDITION)
    return Condition(found.code("item"), found.integers("in"))


def _item(
    reader: Reader, known: _Known, model: Model, scale_format: ResponseFormat
) -> Item:
    reverse = reader.flag("reverse", default=False)
    if reverse and model != "reflective":
        reader.fail("reverse_outside_reflective", "reverse", model=model)
    own = _own_format(reader, known.formats, model)
    text = reader.text("text")
    _check_placeholders(reader, "text", text, known.slots)
    return Item(
        code=reader.code(),
        text=text,
        reverse=reverse,
        facet=reader.text("facet"),
        short=reader.flag("short", default=False),
        format=own,
        expect=_expected(reader, model, own or scale_format),
        show_if=_condition(reader),
        lineage=reader.code("lineage") if reader.has("lineage") else None,
        texts=_texts(reader, known.slots),
    )


def _own_format(
    reader: Reader, formats: Formats, model: Model
) -> ResponseFormat | None:
    if not reader.has("format"):
        return None
    if model != "checklist":
        reader.fail("only_in_checklist", "format", key="format")
    return _format(reader, formats, model)


def _expected(reader: Reader, model: Model, used: ResponseFormat) -> int | None:
    if not reader.has("expect"):
        return None
    if model != "checklist" or used.kind != "rating":
        reader.fail("only_in_checklist", "expect", key="expect")
    return reader.integer("expect", used.low, used.high)


def _texts(reader: Reader, slots: frozenset[str]) -> tuple[Wording, ...]:
    if not reader.has("texts"):
        return ()
    found = reader.named_texts("texts", NAME)
    for form, text in found.items():
        _check_placeholders(reader, f"texts.{form}", text, slots)
    return tuple(Wording(form, text) for form, text in found.items())


def _check_placeholders(
    reader: Reader, key: str, text: Text, known: frozenset[str]
) -> None:
    """Braces hold a known slot, and both languages use the same slots."""
    for language, wording in text.wordings.items():
        for found in _BRACES.findall(wording):
            if not _SLOT.fullmatch(found) or not slots_of(found) <= known:
                reader.fail("unknown_placeholder", f"{key}.{language}", value=found)
    used = [slots_of(wording) for wording in text.wordings.values()]
    if any(slots != used[0] for slots in used):
        slot = sorted(frozenset.union(*used) - frozenset.intersection(*used))[0]
        code = "placeholder_mismatch" if slot == REFERENT else "slot_mismatch"
        reader.fail(code, key, slot=slot)


def _check_conditions(readers: tuple[Reader, ...], scales: tuple[Scale, ...]) -> None:
    """A condition names an earlier closed item and codes that it offers."""
    earlier: dict[str, ResponseFormat] = {}
    for reader, scale in zip(readers, scales, strict=True):
        _check_condition(reader, scale.show_if, earlier)
        items = reader.children("items", _ITEM)
        for item_reader, item in zip(items, scale.items, strict=True):
            _check_condition(item_reader, item.show_if, earlier)
            earlier[item.code] = scale.format_of(item)


def _check_condition(
    reader: Reader, condition: Condition | None, earlier: Formats
) -> None:
    if condition is None:
        return
    asked = earlier.get(condition.item)
    if asked is None:
        reader.fail("condition_not_earlier", "show_if.item", value=condition.item)
    if not asked.closed:
        reader.fail("condition_not_closed", "show_if.item", value=condition.item)
    for index, code in enumerate(condition.codes):
        if not asked.low <= code <= asked.high:
            place = f"show_if.in[{index}]"
            limits = {"low": asked.low, "high": asked.high}
            reader.fail("out_of_range", place, value=code, **limits)
