"""Confirmatory factor analysis and structural equation models."""

from analytics.psychometrics.sem.fit import fit_model
from analytics.psychometrics.sem.fourth import FourthMoments, fourth_moments
from analytics.psychometrics.sem.measures import Measures, Rmsea, ScaledMeasures
from analytics.psychometrics.sem.result import (
    Estimator,
    GroupResult,
    Likelihood,
    Parameter,
    SemFit,
    Value,
)

__all__ = [
    "Estimator",
    "FourthMoments",
    "GroupResult",
    "Likelihood",
    "Measures",
    "Parameter",
    "Rmsea",
    "ScaledMeasures",
    "SemFit",
    "Value",
    "fit_model",
    "fourth_moments",
]
