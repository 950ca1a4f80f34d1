"""The shape of a report: frozen, complete, and the same in memory and as JSON.

Field names are the keys of `report.json`. A number that does not exist is null and
its reason stands beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from analytics import plain
from analytics.design_results import DesignResult
from analytics.factor_results import (
    FactorModel,
    GroupColumnResult,
    ModelFit,
    OwnModel,
)
from analytics.item_response_results import ItemResponse
from analytics.plan import FactorEstimator, Matching, Model, PlanInstrument, Text
from analytics.psychometrics import MissingRule, Rotation
from analytics.sentences import Sentence

SCHEMA_VERSION = 1
Row = tuple[float, ...]


class UnknownReport(ValueError):
    """The stored report has a schema that this version cannot read."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with everything needed to report it; ends null without interval.

    `approximate` says where intervals like this one hold the value less often than they
    say; null of all others, and in reports of earlier versions.
    """

    estimate: float
    low: float | None
    high: float | None
    n: int
    method: str
    approximate: Sentence | None = None

    @staticmethod
    def fits(stored: Mapping[str, Any]) -> bool:
        return stored["estimate"] is not None


@dataclass(frozen=True, slots=True)
class Absent:
    """The place of an estimate that does not exist, with the reason."""

    reason: Sentence

    @staticmethod
    def fits(stored: Mapping[str, Any]) -> bool:
        return stored["estimate"] is None

    def to_plain(self) -> dict[str, Any]:
        return {
            "estimate": None,
            "reason": self.reason.text("en"),
            "reason_code": self.reason.code,
            "reason_params": self.reason.params_to_plain(),
        }

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> "Absent":
        code, params = stored["reason_code"], stored["reason_params"]
        return cls(Sentence.from_plain({"code": code, "params": params}))


Result = Figure | Absent


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item: points are those of its scale after keying; missing is a count."""

    text: Text | None
    reverse: bool
    n: int
    missing: int
    mean: float | None
    sd: float | None
    skew: float | None
    kurtosis: float | None
    floor: float | None
    ceiling: float | None
    item_rest_r: float | None
    alpha_if_dropped: float | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class AlphaResult:
    """Coefficient alpha by both conventions."""

    raw: Result
    standardized: Result


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """One trust scale or outcome; n counts the people who have a score."""

    name: Text
    model: Model
    low: int
    high: int
    n: int
    n_items: int
    mean: Result
    sd: Result
    alpha: AlphaResult
    omega_total: Result
    spearman_brown: Result | None
    ave: Result
    composite_reliability: Result
    items: Mapping[str, ItemResult]
    recommend_index: Result | None = None
    item_response: ItemResponse | None = None


@dataclass(frozen=True, slots=True)
class BartlettResult:
    """Bartlett's test of sphericity; `log_p` is the natural logarithm of p."""

    chi2: float
    df: int
    log_p: float


@dataclass(frozen=True, slots=True)
class ParallelResult:
    """Votes of parallel analysis, and the eigenvalues they compare.

    `factor_*` are of the reduced, `component_*` of the full correlation matrix.
    """

    factors: int
    components: int
    n_draws: int
    factor_observed: Row
    factor_thresholds: Row
    component_observed: Row
    component_thresholds: Row


@dataclass(frozen=True, slots=True)
class Dimensionality:
    """How many things the items of the trust scales measure.

    `reasons` tells for each key that is null, or empty, why it is.
    """

    items: tuple[str, ...]
    kmo: float | None
    bartlett: BartlettResult | None
    eigenvalues: Row
    parallel: ParallelResult | None
    reasons: Mapping[str, Sentence]


@dataclass(frozen=True, slots=True)
class Factors:
    """Exploratory factors of the same items; empty with a `reason`."""

    method: str
    rotation: Rotation
    n_factors: int | None
    converged: bool
    heywood: tuple[str, ...]
    loadings: Mapping[str, Row]
    phi: tuple[Row, ...]
    communalities: Mapping[str, float]
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class Interval:
    """Ends of 95 % for a number that stands elsewhere; null with a reason."""

    low: float | None
    high: float | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class RelativeWeight:
    """Part of one scale in what all scales share with an outcome, Johnson (2000).

    `share` is a part of one. Two scales whose rank intervals overlap, 1 = largest,
    cannot be put in order.
    """

    share: float
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True, slots=True)
class OutcomeWeights:
    """What the trust scales share with one outcome together.

    `equal_weights` is the correlation of the outcome with their plain mean.
    """

    r_squared: Result
    equal_weights: Result
    n_draws: int


@dataclass(frozen=True, slots=True)
class Relation:
    """How one scale goes with one outcome; `reasons` as in `Dimensionality`."""

    r: float | None
    low: float | None
    high: float | None
    n: int
    spearman: float | None
    disattenuated: float | None
    reasons: Mapping[str, Sentence]
    relative_weight: RelativeWeight | None = None
    disattenuated_low: float | None = None
    disattenuated_high: float | None = None


