"""English sentences of reasons about models: texts, structural equations, item response.

The rest of them, and what they are for, stands in `errors`.
"""

from collections.abc import Mapping
from types import MappingProxyType

MODEL_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
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
    }
)
