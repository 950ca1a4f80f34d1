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
    "efa-fit": "因子解的拟合",
    "rotation": "因子旋转",
    "htmt": "异质-单质比（HTMT）",
    "correlation": "相关系数",
    "disattenuation": "不可靠性校正",
    "mean": "均值及其区间",
    "sem": "结构方程模型",
    "polychoric": "多分相关系数",
    "reliability-bounds": "Guttman 信度下界",
    "split-halves": "分半信度",
    "omega-hierarchical": "omega 层次系数",
    "minimum-average-partial": "最小平均偏相关",
    "empirical-kaiser": "经验 Kaiser 准则",
    "bootstrap": "自助法区间",
    "agreement": "组内一致性",
    "icc": "组内相关系数（ICC）",
    "relative-weights": "相对权重比较",
    "dominance": "优势分析",
    "partial-correlation": "偏相关",
    "recommend-index": "推荐指数",
    "fornell-larcker": "Fornell-Larcker 比较",
    "content-validity": "内容效度指数",
    "paired-difference": "配对差异",
    "krippendorff-alpha": "Krippendorff alpha 系数",
    "cohen-kappa": "Cohen kappa 系数",
    "mean-change": "两个均值之差",
    "reliable-change": "可靠变化",
    "event-change": "事件前后的水平变化",
    "drop-alarm": "警报",
    "series": "相邻测量之间的依赖",
    "longitudinal": "各次测量之间的比较",
    "regression": "回归",
    "ordinal-logit": "有序回归",
    "mediation": "相关的分解",
    "marker": "标记变量检查",
    "mahalanobis": "与均值的距离",
    "response-rates": "应答率的比较",
    "weighting": "加权",
    "graded-response": "等级反应模型",
    "item-fit": "题目拟合",
    "dif": "逐题的组间比较",
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
    "model-empty": "模型文本没有写出任何参数；例如可写：trust =~ t1 + t2 + t3。",
    "model-character": "模型第{line}行第{column}列：字符{item}在此处没有意义。",
    "model-term": "模型第{line}行第{column}列：此处应为变量名，而不是{item}。",
    "model-unexpected": (
        "模型第{line}行第{column}列：此处不应出现{item}；各项用 + 连接。"
    ),
    "model-operator": (
        "模型第{line}行第{column}列：以{item}开头的语句缺少 =~、~、~~、:= 或 ==。"
    ),
    "model-modifier": (
        "模型第{line}行第{column}列：{item}不能放在 * 之前；请使用数字、NA、标签、"
        "start(数字) 或 c(每组一项)。"
    ),
    "model-formula": (
        "模型第{line}行第{column}列：{item}不能出现在由标签和数字组成的公式的此处。"
    ),
    "model-ends": "模型第{line}行第{column}列：语句过早结束，缺少内容。",
    "model-unsupported": (
        "模型第{line}行第{column}列：不支持{item}；只支持 =~、~、~~、:= 和 ==。"
    ),
    "model-twice": "模型第{line}行第{column}列：{item}写了两次。",
    "model-unknown": (
        "模型第{line}行第{column}列：{item}既不是数据中的题目，也不是模型中的因子。"
    ),
    "model-factor-is-item": (
        "模型第{line}行第{column}列：{item}是数据中的题目；请给因子另取名称。"
    ),
    "model-label": "模型第{line}行第{column}列：没有参数带有标签{item}。",
    "model-groups": "模型第{line}行第{column}列：c() 有{has}项，但共有{needs}个组。",
    "model-means": "模型第{line}行第{column}列：{item}的截距需要包含均值的模型。",
    "model-not-linear": "模型第{line}行第{column}列：约束{item}对参数不是线性的。",
    "model-contradiction": "模型第{line}行第{column}列：约束{item}与其他约束矛盾。",
    "model-too-large": (
        "模型不可识别：它有{has}个自由参数，而数据只提供{needs}个方差、协方差和均"
        "值；请固定或等同一些参数。"
    ),
    "model-not-identified": (
        "模型不可识别：{item}取许多不同的值时拟合同样好；请固定该参数或增加题目。"
    ),
    "not-listwise": "{statistic}需要完整作答（整行删除）；这些数据是成对汇总的。",
    "needs-fourth-moments": "稳健估计需要作答本身，仅有协方差是不够的。",
    "sem-not-converged": (
        "估计没有收敛，因此不给出数值；请简化模型，或检查几乎不共同变化的题目。"
    ),
    "sem-saturated": "模型没有自由度，因此无法检验其拟合：所有协方差都被完全再现。",
    "singular-weights": (
        "作答乘积的协方差矩阵是奇异的：相对于这么多题目，完整作答太少，"
        "或者有只有两个类别的题目；请改用 MLR。"
    ),
    "sem-not-chi-square": (
        "ULS 和 DWLS 的卡方不服从卡方分布：请看估计值，不要看 p 值和 RMSEA。"
    ),
    "sem-no-difference": (
        "这种估计方法的卡方之差没有已知的分布；请比较 CFI、RMSEA 和 SRMR，"
        "或改用 ML、MLR。"
    ),
    "sem-no-standard-errors": "不给出标准误，因为数据无法确定某些参数。",
    "sem-negative-variance": "{item}的残差方差估计为负（Heywood 情形）；该解不恰当。",
    "sem-negative-factor-variance": "因子{item}的方差估计为负；该解不恰当。",
    "sem-factors-not-positive": (
        "因子的协方差矩阵不是正定的：有些因子无法区分，该解不恰当。"
    ),
    "sem-residuals-not-positive": "残差的协方差矩阵不是正定的：某个残差协方差过大，该解不恰当。",
    "sem-no-scaled-statistics": "不给出校正卡方及由其得出的指数，因为校正因子不是正数。",
    "ordered-estimator": (
        "{item}不是用于阈值和多分相关的估计方法；请使用 WLSMV、WLSM、ULSMV、ULSM、"
        "DWLS、ULS 或 WLS。"
    ),
    "needs-ordinal-moments": "{item}需要有序作答的阈值和多分相关。",
    "ordered-predictor": (
        "模型第{line}行第{column}列：有序题目{item}不能作为预测变量；请用因子代替它。"
    ),
    "ordered-set": (
        "模型第{line}行第{column}列：有序题目{item}的截距和方差不能设定，"
        "它们由阈值确定。"
    ),
    "ordered-two-categories": (
        "题目{item}只有两个类别，单独令阈值或载荷相等对它没有意义；"
        "请同时令阈值、载荷和截距相等。"
    ),
    "ordered-categories": (
        "各组使用的{item}的类别数不同；请合并某一组中无人选择的相邻类别。"
    ),
    "ordered-no-variance": "某个阈值或相关没有抽样方差；请合并几乎无人选择的类别。",
    "ordered-singular-gamma": (
        "阈值和相关的抽样协方差是奇异的：相对于这么多题目，作答太少；"
        "请用 WLSMV 代替 WLS。"
    ),
    "ordered-correlations": (
        "多分相关矩阵不是正定的：作答太少，或有彼此重复的题目；请谨慎看待这些数。"
    ),
    "ordered-explained": (
        "因子完全解释了{item}（Heywood 情形），theta 参数化无法用有限的数表示；"
        "请用 delta 查看超出多少。"
    ),
    "ordered-not-offered": (
        "有序题目的模型不提供因子得分、得分检验、自助法和一般的组合信度；"
        "请使用协方差模型，或分类 omega。"
    ),
    "fiml-needs-answers": (
        "完全信息极大似然（FIML）需要带有缺失的作答本身，仅有协方差是不够的。"
    ),
    "unanswered-item": "没有人回答{item}，无法由它估计任何量；请去掉该题。",
    "empty-rows": "有{has}人没有回答模型中的任何题目，已略去。",
    "pairs-apart": (
        "有{has}对题目（如{first}与{second}）从未由同一个人回答：它们的协方差只能由模型"
        "给出，模型的拟合也不据此评价。"
    ),
    "saturated-not-converged": (
        "缺失的作答过多，无法估计均值和协方差，因此不给出数值；请去掉很少有人回答的题目。"
    ),
    "sem-survey-needs-mlr": (
        "{item}的标准误把人当作彼此独立、权重相同；有团队或权重时，请改用估计方法 MLR。"
    ),
    "few-clusters": (
        "只有{has}个团队：少于{needs}个时，考虑团队的标准误偏小，请把区间看作过窄。"
    ),
    "few-waves": (
        "{has}次测量无法判断相邻的测量是否相互依赖，至少需要{needs}次。"
        "区间只考虑抽样误差。"
    ),
    "sem-undefined": "派生量{item}在估计值处没有定义。",
    "sem-bootstrap-failures": "{needs}次重抽样中有{has}次没有收敛，已略去。",
    "population-number": (
        "模型第{line}行第{column}列：总体需要在{item}之前写一个数，例如 0.7*{item}。"
    ),
    "population-variance": (
        "这些数解释的方差超过{item}的全部方差（取为 1）；请把数改小，"
        "或为{item}写出自己的残差方差。"
    ),
    "population-not-positive": (
        "没有总体符合这些数：由其得出的协方差矩阵不是正定的；请把某些相关或载荷改小。"
    ),
    "population-shape": (
        "无法生成具有该偏度、峰度和相关的数值；请减小偏度，或增大峰度。"
    ),
    "graded-no-answers": "没有人回答{item}，{statistic}无法给出其参数；请去掉该题。",
    "graded-determined": (
        "{item}的作答由其他题目决定，其在{statistic}中的斜率无限增大；"
        "请去掉该题，或检查是否有与之重复的题目。"
    ),
    "graded-open": (
        "作答无法确定{statistic}的某些参数；请更多人作答，或去掉与其他题目几乎无关的题目。"
    ),
    "graded-not-converged": (
        "{statistic}的估计没有收敛，因此不给出数值；"
        "请检查与其他题目几乎无关的题目或彼此重复的题目。"
    ),
    "graded-unknown-point": (
        "有人选择了{item}的第{value}点，而拟合模型时没有人选择它；请用全部作答重新拟合。"
    ),
    "graded-unused-point": "没有人选择{item}的第{value}点，因此该点没有阈值。",
    "graded-negative": "对{item}的作答越高，特质越低；请检查其计分方向。",
    "graded-coarse": "对于这样多或这样陡的题目，特质的积分点过疏；请增加积分点。",
    "item-fit-no-df": (
        "回答全部题目的人过少，无法在足够多的同分组中把{item}与模型比较。"
    ),
    "out-of-range": "第{row}行，题目{item}：{value}不在{low}到{high}的量表上。",
    "duplicate-item": "题目{item}出现两次；每个题目需要自己的代码。",
    "unknown-item": "数据中没有题目{item}。",
    "no-general-factor": "{statistic}没有定义，因为两个因子不相关。",
    "draws-failed": (
        "{statistic}不予给出，因为在{needs}个样本中有{has}个无法计算该统计量。"
    ),
    "perfect-association": (
        "{first}的作答完全决定{second}的作答（二者的列联表有空角），"
        "因此多分相关没有定义；请合并类别或使用 Pearson 相关。"
    ),
    "empty-category": (
        "没有人选择{item}的第{value}点，因此阈值没有定义；请把它与相邻的一点合并。"
    ),
    "no-burt-table": (
        "这些字节已损坏，或不是格式版本{value}的 Burt 表；请重新统计作答。"
    ),
    "needs-groups": "{statistic}至少需要{needs}个组，现有{has}个。",
    "needs-waves": "{statistic}在事件前后各至少需要{needs}轮，其中一侧只有{has}轮。",
    "no-drop": "下降本身并不明确，因此无法谈论恢复了其中多少。",
    "groups-of-one": "{statistic}需要至少两人的组；每个组都只有一人。",
    "no-within-variance": "{statistic}没有定义，因为每个组内的所有值都相同。",
    "equal-means": "{statistic}没有定义，因为所有组的均值相同。",
    "same-ratings": "{statistic}不予给出，因为每个对象的评分完全一致，至多相差一个常数。",
    "unequal-scales": "{statistic}要求题目的点数相同；{first}和{second}不同。",
    "no-null": (
        "对于{statistic}，该零分布只发表了{low}到{high}点量表的数值；本量表有{value}点。"
    ),
    "collinear": (
        "预测变量{item}可由其他预测变量算出，因此{statistic}没有定义；请去掉其中一个。"
    ),
    "determined": "被控制的变量完全决定了{item}，因此没有剩余部分可求相关。",
    "separated": (
        "{statistic}没有有限的系数，因为预测变量把作答完全分开；"
        "请去掉一个预测变量，或请更多人作答。"
    ),
    "nothing-explained": "预测变量对{item}没有任何解释，因此谈不上各自的份额。",
    "too-many-predictors": (
        "{statistic}要遍历预测变量的所有子集，最多{needs}个；现有{has}个；请使用相对权重。"
    ),
    "empty-stratum": "群体{item}无人作答，没有权重可以代表它；请与其他群体合并。",
    "lone-stratum": "群体{item}只有一份答卷，组内差异未知；请与其他群体合并。",
    "margins-disagree": (
        "权重没有稳定下来，因此不予给出；各边际互相矛盾，或有群体无人作答。"
    ),
    "equal-rates": "{statistic}没有定义，因为所有人都作答了，或无人作答。",
    "needs-codings": "{statistic}至少需要{needs}条由两人编码的评论，现有{has}条。",
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
