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
    "action_until": ("Until {date}", "期限：{date}"),
    "action_planned": ("Planned", "计划中"),
    "action_doing": ("Under way", "进行中"),
    "action_done": ("Done", "已完成"),
    "action_dropped": ("Dropped", "已放弃"),
    "action_since": (
        "Since then: {change:+.2f} [{low:+.2f}, {high:+.2f}] in {scale}; the interval "
        "does not contain 0.",
        "此后：{scale}变化 {change:+.2f} [{low:+.2f}, {high:+.2f}]；区间不包含 0。",
    ),
    "action_since_open": (
        "Since then: {change:+.2f} [{low:+.2f}, {high:+.2f}] in {scale}; the interval "
        "contains 0, so no change can be told.",
        "此后：{scale}变化 {change:+.2f} [{low:+.2f}, {high:+.2f}]；"
        "区间包含 0，因此不能断定有变化。",
    ),
    "action_since_first": (
        "Written beside this wave; the next report will show the change since then.",
        "写于本轮；下一份报告将显示此后的变化。",
    ),
    "action_since_unknown": (
        "No change since then can be shown for {segment}: this release compares no score "
        "of it with wave {wave}.",
        "无法显示{segment}此后的变化：本次发布没有把它的得分与第 {wave} 轮比较。",
    ),
    "action_since_mixed": (
        "Between the two waves the people of {segment} changed, so the comparison mixes "
        "people.",
        "两轮之间{segment}的人员有变动，因此该比较混合了不同的人。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "actions_none": "no note is written about a segment that the reader sees",
    "actions_rule": "a change stands beside at least one note",
    "action_since": (
        "the release compares a score of the segment with the wave of the note, and the "
        "interval of the difference does not contain 0"
    ),
    "action_since_open": (
        "the release compares a score of the segment with the wave of the note, and the "
        "interval of the difference contains 0"
    ),
    "action_since_first": "the note was written beside the wave of this release",
    "action_since_unknown": (
        "the note is older than this wave, and the release holds no difference of the "
        "segment from the wave of the note"
    ),
    "action_since_mixed": "somebody joined or left the segment between the two waves",
}
