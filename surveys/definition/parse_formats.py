"""The response formats of a questionnaire document."""

import re
from collections.abc import Callable, Mapping
from typing import cast

from surveys.definition.questionnaire import ANSWER_KINDS, AnswerKind, ResponseFormat
from surveys.definition.reader import Reader
from surveys.definition.text import LANGUAGES, Text

MOST_POINTS = 11
# With more points than this a label under every point cannot be read on a phone.
MOST_LABELLED_POINTS = 7
MOST_OPTIONS = 40
# What fits a smallint with room below and above.
LARGEST_NUMBER = 32_000
LONGEST_ANSWER = 4_000  # as comment_is_bounded in the database

_NAME = re.compile(r"\S{1,40}")
_KEYS: Mapping[AnswerKind, frozenset[str]] = {
    "rating": frozenset({"kind", "low", "high", "labels", "not_applicable"}),
    "choice": frozenset({"kind", "options", "not_applicable"}),
    "number": frozenset({"kind", "low", "high", "unit", "not_applicable"}),
    "text": frozenset({"kind", "longest"}),
}
_ANY_KEY = frozenset[str]().union(*_KEYS.values())


def read_formats(top: Reader) -> dict[str, ResponseFormat]:
    """Formats by code, in the order of the document."""
    return {
        code: _format(code, reader)
        for code, reader in top.named("formats", _ANY_KEY, _NAME).items()
    }


def _format(code: str, reader: Reader) -> ResponseFormat:
    kind: AnswerKind = "rating"
    if reader.has("kind"):
        kind = cast(AnswerKind, reader.choice("kind", ANSWER_KINDS))
    for key in reader.data:
        if key not in _KEYS[kind]:
            allowed = ", ".join(sorted(_KEYS[kind]))
            reader.fail("unknown_key", key=key, allowed=allowed)
    return _READERS[kind](code, reader)


def _rating(code: str, reader: Reader) -> ResponseFormat:
    low, high = reader.integer("low", -100, 100), reader.integer("high", -100, 100)
    check_points(reader, low, high)
    labels = reader.texts("labels")
    check_labels(reader, high - low + 1, labels)
    return ResponseFormat(code, low, high, labels, reader.flag("not_applicable"))


def _choice(code: str, reader: Reader) -> ResponseFormat:
    options = reader.texts("options")
    check_options(reader, "options", options)
    aside = reader.flag("not_applicable", default=False)
    return ResponseFormat(code, 1, len(options), options, aside, kind="choice")


def _number(code: str, reader: Reader) -> ResponseFormat:
    low, high = check_limits(reader)
    aside = reader.flag("not_applicable", default=False)
    unit = reader.text("unit") if reader.has("unit") else None
    return ResponseFormat(code, low, high, (), aside, kind="number", unit=unit)


def _text(code: str, reader: Reader) -> ResponseFormat:
    longest = reader.integer("longest", 1, LONGEST_ANSWER)
    return ResponseFormat(code, 0, 0, (), False, kind="text", longest=longest)


_READERS: Mapping[AnswerKind, Callable[[str, Reader], ResponseFormat]] = {
    "rating": _rating,
    "choice": _choice,
    "number": _number,
    "text": _text,
}


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
    _refuse_equal(reader, "labels", labels)


def check_options(reader: Reader, key: str, options: tuple[Text, ...]) -> None:
    """Refuse fewer than 2 or more than 40 options, or two that read the same."""
    if not 2 <= len(options) <= MOST_OPTIONS:
        reader.fail("option_count", key, options=len(options), most=MOST_OPTIONS)
    _refuse_equal(reader, key, options)


def check_limits(reader: Reader) -> tuple[int, int]:
    """Limits of a whole number: 0 <= low < high <= 32,000."""
    low = reader.integer("low", 0, LARGEST_NUMBER)
    return low, reader.integer("high", low + 1, LARGEST_NUMBER)


def _refuse_equal(reader: Reader, key: str, texts: tuple[Text, ...]) -> None:
    for language in LANGUAGES:
        reader.distinct(key, [text.in_(language) for text in texts])
