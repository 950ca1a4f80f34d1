"""What goes with the outcomes of a release: formula, map, split, checks.

Words of togetherness only. Nothing here says that one thing makes another happen;
tests search both languages for words that would.
"""

from collections.abc import Mapping
from typing import Final

from analytics.thresholds import (
    CFI,
    DRIVERS_N,
    FACTOR_N,
    GAIN,
    GRID_P,
    HTMT_SAME,
    INFLATED,
    MARKER_SCALES,
    SRMR,
)

SMALL_SEM: Final = FACTOR_N

DRIVERS: Final[dict[str, tuple[str, str]]] = {
    # where there is nothing
    "drivers_no_outcome": (
        "The form asks about no outcome such as satisfaction, loyalty or staying, so "
        "nothing can be set beside trust. Add an outcome questionnaire to the next "
        "wave.",
        "问卷没有询问满意度、忠诚或留任等结果，因此没有可与信任对照的内容。"
        "请在下一轮加入结果问卷。",
    ),
    "drivers_few": (
        "Fewer than {needs} people answered; what goes with an outcome is told from "
        "{needs} on.",
        "作答不足{needs}人；从{needs}人起才说明哪些与结果相关。",
    ),
    # the grid of correlations
    "drivers_grid_all": (
        "All {count} correlations of trust with the outcomes stand after correction "
        "for asking {count} times (Holm 1979, at {level}).",
        "信任与各结果的{count}个相关，在按{count}次检验校正后全部成立"
        "（Holm，1979；水平{level}）。",
    ),
    "drivers_grid_some": (
        "Of {count} correlations of trust with the outcomes, {holm} stand after "
        "correction for asking {count} times (Holm 1979, at {level}) and {bh} by the "
        "milder rule of Benjamini and Hochberg (1995). Not after Holm's: {pairs}.",
        "信任与各结果的{count}个相关中，按{count}次检验校正后有{holm}个成立"
        "（Holm，1979；水平{level}），按较宽的 Benjamini–Hochberg 规则（1995）有{bh}个"
        "成立。Holm 校正后不成立的是：{pairs}。",
    ),
    "drivers_grid_few": (
        "Of {count} correlations of trust with the outcomes, only {holm} stand after "
        "correction for asking {count} times (Holm 1979, at {level}) and {bh} by the "
        "milder rule of Benjamini and Hochberg (1995). The tables mark them.",
        "信任与各结果的{count}个相关中，按{count}次检验校正后只有{holm}个成立"
        "（Holm，1979；水平{level}），按较宽的 Benjamini–Hochberg 规则（1995）有{bh}个"
        "成立。表中已标出。",
    ),
    "drivers_grid_none": (
        "None of the {count} correlations of trust with the outcomes stands after "
        "correction for asking {count} times (Holm 1979, at {level}); by the milder "
        "rule of Benjamini and Hochberg (1995) {bh} do.",
        "信任与各结果的{count}个相关，在按{count}次检验校正后没有一个成立"
        "（Holm，1979；水平{level}）；按较宽的 Benjamini–Hochberg 规则（1995）有{bh}个"
        "成立。",
    ),
    # the formula
    "drivers_formula": (
        "Of what the {count} dimensions together share with {outcome} (R²\u00a0=\u00a0{share}, "
        "95\u00a0% interval {low} to {high}, {n} people): {parts}.",
        "{count}个维度与{outcome}合起来共有的部分（R²\u00a0=\u00a0{share}，95% 区间 {low} 至 "
        "{high}，{n}人）中：{parts}。",
    ),
    "drivers_formula_part": (
        "about {percent}\u00a0% goes with {scale} [{low} to {high}]",
        "约 {percent}% 与{scale}相联系 [{low} 至 {high}]",
    ),
    "drivers_formula_together": (
        "The {count} dimensions together share R²\u00a0=\u00a0{share} (95\u00a0% interval {low} to "
        "{high}, {n} people) with {outcome}. How they divide it is not told, because "
        "they are not separable.",
        "{count}个维度合起来与{outcome}共有 R²\u00a0=\u00a0{share}（95% 区间 {low} 至 {high}，{n}"
        "人）。它们如何分得这一部分不作说明，因为它们不可区分。",
    ),
    "drivers_formula_open": (
        "Not separable by these answers: the rank intervals of {scales} overlap, so "
        "none of them is put before another.",
        "就这些作答而言不可区分：{scales}的名次区间相互重叠，因此不分先后。",
    ),
    "drivers_mean_as_well": (
        "The plain mean of all dimensions does as well: r\u00a0=\u00a0{r:.2f} [{low:.2f} to "
        "{high:.2f}]. Weighting them would add {gain} of the variance of {outcome} "
        "(f²\u00a0=\u00a0{f2}, below {mark}; Cohen 1988). Use the total score.",
        "所有维度的简单平均同样好：r\u00a0=\u00a0{r:.2f} [{low:.2f} 至 {high:.2f}]。加权只多出"
        "{outcome}方差的 {gain}（f²\u00a0=\u00a0{f2}，低于 {mark}；Cohen，1988）。请使用总分。",
    ),
    "drivers_mean_less": (
        "The plain mean of all dimensions goes with {outcome} at r\u00a0=\u00a0{r:.2f} "
        "[{low:.2f} to {high:.2f}]. Weighting them adds {gain} of the variance among "
        "these people (f²\u00a0=\u00a0{f2}, from {mark} on worth a look; Cohen 1988); among "
        "others it would add less.",
        "所有维度的简单平均与{outcome}的相关为 r\u00a0=\u00a0{r:.2f} [{low:.2f} 至 {high:.2f}]。"
        "在这些人中加权多出方差的 {gain}（f²\u00a0=\u00a0{f2}，达到 {mark} 才值得一看；Cohen，"
        "1988）；换一批人会更少。",
    ),
    # the map
    "drivers_map_guide": (
        "Right: rated higher. Up: a larger share of what goes with {outcome}. The "
        "dashed lines are the means of all dimensions, the crosses 95\u00a0% intervals.",
        "越靠右，评分越高；越靠上，在与{outcome}共有部分中的份额越大。虚线是各维度的"
        "平均，十字是 95% 区间。",
    ),
    "drivers_map_low": (
        "Clear of both lines with both intervals, an above-average share and rated "
        "below the mean: {scales}. A place to look first; whether {outcome} would "
        "change with it, answers given at one time cannot say.",
        "两个区间都不触及虚线，份额高于平均而评分低于平均的是：{scales}。可以先看这里；"
        "至于{outcome}是否会随之变化，一次调查的作答无法说明。",
    ),
    "drivers_map_high": (
        "Clear of both lines with both intervals, an above-average share and rated "
        "above the mean: {scales}. Worth keeping.",
        "两个区间都不触及虚线，份额与评分都高于平均的是：{scales}。值得保持。",
    ),
    "drivers_map_unclear": (
        "No dimension with an above-average share lies clear of both lines with both "
        "intervals, so the map names no place to look first.",
        "没有哪个份额高于平均的维度能让两个区间都避开虚线，因此此图不指明应先看哪里。",
    ),
    "drivers_map_not_separable": (
        "No map: people do not tell the dimensions apart, so a place on it would be "
        "chance.",
        "不作图：人们不区分这些维度，图上的位置带有偶然性。",
    ),
    "drivers_map_order_open": (
        "No map: the rank intervals of all shares overlap with one another, so no "
        "dimension would stand higher than another.",
        "不作图：所有份额的名次区间彼此重叠，没有哪个维度能高于另一个。",
    ),
    # the split
    "drivers_split_part": (
        "Trust (the mean of its dimensions) and {outcome} go together at r\u00a0=\u00a0"
        "{total:.2f} [{total_low:.2f} to {total_high:.2f}]. About {percent}\u00a0% of that "
        "goes together with {between} ({indirect:.2f} [{low:.2f} to {high:.2f}]); "
        "{direct:.2f} [{direct_low:.2f} to {direct_high:.2f}] does not.",
        "信任（各维度的平均）与{outcome}的相关为 r\u00a0=\u00a0{total:.2f} [{total_low:.2f} 至 "
        "{total_high:.2f}]。其中约 {percent}% 与{between}一同出现（{indirect:.2f} "
        "[{low:.2f} 至 {high:.2f}]）；{direct:.2f} [{direct_low:.2f} 至 "
        "{direct_high:.2f}] 则不是。",
    ),
    "drivers_split_unclear": (
        "Trust and {outcome} go together at r\u00a0=\u00a0{total:.2f} [{total_low:.2f} to "
        "{total_high:.2f}]; the interval of the part that goes together with {between} "
        "includes 0 ({indirect:.2f} [{low:.2f} to {high:.2f}]).",
        "信任与{outcome}的相关为 r\u00a0=\u00a0{total:.2f} [{total_low:.2f} 至 {total_high:.2f}]；"
        "与{between}一同出现的部分的区间包含 0（{indirect:.2f} [{low:.2f} 至 "
        "{high:.2f}]）。",
    ),
    "drivers_split_against": (
        "Trust and {outcome} go together at r\u00a0=\u00a0{total:.2f} [{total_low:.2f} to "
        "{total_high:.2f}]; the part that goes together with {between} "
        "({indirect:.2f} [{low:.2f} to {high:.2f}]) and the rest ({direct:.2f} "
        "[{direct_low:.2f} to {direct_high:.2f}]) have opposite signs, so no percentage "
        "is told.",
        "信任与{outcome}的相关为 r\u00a0=\u00a0{total:.2f} [{total_low:.2f} 至 {total_high:.2f}]；"
        "与{between}一同出现的部分（{indirect:.2f} [{low:.2f} 至 {high:.2f}]）和其余部分"
        "（{direct:.2f} [{direct_low:.2f} 至 {direct_high:.2f}]）符号相反，因此不给出"
        "百分比。",
    ),
    "drivers_split_no_total": (
        "The interval of the correlation of trust and {outcome} includes 0 "
        "({total:.2f} [{total_low:.2f} to {total_high:.2f}]), so there is nothing to "
        "split.",
        "信任与{outcome}的相关的区间包含 0（{total:.2f} [{total_low:.2f} 至 "
        "{total_high:.2f}]），因此没有可分解的内容。",
    ),
    "drivers_split_guide": (
        "This is arithmetic on answers given at one time: which of the three comes "
        "first it cannot say (percentiles of {draws} resamples; MacKinnon, Lockwood & "
        "Williams 2004).",
        "这是对同一时间作答的算术分解：三者孰先孰后无法说明（{draws}次重抽样的百分位；"
        "MacKinnon、Lockwood 和 Williams，2004）。",
    ),
    "drivers_latent_part": (
        "Between factors, free of errors of measurement as far as their model holds "
        "(CFI {cfi}, SRMR {srmr}; {n} people), {indirect:.2f} [{low:.2f} to {high:.2f}] "
        "goes together with {between} and {direct:.2f} [{direct_low:.2f} to "
        "{direct_high:.2f}] does not.",
        "在因子之间（在模型成立的范围内不含测量误差；CFI {cfi}，SRMR {srmr}；{n}人），"
        "{indirect:.2f} [{low:.2f} 至 {high:.2f}] 与{between}一同出现，{direct:.2f} "
        "[{direct_low:.2f} 至 {direct_high:.2f}] 则不是。",
    ),
    "drivers_latent_poor": (
        "The factor model of the same does not fit well (CFI {cfi}, SRMR {srmr}; guides "
        "{cfi_guide} and {srmr_guide}, Hu & Bentler 1999), so it is not split.",
        "同一内容的因子模型拟合不佳（CFI {cfi}，SRMR {srmr}；参考值 {cfi_guide} 与 "
        "{srmr_guide}，Hu 和 Bentler，1999），因此不作分解。",
    ),
    "drivers_latent_few": (
        "A split between factors is told from {needs} complete answers on; there are "
        "{has}.",
        "因子之间的分解从{needs}份完整作答起才说明，现有{has}份。",
    ),
    "drivers_latent_improper": (
        "A split between factors is not told: their model has no proper solution.",
        "不说明因子之间的分解：其模型没有恰当的解。",
    ),
    # propensity, marker, slopes
    "drivers_given": (
        "With {control} held constant, {stand} of {count} correlations with {outcome} "
        "keep 0 out of their interval; the largest change of an r is {change}.",
        "控制{control}后，与{outcome}的{count}个相关中有{stand}个的区间不包含 0；"
        "r 的最大变化为 {change}。",
    ),
    "drivers_marker_asked": (
        "One source: if all answers shared what {first} and {second} share (r\u00a0=\u00a0"
        "{size:.2f}), {stand} of {count} correlations with {outcome} would still keep 0 "
        "out of their interval (Lindell & Whitney 2001). A check, not a correction.",
        "同源检查：假如所有作答都含有{first}与{second}共有的部分（r\u00a0=\u00a0{size:.2f}），"
        "与{outcome}的{count}个相关中仍有{stand}个的区间不包含 0（Lindell 和 Whitney，"
        "2001）。这只是检查，不是校正。",
    ),
    "drivers_marker_smallest": (
        "One source: no question was asked for this check, so the two scales that go "
        "together least stand in: {first} and {second} (r\u00a0=\u00a0{size:.2f}). If all answers "
        "shared as much, {stand} of {count} correlations with {outcome} would still keep "
        "0 out of their interval (Lindell & Whitney 2001). A check, not a correction.",
        "同源检查：问卷没有为此专设题目，因此以相关最低的两个量表代替：{first}与{second}"
        "（r\u00a0=\u00a0{size:.2f}）。假如所有作答都含有这么多共有部分，与{outcome}的{count}个相关中"
        "仍有{stand}个的区间不包含 0（Lindell 和 Whitney，2001）。这只是检查，不是校正。",
    ),
    "drivers_slopes_guide": (
        "A slope says what one dimension adds where the others are equal. It is no "
        "weight: dimensions that go together take from one another, and a small or "
        "negative slope does not mean that a dimension does not matter.",
        "斜率说明其他维度相同时某一维度多出的部分。它不是权重：彼此相关的维度会互相"
        "分去对方的部分，斜率小或为负并不表示该维度无关。",
    ),
    "drivers_slopes_inflated": (
        "Slopes are unsteady here: the variance inflation of {scales} is {mark} or more "
        "(up to {vif}). Read the shares and the total score instead.",
        "这里的斜率不稳定：{scales}的方差膨胀因子达到 {mark}（最高 {vif}）。"
        "请改看份额和总分。",
    ),
    "drivers_ordinal_guide": (
        "{outcome} is one question, so its points may be taken as ordered only: an odds "
        "ratio above 1 says that people one standard deviation higher on a dimension, "
        "the others being equal, more often chose a higher point (proportional odds, "
        "McCullagh 1980).",
        "{outcome}只有一道题，因此也可只把各点看作有序：优势比大于 1 表示，其他维度相同时，"
        "在某一维度上高一个标准差的人更常选择较高的点（比例优势模型，McCullagh，1980）。",
    ),
    # headings and labels
    "drivers_title": ("What goes with loyalty", "与忠诚相关的因素"),
    "drivers_formula_title": (
        "The trust formula of this survey: {outcome}",
        "本调查的信任公式：{outcome}",
    ),
    "drivers_map_title": ("Share and rating: {outcome}", "份额与评分：{outcome}"),
    "drivers_split_title": (
        "Trust, {between} and {outcome}",
        "信任、{between}与{outcome}",
    ),
    "drivers_checks_title": ("Checks: {outcome}", "检查：{outcome}"),
    "drivers_slopes_title": (
        "All dimensions at once: {outcome}",
        "同时纳入所有维度：{outcome}",
    ),
    "drivers_more": ("Tables and checks for reviewers", "供审阅者使用的表格与检查"),
    "drivers_performance": ("Rating, 0 to 100", "评分，0 至 100"),
    "drivers_axis_performance": (
        "rating, 0 to 100 (bar: 95\u00a0% interval)",
        "评分，0 至 100（横条：95% 区间）",
    ),
    "drivers_axis_importance": ("share", "份额"),
    "drivers_number": ("Number on the map", "图上序号"),
    "drivers_after_holm": ("After Holm", "Holm 校正后"),
    "drivers_after_bh": ("After Benjamini–Hochberg", "Benjamini–Hochberg 校正后"),
    "drivers_stands": ("Stands", "成立"),
    "drivers_falls": ("Does not stand", "不成立"),
    "drivers_latent": ("Factor model r", "因子模型 r"),
    "drivers_given_column": ("Given {control}", "控制{control}"),
    "drivers_marked_column": ("Less the marker", "减去标记部分"),
    "drivers_slope": ("Slope per SD", "每标准差斜率"),
    "drivers_odds": ("Odds ratio per SD", "每标准差优势比"),
    "drivers_vif": ("Variance inflation", "方差膨胀因子"),
    "drivers_path": ("Part", "部分"),
    "drivers_path_value": ("Value", "数值"),
    "drivers_path_latent": ("Between factors", "因子之间"),
    "drivers_path_first": ("Trust and {between}", "信任与{between}"),
    "drivers_path_second": (
        "{between} and {outcome}, trust being equal",
        "信任相同时，{between}与{outcome}",
    ),
    "drivers_path_indirect": (
        "The part that goes together with {between}",
        "与{between}一同出现的部分",
    ),
    "drivers_path_direct": ("The rest", "其余部分"),
    "drivers_path_total": ("Together: trust and {outcome}", "合计：信任与{outcome}"),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "drivers_no_outcome": "The report has no outcome.",
    "drivers_few": f"Fewer than {DRIVERS_N} people answered, or have all scores needed.",
    "drivers_grid_all": (
        f"Two tests or more, and Holm's p of every one is below {GRID_P}."
    ),
    "drivers_grid_some": (
        f"Holm's p is below {GRID_P} for at least one test; one to six are not."
    ),
    "drivers_grid_few": (
        f"Holm's p is below {GRID_P} for at least one test; seven or more are not."
    ),
    "drivers_grid_none": f"Two tests or more, and Holm's p of none is below {GRID_P}.",
    "drivers_formula": (
        f"Weights exist and every HTMT of two trust scales is below {HTMT_SAME}; the "
        "largest share stands first."
    ),
    "drivers_formula_part": "Inside the formula, once a dimension.",
    "drivers_formula_together": (
        f"Weights exist and HTMT of two trust scales is {HTMT_SAME} or more."
    ),
    "drivers_formula_open": (
        f"Every HTMT is below {HTMT_SAME} and the rank intervals of two or more "
        "dimensions overlap."
    ),
    "drivers_mean_as_well": (
        f"The f squared of the weighting beyond the plain mean is below {GAIN}."
    ),
    "drivers_mean_less": (
        f"The f squared of the weighting beyond the plain mean is {GAIN} or more."
    ),
    "drivers_map_guide": "Beside every map.",
    "drivers_map_low": (
        "There is a map; the share's interval lies above an equal share, the rating's "
        "below the mean rating."
    ),
    "drivers_map_high": (
        "There is a map; the share's interval lies above an equal share, the rating's "
        "above the mean rating."
    ),
    "drivers_map_unclear": "There is a map and neither of the two sentences before.",
    "drivers_map_not_separable": (
        f"HTMT of two trust scales is {HTMT_SAME} or more, so there is no map."
    ),
    "drivers_map_order_open": (
        "The rank intervals of every two dimensions overlap, so there is no map."
    ),
    "drivers_split_no_total": "The interval of the total includes 0.",
    "drivers_split_unclear": (
        "The interval of the total leaves 0 out, that of the part along satisfaction "
        "includes it."
    ),
    "drivers_split_against": (
        "Both intervals leave 0 out, and the two parts have opposite signs."
    ),
    "drivers_split_part": "Both intervals leave 0 out, and the two parts have one sign.",
    "drivers_split_guide": "Beside every split.",
    "drivers_latent_part": (
        f"A split is told, {SMALL_SEM} complete answers or more, and the factor model "
        f"has CFI of {CFI} or more and SRMR of {SRMR} or less."
    ),
    "drivers_latent_poor": (f"As before, but CFI is below {CFI} or SRMR above {SRMR}."),
    "drivers_latent_few": (
        f"A split is told, with fewer than {SMALL_SEM} complete answers."
    ),
    "drivers_latent_improper": (
        "A split is told, and the factor model does not converge, is not identified or "
        "is improper."
    ),
    "drivers_given": "A control scale of two items or more was asked.",
    "drivers_marker_asked": "A control scale of two items or more was asked.",
    "drivers_marker_smallest": (
        f"No control scale was asked, and there are {MARKER_SCALES} scales or more."
    ),
    "drivers_slopes_guide": "Beside every table of slopes.",
    "drivers_slopes_inflated": (
        f"The variance inflation of a dimension is {INFLATED:g} or more."
    ),
    "drivers_ordinal_guide": "The outcome is a single item.",
}
