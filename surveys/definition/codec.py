"""Submitted fields to answer codes in form order, and back; exact or refused."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from surveys.definition.conditions import all_met
from surveys.definition.errors import AnswerError
from surveys.definition.form import Form, FormItem

SKIPPED = -1
NOT_APPLICABLE = -2
NOT_SHOWN = -3
# Only where answers of several versions stand together: this version had no such item.
NOT_ASKED = -4
# What a browser sends for "not applicable".
NOT_APPLICABLE_VALUE = "na"
# Fields of the page that are no answers: the comment box and the language buttons.
OTHER_FIELDS = frozenset({"comment", "switch"})
# The turn that a browser drew, where respondents draw; without it everything is asked.
TURN_FIELD = "turn"

_NUMBER = re.compile(r"0|[1-9][0-9]{0,4}", re.ASCII)


def decode_answers(form: Form, submitted: Mapping[str, str]) -> tuple[int, ...]:
    """Codes in form order: the point as shown, -1 skipped, -2 not applicable.

    A question whose condition is not met, or that this turn of a rotation does not ask,
    is -3, whatever was sent for it.

    Raises
    ------
    AnswerError
        At the first field that is no question of `form`, or whose value the item does
        not offer. Nothing is rounded or guessed; only what was typed is trimmed.
    """
    known = {question.code for question in form.questions} | OTHER_FIELDS
    if form.drawn:
        known |= {TURN_FIELD}
    for name, value in submitted.items():
        if name not in known:
            raise AnswerError("unknown_item", item=name, value=value)
    given: dict[str, int] = {}
    away = _away(form, submitted.get(TURN_FIELD))
    for item in form.items:
        shown = item.code not in away and all_met(item.show_if, given)
        given[item.code] = (
            _decode(item, submitted.get(item.code)) if shown else NOT_SHOWN
        )
    return tuple(given.values())


def _away(form: Form, turn: str | None) -> frozenset[str]:
    """What this respondent was not asked."""
    if not form.drawn or turn is None:
        return form.away
    if not _NUMBER.fullmatch(turn) or int(turn) >= len(form.rotation):
        raise AnswerError("bad_answer", item=TURN_FIELD, value=turn)
    return form.away_at(int(turn))


def decode_texts(
    form: Form, submitted: Mapping[str, str], codes: Sequence[int]
) -> dict[str, str]:
    """Free texts by question; without those left empty or not shown.

    Parameters
    ----------
    codes : sequence of int
        What `decode_answers` made of the same fields.

    Raises
    ------
    AnswerError
        A text is longer than its question allows.
    """
    given = dict(zip((item.code for item in form.items), codes, strict=True))
    found = {}
    for question in form.texts:
        text = clean(submitted.get(question.code, ""))
        if not text or not all_met(question.show_if, given):
            continue
        if len(text) > question.longest:
            raise AnswerError(
                "long_text",
                item=question.code,
                value=str(len(text)),
                high=question.longest,
            )
        found[question.code] = text
    return found


def clean(text: str) -> str:
    """A typed text without the space around it, and with line ends of one kind.

    A browser counts a line end as one character and sends two; PostgreSQL stores no
    NUL.
    """
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def _decode(item: FormItem, value: str | None) -> int:
    if value is None:
        return SKIPPED
    if value == NOT_APPLICABLE_VALUE:
        if not item.not_applicable:
            raise AnswerError("no_not_applicable", item=item.code, value=value)
        return NOT_APPLICABLE
    if item.kind == "number":
        return _decode_number(item, value)
    if _NUMBER.fullmatch(value) and item.low <= int(value) <= item.high:
        return int(value)
    raise AnswerError("bad_answer", item=item.code, value=value)


def _decode_number(item: FormItem, value: str) -> int:
    """A number is typed: spaces around it and full-width digits are meant well."""
    typed = unicodedata.normalize("NFKC", value).strip()
    if not typed:
        return SKIPPED
    if _NUMBER.fullmatch(typed) and item.low <= int(typed) <= item.high:
        return int(typed)
    limits = {"low": item.low, "high": item.high}
    raise AnswerError("bad_number", item=item.code, value=value, **limits)


def encode_answers(form: Form, codes: Sequence[int]) -> dict[str, str]:
    """Fields a browser would send for `codes`; skipped and hidden items are left out.

    Inverse of `decode_answers`. Codes that no page can send, such as -3 (not shown) for
    an item that is shown, are an `AnswerError`.
    """
    if len(codes) != form.item_count:
        raise AnswerError(
            "wrong_length", item=str(form.item_count), value=str(len(codes))
        )
    given = dict(zip((item.code for item in form.items), codes, strict=True))
    found = _turn_of(form, given)
    away = _away(form, found.get(TURN_FIELD))
    for item, code in zip(form.items, codes, strict=True):
        if item.code in away or not all_met(item.show_if, given):
            if code != NOT_SHOWN:
                raise AnswerError("bad_answer", item=item.code, value=str(code))
        elif code != SKIPPED:
            found[item.code] = _encode(item, code)
    return found


def _turn_of(form: Form, given: Mapping[str, int]) -> dict[str, str]:
    """The field of a turn that was drawn: the one that leaves out what is not shown."""
    if not form.drawn:
        return {}
    # what a rotation moves has no conditions: not shown means away
    moved = frozenset(code for turn in form.rotation for code in turn.away)
    hidden = {code for code in moved if given[code] == NOT_SHOWN}
    for number in range(len(form.rotation)):
        if hidden and form.away_at(number) == hidden:
            return {TURN_FIELD: str(number)}
    return {}


def _encode(item: FormItem, code: int) -> str:
    if code == NOT_APPLICABLE:
        if not item.not_applicable:
            raise AnswerError("no_not_applicable", item=item.code, value=str(code))
        return NOT_APPLICABLE_VALUE
    if item.low <= code <= item.high:
        return str(code)
    raise AnswerError("bad_answer", item=item.code, value=str(code))
