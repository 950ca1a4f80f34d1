"""What a release says first: the index, participation and three sentences."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

GLANCE_RELEASE: Final[dict[str, tuple[str, str]]] = {
    # the index
    "release_index": ("Trust index", "信任指数"),
    "release_of_100": ("of 100", "满分 100"),
    "release_between": ("{low:.0f} to {high:.0f}", "{low:.0f} 至 {high:.0f}"),
    "release_index_rule": (
        "The trust index is the plain mean of {count} trust dimensions, each put on 0 "
        "(every answer at the lowest point) to 100 (every answer at the highest). Its "
        "interval is the mean of theirs: as wide as it can be, however the dimensions "
        "go together. It is no percentage of people and has no norm to pass.",
        "信任指数是 {count} 个信任维度的简单平均，每个维度换算到 0（全部选最低点）至 100"
        "（全部选最高点）。其区间是各维度区间的平均：无论各维度如何相关，它都不会过窄。"
        "它不是人数的百分比，也没有及格线。",
    ),
    "release_index_no_scales": (
        "This survey has no scale whose items measure one dimension of trust, so it "
        "has no index.",
        "本调查没有测量单一信任维度的量表，因此没有指数。",
    ),
    "release_index_hidden": (
        "One of the dimensions has no score that may be shown, so there is no index.",
        "有一个维度的得分不能显示，因此没有指数。",
    ),
    # participation
    "release_participation": ("Answered", "作答人数"),
    "release_of_invited": ("of {invited} invited", "受邀 {invited} 人"),
    "release_rate": ("{rate} answered", "回答率 {rate}"),
    "release_rate_few": (
        "fewer than {least} invited: no rate",
        "受邀不足 {least} 人，不计算回答率",
    ),
    "release_rate_open": ("nobody was invited by name", "没有指名邀请"),
    "release_count_hidden": ("not shown", "不显示"),
    # highest and lowest
    "release_chip_level": ("Level", "水平"),
    "release_chip_together": ("One picture", "整体一致"),
    "release_level_apart": (
        "{highest} is rated highest, {high:.1f}, and {lowest} lowest, {low:.1f}, on "
        "{first} to {last}; their intervals meet those of no other dimension.",
        "{highest}得分最高（{high:.1f}），{lowest}最低（{low:.1f}），量表为 {first} 到 "
        "{last}；二者的区间都不与其他维度重叠。",
    ),
    "release_level_top": (
        "{highest} is rated highest, {high:.1f} on {first} to {last}. The other "
        "dimensions cannot be put in order: the intervals at the lower end overlap.",
        "{highest}得分最高（{high:.1f}，量表为 {first} 到 {last}）。其余维度不能排出高低："
        "较低一端的区间相互重叠。",
    ),
    "release_level_bottom": (
        "{lowest} is rated lowest, {low:.1f} on {first} to {last}. The other dimensions "
        "cannot be put in order: the intervals at the upper end overlap.",
        "{lowest}得分最低（{low:.1f}，量表为 {first} 到 {last}）。其余维度不能排出高低："
        "较高一端的区间相互重叠。",
    ),
    "release_level_ends": (
        "{highest} ({high:.1f}) is rated above {lowest} ({low:.1f}), on {first} to "
        "{last}. Which dimension is the highest or the lowest of all stays open: their "
        "intervals overlap with others.",
        "{highest}（{high:.1f}）高于{lowest}（{low:.1f}），量表为 {first} 到 {last}。"
        "哪个维度最高、哪个最低尚不能确定：它们的区间与其他维度重叠。",
    ),
    "release_level_even": (
        "The dimensions stand close together, between {low:.1f} and {high:.1f} on "
        "{first} to {last}: no one is clearly higher or lower than another.",
        "各维度十分接近，在 {low:.1f} 与 {high:.1f} 之间（量表为 {first} 到 {last}）："
        "没有哪个维度明显更高或更低。",
    ),
    "release_level_same": (
        "People hardly tell {highest} and {lowest} apart (HTMT of .90 or more), so "
        "highest and lowest are not named. Read the dimensions together.",
        "人们几乎不区分{highest}与{lowest}（HTMT 达到 0.90），因此不指出最高与最低。"
        "请把各维度合并解读。",
    ),
    "release_level_one": (
        "{scale} stands at {mean:.1f} on {first} to {last} (95\u00a0% interval {low:.1f} "
        "to {high:.1f}).",
        "{scale}为 {mean:.1f}，量表为 {first} 到 {last}（95% 区间 {low:.1f} 至 "
        "{high:.1f}）。",
    ),
    "release_level_points": (
        "The dimensions were asked on different points, so highest and lowest are not "
        "named.",
        "各维度使用了不同的量尺，因此不指出最高与最低。",
    ),
    "release_level_none": (
        "No dimension has a score that may be shown.",
        "没有可以显示的维度得分。",
    ),
    # since the wave before
    "release_chip_first": ("First wave", "首轮"),
    "release_chip_fell": ("Fell", "下降"),
    "release_chip_rose": ("Rose", "上升"),
    "release_chip_moved": ("Moved", "有变化"),
    "release_chip_steady": ("No clear change", "无明显变化"),
    "release_chip_not_compared": ("Not compared", "不作比较"),
    "release_moved_by": (
        "{scale} {sign}{points:.2f} ({low:.2f} to {high:.2f})",
        "{scale} {sign}{points:.2f}（{low:.2f} 至 {high:.2f}）",
    ),
    "release_change_first": (
        "There is no earlier wave with a score to compare with; a change shows from "
        "the next wave on.",
        "没有可供比较的往轮得分；从下一轮起才能看到变化。",
    ),
    "release_change_fell": (
        "Down since wave {wave}, in points with 95\u00a0% intervals: {scales}. Nothing "
        "else moved clearly.",
        "与第 {wave} 轮相比下降（单位为分，附 95% 区间）：{scales}。其余没有明显变化。",
    ),
    "release_change_rose": (
        "Up since wave {wave}, in points with 95\u00a0% intervals: {scales}. Nothing "
        "else moved clearly.",
        "与第 {wave} 轮相比上升（单位为分，附 95% 区间）：{scales}。其余没有明显变化。",
    ),
    "release_change_both": (
        "Since wave {wave}, in points with 95\u00a0% intervals, up: {rose}; down: "
        "{fell}.",
        "与第 {wave} 轮相比（单位为分，附 95% 区间），上升：{rose}；下降：{fell}。",
    ),
    "release_change_unclear": (
        "No dimension moved clearly since wave {wave}: every interval of the "
        "differences holds 0.",
        "与第 {wave} 轮相比，没有维度发生明显变化：所有差异的区间都包含 0。",
    ),
    "release_change_not_compared": (
        "The waves are not compared: {reason}",
        "不与往轮比较：{reason}",
    ),
    # what may be concluded
    "release_chip_careful": ("Be careful", "请谨慎"),
    "release_chip_untestable": ("Not testable", "无法检验"),
    "release_chip_apart": ("Not comparable", "不可比"),
    "release_chip_partly": ("Partly comparable", "部分可比"),
    "release_chip_comparable": ("Comparable", "可比"),
    "release_chip_whole": ("As a whole", "整体"),
    "release_careful_nothing": (
        "Nothing can be concluded about the level of trust from this release.",
        "不能由本次发布得出关于信任水平的结论。",
    ),
    "release_careful_loose": (
        "The items of {scales} hang together too loosely (below {guide}): read the "
        "score as a rough sign and conclude nothing from its differences.",
        "{scales}的题目之间联系过于松散（低于 {guide}）：得分只能作粗略参考，"
        "不要由其差异得出结论。",
    ),
    "release_careful_rate": (
        "{rate} of those invited answered. The rest may think otherwise: the numbers "
        "hold for those who answered, and their intervals know nothing of the others.",
        "受邀者中有 {rate} 作答。其余的人看法可能不同：数字只代表作答者，"
        "区间也不包含其他人的不确定性。",
    ),
    "release_careful_untestable": (
        "Whether teams understand the items alike cannot be tested with so few answers "
        "each. Their scores stand with intervals; which team is higher may not be said.",
        "各团队作答太少，无法检验他们对题目的理解是否一致。得分附有区间；"
        "不能据此判断哪个团队更高。",
    ),
    "release_careful_apart": (
        "Teams do not understand the items alike, so their scores must not be compared "
        "with one another.",
        "各团队对题目的理解并不一致，因此不能相互比较得分。",
    ),
    "release_careful_partly": (
        "Most items mean the same in every team: clear differences between teams may "
        "be read with care, small ones not.",
        "多数题目在各团队中含义一致：团队间明显的差异可以谨慎解读，微小的差异则不可。",
    ),
    "release_may_compare": (
        "The items mean the same in every team: teams whose intervals do not meet may "
        "be said to differ. Why they differ no survey can tell.",
        "题目在各团队中含义一致：区间不重叠的团队可以说存在差异。"
        "至于为何不同，问卷调查无法回答。",
    ),
    "release_may_whole": (
        "The numbers describe those who answered, as a whole. They say what goes "
        "together and what changed, not why.",
        "这些数字描述的是全体作答者的整体情况。它们说明什么相关、什么变化，而不说明原因。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "release_index": "An index exists, or a reason stands in its place.",
    "release_of_100": "Beside the index.",
    "release_between": "Beside the index: ends of its interval, whole points.",
    "release_index_rule": "There is an index; count = reflective trust scales.",
    "release_index_no_scales": "The survey has no reflective trust scale.",
    "release_index_hidden": "A reflective trust scale has no value in this group.",
    "release_participation": "Always, as the heading of the count.",
    "release_of_invited": "It is known how many were invited.",
    "release_rate": "The release holds a rate (8 or more were invited).",
    "release_rate_few": "Invited people are counted, but the release holds no rate.",
    "release_rate_open": "Nobody counted the invited (open links).",
    "release_count_hidden": "The number of answers is not published.",
    "release_level_apart": (
        "Two or more scales on the same points; the 95 % interval of the highest lies "
        "wholly above, and that of the lowest wholly below, those of all others."
    ),
    "release_level_top": (
        "Three or more; only the highest lies wholly above all the others."
    ),
    "release_level_bottom": (
        "Three or more; only the lowest lies wholly below all the others."
    ),
    "release_level_ends": (
        "Highest and lowest do not overlap with each other, but both overlap with a "
        "third."
    ),
    "release_level_even": "The intervals of the highest and the lowest meet.",
    "release_level_same": (
        "Their intervals do not meet, and HTMT of the highest and the lowest is "
        f"{thresholds.HTMT_SAME:.2f} or more."
    ),
    "release_level_one": "Exactly one trust scale has a score.",
    "release_level_points": "Trust scales have different ends.",
    "release_level_none": "No trust scale has a score.",
    "release_change_first": "No earlier wave has a score to compare with.",
    "release_change_fell": (
        "Intervals of one or more differences lie wholly below 0, none above."
    ),
    "release_change_rose": (
        "Intervals of one or more differences lie wholly above 0, none below."
    ),
    "release_change_both": "Differences lie wholly above 0, and others below.",
    "release_change_unclear": "Every interval of a difference holds 0.",
    "release_change_not_compared": "Differences are refused, with their reason.",
    "release_moved_by": "Inside the three sentences before, once a scale.",
    "release_careful_nothing": "No trust scale has a score.",
    "release_careful_loose": (
        "A trust scale's omega (else Spearman-Brown or alpha) is below "
        f"{thresholds.RESEARCH:.2f}."
    ),
    "release_careful_rate": (
        f"None of the above; the rate is below {thresholds.RATE:.0%}."
    ),
    "release_careful_untestable": "None of the above; the gate of units: not testable.",
    "release_careful_apart": "None of the above; the gate of units: not comparable.",
    "release_careful_partly": "None of the above; the gate of units: partly.",
    "release_may_compare": "None of the above; the gate of units: comparable.",
    "release_may_whole": "None of the above; there are no units.",
}
