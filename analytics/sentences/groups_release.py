"""Headings and words around the groups and the methods of a release."""

from collections.abc import Mapping
from typing import Final

GROUPS_RELEASE: Final[dict[str, tuple[str, str]]] = {
    # what stands on every release
    "release_wave": ("Wave {wave}", "第 {wave} 轮"),
    "release_closed": ("closed {date}", "{date}结束"),
    "release_mode_anonymous": ("anonymous", "匿名"),
    "release_mode_confidential": ("confidential", "保密"),
    "release_mode_identified": ("identified", "实名"),
    "release_mode_open": ("open link", "开放链接"),
    # groups
    "release_groups": ("Teams and groups", "团队与群体"),
    "release_units": ("Teams", "团队"),
    "release_languages": ("By language", "按语言"),
    "release_questions": ("By answer to a question", "按问题的回答"),
    "release_group": ("Group", "群体"),
    "release_answered": ("Answered", "作答"),
    "release_invited": ("{invited} invited", "受邀 {invited} 人"),
    "release_points": ("{low}–{high}", "{low}–{high}"),
    "release_at_least": ("{point} or more", "{point} 或以上"),
    "release_at_most": ("{point} or less", "{point} 或以下"),
    "release_why": ("not shown, reason {mark}", "不显示，原因 {mark}"),
    "release_reasons": ("Why some are not shown", "为何有些不显示"),
    "release_no_groups": (
        "This release has no groups beside everyone: nobody was invited by team, and no "
        "question divides the answers into groups that are large enough.",
        "本次发布除全体之外没有其他群体：没有按团队邀请，也没有问题能把作答分成足够大的群体。",
    ),
    "release_no_segments": (
        "This release holds no scores of groups.",
        "本次发布没有群体得分。",
    ),
    "release_heat_rule": (
        "Each cell: mean, with its 95\u00a0% interval below it. Colour shows the place of the "
        "mean on the points of its scale, the same in every group and wave; it is no "
        "verdict. Groups stand in the order of the organization, not of their scores.",
        "每格：均值，下方为其 95% 区间。颜色表示均值在量尺上的位置，各群体与各轮一致，"
        "并非评判。群体按组织结构排列，而不按得分排列。",
    ),
    "release_heat_legend": (
        "Place of the mean on its scale, 0 to 100",
        "均值在量尺上的位置，0 至 100",
    ),
    "release_below": ("below {point}", "低于 {point}"),
    "release_from": ("{point} and up", "{point} 及以上"),
    "release_from_to": ("{low}–{high}", "{low}–{high}"),
    "release_bands_rule": (
        "Fewer than 20 people are given as a band of five (5–9, 10–14); scores stand from "
        "{least} answers on. A bound (“6 or more”) stands where everybody answered "
        "alike, or nearly so.",
        "不足 20 人时以五人一档表示（5–9、10–14）；达到 {least} 份答卷才显示得分。"
        "所有人回答相同或几乎相同时只给出界限（如“6 或以上”）。",
    ),
    "release_pick": ("Look at one group", "查看某个群体"),
    "release_pick_button": ("Show", "显示"),
    "release_all_groups": ("All groups", "全部群体"),
    "release_beside": ("{group}, beside what stands above it", "{group}与其上级"),
    "release_axis_ring": (
        "mean, {low} to {high} (bar: 95\u00a0% interval; ring: {ring})",
        "均值，{low} 到 {high}（横条：95% 区间；圆环：{ring}）",
    ),
    "release_ring": ("{words}, {ring} {value:.2f}", "{words}，{ring} {value:.2f}"),
    "release_ring_wave": ("wave {wave}", "第 {wave} 轮"),
    "release_window": (
        "Groups {first} to {last} of {total}",
        "第 {first} 至 {last} 个群体，共 {total} 个",
    ),
    "release_previous": ("Previous", "上一页"),
    "release_next": ("Next", "下一页"),
    "release_rwg": ("Agreement, rwg(j)", "一致性 rwg(j)"),
    "release_spread": ("Do the members of a team agree?", "团队成员的看法一致吗？"),
    "release_change_of_people": (
        "{joined} joined and {left} left since the wave before.",
        "与上一轮相比，新加入 {joined} 人，离开 {left} 人。",
    ),
    # methods
    "release_methods": ("Methods", "方法"),
    "release_methods_settings": ("How the numbers were made", "数字如何得出"),
    "release_promise": ("What respondents were told", "受访者看到的承诺"),
    "release_promise_digest": (
        "SHA-256 of this promise: {digest}",
        "此承诺的 SHA-256：{digest}",
    ),
    "release_rules": ("What is shown, and what is not", "显示什么，不显示什么"),
    "release_sources": ("Conventions and their sources", "惯例及其来源"),
    "release_number": ("Release", "发布"),
    "release_number_of": ("{number} of wave {wave}", "第 {wave} 轮第 {number} 次"),
    "release_wave_closed": ("Wave closed", "轮次结束"),
    "release_mode": ("Mode", "模式"),
    "release_rule_frozen": (
        "The release was computed once, after the wave had closed, over groups fixed "
        "before inviting. Nobody can filter the answers afterwards.",
        "发布在轮次结束后一次性计算，群体在邀请之前就已固定，事后无人可以再筛选作答。",
    ),
    "release_rule_scores": (
        "Scores are shown from {least} answers on, comments and distributions from "
        "{comments}, sensitive questions from {sensitive}.",
        "达到 {least} 份答卷才显示得分，评论与分布为 {comments} 份，敏感问题为 {sensitive} 份。",
    ),
    "release_rule_complement": (
        "If the difference of two groups over the same answers would be 1 to "
        "{most} people, one of the two is hidden, so that nobody can be found by "
        "subtraction.",
        "如果两个群体在同一批作答上的差额为 1 至 {most} 人，则隐藏其中之一，"
        "以免通过相减找出某个人。",
    ),
    "release_rule_alike": (
        "Where everybody in a group of fewer than 20 answered alike, or any group stands "
        "nearly at an end of the scale, a bound stands instead of the value.",
        "不足 20 人的群体中若所有人回答相同，或任何群体几乎全部处于量尺的一端，"
        "则以界限代替数值。",
    ),
    "release_rule_counts": (
        "Fewer than 20 people are given as a band of five, and their rate with it; a "
        "rate is given from 8 invited on.",
        "不足 20 人时以五人一档表示人数，回答率随之以区间给出；受邀达到 8 人才给出回答率。",
    ),
    "release_rule_compare": (
        "Groups are put in order only where the items measure alike (scalar invariance) "
        "and each has 200 answers or more.",
        "只有在题目含义一致（标量不变性成立）且每组至少 200 份答卷时，才对群体排序。",
    ),
    "release_rule_open": (
        "This wave gave no promise of hiding: respondents were told that their answers "
        "are seen.",
        "本轮未承诺隐藏：受访者已被告知其作答可被看到。",
    ),
    "release_audit": ("Attack before publication", "发布前的攻击检验"),
    "release_audit_size": (
        "Before it was published the release was attacked: {systems} systems of "
        "equations over {pieces} means, {programs} linear programs, {rounds} rounds.",
        "发布之前对结果进行了攻击检验：{systems} 个方程组、{pieces} 个均值、"
        "{programs} 个线性规划，共 {rounds} 轮。",
    ),
    "release_audit_hidden": (
        "Groups that lost a score because, with others, it would have told about fewer "
        "than {least} people: {count}.",
        "因为与其他结果合在一起会泄露不足 {least} 人的信息而被隐藏得分的群体：{count} 个。",
    ),
    "release_audit_nothing": (
        "The attack found nothing about fewer than {least} people, so it hid nothing "
        "beyond the rules above.",
        "攻击没有发现不足 {least} 人的信息，因此除上述规则外没有另行隐藏。",
    ),
    "release_audit_passed": (
        "In what was published then, every combination of figures was ruled out.",
        "对最终发布的内容，已排除所有数字组合的可能。",
    ),
    "release_audit_searched": (
        "In what was published then, the attack finds nothing more; there are too many "
        "combinations of figures to rule out every one.",
        "对最终发布的内容，攻击不再有任何发现；但数字组合过多，无法逐一排除。",
    ),
    "release_source_t": (
        "Intervals of means: Student's t.",
        "均值的区间：Student t 分布。",
    ),
    "release_source_icc": (
        "ICC by analysis of variance: Bliese (2000).",
        "ICC 由方差分析得出：Bliese（2000）。",
    ),
    "release_source_rwg": (
        "rwg(j): James, Demaree & Wolf (1984); skewed null: LeBreton & Senter (2008).",
        "rwg(j)：James、Demaree 和 Wolf（1984）；偏斜零分布：LeBreton 和 Senter（2008）。",
    ),
    "release_source_alpha": (
        "Alpha and its interval: Cronbach (1951), Feldt (1965). Guides for "
        "reliability: Nunnally (1978).",
        "alpha 及其区间：Cronbach（1951）、Feldt（1965）。信度参考值：Nunnally（1978）。",
    ),
    "release_source_htmt": (
        "HTMT: Henseler, Ringle & Sarstedt (2015).",
        "HTMT：Henseler、Ringle 和 Sarstedt（2015）。",
    ),
    "release_source_invariance": (
        "Measuring alike: Cheung & Rensvold (2002), Chen (2007).",
        "测量不变性：Cheung 和 Rensvold（2002）、Chen（2007）。",
    ),
    "release_source_rate": (
        "Rates of surveys in organizations: Baruch & Holtom (2008).",
        "组织调查的回答率：Baruch 和 Holtom（2008）。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "release_no_groups": "The release has no segment beside everyone.",
    "release_no_segments": "The release has no part with segments.",
    "release_at_least": "A score has a lower bound instead of a value.",
    "release_at_most": "A score has an upper bound instead of a value.",
    "release_heat_rule": "Above every grid of groups.",
    "release_bands_rule": "Above every grid of groups; least = answers for a score.",
    "release_change_of_people": "A group counts who joined or left since the wave before.",
    "release_rule_frozen": "Always, in the methods.",
    "release_rule_scores": "The wave has a promise with thresholds.",
    "release_rule_complement": "The wave has a promise with thresholds.",
    "release_rule_alike": "The wave has a promise with thresholds.",
    "release_rule_counts": "The wave has a promise with thresholds.",
    "release_rule_compare": "Always, in the methods.",
    "release_audit_size": "There is an audit.",
    "release_audit_hidden": "The audit hid a score of one group or more.",
    "release_audit_nothing": "The audit hid nothing.",
    "release_audit_passed": "The audit ruled out every combination.",
    "release_audit_searched": "The audit searched without ruling out every combination.",
    "release_rule_open": "The wave has no promise of hiding (no thresholds).",
    **{
        f"release_source_{code}": "Always, in the methods."
        for code in ("t", "alpha", "htmt", "icc", "rwg", "invariance", "rate")
    },
}
