"""What was made coarser in rows of an anonymous survey, or why none leave."""

from collections.abc import Mapping
from typing import Final

MICRODATA: Final[dict[str, tuple[str, str]]] = {
    "microdata_few": (
        "Only {has:d} people answered; rows leave from {needs:d} answers.",
        "只有 {has:d} 人作答；达到 {needs:d} 份答卷才导出逐行数据。",
    ),
    "microdata_everyone_hidden": (
        "The release does not show every scale of all answers together, and rows would "
        "tell what it hides. No rows leave.",
        "发布的结果没有显示全体受访者的每个量表，而逐行数据会泄露被隐藏的内容，因此不导出。",
    ),
    "microdata_crossed": (
        "The release tells of groups so small that whoever adds up rows could find "
        "them, and they cross in fewer than {needed:d} answers: {rows:d} answers lie in "
        "such crossings, and nothing in the file can be made coarser to hide them. No "
        "rows leave.",
        "发布的结果涉及很小的群体，把逐行数据相加就可能找出它们；这些群体相互交叉处不足 "
        "{needed:d} 份答卷（共涉及 {rows:d} 份），再合并分组也无法掩盖，因此不导出逐行数据。",
    ),
    "microdata_alike": (
        "In groups that could be found among the rows everybody gave the same answer to "
        "some question: that would tell the answer of everyone there. This concerns "
        "{rows:d} answers, and nothing in the file can be made coarser. No rows leave.",
        "在可能从逐行数据中找出的群体里，所有人对某题的回答相同，这会泄露其中每个人的回答。"
        "涉及 {rows:d} 份答卷，且无法再合并分组，因此不导出逐行数据。",
    ),
    "microdata_hidden": (
        "Rows would make up a group whose scores the release hides. No rows leave.",
        "逐行数据会构成发布结果中被隐藏得分的群体，因此不导出。",
    ),
    "microdata_attacked": (
        "Together with what was published, rows would give away what few people "
        "answered. This concerns {rows:d} answers. No rows leave.",
        "逐行数据与已发布的结果合在一起会泄露少数人的回答，涉及 {rows:d} 份答卷，因此不导出。",
    ),
    "microdata_no_release": (
        "Rows of an anonymous or confidential wave leave after its release, because "
        "they may tell of no group that it hides. Publish a release of this wave first.",
        "匿名或保密轮次的逐行数据须在结果发布之后导出，因为它们不得透露发布结果中隐藏的群体。"
        "请先发布本轮结果。",
    ),
    "microdata_other_answers": (
        "The answers are no longer those of the release. No rows leave.",
        "答卷与发布结果时的不一致，因此不导出逐行数据。",
    ),
    "microdata_other_release": (
        "A later release of the same answers has told of other groups than the first. "
        "Rows are decided once, from the first, and must not be compared with another "
        "choice of groups. No rows leave.",
        "同一批答卷后来的发布结果涉及了与首次发布不同的群体。逐行数据只按首次发布决定一次，"
        "不得与另一种分组相互对照，因此不导出。",
    ),
    "release_rows_left": (
        "Checked rows of these answers have left already. This release would tell of "
        "groups or scales that the first one did not, and whoever holds the rows could "
        "set both side by side. The earlier release stays.",
        "这些答卷的逐行数据已经导出过。本次发布会涉及首次发布没有涉及的群体或量表，持有逐行数据的人"
        "可以将二者对照。先前的发布保持不变。",
    ),
    "microdata_whole": (
        "Microdata are made of anonymous and confidential surveys. Answers of this one "
        "may be exported whole.",
        "微观数据用于匿名和保密的调查；本调查可以导出全部答卷。",
    ),
    "microdata_simulated": (
        "These answers were simulated.",
        "这些答卷是模拟数据。",
    ),
    "microdata_checked": (
        "All {n:d} answers are here. Everything told of a row is told of {least:d} rows "
        "or more, and in none of these groups did everybody give the same answer to a "
        "question.",
        "全部 {n:d} 份答卷均在此。关于任何一行所透露的分组信息，至少有 {least:d} 行与之相同；"
        "并且在这样的群体中，没有任何一题是所有人回答相同的。",
    ),
    "microdata_joined_unit": (
        "Units were joined with those above them: {left:d} of {of:d} are told apart.",
        "部门已并入上级：{of:d} 个中区分 {left:d} 个。",
    ),
    "microdata_joined_question": (
        "Answers to {question} were joined with their neighbours: {left:d} of {of:d} "
        "are told apart.",
        "{question} 的选项已与相邻选项合并：{of:d} 个中区分 {left:d} 个。",
    ),
    "microdata_no_scales": (
        "Answers and scores of {scales} are not here, of {of:d} scales: with them, small "
        "groups that the release tells of could have been found by adding up rows.",
        "不含 {scales} 的作答与得分（共 {of:d} 个量表）：若包含，把逐行数据相加就可能找出发布结果中的小群体。",
    ),
    "microdata_no_unit": (
        "No unit is told: groups would have been too small or too alike.",
        "不提供部门：否则群体过小或回答过于一致。",
    ),
    "microdata_no_language": (
        "The language of an answer is not told.",
        "不提供作答语言。",
    ),
    "microdata_no_question": (
        "Answers to {question} are not told.",
        "不提供 {question} 的回答。",
    ),
    "microdata_hidden_absent": (
        "Groups whose scores the release does not show on every scale stand under the "
        "group above them, or as another answer.",
        "发布结果中未显示全部量表得分的群体，归入其上级群体或“其他回答”。",
    ),
    "microdata_found": (
        "Groups of the release that could be found by adding up rows were treated as "
        "though they stood here.",
        "把逐行数据相加就可能找出的已发布群体，按其已在文件中列出处理。",
    ),
    "microdata_absent": (
        "Rows stand in random order. Comments, other free answers, times, devices, "
        "numbers of people, links to other waves and weights are not here.",
        "各行次序随机。文件不含评论、其他自由作答、时间、设备、人员编号、与其他轮次的关联和权重。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "microdata_few": (
        "Fewer than 20 people answered the wave, or fewer than its promise asks for."
    ),
    "release_rows_left": (
        "A file of checked rows of the wave was written before, and the release would "
        "publish a figure that the first one did not."
    ),
    "microdata_everyone_hidden": (
        "The release does not show a value for everyone on every scale."
    ),
    "microdata_crossed": (
        "With nothing told of any row, published groups that can be found (fewer than "
        "2^20 choices of rows fit their figures) cross in fewer answers than the "
        "threshold."
    ),
    "microdata_alike": (
        "The same, and such a crossing, or everyone, has one answer only to some item."
    ),
    "microdata_hidden": "Every coarsening leaves a hidden group made up of classes.",
    "microdata_attacked": (
        "The attack on class totals and published means succeeds whatever is joined."
    ),
    "microdata_no_release": "No release of the wave is published.",
    "microdata_other_answers": "The digest of the answers is not that of the release.",
    "microdata_other_release": (
        "A release after the first told of a group or scale that the first did not."
    ),
    "microdata_whole": "The survey is open or identified.",
    "microdata_simulated": "The survey is marked as simulated.",
    "microdata_checked": "Rows leave.",
    "microdata_joined_unit": "Units were joined, and more than one is told.",
    "microdata_joined_question": "Points were joined, and more than one is told.",
    "microdata_no_scales": (
        "With all scales the file would be refused for every coarsening; with fewer, "
        "and one at least, it is not."
    ),
    "microdata_no_unit": "Units were shown, and all were joined.",
    "microdata_no_language": "Languages were shown, and were joined.",
    "microdata_no_question": "Points of a question were shown, and all were joined.",
    "microdata_hidden_absent": (
        "A group that somebody is in is not shown on every scale by the release."
    ),
    "microdata_found": (
        "Published groups besides everyone can be found by adding up rows."
    ),
    "microdata_absent": "Rows leave.",
}
