"""What items share beyond the trait: correlations of their residuals."""

import numpy as np

from analytics.psychometrics.data import MISSING, Matrix, ResponseMatrix
from analytics.psychometrics.irt.kernel import log_probabilities
from analytics.psychometrics.irt.result import GradedResponse
from analytics.psychometrics.irt.scores import eap_scores


def residual_correlations(model: GradedResponse, data: ResponseMatrix) -> Matrix:
    r"""Correlate what the trait leaves of every two items: Yen's Q3, (p, p).

    The residual is the category less its expectation at the person's EAP score. Each
    pair uses the people who answered both. Without local dependence the values lie
    around -1 / (p - 1), not 0, because the score is made from the items; the diagonal
    is 1. NaN where fewer than two people answered both items, or do not vary.

    References
    ----------
    Yen (1984), Applied Psychological Measurement 8, 125-145,
    doi:10.1177/014662168400800201.
    """
    codes = model.categories(data)
    scores = eap_scores(model, data).scores
    some = np.isfinite(scores)
    codes, scores = codes[some], scores[some]
    p = np.exp(log_probabilities(model.parameters, model.layout, scores))
    residual = np.empty(codes.shape)
    for j, part in enumerate(model.layout.parts):
        residual[:, j] = codes[:, j] - np.arange(model.layout.sizes[j]) @ p[part]
    given = (codes != MISSING).astype(np.float64)
    residual *= given
    # pairwise sums: every row below is over the people who answered both
    n = given.T @ given
    first, square = residual.T @ given, (residual**2).T @ given
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = square - first**2 / n
        found: Matrix = (residual.T @ residual - first * first.T / n) / np.sqrt(
            spread * spread.T
        )
        found[n < 2] = np.nan
    return found
