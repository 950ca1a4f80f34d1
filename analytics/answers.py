"""What several parts of a report need of the answers, computed once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.plan import AnalysisPlan
from analytics.psychometrics import (
    Estimate,
    ItemDescription,
    Matrix,
    Moments,
    PsychometricsError,
    Reason,
    ResponseMatrix,
    describe,
    moments,
    scale_scores,
)
from analytics.results import Absent, Figure, Result
from analytics.sentences import Sentence
from analytics.sentences.core import core_params

ROWS_DRAWN: Final = 20_000_000
FEWEST_RESAMPLES: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers with what several statistics need.

    `data` are all rows; `used` those that the missing rule keeps; `scores` one (n,)
    array a scale over `used`, NaN where fewer than half of the items were answered.
    """

    plan: AnalysisPlan
    data: ResponseMatrix
    used: ResponseMatrix
    moments: Moments
    described: Mapping[str, ItemDescription]
    scores: Mapping[str, Matrix]

    @classmethod
    def of(cls, data: ResponseMatrix, plan: AnalysisPlan) -> "Answers":
        data = data.select(plan.item_codes)
        used = data.complete_rows() if plan.missing == "listwise" else data
        return cls(
            plan=plan,
            data=data,
            used=used,
            moments=moments(used, missing=plan.missing),
            described={one.code: one for one in describe(data)},
            scores={
                scale.code: scale_scores(used, scale.item_codes)
                for scale in plan.constructs
            },
        )

    @property
    def structure_items(self) -> tuple[str, ...]:
        """Items of the reflective trust scales whose answers differ."""
        described = {one.code: one for one in describe(self.used)}
        return tuple(code for code in self.plan.structure_items if described[code].sd)


def reason_of(error: PsychometricsError | Reason) -> Sentence:
    """Return the core's reason as a sentence in both languages."""
    reason = error.reason if isinstance(error, PsychometricsError) else error
    return Sentence(reason.code, core_params(reason))


def generator(plan: AnalysisPlan, purpose: str) -> np.random.Generator:
    """Return a generator of its own, so that one part moves no number of another."""
    return np.random.default_rng([plan.seed, *purpose.encode()])


def resamples(plan: AnalysisPlan, n: int) -> int:
    """Return how many resamples `n` people get: fewer than planned above 20,000.

    The time of a bootstrap grows with n times draws, and what it estimates gets more
    certain with n.
    """
    affordable = max(FEWEST_RESAMPLES, ROWS_DRAWN // max(n, 1))
    return min(plan.n_resamples, affordable)


def figure(estimate: Estimate) -> Figure:
    return Figure(
        estimate=float(estimate.estimate),
        low=estimate.low,
        high=estimate.high,
        n=estimate.n,
        method=estimate.method,
    )


def attempt(compute: Callable[[], Estimate]) -> Result:
    """Return the estimate, or the reason why there is none."""
    try:
        return figure(compute())
    except PsychometricsError as error:
        return Absent(reason_of(error))
