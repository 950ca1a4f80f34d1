"""What is said about a survey that has not been sent yet."""

from typing import Final

PLANNER: Final[dict[str, tuple[str, str]]] = {
    "plan_nothing": (
        "Nothing: too few answers are to be expected.",
        "无法给出：预计的答卷太少。",
    ),
    "plan_level": (
        "How high is trust, on {low} to {high}?",
        "信任水平如何（{low} 至 {high}）？",
    ),
    "plan_level_expect": (
        "To ±{half:.2f} points (95\u00a0% interval of a mean, if people differ by a "
        "standard deviation of {sd:.2f}).",
        "精确到 ±{half:.2f} 分（均值的 95% 区间，假定人与人之间的标准差为 {sd:.2f}）。",
    ),
    "plan_items": (
        "Are there enough questions for each dimension?",
        "每个维度的题目够吗？",
    ),
    "plan_items_expect": (
        "The shortest dimension has {count} of them: reliability {reliability:.2f} if two "
        "questions correlate by {r:.2f}; 0.80 would take {least} (Spearman-Brown). More "
        "people do not make it more reliable.",
        "最短的维度有{count}道题：若两题之间的相关为 {r:.2f}，信度为 {reliability:.2f}；达到 0.80 "
        "需要{least}道题（Spearman-Brown）。增加人数不会提高信度。",
    ),
    "plan_change": (
        "Did trust change from one wave to the next?",
        "两轮之间信任是否变化？",
    ),
    "plan_change_expect": (
        "A change of {d:.2f} standard deviations or more is found four times in five; a "
        "smaller one is often missed (t test, two waves of this size).",
        "达到 {d:.2f} 个标准差的变化五次中有四次能被发现；更小的变化常被漏掉（t 检验，两轮规模相同）。",
    ),
    "plan_correlation": (
        "Does trust go with loyalty?",
        "信任是否与忠诚相关？",
    ),
    "plan_correlation_expect": (
        "A correlation of {r:.2f} would have a 95\u00a0% interval from {low:.2f} to "
        "{high:.2f}. Correlations settle from about 250 people on (Schönbrodt & "
        "Perugini 2013).",
        "若相关为 {r:.2f}，其 95% 区间为 {low:.2f} 至 {high:.2f}。相关大约从 250 人起趋于稳定"
        "（Schönbrodt 和 Perugini，2013）。",
    ),
    "plan_together": (
        "Do the dimensions together go with loyalty?",
        "各维度合起来是否与忠诚相关？",
    ),
    "plan_together_expect": (
        "{count} dimensions together: a medium share (f squared 0.15) is found four times "
        "in five from {needs} answers on (Cohen 1988). Ranking them needs more.",
        "{count}个维度合在一起：从{needs}份答卷起，中等效应（f 平方为 0.15）五次中有四次能被发现"
        "（Cohen，1988）。要排出名次则需要更多。",
    ),
    "plan_recommend": ("What is the recommend index?", "推荐指数是多少？"),
    "plan_recommend_expect": (
        "Shown from {needs} answers on; its interval is wide below some hundreds.",
        "从{needs}份答卷起显示；几百份以下时区间很宽。",
    ),
    "plan_structure": (
        "Do the questions form the dimensions they should?",
        "题目是否构成应有的维度？",
    ),
    "plan_structure_expect": (
        "A model with {df} degrees of freedom: a poor fit (RMSEA 0.08) is told from a "
        "close one (0.05) four times in five from {needs} answers on (MacCallum, Browne "
        "& Sugawara 1996).",
        "模型自由度为{df}：从{needs}份答卷起，五次中有四次能把较差拟合（RMSEA 0.08）与良好拟合"
        "（0.05）区分开（MacCallum、Browne 和 Sugawara，1996）。",
    ),
    "plan_languages": (
        "May Chinese and English answers be compared?",
        "中文与英文作答可以比较吗？",
    ),
    "plan_languages_expect": (
        "Tested where both languages have 200 answers, {needs} together; else said to be "
        "not testable.",
        "两种语言各有 200 份答卷（合计{needs}份）时检验；否则标明无法检验。",
    ),
    "plan_evidence": (
        "Do these answers add to the evidence about the questionnaire?",
        "这些作答能否为问卷增加证据？",
    ),
    "plan_evidence_expect": (
        "Figures of one language are written down from {needs} answers on.",
        "每种语言从{needs}份答卷起记录数据。",
    ),
    "plan_team": ("Can single teams be shown?", "能否显示单个团队？"),
    "plan_team_expect": (
        "About {members:.1f} answers a team on average; a team is shown from {least} on, "
        "and smaller ones are merged before anybody is invited.",
        "平均每个团队约 {members:.1f} 份答卷；从{least}份起才显示，更小的团队在邀请之前合并。",
    ),
    "plan_team_mean": (
        "Does a team's mean say something about the team?",
        "团队均值能说明团队吗？",
    ),
    "plan_team_mean_expect": (
        "If {icc:.2f} of the variance lies between teams, the reliability of a team's "
        "mean, ICC(2), is {icc2:.2f}; 0.70 takes {least} answers a team (Bliese 2000).",
        "若团队之间占方差的 {icc:.2f}，团队均值的信度 ICC(2) 为 {icc2:.2f}；达到 0.70 "
        "每个团队需{least}份答卷（Bliese，2000）。",
    ),
}
