"""Scores of people under a graded response model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.compiled import n_threads
from analytics.psychometrics.data import MISSING, Matrix, ResponseMatrix
from analytics.psychometrics.irt.estimation import Grid
from analytics.psychometrics.irt.kernel import log_probabilities
from analytics.psychometrics.irt.patterns import Patterns, posterior
from analytics.psychometrics.irt.result import GradedResponse


@dataclass(frozen=True, slots=True, eq=False)
class EapScores:
    """Expected a posteriori scores.

    Attributes
    ----------
    scores, errors : (n,) float64
        Mean and standard deviation of a person's trait given the answers; NaN for
        people without an answer.
    answered : (n,) int64
        Items that each person answered.
    n : int
        People with a score.
    reliability : float
        Empirical: variance of the scores (divisor n) over itself plus the mean square
        of the errors.
    """

    scores: Matrix
    errors: Matrix
    answered: NDArray[np.int64]
    n: int
    reliability: float


def eap_scores(
    model: GradedResponse, data: ResponseMatrix, *, threads: int | None = None
) -> EapScores:
    r"""Score people by the mean of their posterior, with standard normal traits.

    .. math:: \hat\theta_i = \sum_q x_q P(x_q \mid y_i), \quad
       s_i^2 = \sum_q (x_q - \hat\theta_i)^2 P(x_q \mid y_i)

    over the model's points. Missing answers do not count. Scores are drawn towards the
    mean, the more so the fewer items a person answered.

    Raises
    ------
    InvalidData
        An item of the model is not there, or a point that the model does not know.

    References
    ----------
    Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444,
    doi:10.1177/014662168200600405.
    """
    grid = Grid.even(model.points, model.reach)
    codes = model.categories(data)
    patterns = Patterns.of(codes, model.layout)
    log_p = log_probabilities(model.parameters, model.layout, grid.x)

    def work(rows: slice) -> Matrix:
        _, share = posterior(patterns.one_hot(rows), log_p, grid.log_weights)
        mean = share @ grid.x
        spread = (share * (grid.x - mean[:, None]) ** 2).sum(axis=1)
        return np.column_stack([mean, np.sqrt(spread)])

    found = np.concatenate(
        patterns.over(work, n_threads(threads)) or [np.zeros((0, 2))]
    )
    of_person = found[patterns.of_person]
    answered = (codes != MISSING).sum(axis=1)
    of_person[answered == 0] = np.nan
    some = of_person[answered > 0]
    between = float(some[:, 0].var()) if len(some) else 0.0
    within = float((some[:, 1] ** 2).mean()) if len(some) else 1.0
    return EapScores(
        scores=of_person[:, 0],
        errors=of_person[:, 1],
        answered=answered,
        n=len(some),
        reliability=between / (between + within),
    )
