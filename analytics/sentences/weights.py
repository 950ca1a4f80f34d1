"""What is said about shares of an outcome and about intervals from resampled people."""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

WEIGHTS: Final[dict[str, tuple[str, str]]] = {
    "weights_need_two": (
        "Shares compare at least 2 dimensions; there is {has}.",
        "份额至少比较 2 个维度，现有{has}个。",
    ),
    "weights_together": (
        "The {count} dimensions together go with {share} of the variance of {outcome} "
        "(R squared; 95\u00a0% interval {low} to {high}, {n} people). The shares divide it "
        "among them (relative weights, Johnson 2000); a share is never below 0, so its "
        "interval cannot tell whether a dimension matters at all.",
        "{count}个维度合起来与{outcome}方差的{share}相联系（决定系数；95% 区间{low}"
        "至{high}，{n}人）。份额是把它分给各维度（相对权重，Johnson，2000）；"
        "份额不会低于 0，因此其区间不能说明某个维度是否有关。",
    ),
    "weights_equal": (
        "Without any weighting: the plain mean of the dimensions goes with {outcome} at "
        "r\u00a0=\u00a0{r:.2f} (95\u00a0% interval {low:.2f} to {high:.2f}), which is "
        "{square} of its variance.",
        "不加权时：各维度的简单平均与{outcome}的相关为 r\u00a0=\u00a0{r:.2f}"
        "（95% 区间{low:.2f}至{high:.2f}），即其方差的{square}。",
    ),
    "weights_open": (
        "The rank intervals of {scales} overlap, so their order is not settled.",
        "{scales}的名次区间相互重叠，次序尚不能确定。",
    ),
    "weights_settled": (
        "No two rank intervals overlap: this order of the shares would very likely "
        "appear again among other people of the same kind.",
        "名次区间互不重叠：换一批同类的人，份额的次序很可能仍是如此。",
    ),
    "corrected_interval_elsewhere": (
        "No interval of the corrected r: the {n} people who answered every item of both "
        "scales differ too much from all.",
        "没有校正后相关的区间：回答了两个量表全部题目的{n}人与全体相差过大。",
    ),
    "htmt_reaches_one": (
        "{pairs}: the interval of HTMT reaches 1, so these data leave open whether "
        "people tell them apart (Henseler, Ringle & Sarstedt 2015).",
        "{pairs}：HTMT 的区间达到 1，因此这些数据不能确定人们是否区分它们"
        "（Henseler、Ringle 和 Sarstedt，2015）。",
    ),
    "recommend": (
        "Recommend index {index} on \u2212100 to 100 (95\u00a0% interval {low} to {high}; "
        "{n} people): the percentage of 9 and 10 less the percentage of 0 to 6, if the "
        "question asks about recommending. The mean uses every answer and is the "
        "steadier number.",
        "推荐指数为{index}，范围 \u2212100 到 100（95% 区间{low}至{high}；{n}人）："
        "即选 9 和 10 的百分比减去选 0 到 6 的百分比，前提是该题询问的是推荐意愿。"
        "均值利用了全部作答，更为稳定。",
    ),
    "recommend_few": (
        "A recommend index needs at least {needs} answers; there are {has}.",
        "推荐指数至少需要{needs}个作答，现有{has}个。",
    ),
    "weights_not_separable": (
        "Not separable: {pairs} (HTMT of .90 or more, Henseler, Ringle & Sarstedt "
        "2015). How dimensions that people hardly tell apart divide a share is chance, "
        "so the shares are not ranked here. Use the plain mean of the dimensions.",
        "不可区分：{pairs}（HTMT 达到 0.90；Henseler、Ringle 和 Sarstedt，2015）。"
        "人们几乎不区分的维度如何分得份额带有偶然性，因此这里不排名次；"
        "请使用各维度的简单平均。",
    ),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "weights_need_two": "There are fewer than 2 trust scales.",
    "weights_together": "Shares of the outcome could be computed.",
    "weights_equal": "Shares exist, and the plain mean has a correlation.",
    "weights_open": (
        "Shares exist, every HTMT of two trust scales is below "
        f"{thresholds.HTMT_SAME:.2f}, and two rank intervals or more share a rank."
    ),
    "weights_settled": (
        "Shares exist, every HTMT of two trust scales is below "
        f"{thresholds.HTMT_SAME:.2f}, and no two rank intervals share a rank."
    ),
    "weights_not_separable": (
        "Shares exist, and HTMT of two trust scales is "
        f"{thresholds.HTMT_SAME:.2f} or more."
    ),
    "corrected_interval_elsewhere": (
        "A correlation could be corrected for unreliability, and its resampled interval "
        "has no ends or does not contain it."
    ),
    "htmt_reaches_one": (
        f"HTMT of two trust scales is below {thresholds.HTMT_SAME:.2f}, and its interval "
        "ends at 1 or above."
    ),
    "recommend": (
        "An outcome is one item from 0 to 10, not reversed, with "
        f"{thresholds.RECOMMEND_N} answers or more."
    ),
    "recommend_few": (
        "An outcome is one item from 0 to 10, not reversed, with fewer than "
        f"{thresholds.RECOMMEND_N} answers."
    ),
}
