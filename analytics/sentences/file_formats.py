"""What SPSS, Stata and Excel cannot hold as it was, and headings of the workbook."""

from collections.abc import Mapping
from typing import Final

FILE_FORMATS: Final[dict[str, tuple[str, str]]] = {
    "file_renamed": (
        "{format} cannot call a variable “{variable}”; in this file it is “{now}”.",
        "{format}不能使用变量名“{variable}”；此文件中改为“{now}”。",
    ),
    "file_label_shortened": (
        "The label of “{variable}” is longer than {format} holds. It was: {was} It is "
        "now: {now}",
        "“{variable}”的标签超出{format}的长度限制。原文：{was} 现为：{now}",
    ),
    "file_value_shortened": (
        "A value label of “{variable}” is longer than {format} holds. It was: {was} It "
        "is now: {now}",
        "“{variable}”的一个取值标签超出{format}的长度限制。原文：{was} 现为：{now}",
    ),
    "file_label_unwritable": (
        "A label of “{variable}” held half a character that no file can hold; it is "
        "now: {now}",
        "“{variable}”的一个标签含有无法写入文件的残缺字符；现为：{now}",
    ),
    "file_title_shortened": (
        "The title of the file is longer than {format} holds, or holds half a "
        "character. It was: {was} It is now: {now}",
        "文件标题超出{format}的长度限制，或含有残缺字符。原文：{was} 现为：{now}",
    ),
    "file_texts_unwritable": (
        "Texts in “{variable}” held half a character that no file can hold; a mark "
        "stands there instead. Texts: {n:d}.",
        "“{variable}”中有文本含有无法写入文件的残缺字符，已用替代符号代替。文本数：{n:d}。",
    ),
    "file_texts_shortened": (
        "Texts in “{variable}” are longer than {format} holds ({size:d} bytes) and "
        "were shortened. Texts: {n:d}.",
        "“{variable}”中有文本超出{format}的长度限制（{size:d} 字节），已缩短。文本数：{n:d}。",
    ),
    "file_texts_padded": (
        "SPSS fills texts up with spaces, so that spaces at the end of a text in "
        "“{variable}” are lost. Texts: {n:d}.",
        "SPSS 会用空格补齐文本，因此“{variable}”中文本末尾的空格会丢失。文本数：{n:d}。",
    ),
    "file_without_notes": (
        "{format} files hold no notes; they stand in the codebook.",
        "{format}文件不能保存说明；说明见变量手册。",
    ),
    "xlsx_rows": (
        "Excel holds {most:,} rows of answers and these are {has:,}. Take CSV, Parquet, "
        "SPSS or Stata, or fewer waves.",
        "Excel 最多容纳 {most:,} 行答卷，而这里有 {has:,} 行。请改用 CSV、Parquet、SPSS "
        "或 Stata，或减少轮次。",
    ),
    "xlsx_columns": (
        "Excel holds {most:,} columns and these are {has:,}. Take CSV, Parquet, SPSS "
        "or Stata, or leave columns out.",
        "Excel 最多容纳 {most:,} 列，而这里有 {has:,} 列。请改用 CSV、Parquet、SPSS 或 "
        "Stata，或减少列数。",
    ),
    "xlsx_texts_shortened": (
        "Texts in “{variable}” are longer than a cell of Excel holds ({most:,} "
        "characters) and were shortened. Texts: {n:d}.",
        "“{variable}”中有文本超出 Excel 单元格的长度限制（{most:,} 个字符），已缩短。"
        "文本数：{n:d}。",
    ),
    "xlsx_data": ("data", "数据"),
    "xlsx_variables": ("variables", "变量"),
    "xlsx_values": ("values", "取值"),
    "xlsx_notes": ("notes", "说明"),
    "xlsx_name": ("Variable", "变量"),
    "xlsx_label": ("Label", "标签"),
    "xlsx_measure": ("Measure", "测量水平"),
    "xlsx_role": ("Role", "用途"),
    "xlsx_low": ("Lowest", "最小值"),
    "xlsx_high": ("Highest", "最大值"),
    "xlsx_item": ("Item", "题目"),
    "xlsx_scale": ("Scale", "量表"),
    "xlsx_note": ("Note", "说明"),
    "xlsx_value": ("Code", "代码"),
    "xlsx_meaning": ("Meaning", "含义"),
    "xlsx_missing": ("Missing", "缺失"),
    "xlsx_yes": ("yes", "是"),
    "xlsx_measure_nominal": ("nominal", "名义"),
    "xlsx_measure_ordinal": ("ordinal", "有序"),
    "xlsx_measure_scale": ("scale", "度量"),
    "xlsx_role_record": ("record", "记录"),
    "xlsx_role_segment": ("segment", "分组"),
    "xlsx_role_raw": ("answer as given", "原始作答"),
    "xlsx_role_keyed": ("answer, keyed", "计分后作答"),
    "xlsx_role_item_score": ("item score", "题目得分"),
    "xlsx_role_scale_score": ("scale score", "量表得分"),
    "xlsx_role_weight": ("weight", "权重"),
    "xlsx_role_criterion": ("outcome from elsewhere", "外部结果"),
    "xlsx_role_paradata": ("about the answering", "作答过程信息"),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "file_renamed": (
        "A name is longer than the format allows (SPSS 64 bytes, Stata 32 characters), "
        "reserved there, or like another name but for its case."
    ),
    "file_label_shortened": (
        "A variable label is longer than 256 bytes (SPSS) or 80 characters (Stata)."
    ),
    "file_value_shortened": (
        "A value label is longer than 120 bytes (SPSS) or 32,000 characters (Stata)."
    ),
    "file_label_unwritable": "A label holds a lone surrogate, which UTF-8 cannot hold.",
    "file_title_shortened": (
        "The title is longer than 64 bytes (SPSS) or 80 characters (Stata), or holds a "
        "lone surrogate."
    ),
    "file_texts_unwritable": "Texts of a variable hold lone surrogates.",
    "file_texts_shortened": (
        "Texts of a variable are longer than 32,767 bytes (SPSS) or 1,000,000 (Stata)."
    ),
    "file_texts_padded": "Texts of a variable end in a space, in an SPSS file.",
    "file_without_notes": "A Stata file is written of data that carry notes.",
    "xlsx_rows": "More than 1,048,575 rows are to be written as XLSX.",
    "xlsx_columns": "More than 16,384 variables are to be written as XLSX.",
    "xlsx_texts_shortened": (
        "A text, label or note is longer than 32,767 characters of UTF-16."
    ),
}
