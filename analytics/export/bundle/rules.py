"""How each kind of number of a report is checked, how closely, or why it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analytics.plan import Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of number.

    Attributes
    ----------
    how : Text
        Formula or function where it is checked, the reason where it is not.
    python, r : float or None
        Largest difference allowed, relative to the larger of 1 and the number; None
        where it is out of reach.
    why : Text or None
        Where the tolerance comes from.
    """

    how: Text
    python: float | None = None
    r: float | None = None
    why: Text | None = None


EXACT: Final = Text(
    "Whole numbers, or the same arithmetic.", "整数，或相同的算术运算。"
)
ROUNDING: Final = Text(
    "Sums taken in another order differ in the last digits.",
    "求和次序不同，末几位数字会有差别。",
)
SLOPES: Final = Text(
    "The interval's slopes are taken numerically.", "区间所用的导数由数值方法求得。"
)
SEARCH: Final = Text(
    "Both sides search for a minimum; near it the criterion is flat.",
    "双方都在搜索最小值，其附近的准则函数很平。",
)
LAVAAN: Final = Text(
    "A search for a minimum; lavaan ends its own at a slope of about 1e-6.",
    "搜索最小值；lavaan 在斜率约为 1e-6 时停止。",
)

CHECKED: Final[Mapping[str, Rule]] = {
    "count": Rule(
        Text(
            "Counted in the data, or stated by the codebook.",
            "由数据计数，或见编码簿。",
        ),
        python=0.0,
        r=0.0,
        why=EXACT,
    ),
    "item": Rule(
        Text(
            "Mean, deviation (n - 1), skew b1, kurtosis b2, ends; R: psych::describe",
            "均值、标准差（n − 1）、偏度 b1、峰度 b2、两端占比；R：psych::describe",
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "level": Rule(
        Text(
            "Mean of the scores with Student's interval, or their deviation; R: t.test",
            "分数的均值及其 t 区间，或标准差；R：t.test",
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "alpha": Rule(
        Text(
            "Cronbach's alpha, Feldt's interval; item-rest correlations; R: psych::alpha",
            "Cronbach α 与 Feldt 区间；题总相关；R：psych::alpha",
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "omega": Rule(
        Text(
            "McDonald's omega of one minres factor, delta interval; R: psych::fa",
            "单个 minres 因子的 McDonald ω，delta 法区间；R：psych::fa",
        ),
        python=1e-7,
        r=1e-7,
        why=SLOPES,
    ),
    "spearman_brown": Rule(
        Text(
            "2r / (1 + r), Fisher's interval carried through",
            "2r / (1 + r)，含 Fisher 区间",
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "recommend": Rule(
        Text(
            "Promoters less detractors, adjusted Wald", "推荐者减贬损者，校正 Wald 区间"
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "adequacy": Rule(
        Text(
            "KMO, Bartlett, eigenvalues; R: psych::KMO, psych::cortest.bartlett, eigen",
            "KMO、Bartlett、特征值；R：psych::KMO、psych::cortest.bartlett、eigen",
        ),
        python=1e-8,
        r=1e-8,
        why=ROUNDING,
    ),
    "votes": Rule(
        Text(
            "Observed eigenvalues counted against the thresholds in the report",
            "观测特征值与报告中的临界值逐个比较并计数",
        ),
        python=0.0,
        r=0.0,
        why=EXACT,
    ),
    "factors": Rule(
        Text(
            "Minres factors, direct quartimin, by variance; R: psych::fa, then optim",
            "minres 因子，直接 quartimin 旋转，按方差排序；R：psych::fa 后用 optim",
        ),
        python=1e-5,
        r=1e-5,
        why=SEARCH,
    ),
    "htmt": Rule(
        Text(
            "Mean correlation between scales over the roots of those within",
            "量表间平均相关除以量表内平均相关乘积的平方根",
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "correlation": Rule(
        Text(
            "Pearson with Fisher's interval, Spearman, r / sqrt(alpha alpha); R: cor",
            "Pearson 及 Fisher 区间、Spearman、r / √(αα)；R：cor",
        ),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "weights": Rule(
        Text("Johnson's relative weights as shares", "Johnson 相对权重的占比"),
        python=1e-9,
        r=1e-9,
        why=ROUNDING,
    ),
    "difference": Rule(
        Text(
            "Paired difference, noncentral t interval; R: t.test, pt",
            "配对差异，非中心 t 区间；R：t.test、pt",
        ),
        python=1e-8,
        r=1e-7,
        why=ROUNDING,
    ),
    "fit": Rule(
        Text(
            "Maximum likelihood; indices by lavaan's conventions; R: lavaan::fitMeasures",
            "极大似然；拟合指标按 lavaan 的约定；R：lavaan::fitMeasures",
        ),
        python=1e-7,
        r=1e-5,
        why=LAVAAN,
    ),
    "estimates": Rule(
        Text(
            "Standardized loadings, factor correlations, reliability and AVE with delta"
            " intervals; R: lavaan",
            "标准化载荷、因子相关、组合信度与 AVE 及其 delta 区间；R：lavaan",
        ),
        python=1e-6,
        r=1e-3,
        why=LAVAAN,
    ),
    "worse": Rule(
        Text(
            "Chi-square by which equal parameters fit worse; R: lavaan::lavTestLRT",
            "等值约束使拟合变差的卡方；R：lavaan::lavTestLRT",
        ),
        python=1e-7,
        r=1e-4,
        why=LAVAAN,
    ),
}

ROBUST: Final[Mapping[str, Rule]] = {
    "robust": Rule(
        Text(
            "Scaled chi-square and indices; R: lavaan, the same estimator (MLMV, MLR)",
            "校正的卡方和指标；R：lavaan，相同的估计方法（MLMV、MLR）",
        ),
        r=1e-5,
        why=LAVAAN,
    ),
    "robust_worse": Rule(
        Text(
            "The same, scaled by Satorra and Bentler (2001); R: lavTestLRT of MLM or MLR",
            "同上，按 Satorra 和 Bentler（2001）校正；R：MLM 或 MLR 的 lavTestLRT",
        ),
        r=1e-4,
        why=LAVAAN,
    ),
}

OUT_OF_REACH: Final[Mapping[str, Rule]] = {
    "bootstrap": Rule(
        Text(
            "Percentile of resamples drawn by NumPy's generator from the seed in the"
            " report: another program draws other people. Fewer or more draws move it.",
            "由报告所列种子经 NumPy 随机数生成器重抽样所得的百分位数：其他程序抽到的人不同。",
        )
    ),
    "draws": Rule(
        Text(
            "Eigenvalues of random data drawn from the seed in the report.",
            "由报告所列种子生成的随机数据的特征值。",
        )
    ),
    "setting": Rule(
        Text(
            "A choice made before the analysis, no result of the data.",
            "分析之前作出的选择，不是数据的结果。",
        )
    ),
    "words": Rule(
        Text(
            "Stands in a sentence: repeats a number of the report, a threshold, or how"
            " often simulated intervals held.",
            "句子中的数字：重复报告中的数字、某个临界值，或模拟区间的实际覆盖率。",
        )
    ),
    "improper": Rule(
        Text(
            "An improper solution: the likelihood then has several ends, and which one is"
            " found depends on where the search begins.",
            "不当解：此时似然函数有多个极值，找到哪一个取决于搜索的起点。",
        )
    ),
    "robust_interval": Rule(
        Text(
            "Interval for any distribution of the answers, from their fourth moments.",
            "适用于任意作答分布的区间，由四阶矩求得。",
        )
    ),
    "other_settings": Rule(
        Text(
            "These scripts know the usual settings of surveys only: pairwise, Pearson,"
            " oblimin, maximum likelihood.",
            "这些脚本只支持调查的常用设置：成对删除、Pearson、oblimin、极大似然。",
        )
    ),
    "item_response": Rule(
        Text(
            "Marginal maximum likelihood of graded answers, and items between groups: no"
            " package of these scripts fits them.",
            "等级作答的边际极大似然，以及逐题的组间比较：这些脚本所用的软件包不能拟合。",
        )
    ),
    "not_of_surveys": Rule(
        Text(
            "Teams of a file and models of one's own are analysed from files, not here.",
            "文件中的团队和自定义模型只用于文件分析，不在此处。",
        )
    ),
    "other_groups": Rule(
        Text(
            "Compares groups that these data do not name.",
            "所比较的群体在这些数据中没有标出。",
        )
    ),
    "language_not_exported": Rule(
        Text(
            "Needs the language of each answer, which is left out to protect people.",
            "需要每份答卷的语言；为保护受访者，数据中没有这一列。",
        )
    ),
    "not_exported": Rule(
        Text(
            "Needs an answer that these data hold coarser than asked, or not at all.",
            "所需的作答在这些数据中被合并或没有导出。",
        )
    ),
    "rows_differ": Rule(
        Text(
            "The data hold other rows than the report was made of.",
            "数据中的行与报告所依据的行不同。",
        )
    ),
    "unknown": Rule(
        Text(
            "A kind of number that this version of the bundle has no rule for.",
            "此版本的数据包还没有针对这类数字的规则。",
        )
    ),
}
RULES: Final[Mapping[str, Rule]] = {**CHECKED, **ROBUST, **OUT_OF_REACH}
