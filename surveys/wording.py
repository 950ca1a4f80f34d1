"""Rows of wording that somebody may use: a table of items, uploaded or pasted.

One row an item. The first row names the columns: `item` (code), `scale` (dimension),
`keyed` (1 or -1) and `text_en`, `text_zh`; other names that people use are understood,
other columns are ignored.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from surveys.definition import DefinitionError, Text

MOST_ROWS = 500
LONGEST_CODE = 16  # as surveys.definition allows
LONGEST_DOCUMENT = 400_000  # characters of a pasted table
LONGEST_CELL = 100_000  # characters
_SHOWN = 40  # characters of a cell that a sentence quotes

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("item", "code", "item_code", "id", "name", "题目编号", "编号"),
    "dimension": ("scale", "dimension", "subscale", "factor", "维度", "分量表"),
    "keyed": ("keyed", "key", "reverse", "reversed", "计分方向", "反向"),
    "en": ("text_en", "text", "wording", "wording_en", "english", "en"),
    "zh-hans": ("text_zh", "text_zh-hans", "text_zh_hans", "wording_zh", "中文", "zh"),
}
# A spreadsheet makes 1.0 of 1, and some write a real minus sign.
_KEYS: Mapping[str, bool] = {
    **dict.fromkeys(("-1", "-1.0", "−1", "-", "r", "reverse", "reversed"), True),
    **dict.fromkeys(("true", "yes", "是", "反向"), True),
    **dict.fromkeys(("", "1", "1.0", "+1", "+", "0", "0.0"), False),
    **dict.fromkeys(("false", "no", "否", "正向"), False),
}

_SENTENCES: Mapping[str, Text] = {
    "no_wording": Text(
        "There is no wording yet; upload a file or paste the rows.",
        "还没有题目文字；请上传文件或粘贴表格。",
    ),
    "not_a_table": Text(
        "This is no readable table ({problem}); save it as CSV and try again.",
        "无法读取为表格（{problem}）；请另存为 CSV 后重试。",
    ),
    "not_text": Text(
        "The file is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8.",
        "文件既不是 UTF-8 也不是 GB18030 文本；请另存为 UTF-8 编码的 CSV。",
    ),
    "too_large_file": Text(
        "The file is larger than {most} MB; no scale is that long.",
        "文件大于 {most} MB；没有这么长的量表。",
    ),
    "no_text_column": Text(
        "The first row names no column of texts; call one text_en or text_zh.",
        "第一行没有题目文字列的名称；请将其命名为 text_en 或 text_zh。",
    ),
    "same_column": Text(
        "Two columns of the first row mean the same ({first}, {second}); keep one.",
        "第一行有两列含义相同（{first}、{second}）；请只保留一列。",
    ),
    "too_many_rows": Text(
        "The table has more than {most} rows; no published scale is that long.",
        "表格超过 {most} 行；没有这么长的已发表量表。",
    ),
    "blank_code": Text(
        "Line {line} has no item code; write one.",
        "第 {line} 行没有题目编号；请填写。",
    ),
    "same_code": Text(
        "Line {line}: the code '{code}' stands in the table twice; change one.",
        "第 {line} 行：编号“{code}”在表中出现两次；请更改其一。",
    ),
    "blank_text": Text(
        "Line {line}: the item '{code}' has no wording; write it or remove the line.",
        "第 {line} 行：题目“{code}”没有文字；请填写或删除此行。",
    ),
    "bad_key": Text(
        "Line {line}: '{value}' is no key; write 1, or -1 for a reverse item.",
        "第 {line} 行：“{value}”不是计分方向；请写 1，反向题写 -1。",
    ),
}


class WordingError(DefinitionError):
    """A table of wording cannot be used; one sentence in either language."""

    sentences: ClassVar[Mapping[str, Text]] = _SENTENCES


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One item as the table has it.

    Attributes
    ----------
    line : int
        Row of the table, the names of the columns being line 1.
    code, dimension : str
        As written there; the dimension may be blank.
    text : Text
        Wording; blank in a language that the table does not have.
    """

    line: int
    code: str
    dimension: str
    reverse: bool
    text: Text


