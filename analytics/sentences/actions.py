"""What is said about action notes, and the change since they were written.

No sentence says that a note brought about a change.
"""

from collections.abc import Mapping
from typing import Final

ACTIONS: Final[dict[str, tuple[str, str]]] = {
    "actions": ("What was agreed", "行动记录"),
    "actions_none": (
        "Nothing has been written down yet. A team that says what it will do finds it "
        "here beside the change, in the next report.",
        "还没有记录。团队写下打算做什么，下一份报告就会把它与变化并列显示。",
    ),
    "actions_rule": (
        "A change stands beside a note because it came later. Whether it came because "
        "of it, these numbers cannot tell.",
        "变化与记录并列，只是因为变化在后。这些数字无法说明变化是否由此引起。",
    ),
    "action_wave": ("Written beside wave {wave}", "写于第 {wave} 轮报告旁"),
    "action_who": ("By {who}", "负责人：{who}"),
    "action_until": ("Due {date}", "期限：{date}"),
    "action_planned": ("Planned", "计划中"),
    "action_doing": ("Under way", "进行中"),
    "action_done": ("Done", "已完成"),
    "action_dropped": ("Dropped", "已放弃"),
    "action_changes": (
        "The scores of wave {wave} beside those before",
        "第 {wave} 轮得分与之前相比",
    ),
    "action_since": ("Since then", "此后变化"),
    "action_since_wave": ("Compared with wave", "比较的轮次"),
    "action_clear": ("differs from 0", "与 0 有差异"),
    "action_unclear": ("no change can be told", "不能断定有变化"),
    "action_first": (
        "Written beside this wave; the next report will show the change since then.",
        "写于本轮；下一份报告将显示此后的变化。",
    ),
    "action_unknown": (
        "No change since then can be shown for {segment}: this release compares no score "
        "of it with an earlier wave.",
        "无法显示{segment}此后的变化：本次发布没有可与之前轮次比较的得分。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "actions_none": "No note is written about a segment that the reader sees.",
    "actions_rule": "A change stands beside at least one note.",
    "action_clear": (
        "The 95 % interval of the change since the last comparable wave leaves out 0."
    ),
    "action_unclear": (
        "The 95 % interval of the change since the last comparable wave contains 0."
    ),
    "action_first": "Every note of the group was written beside the wave of the release.",
    "action_unknown": (
        "A note of the group is older than the release, and its trend holds no change "
        "of the group since an earlier wave."
    ),
}
