"""Likelihood to recommend, asked from 0 to 10."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.association import mean_interval
from analytics.psychometrics.data import ResponseMatrix
from analytics.psychometrics.distributions import normal_quantile
from analytics.psychometrics.errors import InvalidData, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence

LOW, HIGH = 0, 10
FIRST_PROMOTER = 9
LAST_DETRACTOR = 6


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Recommend index and mean of the answers from 0 to 10.

    Attributes
    ----------
    index : Estimate
        Percentage of promoters less that of detractors, -100 to 100.
    mean : Estimate
        Of the answers as they are: it uses all that people said. Its interval is None
        for a single answer.
    promoters, passives, detractors : int
        Answers 9 and 10; 7 and 8; 0 to 6.
    n : int
    """

    index: Estimate
    mean: Estimate
    promoters: int
    passives: int
    detractors: int
    n: int


def recommend_index(
    answers: ResponseMatrix | NDArray[np.integer[Any]], *, confidence: float = 0.95
) -> Recommendation:
    r"""Index of (n,) answers with its adjusted-Wald interval.

    .. math:: p_P = \frac{P + 3/4}{n + 3}, \quad p_D = \frac{D + 3/4}{n + 3}, \quad
       100 \left(p_P - p_D \pm z \sqrt{\frac{p_P + p_D - (p_P - p_D)^2}{n + 3}}\right)

    cut at -100 and 100. The index itself is 100 (P - D)/n, not adjusted; where a
    unanimous answer of very few people puts it outside, the interval is widened to it.
    Nothing is suppressed here: the caller decides how many answers an index needs.

    Parameters
    ----------
    answers : (n,) whole numbers, or a ResponseMatrix of one item from 0 to 10
        A number below zero is no answer.

    Raises
    ------
    TooFewData
        No answer.
    InvalidData
        An answer above 10.

    References
    ----------
    Rocks (2016), The American Statistician 70, doi:10.1080/00031305.2016.1158124.
    """
    check_confidence(confidence)
    given = _points(answers)
    n = len(given)
    if not n:
        raise TooFewData("needs-answers", statistic="recommend-index", needs=1, has=0)
    promoters = int((given >= FIRST_PROMOTER).sum())
    detractors = int((given <= LAST_DETRACTOR).sum())
    index = 100 * (promoters - detractors) / n
    low, high = _adjusted_wald(promoters, detractors, n, confidence)
    method = f"recommend index, {100 * confidence:g} % adjusted-Wald interval"
    return Recommendation(
        index=Estimate(index, min(low, index), max(high, index), n, method, confidence),
        mean=_mean(given.astype(np.float64), confidence),
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
        n=n,
    )


def _adjusted_wald(
    promoters: int, detractors: int, n: int, confidence: float
) -> tuple[float, float]:
    size = n + 3
    p, d = (promoters + 0.75) / size, (detractors + 0.75) / size
    half = normal_quantile((1 + confidence) / 2) * np.sqrt(
        (p + d - (p - d) ** 2) / size
    )
    return max(-100.0, 100 * float(p - d - half)), min(100.0, 100 * float(p - d + half))


def _points(
    answers: ResponseMatrix | NDArray[np.integer[Any]],
) -> NDArray[np.integer[Any]]:
    """Answers that were given, each checked against the scale."""
    if isinstance(answers, ResponseMatrix):
        if answers.p != 1:
            raise ValueError(f"One item is needed, not {answers.p}.")
        (item,) = answers.items
        if (item.low, item.high, item.reverse) != (LOW, HIGH, False):
            raise ValueError(f"Item {item.code} must go from {LOW} to {HIGH} upwards.")
        answers = answers.codes[:, 0]
    answers = np.asarray(answers)
    if answers.ndim != 1 or not np.issubdtype(answers.dtype, np.integer):
        raise TypeError("The answers must be (n,) whole numbers.")
    if answers.size and answers.max() > HIGH:
        at = int((answers > HIGH).argmax())
        raise InvalidData(
            "out-of-range",
            row=at + 1,
            item="0-10",
            value=int(answers[at]),
            low=LOW,
            high=HIGH,
        )
    return answers[answers >= LOW]


def _mean(values: NDArray[np.float64], confidence: float) -> Estimate:
    if len(values) > 1:
        return mean_interval(values, confidence)
    method = "mean, no interval from one answer"
    return Estimate(float(values[0]), None, None, 1, method, confidence)
