"""What several parts of a report need of the answers, computed once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.plan import AnalysisPlan
from analytics.psychometrics import (
    Design,
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
    weighted_moments,
)
from analytics.psychometrics.data import MISSING
from analytics.results import Absent, Figure, Result
from analytics.sampling import Sampling
from analytics.sentences import Sentence
from analytics.sentences.core import core_params

ROWS_DRAWN: Final = 20_000_000
FEWEST_RESAMPLES: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers with what several statistics need.

    `data` are all rows; `used` those that the missing rule keeps; `scores` one (n,)
    array a scale over `used`, NaN where fewer than half of the items were answered.
    `sampling` tells how all rows came into the sample, `design` the same of those used;
    None where people are independent and count alike. With weights `moments` and
    `described` are weighted.
    """

    plan: AnalysisPlan
    data: ResponseMatrix
    used: ResponseMatrix
    moments: Moments
    described: Mapping[str, ItemDescription]
    scores: Mapping[str, Matrix]
    sampling: Sampling | None = None
    design: Design | None = None

    @classmethod
    def of(
        cls,
        data: ResponseMatrix,
        plan: AnalysisPlan,
        sampling: Sampling | None = None,
    ) -> "Answers":
        if (sampling is not None) != plan.is_sampled:
            raise ValueError(
                "Teams or weights go with a plan that names their columns."
            )
        data = data.select(plan.item_codes)
        used = data.complete_rows() if plan.missing == "listwise" else data
        kept = _complete(data) if plan.missing == "listwise" else None
        weights = sampling.weights if sampling else None
        design = _design(sampling, kept)
        return cls(
            plan=plan,
            data=data,
            used=used,
            moments=_moments(used, plan, design),
            described={one.code: one for one in describe(data, weights=weights)},
            scores={
                scale.code: scale_scores(used, scale.item_codes)
                for scale in plan.constructs
            },
            sampling=sampling,
            design=design,
        )

    def sampling_of(self, items: Sequence[str]) -> Sampling | None:
        """Return how the people who answered all of some items were sampled."""
        if self.sampling is None:
            return None
        return self.sampling.of(_complete(self.data.select(items)))

    @property
    def structure_items(self) -> tuple[str, ...]:
        """Items of the reflective trust scales whose answers differ."""
        described = {one.code: one for one in describe(self.used)}
        return tuple(code for code in self.plan.structure_items if described[code].sd)


def _complete(data: ResponseMatrix) -> NDArray[np.bool_]:
    complete: NDArray[np.bool_] = (data.codes != MISSING).all(axis=1)
    return complete


def _design(sampling: Sampling | None, kept: NDArray[np.bool_] | None) -> Design | None:
    if sampling is None:
        return None
    return (sampling if kept is None else sampling.of(kept)).design


def _moments(
    used: ResponseMatrix, plan: AnalysisPlan, design: Design | None
) -> Moments:
    if design is None or design.weights is None:
        return moments(used, missing=plan.missing)
    return weighted_moments(
        used.values(), used.item_codes, design.weights, missing=plan.missing
    )


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
