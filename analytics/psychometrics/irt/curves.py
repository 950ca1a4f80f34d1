"""Curves of a graded response model over the trait: probabilities and information."""

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.irt.estimation import Grid
from analytics.psychometrics.irt.kernel import (
    Layout,
    log_probabilities,
    slopes,
)
from analytics.psychometrics.irt.result import GradedItem, GradedResponse


def category_probabilities(item: GradedItem, theta: Matrix) -> Matrix:
    """Return P(answer = point) of each point in use, (K, t), at traits (t,)."""
    own = np.concatenate([[item.slope], item.intercepts])
    x = np.asarray(theta, dtype=np.float64)
    found: Matrix = np.exp(log_probabilities(own, Layout((len(own),)), x))
    return found


def item_information(model: GradedResponse, theta: Matrix) -> Matrix:
    r"""Fisher information of every item about the trait, (p, t), at traits (t,).

    .. math:: I_j(\theta) = \sum_k \frac{P_{jk}'(\theta)^2}{P_{jk}(\theta)}

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17.
    """
    x = np.asarray(theta, dtype=np.float64)
    p = np.exp(log_probabilities(model.parameters, model.layout, x))
    found = np.empty((len(model.items), len(x)))
    for j, part in enumerate(model.layout.parts):
        own = slopes(model.parameters[part], x)
        # d log P / d theta = a (1 - F(u) - F(v))
        change = model.parameters[part.start] * (1 - own.above - own.below)
        found[j] = (p[part] * change**2).sum(axis=0)
    return found


def scale_information(model: GradedResponse, theta: Matrix) -> Matrix:
    r"""Fisher information of all items together, (t,): :math:`\sum_j I_j(\theta)`.

    Its root is the reciprocal of the standard error of a maximum likelihood score.
    """
    total: Matrix = item_information(model, theta).sum(axis=0)
    return total


def marginal_reliability(model: GradedResponse) -> float:
    r"""Share of a score's variance that is the trait's, over normal traits.

    .. math:: \int \frac{I(\theta)}{I(\theta) + 1} \phi(\theta) \, d\theta

    References
    ----------
    Green, Bock, Humphreys, Linn & Reckase (1984), Journal of Educational Measurement
    21, 347-360, with the error variance of a trait of variance 1.
    """
    grid = Grid.even(model.points, model.reach)
    information = scale_information(model, grid.x)
    return float(np.exp(grid.log_weights) @ (information / (information + 1)))
