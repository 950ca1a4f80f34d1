"""The shape of what a report says about items by a graded response model; see `results`.

Field names are the keys of `report.json`. Reverse items are turned before; `points` are
those of the scale after that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.plan import Matching
from analytics.sentences import Sentence

Row = tuple[float, ...]
DifSize = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class ItemFitResult:
    """S-X2 of one item among the `n` people who answered all items of its scale.

    `p_holm` is corrected for the items of the scale. Null with a `reason`.
    """

    chi2: float | None
    df: int | None
    p: float | None
    p_holm: float | None
    rmsea: float | None
    n: int
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class GradedItemResult:
    """One item: where its K points in use pass into one another, and how sharply.

    Attributes
    ----------
    n : int
        People who answered it.
    slope, slope_se : float
        Discrimination, in the logistic metric.
    points : tuple of K int
        Points that somebody chose, ascending.
    thresholds, threshold_ses : tuple of K - 1 float
        Where half of the people answer the next point or above.
    fit : ItemFitResult
    """

    n: int
    slope: float
    slope_se: float
    points: tuple[int, ...]
    thresholds: Row
    threshold_ses: Row
    fit: ItemFitResult


@dataclass(frozen=True, slots=True)
class Dependence:
    """Two items: Yen's Q3, and how far it lies above the mean of all pairs."""

    first: str
    second: str
    q3: float
    above_mean: float


@dataclass(frozen=True, slots=True)
class Information:
    """Test information along the trait, and its root's reciprocal."""

    trait: Row
    information: Row
    standard_error: Row


@dataclass(frozen=True, slots=True)
class Precision:
    """Where a scale measures best, looked for from -3 to 3.

    Attributes
    ----------
    best, standard_error : float
        The trait with the most information, and the standard error there.
    low, high, share : float or None
        The widest stretch on which the standard error is at most .50, and the share of
        normal traits in it; null where there is none.
    """

    best: float
    standard_error: float
    low: float | None
    high: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class ItemResponse:
    """The graded response model of one scale; without numbers there is a `reason`.

    Attributes
    ----------
    n : int
        People who answered any of its items.
    marginal_reliability : float or None
        Of maximum likelihood scores, over normal traits.
    score_reliability : float or None
        Of the expected a posteriori scores of these people.
    mean_q3 : float or None
        Over all pairs of items.
    dependence : tuple of Dependence
        The pairs with the largest Q3, at most three.
    """

    n: int
    log_likelihood: float | None
    aic: float | None
    bic: float | None
    marginal_reliability: float | None
    score_reliability: float | None
    items: Mapping[str, GradedItemResult]
    mean_q3: float | None
    dependence: tuple[Dependence, ...]
    information: Information | None
    precision: Precision | None
    notices: tuple[Sentence, ...]
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class DifTest:
    """Likelihood ratio of two nested models, and their change of R2."""

    chi2: float
    df: int
    p: float
    nagelkerke: float
    mcfadden: float


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Log odds of a higher answer against the first group, at equal standing."""

    estimate: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ItemDifResult:
    """One item between groups; tests null with a `reason`.

    Attributes
    ----------
    n : int
        People with an answer, a standing and a group.
    p_holm : float or None
        Of `total`, corrected for the items of the scale.
    size : "A", "B", "C" or None
        Negligible, moderate, large: `p_holm` below .05 and Nagelkerke's change of R2
        from .035 and .070 on.
    groups : mapping of group -> LogOdds
        The first group is not there.
    """

    n: int
    total: DifTest | None
    uniform: DifTest | None
    nonuniform: DifTest | None
    p_holm: float | None
    size: DifSize | None
    groups: Mapping[str, LogOdds]
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class DifResult:
    """The items of one scale between the groups of a column.

    Attributes
    ----------
    n : mapping of group -> people with any answer
        Every group that was compared, the reference first.
    matching : "theta", "rest"
        What people of equal standing are equal in.
    anchors : tuple of item codes
        Items behind the standing in the last round.
    settled : bool
        Whether no anchor differs by a moderate or large size.
    """

    n: Mapping[str, int]
    matching: Matching
    items: Mapping[str, ItemDifResult]
    anchors: tuple[str, ...]
    rounds: int
    settled: bool
    notices: tuple[Sentence, ...]
    reason: Sentence | None
