"""The part of a report about the factor model that the plan itself describes.

One factor per reflective scale and outcome of two items or more, all correlated. What
the estimator of the plan takes the items for, and whose answers it uses: `factor_sample`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics.answers import Answers, reason_of
from analytics.approximate_intervals import Shape, labelled, of_composites
from analytics.factor_results import FactorModel, ModelFit, RmseaResult
from analytics.factor_sample import (
    FactorSample,
    options,
    people_notices,
    rows_of,
    sample_of,
    sampled_notices,
    used_categories,
)
from analytics.plan import AnalysisPlan, PlanScale, Text
from analytics.psychometrics import (
    Item,
    PsychometricsError,
    Reason,
    ResponseMatrix,
    describe,
)
from analytics.psychometrics.sem import (
    FourthMoments,
    Rmsea,
    SemFit,
    categorical_reliability,
    correlated,
    factor_reliability,
    fit_models,
    standard_models,
)
from analytics.results import Absent, Figure, Result, pair_key
from analytics.sentences import Parameter, Sentence, say

_NAME: Final = re.compile(r"\b[fi]\d+\b")
_EXTRA: Final = {
    "general": Text("“general”", "“总体”"),
    "method": Text("“method”", "“方法”"),
}
NO_INDICES: Final[dict[str, Any]] = dict.fromkeys(
    (
        *("chi2", "df", "p", "cfi", "tli", "rmsea", "srmr", "aic", "bic"),
        *("chi2_scaled", "p_scaled", "cfi_scaled", "tli_scaled", "rmsea_scaled"),
    )
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the report takes from here; the last two are by the code of every scale."""

    cfa: FactorModel
    models: Mapping[str, ModelFit]
    ave: Mapping[str, Result]
    composite_reliability: Mapping[str, Result]


@dataclass(frozen=True, slots=True)
class Measured:
    """Scales as factors f1, f2, ... of items i1, i2, ..., whatever their codes are.

    A model text has a syntax of its own, which the codes of a study need not keep.
    """

    scales: tuple[PlanScale, ...]

    @classmethod
    def of(cls, plan: AnalysisPlan) -> "Measured":
        """Take the scales that have a factor: reflective ones of two items or more."""
        return cls(tuple(one for one in plan.constructs if has_factor(one)))

    @property
    def items(self) -> tuple[str, ...]:
        """Codes of the items as they stand in the data."""
        return tuple(code for scale in self.scales for code in scale.item_codes)

    @property
    def factors(self) -> dict[str, list[str]]:
        """Names of the items of each factor, for the texts of models."""
        names = iter(range(1, len(self.items) + 1))
        return {
            f"f{k}": [f"i{next(names)}" for _ in scale.items]
            for k, scale in enumerate(self.scales, start=1)
        }

    def answers(self, data: ResponseMatrix, plan: AnalysisPlan) -> ResponseMatrix:
        """Return the rows that the plan's estimator uses, the items as in the texts."""
        rows = rows_of(data.select(self.items), plan.estimator)
        items = [
            Item(f"i{j}", item.low, item.high, item.reverse)
            for j, item in enumerate(rows.items, start=1)
        ]
        return ResponseMatrix(rows.codes, tuple(items))

    def code(self, name: str) -> str:
        """Return the code in the study of a factor or an item of the texts."""
        at = int(name[1:]) - 1
        return self.scales[at].code if name[0] == "f" else self.items[at]

    def say(self, reason: PsychometricsError | Reason) -> Sentence:
        """Return a reason of the core with the study's own names in it."""
        return self.named(reason_of(reason))

    def named(self, sentence: Sentence) -> Sentence:
        """Return a sentence with the study's own names in the place of the texts'."""
        params = {key: self._named(value) for key, value in sentence.params.items()}
        return Sentence(sentence.code, params)

    def _named(self, value: Parameter) -> Parameter:
        if not isinstance(value, str):
            return value
        if value in _EXTRA:
            return _EXTRA[value]
        if _NAME.fullmatch(value) and value[0] == "f":
            return self.scales[int(value[1:]) - 1].name
        return _NAME.sub(lambda found: self.code(found[0]), value)


def has_factor(scale: PlanScale) -> bool:
    """Whether a scale stands in the factor model."""
    return scale.model == "reflective" and len(scale.items) > 1


