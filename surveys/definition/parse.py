"""YAML, or the mapping it holds, to a `Questionnaire`; refuses whatever is unclear."""

import re
from collections.abc import Hashable, Mapping
from typing import Any, cast

import yaml

from surveys.definition.errors import DefinitionError
from surveys.definition.questionnaire import (
    EVIDENCE_LEVELS,
    KINDS,
    MODELS,
    Item,
    Kind,
    Model,
    Questionnaire,
    ResponseFormat,
    Scale,
)
from surveys.definition.reader import Reader
from surveys.definition.referents import PLACEHOLDER
from surveys.definition.text import LANGUAGES, Text

LARGEST_DOCUMENT = 5_000_000
MOST_POINTS = 11
# With more points than this a label under every point cannot be read on a phone.
MOST_LABELLED_POINTS = 7
LICENCE = "CC BY 4.0"
NATIVE_REVIEW = ("owed", "done")

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
    }
)
_SCALE = frozenset({"code", "name", "description", "model", "format", "items"})
_ITEM = frozenset({"code", "text", "reverse", "facet", "short"})
_FORMAT = frozenset({"low", "high", "labels", "not_applicable"})
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


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
    formats = _formats(top)
    return Questionnaire(
        code=top.code(),
        version=top.integer("version", 1, 1_000_000),
        kind=cast(Kind, top.choice("kind", KINDS)),
        name=top.text("name"),
        description=top.text("description"),
        theory=top.text("theory"),
        covers=top.strings("covers", empty=True),
        nearest_published=top.strings("nearest_published", empty=True),
        known_risks=top.texts("known_risks", empty=True),
        evidence_level=top.choice("evidence_level", EVIDENCE_LEVELS),
        native_review=top.choice("native_review", NATIVE_REVIEW),
        languages=_languages(top),
        licence=top.choice("licence", (LICENCE,)),
        scales=_scales(top, formats),
    )


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
    for language in LANGUAGES:
        if language not in named:
            top.fail("missing_language", "languages", language=language)
    return named


def _formats(top: Reader) -> dict[str, ResponseFormat]:
    named = top.get("formats")
    if not isinstance(named, Mapping) or not named:
        top.fail("empty", "formats")
    return {
        str(code): _format(
            str(code),
            Reader.at(value, _FORMAT, where=f"formats.{code}", source=top.source),
        )
        for code, value in named.items()
    }


def _format(code: str, reader: Reader) -> ResponseFormat:
    low = reader.integer("low", -100, 100)
    high = reader.integer("high", -100, 100)
    check_points(reader, low, high)
    labels = reader.texts("labels")
    check_labels(reader, high - low + 1, labels)
    return ResponseFormat(code, low, high, labels, reader.flag("not_applicable"))


def check_points(reader: Reader, low: int, high: int) -> None:
    """Refuse a range that does not start at 0 or 1 or has not 2 to 11 points."""
    points = high - low + 1
    if low not in (0, 1) or not 2 <= points <= MOST_POINTS:
        reader.fail("bad_points", low=low, high=high, points=max(points, 0))


def check_labels(reader: Reader, points: int, labels: tuple[Text, ...]) -> None:
    """Refuse labels that are neither one a point nor the two ends of a long range."""
    ends_alone = points > MOST_LABELLED_POINTS and len(labels) == 2
    if len(labels) != points and not ends_alone:
        reader.fail("label_count", "labels", labels=len(labels), points=points)
    for language in LANGUAGES:
        reader.distinct("labels", [label.in_(language) for label in labels])


def _scales(top: Reader, formats: Mapping[str, ResponseFormat]) -> tuple[Scale, ...]:
    readers = top.children("scales", _SCALE)
    scales = tuple(_scale(reader, formats) for reader in readers)
    _refuse_second(readers, [scale.code for scale in scales])
    item_readers = [
        item for scale in readers for item in scale.children("items", _ITEM)
    ]
    _refuse_second(item_readers, [i.code for scale in scales for i in scale.items])
    for code in formats:
        if all(scale.format.code != code for scale in scales):
            top.fail("unused_format", f"formats.{code}", value=code)
    return scales


def _refuse_second(
    readers: tuple[Reader, ...] | list[Reader], codes: list[str]
) -> None:
    for index, (reader, code) in enumerate(zip(readers, codes, strict=True)):
        if code in codes[:index]:
            reader.fail("duplicate", "code", value=code)


def _scale(reader: Reader, formats: Mapping[str, ResponseFormat]) -> Scale:
    used = reader.string("format")
    if used not in formats:
        allowed = ", ".join(formats)
        reader.fail("unknown_format", "format", value=used, allowed=allowed)
    model = cast(Model, reader.choice("model", MODELS))
    return Scale(
        code=reader.code(),
        name=reader.text("name"),
        description=reader.text("description"),
        model=model,
        format=formats[used],
        items=tuple(_item(item, model) for item in reader.children("items", _ITEM)),
    )


def _item(reader: Reader, model: Model) -> Item:
    reverse = reader.flag("reverse", default=False)
    if reverse and model != "reflective":
        reader.fail("reverse_outside_reflective", "reverse", model=model)
    text = reader.text("text")
    _check_placeholders(reader, text)
    return Item(
        code=reader.code(),
        text=text,
        reverse=reverse,
        facet=reader.text("facet"),
        short=reader.flag("short", default=False),
    )


def _check_placeholders(reader: Reader, text: Text) -> None:
    for language in LANGUAGES:
        for found in _BRACES.findall(text.in_(language)):
            if found not in {"{referent}", "{Referent}"}:
                reader.fail("unknown_placeholder", f"text.{language}", value=found)
    if bool(PLACEHOLDER.search(text.en)) != bool(PLACEHOLDER.search(text.zh_hans)):
        reader.fail("placeholder_mismatch", "text")


def read_yaml(document: str, *, source: str) -> Any:
    """Plain data of a YAML text; duplicate keys and aliases are refused."""
    if len(document) > LARGEST_DOCUMENT:
        params = {"size": len(document), "limit": LARGEST_DOCUMENT}
        raise DefinitionError("too_large", source=source, params=params)
    try:
        return yaml.load(document, Loader=_StrictLoader)  # noqa: S506, a SafeLoader
    except _Refused as refused:
        raise DefinitionError(
            refused.code,
            where=_line(refused.mark),
            source=source,
            params={"key": refused.key},
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        raise DefinitionError(
            "not_yaml", where=_line(mark), source=source, params={"problem": problem}
        ) from error


def _line(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


class _Refused(Exception):
    """Carries a place out of the loader; never leaves this module."""

    def __init__(self, code: str, mark: yaml.Mark, key: object = "") -> None:
        self.code = code
        self.mark = mark
        self.key = key
        super().__init__(code)


class _StrictLoader(yaml.SafeLoader):
    """The safe loader without aliases (bombs) and without silently lost keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _Refused("alias", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise _Refused("duplicate_key", key_node.start_mark, key)
            if isinstance(key, Hashable):
                seen.add(key)
        return super().construct_mapping(node, deep)
