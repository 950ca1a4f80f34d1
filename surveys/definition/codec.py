"""Submitted fields to answer codes in form order, and back; exact or refused."""

import re
from collections.abc import Mapping, Sequence

from surveys.definition.errors import AnswerError
from surveys.definition.form import Form, FormItem

SKIPPED = -1
NOT_APPLICABLE = -2
NOT_SHOWN = -3
# What a browser sends for "not applicable".
NOT_APPLICABLE_VALUE = "na"
# Fields of the page that are no answers: the comment box and the language buttons.
OTHER_FIELDS = frozenset({"comment", "switch"})

_NUMBER = re.compile(r"0|[1-9][0-9]?", re.ASCII)


def decode_answers(form: Form, submitted: Mapping[str, str]) -> tuple[int, ...]:
    """Codes in form order: the point as shown, -1 skipped, -2 not applicable.

    Raises
    ------
    AnswerError
        At the first field that is no item of `form`, or whose value the item does not
        offer. Nothing is rounded, trimmed or guessed.
    """
    known = {item.code for item in form.items}
    for name, value in submitted.items():
        if name not in known and name not in OTHER_FIELDS:
            raise AnswerError("unknown_item", item=name, value=value)
    return tuple(_decode(item, submitted.get(item.code)) for item in form.items)


def _decode(item: FormItem, value: str | None) -> int:
    if value is None:
        return SKIPPED
    if value == NOT_APPLICABLE_VALUE:
        if not item.not_applicable:
            raise AnswerError("no_not_applicable", item=item.code, value=value)
        return NOT_APPLICABLE
    if _NUMBER.fullmatch(value) and item.low <= int(value) <= item.high:
        return int(value)
    raise AnswerError("bad_answer", item=item.code, value=value)


def encode_answers(form: Form, codes: Sequence[int]) -> dict[str, str]:
    """Fields a browser would send for `codes`; skipped items are left out.

    Inverse of `decode_answers`. A code that no page can send, such as -3 (not shown),
    is an `AnswerError`.
    """
    if len(codes) != form.item_count:
        raise AnswerError(
            "wrong_length", item=str(form.item_count), value=str(len(codes))
        )
    return {
        item.code: _encode(item, code)
        for item, code in zip(form.items, codes, strict=True)
        if code != SKIPPED
    }


def _encode(item: FormItem, code: int) -> str:
    if code == NOT_APPLICABLE:
        if not item.not_applicable:
            raise AnswerError("no_not_applicable", item=item.code, value=str(code))
        return NOT_APPLICABLE_VALUE
    if item.low <= code <= item.high:
        return str(code)
    raise AnswerError("bad_answer", item=item.code, value=str(code))
