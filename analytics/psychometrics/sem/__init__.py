"""Confirmatory factor analysis and structural equation models."""

from analytics.psychometrics.sem.bootstrap import (
    Bootstrap,
    BootstrapInterval,
    bootstrap,
)
from analytics.psychometrics.sem.fit import check_model, fit_model
from analytics.psychometrics.sem.fourth import FourthMoments, fourth_moments
from analytics.psychometrics.sem.indices import Absolute, Incremental, Residuals
from analytics.psychometrics.sem.invariance import (
    Difference,
    InvarianceLevel,
    compare,
    invariance,
)
from analytics.psychometrics.sem.least_squares import LeastSquares, Weighting
from analytics.psychometrics.sem.measures import Measures, Rmsea, ScaledMeasures
from analytics.psychometrics.sem.modification import (
    Modification,
    equality_tests,
    modification_indices,
)
from analytics.psychometrics.sem.ordinal_moments import (
    OrdinalMoments,
    ordinal_moments,
)
from analytics.psychometrics.sem.result import (
    Estimator,
    GroupResult,
    Likelihood,
    Parameter,
    SemFit,
    Value,
)
from analytics.psychometrics.sem.scores import (
    FactorReliability,
    ScoreMethod,
    factor_reliability,
    factor_scores,
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
    "Difference",
    "Estimator",
    "FactorReliability",
    "FourthMoments",
    "GroupResult",
    "Incremental",
    "InvarianceLevel",
    "LeastSquares",
    "Likelihood",
    "Measures",
    "ModelText",
    "Modification",
    "OrdinalMoments",
    "Parameter",
    "Residuals",
    "Rmsea",
    "ScaledMeasures",
    "ScoreMethod",
    "SemFit",
    "Value",
    "Weighting",
    "bifactor",
    "bootstrap",
    "check_model",
    "compare",
    "correlated",
    "equality_tests",
    "factor_reliability",
    "factor_scores",
    "fit_model",
    "fit_models",
    "fourth_moments",
    "invariance",
    "method_factor",
    "modification_indices",
    "one_factor",
    "ordinal_moments",
    "read_model",
    "second_order",
    "standard_models",
]
