"""The sentences of the numeric core in both languages; its English is its own."""

from typing import Final

from analytics.plan import Text
from analytics.psychometrics.errors import SENTENCES, STATISTICS, Param, Reason

STATISTICS_ZH: Final[dict[str, str]] = {
    "alpha": "alpha 系数",
    "alpha-if-dropped": "删除该题后的 alpha",
    "omega-total": "omega 总系数",
    "spearman-brown": "Spearman-Brown 系数",
    "kmo": "KMO 取样适当性",
    "bartlett": "Bartlett 球形检验",
    "eigenvalues": "相关矩阵的特征值",
    "parallel-analysis": "平行分析",
    "efa": "探索性因子分析",
    "rotation": "因子旋转",
    "htmt": "异质-单质比（HTMT）",
    "correlation": "相关系数",
    "disattenuation": "不可靠性校正",
    "mean": "均值及其区间",
    "polychoric": "多分相关系数",
    "agreement": "组内一致性",
    "icc": "组内相关系数（ICC）",
    "relative-weights": "相对权重比较",
    "dominance": "优势分析",
    "partial-correlation": "偏相关",
    "recommend-index": "推荐指数",
    "fornell-larcker": "Fornell-Larcker 比较",
}

SENTENCES_ZH: Final[dict[str, str]] = {
    "needs-items": "{statistic}至少需要{needs}个题目，现有{has}个。",
    "needs-answers": "{statistic}至少需要{needs}人的作答，现有{has}人。",
    "two-items": "{statistic}对两个题目没有定义，请使用 Spearman-Brown 系数。",
    "no-overlap": "同时回答{first}和{second}的不足两人，因此无法分析二者的关系。",
    "constant-item": "所有回答{item}的人作答相同，其相关没有定义；请去掉该题。",
    "no-variance": "{statistic}没有定义，因为某个变量的所有值都相同。",
    "not-positive": "{statistic}没有定义，因为题目不一同变化；请检查计分方向。",
    "singular": (
        "{statistic}没有定义，因为题目的相关矩阵不是正定的；"
        "请检查是否有彼此重复的题目，或作答过少。"
    ),
    "improper": (
        "{statistic}不予给出，因为因子解不恰当：因子完全解释了{item}（Heywood 情形）。"
    ),
    "too-many-factors": ("{has}个题目无法识别{factors}个因子；请减少因子或增加题目。"),
    "no-reliability": "不可靠性校正需要两个大于零的信度。",
    "not-converged": (
        "{statistic}没有收敛，因此不给出数值；请减少因子，或检查彼此重复的题目。"
    ),
    "out-of-range": "第{row}行，题目{item}：{value}不在{low}到{high}的量表上。",
    "duplicate-item": "题目{item}出现两次；每个题目需要自己的代码。",
    "unknown-item": "数据中没有题目{item}。",
    "perfect-association": (
        "{first}的作答完全决定{second}的作答（二者的列联表有空角），"
        "因此多分相关没有定义；请合并类别或使用 Pearson 相关。"
    ),
    "no-burt-table": (
        "这些字节已损坏，或不是格式版本{value}的 Burt 表；请重新统计作答。"
    ),
    "needs-groups": "{statistic}至少需要{needs}个组，现有{has}个。",
    "groups-of-one": "{statistic}需要至少两人的组；每个组都只有一人。",
    "no-within-variance": "{statistic}没有定义，因为每个组内的所有值都相同。",
    "equal-means": "{statistic}没有定义，因为所有组的均值相同。",
    "unequal-scales": "{statistic}要求题目的点数相同；{first}和{second}不同。",
    "no-null": (
        "对于{statistic}，该零分布只发表了{low}到{high}点量表的数值；本量表有{value}点。"
    ),
    "collinear": (
        "预测变量{item}可由其他预测变量算出，因此{statistic}没有定义；请去掉其中一个。"
    ),
    "nothing-explained": "预测变量对{item}没有任何解释，因此谈不上各自的份额。",
    "too-many-predictors": (
        "{statistic}要遍历预测变量的所有子集，最多{needs}个；现有{has}个；请使用相对权重。"
    ),
    "few-draws": (
        "{statistic}没有自助法区间，因为在{needs}次重抽样中有{has}次没有定义；"
        "作答过少或差异过小。"
    ),
}

CORE: Final[dict[str, tuple[str, str]]] = {
    code: (english, SENTENCES_ZH[code]) for code, english in SENTENCES.items()
}


def core_params(reason: Reason) -> dict[str, Param | Text]:
    """Return the parameters of a reason, with the statistic named in both languages."""
    params: dict[str, Param | Text] = dict(reason.params)
    if "statistic" in params:
        key = str(params["statistic"])
        english = STATISTICS[key]
        params["statistic"] = Text(english[0].upper() + english[1:], STATISTICS_ZH[key])
    return params