def factor_model_of(answers: Answers) -> Confirmed:
    """Fit the model of correlated factors and those it is compared with."""
    measured = Measured.of(answers.plan)
    if not measured.scales:
        return _refused(answers, 0, say("cfa_no_scales"))
    rows = measured.answers(answers.data, answers.plan)
    n = rows.n
    sample = sample_of(rows, answers.plan, answers.sampling_of(measured.items))
    if isinstance(sample, Sentence):
        return _refused(answers, n, measured.named(sample))
    factors = measured.factors
    compared = len(factors) > 1
    texts = (
        standard_models(factors) if compared else {"correlated": correlated(factors)}
    )
    fits = fit_models(texts, sample, **options(answers.plan.estimator))
    fit = fits["correlated"]
    notices = _notices(measured, rows, answers)
    if isinstance(fit, Reason):
        return _refused(answers, n, measured.say(fit), notices)
    if not fit.converged:
        return _refused(answers, n, measured.say(fit.warnings[0]), notices)
    ave, composite = _reliabilities(answers.plan, measured, fit, sample)
    shapes = _shapes(measured, rows)
    return Confirmed(
        cfa=_factor_model(measured, fit, answers.plan, notices),
        models=(
            {name: _model_fit(measured, fits[name], n, answers.plan) for name in fits}
            if compared
            else {}
        ),
        ave=_labelled(ave, shapes, fit),
        composite_reliability=_labelled(composite, shapes, fit),
    )


def fit_of_scales(answers: Answers) -> ModelFit:
    """Fit the correlated factors of the plan's scales and nothing else."""
    measured = Measured.of(answers.plan)
    rows = measured.answers(answers.data, answers.plan)
    sample = sample_of(rows, answers.plan, answers.sampling_of(measured.items))
    if isinstance(sample, Sentence):
        return _without_indices(rows.n, answers.plan, measured.named(sample))
    text = {"correlated": correlated(measured.factors)}
    fit = fit_models(text, sample, **options(answers.plan.estimator))["correlated"]
    return _model_fit(measured, fit, rows.n, answers.plan)


def _without_indices(n: int, plan: AnalysisPlan, reason: Sentence) -> ModelFit:
    return ModelFit(
        **NO_INDICES,
        estimator=plan.estimator,
        n=n,
        converged=False,
        warnings=(),
        notices=(),
        reason=reason,
    )


def _notices(
    measured: Measured, rows: ResponseMatrix, answers: Answers
) -> tuple[Sentence, ...]:
    plan = answers.plan
    said = people_notices(rows, answers.data.n, plan.estimator)
    if answers.sampling:
        said = (*said, *sampled_notices(rows))
    if plan.estimator != "WLSMV":
        return said
    used = used_categories(rows)
    fewer = tuple(
        measured.code(item.code)
        for item, own in zip(rows.items, used.items, strict=True)
        if own.n_categories < item.n_categories
    )
    return (*said, say("cfa_unused", items=fewer)) if fewer else said


def _refused(
    answers: Answers, n: int, reason: Sentence, notices: tuple[Sentence, ...] = ()
) -> Confirmed:
    ave, composite = ({}, {})  # type: dict[str, Result], dict[str, Result]
    for scale in answers.plan.constructs:
        ave[scale.code] = composite[scale.code] = _no_factor(scale) or Absent(reason)
    cfa = FactorModel(
        **NO_INDICES,
        estimator=answers.plan.estimator,
        n=n,
        converged=False,
        warnings=english(notices),
        notices=notices,
        reason=reason,
        loadings={},
        factor_correlations={},
    )
    return Confirmed(cfa, {}, ave, composite)


def _factor_model(
    measured: Measured, fit: SemFit, plan: AnalysisPlan, notices: tuple[Sentence, ...]
) -> FactorModel:
    said = notices + tuple(measured.say(one) for one in fit.warnings)
    loadings: dict[str, float | None] = {}
    correlations: dict[str, float | None] = {}
    for row in fit.parameters:
        value = row.standardized.estimate if row.standardized else None
        if row.operator == "=~":
            loadings[measured.code(row.right)] = value
        elif row.operator == "~~" and row.left in fit.factors and row.left != row.right:
            pair = (measured.code(row.left), measured.code(row.right))
            correlations[pair_key(*pair)] = value
    return FactorModel(
        **indices_of(fit, plan),
        estimator=plan.estimator,
        n=fit.n,
        converged=True,
        warnings=english(said),
        notices=said,
        reason=None,
        loadings=loadings,
        factor_correlations=correlations,
    )


def _model_fit(
    measured: Measured, fit: SemFit | Reason, n: int, plan: AnalysisPlan
) -> ModelFit:
    reason: Sentence | None = None
    said: tuple[Sentence, ...] = ()
    indices: Mapping[str, Any] = NO_INDICES
    if isinstance(fit, Reason):
        reason = measured.say(fit)
    elif not fit.converged:
        reason = measured.say(fit.warnings[0])
    else:
        said = tuple(measured.say(one) for one in fit.warnings)
        indices = indices_of(fit, plan)
    return ModelFit(
        **indices,
        estimator=plan.estimator,
        n=n,
        converged=reason is None,
        warnings=english(said),
        notices=said,
        reason=reason,
    )


