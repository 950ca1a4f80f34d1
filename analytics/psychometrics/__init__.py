"""Psychometric statistics on NumPy arrays. Imports NumPy and SciPy, never Django.

Answers enter as a `ResponseMatrix`; `moments` turns them into means and covariances in
one pass; nearly everything else is computed from those small matrices. Structural
equation models are imported from `analytics.psychometrics.sem`, which takes a quarter
of the time of importing everything and which most callers do not need.
"""

from analytics.psychometrics.adequacy import (
    Bartlett,
    Kmo,
    bartlett,
    eigenvalues,
    kmo,
)
from analytics.psychometrics.aggregation import (
    Icc,
    IccMethod,
    icc,
)
from analytics.psychometrics.agreement import (
    Agreement,
    GroupAgreement,
    Null,
    agreement,
    null_variance,
)
from analytics.psychometrics.alarm import (
    CellMoments,
    DropAlarm,
    drop_alarm,
)
from analytics.psychometrics.association import (
    Correlation,
    Disattenuated,
    correlate,
    disattenuate,
    kendall,
    mean_interval,
    scale_scores,
)
from analytics.psychometrics.attenuation import (
    DisattenuatedScales,
    disattenuate_scales,
)
from analytics.psychometrics.bootstrap import (
    Bootstrap,
    bootstrap,
)
from analytics.psychometrics.burt import (
    BurtTable,
)
from analytics.psychometrics.careless import (
    LongString,
    Mahalanobis,
    PairConsistency,
    as_shown,
    even_odd,
    longstring,
    mahalanobis,
    psychometric_synonyms,
    response_variability,
)
from analytics.psychometrics.change import (
    InterruptedSeries,
    MeanChange,
    ReliableChange,
    SampleMoments,
    interrupted_series,
    mean_change,
    recovery,
    reliable_change,
)
from analytics.psychometrics.coding import cohen_kappa, krippendorff_alpha
from analytics.psychometrics.components import (
    Components,
    FactorWeights,
    factor_weights,
    principal_components,
)
from analytics.psychometrics.content import (
    ContentValidity,
    ItemContent,
    content_validity,
)
from analytics.psychometrics.data import (
    Item,
    Matrix,
    ResponseMatrix,
)
from analytics.psychometrics.describe import (
    ItemDescription,
    describe,
)
from analytics.psychometrics.design import (
    Design,
    DesignEstimate,
    design_correlation,
    design_difference,
    design_mean,
)
from analytics.psychometrics.design_reliability import design_alpha, design_omega
from analytics.psychometrics.discriminant import (
    FornellLarcker,
    fornell_larcker,
)
from analytics.psychometrics.efa import (
    Efa,
    EfaFit,
    align,
    efa,
)
from analytics.psychometrics.errors import (
    SENTENCES,
    STATISTICS,
    InvalidData,
    NotConverged,
    NotDefined,
    PsychometricsError,
    Reason,
    TooFewData,
)
from analytics.psychometrics.estimate import (
    Estimate,
)
from analytics.psychometrics.extraction import (
    Extraction,
)
from analytics.psychometrics.factor_number import (
    EmpiricalKaiser,
    MinimumAveragePartial,
    empirical_kaiser,
    minimum_average_partial,
)
from analytics.psychometrics.hierarchical import (
    OmegaGroup,
    OmegaHierarchical,
    SchmidLeiman,
    omega_hierarchical,
    schmid_leiman,
)
from analytics.psychometrics.homogeneity import (
    Homogeneity,
    homogeneity,
)
from analytics.psychometrics.importance import (
    Dominance,
    Importance,
    PredictorWeight,
    Weighting,
    bootstrap_importance,
    dominance,
    importance,
)
from analytics.psychometrics.marker import (
    MarkerCorrelation,
    marker_adjusted,
    smallest_correlation,
)
from analytics.psychometrics.mediation import Mediation, mediation
from analytics.psychometrics.moments import (
    MissingRule,
    Moments,
    Sums,
    composites,
    moments,
)
from analytics.psychometrics.multiple import (
    Coefficient,
    Regression,
    linear_regression,
)
from analytics.psychometrics.nonresponse import ResponseRates, response_rates
from analytics.psychometrics.normal_ogive import (
    NormalOgive,
    normal_ogive,
)
from analytics.psychometrics.ordered_coding import ordered_alpha, weighted_kappa
from analytics.psychometrics.ordinal_logit import OrdinalLogit, ordinal_logit
from analytics.psychometrics.paired import PairedDifference, paired_difference
from analytics.psychometrics.parallel import (
    Parallel,
    parallel_analysis,
    polychoric_parallel_analysis,
)
from analytics.psychometrics.partial import (
    PartialCorrelation,
    benjamini_hochberg,
    holm,
    partial_correlation,
)
from analytics.psychometrics.planning import (
    alpha_sample_size,
    correlation_power,
    correlation_sample_size,
    difference_power,
    icc2_groups,
    icc2_members,
    interval_sample_size,
    omega_sample_size,
    regression_power,
    regression_sample_size,
    rmsea_power,
    rmsea_sample_size,
    smallest_difference,
)
from analytics.psychometrics.polychoric import (
    Polychoric,
    polychoric,
)
from analytics.psychometrics.polychoric_pair import PolychoricPair, polychoric_pair
from analytics.psychometrics.raters import (
    RaterIcc,
    RaterModel,
    rater_icc,
)
from analytics.psychometrics.recommend import (
    Recommendation,
    recommend_index,
)
from analytics.psychometrics.reliability import (
    Alpha,
    AlphaItem,
    cronbach_alpha,
    omega_total,
    spearman_brown,
)
from analytics.psychometrics.reliability_bounds import (
    ReliabilityBounds,
    SplitHalves,
    ordinal_alpha,
    reliability_bounds,
    split_halves,
    standard_error_of_measurement,
)
from analytics.psychometrics.rotation import (
    GuidedRotation,
    Rotation,
)
from analytics.psychometrics.series import DependentSeries, dependent_series
from analytics.psychometrics.simple_structure import (
    SimpleStructure,
    VerySimpleStructure,
    very_simple_structure,
)
from analytics.psychometrics.validity import (
    htmt,
    htmt2,
    htmt_intervals,
)
from analytics.psychometrics.weighting import (
    DesignEffect,
    Weights,
    design_effect,
    poststratification_weights,
    rake,
    weighted_mean,
    weighted_moments,
)

