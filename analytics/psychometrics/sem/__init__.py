"""Confirmatory factor analysis and structural equation models."""

from analytics.psychometrics.sem.bootstrap import (
    Bootstrap,
    BootstrapInterval,
    bootstrap,
)
from analytics.psychometrics.sem.categorical_omega import (
    CategoricalReliability,
    categorical_reliability,
)
from analytics.psychometrics.sem.clustered import SurveyMoments, survey_moments
from analytics.psychometrics.sem.fiml import fit_fiml
from analytics.psychometrics.sem.fit import check_model, fit_model
from analytics.psychometrics.sem.fourth import FourthMoments, fourth_moments
from analytics.psychometrics.sem.indices import Absolute, Incremental, Residuals
from analytics.psychometrics.sem.invariance import (
    Difference,
    InvarianceLevel,
    Level,
    compare,
    invariance,
)
from analytics.psychometrics.sem.least_squares import LeastSquares, Weighting
from analytics.psychometrics.sem.longitudinal import (
    LatentChange,
    LinkedWaves,
    at_wave,
    latent_changes,
    linked_waves,
    longitudinal_invariance,
    longitudinal_text,
)
from analytics.psychometrics.sem.measures import (
    Corrected,
    Measures,
    Rmsea,
    ScaledMeasures,
)
from analytics.psychometrics.sem.missing_patterns import (
    MissingPatterns,
    missing_patterns,
)
from analytics.psychometrics.sem.modification import (
    Modification,
    equality_tests,
    modification_indices,
)
from analytics.psychometrics.sem.monte_carlo import (
    MonteCarlo,
    SimulatedParameter,
    monte_carlo,
)
from analytics.psychometrics.sem.ordered_model import Parameterization
from analytics.psychometrics.sem.ordered_scores import ordered_equality_tests
from analytics.psychometrics.sem.ordinal_moments import (
    OrdinalMoments,
    ordinal_moments,
)
from analytics.psychometrics.sem.planned import (
    Form,
    PlannedErrors,
    planned_errors,
    planned_forms,
)
from analytics.psychometrics.sem.result import (
    Estimator,
    GroupResult,
    Likelihood,
    Parameter,
    SemFit,
    Value,
)
from analytics.psychometrics.sem.saturated import SaturatedMoments, saturated_moments
from analytics.psychometrics.sem.scores import (
    FactorReliability,
    ScoreMethod,
    factor_reliability,
    factor_scores,
)
from analytics.psychometrics.sem.simulate import (
    Distribution,
    Normal,
    Population,
    StudentT,
    ValeMaurelli,
    answer_moments,
    draw_answers,
    draw_values,
    freed,
    read_population,
)
from analytics.psychometrics.sem.standard import (
    bifactor,
    correlated,
    fit_models,
    method_factor,
    one_factor,
    second_order,
    standard_models,
)
from analytics.psychometrics.sem.syntax import ModelText, read_model

__all__ = [
    "Absolute",
    "Bootstrap",
    "BootstrapInterval",
    "CategoricalReliability",
    "Corrected",
    "Difference",
    "Distribution",
    "Estimator",
    "FactorReliability",
    "Form",
    "FourthMoments",
    "GroupResult",
    "Incremental",
    "InvarianceLevel",
    "LatentChange",
    "LeastSquares",
    "Level",
    "Likelihood",
    "LinkedWaves",
    "Measures",
    "MissingPatterns",
    "ModelText",
    "Modification",
    "MonteCarlo",
    "Normal",
    "OrdinalMoments",
    "Parameter",
    "Parameterization",
    "PlannedErrors",
    "Population",
    "Residuals",
    "Rmsea",
    "SaturatedMoments",
    "ScaledMeasures",
    "ScoreMethod",
    "SemFit",
    "SimulatedParameter",
    "StudentT",
    "SurveyMoments",
    "ValeMaurelli",
    "Value",
    "Weighting",
    "answer_moments",
    "at_wave",
    "bifactor",
    "bootstrap",
    "categorical_reliability",
    "check_model",
    "compare",
    "correlated",
    "draw_answers",
    "draw_values",
    "equality_tests",
    "factor_reliability",
    "factor_scores",
    "fit_fiml",
    "fit_model",
    "fit_models",
    "fourth_moments",
    "freed",
    "invariance",
    "latent_changes",
    "linked_waves",
    "longitudinal_invariance",
    "longitudinal_text",
    "method_factor",
    "missing_patterns",
    "modification_indices",
    "monte_carlo",
    "one_factor",
    "ordered_equality_tests",
    "ordinal_moments",
    "planned_errors",
    "planned_forms",
    "read_model",
    "read_population",
    "saturated_moments",
    "second_order",
    "standard_models",
    "survey_moments",
]
