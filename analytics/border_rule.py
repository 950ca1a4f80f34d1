"""How a factor model takes the items: as numbers, or as ordered categories.

Items of five points or more are taken as numbers with robust errors (MLR), items of
fewer as ordered categories (WLSMV and polychoric correlations): Rhemtulla,
Brosseau-Liard & Savalei (2012). Five points lie on the border, and a report says so.
Whoever plans an analysis may choose otherwise.
"""

from dataclasses import replace
from typing import Final, Literal

from analytics import thresholds
from analytics.plan import AnalysisPlan, CorrelationKind, FactorEstimator, PlanItem

RULE: Final = "rule"
EstimatorChoice = Literal["rule", "ML", "MLR", "FIML", "WLSMV"]
CorrelationChoice = Literal["rule", "pearson", "polychoric"]


def settled(
    plan: AnalysisPlan,
    *,
    estimator: EstimatorChoice = "rule",
    correlation: CorrelationChoice = "rule",
) -> AnalysisPlan:
    """Return the plan with what was chosen; the rest by the number of points."""
    ordered = is_ordered(plan)
    by_points: FactorEstimator = "WLSMV" if ordered else _robust(plan)
    of_items: CorrelationKind = "polychoric" if ordered else "pearson"
    return replace(
        plan,
        estimator=by_points if estimator == "rule" else estimator,
        correlation=of_items if correlation == "rule" else correlation,
        by_rule=estimator == "rule",
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
    """Return MLR, or ML where there are too many items for its memory."""
    return "MLR" if len(_factor_items(plan)) <= thresholds.ROBUST_ITEMS else "ML"


def _factor_items(plan: AnalysisPlan) -> list[PlanItem]:
    return [
        item
        for scale in plan.constructs
        if scale.model == "reflective" and len(scale.items) > 1
        for item in scale.items
    ]
