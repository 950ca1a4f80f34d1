"""What to know beside a number, and why a number is not there."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

NOTICES: Final[dict[str, tuple[str, str]]] = {
    # a number that is not there
    "factor_model_later": (
        "Comes with the factor model, which has not been fitted.",
        "需要先拟合因子模型，目前尚未拟合。",
    ),
    "omega_two_items": (
        "Omega needs 3 items; this scale has 2. Spearman-Brown is given instead.",
        "omega 至少需要 3 个题目；本量表有 2 个，改报 Spearman-Brown 系数。",
    ),
    "one_item": (
        "A single item has no internal consistency; its score is shown without one.",
        "单个题目没有内部一致性；仅显示其得分。",
    ),
    "formative": (
        "The items of {scale} are parts of a whole and need not agree, so it has no "
        "alpha, omega or factor.",
        "{scale}的题目是整体的各个部分，不要求彼此一致，因此没有 alpha、omega 或因子。",
    ),
    "no_structure_items": (
        "No scale has items that share a factor, so no structure is looked for.",
        "没有任何量表的题目共享因子，因此不检验结构。",
    ),
    "sd_needs_two": (
        "A standard deviation needs the scores of at least 2 people; there are {has}.",
        "标准差至少需要 2 人的得分，现有{has}人。",
    ),
    "no_items_left": (
        "Fewer than 3 items have answers that differ, so no structure is looked for.",
        "作答有差异的题目少于 3 个，因此不检验结构。",
    ),
    # beside a number
    "one_respondent": (
        "There is one respondent: nothing can be said about how answers vary.",
        "只有一名受访者：无法说明作答如何变化。",
    ),
    "small_sample": (
        "There are {n} respondents; correlations settle at about {needed} (Schönbrodt "
        "& Perugini 2013). The intervals show how much is still open.",
        "共有{n}名受访者；相关系数大约在{needed}人时才趋于稳定（Schönbrodt & "
        "Perugini 2013）。区间显示了尚不确定的程度。",
    ),
    "constant_item": (
        "Everybody gave the same answer to {item} ({scale}); it is left out of the "
        "structure and tells nothing about differences.",
        "所有人对{item}（{scale}）的作答相同；它不进入结构分析，也不能说明差异。",
    ),
    "unanswered_item": (
        "Nobody answered {item} ({scale}); it is left out of the structure.",
        "没有人回答{item}（{scale}）；它不进入结构分析。",
    ),
    "missing_item": (
        "{item} ({scale}) was left unanswered by {percent:.0f}\u00a0% of the respondents.",
        "有{percent:.0f}% 的受访者没有回答{item}（{scale}）。",
    ),
    "negative_item": (
        "{item} runs against the other items of {scale} (item-rest r {r:.2f}); check "
        "whether it should be reversed.",
        "{item}与{scale}的其他题目方向相反（题目与其余题目的相关{r:.2f}）；"
        "请检查是否应反向计分。",
    ),
    "two_item_reliability": (
        "{scale} has 2 items; its reliability by Spearman-Brown is {value:.2f}.",
        "{scale}有 2 个题目；按 Spearman-Brown 计算的信度为{value:.2f}。",
    ),
    "votes": (
        "Parallel analysis votes {factors} when it counts factors and {components} "
        "when it counts components; the factor vote is used.",
        "平行分析建议{factors}个因子、{components}个主成分；这里采用因子的建议。",
    ),
    "votes_none": (
        "Parallel analysis finds no factor beyond chance; one factor is shown so that "
        "the items can be inspected.",
        "平行分析没有发现超出随机水平的因子；仍显示一个因子，以便查看题目。",
    ),
    "votes_limited": (
        "Parallel analysis votes for {factors} factors; {n_items} items can carry "
        "{used}, so {used} are shown.",
        "平行分析建议{factors}个因子；{n_items}个题目最多承载{used}个，"
        "因此显示{used}个。",
    ),
    "heywood": (
        "The factors explain {items} completely (Heywood case): the solution is "
        "improper; do not build on the loadings, or ask for fewer factors.",
        "因子完全解释了{items}（Heywood 情形）：解不恰当；"
        "请不要以这些载荷为依据，或减少因子数。",
    ),
    "no_outcomes": (
        "No outcome was named, so nothing is related to loyalty.",
        "没有指定结果，因此不分析与忠诚的关系。",
    ),
    "same_source": (
        "Trust and outcomes were answered by the same people in the same "
        "questionnaire; part of each correlation may come from that (Podsakoff et al. "
        "2003). Correlations say what goes together, not what leads to what.",
        "信任与结果由同一批人在同一份问卷中作答，相关系数的一部分可能由此而来"
        "（Podsakoff 等，2003）。相关只说明哪些同时出现，不说明谁导致谁。",
    ),
    "corrected_above_one": (
        "{scale} and {outcome}: the correlation corrected for unreliability is above 1 "
        "({value:.2f}); the reliabilities are too low for the correction.",
        "{scale}与{outcome}：校正不可靠性后的相关超过 1（{value:.2f}）；"
        "信度过低，不适合校正。",
    ),
    "redundant": (
        "{scale} and {outcome} correlate at {r}, above .85: they are probably the "
        "same thing asked twice, or one way of answering. This is not a success.",
        "{scale}与{outcome}的相关为{r}，超过 0.85：很可能是同一事物问了两次，"
        "或同一种作答方式所致。这不是好结果。",
    ),
    "not_separable": (
        "{first} and {second}: HTMT {htmt:.2f} is .90 or more (Henseler, Ringle & "
        "Sarstedt 2015). People hardly tell the two apart; read them together and do "
        "not rank one above the other.",
        "{first}与{second}：HTMT 为{htmt:.2f}，达到 0.90（Henseler、Ringle 和 "
        "Sarstedt，2015）。人们几乎不区分二者；请合并解读，不要比较二者的高低。",
    ),
    "not_separable_outcome": (
        "{scale} and {outcome}: HTMT {htmt:.2f} is .90 or more (Henseler, Ringle & "
        "Sarstedt 2015). The questions overlap, so part of what goes together here is "
        "asked twice.",
        "{scale}与{outcome}：HTMT 为{htmt:.2f}，达到 0.90（Henseler、Ringle 和 "
        "Sarstedt，2015）。题目有重叠，因此二者的相关有一部分来自重复提问。",
    ),
    "simulated": (
        "The answers are simulated; they show the product, not people.",
        "作答是模拟的；它们展示产品，不代表真实的人。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    # a number that is not there
    "factor_model_later": "A scale's AVE is asked for before a factor model was fitted.",
    "omega_two_items": "A reflective scale has exactly 2 items; in the place of omega.",
    "one_item": "A reflective scale has exactly 1 item; in the place of alpha and omega.",
    "formative": "The model of a scale is not reflective.",
    "no_structure_items": "No trust scale with a factor has items, so none are analysed.",
    "sd_needs_two": "Fewer than 2 people have a score on the scale.",
    "no_items_left": (
        "Trust scales have items for the structure, and the answers differ on 0 to 2 of "
        "them."
    ),
    # beside a number
    "one_respondent": "Exactly 1 person answered.",
    "small_sample": f"2 to {thresholds.STABLE_N - 1} people answered, or nobody did.",
    "constant_item": "2 or more people answered an item, all of them alike.",
    "unanswered_item": "Nobody answered an item.",
    "missing_item": (
        f"More than {thresholds.MISSING_SHARE:.0%} of the people left an item out that "
        "somebody answered."
    ),
    "negative_item": "The item-rest correlation of an item is below 0.",
    "two_item_reliability": "A reflective scale of 2 items has a Spearman-Brown value.",
    "votes": (
        "Parallel analysis chooses the number of factors, votes for 1 or more, and the "
        "items can carry as many."
    ),
    "votes_none": (
        "Parallel analysis chooses the number of factors and votes for none; 1 is shown."
    ),
    "votes_limited": (
        "Parallel analysis votes for more factors than leave degrees of freedom of 0 or "
        "more with so many items."
    ),
    "heywood": "The factors explain the whole variance of one item or more.",
    "no_outcomes": "No outcome was asked or named.",
    "same_source": "There is one outcome or more.",
    "corrected_above_one": (
        "A correlation corrected for unreliability lies above 1 or below \u22121."
    ),
    "redundant": (
        "The correlation of a trust scale with an outcome is above "
        f"{thresholds.REDUNDANT:.2f} or below \u2212{thresholds.REDUNDANT:.2f}."
    ),
    "not_separable": (
        f"HTMT of two trust scales is {thresholds.HTMT_SAME:.2f} or more; below the "
        f"matrix once for each pair, where {thresholds.NAMED} pairs or fewer reach it."
    ),
    "not_separable_outcome": (
        f"HTMT of a trust scale and an outcome is {thresholds.HTMT_SAME:.2f} or more."
    ),
    "simulated": "The survey or the file is marked as simulated.",
}
