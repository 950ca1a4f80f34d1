"""A questionnaire under work, as plain data that may be unfinished.

Shaped like the YAML of a questionnaire, with two differences. What the YAML names by
key and where order counts (formats, named forms, their words, wordings of a form) is a
list here, since the database keeps no order of keys. And every text holds every
language, blank where nothing was written yet.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from surveys.definition.errors import DefinitionError
from surveys.definition.parse_scales import MOST_ITEMS
from surveys.definition.questionnaire import (
    ANSWER_KINDS,
    KINDS,
    MODELS,
    ORDERS,
    Questionnaire,
)
from surveys.definition.reader import CODE, LONGEST_CODE, LONGEST_TEXT
from surveys.definition.referents import REFERENTS
from surveys.definition.text import LANGUAGES
from surveys.definition.write import questionnaire_to_data

Content = dict[str, Any]

MOST_SCALES = 60
MOST_FORMATS = 60
MOST_FORMS = 20
RESERVED = "All rights reserved"
# An author need not say these; the questionnaire then says so itself.
_NO_THEORY = {"en": "No theory is named.", "zh-hans": "未注明所依据的理论。"}
_NOT_A_CODE = re.compile(r"[^A-Z0-9]+")

_AGREEMENT = (
    ("strongly disagree", "非常不同意"),
    ("disagree", "不同意"),
    ("neither agree nor disagree", "既不同意也不反对"),
    ("agree", "同意"),
    ("strongly agree", "非常同意"),
)


def text(en: str = "", zh_hans: str = "") -> Content:
    return {"en": en, "zh-hans": zh_hans}


def line(value: object) -> str:
    """`value` on one line, without invisible characters, at most as long as allowed."""
    if not isinstance(value, str):
        return ""
    shown = "".join(
        " " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in value
    )
    return " ".join(shown.split())[:LONGEST_TEXT]


def blank(code: str, name: Content) -> Content:
    """A new questionnaire: answers from disagree to agree, one scale without items."""
    labels = [{"en": en, "zh-hans": zh} for en, zh in _AGREEMENT]
    agreement = {"low": 1, "high": 5, "not_applicable": False, "labels": labels}
    scale = {"code": "A", "model": "reflective", "format": "agreement", "items": []}
    document = {
        "code": code,
        "name": name,
        "formats": {"agreement": agreement},
        "scales": [scale],
    }
    return content_of(document)


def content_of_questionnaire(asked: Questionnaire) -> Content:
    return content_of(questionnaire_to_data(asked))


def content_of(document: Mapping[str, Any]) -> Content:
    """Content of a document that may lack anything; what has no place is left out.

    Codes of items that are missing, repeated or not allowed are replaced by free ones.

    Raises
    ------
    DefinitionError
        More items, scales, formats or forms than a questionnaire may have.
    """
    scales = _list(document.get("scales"))
    formats = _mapping(document.get("formats"))
    forms = _mapping(document.get("forms"))
    items = sum(len(_list(_mapping(scale).get("items"))) for scale in scales)
    refuse_more(items, MOST_ITEMS, "scales")
    refuse_more(len(scales), MOST_SCALES, "scales")
    refuse_more(len(formats), MOST_FORMATS, "formats")
    refuse_more(len(forms), MOST_FORMS, "forms")
    catalogue = line(document.get("catalogue")) or None
    lineage = _mapping(document.get("lineage"))
    return {
        "code": line(document.get("code")),
        "kind": _one_of(document.get("kind"), KINDS),
        **{key: _text(document.get(key)) for key in ("name", "description", "theory")},
        "covers": _lines(document.get("covers")),
        "nearest_published": _lines(document.get("nearest_published")),
        "known_risks": [_text(one) for one in _list(document.get("known_risks"))],
        "native_review": _one_of(document.get("native_review"), ("owed", "done")),
        "languages": _languages(document.get("languages")),
        "licence": line(document.get("licence"))[:200] or RESERVED,
        "order": _one_of(document.get("order"), ORDERS),
        "modules": document.get("modules") is True,
        "catalogue": catalogue,
        "modified": catalogue is not None and document.get("modified") is True,
        "lineage": dict(lineage) or None,
        "forms": [_form(str(code), _mapping(one)) for code, one in forms.items()],
        "formats": [_format(str(code), _mapping(one)) for code, one in formats.items()],
        "scales": _scales(scales),
    }


def refuse_more(number: int, most: int, where: str) -> None:
    """Refuse the part `where` of a questionnaire with more than `most` entries."""
    if number > most:
        params: dict[str, object] = {"number": number, "most": most}
        code = "too_many" if most == MOST_ITEMS else "too_many_parts"
        raise DefinitionError(code, params=params | {"part": where})


def free_code(wanted: str, taken: Collection[str], stem: str = "Q") -> str:
    """`wanted` made a valid code, or the next free one that begins like `stem`."""
    made = _NOT_A_CODE.sub("-", wanted.upper()).strip("-")[:LONGEST_CODE].strip("-")
    if CODE.fullmatch(made) and made not in taken:
        return made
    stem = stem[: LONGEST_CODE - 4].rstrip("-0123456789") or "Q"
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def item_codes(content: Content) -> list[str]:
    return [item["code"] for scale in content["scales"] for item in scale["items"]]


def document_of(content: Content, version: int = 1) -> dict[str, Any]:
    """The document that `parse_questionnaire` reads; texts in the languages named.

    A description that nobody wrote is the name, and a side of the scale that nobody
    named is its whole. Formats that nothing uses are left out.
    """
    languages = content["languages"]

    def said(*choices: Content) -> Content:
        return {
            one: next((text[one] for text in choices if text[one]), "")
            for one in languages
        }

    document: dict[str, Any] = {
        "code": content["code"],
        "version": version,
        "kind": content["kind"],
        "name": said(content["name"]),
        "description": said(content["description"], content["name"]),
        "theory": said(content["theory"], _NO_THEORY),
        "covers": content["covers"],
        "nearest_published": content["nearest_published"],
        "known_risks": [said(risk) for risk in content["known_risks"]],
        "evidence_level": "E0",
        "native_review": content["native_review"],
        "languages": languages,
        "licence": content["licence"],
        "order": content["order"],
        "modules": content["modules"],
    }
    for key in ("catalogue", "lineage"):
        if content[key]:
            document[key] = content[key]
    if content["catalogue"]:
        document["modified"] = content["modified"]
    if content["forms"]:
        document["forms"] = {
            one["code"]: _form_out(one, said) for one in content["forms"]
        }
    used = used_formats(content)
    document["formats"] = {
        one["code"]: _format_out(one, said)
        for one in content["formats"]
        if one["code"] in used
    }
    document["scales"] = [_scale_out(scale, said) for scale in content["scales"]]
    return document


def used_formats(content: Content) -> set[str]:
    """Codes of the formats that a scale with items, or an item, is answered in."""
    scales = content["scales"]
    return {scale["format"] for scale in scales} | {
        item["format"] for scale in scales for item in scale["items"] if item["format"]
    }


def _form_out(form: Content, said: Any) -> Content:
    return {
        "name": said(form["name"]),
        "words": {word["slot"]: said(word["text"]) for word in form["words"]},
        "leave_out": form["leave_out"],
    }


def _format_out(format: Content, said: Any) -> Content:
    kind = format["kind"]
    aside = {"not_applicable": format["not_applicable"]}
    limits = {"low": format["low"], "high": format["high"]}
    labels = [said(label) for label in format["labels"]]
    if kind == "rating":
        return {**limits, **aside, "labels": labels}
    if kind == "choice":
        return {"kind": kind, "options": labels, **aside}
    if kind == "text":
        return {"kind": kind, "longest": format["longest"]}
    unit = said(format["unit"])
    named = {"unit": unit} if any(unit.values()) else {}
    return {"kind": kind, **limits, **named, **aside}


def _scale_out(scale: Content, said: Any) -> Content:
    name = scale["name"]
    later = {key: scale[key] for key in ("referent", "show_if") if scale[key]}
    return {
        "code": scale["code"],
        "name": said(name),
        "description": said(scale["description"], name),
        "model": scale["model"],
        "format": scale["format"],
        **later,
        "items": [_item_out(item, name, said) for item in scale["items"]],
    }


def _item_out(item: Content, scale_name: Content, said: Any) -> Content:
    keys = ("reverse", "short", "format", "expect", "show_if", "lineage")
    # a number may be 0, which is an answer
    later = {key: item[key] for key in keys if item[key] not in (None, False, "")}
    if item["texts"]:
        later["texts"] = {one["form"]: said(one["text"]) for one in item["texts"]}
    return {
        "code": item["code"],
        **later,
        "facet": said(item["facet"], scale_name),
        "text": said(item["text"]),
    }


def _form(code: str, form: Mapping[str, Any]) -> Content:
    return {
        "code": code,
        "name": _text(form.get("name")),
        "words": [
            {"slot": str(slot), "text": _text(word)}
            for slot, word in _mapping(form.get("words")).items()
        ],
        "leave_out": _lines(form.get("leave_out")),
    }


def _format(code: str, format: Mapping[str, Any]) -> Content:
    kind = _one_of(format.get("kind"), ANSWER_KINDS)
    labels = _list(format.get("options" if kind == "choice" else "labels"))
    return {
        "code": code,
        "kind": kind,
        "low": _integer(format.get("low"), 1),
        "high": _integer(format.get("high"), 5),
        "not_applicable": format.get("not_applicable") is True,
        "labels": [_text(label) for label in labels[:100]],
        "unit": _text(format.get("unit")),
        "longest": _integer(format.get("longest"), 1000),
    }


def _scales(scales: Sequence[Any]) -> list[Content]:
    made: list[Content] = []
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    codes: list[str] = []
    for one in map(_mapping, scales):
        code = free_code(line(one.get("code")), codes, "S")
        codes.append(code)
        items = []
        for item in map(_mapping, _list(one.get("items"))):
            items.append(_item(item, free_code(line(item.get("code")), taken, code)))
            taken.add(items[-1]["code"])
            renamed.setdefault(line(item.get("code")), items[-1]["code"])
        made.append(_scale(one, code, items))
    for scale in made:
        for part in (scale, *scale["items"]):
            if part["show_if"]:
                asked = part["show_if"]["item"]
                part["show_if"]["item"] = renamed.get(asked, asked)
    return made


def _scale(scale: Mapping[str, Any], code: str, items: list[Content]) -> Content:
    referent = scale.get("referent")
    return {
        "code": code,
        "name": _text(scale.get("name")),
        "description": _text(scale.get("description")),
        "model": _one_of(scale.get("model"), MODELS),
        "format": line(scale.get("format")),
        "referent": referent if referent in REFERENTS else None,
        "show_if": _condition(scale.get("show_if")),
        "items": items,
    }


def _item(item: Mapping[str, Any], code: str) -> Content:
    expect = item.get("expect")
    return {
        "code": code,
        "text": _text(item.get("text")),
        "facet": _text(item.get("facet")),
        "reverse": item.get("reverse") is True,
        "short": item.get("short") is True,
        "format": line(item.get("format")) or None,
        "expect": None if expect is None else _integer(expect, 0),
        "show_if": _condition(item.get("show_if")),
        "lineage": line(item.get("lineage")) or None,
        "texts": [
            {"form": str(form), "text": _text(wording)}
            for form, wording in _mapping(item.get("texts")).items()
        ],
    }


def _condition(value: object) -> Content | None:
    found = _mapping(value)
    if not found:
        return None
    codes = [one for one in _list(found.get("in")) if isinstance(one, int)]
    return {"item": line(found.get("item")), "in": codes}


def _text(value: object) -> Content:
    found = _mapping(value)
    return {language: line(found.get(language)) for language in LANGUAGES}


def _lines(value: object) -> list[str]:
    return list(dict.fromkeys(filter(None, map(line, _list(value)))))


def _languages(value: object) -> list[str]:
    named = _list(value)
    return [one for one in LANGUAGES if one in named] or list(LANGUAGES)


def _one_of(value: object, allowed: Sequence[str]) -> str:
    """`value`, or the first of `allowed`."""
    return value if isinstance(value, str) and value in allowed else allowed[0]


def _integer(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
