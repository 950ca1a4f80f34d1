"""From answers to what the estimator of a factor model takes, or why it cannot be had."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from analytics import thresholds
from analytics.answers import reason_of
from analytics.plan import AnalysisPlan, FactorEstimator
from analytics.psychometrics import (
    Item,
    Moments,
    PsychometricsError,
    ResponseMatrix,
    moments,
)
from analytics.psychometrics.sem import (
    FourthMoments,
    OrdinalMoments,
    SurveyMoments,
    fourth_moments,
    ordinal_moments,
    survey_moments,
)
from analytics.sampling import Sampling
from analytics.sentences import Sentence, say

# FIML takes the answers themselves
FactorSample = Moments | FourthMoments | OrdinalMoments | ResponseMatrix
ROBUST_ERRORS: Final = "robust"  # of FIML, as of MLR
MOST_ITEMS: Final = thresholds.ROBUST_ITEMS
ALONE: Final[Mapping[str, Sampling]] = MappingProxyType({})


def rows_of(data: ResponseMatrix, estimator: FactorEstimator) -> ResponseMatrix:
    """Return the people an estimator uses: complete rows; FIML: with any answer."""
    if estimator != "FIML":
        return data.complete_rows()
    answered = (data.codes >= 0).any(axis=1)
    return ResponseMatrix(data.codes[answered], data.items)


def people_notices(
    rows: ResponseMatrix, n: int, estimator: FactorEstimator
) -> tuple[Sentence, ...]:
    """Say who is left out of `n` people, or what stands for the gaps."""
    said = []
    left = n - rows.n
    if estimator == "FIML":
        gaps = int((rows.codes < 0).sum())
        if gaps:
            share = gaps / rows.codes.size
            said.append(say("cfa_fiml", n=rows.n, share=share, left=left))
    elif left:
        said.append(say("cfa_complete", n=rows.n, items=rows.p, left=left))
    return (*said, *small_sample(rows.n))


def small_sample(n: int) -> tuple[Sentence, ...]:
    """Say it where there are too few people for the indices."""
    few = thresholds.FACTOR_N
    return (say("cfa_small", n=n, guide=few),) if n < few else ()


def sampled_notices(rows: ResponseMatrix) -> tuple[Sentence, ...]:
    """Say that teams and weights are allowed for, and what that asks of the items."""
    said = [say("cfa_sampled")]
    fewest = min((item.n_categories for item in rows.items), default=0)
    if fewest < thresholds.NUMERIC_POINTS:
        said.append(say("cfa_sampled_ordered", points=fewest))
    return tuple(said)


def sample_of(
    rows: ResponseMatrix, plan: AnalysisPlan, sampling: Sampling | None = None
) -> FactorSample | Sentence:
    """Return what the estimator of the plan needs of the rows, or why there is none.

    `sampling` tells how these rows came into the sample.
    """
    ordered = plan.estimator == "WLSMV"
    return _sample_of(used_categories(rows) if ordered else rows, plan, sampling)


def samples_of(
    groups: Mapping[str, ResponseMatrix],
    plan: AnalysisPlan,
    sampled: Mapping[str, Sampling] = ALONE,
) -> dict[str, FactorSample] | Sentence:
    """Return the sample of every group, with the same categories in all of them."""
    if plan.estimator == "WLSMV":
        groups = _used_together(groups)
    samples: dict[str, FactorSample] = {}
    for name, rows in groups.items():
        sample = _sample_of(rows, plan, sampled.get(name))
        if isinstance(sample, Sentence):
            return sample
        samples[name] = sample
    return samples


def _sample_of(
    rows: ResponseMatrix, plan: AnalysisPlan, sampling: Sampling | None
) -> FactorSample | Sentence:
    p, estimator = rows.p, plan.estimator
    if rows.n < p + 1:
        return say("cfa_few", needs=p + 1, items=p, has=rows.n)
    if estimator == "ML":
        return moments(rows, missing="listwise")
    if estimator == "FIML":
        return rows
    if p > MOST_ITEMS:
        code = "cfa_robust_items" if sampling is None else "cfa_sampled_items"
        return say(code, most=MOST_ITEMS, has=p)
    if sampling is not None:
        return _survey_moments(rows, sampling)
    if estimator in ("MLMV", "MLR"):
        return fourth_moments(rows)
    try:
        return ordinal_moments(rows, missing="listwise")
    except PsychometricsError as error:
        return reason_of(error)


def _survey_moments(
    rows: ResponseMatrix, sampling: Sampling
) -> SurveyMoments | Sentence:
    try:
        return survey_moments(
            rows, clusters=sampling.clusters, weights=sampling.weights
        )
    except PsychometricsError as error:
        return reason_of(error)


def _used_together(groups: Mapping[str, ResponseMatrix]) -> dict[str, ResponseMatrix]:
    whole = used_categories(ResponseMatrix.stack(list(groups.values())))
    ends = np.cumsum([rows.n for rows in groups.values()])[:-1]
    return {
        name: ResponseMatrix(codes, whole.items)
        for name, codes in zip(groups, np.split(whole.codes, ends), strict=True)
    }


def used_categories(rows: ResponseMatrix) -> ResponseMatrix:
    """Drop the categories that nobody chose: they have no threshold of their own.

    The rows are complete.
    """
    codes = rows.codes.copy()
    items = []
    for j, item in enumerate(rows.items):
        used, places = np.unique(rows.codes[:, j], return_inverse=True)
        if 1 < len(used) < item.n_categories:
            codes[:, j] = places
            item = Item(item.code, 1, len(used))
        items.append(item)
    return ResponseMatrix(codes, tuple(items))


def people_of(sample: FactorSample) -> int:
    """Return how many people a sample is made of."""
    return sample.moments.n if isinstance(sample, FourthMoments) else sample.n


def options(estimator: FactorEstimator) -> dict[str, Any]:
    """Return what `fit_model` and `invariance` take beside text and sample."""
    if estimator == "FIML":
        return {"estimator": estimator, "errors": ROBUST_ERRORS}
    return {"estimator": estimator}
