"""What is said about the factor model and about measuring alike in several groups.

Hu & Bentler (1999), Struct. Equ. Modeling 6, 1-55; Marsh, Hau & Wen (2004), the same 11,
320-341; Boomsma & Hoogland (2001), in: Cudeck, du Toit & Sörbom; Fornell & Larcker
(1981), J. Mark. Res. 18, 39-50; Cheung & Rensvold (2002), Struct. Equ. Modeling 9,
233-255; Chen (2007), the same 14, 464-504; Byrne, Shavelson & Muthén (1989), Psychol.
Bull. 105, 456-466.
"""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

FACTOR_MODEL: Final[dict[str, tuple[str, str]]] = {
    # why there is none, and what to know beside it
    "cfa_no_scales": (
        "No scale has two items that share a factor, so no factor model is fitted.",
        "没有量表具有两个共享因子的题目，因此不拟合因子模型。",
    ),
    "cfa_few": (
        "The factor model of {items} items needs at least {needs} people who answered "
        "all of them; there are {has}.",
        "{items} 个题目的因子模型至少需要{needs}个回答了全部题目的人，现有{has}人。",
    ),
    "cfa_robust_items": (
        "Robust estimation and that of ordered items take at most {most} items, because "
        "their memory grows with the fourth power of the items; there are {has}. Use "
        "the estimator ML.",
        "稳健估计和有序题目的估计最多容纳{most}个题目，"
        "因为所需内存随题目数的四次方增长；现有{has}个。请使用估计方法 ML。",
    ),
    "cfa_fiml": (
        "The factor model uses all {n} people who answered any of its items, as far as "
        "they answered: {share:.1%} of their answers are missing ({left} answered none "
        "and are left out). That is right where a gap depends on nothing but answers "
        "that were given (FIML).",
        "因子模型使用至少回答了一题的全部{n}人的已有作答：其作答中有{share:.1%}缺失"
        "（另有{left}人未作答，不计入）。只有当缺失仅取决于已给出的作答时，"
        "这种做法才正确（FIML）。",
    ),
    "cfa_unused": (
        "Categories that nobody chose are left out of the ordered items {items}.",
        "有序题目{items}中无人选择的类别不计入。",
    ),
    "cfa_complete": (
        "The factor model uses the {n} people who answered all of its {items} items; "
        "{left} left one out.",
        "因子模型使用回答了全部{items}个题目的{n}人；另有{left}人漏答。",
    ),
    "cfa_small": (
        "With {n} people the indices tend to look worse than the model is (guide "
        "{guide}, Boomsma & Hoogland 2001).",
        "只有{n}人时，拟合指数往往比模型本身显得更差"
        "（参考值{guide}，Boomsma 和 Hoogland，2001）。",
    ),
    # how it fits
    "chip_cfa_within": ("Within the guides", "在参考值之内"),
    "chip_cfa_partly": ("Partly within", "部分在参考值之内"),
    "chip_cfa_outside": ("Outside the guides", "在参考值之外"),
    "chip_cfa_inside_one": ("Within", "之内"),
    "chip_cfa_outside_one": ("Outside", "之外"),
    "chip_cfa_improper": ("Improper solution", "解不恰当"),
    "cfa_fit": (
        "{within} of {count} indices lie within the guides of Hu & Bentler (1999).",
        "{count} 个指数中有{within}个在 Hu 和 Bentler（1999）的参考值之内。",
    ),
    "cfa_exact": (
        "Chi-square {chi2:.1f} with {df} degrees of freedom, p {p}: the test of exact "
        "fit, which nearly every model fails in large samples.",
        "卡方为{chi2:.1f}，自由度{df}，p {p}：这是精确拟合的检验，"
        "样本大时几乎任何模型都通不过。",
    ),
    "cfa_guides": (
        "The guides were found with a few simulated models; they label a number and "
        "are no test of validity (Marsh, Hau & Wen 2004).",
        "这些参考值来自少数模拟模型；它们只是数值的标签，"
        "不是效度的检验（Marsh、Hau 和 Wen，2004）。",
    ),
    "cfa_robust": (
        "Corrected for answers that are not normal (MLR, Yuan & Bentler 2000): "
        "chi-square {chi2:.1f}, p {p}, and the indices marked “scaled”; the guides were "
        "made for the unscaled ones.",
        "针对非正态作答校正后（MLR，Yuan 和 Bentler，2000）：卡方为{chi2:.1f}，p {p}，"
        "以及标有“校正”的指数；参考值是为未校正的指数提出的。",
    ),
    "cfa_robust_mlmv": (
        "Corrected for answers that are not normal (MLMV, Asparouhov & Muthen 2010): "
        "chi-square {chi2:.1f}, p {p}, and the indices marked “scaled”; the guides were "
        "made for the unscaled ones.",
        "针对非正态作答校正后（MLMV，Asparouhov 和 Muthen，2010）：卡方为{chi2:.1f}，p {p}，"
        "以及标有“校正”的指数；参考值是为未校正的指数提出的。",
    ),
    "cfa_robust_fiml": (
        "Corrected for answers that are not normal (Yuan & Bentler, from all answers): "
        "chi-square {chi2:.1f}, p {p}, and the indices marked “scaled”; the guides were "
        "made for the unscaled ones.",
        "针对非正态作答校正后（Yuan 和 Bentler，基于全部作答）：卡方为{chi2:.1f}，"
        "p {p}，以及标有“校正”的指数；参考值是为未校正的指数提出的。",
    ),
    "cfa_ordered": (
        "The items are taken as ordered categories (WLSMV, polychoric correlations): "
        "chi-square {chi2:.1f} with {df} degrees of freedom, p {p}, adjusted for mean "
        "and variance, and so are the indices. The guides were made for numbers, and "
        "ordered items meet them too easily (Xia & Yang 2019).",
        "题目按有序类别处理（WLSMV，多分相关）：卡方为{chi2:.1f}，自由度{df}，p {p}，"
        "已校正均值和方差，各指数亦然。参考值是针对数值型作答提出的，"
        "有序题目过于容易达到（Xia 和 Yang，2019）。",
    ),
    "cfa_ave_guide": (
        "An average variance extracted (AVE) of .50 says that a factor explains half of "
        "the variance of its items (Fornell & Larcker 1981).",
        "平均方差抽取量（AVE）达到 0.50，表示因子解释其题目方差的一半"
        "（Fornell 和 Larcker，1981）。",
    ),
    "cfa_models": (
        "The same items under other models; a lower BIC is the better balance of fit "
        "and simplicity, improper solutions set aside. One factor that fits as well as several says that the scales "
        "are not told apart.",
        "相同题目在其他模型下的拟合；BIC 越小，拟合与简洁的权衡越好"
        "（不恰当的解除外）。"
        "若单因子与多因子拟合得一样好，说明人们并不区分这些量表。",
    ),
    "cfa_models_ordered": (
        "The same ordered items under other models, improper solutions set aside; "
        "there is no BIC without a likelihood. One factor that fits as well as several "
        "says that the scales are not told apart.",
        "相同有序题目在其他模型下的拟合（不恰当的解除外）；没有似然就没有 BIC。"
        "若单因子与多因子拟合得一样好，说明人们并不区分这些量表。",
    ),
    # measuring alike in groups
    "chip_alike": ("Alike", "等值"),
    "chip_alike_partly": ("Partly alike", "部分等值"),
    "chip_not_alike": ("Not alike", "不等值"),
    "chip_not_testable": ("Not testable", "无法检验"),
    "invariance_few": (
        "Not testable: at least 2 groups of {needs} people who answered every item are "
        "needed. Groups with as many: {has}.",
        "无法检验：至少需要 2 个各有{needs}人回答了全部题目的组；达到的组数：{has}。",
    ),
    "invariance_left": (
        "Groups not compared, because fewer than {needs} of their people answered every "
        "item: {count}.",
        "因回答了全部题目的不足{needs}人而未作比较的组数：{count}。",
    ),
    "invariance_most": (
        "Only the {most} largest groups are compared; left out: {count}.",
        "只比较最大的{most}个组；未作比较的组数：{count}。",
    ),
    "invariance_no_search": (
        "With more than {most} items times groups, items are named by their score tests "
        "alone; whether means can be compared without them is not searched for.",
        "题目数乘以组数超过{most}时，仅按得分检验列出有漂移的题目；"
        "不再搜索去除其影响后均值能否比较。",
    ),
    "invariance_scalar": (
        "Loadings and intercepts may be taken as equal, so means can be compared "
        "between the groups (at no step does CFI fall by more than .010 or RMSEA rise by "
        "more than .015, unless by chance; Cheung & Rensvold 2002, Chen 2007).",
        "载荷和截距可视为相等，因此各组的均值可以比较（除偶然波动外，每一步 CFI 下降"
        "不超过 0.010，RMSEA 上升不超过 0.015；Cheung 和 Rensvold，2002；Chen，2007）。",
    ),
    "invariance_partial_scalar": (
        "Means can be compared once {items} may differ: their loadings or intercepts "
        "drift, the others may be taken as equal (partial invariance, Byrne, Shavelson "
        "& Muthén 1989).",
        "允许{items}不同后，均值可以比较：这些题目的载荷或截距有漂移，其余可视为相等"
        "（部分等值，Byrne、Shavelson 和 Muthén，1989）。",
    ),
    "invariance_metric": (
        "Loadings may be taken as equal, intercepts not: correlations can be compared "
        "between the groups, means cannot.",
        "载荷可视为相等，截距则不然：各组的相关可以比较，均值不可比较。",
    ),
    "invariance_configural": (
        "Each group has the same factors with other loadings: neither correlations nor "
        "means can be compared between the groups.",
        "各组的因子相同但载荷不同：各组的相关和均值都不可比较。",
    ),
    "invariance_none": (
        "The model does not fit the groups even with everything free (CFI below .90), "
        "so nothing more is held equal and means cannot be compared.",
        "即使全部参数自由，模型也不拟合各组（CFI 低于 0.90），"
        "因此不再检验等值，均值不可比较。",
    ),
    "invariance_drifting": (
        "Items that drift: {items}.",
        "有漂移的题目：{items}。",
    ),
    # labels of the page
    "factor_model": ("Does the model fit?", "模型是否拟合？"),
    "factor_model_head": (
        "Correlated factors, one per scale; {estimator}; {n} people with every answer",
        "每个量表一个因子，因子相关；{estimator}；{n} 人回答了全部题目",
    ),
    "factor_model_head_FIML": (
        "Correlated factors, one per scale; FIML; {n} people with any answer",
        "每个量表一个因子，因子相关；FIML；{n} 人至少回答了一题",
    ),
    "fit_index": ("Index", "指数"),
    "fit_guide": ("Guide", "参考值"),
    "interval_90": ("90\u00a0% interval", "90% 区间"),
    "chi2": ("Chi-square", "卡方"),
    "df": ("df", "自由度"),
    "cfi": ("CFI", "CFI"),
    "rmsea": ("RMSEA", "RMSEA"),
    "srmr": ("SRMR", "SRMR"),
    "worse_p": ("p, worse fit", "拟合变差的 p"),
    "bic": ("BIC", "BIC"),
    "fit_scaled": ("{index}, scaled", "{index}（校正）"),
    "fit_at_least": ("at least {value}", "不低于 {value}"),
    "fit_at_most": ("at most {value}", "不高于 {value}"),
    "model_loadings": ("Loadings in the model", "模型中的载荷"),
    "standardized_loading": ("Standardized loading", "标准化载荷"),
    "ave": ("AVE", "AVE"),
    "composite_reliability": ("Composite reliability", "组合信度"),
    "models_compared": ("Other models of the same items", "相同题目的其他模型"),
    "model_heading": ("Model", "模型"),
    "model_one_factor": ("One factor", "单因子"),
    "model_correlated": ("Correlated factors", "相关因子"),
    "model_second_order": ("Second order", "二阶因子"),
    "model_bifactor": ("Bifactor", "双因子"),
    "model_method": ("Correlated, with method factor", "相关因子加方法因子"),
    "invariance_by": (
        "Do the items measure alike by {column}?",
        "题目在各组是否等值：{column}",
    ),
    "group_language": ("language", "语言"),
    "level_heading": ("Held equal", "设为相等"),
    "level_configural": ("nothing (configural)", "无（形态）"),
    "level_thresholds": ("thresholds (ordered items)", "阈值（有序题目）"),
    "level_metric": ("loadings (metric)", "载荷（弱）"),
    "level_scalar": ("loadings and intercepts (scalar)", "载荷和截距（强）"),
    "group_sizes": ("Complete answers: {groups}.", "完整作答：{groups}。"),
    "group_size": ("{name} ({n})", "{name}（{n}）"),
    "setting_estimator": ("Factor model", "因子模型"),
    "estimator_ML": (
        "maximum likelihood (ML), complete rows",
        "极大似然（ML），完整作答",
    ),
    "estimator_MLMV": (
        "maximum likelihood with robust errors, chi-square adjusted for mean and "
        "variance (MLMV), complete rows",
        "极大似然，稳健标准误，卡方校正均值和方差（MLMV），完整作答",
    ),
    "estimator_MLR": (
        "maximum likelihood with robust chi-square (MLR), complete rows",
        "稳健卡方的极大似然（MLR），完整作答",
    ),
    "estimator_FIML": (
        "maximum likelihood from all answers (FIML), robust errors and chi-square",
        "基于全部作答的极大似然（FIML），稳健标准误和卡方",
    ),
    "estimator_WLSMV": (
        "ordered categories: diagonally weighted least squares of polychoric "
        "correlations, adjusted for mean and variance (WLSMV), complete rows",
        "有序类别：多分相关的对角加权最小二乘，校正均值和方差（WLSMV），完整作答",
    ),
    "estimator_rule_numbers": (
        "{estimator}; chosen by rule: items of {points} points or more may be taken as "
        "numbers",
        "{estimator}；按规则选定：{points}点及以上的题目可视为数值",
    ),
    "estimator_rule_border": (
        "{estimator}; chosen by rule: items of {points} points lie on the border, taken "
        "as numbers with robust errors here; WLSMV, which takes them as ordered, is as "
        "defensible",
        "{estimator}；按规则选定：{points}点的题目处于分界上，此处视为数值并用稳健误差；"
        "按有序类别处理的 WLSMV 同样站得住脚",
    ),
    "estimator_rule_ordered": (
        "{estimator}; chosen by rule: items of {points} points are ordered categories",
        "{estimator}；按规则选定：{points}点的题目是有序类别",
    ),
}

