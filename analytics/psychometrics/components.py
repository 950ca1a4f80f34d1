"""Principal components, and scores of exploratory factors."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.efa import Efa
from analytics.psychometrics.errors import NotDefined, TooFewData
from analytics.psychometrics.moments import Moments


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The first m principal components of p items. They are no factors.

    Attributes
    ----------
    items : tuple of p str
    loadings : (p, m) float64
        Correlations of items and components; columns have positive sums.
    eigenvalues : (p,) float64
        All of them, largest first.
    explained : (m,) float64
        Share of the items' variance that each component takes.
    n : int
    """

    items: tuple[str, ...]
    loadings: Matrix
    eigenvalues: Matrix
    explained: Matrix
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class FactorWeights:
    """Weights that estimate m factors from p standardized items.

    Attributes
    ----------
    items : tuple of p str
    weights : (p, m) float64
        Regression weights W = R^-1 S, S the structure loadings phi.
    r_squared : (m,) float64
        Squared correlation of each factor with its estimate.
    score_correlation : (m, m) float64
        Of the estimates, which correlate otherwise than the factors.
    worst_agreement : (m,) float64
        Least correlation of two sets of scores that fit the model equally well,
        2 r_squared - 1.
    """

    items: tuple[str, ...]
    weights: Matrix
    r_squared: Matrix
    score_correlation: Matrix
    worst_agreement: Matrix


def principal_components(moments: Moments, n_components: int) -> Components:
    """Decompose the correlations; unrotated.

    Raises
    ------
    ValueError
        No component.
    TooFewData
        More components than items; fewer than two respondents.
    NotDefined
        A constant item.

    References
    ----------
    Hotelling (1933), J. Educ. Psychol. 24, 417-441.
    """
    if n_components < 1:
        raise ValueError(f"n_components must be 1 or more, not {n_components}.")
    moments.require("eigenvalues", items=2, answers=2)
    if n_components > moments.p:
        raise TooFewData("too-many-factors", factors=n_components, has=moments.p)
    values, vectors = np.linalg.eigh(moments.correlation)
    values, vectors = values[::-1], vectors[:, ::-1][:, :n_components]
    size = np.sqrt(np.maximum(values[:n_components], 0))
    loadings = vectors * size * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    return Components(
        items=moments.items,
        loadings=loadings,
        eigenvalues=values.copy(),
        explained=size**2 / moments.p,
        n=moments.n,
    )


def factor_weights(moments: Moments, solution: Efa) -> FactorWeights:
    """Regression weights of the factors of `efa(moments, ...)`.

    Raises
    ------
    NotDefined
        Singular correlations.
    ValueError
        Factors of other items.

    References
    ----------
    Thurstone (1935), The vectors of mind: the weights.
    Grice (2001), Psychol. Methods 6, 430-450: that other scores fit as well.
    """
    if moments.items != solution.items:
        raise ValueError("factor_weights takes the moments behind the factors.")
    weights, r_squared, covariance = _regression(
        moments.correlation, solution.loadings @ solution.phi
    )
    sd = np.sqrt(np.diag(covariance))
    return FactorWeights(
        items=moments.items,
        weights=weights,
        r_squared=r_squared,
        score_correlation=covariance / np.outer(sd, sd),
        worst_agreement=2 * r_squared - 1,
    )


def _regression(R: Matrix, S: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Weights (p, m), squared correlations (m,) and covariances of the scores (m, m)."""
    values = np.linalg.eigvalsh(R)
    if values[0] <= len(R) * np.finfo(np.float64).eps * values[-1]:
        raise NotDefined("singular", statistic="efa")
    W: Matrix = np.linalg.solve(R, S).astype(np.float64)
    covariance: Matrix = W.T @ S
    return W, np.diag(covariance).copy(), covariance
