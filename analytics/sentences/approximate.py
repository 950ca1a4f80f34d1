"""Intervals that hold a value less often than they say, and how often they do.

The figures are those of docs/methods.md, "What the intervals achieve".
"""

from collections.abc import Mapping
from typing import Final

from analytics import thresholds

APPROXIMATE: Final[dict[str, tuple[str, str]]] = {
    "approximate_marked": ("≈\u00a0{interval}", "≈\u00a0{interval}"),
    "approximate_spoken": (
        "{interval} (approximate interval)",
        "{interval}（近似区间）",
    ),
    "chart_value_approximate": (
        "{name} {value:.2f} (approximately {low:.2f} to {high:.2f})",
        "{name} {value:.2f}（约 {low:.2f} 至 {high:.2f}）",
    ),
    "approximate_of": ("{scales}: {sentence}", "{scales}：{sentence}"),
    "approximate_reliability": (
        "The intervals of alpha and omega are approximate (≈): they take answers as "
        "normal, and these lie towards one end. In simulated samples like these, "
        "intervals called 95\u00a0% held alpha in {alpha:.1f}\u00a0% and omega in {omega:.1f}\u00a0% "
        "(docs/methods.md, “What the intervals achieve”).",
        "alpha 和 omega 的区间是近似的（≈）：它们假定作答呈正态分布，而这里的作答偏向一端。"
        "在与此类似的模拟样本中，名义 95% 的区间有 {alpha:.1f}% 包含 alpha 的真值，"
        "{omega:.1f}% 包含 omega 的真值（见 docs/methods.md，“What the intervals achieve”）。",
    ),
    "approximate_composites": (
        "These intervals are approximate (≈): they take answers as normal (ML), and "
        "these lie towards one end. In simulated samples like these, intervals called "
        "95\u00a0% held the composite reliability in {composite:.1f}\u00a0% and the AVE in "
        "{ave:.1f}\u00a0% (docs/methods.md, “What the intervals achieve”).",
        "这些区间是近似的（≈）：它们假定作答呈正态分布（ML），而这里的作答偏向一端。"
        "在与此类似的模拟样本中，名义 95% 的区间有 {composite:.1f}% 包含组合信度的真值，"
        "{ave:.1f}% 包含 AVE 的真值（见 docs/methods.md，“What the intervals achieve”）。",
    ),
    "approximate_loadings_normal": (
        "The intervals of loadings are approximate (≈): they take answers as normal "
        "(ML), and these lie towards one end. In simulated samples like these, intervals "
        "called 95\u00a0% held the loading in {achieved:.1f}\u00a0% (docs/methods.md, "
        "“What the intervals achieve”).",
        "载荷的区间是近似的（≈）：它们假定作答呈正态分布（ML），而这里的作答偏向一端。"
        "在与此类似的模拟样本中，名义 95% 的区间有 {achieved:.1f}% 包含载荷的真值"
        "（见 docs/methods.md，“What the intervals achieve”）。",
    ),
    "approximate_loadings_robust": (
        "The intervals of loadings are approximate (≈): their errors rest on fourth "
        "moments, of which so few people tell too little where answers have such heavy "
        "tails. In "
        "simulated samples like these, intervals called 95\u00a0% held the loading in "
        "{achieved:.1f}\u00a0% (docs/methods.md, “What the intervals achieve”).",
        "载荷的区间是近似的（≈）：其标准误由四阶矩求得，"
        "而人数这么少、作答的尾部又这么厚时，四阶矩估计得不够准。"
        "在与此类似的模拟样本中，名义 95% 的区间有 {achieved:.1f}% 包含载荷的真值"
        "（见 docs/methods.md，“What the intervals achieve”）。",
    ),
    "approximate_loadings_ordered": (
        "The intervals of loadings are approximate (≈): their errors rest on how "
        "polychoric correlations vary together, of which so few people tell too little. "
        "In simulated samples like these, intervals called 95\u00a0% held the loading in "
        "{achieved:.1f}\u00a0% (docs/methods.md, “What the intervals achieve”).",
        "载荷的区间是近似的（≈）：其标准误由多分相关的协方差求得，"
        "而人数这么少时，这些协方差估计得不够准。"
        "在与此类似的模拟样本中，名义 95% 的区间有 {achieved:.1f}% 包含载荷的真值"
        "（见 docs/methods.md，“What the intervals achieve”）。",
    ),
}
_MARKS: Final = (
    f"{thresholds.MORE_SKEWED:.2f}, {thresholds.STRONGLY_SKEWED:.2f} and "
    f"{thresholds.MOST_SKEWED:.2f}"
)
CONDITIONS: Final[Mapping[str, str]] = {
    "approximate_of": "It holds of some scales and not of all that have an interval.",
    "approximate_reliability": (
        f"The mean size of the skew of a scale's items is {thresholds.SKEWED:.2f} or more "
        f"and {thresholds.SKEWED_N} people or more answered; or it is "
        f"{thresholds.MORE_SKEWED:.2f} or more. Other figures from {_MARKS} on, and from "
        f"{thresholds.SKEWED_N} people on."
    ),
    "approximate_composites": (
        "The factor model was fitted by ML, and the mean size of the skew of a scale's "
        f"items is {thresholds.MORE_SKEWED:.2f} or more."
    ),
    "approximate_loadings_normal": (
        "A model of one's own was fitted by ML, and the mean size of the skew of its "
        f"items is {thresholds.MORE_SKEWED:.2f} or more."
    ),
    "approximate_loadings_robust": (
        "A model of one's own was fitted with robust errors (MLMV, MLR, FIML) to fewer "
        f"than {thresholds.ROBUST_N} people, and the mean excess kurtosis of its items is "
        f"{thresholds.HEAVY_TAILS:.1f} or more."
    ),
    "approximate_loadings_ordered": (
        "A model of one's own was fitted by WLSMV to fewer than "
        f"{thresholds.ORDERED_N} people."
    ),
}
