"""Very simple structure: how many factors a simple reading of the loadings bears."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.efa import efa
from analytics.psychometrics.moments import Moments


@dataclass(frozen=True, slots=True)
class SimpleStructure:
    """What m factors reproduce when every item keeps its largest loadings alone.

    Attributes
    ----------
    n_factors : int
    complexity_1, complexity_2 : float or None
        Share of the squared correlations, ones of the diagonal included, with one and
        with two loadings an item. No second for one factor.
    rmsr : float
        Root mean square of the residual correlations of all loadings.
    df : int
    chi2, p, rmsea, bic, sabic : float or None
        As in `EfaFit`; sabic is chi2 - df log((n + 2)/24). None where the likelihood
        does not exist, p and rmsea also for df = 0.
    """

    n_factors: int
    complexity_1: float
    complexity_2: float | None
    rmsr: float
    df: int
    chi2: float | None
    p: float | None
    rmsea: float | None
    bic: float | None
    sabic: float | None


@dataclass(frozen=True, slots=True)
class VerySimpleStructure:
    """The criterion for 1, 2, ... factors.

    Attributes
    ----------
    solutions : tuple of SimpleStructure
        In the order of the number of factors.
    votes_1, votes_2 : int or None
        Number of factors with the largest criterion of complexity 1 and 2; no second
        where only one factor was tried.
    n : int
    method : str
    """

    solutions: tuple[SimpleStructure, ...]
    votes_1: int
    votes_2: int | None
    n: int
    method: str


def very_simple_structure(moments: Moments, most: int) -> VerySimpleStructure:
    r"""Try 1 to `most` minres factors, varimax-rotated.

    With :math:`L_c` the loadings of which each item keeps the c largest,
    :math:`1 - \sum (R - L_c L_c')^2 / \sum R^2` over all elements.

    Raises
    ------
    TooFewData
        Fewer than three items or two respondents; more factors than can be identified.
    NotDefined, NotConverged
        As `efa`.

    References
    ----------
    Revelle & Rocklin (1979), Multivariate Behavioral Research 14,
    doi:10.1207/s15327906mbr1404_2. The diagonal counts by the convention of psych::vss.
    """
    if most < 1:
        raise ValueError(f"most must be 1 or more, not {most}.")
    solutions = tuple(_solution(moments, m) for m in range(1, most + 1))
    seconds = [one.complexity_2 for one in solutions if one.complexity_2 is not None]
    return VerySimpleStructure(
        solutions=solutions,
        votes_1=1 + int(np.argmax([one.complexity_1 for one in solutions])),
        votes_2=2 + int(np.argmax(seconds)) if seconds else None,
        n=moments.n,
        method=f"very simple structure, minres, varimax, {moments.rule}",
    )


def simple_fit(R: Matrix, loadings: Matrix, complexity: int) -> float:
    """Return the criterion for (p, p) correlations and orthogonal (p, m) loadings."""
    kept = np.argsort(-np.abs(loadings), axis=1, kind="stable")[:, :complexity]
    simple = np.zeros_like(loadings)
    np.put_along_axis(simple, kept, np.take_along_axis(loadings, kept, 1), 1)
    left = R - simple @ simple.T
    return 1 - float((left**2).sum() / (R**2).sum())


def _solution(moments: Moments, m: int) -> SimpleStructure:
    found = efa(moments, m, rotation="varimax")
    R, fit = moments.correlation, found.fit
    return SimpleStructure(
        n_factors=m,
        complexity_1=simple_fit(R, found.loadings, 1),
        complexity_2=simple_fit(R, found.loadings, 2) if m > 1 else None,
        rmsr=found.rmsr,
        df=found.df,
        chi2=fit.chi2 if fit else None,
        p=fit.p if fit else None,
        rmsea=fit.rmsea if fit else None,
        bic=fit.bic if fit else None,
        sabic=(fit.chi2 - fit.df * float(np.log((found.n + 2) / 24)) if fit else None),
    )