@dataclass(frozen=True, slots=True)
class TeamTest:
    """F test of no variance between teams; `p` is its upper tail."""

    f: float
    df_between: int
    df_within: int
    p: float


@dataclass(frozen=True, slots=True)
class TeamResult:
    """How far the members of a team agree on one scale.

    `rwg_j` is the mean over teams against answers spread evenly over the points,
    `rwg_j_skewed` against slightly skewed ones.
    """

    icc1: Result
    icc2: Result
    rwg_j: Result
    rwg_j_skewed: Result
    n_teams: int
    test: TeamTest | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Alpha and omega of one reflective scale; n counts the people with a score."""

    n: int
    n_items: int
    alpha: Result
    omega: Result


@dataclass(frozen=True, slots=True)
class InstrumentResult:
    """One questionnaire by itself among the people who answered in one language.

    Attributes
    ----------
    n, n_complete : int
        People who answered any of its items, and all of them.
    reliability : mapping of scale code -> Reliability
        Its reflective scales of two items or more.
    fit : ModelFit or None
        Its factors alone, correlated; None where it has no such scale.
    relations : mapping of outcome code -> scale code -> correlation
    """

    instrument: str
    language: str
    n: int
    n_complete: int
    reliability: Mapping[str, Reliability]
    fit: ModelFit | None
    relations: Mapping[str, Mapping[str, Result]]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first referent less another, among the people who answered about both.

    `points` in points of the scale, `standardized` in standard deviations; `p` is of no
    difference, two-sided, null with a reason in `points`.
    """

    points: Result
    standardized: Result
    p: float | None


@dataclass(frozen=True, slots=True)
class ReferentResult:
    """What was answered about one further referent.

    Attributes
    ----------
    first, name : Text
        Whom the report's scales are about, and this referent.
    scales : mapping of the first referent's scale code -> ScaleResult
        Trust scales and outcomes that were asked about both.
    differences : mapping of the same codes -> Difference
    relations : mapping of outcome code -> scale code -> correlation
    """

    first: Text
    name: Text
    scales: Mapping[str, ScaleResult]
    differences: Mapping[str, Difference]
    relations: Mapping[str, Mapping[str, Result]]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every choice that changes a number.

    `by_rule` where the points of the items chose the estimator; `points` are those of
    the item of a factor that has the fewest. `dif_matching` matters with `item_response`.
    """

    missing: MissingRule
    correlation: str
    n_factors: int | Literal["parallel"]
    rotation: Rotation
    seed: int
    n_draws: int
    where: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...]
    n_resamples: int = 0
    estimator: FactorEstimator = "ML"
    by_rule: bool = False
    points: int | None = None
    item_response: bool = False
    dif_matching: Matching = "theta"


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one analysis; `design` where people are not independent alike."""

    title: Text
    n_rows: int
    n_complete: int
    simulated: bool
    instruments: tuple[PlanInstrument, ...]
    scales: Mapping[str, ScaleResult]
    outcomes: Mapping[str, ScaleResult]
    dimensionality: Dimensionality
    factors: Factors
    htmt: Mapping[str, float | None]
    loyalty: Mapping[str, Mapping[str, Relation]]
    notices: tuple[Sentence, ...]
    settings: Settings
    software: Mapping[str, str]
    input_sha256: str | None
    weights: Mapping[str, OutcomeWeights] = field(default_factory=dict)
    htmt_intervals: Mapping[str, Interval] = field(default_factory=dict)
    aggregation: Mapping[str, Mapping[str, TeamResult]] = field(default_factory=dict)
    cfa: FactorModel | None = None
    models: Mapping[str, ModelFit] = field(default_factory=dict)
    groups: Mapping[str, GroupColumnResult] = field(default_factory=dict)
    model: OwnModel | None = None
    by_instrument: tuple[InstrumentResult, ...] = ()
    others: tuple[ReferentResult, ...] = ()
    design: DesignResult | None = None

    @property
    def constructs(self) -> dict[str, ScaleResult]:
        """Trust scales, then outcomes."""
        return {**self.scales, **self.outcomes}

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values: nothing rounded, never NaN.

        `warnings` holds the notices in English, for readers who take only sentences.
        """
        return {
            "schema_version": SCHEMA_VERSION,
            **plain.to_plain(self),
            "warnings": [notice.text("en") for notice in self.notices],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Report":
        """Return the report that `to_json` wrote.

        Raises
        ------
        UnknownReport
            It was written by a version with another schema.
        """
        version = stored.get("schema_version")
        if version != SCHEMA_VERSION:
            raise UnknownReport(
                f"This report has schema version {version}; version {SCHEMA_VERSION} "
                "is read here. Run the analysis again."
            )
        return cast(Report, plain.from_plain(cls, stored))


def pair_key(first: str, second: str) -> str:
    """Name a pair of scales as the report does."""
    return f"{first}~~{second}"
