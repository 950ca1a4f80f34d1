"""YAML, or the mapping it holds, to a `Questionnaire`; refuses whatever is unclear."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from surveys.definition.parse_formats import read_formats
from surveys.definition.parse_scales import read_scales
from surveys.definition.questionnaire import (
    EVIDENCE_LEVELS,
    KINDS,
    ORDERS,
    Item,
    Kind,
    Lineage,
    NamedForm,
    Order,
    Questionnaire,
    Scale,
    Word,
)
from surveys.definition.reader import NAME, Reader
from surveys.definition.referents import REFERENT, slots_of
from surveys.definition.text import LANGUAGES
from surveys.definition.yaml_text import read_yaml

NATIVE_REVIEW = ("owed", "done")
LICENCE = "CC BY 4.0"  # of the library
LONGEST_LICENCE = 200

_TOP = frozenset(
    {
        "code",
        "version",
        "kind",
        "name",
        "description",
        "theory",
        "covers",
        "nearest_published",
        "known_risks",
        "evidence_level",
        "native_review",
        "languages",
        "licence",
        "formats",
        "scales",
        "order",
        "forms",
        "modules",
        "catalogue",
        "modified",
        "lineage",
    }
)
_FORM = frozenset({"name", "words", "leave_out"})
_LINEAGE = frozenset({"code", "version"})
_RECORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def parse_questionnaire(
    document: str | Mapping[str, object], *, source: str
) -> Questionnaire:
    """Questionnaire in `document`, YAML text or the mapping it stands for.

    Raises
    ------
    DefinitionError
        At the first rule broken, naming `source` and the place inside it.
    """
    data = read_yaml(document, source=source) if isinstance(document, str) else document
    top = Reader.at(data, _TOP, where="", source=source)
    top = replace(top, languages=_languages(top))
    forms = _forms(top)
    slots = frozenset(word.slot for form in forms for word in form.words)
    found = Questionnaire(
        code=top.code(),
        version=top.integer("version", 1, 32_000),
        kind=cast(Kind, top.choice("kind", KINDS)),
        name=top.text("name"),
        description=top.text("description"),
        theory=top.text("theory"),
        covers=top.strings("covers", empty=True),
        nearest_published=top.strings("nearest_published", empty=True),
        known_risks=top.texts("known_risks", empty=True),
        evidence_level=top.choice("evidence_level", EVIDENCE_LEVELS),
        native_review=top.choice("native_review", NATIVE_REVIEW),
        languages=top.languages,
        licence=_licence(top),
        scales=read_scales(top, read_formats(top), slots),
        forms=forms,
        **_later_keys(top),
    )
    _check_forms(top, found)
    _check_kept(top, found)
    return found


def _later_keys(top: Reader) -> dict[str, Any]:
    """What the second shape of the document added; every key is optional."""
    catalogue = _catalogue(top)
    modified = top.flag("modified", default=False)
    if modified and catalogue is None:
        top.fail("modified_without_record", "modified")
    return {
        "order": cast(Order, top.choice("order", ORDERS))
        if top.has("order")
        else "fixed",
        "modules": top.flag("modules", default=False),
        "catalogue": catalogue,
        "modified": modified,
        "lineage": _lineage(top),
    }


def _languages(top: Reader) -> tuple[str, ...]:
    named = top.strings("languages")
    for index, language in enumerate(named):
        if language not in LANGUAGES:
            top.fail(
                "unknown_language",
                f"languages[{index}]",
                value=language,
                allowed=", ".join(LANGUAGES),
            )
    return named


def _licence(top: Reader) -> str:
    licence = top.string("licence")
    if len(licence) > LONGEST_LICENCE:
        limits = {"length": len(licence), "limit": LONGEST_LICENCE}
        top.fail("too_long", "licence", **limits)
    return licence


def _catalogue(top: Reader) -> str | None:
    if not top.has("catalogue"):
        return None
    record = top.string("catalogue")
    if not _RECORD.fullmatch(record):
        top.fail("bad_record", "catalogue", value=record)
    return record


def _lineage(top: Reader) -> Lineage | None:
    if not top.has("lineage"):
        return None
    found = top.child("lineage", _LINEAGE)
    return Lineage(found.code(), found.integer("version", 1, 32_000))


def _forms(top: Reader) -> tuple[NamedForm, ...]:
    if not top.has("forms"):
        return ()
    return tuple(
        _form(code, reader) for code, reader in top.named("forms", _FORM, NAME).items()
    )


def _form(code: str, reader: Reader) -> NamedForm:
    words = reader.named_texts("words", NAME) if reader.data.get("words") else {}
    if REFERENT in words:
        reader.fail("reserved_slot", f"words.{REFERENT}", slot=REFERENT)
    leave_out = reader.codes("leave_out", empty=True) if reader.has("leave_out") else ()
    return NamedForm(
        code=code,
        name=reader.text("name"),
        words=tuple(Word(slot, text) for slot, text in words.items()),
        leave_out=leave_out,
    )


def _check_forms(top: Reader, found: Questionnaire) -> None:
    """Every form leaves out items that there are and fills the slots of the others."""
    codes = [item.code for item in found.items]
    for form in found.forms:
        for index, code in enumerate(form.leave_out):
            if code not in codes:
                place = f"forms.{form.code}.leave_out[{index}]"
                top.fail("unknown_item", place, value=code)
        if set(codes) <= set(form.leave_out):
            top.fail("nothing_left", f"forms.{form.code}.leave_out")
    names = [form.code for form in found.forms]
    for s, scale in enumerate(found.scales):
        for i, item in enumerate(scale.items):
            place = f"scales[{s}].items[{i}]"
            for wording in item.texts:
                if wording.form not in names:
                    params = {"value": wording.form, "allowed": ", ".join(names)}
                    top.fail("unknown_form", f"{place}.texts", **params)
            _check_filled(top, place, item, found)


def _check_filled(top: Reader, place: str, item: Item, found: Questionnaire) -> None:
    """Every form that keeps the item has a word for every slot that it uses."""
    for form in found.forms:
        if item.code in form.leave_out:
            continue
        known = {word.slot for word in form.words} | {REFERENT}
        for wording in item.text_in(form.code).wordings.values():
            for slot in sorted(slots_of(wording) - known):
                top.fail("unfilled_slot", place, slot=slot, form=form.code)


def _check_kept(top: Reader, found: Questionnaire) -> None:
    """Where a question stays in a form, the one that it depends on stays too."""
    everything = frozenset(item.code for item in found.items)
    kept = {form.code: everything - frozenset(form.leave_out) for form in found.forms}
    subsets = list(kept.items()) or [("", everything)]
    for form, codes in subsets:
        short = codes & frozenset(found.short_form)
        for s, scale in enumerate(found.scales):
            for i, item in enumerate(scale.items):
                for subset in (codes, short):
                    lost = _lost(scale, item, subset)
                    if lost:
                        place = f"scales[{s}].items[{i}]"
                        top.fail("condition_left_out", place, value=lost, form=form)


def _lost(scale: Scale, item: Item, kept: frozenset[str]) -> str:
    """Code of an item that `item` depends on and that is not kept, or nothing."""
    if item.code not in kept:
        return ""
    conditions = [one for one in (scale.show_if, item.show_if) if one is not None]
    return next((one.item for one in conditions if one.item not in kept), "")
