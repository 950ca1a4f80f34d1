"""What is said about the agreement of teams."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

TEAMS: Final[dict[str, tuple[str, str]]] = {
    "chip_team_one": ("One voice", "看法一致"),
    "chip_team_partly": ("Partly", "部分一致"),
    "chip_team_open": ("Not one voice", "看法不一"),
    "team_few": (
        "Agreement needs answers from at least 2 teams; there are {has}.",
        "一致性至少需要 2 个团队的作答，现有{has}个。",
    ),
    "team_formative": (
        "The items of {scale} are parts of a whole and need not agree, so members are "
        "not compared on them by rwg(j).",
        "{scale}的题目是整体的各个部分，不要求彼此一致，因此不计算 rwg(j)。",
    ),
    "team_guide": (
        "“One voice” marks a mean rwg(j) of .70 or more by both comparisons and a share "
        "of variance between teams, ICC(1), that is clear of 0 (F test, p below .05); "
        "“Partly” the same by the milder comparison alone. The guides are conventions "
        "(James, Demaree & Wolf 1984; Bliese 2000). Without one voice the mean of a "
        "team's members says little about the team.",
        "“看法一致”表示两种比较下平均 rwg(j) 都达到 0.70，且团队间方差所占比例 ICC(1) "
        "明显大于 0（F 检验，p 小于 0.05）；“部分一致”只在较宽松的比较下如此。"
        "这些参考值是惯例（James、Demaree 和 Wolf，1984；Bliese，2000）。"
        "看法不一时，团队成员的均值不足以说明团队。",
    ),
    "team_null": (
        "rwg(j) compares the spread within a team with that of answers that say nothing: "
        "spread evenly over the points, or slightly skewed (LeBreton & Senter 2008), "
        "which is the stricter comparison. It is a mean over teams of two or more.",
        "rwg(j) 把团队内的差异与毫无信息的作答相比：作答均匀分布于各点，或略有偏斜"
        "（LeBreton 和 Senter，2008），后者更严格。数值是两人及以上团队的平均。",
    ),
    "team_sizes": (
        "ICC(1) by analysis of variance with the mean team size; ICC(2) is the "
        "reliability of a team's mean.",
        "ICC(1) 由方差分析按平均团队规模计算；ICC(2) 是团队均值的信度。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "chip_team_one": (
        f"The mean rwg(j) is {thresholds.AGREEMENT:.2f} or more by both comparisons, and "
        f"the F test has p below {thresholds.TEAM_P:.2f}."
    ),
    "chip_team_partly": (
        f"The F test has p below {thresholds.TEAM_P:.2f}; the mean rwg(j) is "
        f"{thresholds.AGREEMENT:.2f} or more by the even comparison, and below it or "
        "unknown by the skewed one."
    ),
    "chip_team_open": (
        "The mean rwg(j) by the even comparison is below "
        f"{thresholds.AGREEMENT:.2f}, or the F test has p of {thresholds.TEAM_P:.2f} or "
        "more."
    ),
    "team_few": "Fewer than 2 teams have somebody with a score on the scale.",
    "team_formative": "The model of the scale is not reflective.",
    "team_guide": "A table of agreement is shown.",
    "team_null": "A table of agreement is shown.",
    "team_sizes": "A table of agreement is shown.",
}
