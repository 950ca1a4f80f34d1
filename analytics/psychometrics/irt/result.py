"""What a graded response model found."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import MISSING, Codes, Matrix, ResponseMatrix
from analytics.psychometrics.errors import InvalidData, Reason
from analytics.psychometrics.irt.kernel import Layout


@dataclass(frozen=True, slots=True, eq=False)
class GradedItem:
    """One item, with standard errors of the observed information.

    Attributes
    ----------
    code : str
    points : tuple of K int
        Points of the scale that were chosen, after keying, ascending.
    n : int
        People who answered the item.
    slope, slope_error : float
        a, in the logistic metric; the normal ogive's is a / 1.702.
    thresholds, threshold_errors : (K - 1,) float64
        b: where half of the people answer above a point; of an item with a positive
        slope ascending. Errors by the delta method.
    intercepts, intercept_errors : (K - 1,) float64
        d = -a b, descending.
    """

    code: str
    points: tuple[int, ...]
    n: int
    slope: float
    slope_error: float
    thresholds: Matrix
    threshold_errors: Matrix
    intercepts: Matrix
    intercept_errors: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class GradedResponse:
    """A unidimensional graded response model of standard normal traits.

    Attributes
    ----------
    items : tuple of p GradedItem
    parameters : (C,) float64
        a, d_1 .. d_m of every item, in the order of the items.
    covariance : (C, C) float64
        Of the estimates, from the observed information (Louis, 1982).
    log_likelihood : float
    aic, bic : float
        BIC with `n`.
    n : int
        People who answered at least one item.
    n_parameters, n_patterns : int
    points : int
    reach : float
        Evenly spaced points of the trait, from -reach to reach.
    quadrature_error : float
        Difference of the log-likelihood a person between these points and those half
        way between them; the exact integral lies between the two.
    em_steps, newton_steps : int
    remarks : tuple of Reason
        What a reader has to know: points that nobody chose, negative slopes, too few
        points of the trait.
    """

    items: tuple[GradedItem, ...]
    parameters: Matrix
    covariance: Matrix
    log_likelihood: float
    aic: float
    bic: float
    n: int
    n_parameters: int
    n_patterns: int
    points: int
    reach: float
    quadrature_error: float
    em_steps: int
    newton_steps: int
    remarks: tuple[Reason, ...]

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of the items, in order."""
        return tuple(item.code for item in self.items)

    @property
    def layout(self) -> Layout:
        """Where the parameters of each item stand."""
        return Layout(tuple(len(item.points) for item in self.items))

    def item(self, code: str) -> GradedItem:
        """Return an item by its code; InvalidData where there is none."""
        for item in self.items:
            if item.code == code:
                return item
        raise InvalidData("unknown-item", item=code)

    def categories(self, data: ResponseMatrix) -> Codes:
        """Turn answers into categories in use, (n, p) in the order of `items`.

        Raises
        ------
        InvalidData
            An item is not there, or a point was chosen that nobody had chosen where
            the model was fitted.
        """
        part = data.select(self.item_codes)
        used = [item.points for item in self.items]
        return categories(part, used)


def categories(data: ResponseMatrix, used: list[tuple[int, ...]]) -> Codes:
    """Return answers as numbers of the points in use, (n, p), from 0; -1 = missing."""
    found = np.empty_like(data.codes)
    for j, (item, points) in enumerate(zip(data.items, used, strict=True)):
        table = np.full(item.n_categories + 1, MISSING - 1, dtype=np.int8)
        table[np.array(points, dtype=np.intp) - item.low] = np.arange(len(points))
        table[-1] = MISSING  # where the index -1 of a missing answer points
        found[:, j] = table[data.codes[:, j]]
        unknown = np.flatnonzero(found[:, j] < MISSING)
        if len(unknown):
            value = int(data.codes[unknown[0], j]) + item.low
            raise InvalidData("graded-unknown-point", item=item.code, value=value)
    return found
