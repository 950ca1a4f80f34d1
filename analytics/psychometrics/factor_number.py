"""Two more votes on the number of factors: MAP and the empirical Kaiser criterion."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.moments import Moments


@dataclass(frozen=True, slots=True, eq=False)
class MinimumAveragePartial:
    """Velicer's criterion.

    Attributes
    ----------
    n_factors : int
        Number of components with the smallest mean squared partial correlation.
    values : (p,) float64
        That mean after 0, 1, ..., p - 1 components are partialled out; the last is 1.
    n : int
    method : str
    """

    n_factors: int
    values: Matrix
    n: int
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class EmpiricalKaiser:
    """Eigenvalues against those that samples of uncorrelated items would show.

    Attributes
    ----------
    n_factors : int
        Leading eigenvalues above their reference, before the first that is not.
    observed, reference : (p,) float64
    n : int
    method : str
    """

    n_factors: int
    observed: Matrix
    reference: Matrix
    n: int
    method: str


def minimum_average_partial(moments: Moments) -> MinimumAveragePartial:
    r"""Mean squared partial correlation after the first components are taken out.

    With A the loadings of the first m components, :math:`C = R - AA'` scaled to unit
    diagonal, the criterion is :math:`\sum_{i \ne j} c_{ij}^2 / (p(p-1))`.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than three items; a constant item; singular correlations.

    References
    ----------
    Velicer (1976), Psychometrika 41, doi:10.1007/BF02293557.
    """
    moments.require("minimum-average-partial", items=3, answers=3)
    R, p = moments.correlation, moments.p
    values, vectors = np.linalg.eigh(R)
    if values[0] <= p * np.finfo(np.float64).eps * values[-1]:
        raise NotDefined("singular", statistic="minimum-average-partial")
    loadings = vectors[:, ::-1] * np.sqrt(values[::-1])
    means = []
    for m in range(p):
        left = R - loadings[:, :m] @ loadings[:, :m].T
        sd = np.sqrt(np.diag(left))
        partial = left / np.outer(sd, sd)
        means.append(float((partial**2).sum() - p) / (p * (p - 1)))
    return MinimumAveragePartial(
        n_factors=int(np.argmin(means)),
        values=np.array(means),
        n=moments.n,
        method=f"minimum average partial, squared, {moments.rule}",
    )


def empirical_kaiser(moments: Moments) -> EmpiricalKaiser:
    r"""Count the eigenvalues above a reference that knows n and the ones before.

    :math:`\lambda_j` is compared with :math:`\max\bigl(1, (1 + \sqrt{p/n})^2
    \frac{p - \sum_{k<j}\lambda_k}{p - j + 1}\bigr)`.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than three items; a constant item.

    References
    ----------
    Braeken & van Assen (2017), Psychological Methods 22, doi:10.1037/met0000074.
    """
    moments.require("empirical-kaiser", items=3, answers=3)
    p = moments.p
    observed = np.linalg.eigvalsh(moments.correlation)[::-1].astype(np.float64)
    left = (p - np.cumsum(observed) + observed) / (p - np.arange(p))
    reference = np.maximum((1 + np.sqrt(p / moments.n)) ** 2 * left, 1)
    above = observed > reference
    return EmpiricalKaiser(
        n_factors=p if above.all() else int(above.argmin()),
        observed=observed,
        reference=reference,
        n=moments.n,
        method=f"empirical Kaiser criterion, {moments.rule}",
    )