def indices_of(fit: SemFit, plan: AnalysisPlan) -> dict[str, Any]:
    """Return the fit of a converged model by the names of `ModelFit`.

    What rests on a likelihood of people who are independent and count alike is left out
    where they are not.
    """
    found = fit.measures
    if found is None:
        return NO_INDICES
    scaled = found.scaled
    return {
        "chi2": found.chi2,
        "df": found.df,
        "p": found.p,
        "cfi": found.cfi,
        "tli": found.tli,
        "rmsea": rmsea_of(found.rmsea),
        "srmr": found.srmr,
        "aic": None if plan.is_sampled else found.aic,
        "bic": None if plan.is_sampled else found.bic,
        "chi2_scaled": scaled.chi2 if scaled else None,
        "p_scaled": scaled.p if scaled else None,
        "cfi_scaled": scaled.cfi if scaled else None,
        "tli_scaled": scaled.tli if scaled else None,
        "rmsea_scaled": rmsea_of(scaled.rmsea) if scaled else None,
    }


def rmsea_of(found: Rmsea | None) -> RmseaResult | None:
    return RmseaResult(found.estimate, found.low, found.high) if found else None


def _reliabilities(
    plan: AnalysisPlan, measured: Measured, fit: SemFit, sample: FactorSample
) -> tuple[dict[str, Result], dict[str, Result]]:
    """Return average variance extracted and omega of every scale of the plan."""
    ave: dict[str, Result] = {}
    composite: dict[str, Result] = {}
    try:
        found = {
            measured.code(factor): figures
            for factor, figures in _composites(fit, sample).items()
        }
    except PsychometricsError as error:
        found, why = {}, measured.say(error)
    for scale in plan.constructs:
        absent = _no_factor(scale) or _improper(scale, measured, fit)
        if absent is None and scale.code not in found:
            absent = Absent(why)
        if absent:
            ave[scale.code] = composite[scale.code] = absent
        else:
            ave[scale.code], composite[scale.code] = found[scale.code]
    return ave, composite


def _composites(fit: SemFit, sample: FactorSample) -> dict[str, tuple[Figure, Figure]]:
    """Return average variance extracted and omega of every factor.

    Of ordered items categorical omega, without an interval; with FIML none either,
    because the interval's formula is that of complete rows.
    """
    model = f"factor model, {fit.estimator}"
    extracted = f"average variance extracted, {model}"
    if fit.estimator == "WLSMV":
        method = f"categorical omega, {model}"
        return {
            one.factor: (
                _figure(one.ave, None, one.n, extracted),
                _figure(one.omega, None, one.n, method),
            )
            for one in categorical_reliability(fit)
        }
    fourth = sample if isinstance(sample, FourthMoments) else None
    known = fit.estimator != "FIML"
    method = f"composite reliability, {model}"
    return {
        one.factor: (
            _figure(one.ave, one.ave_interval if known else None, one.n, extracted),
            _figure(one.omega, one.omega_interval if known else None, one.n, method),
        )
        for one in factor_reliability(fit, fourth=fourth)
    }


def _shapes(measured: Measured, rows: ResponseMatrix) -> dict[str, Shape]:
    """Return how the answers to the items of every scale are distributed."""
    described = {measured.code(one.code): one for one in describe(rows)}
    return {
        scale.code: Shape.of(described[code] for code in scale.item_codes)
        for scale in measured.scales
    }


def _labelled(
    results: dict[str, Result], shapes: dict[str, Shape], fit: SemFit
) -> dict[str, Result]:
    """Say which intervals are approximate."""
    return {
        code: labelled(result, of_composites(fit.estimator, shapes[code]))
        if code in shapes
        else result
        for code, result in results.items()
    }


def _no_factor(scale: PlanScale) -> Absent | None:
    if scale.model != "reflective":
        return Absent(say("formative", scale=scale.name))
    if len(scale.items) == 1:
        return Absent(say("one_item"))
    return None


def _improper(scale: PlanScale, measured: Measured, fit: SemFit) -> Absent | None:
    """Return the reason of an item whose residual variance is negative."""
    for reason in fit.warnings:
        if reason.code == "sem-negative-variance":
            item = measured.code(str(reason.params["item"]))
            if item in scale.item_codes:
                return Absent(measured.say(reason))
    return None


def _figure(
    value: float, ends: tuple[float, float] | None, n: int, method: str
) -> Figure:
    low, high = ends or (None, None)
    return Figure(value, low, high, n, method)


def english(notices: tuple[Sentence, ...]) -> tuple[str, ...]:
    return tuple(one.text("en") for one in notices)
