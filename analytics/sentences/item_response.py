"""What is said about single items: graded responses, and items between groups.

Samejima (1969), Psychometrika Monograph 17; Orlando & Thissen (2000), Appl. Psychol.
Meas. 24, 50-64; Christensen, Makransky & Horton (2017), the same 41, 178-194; Reise & Yu
(1990), J. Educ. Meas. 27, 133-144; Zumbo (1999), A handbook on the theory and methods of
differential item functioning; Jodoin & Gierl (2001), Appl. Meas. Educ. 14, 329-349;
Scott et al. (2009), J. Clin. Epidemiol. 62, 288-295.
"""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

ITEM_RESPONSE: Final[dict[str, tuple[str, str]]] = {
    # why there are no numbers, and what to know beside them
    "irt_no_scales": (
        "No reflective scale has three items or more, so no graded response model is "
        "fitted.",
        "没有三个及以上题目的反映型量表，因此不拟合等级反应模型。",
    ),
    "irt_few": (
        "A graded response model needs answers from at least {needs} people; there are "
        "{has}.",
        "等级反应模型至少需要{needs}人的作答，现有{has}人。",
    ),
    "irt_sampled": (
        "The graded response model and the comparison of items between groups take every "
        "person as independent and as counting once; they are left out where the "
        "specification names clusters or weights.",
        "等级反应模型和逐题的组间比较假定受访者彼此独立、权重相同；"
        "分析说明中指定了聚类或权重时不作这些分析。",
    ),
    "irt_small": (
        "With {n} people discriminations and thresholds are rough (guide {guide}, Reise "
        "& Yu 1990); read them with their standard errors.",
        "只有{n}人时，区分度和阈值较为粗略（参考值{guide}，Reise 和 Yu，1990）；"
        "请连同标准误一起阅读。",
    ),
    # how the scale measures
    "irt_guide": (
        "A graded response model for each scale by itself (Samejima 1969, marginal "
        "maximum likelihood). What the scale measures is one trait: 0 is the average "
        "person, 1 a standard deviation between people. Discrimination says how sharply "
        "an item tells people apart; a threshold is the place where half of the people "
        "choose that point or a higher one.",
        "逐个量表拟合等级反应模型（Samejima，1969；边际极大似然）。"
        "量表所测的是一种特质：0 为平均的人，1 为人与人之间的一个标准差。"
        "区分度表示题目区分人的敏锐程度；阈值是有一半的人选择该点或更高点的位置。",
    ),
    "irt_best_low": (
        "The scale measures best among people below the average, at {best:.1f} (standard "
        "error {error:.2f}).",
        "量表在低于平均水平的人中测得最准，位置为{best:.1f}（标准误{error:.2f}）。",
    ),
    "irt_best_middle": (
        "The scale measures best around the average person, at {best:.1f} (standard "
        "error {error:.2f}).",
        "量表在平均水平附近测得最准，位置为{best:.1f}（标准误{error:.2f}）。",
    ),
    "irt_best_high": (
        "The scale measures best among people above the average, at {best:.1f} (standard "
        "error {error:.2f}).",
        "量表在高于平均水平的人中测得最准，位置为{best:.1f}（标准误{error:.2f}）。",
    ),
    "irt_precise": (
        "From {low:.1f} to {high:.1f}, where {share:.0%} of people are if the trait is "
        "normal, the standard error is at most 0.50, a reliability of .80.",
        "在{low:.1f}到{high:.1f}之间（若特质为正态，{share:.0%}的人在此范围内），"
        "标准误不超过 0.50，即信度 0.80。",
    ),
    "irt_imprecise": (
        "Nowhere is the standard error as small as 0.50, a reliability of .80.",
        "任何位置的标准误都没有小到 0.50，即信度 0.80。",
    ),
    "irt_fits": (
        "No item departs notably from the model, and no two items share notably more "
        "than the trait.",
        "没有题目明显偏离模型，也没有两个题目在特质之外明显共享其他内容。",
    ),
    "irt_misfit": (
        "Answers to {items} do not follow the model (S-X2: p below .05 after Holm's "
        "correction, and RMSEA above .06).",
        "对{items}的作答不符合模型（S-X2：经 Holm 校正后 p 小于 0.05，且 RMSEA 大于 0.06）。",
    ),
    "irt_small_misfit": (
        "Departures of {items} from the model are beyond chance, but small (RMSEA at most "
        ".06).",
        "{items}对模型的偏离超出偶然，但很小（RMSEA 不超过 0.06）。",
    ),
    "irt_no_fit": (
        "Whether single items follow the model could not be tested.",
        "无法检验各题目是否符合模型。",
    ),
    "irt_dependent": (
        "{pairs} share more than the trait: Q3 lies .20 or more above the mean of all "
        "pairs (Christensen, Makransky & Horton 2017). Two such items tell less than two "
        "others, and the scale seems more precise than it is.",
        "{pairs}在特质之外还共享其他内容：Q3 比所有题目对的均值高出 0.20 或更多"
        "（Christensen、Makransky 和 Horton，2017）。"
        "这样的两题所提供的信息少于其他两题，量表显得比实际更精确。",
    ),
    # items between groups
    "dif_guide": (
        "Each answer by ordinal logistic regression on the standing of the person, the "
        "group, and both together (Zumbo 1999). Uniform: the same difference at every "
        "standing; non-uniform: one that changes with it. The standing is {matching}, "
        "without items that drift. The sizes were derived for right and wrong answers; "
        "for graded ones they are a convention (Jodoin & Gierl 2001).",
        "用有序逻辑回归以所处水平、组别及二者之积预测每个作答（Zumbo，1999）。"
        "一致性差异：在各水平上相同；非一致性差异：随水平变化。水平取{matching}，"
        "不含漂移的题目。大小的划分源自对错型作答，对等级作答只是惯例"
        "（Jodoin 和 Gierl，2001）。",
    ),
    "dif_standing_theta": (
        "the score of the graded response model",
        "等级反应模型的得分",
    ),
    "dif_standing_rest": (
        "the mean of the other items",
        "其余题目的均值",
    ),
    "dif_few": (
        "Single items are compared between groups of at least {needs} people each (Scott "
        "et al. 2009); there are {has} such groups.",
        "逐题比较要求每组至少{needs}人（Scott 等，2009）；这样的组有{has}个。",
    ),
    "dif_left": (
        "Groups with fewer than {needs} people are left out of the comparison item by "
        "item: {count}.",
        "少于{needs}人的组不参与逐题比较：{count}个。",
    ),
    "dif_most": (
        "The {most} largest groups are compared item by item; {count} others are not.",
        "逐题比较最大的{most}个组；另有{count}个组不比较。",
    ),
    "dif_none": (
        "People of equal standing answer every item much alike in these groups.",
        "在这些组中，水平相同的人对各题的作答相近。",
    ),
    "dif_moderate": (
        "People of equal standing answer {items} differently by group, to a moderate "
        "extent (R² grows by .035 or more).",
        "水平相同的人对{items}的作答因组而异，程度中等（R² 增加 0.035 或更多）。",
    ),
    "dif_large": (
        "People of equal standing answer {items} differently by group, to a large extent "
        "(R² grows by .070 or more).",
        "水平相同的人对{items}的作答因组而异，程度较大（R² 增加 0.070 或更多）。",
    ),
    "dif_higher": (
        "At equal standing {group} answers higher on {items}.",
        "水平相同时，{group}对{items}的作答更高。",
    ),
    "dif_negligible": (
        "Differences in {items} are beyond chance, but negligible (R² grows by less than "
        ".035).",
        "{items}的差异超出偶然，但可以忽略（R² 增加不到 0.035）。",
    ),
    "dif_unsettled": (
        "Too many items drift for the others to be a firm standard; which ones drift is "
        "open.",
        "漂移的题目过多，其余题目不足以作为稳固的标准；究竟哪些题目漂移尚无定论。",
    ),
    "dif_untested": (
        "{item} could not be compared: {reason}",
        "{item}无法比较：{reason}",
    ),
    # chips
    "chip_irt_fits": ("Items follow the model", "题目符合模型"),
    "chip_irt_departs": ("Some departures", "有所偏离"),
    "chip_dif_none": ("No item drifts", "没有题目漂移"),
    "chip_dif_moderate": ("Moderate drift", "中等漂移"),
    "chip_dif_large": ("Large drift", "较大漂移"),
    # labels
    "item_response": ("Where do the scales measure well?", "量表在哪里测得准？"),
    "irt_items": ("Items of {scale}", "{scale}的题目"),
    "irt_thresholds": (
        "Thresholds of {scale}, with standard errors",
        "{scale}的阈值及标准误",
    ),
    "irt_pairs": (
        "Pairs of items of {scale} with the largest Q3",
        "{scale}中 Q3 最大的题目对",
    ),
    "irt_information": (
        "Information of {scale} along what it measures",
        "{scale}沿其所测特质的信息量",
    ),
    "discrimination": ("Discrimination", "区分度"),
    "or_above": ("{point} or above", "{point} 及以上"),
    "s_x2": ("S-X2", "S-X2"),
    "q3": ("Q3", "Q3"),
    "q3_above": ("Above the mean", "高于均值"),
    "marginal_reliability": ("Marginal reliability", "边际信度"),
    "score_reliability": ("Reliability of EAP scores", "EAP 得分信度"),
    "best_at": ("Best at", "最准位置"),
    "best_error": ("SE there", "该处标准误"),
    "precise_range": ("SE at most 0.50", "标准误不超过 0.50"),
    "trait": ("Trait", "特质"),
    "information": ("Information", "信息量"),
    "axis_trait": (
        "standard deviations from the average person",
        "与平均水平相差的标准差",
    ),
    "axis_trait_numbers": ("number: standard error there", "数字：该处标准误"),
    "axis_information": ("information", "信息量"),
    "guide_precise": ("reliability .80", "信度 0.80"),
    "information_value": (
        "at {trait:.0f} standard error {error:.2f}",
        "{trait:.0f} 处标准误 {error:.2f}",
    ),
    "dif_by": ("Item by item: {scale}", "逐题比较：{scale}"),
    "dif_groups": (
        "Log odds of a higher answer to {scale} against {group}, at equal standing",
        "水平相同时{scale}作答更高的对数优势（与{group}相比）",
    ),
    "r2_change": ("Change of R²", "R² 变化"),
    "p_uniform": ("p, uniform", "p（一致性）"),
    "p_nonuniform": ("p, non-uniform", "p（非一致性）"),
    "log_odds": ("Log odds", "对数优势"),
    "group_heading": ("Group", "组别"),
    "size_A": ("Negligible", "可忽略"),
    "size_B": ("Moderate", "中等"),
    "size_C": ("Large", "较大"),
    "size": ("Size", "大小"),
    "setting_item_response": ("Single items", "单个题目"),
    "item_response_theta": (
        "graded response model for each scale; between groups ordinal logistic "
        "regression on its score",
        "逐个量表的等级反应模型；组间用以其得分为水平的有序逻辑回归",
    ),
    "item_response_rest": (
        "graded response model for each scale; between groups ordinal logistic "
        "regression on the mean of the other items",
        "逐个量表的等级反应模型；组间用以其余题目均值为水平的有序逻辑回归",
    ),
    "progress_item_response": ("Graded response models", "等级反应模型"),
}

