"""What is said about people in teams and about weights.

Kish (1965), Survey Sampling, sections 8.2 and 11.7; Binder (1983), International
Statistical Review 51, 279-292; Asparouhov (2005), Struct. Equ. Modeling 12, 411-434.
"""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

SAMPLING: Final[dict[str, tuple[str, str]]] = {
    "sampling_clusters": (
        "People answered in {count} teams ({column}), {size:.1f} a team on average, and "
        "members of a team may answer alike.",
        "受访者分属{count}个团队（{column}），平均每队{size:.1f}人；同一团队的人作答可能相似。",
    ),
    "sampling_weights": (
        "Answers are weighted ({column}, sum {total:.1f}): the {n} people tell as much as "
        "{effective:.0f} who count alike (Kish 1965).",
        "作答经过加权（{column}，权重之和{total:.1f}）：这{n}人提供的信息"
        "相当于{effective:.0f}个权重相同的人（Kish，1965）。",
    ),
    "sampling_left": (
        "Rows left out: {left}. Without a team: {teamless}; without a weight: "
        "{weightless}.",
        "不计入的行数：{left}。没有团队：{teamless}；没有权重：{weightless}。",
    ),
    "sampling_effects": (
        "Design effects of the means of the scales: {low:.2f} to {high:.2f}, the variance "
        "of a mean over that of as many independent people who count alike.",
        "各量表均值的设计效应：{low:.2f}至{high:.2f}，"
        "即均值的方差与同样多的独立且权重相同的人相比的倍数。",
    ),
    "sampling_rest": (
        "Means, alpha, omega, correlations, the recommend index and the factor model "
        "allow for that, with their intervals. What takes people as independent "
        "who count alike says so where it stands.",
        "均值、alpha、omega、相关、推荐指数和因子模型及其区间均已考虑这一点。"
        "凡把人当作彼此独立、权重相同的结果，均在该处注明。",
    ),
    "sampling_no_resampling": (
        "No intervals of HTMT and of the corrected r: resampling would take people as "
        "independent who count alike.",
        "没有 HTMT 和校正后相关的区间：重抽样会把人当作彼此独立、权重相同。",
    ),
    "sampling_correlations": (
        "The correlations are weighted, and parallel analysis and Bartlett's test have "
        "Kish's effective number as their n.",
        "相关经过加权；平行分析和 Bartlett 检验以 Kish 有效人数作为样本量。",
    ),
    "sampling_polychoric": (
        "Polychoric correlations, and what rests on them, are not weighted.",
        "多分相关以及基于它的结果没有加权。",
    ),
    "sampling_structure": (
        "Parallel analysis and Bartlett's test take people as independent.",
        "平行分析和 Bartlett 检验把人当作彼此独立。",
    ),
    "sampling_shares": (
        "Shares, R squared and the plain mean beside them take people as independent who "
        "count alike.",
        "份额、决定系数以及与之对照的简单平均把人当作彼此独立、权重相同。",
    ),
    "sampling_ranks": (
        "Spearman's r counts everybody alike.",
        "Spearman 相关对每个人的计数相同。",
    ),
    "sampling_teams": (
        "Agreement counts everybody alike, and people of one team as independent of the "
        "others of it but for what the team shares.",
        "一致性对每个人的计数相同；除团队共有的部分外，把同队的人当作彼此独立。",
    ),
    "cfa_sampled": (
        "Errors, intervals and what is marked “scaled” allow for teams and weights.",
        "标准误、区间以及标有“校正”的结果已考虑团队和权重。",
    ),
    "cfa_sampled_items": (
        "With teams or weights the factor model takes at most {most} items, whose memory "
        "grows with the fourth power of their number; there are {has}. Analyse fewer "
        "scales at once.",
        "有团队或权重时，因子模型最多容纳{most}个题目（所需内存随题目数的四次方增长）；"
        "现有{has}个。请一次少分析几个量表。",
    ),
    "cfa_sampled_ordered": (
        "Items of {points} points are taken as numbers here: ordered categories with "
        "teams or weights are not offered.",
        "这里把{points}点的题目视为数值：不提供考虑团队或权重的有序类别估计。",
    ),
    "cfa_robust_sampled": (
        "Chi-square {chi2:.1f} with {df} degrees of freedom, p {p}: the test of exact fit, "
        "scaled for people in teams or with weights (MLR), and so are the indices. The "
        "guides were made for unscaled ones of independent people.",
        "卡方为{chi2:.1f}，自由度{df}，p {p}：精确拟合的检验，"
        "已针对团队或加权作答校正（MLR），各指数亦然。"
        "参考值是为独立受访者的未校正指数提出的。",
    ),
    "cfa_models_sampled": (
        "The same items under other models, improper solutions set aside; there is no "
        "BIC for people in teams or with weights. One factor that fits as well as "
        "several says that the scales are not told apart.",
        "相同题目在其他模型下的拟合（不恰当的解除外）；对团队或加权作答没有 BIC。"
        "若单因子与多因子拟合得一样好，说明人们并不区分这些量表。",
    ),
    "own_sampled": (
        "Modification indices take people as independent.",
        "修正指数把人当作彼此独立。",
    ),
    "invariance_sampled": (
        "The levels allow for teams and weights; the tests that name drifting items take "
        "people as independent.",
        "各等值水平已考虑团队和权重；列出漂移题目的检验则把人当作彼此独立。",
    ),
    "invariance_teams_across": (
        "Teams with people in several groups: {count}. The groups are taken as "
        "independent of each other.",
        "成员分属多个组的团队数：{count}。这里把各组当作彼此独立。",
    ),
    # settings
    "setting_clusters": ("Teams", "团队"),
    "clusters_value": (
        "{column}: {count} teams, {size:.1f} people each on average; CR1 with t of one "
        "degree of freedom fewer than teams",
        "{column}：{count} 个团队，平均每队 {size:.1f} 人；CR1，t 的自由度为团队数减一",
    ),
    "setting_answer_weights": ("Weights of people", "受访者权重"),
    "answer_weights_value": (
        "{column}: sum {total:.1f}, effective number of people {effective:.1f} (Kish)",
        "{column}：总和 {total:.1f}，有效人数 {effective:.1f}（Kish）",
    ),
    "setting_design_effects": ("Design effects of means", "均值的设计效应"),
    "design_effects_value": ("{name} {effect:.2f}", "{name} {effect:.2f}"),
    "estimator_sampled": (
        "{estimator}; it allows for teams and weights",
        "{estimator}；可以考虑团队和权重",
    ),
    "intervals_rule_sampled": (
        "95\u00a0%, linearised, for teams and weights: means, alpha, omega, r; resampled "
        "people, taken as independent who count alike: shares",
        "95%，线性化，考虑团队和权重：均值、alpha、omega、相关；"
        "对受访者的重抽样，视为独立且权重相同：份额",
    ),
}