__all__ = [
    "SENTENCES",
    "STATISTICS",
    "Agreement",
    "Alpha",
    "AlphaItem",
    "Bartlett",
    "Bootstrap",
    "BurtTable",
    "CellMoments",
    "Coefficient",
    "Components",
    "ContentValidity",
    "Correlation",
    "DependentSeries",
    "Design",
    "DesignEffect",
    "DesignEstimate",
    "Disattenuated",
    "DisattenuatedScales",
    "Dominance",
    "DropAlarm",
    "Efa",
    "EfaFit",
    "EmpiricalKaiser",
    "Estimate",
    "Extraction",
    "FactorWeights",
    "FornellLarcker",
    "GroupAgreement",
    "GuidedRotation",
    "Homogeneity",
    "Icc",
    "IccMethod",
    "Importance",
    "InterruptedSeries",
    "InvalidData",
    "Item",
    "ItemContent",
    "ItemDescription",
    "Kmo",
    "LongString",
    "Mahalanobis",
    "MarkerCorrelation",
    "Matrix",
    "MeanChange",
    "Mediation",
    "MinimumAveragePartial",
    "MissingRule",
    "Moments",
    "NormalOgive",
    "NotConverged",
    "NotDefined",
    "Null",
    "OmegaGroup",
    "OmegaHierarchical",
    "OrdinalLogit",
    "PairConsistency",
    "PairedDifference",
    "Parallel",
    "PartialCorrelation",
    "Polychoric",
    "PolychoricPair",
    "PredictorWeight",
    "PsychometricsError",
    "RaterIcc",
    "RaterModel",
    "Reason",
    "Recommendation",
    "Regression",
    "ReliabilityBounds",
    "ReliableChange",
    "ResponseMatrix",
    "ResponseRates",
    "Rotation",
    "SampleMoments",
    "SchmidLeiman",
    "SimpleStructure",
    "SplitHalves",
    "Sums",
    "TooFewData",
    "VerySimpleStructure",
    "Weighting",
    "Weights",
    "agreement",
    "align",
    "alpha_sample_size",
    "as_shown",
    "bartlett",
    "benjamini_hochberg",
    "bootstrap",
    "bootstrap_importance",
    "cohen_kappa",
    "composites",
    "content_validity",
    "correlate",
    "correlation_power",
    "correlation_sample_size",
    "cronbach_alpha",
    "dependent_series",
    "describe",
    "design_alpha",
    "design_correlation",
    "design_difference",
    "design_effect",
    "design_mean",
    "design_omega",
    "difference_power",
    "disattenuate",
    "disattenuate_scales",
    "dominance",
    "drop_alarm",
    "efa",
    "eigenvalues",
    "empirical_kaiser",
    "even_odd",
    "factor_weights",
    "fornell_larcker",
    "holm",
    "homogeneity",
    "htmt",
    "htmt2",
    "htmt_intervals",
    "icc",
    "icc2_groups",
    "icc2_members",
    "importance",
    "interrupted_series",
    "interval_sample_size",
    "kendall",
    "kmo",
    "krippendorff_alpha",
    "linear_regression",
    "longstring",
    "mahalanobis",
    "marker_adjusted",
    "mean_change",
    "mean_interval",
    "mediation",
    "minimum_average_partial",
    "moments",
    "normal_ogive",
    "null_variance",
    "omega_hierarchical",
    "omega_sample_size",
    "omega_total",
    "ordered_alpha",
    "ordinal_alpha",
    "ordinal_logit",
    "paired_difference",
    "parallel_analysis",
    "partial_correlation",
    "polychoric",
    "polychoric_pair",
    "polychoric_parallel_analysis",
    "poststratification_weights",
    "principal_components",
    "psychometric_synonyms",
    "rake",
    "rater_icc",
    "recommend_index",
    "recovery",
    "regression_power",
    "regression_sample_size",
    "reliability_bounds",
    "reliable_change",
    "response_rates",
    "response_variability",
    "rmsea_power",
    "rmsea_sample_size",
    "scale_scores",
    "schmid_leiman",
    "smallest_correlation",
    "smallest_difference",
    "spearman_brown",
    "split_halves",
    "standard_error_of_measurement",
    "very_simple_structure",
    "weighted_kappa",
    "weighted_mean",
    "weighted_moments",
]
