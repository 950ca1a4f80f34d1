"""Why a statistic does not exist: one small tree of exceptions, each a sentence.

A reason is a code with parameters, so that a page can say it in its reader's
language; `SENTENCES` holds the English, and `str()` of an exception is that sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from analytics.psychometrics.model_reasons import MODEL_SENTENCES

Param = str | int | float

# The value of the parameter {statistic} -> its name inside an English sentence.
STATISTICS: Mapping[str, str] = MappingProxyType(
    {
        "alpha": "coefficient alpha",
        "alpha-if-dropped": "alpha without the item",
        "omega-total": "omega total",
        "spearman-brown": "the Spearman-Brown coefficient",
        "kmo": "the Kaiser-Meyer-Olkin measure",
        "bartlett": "Bartlett's test of sphericity",
        "eigenvalues": "the eigenvalues of the correlations",
        "parallel-analysis": "parallel analysis",
        "efa": "exploratory factor analysis",
        "efa-fit": "the fit of the factors",
        "rotation": "the rotation of the factors",
        "htmt": "the heterotrait-monotrait ratio",
        "correlation": "the correlation",
        "disattenuation": "the correction for unreliability",
        "mean": "the mean with its interval",
        "sem": "the structural equation model",
        "polychoric": "the polychoric correlation",
        "reliability-bounds": "the set of Guttman's bounds",
        "split-halves": "the split-half reliability",
        "omega-hierarchical": "omega hierarchical",
        "minimum-average-partial": "the minimum average partial",
        "empirical-kaiser": "the empirical Kaiser criterion",
        "bootstrap": "the bootstrap interval",
        "agreement": "within-group agreement",
        "icc": "the intraclass correlation",
        "relative-weights": "the comparison by relative weights",
        "dominance": "dominance analysis",
        "partial-correlation": "the partial correlation",
        "recommend-index": "the recommend index",
        "fornell-larcker": "the Fornell-Larcker comparison",
        "content-validity": "the content validity index",
        "paired-difference": "the difference of pairs",
        "krippendorff-alpha": "Krippendorff's alpha",
        "cohen-kappa": "Cohen's kappa",
        "mean-change": "the difference of two means",
        "reliable-change": "reliable change",
        "event-change": "the step at an event",
        "drop-alarm": "the alarm",
        "series": "the dependence of neighbouring waves",
        "longitudinal": "the comparison over waves",
        "regression": "the regression",
        "ordinal-logit": "the ordinal regression",
        "mediation": "the split of the correlation",
        "marker": "the check by a marker",
        "mahalanobis": "the distance from the mean",
        "response-rates": "the comparison of response rates",
        "weighting": "weighting",
        "graded-response": "the graded response model",
        "item-fit": "the fit of the items",
        "dif": "the comparison of groups item by item",
    }
)

# code -> English sentence. Parameters:
#   statistic        a key of STATISTICS
#   needs, has       int, how many it needs and how many there are
#   item             str, an item's code; first, second likewise
#   row              int, counted from 1
#   value, low, high int
#   factors          int
#   line, column     int, place in a model text, counted from 1
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "needs-items": "{statistic} needs at least {needs} items; there are {has}.",
        "needs-answers": (
            "{statistic} needs the answers of at least {needs} people; there are {has}."
        ),
        "two-items": (
            "{statistic} is not defined for two items; "
            "use the Spearman-Brown coefficient."
        ),
        "no-overlap": (
            "Fewer than two people answered both {first} and {second}, "
            "so the two cannot be related to each other."
        ),
        "constant-item": (
            "Everybody who answered {item} gave the same answer, so its correlations "
            "are not defined; leave the item out."
        ),
        "no-variance": (
            "{statistic} is not defined, because all values of a variable are the same."
        ),
        "not-positive": (
            "{statistic} is not defined, because the items do not vary together; "
            "check the direction of their coding."
        ),
        "singular": (
            "{statistic} is not defined, because the correlation matrix of the items "
            "is not positive definite; look for items that repeat one another "
            "or for too few answers."
        ),
        "improper": (
            "{statistic} is not given, because the factor solution is improper: "
            "the factors explain {item} completely (a Heywood case)."
        ),
        "too-many-factors": (
            "{factors} factors cannot be identified from {has} items; "
            "take fewer factors or more items."
        ),
        "no-reliability": (
            "The correction for unreliability needs two reliabilities above zero."
        ),
        "not-converged": (
            "{statistic} did not converge, so no number is given; "
            "try fewer factors or look for items that repeat one another."
        ),
        **MODEL_SENTENCES,
        "out-of-range": (
            "Row {row}, item {item}: {value} is not on the scale from {low} to {high}."
        ),
        "duplicate-item": "Item {item} appears twice; every item needs its own code.",
        "unknown-item": "There is no item {item} in these data.",
        "no-general-factor": (
            "{statistic} is not defined, because the two factors do not correlate."
        ),
        "draws-failed": (
            "{statistic} is not given, because the statistic did not exist in "
            "{has} of {needs} samples."
        ),
        "perfect-association": (
            "The answers to {first} determine those to {second} (an empty corner of "
            "their table), so their polychoric correlation is not defined; "
            "join categories or use Pearson correlations."
        ),
        "empty-category": (
            "Nobody chose point {value} of {item}, so its thresholds are not "
            "defined; join it with a neighbouring point."
        ),
        "no-burt-table": (
            "These bytes are damaged or no Burt table of format version {value}; "
            "count the answers again."
        ),
        "needs-groups": "{statistic} needs at least {needs} groups; there are {has}.",
        "needs-waves": (
            "{statistic} needs at least {needs} waves before and after it; one side "
            "has {has}."
        ),
        "no-drop": (
            "No share of a drop can be regained, because the drop itself is not clear."
        ),
        "groups-of-one": (
            "{statistic} needs groups of at least two people; every group has only one."
        ),
        "no-within-variance": (
            "{statistic} is not defined, because within every group all values "
            "are the same."
        ),
        "equal-means": (
            "{statistic} is not defined, because the means of all groups are the same."
        ),
        "same-ratings": (
            "{statistic} is not given, because the ratings of every target agree "
            "completely, at most shifted by a constant."
        ),
        "unequal-scales": (
            "{statistic} needs items with the same number of points; "
            "{first} and {second} differ."
        ),
        "no-null": (
            "For {statistic}, this null distribution is published for scales of "
            "{low} to {high} points; this scale has {value}."
        ),
        "collinear": (
            "The predictor {item} can be computed from the others, so {statistic} "
            "is not defined; leave one of them out."
        ),
        "determined": (
            "What is held constant determines {item} completely, "
            "so nothing of it is left to correlate."
        ),
        "separated": (
            "{statistic} has no finite coefficients, because the predictors separate "
            "the answers completely; leave a predictor out or ask more people."
        ),
        "nothing-explained": (
            "The predictors explain nothing of {item}, so they have no shares in it."
        ),
        "too-many-predictors": (
            "{statistic} goes through all subsets of at most {needs} predictors; "
            "there are {has}; use relative weights."
        ),
        "empty-stratum": (
            "Nobody of group {item} answered, so no weight can stand for it; "
            "join it with another group."
        ),
        "lone-stratum": (
            "Group {item} has a single answer, so its spread is not known; "
            "join it with another group."
        ),
        "margins-disagree": (
            "The weights did not settle, so none are given; the margins contradict "
            "one another or leave a group without answers."
        ),
        "equal-rates": (
            "{statistic} is not defined, because everybody answered or nobody did."
        ),
        "needs-codings": (
            "{statistic} needs at least {needs} comments that two people coded; "
            "there are {has}."
        ),
        "few-draws": (
            "{statistic} has no bootstrap interval, because it is not defined in "
            "{has} of {needs} resamples; there are too few answers "
            "or they vary too little."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number is not there.

    Attributes
    ----------
    code : str
        A key of `SENTENCES`.
    params : mapping
        The values of the sentence's parameters.
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __str__(self) -> str:
        params = dict(self.params)
        if "statistic" in params:
            params["statistic"] = STATISTICS[str(params["statistic"])]
        sentence = SENTENCES[self.code].format_map(params)
        return sentence[0].upper() + sentence[1:]


class PsychometricsError(ValueError):
    """A statistic could not be computed; `str()` is the sentence that says why."""

    def __init__(self, code: str, **params: Param) -> None:
        self.reason = Reason(code, MappingProxyType(params))
        super().__init__(str(self.reason))

    @property
    def code(self) -> str:
        """The key of the sentence in `SENTENCES`."""
        return self.reason.code

    @property
    def params(self) -> Mapping[str, Param]:
        """The values of the sentence's parameters."""
        return self.reason.params


class InvalidData(PsychometricsError):
    """The answers do not fit the items they are said to belong to."""


class TooFewData(PsychometricsError):
    """The statistic is not defined for so few respondents or items."""


class NotDefined(PsychometricsError):
    """The statistic does not exist for these answers, however many there are."""


class NotConverged(PsychometricsError):
    """An iterative method stopped before its gradient vanished."""
