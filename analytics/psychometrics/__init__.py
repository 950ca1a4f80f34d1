"""Psychometric statistics on NumPy arrays. Imports NumPy and SciPy, never Django.

Answers enter as a `ResponseMatrix`; `moments` turns them into means and covariances in
one pass; nearly everything else is computed from those small matrices.
"""

from analytics.psychometrics.adequacy import (
    Bartlett,
    Kmo,
    bartlett,
    eigenvalues,
    kmo,
)
from analytics.psychometrics.association import (
    Correlation,
    Disattenuated,
    correlate,
    disattenuate,
    mean_interval,
    scale_scores,
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
from analytics.psychometrics.efa import (
    Efa,
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
from analytics.psychometrics.moments import (
    MissingRule,
    Moments,
    Sums,
    moments,
)
from analytics.psychometrics.parallel import (
    Parallel,
    parallel_analysis,
)
from analytics.psychometrics.reliability import (
    Alpha,
    AlphaItem,
    cronbach_alpha,
    omega_total,
    spearman_brown,
)
from analytics.psychometrics.rotation import (
    Rotation,
)
from analytics.psychometrics.validity import (
    htmt,
    htmt2,
)

__all__ = [
    "SENTENCES",
    "STATISTICS",
    "Alpha",
    "AlphaItem",
    "Bartlett",
    "Correlation",
    "Disattenuated",
    "Efa",
    "Estimate",
    "InvalidData",
    "Item",
    "ItemDescription",
    "Kmo",
    "Matrix",
    "MissingRule",
    "Moments",
    "NotConverged",
    "NotDefined",
    "Parallel",
    "PsychometricsError",
    "Reason",
    "ResponseMatrix",
    "Rotation",
    "Sums",
    "TooFewData",
    "align",
    "bartlett",
    "correlate",
    "cronbach_alpha",
    "describe",
    "disattenuate",
    "efa",
    "eigenvalues",
    "htmt",
    "htmt2",
    "kmo",
    "mean_interval",
    "moments",
    "omega_total",
    "parallel_analysis",
    "scale_scores",
    "spearman_brown",
]
