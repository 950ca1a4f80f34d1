"""How a factor model takes the items: as numbers, or as ordered categories.

Items of five points or more are taken as numbers with robust errors and chi-square
(MLMV), items of fewer as ordered categories (WLSMV and polychoric correlations):
Rhemtulla, Brosseau-Liard & Savalei (2012). Five points lie on the border, and a report
says so. MLMV, not MLR: its chi-square keeps its level with 500
people (docs/methods.md). Whoever plans an analysis may choose otherwise; but people in
teams, and weights, are for MLR alone.
"""

from dataclasses import replace
from typing import Final, Literal

from analytics import thresholds
from analytics.plan import AnalysisPlan, CorrelationKind, FactorEstimator, PlanItem
from analytics.sentences import BadInput

RULE: Final = "rule"
EstimatorChoice = Literal["rule", "ML", "MLMV", "MLR", "FIML", "WLSMV"]
CorrelationChoice = Literal["rule", "pearson", "polychoric"]


def settled(
    plan: AnalysisPlan,
    *,
    estimator: EstimatorChoice = "rule",
    correlation: CorrelationChoice = "rule",
) -> AnalysisPlan:
    """Return the plan with what was chosen; the rest by the number of points.

    Raises
    ------
    BadInput
        The estimator takes people as independent and equally weighted, and they are not.
    """
    if plan.is_sampled:
        return _sampled(plan, estimator, correlation)
    ordered = is_ordered(plan)
    by_points: FactorEstimator = "WLSMV" if ordered else _robust(plan)
    of_items: CorrelationKind = "polychoric" if ordered else "pearson"
    return replace(
        plan,
        estimator=by_points if estimator == "rule" else estimator,
        correlation=of_items if correlation == "rule" else correlation,
        by_rule=estimator == "rule",
    )


def _sampled(
    plan: AnalysisPlan, estimator: EstimatorChoice, correlation: CorrelationChoice
) -> AnalysisPlan:
    """Return the plan with MLR; ordered items have polychorics where nothing is weighted."""
    if estimator not in ("rule", "MLR"):
        raise BadInput("sampling_estimator", estimator=estimator)
    polychoric = is_ordered(plan) and not plan.weights
    of_items: CorrelationKind = "polychoric" if polychoric else "pearson"
    return replace(
        plan,
        estimator="MLR",
        correlation=of_items if correlation == "rule" else correlation,
        by_rule=False,
    )


def is_ordered(plan: AnalysisPlan) -> bool:
    """Whether an item of a factor has too few points to be a number."""
    fewest = fewest_points(plan)
    return fewest is not None and fewest < thresholds.NUMERIC_POINTS


def fewest_points(plan: AnalysisPlan) -> int | None:
    """Return the points of the item with the fewest; None without a factor."""
    sizes = [item.high - item.low + 1 for item in _factor_items(plan)]
    return min(sizes, default=None)


def _robust(plan: AnalysisPlan) -> FactorEstimator:
    """Return MLMV, or ML where there are too many items for its memory."""
    return "MLMV" if len(_factor_items(plan)) <= thresholds.ROBUST_ITEMS else "ML"


def _factor_items(plan: AnalysisPlan) -> list[PlanItem]:
    return [
        item
        for scale in plan.constructs
        if scale.model == "reflective" and len(scale.items) > 1
        for item in scale.items
    ]
