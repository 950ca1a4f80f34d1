"""Psychometric statistics on NumPy arrays. Imports NumPy and SciPy, never Django.

Answers enter as a `ResponseMatrix`; `moments` turns them into means and covariances in
one pass; nearly everything else is computed from those small matrices.
"""

from analytics.psychometrics.data import Item, Matrix, ResponseMatrix
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
from analytics.psychometrics.moments import Moments, Sums, moments

__all__ = [
    "SENTENCES",
    "STATISTICS",
    "InvalidData",
    "Item",
    "Matrix",
    "Moments",
    "NotConverged",
    "NotDefined",
    "PsychometricsError",
    "Reason",
    "ResponseMatrix",
    "Sums",
    "TooFewData",
    "moments",
]
