"""Why an export is not offered or has no file, and what each is allowed to hold."""

from collections.abc import Mapping
from typing import Final

EXPORTS: Final[dict[str, tuple[str, str]]] = {
    "export_whole": (
        "Respondents of this survey were told that their answers are read one by one, "
        "so every answer may be exported whole.",
        "本调查已告知受访者其答卷会被逐份查看，因此可以导出全部答卷。",
    ),
    "export_checked_only": (
        "Respondents of this survey were promised that nobody looks at single answers. "
        "So rows leave only as checked microdata: coarser groups, at least five alike "
        "in each, shuffled, without comments, and not at all where that is not enough.",
        "本调查曾向受访者承诺不查看单份答卷。因此逐行数据只能以“经核查的微观数据”导出："
        "群体较粗、每类至少五人、次序打乱、不含评论；若仍不足以保护受访者则不导出。",
    ),
    "export_promised_rows": (
        "Rows of answers as they were given do not leave a survey that is anonymous or "
        "confidential. Take checked microdata.",
        "匿名或保密的调查不导出原始逐行答卷。请选择经核查的微观数据。",
    ),
    "export_whole_instead": (
        "Answers of this survey may be exported whole; microdata are made of anonymous "
        "and confidential surveys.",
        "本调查可以导出全部答卷；微观数据用于匿名和保密的调查。",
    ),
    "export_comments_promised": (
        "Comments of this survey are read in its report, from ten on; no file has them.",
        "本调查的评论达到十条后可在报告中查看；不提供评论文件。",
    ),
    "export_nothing_yet": (
        "There is no wave yet whose answers may be seen; close a wave first.",
        "目前没有可以查看答卷的轮次；请先结束一轮。",
    ),
    "export_not_this_wave": (
        "Answers of wave {number:d} cannot be seen yet; leave it out or close it first.",
        "第 {number:d} 轮的答卷尚不可查看；请不选该轮，或先将其结束。",
    ),
    "export_one_wave": (
        "This is made of one wave at a time; choose one.",
        "此类文件一次只能选一轮；请选择其中一轮。",
    ),
    "export_no_columns": (
        "Choose at least one kind of column: answers as given, turned answers or scores.",
        "请至少选择一类列：原始答案、统一方向后的答案或得分。",
    ),
    "export_unknown_format": (
        "“{format}” is no format of this kind of export.",
        "此类导出没有“{format}”格式。",
    ),
    "export_already_asked": (
        "The same export is under way already; wait until it is done.",
        "相同的导出正在进行；请等待其完成。",
    ),
    "export_full_disk": (
        "There is not enough room on the server's disk for this file. Nothing of it was "
        "kept. Remove earlier exports or ask whoever runs the site for room, then ask "
        "again.",
        "服务器磁盘空间不足，无法写入此文件，也未保留任何部分。请删除以前的导出，"
        "或请本站的运营者腾出空间后重新导出。",
    ),
    "export_stopped": (
        "The export stopped unexpectedly and nothing of it was kept. Ask again; if it "
        "stops again, tell whoever runs the site.",
        "导出意外中断，未保留任何部分。请重新导出；若再次中断，请告知本站的运营者。",
    ),
    "export_left_behind": (
        "The export was begun {times:d} times and never finished; choose fewer waves or "
        "columns, or tell whoever runs the site.",
        "导出已尝试 {times:d} 次仍未完成；请减少轮次或列，或告知本站的运营者。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "export_whole": "On the export page of an identified survey or of an open link.",
    "export_checked_only": "On the export page of an anonymous or confidential survey.",
    "export_promised_rows": "Whole answers are asked of an anonymous or confidential survey.",
    "export_whole_instead": "Microdata are asked of an identified or open survey.",
    "export_comments_promised": "Comments are asked of an anonymous or confidential "
    "survey.",
    "export_nothing_yet": "No wave of the survey may be exported in this way yet.",
    "export_not_this_wave": "A wave was chosen whose answers may not be seen yet.",
    "export_one_wave": "Several waves were chosen for an export of one wave.",
    "export_no_columns": "Neither raw, keyed nor scores were chosen for rows of answers.",
    "export_unknown_format": "A format was asked that this kind does not have.",
    "export_already_asked": "The same is waiting, being written or awaiting approval.",
    "export_full_disk": "Writing failed for want of room, or less room was left than "
    "EXPORTS_SPARE_MB.",
    "export_stopped": "Writing failed for a reason that has no sentence of its own.",
    "export_left_behind": "Three workers died while writing the same export.",
}
