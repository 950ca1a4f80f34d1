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
