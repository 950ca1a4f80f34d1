"""Sentences of an import in both languages, one a code."""

from collections.abc import Mapping

from surveys.definition.text import Text

FINDINGS: Mapping[str, Text] = {
    "html_stripped": Text(
        "The text held HTML; only its words were taken.",
        "文字中含有 HTML 标记，只保留了文字内容。",
    ),
    "braces_changed": Text(
        "The text held '{found}', which is filled in elsewhere and means nothing here; "
        "its braces became round brackets.",
        "文字中含有“{found}”，这种占位内容在此没有意义；花括号已改为圆括号。",
    ),
    "text_cut": Text(
        "The text has {length} characters; it was cut to {limit}.",
        "文字有 {length} 个字符，已截短为 {limit} 个。",
    ),
    "codes_changed": Text(
        "Codes were rewritten in capitals, digits and hyphens ({number} in all): "
        "{examples}.",
        "代码已改写为大写字母、数字和连字符（共 {number} 个）：{examples}。",
    ),
    "unsupported_type": Text(
        "The question '{name}' has the type '{type}', which cannot be asked here; "
        "it was left out.",
        "题目“{name}”的类型“{type}”在此无法使用，已略去。",
    ),
    "not_a_question": Text(
        "'{name}' of the type '{type}' asks nothing and was left out.",
        "“{name}”（类型“{type}”）不是提问，已略去。",
    ),
    "repeat_flattened": Text(
        "The repeated group '{name}' is asked once here.",
        "重复组“{name}”在此只提问一次。",
    ),
    "condition_left_out": Text(
        "The condition '{condition}' cannot be kept; only an earlier closed question "
        "with certain answers can be asked for. The question is always shown.",
        "显示条件“{condition}”无法保留；只能以前面某道选择题的答案为条件。该题将始终显示。",
    ),
    "options_recoded": Text(
        "The answers of '{name}' are coded 1 to {number} in their order; "
        "in the file they were {examples}.",
        "“{name}”的选项按顺序编码为 1 至 {number}；文件中原为 {examples}。",
    ),
    "taken_as_rating": Text(
        "The answers of '{name}' were taken for a rating in their order; "
        "check which end is high.",
        "“{name}”的选项按其顺序视为评分等级，请核对哪一端为高。",
    ),
    "option_left_out": Text(
        "The extra answer '{option}' of '{name}' was left out.",
        "“{name}”的附加选项“{option}”已略去。",
    ),
    "language_left_out": Text(
        "Texts in '{language}' were left out; this product has English and Simplified "
        "Chinese.",
        "“{language}”的文字已略去；本系统使用英文和简体中文。",
    ),
    "second_language_column": Text(
        "The column '{column}' is a second one for {language}; the first was taken "
        "where it is filled.",
        "列“{column}”是 {language} 的第二列；第一列有内容时以第一列为准。",
    ),
    "two_base_languages": Text(
        "The file names two base languages ({languages}); the first was taken.",
        "文件写明了两种基础语言（{languages}），以第一种为准。",
    ),
    "language_guessed": Text(
        "The file does not name the language of its texts; they were taken for "
        "{language}.",
        "文件没有注明文字的语言，按 {language} 处理。",
    ),
    "formula_cells": Text(
        "{number} cells hold formulas; nothing was computed, the values stored in the "
        "file were taken.",
        "有 {number} 个单元格含公式；没有进行计算，采用了文件中保存的值。",
    ),
    "encoding_guessed": Text(
        "The file does not name its encoding; it was read as {encoding}. "
        "Check the characters.",
        "文件没有注明编码，按 {encoding} 读取，请核对文字。",
    ),
    "column_left_out": Text(
        "The column '{column}' was left out.",
        "列“{column}”已略去。",
    ),
    "duplicate_code": Text(
        "The code '{code}' occurs twice; the second became '{new}'.",
        "代码“{code}”重复，第二个改为“{new}”。",
    ),
    "blank_texts": Text(
        "{number} texts in '{language}' are missing; write them.",
        "缺少 {number} 处“{language}”文字，请补上。",
    ),
    "format_differs": Text(
        "The question '{name}' names the answer format '{format}' but is answered "
        "differently; it has a format of its own now.",
        "题目“{name}”注明的作答格式“{format}”与实际选项不符，已为其单独建立格式。",
    ),
    "decimals_as_whole": Text(
        "'{name}' took decimals; here it takes whole numbers.",
        "“{name}”原可填小数，在此只接受整数。",
    ),
    "limits_changed": Text(
        "The limits of '{name}' became {low} to {high}.",
        "“{name}”的取值范围改为 {low} 至 {high}。",
    ),
    "comment_left_out": Text(
        "The comment field of '{name}' was left out.",
        "“{name}”的备注栏已略去。",
    ),
    "help_left_out": Text(
        "The help text of '{name}' was left out; an item has one text here.",
        "“{name}”的帮助文字已略去；在此每题只有一段文字。",
    ),
    "greeting_left_out": Text(
        "The welcome and closing texts were left out.",
        "欢迎语和结束语已略去。",
    ),
    "setting_left_out": Text(
        "The setting '{setting}' of '{name}' was left out; check whether the question "
        "can be asked without it.",
        "“{name}”的设置“{setting}”已略去，请核对没有该设置时能否提问。",
    ),
    "no_text": Text(
        "There is no text here in English or Chinese; it was left out.",
        "此处没有英文或中文文字，已略去。",
    ),
    "bad_keying": Text(
        "'{value}' does not say how the item is keyed; it was taken for the plain way "
        "round.",
        "“{value}”不能说明计分方向，按正向题处理。",
    ),
    "extra_unreadable": Text(
        "What this product wrote beside '{name}' can no longer be read; "
        "it was left out.",
        "本系统在“{name}”旁写入的附加内容已无法读取，已略去。",
    ),
}

