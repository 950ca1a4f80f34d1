"""Whether the correlations of the items invite a factor analysis."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import log_chi2_sf
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.moments import Moments


@dataclass(frozen=True, slots=True)
class Kmo:
    """Sampling adequacy.

    Attributes
    ----------
    overall : float
        Kaiser-Meyer-Olkin measure, 0 to 1.
    items : mapping of item code to float
        Measure of sampling adequacy of each item.
    n : int
    """

    overall: float
    items: Mapping[str, float]
    n: int


@dataclass(frozen=True, slots=True)
class Bartlett:
    """Test of the hypothesis that no two items are correlated.

    Attributes
    ----------
    chi2 : float
    df : int
    p : float
        Upper tail; 0.0 where it is smaller than the smallest double.
    log_p : float
        Natural logarithm of the tail, exact also there.
    n : int
    """

    chi2: float
    df: int
    p: float
    log_p: float
    n: int


def kmo(moments: Moments) -> Kmo:
    r"""Kaiser-Meyer-Olkin measure of sampling adequacy, overall and for each item.

    .. math:: \mathrm{KMO} = \frac{\sum_{i \ne j} r_{ij}^2}
       {\sum_{i \ne j} r_{ij}^2 + \sum_{i \ne j} q_{ij}^2}

    with q the partial correlations given all other items; for an item only its row.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two items; a constant item; correlations not positive definite.

    References
    ----------
    Kaiser & Rice (1974), Educational and Psychological Measurement 34,
    doi:10.1177/001316447403400115.
    """
    moments.require("kmo", items=2)
    R = moments.correlation
    require_positive_definite(R, "kmo")
    inverse = np.linalg.solve(R, np.eye(moments.p))
    scale = np.sqrt(np.diag(inverse))
    r2 = np.square(R)
    q2 = np.square(inverse / np.outer(scale, scale))
    np.fill_diagonal(r2, 0)
    np.fill_diagonal(q2, 0)
    both = r2 + q2
    if (both.sum(axis=0) == 0).any():
        raise NotDefined("not-positive", statistic="kmo")
    each = r2.sum(axis=0) / both.sum(axis=0)
    return Kmo(
        overall=float(r2.sum() / both.sum()),
        items={c: float(v) for c, v in zip(moments.items, each, strict=True)},
        n=moments.n,
    )


def bartlett(moments: Moments) -> Bartlett:
    r"""Bartlett's test of sphericity.

    .. math:: \chi^2 = -\bigl(n - 1 - \tfrac{2p + 5}{6}\bigr) \log\det R

    with p(p - 1)/2 degrees of freedom.

    Raises
    ------
    TooFewData, NotDefined
        Fewer than two items; no more respondents than items; a constant item;
        correlations not positive definite.

    References
    ----------
    Bartlett (1951), The effect of standardization on a chi-square approximation in
    factor analysis, Biometrika 38, 337-344.
    """
    p = moments.p
    moments.require("bartlett", items=2, answers=p + 1)
    require_positive_definite(moments.correlation, "bartlett")
    log_determinant = float(np.linalg.slogdet(moments.correlation)[1])
    chi2 = max(0.0, -(moments.n - 1 - (2 * p + 5) / 6) * log_determinant)
    df = p * (p - 1) // 2
    log_p = log_chi2_sf(chi2, df)
    return Bartlett(chi2=chi2, df=df, p=float(np.exp(log_p)), log_p=log_p, n=moments.n)


def eigenvalues(moments: Moments) -> Matrix:
    """Eigenvalues of the correlations, (p,), largest first.

    Raises
    ------
    TooFewData, NotDefined
        No item or fewer than two respondents; a constant item.
    """
    moments.require("eigenvalues", items=1)
    ascending = np.linalg.eigvalsh(moments.correlation)
    return ascending[::-1].astype(np.float64)


def require_positive_definite(R: Matrix, statistic: str) -> None:
    """Raise NotDefined for a (p, p) R with an eigenvalue that is zero or below."""
    values = np.linalg.eigvalsh(R)
    if values[0] <= len(R) * np.finfo(np.float64).eps * values[-1]:
        raise NotDefined("singular", statistic=statistic)
