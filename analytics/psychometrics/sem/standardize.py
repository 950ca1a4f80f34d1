"""The standardized solution, with derivatives for its standard errors."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Layout
from analytics.psychometrics.sem.kernel import (
    COVARIANCE,
    MEAN,
    PATH,
    Implied,
    Places,
    slopes,
)


def standardized(
    at: Implied, places: Places, values: Matrix, layout: Layout, S: Matrix
) -> tuple[Matrix, Matrix]:
    """Rescale elements to unit variance of every variable.

    Paths are multiplied by sd(predictor) / sd(outcome); variances are shares of the
    variable's variance; covariances are correlations of what is left over, as in
    lavaan; means are in standard deviations.

    Parameters
    ----------
    places, values : e elements and their (e,) values
    layout : Layout
        Where the free elements of the group stand.
    S : (q, q)
        Covariances of what is left over.

    Returns
    -------
    value : (e,)
        NaN where a variance is not positive.
    jacobian : (e, f)
        By the free elements of the layout.
    """
    q = len(S)
    by = slopes(at, layout.places, q)
    total = 2 * by.U * by.V  # derivatives of the total variances, (q, f)
    own = np.zeros((q, len(layout.places)))  # of the left-over variances
    free = layout.places
    diagonal = (free.kind == COVARIANCE) & (free.row == free.column)
    own[free.row[diagonal], np.flatnonzero(diagonal)] = 1
    spread = Spread(np.diag(at.P), total, np.diag(S), own)
    return rescaled(places, values, same_elements(places, free), spread)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Total and left-over variances, (q,) each, with slopes by the free elements."""

    total: Matrix
    total_slopes: Matrix
    left: Matrix
    left_slopes: Matrix


def rescaled(
    places: Places, values: Matrix, direct: Matrix, spread: Spread
) -> tuple[Matrix, Matrix]:
    """Return values and their (e, f) slopes at unit variance; `direct` are the raw."""
    variance, left = spread.total, spread.left
    q = len(variance)
    i, j = places.row, places.column
    exponents = _exponents(places)
    parts = (
        (variance, 0, i, exponents[0]),
        (variance, 0, j, exponents[1]),
        (left, q, i, exponents[2]),
        (left, q, j, exponents[3]),
    )
    factor = np.ones(len(places))
    # logarithmic slopes by the total and the left-over variances
    by_variance = np.zeros((len(places), 2 * q))
    each = np.arange(len(places))
    with np.errstate(invalid="ignore", divide="ignore"):
        for bases, offset, at_variable, exponent in parts:
            used = np.where(exponent == 0, 1.0, bases[at_variable])
            used = np.where(used > 0, used, np.nan)
            factor = factor * used**exponent
            by_variance[each, offset + at_variable] += exponent / used
        value = values * factor
        slope = by_variance @ np.concatenate((spread.total_slopes, spread.left_slopes))
        jacobian = direct * factor[:, None] + value[:, None] * slope
    return value, jacobian


def _exponents(places: Places) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Powers of the total variances of row and column, and of what is left over."""
    path, mean = places.kind == PATH, places.kind == MEAN
    covariance = places.kind == COVARIANCE
    own = covariance & (places.row == places.column)
    pair = covariance & ~own
    row = -0.5 * (path | mean) - 1.0 * own
    column = 0.5 * path
    return row, column, -0.5 * pair, -0.5 * pair


def same_elements(places: Places, free: Places) -> Matrix:
    """(e, f): 1 where an element is the free one itself."""
    size = 1 + max(int(places.row.max()), int(places.column.max()))
    every, some = (
        (one.kind * size + one.row) * size + one.column for one in (places, free)
    )
    same: Matrix = (every[:, None] == some).astype(np.float64)
    return same