def read_rows(document: str) -> tuple[WordingRow, ...]:
    """Rows of a table whose cells are parted by commas, semicolons or tabs.

    Raises
    ------
    WordingError
        At the first row that cannot be used; the sentence names its line.
    """
    if len(document) > LONGEST_DOCUMENT:
        raise WordingError("too_many_rows", params={"most": MOST_ROWS})
    table = _table(document)
    if not table:
        raise WordingError("no_wording")
    columns = _columns(table[0])
    rows = [
        _row(line, cells, columns)
        for line, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise WordingError("no_wording")
    if len(rows) > MOST_ROWS:
        raise WordingError("too_many_rows", params={"most": MOST_ROWS})
    _refuse_second(rows)
    return tuple(rows)


def write_rows(rows: Iterable[WordingRow]) -> str:
    """CSV that `read_rows` reads back, without a column that is blank throughout."""
    known = list(rows)
    columns = ["item", "scale", "keyed"]
    columns += ["text_en"] if any(row.text.en for row in known) else []
    columns += ["text_zh"] if any(row.text.zh_hans for row in known) else []
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in known:
        writer.writerow(
            {
                "item": row.code,
                "scale": row.dimension,
                "keyed": -1 if row.reverse else 1,
                "text_en": row.text.en,
                "text_zh": row.text.zh_hans,
            }
        )
    return buffer.getvalue()


def decoded(data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 with its mark, or GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise WordingError("not_text")


def item_code(written: str) -> str:
    """Code by our rules for a code as somebody else writes it: q_1855 is Q-1855.

    What is too long, or loses letters, ends in a mark of what was written, so that two
    codes stay two.
    """
    code = plain_code(written)
    lost = any(c.isalnum() and not c.isascii() for c in written)
    if len(code) <= LONGEST_CODE and not lost:
        return code
    mark = sha256(written.casefold().encode()).hexdigest()[:4].upper()
    return f"{code[: LONGEST_CODE - 5].rstrip('-')}-{mark}"


def plain_code(written: str) -> str:
    """Capitals, digits and single hyphens for `written`, of any length."""
    code = re.sub(r"[^A-Z0-9]+", "-", written.upper()).strip("-")
    return code if code[:1].isalpha() else f"I{code}"


def separator(first_line: str) -> str:
    """What parts the cells of a table: the commonest of comma, semicolon and tab."""
    return max(",;\t", key=first_line.count)


def dimensions_of(rows: Sequence[WordingRow]) -> tuple[str, ...]:
    """Dimensions that the table names, in the order in which they come."""
    return tuple(dict.fromkeys(row.dimension for row in rows))


def _table(document: str) -> list[list[str]]:
    text = document.removeprefix("\ufeff").strip()
    first = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator(first)))
        # whatever limit the module csv has just now: a cell that never ends is none
        if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
            raise csv.Error(f"field larger than field limit ({LONGEST_CELL})")
    except csv.Error as problem:
        params: dict[str, object] = {"problem": problem}
        raise WordingError("not_a_table", params=params) from problem
    return rows


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Position of every column understood, by our name for it."""
    names = [cell.strip().casefold() for cell in header]
    found: dict[str, int] = {}
    for meaning, known in _COLUMNS.items():
        for at, name in enumerate(names):
            if name not in known:
                continue
            if meaning in found:
                twice = {"first": names[found[meaning]], "second": name}
                raise WordingError("same_column", params=twice)
            found[meaning] = at
    if "en" not in found and "zh-hans" not in found:
        raise WordingError("no_text_column")
    return found


def _row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> WordingRow:
    def cell(meaning: str) -> str:
        at = columns.get(meaning, len(cells))
        return " ".join(cells[at].split()) if at < len(cells) else ""

    code = cell("code") if "code" in columns else f"I{line - 1}"
    if not code:
        raise WordingError("blank_code", params={"line": line})
    text = Text(cell("en"), cell("zh-hans"))
    if not text.wordings:
        raise WordingError("blank_text", params={"line": line, "code": code[:_SHOWN]})
    keyed = cell("keyed").casefold()
    if keyed not in _KEYS:
        raise WordingError("bad_key", params={"line": line, "value": keyed[:_SHOWN]})
    return WordingRow(line, code, cell("dimension"), _KEYS[keyed], text)


def _refuse_second(rows: Sequence[WordingRow]) -> None:
    seen: set[str] = set()
    for row in rows:
        code = item_code(row.code)
        if code in seen:
            params = {"line": row.line, "code": row.code[:_SHOWN]}
            raise WordingError("same_code", params=params)
        seen.add(code)
