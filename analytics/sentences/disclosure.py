"""Why a number is not told, with the number of people it would need."""

from collections.abc import Mapping
from typing import Final

DISCLOSURE: Final[dict[str, tuple[str, str]]] = {
    "hidden_few": (
        "Fewer than {needed} people answered; scores are shown from {needed} answers.",
        "作答人数少于{needed}人；达到{needed}人才显示得分。",
    ),
    "hidden_few_scored": (
        "Fewer than {needed} people have a score here; one is shown from {needed}.",
        "此项有得分的人数少于{needed}人；达到{needed}人才显示。",
    ),
    "hidden_complement": (
        "Shown beside a group that contains it, or lies inside it, this would give away "
        "a rest of fewer than {needed} people.",
        "如果与包含它或被它包含的群体同时显示，就会泄露不足{needed}人的其余部分。",
    ),
    "hidden_neighbour": (
        "Hidden so that nobody can work out the score of fewer than {needed} people "
        "from the groups beside it.",
        "为防止从其他群体的得分推算出不足{needed}人的得分，此处不显示。",
    ),
    "hidden_earlier": (
        "Together with what was published before, this would give away the score of "
        "fewer than {needed} people.",
        "如果与之前发布的结果合在一起，就会泄露不足{needed}人的得分。",
    ),
    "hidden_alike": (
        "Hidden because from it and the groups beside it one could see that everybody "
        "in some group answered alike.",
        "若显示此处，结合其他群体的得分，就能看出某个群体中所有人的作答相同，因此不显示。",
    ),
    "hidden_bounded": (
        "Hidden because the ends of the scale and the groups beside it would leave "
        "less than 1/{needed} of the scale open for what a few people answered.",
        "若显示此处，结合量表两端和其他群体的得分，少数人作答的可能范围就会小于量表的 "
        "1/{needed}，因此不显示。",
    ),
    "told_as_bound": (
        "Everybody answered alike, or nearly so, so a bound stands here instead of "
        "the value.",
        "所有人的作答相同或几乎相同，因此这里显示界限而不是具体数值。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "hidden_few": "Fewer than the wave's threshold (5 or more) answered in the segment.",
    "hidden_few_scored": (
        "The threshold answered in the segment, but fewer have a score on the scale."
    ),
    "hidden_complement": (
        "A published segment less a published part of it would be 1 to threshold - 1 "
        "people with a score, and this one gives way."
    ),
    "hidden_neighbour": (
        "A combination of three or more published segments would tell about 1 to "
        "threshold - 1 people, and this is the smallest of them."
    ),
    "hidden_earlier": (
        "The same, and a figure of an earlier release of these answers was used."
    ),
    "hidden_alike": (
        "A difference of published segments would be a group of fewer than 20 who all "
        "answered alike, or of any size that lacks less than 1/threshold of the range "
        "to an end of the scale in all."
    ),
    "hidden_bounded": (
        "Linear programming bounds the total of a hidden group to less than "
        "1/threshold of the scale's range, and this is the smallest segment used."
    ),
    "told_as_bound": (
        "Fewer than 20 people answered, all alike; or people of any number lack less "
        "than 1/threshold of the range to an end of the scale in all."
    ),
}
