"""What can be wrong with a file of answers or a row of it: what, and what to do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from surveys.definition import DefinitionError, Text

_SENTENCES: Mapping[str, Text] = {
    "empty": Text(
        "The file is empty; its first row has to name the columns.",
        "文件为空；第一行须为列名。",
    ),
    "no_rows": Text(
        "There is no row below the names of the columns; export the answers again.",
        "列名下方没有任何数据行；请重新导出答卷。",
    ),
    "too_large": Text(
        "The file is larger than {most} MB; split it.",
        "文件大于 {most} MB；请拆分。",
    ),
    "too_many_columns": Text(
        "The table has {number} columns; the limit is {most}. Leave out what is no"
        " answer.",
        "表格有 {number} 列；上限为 {most} 列。请删去与答案无关的列。",
    ),
    "too_many_rows": Text(
        "The table has more than {most} rows; split it.",
        "表格超过 {most} 行；请拆分。",
    ),
    "not_answers": Text(
        "This is no file of answers that is understood here; save it as CSV, .xlsx,"
        " .sav or .dta.",
        "无法识别该答卷文件；请另存为 CSV、.xlsx、.sav 或 .dta。",
    ),
    "encoding": Text(
        "The file cannot be read as {encoding}; choose another encoding.",
        "无法以 {encoding} 编码读取文件；请选择其他编码。",
    ),
    "workbook": Text(
        "The workbook cannot be read; save the answers as .xlsx again or as CSV.",
        "无法读取该工作簿；请将答卷重新另存为 .xlsx 或 CSV。",
    ),
    "workbook_large": Text(
        "The workbook is too large for this site; save the answers as CSV.",
        "该工作簿过大；请将答卷另存为 CSV。",
    ),
    "statistics": Text(
        "The {kind} file is damaged or of a version that is not understood; save it"
        " again, or as CSV.",
        "该 {kind} 文件已损坏或版本不受支持；请重新保存，或另存为 CSV。",
    ),
    "statistics_large": Text(
        "The {kind} file is too large for this site; save the answers as CSV.",
        "该 {kind} 文件过大；请将答卷另存为 CSV。",
    ),
    "changed_meanwhile": Text(
        "The survey changed at this moment, or has a wave of that day already; nothing"
        " was imported. Check the file again.",
        "此刻问卷调查有变动，或当天已有一轮；未导入任何内容。请重新检查文件。",
    ),
    "stopped": Text(
        "The work on this file stopped unexpectedly; nothing was imported. Try again.",
        "文件的处理意外中断；未导入任何内容。请重试。",
    ),
    "too_many_waves": Text(
        "The days make more than {most} waves; choose longer periods.",
        "日期会分出超过 {most} 轮；请选择更长的期间。",
    ),
    "too_many_units": Text(
        "The file names more than {most} units; is the right column chosen?",
        "文件中有超过 {most} 个单位；所选的列是否正确？",
    ),
}


class BroughtError(DefinitionError):
    """A file of answers cannot be used as a whole; one sentence in either language."""

    sentences: ClassVar[Mapping[str, Text]] = _SENTENCES


# What is wrong with a row, and what to do about it.
WRONG: Mapping[str, tuple[Text, Text]] = {
    "value": (
        Text("“{value}” is no answer of this item.", "“{value}”不是该题的答案。"),
        Text(
            "Correct it, choose another coding, or name it as missing.",
            "请更正、选择其他编码，或将其列为缺失。",
        ),
    ),
    "cells": (
        Text(
            "The row has another number of cells than the first ({value}).",
            "该行的单元格数与首行不同（{value}）。",
        ),
        Text("Correct the row.", "请更正该行。"),
    ),
    "quote": (
        Text("A quotation mark is not closed.", "引号未闭合。"),
        Text("Close it or double it.", "请闭合引号或将其写成两个。"),
    ),
    "language": (
        Text("“{value}” is no language of this survey.", "“{value}”不是本调查的语言。"),
        Text("Write en or zh, or leave it empty.", "请填写 en 或 zh，或留空。"),
    ),
    "unit": (
        Text("There is no unit “{value}”.", "没有单位“{value}”。"),
        Text(
            "Add the unit under People, correct its name, or leave it empty.",
            "请在“人员”中添加该单位、更正名称，或留空。",
        ),
    ),
    "day": (
        Text("“{value}” is no day or period.", "“{value}”不是日期或期间。"),
        Text(
            "Write it as 2025-03-31, 2025-03, 2025Q1 or 2025.",
            "请写成 2025-03-31、2025-03、2025Q1 或 2025。",
        ),
    ),
    "future": (
        Text("The day {value} lies in the future.", "日期 {value} 在未来。"),
        Text("Correct the day.", "请更正日期。"),
    ),
    "preview": (
        Text(
            "This is a preview, no answer ({value}).", "这是预览，不是答卷（{value}）。"
        ),
        Text("Nothing: previews are left out.", "无需处理：预览不会导入。"),
    ),
    "blank": (
        Text("No item is answered.", "没有任何题目作答。"),
        Text("Nothing: empty rows are left out.", "无需处理：空行不会导入。"),
    ),
}
# Rows of these kinds are left out without asking.
EXPECTED = frozenset({"preview", "blank"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a row; `column` is its place in the file, -1 for none."""

    line: int
    code: str
    column: int
    value: str

    def what(self, language: str) -> str:
        return WRONG[self.code][0].in_(language).replace("{value}", self.value)

    def to_do(self, language: str) -> str:
        return WRONG[self.code][1].in_(language)
