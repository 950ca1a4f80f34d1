"""Why a statistic does not exist: one small tree of exceptions, each a sentence.

A reason is a code with parameters, so that a page can say it in its reader's
language; `SENTENCES` holds the English, and `str()` of an exception is that sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
        "model-empty": (
            "The model text names no parameter; write for example: trust =~ t1 + t2"
            " + t3."
        ),
        "model-character": (
            "Line {line}, column {column} of the model: the character {item} has no"
            " meaning there."
        ),
        "model-term": (
            "Line {line}, column {column} of the model: the name of a variable is "
            "expected, not {item}."
        ),
        "model-unexpected": (
            "Line {line}, column {column} of the model: {item} is not expected "
            "there; join terms by +."
        ),
        "model-operator": (
            "Line {line}, column {column} of the model: the statement that begins "
            "with {item} has no =~, ~, ~~, := or ==."
        ),
        "model-modifier": (
            "Line {line}, column {column} of the model: {item} cannot stand before "
            "*; use a number, NA, a label, start(number) or c(one entry a group)."
        ),
        "model-formula": (
            "Line {line}, column {column} of the model: {item} cannot stand there "
            "in a formula of labels and numbers."
        ),
        "model-ends": (
            "Line {line}, column {column} of the model: something is missing, the "
            "statement ends too early."
        ),
        "model-unsupported": (
            "Line {line}, column {column} of the model: {item} is not supported; "
            "only =~, ~, ~~, := and == are."
        ),
        "model-twice": (
            "Line {line}, column {column} of the model: {item} is named twice."
        ),
        "model-unknown": (
            "Line {line}, column {column} of the model: {item} is neither an item "
            "of the data nor a factor of the model."
        ),
        "model-factor-is-item": (
            "Line {line}, column {column} of the model: {item} is an item of the "
            "data; give the factor another name."
        ),
        "model-label": (
            "Line {line}, column {column} of the model: no parameter has the label "
            "{item}."
        ),
        "model-groups": (
            "Line {line}, column {column} of the model: c() has {has} entries, but "
            "there are {needs} groups."
        ),
        "model-means": (
            "Line {line}, column {column} of the model: the intercept of {item} "
            "needs a model with means."
        ),
        "model-not-linear": (
            "Line {line}, column {column} of the model: the constraint {item} is "
            "not linear in the parameters."
        ),
        "model-contradiction": (
            "Line {line}, column {column} of the model: the constraint {item} "
            "contradicts the others."
        ),
        "model-too-large": (
            "The model is not identified: it has {has} free parameters, but the "
            "data give only {needs} variances, covariances and means; fix or equate"
            " some parameters."
        ),
        "model-not-identified": (
            "The model is not identified: many values of {item} fit equally well; "
            "fix that parameter or add items."
        ),
        "not-listwise": (
            "{statistic} needs complete answers (listwise); these data are summed "
            "pair by pair."
        ),
        "needs-fourth-moments": (
            "Robust estimation needs the answers themselves, not only their "
            "covariances."
        ),
        "sem-not-converged": (
            "The estimation did not converge, so no number is given; simplify the "
            "model, or look for items that hardly vary together."
        ),
        "sem-saturated": (
            "The model has no degrees of freedom, so its fit cannot be tested: "
            "every covariance is reproduced."
        ),
        "singular-weights": (
            "The covariances of the answers' products are singular: there are too few "
            "complete answers for so many items, or items with two categories. Take "
            "MLR instead."
        ),
        "sem-not-chi-square": (
            "The chi-square of ULS and DWLS does not follow its distribution: read the "
            "estimates, not p and RMSEA."
        ),
        "sem-no-difference": (
            "The difference of the chi-squares of this estimator follows no known "
            "distribution; compare CFI, RMSEA and SRMR, or take ML or MLR."
        ),
        "sem-no-standard-errors": (
            "No standard errors are given, because the data leave some parameters "
            "undetermined."
        ),
        "sem-negative-variance": (
            "The estimated residual variance of {item} is negative (a Heywood "
            "case); the solution is improper."
        ),
        "sem-negative-factor-variance": (
            "The estimated variance of the factor {item} is negative; the solution "
            "is improper."
        ),
        "sem-factors-not-positive": (
            "The covariance matrix of the factors is not positive definite: some "
            "factors cannot be told apart, and the solution is improper."
        ),
        "sem-residuals-not-positive": (
            "The covariance matrix of the residuals is not positive definite: a "
            "residual covariance is too large, and the solution is improper."
        ),
        "sem-no-scaled-statistics": (
            "The scaled chi-square and the indices made from it are not given, "
            "because its scaling factor is not positive."
        ),
        "ordered-estimator": (
            "{item} is no estimator for thresholds and polychoric correlations; take "
            "WLSMV, WLSM, ULSMV, ULSM, DWLS, ULS or WLS."
        ),
        "needs-ordinal-moments": (
            "{item} needs thresholds and polychoric correlations of ordered answers."
        ),
        "ordered-predictor": (
            "Line {line}, column {column} of the model: the ordered item {item} cannot "
            "predict; let a factor stand for it."
        ),
        "ordered-set": (
            "Line {line}, column {column} of the model: intercept and variance of the "
            "ordered item {item} cannot be set, for its thresholds fix them."
        ),
        "ordered-two-categories": (
            "The item {item} has two categories, so that equal thresholds or loadings "
            "alone say nothing of it: hold thresholds, loadings and intercepts equal "
            "together."
        ),
        "ordered-categories": (
            "The groups do not use the same number of categories of {item}:"
            " merge neighbouring categories that nobody chose in one of them."
        ),
        "ordered-no-variance": (
            "A threshold or correlation has no sampling variance; merge categories that "
            "hardly anybody chose."
        ),
        "ordered-singular-gamma": (
            "The sampling covariances of thresholds and correlations are singular: there "
            "are too few answers for so many items. Take WLSMV instead of WLS."
        ),
        "ordered-correlations": (
            "The polychoric correlations are not positive definite: there are few answers "
            "or items that repeat one another; read the numbers with caution."
        ),
        "ordered-explained": (
            "The factors explain {item} completely (a Heywood case), which theta cannot "
            "say in finite numbers; take delta to see how far beyond it lies."
        ),
        "ordered-not-offered": (
            "Factor scores, score tests, the bootstrap and plain composite reliability "
            "are not offered for models of ordered items; take a model of covariances, "
            "or categorical omega."
        ),
        "sem-survey-needs-mlr": (
            "The errors of {item} take people as independent and equally weighted; "
            "with teams or weights take the estimator MLR."
        ),
        "few-waves": (
            "{has} waves cannot tell whether neighbouring waves depend on one another; "
            "that takes {needs}. The interval allows for sampling error alone."
        ),
        "few-clusters": (
            "There are only {has} teams: below {needs}, errors that allow for teams "
            "come out too small, so read the intervals as too narrow."
        ),
        "fiml-needs-answers": (
            "Full-information maximum likelihood needs the answers themselves, with "
            "their gaps, not only their covariances."
        ),
        "unanswered-item": (
            "Nobody answered {item}, so nothing can be estimated from it; leave it out."
        ),
        "empty-rows": (
            "{has} people answered none of the items of the model and are left out."
        ),
        "pairs-apart": (
            "{has} pairs of items, {first} with {second} among them, were never answered "
            "by the same person: nothing is said of their covariances but by the model, "
            "and its fit is judged without them."
        ),
        "saturated-not-converged": (
            "The means and covariances could not be estimated from answers with so many "
            "gaps, so no number is given; leave out items that few people answered."
        ),
        "sem-undefined": "The derived quantity {item} is not defined at the estimates.",
        "sem-bootstrap-failures": (
            "{has} of {needs} resamples did not converge and were left out."
        ),
        "population-number": (
            "Line {line}, column {column} of the model: the population needs a number "
            "before {item}, for example 0.7*{item}."
        ),
        "population-variance": (
            "The numbers explain more than the whole variance of {item}, which is taken "
            "as 1; make them smaller, or give {item} a residual variance of its own."
        ),
        "population-not-positive": (
            "No population has these numbers: the covariance matrix they give is not "
            "positive definite; make some correlations or loadings smaller."
        ),
        "population-shape": (
            "No such values can be made with this skew, this kurtosis and these "
            "correlations; take less skew, or more kurtosis beside it."
        ),
        "graded-no-answers": (
            "Nobody answered {item}, so {statistic} has no parameters for it; leave "
            "the item out."
        ),
        "graded-determined": (
            "The other items determine the answers to {item}, so its slope in "
            "{statistic} grows beyond all measure; leave the item out or look for one "
            "that repeats it."
        ),
        "graded-open": (
            "The answers leave some parameters of {statistic} undetermined; ask more "
            "people, or leave out items that hardly go with the others."
        ),
        "graded-not-converged": (
            "The estimation of {statistic} did not converge, so no number is given; "
            "look for items that hardly go with the others or that repeat one another."
        ),
        "graded-unknown-point": (
            "Somebody chose point {value} of {item}, which nobody had chosen where the "
            "model was fitted; fit it to all answers."
        ),
        "graded-unused-point": (
            "Nobody chose point {value} of {item}, so that point has no threshold."
        ),
        "graded-negative": (
            "Higher answers to {item} go with less of the trait; check the direction "
            "of its coding."
        ),
        "graded-coarse": (
            "The points of the trait are too far apart for so many or so steep items; "
            "take more of them."
        ),
        "item-fit-no-df": (
            "Too few people answered all items to compare {item} with the model in "
            "enough groups of equal scores."
        ),
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
