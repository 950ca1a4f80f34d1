"""Answer formats of a file: ratings, choices, numbers and texts as in the YAML."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from surveys.definition.parse_formats import (
    LARGEST_NUMBER,
    LONGEST_ANSWER,
    MOST_LABELLED_POINTS,
    MOST_OPTIONS,
    MOST_POINTS,
)
from surveys.interchange.raw import Question, Raw
from surveys.interchange.wording import Wording

_WHOLE = re.compile(r"[0-9]{1,4}")
# Fewer equal lists of words than this are taken for single choices.
_LEAST_POINTS, _LEAST_WORDS = 3, 4
_LEAST_NUMBERED_USES, _LEAST_WORDED_USES = 2, 3
_SHOWN = 4
_LONGEST_DEFAULT = 1000

Signature = tuple[object, ...]


def signature(question: Question) -> Signature:
    """What two questions answered alike have in common."""
    options = tuple((o.name, *sorted(o.labels.items())) for o in question.options)
    aside = question.not_applicable
    return (question.kind, options, aside, question.low, question.high)


def points_of(question: Question) -> list[int] | None:
    """Codes of the options where they are numbered without a gap from 0 or 1."""
    if not all(_WHOLE.fullmatch(option.name) for option in question.options):
        return None
    codes = [int(option.name) for option in question.options]
    first = min(codes, default=-1)
    whole = sorted(codes) == list(range(first, first + len(codes)))
    return codes if first in (0, 1) and whole else None


def decide_kinds(raw: Raw) -> None:
    """Say of every list of options whether it is a rating or a choice."""
    questions = [q for section in raw.sections for q in section.questions]
    uses = Counter(signature(q) for q in questions if q.kind is None)
    told: set[Signature] = set()
    for question in questions:
        if question.kind is not None or not question.options:
            continue
        number = len(question.options)
        mark = signature(question)
        if points_of(question) is not None:
            many = uses[mark] >= _LEAST_NUMBERED_USES and number >= _LEAST_POINTS
        else:
            many = uses[mark] >= _LEAST_WORDED_USES and number >= _LEAST_WORDS
            if many and number <= MOST_POINTS and mark not in told:
                told.add(mark)
                name = question.options_name or question.name
                raw.note("taken_as_rating", question.where, name=name)
        question.kind = "rating" if many and number <= MOST_POINTS else "choice"


def askable(raw: Raw, question: Question) -> bool:
    """Whether a format can be made of it; notes why not."""
    number = len(question.options)
    if question.kind == "rating":
        fits = 2 <= number <= MOST_POINTS
    elif question.kind == "choice":
        fits = 2 <= number <= MOST_OPTIONS
    else:
        return True
    if not fits:
        kind = f"{question.kind}: {number}"
        name = question.name
        raw.note("unsupported_type", question.where, name=name, type=kind)
    return fits


def option_codes(question: Question) -> dict[str, int]:
    """From the name of an option in the file to the code stored for it."""
    numbered = points_of(question)
    if question.kind == "choice":
        # a choice is coded 1..n in its order, whatever its options are called
        numbered = None
    if numbered is None:
        return {o.name: n for n, o in enumerate(question.options, start=1)}
    return {o.name: n for o, n in zip(question.options, numbered, strict=True)}


def note_recoding(raw: Raw, question: Question) -> None:
    """Note where stored codes differ from the names in the file."""
    codes = option_codes(question)
    changed = [name for name, code in codes.items() if name != str(code)]
    if changed:
        examples = ", ".join(changed[:_SHOWN])
        raw.note(
            "options_recoded",
            question.where,
            name=question.options_name or question.name,
            number=len(codes),
            examples=examples,
        )


def format_data(
    raw: Raw, question: Question, hint: Mapping[str, Any], wording: Wording
) -> dict[str, Any]:
    """Format of `question` as in the YAML.

    `hint` is what this product wrote of the format, for what a file cannot say.
    """
    aside = question.not_applicable
    match question.kind:
        case "rating":
            return _rating(question, hint, wording)
        case "choice":
            options = [wording.of(option.labels) for option in question.options]
            return {"kind": "choice", "not_applicable": aside, "options": options}
        case "number":
            low, high = _limits(raw, question)
            unit = {"unit": wording.of(question.unit)} if question.unit else {}
            aside = aside or hint.get("not_applicable") is True
            limits = {"low": low, "high": high}
            return {"kind": "number", **limits, **unit, "not_applicable": aside}
        case _:
            longest = question.longest or _LONGEST_DEFAULT
            return {"kind": "text", "longest": min(max(longest, 1), LONGEST_ANSWER)}


def _rating(
    question: Question, hint: Mapping[str, Any], wording: Wording
) -> dict[str, Any]:
    codes = option_codes(question)
    ordered = sorted(question.options, key=lambda option: codes[option.name])
    inner = ordered[1:-1]
    bare = all(
        not any(o.labels.values()) or set(o.labels.values()) == {o.name} for o in inner
    )
    ends = hint.get("ends", bare) is True and bare
    if ends and len(ordered) > MOST_LABELLED_POINTS:
        ordered = [ordered[0], ordered[-1]]
    low = min(codes.values())
    return {
        "low": low,
        "high": low + len(codes) - 1,
        "not_applicable": question.not_applicable,
        "labels": [wording.of(option.labels) for option in ordered],
    }


def _limits(raw: Raw, question: Question) -> tuple[int, int]:
    low = 0 if question.low is None else min(max(question.low, 0), LARGEST_NUMBER - 1)
    high = LARGEST_NUMBER if question.high is None else question.high
    high = min(max(high, low + 1), LARGEST_NUMBER)
    if (low, high) != (question.low, question.high):
        name = question.name
        raw.note("limits_changed", question.where, name=name, low=low, high=high)
    return low, high