_MISFIT: Final = f"p after Holm's correction is below {thresholds.ITEM_FIT_P:.2f}"
_DRIFT: Final = (
    f"p after Holm's correction is below {thresholds.DIF_P:.2f} and Nagelkerke's R2 grows "
    "by"
)

CONDITIONS: Final[Mapping[str, str]] = {
    "irt_no_scales": (
        "The specification asks for item response, and no reflective scale has three "
        "items or more."
    ),
    "irt_few": f"Fewer than {thresholds.GRADED_N} people answered any item of the scale.",
    "irt_sampled": (
        "The specification asks for item response and names clusters or weights."
    ),
    "irt_small": (
        f"From {thresholds.GRADED_N} to {thresholds.GRADED_STEADY - 1} people answered "
        "any item of the scale."
    ),
    "irt_guide": "A graded response model is shown.",
    "irt_best_low": (
        f"Information is largest {thresholds.AROUND} or more below the average."
    ),
    "irt_best_middle": (
        f"Information is largest less than {thresholds.AROUND} from the average."
    ),
    "irt_best_high": (
        f"Information is largest {thresholds.AROUND} or more above the average."
    ),
    "irt_precise": (
        f"Somewhere from -3 to 3 the standard error is at most "
        f"{thresholds.TRAIT_ERROR:.2f}; the widest such stretch is told."
    ),
    "irt_imprecise": (
        f"Everywhere from -3 to 3 the standard error is above "
        f"{thresholds.TRAIT_ERROR:.2f}."
    ),
    "irt_fits": (
        "At least one item could be tested; of none "
        f"{_MISFIT}, and no Q3 lies {thresholds.LOCAL_DEPENDENCE:.2f} or more above the "
        "mean of all pairs."
    ),
    "irt_misfit": (
        f"Of some items {_MISFIT} and RMSEA above {thresholds.ITEM_RMSEA:.2f}."
    ),
    "irt_small_misfit": (
        f"Of some items {_MISFIT} and RMSEA at most {thresholds.ITEM_RMSEA:.2f}."
    ),
    "irt_no_fit": "S-X2 exists for no item of the scale.",
    "irt_dependent": (
        f"A Q3 lies {thresholds.LOCAL_DEPENDENCE:.2f} or more above the mean of all pairs; "
        "of the three largest."
    ),
    "dif_guide": "Single items are compared between groups.",
    "dif_few": (
        f"Fewer than two groups have {thresholds.DIF_N} people who answered any item of "
        "the scale."
    ),
    "dif_left": (
        f"Two groups or more are compared, and others have fewer than {thresholds.DIF_N} "
        "people."
    ),
    "dif_most": f"More than {thresholds.MOST_GROUPS} groups are large enough.",
    "dif_none": (
        f"At least one item could be tested, and of none {_DRIFT} "
        f"{thresholds.DIF_MODERATE:.3f} or more."
    ),
    "dif_moderate": (
        f"Of some items {_DRIFT} {thresholds.DIF_MODERATE:.3f} or more, and by less than "
        f"{thresholds.DIF_LARGE:.3f}."
    ),
    "dif_large": f"Of some items {_DRIFT} {thresholds.DIF_LARGE:.3f} or more.",
    "dif_higher": (
        "Two groups are compared, and the interval of the log odds of a drifting item "
        "does not hold 0."
    ),
    "dif_negligible": (
        f"Of some items {_DRIFT} less than {thresholds.DIF_MODERATE:.3f}."
    ),
    "dif_unsettled": (
        "The items that drift alternate from round to round, or too few are left."
    ),
    "dif_untested": "The regression of an item does not exist; said with its reason.",
}
