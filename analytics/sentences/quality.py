"""What is said about careless and missing answers, and about who is missing.

`CONDITIONS` says of each sentence exactly when it is said.
"""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

QUALITY: Final[dict[str, tuple[str, str]]] = {
    "quality_few": (
        "Fewer than {needs} people answered, so their answers are not looked into.",
        "作答不足{needs}人，因此不对作答进行检查。",
    ),
    "careless_none": (
        "Fewer than {least} people show enough signs of careless answering to be "
        "flagged.",
        "出现足够多不认真作答迹象而被标记的不足{least}人。",
    ),
    "careless_usual": (
        "{count} people ({percent}\u00a0%) show enough signs of careless answering to be "
        "flagged; in long questionnaires 10 to 12\u00a0% are usual (Meade & Craig 2012).",
        "{count}人（{percent}%）出现足够多不认真作答的迹象而被标记；"
        "长问卷中通常为 10% 至 12%（Meade 和 Craig，2012）。",
    ),
    "careless_many": (
        "{count} people ({percent}\u00a0%) show enough signs of careless answering to be "
        "flagged, more than the usual 10 to 12\u00a0% (Meade & Craig 2012).",
        "{count}人（{percent}%）出现足够多不认真作答的迹象而被标记，"
        "高于通常的 10% 至 12%（Meade 和 Craig，2012）。",
    ),
    "careless_kept": (
        "Nobody was removed.",
        "没有剔除任何人。",
    ),
    "careless_unmoved": (
        "Without them no mean moves by {limit:.1f} standard deviations or more, and no "
        "alpha or correlation noticeably.",
        "剔除后，没有任何均值变化达到{limit:.1f}个标准差，alpha 和相关也没有明显变化。",
    ),
    "careless_moved": (
        "Without them the results of {scales} differ noticeably; both stand below.",
        "剔除后，{scales}的结果有明显不同；两种结果见下方。",
    ),
    "careless_not_both": (
        "Results without the flagged are shown where {least} or more are flagged and "
        "{least} or more are not; otherwise they would tell about single people.",
        "只有被标记者和未被标记者都达到{least}人时，才显示剔除后的结果；"
        "否则会透露个人信息。",
    ),
    "careless_few_sides": (
        "Where fewer than {least} people with a score are flagged, or not flagged, it is "
        "not shown both ways.",
        "有某项得分的人中被标记或未被标记的不足{least}人时，不显示两种结果。",
    ),
    "careless_alike": (
        "Without the flagged everybody answered alike, so the mean is not shown.",
        "剔除后所有人作答相同，因此不显示均值。",
    ),
    "careless_no_signs": (
        "The questionnaire has nothing by which careless answers could be told: it is "
        "short, and has no instructed item and no reversed items.",
        "问卷没有可用来识别不认真作答的内容：题目较少，也没有检查题和反向题。",
    ),
    "careless_no_instructed": (
        "The questionnaire has no instructed item.",
        "问卷没有检查题。",
    ),
    "careless_short_block": (
        "No {needs} items with the same points stand one after another, and in a "
        "shorter block equal answers say nothing.",
        "没有连续{needs}个量尺相同的题目；在更短的题组中，相同的答案不说明什么。",
    ),
    "careless_no_reversed": (
        "No block of items has both directions.",
        "没有同时含正反向题目的题组。",
    ),
    "careless_few_scales": (
        "Halves of scales are compared from {needs} scales of two or more items on; "
        "there are {has}.",
        "至少需要{needs}个含两题及以上的量表才能比较奇偶两半，现有{has}个。",
    ),
    "careless_no_times": (
        "How long people took was not recorded.",
        "没有记录作答时间。",
    ),
    "careless_coarse_times": (
        "Times are recorded in bands that are too coarse for fewer than {needs} answers.",
        "作答时间只按区间记录；作答少于{needs}个时区间过宽。",
    ),
    "careless_no_synonyms": (
        "There are no three pairs of items with r above {cut:.2f}, or nobody's answers "
        "to them vary.",
        "没有三对相关超过{cut:.2f}的题目，或没有人对它们的作答有变化。",
    ),
    "careless_no_antonyms": (
        "There are no three pairs of items with r below \u2212{cut:.2f}, or nobody's "
        "answers to them vary.",
        "没有三对相关低于 \u2212{cut:.2f} 的题目，或没有人对它们的作答有变化。",
    ),
    "careless_rule": (
        "Somebody is flagged who missed an instructed item, or who shows {signs} of the "
        "other signs that count. All cuts were fixed before anybody answered and look at "
        "that person's answers alone. Signs that are shown only depend on the answers "
        "of others or repeat another sign. On a short form without reversed items an honest person may give "
        "one answer throughout.",
        "未通过检查题，或出现其他计入迹象中的{signs}项，即被标记。所有界值在作答之前"
        "已确定，只看本人的作答。仅展示的迹象取决于他人的作答，或与其他迹象重复。在没有反向题的短问卷中，"
        "认真的人也可能始终选择同一答案。",
    ),
    "missing_little": (
        "{percent:.1f}\u00a0% of the answers are missing, below the {limit:.0f}\u00a0% up to "
        "which gaps hardly matter (Schafer 1999).",
        "有{percent:.1f}% 的作答缺失，低于{limit:.0f}%，影响很小（Schafer，1999）。",
    ),
    "missing_some": (
        "{percent:.1f}\u00a0% of the answers are missing; above {limit:.0f}\u00a0% it matters "
        "who left them out.",
        "有{percent:.1f}% 的作答缺失；超过{limit:.0f}% 时，谁漏答就有影响。",
    ),
    "missing_much": (
        "{percent:.1f}\u00a0% of the answers are missing; above {limit:.0f}\u00a0% results can "
        "be biased (Bennett 2001).",
        "有{percent:.1f}% 的作答缺失；超过{limit:.0f}% 时结果可能有偏（Bennett，2001）。",
    ),
    "missing_none": ("No answer is missing.", "没有缺失的作答。"),
    "missing_related": (
        "People who left items out score differently on {scales}, so the gaps are not "
        "random.",
        "漏答的人在{scales}上的得分不同，因此缺失不是随机的。",
    ),
    "missing_unrelated": (
        "People who left items out do not score clearly differently; that does not "
        "prove that gaps are random.",
        "漏答的人得分没有明显不同；这并不能证明缺失是随机的。",
    ),
    "missing_few": (
        "Missing answers are described from {needs} people on.",
        "达到{needs}人时才描述缺失的作答。",
    ),
    "missing_few_sides": (
        "Scores are compared where {needs} or more people left an item out and {needs} "
        "or more did not.",
        "只有漏答者和未漏答者都达到{needs}人时，才比较得分。",
    ),
    "missing_not_asked": (
        "Not asked this time, or answered by nobody: {items}.",
        "本次没有询问，或无人作答：{items}。",
    ),
    "missing_rule": (
        "Skipped, not applicable and not shown are one thing here. Scores use what a "
        "person answered, from half of a scale's items on; nothing is filled in.",
        "此处不区分跳过、不适用和未显示。得分采用本人已答的题目（至少半数），不做任何填补。",
    ),
    "rate_of_invited": (
        "{answered} of {invited} invited people answered ({percent:.0f}\u00a0%).",
        "邀请{invited}人，其中{answered}人作答（{percent:.0f}%）。",
    ),
    "rates_alike": (
        "The rates of the {groups} units do not differ clearly.",
        "{groups}个单位的应答率没有明显差异。",
    ),
    "rates_little": (
        "The rates of the {groups} units differ, but little (Cramer's V {v}).",
        "{groups}个单位的应答率有差异，但很小（Cramer V {v}）。",
    ),
    "rates_differ": (
        "The rates of the {groups} units differ (Cramer's V {v}): some units speak "
        "louder than others in the total.",
        "{groups}个单位的应答率不同（Cramer V {v}）：总体结果中有些单位的声音更大。",
    ),
    "rates_rough": (
        "In some units fewer than 5 answers would be expected, so the test is rough.",
        "有些单位的预期人数不足 5，检验较粗略。",
    ),
    "rates_no_units": (
        "Nobody was invited by unit, so nothing is known of who is missing.",
        "没有按单位邀请，因此不知道缺少哪些人。",
    ),
    "rates_unknown": (
        "Nobody counted who could have answered, so nothing is known of who is missing.",
        "没有统计可作答的人数，因此不知道缺少哪些人。",
    ),
    "rates_above_one": (
        "More people answered in some unit than are known to be invited, so rates are "
        "not compared.",
        "某个单位的作答人数超过已知的邀请人数，因此不比较应答率。",
    ),
    "rates_test": (
        "Equal rates over {groups} groups: χ² {chi2:.2f}, df {df}, p {p}, Cramer's V "
        "{v}.",
        "{groups}组应答率相等的检验：χ² {chi2:.2f}，df {df}，p {p}，Cramer V {v}。",
    ),
    "rates_joined": (
        "Units whose rate is not shown are one group in the test; they are {joined}.",
        "不显示应答率的单位在检验中合为一组，共{joined}个。",
    ),
    "rates_more": (
        "Further units stand under the teams: {count}.",
        "其余单位列在团队部分：{count}个。",
    ),
    "weights_unmoved": (
        "If every unit counted as it was invited, no mean would move by {limit:.1f} "
        "standard deviations or more.",
        "若各单位按邀请人数计算，没有任何均值变化达到{limit:.1f}个标准差。",
    ),
    "weights_moved": (
        "If every unit counted as it was invited, the means of {scales} would move by "
        "{limit:.1f} standard deviations or more; read the weighted means, too.",
        "若各单位按邀请人数计算，{scales}的均值变化达到{limit:.1f}个标准差；"
        "请同时查看加权均值。",
    ),
    "weighted_rule": (
        "Weights make each unit count by its share of the invited. They mend only what "
        "goes with the unit. Units whose mean is not shown are one group. Weights above "
        "{bound:.0f} times the mean are cut; effective n by Kish (1965). Weighted means "
        "replace nothing.",
        "权重使各单位按其占邀请人数的比例计算，只能修正与单位有关的偏差。不显示均值的单位"
        "合为一组。超过平均{bound:.0f}倍的权重会被截断；有效 n 按 Kish（1965）计算。"
        "加权均值不替代任何结果。",
    ),
    "weights_trimmed": (
        "Weights were cut at {bound:.0f} times the mean for {scales}.",
        "{scales}的权重在平均值的{bound:.0f}倍处截断。",
    ),
    "weights_no_invited": (
        "Nobody counted who could have answered, so there are no weights.",
        "没有统计可作答的人数，因此没有权重。",
    ),
    "weights_no_units": (
        "Nobody was invited by unit, so there are no weights.",
        "没有按单位邀请，因此没有权重。",
    ),
    "weights_rest": (
        "The units whose mean is not shown have fewer than {least} answers together, or "
        "answered alike: a weighted mean would tell theirs, so there is none.",
        "不显示均值的单位合计不足{least}份答卷，或作答相同：加权均值会透露它们的结果，因此不予给出。",
    ),
    "weights_one_group": (
        "Weights need two or more units whose means may be shown.",
        "加权至少需要两个可以显示均值的单位。",
    ),
    "gates_none": (
        "There are no groups to compare.",
        "没有可比较的群体。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "quality_few": "Fewer people answered than scores need (5 or more, by the promise).",
    "careless_none": "Fewer people are flagged than scores need.",
    "careless_usual": (
        "As many or more are flagged, at most "
        f"{100 * thresholds.CARELESS_SHARE:.0f} % of all people (whole percent; of a "
        "band its low end)."
    ),
    "careless_many": f"More than {100 * thresholds.CARELESS_SHARE:.0f} % are flagged.",
    "careless_kept": "Always, after the number of the flagged.",
    "careless_unmoved": (
        "Results are shown both ways; every mean differs by less than "
        f"{thresholds.SHIFT_SD} SD, alpha by less than {thresholds.SHIFT_ALPHA} and r by "
        f"less than {thresholds.SHIFT_R}."
    ),
    "careless_moved": "Results are shown both ways, and one of these limits is reached.",
    "careless_not_both": (
        "Fewer people are flagged, or fewer are not flagged, than scores need."
    ),
    "careless_few_sides": (
        "The same among the people who have a score; as a verdict where no scale has "
        "both results."
    ),
    "careless_alike": (
        "Those who are not flagged all gave the same answers, fewer than 20, or lie "
        "together at one end of the scale."
    ),
    "careless_no_signs": "No sign that counts could be looked for.",
    "careless_no_instructed": "No question asks for a given answer.",
    "careless_short_block": (
        f"No {thresholds.BLOCK_ITEMS} scored items with the same points follow one "
        "another."
    ),
    "careless_no_reversed": (
        f"No {thresholds.REVERSED_RUN} scored items with the same points that follow "
        "one another hold reversed and other items."
    ),
    "careless_few_scales": "Fewer than 3 reflective scales have two or more items.",
    "careless_no_times": "The mode records no times, or nobody's is known.",
    "careless_coarse_times": (
        "Nobody gave so many answers that the first band, 120 seconds, leaves "
        f"{thresholds.SECONDS_AN_ITEM} seconds or less for each."
    ),
    "careless_no_synonyms": (
        f"Fewer than 3 pairs have r above {thresholds.SYNONYMS}, or none varies within "
        "anybody."
    ),
    "careless_no_antonyms": (
        f"Fewer than 3 pairs have r below -{thresholds.SYNONYMS}, or none varies within "
        "anybody."
    ),
    "careless_rule": "Always, below the table of signs.",
    "missing_none": "No answer to an item that was asked is missing.",
    "missing_little": f"Below {100 * thresholds.MISSING_LITTLE:.0f} % are missing.",
    "missing_some": (
        f"From {100 * thresholds.MISSING_LITTLE:.0f} to "
        f"{100 * thresholds.MISSING_MUCH:.0f} % are missing."
    ),
    "missing_much": f"Above {100 * thresholds.MISSING_MUCH:.0f} % are missing.",
    "missing_related": (
        "For one scale or more the correlation of leaving items out with the score has "
        f"p below {thresholds.MISSING_P} after Holm."
    ),
    "missing_unrelated": "It was tested for one scale or more, and for none it has.",
    "missing_few": "Fewer than 10 people answered, or fewer than scores need.",
    "missing_few_sides": "Fewer than 10 people with a score have gaps, or have none.",
    "missing_not_asked": "Nobody gave an answer to one item or more.",
    "missing_rule": "Always, below the tables of missing answers.",
    "rate_of_invited": "The rate of everyone is shown (8 or more were invited).",
    "rates_alike": f"Equal rates are not rejected: p of {thresholds.RATE_P} or above.",
    "rates_little": f"Rejected, with Cramer's V below {thresholds.RATE_V}.",
    "rates_differ": f"Rejected, with Cramer's V of {thresholds.RATE_V} or above.",
    "rates_rough": "Tested, and an expected count is below 5.",
    "rates_no_units": (
        "No unit has a rate that may be shown, and the number of all who answered is told "
        "in a band."
    ),
    "rates_unknown": "The number of invited people is not known.",
    "rates_above_one": "A unit has more answers than invitations.",
    "rates_test": "Tested.",
    "rates_joined": "Tested with units joined.",
    "rates_more": "There are 60 units or more.",
    "weights_unmoved": (
        f"Weighted, and every mean differs by less than {thresholds.SHIFT_SD} SD."
    ),
    "weights_moved": f"Weighted, and a mean differs by {thresholds.SHIFT_SD} SD or more.",
    "weighted_rule": "Weighted.",
    "weights_trimmed": (
        f"Weighted, and a weight exceeded {thresholds.WEIGHT_BOUND:.0f} times the mean."
    ),
    "weights_no_invited": "The number of invited people is not known.",
    "weights_no_units": "There are no units.",
    "weights_rest": (
        "Everybody outside the units with a shown mean is fewer than scores need, or "
        "answered alike, or is more than were invited there."
    ),
    "weights_one_group": (
        "Fewer than two groups are left to weight, or in one fewer than two people have "
        "this score."
    ),
    "gates_none": "The release has no segments beside everyone.",
}
