"""The shape of what a report says about the factor model; see `results`.

Field names are the keys of `report.json`. `notices` are said beside the numbers and
`warnings` hold them in English, for readers who take only sentences; `reason` tells why
there are no numbers at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from analytics.item_response_results import DifResult
from analytics.plan import FactorEstimator
from analytics.sentences import Sentence

Verdict = Literal[
    "scalar", "partial_scalar", "metric", "configural", "none", "not_testable"
]


FOLLOWING_CHI2: Final = ("chi2", "p", "cfi", "tli", "rmsea")


@dataclass(frozen=True, slots=True)
class RmseaResult:
    """Root mean square error of approximation with its 90 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ModelFit:
    """How well one model reproduces the moments of the rows its estimator uses.

    Indices are null where the model has no degrees of freedom; `*_scaled` stand beside
    with the estimators MLMV (Asparouhov & Muthen), MLR and FIML (Yuan & Bentler) and WLSMV
    (Asparouhov & Muthen).
    With WLSMV, and of people in teams or with weights, they alone have a known
    distribution and are what is read; nor is there a likelihood then, so `aic` and `bic`
    are null.
    """

    estimator: FactorEstimator
    n: int
    converged: bool
    chi2: float | None
    df: int | None
    p: float | None
    cfi: float | None
    tli: float | None
    rmsea: RmseaResult | None
    srmr: float | None
    aic: float | None
    bic: float | None
    chi2_scaled: float | None
    p_scaled: float | None
    cfi_scaled: float | None
    tli_scaled: float | None
    rmsea_scaled: RmseaResult | None
    warnings: tuple[str, ...]
    notices: tuple[Sentence, ...]
    reason: Sentence | None

    @property
    def only_scaled(self) -> bool:
        """Whether the unscaled chi-square has no known distribution, nor its indices."""
        return self.estimator == "WLSMV" or self.bic is None

    def as_read(self, name: str) -> float | RmseaResult | None:
        """Return "chi2", "p" or an index as it is to be read: scaled if only that is."""
        scaled = self.only_scaled and name in FOLLOWING_CHI2
        value: float | RmseaResult | None = getattr(
            self, f"{name}_scaled" if scaled else name
        )
        return value


@dataclass(frozen=True, slots=True)
class FactorModel(ModelFit):
    """The model of correlated factors, one per reflective scale of two items or more.

    `loadings` are standardized, null where a variance is negative;
    `factor_correlations` have keys such as "A~~B".
    """

    loadings: Mapping[str, float | None]
    factor_correlations: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class ModelParameter:
    """One parameter as a model text names it, or a derived quantity (op ":=").

    `se` to `high` are null for fixed values and where there are no standard errors;
    `standardized` has every variable at variance 1.
    """

    lhs: str
    op: str
    rhs: str
    label: str
    estimate: float
    se: float | None
    z: float | None
    p: float | None
    low: float | None
    high: float | None
    standardized: float | None


@dataclass(frozen=True, slots=True)
class PossibleParameter:
    """A parameter that is not free: what chi-square would lose if it were."""

    lhs: str
    op: str
    rhs: str
    index: float
    p: float
    change: float
    standardized_change: float | None


@dataclass(frozen=True, slots=True)
class OwnModel(ModelFit):
    """A model that a researcher wrote; `modification_indices` are the ten largest.

    `approximate` says where the intervals of loadings hold less often than they say.

    `*_robust` estimate what the normal indices would be in the population
    (Brosseau-Liard, Savalei & Li); null with the estimator ML.
    """

    file: str
    text: str
    items: tuple[str, ...]
    factors: tuple[str, ...]
    chi2_scaling_factor: float | None
    cfi_robust: float | None
    tli_robust: float | None
    rmsea_robust: RmseaResult | None
    parameters: tuple[ModelParameter, ...]
    defined: tuple[ModelParameter, ...]
    modification_indices: tuple[PossibleParameter, ...]
    approximate: Sentence | None = None


@dataclass(frozen=True, slots=True)
class LevelFit:
    """Fit of one level of invariance in all groups at once; rmsea is a number.

    `difference_p`: of the chi-square by which it fits worse than the level before (scaled
    where the estimator is robust); null in the first, and in reports of before.
    """

    chi2: float
    df: int
    cfi: float | None
    rmsea: float | None
    srmr: float
    difference_p: float | None = None


@dataclass(frozen=True, slots=True)
class Invariance:
    """Whether the items measure alike in the groups of one column.

    Attributes
    ----------
    n : mapping of group -> complete rows
        Every group that was compared, the reference first.
    configural, thresholds, metric, scalar : LevelFit or None
        Nothing equal; thresholds equal (ordered items alone); loadings, too;
        intercepts, too.
    verdict : Verdict
        Highest level that holds. Means may be compared from "partial_scalar" on.
    reason : Sentence
    drifting : tuple of item codes
        Loadings or intercepts that differ between the groups.
    """

    n: Mapping[str, int]
    configural: LevelFit | None
    metric: LevelFit | None
    scalar: LevelFit | None
    verdict: Verdict
    reason: Sentence
    drifting: tuple[str, ...]
    notices: tuple[Sentence, ...]
    thresholds: LevelFit | None = None


@dataclass(frozen=True, slots=True)
class GroupColumnResult:
    """What is said of one column of groups.

    `dif`: the items of each scale one by one, where the plan asks for item response.
    """

    invariance: Invariance
    dif: Mapping[str, DifResult] = field(default_factory=dict)
