"""What is said about further referents, such as competitors."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

COMPARISON: Final[dict[str, tuple[str, str]]] = {
    "compared": ("Beside {other}", "与{other}相比"),
    "compared_levels": ("{first} and {other}", "{first}与{other}"),
    "compared_relations": (
        "What goes with {outcome}, for both",
        "两者中与{outcome}相关的维度",
    ),
    "difference": ("Difference", "差异"),
    "in_sd": ("In SD", "标准差单位"),
    "in_sd_interval": ("In SD, interval", "标准差单位的区间"),
    "compare_guide": (
        "The same people answered about both, in blocks of random order; a difference "
        "is taken within each person. It tells how both stand with these people, not "
        "why. Whether the questions mean the same for both was not tested.",
        "同一批人对两者作答，题块顺序随机；差异在每个人内部计算。它说明两者在这些人心中的位置，"
        "但不说明原因。题目对两者的含义是否相同未经检验。",
    ),
    "compare_higher": (
        "{first} is higher than {other} in {scales} (Holm's rule over all lines, at "
        ".05).",
        "{first}在{scales}上高于{other}（对所有行采用 Holm 规则，水平 0.05）。",
    ),
    "compare_lower": (
        "{first} is lower than {other} in {scales} (Holm's rule over all lines, at .05).",
        "{first}在{scales}上低于{other}（对所有行采用 Holm 规则，水平 0.05）。",
    ),
    "compare_open": (
        "No clear difference in {scales}: not the same as no difference; look at the "
        "intervals.",
        "在{scales}上没有明确差异：这不等于没有差异，请看区间。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "compare_guide": "The form asks about a further referent.",
    "compare_higher": (
        "For one scale or more the first is higher, with p below "
        f"{thresholds.DIFFERENCE_P:.2f} after Holm."
    ),
    "compare_lower": (
        "For one scale or more the first is lower, with p below "
        f"{thresholds.DIFFERENCE_P:.2f} after Holm."
    ),
    "compare_open": (
        f"For one scale or more p is {thresholds.DIFFERENCE_P:.2f} or more after Holm."
    ),
}
