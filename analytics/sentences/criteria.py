"""How trust goes with what people of an identified wave did, by the owner's own records.

Words of togetherness only, as in `drivers`; that a value is dated later is said as a
matter of dates and not of what made it so.
"""

from collections.abc import Mapping
from typing import Final

from analytics.thresholds import DRIVERS_N, GRID_P

CRITERIA: Final[dict[str, tuple[str, str]]] = {
    "criteria_title": (
        "Beside what you know from elsewhere",
        "与您从其他渠道掌握的信息对照",
    ),
    "criteria_not_told": (
        "The people of this wave were not told that their answers may be compared with "
        "business outcomes, so they are not. It can be chosen for the next wave.",
        "本轮受访者未被告知其答案可能与业务结果对照，因此不作对照。可为下一轮选择此项。",
    ),
    "criteria_no_window": (
        "Nobody has chosen which days after the close count. Choose them in the "
        "settings of business outcomes, then publish again.",
        "尚未选择结束后的哪些日期计入。请在业务结果设置中选择，然后再次发布。",
    ),
    "criteria_no_values": (
        "No business outcome of the people who answered is dated within {last} days "
        "before or after the close on {closed}.",
        "在{closed}结束前后各{last}天内，没有任何受访者的业务结果记录。",
    ),
    "criteria_window": (
        "Values dated {first} to {last} days after the close on {closed} count, until "
        "{until}; of several values of one person: {take}.",
        "计入{closed}结束后第{first}至第{last}天的数值，截至{until}；"
        "同一人有多个数值时取：{take}。",
    ),
    "criteria_window_open": (
        "That day has not come yet: values may be missing, and another release later "
        "may say something else.",
        "该日期尚未到来：可能还缺少数值，之后再次发布的结果可能不同。",
    ),
    "criteria_take_last": ("the last", "最后一个"),
    "criteria_take_highest": ("the highest", "最高值"),
    "criteria_take_sum": ("the sum", "总和"),
    "criteria_later_title": ("{name}, dated after the answers", "{name}（作答之后）"),
    "criteria_earlier_title": (
        "{name}, dated before or on the day of the close",
        "{name}（结束当日或之前）",
    ),
    "criteria_matched": (
        "{matched} of {total} people who answered have a value. The other {unmatched} "
        "are left out; no value is not counted as no.",
        "{total}位受访者中有{matched}位有数值。其余{unmatched}位不计入；没有数值不等于“否”。",
    ),
    "criteria_yes": (
        "Of the matched, {yes} have yes and {no} have no.",
        "匹配者中，{yes}位为“是”，{no}位为“否”。",
    ),
    "criteria_few": (
        "{matched} of {total} people who answered have a value; a number is given "
        "from {needs} on.",
        "{total}位受访者中有{matched}位有数值；从{needs}位起才给出数字。",
    ),
    "criteria_earlier": (
        "These values were known by the end of the wave. Whether they go with "
        "the answers says nothing about later days.",
        "这些数值在本轮结束时已知。它们与答案是否相关，都不能说明之后的情况。",
    ),
    "criteria_more": (
        "People with higher {scale} tend to have a higher value of {name}: r = {r:.2f} "
        "(95\u00a0% interval {low:.2f} to {high:.2f}, {n} people).",
        "{scale}较高者的{name}也较高：r = {r:.2f}"
        "（95% 区间 {low:.2f} 至 {high:.2f}，{n}人）。",
    ),
    "criteria_less": (
        "People with higher {scale} tend to have a lower value of {name}: r = {r:.2f} "
        "(95\u00a0% interval {low:.2f} to {high:.2f}, {n} people).",
        "{scale}较高者的{name}较低：r = {r:.2f}"
        "（95% 区间 {low:.2f} 至 {high:.2f}，{n}人）。",
    ),
    "criteria_yes_more": (
        "Yes is more frequent among people with higher {scale}: r = {r:.2f} "
        "(95\u00a0% interval {low:.2f} to {high:.2f}, {n} people).",
        "{scale}较高者中“是”更常见：r = {r:.2f}"
        "（95% 区间 {low:.2f} 至 {high:.2f}，{n}人）。",
    ),
    "criteria_yes_less": (
        "Yes is less frequent among people with higher {scale}: r = {r:.2f} "
        "(95\u00a0% interval {low:.2f} to {high:.2f}, {n} people).",
        "{scale}较高者中“是”更少见：r = {r:.2f}"
        "（95% 区间 {low:.2f} 至 {high:.2f}，{n}人）。",
    ),
    "criteria_welcome_less": (
        "Less of it is welcome: a negative r is good news.",
        "此项以少为佳：r 为负是好消息。",
    ),
    "criteria_open": (
        "Whether {scale} goes with {name} stays open: r = {r:.2f}, and the interval "
        "from {low:.2f} to {high:.2f} holds zero ({n} people).",
        "{scale}与{name}是否相关尚无定论：r = {r:.2f}，区间 {low:.2f} 至 {high:.2f} 包含零（{n}人）。",
    ),
    "criteria_grid": (
        "{stand} of {count} correlations with business outcomes stand after correction "
        "for asking {count} times (Holm 1979, at {level}).",
        "与业务结果的{count}个相关中，按{count}次检验校正后有{stand}个成立"
        "（Holm，1979；水平{level}）。",
    ),
    "criteria_guide": (
        "An odds ratio of 1.5 says: among people one standard deviation higher on the "
        "dimension the odds of yes are one and a half times as high.",
        "优势比 1.5 表示：在该维度高出一个标准差的人中，“是”的优势是一倍半。",
    ),
    "criteria_together": (
        "These are correlations between answers and records. Something else may stand "
        "behind both, and whoever has no record may differ from those who have one.",
        "这些是答案与记录之间的相关。二者背后可能另有其他因素，没有记录的人也可能不同于有记录的人。",
    ),
    "criteria_odds_column": ("Odds ratio per SD", "每标准差优势比"),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "criteria_not_told": (
        "The survey joins outcomes now, but the promise of this wave did not name it."
    ),
    "criteria_no_window": "The wave may be joined and no window is chosen.",
    "criteria_no_values": (
        "A window is chosen and nobody who answered has a value dated within its last "
        "day before or after the close."
    ),
    "criteria_window": "A window is chosen and there are values.",
    "criteria_window_open": (
        "The last day of the window is the day of the release or lies after it."
    ),
    "criteria_matched": f"An outcome with {DRIVERS_N} matched people or more.",
    "criteria_yes": (
        f"An outcome of yes or no, not counted up, with {DRIVERS_N} matched or more."
    ),
    "criteria_few": f"An outcome with fewer than {DRIVERS_N} matched people.",
    "criteria_earlier": (
        "Beside values dated on or before the day of the close; never beside later ones."
    ),
    "criteria_more": (
        f"{DRIVERS_N} people or more have score and value, and the interval lies above 0."
    ),
    "criteria_less": (
        f"{DRIVERS_N} people or more have score and value, and the interval lies below 0."
    ),
    "criteria_yes_more": "As criteria_more, of an outcome of yes or no.",
    "criteria_yes_less": "As criteria_less, of an outcome of yes or no.",
    "criteria_welcome_less": "The owner said of the outcome that less is better.",
    "criteria_open": (
        f"{DRIVERS_N} people or more have score and value, and the interval holds 0."
    ),
    "criteria_grid": (
        f"Two correlations with later values or more; stands: Holm's p below {GRID_P}."
    ),
    "criteria_guide": "A table with odds ratios.",
    "criteria_together": "Wherever a correlation with an outcome is told.",
}
