"""From a value of a file to a stored code, the way its item answers. Pure.

A coding is how the numbers of a column count the points: as here, one less (0 is the
first point), one more, or turned round. Texts are points by the table of texts.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

from surveys.brought.source import SourceColumn
from surveys.definition import NOT_APPLICABLE, NOT_SHOWN, SKIPPED, FormItem, Text
from surveys.people.mapping import plain

Coding = Literal["same", "from_zero", "from_one", "turned", "labels"]
CODINGS: tuple[Coding, ...] = get_args(Coding)
CODING_NAMES: Final[Mapping[str, Text]] = {
    "same": Text("as in this questionnaire", "与本问卷相同"),
    "from_zero": Text("one lower (the first point is 0)", "小一（第一点为 0）"),
    "from_one": Text("one higher (the first point is 1)", "大一（第一点为 1）"),
    "turned": Text("turned round (the highest is the first)", "反向（最高为第一点）"),
    "labels": Text("by the texts that the file gives", "依据文件给出的选项文字"),
}
REMEMBERED: Final = 10_000  # values of one column
OURS: Final = frozenset({SKIPPED, NOT_APPLICABLE, NOT_SHOWN})
_NUMBER = re.compile(r"(?:[A-Za-z]{1,3})?(-?[0-9]{1,5})(?:[.,]0+)?", re.ASCII)
# "1 = strongly disagree", "7 - 非常同意", "(3) agree"
_NUMBERED = re.compile(
    r"\(?(-?[0-9]{1,4})(?:\s*[=:.)–—-]\s*|\s+|(?=[\u4e00-\u9fff]))([^\W\d_].*)",
    re.DOTALL,
)
NOT_APPLICABLE_TEXTS: Final = frozenset(
    map(plain, ["not applicable", "n/a", "does not apply", "不适用", "没有这种情况"])
)
SKIPPED_TEXTS: Final = frozenset(
    plain(one)
    for one in (
        *("no answer", "skipped", "prefer not to say", "don't know", "not sure"),
        *("跳过", "未作答", "未回答", "无回答", "没有回答", "不知道", "不确定"),
    )
)
NOT_SHOWN_TEXTS: Final = frozenset(map(plain, ["not shown", "未显示", "not asked"]))


def written(cell: str) -> str:
    """A cell without what cannot be seen."""
    return unicodedata.normalize("NFKC", cell).strip()


def number_of(text: str) -> int | None:
    """Whole number that a cell says, with a letter before it (A4) or ``.0`` behind."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def turned(code: int, item: FormItem, coding: Coding) -> int | None:
    """Point of a number of the file, or None where the item does not offer it."""
    if coding == "from_zero":
        code += 1
    elif coding == "from_one":
        code -= 1
    elif coding == "turned":
        code = item.low + item.high - code
    return code if item.low <= code <= item.high else None


def points_of(item: FormItem) -> dict[str, int]:
    """Point by its label in either language, without case, spaces and marks."""
    if not item.labels:
        return {}
    ends = len(item.labels) == 2 and item.high - item.low > 1
    points = (item.low, item.high) if ends else range(item.low, item.high + 1)
    return {
        plain(label.in_(language)): point
        for point, label in zip(points, item.labels, strict=True)
        for language in ("en", "zh-hans")
        if label.in_(language)
    }


def text_code(text: str, item: FormItem) -> int | None:
    """Point of a text: its label, a number before a label, or a word for no answer."""
    key = plain(text)
    point = points_of(item).get(key)
    if point is not None:
        return point
    if key in NOT_SHOWN_TEXTS:
        return NOT_SHOWN
    if key in NOT_APPLICABLE_TEXTS:
        return NOT_APPLICABLE if item.not_applicable else SKIPPED
    if key in SKIPPED_TEXTS:
        return SKIPPED
    if numbered := _NUMBERED.fullmatch(text):
        point = int(numbered[1])
        # the label decides; without a known one the number does
        by_label = points_of(item).get(plain(numbered[2]))
        if by_label is not None:
            return by_label
        return point if item.low <= point <= item.high else None
    return None


class Codes(dict[str, int | None]):
    """Code of a cell of one item; None: no answer that the item offers.

    Parameters
    ----------
    texts : mapping
        Point of a text, as the owner says; plain text -> code.
    missing : collection of str
        What stands for a missing answer in every column.
    """

    def __init__(
        self,
        item: FormItem,
        coding: Coding,
        column: SourceColumn,
        *,
        texts: Mapping[str, int],
        missing: Collection[str],
    ) -> None:
        super().__init__()
        self._item, self._coding, self._column = item, coding, column
        self._missing, self._texts = frozenset(missing), texts

    def __missing__(self, cell: str) -> int | None:
        code = self._code(written(cell))
        # values of a hostile column may all differ
        if len(self) < REMEMBERED:
            self[cell] = code
        return code

    def _code(self, text: str) -> int | None:
        if not text or text in self._missing:
            return SKIPPED
        number, said = number_of(text), self._column.labels.get(text, "")
        if self._column.is_missing(text):
            why = text_code(said, self._item) if said else number
            return why if why in OURS else SKIPPED
        if number is not None:
            if number in OURS and text.lstrip("-").isdigit():
                return number
            if self._coding == "labels":
                return self._of_text(said) if said else None
            return turned(number, self._item, self._coding)
        return self._of_text(text)

    def _of_text(self, text: str) -> int | None:
        known = self._texts.get(plain(text))
        return text_code(text, self._item) if known is None else known
