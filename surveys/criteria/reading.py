"""Dates and values as spreadsheets and CRM systems write them; what is unclear is refused."""

import math
import re
from datetime import date, datetime

from surveys.definition import Text
from surveys.models.criteria import LARGEST, Criterion

_YEAR_FIRST = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(
    r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII
)
YES = frozenset(["1", "1.0", "yes", "y", "true", "是", "有", "真"])
NO = frozenset(["0", "0.0", "no", "n", "false", "否", "无", "没有", "假"])

# Of a cell, by code: what is wrong and what to do.
WRONG: dict[str, Text] = {
    "number": Text("There is no number.", "没有编号。"),
    "date": Text(
        "“{value}” is no date that is clear; write the year first, as in 2026-03-31.",
        "“{value}”不是明确的日期；请先写年份，如 2026-03-31。",
    ),
    "future": Text(
        "“{value}” has not come yet.",
        "“{value}”尚未到来。",
    ),
    "yes_no": Text(
        "“{value}” is neither yes nor no; write 1 or 0.",
        "“{value}”既不是“是”也不是“否”；请填写 1 或 0。",
    ),
    "value": Text(
        "“{value}” is no number; write it with a point, as in 1234.5.",
        "“{value}”不是数字；小数请用点号，如 1234.5。",
    ),
    "cells": Text(
        "The row has another number of cells than the first row.",
        "该行的单元格数与首行不一致。",
    ),
    "quote": Text("A quotation mark is opened and not closed.", "引号有开无合。"),
    "unreadable": Text(
        "“{value}” holds characters that cannot be read; save the list in UTF-8.",
        "“{value}”中有无法识别的字符；请将名单另存为 UTF-8。",
    ),
}
SHOWN = 60  # characters of a value


class Unclear(ValueError):
    """A cell cannot be taken; `code` names the sentence."""

    def __init__(self, code: str, value: str = "") -> None:
        self.code = code
        self.value = value[:SHOWN]
        super().__init__(WRONG[code].en.format(value=self.value))

    def in_(self, language: str) -> str:
        return WRONG[self.code].in_(language).format(value=self.value)


def date_of(text: str, *, today: date) -> date:
    """Read a date with its year first; a time of day behind it is dropped.

    Raises
    ------
    Unclear
        Also of a date after `today`: what has not happened is no outcome.
    """
    found = _YEAR_FIRST.fullmatch(text.strip())
    if found is None:
        raise Unclear("date", text)
    year, *rest = found.groups()[:7]
    month, day = (int(one) for one in rest if one is not None)
    try:
        read = datetime(int(year), month, day).date()  # noqa: DTZ001, a day alone
    except ValueError:
        raise Unclear("date", text) from None
    if read > today:
        raise Unclear("future", text)
    return read


def value_of(text: str, kind: str) -> float:
    """Read a value of a criterion.

    Raises
    ------
    Unclear
    """
    plain = text.strip()
    if kind == Criterion.Kind.BINARY:
        if plain.casefold() in YES:
            return 1.0
        if plain.casefold() in NO:
            return 0.0
        raise Unclear("yes_no", text)
    if _NUMBER.fullmatch(plain) is None:
        raise Unclear("value", text)
    value = float(plain.replace(",", ""))
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise Unclear("value", text)
    return value