_DESIGN: Final = "The specification names a column of teams or of weights"
CONDITIONS: Final[Mapping[str, str]] = {
    "sampling_clusters": "The specification names a column of teams.",
    "sampling_weights": "The specification names a column of weights.",
    "sampling_left": f"{_DESIGN}, and 1 row or more has no value there.",
    "sampling_effects": f"{_DESIGN}, and a scale has a mean with an error.",
    "sampling_rest": f"{_DESIGN}.",
    "sampling_no_resampling": f"{_DESIGN}, and there is an HTMT or a corrected r.",
    "sampling_correlations": "There are weights, and the correlations are Pearson's.",
    "sampling_polychoric": "There are weights, and the correlations are polychoric.",
    "sampling_structure": "The specification names a column of teams.",
    "sampling_shares": f"{_DESIGN}, and there are outcomes.",
    "sampling_ranks": "There are weights, and there are outcomes.",
    "sampling_teams": f"{_DESIGN}, and the agreement of teams is shown.",
    "cfa_sampled": f"{_DESIGN}, and the model was to be fitted.",
    "cfa_sampled_items": (
        f"{_DESIGN}, and the model has more than {thresholds.ROBUST_ITEMS} items."
    ),
    "cfa_sampled_ordered": (
        f"{_DESIGN}, and an item of the model has fewer than "
        f"{thresholds.NUMERIC_POINTS} points."
    ),
    "cfa_robust_sampled": f"{_DESIGN}, and the scaled chi-square exists.",
    "cfa_models_sampled": f"{_DESIGN}, and two or more scales stand in the model.",
    "own_sampled": f"{_DESIGN}, and a model of one's own was to be fitted.",
    "invariance_sampled": f"{_DESIGN}, and groups are compared.",
    "invariance_teams_across": (
        "Groups are compared, and a team has people in two of them or more."
    ),
}
