"""The part of a report about single items: graded responses scale by scale.

Only where the plan asks for it: it costs time, wants some hundred people, and is a second
model of the same items beside the factor model.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from analytics import thresholds
from analytics.answers import Answers, reason_of
from analytics.item_response_results import (
    Dependence,
    GradedItemResult,
    Information,
    ItemFitResult,
    ItemResponse,
    Precision,
)
from analytics.plan import AnalysisPlan, PlanScale
from analytics.psychometrics import Matrix, PsychometricsError, ResponseMatrix, holm
from analytics.psychometrics.irt import (
    GradedResponse,
    eap_scores,
    graded_response,
    item_fit,
    marginal_reliability,
    residual_correlations,
    scale_information,
)
from analytics.results import ScaleResult
from analytics.sentences import Sentence, say

FEWEST_ITEMS: Final = 3
SHOWN_PAIRS: Final = 3
REACH: Final = 3.0  # standard deviations: 99.7 % of normal traits
STEP: Final = 0.25  # of the curve that is told
FINE: Final = 0.01  # of the search for the best places


def scales_of(plan: AnalysisPlan) -> tuple[PlanScale, ...]:
    """Return the scales that have a graded response model where one is asked for."""
    return tuple(
        scale
        for scale in plan.constructs
        if scale.model == "reflective" and len(scale.items) >= FEWEST_ITEMS
    )


def with_item_response(
    answers: Answers, scales: Mapping[str, ScaleResult]
) -> dict[str, ScaleResult]:
    """Give every scale what the graded response model says, where the plan asks."""
    if not answers.plan.item_response:
        return dict(scales)
    asked = {scale.code: scale for scale in scales_of(answers.plan)}
    return {
        code: replace(found, item_response=item_response_of(answers, asked[code]))
        if code in asked
        else found
        for code, found in scales.items()
    }


def item_response_of(answers: Answers, scale: PlanScale) -> ItemResponse:
    """Fit one scale, or say why not."""
    data = answers.used.select(scale.item_codes)
    n = int((data.codes >= 0).any(axis=1).sum())
    if answers.plan.is_sampled:
        return _absent(n, say("irt_sampled"))
    if n < thresholds.GRADED_N:
        return _absent(n, say("irt_few", needs=thresholds.GRADED_N, has=n))
    try:
        return _described(graded_response(data), data)
    except PsychometricsError as error:
        return _absent(n, reason_of(error))


def _absent(n: int, reason: Sentence) -> ItemResponse:
    return ItemResponse(
        *(n, None, None, None, None, None, {}, None, (), None, None, (), reason)
    )


def _described(model: GradedResponse, data: ResponseMatrix) -> ItemResponse:
    pairs = _pairs(model, data)
    shown = sorted(pairs, key=lambda pair: pair.q3, reverse=True)[:SHOWN_PAIRS]
    notices = [reason_of(remark) for remark in model.remarks]
    if model.n < thresholds.GRADED_STEADY:
        guide = thresholds.GRADED_STEADY
        notices.append(say("irt_small", n=model.n, guide=guide))
    return ItemResponse(
        n=model.n,
        log_likelihood=model.log_likelihood,
        aic=model.aic,
        bic=model.bic,
        marginal_reliability=marginal_reliability(model),
        score_reliability=eap_scores(model, data).reliability,
        items=_items(model, data),
        mean_q3=float(np.mean([pair.q3 for pair in pairs])) if pairs else None,
        dependence=tuple(shown),
        information=_information(model),
        precision=precision_of(model),
        notices=tuple(notices),
        reason=None,
    )


def _items(model: GradedResponse, data: ResponseMatrix) -> dict[str, GradedItemResult]:
    fits = _fits(model, data)
    return {
        item.code: GradedItemResult(
            n=item.n,
            slope=item.slope,
            slope_se=item.slope_error,
            points=item.points,
            thresholds=tuple(item.thresholds.tolist()),
            threshold_ses=tuple(item.threshold_errors.tolist()),
            fit=fits[item.code],
        )
        for item in model.items
    }


def _fits(model: GradedResponse, data: ResponseMatrix) -> dict[str, ItemFitResult]:
    """Return S-X2 of every item, corrected for their number; or one reason for all."""
    try:
        found = item_fit(model, data)
    except PsychometricsError as error:
        n, why = data.complete_rows().n, reason_of(error)
        none = ItemFitResult(None, None, None, None, None, n, why)
        return dict.fromkeys(model.item_codes, none)
    p = holm(np.array([np.nan if one.p is None else one.p for one in found]))
    return {
        one.code: ItemFitResult(
            chi2=one.chi2,
            df=None if one.p is None else one.df,
            p=one.p,
            p_holm=None if one.p is None else corrected,
            rmsea=one.rmsea,
            n=one.n,
            reason=None if one.reason is None else reason_of(one.reason),
        )
        for one, corrected in zip(found, p.tolist(), strict=True)
    }


def _pairs(model: GradedResponse, data: ResponseMatrix) -> list[Dependence]:
    """Return every pair of items that has a Q3."""
    q3 = residual_correlations(model, data)
    codes = model.item_codes
    there = [
        (j, k, float(q3[j, k]))
        for j, k in combinations(range(len(codes)), 2)
        if np.isfinite(q3[j, k])
    ]
    mean = float(np.mean([value for _, _, value in there])) if there else 0.0
    return [
        Dependence(codes[j], codes[k], value, value - mean) for j, k, value in there
    ]


def _information(model: GradedResponse) -> Information:
    x = np.linspace(-REACH, REACH, round(2 * REACH / STEP) + 1)
    found = scale_information(model, x)
    return Information(
        trait=tuple(x.tolist()),
        information=tuple(found.tolist()),
        standard_error=tuple((1 / np.sqrt(found)).tolist()),
    )


def precision_of(model: GradedResponse) -> Precision:
    """Find the trait with the most information, and the widest precise stretch."""
    x = np.linspace(-REACH, REACH, round(2 * REACH / FINE) + 1)
    error = 1 / np.sqrt(scale_information(model, x))
    best = int(np.argmin(error))
    stretch = widest(x, error <= thresholds.TRAIT_ERROR)
    if stretch is None:
        return Precision(float(x[best]), float(error[best]), None, None, None)
    low, high = stretch
    share = float(ndtr(high) - ndtr(low))
    return Precision(float(x[best]), float(error[best]), low, high, share)


def widest(x: Matrix, inside: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return the ends of the longest run of x (t,) that is `inside`; None without."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    runs = [(float(x[a]), float(x[b - 1])) for a, b in edges.reshape(-1, 2).tolist()]
    return max(runs, key=lambda run: run[1] - run[0], default=None)
