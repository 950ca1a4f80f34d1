"""What a simulation for planning says, in English and Simplified Chinese."""

from typing import Final

SIMULATION: Final[dict[str, tuple[str, str]]] = {
    "simulate_progress": ("Samples", "样本"),
    "simulate_head": (
        "{replications} simulated samples of {n} people, estimator {estimator}, seed"
        " {seed}",
        "{replications} 个模拟样本，每个 {n} 人，估计方法 {estimator}，种子 {seed}",
    ),
    "simulate_solutions": (
        "Samples with a solution: {converged} of {replications}; with an improper one"
        " (a Heywood case), kept: {improper}.",
        "有解的样本：{converged} / {replications}；其中解不恰当（Heywood 情形，仍计入）："
        "{improper}。",
    ),
    "simulate_test": (
        "The test of the model rejects in {rejected:.1%} of {tested} samples (df {df}, p"
        " below {alpha}).",
        "模型检验在 {tested} 个样本中拒绝 {rejected:.1%}（df {df}，p 小于 {alpha}）。",
    ),
    "simulate_error": (
        "A share of {replications} samples is known to within {points:.1f} points at 50 %"
        " and {tail:.1f} points at 95 % (twice its standard error).",
        "{replications} 个样本得出的比例，在 50 % 附近误差约 {points:.1f} 个百分点，"
        "在 95 % 附近约 {tail:.1f} 个百分点（标准误的两倍）。",
    ),
    "simulate_standing": (
        "This shows what such samples would do if the numbers of the model were true. It"
        " says nothing about any people or instrument.",
        "这只说明：若模型中的数为真，这样的样本会怎样。它不说明任何人群或量表。",
    ),
    "simulate_parameter": ("Parameter", "参数"),
    "simulate_population": ("Population", "总体值"),
    "simulate_mean": ("Mean", "均值"),
    "simulate_bias": ("Bias", "偏差"),
    "simulate_sd": ("SD", "标准差"),
    "simulate_se": ("Mean SE", "平均标准误"),
    "simulate_coverage": ("Coverage", "区间覆盖率"),
    "simulate_power": ("Power", "功效"),
    "simulate_value": (
        "--{option} {value} is not accepted: {needs}.",
        "不接受 --{option} {value}：{needs}。",
    ),
    "simulate_needs_count": ("a whole number above 0", "需要大于 0 的整数"),
    "simulate_needs_shares": (
        "two shares or more above 0 that add up to 1, such as .1,.2,.4,.2,.1",
        "需要两个或更多大于 0 且总和为 1 的比例，例如 .1,.2,.4,.2,.1",
    ),
    "simulate_needs_points": (
        "this estimator takes ordered answers, so give --shares",
        "此估计方法需要有序作答，请给出 --shares",
    ),
    "simulate_needs_normal": (
        "skewed values and answers on points cannot be combined",
        "偏态数值与分点作答不能同时使用",
    ),
}
