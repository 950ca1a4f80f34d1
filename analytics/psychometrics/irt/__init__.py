"""Item response theory: graded answers to one trait, and whether groups answer alike.

Imported on its own, as the structural equation models are.
"""

from analytics.psychometrics.irt.curves import (
    category_probabilities,
    item_information,
    marginal_reliability,
    scale_information,
)
from analytics.psychometrics.irt.dependence import residual_correlations
from analytics.psychometrics.irt.dif import (
    Dif,
    DifClass,
    FlagRule,
    ItemDif,
    LikelihoodRatio,
    Matching,
    dif_logistic,
)
from analytics.psychometrics.irt.graded import graded_response
from analytics.psychometrics.irt.item_fit import ItemFit, item_fit
from analytics.psychometrics.irt.result import GradedItem, GradedResponse
from analytics.psychometrics.irt.scores import EapScores, eap_scores

__all__ = [
    "Dif",
    "DifClass",
    "EapScores",
    "FlagRule",
    "GradedItem",
    "GradedResponse",
    "ItemDif",
    "ItemFit",
    "LikelihoodRatio",
    "Matching",
    "category_probabilities",
    "dif_logistic",
    "eap_scores",
    "graded_response",
    "item_fit",
    "item_information",
    "marginal_reliability",
    "residual_correlations",
    "scale_information",
]