_WITHIN: Final = (
    f"CFI {thresholds.CFI:.2f} or more, TLI {thresholds.TLI:.2f} or more, RMSEA "
    f"{thresholds.RMSEA:.2f} or less, SRMR {thresholds.SRMR:.2f} or less"
)
_STEP: Final = (
    f"CFI falls by at most {thresholds.CFI_FALL:.3f} and RMSEA rises by at most "
    f"{thresholds.RMSEA_RISE:.3f}, or the difference of the chi-squares has a p of "
    f"{thresholds.ALIKE_P:.2f} over the number of steps or more"
)

CONDITIONS: Final[Mapping[str, str]] = {
    "cfa_no_scales": "No reflective scale or outcome has 2 items or more.",
    "cfa_few": "Fewer people answered all items of the model than it has items, plus 1.",
    "cfa_robust_items": (
        "The estimator is MLMV, MLR or WLSMV and the model has more than "
        f"{thresholds.ROBUST_ITEMS} items."
    ),
    "cfa_complete": "Somebody left an item of the model out, and not FIML.",
    "cfa_fiml": "The estimator is FIML and an answer is missing.",
    "cfa_unused": "The estimator is WLSMV and nobody chose a category of an item.",
    "cfa_small": (
        f"Fewer than {thresholds.FACTOR_N} people answered all items of the model."
    ),
    "chip_cfa_improper": "The solution has negative variances or the like.",
    "chip_cfa_within": f"Every index that exists is within its guide: {_WITHIN}.",
    "chip_cfa_partly": "One index or more is within its guide, and one or more is not.",
    "chip_cfa_outside": "No index is within its guide.",
    "chip_cfa_inside_one": f"One index within its guide: {_WITHIN}.",
    "chip_cfa_outside_one": "One index outside its guide.",
    "cfa_fit": "The model was fitted and has degrees of freedom.",
    "cfa_exact": "The model was fitted, has degrees of freedom, and not by WLSMV.",
    "cfa_guides": "The model was fitted and has degrees of freedom.",
    "cfa_robust": "The model was fitted by MLR, and its scaled chi-square exists.",
    "cfa_robust_mlmv": "The same, by MLMV.",
    "cfa_robust_fiml": "Fitted by FIML, and its scaled chi-square exists.",
    "cfa_ordered": "Fitted by WLSMV, and its scaled chi-square exists.",
    "cfa_ave_guide": "Below the table of composite reliability and AVE.",
    "cfa_models": "Two or more scales stand in the model, and not by WLSMV.",
    "cfa_models_ordered": "The same, by WLSMV.",
    "chip_not_testable": (
        "The model has no degrees of freedom, or groups could not be compared."
    ),
    "invariance_few": (
        f"Fewer than 2 groups have {thresholds.COMPARABLE_N} people who answered every "
        "item."
    ),
    "invariance_left": (
        "Two groups or more are compared, and one or more has fewer than "
        f"{thresholds.COMPARABLE_N} people who answered every item."
    ),
    "invariance_most": f"More than {thresholds.MOST_GROUPS} groups are large enough.",
    "invariance_no_search": (
        "Metric or scalar equality does not hold, and items times groups are more than "
        f"{thresholds.MOST_SEARCHED}."
    ),
    "invariance_scalar": (
        f"At the metric and at the scalar level {_STEP}; configural CFI is "
        f"{thresholds.CONFIGURAL_CFI:.2f} or more."
    ),
    "invariance_partial_scalar": (
        "Metric or scalar equality does not hold, and both do once the named items may "
        "differ."
    ),
    "invariance_metric": (
        f"At the metric level {_STEP}; at the scalar level not, and letting items "
        "differ does not mend it or was not searched for."
    ),
    "invariance_configural": (
        f"Configural CFI is {thresholds.CONFIGURAL_CFI:.2f} or more; not so at the "
        f"metric level that {_STEP}, and letting items differ does not mend it or was "
        "not searched for."
    ),
    "invariance_none": (
        f"Configural CFI is below {thresholds.CONFIGURAL_CFI:.2f}, or that model has no "
        "indices."
    ),
    "invariance_drifting": (
        "Items were found that drift, and means still cannot be compared without them."
    ),
    "group_size": "Inside the sentence before, for each group.",
    "group_sizes": "Two groups or more are compared, or one is large enough.",
}
