"""A general factor above correlated group factors, and the omegas that follow."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.efa import Efa, efa
from analytics.psychometrics.errors import NotConverged, NotDefined
from analytics.psychometrics.extraction import extract
from analytics.psychometrics.minres import LOWEST_UNIQUENESS
from analytics.psychometrics.moments import Moments

Turning = Literal["as-keyed", "by-general-factor"]


@dataclass(frozen=True, slots=True, eq=False)
class SchmidLeiman:
    """Orthogonal general and group factors of p items.

    Attributes
    ----------
    general : (p,) float64
        Loadings on the general factor.
    groups : (p, m) float64
        Loadings on what the m group factors add to it.
    second_order : (m,) float64
        Loadings of the correlated factors on the general factor.
    communalities, uniquenesses : (p,) float64
    first_order : Efa
        The correlated factors.
    """

    general: Matrix
    groups: Matrix
    second_order: Matrix
    communalities: Matrix
    uniquenesses: Matrix
    first_order: Efa


@dataclass(frozen=True, slots=True)
class OmegaGroup:
    """Omegas of the sum of the items that load highest on one group factor.

    Attributes
    ----------
    items : tuple of str
        Empty where no item has its highest group loading here; the shares are then 0.
    total, general, specific : float
        Shares of the variance of their sum: of both factors, of the general factor,
        of the group factor.
    """

    items: tuple[str, ...]
    total: float
    general: float
    specific: float


@dataclass(frozen=True, slots=True, eq=False)
class OmegaHierarchical:
    """Omegas of a scale with a general and m group factors.

    Attributes
    ----------
    total : float
        Share of the variance of the sum that all common factors explain.
    hierarchical : float
        Share that the general factor explains.
    limit : float
        The same of an endless scale of such items: without unique variance.
    specific : float
        Share that the group factors explain, each through its own items.
    explained_common_variance : float
        Of the general factor, of all squared loadings.
    groups : tuple of m OmegaGroup
    turned : tuple of str
        Items counted reversed.
    schmid_leiman : SchmidLeiman
    n : int
    method : str
    """

    total: float
    hierarchical: float
    limit: float
    specific: float
    explained_common_variance: float
    groups: tuple[OmegaGroup, ...]
    turned: tuple[str, ...]
    schmid_leiman: SchmidLeiman
    n: int
    method: str


def schmid_leiman(
    moments: Moments,
    n_factors: int,
    *,
    method: Literal["minres", "ml"] = "minres",
) -> SchmidLeiman:
    r"""Turn m oblimin factors into a general factor and m orthogonal group factors.

    A factor of the factors' correlations (same method; of two factors the root of
    their correlation each) has loadings g. Loadings on the general factor are L g, on
    the group factors :math:`L_{ij}\sqrt{1 - g_j^2}`. psych::schmid does the same.

    Raises
    ------
    ValueError
        Fewer than two factors.
    TooFewData, NotDefined, NotConverged
        As `efa`; an item or a factor (F1, F2, ...) that is explained completely.

    References
    ----------
    Schmid & Leiman (1957), Psychometrika 22, doi:10.1007/BF02289209.
    """
    if n_factors < 2:
        raise ValueError(f"Group factors need n_factors of 2 or more, not {n_factors}.")
    first = efa(moments, n_factors, rotation="oblimin", method=method)
    if first.heywood:
        raise NotDefined(
            "improper", statistic="omega-hierarchical", item=first.heywood[0]
        )
    g = _second_order(first.phi, method)
    groups = first.loadings * np.sqrt(1 - g**2)
    return SchmidLeiman(
        general=first.loadings @ g,
        groups=groups,
        second_order=g,
        communalities=first.communalities,
        uniquenesses=first.uniquenesses,
        first_order=first,
    )


def omega_hierarchical(
    moments: Moments,
    n_factors: int,
    *,
    turning: Turning,
    method: Literal["minres", "ml"] = "minres",
) -> OmegaHierarchical:
    r"""Omega hierarchical, total and group from the correlations.

    With R the correlations, g the general loadings and u the unique variances:
    :math:`\omega_h = (1'g)^2 / 1'R1`, :math:`\omega_t = 1 - 1'u / 1'R1`, and the limit
    :math:`(1'g)^2 / (1'R1 - 1'u)`. These are the coefficients of psych::omega, whose
    default is to turn the items.

    Parameters
    ----------
    turning : str
        "as-keyed" takes the items as they are; "by-general-factor" turns those that
        load negatively on the general factor.

    Raises
    ------
    TooFewData, NotDefined, NotConverged
        As `schmid_leiman`; items whose sum does not vary.

    References
    ----------
    Zinbarg, Revelle, Yovel & Li (2005), Psychometrika 70,
    doi:10.1007/s11336-003-0974-7; McDonald (1999), Test theory, chapter 6.
    """
    solution = schmid_leiman(moments, n_factors, method=method)
    g = solution.general
    if g.sum() < 0:
        solution = _reversed(solution)
        g = solution.general
    key = np.ones(len(g)) if turning == "as-keyed" else np.where(g < 0, -1.0, 1.0)
    R = moments.correlation * np.outer(key, key)
    general, groups = g * key, solution.groups * key[:, None]
    total, unique = float(R.sum()), float(solution.uniquenesses.sum())
    if total <= 64 * np.finfo(np.float64).eps * np.abs(R).sum():
        raise NotDefined("not-positive", statistic="omega-hierarchical")
    member = np.abs(groups).argmax(axis=1)
    own = [groups[member == j, j].sum() ** 2 for j in range(n_factors)]
    squares = (g**2).sum() + (groups**2).sum()
    return OmegaHierarchical(
        total=1 - unique / total,
        hierarchical=float(general.sum() ** 2 / total),
        limit=float(general.sum() ** 2 / (total - unique)),
        specific=float(sum(own) / total),
        explained_common_variance=float((g**2).sum() / squares),
        groups=tuple(
            _group(R, general, groups[:, j], member == j, moments.items)
            for j in range(n_factors)
        ),
        turned=tuple(np.array(moments.items)[key < 0].tolist()),
        schmid_leiman=solution,
        n=moments.n,
        method=(
            f"omega by Schmid-Leiman, {n_factors} {method} factors, oblimin, "
            f"items {turning.replace('-', ' ')}, {moments.rule}"
        ),
    )


def _second_order(phi: Matrix, method: Literal["minres", "ml"]) -> Matrix:
    """Return the loadings of m factors on the factor of their correlations, (m,)."""
    if len(phi) == 2:
        r = float(phi[0, 1])
        if r == 0:
            raise NotDefined("no-general-factor", statistic="omega-hierarchical")
        root = float(np.sqrt(abs(r)))
        return np.array([root, root if r > 0 else -root])
    found = extract(phi, 1, method)
    if not found.converged:
        raise NotConverged("not-converged", statistic="omega-hierarchical")
    improper = np.flatnonzero(found.psi <= LOWEST_UNIQUENESS)
    if improper.size:
        raise NotDefined(
            "improper", statistic="omega-hierarchical", item=f"F{improper[0] + 1}"
        )
    loadings: Matrix = found.loadings[:, 0]
    return loadings


def _reversed(solution: SchmidLeiman) -> SchmidLeiman:
    """Let the general factor point the other way."""
    return SchmidLeiman(
        general=-solution.general,
        groups=solution.groups,
        second_order=-solution.second_order,
        communalities=solution.communalities,
        uniquenesses=solution.uniquenesses,
        first_order=solution.first_order,
    )


def _group(
    R: Matrix,
    general: Matrix,
    specific: Matrix,
    member: np.typing.NDArray[np.bool_],
    items: tuple[str, ...],
) -> OmegaGroup:
    if not member.any():
        return OmegaGroup((), 0.0, 0.0, 0.0)
    spread = float(R[np.ix_(member, member)].sum())
    of_general = float(general[member].sum() ** 2) / spread
    of_group = float(specific[member].sum() ** 2) / spread
    named = tuple(np.array(items)[member].tolist())
    return OmegaGroup(named, of_general + of_group, of_general, of_group)
