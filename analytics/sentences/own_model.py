"""What is said about a model text that a researcher brings."""

from collections.abc import Mapping
from typing import Final

OWN_MODEL: Final[dict[str, tuple[str, str]]] = {
    # why it is not accepted
    "model_items": (
        "Line {line}, column {column} of the model: neither items of the specification "
        "nor factors of the model are {items}.",
        "模型第 {line} 行第 {column} 列：{items} 既不是分析说明中的题目，"
        "也不是模型中的因子。",
    ),
    "model_item_close": (
        "Line {line}, column {column} of the model: {item} is neither an item of the "
        "specification nor a factor of the model; did you mean {close}?",
        "模型第 {line} 行第 {column} 列：{item} 既不是分析说明中的题目，"
        "也不是模型中的因子；是否指 {close}？",
    ),
    "model_not_identified_at": (
        "Line {line}, column {column} of the model: it is not identified, because many "
        "values of {item} fit equally well; fix that parameter or add items.",
        "模型第 {line} 行第 {column} 列：模型不可识别，因为 {item} 取许多不同的值时"
        "拟合同样好；请固定该参数或增加题目。",
    ),
    "model_too_large_at": (
        "Line {line}, column {column} of the model: what begins there is not "
        "identified, because it has {has} free parameters and the data give only "
        "{needs} variances, covariances and means; fix or equate some parameters.",
        "模型第 {line} 行第 {column} 列：由此开始的模型不可识别，因为它有{has}个自由"
        "参数，而数据只提供{needs}个方差、协方差和均值；请固定或等同一些参数。",
    ),
    # what to know beside it
    "own_complete": (
        "The model uses the {n} people who answered all of its {items} items; {left} "
        "left one out.",
        "模型使用回答了其全部{items}个题目的{n}人；另有{left}人漏答。",
    ),
    "own_modification_guide": (
        "Each index is the expected fall of chi-square if that one parameter were free. "
        "A model that is changed until it fits is a finding of this sample, not a test; "
        "MacCallum, Roznowski & Necowitz (1992).",
        "每个指数是释放该参数后卡方的预期下降。反复修改直到拟合的模型只是本样本的发现，"
        "不是检验；MacCallum、Roznowski 和 Necowitz（1992）。",
    ),
    # labels
    "own_model": ("Your own model", "您自己的模型"),
    "own_head": (
        "{file}; {estimator}; {n} people with every answer",
        "{file}；{estimator}；{n} 人回答了全部题目",
    ),
    "own_fit": ("Fit of your model", "您的模型的拟合"),
    "own_parameters": ("Parameters", "参数"),
    "own_defined": ("Derived quantities", "派生量"),
    "own_modifications": ("Modification indices", "修正指数"),
    "own_text": ("The model as written", "模型原文"),
    "parameter": ("Parameter", "参数"),
    "parameter_label": ("Label", "标签"),
    "estimate": ("Estimate", "估计值"),
    "standard_error": ("SE", "标准误"),
    "z": ("z", "z"),
    "p": ("p", "p"),
    "standardized": ("Standardized", "标准化"),
    "modification_index": ("Index", "指数"),
    "expected_change": ("Expected change", "预期变化"),
    "fit_robust": ("{index}, robust", "{index}（稳健）"),
}

CONDITIONS: Final[Mapping[str, str]] = {
    "model_items": (
        "A model text names something that is neither item nor factor, and either names "
        "several such things or no item is spelt alike; the text is refused."
    ),
    "model_item_close": (
        "A model text names one thing that is neither item nor factor, and an item is "
        "spelt alike; the text is refused."
    ),
    "model_not_identified_at": (
        "The information matrix of the model has no inverse because of one parameter; "
        "the text is refused."
    ),
    "model_too_large_at": (
        "The model has more free parameters than the data have variances, covariances "
        "and means; the text is refused."
    ),
    "own_complete": "Somebody left an item of the model out.",
    "own_modification_guide": "A table of modification indices is shown.",
}
