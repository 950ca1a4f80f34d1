"""Plain readings of a result and their chips; each threshold cites its source.

A threshold is a label with a citation, never a verdict on validity.
"""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

VERDICTS: Final[dict[str, tuple[str, str]]] = {
    # chips: two or three words before a sentence
    "chip_goes_with": ("Goes with {outcome}", "与{outcome}同向"),
    "chip_together": ("Goes together", "同向"),
    "chip_opposite": ("Runs against", "反向"),
    "chip_closest": ("Goes together", "关系最密切"),
    "chip_unclear": ("Unclear", "不明确"),
    "chip_redundant": ("Redundant", "过于重合"),
    "chip_highest": ("Level", "水平"),
    "chip_individual": ("Very consistent", "一致性很高"),
    "chip_compare": ("Consistent", "一致"),
    "chip_research": ("Fairly consistent", "基本一致"),
    "chip_weak": ("Loose", "松散"),
    "chip_repeating": ("Repeating", "题目重复"),
    "chip_no_number": ("No number", "无数值"),
    "chip_not_applicable": ("Not applicable", "不适用"),
    "chip_not_enough": ("Not enough data", "数据不足"),
    "chip_separate": ("Separable", "可区分"),
    "chip_close": ("Close", "接近"),
    "chip_not_separable": ("Not separable", "不可区分"),
    "chip_structure": ("As planned", "符合设想"),
    "chip_structure_differs": ("Differs", "与设想不同"),
    "chip_good": ("Good", "良好"),
    "chip_fair": ("Acceptable", "可接受"),
    "chip_low": ("Too low", "过低"),
    # at a glance
    "glance_level": (
        "{highest} is rated highest, {high:.2f} ({high_low:.2f} to {high_high:.2f}); "
        "{lowest} lowest, {low:.2f} ({low_low:.2f} to {low_high:.2f}), on {first} to "
        "{last}.",
        "{highest}得分最高，为{high:.2f}（{high_low:.2f}至{high_high:.2f}）；"
        "{lowest}最低，为{low:.2f}（{low_low:.2f}至{low_high:.2f}），"
        "量表为{first}到{last}。",
    ),
    "glance_one_level": (
        "{scale} is rated {mean:.2f} on {first} to {last} (95\u00a0% interval {low:.2f} to "
        "{high:.2f}).",
        "{scale}得分{mean:.2f}，量表为{first}到{last}"
        "（95% 区间{low:.2f}至{high:.2f}）。",
    ),
    "glance_strongest": (
        "Of the {count} dimensions, {scale} goes most closely with {outcome}: r = "
        "{r:.2f} (95\u00a0% interval {low:.2f} to {high:.2f}).",
        "在{count}个维度中，{scale}与{outcome}的关系最密切：r\u00a0=\u00a0{r:.2f}"
        "（95% 区间{low:.2f}至{high:.2f}）。",
    ),
    "glance_strongest_shared": (
        "Of the {count} dimensions, {scale} goes most closely with {outcome}: r = "
        "{r:.2f} (95\u00a0% interval {low:.2f} to {high:.2f}); the intervals of {others} "
        "overlap with it, so the order is not settled.",
        "在{count}个维度中，{scale}与{outcome}的关系最密切：r\u00a0=\u00a0{r:.2f}"
        "（95% 区间{low:.2f}至{high:.2f}）；{others}的区间与之重叠，次序尚不能确定。",
    ),
    "glance_closest": (
        "Closest to {outcome}: {scale}, r\u00a0=\u00a0{r:.2f} ({low:.2f} to {high:.2f}).",
        "与{outcome}最密切的是{scale}，r\u00a0=\u00a0{r:.2f}（{low:.2f} 至 {high:.2f}）。",
    ),
    "glance_order_open": (
        "Other dimensions overlap with these or can hardly be told apart from them, "
        "so the order is not settled.",
        "其他维度与之重叠或几乎不能区分，次序尚不能确定。",
    ),
    "glance_twins": (
        "{scale} can hardly be told apart from {others} (HTMT of .90 or more), so it "
        "must not be ranked above them.",
        "{scale}与{others}几乎不能区分（HTMT 达到 0.90），因此不应排在其之前。",
    ),
    "glance_not_separable_many": (
        "{count} of {total} pairs of dimensions can hardly be told apart (HTMT of .90 "
        "or more), among {scales}. Read them as one score.",
        "{total} 对维度中有 {count} 对几乎不能区分（HTMT 达到 0.90），"
        "涉及{scales}。请作为一个总分解读。",
    ),
    "glance_none": (
        "No dimension can be told from no relation with {outcome}: every 95\u00a0% interval "
        "includes 0.",
        "没有任何维度与{outcome}的关系可以同“无关”区分：所有 95% 区间都包含 0。",
    ),
    "glance_no_outcome": (
        "How trust goes with {outcome} cannot be computed: {reason}",
        "无法计算信任与{outcome}的关系：{reason}",
    ),
    "glance_reliable": (
        "Each of the {count} scales reaches {threshold:.2f}, the guide for comparing groups "
        "(Nunnally 1978); the lowest is {scale} with {value}.",
        "全部{count}个量表都达到{threshold:.2f}，即用于比较群体的参考值"
        "（Nunnally，1978）；最低的是{scale}，为{value}。",
    ),
    "glance_reliability_mixed": (
        "{scales}: reliability below {threshold:.2f}, the guide for comparing groups "
        "(Nunnally 1978). The scores are shown; differences on them are uncertain.",
        "{scales}：信度低于{threshold:.2f}，即用于比较群体的参考值（Nunnally，1978）。"
        "得分照常显示；其差异并不确定。",
    ),
    "glance_not_separable": (
        "People hardly tell these apart: {pairs} (HTMT of .90 or more). Read them "
        "together.",
        "人们几乎不区分：{pairs}（HTMT 达到 0.90）。请合并解读。",
    ),
    "glance_structure_same": (
        "Factors suggested by the answers: {factors}, as many as the dimensions named.",
        "作答显示{factors}个因子，与所设维度数相同。",
    ),
    "glance_structure_differs": (
        "Factors suggested by the answers: {factors}; dimensions named: {count}. Treat "
        "the dimensions as a plan, not as a finding.",
        "作答显示{factors}个因子，而所设维度为{count}个；"
        "请把这些维度视为设想，而不是发现。",
    ),
    "named_value": ("{name} {value}", "{name}（{value}）"),
    # reliability of one scale
    "reliability_individual": (
        "The items hang together closely ({name} {value}, guide .90 for single "
        "persons, Nunnally 1978). No decision about a person should rest on it alone.",
        "题目彼此高度一致（{name}为{value}；用于个人的参考值为 0.90，Nunnally，"
        "1978）。但不应仅凭它对个人作出决定。",
    ),
    "reliability_compare": (
        "Consistent enough to compare groups ({name} {value}, guide .80, Nunnally "
        "1978).",
        "一致性足以比较群体（{name}为{value}；参考值 0.80，Nunnally，1978）。",
    ),
    "reliability_research": (
        "Consistent enough for early research ({name} {value}, guide .70, Nunnally "
        "1978); read differences between groups with care.",
        "一致性可用于早期研究（{name}为{value}；参考值 0.70，Nunnally，1978）；"
        "请谨慎解读群体差异。",
    ),
    "reliability_weak": (
        "The items do not hang together well ({name} {value}, below .70, Nunnally "
        "1978). The score is shown; differences on it should not be.",
        "题目彼此不够一致（{name}为{value}，低于 0.70，Nunnally，1978）。"
        "可以显示得分，但不宜解读其差异。",
    ),
    "reliability_repeating": (
        "{name} {value} is above .95: the items may say the same thing in other "
        "words (COSMIN).",
        "{name}为{value}，高于 0.95：题目可能只是换了说法（COSMIN）。",
    ),
    "reliability_interval": (
        "Its interval reaches down to {low}, so a lower reading is possible.",
        "其区间低至{low}，因此也可能达不到这一读法。",
    ),
    # structure
    "kmo_good": (
        "KMO {value}: the items share enough to look for factors (guide .80, "
        "Kaiser 1974).",
        "KMO 为{value}：题目的共同部分足以寻找因子（参考值 0.80，Kaiser，1974）。",
    ),
    "kmo_fair": (
        "KMO {value}: acceptable for looking for factors (guide .60, Kaiser 1974).",
        "KMO 为{value}：可以寻找因子（参考值 0.60，Kaiser，1974）。",
    ),
    "kmo_low": (
        "KMO {value} is below .60 (Kaiser 1974): the items share too little; do "
        "not build on the factors.",
        "KMO 为{value}，低于 0.60（Kaiser，1974）：题目的共同部分太少；"
        "请不要以这些因子为依据。",
    ),
    "bartlett_clear": (
        "The items are related beyond chance (Bartlett 1951: chi-square {chi2:.1f}, df "
        "{df}, p {p}).",
        "题目之间的关系超出随机水平（Bartlett，1951：卡方{chi2:.1f}，自由度{df}，"
        "p {p}）。",
    ),
    "bartlett_unclear": (
        "The items cannot be told from unrelated ones (Bartlett 1951: chi-square "
        "{chi2:.1f}, df {df}, p {p}); do not build on the factors.",
        "无法把这些题目与互不相关区分开（Bartlett，1951：卡方{chi2:.1f}，自由度{df}，"
        "p {p}）；请不要以这些因子为依据。",
    ),
    "loading_guide": (
        "Loadings of .40 or more are marked; a communality below .30 or a second "
        "loading within .20 of the first makes an item hard to place.",
        "标出 0.40 及以上的载荷；共同度低于 0.30，或第二载荷与第一载荷相差不足 0.20 "
        "的题目难以归类。",
    ),
    "loading_low": (
        "{items}: no loading reaches .40.",
        "{items}：没有载荷达到 0.40。",
    ),
    "loading_cross": (
        "{items}: two loadings lie within .20 of each other.",
        "{items}：有两个载荷相差不足 0.20。",
    ),
    # separability
    "separate": (
        "All pairs of dimensions are below .85: they can be told apart (HTMT, "
        "Henseler, Ringle & Sarstedt 2015).",
        "所有维度两两低于 0.85：可以区分（HTMT；Henseler、Ringle 和 Sarstedt，2015）。",
    ),
    "close": (
        "{pairs}: HTMT from .85 to .90, close to each other (Henseler, Ringle & "
        "Sarstedt 2015).",
        "{pairs}：HTMT 在 0.85 与 0.90 之间，彼此接近"
        "（Henseler、Ringle 和 Sarstedt，2015）。",
    ),
    "not_separable_many": (
        "{pairs}: HTMT of .90 or more (Henseler, Ringle & Sarstedt 2015). People "
        "hardly tell these apart; read them together, or the total score, and do not "
        "rank one above the other.",
        "{pairs}：HTMT 达到 0.90（Henseler、Ringle 和 Sarstedt，2015）。"
        "人们几乎不区分它们；请合并解读或使用总分，不要比较高低。",
    ),
    # outcomes
    "relation_with": (
        "Higher {scale} goes with higher {outcome}: r\u00a0=\u00a0{r:.2f} (95\u00a0% interval "
        "{low:.2f} to {high:.2f}).",
        "{scale}越高，{outcome}也越高：r\u00a0=\u00a0{r:.2f}（95% 区间{low:.2f}至{high:.2f}）。",
    ),
    "relation_against": (
        "Higher {scale} goes with lower {outcome}: r\u00a0=\u00a0{r:.2f} (95\u00a0% interval "
        "{low:.2f} to {high:.2f}).",
        "{scale}越高，{outcome}越低：r\u00a0=\u00a0{r:.2f}（95% 区间{low:.2f}至{high:.2f}）。",
    ),
    "relation_unclear": (
        "{scale} and {outcome}: r\u00a0=\u00a0{r:.2f}, and the 95\u00a0% interval ({low:.2f} to "
        "{high:.2f}) includes 0; these data do not settle whether they go together.",
        "{scale}与{outcome}：r\u00a0=\u00a0{r:.2f}，95% 区间（{low:.2f}至{high:.2f}）包含 0；"
        "这些数据不能确定二者是否相关。",
    ),
    # evidence levels
    "evidence_E0": (
        "E0: Theory-mapped draft. Not validated.",
        "E0：依据理论拟定的草稿，未经验证。",
    ),
    "evidence_E1": (
        "E1: Content judged by experts. Not yet tested on answers.",
        "E1：内容经专家评定，尚未用作答检验。",
    ),
    "evidence_E2": (
        "E2: Understood in interviews and tried in a pilot.",
        "E2：经访谈确认可理解，并已试测。",
    ),
    "evidence_E3": (
        "E3: Structure examined in one language.",
        "E3：已在一种语言中检验结构。",
    ),
    "evidence_E4": (
        "E4: Structure cross-validated and comparable in English and Chinese.",
        "E4：结构经交叉验证，中英文可比。",
    ),
    "evidence_E5": (
        "E5: Related to outcomes, with described norms.",
        "E5：已与结果相关联，并有说明清楚的常模。",
    ),
    "evidence_unchanged": (
        "A published scale in its own wording. What it has shown elsewhere stands in "
        "the catalogue, what it has shown here in its dossier.",
        "已发表的量表，文字未改。其他研究的结果见量表目录，本组织的结果见其证据档案。",
    ),
    "evidence_modified": (
        "Modified from a published scale; published coefficients do not apply.",
        "由已发表的量表改动而来；已发表的系数不适用。",
    ),
    "evidence_unknown": (
        "The evidence behind these items is not known to trustsurvey: the "
        "specification names columns, not a questionnaire.",
        "trustsurvey 不了解这些题目的证据：分析说明只写了列，没有写问卷。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    # at a glance
    "glance_level": (
        "Two trust scales or more have a mean, and all have the same points."
    ),
    "glance_one_level": "Exactly one trust scale has a mean.",
    "glance_strongest": (
        "One outcome, two correlations or more, the interval of the closest leaves 0 "
        "out and overlaps with no other that does."
    ),
    "glance_strongest_shared": "The same, but another that leaves 0 out overlaps with it.",
    "glance_closest": (
        "Two outcomes or more; once for each with an interval that leaves 0 out."
    ),
    "glance_order_open": (
        "Two outcomes or more; for one of them another interval overlaps with that of the "
        f"closest, or an HTMT with it is {thresholds.HTMT_SAME:.2f} or more."
    ),
    "glance_twins": (
        "One outcome; HTMT of the closest scale with another is "
        f"{thresholds.HTMT_SAME:.2f} or more."
    ),
    "glance_none": "Every interval of a correlation with the outcome includes 0.",
    "glance_no_outcome": "No trust scale has a correlation with the outcome.",
    "glance_reliable": (
        "Two scales or more have a reliability, and each is "
        f"{thresholds.COMPARE:.2f} or more."
    ),
    "glance_reliability_mixed": (
        f"The reliability of one scale or more is below {thresholds.COMPARE:.2f}."
    ),
    "glance_not_separable": (
        f"1 to {thresholds.NAMED} pairs of trust scales have HTMT of "
        f"{thresholds.HTMT_SAME:.2f} or more."
    ),
    "glance_not_separable_many": (
        f"More than {thresholds.NAMED} pairs of trust scales have HTMT of "
        f"{thresholds.HTMT_SAME:.2f} or more."
    ),
    "glance_structure_same": (
        "Parallel analysis votes for as many factors as there are reflective trust "
        "scales."
    ),
    "glance_structure_differs": "It votes for more or fewer.",
    # reliability of one scale
    "reliability_individual": (
        f"Omega (else Spearman-Brown or alpha) is {thresholds.INDIVIDUAL:.2f} to "
        f"{thresholds.REPEATING:.2f}, both included."
    ),
    "reliability_compare": (
        f"It is {thresholds.COMPARE:.2f} or more, below {thresholds.INDIVIDUAL:.2f}."
    ),
    "reliability_research": (
        f"It is {thresholds.RESEARCH:.2f} or more, below {thresholds.COMPARE:.2f}."
    ),
    "reliability_weak": f"It is below {thresholds.RESEARCH:.2f}.",
    "reliability_repeating": f"It is above {thresholds.REPEATING:.2f}.",
    "reliability_interval": (
        "It reaches a guide, and its interval begins below the guide that it reaches."
    ),
    # structure
    "kmo_good": f"KMO is {thresholds.KMO_GOOD:.2f} or more.",
    "kmo_fair": (
        f"KMO is {thresholds.KMO_FAIR:.2f} or more, below {thresholds.KMO_GOOD:.2f}."
    ),
    "kmo_low": f"KMO is below {thresholds.KMO_FAIR:.2f}.",
    "bartlett_clear": f"Bartlett's test has p below {thresholds.BARTLETT_P:.2f}.",
    "bartlett_unclear": f"Bartlett's test has p of {thresholds.BARTLETT_P:.2f} or more.",
    "loading_guide": "Loadings are shown.",
    "loading_low": (
        f"The largest loading of an item is below {thresholds.LOADING:.2f} in size."
    ),
    "loading_cross": (
        f"It is {thresholds.LOADING:.2f} or more, and the second is less than "
        f"{thresholds.CROSS_GAP:.2f} smaller in size."
    ),
    # separability
    "chip_separate": f"HTMT of the pair is below {thresholds.HTMT_CLOSE:.2f}.",
    "chip_close": (
        f"It is {thresholds.HTMT_CLOSE:.2f} or more, below {thresholds.HTMT_SAME:.2f}."
    ),
    "chip_not_separable": f"It is {thresholds.HTMT_SAME:.2f} or more.",
    "separate": (
        f"Every HTMT of two trust scales is below {thresholds.HTMT_CLOSE:.2f}."
    ),
    "close": (
        f"HTMT of one pair or more is {thresholds.HTMT_CLOSE:.2f} or more, below "
        f"{thresholds.HTMT_SAME:.2f}."
    ),
    "not_separable_many": (
        f"More than {thresholds.NAMED} pairs have HTMT of {thresholds.HTMT_SAME:.2f} or "
        "more."
    ),
    # outcomes
    "relation_with": (
        "The interval of r lies above 0, and r is not above "
        f"{thresholds.REDUNDANT:.2f}."
    ),
    "relation_against": (
        "The interval of r lies below 0, and r is not below "
        f"\u2212{thresholds.REDUNDANT:.2f}."
    ),
    "relation_unclear": "The interval of r includes 0, its ends counted.",
    # evidence levels
    **{
        f"evidence_E{level}": (
            f"The questionnaire has evidence level E{level} and is no published scale."
        )
        for level in range(6)
    },
    "evidence_unchanged": "The questionnaire is a published scale in its own wording.",
    "evidence_modified": "The questionnaire was changed from a published scale.",
    "evidence_unknown": "A file is analysed whose specification names no questionnaire.",
}
