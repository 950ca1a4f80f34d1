"""What can be wrong with a list of people or a row of it: what, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from surveys.definition import DefinitionError, Text

SHOWN_VALUE = 60  # characters

_SENTENCES: Mapping[str, Text] = {
    "empty": Text(
        "The file is empty; its first row has to name the columns.",
        "文件为空；第一行须为列名。",
    ),
    "too_large": Text(
        "The file is larger than {most} MB; split it.",
        "文件大于 {most} MB；请拆分。",
    ),
    "too_many_columns": Text(
        "The table has {number} columns; the limit is {most}.",
        "表格有 {number} 列；上限为 {most} 列。",
    ),
    "too_many_rows": Text(
        "The list has more than {most} rows; split it.",
        "名单超过 {most} 行；请拆分。",
    ),
    "too_many_units": Text(
        "The list names more than {most} different units; is the right column chosen?",
        "名单中有超过 {most} 个不同的部门；所选的列是否正确？",
    ),
    "workbook": Text(
        "The workbook cannot be read; save the list as .xlsx again or as CSV.",
        "无法读取该工作簿；请重新另存为 .xlsx 或 CSV。",
    ),
    "workbook_large": Text(
        "The workbook is too large for this site; save the list as CSV.",
        "该工作簿过大；请将名单另存为 CSV。",
    ),
    "not_a_list": Text(
        "This is neither CSV nor .xlsx; save the list as one of them.",
        "该文件既不是 CSV 也不是 .xlsx；请另存为其中之一。",
    ),
    "changed_meanwhile": Text(
        "Somebody changed the same people at this moment; nothing was imported."
        " Check the list again.",
        "此刻有人修改了同样的人员；未导入任何内容。请重新检查名单。",
    ),
    "stopped": Text(
        "The work on this list stopped unexpectedly; nothing was imported. Try again.",
        "名单的处理意外中断；未导入任何内容。请重试。",
    ),
}


class ListError(DefinitionError):
    """A list of people cannot be used as a whole; one sentence in either language."""

    sentences: ClassVar[Mapping[str, Text]] = _SENTENCES


# Of a row, by code: what is wrong, and what to do about it.
WRONG: Mapping[str, tuple[Text, Text]] = {
    "quote": (
        Text("A quotation mark is opened and not closed.", "引号有开无合。"),
        Text("Close or remove the quotation mark.", "请补上或删除该引号。"),
    ),
    "cells": (
        Text(
            "The row has {value} cells, unlike the first row.",
            "该行有 {value} 个单元格，与首行不一致。",
        ),
        Text(
            "Add what is missing; put texts with separators into quotation marks.",
            "请补全；含分隔符的文字请加引号。",
        ),
    ),
    "encoding": (
        Text(
            "Characters of “{value}” cannot be read.", "“{value}”中有无法识别的字符。"
        ),
        Text(
            "Save the list in UTF-8, or choose another encoding.",
            "请将名单另存为 UTF-8，或选择其他编码。",
        ),
    ),
    "formula": (
        Text(
            "“{value}” begins like a formula.",
            "“{value}”的开头像公式。",
        ),
        Text("Replace it by its value.", "请替换为其数值或文字。"),
    ),
    "too_long": (
        Text("“{value}” is too long.", "“{value}”过长。"),
        Text("Shorten it.", "请缩短。"),
    ),
    "email": (
        Text("“{value}” is no e-mail address.", "“{value}”不是电子邮箱地址。"),
        Text("Correct the address or leave it empty.", "请更正地址或留空。"),
    ),
    "language": (
        Text("“{value}” is no language of this site.", "“{value}”不是本站支持的语言。"),
        Text("Write en or zh, or leave it empty.", "请填写 en 或 zh，或留空。"),
    ),
    "nobody": (
        Text(
            "There is neither a number nor an e-mail address.", "既无编号也无电子邮箱。"
        ),
        Text(
            "Give one of them: people are told apart by it.",
            "请至少填写一项：人员据此区分。",
        ),
    ),
    "same_person": (
        Text("This is the same person as in row {value}.", "与第 {value} 行为同一人。"),
        Text("Keep one of the two rows.", "请只保留其中一行。"),
    ),
    "same_email": (
        Text("Row {value} has the same address.", "第 {value} 行的地址与此相同。"),
        Text("Correct the address in one of the rows.", "请更正其中一行的地址。"),
    ),
    "email_of_other": (
        Text("The address belongs to {value}.", "该地址属于 {value}。"),
        Text(
            "Correct the address or the number, here or at the other person.",
            "请更正此处或对方的地址或编号。",
        ),
    ),
    "unit_unknown": (
        Text("There is no unit “{value}”.", "没有部门“{value}”。"),
        Text(
            "Add the unit, correct its name, or let new units be made.",
            "请添加该部门、更正名称，或允许新建部门。",
        ),
    ),
    "unit_ambiguous": (
        Text("Several units are called “{value}”.", "有多个部门名为“{value}”。"),
        Text(
            "Write the whole path, such as HQ / Sales.",
            "请填写完整路径，如 总部 / 销售。",
        ),
    ),
    "unit_cycle": (
        Text(
            "Above “{value}” the units go round in a circle.",
            "“{value}”的上级部门形成了循环。",
        ),
        Text("Correct the unit above.", "请更正上级部门。"),
    ),
    "unit_two_parents": (
        Text(
            "The unit “{value}” stands below another unit in an earlier row.",
            "在前面的行中，部门“{value}”属于另一个上级。",
        ),
        Text("Name the same unit above in all rows.", "请在各行填写相同的上级部门。"),
    ),
    "unit_too_long": (
        Text("The unit “{value}” has too long a name.", "部门“{value}”的名称过长。"),
        Text("Shorten it to 200 characters.", "请缩短到 200 个字符以内。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a row; `column` is a role, or the title of a column."""

    line: int
    code: str
    column: str
    value: str

    def what(self, language: str) -> str:
        return WRONG[self.code][0].in_(language).replace("{value}", self.value)

    def to_do(self, language: str) -> str:
        return WRONG[self.code][1].in_(language)


def shown(value: str) -> str:
    """A value as a finding names it: short, on one line."""
    held = "".join(c if c.isprintable() else " " for c in value)
    plain = " ".join(held.split())
    return plain if len(plain) <= SHOWN_VALUE else plain[: SHOWN_VALUE - 1] + "…"
