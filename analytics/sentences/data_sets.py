"""Data that leave: why they do not, and what whoever uses them must know."""

from collections.abc import Mapping
from typing import Final

DATA_SETS: Final[dict[str, tuple[str, str]]] = {
    "export_promised": (
        "In the mode “{mode}” respondents were told that nobody sees single answers, so "
        "wave {wave:d} is not handed out row by row. Take the checked microdata file.",
        "本调查的模式为“{mode}”：受访者得到的承诺是任何人都看不到单份答卷，因此第 {wave:d} "
        "轮不能逐行导出。请改用经过检查的微观数据文件。",
    ),
    "export_running": (
        "Wave {wave:d} is not closed yet; its answers can be taken once it is.",
        "第 {wave:d} 轮尚未结束；结束后才能导出作答。",
    ),
    "export_empty": (
        "Nobody has answered yet; there is nothing to export.",
        "还没有人作答，没有可以导出的数据。",
    ),
    "export_no_wave": (
        "No wave was chosen; choose at least one.",
        "没有选择任何一轮；请至少选择一轮。",
    ),
    "export_other_survey": (
        "The waves belong to different surveys; export each survey on its own.",
        "所选的各轮属于不同的调查；请分别导出每个调查。",
    ),
    "export_changed": (
        "Answers of wave {wave:d} came or went while they were read; start the export "
        "again, best after the wave has closed.",
        "读取期间第 {wave:d} 轮的作答发生了变化；请重新导出，最好在该轮结束之后。",
    ),
    "export_no_comments": (
        "Nobody wrote a comment or answered a question in words.",
        "没有人留下评论或文字回答。",
    ),
    "export_simulated": (
        "The answers are simulated. They show the software and are no evidence for "
        "anything.",
        "这些作答是模拟数据，只用于展示软件，不能作为任何结论的依据。",
    ),
    "export_shuffled": (
        "The rows of each wave are in a random order; the number of a row says nothing "
        "about when somebody answered.",
        "每一轮的行按随机顺序排列；行号不反映作答的先后。",
    ),
    "export_missing_codes": (
        "Answers that are not there have codes: −1 skipped, −2 not applicable, −3 not "
        "shown. Set them to missing before you compute.",
        "缺失的作答用代码表示：−1 跳过，−2 不适用，−3 未显示。计算前请先将其设为缺失值。",
    ),
    "export_unlinked_comments": (
        "Comments are stored without a link to answers; no row of this table belongs to "
        "a row of the answers.",
        "评论在存储时与作答没有关联；本表的任何一行都不对应作答表中的某一行。",
    ),
    "export_merged": (
        "Waves {waves} asked different versions of the form; each item was followed "
        "through its lineage. What a wave did not ask has the code −3 there.",
        "第 {waves} 轮使用的问卷版本不同；各题按其沿革对应。某一轮未询问的题目在该轮的代码为 −3。",
    ),
    "export_text_replaced": (
        "{cells:d} texts held a broken character; the sign U+FFFD stands for it.",
        "有 {cells:d} 处文字含有损坏的字符，已用 U+FFFD 代替。",
    ),
    "export_text_escaped": (
        "{cells:d} texts began with a character that spreadsheets take for a formula; "
        "an apostrophe was put before each. Remove one leading apostrophe to get the "
        "text.",
        "有 {cells:d} 处文字以电子表格会当作公式的字符开头，已在其前加一个撇号。去掉开头的一个撇号即为原文。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "export_promised": "A wave of an anonymous or confidential survey is to leave whole.",
    "export_running": "A wave whose answers may not be seen yet is to leave.",
    "export_empty": "None of the chosen waves holds an answer.",
    "export_no_wave": "An export of no wave is asked for.",
    "export_other_survey": "The chosen waves are not all of one survey.",
    "export_changed": "A block does not hold the rows that were counted before.",
    "export_text_replaced": "A text holds half a character or a NUL.",
    "export_no_comments": "None of the chosen waves holds a text.",
    "export_simulated": "In every data set of a simulated survey.",
    "export_shuffled": "In every data set of answers.",
    "export_missing_codes": "In every data set of answers.",
    "export_unlinked_comments": "In every data set of texts.",
    "export_merged": "The chosen waves asked more than one form.",
    "export_text_escaped": "A CSV file holds at least one text that was escaped.",
}