REFUSALS: Mapping[str, Text] = {
    "too_large": Text(
        "The file has {size} bytes; the limit is {limit}. Send a smaller one.",
        "文件有 {size} 字节，上限为 {limit}，请上传较小的文件。",
    ),
    "empty": Text("The file is empty; choose another one.", "文件是空的，请另选文件。"),
    "unknown_kind": Text(
        "This is none of the kinds of files that can be read: XLSForm (.xlsx), "
        "LimeSurvey (.lss, .lsg, .lsq, .txt), Qualtrics (.qsf), CSV or YAML.",
        "无法识别该文件；可以读取 XLSForm（.xlsx）、LimeSurvey（.lss、.lsg、.lsq、.txt）、"
        "Qualtrics（.qsf）、CSV 和 YAML。",
    ),
    "encoding": Text(
        "The characters of the file cannot be read; save it as UTF-8.",
        "无法读取文件的字符编码，请另存为 UTF-8。",
    ),
    "bad_archive": Text(
        "The workbook is damaged or protected; save it again as .xlsx without a "
        "password.",
        "工作簿已损坏或受保护；请重新保存为不带密码的 .xlsx 文件。",
    ),
    "unpacks_too_large": Text(
        "Unpacked, the workbook is larger than {limit} bytes or has more than "
        "{members} parts; send only the questionnaire.",
        "工作簿解压后超过 {limit} 字节或超过 {members} 个部分；请只上传问卷本身。",
    ),
    "bad_xml": Text(
        "The file is not readable XML (line {line}); export it from LimeSurvey again.",
        "文件不是可读取的 XML（第 {line} 行），请从 LimeSurvey 重新导出。",
    ),
    "dtd": Text(
        "The file defines its own XML entities or document type, which is refused; "
        "export it from LimeSurvey again.",
        "文件自行定义了 XML 实体或文档类型，不予接受；请从 LimeSurvey 重新导出。",
    ),
    "not_limesurvey": Text(
        "The XML file is no survey, group or question of LimeSurvey.",
        "该 XML 文件不是 LimeSurvey 的问卷、题组或题目。",
    ),
    "bad_json": Text(
        "The file is not readable JSON, or no survey of Qualtrics; export it again.",
        "文件不是可读取的 JSON，或不是 Qualtrics 问卷，请重新导出。",
    ),
    "bad_yaml": Text("{detail}", "{detail_zh}"),
    "not_a_questionnaire": Text(
        "The YAML file holds no questionnaire: it has no list of 'scales'.",
        "YAML 文件中没有问卷：缺少 scales 列表。",
    ),
    "too_deep": Text(
        "The file is nested too deeply to be read.",
        "文件嵌套层数过多，无法读取。",
    ),
    "bad_table": Text(
        "The table cannot be read: it needs a heading line with a column 'text' "
        "(or 'text_en', 'text_zh') and one line an item.",
        "无法读取表格：需要标题行，其中有 text（或 text_en、text_zh）列，并且每题一行。",
    ),
    "too_many": Text(
        "The file has {number} questions or more; the limit is {most}.",
        "文件有 {number} 道题或更多，上限为 {most}。",
    ),
    "no_questions": Text(
        "The file holds no question that can be asked here.",
        "文件中没有可以在此使用的题目。",
    ),
    "only_unsupported": Text(
        "No question of the file can be asked here; it has only: {types}.",
        "文件中没有可以在此使用的题目，仅有：{types}。",
    ),
    "no_known_language": Text(
        "The texts are in {languages}; this product has English and Simplified Chinese.",
        "文字的语言为 {languages}；本系统使用英文和简体中文。",
    ),
    "took_too_long": Text(
        "Reading the file took longer than {seconds} seconds; send a smaller one.",
        "读取文件超过 {seconds} 秒，请上传较小的文件。",
    ),
    "too_demanding": Text(
        "Reading the file needs too much memory or time; send only the questionnaire.",
        "读取该文件所需的内存或时间过多；请只上传问卷本身。",
    ),
    "unreadable": Text(
        "The file is damaged or unlike any export known here; export it again.",
        "文件已损坏，或与已知的导出格式不同，请重新导出。",
    ),
}
