"""Item response parameters of ordered answers, from polychoric factors."""

from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.efa import Efa
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.polychoric import Polychoric


@dataclass(frozen=True, slots=True, eq=False)
class NormalOgive:
    """Graded items in the metric of the normal ogive.

    An answer lies above category k with probability Phi(a'theta - d_k). This is factor
    analysis of limited information, not marginal maximum likelihood.

    Attributes
    ----------
    items : tuple of p str
    discrimination : (p, m) float64
        Slopes a, for factors of variance 1.
    difficulty : tuple of p arrays
        d, k_j - 1 each. Divided by the slope of a single factor it is the place on the
        factor where half of the people answer above k.
    """

    items: tuple[str, ...]
    discrimination: Matrix
    difficulty: tuple[Matrix, ...]


def normal_ogive(correlations: Polychoric, solution: Efa) -> NormalOgive:
    r"""Turn loadings and thresholds into slopes and difficulties.

    :math:`a = \lambda / \sqrt{1 - h^2}, d = \tau / \sqrt{1 - h^2}`.

    Raises
    ------
    NotDefined
        A factor explains an item completely.
    ValueError
        Factors of other items.

    References
    ----------
    Takane & de Leeuw (1987), Psychometrika 52, 393-408.
    """
    if correlations.items != solution.items:
        raise ValueError("normal_ogive takes the polychorics behind the factors.")
    if solution.heywood:
        raise NotDefined("improper", statistic="efa", item=solution.heywood[0])
    rest = np.sqrt(solution.uniquenesses)
    return NormalOgive(
        items=solution.items,
        discrimination=solution.loadings / rest[:, None],
        difficulty=tuple(
            cuts / one for cuts, one in zip(correlations.thresholds, rest, strict=True)
        ),
    )
