"""The split of a correlation along satisfaction once more, between factors.

Errors of measurement lower the correlations of scores and move parts of a split into
one another; factors are free of them as far as their model holds.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analytics import thresholds
from analytics.answers import Answers, reason_of
from analytics.driver_results import LatentSplit
from analytics.plan import PlanScale
from analytics.psychometrics import Matrix, PsychometricsError, moments
from analytics.psychometrics.sem import SemFit, fit_model
from analytics.results import Figure
from analytics.sentences import Sentence, say

SMALL_N: Final = thresholds.FACTOR_N
FEWEST_SCALES: Final = 3  # indicators from which a factor stands on its own
_METHOD: Final = "maximum likelihood, standardized, listwise, 95 % delta interval"


def latent_split(
    answers: Answers, between: PlanScale, outcome: PlanScale
) -> LatentSplit | None:
    """Split the correlation of factors of trust and an outcome along satisfaction.

    Trust is a factor of the scores of its reflective scales, satisfaction and outcome
    of their items; a single item stands for itself. None where there are fewer than
    three such scales of trust, or another scale is formative.
    """
    trust = [one.code for one in answers.plan.scales if one.model == "reflective"]
    models = {between.model, outcome.model}
    if len(trust) < FEWEST_SCALES or models != {"reflective"}:
        return None
    values = np.column_stack(
        [
            *(answers.scores[code] for code in trust),
            answers.used.select(between.item_codes).values(),
            answers.used.select(outcome.item_codes).values(),
        ]
    )
    names = [
        *_numbered("x", len(trust)),
        *_numbered("m", len(between.items)),
        *_numbered("y", len(outcome.items)),
    ]
    n = int((~np.isnan(values).any(axis=1)).sum())
    if n < SMALL_N:
        return _without(n, say("drivers_latent_few", needs=SMALL_N, has=n))
    try:
        fit = fit_split(values, names)
    except PsychometricsError as error:
        return _without(n, _plainly(reason_of(error)))
    return _found(fit)


def fit_split(values: Matrix, names: Sequence[str]) -> SemFit:
    """Fit the model to (n, p) values named x1.. (trust), m1.., y1..; NaN = missing.

    Raises
    ------
    PsychometricsError
        As `fit_model`.
    """
    indicators = {
        letter: [name for name in names if name[0] == letter] for letter in "xmy"
    }
    lines = [f"trust =~ {' + '.join(indicators['x'])}"]
    factor = {}
    for letter, name in (("m", "between"), ("y", "outcome")):
        own = indicators[letter]
        factor[letter] = name if len(own) > 1 else own[0]
        if len(own) > 1:
            lines.append(f"{name} =~ {' + '.join(own)}")
    lines += [
        f"{factor['m']} ~ a*trust",
        f"{factor['y']} ~ b*{factor['m']} + c*trust",
        "indirect := a*b",
        "total := c + a*b",
    ]
    sample = moments(values, list(names), missing="listwise")
    return fit_model("\n".join(lines), sample, estimator="ML")


def _found(fit: SemFit) -> LatentSplit:
    if not fit.converged:
        return _without(fit.n, _plainly(reason_of(fit.warnings[0])))
    if fit.warnings or fit.measures is None:
        # improper: a split of what cannot be is none
        return _without(fit.n, say("drivers_latent_improper"))
    named = {"a": "first", "b": "second", "c": "direct"}
    paths = {}
    for row in fit.parameters:
        path = row.left if row.operator == ":=" else named.get(row.label)
        value = row.standardized
        if path is not None and value is not None:
            paths[path] = Figure(value.estimate, value.low, value.high, fit.n, _METHOD)
    return LatentSplit(paths, fit.measures.cfi, fit.measures.srmr, fit.n, None)


def _without(n: int, reason: Sentence) -> LatentSplit:
    return LatentSplit({}, None, None, n, reason)


def _plainly(reason: Sentence) -> Sentence:
    """Keep a reason that names nothing; the model's own names mean nothing outside."""
    if any(isinstance(value, str) for value in reason.params.values()):
        return say("drivers_latent_improper")
    return reason


def _numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{k}" for k in range(1, count + 1)]
